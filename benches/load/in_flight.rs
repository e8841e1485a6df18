//! What calls in flight take, and how late their pushes are: nothing is sent.

use crate::args::Args;
use crate::machine;
use crate::sender::{self, us};
use ringback::load::{Calls, Sending};
use std::sync::Arc;
use std::time::Duration;

/// Fills up to so many calls, which then end as fast as new ones start.
pub fn run(args: &Args) -> Result<(), String> {
    let fill = (args.calls as f64 / args.rate).ceil() as u64;
    // Each call waits until there are as many as asked for; the run goes on for as long again.
    let args = &Args { linger: fill as f64, seconds: fill * 2, mode: String::new(), ..args.clone() };
    let calls: Arc<dyn Calls> = Arc::new(sender::story(args, 0)?);
    let mut load = sender::load(args, vec![calls], Sending::Nothing);
    let before = machine::memory_max_bytes();
    let base = sender::figures(&ringback::load::Load { max_calls: Some(1), ..load.clone() })?;
    drop(base);
    load.max_in_flight = 1_000_000;
    let figures = sender::figures(&load)?;
    let after = machine::memory_max_bytes();
    println!("calls_in_flight {}", figures.calls.in_flight_max);
    println!("memory_mb {:.1} of it before the run {:.1}", after as f64 / 1e6, before as f64 / 1e6);
    println!("bytes_per_call {:.1}", (after - before) as f64 / figures.calls.in_flight_max as f64);
    println!("lag_us p50 {} p99 {} max {}", us(figures.lag.at(0.5)), us(figures.lag.at(0.99)), us(figures.lag.max()));
    Ok(())
}

/// What as many tokio tasks take that only sleep.
pub fn tasks(args: &Args) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let before = machine::memory_max_bytes();
    runtime.block_on(async {
        for _ in 0..args.calls {
            tokio::spawn(tokio::time::sleep(Duration::from_secs(3600)));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    });
    let after = machine::memory_max_bytes();
    println!("bytes_per_call {:.1}", (after - before) as f64 / args.calls.max(1) as f64);
    Ok(())
}
