//! A raw listener that notes every byte with its time, and stories played to it.

use crate::support::plans::start;
use crate::support::wire::{bounded, server};
use ringback::clock::Pace;
use ringback::delivery::{Delivered, Transport, Trust, deliver, stop};
use ringback::event::RunEvent;
use ringback::plan::{Circumstances, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Barrier;

/// A request as its bytes came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Everything.
    pub bytes: Vec<u8>,
}

impl Seen {
    /// Request line and headers.
    pub fn head(&self) -> String {
        String::from_utf8(self.bytes[..self.split()].to_vec()).unwrap()
    }

    /// The body, byte for byte.
    pub fn body(&self) -> &[u8] {
        &self.bytes[self.split() + 4..]
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(self.body()).unwrap()
    }

    /// The value of a header, however it is written.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.head();
        let mut headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    /// Which push of Udesk it is.
    pub fn occasion(&self) -> String {
        self.json()["occasion"].as_str().unwrap().to_owned()
    }

    fn split(&self) -> usize {
        self.bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap()
    }
}

/// What a listener has seen.
pub type Notes = Arc<Mutex<Vec<Seen>>>;

/// A listener that answers its requests in turn with these statuses, the last one again and again. Where `together` is
/// given, no answer leaves before so many requests have come.
pub async fn listener(statuses: &'static [&'static str], together: usize) -> (SocketAddr, Notes) {
    let notes = Notes::default();
    let seen = notes.clone();
    let barrier = Arc::new(Barrier::new(together));
    let address = server(move |mut stream, _| {
        let (seen, barrier) = (seen.clone(), barrier.clone());
        async move {
            let mut bytes = Vec::new();
            loop {
                let Some(end) = whole(&bytes) else {
                    let mut chunk = [0; 64 * 1024];
                    match stream.read(&mut chunk).await {
                        Ok(0) | Err(_) => return,
                        Ok(count) => bytes.extend_from_slice(&chunk[..count]),
                    }
                    continue;
                };
                let rest = bytes.split_off(end);
                let count = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(Seen { bytes: std::mem::replace(&mut bytes, rest) });
                    seen.len()
                };
                barrier.wait().await;
                let status = statuses[(count - 1).min(statuses.len() - 1)];
                let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 11\r\n\r\n{{\"ok\":true}}");
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    })
    .await;
    (address, notes)
}

/// The length of the first request in the bytes, where all of it is there.
fn whole(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    let end = head + length.unwrap_or(0);
    (bytes.len() >= end).then_some(end)
}

/// A shipped scenario with these faults.
pub fn faulted(name: &str, faults: &str) -> Scenario {
    let text = scenario::built_in().into_iter().find(|shipped| shipped.name == name).unwrap().text;
    let text = if faults.is_empty() { text } else { format!("{text}\nfaults:\n{faults}\n") };
    scenario::parse(name, "test.yaml", &text, &|_| None).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

/// Its plan.
pub fn planned(scenario: &Scenario, vendor: &str, seed: u64, targets: &[SocketAddr]) -> Plan {
    let targets = targets.iter().map(|target| format!("http://{target}/hook").parse().unwrap()).collect();
    let circumstances = Circumstances {
        seed,
        start: start(),
        call_number: 1,
        targets: Targets::Given(targets),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    Plan::build(scenario, vendors::find(vendor).unwrap(), &circumstances).unwrap_or_else(|none| panic!("{none}"))
}

/// What came of a story.
pub struct Played {
    pub events: Vec<RunEvent>,
    pub delivered: Delivered,
    pub seen: Vec<Seen>,
}

impl Played {
    /// The pushes of Udesk in the order in which they came.
    pub fn occasions(&self) -> Vec<String> {
        self.seen.iter().map(Seen::occasion).collect()
    }

    /// When each attempt left, in seconds of the scenario, with its push.
    pub fn left(&self) -> Vec<(String, u64)> {
        let left = self.events.iter().filter_map(|event| match event {
            RunEvent::Attempted { delivery, offset, .. } => Some((delivery.push.clone(), offset.as_secs())),
            _ => None,
        });
        left.collect()
    }

    /// The names of the faults that bent each attempt.
    pub fn faults(&self) -> Vec<Vec<&'static str>> {
        let faults = self.events.iter().filter_map(|event| match event {
            RunEvent::Attempted { faults, .. } => Some(faults.iter().map(|bent| bent.fault).collect()),
            _ => None,
        });
        faults.collect()
    }

    /// The evidence of the first attempt that a fault bent.
    pub fn evidence(&self, fault: &str) -> String {
        let bent = self.events.iter().find_map(|event| match event {
            RunEvent::Attempted { faults, .. } | RunEvent::Dropped { faults, .. } => {
                faults.iter().find(|bent| bent.fault == fault).cloned()
            }
            _ => None,
        });
        bent.unwrap_or_else(|| panic!("{fault} bent nothing")).evidence
    }
}

/// Plays an outbound call of Udesk with these faults to a listener that answers 200.
pub async fn udesk(faults: &str) -> Played {
    play(&faulted("outbound-answered", faults), "udesk", &["200 OK"], 1, Pace::Fast).await
}

/// Plays a scenario to one listener.
pub async fn play(
    scenario: &Scenario,
    vendor: &str,
    statuses: &'static [&'static str],
    together: usize,
    pace: Pace,
) -> Played {
    let (address, notes) = listener(statuses, together).await;
    let plan = planned(scenario, vendor, 1, &[address]);
    let mut played = deliver_all(&plan, pace).await;
    played.seen = notes.lock().unwrap().clone();
    played
}

/// Delivers a plan.
pub async fn deliver_all(plan: &Plan, pace: Pace) -> Played {
    let mut events = Vec::new();
    let (_stopper, ear) = stop();
    let transport = Transport::new(Trust::System);
    let mut take = |event| events.push(event);
    let delivered = bounded(deliver(plan, pace, &transport, &mut take, &ear)).await;
    Played { events, delivered, seen: Vec::new() }
}
