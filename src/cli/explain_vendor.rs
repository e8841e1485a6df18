//! What a vendor is: its pushes, its options, what it takes for an acknowledgement, and when it tries again.

use super::listed::{Entry, OptionEntry};
use super::table::aligned;
use crate::duration;
use crate::http::Reply;
use crate::vendors::{Acknowledgement, GivenOptions, Origin, Retriable, Vendor, named};
use std::fmt::Write;

/// The statuses that are tried on a vendor, each with how a range that they stand for is called.
const STATUSES: [(u16, &str); 5] = [(201, "2xx"), (200, "200"), (302, "3xx"), (404, "4xx"), (500, "5xx")];

/// The vendor in words.
pub(super) fn told(vendor: &'static dyn Vendor) -> String {
    let options = GivenOptions::defaults(vendor.options());
    let noun = if vendor.pushes().is_empty() { "records" } else { "pushes" };
    let count = named::told(vendor).count();
    let mut text = format!("{}: {}\n", vendor.id(), vendor.title());
    let _ = writeln!(text, "{count} of the {} {noun} that its documents name are played.", vendor.documented());
    let _ = writeln!(text, "{}\n", inferred(vendor));
    if !vendor.pushes().is_empty() {
        let _ = writeln!(text, "Acknowledgement: {}.", acknowledgement(vendor, &options));
        let _ = writeln!(text, "Timeout: it waits {} for an answer.", duration::text(vendor.timeout(&options)));
        let _ = writeln!(text, "Retry: {}.\n", retry(vendor, &options));
    }
    let _ = writeln!(text, "Its {noun}, and when:");
    let rows: Vec<Vec<String>> = named::told(vendor)
        .map(|push| vec![format!("  {}", push.shown()), push.fact.title.to_owned(), push.fact.when.to_owned()])
        .collect();
    text += &aligned(&rows);
    if !vendor.options().is_empty() {
        text += "\nWhat a scenario can set under `options`, with the default and its origin:\n";
        let rows = vendor.options().iter().flat_map(|fact| OptionEntry::of(vendor, fact).rows());
        let indented = rows.map(|mut row| {
            if let Some(name) = row.first_mut() {
                *name = format!("  {name}");
            }
            row
        });
        text += &aligned(&indented.collect::<Vec<_>>());
    }
    let first = named::told(vendor).next().map(|push| push.name()).unwrap_or_default();
    let _ = writeln!(text, "\n`ringback explain {first}` tells of a push, its fields and an example.");
    text
}

/// How much of what is known is inferred.
fn inferred(vendor: &'static dyn Vendor) -> String {
    let is = |origin: Origin| origin == Origin::Inferred;
    let fields = || named::told(vendor).flat_map(|push| push.fact.fields.iter());
    let (pushes, options) = (named::told(vendor), vendor.options());
    let noun = if vendor.pushes().is_empty() { "records" } else { "pushes" };
    let counts = [
        (pushes.filter(|push| is(push.fact.origin)).count(), named::told(vendor).count(), noun),
        (fields().filter(|field| is(field.origin)).count(), fields().count(), "fields"),
        (options.iter().filter(|option| is(option.origin)).count(), options.len(), "defaults of options"),
    ];
    let told: Vec<_> = counts.iter().map(|(some, of, what)| format!("{some} of {of} {what}")).collect();
    format!("Inferred, because no page says it: {}.", told.join(", "))
}

/// Which answers settle a push, found by asking the vendor.
fn acknowledgement(vendor: &dyn Vendor, options: &GivenOptions) -> String {
    let (status, content_type, body) = vendor.thanks();
    let answer = |status: u16, body: &'static str| {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        let reply = Reply { status, headers, body: body.into(), ..Reply::default() };
        vendor.acknowledged(&reply, options)
    };
    let is_settled = |told: &Acknowledgement| !matches!(told, Acknowledgement::No(_));
    let mut taken: Vec<&str> = Vec::new();
    for (status, name) in STATUSES {
        // Where any success will do, 200 is among them.
        if is_settled(&answer(status, body)) && !(name == "200" && taken.contains(&"2xx")) {
            taken.push(name);
        }
    }
    let bodies = match answer(status, "") {
        Acknowledgement::No(reason) => format!(", with a body such as `{body}`; without one it is none: {reason}"),
        Acknowledgement::YesBut(warning) => format!(", with a body such as `{body}`; without one it warns: {warning}"),
        Acknowledgement::Yes => ", whatever the body".to_owned(),
    };
    format!("an answer with status {}{bodies}", taken.join(", "))
}

fn retry(vendor: &dyn Vendor, options: &GivenOptions) -> String {
    let policy = vendor.retry(options);
    let names: Vec<_> = vendor.options().iter().map(|fact| fact.name).filter(|name| name.contains("retr")).collect();
    let names = if names.is_empty() { String::new() } else { format!(" (options: {})", names.join(", ")) };
    if policy.waits.is_empty() {
        return format!("by default it does not try again{names}");
    }
    let waits: Vec<_> = policy.waits.iter().map(|wait| duration::text(*wait)).collect();
    let on = Retriable::ALL.iter().filter(|(one, _)| policy.on.contains(one)).map(|(one, _)| one.meaning());
    let on = on.collect::<Vec<_>>().join("; ");
    format!("it tries again after {}{names}, on any of these: {on}", waits.join(", "))
}
