//! Writes a body: JSON, a form, or a query. What it writes into decides what becomes of values that other calls have
//! otherwise.

use super::leaf::{Leaf, Member};

/// How fields are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// One JSON value, without blanks.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form(Blank),
    /// The same in the query of the address, and no body.
    Query(Blank),
}

/// What a blank becomes in a form or a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// `+`
    Plus,
    /// `%20`
    Percent20,
}

/// How a text has to be written to stand within another writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Between the quotes of JSON.
    Json,
    /// Between `=` and `&`.
    Form(Blank),
    /// In capital letters, as far as they are English.
    Capitals,
    /// In the value of a header: what is not visible ASCII is percent-encoded.
    Header,
    /// In the path or the query of an address: every byte that is not unreserved there (RFC 3986, 2.3) is percent-encoded.
    Address,
}

/// What a body is written into.
pub trait Sink {
    /// Bytes that are the same in every call.
    fn fixed(&mut self, bytes: &[u8]);

    /// A value that other calls have otherwise. The escapes come one after the other, the innermost first.
    fn value(&mut self, leaf: &Leaf, escapes: &[Escape]);
}

impl Sink for Vec<u8> {
    fn fixed(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn value(&mut self, leaf: &Leaf, escapes: &[Escape]) {
        escaped(leaf.text().as_bytes(), escapes, self);
    }
}

impl Encoding {
    /// The bytes of these fields.
    pub fn written(self, fields: &Leaf) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(2048);
        self.write(fields, &mut bytes);
        bytes
    }

    /// Writes fields. A form has the members of an object, each as a text.
    pub fn write(self, fields: &Leaf, sink: &mut dyn Sink) {
        match self {
            Encoding::Json => Writer { sink, escapes: Vec::new() }.json(fields),
            Encoding::Form(blank) | Encoding::Query(blank) => {
                let escape = Escape::Form(blank);
                let Leaf::Object(members) = fields else { return };
                let mut is_first = true;
                for Member { name, leaf, .. } in members.iter().filter(|member| member.leaf != Leaf::Absent) {
                    if !std::mem::take(&mut is_first) {
                        sink.fixed(b"&");
                    }
                    let mut writer = Writer { sink, escapes: vec![escape] };
                    writer.fixed(name);
                    writer.sink.fixed(b"=");
                    writer.plain(leaf);
                }
            }
        }
    }

    /// Whether everything in it is a text.
    pub fn is_flat(self) -> bool {
        self != Encoding::Json
    }
}

impl Leaf {
    /// Writes it as a text that stands within other writings, the innermost first.
    pub fn write(&self, escapes: &[Escape], sink: &mut dyn Sink) {
        Writer { sink, escapes: escapes.to_vec() }.plain(self);
    }
}

struct Writer<'s> {
    sink: &'s mut dyn Sink,
    escapes: Vec<Escape>,
}

impl Writer<'_> {
    fn fixed(&mut self, text: &str) {
        // Nearly all texts stand in JSON as they are.
        let stays = match self.escapes[..] {
            [] => true,
            [Escape::Json] => are_plain(text.as_bytes()),
            _ => false,
        };
        if stays {
            return self.sink.fixed(text.as_bytes());
        }
        let mut bytes = Vec::with_capacity(text.len() + 8);
        escaped(text.as_bytes(), &self.escapes, &mut bytes);
        self.sink.fixed(&bytes);
    }

    /// A value as JSON.
    fn json(&mut self, leaf: &Leaf) {
        match leaf {
            Leaf::Absent | Leaf::Null => self.fixed("null"),
            Leaf::List(items) => {
                self.fixed("[");
                for (nth, item) in items.iter().enumerate() {
                    if nth > 0 {
                        self.fixed(",");
                    }
                    self.json(item);
                }
                self.fixed("]");
            }
            Leaf::Object(members) => {
                self.fixed("{");
                let there = members.iter().filter(|member| member.leaf != Leaf::Absent);
                for (nth, Member { name, leaf, .. }) in there.enumerate() {
                    self.fixed(if nth > 0 { ",\"" } else { "\"" });
                    self.within(Escape::Json, |writer| writer.fixed(name));
                    self.fixed("\":");
                    self.json(leaf);
                }
                self.fixed("}");
            }
            Leaf::Flag(_) | Leaf::Number(_) => self.fixed(&leaf.text()),
            leaf if leaf.is_number() => self.sink.value(leaf, &self.escapes),
            Leaf::Text(_)
            | Leaf::Drawn(_)
            | Leaf::Time(_)
            | Leaf::Length(_)
            | Leaf::Joined(_)
            | Leaf::Nested(_)
            | Leaf::Escaped(..) => {
                self.fixed("\"");
                self.within(Escape::Json, |writer| writer.plain(leaf));
                self.fixed("\"");
            }
        }
    }

    /// A value as a text.
    fn plain(&mut self, leaf: &Leaf) {
        match leaf {
            Leaf::Absent | Leaf::Null => {}
            Leaf::Flag(_) | Leaf::Number(_) | Leaf::Text(_) => self.fixed(&leaf.text()),
            Leaf::Drawn(_) | Leaf::Time(_) | Leaf::Length(_) => self.sink.value(leaf, &self.escapes),
            Leaf::Joined(parts) => parts.iter().for_each(|part| self.plain(part)),
            Leaf::Nested(inner) => self.json(inner),
            Leaf::Escaped(inner, escape) => self.within(*escape, |writer| writer.plain(inner)),
            Leaf::List(_) | Leaf::Object(_) => self.json(leaf),
        }
    }

    /// Writes within one more writing.
    fn within(&mut self, escape: Escape, write: impl FnOnce(&mut Self)) {
        self.escapes.insert(0, escape);
        write(self);
        self.escapes.remove(0);
    }
}

/// Writes a text within other writings, the innermost first.
pub fn escaped(text: &[u8], escapes: &[Escape], out: &mut Vec<u8>) {
    match escapes {
        [] => out.extend_from_slice(text),
        [Escape::Json] => json(text, out),
        [Escape::Form(blank)] => form(text, *blank, out),
        [Escape::Capitals] => out.extend(text.iter().map(u8::to_ascii_uppercase)),
        [Escape::Header] => percent(text, |byte| (b' '..=b'~').contains(&byte), out),
        [Escape::Address] => percent(text, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), out),
        [first, rest @ ..] => {
            let mut inner = Vec::with_capacity(text.len() + 8);
            escaped(text, &[*first], &mut inner);
            escaped(&inner, rest, out);
        }
    }
}

/// Whether a byte stands between the quotes of JSON as it is.
fn is_plain(byte: u8) -> bool {
    byte > 0x1f && !matches!(byte, b'"' | b'\\')
}

/// Whether all of them do. No byte is waited for, so that many are looked at in one step.
fn are_plain(text: &[u8]) -> bool {
    !text.iter().fold(false, |odd, byte| odd | !is_plain(*byte))
}

fn json(text: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    if are_plain(text) {
        return out.extend_from_slice(text);
    }
    let mut rest = text;
    loop {
        let (plain, odd) = rest.split_at(rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len()));
        out.extend_from_slice(plain);
        let Some((byte, behind)) = odd.split_first() else { return };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            other => {
                out.extend_from_slice(b"\\u00");
                out.extend([HEX[usize::from(other >> 4)], HEX[usize::from(other & 15)]]);
            }
        }
        rest = behind;
    }
}

/// Every byte as `%XX` but for those that stay.
fn percent(text: &[u8], stays: impl Fn(u8) -> bool, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text {
        match stays(*byte) {
            true => out.push(*byte),
            false => out.extend([b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
        }
    }
}

fn form(text: &[u8], blank: Blank, out: &mut Vec<u8>) {
    for part in form_urlencoded::byte_serialize(text) {
        match blank {
            Blank::Percent20 if part == "+" => out.extend_from_slice(b"%20"),
            Blank::Percent20 | Blank::Plus => out.extend_from_slice(part.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn json_is_that_of_the_library() {
        let odd: String = (0..0x80_u8).map(char::from).chain("空\u{2028}😀".chars()).collect();
        let value = json!({"a": odd, odd.clone(): [null, true, -1, 1.5, "x"], "e": {}, "l": []});
        let leaf = Leaf::from(value.clone());
        assert_eq!(String::from_utf8(Encoding::Json.written(&leaf)).expect("text"), value.to_string());
        let nested = Leaf::Nested(Box::new(leaf));
        assert_eq!(Encoding::Json.written(&nested), Value::String(value.to_string()).to_string().into_bytes());
    }

    #[test]
    fn a_form_is_that_of_the_library_but_for_its_blanks() {
        let odd: String = (0..0x80_u8).map(char::from).chain("空".chars()).collect();
        let leaf = Leaf::from(json!({"a b": odd, "n": null, "l": ["x y"]}));
        let expected = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("a b", odd.as_str()), ("n", ""), ("l", r#"["x y"]"#)])
            .finish();
        assert_eq!(Encoding::Form(Blank::Plus).written(&leaf), expected.as_bytes());
        let percent = Encoding::Query(Blank::Percent20).written(&leaf);
        assert_eq!(String::from_utf8(percent).expect("ASCII"), expected.replace('+', "%20"));
    }

    #[test]
    fn what_is_absent_is_not_written() {
        let leaf = Leaf::object([("a", Leaf::Absent), ("b", Leaf::Null), ("c", Leaf::Absent)]);
        assert_eq!(Encoding::Json.written(&leaf), br#"{"b":null}"#);
        assert_eq!(Encoding::Form(Blank::Plus).written(&leaf), b"b=");
    }
}
