//! Finds the cast's numbers where a receiver shows a part of them: `138****5678`, `尾号5678`, the last four digits under a key
//! that tells of them.

use super::sample::plain_key;
use super::values::{PHONE_MIN_DIGITS, PHONE_PREFIXES, US_PREFIXES};

/// From this many digits on, what a mask leaves tells one number from another.
const SHOWN_MIN_DIGITS: usize = 4;
/// The fewest characters in a row that are a mask; of a letter, more.
const MASK_MIN_CHARS: usize = 2;
const LETTER_MASK_MIN_CHARS: usize = 3;
/// How many digits the end of a number has, where it stands alone.
const END_DIGITS: usize = 4;
/// What hides digits.
const MASKS: [char; 8] = ['*', 'x', 'X', '#', '•', '●', '×', '＊'];
/// What may stand between the parts of a number.
const SEPARATORS: [char; 3] = ['-', ' ', '.'];
/// What the key of the end of a number says; plain, as keys are compared.
const END_KEYS: [&str; 12] =
    ["tail", "last", "suffix", "ending", "four", "phone", "mobile", "tel", "number", "caller", "callee", "尾号"];
/// What stands before the end of a number in a sentence, in small letters.
const BEFORE_END: [&str; 8] =
    ["尾号", "后四位", "ending in", "ending with", "ends in", "ends with", "last four digits", "last 4 digits"];
/// What may stand between these words and the digits.
const BETWEEN: [char; 5] = [' ', ':', '：', '为', '是'];

/// The numbers of a cast, with their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers(Vec<(String, String)>);

impl Numbers {
    /// Adds a value where it is a number that people are reached by. Of two names for one number the first one counts.
    pub fn add(&mut self, value: &str, name: &str) {
        let kind = name.split(':').next().unwrap_or(name).rsplit('.').next().unwrap_or(name);
        let is_number = value.len() >= PHONE_MIN_DIGITS && value.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && matches!(kind, "phone" | "number") && self.0.iter().all(|(known, _)| known != value) {
            self.0.push((value.to_owned(), name.to_owned()));
        }
    }

    /// Whether a masked number may begin with this byte.
    pub fn can_begin(byte: u8) -> bool {
        byte.is_ascii_digit() || MASKS.iter().any(|mask| mask.encode_utf8(&mut [0; 4]).as_bytes()[0] == byte)
    }

    /// The masked number that begins at this byte of a text: how many of its bytes stand before the number itself, how many
    /// there are in all, and its name.
    pub fn masked(&self, text: &str, at: usize) -> Option<(usize, usize, &str)> {
        let rest = text.get(at..)?;
        if text[..at].chars().next_back().is_some_and(|last| last.is_alphanumeric() || MASKS.contains(&last)) {
            return None;
        }
        let head = rest.bytes().take_while(u8::is_ascii_digit).count();
        let behind_head = &rest[head..];
        let masked = behind_head.strip_prefix(SEPARATORS).unwrap_or(behind_head);
        let mask = masked.chars().next().filter(|letter| MASKS.contains(letter))?;
        let after_mask = masked.trim_start_matches(mask);
        let hidden = (masked.len() - after_mask.len()) / mask.len_utf8();
        let fewest = if mask.is_ascii_alphabetic() { LETTER_MASK_MIN_CHARS } else { MASK_MIN_CHARS };
        if hidden < fewest {
            return None;
        }
        let tail_text = after_mask.strip_prefix(SEPARATORS).unwrap_or(after_mask);
        let tail = tail_text.bytes().take_while(u8::is_ascii_digit).count();
        // A separator with no digit behind it belongs to the text.
        let bytes = if tail > 0 { rest.len() - tail_text.len() + tail } else { rest.len() - after_mask.len() };
        if rest[bytes..].starts_with(|next: char| next.is_alphanumeric() || next == mask) {
            return None;
        }
        let (first, last) = (&rest[..head], &tail_text[..tail]);
        let prefixes =
            PHONE_PREFIXES.into_iter().chain(US_PREFIXES).filter(|prefix| first.starts_with(prefix)).map(str::len);
        let mut before = std::iter::once(0).chain(prefixes);
        before.find_map(|before| Some((before, bytes, self.shown(&first[before..], last)?)))
    }

    /// The name of the number of which these first and last digits are shown.
    fn shown(&self, first: &str, last: &str) -> Option<&str> {
        let enough = first.len() + last.len() >= SHOWN_MIN_DIGITS;
        let fits = |number: &str| {
            first.len() + last.len() < number.len() && number.starts_with(first) && number.ends_with(last)
        };
        self.0.iter().find(|(number, _)| enough && fits(number)).map(|(_, name)| name.as_str())
    }

    /// The name of the number whose end a whole text is, under a key that tells of such a thing.
    pub fn end_under(&self, key: &str, text: &str) -> Option<&str> {
        let key = plain_key(key);
        END_KEYS.iter().any(|part| key.contains(part)).then(|| self.end(text)).flatten()
    }

    /// The same of a value that was no text, so that the zeros before it are gone.
    pub fn end_in_digits(&self, key: &str, digits: &str) -> Option<&str> {
        self.end_under(key, &format!("{digits:0>END_DIGITS$}"))
    }

    /// The end of a number that begins at this byte of a text, behind words that announce it: how many bytes, and its name.
    pub fn announced_end(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let rest = text.get(at..)?;
        let digits = rest.bytes().take(END_DIGITS + 1).take_while(u8::is_ascii_digit).count();
        let name = self.end(&rest[..digits])?;
        let before = text[..at].trim_end_matches(BETWEEN);
        let is_announced = |words: &&str| {
            let begins = before.len().checked_sub(words.len());
            begins.and_then(|begins| before.get(begins..)).is_some_and(|found| found.eq_ignore_ascii_case(words))
        };
        BEFORE_END.iter().any(is_announced).then_some((digits, name))
    }

    fn end(&self, digits: &str) -> Option<&str> {
        let is_end = digits.len() == END_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        self.0.iter().find(|(number, _)| is_end && number.ends_with(digits)).map(|(_, name)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Numbers {
        let mut numbers = Numbers::default();
        for (value, name) in [
            ("13800135678", "customer.phone"),
            ("01036720885", "line.number"),
            ("2001", "agent.number"),
            ("1040706896628591878", "call.id"),
        ] {
            numbers.add(value, name);
        }
        numbers
    }

    /// The text with what is found named.
    fn named(text: &str) -> String {
        let numbers = numbers();
        let mut out = String::new();
        let mut at = 0;
        while let Some(letter) = text[at..].chars().next() {
            if let Some((before, bytes, name)) = numbers.masked(text, at) {
                out += &format!("{}<{name}>", &text[at..at + before]);
                at += bytes;
            } else if let Some((bytes, name)) = numbers.announced_end(text, at) {
                out += &format!("<{name}>");
                at += bytes;
            } else {
                out.push(letter);
                at += letter.len_utf8();
            }
        }
        out
    }

    #[test]
    fn a_number_is_known_by_what_a_mask_leaves_of_it() {
        for (text, expected) in [
            ("138****5678", "<customer.phone>"),
            ("*******5678", "<customer.phone>"),
            ("***5678", "<customer.phone>"),
            ("1380013****", "<customer.phone>"),
            ("138xxxx5678", "<customer.phone>"),
            ("138-****-5678", "<customer.phone>"),
            ("138 **** 5678", "<customer.phone>"),
            ("138••••5678", "<customer.phone>"),
            ("138**5678", "<customer.phone>"),
            ("1380****", "<customer.phone>"),
            ("后四位：5678", "后四位：<customer.phone>"),
            ("ENDING WITH 5678", "ENDING WITH <customer.phone>"),
            ("+86138****5678", "+86<customer.phone>"),
            ("+86 138****5678", "+86 <customer.phone>"),
            ("0138****5678", "0<customer.phone>"),
            ("010****0885", "<line.number>"),
            ("call of 138****5678, taken", "call of <customer.phone>, taken"),
            ("1380013**** - then", "<customer.phone> - then"),
            ("尾号5678的客户", "尾号<customer.phone>的客户"),
            ("尾号为 5678", "尾号为 <customer.phone>"),
            ("Number ending in 5678.", "Number ending in <customer.phone>."),
            ("Last 4 digits: 0885", "Last 4 digits: <line.number>"),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_with_stars_and_digits_are_left_alone() {
        for text in [
            "139****5678",
            "138****5679",
            "2**1",
            "2xx",
            "138x5678",
            "x138****5678",
            "138****56789",
            "***",
            "1040****1878",
            "138****",
            "5678",
            "尾号56789",
            "1380013****5678",
            "138*5678",
            "138xx5678",
            "138****5678*",
            "尾号 on 5678",
            "tail 5678",
        ] {
            assert_eq!(named(text), text);
        }
    }

    #[test]
    fn the_end_of_a_number_is_known_under_a_key_that_tells_of_it() {
        let numbers = numbers();
        for key in ["phone_tail", "lastFour", "X-Caller-Last4", "mobile_suffix", "尾号"] {
            assert_eq!(numbers.end_under(key, "5678"), Some("customer.phone"), "{key}");
        }
        assert_eq!(numbers.end_in_digits("last4", "885"), Some("line.number"), "0885 without its zero");
        assert_eq!(numbers.end_under("port", "5678"), None);
        assert_eq!(numbers.end_under("last4", "678"), None);
        assert_eq!(numbers.end_under("last4", "5677"), None);
        for none in ["35678", "-5678", "5.678"] {
            assert_eq!(numbers.end_in_digits("last4", none), None, "{none}");
        }
    }
}
