//! Load: a compiled story sends what planning each call in full would send, and no two calls share an id.

mod support;

use jiff::Timestamp;
use ringback::delivery::{self, Outgoing};
use ringback::http::Framing;
use ringback::load::calls::{Calls, Way};
use ringback::load::template::{Room, Story};
use ringback::plan::{Circumstances, Delivery, NoPlan, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors::{self, Vendor};
use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use support::plans::{shipped, shipped_as, start};

const SEED: u64 = 42;

fn circumstances(seed: u64, targets: &[&str]) -> Circumstances {
    Circumstances {
        seed,
        start: start(),
        call_number: 1,
        targets: Targets::Given(targets.iter().map(|target| target.parse().expect("an address")).collect()),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    }
}

const TARGETS: [&str; 2] = ["http://127.0.0.1:9/hook", "http://127.0.0.1:8/other?src=cc"];

fn story(scenario: &Scenario, vendor: &'static dyn Vendor, archetypes: usize) -> Option<Story> {
    if scenario.vendors.as_ref().is_some_and(|ids| !ids.contains(&vendor.id())) {
        return None;
    }
    let room = Room { archetypes_max: archetypes, ..Room::shared_by(1) };
    match Story::new(scenario, vendor, &circumstances(SEED, &TARGETS), room) {
        Ok(story) => Some(story),
        Err(NoPlan::Skipped(_)) => None,
        Err(problem) => panic!("{} by {}: {problem}", scenario.name, vendor.id()),
    }
}

fn stories(archetypes: usize) -> impl Iterator<Item = (Scenario, &'static dyn Vendor, Story)> {
    let pairs =
        shipped().into_iter().flat_map(|scenario| vendors::ALL.iter().map(move |vendor| (scenario.clone(), *vendor)));
    pairs.filter_map(move |(scenario, vendor)| {
        let story = story(&scenario, vendor, archetypes)?;
        Some((scenario, vendor, story))
    })
}

#[test]
fn explore() {
    let began = std::time::Instant::now();
    let (mut n, mut bytes) = (0, 0);
    for (_, _, story) in stories(8) {
        n += 1;
        match &story {
            Story::Compiled(compiled) => {
                bytes += compiled.bytes();
                println!(
                    "{} {:?} repeat {} steps {}",
                    story.told(),
                    compiled.grain(),
                    compiled.calls_until_repeat(),
                    story.steps(1)
                );
            }
            Story::Planned(_) => println!("PLANNED {}", story.told()),
        }
    }
    println!("{n} stories {bytes} bytes {:?}", began.elapsed());
}
