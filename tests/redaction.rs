//! Redaction by meaning: whatever the seed and the start, the answers of a receiver come out the same, even of one that repeats
//! everything that it was sent.

use crate::support::plans::shipped;
use jiff::Timestamp;
use ringback::call::Course;
use ringback::contract::KeyOrder;
use ringback::contract::redact::{Of, Redactor};
use ringback::contract::snapshot::Answers;
use ringback::event::{DeliveryId, RunEvent, Timing};
use ringback::plan::{Circumstances, Delivery, NoPlan, Plan, Sent, Targets};
use ringback::scenario::Scenario;
use ringback::vendors::{self, Vendor};
use serde_json::{Value, json};
use std::thread;

/// With how many seeds each story is told.
const SEEDS_EACH: u64 = 2;

fn circumstances(seed: u64) -> Circumstances {
    let start: Timestamp = "2026-03-02T09:30:00+08:00".parse().expect("a time");
    let later = jiff::SignedDuration::from_secs(i64::try_from(seed).expect("small") * 86_411 + 7);
    Circumstances {
        seed,
        start: start.checked_add(later).expect("a time"),
        call_number: 1,
        targets: Targets::OrElse(format!("http://127.0.0.1:{}/hook", 20_000 + seed).parse().expect("an address")),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    }
}

/// A story that is shipped, with its course.
struct Told<'s> {
    scenario: &'s Scenario,
    vendor: &'static dyn Vendor,
    usual: Plan,
    course: Option<Course>,
}

impl<'s> Told<'s> {
    /// `None` where the vendor does not tell it.
    fn new(scenario: &'s Scenario, vendor: &'static dyn Vendor) -> Option<Self> {
        if scenario.vendors.as_ref().is_some_and(|ids| !ids.contains(&vendor.id())) {
            return None;
        }
        match Plan::build(scenario, vendor, &circumstances(0)) {
            Ok(usual) => Some(Self { scenario, vendor, usual, course: Course::of(&scenario.cast, &scenario.script) }),
            Err(NoPlan::Skipped(_)) => None,
            Err(problem) => panic!("{} by {}: {problem}", scenario.name, vendor.id()),
        }
    }

    /// The answers of the receiver that is built in: it thanks for every push as its vendor expects.
    fn thanked(&self, seed: u64) -> (Plan, Answers) {
        let plan = Plan::build(self.scenario, self.vendor, &circumstances(seed)).expect("a plan");
        let mut answers = Answers::new(&Default::default());
        for delivery in &plan.deliveries {
            let id = DeliveryId {
                scenario: plan.scenario.clone(),
                push: delivery.push.clone(),
                call: delivery.call.clone(),
                number: delivery.number,
                target: 1,
            };
            let (why, offset) = (delivery.why.clone(), delivery.offset);
            answers.event(&RunEvent::Planned { delivery: id.clone(), offset, why, faults: Vec::new() });
            let (status, content_type, body) = self.vendor.thanks_for(delivery.request.name);
            answers.event(&RunEvent::Replied {
                delivery: id,
                attempt: 1,
                status,
                version: None,
                headers: vec![("Content-Type".into(), content_type.into()), ("Date".into(), "today".into())],
                body: body.into(),
                truncated: false,
                remark: None,
                timing: Timing::default(),
                acknowledged: true,
                reason: None,
                warning: None,
            });
        }
        (plan, answers)
    }

    /// These answers as a snapshot. As in a run, nothing is named where they are letter by letter the accepted ones.
    fn snapshot(&self, (plan, answers): (Plan, Answers), accepted: &str) -> String {
        let plain = answers.plain();
        if plain == accepted { plain } else { answers.named(&plan.redactor(Some(&self.usual), self.course.as_ref())) }
    }

    fn answers(&self, seed: u64, writing: usize) -> String {
        let plan = Plan::build(self.scenario, self.vendor, &circumstances(seed)).expect("a plan");
        redacted(&plan, &plan.redactor(Some(&self.usual), self.course.as_ref()), writing)
    }
}

/// What a receiver answers that repeats the whole request, once more in one of the four writings that it knows.
fn echo(plan: &Plan, delivery: &Delivery, writing: usize) -> (Vec<(String, String)>, String) {
    let request = &delivery.request;
    let at = plan.instant(delivery.offset);
    let body = String::from_utf8_lossy(&request.body.bytes()).into_owned();
    let url = request.address(&plan.targets[0]);
    let encoded: String = form_urlencoded::byte_serialize(body.as_bytes()).collect();
    let escaped = body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let content = request.content().unwrap_or(Value::Null);
    let mut headers = plan.headers(delivery, request, Sent { url: &url, body: body.as_bytes(), at, meant: None });
    headers.push(("Content-Length".into(), body.len().to_string()));
    headers.push(("Host".into(), url.authority().to_owned()));
    let header_map: serde_json::Map<_, _> =
        headers.iter().map(|(name, value)| (name.to_lowercase(), Value::from(value.as_str()))).collect();
    let phone = &plan.cast.customer.phone;
    let told = json!({
        "method": request.method.as_str(),
        "url": url.as_str(),
        "path": url.path(),
        "query": url.query(),
        "headers": header_map,
        "json": content,
        "note": format!("push of {phone} (+86{phone}) for {} at {}", plan.cast.agents[0].name, at),
        "at": at.as_millisecond(),
        "again": match writing {
            0 => json!({ "body": body, "url_encoded": encoded }),
            1 => json!({ "percent_encoded": encoded.replace('+', "%20"), "history": [body] }),
            2 => json!({ "html": format!("<pre>{escaped}</pre>") }),
            _ => json!({ "log": format!("got {body}, and that is all"), "python": content.to_string().replace('"', "'").replace("':", "': ") }),
        },
    });
    (headers, told.to_string())
}

fn redacted(plan: &Plan, redactor: &Redactor, writing: usize) -> String {
    let mut answers: Vec<(usize, String)> = plan
        .deliveries
        .iter()
        .map(|delivery| {
            let of = Of::Delivery(delivery.number);
            let (headers, body) = echo(plan, delivery, (writing + redactor.rank(delivery.number)) % 4);
            let mut answer = format!("{}\n", delivery.push);
            for (name, value) in headers {
                answer += &format!("{name}: {}\n", redactor.header(of, &format!("X-{name}"), &value));
            }
            (redactor.rank(delivery.number), answer + &redactor.body(of, &body, KeyOrder::InOrder) + "\n\n")
        })
        .collect();
    answers.sort();
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Runs a check for every shipped scenario by every vendor.
fn for_every_story(check: impl Fn(&Scenario, &'static dyn Vendor, usize) -> Vec<String> + Sync) {
    let scenarios = shipped();
    let stories: Vec<_> =
        scenarios.iter().flat_map(|scenario| vendors::ALL.iter().map(move |vendor| (scenario, *vendor))).collect();
    in_halves(&stories, |(scenario, vendor), index| check(scenario, *vendor, index));
}

/// Runs a check for every shipped scenario.
fn for_every_scenario(check: impl Fn(&Scenario) -> Vec<String> + Sync) {
    in_halves(&shipped(), |scenario, _| check(scenario));
}

/// Runs a check for each item, with its place, on both halves of a machine. It gives what is wrong.
fn in_halves<T: Sync>(items: &[T], check: impl Fn(&T, usize) -> Vec<String> + Sync) {
    let wrong: Vec<String> = thread::scope(|scope| {
        let halves: Vec<_> = (0..2)
            .map(|half| {
                let check = &check;
                scope.spawn(move || {
                    let half = items.iter().enumerate().skip(half).step_by(2);
                    half.flat_map(|(index, item)| check(item, index)).collect::<Vec<_>>()
                })
            })
            .collect();
        halves.into_iter().flat_map(|half| half.join().expect("a thread that ends")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn same(one: &str, other: &str, what: &str) -> Option<String> {
    if one != other {
        let difference: Vec<_> = one.lines().zip(other.lines()).filter(|(one, other)| one != other).take(6).collect();
        let shown: Vec<String> = difference.iter().map(|(one, other)| short(one, other)).collect();
        return Some(format!("{what}\n{}\n", shown.join("\n")));
    }
    None
}

/// The parts around the first difference of two lines.
fn short(one: &str, other: &str) -> String {
    let at = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let part = |text: &str| text.chars().skip(at.saturating_sub(60)).take(140).collect::<String>();
    format!("- {}\n+ {}", part(one), part(other))
}

#[test]
fn a_receiver_that_repeats_everything_answers_the_same_whatever_the_seed() {
    for_every_story(|scenario, vendor, index| {
        // The ways in which a call can fail differ in one word or two.
        if scenario.source.contains("outcomes") && index % 4 != 0 {
            return Vec::new();
        }
        let Some(told) = Told::new(scenario, vendor) else { return Vec::new() };
        let reference = told.answers(1, index);
        (0..SEEDS_EACH)
            .filter_map(|nth| {
                let seed = 2 + (index as u64 * SEEDS_EACH + nth) % 500;
                let what = format!("{} by {} with seed {seed}", scenario.name, vendor.id());
                same(&reference, &told.answers(seed, index), &what)
            })
            .collect()
    });
}

/// With how many seeds every scenario is played.
const RUNS: u64 = 25;

#[test]
fn the_built_in_receiver_gives_the_same_snapshot_again_and_again() {
    for_every_scenario(|scenario| {
        let stories: Vec<Told<'_>> = vendors::ALL.iter().filter_map(|vendor| Told::new(scenario, *vendor)).collect();
        let references: Vec<String> = stories.iter().map(|told| told.snapshot(told.thanked(0), "")).collect();
        (1..=RUNS)
            .filter_map(|seed| {
                let turn = usize::try_from(seed).expect("small") % stories.len();
                let told = &stories[turn];
                let what = format!("{} by {} with seed {seed}", scenario.name, told.vendor.id());
                same(&references[turn], &told.snapshot(told.thanked(seed), &references[turn]), &what)
            })
            .collect()
    });
}
