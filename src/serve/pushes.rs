//! What there is: vendors and their pushes, with what is known of each field and where that comes from.

use super::answer::{Answered, Parameters, Part, ok};
use super::problem::Problem;
use crate::session;
use crate::vendors::{self, Named, OptionFact, named};
use schemars::JsonSchema;
use serde::Serialize;

/// A vendor.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VendorFacts {
    /// Its id.
    id: &'static str,
    /// The name of the product.
    title: &'static str,
    /// How many pushes and records its documents name.
    documented: usize,
    /// The pushes that are played.
    pushes: Vec<String>,
    /// What can be configured.
    options: Vec<OptionFacts>,
}

/// An option of a vendor.
#[derive(Debug, Serialize, JsonSchema)]
struct OptionFacts {
    name: &'static str,
    /// What it does.
    meaning: &'static str,
    /// Where the default comes from: `seed`, `documented`, `inferred`.
    origin: &'static str,
}

/// The vendors.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Vendors {
    vendors: Vec<VendorFacts>,
}

/// A push.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PushLine {
    /// Vendor and push: `udesk:end`.
    name: String,
    /// The second name, where the vendor's own is a number: `tinet:agent-state`.
    alias: Option<String>,
    /// The vendor's id.
    vendor: &'static str,
    /// The heading of the vendor's document.
    title: &'static str,
    /// When it is sent.
    when: &'static str,
    /// Where the knowledge that it exists comes from: `seed`, `documented`, `inferred`.
    origin: &'static str,
}

/// The pushes.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Pushes {
    pushes: Vec<PushLine>,
}

/// A push with its fields.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PushFields {
    #[serde(flatten)]
    line: PushLine,
    /// Its fields, in the order of the document.
    fields: Vec<Field>,
}

/// A field of a push.
#[derive(Debug, Serialize, JsonSchema)]
struct Field {
    /// The key, or `outer.inner`.
    name: &'static str,
    /// What it means.
    meaning: &'static str,
    /// Where the knowledge of it comes from: `seed`, `documented`, `inferred`.
    origin: &'static str,
}

pub(super) async fn vendors() -> Answered {
    let option =
        |fact: &OptionFact| OptionFacts { name: fact.name, meaning: fact.meaning, origin: fact.origin.as_str() };
    let vendors = vendors::ALL.iter().map(|vendor| VendorFacts {
        id: vendor.id(),
        title: vendor.title(),
        documented: vendor.documented(),
        pushes: vendor.pushes().iter().map(|push| format!("{}:{}", vendor.id(), push.name)).collect(),
        options: vendor.options().iter().map(option).collect(),
    });
    ok(&Vendors { vendors: vendors.collect() })
}

pub(super) async fn pushes(parameters: Parameters) -> Answered {
    parameters.only(&["vendor"])?;
    let only = match parameters.get("vendor") {
        Some(id) => Some(session::vendor(id).map_err(Problem::unreadable)?.id()),
        None => None,
    };
    let wanted = vendors::ALL.iter().filter(|vendor| only.is_none_or(|id| id == vendor.id()));
    let pushes = wanted.flat_map(|vendor| named::told(*vendor).map(push_line));
    ok(&Pushes { pushes: pushes.collect() })
}

pub(super) async fn push(Part(name): Part<String>) -> Answered {
    let Some(push) = named::find_push(&name) else {
        return Err(Problem::missing(format!("no push is called `{name}`")).help("GET /api/pushes lists them"));
    };
    let fields = push.fact.fields.iter().map(|field| Field {
        name: field.name,
        meaning: field.meaning,
        origin: field.origin.as_str(),
    });
    ok(&PushFields { line: push_line(push), fields: fields.collect() })
}

fn push_line(push: Named) -> PushLine {
    PushLine {
        name: push.name(),
        alias: push.alias(),
        vendor: push.vendor.id(),
        title: push.fact.title,
        when: push.fact.when,
        origin: push.fact.origin.as_str(),
    }
}
