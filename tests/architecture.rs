//! Holds the borders between the rooms of the library: which room may know of which, and who may touch the outside world.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may use. Whatever is not listed is forbidden.
const ROOMS: &[(&str, &[&str])] = &[
    ("atomic_file", &[]),
    ("clock", &[]),
    ("duration", &[]),
    ("exit", &[]),
    ("rate", &[]),
    ("spelling", &[]),
    ("random", &["clock"]),
    ("guide", &[]),
    ("look", &[]),
    ("visible", &[]),
    ("diagnostic", &["spelling", "visible"]),
    ("call", &["clock", "random"]),
    ("body", &["call", "clock", "random"]),
    ("http", &["body", "call"]),
    ("faults", &["body", "http", "random", "duration"]),
    ("event", &["call", "http", "faults", "diagnostic", "visible"]),
    ("vendors", &["body", "call", "http", "event", "random", "duration"]),
    ("shell", &["visible"]),
    (
        "contract",
        &[
            "atomic_file",
            "body",
            "call",
            "event",
            "http",
            "faults",
            "vendors",
            "diagnostic",
            "duration",
            "rate",
            "shell",
            "spelling",
            "visible",
        ],
    ),
    (
        "scenario",
        &["call", "contract", "http", "event", "vendors", "faults", "random", "diagnostic", "duration", "spelling"],
    ),
    ("schema", &["body", "call", "event", "load", "report", "scenario", "contract", "faults", "vendors", "duration"]),
    (
        "plan",
        &[
            "body", "clock", "contract", "shell", "faults", "call", "http", "random", "scenario", "vendors",
            "duration", "visible",
        ],
    ),
    ("delivery", &["clock", "faults", "random", "http", "event", "vendors", "scenario", "plan", "duration"]),
    ("listen", &[]),
    ("live", &["call", "delivery", "diagnostic", "faults", "plan", "random", "scenario", "vendors"]),
    ("receive", &["http", "listen", "vendors", "visible"]),
    (
        "report",
        &[
            "atomic_file",
            "clock",
            "diagnostic",
            "faults",
            "event",
            "exit",
            "duration",
            "http",
            "look",
            "vendors",
            "visible",
        ],
    ),
    ("journal", &["event", "report"]),
    ("query", &["clock", "http", "journal", "vendors", "duration"]),
    (
        "serve",
        &[
            "call",
            "clock",
            "contract",
            "delivery",
            "diagnostic",
            "duration",
            "event",
            "exit",
            "faults",
            "http",
            "journal",
            "listen",
            "look",
            "live",
            "plan",
            "query",
            "random",
            "receive",
            "report",
            "scenario",
            "schema",
            "session",
            "shell",
            "spelling",
            "vendors",
        ],
    ),
    (
        "session",
        &[
            "atomic_file",
            "clock",
            "contract",
            "delivery",
            "diagnostic",
            "duration",
            "event",
            "exit",
            "faults",
            "http",
            "load",
            "plan",
            "receive",
            "report",
            "scenario",
            "shell",
            "spelling",
            "vendors",
        ],
    ),
    (
        "in_process",
        &[
            "clock", "contract", "delivery", "event", "exit", "faults", "random", "report", "scenario", "session",
            "vendors",
        ],
    ),
    (
        "load",
        &[
            "atomic_file",
            "body",
            "clock",
            "call",
            "contract",
            "random",
            "http",
            "event",
            "faults",
            "vendors",
            "scenario",
            "plan",
            "delivery",
            "report",
            "exit",
            "duration",
            "look",
            "rate",
            "spelling",
            "visible",
        ],
    ),
];

/// Crates that only these rooms may name.
const CRATES: &[(&str, &[&str])] = &[
    ("tokio", &["delivery", "listen", "load", "receive", "serve", "session", "cli"]),
    ("hyper", &["delivery", "listen", "receive", "serve"]),
    ("hyper_util", &["delivery", "listen", "receive", "serve"]),
    ("http_body_util", &["delivery", "receive", "serve"]),
    ("httparse", &["delivery", "load"]),
    ("h2", &["delivery"]),
    ("flate2", &["http", "look"]),
    ("brotli_decompressor", &["http"]),
    ("mio", &["load"]),
    ("rmp_serde", &["load"]),
    ("rustix", &["delivery", "load", "session"]),
    ("hdrhistogram", &["load", "report"]),
    ("axum", &["serve"]),
    ("jsonschema", &["serve"]),
    ("prometheus", &["serve"]),
    ("rusqlite", &["journal"]),
    ("rustls", &["delivery"]),
    ("tokio_rustls", &["delivery"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("anstream", &["cli"]),
    ("quick_junit", &["load", "report"]),
    ("saphyr_parser", &["scenario"]),
    ("rand", &["random"]),
    ("rand_chacha", &["random"]),
];

/// Words of the standard library that only these files may use.
const WORDS: &[(&str, &[&str])] = &[
    ("Timestamp::now", &["src/clock.rs"]),
    ("Instant::now", &["src/clock.rs"]),
    ("SystemTime", &["src/clock.rs"]),
    ("println!", &["src/cli/"]),
    (
        "std::fs",
        &["src/atomic_file/", "src/scenario/load", "src/contract/snapshot/store.rs", "src/delivery/tls.rs", "src/cli/"],
    ),
    ("std::env::var", &["src/scenario/load", "src/cli/"]),
];

/// How times are written and what ids look like, with who may know of it: vendors, who say what a leaf is, and `body`, which
/// writes it. Besides them the vendors' own query APIs, what Ringback prints of its own, and whoever knows a sent value again
/// in an answer that a receiver wrote as it likes.
const FORMATS: &[(&str, &[&str])] = &[
    ("%Y", &["src/vendors/", "src/body/time.rs", "src/query/", "src/plan/print.rs", "src/contract/redact/instants.rs"]),
    (
        "%H:",
        &[
            "src/vendors/",
            "src/body/time.rs",
            "src/query/",
            "src/plan/print.rs",
            "src/report/term/",
            "src/contract/redact/instants.rs",
        ],
    ),
    ("strptime", &["src/query/", "src/contract/redact/instants.rs"]),
    ("is_ascii_hexdigit", &["src/vendors/", "src/contract/redact/mod.rs", "src/http/", "src/cli/"]),
    (
        "Shape::Uuid",
        &["src/vendors/", "src/body/draw.rs", "src/contract/redact/varies.rs", "src/schema/", "src/load/template/"],
    ),
];
/// The vendors by name, which only their own folder, their query APIs and the list of all may know.
const VENDORS: [&str; 6] = ["udesk", "7moor", "tinet", "huawei-cec", "tpns", "twilio"];

struct Source {
    path: String,
    room: String,
    /// The text without its tests and comments.
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    files
        .into_iter()
        .filter(|path| !path.ends_with("tests.rs") && !path.iter().any(|part| part == "tests"))
        .map(|file| {
            let path = file.strip_prefix(root).expect("a file of this folder").to_string_lossy().into_owned();
            let room = path.trim_start_matches("src/").split('/').next().expect("a first part").trim_end_matches(".rs");
            let text = fs::read_to_string(&file).expect("a readable source file");
            let text = text.split("#[cfg(test)]").next().expect("a first part").to_owned();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            Source { room: room.to_owned(), text: code.collect::<Vec<_>>().join("\n"), path }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The rooms that a text names: `crate::room`, also within braces.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for behind in text.split("crate::").skip(1) {
        match behind.strip_prefix('{') {
            Some(list) => rooms.extend(list.split('}').next().unwrap_or("").split(',').map(|item| word(item.trim()))),
            None => drop(rooms.insert(word(behind))),
        }
    }
    rooms
}

#[test]
fn rooms_use_only_what_they_may() {
    let mut breaches = Vec::new();
    for source in sources() {
        if ["lib", "main", "cli"].contains(&source.room.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == source.room) else {
            breaches.push(format!("{}: the room `{}` is not on the list", source.path, source.room));
            continue;
        };
        for named in rooms_named(&source.text) {
            if named != source.room && !allowed.contains(&named.as_str()) {
                breaches.push(format!("{}: `{}` must not use `{named}`", source.path, source.room));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (name, rooms) in CRATES {
            let named = source.text.contains(&format!("{name}::")) || source.text.contains(&format!("use {name};"));
            let part_of_a_longer_name =
                source.text.matches(&format!("{name}::")).count() == source.text.matches(&format!("_{name}::")).count();
            if named && !part_of_a_longer_name && !rooms.contains(&source.room.as_str()) {
                breaches.push(format!("{}: `{}` must not use the crate `{name}`", source.path, source.room));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_outside_world_is_touched_in_few_places() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (word, places) in WORDS {
            if source.text.contains(word) && !places.iter().any(|place| source.path.starts_with(place)) {
                breaches.push(format!("{}: `{word}` belongs to {}", source.path, places.join(", ")));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn what_a_push_says_is_looked_up_and_not_recognised() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (word, places) in FORMATS {
            if source.text.contains(word) && !places.iter().any(|place| source.path.starts_with(place)) {
                breaches.push(format!("{}: `{word}` belongs to {}", source.path, places.join(", ")));
            }
        }
        // The last of these is for the tests of its room.
        let is_own =
            ["src/vendors/", "src/query/", "src/contract/events.rs"].iter().any(|place| source.path.starts_with(place));
        for vendor in VENDORS.iter().filter(|_| !is_own) {
            if source.text.contains(&format!("\"{vendor}\"")) {
                breaches.push(format!("{}: `{vendor}` is not to be known here", source.path));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn every_file_opens_with_what_lives_in_it() {
    let silent: Vec<_> = sources()
        .into_iter()
        .map(|source| source.path)
        .filter(|path| {
            let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a readable file");
            !text.starts_with("//!")
        })
        .collect();
    assert!(silent.is_empty(), "no opening sentence in {}", silent.join(", "));
}
