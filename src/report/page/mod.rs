//! Puts a page together: style, script and data in one file that needs nothing else and may do nothing else. What all pages
//! share stands beside it; what a page shows is its own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use std::io::{self, Write};

/// Colours, letters, the head, tables, commands and help.
const STYLE: &str = include_str!("base.css");
/// Elements, words, tiles, and what stands in the corner.
const SCRIPT: [&str; 5] = [
    include_str!("open.js"),
    include_str!("words.js"),
    include_str!("nodes.js"),
    include_str!("tiles.js"),
    include_str!("tools.js"),
];

/// A page with everything that belongs into it.
pub(crate) struct Page<'a> {
    /// The page with a `{{name}}` wherever something belongs.
    pub template: &'a str,
    /// Its own style, behind what all pages share.
    pub style: &'a str,
    /// Its own script, file by file, behind what all pages share.
    pub script: &'a [&'a str],
    /// What belongs at the other names: markup, as it stands. Texts come by [`escaped`], data by [`json`] or [`packed`].
    pub parts: &'a [(&'a str, String)],
}

impl Page<'_> {
    /// The whole page. Its policy runs only the script whose digest it names, and loads nothing.
    pub fn text(&self) -> String {
        let (style, script) = ([STYLE, self.style].concat(), [&SCRIPT, self.script].concat().concat());
        let mut rest = self.template;
        let mut page = String::new();
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else { break };
            page += before;
            page += &match name {
                "policy" => policy(&style, &script),
                "style" => style.clone(),
                "script" => script.clone(),
                name => self
                    .parts
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, part)| part.clone())
                    .unwrap_or_default(),
            };
            rest = after;
        }
        page + rest
    }
}

fn policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; img-src data:; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        sha256(style),
        sha256(script)
    )
}

/// JSON that may stand within a `script` element: nothing in it can end the element or begin a comment.
pub(crate) fn json(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

/// A text packed by zlib, in base64.
pub(crate) fn packed(text: &str) -> io::Result<String> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes())?;
    Ok(STANDARD.encode(encoder.finish()?))
}

/// A text that is no markup.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn sha256(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, text.as_bytes())))
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
        assert!(SCRIPT.iter().all(|part| !part.contains("</") && !part.contains("<!--")));
    }

    #[test]
    fn what_is_put_in_is_not_searched_for_places() {
        let page = Page {
            template: "a {{x}} b {{y}}",
            style: "",
            script: &[],
            parts: &[("x", "{{y}}".into()), ("y", "1".into())],
        };
        assert_eq!(page.text(), "a {{y}} b 1");
    }
}
