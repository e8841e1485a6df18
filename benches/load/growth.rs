//! What a push costs as the work grows: more scenarios, more calls in flight. All ways take turns, round by round.

use crate::child::{against, figure, middle, ratio};
use crate::goal::Goal;

const ROUNDS: usize = 3;
/// Pushes a second: far from what the machine can do, so that no way is short of time.
const RATE: &str = "40000";
/// How long each is measured, in seconds.
const SECONDS: &str = "5";
/// What is told of each way, its scenarios, and how long a call is in flight in seconds: times the rate, that is how many are.
const WAYS: [(&str, &str, &str); 4] = [
    ("1 scenario, 1,000 calls in flight", "1", "0.025"),
    ("8 scenarios mixed", "8", "0.025"),
    ("64 scenarios mixed", "64", "0.025"),
    ("1,000,000 calls in flight", "1", "25"),
];

pub fn run() -> Result<(), String> {
    let mut costs: [Vec<f64>; WAYS.len()] = Default::default();
    for _ in 0..ROUNDS {
        for ((_, stories, linger), costs) in WAYS.iter().zip(&mut costs) {
            let words = ["--rate", RATE, "--seconds", SECONDS, "--stories", stories, "--linger", linger];
            costs.push(figure(&against(&[], "steady", &words)?, "cpu_us_per_push", 1));
        }
    }
    println!("processor time a push at {RATE}/s, the middle of {ROUNDS} rounds of {SECONDS} s");
    for ((name, ..), each) in WAYS.iter().zip(&costs) {
        println!("{name:<36}{:>8.2} us   {:.3} of the first", middle(each), ratio(each, &costs[0]));
    }
    let flat = |name| Goal { name, unit: "x", floor: 1.2, aim: 1.1 };
    flat("CPU a push, 8 scenarios mixed against 1").tell(ratio(&costs[1], &costs[0]));
    flat("CPU a push, 64 scenarios mixed against 1").tell(ratio(&costs[2], &costs[0]));
    flat("CPU a push, 1,000,000 calls in flight against 1,000").tell(ratio(&costs[3], &costs[0]));
    Ok(())
}
