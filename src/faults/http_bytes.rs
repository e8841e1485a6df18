//! Faults of the HTTP layer that bend the bytes of a push: what carries its fields, be it the body or the query.

use super::setting::Values;
use crate::body::Body;
use crate::http::Push;
use crate::random::Stream;
use bytes::Bytes;
use encoding_rs::Encoding;
use serde_json::Value;

/// The longest text that is encoded once more: each time may double it.
pub const DOUBLED_MAX_BYTES: usize = 4 * 1024 * 1024;

/// No UTF-8: the second byte does not continue the first.
const NO_UTF8: [u8; 2] = [0xc3, 0x28];

/// What a push carries, as it is written: the body, and the query.
pub(super) struct Written {
    body: Bytes,
    query: String,
    is_form: bool,
}

impl Written {
    /// Bends the bytes of a push; one of which nothing is different afterwards keeps its fields.
    pub(super) fn bend(push: &mut Push, bend: impl FnOnce(&mut Self) -> Option<String>) -> Option<String> {
        let content_type = push.headers.get("Content-Type").unwrap_or_default();
        let is_form = content_type.to_ascii_lowercase().contains("x-www-form-urlencoded");
        let mut written = Self { body: push.body.bytes(), query: push.body.query().into_owned(), is_form };
        let told = bend(&mut written);
        let Self { body, query, .. } = written;
        if (&body, query.as_str()) != (&push.body.bytes(), &*push.body.query()) {
            push.body = Body::Written { body, query };
        }
        told
    }

    /// Whether the query carries what the push says.
    fn is_in_query(&self) -> bool {
        self.body.is_empty() && !self.query.is_empty()
    }

    /// Whether the body is percent-encoded.
    fn is_form(&self) -> bool {
        self.is_form
    }
}

/// The body ends early.
#[derive(Debug, Clone, PartialEq)]
pub struct TruncateBody {
    /// How much of it is left; drawn where none is given.
    pub keep: Option<f64>,
}

impl TruncateBody {
    pub(super) fn of(values: &Values) -> Self {
        Self { keep: values.share("keep") }
    }

    pub(super) fn bend(&self, push: &mut Written, draw: &mut Stream) -> Option<String> {
        let keep = self.keep.unwrap_or_else(|| 0.1 + 0.8 * draw.fraction());
        let cut = |length: usize| ((length as f64 * keep) as usize).min(length.saturating_sub(1));
        let (before, after) = if push.is_in_query() {
            let before = push.query.len();
            let mut after = cut(before);
            // An encoded query is ASCII; a vendor's oddity must not split a character.
            while !push.query.is_char_boundary(after) {
                after -= 1;
            }
            push.query.truncate(after);
            (before, after)
        } else {
            let before = push.body.len();
            push.body.truncate(cut(before));
            (before, push.body.len())
        };
        Some(format!("{after} of {before} bytes"))
    }
}

/// Nothing is in the push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmptyBody;

impl EmptyBody {
    pub(super) fn bend(&self, push: &mut Written) -> Option<String> {
        let before = push.body.len() + push.query.len();
        push.body = Bytes::new();
        push.query.clear();
        Some(format!("0 of {before} bytes"))
    }
}

/// The bytes are of another charset than the label says.
#[derive(Debug, Clone, PartialEq)]
pub struct WrongCharset {
    /// The charset's name: gbk, gb18030 or big5.
    pub charset: String,
}

impl WrongCharset {
    pub(super) fn of(values: &Values) -> Self {
        Self { charset: values.text("charset").unwrap_or_default() }
    }

    pub(super) fn bend(&self, push: &mut Written) -> Option<String> {
        let charset = Encoding::for_label(self.charset.as_bytes())?;
        let told = |bytes: &[u8]| {
            let shown: Vec<String> =
                bytes.iter().filter(|byte| !byte.is_ascii()).take(4).map(|byte| format!("{byte:02x}")).collect();
            format!("{} bytes, the first beyond ASCII {}", self.charset, shown.join(" "))
        };
        if push.is_in_query() || push.is_form() {
            let text =
                if push.is_in_query() { push.query.clone() } else { String::from_utf8(push.body.to_vec()).ok()? };
            let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            let all: String = pairs.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
            let (bytes, ..) = charset.encode(&all);
            if all.is_ascii() {
                return None;
            }
            let evidence = told(&bytes);
            let encode = |text: &str| form_urlencoded::byte_serialize(&charset.encode(text).0).collect::<String>();
            let encoded: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
            let encoded = encoded.join("&");
            if push.is_in_query() {
                push.query = encoded;
            } else {
                push.body = encoded.into();
            }
            return Some(evidence);
        }
        let text = std::str::from_utf8(&push.body).ok()?;
        let (bytes, ..) = charset.encode(text);
        let evidence = told(&bytes);
        push.body = Bytes::from(bytes.into_owned());
        Some(evidence)
    }
}

/// A byte order mark stands before the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bom;

impl Bom {
    pub(super) fn bend(&self, push: &mut Written) -> Option<String> {
        if push.body.is_empty() {
            return None;
        }
        push.body = [&[0xef, 0xbb, 0xbf], &push.body[..]].concat().into();
        Some("the body begins ef bb bf".to_owned())
    }
}

/// Two bytes that are no UTF-8 stand within a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadUtf8;

impl BadUtf8 {
    pub(super) fn bend(&self, push: &mut Written, draw: &mut Stream) -> Option<String> {
        if push.is_in_query() || push.is_form() {
            let encoded: String = NO_UTF8.iter().map(|byte| format!("%{byte:02X}")).collect();
            if push.is_in_query() {
                let place = drawn(push.query.as_bytes(), b"=", draw)?;
                push.query.insert_str(place, &encoded);
                return Some(format!("%C3%28 at byte {place} of the query"));
            }
            let place = drawn(&push.body, b"=", draw)?;
            push.body = [&push.body[..place], encoded.as_bytes(), &push.body[place..]].concat().into();
            return Some(format!("%C3%28 at byte {place}"));
        }
        let place = drawn(&push.body, b":\"", draw)?;
        push.body = [&push.body[..place], &NO_UTF8, &push.body[place..]].concat().into();
        Some(format!("c3 28 at byte {place}"))
    }
}

/// A place right behind one of the marks, drawn; where there is none, nowhere.
fn drawn(bytes: &[u8], mark: &[u8], draw: &mut Stream) -> Option<usize> {
    let places: Vec<usize> = bytes
        .windows(mark.len())
        .enumerate()
        .filter(|(_, window)| *window == mark)
        .map(|(place, _)| place + mark.len())
        .collect();
    (!places.is_empty()).then(|| *draw.pick(&places))
}

/// JSON as vendors' pages print it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadJson {
    /// With comments.
    pub comments: bool,
    /// With a comma before the end.
    pub trailing_comma: bool,
    /// With single quotes.
    pub single_quotes: bool,
}

impl BadJson {
    pub(super) fn of(values: &Values) -> Self {
        let style = values.text("style").unwrap_or_default();
        let is = |word: &str| style == word || style == "all";
        Self { comments: is("comment"), trailing_comma: is("trailing-comma"), single_quotes: is("single-quotes") }
    }

    pub(super) fn bend(&self, push: &mut Written) -> Option<String> {
        let content: Value = serde_json::from_slice(&push.body).ok()?;
        let mut text = content.to_string();
        let mut told = Vec::new();
        if self.single_quotes {
            text = single_quoted(&text);
            told.push("single quotes");
        }
        if self.trailing_comma && matches!(text.as_bytes(), [b'{' | b'[', .., _, b'}' | b']']) {
            text.insert(text.len() - 1, ',');
            told.push("a trailing comma");
        }
        if self.comments && text.starts_with(['{', '[']) {
            // As in the message samples of Huawei's page: `"messages": [//1connected{`.
            text.insert_str(1, "//1connected\n");
            told.push("a comment");
        }
        push.body = text.into();
        (!told.is_empty()).then(|| format!("JSON with {}", told.join(", ")))
    }
}

/// JSON whose texts stand in single quotes.
fn single_quoted(json: &str) -> String {
    let mut quoted = String::with_capacity(json.len());
    let mut escaped = false;
    for letter in json.chars() {
        match letter {
            '"' if !escaped => quoted.push('\''),
            other => quoted.push(other),
        }
        escaped = letter == '\\' && !escaped;
    }
    quoted
}

/// What the push says, encoded once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubleEncoded;

impl DoubleEncoded {
    pub(super) fn bend(&self, push: &mut Written) -> Option<String> {
        let again = |text: &str| {
            let mut writer = form_urlencoded::Serializer::new(String::new());
            let pairs = form_urlencoded::parse(text.as_bytes()).into_owned();
            let encode = |text: String| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            writer.extend_pairs(pairs.map(|(name, value)| (name, encode(value))));
            writer.finish()
        };
        if push.is_in_query() {
            push.query = again(&push.query);
            return Some("the query is percent-encoded twice".to_owned());
        }
        let text = std::str::from_utf8(&push.body).ok().filter(|text| !text.is_empty())?;
        if push.is_form() {
            push.body = again(text).into();
            return Some("the form is percent-encoded twice".to_owned());
        }
        if text.len() > DOUBLED_MAX_BYTES {
            return None;
        }
        push.body = Value::String(text.to_owned()).to_string().into();
        Some("the body is a JSON text that holds JSON".to_owned())
    }
}

/// The body is the sample of the vendor's page, as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocLiteral;

impl DocLiteral {
    pub(super) fn bend(&self, push: &mut Written, literal: Option<&'static str>) -> Option<String> {
        if push.is_in_query() || push.is_form() {
            return None;
        }
        push.body = Bytes::from_static(literal?.as_bytes());
        Some(format!("the {} bytes of the vendor's page", push.body.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    #[test]
    fn bad_json_is_what_its_style_says() {
        for (style, expected) in [
            ((true, false, false), "{//1connected\n\"a\":\"it's \\\"so\\\"\"}"),
            ((false, true, false), r#"{"a":"it's \"so\"",}"#),
            ((false, false, true), r#"{'a':'it's \"so\"'}"#),
        ] {
            let fault = BadJson { comments: style.0, trailing_comma: style.1, single_quotes: style.2 };
            let push = &mut Push { body: r#"{"a":"it's \"so\""}"#.into(), ..Push::new("push", Method::Post) };
            assert!(Written::bend(push, |push| fault.bend(push)).is_some());
            assert_eq!(push.body.bytes(), expected);
            assert!(serde_json::from_slice::<Value>(&push.body.bytes()).is_err());
        }
    }

    #[test]
    fn forms_and_queries_are_bent_where_they_carry_the_fields() {
        let body = Body::Written { body: Bytes::new(), query: "a=%E7%8E%8B&b=1".into() };
        let query = &mut Push { body, ..Push::new("push", Method::Get) };
        let fault = WrongCharset { charset: "gbk".into() };
        assert_eq!(
            Written::bend(query, |push| fault.bend(push)).as_deref(),
            Some("gbk bytes, the first beyond ASCII cd f5")
        );
        assert_eq!(query.body.query(), "a=%CD%F5&b=1");
        let form = &mut Push {
            headers: vec![("Content-Type", "application/x-www-form-urlencoded")].into(),
            body: "a=%2B1".into(),
            ..Push::new("push", Method::Post)
        };
        assert!(Written::bend(form, |push| DoubleEncoded.bend(push)).is_some());
        assert_eq!(form.body.bytes(), "a=%252B1");
        assert_eq!(Written::bend(form, |push| fault.bend(push)), None, "ASCII is the same in every charset");
    }
}
