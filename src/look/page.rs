//! Puts a page together: style, script and data in one file that needs nothing else and may do nothing else.

use super::{Part, script, style};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use std::io::{self, Write};

const FRAME: &str = include_str!("page.html");

/// A page with everything that belongs into it.
pub struct Page<'a> {
    /// Its title: a text.
    pub title: &'a str,
    /// What a reader without a script still sees: a text.
    pub summary: &'a str,
    /// What its style and its script are made of.
    pub parts: &'a [&'a Part],
    /// What the script draws into: markup.
    pub body: &'a str,
    /// What the script reads.
    pub data: &'a [Data],
}

impl Page<'_> {
    /// The whole page. Its policy runs only the script whose digest it names, and loads nothing.
    pub fn text(&self) -> String {
        let (style, script) = (style(self.parts), script(self.parts));
        debug_assert!(!style.contains("</"), "a style that ends its element");
        debug_assert!(!script.contains("</") && !script.contains("<!--"), "a script that ends its element");
        filled(FRAME, |name| match name {
            "policy" => policy(&style, &script),
            "title" => escaped(self.title),
            "style" => style.clone(),
            "summary" => escaped(self.summary),
            "body" => self.body.to_owned(),
            "data" => self.data.iter().map(|Data(element)| element.as_str()).collect(),
            "script" => script.clone(),
            _ => String::new(),
        })
    }
}

/// Something that the script of a page reads: an element that is not drawn.
pub struct Data(String);

impl Data {
    /// As JSON, in which nothing can end the element or begin a comment.
    ///
    /// # Errors
    /// A value that is no JSON.
    pub fn json(id: &str, value: &impl Serialize) -> io::Result<Self> {
        let json = serde_json::to_string(value)?.replace('<', "\\u003c");
        Ok(Self(format!("<script type=\"application/json\" id=\"{id}\">{json}</script>\n")))
    }

    /// A text packed by zlib, in base64.
    ///
    /// # Errors
    /// Never where there is memory.
    pub fn packed(id: &str, text: &str) -> io::Result<Self> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text.as_bytes())?;
        let packed = STANDARD.encode(encoder.finish()?);
        Ok(Self(format!("<script type=\"text/plain\" id=\"{id}\">{packed}</script>\n")))
    }
}

/// A frame with what belongs at each `{{name}}`. What is put in is not searched for names.
fn filled(frame: &str, part: impl Fn(&str) -> String) -> String {
    let (mut rest, mut page) = (frame, String::new());
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        page += before;
        page += &part(name);
        rest = after;
    }
    page + rest
}

fn policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; img-src data:; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        sha256(style),
        sha256(script)
    )
}

/// A text that is no markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn sha256(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::{EVERY, LADDER, REPORT};

    const HOSTILE: &str = "</script><img src=x onerror=alert(1)><!-- <script>";

    #[test]
    fn nothing_in_the_data_ends_its_element() {
        let Data(element) = Data::json("it", &HOSTILE).expect("JSON");
        let inside = element.trim_end().strip_suffix("</script>").and_then(|element| element.split_once('>'));
        let (_, json) = inside.expect("an element");
        assert!(!json.contains('<'), "{json}");
        assert_eq!(serde_json::from_str::<String>(json).expect("a text"), HOSTILE);
    }

    #[test]
    fn a_page_holds_its_texts_as_texts_and_names_its_script() {
        let parts = [&EVERY, &REPORT, &LADDER];
        let page = Page { title: HOSTILE, summary: "{{script}}", parts: &parts, body: "<main></main>\n", data: &[] };
        let text = page.text();
        assert!(!text.contains("<img"), "{text}");
        assert!(text.contains("<p class=\"plain\">{{script}} "), "{text}");
        assert!(text.contains(&format!("script-src '{}'", sha256(&script(&parts)))), "{text}");
    }

    #[test]
    fn what_is_put_in_is_not_searched_for_places() {
        let part = |name: &str| if name == "x" { "{{y}}".to_owned() } else { "1".to_owned() };
        assert_eq!(filled("a {{x}} b {{y}}", part), "a {{y}} b 1");
    }
}
