//! Whether response times tell a stall as it was: a receiver that takes 20 ms for an answer stalls once for two of ten
//! seconds, and what is measured is held against what must come out.

use crate::child::{against, figure, middle};
use crate::goal::Goal;

const ROUNDS: usize = 3;
const SECONDS: f64 = 10.0;
const STALL: f64 = 2.0;
const ANSWER_AFTER: f64 = 0.02;

/// The response time that this share of the pushes is not above, in seconds. Pushes are due evenly. One that is due in the
/// stall is answered when the stall is over and one answer later; those before it, whose answer the stall held up, go on in the
/// same line. So from the longest down, each is shorter than the one before by as much as it was due later.
fn analytic(share: f64) -> f64 {
    (STALL + ANSWER_AFTER - (1.0 - share) * SECONDS).max(ANSWER_AFTER)
}

pub fn run() -> Result<(), String> {
    let (seconds, stall, answer_after) = (SECONDS.to_string(), STALL.to_string(), ANSWER_AFTER.to_string());
    let mut measured: [Vec<f64>; 3] = Default::default();
    let mut service: [Vec<f64>; 3] = Default::default();
    for _ in 0..ROUNDS {
        // So many connections that no push waits for one in the stall: that wait would be no part of the stall.
        let words = ["--rate", "100", "--seconds", &seconds, "--connections", "256"];
        let printed = against(&["--stall", &stall, "--answer-after", &answer_after], "ringback", &words)?;
        for (number, place) in [2, 4, 6].into_iter().enumerate() {
            measured[number].push(figure(&printed, "response_us", place) / 1e6);
            service[number].push(figure(&printed, "service_us", place) / 1e6);
        }
    }
    println!(
        "a receiver that takes {ANSWER_AFTER} s for an answer stalls {STALL} s of {SECONDS} s at 100/s, {ROUNDS} rounds"
    );
    let names = ["stall of 2 s: deviation of p50", "stall of 2 s: deviation of p90", "stall of 2 s: deviation of p99"];
    for (number, (name, share)) in names.into_iter().zip([0.5, 0.9, 0.99]).enumerate() {
        let (truth, measured, service) = (analytic(share), middle(&measured[number]), middle(&service[number]));
        let [must, is, written] = [truth, measured, service].map(|seconds| seconds * 1e3);
        println!(
            "{must:>8.1} ms must be, {is:>8.1} ms is told; {written:>8.1} ms from the moment at which it was written"
        );
        Goal { name, unit: "%", floor: 10.0, aim: 5.0 }.tell((measured / truth - 1.0).abs() * 100.0);
    }
    Ok(())
}
