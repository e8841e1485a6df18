//! What the live page is made of: colours, elements, strokes of a ladder, readable bodies. The pages of reports still have
//! parts of their own in `report/page`, which are to come here.

/// Colours by role, light and dark, and the parts that pages share.
pub const STYLE: &str = include_str!("style.css");

/// The scripts, in an order in which they can stand in one page: each is plain script and shares the scope of the others.
pub const SCRIPTS: [(&str, &str); 5] = [
    ("words.js", include_str!("words.js")),
    ("figures.js", include_str!("figures.js")),
    ("nodes.js", include_str!("nodes.js")),
    ("strokes.js", include_str!("strokes.js")),
    ("readable.js", include_str!("readable.js")),
];
