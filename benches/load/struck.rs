//! What pushes cost that faults strike or that are signed, against the same story without: one fault of each kind, the rarer
//! case, and a scheme of signatures.

use crate::args::Args;
use crate::child::{against, figure, middle, ratio};
use crate::goal::Goal;

/// How many rounds; the ways take turns in each.
const ROUNDS: usize = 3;
/// One fault that bends a field, one the bytes, one the head, one that strikes some, and a signature; as a word and its value.
const WAYS: [[&str; 2]; 5] = [
    ["--fault", "type-flip"],
    ["--fault", "truncate-body"],
    ["--fault", "wrong-auth"],
    ["--fault", "type-flip, when: { rate: 30% }"],
    ["--sign", "{ scheme: hmac-sha256, header: X-Signature, secret: a-secret-of-some-length }"],
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
        for (way, (rates, costs)) in WAYS.iter().zip(&mut struck) {
            let one = against(&[], "ringback", &[&common[..], &["--rate", &rate], way].concat())?;
            rates.push(figure(&one, "pushes_per_second", 1));
            costs.push(figure(&one, "cpu_us_per_push", 1));
        }
    }
    println!("no fault {:>9.0} pushes/s, the middle of {ROUNDS} rounds", middle(&plain));
    for ([_, way], (rates, costs)) in WAYS.iter().zip(&struck) {
        println!("{way}: {:.0} pushes/s, {:.2} us of processor a push", middle(rates), middle(costs));
        let short = if way.starts_with('{') { "a signature" } else { way };
        let name = format!("pushes/s with {} against none", short.replace(", when: { rate: 30% }", " at 30 %"));
        Goal { name: &name, unit: "x", floor: 0.6, aim: 0.8 }.tell(ratio(rates, &plain));
    }
    Ok(())
}
