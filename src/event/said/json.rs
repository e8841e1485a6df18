//! JSON in little room: long texts and lists are shortened where they stand, so that the keys around them are still seen.

use super::{SAID_MAX_CHARS, one_line};
use serde_json::Value;

/// How long texts may be and how many items lists may have; the first with which the whole fits is taken.
const SHORTER: [(usize, usize); 4] = [(160, 12), (80, 4), (40, 2), (16, 1)];

/// What a body says that looks like JSON; whether there is more of it than this.
pub(super) fn said(body: &str, is_cut: bool) -> String {
    let line = one_line(body);
    if !is_cut && line.chars().nth(SAID_MAX_CHARS).is_none() {
        return line;
    }
    let Ok(value) = serde_json::from_str::<Value>(body) else { return cut(&line) };
    let shortened = SHORTER.map(|(chars, items)| {
        let mut out = String::new();
        write(&value, chars, items, &mut out);
        out
    });
    let fitting = shortened.iter().find(|text| text.chars().nth(SAID_MAX_CHARS).is_none());
    fitting.cloned().unwrap_or_else(|| cut(&shortened[SHORTER.len() - 1]))
}

fn write(value: &Value, chars: usize, items: usize, out: &mut String) {
    match value {
        Value::String(text) => match text.char_indices().nth(chars) {
            Some((end, _)) => *out += &Value::from(format!("{}…", &text[..end])).to_string(),
            None => *out += &value.to_string(),
        },
        Value::Array(list) => {
            out.push('[');
            for (at, item) in list.iter().take(items).enumerate() {
                *out += if at > 0 { "," } else { "" };
                write(item, chars, items, out);
            }
            close(list.len(), items, ']', out);
        }
        Value::Object(fields) => {
            // Keys say more than items do.
            let most = items * 4;
            out.push('{');
            for (at, (key, field)) in fields.iter().take(most).enumerate() {
                *out += if at > 0 { "," } else { "" };
                *out += &format!("{}:", Value::from(key.as_str()));
                write(field, chars, items, out);
            }
            close(fields.len(), most, '}', out);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => *out += &value.to_string(),
    }
}

fn close(count: usize, shown: usize, bracket: char, out: &mut String) {
    *out += if count > shown { ",…" } else { "" };
    out.push(bracket);
}

/// JSON that fits in no way: cut behind a value where there is one in its second half, and never within an escape.
fn cut(text: &str) -> String {
    let end = text.char_indices().nth(SAID_MAX_CHARS).map_or(text.len(), |(end, _)| end);
    let kept = &text[..end];
    let value_end = kept.rfind([',', '}', ']']).map_or(0, |at| at + 1);
    if value_end > end / 2 {
        return format!("{} …", &kept[..value_end]);
    }
    // An escape is `\n`, or `\u` and four digits; a backslash behind an odd number of them is the end of one.
    let is_within = |at: &usize| {
        let escape = &kept[*at..];
        let begins = kept[..=*at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        begins && (escape.len() == 1 || escape.starts_with("\\u") && escape.len() < 6)
    };
    let escape = kept.rfind('\\').filter(is_within);
    format!("{} …", &kept[..escape.unwrap_or(end)])
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    #[test]
    fn long_texts_and_lists_are_shortened_where_they_stand() {
        let told =
            said(&format!(r#"{{"trace":"{}","ids":{:?},"error":"no call"}}"#, "at f\\n".repeat(300), [7; 500]), None);
        assert!(told.starts_with(r#"{"trace":"at f\nat f\n"#) && told.ends_with(r#","error":"no call"}"#), "{told}");
        assert!(told.contains(r#"…","ids":[7,7"#) && told.chars().count() <= SAID_MAX_CHARS, "{told}");
        assert!(serde_json::from_str::<Value>(&told.replace(",…", "")).is_ok(), "{told}");
    }

    #[test]
    fn what_is_cut_is_cut_behind_a_value() {
        // Not JSON, because it never ends.
        let open = format!("[{}", r#"{"id":"满意","n":12345},"#.repeat(60));
        let told = said(&open, Some("application/json"));
        assert!(told.ends_with("}, …") || told.ends_with(", …") || told.ends_with("} …"), "{told}");
        assert!(told.chars().count() <= SAID_MAX_CHARS + 2, "{told}");
        for filler in 0..8 {
            let escapes = format!(r#"{{"{}a":"{}"#, "x".repeat(filler), r"\u00e9\n".repeat(200));
            let told = said(&escapes, None);
            assert!(told.ends_with(r"\u00e9 …") || told.ends_with(r"\n …"), "{told}");
        }
    }

    #[test]
    fn many_keys_and_deep_nesting_stay_within_the_limit() {
        let keys: serde_json::Map<_, _> = (0..5_000).map(|key| (format!("key{key}"), Value::from(key))).collect();
        let deep = format!("{}1{}", r#"{"a":["#.repeat(60), "]}".repeat(60));
        for body in [Value::from(keys).to_string(), deep.clone(), format!("[{deep},{deep}]")] {
            assert!(said(&body, None).chars().count() <= SAID_MAX_CHARS + 2);
        }
    }
}
