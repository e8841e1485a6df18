//! Puts the page together: style, script and data in one file that needs nothing else and may do nothing else.

use super::model::Overview;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use std::io::{self, Write};

/// The page with a `{{name}}` wherever something belongs.
const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = concat!(
    include_str!("script/open.js"),
    include_str!("script/words.js"),
    include_str!("script/nodes.js"),
    include_str!("script/data.js"),
    include_str!("script/head.js"),
    include_str!("script/list.js"),
    include_str!("script/strokes.js"),
    include_str!("script/ladder.js"),
    include_str!("script/bodies.js"),
    include_str!("script/push.js"),
    include_str!("script/story.js"),
    include_str!("script/keys.js"),
);

/// The whole page.
///
/// The overview is JSON as it stands. The details, mostly bodies that repeat each other, are packed by zlib. Both are data
/// to the browser: the policy of the page runs only the script whose digest it names, and loads nothing.
pub(super) fn page(overview: &Overview, details: &str) -> io::Result<String> {
    let mut rest = PAGE;
    let mut page = String::new();
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        page += before;
        page += &match name {
            "title" => escaped(&format!("{}: a Ringback run", overview.run.verdict)),
            "summary" => escaped(&summary(overview)),
            "style_digest" => sha256(STYLE),
            "script_digest" => sha256(SCRIPT),
            "style" => STYLE.to_owned(),
            "script" => SCRIPT.to_owned(),
            "overview" => json(overview)?,
            "details" => packed(details)?,
            _ => String::new(),
        };
        rest = after;
    }
    Ok(page + rest)
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

/// JSON that may stand within a `script` element: nothing in it can end the element or begin a comment.
fn json(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

fn packed(text: &str) -> io::Result<String> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes())?;
    Ok(STANDARD.encode(encoder.finish()?))
}

fn sha256(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_ends_its_element() {
        let hostile = "</script><img src=x onerror=alert(1)><!-- <script>";
        let json = json(&hostile).expect("JSON");
        assert!(!json.contains('<'), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).expect("a text"), hostile);
    }

    #[test]
    fn style_and_script_cannot_end_their_elements() {
        assert!(!STYLE.contains("</"));
        assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }
}
