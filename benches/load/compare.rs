//! Everything at once: each way in turn, several rounds, and the middle of each.

use crate::args::Args;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// How many rounds; the ways take turns in each.
const ROUNDS: usize = 3;
/// Where sender and receiver run, so that neither takes from the other.
const CORES: [&str; 2] = ["0", "1"];

pub fn run(args: &Args) -> Result<(), String> {
    let seconds = args.seconds.to_string();
    let connections = args.connections.to_string();
    let (mut bare, mut ours, mut lag) = (Vec::new(), Vec::new(), (Vec::new(), Vec::new()));
    let mut cpu = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let common = |addr: &str| {
            ["--addr", addr, "--seconds", &seconds, "--connections", &connections].map(str::to_owned).to_vec()
        };
        let limit = measured(&common, "bare", &[])?;
        bare.push(figure(&limit, "pushes_per_second", 1));
        // More than can be: what is sent is what the machine sends.
        let rate = format!("{:.0}", bare[bare.len() - 1] * 1.25);
        let full = measured(&common, "ringback", &["--rate", &rate])?;
        ours.push(figure(&full, "pushes_per_second", 1));
        cpu.0.push(figure(&limit, "cpu_us_per_push", 1));
        cpu.1.push(figure(&full, "cpu_us_per_push", 1));
        let calm = measured(&common, "ringback", &["--rate", "10000"])?;
        lag.0.push(figure(&calm, "lag_us", 2));
        lag.1.push(figure(&calm, "lag_us", 4));
    }
    let (bare, ours) = (middle(bare), middle(ours));
    println!("the middle of {ROUNDS} rounds, {connections} connections, one core for the sender, one for the receiver");
    println!("bare limit              {bare:>10.0} pushes/s");
    println!("ringback                {ours:>10.0} pushes/s   {:.2} of the bare limit", ours / bare);
    // On a machine that has other work as well, this is the figure to go by.
    let (limit, full) = (middle(cpu.0), middle(cpu.1));
    println!(
        "processor time a push   {limit:>10.2} us bare, {full:.2} us ringback   {:.2} of the bare limit",
        limit / full
    );
    println!("start error at 10,000/s {:>10.0} us p50   {:.0} us p99", middle(lag.0), middle(lag.1));
    println!();
    for stories in ["1", "8", "64"] {
        let common = |addr: &str| ["--addr", addr, "--seconds", "3", "--stories", stories].map(str::to_owned).to_vec();
        let few = measured(&common, "ringback", &["--rate", "20000"])?;
        println!(
            "{stories:>2} stories mixed at 20,000/s   {:.2} us of processor a push",
            figure(&few, "cpu_us_per_push", 1)
        );
    }
    println!();
    print!("{}", own("in-flight", &[])?);
    print!("as tokio tasks: {}", own("tasks", &[])?);
    Ok(())
}

/// What a sender prints against a fresh receiver.
fn measured(common: &dyn Fn(&str) -> Vec<String>, mode: &str, more: &[&str]) -> Result<String, String> {
    let mut receiver = pinned(CORES[1], "receiver", &["--addr", "127.0.0.1:0", "--seconds", "60"])?;
    let out = receiver.stdout.take().ok_or("the receiver is mute")?;
    let line = BufReader::new(out).lines().next().and_then(Result::ok).unwrap_or_default();
    let addr = line.rsplit(' ').next().unwrap_or_default().to_owned();
    let mut words = common(&addr);
    words.extend(more.iter().map(|word| (*word).to_owned()));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let printed = pinned(CORES[0], mode, &words).and_then(|child| {
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    });
    let _ = receiver.kill();
    let _ = receiver.wait();
    printed
}

/// What a mode prints that needs no receiver.
fn own(mode: &str, words: &[&str]) -> Result<String, String> {
    let child = pinned(CORES[0], mode, words)?;
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// This program in a mode, on one core where the system has `taskset`.
fn pinned(core: &str, mode: &str, words: &[&str]) -> Result<Child, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let start = |command: &mut Command| command.arg(mode).args(words).stdout(Stdio::piped()).spawn();
    start(Command::new("taskset").args(["-c", core]).arg(&own))
        .or_else(|_| start(&mut Command::new(&own)))
        .map_err(|error| error.to_string())
}

/// The word at a place of the line that begins with a name.
fn figure(printed: &str, name: &str, place: usize) -> f64 {
    let line = printed.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(place).and_then(|word| word.parse().ok()).unwrap_or(f64::NAN)
}

fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
