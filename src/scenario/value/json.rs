//! A YAML value as JSON: only what JSON's own grammar takes for a number is one, so `01081400192` and `1_000` stay texts.

use crate::diagnostic::Code;
use crate::scenario::problems::{Problem, Problems};
use crate::scenario::tree::{Kind, Node};
use crate::spelling::tick;
use serde_json::{Map, Number, Value};

/// The value as JSON: quoted texts stay texts, `null`, `true`, `false` and numbers become what they look like.
pub(in crate::scenario) fn json(node: &Node, problems: &mut Problems) -> Value {
    match &node.kind {
        Kind::Nothing => Value::Null,
        Kind::Scalar { text, quoted: true } => Value::String(text.clone()),
        Kind::Scalar { text, quoted: false } => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            text if is_number(text) => number(text, node, problems),
            text => Value::String(text.to_owned()),
        },
        Kind::List(items) => Value::Array(items.iter().map(|item| json(item, problems)).collect()),
        Kind::Map(entries) => Value::Object(
            entries.iter().map(|entry| (entry.key.clone(), json(&entry.value, problems))).collect::<Map<_, _>>(),
        ),
    }
}

/// The longest number that a message repeats.
const REPEATED_MAX_BYTES: usize = 60;

fn number(text: &str, node: &Node, problems: &mut Problems) -> Value {
    let number = serde_json::from_str::<Number>(text).ok();
    let whole = text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    // A whole number beyond 64 bits would lose digits on its way.
    match number.filter(|number| !whole || number.is_u64() || number.is_i64() || text == "-0") {
        Some(number) => Value::Number(number),
        None => {
            let message = format!("the number {} is too large to be sent as it is written", tick(text));
            problems.add(Problem::new(Code::BadValue, &node.span, message).help(
                match text.len() > REPEATED_MAX_BYTES {
                    true => "write it as a text, in quotes".to_owned(),
                    false => format!("as a text, in quotes: `\"{text}\"`"),
                },
            ));
            Value::Null
        }
    }
}

/// The grammar of RFC 8259: `-`, digits without a leading zero, fraction, exponent.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as expected;

    fn read(text: &str) -> (Value, bool) {
        let mut problems = Problems::default();
        let node = crate::scenario::tree::read(text, &mut Vec::new()).expect("this is YAML");
        (json(&node, &mut problems), problems.is_empty())
    }

    #[test]
    fn values_become_what_they_look_like() {
        for (text, value) in [
            ("~", expected!(null)),
            ("null", expected!(null)),
            ("'null'", expected!("null")),
            ("true", expected!(true)),
            ("'true'", expected!("true")),
            ("no", expected!("no")),
            ("True", expected!("True")),
            ("12", expected!(12)),
            ("-3", expected!(-3)),
            ("1.50", expected!(1.5)),
            ("1e3", expected!(1000.0)),
            ("0", expected!(0)),
            ("01081400192", expected!("01081400192")),
            ("+1", expected!("+1")),
            (".5", expected!(".5")),
            ("1.", expected!("1.")),
            ("0x1f", expected!("0x1f")),
            ("1_000", expected!("1_000")),
            (".inf", expected!(".inf")),
            ("2019-07-24", expected!("2019-07-24")),
            ("满意", expected!("满意")),
            ("18446744073709551615", expected!(18446744073709551615u64)),
            ("{ a: [1, '1'], b: { c: } }", expected!({ "a": [1, "1"], "b": { "c": null } })),
        ] {
            assert_eq!(read(text), (value, true), "{text}");
        }
    }

    #[test]
    fn a_number_that_would_change_on_its_way_is_refused() {
        assert_eq!(read("403344537650466816000"), (expected!(null), false));
        assert_eq!(read("1e999"), (expected!(null), false));
    }
}
