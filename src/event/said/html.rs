//! A page as its title and its text: what frameworks answer with when they break down.

use super::{SAID_MAX_CHARS, cut};
use std::collections::HashSet;

/// Elements whose content is nothing that a reader sees.
const UNSEEN: [&str; 7] = ["script", "style", "template", "noscript", "svg", "textarea", "iframe"];
/// Elements that do not begin a line of their own.
const INLINE: [&str; 20] = [
    "a", "abbr", "b", "bdi", "big", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "small", "span", "strong",
    "sub", "sup", "u", "var",
];
/// Elements in which the cause stands: headings, and what is shown as it was printed.
const LOUD: [&str; 4] = ["h1", "h2", "h3", "pre"];
/// How much of one of several loud lines is shown.
const LOUD_MAX_CHARS: usize = 240;
/// The named entities that error pages use, each with its character.
const ENTITIES: [&str; 20] = [
    "amp&",
    "lt<",
    "gt>",
    "quot\"",
    "apos'",
    "nbsp ",
    "copy©",
    "reg®",
    "middot·",
    "bull•",
    "hellip…",
    "ndash–",
    "mdash—",
    "lsquo‘",
    "rsquo’",
    "ldquo“",
    "rdquo”",
    "laquo«",
    "raquo»",
    "rarr→",
];

/// Whether an answer is a page: it is called one, or begins like one.
pub(super) fn is_page(body: &str, content_type: Option<&str>) -> bool {
    let is_called = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let begins =
        |beginning: &str| body.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning));
    body.starts_with('<') && is_called || ["<!doctype html", "<html", "<head", "<body"].into_iter().any(begins)
}

/// The title and the text of a page; `None` where it has neither.
pub(super) fn said(page: &str) -> Option<String> {
    let Page { title, lines } = read(page);
    let title = squeezed(&decoded(&title));
    let mut told: Vec<(bool, String)> = Vec::new();
    let mut before = HashSet::from([title.clone()]);
    for (is_loud, line) in lines {
        let line = squeezed(&decoded(&line));
        if before.insert(line.clone()) {
            told.push((is_loud, line));
        }
    }
    let chars: usize = told.iter().map(|(_, line)| line.chars().count() + 3).sum();
    if title.chars().count() + chars > SAID_MAX_CHARS {
        // In little room the loud lines come first; the sort keeps the order of the page otherwise.
        told.sort_by_key(|(is_loud, _)| !is_loud);
        told.iter_mut().filter(|(is_loud, _)| *is_loud).for_each(|(_, line)| *line = cut(line, LOUD_MAX_CHARS));
    }
    let parts = std::iter::once(title).chain(told.into_iter().map(|(_, line)| line));
    let said = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ");
    (!said.is_empty()).then(|| cut(&said, SAID_MAX_CHARS))
}

#[derive(Default)]
struct Page {
    title: String,
    /// Each with whether it is loud.
    lines: Vec<(bool, String)>,
}

/// Takes a page apart in one pass.
fn read(page: &str) -> Page {
    // Of the same length, so that places in it are places in the page.
    let lower = page.to_ascii_lowercase();
    let (mut told, mut line, mut is_loud, mut at) = (Page::default(), String::new(), false, 0);
    while at < page.len() {
        let tag = lower[at..].find('<').map_or(page.len(), |begin| at + begin);
        line += &page[at..tag];
        let rest = &lower[tag..];
        at = if rest.starts_with("<!--") {
            behind(&lower, tag, "-->")
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            behind(&lower, tag, ">")
        } else if let Some(Tag { name, is_end, end }) = Tag::at(&lower, tag) {
            if UNSEEN.contains(&name) && !is_end {
                behind(&lower, content_end(&lower, end, name), ">")
            } else if name == "title" && !is_end {
                let close = content_end(&lower, end, name);
                // A drawing within the page may have a title, too.
                if told.title.is_empty() {
                    told.title = page[end..close].to_owned();
                }
                behind(&lower, close, ">")
            } else {
                if !INLINE.contains(&name) {
                    told.lines.push((is_loud, std::mem::take(&mut line)));
                    is_loud = if LOUD.contains(&name) { !is_end } else { is_loud };
                }
                end
            }
        } else {
            line += rest.get(..1).unwrap_or_default();
            (tag + 1).min(page.len())
        };
    }
    told.lines.push((is_loud, line));
    told.lines.retain(|(_, line)| !line.trim().is_empty());
    told
}

struct Tag<'p> {
    name: &'p str,
    is_end: bool,
    /// The place behind it.
    end: usize,
}

impl<'p> Tag<'p> {
    /// The tag that begins at a `<`; `None` where that is just a character.
    fn at(page: &'p str, begin: usize) -> Option<Self> {
        let rest = page.get(begin + 1..)?;
        let (is_end, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        let letters = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = rest.get(..letters).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
        let mut quote = None;
        let begin = page.len() - rest.len();
        for (at, byte) in rest.bytes().enumerate().skip(letters) {
            match (quote, byte) {
                (None, b'>') => return Some(Tag { name, is_end, end: begin + at + 1 }),
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), byte) if open == byte => quote = None,
                _ => {}
            }
        }
        // It never ends, and so does the page.
        Some(Tag { name, is_end, end: page.len() })
    }
}

/// Where the content of an element ends: at its end tag, or with the page.
fn content_end(page: &str, begin: usize, name: &str) -> usize {
    page[begin..].find(&format!("</{name}")).map_or(page.len(), |end| begin + end)
}

/// The place behind the next occurrence of something.
fn behind(page: &str, begin: usize, what: &str) -> usize {
    page[begin..].find(what).map_or(page.len(), |at| begin + at + what.len())
}

/// The text with its entities decoded.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find('&') {
        decoded += &rest[..begin];
        rest = &rest[begin + 1..];
        // No entity that is known here is longer.
        let name = rest.bytes().take(10).position(|byte| byte == b';').and_then(|end| rest.get(..end));
        match name.and_then(|name| Some((name, entity(name)?))) {
            Some((name, c)) => {
                decoded += &c;
                rest = &rest[name.len() + 1..];
            }
            None => decoded.push('&'),
        }
    }
    decoded + rest
}

fn entity(name: &str) -> Option<String> {
    let named = ENTITIES.iter().filter_map(|known| known.strip_prefix(name));
    if let Some(text) = named.into_iter().find(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return Some(text.to_owned());
    }
    let number = name.strip_prefix('#')?;
    let number = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(number).map(String::from)
}

/// The text with one space in place of all white space.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::said;

    fn page(body: &str) -> String {
        said(body, Some("text/html; charset=utf-8"))
    }

    #[test]
    fn a_page_is_its_title_and_its_text() {
        let django = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n  <meta name=\"robots\" content=\"NONE\">\n  \
            <title>RuntimeError\n          at /hook</title>\n  <style>html * { padding:0 }</style>\n\
            <script>let a = '<p>no</p>';</script></head>\n<body><header id=\"summary\">\n  <h1>RuntimeError\n       at /hook</h1>\n  \
            <pre class=\"exception_value\">You called this URL via POST, but the URL doesn&#x27;t end in a slash</pre>\
            <!-- <p>never</p> --><p>It&nbsp;is &lt;DEBUG&gt; &amp; more &unknown; &#0;</p></body></html>";
        assert_eq!(
            page(django),
            "RuntimeError at /hook | You called this URL via POST, but the URL doesn't end in a slash | \
             It is <DEBUG> & more &unknown; \\u{0}"
        );
        assert_eq!(said("<html><body>Oh <b>n</b>o", None), "Oh no");
        assert_eq!(page("<pre>Error: a &lt; b<br> &nbsp; at f</pre>"), "Error: a < b | at f");
        // What is not a page stays as it is, whatever it is called.
        assert_eq!(page("not < a page"), "not < a page");
        assert_eq!(page("<xml/>"), "<xml/>");
    }

    #[test]
    fn in_little_room_headings_and_what_was_printed_come_first() {
        let long = format!(
            "<html><title>403 Forbidden</title><h1>Forbidden <span>(403)</span></h1><p>{}</p><h2>Help</h2>\
             <p>Reason:</p><pre>CSRF cookie not set.</pre>",
            "You are seeing this message. ".repeat(40)
        );
        let told = page(&long);
        assert!(told.starts_with("403 Forbidden | Forbidden (403) | Help | CSRF cookie not set. | You are"), "{told}");
        assert!(told.ends_with('…') && told.chars().count() <= 402, "{told}");
    }

    #[test]
    fn damaged_pages_end_where_they_end() {
        for (damaged, text) in [
            ("<html><p>a<script>b", "a"),
            ("<html><p>a<!-- b", "a"),
            ("<html><p>a<p class=\"b>c", "a"),
            ("<html><title>t", "t"),
            ("<html>1 < 2 <", "1 < 2 <"),
            ("<html>客<p>服</P>", "客 | 服"),
        ] {
            assert_eq!(said(damaged, None), text, "{damaged}");
        }
    }
}
