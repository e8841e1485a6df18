//! What a request costs under load: rendered from a compiled story, against copying the same bytes, against cloning and
//! patching a JSON value, against planning the call, and struck by faults. `cargo bench --bench rendering`.

use jiff::Timestamp;
use ringback::load::calls::Calls;
use ringback::load::template::{Room, Story};
use ringback::plan::{Circumstances, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors::{self, Vendor};
use serde_json::Value;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

/// How many requests are rendered in one round.
const REQUESTS: u64 = 5_000;
/// How many of them are made in the slow ways.
const REQUESTS_SLOW: u64 = 100;
/// How many of those that faults strike.
const REQUESTS_STRUCK: u64 = 1_000;
/// How many rounds; the ways take turns, and the fastest round of each counts. Rounds are shorter than the turns that a busy
/// machine gives to others.
const ROUNDS: usize = 101;
/// The call from which on ids are fresh in every case.
const FIRST: u64 = 1_000;

fn main() -> ExitCode {
    let Some((scenario, vendor)) = subject() else { return ExitCode::FAILURE };
    let circumstances = circumstances(1);
    let began = Instant::now();
    let Ok(story) = Story::new(&scenario, vendor, &circumstances, Room::shared_by(1)) else {
        return ExitCode::FAILURE;
    };
    println!("{} (in {:.0} ms)", story.told(), began.elapsed().as_secs_f64() * 1e3);
    if let Story::Compiled(compiled) = &story {
        println!("ids or customers come again after {} calls", compiled.calls_until_repeat());
    }
    let Some(end) = story.kinds().iter().position(|kind| kind == "udesk:end") else { return ExitCode::FAILURE };
    let Some(step) = (0..story.steps(1)).find(|step| story.step(1, *step).kind == end) else {
        return ExitCode::FAILURE;
    };
    let Some(mut patch) = Patch::new(&story, step) else { return ExitCode::FAILURE };

    let mut bytes = Vec::with_capacity(8192);
    story.render(FIRST, step, 0, 1, start(0), &mut bytes);
    let message = bytes.clone();
    println!("udesk:end, {} bytes with its head; the fastest of {ROUNDS} rounds", message.len());
    let mut rounds: [Vec<f64>; 4] = Default::default();
    for round in 0..ROUNDS as u64 {
        let first = FIRST + round * REQUESTS;
        rounds[0].push(each(REQUESTS, |_| {
            bytes.clear();
            bytes.extend_from_slice(black_box(&message));
            black_box(&bytes);
        }));
        rounds[1].push(each(REQUESTS, |n| {
            bytes.clear();
            story.render(first + n, step, 0, 1, start(n), &mut bytes);
            black_box(&bytes);
        }));
        rounds[2].push(each(REQUESTS_SLOW, |n| {
            bytes.clear();
            patch.write(n, &mut bytes);
            black_box(&bytes);
        }));
        rounds[3].push(each(REQUESTS_SLOW, |n| {
            black_box(
                Plan::build(&scenario, vendor, &Circumstances { call_number: n, ..circumstances.clone() }).is_ok(),
            );
        }));
    }
    let fastest = rounds.map(|rounds| rounds.into_iter().fold(f64::INFINITY, f64::min));
    let names = ["copied", "rendered", "JSON value cloned and patched", "planned, the whole call"];
    for (name, each) in names.iter().zip(fastest) {
        println!("{name:32} {each:9.3} us   {:8.2} x rendered", each / fastest[1]);
    }
    struck(&scenario, vendor, step, fastest[1]);
    mix();
    ExitCode::SUCCESS
}

/// What a push takes that a fault strikes, against one that none does.
fn struck(scenario: &Scenario, vendor: &'static dyn Vendor, step: usize, rendered: f64) {
    const FAULTS: [&str; 6] =
        ["type-flip", "missing-field", "truncate-body", "bad-json", "wrong-auth", "type-flip, when: { rate: 30% }"];
    for fault in FAULTS {
        let Ok(profile) = scenario::parse_profile("fault", &format!("faults: [{{ fault: {fault} }}]")) else {
            continue;
        };
        let scenario = Scenario { faults: profile.faults, ..scenario.clone() };
        let Ok(story) = Story::new(&scenario, vendor, &circumstances(1), Room::shared_by(1)) else { continue };
        let mut bytes = Vec::new();
        let each = (0..ROUNDS as u64).map(|round| {
            each(REQUESTS_STRUCK, |n| {
                bytes.clear();
                black_box(story.render(FIRST + round * REQUESTS_STRUCK + n, step, 0, 1, start(n), &mut bytes));
            })
        });
        let each = each.fold(f64::INFINITY, f64::min);
        println!("{fault:32} {each:9.3} us   {:8.2} x rendered", each / rendered);
    }
}

/// What a mix of 64 stories takes.
fn mix() {
    let Ok(scenarios) = scenario::built_in_scenarios() else { return };
    let began = Instant::now();
    let told = scenarios.iter().flat_map(|scenario| vendors::ALL.iter().map(move |vendor| (scenario, *vendor)));
    let told = told.filter(|(scenario, vendor)| scenario.vendors.as_ref().is_none_or(|ids| ids.contains(&vendor.id())));
    let stories = told.filter_map(|(scenario, vendor)| {
        Story::new(scenario, vendor, &circumstances(1), Room::shared_by(64)).ok().filter(|story| story.steps(1) > 0)
    });
    let (mut bytes, mut compiled) = (0, 0);
    for story in stories.take(64) {
        if let Story::Compiled(story) = &story {
            bytes += story.bytes();
            compiled += 1;
        }
    }
    let each = began.elapsed().as_secs_f64() * 1e3 / 64.0;
    println!("64 stories: {compiled} compiled, {:.1} MB, {each:.1} ms each", bytes as f64 / 1e6);
}

fn subject() -> Option<(Scenario, &'static dyn Vendor)> {
    let scenario = scenario::headline().ok()?.into_iter().next()?;
    Some((scenario, vendors::find("udesk")?))
}

fn circumstances(call_number: u64) -> Circumstances {
    Circumstances {
        seed: 42,
        start: start(0),
        call_number,
        targets: Targets::Given("http://127.0.0.1:9/".parse().into_iter().collect()),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    }
}

/// The start of the `n`th call, at ten thousand a second.
fn start(n: u64) -> Timestamp {
    Timestamp::from_microsecond(1_772_415_000_000_000 + n as i64 * 100).unwrap_or_default()
}

/// The microseconds that one of so many takes.
fn each(count: u64, mut make: impl FnMut(u64)) -> f64 {
    let began = Instant::now();
    for n in 0..count {
        make(n);
    }
    began.elapsed().as_secs_f64() * 1e6 / count as f64
}

/// The usual way: a value that is cloned and patched for every request.
struct Patch {
    head: Vec<u8>,
    body: Value,
}

impl Patch {
    fn new(story: &Story, step: usize) -> Option<Self> {
        let mut bytes = Vec::new();
        story.render(1, step, 0, 1, start(0), &mut bytes);
        let at = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        Some(Self { head: bytes[..at].to_vec(), body: serde_json::from_slice(&bytes[at..]).ok()? })
    }

    fn write(&mut self, n: u64, into: &mut Vec<u8>) {
        let mut body = self.body.clone();
        let now = start(n).strftime("%Y-%m-%d %H:%M:%S +0800").to_string();
        for key in ["agent_ring_at", "agent_answer_at", "agent_hangup_at", "customer_ring_at", "customer_answer_at"] {
            body[key] = Value::String(now.clone());
        }
        for key in ["customer_hangup_at", "timestamp", "call_start_at", "created_at"] {
            body[key] = Value::String(now.clone());
        }
        body["call_id"] = Value::String(format!("{n:08x}-0000-4000-8000-{n:012x}"));
        for key in ["conversation_id", "customer_id", "note_id"] {
            body[key] = Value::from(1_000_000 + n);
        }
        for key in ["customer_token", "customer_web_token", "customer_sdk_token"] {
            body[key] = Value::String(format!("{n:018x}"));
        }
        body["customer_phone"] = Value::String(format!("138{n:08}"));
        into.extend_from_slice(&self.head);
        // A vector takes whatever is written.
        let _ = serde_json::to_writer(into, &body);
    }
}
