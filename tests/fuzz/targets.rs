//! The readers that are fuzzed, each with what must hold of it whatever it reads.

use ringback::contract::snapshot::Snapshot;
use ringback::contract::{At, Braces, Matcher, PathPattern, Pattern, Shape, Status, Template, Threshold};
use ringback::delivery::{ResponseReader, Taken};
use ringback::journal::Reader;
use ringback::load::merge::ShardFile;
use ringback::plan::{Circumstances, Plan, PlanFormat, Targets};
use ringback::random::Stream;
use ringback::{duration, rate, scenario, vendors};
use serde_json::{Value, json};

/// A reader: its name, what its corpus begins with, and one try.
pub type Target = (&'static str, fn() -> Vec<Vec<u8>>, fn(&[u8], &mut Stream));

pub const TARGETS: [Target; 7] = [
    ("scenario", super::corpus::scenarios, a_scenario),
    ("answer", super::corpus::answers, an_answer),
    ("path", super::corpus::paths, a_path),
    ("pattern", super::corpus::patterns, a_pattern),
    ("snapshot", || super::corpus::files("snapshots", "udesk.snap"), a_snapshot),
    ("shard", || super::corpus::files("tests/fixtures/0.1.0", ".json"), a_shard),
    ("journal", journals, a_journal),
];

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Text to plan: the same seed, the same plan.
fn a_scenario(bytes: &[u8], stream: &mut Stream) {
    let text = text(bytes);
    let _ = scenario::parse_profile("fuzz.yaml", &text).map_err(|wrong| wrong.render(false));
    let scenario = match scenario::parse("fuzz", "fuzz.yaml", &text, &|_| None) {
        Ok(scenario) => scenario,
        Err(wrong) => {
            assert!(!wrong.render(false).is_empty());
            return;
        }
    };
    let vendor = *stream.pick(vendors::ALL);
    let circumstances = Circumstances {
        seed: stream.word(),
        start: "2026-11-20T02:00:00Z".parse().unwrap(),
        call_number: 1,
        targets: Targets::OrElse("http://127.0.0.1:9/".parse().unwrap()),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let plan = || Plan::build(&scenario, vendor, &circumstances).map(|plan| plan.print(PlanFormat::Table));
    assert_eq!(plan().map_err(|no| no.to_string()), plan().map_err(|no| no.to_string()));
}

/// The same responses however the bytes are cut.
fn an_answer(bytes: &[u8], stream: &mut Stream) {
    let read = |mut next: Box<dyn FnMut(usize) -> usize + '_>| {
        let (mut reader, mut replies, mut at) = (ResponseReader::default(), Vec::new(), 0);
        while at < bytes.len() {
            let piece = next(bytes.len() - at).clamp(1, bytes.len() - at);
            let mut piece = &bytes[at..at + piece];
            at += piece.len();
            while !piece.is_empty() {
                match reader.take(piece) {
                    Ok(Taken { used, reply }) => {
                        assert!(reply.is_some() || used == piece.len(), "bytes are left");
                        let is_stuck = used == 0 && reply.is_none();
                        assert!(!is_stuck, "no progress");
                        piece = &piece[used..];
                        replies.extend(reply.map(|reply| format!("{reply:?}")));
                        assert!(replies.len() <= bytes.len());
                    }
                    Err(_) => {
                        replies.push("not HTTP".to_owned());
                        return replies;
                    }
                }
            }
        }
        replies.extend(reader.close().map(|reply| format!("{reply:?}")));
        replies
    };
    let whole = read(Box::new(|left| left));
    let pieces = read(Box::new(|_| 1 + stream.below(40) as usize));
    assert_eq!(whole, pieces);
}

/// What is read prints as it was, and finds nothing without an end.
fn a_path(bytes: &[u8], _: &mut Stream) {
    let text = text(bytes);
    let Ok(path) = PathPattern::parse(&text) else { return };
    assert_eq!(path.to_string(), text);
    assert_eq!(PathPattern::parse(&path.to_string()), Ok(path.clone()));
    let chain = (0..100).fold(json!(1), |inner, _| json!({ "a": [inner] }));
    let wide = json!({ "a": vec![json!({ "b": 1, "c": "x", "d": [1, 2, 3] }); 300] });
    let shape = Shape::Keys(vec![(At::Path(Box::new(path)), Shape::Fits(Matcher::Present))]);
    for value in [chain, wide, Value::Null] {
        shape.against(&value);
    }
}

fn a_pattern(bytes: &[u8], _: &mut Stream) {
    let text = text(bytes);
    if let Ok(pattern) = Pattern::compile(&text) {
        let shape = Shape::Fits(Matcher::Matches(pattern));
        shape.fits(&Value::from("ab1-".repeat(500)));
    }
    if let Ok(length) = duration::parse(&text) {
        assert_eq!(duration::parse(&duration::text(length)), Ok(length));
    }
    if let Ok(rate) = rate::parse(&text) {
        assert!(rate.is_finite() && rate >= 0.0, "{rate}");
        let _ = rate::text(rate);
    }
    let _ = Threshold::parse(&text, "fuzz:1").map_err(|flaw| flaw.to_string());
    let _ = Status::parse(&text);
    let _ = scenario::parse_address(&text);
    let _ = scenario::parse_override(&text, &|_| None);
    for braces in [Braces::All, Braces::Names] {
        let _ = Template::parse(&text, braces, &|_| None);
    }
    let _ = scenario::value::span(&text);
}

/// What is read prints as what was read.
fn a_snapshot(bytes: &[u8], _: &mut Stream) {
    if let Ok(snapshot) = Snapshot::parse(&text(bytes)) {
        assert_eq!(Snapshot::parse(&snapshot.to_text()), Ok(snapshot));
    }
}

fn a_shard(bytes: &[u8], _: &mut Stream) {
    if let Ok(shard) = ShardFile::read("fuzz.json", &text(bytes)) {
        let _ = ringback::load::merge::merge(vec![shard], Vec::new(), None, false);
    }
}

fn journals() -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = rusqlite::Connection::open(&path).unwrap();
    journal.execute_batch(include_str!("../fixtures/0.1.0/journal.sql")).unwrap();
    journal.close().unwrap();
    vec![std::fs::read(&path).unwrap()]
}

fn a_journal(bytes: &[u8], _: &mut Stream) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    std::fs::write(&path, bytes).unwrap();
    if let Ok(reader) = Reader::open(&path) {
        let _ = reader.is_current();
    }
}
