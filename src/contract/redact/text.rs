//! Names what is volatile in a text: as a whole, in what it holds in another writing, or in the middle of it.

use super::instants::starts_with_time;
use super::mark::{is_marked, mark};
use super::masked::Numbers;
use super::sample::plain_key;
use super::{Named, Redactor, Scope};

/// The longest key that is looked at in the middle of a text.
const KEY_MAX_BYTES: usize = 64;
/// How much behind such a key may be its value.
const KEYED_MAX_CHARS: usize = 1024;

impl Redactor {
    /// A text under a key, with what is volatile in it named.
    pub(super) fn text(&self, scope: Scope, key: &str, text: &str) -> String {
        // What a rule of the scenario has named already.
        if is_marked(text) {
            return text.to_owned();
        }
        match self.name_of(scope, key, text) {
            Some(Named::As(name)) => return mark(&name),
            Some(Named::Fixed) => return text.to_owned(),
            None => {}
        }
        let end = || self.numbers.end_under(key, text);
        let name = self.named_word(text).or_else(|| self.time(text)).or_else(|| self.duration(key, text)).or_else(end);
        match name {
            Some(name) => mark(name),
            None => self.parts(scope, text),
        }
    }

    /// A text that has no name as a whole.
    pub(super) fn parts(&self, scope: Scope, text: &str) -> String {
        self.layers(scope, text).unwrap_or_else(|| self.within(scope, text))
    }

    /// A text in the middle of which something may stand.
    pub(super) fn within(&self, scope: Scope, text: &str) -> String {
        let bytes = text.as_bytes();
        let mut named = String::with_capacity(text.len());
        // What has been passed over and is not written yet begins here.
        let mut plain = 0;
        let mut at = 0;
        // What lies before this has been looked at as JSON.
        let mut json_end = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            let starts_key = matches!(byte, b'"' | b'\'')
                || is_word(byte) && !at.checked_sub(1).is_some_and(|last| is_word(bytes[last]));
            let can_begin = starts_key || self.values.can_begin(byte) || Numbers::can_begin(byte);
            // None of these bytes is in the middle of a character.
            let mut found = can_begin.then(|| self.found_at(scope, text, at, starts_key)).flatten();
            if found.is_none()
                && matches!(byte, b'{' | b'[')
                && at >= json_end
                && let Some((bytes, json)) = self.json_within(scope, &text[at..])
            {
                json_end = at + bytes;
                found = is_marked(&json).then_some((0, bytes, json));
            }
            match found {
                Some((before, bytes, instead)) => {
                    named += &text[plain..at + before];
                    named += &instead;
                    at += bytes;
                    plain = at;
                }
                None => at += 1,
            }
        }
        named + &text[plain..]
    }

    /// What begins at this byte of a text: how many bytes stay, how many are taken with them, and what stands in place of the
    /// others.
    fn found_at(&self, scope: Scope, text: &str, at: usize, starts_key: bool) -> Option<(usize, usize, String)> {
        let rest = &text[at..];
        if let Some((bytes, name)) = self.values.starting(text, at) {
            return Some((0, bytes, mark(name)));
        }
        if let Some((before, bytes, name)) = self.numbers.masked(text, at) {
            return Some((before, bytes, mark(name)));
        }
        if let Some(found) = starts_with_time(rest, text[..at].chars().next_back())
            && let Some(name) = self.instants.name(found.kind)
        {
            return Some((0, found.bytes, mark(name)));
        }
        if starts_key && let Some((bytes, before, name)) = self.under_its_key(scope, rest) {
            return Some((before, bytes, mark(&name)));
        }
        let (bytes, name) = self.numbers.announced_end(text, at)?;
        Some((0, bytes, mark(name)))
    }

    /// `ring_time=9`, `'ring_time': 9` and the like at the beginning of a text, where that is volatile: how many bytes it
    /// takes, how many of these stand before the value, and its name.
    fn under_its_key(&self, scope: Scope, text: &str) -> Option<(usize, usize, String)> {
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inner = &text[quote.map_or(0, char::len_utf8)..];
        let key_bytes = match quote {
            Some(quote) => inner.find(quote)?,
            None => inner.bytes().position(|byte| !is_word(byte))?,
        };
        let key = inner.get(..key_bytes).filter(|key| key.len() <= KEY_MAX_BYTES)?;
        if !self.is_key(&plain_key(key)) {
            return None;
        }
        let rest = inner[key_bytes..].trim_start_matches(['"', '\'', '\\', ']']).trim_start_matches(' ');
        let rest = rest.strip_prefix([':', '='])?.trim_start_matches(['>', ' ']);
        let rest = rest.trim_start_matches(['"', '\'', '\\']);
        let before_value = text.len() - rest.len();
        let rest = rest.char_indices().nth(KEYED_MAX_CHARS).map_or(rest, |(end, _)| &rest[..end]);
        let value = rest.split(['"', '\'', '\\', ',', '&', ';', '}', ']', '<', '\n', '\r']).next()?;
        // A value in a log ends at a blank, unless it has one itself.
        let first_word = value.split(' ').next()?;
        [value, first_word].into_iter().find_map(|value| match self.name_of(scope, key, value) {
            Some(Named::As(name)) => Some((before_value + value.len(), before_value, name)),
            Some(Named::Fixed) | None => None,
        })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
