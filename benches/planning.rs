//! What faults cost: planning a call with five of them against planning it with none. `cargo bench --bench planning`.

use ringback::faults::Fault;
use ringback::plan::{Circumstances, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How many plans are made in one round.
const PLANS: u64 = 500;
/// How many rounds; the fastest one counts, because nothing makes a machine faster than it is.
const ROUNDS: usize = 7;

const FAULTS: &str = r#"
faults:
  - { fault: delay, by: 200ms..8s, shape: lognormal, when: { rate: 30% } }
  - { fault: duplicate, after: 300ms, when: { rate: 20% } }
  - { fault: reorder, window: 3 }
  - { fault: type-flip, when: { rate: 20% } }
  - { fault: truncate-body, when: { rate: 10% } }
"#;

fn main() -> ExitCode {
    let Some(clean) = scenario::headline().ok().and_then(|flows| flows.into_iter().next()) else {
        return ExitCode::FAILURE;
    };
    let Ok(profile) = scenario::parse_profile("bench", FAULTS) else { return ExitCode::FAILURE };
    let with = |faults: Vec<Fault>| Scenario { faults, ..clean.clone() };
    println!("{} by udesk, {PLANS} plans a round, the fastest of {ROUNDS} rounds", clean.name);
    let none = fastest(&with(Vec::new()));
    let five = fastest(&with(profile.faults));
    let each = |round: Duration| round.as_secs_f64() * 1e6 / PLANS as f64;
    println!("no fault     {:8.1} us a plan", each(none));
    println!("five faults  {:8.1} us a plan, and the fate of every first attempt", each(five));
    println!("ratio        {:8.2}", five.as_secs_f64() / none.as_secs_f64());
    ExitCode::SUCCESS
}

fn fastest(scenario: &Scenario) -> Duration {
    (0..ROUNDS).map(|_| round(scenario)).min().unwrap_or_default()
}

fn round(scenario: &Scenario) -> Duration {
    let began = Instant::now();
    for seed in 0..PLANS {
        let circumstances = Circumstances {
            seed,
            start: jiff::Timestamp::UNIX_EPOCH,
            call_number: 1,
            targets: Targets::Given("http://127.0.0.1:9/".parse().into_iter().collect()),
            overrides: Vec::new(),
            allowed_hosts: Vec::new(),
        };
        let Some(vendor) = vendors::find("udesk") else { continue };
        if let Ok(plan) = Plan::build(scenario, vendor, &circumstances) {
            for delivery in &plan.deliveries {
                black_box(plan.fate(delivery, 1, 1, delivery.offset));
            }
        }
    }
    began.elapsed()
}
