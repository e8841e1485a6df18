//! The words behind a mode.

use std::net::SocketAddr;
use std::time::Duration;

#[derive(Clone)]
pub struct Args {
    pub mode: String,
    pub addr: SocketAddr,
    pub seconds: u64,
    pub connections: usize,
    pub rate: f64,
    pub stories: usize,
    pub calls: u64,
    /// How long each call is in flight before its push is due, in seconds.
    pub linger: f64,
    /// How long the receiver stalls, once, in seconds.
    pub stall: f64,
    /// How long the receiver takes for an answer, in seconds.
    pub answer_after: f64,
    pub workers: usize,
    /// A fault of every call, as a scenario lists it; none where it is empty.
    pub fault: String,
    /// How every push is signed, as a scenario says it; not at all where it is empty.
    pub sign: String,
    /// What is expected of the receiver, as a scenario says it; nothing where it is empty.
    pub expect: String,
}

impl Args {
    pub fn read() -> Self {
        let mut args = Self {
            mode: String::new(),
            addr: ([127, 0, 0, 1], 9900).into(),
            seconds: 4,
            connections: 64,
            rate: 100_000.0,
            stories: 1,
            calls: 1_000_000,
            linger: 0.0,
            stall: 0.0,
            answer_after: 0.0,
            workers: 1,
            fault: String::new(),
            sign: String::new(),
            expect: String::new(),
        };
        let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
        while let Some(word) = words.next() {
            let Some(name) = word.strip_prefix("--") else {
                args.mode = word;
                continue;
            };
            let value = words.next().unwrap_or_default();
            let number = value.parse::<f64>().unwrap_or_default();
            match name {
                "addr" => args.addr = value.parse().unwrap_or(args.addr),
                "seconds" => args.seconds = number as u64,
                "connections" => args.connections = number as usize,
                "rate" => args.rate = number,
                "stories" => args.stories = number as usize,
                "calls" => args.calls = number as u64,
                "linger" => args.linger = number.max(0.0),
                "stall" => args.stall = number.max(0.0),
                "answer-after" => args.answer_after = number.max(0.0),
                "workers" => args.workers = number as usize,
                "fault" => args.fault = value,
                "sign" => args.sign = value,
                "expect" => args.expect = value,
                other => eprintln!("--{other} is unknown and left out"),
            }
        }
        args
    }

    pub fn lasting(&self) -> Duration {
        Duration::from_secs(self.seconds.max(1))
    }
}
