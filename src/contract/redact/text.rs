//! Names what is volatile in a text: as a whole, in what it holds in another writing, or in the middle of it.

use super::instants::starts_with_time;
use super::mark::{clean, mark};
use super::sample::plain_key;
use super::{Named, Of, Redactor};

impl Redactor {
    /// A text under a key, with what is volatile in it named.
    pub(super) fn text(&self, of: Of, key: &str, text: &str) -> String {
        match self.name_of(of, key, text) {
            Some(Named::As(name)) => return mark(&name),
            Some(Named::Fixed) => return clean(text),
            None => {}
        }
        let name = self.named_word(text).or_else(|| self.time(text)).or_else(|| self.duration(key, text));
        match name {
            Some(name) => mark(name),
            None => self.layers(of, text).unwrap_or_else(|| self.within(of, text)),
        }
    }

    /// A text in the middle of which something may stand.
    pub(super) fn within(&self, of: Of, text: &str) -> String {
        let text = &*clean(text);
        let mut named = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(next) = text[at..].chars().next() {
            let before = text[..at].chars().next_back();
            if let Some((bytes, name)) = self.values.starting(text, at) {
                named += &mark(name);
                at += bytes;
                continue;
            }
            if let Some(found) = starts_with_time(&text[at..], before)
                && let Some(name) = self.instants.name(found.kind)
            {
                named += &mark(name);
                at += found.bytes;
                continue;
            }
            if matches!(next, '{' | '[')
                && let Some((bytes, json)) = self.json_within(of, &text[at..])
            {
                named += &json;
                at += bytes;
                continue;
            }
            let starts_word = is_word(next) && !before.is_some_and(is_word);
            if starts_word && let Some((bytes, before_value, name)) = self.under_its_key(of, &text[at..]) {
                named += &text[at..at + before_value];
                named += &mark(&name);
                at += bytes;
                continue;
            }
            named.push(next);
            at += next.len_utf8();
        }
        named
    }

    /// `ring_time=9`, `'ring_time': 9` and the like at the beginning of a text, where that is volatile: how many bytes it
    /// takes, how many of these stand before the value, and its name.
    fn under_its_key(&self, of: Of, text: &str) -> Option<(usize, usize, String)> {
        let key_bytes = text.find(|c| !is_word(c))?;
        let key = &text[..key_bytes];
        if !self.is_key(&plain_key(key)) {
            return None;
        }
        let rest = text[key_bytes..].trim_start_matches(['"', '\'', '\\', ']']).trim_start_matches(' ');
        let rest = rest.strip_prefix([':', '='])?.trim_start_matches(['>', ' ']);
        let rest = rest.trim_start_matches(['"', '\'', '\\']);
        let before_value = text.len() - rest.len();
        let ends = |c: char| matches!(c, '"' | '\'' | '\\' | ',' | '&' | ';' | '}' | ']' | '<' | '\n' | '\r');
        let value = &rest[..rest.find(ends).unwrap_or(rest.len())];
        // A value in a log ends at a blank, unless it has one itself.
        let first_word = value.split(' ').next().unwrap_or(value);
        [value, first_word].into_iter().find_map(|value| match self.name_of(of, key, value) {
            Some(Named::As(name)) => Some((before_value + value.len(), before_value, name)),
            Some(Named::Fixed) | None => None,
        })
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}
