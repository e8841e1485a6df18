//! `ringback review`, `accept` and `reject`: what becomes of snapshots that wait.

use super::print::{Problem, out};
use crate::contract::snapshot::{Snapshot, Store, StoreError, difference};
use crate::event::{Difference, Side};
use crate::exit::Exit;
use crate::session::FOLDER_DEFAULT;
use crate::shell;
use crate::spelling;
use anstyle::{AnsiColor, Style};
use clap::Args;
use console::Key;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::PathBuf;

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();

/// The arguments of `ringback review`.
#[derive(Debug, Args)]
#[command(after_help = "Keys: a accepts, r rejects, s skips, q ends. Without a terminal, what waits is listed.")]
pub(super) struct Review {
    /// The folder of the snapshots.
    #[arg(value_name = "DIR", env = "RINGBACK_SNAPSHOTS", default_value = FOLDER_DEFAULT)]
    folder: PathBuf,
}

/// The arguments of `ringback accept` and `ringback reject`.
#[derive(Debug, Args)]
pub(super) struct Settle {
    /// The names of the snapshots, such as `outbound-answered@udesk`.
    #[arg(value_name = "NAME", required_unless_present = "all")]
    names: Vec<String>,
    /// All that wait.
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// The folder of the snapshots.
    #[arg(long = "snapshots", value_name = "DIR", env = "RINGBACK_SNAPSHOTS", default_value = FOLDER_DEFAULT)]
    folder: PathBuf,
}

/// What becomes of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accept,
    Reject,
}

impl Review {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let store = Store::new(self.folder);
        let pending = pending(&store)?;
        if pending.is_empty() {
            return out(&format!("no snapshot waits in {}\n", store.folder().display()));
        }
        // Keys come from the terminal: without one there is nobody to decide.
        match std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
            true => review(&store, &pending),
            false => out(&listed(&store, &pending)),
        }
    }
}

impl Settle {
    pub(super) fn accept(self) -> Result<Exit, Problem> {
        self.settle(Verdict::Accept)
    }

    pub(super) fn reject(self) -> Result<Exit, Problem> {
        self.settle(Verdict::Reject)
    }

    fn settle(self, verdict: Verdict) -> Result<Exit, Problem> {
        let store = Store::new(&self.folder);
        let pending = pending(&store)?;
        let names = match self.all {
            true => pending,
            // All names are looked at before anything is done.
            false => self.names.iter().map(|name| find(name, &pending, &store)).collect::<Result<_, _>>()?,
        };
        if names.is_empty() {
            return out(&format!("no snapshot waits in {}\n", store.folder().display()));
        }
        for name in &names {
            settle(&store, name, verdict)?;
        }
        Ok(Exit::Good)
    }
}

fn pending(store: &Store) -> Result<Vec<String>, Problem> {
    let entries = store.list().map_err(|error| broken(&error))?;
    Ok(entries.into_iter().filter(|entry| entry.pending).map(|entry| entry.name).collect())
}

/// The pending snapshot of this name; a file's name, or its path, is understood too.
fn find(given: &str, pending: &[String], store: &Store) -> Result<String, Problem> {
    let file = given.rsplit('/').next().unwrap_or(given);
    let name = file.trim_end_matches(".new").trim_end_matches(".snap");
    if let Some(name) = pending.iter().find(|pending| *pending == name) {
        return Ok(name.clone());
    }
    let help = match spelling::nearest(name, pending.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if pending.is_empty() => "none waits there; `ringback run --snapshots DIR` makes them".to_owned(),
        None => format!("these wait: {}", pending.join(", ")),
    };
    Err(Problem::usage(format!("no snapshot called `{given}` waits in {}", store.folder().display()), help))
}

fn settle(store: &Store, name: &str, verdict: Verdict) -> Result<Exit, Problem> {
    let done = match verdict {
        Verdict::Accept => store.accept(name),
        Verdict::Reject => store.reject(name),
    };
    done.map_err(|error| broken(&error))?;
    out(&match verdict {
        Verdict::Accept => format!("{GOOD}accepted{GOOD:#}  {}\n", store.accepted_path(name).display()),
        Verdict::Reject => format!("{BAD}rejected{BAD:#}  {}\n", store.pending_path(name).display()),
    })
}

fn broken(error: &StoreError) -> Problem {
    Problem::cannot_go_on(
        error.to_string(),
        "`ringback explain RB-233` tells what can be wrong; nothing was overwritten",
    )
}

/// What waits, with the commands that settle it.
fn listed(store: &Store, pending: &[String]) -> String {
    let folder = store.folder().display().to_string();
    let option = match folder == FOLDER_DEFAULT {
        true => String::new(),
        false => format!(" --snapshots {}", shell::word(&folder)),
    };
    let width = pending.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{} waiting in {folder}:\n", count(pending.len()));
    for name in pending {
        let kind = match store.accepted(name) {
            Ok(Some(_)) => "changed",
            Ok(None) => "new    ",
            Err(_) => "broken ",
        };
        let _ = writeln!(text, "  {name:width$}  {kind}  ringback accept {}{option}", shell::word(name));
    }
    let _ = writeln!(text, "all of them: ringback accept --all{option}; none of them: ringback reject --all{option}");
    text
}

fn count(count: usize) -> String {
    if count == 1 { "1 snapshot".to_owned() } else { format!("{count} snapshots") }
}

/// Shows one after the other, and does what the key says.
fn review(store: &Store, pending: &[String]) -> Result<Exit, Problem> {
    let terminal = console::Term::stdout();
    let mut skipped = 0;
    for (nth, name) in pending.iter().enumerate() {
        out(&shown(store, name, (nth + 1, pending.len())))?;
        let verdict = loop {
            match terminal.read_key() {
                Ok(Key::Char('a' | 'A')) => break Some(Verdict::Accept),
                Ok(Key::Char('r' | 'R')) => break Some(Verdict::Reject),
                Ok(Key::Char('s' | 'S')) => break None,
                Ok(Key::Char('q' | 'Q') | Key::Escape) => {
                    let left = pending.len() - nth + skipped;
                    return out(&format!("{} left\n", count(left)));
                }
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => return Ok(Exit::Interrupted),
                Err(error) => {
                    return Err(Problem::cannot_go_on(format!("the terminal cannot be read: {error}"), ""));
                }
            }
        };
        match verdict {
            Some(verdict) => drop(settle(store, name, verdict)?),
            None => {
                skipped += 1;
                out(&format!("skipped   {}\n", store.pending_path(name).display()))?;
            }
        }
    }
    Ok(Exit::Good)
}

/// A pending snapshot as a page of the review.
fn shown(store: &Store, name: &str, (nth, of): (usize, usize)) -> String {
    let (accepted, found) = (store.accepted(name), store.pending(name));
    let mut page = format!("\n{BOLD}{name}{BOLD:#}  {DIM}{nth} of {of}{DIM:#}\n");
    match (&accepted, &found) {
        (Ok(accepted), Ok(Some(found))) => {
            let _ = writeln!(page, "{DIM}{}\n{}{DIM:#}\n", found.description, found.expression);
            let before = accepted.as_ref().map(|accepted| accepted.body.as_str()).unwrap_or_default();
            if accepted.is_none() {
                page += "new: there is no accepted one yet\n";
            }
            for line in lines(before, found) {
                page += &line;
            }
        }
        (accepted, found) => {
            for error in [accepted.as_ref().err(), found.as_ref().err()].into_iter().flatten() {
                let _ = writeln!(page, "{BAD}{error}{BAD:#}");
            }
        }
    }
    page + &format!("\n  {GOOD}a{GOOD:#} accept   {BAD}r{BAD:#} reject   {BOLD}s{BOLD:#} skip   {BOLD}q{BOLD:#} quit\n")
}

fn lines(before: &str, found: &Snapshot) -> Vec<String> {
    let with_end = |text: &str| if text.is_empty() { String::new() } else { format!("{text}\n") };
    let lines = difference(&with_end(before), &with_end(&found.body));
    lines
        .into_iter()
        .map(|Difference { side, text }| {
            let style = match side {
                Side::Both => DIM,
                Side::Expected => BAD,
                Side::Found => GOOD,
            };
            format!("{style}{} {text}{style:#}\n", side.sign())
        })
        .collect()
}
