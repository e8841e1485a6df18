//! Reads `set`, in a file or on the command line: values that replace what a vendor would send.

use super::Override;
use super::block::Block;
use super::fields::{Fields, items, scalar, text};
use super::places::{Of, Texts};
use super::problems::{Problem, Problems};
use super::pushes::{contradiction, has_field, meant};
use super::secret::Environment;
use super::tree::{self, Kind, Node};
use super::value::{Wrong, json};
use crate::contract::{Braces, FieldValue, Template};
use crate::diagnostic::Code;
use crate::vendors::Vendor;
use crate::vendors::named::Meant;
use serde_json::Value;

/// How many values a scenario can replace.
pub const OVERRIDES_MAX: usize = 500;

const EXAMPLE: &str = "set: [{ push: \"udesk:end\", field: survey, value: 满意 }]";

/// The overrides of a file, in order.
pub(super) fn read(
    node: &Node,
    all: &[&'static dyn Vendor],
    environment: Environment<'_>,
    problems: &mut Problems,
) -> Vec<Override> {
    let Some(items) = items(node, "`set`", EXAMPLE, problems) else { return Vec::new() };
    if let Some(first) = items.get(OVERRIDES_MAX) {
        let message = format!("`set` has {} entries, more than {OVERRIDES_MAX}", items.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message).help("split the file into several scenarios"));
    }
    let texts = Texts { environment, of: Of::Push };
    items.iter().take(OVERRIDES_MAX).filter_map(|item| one(item, all, &texts, problems)).collect()
}

fn one(item: &Node, all: &[&'static dyn Vendor], texts: &Texts<'_>, problems: &mut Problems) -> Option<Override> {
    let fields = Fields::open(item, &item.span, Block::Override, problems)?;
    let push_at = fields.required("push", "push: \"udesk:end\"", problems);
    let field_at = fields.required("field", "field: survey", problems);
    let value = match fields.entry("value") {
        Some(entry) => field_value(&entry.value, texts, problems),
        None => {
            fields.required("value", "value: 满意", problems);
            None
        }
    };
    let push = push_at.and_then(|node| scalar(node, "`push`", "the name of a push", problems));
    let field = field_at.and_then(|node| text(node, "`field`", problems));
    let (push, field) = (push?, field?);
    let at = |node: Option<&Node>| node.map_or_else(|| item.span.clone(), |node| node.span.clone());
    let (code, at, wrong) = match settable(push, &field, value.as_ref(), all) {
        Ok(meant) => return Some(Override { push: meant.glob, field, value: value? }),
        Err(Unsettable::Name(wrong)) => (Code::UnknownName, at(push_at), wrong),
        Err(Unsettable::Field(wrong)) => (Code::UnknownName, at(field_at), wrong),
        Err(Unsettable::Value(wrong)) => (Code::BadValue, at(fields.entry("value").map(|entry| &entry.value)), wrong),
    };
    problems.add(Problem::new(code, &at, wrong.reason).help(wrong.help));
    None
}

/// What cannot be set, and why.
enum Unsettable {
    Name(Wrong),
    Field(Wrong),
    Value(Wrong),
}

impl Unsettable {
    fn told(&self) -> String {
        let (Self::Name(wrong) | Self::Field(wrong) | Self::Value(wrong)) = self;
        format!("{}: {}", wrong.reason, wrong.help)
    }
}

/// The pushes that are meant, where one of them has the field, and the field can have the value.
fn settable(
    push: &str,
    field: &str,
    value: Option<&FieldValue>,
    all: &[&'static dyn Vendor],
) -> Result<Meant, Unsettable> {
    let meant = meant(push, all).map_err(Unsettable::Name)?;
    has_field(push, &meant, field).map_err(Unsettable::Field)?;
    match value.and_then(|value| contradiction(&meant, field, value)) {
        Some(wrong) => Err(Unsettable::Value(wrong)),
        None => Ok(meant),
    }
}

/// Whether this is `{call.id}` without quotes, which YAML takes for a key without a value.
fn is_place(node: &Node) -> bool {
    let Kind::Map(entries) = &node.kind else { return false };
    let is_name = |key: &str| {
        let read = Template::parse(&format!("{{{key}}}"), Braces::Names, &|_| Some("value".to_owned()));
        read.is_ok_and(|template| !template.is_plain())
    };
    matches!(entries.as_slice(), [only] if only.value.kind == Kind::Nothing && is_name(&only.key))
}

/// A value with places for values in its texts.
fn field_value(node: &Node, texts: &Texts<'_>, problems: &mut Problems) -> Option<FieldValue> {
    if is_place(node) {
        let problem = Problem::new(Code::BadValue, &node.span, "without quotes, YAML takes these braces for a key");
        problems.add(problem.help("put the place for a value into quotes: `value: \"{call.id}\"`"));
        return None;
    }
    Some(match &node.kind {
        Kind::List(items) => {
            let read: Vec<_> = items.iter().map(|item| field_value(item, texts, problems)).collect();
            FieldValue::List(read.into_iter().collect::<Option<_>>()?)
        }
        Kind::Map(entries) => {
            let read = entries.iter().map(|entry| (entry, field_value(&entry.value, texts, problems)));
            let read: Vec<_> = read.map(|(entry, value)| Some((entry.key.clone(), value?))).collect();
            FieldValue::Keys(read.into_iter().collect::<Option<_>>()?)
        }
        Kind::Scalar { .. } | Kind::Nothing => match json(node, problems) {
            Value::String(text) => FieldValue::Text(texts.read(&text, &node.span, Braces::Fields, problems)?),
            other => FieldValue::Other(other),
        },
    })
}

/// Reads `VENDOR:PUSH.FIELD=VALUE` as the command line has it: the value is YAML, as in a file.
///
/// # Errors
/// What is wrong and what to do, in one line.
pub fn parse_override(argument: &str, environment: Environment<'_>) -> Result<Override, String> {
    let shape = || "write `VENDOR:PUSH.FIELD=VALUE`, such as `udesk:end.survey=满意`".to_owned();
    let (path, value) = argument.split_once('=').ok_or_else(shape)?;
    let (push, field) = path.split_once('.').ok_or_else(shape)?;
    let (push, field) = (push.trim(), field.trim());
    if push.is_empty() || field.is_empty() {
        return Err(shape());
    }
    let (all, value_as_written) = (crate::vendors::ALL, value.trim());
    settable(push, field, None, all).map_err(|wrong| wrong.told())?;
    let mut problems = Problems::default();
    // What is no YAML, such as `@x`, is a text: nobody should have to quote twice in a shell.
    let read = if value.trim().is_empty() { None } else { tree::read(value, &mut Vec::new()).ok() };
    let texts = Texts { environment, of: Of::Push };
    let alone = |text: &str| texts.alone(text, Braces::Fields).map(FieldValue::Text).map_err(|wrong| wrong.to_string());
    // Quotes that make a text of a number are gone by now, too; what the field is says so instead.
    let is_scalar = read.as_ref().is_some_and(|node| matches!(node.kind, Kind::Scalar { .. }));
    let value = match read {
        // In a shell, quotes are gone by now.
        Some(node) if is_place(&node) => Some(alone(value_as_written)?),
        Some(node) => field_value(&node, &texts, &mut problems),
        None => Some(alone(value)?),
    };
    match value {
        Some(value) if problems.is_empty() => {
            let (meant, value) = match settable(push, field, Some(&value), all) {
                Err(Unsettable::Value(wrong)) if is_scalar => {
                    let text = alone(value_as_written)?;
                    let meant = settable(push, field, Some(&text), all);
                    (meant.map_err(|_| Unsettable::Value(wrong).told())?, text)
                }
                meant => (meant.map_err(|wrong| wrong.told())?, value),
            };
            Ok(Override { push: meant.glob, field: field.to_owned(), value })
        }
        _ => Err(problems.first().unwrap_or_else(shape)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_has_a_push_a_field_and_a_value() {
        let read = |text: &str| parse_override(text, &|name| (name == "TOKEN").then(|| "hush".to_owned()));
        for wrong in ["", "udesk:end", "udesk:end=1", "udesk:end.=1", ".survey=1", "end.survey"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        for place in ["{call.id}", "{env.TOKEN}", "id-{call.id}", "[1, '{call.id}']"] {
            let read = read(&format!("udesk:end.questionnaire_contents={place}")).expect(place);
            assert!(read.value.to_string().contains('{'), "{place}");
        }
        for (field, value, written) in [
            ("survey", "5", r#""5""#),
            ("survey", "true", r#""true""#),
            ("survey", r#""5""#, r#""5""#),
            ("total_time", "5", "5"),
            ("questionnaire_id", "5", "5"),
            ("is_blocked", "true", "true"),
        ] {
            let read = read(&format!("udesk:end.{field}={value}")).expect(field);
            assert_eq!(read.value.to_string(), written, "{field}={value}");
        }
        for (field, value) in [("total_time", "long"), ("survey", "[5]"), ("is_blocked", "1"), ("agent_tags", "vip")] {
            let wrong = read(&format!("udesk:end.{field}={value}")).expect_err(field);
            assert!(wrong.contains("and this is"), "{field}={value}: {wrong}");
        }
        for (place, told) in [
            ("{call.di}", "`{call.id}`"),
            ("${TOKEN}", "`{env.TOKEN}`"),
            ("{{x}}", "braces"),
            ("{env.NOBODY}", "not set"),
            ("403344537650466816000", "too large"),
        ] {
            let wrong = read(&format!("udesk:end.survey={place}")).expect_err(place);
            assert!(wrong.contains(told), "{place}: {wrong}");
        }
    }
}
