//! Addresses with places for what a call knows, such as `{call.id}`: a mark stands for each of them until the head of a
//! request is taken apart.

use super::slot::{Origin, Text};
use super::source::Source;
use crate::body::{Escape, Leaf};
use crate::contract::{self, Known, Template};
use crate::plan::{Plan, Targets};
use url::Url;

/// What the mark of a value begins and ends with; it is in no head that anybody writes.
const BEGIN: &str = "ringback-value-9d41-";
const END: &str = "-e7";

/// What the number in the mark of a header begins with.
const HEADER: &str = "header-";

/// What stands in place of the value of a header, which has this number.
pub(super) fn mark_of_header(nth: usize) -> String {
    format!("{BEGIN}{HEADER}{nth}{END}")
}

/// What the number in the mark of a signature begins with.
const SIGNATURE: &str = "signature-";

/// What stands in place of a header that signs the request, which has this number.
pub(super) fn mark_of_signature(nth: usize) -> String {
    format!("{BEGIN}{SIGNATURE}{nth}{END}")
}

/// The places of a story, and what stands in each.
pub(super) struct Places {
    /// Marks in place of what the story knows.
    marks: Known,
    /// The leaves behind the marks; a value that no leaf has is the same in every call.
    leaves: Vec<Leaf>,
    targets: Vec<Option<Template>>,
}

impl Places {
    /// Those of a scenario, with what the plan of one call knows.
    pub(super) fn of(source: &Source, plan: &Plan) -> Self {
        let has_places = |template: &Template| template.names().next().is_some();
        let written = match &source.circumstances.targets {
            Targets::Written(written) => written.as_slice(),
            Targets::OrElse(_) => source.scenario.deliver.to.as_slice(),
            Targets::Given(_) => &[],
        };
        let targets: Vec<_> = written.iter().map(|target| Some(target.clone()).filter(has_places)).collect();
        let mut places = Self { marks: Known::default(), leaves: Vec::new(), targets };
        if places.is_empty() {
            return places;
        }
        for (name, value) in plan.known_to_contract().iter() {
            let leaf = plan.deliveries.iter().find_map(|delivery| delivery.request.body.leaf_of(value)).cloned();
            places.add(&name, leaf.unwrap_or_else(|| Leaf::from(value.to_owned())));
        }
        places
    }

    /// Whether no address has any.
    pub(super) fn is_empty(&self) -> bool {
        self.targets.iter().flatten().next().is_none()
    }

    fn add(&mut self, name: &str, leaf: Leaf) {
        let name = name.split(':').next().unwrap_or(name);
        self.marks.add(name, format!("{BEGIN}{}{END}", self.leaves.len()));
        self.leaves.push(leaf);
    }

    /// An address with marks in it; none where it has no places, or where its marks cannot stand.
    pub(super) fn target(&self, nth: usize) -> Option<Url> {
        let template = self.targets.get(nth)?.as_ref()?;
        template.fill(&self.marks, contract::Escape::Address).ok()?.sent.parse().ok()
    }

    /// A part of a head with what its marks stand for; `headers` are the values behind [`mark_of_header`].
    pub(super) fn filled(&self, head: &str, headers: &[Leaf], origin: Origin<'_>) -> Text {
        let mut text = Text::default();
        let mut rest = head;
        while let Some((before, behind)) = rest.split_once(BEGIN) {
            let Some((mark, after)) = behind.split_once(END) else { break };
            let leaf_in = |leaves: &'_ [Leaf], nth: &str, escapes: &[Escape]| {
                let leaf = nth.parse::<usize>().ok().and_then(|nth| leaves.get(nth));
                leaf.map(|leaf| Text::of(leaf, escapes, origin)).unwrap_or_default()
            };
            let value = match (mark.strip_prefix(HEADER), mark.strip_prefix(SIGNATURE)) {
                (Some(nth), _) => leaf_in(headers, nth, &[]),
                (_, Some(nth)) => nth.parse().map(Text::of_signature).unwrap_or_default(),
                (None, None) => leaf_in(&self.leaves, mark, &[Escape::Address]),
            };
            text = text.then(Text::fixed(before.as_bytes())).then(value);
            rest = after;
        }
        text.then(Text::fixed(rest.as_bytes()))
    }
}
