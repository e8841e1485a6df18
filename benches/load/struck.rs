//! What pushes cost that faults strike, against the same story without: one fault of each kind, and the rarer case.

use crate::args::Args;
use crate::child::{against, figure, middle, ratio};
use crate::goal::Goal;

/// How many rounds; the ways take turns in each.
const ROUNDS: usize = 3;
/// One that bends a field, one the bytes, one the head, and one that strikes some.
const FAULTS: [&str; 4] = ["type-flip", "truncate-body", "wrong-auth", "type-flip, when: { rate: 30% }"];

pub fn run(args: &Args) -> Result<(), String> {
    let (seconds, connections) = (args.seconds.to_string(), args.connections.to_string());
    let common = ["--seconds", &seconds, "--connections", &connections];
    let (mut plain, mut struck) = (Vec::new(), [const { (Vec::new(), Vec::new()) }; FAULTS.len()]);
    for _ in 0..ROUNDS {
        let limit = figure(&against(&[], "bare", &common)?, "pushes_per_second", 1);
        let none = against(&[], "ringback", &[&common[..], &["--rate", &format!("{limit:.0}")]].concat())?;
        plain.push(figure(&none, "pushes_per_second", 1));
        // As many as go without: what falls due beyond, and is held back, has its price as well.
        let rate = format!("{:.0}", plain[plain.len() - 1]);
        for (fault, (rates, costs)) in FAULTS.iter().zip(&mut struck) {
            let one = against(&[], "ringback", &[&common[..], &["--rate", &rate, "--fault", fault]].concat())?;
            rates.push(figure(&one, "pushes_per_second", 1));
            costs.push(figure(&one, "cpu_us_per_push", 1));
        }
    }
    println!("no fault {:>9.0} pushes/s, the middle of {ROUNDS} rounds", middle(&plain));
    for (fault, (rates, costs)) in FAULTS.iter().zip(&struck) {
        println!("{fault}: {:.0} pushes/s, {:.2} us of processor a push", middle(rates), middle(costs));
        let name = format!("pushes/s with {} against none", fault.replace(", when: { rate: 30% }", " at 30 %"));
        Goal { name: &name, unit: "x", floor: 0.6, aim: 0.8 }.tell(ratio(rates, &plain));
    }
    Ok(())
}
