//! The page of a run: what of it is text, what is data, and its own style and script.

use super::model::Overview;
use crate::report::page::{Page, escaped, json, packed};
use std::io;

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: [&str; 10] = [
    include_str!("script/words.js"),
    include_str!("script/data.js"),
    include_str!("script/head.js"),
    include_str!("script/list.js"),
    include_str!("script/strokes.js"),
    include_str!("script/ladder.js"),
    include_str!("script/bodies.js"),
    include_str!("script/push.js"),
    include_str!("script/story.js"),
    include_str!("script/keys.js"),
];

/// The whole page. The overview is JSON as it stands; the details, mostly bodies that repeat each other, are packed.
pub(super) fn page(overview: &Overview, details: &str) -> io::Result<String> {
    let parts = [
        ("title", escaped(&format!("{}: a Ringback run", overview.run.verdict))),
        ("summary", escaped(&summary(overview))),
        ("overview", json(overview)?),
        ("details", packed(details)?),
    ];
    Ok(Page { template: TEMPLATE, style: STYLE, script: &SCRIPT, parts: &parts }.text())
}

/// What a reader without a script still sees.
fn summary(overview: &Overview) -> String {
    let (run, figures) = (&overview.run, &overview.figures);
    format!(
        "{} ({}): {} pushes, {} acknowledged, {} given up, {} attempts; seed {}, start {}.",
        run.verdict,
        run.meaning,
        figures.pushes,
        figures.acknowledged,
        figures.given_up,
        figures.attempts,
        run.seed,
        run.start
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_cannot_end_their_elements() {
        assert!(!STYLE.contains("</"));
        assert!(SCRIPT.iter().all(|part| !part.contains("</") && !part.contains("<!--")));
    }
}
