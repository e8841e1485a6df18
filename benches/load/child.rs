//! This program once more, as sender and receiver with a core each; and what is read of what they print.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Where sender and receiver run, so that neither takes from the other.
const CORES: [&str; 2] = ["0", "1"];

/// What a sender prints against a fresh receiver.
pub fn against(receiver: &[&str], mode: &str, words: &[&str]) -> Result<String, String> {
    let receiver = [&["--addr", "127.0.0.1:0", "--seconds", "600"], receiver].concat();
    let mut receiver = pinned(CORES[1], "receiver", &receiver)?;
    let out = receiver.stdout.take().ok_or("the receiver is mute")?;
    // It is held until the end: what the receiver tells later must go somewhere.
    let mut lines = BufReader::new(out).lines();
    let line = lines.next().and_then(Result::ok).unwrap_or_default();
    let addr = line.rsplit(' ').next().unwrap_or_default().to_owned();
    let printed = alone(mode, &[&["--addr", addr.as_str()], words].concat());
    let _ = receiver.kill();
    let _ = receiver.wait();
    printed
}

/// What a mode prints that needs no receiver.
pub fn alone(mode: &str, words: &[&str]) -> Result<String, String> {
    let output = pinned(CORES[0], mode, words)?.wait_with_output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("the mode `{mode}` has failed")),
    }
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
pub fn figure(printed: &str, name: &str, place: usize) -> f64 {
    let line = printed.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(place).and_then(|word| word.parse().ok()).unwrap_or(f64::NAN)
}

pub fn middle(figures: &[f64]) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The middle of how figures stand to others that were taken beside them, so that what else the machine does falls on both.
pub fn ratio(figures: &[f64], others: &[f64]) -> f64 {
    middle(&figures.iter().zip(others).map(|(figure, other)| figure / other).collect::<Vec<_>>())
}
