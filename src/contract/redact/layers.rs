//! Texts that hold something in another writing: JSON, a form or a query, percent-encoding, HTML. What was named in them stays
//! readable; everything else is written as it was.

use super::mark::{compact, is_marked, outside_marks};
use super::sample::nested;
use super::{Redactor, Scope};
use serde_json::Value;

/// The HTML that stands for characters, in the spellings that frameworks write.
const ENTITIES: [(&str, &str); 9] = [
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#x22;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&#039;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
];

impl Redactor {
    /// The text with what is volatile in its inner writing named; `None` where it has none, or nothing volatile in it.
    pub(super) fn layers(&self, scope: Scope, text: &str) -> Option<String> {
        let inner = scope.inner()?;
        self.json_text(inner, text)
            .or_else(|| self.form(inner, text))
            .or_else(|| self.percent_encoded(inner, text))
            .or_else(|| self.html(inner, text))
    }

    /// A text that is JSON as a whole.
    fn json_text(&self, scope: Scope, text: &str) -> Option<String> {
        let value = nested(text)?;
        changed(compact(&self.value(scope, "", &value)))
    }

    /// A list or an object at the beginning of a text that goes on: how many bytes it takes, and how it is written with names.
    pub(super) fn json_within(&self, scope: Scope, text: &str) -> Option<(usize, String)> {
        let inner = scope.inner()?;
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        let value = values.next()?.ok()?;
        Some((values.byte_offset(), compact(&self.value(inner, "", &value))))
    }

    /// A form, or an address with a query.
    fn form(&self, scope: Scope, text: &str) -> Option<String> {
        let (address, query) = match text.split_once('?') {
            Some((address, query)) if !address.contains(['=', '&', ' ']) => (Some(address), query),
            Some(_) | None => (None, text),
        };
        let pairs: Vec<(&str, &str)> = query.split('&').map(|pair| pair.split_once('=')).collect::<Option<_>>()?;
        let is_key = |key: &str| !key.is_empty() && !key.contains(|c: char| " {}\"'<>\n".contains(c));
        let several = pairs.len() > 1 || address.is_some();
        if !several || !pairs.iter().all(|(key, value)| is_key(key) && !value.contains([' ', '\n', '"'])) {
            return None;
        }
        let named: Vec<String> = pairs
            .into_iter()
            .map(|(key, value)| {
                let decoded = decoded(value, true);
                let named = self.text(scope, &self::decoded(key, true), &decoded);
                match is_marked(&named) {
                    true => format!("{key}={}", outside_marks(&named, |part| encoded(part, value))),
                    false => format!("{key}={value}"),
                }
            })
            .collect();
        let query = named.join("&");
        changed(match address {
            Some(address) => format!("{}?{query}", self.within(scope, address)),
            None => query,
        })
    }

    fn percent_encoded(&self, scope: Scope, text: &str) -> Option<String> {
        let plus = !text.contains("%20") && !text.contains(' ');
        let inner = decoded(text, plus);
        if inner == text || !text.contains('%') {
            return None;
        }
        changed(outside_marks(&self.parts(scope, &inner), |part| encoded(part, text)))
    }

    fn html(&self, scope: Scope, text: &str) -> Option<String> {
        let found: Vec<_> = ENTITIES.iter().filter(|(entity, _)| text.contains(entity)).collect();
        if found.is_empty() {
            return None;
        }
        // `&amp;` comes last, or `&amp;lt;` would become `<`.
        let inner = found.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain));
        changed(outside_marks(&self.parts(scope, &inner), |part| escaped(part, text)))
    }
}

fn changed(text: String) -> Option<String> {
    is_marked(&text).then_some(text)
}

/// The text behind percent-encoding; itself where it is none, or no UTF-8.
fn decoded(text: &str, plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let raw = text.as_bytes();
    let mut at = 0;
    while at < raw.len() {
        let hex = |offset: usize| raw.get(at + offset).and_then(|byte| char::from(*byte).to_digit(16));
        match (raw[at], hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                at += 3;
            }
            (b'+', ..) if plus => {
                bytes.push(b' ');
                at += 1;
            }
            (byte, ..) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// A part of a text, percent-encoded as the whole was: what stands in that as it is needs no encoding.
fn encoded(part: &str, like: &str) -> String {
    if !like.contains('%') {
        return part.to_owned();
    }
    let blank = match (like.contains(' '), like.contains("%20")) {
        (true, _) => " ",
        (false, true) => "%20",
        (false, false) => "+",
    };
    let mut encoded = String::with_capacity(part.len());
    for c in part.chars() {
        match c {
            ' ' => encoded += blank,
            c if c.is_ascii_alphanumeric() || (c != '+' && c != '%' && like.contains(c)) => encoded.push(c),
            c => form_urlencoded::byte_serialize(c.encode_utf8(&mut [0; 4]).as_bytes()).for_each(|c| encoded += c),
        }
    }
    encoded
}

/// A part of a text, escaped for HTML as the whole was.
fn escaped(part: &str, like: &str) -> String {
    let used =
        ENTITIES.iter().rev().filter(|(entity, plain)| like.contains(entity) && !like.contains(plain) || *plain == "&");
    used.filter(|(entity, _)| like.contains(entity))
        .fold(part.to_owned(), |part, (entity, plain)| part.replace(plain, entity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone_where_it_is_one() {
        for (text, plus, expected) in [
            ("%41b%e6%bb%a1", false, "Ab满"),
            ("a+b%2B", true, "a b+"),
            ("a+b", false, "a+b"),
            ("%4", false, "%4"),
            ("%4g%", false, "%4g%"),
            ("%e6%bb", false, "%e6%bb"),
        ] {
            assert_eq!(decoded(text, plus), expected);
        }
    }

    #[test]
    fn a_part_is_written_as_the_whole_was() {
        for (part, like, expected) in [
            ("a b+%", "plain", "a b+%"),
            ("a b+%", "%41", "a+b%2B%25"),
            ("a b+", "%41%20+", "a%20b%2B"),
            ("a b", "%41 c", "a b"),
            ("/a:b", "/%3A", "/a%3Ab"),
            ("满", "%41", "%E6%BB%A1"),
        ] {
            assert_eq!(encoded(part, like), expected, "{part} like {like}");
        }
        for (part, like, expected) in [
            ("\"<&'", "&quot;", "&quot;<&'"),
            ("\"<&", "&#34; &amp;", "&#34;<&amp;"),
            ("<&", "&lt; < &amp; &", "<&amp;"),
            ("<>", "plain", "<>"),
        ] {
            assert_eq!(escaped(part, like), expected, "{part} like {like}");
        }
    }
}
