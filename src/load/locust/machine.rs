//! The name of this machine, and how much of its processor this process takes, as a Locust master lists them.

use crate::clock;
use std::time::{Duration, Instant};

/// The name of this machine.
#[cfg(unix)]
pub fn name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The name of this machine, which is not asked for here.
#[cfg(not(unix))]
pub fn name() -> String {
    "ringback".into()
}

/// How busy the senders are.
pub struct Processor {
    senders: usize,
    last: (Instant, Duration),
}

impl Processor {
    /// Of a process with so many threads that send.
    pub fn new(senders: usize) -> Self {
        Self { senders: senders.max(1), last: (clock::steady(), taken()) }
    }

    /// How much they took since the last time, in percent of one core each: beyond 90 a master warns.
    pub fn percent(&mut self) -> f64 {
        let (then, before) = std::mem::replace(&mut self.last, (clock::steady(), taken()));
        let passed = self.last.0.saturating_duration_since(then).as_secs_f64();
        if passed <= 0.0 {
            return 0.0;
        }
        let percent = self.last.1.saturating_sub(before).as_secs_f64() / passed / self.senders as f64 * 100.0;
        (percent * 10.0).round() / 10.0
    }
}

#[cfg(unix)]
fn taken() -> Duration {
    let taken = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(taken.tv_sec.unsigned_abs(), u32::try_from(taken.tv_nsec).unwrap_or_default())
}

#[cfg(not(unix))]
fn taken() -> Duration {
    Duration::ZERO
}
