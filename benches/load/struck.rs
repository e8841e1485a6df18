//! What pushes cost that faults strike, that are signed, or whose answers are judged, against the same story without.

use crate::args::Args;
use crate::child::{against, figure, middle, ratio};
use crate::goal::Goal;

/// How many rounds; the ways take turns in each.
const ROUNDS: usize = 3;
/// A name, the word and the value that ask for it, and the floor of its rate against none.
const WAYS: [(&str, [&str; 2], f64); 8] = [
    ("a bent field", ["--fault", "type-flip"], 0.6),
    ("bent bytes", ["--fault", "truncate-body"], 0.6),
    ("a bent head", ["--fault", "wrong-auth"], 0.6),
    ("a bent field in 30 %", ["--fault", "type-flip, when: { rate: 30% }"], 0.6),
    ("a signature", ["--sign", "{ scheme: hmac-sha256, header: X-Signature, secret: a-secret-of-some-length }"], 0.6),
    (
        "every answer judged",
        ["--expect", "[{ status: 2xx, within: 10s, text: ok }, { headers: { Content-Type: { contains: text } } }]"],
        0.9,
    ),
    ("the order judged", ["--expect", "[{ status: 2xx }, { story: [answered, no_5xx, in_order] }]"], 0.9),
    ("values of the call", ["--expect", "[{ status: 2xx, text: { not: \"{call.id}\" } }]"], 0.0),
];

pub fn run(args: &Args) -> Result<(), String> {
    let (seconds, connections) = (args.seconds.to_string(), args.connections.to_string());
    let common = ["--seconds", &seconds, "--connections", &connections];
    let (mut plain, mut struck) = (Vec::new(), [const { (Vec::new(), Vec::new()) }; WAYS.len()]);
    for _ in 0..ROUNDS {
        let limit = figure(&against(&[], "bare", &common)?, "pushes_per_second", 1);
        let none = against(&[], "ringback", &[&common[..], &["--rate", &format!("{limit:.0}")]].concat())?;
        plain.push(figure(&none, "pushes_per_second", 1));
        // As many as go without: what falls due beyond, and is held back, has its price as well.
        let rate = format!("{:.0}", plain[plain.len() - 1]);
        for ((_, way, _), (rates, costs)) in WAYS.iter().zip(&mut struck) {
            let one = against(&[], "ringback", &[&common[..], &["--rate", &rate], way].concat())?;
            rates.push(figure(&one, "pushes_per_second", 1));
            costs.push(figure(&one, "cpu_us_per_push", 1));
        }
    }
    println!("none {:>9.0} pushes/s, the middle of {ROUNDS} rounds", middle(&plain));
    for ((name, _, floor), (rates, costs)) in WAYS.iter().zip(&struck) {
        println!("{name}: {:.0} pushes/s, {:.2} us of processor a push", middle(rates), middle(costs));
        let name = format!("pushes/s with {name} against none");
        Goal { name: &name, unit: "x", floor: *floor, aim: if *floor > 0.8 { 1.0 } else { 0.8 } }
            .tell(ratio(rates, &plain));
    }
    Ok(())
}
