//! What pages are made of, in the browser: colours, elements, words, figures, the head of a report, the strokes of a ladder,
//! readable bodies; and how a page that needs nothing else is put together. What a page shows is its own, and nothing here
//! knows what a run or a server is.

mod page;

pub use page::{Data, Page};

/// Styles and scripts that belong together. The scripts are plain ones that share one scope, whether they stand in the page
/// itself or in a file of their own.
pub struct Part {
    /// The style.
    pub style: &'static str,
    /// The scripts, in an order in which they can stand.
    pub scripts: &'static [&'static str],
}

/// What every page has. It comes first.
pub const EVERY: Part = Part {
    style: include_str!("every.css"),
    scripts: &[
        include_str!("open.js"),
        include_str!("words.js"),
        include_str!("figures.js"),
        include_str!("nodes.js"),
        include_str!("tools.js"),
    ],
};

/// The head of a report, with its figures in tiles.
pub const REPORT: Part = Part { style: include_str!("report.css"), scripts: &[include_str!("tiles.js")] };

/// Ladders, and what opens from a rung of one.
pub const LADDER: Part =
    Part { style: include_str!("ladder.css"), scripts: &[include_str!("strokes.js"), include_str!("readable.js")] };

/// The style of a page that is made of these parts.
pub fn style(parts: &[&Part]) -> String {
    parts.iter().map(|part| part.style).collect()
}

/// The script of a page that is made of these parts.
pub fn script(parts: &[&Part]) -> String {
    parts.iter().flat_map(|part| part.scripts).copied().collect()
}
