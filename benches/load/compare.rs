//! Everything at once: each way in turn, several rounds, and the middle of each.

use crate::args::Args;
use crate::child::{against, alone, figure, middle, ratio};
use crate::goal::Goal;
use crate::{growth, stall, struck};

/// How many rounds; the ways take turns in each.
const ROUNDS: usize = 3;

pub fn run(args: &Args) -> Result<(), String> {
    rates(args)?;
    println!();
    memory()?;
    println!();
    struck::run(args)?;
    println!();
    stall::run()?;
    println!();
    growth::run()
}

/// How fast, and how exactly.
fn rates(args: &Args) -> Result<(), String> {
    let (seconds, connections) = (args.seconds.to_string(), args.connections.to_string());
    let common = ["--seconds", &seconds, "--connections", &connections];
    let (mut bare, mut ours, mut lag) = (Vec::new(), Vec::new(), (Vec::new(), Vec::new()));
    let mut cpu = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let limit = against(&[], "bare", &common)?;
        bare.push(figure(&limit, "pushes_per_second", 1));
        // More than can be: what is sent is what the machine sends.
        let rate = format!("{:.0}", bare[bare.len() - 1] * 1.25);
        let full = against(&[], "ringback", &[&common[..], &["--rate", &rate]].concat())?;
        ours.push(figure(&full, "pushes_per_second", 1));
        cpu.0.push(figure(&limit, "cpu_us_per_push", 1));
        cpu.1.push(figure(&full, "cpu_us_per_push", 1));
        let calm = against(&[], "ringback", &[&common[..], &["--rate", "10000"]].concat())?;
        lag.0.push(figure(&calm, "lag_us", 2) / 1e3);
        lag.1.push(figure(&calm, "lag_us", 4) / 1e3);
    }
    println!("the middle of {ROUNDS} rounds, {connections} connections, one core for the sender, one for the receiver");
    println!("bare limit            {:>9.0} pushes/s {:>7.2} us of processor a push", middle(&bare), middle(&cpu.0));
    println!("ringback              {:>9.0} pushes/s {:>7.2} us of processor a push", middle(&ours), middle(&cpu.1));
    // On a machine that has other work as well, this is the figure to go by.
    println!("by processor time that is {:.2} of the bare limit", ratio(&cpu.0, &cpu.1));
    let limit = Goal { name: "pushes/s against bare limit", unit: "x", floor: 0.5, aim: 0.7 };
    limit.tell(ratio(&ours, &bare));
    Goal { name: "start error at 10,000 pushes/s, p50", unit: "ms", floor: 0.6, aim: 0.3 }.tell(middle(&lag.0));
    Goal { name: "start error at 10,000 pushes/s, p99", unit: "ms", floor: 2.0, aim: 0.6 }.tell(middle(&lag.1));
    Ok(())
}

/// What calls in flight take, and how late they are.
fn memory() -> Result<(), String> {
    let (mut lag, mut memory, mut share) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (calls, tasks) = (alone("in-flight", &[])?, alone("tasks", &[])?);
        memory.push(figure(&calls, "memory_mb", 1));
        share.push(figure(&calls, "bytes_per_call", 1) / figure(&tasks, "bytes_per_call", 1));
        lag.push(figure(&calls, "lag_us", 4) / 1e3);
    }
    println!("1,000,000 calls in flight at 100,000 events/s, nothing sent, the middle of {ROUNDS} rounds");
    Goal { name: "1,000,000 calls in flight: memory", unit: "MB", floor: 250.0, aim: 64.0 }.tell(middle(&memory));
    let tasks = Goal { name: "1,000,000 calls in flight: of one tokio task each", unit: "x", floor: 0.4, aim: 0.1 };
    tasks.tell(middle(&share));
    let late = Goal { name: "1,000,000 calls in flight: lateness, p99", unit: "ms", floor: 5.0, aim: 1.0 };
    late.tell(middle(&lag));
    Ok(())
}
