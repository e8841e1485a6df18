//! Holds the borders between the rooms of the library: which room may know of which, and who may touch the outside world.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

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
    ("print!", &["src/cli/"]),
    ("eprintln!", &["src/cli/"]),
    ("eprint!", &["src/cli/"]),
    ("dbg!", &[]),
    ("File::open", &["src/atomic_file/", "src/scenario/load", "src/contract/snapshot/store.rs", "src/cli/"]),
    ("File::create", &["src/atomic_file/", "src/cli/"]),
    ("OpenOptions", &["src/atomic_file/", "src/cli/"]),
    ("tokio::fs", &[]),
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
    /// What its code names, without its tests: `std::fs::read`, with what braces hold each by itself, and `println!`.
    names: BTreeSet<String>,
    /// Its literals.
    literals: Vec<String>,
}

impl Source {
    /// Whether its code names this, or something in it: `std::fs` in `std::fs::read`, `Instant::now` in `std::time::Instant::now`.
    fn has(&self, word: &str) -> bool {
        let is_at = |name: &str, at: usize| {
            let (before, behind) = (&name[..at], &name[at + word.len()..]);
            (before.is_empty() || before.ends_with("::")) && (behind.is_empty() || behind.starts_with("::"))
        };
        self.names.iter().any(|name| name.match_indices(word).any(|(at, _)| is_at(name, at)))
    }

    /// Whether its code names something of this crate.
    fn uses(&self, name: &str) -> bool {
        let first = |path: &String| path.split("::").next() == Some(name) && path.contains("::");
        self.names.iter().any(first) || self.names.contains(&format!("use {name}"))
    }
}

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
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
            let mut source = Source { room: room.to_owned(), path, names: BTreeSet::new(), literals: Vec::new() };
            read(text.parse().expect("tokens"), "", &mut source);
            source
        })
        .collect()
});

/// Enters what tokens name behind `prefix`, such as `std::`. Comments, attributes and what is there for tests alone are left out.
fn read(tokens: TokenStream, prefix: &str, source: &mut Source) {
    let mut tokens = tokens.into_iter().peekable();
    let mut name = prefix.to_owned();
    let mut is_use = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                tokens.next_if(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == '!'));
                if let Some(TokenTree::Group(attribute)) = tokens.next()
                    && attribute.stream().to_string().replace(' ', "") == "cfg(test)"
                {
                    // The item that it is about ends with its braces, or with a semicolon.
                    let is_end = |token: &TokenTree| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(sign) => sign.as_char() == ';',
                        _ => false,
                    };
                    while tokens.next().is_some_and(|token| !is_end(&token)) {}
                }
            }
            TokenTree::Ident(ident) => {
                is_use |= ident == "use";
                name += &ident.to_string();
                let mut is_path = false;
                while let Some(TokenTree::Punct(sign)) = tokens.peek()
                    && sign.as_char() == ':'
                    && sign.spacing() == Spacing::Joint
                {
                    tokens.next();
                    tokens.next();
                    is_path = true;
                }
                if is_path {
                    name += "::";
                    continue;
                }
                let is_macro = matches!(tokens.peek(), Some(TokenTree::Punct(sign)) if sign.as_char() == '!');
                source.names.insert(if is_macro { format!("{name}!") } else { name.clone() });
                if is_use && !name.contains("::") {
                    source.names.insert(format!("use {name}"));
                }
                prefix.clone_into(&mut name);
            }
            TokenTree::Group(group) => {
                // Braces behind `::` hold parts of the same path.
                let within = if name != prefix && name.ends_with("::") { name.as_str() } else { "" };
                read(group.stream(), within, source);
                prefix.clone_into(&mut name);
            }
            TokenTree::Literal(literal) => source.literals.push(literal.to_string()),
            TokenTree::Punct(sign) => {
                is_use &= sign.as_char() != ';';
                prefix.clone_into(&mut name);
            }
        }
    }
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

/// The rooms that code names: `crate::room`.
fn rooms_named(source: &Source) -> BTreeSet<&str> {
    let behind = source.names.iter().filter_map(|name| name.strip_prefix("crate::"));
    behind.map(|behind| behind.split("::").next().unwrap_or_default()).collect()
}

#[test]
fn code_is_read_to_its_end_and_without_its_tests() {
    let mut source = Source { path: String::new(), room: String::new(), names: BTreeSet::new(), literals: Vec::new() };
    let text = r#"
        //! std::net is not named here.
        use std::{fs, io::{self, Read as _}};
        use tokio;
        #[cfg(test)]
        mod tests { fn told() { println!("{}", std::env::var("A").unwrap()); } }
        #[cfg(test)]
        use std::thread;
        fn after() { print!("b"); let file = File::open("c"); matches!(x, crate::{call::Cast, plan}); }
    "#;
    read(text.parse().expect("tokens"), "", &mut source);
    for word in ["std::fs", "std::io", "std::io::Read", "print!", "File::open", "File", "use tokio"] {
        assert!(source.has(word) || source.names.contains(word), "{word}: {:?}", source.names);
    }
    for word in ["std::net", "std::env", "std::thread", "println!", "ile::open", "std::f"] {
        assert!(!source.has(word), "{word}: {:?}", source.names);
    }
    assert!(source.uses("tokio") && source.uses("std") && !source.uses("fs"), "{:?}", source.names);
    assert_eq!(
        (rooms_named(&source), source.literals.clone()),
        (["call", "plan"].into(), vec!["\"b\"".into(), "\"c\"".into()])
    );
}

#[test]
fn rooms_use_only_what_they_may() {
    let mut breaches = Vec::new();
    for source in SOURCES.iter() {
        if ["lib", "main", "cli"].contains(&source.room.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == source.room) else {
            breaches.push(format!("{}: the room `{}` is not on the list", source.path, source.room));
            continue;
        };
        for named in rooms_named(source) {
            if named != source.room && !allowed.contains(&named) {
                breaches.push(format!("{}: `{}` must not use `{named}`", source.path, source.room));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut breaches = Vec::new();
    for source in SOURCES.iter() {
        for (name, rooms) in CRATES {
            if source.uses(name) && !rooms.contains(&source.room.as_str()) {
                breaches.push(format!("{}: `{}` must not use the crate `{name}`", source.path, source.room));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_outside_world_is_touched_in_few_places() {
    let mut breaches = Vec::new();
    for source in SOURCES.iter() {
        for (word, places) in WORDS {
            if source.has(word) && !places.iter().any(|place| source.path.starts_with(place)) {
                breaches.push(format!("{}: `{word}` belongs to {}", source.path, places.join(", ")));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn what_a_push_says_is_looked_up_and_not_recognised() {
    let mut breaches = Vec::new();
    for source in SOURCES.iter() {
        for (word, places) in FORMATS {
            let is_named = source.has(word) || source.literals.iter().any(|literal| literal.contains(word));
            if is_named && !places.iter().any(|place| source.path.starts_with(place)) {
                breaches.push(format!("{}: `{word}` belongs to {}", source.path, places.join(", ")));
            }
        }
        // The last of these is for the tests of its room.
        let is_own =
            ["src/vendors/", "src/query/", "src/contract/events.rs"].iter().any(|place| source.path.starts_with(place));
        for vendor in VENDORS.iter().filter(|_| !is_own) {
            if source.literals.contains(&format!("\"{vendor}\"")) {
                breaches.push(format!("{}: `{vendor}` is not to be known here", source.path));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn every_file_opens_with_what_lives_in_it() {
    let silent: Vec<_> = SOURCES
        .iter()
        .map(|source| source.path.clone())
        .filter(|path| {
            let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a readable file");
            !text.starts_with("//!")
        })
        .collect();
    assert!(silent.is_empty(), "no opening sentence in {}", silent.join(", "));
}
