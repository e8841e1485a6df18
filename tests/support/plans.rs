//! What several tests need: the shipped scenarios, and a plan of one of them.

use jiff::Timestamp;
use ringback::plan::{Circumstances, NoPlan, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors;

/// The start that all tests share: 2026-03-02 09:30:00 in Beijing.
pub fn start() -> Timestamp {
    "2026-03-02T09:30:00+08:00".parse().expect("a time")
}

/// Every scenario that is shipped.
pub fn shipped() -> Vec<Scenario> {
    scenario::built_in_scenarios().expect("shipped scenarios that are right")
}

/// The shipped scenario of this name.
pub fn shipped_as(name: &str) -> Scenario {
    shipped().into_iter().find(|scenario| scenario.name == name).unwrap_or_else(|| panic!("no scenario {name}"))
}

/// The plan of a scenario by a vendor; `None` where the vendor has no pushes for it.
pub fn plan(scenario: &Scenario, vendor: &str, seed: u64) -> Option<Plan> {
    if scenario.vendors.as_ref().is_some_and(|ids| !ids.contains(&vendor)) {
        return None;
    }
    let circumstances = Circumstances {
        seed,
        start: start(),
        call_number: 1,
        targets: Targets::OrElse("http://127.0.0.1:9/hook".parse().expect("an address")),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let vendor = vendors::find(vendor).expect("a vendor of this name");
    match Plan::build(scenario, vendor, &circumstances) {
        Ok(plan) => Some(plan),
        Err(NoPlan::Skipped(_)) => None,
        Err(problem) => panic!("{} by {}: {problem}", scenario.name, vendor.id()),
    }
}
