//! Reads `set`, in a file or on the command line: values that replace what a vendor would send.

use super::Override;
use super::block::Block;
use super::fields::{Fields, items, scalar, text};
use super::places::{Of, Texts};
use super::problems::{Problem, Problems};
use super::secret::Environment;
use super::tree::{self, Kind, Node};
use super::value::json;
use crate::contract::{Braces, FieldValue, Template};
use crate::diagnostic::Code;
use crate::spelling::{did_you_mean, nearest, tick};
use crate::vendors::{PushFact, Vendor};
use serde_json::Value;
use wildmatch::WildMatch;

/// How many values a scenario can replace.
pub const OVERRIDES_MAX: usize = 500;
/// The longest name of a push, wildcards included, in characters.
pub const PUSH_MAX_CHARS: usize = 100;
/// The longest path of a field, in characters.
pub const FIELD_MAX_CHARS: usize = 300;

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

fn one(node: &Node, all: &[&'static dyn Vendor], texts: &Texts<'_>, problems: &mut Problems) -> Option<Override> {
    let fields = Fields::open(node, &node.span, Block::Override, problems)?;
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
    let (push, field) = (push?.to_owned(), field?);
    match check(&push, &field, all) {
        Ok(()) => Some(Override { push, field, value: value? }),
        Err(Unknown::Push(help)) => {
            let at = push_at.map_or(&node.span, |node| &node.span);
            problems.add(Problem::new(Code::UnknownName, at, format!("no push is called {}", tick(&push))).help(help));
            None
        }
        Err(Unknown::Field(help)) => {
            let at = field_at.map_or(&node.span, |node| &node.span);
            let message = format!("{} has no field {}", tick(&push), tick(&field));
            problems.add(Problem::new(Code::UnknownName, at, message).help(help));
            None
        }
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
    check(push, field, crate::vendors::ALL).map_err(|unknown| match unknown {
        Unknown::Push(help) => format!("no push is called {}: {help}", tick(push)),
        Unknown::Field(help) => format!("{} has no field {}: {help}", tick(push), tick(field)),
    })?;
    let mut problems = Problems::default();
    // What is no YAML, such as `@x`, is a text: nobody should have to quote twice in a shell.
    let read = if value.trim().is_empty() { None } else { tree::read(value, &mut Vec::new()).ok() };
    let texts = Texts { environment, of: Of::Push };
    let alone = |text: &str| texts.alone(text, Braces::Fields).map(FieldValue::Text).map_err(|wrong| wrong.to_string());
    let value = match read {
        // In a shell, quotes are gone by now.
        Some(node) if is_place(&node) => Some(alone(value.trim())?),
        Some(node) => field_value(&node, &texts, &mut problems),
        None => Some(alone(value)?),
    };
    match value {
        Some(value) if problems.is_empty() => Ok(Override { push: push.to_owned(), field: field.to_owned(), value }),
        _ => Err(problems.first().unwrap_or_else(shape)),
    }
}

enum Unknown {
    Push(String),
    Field(String),
}

/// What to do about the name of a push that no vendor has; `None` where one has it.
pub(super) fn unknown_push(push: &str, all: &[&'static dyn Vendor]) -> Option<String> {
    // Only the push is asked for; any field would do.
    match check(push, "", all) {
        Err(Unknown::Push(help)) => Some(help),
        Err(Unknown::Field(_)) | Ok(()) => None,
    }
}

/// What to do about a field that none of the pushes has; `None` where one has it, or where the pushes are not known.
pub(super) fn unknown_field(push: &str, field: &str, all: &[&'static dyn Vendor]) -> Option<String> {
    match check(push, field, all) {
        Err(Unknown::Field(help)) => Some(help),
        Err(Unknown::Push(_)) | Ok(()) => None,
    }
}

/// Whether some vendor has the push, and one of the pushes the field.
fn check(push: &str, field: &str, all: &[&'static dyn Vendor]) -> Result<(), Unknown> {
    let is_longer = |text: &str, most: usize| text.chars().nth(most).is_some();
    if is_longer(push, PUSH_MAX_CHARS) {
        return Err(Unknown::Push(format!("the name of a push has {PUSH_MAX_CHARS} characters at most")));
    }
    if is_longer(field, FIELD_MAX_CHARS) {
        return Err(Unknown::Field(format!("the path of a field has {FIELD_MAX_CHARS} characters at most")));
    }
    let named = |vendor: &dyn Vendor, fact: &PushFact| format!("{}:{}", vendor.id(), fact.name);
    let pushes: Vec<(String, &PushFact)> =
        all.iter().flat_map(|vendor| vendor.pushes().iter().map(move |fact| (named(*vendor, fact), fact))).collect();
    let glob = WildMatch::new(push);
    let matched: Vec<&PushFact> = pushes.iter().filter(|(name, _)| glob.matches(name)).map(|(_, fact)| *fact).collect();
    if matched.is_empty() {
        return Err(Unknown::Push(push_help(push, &pushes, all)));
    }
    // A push without a catalogue can have any field.
    if matched.iter().any(|fact| fact.fields.is_empty() || fact.fields.iter().any(|known| leads_to(known.name, field)))
    {
        return Ok(());
    }
    let known: Vec<&str> = matched.iter().flat_map(|fact| fact.fields.iter()).map(|known| known.name).collect();
    let inner = known.iter().find(|known| known.rsplit('.').next() == Some(field));
    Err(Unknown::Field(match inner {
        Some(inner) => format!("did you mean {}?", tick(inner)),
        None => match nearest(field, known.iter().copied()) {
            Some(near) => format!("did you mean {}?", tick(near)),
            None => "`ringback plan` shows the bodies with their fields".to_owned(),
        },
    }))
}

/// Whether a path of keys and list positions leads to a known field, into it, or to an object around it.
fn leads_to(known: &str, path: &str) -> bool {
    let keys: Vec<&str> = path.split('.').filter(|key| key.parse::<usize>().is_err()).collect();
    let known: Vec<&str> = known.split('.').collect();
    !keys.is_empty() && keys.iter().zip(&known).all(|(key, known)| key == known)
}

fn push_help(push: &str, pushes: &[(String, &PushFact)], all: &[&'static dyn Vendor]) -> String {
    let names: Vec<&str> = pushes.iter().map(|(name, _)| name.as_str()).collect();
    if let Some((name, _)) = pushes.iter().find(|(_, fact)| fact.name == push) {
        return format!("the vendor stands before it: {}", tick(name));
    }
    if let Some(near) = nearest(push, names.iter().copied()) {
        return format!("did you mean {}?", tick(near));
    }
    let vendors: Vec<&str> = all.iter().map(|vendor| vendor.id()).collect();
    match push.split_once(':') {
        Some((vendor, _)) if !vendors.contains(&vendor) && !vendor.contains(['*', '?']) => {
            did_you_mean(vendor, &vendors, "the vendors are")
        }
        Some((vendor, _)) if vendors.contains(&vendor) => {
            format!("`ringback list pushes --vendor {vendor}` lists what there is")
        }
        _ => "write `VENDOR:PUSH`; `ringback list pushes` lists what there is".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_a_field_into_it_or_around_it() {
        for (known, path, leads) in [
            ("survey", "survey", true),
            ("content.agentName", "content.agentName", true),
            ("content.agentName", "content", true),
            ("custom_fields", "custom_fields.TextField_1", true),
            ("note.fields", "note.0.fields.1", true),
            ("survey", "surveys", false),
            ("content.agentName", "content.agent", false),
            ("content.agentName", "agentName", false),
            ("survey", "0", false),
        ] {
            assert_eq!(leads_to(known, path), leads, "{path} for {known}");
        }
    }

    #[test]
    fn an_argument_has_a_push_a_field_and_a_value() {
        let read = |text: &str| parse_override(text, &|name| (name == "TOKEN").then(|| "hush".to_owned()));
        for wrong in ["", "udesk:end", "udesk:end=1", "udesk:end.=1", ".survey=1", "end.survey"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        for place in ["{call.id}", "{env.TOKEN}", "id-{call.id}", "[1, '{call.id}']"] {
            let read = read(&format!("udesk:end.survey={place}")).expect(place);
            assert!(read.value.to_string().contains('{'), "{place}");
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
