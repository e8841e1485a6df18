//! Same file, same seed, same start: the same bytes, whatever else runs beside, and in the next version too.
//!
//! What every vendor sends is pinned in `snapshots/pushes`. `INSTA_UPDATE=always cargo test --test all determinism` writes those
//! files anew; their difference is then to be read like that of any other code.

use crate::support::plans::{HEADLINES, plan, plan_at, sent, shipped, shipped_as};
use crate::support::wire;
use ringback::plan::{Plan, PlanFormat, PlannedRecord, USER_AGENT};
use ringback::scenario::Scenario;
use ringback::vendors::{self, GivenOptions, OptionKind, Vendor};
use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

const SEEDS: u64 = 1_000;

/// The plan of one seed as bytes; seeds take the shipped scenarios and the vendors in turn.
fn bytes(seed: u64) -> Option<String> {
    static SHIPPED: LazyLock<Vec<Scenario>> = LazyLock::new(shipped);
    let scenarios = &*SHIPPED;
    let scenario = &scenarios[seed as usize % scenarios.len()];
    let vendor = vendors::ALL[seed as usize / scenarios.len() % vendors::ALL.len()];
    Some(plan(scenario, vendor.id(), seed)?.print(PlanFormat::Json))
}

#[test]
fn a_thousand_seeds_give_the_same_bytes_on_any_number_of_threads() {
    let alone: Vec<_> = (0..SEEDS).map(bytes).collect();
    for threads in [2, 7] {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                thread::spawn(move || {
                    (worker..SEEDS).step_by(threads as usize).map(|seed| (seed, bytes(seed))).collect::<Vec<_>>()
                })
            })
            .collect();
        for worker in workers {
            for (seed, bytes) in worker.join().expect("a worker that ends") {
                assert_eq!(bytes, alone[seed as usize], "seed {seed} on {threads} threads");
            }
        }
    }
    let told: Vec<_> = alone.into_iter().flatten().collect();
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "every seed tells another call");
}

#[test]
fn the_name_of_a_scenario_is_part_of_its_key_and_its_place_is_not() {
    let scenarios = shipped();
    let mut renamed = scenarios[0].clone();
    let reference = plan(&renamed, "udesk", 1).expect("a plan").print(PlanFormat::Json);
    renamed.source = "elsewhere.yaml".into();
    assert_eq!(plan(&renamed, "udesk", 1).expect("a plan").print(PlanFormat::Json), reference);
    renamed.name = "another".into();
    assert_ne!(plan(&renamed, "udesk", 1).expect("a plan").print(PlanFormat::Json), reference);
}

/// The host of every target, whatever port a receiver has.
const HOST: &str = "127.0.0.1:8080";

/// Seed, start and path of the target.
type Take = (u64, &'static str, &'static str);

/// Every flow is pinned with two seeds, from two starts, the second near the end of a leap day, to two targets.
const TAKES: [Take; 2] =
    [(1, "2026-03-02T09:30:00+08:00", "/hook"), (2, "2028-02-29T23:58:47.5+08:00", "/hook?shop=7")];

/// The command that prints a take.
fn command(scenario: &str, vendor: &dyn Vendor, (seed, start, path): Take) -> String {
    let format = if vendor.pushes().is_empty() { "json" } else { "http" };
    let (id, target) = (vendor.id(), format!("'http://{HOST}{path}'"));
    format!("ringback plan {scenario} --vendor {id} --seed {seed} --at {start} --target {target} --format {format}")
}

/// The plan of a take, if the vendor plays the scenario.
fn plan_of(scenario: &Scenario, vendor: &str, (seed, start, path): Take, host: &str) -> Option<Plan> {
    plan_at(scenario, vendor, (seed, start.parse().expect("a time")), &format!("http://{host}{path}"))
}

/// Something that a plan sends or records.
struct Sent {
    /// When.
    due: String,
    /// Which push, and why; it is not sent.
    what: String,
    /// As it crosses the wire, with the version of Ringback out of it.
    bytes: String,
}

/// All of it, in order.
fn everything(plan: &Plan) -> Vec<Sent> {
    let pushes = plan.deliveries.iter().map(|delivery| Sent {
        due: plan.at(delivery.offset),
        what: format!("{}: {}", delivery.push, delivery.why),
        bytes: sent(plan, delivery, &plan.targets[0]).replace(USER_AGENT, "ringback/VERSION"),
    });
    let records = plan.records.iter().map(|PlannedRecord { offset, why, record }| Sent {
        due: plan.at(*offset),
        what: format!("record: {why}"),
        bytes: format!("{} {:?} {}\n{}", record.id, record.account, record.at, record.content.to_json()),
    });
    pushes.chain(records).collect()
}

/// The bytes as lines: one that begins with two blanks goes on where the line before it ends. Behind a parameter that is
/// percent-encoded stands what it says.
fn folded(bytes: &str) -> String {
    let (mut text, mut quoted, mut escaped) = (String::new(), false, false);
    let mut letters = bytes.chars().filter(|letter| *letter != '\r').peekable();
    while let Some(letter) = letters.next() {
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        let ends = letter == ',' && letters.peek() != Some(&' ') || letters.peek() == Some(&'&');
        text.push(letter);
        text += if ends && !quoted { "\n  " } else { "" };
    }
    let explained = |line: &str| {
        let parameter = line.trim_start_matches([' ', '&']);
        let said = form_urlencoded::parse(parameter.as_bytes()).next().filter(|_| parameter.contains('%'));
        match said.filter(|_| !parameter.contains([' ', '"'])) {
            Some((_, said)) => format!("{line}  # {said}"),
            None => line.to_owned(),
        }
    };
    text.split('\n').map(explained).collect::<Vec<_>>().join("\n")
}

fn sha256(plans: impl Iterator<Item = Plan>) -> String {
    let all = plans.flat_map(|plan| everything(&plan)).map(|sent| sent.due + &sent.bytes + "\n");
    let digest = ring::digest::digest(&ring::digest::SHA256, all.collect::<String>().as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Options that some words of others need.
const BESIDE: [(&str, &str); 3] =
    [("success_text", "ok"), ("access_key", "AK1"), ("push_key", "abcdefghijabcdefghijabcdefghijabcdefghij123")];

/// One line for every scenario that the vendor plays, and one for every word of its options that changes any of them.
fn table(vendor: &dyn Vendor, mut scenarios: Vec<Scenario>) -> String {
    let id = vendor.id();
    let mut text = String::new();
    let digests = |scenarios: &[Scenario]| {
        TAKES.map(|take| sha256(scenarios.iter().filter_map(|scenario| plan_of(scenario, id, take, HOST)))).join(" ")
    };
    scenarios.retain(|scenario| plan_of(scenario, id, TAKES[0], HOST).is_some());
    for scenario in &scenarios {
        text += &format!("{:48} {}\n", scenario.name, digests(std::slice::from_ref(scenario)));
    }
    let words = vendor.options().iter().flat_map(|setting| match setting.kind {
        OptionKind::Switch(default) => vec![(setting.name, if default { "false" } else { "true" })],
        OptionKind::Choice(words) => words[1..].iter().map(|word| (setting.name, *word)).collect(),
        _ => Vec::new(),
    });
    let plain = digests(&scenarios);
    for (setting, word) in words {
        let mut changed = scenarios.clone();
        for scenario in &mut changed {
            let options = scenario.options.entry(id).or_insert_with(|| GivenOptions::defaults(vendor.options()));
            let beside = BESIDE.iter().filter(|(name, _)| vendor.options().iter().any(|setting| setting.name == *name));
            for (name, word) in beside.copied().chain([(setting, word)]) {
                options.read(name, word).expect("a word of the option");
            }
        }
        let digests = digests(&changed);
        if digests != plain {
            text += &format!("{:48} {digests}\n", format!("all, {setting}: {word}"));
        }
    }
    text
}

#[tokio::test]
async fn what_every_vendor_sends_is_what_was_accepted() {
    assert!(vendors::ALL.iter().map(|vendor| vendor.id()).eq(HEADLINES.map(|(vendor, _)| vendor)));
    let (address, captured) = wire::captured().await;
    let address = address.to_string();
    let (mut files, mut other) = (BTreeSet::new(), Vec::new());
    let mut pin = |vendor: &str, name: &str, description: &str, text: &str| {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("../snapshots/pushes/{vendor}"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(description);
        let compare = || settings.bind(|| insta::assert_snapshot!(name, text));
        let path = format!("{vendor}/{name}.snap");
        other.extend(catch_unwind(AssertUnwindSafe(compare)).is_err().then(|| path.clone()));
        files.insert(path);
    };
    for (id, names) in HEADLINES {
        let vendor = vendors::find(id).expect("a vendor");
        for name in names {
            let scenario = shipped_as(name);
            for take in TAKES {
                let plan = plan_of(&scenario, id, take, HOST).expect("a headline flow");
                let all = everything(&plan).into_iter();
                let text: String =
                    all.map(|sent| format!("# {}  {}\n{}\n\n", sent.due, sent.what, folded(&sent.bytes))).collect();
                pin(id, &format!("{name}-seed-{}", take.0), &command(name, vendor, take), &text);
                // What crosses the wire is what is planned.
                let plan = plan_of(&scenario, id, take, &address).expect("a headline flow");
                wire::played(&plan).await;
                let mut came: Vec<_> = captured.try_iter().collect();
                let mut left: Vec<_> =
                    plan.deliveries.iter().map(|delivery| sent(&plan, delivery, &plan.targets[0])).collect();
                came.sort();
                left.sort();
                assert_eq!(came, left, "{name} by {id}");
            }
        }
        let commands = TAKES.map(|take| format!("# {}\n", command("SCENARIO", vendor, take))).concat();
        pin(id, "all", "SHA-256 of everything that is sent, at two seeds", &(commands + &table(vendor, shipped())));
    }
    assert!(
        other.is_empty(),
        "this is not what was accepted, see above: {other:?}\n\
        if it is meant: INSTA_UPDATE=always cargo test --test all determinism"
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/pushes");
    let listed = |folder: &Path| fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut left_over: Vec<_> = listed(&root).flat_map(|folder| listed(&folder)).collect();
    left_over.retain(|file| file.extension().is_none_or(|extension| extension != "new"));
    left_over.retain(|file| !files.iter().any(|name| *file == root.join(name)));
    assert!(left_over.is_empty(), "no scenario makes these any more: {left_over:?}");
}
