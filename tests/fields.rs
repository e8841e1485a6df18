//! What goes out is what the catalogue says: every leaf of every push and record is what its field says, and none lacks one.

use crate::support::plans::{plan, shipped};
use ringback::body::Leaf;
use ringback::plan::Plan;
use ringback::vendors::{self, FieldFact, FieldKind, PushFact, Vendor};
use std::collections::BTreeMap;

const SEEDS: [u64; 2] = [1, 2];

/// The fields of one push, and what is wrong with it, by field.
struct Catalogue {
    fields: Vec<&'static FieldFact>,
    flaws: Vec<(String, String)>,
}

impl Catalogue {
    fn flaw(&mut self, field: &str, what: impl Into<String>) {
        self.flaws.push((field.to_owned(), what.into()));
    }

    /// Compares an object, whose path ends in a dot unless it is empty, with the fields within it.
    fn object(&mut self, path: &str, leaf: &Leaf) {
        let Leaf::Object(members) = leaf else { return self.flaw(path, "is no object") };
        let there: Vec<_> = members.iter().filter(|member| member.leaf != Leaf::Absent).collect();
        let inner = |field: &&'static FieldFact| field.name.strip_prefix(path).is_some_and(|key| !key.contains('.'));
        let fields: Vec<_> = self.fields.iter().copied().filter(inner).collect();
        for field in &fields {
            match there.iter().filter(|member| field.name[path.len()..] == *member.name).count() {
                0 if field.only.is_none() => self.flaw(field.name, "is not there"),
                0 | 1 => {}
                _ => self.flaw(field.name, "is there more than once"),
            }
        }
        for member in there {
            match fields.iter().find(|field| field.name[path.len()..] == *member.name) {
                Some(field) => self.value(field, &member.leaf),
                None => self.flaw(&format!("{path}{}", member.name), "has no row"),
            }
        }
    }

    fn value(&mut self, field: &FieldFact, leaf: &Leaf) {
        let inner = format!("{}.", field.name);
        match (field.kind, leaf) {
            (_, Leaf::Null) if field.is_nullable => {}
            (FieldKind::Object, Leaf::Object(_)) => self.object(&inner, leaf),
            (FieldKind::Objects, Leaf::List(items)) => items.iter().for_each(|item| self.object(&inner, item)),
            (kind, leaf) if is_of(kind, leaf) => {}
            (kind, leaf) => self.flaw(field.name, format!("is no {kind:?}: {leaf:?}")),
        }
    }
}

/// Whether a leaf is of a kind that has no fields within it. A text is empty where nothing is known.
fn is_of(kind: FieldKind, leaf: &Leaf) -> bool {
    let text = leaf.text();
    match kind {
        FieldKind::Any => *leaf != Leaf::Null,
        FieldKind::Flag => matches!(leaf, Leaf::Flag(_)),
        FieldKind::Integer => leaf.is_number() && text.parse::<i64>().is_ok(),
        FieldKind::Texts => matches!(leaf, Leaf::List(items) if items.iter().all(is_text)),
        FieldKind::Object | FieldKind::Objects => false,
        FieldKind::Text | FieldKind::OpenWord(_) => is_text(leaf),
        FieldKind::Digits => is_text(leaf) && text.bytes().all(|byte| byte.is_ascii_digit()),
        FieldKind::Word(words) => is_text(leaf) && words.contains(&&*text),
        FieldKind::Time(form) => match leaf {
            Leaf::Time(time) => time.form == form && !time.is_number,
            leaf => is_text(leaf) && text.is_empty(),
        },
    }
}

fn is_text(leaf: &Leaf) -> bool {
    let is_other = matches!(leaf, Leaf::Absent | Leaf::Null | Leaf::Flag(_) | Leaf::List(_) | Leaf::Object(_));
    !is_other && !leaf.is_number()
}

/// Everything that a plan sends or records, with what the catalogue has of it.
fn everything(plan: &Plan, vendor: &'static dyn Vendor) -> Vec<(&'static PushFact, Leaf)> {
    let pushed = plan.deliveries.iter().map(|delivery| {
        let fact = vendor.pushes().iter().find(|fact| fact.name == delivery.request.name);
        (fact.expect("a push of the catalogue"), delivery.request.fields().expect("fields"))
    });
    let recorded = plan.records.iter().map(|planned| {
        let [fact] = vendor.records() else { panic!("{} has several kinds of records", vendor.id()) };
        (fact, planned.record.content.clone())
    });
    pushed.chain(recorded).collect()
}

#[test]
fn every_leaf_is_what_its_field_says_and_none_lacks_one() {
    let (mut compared, mut flaws) = (0, BTreeMap::new());
    // Customers name the fields of the one that is left out.
    for scenario in shipped().iter().filter(|scenario| scenario.name != "push-actions") {
        for (vendor, seed) in vendors::ALL.iter().flat_map(|vendor| SEEDS.map(|seed| (*vendor, seed))) {
            let Some(plan) = plan(scenario, vendor.id(), seed) else { continue };
            for (fact, leaf) in everything(&plan, vendor) {
                let mut catalogue = Catalogue { fields: fact.fields.iter().collect(), flaws: Vec::new() };
                catalogue.object("", &leaf);
                compared += 1;
                for (field, what) in catalogue.flaws {
                    let field = format!("{}:{} {field}", vendor.id(), fact.name);
                    flaws.entry(field).or_insert_with(|| format!("{what}, in {} at seed {seed}", scenario.name));
                }
            }
        }
    }
    let flaws: Vec<String> = flaws.into_iter().map(|(field, what)| format!("{field} {what}")).collect();
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
    assert!(compared > 1000, "{compared} pushes and records");
}
