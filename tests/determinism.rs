//! Same file, same seed, same start: the same bytes, whatever else runs beside.

mod support;

use ringback::plan::PlanFormat;
use ringback::scenario::Scenario;
use ringback::vendors;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::thread;
use support::plans::{plan, shipped};

const SEEDS: u64 = 1_000;

/// The plan of one seed as bytes; seeds take the shipped scenarios and the vendors in turn.
fn bytes(seed: u64) -> Option<String> {
    static SHIPPED: LazyLock<Vec<Scenario>> = LazyLock::new(shipped);
    let scenarios = &*SHIPPED;
    let scenario = &scenarios[seed as usize % scenarios.len()];
    let vendor = vendors::ALL[seed as usize / scenarios.len() % vendors::ALL.len()];
    Some(plan(scenario, vendor.id(), seed)?.print(PlanFormat::Json))
}

#[test]
fn a_thousand_seeds_give_the_same_bytes_on_any_number_of_threads() {
    let alone: Vec<_> = (0..SEEDS).map(bytes).collect();
    for threads in [2, 7] {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                thread::spawn(move || {
                    (worker..SEEDS).step_by(threads as usize).map(|seed| (seed, bytes(seed))).collect::<Vec<_>>()
                })
            })
            .collect();
        for worker in workers {
            for (seed, bytes) in worker.join().expect("a worker that ends") {
                assert_eq!(bytes, alone[seed as usize], "seed {seed} on {threads} threads");
            }
        }
    }
    let told: Vec<_> = alone.into_iter().flatten().collect();
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "every seed tells another call");
}

#[test]
fn the_name_of_a_scenario_is_part_of_its_key_and_its_place_is_not() {
    let scenarios = shipped();
    let mut renamed = scenarios[0].clone();
    let reference = plan(&renamed, "udesk", 1).expect("a plan").print(PlanFormat::Json);
    renamed.source = "elsewhere.yaml".into();
    assert_eq!(plan(&renamed, "udesk", 1).expect("a plan").print(PlanFormat::Json), reference);
    renamed.name = "another".into();
    assert_ne!(plan(&renamed, "udesk", 1).expect("a plan").print(PlanFormat::Json), reference);
}
