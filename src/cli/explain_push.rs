//! What a push is: when it is sent, an example out of a plan, and everything that is known of its fields.

use super::listed::FieldEntry;
use super::print::Problem;
use super::receive::default_address;
use super::table::aligned;
use crate::scenario::{self, Scenario};
use crate::session::{Stories, StoryPlan, time};
use crate::vendors::Named;
use std::fmt::Write;

/// The seed of the examples.
const SEED: u64 = 42;
/// When the stories of the examples start.
const START: &str = "2026-03-02T09:30:00+08:00";
/// What the example and the lines below a field are indented by.
const INDENT: &str = "  ";

/// The push in words.
pub(super) fn told(push: Named) -> Result<String, Problem> {
    let fact = push.fact;
    let mut text = format!("{}: {}, {}\n", push.shown(), fact.title, fact.english());
    let _ = writeln!(text, "Of {}; that it exists is {}.", push.vendor.title(), whose(fact.origin.as_str()));
    let _ = writeln!(text, "\nWhen: {}.", fact.when);
    match example(push)? {
        Some(Example { scenario, why, said }) => {
            let _ =
                writeln!(text, "\nAn example, of `ringback plan {scenario} --seed {SEED} --at {START}`, where {why}:");
            said.lines().for_each(|line| text += &format!("{INDENT}{line}\n"));
        }
        None => text += "\nNo built-in scenario has an example of it with the default options.\n",
    }
    let inferred = fact.fields.iter().filter(|field| field.origin.as_str() == "inferred").count();
    let inferred = if inferred == 0 { String::new() } else { format!(", {inferred} of them inferred") };
    let _ =
        writeln!(text, "\nIts {} fields{inferred}: name, type, fact of the call, origin, meaning", fact.fields.len());
    text += &fields(push);
    Ok(text)
}

/// Where a piece of knowledge comes from, in words.
pub(super) fn whose(origin: &str) -> &'static str {
    match origin {
        "seed" => "said by the vendor's page about these pushes",
        "documented" => "said by another page of the vendor",
        _ => "inferred: no page says it",
    }
}

/// A line for each field, with its remarks below it.
fn fields(push: Named) -> String {
    let entries: Vec<FieldEntry> = push.fact.fields.iter().map(|field| FieldEntry::of(push, field)).collect();
    let table = aligned(&entries.iter().map(FieldEntry::row).collect::<Vec<_>>());
    let mut text = String::new();
    for (line, entry) in table.lines().zip(&entries) {
        let _ = writeln!(text, "{INDENT}{line}");
        entry.remarks().iter().for_each(|remark| text += &format!("{INDENT}{INDENT}{INDENT}{remark}\n"));
    }
    text
}

/// What the first built-in scenario that sends a push says in it.
struct Example {
    scenario: String,
    why: String,
    said: String,
}

fn example(push: Named) -> Result<Option<Example>, Problem> {
    let start = time(START).map_err(|wrong| Problem::cannot_go_on(wrong, ""))?;
    let (address, name) = (default_address()?, push.name());
    let stories = Stories { vendors: vec![push.vendor], ..Stories::default() };
    for scenario in scenario::built_in_scenarios()? {
        // A scenario that the vendor does not play is no example.
        let Ok(plans) = stories.plans(std::slice::from_ref(&scenario), SEED, start, &address) else { continue };
        if let Some((said, why)) = plans.iter().find_map(|story| first(story, &name)) {
            let Scenario { name, .. } = scenario;
            return Ok(Some(Example { scenario: format!("{name} --vendor {}", push.vendor.id()), why, said }));
        }
    }
    Ok(None)
}

fn first(story: &StoryPlan, push: &str) -> Option<(String, String)> {
    let plan = story.plan.as_ref().ok()?;
    plan.example(push).or_else(|| plan.example_of_record(push))
}
