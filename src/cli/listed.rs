//! The entries of the lists: each as programs read it, a JSON object whose keys are the names here, and as a row for people.

use crate::contract::CheckFact;
use crate::diagnostic::Code;
use crate::duration;
use crate::faults::{FaultFact, Setting, Takes};
use crate::vendors::{FieldFact, Named, OptionFact, OptionKind, Origin, Vendor, named};
use serde::Serialize;
use serde_json::{Value, json};

/// An entry of a list.
pub(super) trait Entry: Serialize {
    /// As lines of a table; most take one.
    fn rows(&self) -> Vec<Vec<String>>;
}

/// A vendor.
#[derive(Serialize)]
pub(super) struct VendorEntry {
    name: &'static str,
    title: &'static str,
    /// How many pushes and records are told.
    pushes: usize,
    /// How many of them its documents name.
    documented: usize,
    /// How many fields, by where the knowledge of them comes from.
    seed_fields: usize,
    documented_fields: usize,
    inferred_fields: usize,
    options: usize,
    /// Whether it pushes nothing and keeps records.
    keeps_records: bool,
}

impl VendorEntry {
    pub(super) fn of(vendor: &'static dyn Vendor) -> Self {
        let fields = |origin| {
            named::told(vendor).flat_map(|push| push.fact.fields.iter()).filter(|field| field.origin == origin).count()
        };
        Self {
            name: vendor.id(),
            title: vendor.title(),
            pushes: named::told(vendor).count(),
            documented: vendor.documented(),
            seed_fields: fields(Origin::Seed),
            documented_fields: fields(Origin::Documented),
            inferred_fields: fields(Origin::Inferred),
            options: vendor.options().len(),
            keeps_records: vendor.pushes().is_empty(),
        }
    }
}

impl Entry for VendorEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        let noun = if self.keeps_records { "records" } else { "pushes" };
        let counts = [
            (self.seed_fields, Origin::Seed),
            (self.documented_fields, Origin::Documented),
            (self.inferred_fields, Origin::Inferred),
        ];
        let told = counts.iter().filter(|(count, _)| *count > 0).map(|(count, origin)| format!("{count} {origin}"));
        let told: Vec<_> = told.collect();
        vec![vec![
            self.name.to_owned(),
            self.title.to_owned(),
            format!("{}/{} documented {noun}", self.pushes, self.documented),
            format!("fields: {}", told.join(", ")),
            format!("{} options", self.options),
        ]]
    }
}

/// A push, or an entry of a vendor's own records.
#[derive(Serialize)]
pub(super) struct PushEntry {
    name: String,
    /// The second name; null where there is none.
    alias: Option<String>,
    vendor: &'static str,
    /// The heading of the vendor's document.
    title: &'static str,
    when: &'static str,
    origin: &'static str,
    fields: usize,
    inferred_fields: usize,
}

impl PushEntry {
    pub(super) fn of(named: Named) -> Self {
        let fields = named.fact.fields;
        Self {
            name: named.name(),
            alias: named.alias(),
            vendor: named.vendor.id(),
            title: named.fact.title,
            when: named.fact.when,
            origin: named.fact.origin.as_str(),
            fields: fields.len(),
            inferred_fields: fields.iter().filter(|field| field.origin == Origin::Inferred).count(),
        }
    }
}

impl Entry for PushEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        let fields = match self.inferred_fields {
            0 => format!("{} fields", self.fields),
            inferred => format!("{} fields, {inferred} inferred", self.fields),
        };
        let name = named::shown(&self.name).into_owned();
        vec![vec![name, fields, self.origin.to_owned(), self.title.to_owned(), self.when.to_owned()]]
    }
}

/// A field of a push.
#[derive(Serialize)]
pub(super) struct FieldEntry {
    push: String,
    name: &'static str,
    kind: &'static str,
    /// All that it can be, or of an `open_word` some; none of the other kinds.
    words: &'static [&'static str],
    nullable: bool,
    /// When it is there at all; null where it always is.
    only: Option<&'static str>,
    /// The fact of the call that it carries; null where it carries none.
    fact: Option<&'static str>,
    meaning: &'static str,
    chinese: &'static str,
    origin: &'static str,
}

impl FieldEntry {
    pub(super) fn of(push: Named, field: &FieldFact) -> Self {
        Self {
            push: push.name(),
            name: field.name,
            kind: field.kind.word(),
            words: field.kind.words(),
            nullable: field.is_nullable,
            only: field.only,
            fact: field.fact.map(crate::call::Fact::as_str),
            meaning: field.meaning,
            chinese: field.chinese,
            origin: field.origin.as_str(),
        }
    }

    /// Its type for people: `word or null`.
    pub(super) fn kind(&self) -> String {
        let kind = self.kind.replace('_', " ");
        if self.nullable { format!("{kind} or null") } else { kind }
    }

    /// A line for it among the fields of its push, without its remarks.
    pub(super) fn row(&self) -> Vec<String> {
        let meaning = format!("{} {}", self.meaning, self.chinese);
        vec![self.name.to_owned(), self.kind(), self.fact.unwrap_or("-").to_owned(), self.origin.to_owned(), meaning]
    }

    /// What is said of it besides its meaning: its words, and when it is there.
    pub(super) fn remarks(&self) -> Vec<String> {
        let words = match self.words {
            [] => None,
            [only] if self.kind == "word" => Some(format!("always {only}")),
            words if self.kind == "open_word" => Some(format!("such as {}", words.join(", "))),
            words => Some(format!("one of {}", words.join(", "))),
        };
        words.into_iter().chain(self.only.map(|only| format!("only {only}"))).collect()
    }
}

impl Entry for FieldEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        let mut row = self.row();
        row.insert(0, named::shown(&self.push).into_owned());
        if let Some(meaning) = row.last_mut() {
            self.remarks().iter().for_each(|remark| *meaning += &format!("; {remark}"));
        }
        vec![row]
    }
}

/// An option of a vendor.
#[derive(Serialize)]
pub(super) struct OptionEntry {
    name: String,
    vendor: &'static str,
    kind: &'static str,
    /// The words of a choice; none of the other kinds.
    words: Vec<&'static str>,
    /// What holds where nothing is set; null where it is drawn, or nothing.
    default: Value,
    meaning: &'static str,
    origin: &'static str,
}

impl OptionEntry {
    pub(super) fn of(vendor: &'static dyn Vendor, fact: &'static OptionFact) -> Self {
        let (kind, default) = match &fact.kind {
            OptionKind::Switch(default) => ("switch", json!(default)),
            OptionKind::Text(default) => ("text", json!(default)),
            OptionKind::Integer(default) => ("number", json!(default)),
            OptionKind::Duration(default) => ("duration", json!(duration::text(*default))),
            OptionKind::Choice(words) => ("choice", json!(words.first())),
            OptionKind::List => ("list", Value::Null),
            OptionKind::Any => ("any", Value::Null),
        };
        let words = if let OptionKind::Choice(words) = &fact.kind { words.to_vec() } else { Vec::new() };
        let name = format!("{}.{}", vendor.id(), fact.name);
        let (meaning, origin) = (fact.meaning, fact.origin.as_str());
        Self { name, vendor: vendor.id(), kind, words, default, meaning, origin }
    }

    fn kind_and_default(&self) -> String {
        let kind = if self.words.is_empty() { self.kind.to_owned() } else { self.words.join("|") };
        match &self.default {
            Value::Null => kind,
            Value::String(text) if self.kind == "text" => format!("{kind} = \"{text}\""),
            Value::String(text) => format!("{kind} = {text}"),
            other => format!("{kind} = {other}"),
        }
    }
}

impl Entry for OptionEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        vec![vec![self.name.clone(), self.kind_and_default(), self.origin.to_owned(), self.meaning.to_owned()]]
    }
}

/// A built-in scenario.
#[derive(Serialize)]
pub(super) struct ScenarioEntry {
    pub name: String,
    pub title: String,
}

impl Entry for ScenarioEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        vec![vec![self.name.clone(), self.title.clone()]]
    }
}

/// A built-in fault profile.
#[derive(Serialize)]
pub(super) struct ProfileEntry {
    pub name: String,
    pub title: String,
    /// How many faults it has.
    pub faults: usize,
}

impl Entry for ProfileEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        vec![vec![self.name.clone(), format!("{} faults", self.faults), self.title.clone()]]
    }
}

/// A fault.
#[derive(Serialize)]
pub(super) struct FaultEntry {
    name: &'static str,
    layer: &'static str,
    loss: &'static str,
    meaning: &'static str,
    settings: Vec<SettingEntry>,
}

/// A setting of a fault.
#[derive(Serialize)]
struct SettingEntry {
    name: &'static str,
    meaning: &'static str,
    /// Its default and its cap, in words.
    takes: String,
}

impl FaultEntry {
    pub(super) fn of(fact: &FaultFact) -> Self {
        let setting = |setting: &Setting| SettingEntry {
            name: setting.name,
            meaning: setting.meaning,
            takes: limits(setting.takes),
        };
        Self {
            name: fact.name,
            layer: fact.layer.as_str(),
            loss: fact.loss().as_str(),
            meaning: fact.meaning,
            settings: fact.settings.iter().map(setting).collect(),
        }
    }
}

impl Entry for FaultEntry {
    /// A line for it, and one for each of its settings.
    fn rows(&self) -> Vec<Vec<String>> {
        let head = [self.name, self.layer, self.loss, self.meaning].map(str::to_owned).to_vec();
        let setting = |setting: &SettingEntry| {
            let told = format!("  {}: {} ({})", setting.name, setting.meaning, setting.takes);
            vec![String::new(), String::new(), String::new(), told]
        };
        std::iter::once(head).chain(self.settings.iter().map(setting)).collect()
    }
}

/// What a setting of a fault takes: its default and its cap.
pub(super) fn limits(takes: Takes) -> String {
    match takes {
        Takes::Length { default, most } | Takes::Range { default, most } => {
            format!("{} by default, at most {}", duration::text(default), duration::text(most))
        }
        Takes::Whole { default, fewest, most } => format!("{default} by default, {fewest} to {most}"),
        Takes::Percent => "a percentage".to_owned(),
        Takes::Word(words) => format!("{} by default, or {}", words[0], words[1..].join(", ")),
        Takes::Text(default) | Takes::HeaderValue(default) | Takes::Header(default) => {
            format!("`{default}` by default")
        }
        Takes::Field => "a path".to_owned(),
        Takes::Push => "a push, with `*` and `?`".to_owned(),
    }
}

/// A check or a matcher.
#[derive(Serialize)]
pub(super) struct CheckEntry {
    name: &'static str,
    kind: &'static str,
    /// The code of what breaks it; null of a matcher.
    code: Option<&'static str>,
    meaning: &'static str,
    /// What it takes; empty where it takes no value.
    takes: &'static str,
    /// How it is written.
    example: &'static str,
}

impl CheckEntry {
    pub(super) fn of(fact: &CheckFact) -> Self {
        Self {
            name: fact.name,
            kind: fact.kind.as_str(),
            code: fact.code.map(Code::as_str),
            meaning: fact.meaning,
            takes: fact.takes,
            example: fact.example,
        }
    }
}

impl Entry for CheckEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        let takes = if self.takes.is_empty() { "no value" } else { self.takes };
        vec![[self.name, self.kind, self.code.unwrap_or(""), self.meaning, takes].map(str::to_owned).to_vec()]
    }
}

/// A format of reports.
#[derive(Serialize)]
pub(super) struct ReportEntry {
    pub name: &'static str,
    pub meaning: &'static str,
}

impl Entry for ReportEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        vec![vec![self.name.to_owned(), self.meaning.to_owned()]]
    }
}

/// A code.
#[derive(Serialize)]
pub(super) struct CodeEntry {
    pub name: &'static str,
    pub title: &'static str,
}

impl Entry for CodeEntry {
    fn rows(&self) -> Vec<Vec<String>> {
        vec![vec![self.name.to_owned(), self.title.to_owned()]]
    }
}
