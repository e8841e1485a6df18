//! Faults of the HTTP layer that bend the fields of a push, whichever way it carries them.

use super::setting::Values;
use crate::body::Leaf;
use crate::http::Push;
use crate::random::Stream;
use serde_json::Number;

/// The largest push that `oversize` makes.
pub const OVERSIZE_MAX_BYTES: u64 = 16 * 1024 * 1024;
/// How much of a value is shown as evidence.
const SHOWN_MAX_CHARS: usize = 40;

/// A field gets a value of another type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeFlip {
    /// Its path; drawn where none is given.
    pub field: Option<String>,
}

impl TypeFlip {
    pub(super) fn of(values: &Values) -> Self {
        Self { field: values.text("field") }
    }

    pub(super) fn bend(&self, push: &mut Push, draw: &mut Stream) -> Option<String> {
        // Everything in a form or a query is a text: only a text that should be digits can be of another type.
        let is_flat = push.encoding().is_flat();
        let flips = |value: &Leaf| *value != Leaf::Null && (!is_flat || is_digits(&value.text()));
        replace(push, self.field.as_deref(), draw, flips, |value| flipped(value, is_flat))
    }
}

/// The same as a value of another type.
pub(super) fn flipped(value: &Leaf, is_flat: bool) -> Leaf {
    match value {
        Leaf::Null => Leaf::Flag(false),
        Leaf::Flag(_) | Leaf::List(_) | Leaf::Object(_) => Leaf::from(value.text().into_owned()),
        number if number.is_number() => Leaf::from(number.text().into_owned()),
        _ if is_flat => Leaf::from("seven"),
        text => match text.text().parse::<Number>() {
            Ok(number) if is_digits(&text.text()) => Leaf::Number(number),
            Ok(_) | Err(_) => Leaf::List(vec![text.clone()]),
        },
    }
}

/// A field is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingField {
    /// Its path; drawn where none is given.
    pub field: Option<String>,
}

impl MissingField {
    pub(super) fn of(values: &Values) -> Self {
        Self { field: values.text("field") }
    }

    pub(super) fn bend(&self, push: &mut Push, draw: &mut Stream) -> Option<String> {
        with_fields(push, |fields| {
            let path = chosen(fields, self.field.as_deref(), draw, |_| true)?;
            fields.remove(&path).then(|| (format!("`{path}` is left out"), true))
        })
    }
}

/// A field is there that no document knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraField {
    /// The key.
    pub field: String,
    /// The value.
    pub value: String,
}

impl ExtraField {
    pub(super) fn of(values: &Values) -> Self {
        Self { field: values.text("field").unwrap_or_default(), value: values.text("value").unwrap_or_default() }
    }

    pub(super) fn bend(&self, push: &mut Push) -> Option<String> {
        add(push, &self.field, self.value.clone())?;
        Some(format!("`{}` is there as well", self.field))
    }
}

/// A word of a closed list becomes one that is not on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEnum {
    /// The path; drawn among the fields that hold a word where none is given.
    pub field: Option<String>,
    /// What stands there instead.
    pub word: String,
}

impl UnknownEnum {
    pub(super) fn of(values: &Values) -> Self {
        Self { field: values.text("field"), word: values.text("word").unwrap_or_default() }
    }

    pub(super) fn bend(&self, push: &mut Push, draw: &mut Stream) -> Option<String> {
        replace(push, self.field.as_deref(), draw, is_word, |_| Leaf::from(&self.word))
    }
}

/// A word in a program's sense: latin letters, perhaps joined by `_` or `-`.
fn is_word(value: &Leaf) -> bool {
    let text = value.text();
    is_text(value)
        && (2..=32).contains(&text.len())
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}

fn is_text(value: &Leaf) -> bool {
    !value.is_number() && !matches!(value, Leaf::Null | Leaf::Flag(_) | Leaf::List(_) | Leaf::Object(_))
}

/// A field that has a value becomes null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NullField {
    /// Its path; drawn where none is given.
    pub field: Option<String>,
}

impl NullField {
    pub(super) fn of(values: &Values) -> Self {
        Self { field: values.text("field") }
    }

    pub(super) fn bend(&self, push: &mut Push, draw: &mut Stream) -> Option<String> {
        let has_value = |value: &Leaf| !value.text().is_empty();
        replace(push, self.field.as_deref(), draw, has_value, |_| Leaf::Null)
    }
}

/// A field of padding makes the push large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oversize {
    /// How large it is to be.
    pub bytes: usize,
}

impl Oversize {
    pub(super) fn of(values: &Values) -> Self {
        Self { bytes: values.whole("bytes") as usize }
    }

    pub(super) fn bend(&self, push: &mut Push) -> Option<String> {
        const KEY: &str = "ringback_padding";
        let before = push.body.len();
        add(push, KEY, String::new())?;
        let empty = push.body.len();
        // There is nothing to pad where it is large already.
        let _ = add(push, KEY, "x".repeat(self.bytes.saturating_sub(empty)));
        Some(format!("{} bytes, where the vendor sends {before}", push.body.len()))
    }
}

/// Puts a text at the end of the object that a push carries.
fn add(push: &mut Push, key: &str, value: String) -> Option<()> {
    with_fields(push, |fields| {
        let Leaf::Object(members) = &*fields else { return None };
        let value = Leaf::from(value);
        let differs = !members.iter().any(|member| member.name == key && member.leaf == value);
        fields.put(key, value);
        Some(((), differs))
    })
}

/// Bends the fields of a push, unless that comes to nothing. `bend` gives what it has to tell, and whether they differ; what
/// is read from bytes is written anew in any case.
fn with_fields<T>(push: &mut Push, bend: impl FnOnce(&mut Leaf) -> Option<(T, bool)>) -> Option<T> {
    if let Some(fields) = push.body.fields_mut() {
        return bend(fields).filter(|(_, differs)| *differs).map(|(told, _)| told);
    }
    let mut fields = push.fields()?;
    let (told, _) = bend(&mut fields)?;
    push.set_fields(fields);
    Some(told)
}

/// Replaces a value, and shows what it was and is.
fn replace(
    push: &mut Push,
    field: Option<&str>,
    draw: &mut Stream,
    fits: impl Fn(&Leaf) -> bool,
    by: impl Fn(&Leaf) -> Leaf,
) -> Option<String> {
    with_fields(push, |fields| {
        let path = chosen(fields, field, draw, fits)?;
        let place = fields.at_mut(&path)?;
        let other = by(place);
        let told = format!("`{path}` is {} where it was {}", shown(&other), shown(place));
        let differs = *place != other;
        *place = other;
        Some((told, differs))
    })
}

/// The path that is given, or one that is drawn among the leaves that fit.
fn chosen(fields: &Leaf, field: Option<&str>, draw: &mut Stream, fits: impl Fn(&Leaf) -> bool) -> Option<String> {
    if let Some(field) = field {
        return Some(field.to_owned());
    }
    let (mut fitting, mut nth) = (Vec::new(), 0_usize);
    fields.each_leaf(&mut |path, value| {
        if !path.is_empty() && fits(value) {
            fitting.push(nth);
        }
        nth += 1;
    });
    // Only the path of the one that is drawn is wanted.
    let mut left = (!fitting.is_empty()).then(|| *draw.pick(&fitting));
    let mut chosen = None;
    fields.each_leaf(&mut |path, _| {
        if left == Some(0) {
            chosen = Some(path.to_owned());
        }
        left = left.and_then(|left| left.checked_sub(1));
    });
    chosen
}

fn is_digits(text: &str) -> bool {
    let mut digits = text.bytes();
    // A leading zero would make it a text of digits that is no number.
    digits.len() > 0
        && digits.len() <= 15
        && (text == "0" || !text.starts_with('0'))
        && digits.all(|byte| byte.is_ascii_digit())
}

fn shown(value: &Leaf) -> String {
    let text = value.to_json().to_string();
    match text.char_indices().nth(SHOWN_MAX_CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;
    use crate::random::Keyed;

    fn json(body: &'static str) -> Push {
        Push { body: body.into(), ..Push::new("push", Method::Post) }
    }

    fn draw() -> Stream {
        Keyed::new(1, "fields", 1).stream("draw")
    }

    #[test]
    fn a_flip_changes_the_type_and_keeps_what_it_can() {
        for (body, expected) in [
            (r#"{"a":1.50}"#, r#"{"a":"1.5"}"#),
            (r#"{"a":"12"}"#, r#"{"a":12}"#),
            (r#"{"a":"012"}"#, r#"{"a":["012"]}"#),
            (r#"{"a":"王"}"#, r#"{"a":["王"]}"#),
            (r#"{"a":true}"#, r#"{"a":"true"}"#),
            (r#"{"a":["x"]}"#, r#"{"a":"[\"x\"]"}"#),
        ] {
            let mut push = json(body);
            let fault = TypeFlip { field: Some("a".into()) };
            assert!(fault.bend(&mut push, &mut draw()).is_some(), "{body}");
            assert_eq!(push.body.bytes(), expected);
        }
    }

    #[test]
    fn what_is_not_there_is_not_bent() {
        let mut push = json(r#"{"a":null}"#);
        assert_eq!(NullField { field: None }.bend(&mut push, &mut draw()), None);
        assert_eq!(MissingField { field: Some("b".into()) }.bend(&mut push, &mut draw()), None);
        assert_eq!(
            UnknownEnum { field: None, word: "x".into() }.bend(&mut json(r#"{"a":"13800138000"}"#), &mut draw()),
            None
        );
        assert_eq!(TypeFlip { field: None }.bend(&mut json("hello"), &mut draw()), None);
    }
}
