//! What there is to say about snapshots: findings, each with the command that settles it.

use super::{FOLDER_DEFAULT, Keeper, Mode, parts};
use crate::contract::snapshot::{Snapshot, StoreError, difference};
use crate::diagnostic::Code;
use crate::event::{Difference, Expectation, Finding, RunEvent, Side, Story, Weight};
use crate::shell;
use crate::vendors;

/// What a finding about a snapshot says.
pub(super) struct Told {
    code: Code,
    weight: Weight,
    message: String,
    expected: String,
    found: String,
    difference: Vec<Difference>,
    help: Option<String>,
}

impl Keeper {
    fn accepted(&self, name: &str) -> String {
        self.snapshots.store.accepted_path(name).display().to_string()
    }

    fn pending(&self, name: &str) -> String {
        self.snapshots.store.pending_path(name).display().to_string()
    }

    pub(super) fn expectation(&self, name: &str) -> Expectation {
        let file = self.accepted(name);
        Expectation { text: format!("the answers are those of {name}"), place: file, quote: String::new() }
    }

    /// A finding about a snapshot that belongs to no story of the run.
    pub(super) fn about(&self, name: &str, told: Told) -> RunEvent {
        let (scenario, vendor, _) = parts(name);
        let vendor = vendors::find(vendor).map_or("", |vendor| vendor.id());
        let story = Story { scenario: scenario.to_owned(), vendor };
        found(&story, &self.expectation(name), "", told)
    }

    pub(super) fn is_new(&self, name: &str, found: &Snapshot, waits: bool) -> Told {
        let file = self.accepted(name);
        Told {
            code: Code::SnapshotNew,
            weight: match self.snapshots.mode {
                Mode::Write => Weight::Failed,
                Mode::ReadOnly => Weight::Pending,
            },
            message: format!("there is no snapshot {file} yet"),
            expected: "an accepted snapshot".to_owned(),
            found: match waits {
                true => format!("none yet; what was answered waits in {}", self.pending(name)),
                false => format!("none yet; {} lines of answers", found.body.lines().count()),
            },
            difference: Vec::new(),
            help: Some(self.how_to_accept(name, Some(found), waits)),
        }
    }

    pub(super) fn changed(&self, name: &str, (accepted, found): (&Snapshot, &Snapshot), waits: bool) -> Told {
        let file = self.accepted(name);
        let lines = difference(&format!("{}\n", accepted.body), &format!("{}\n", found.body));
        let differ = lines.iter().filter(|line| line.side != Side::Both).count();
        Told {
            code: Code::SnapshotChanged,
            weight: match (self.snapshots.mode, waits) {
                // Somebody has seen to it already, and only forgot to accept it.
                (Mode::ReadOnly, true) => Weight::Pending,
                (Mode::ReadOnly, false) | (Mode::Write, _) => Weight::Failed,
            },
            message: format!("the answers differ from {file}"),
            expected: format!("the answers of {file}"),
            found: format!("{differ} other lines"),
            difference: lines,
            help: Some(self.how_to_accept(name, Some(found), waits)),
        }
    }

    pub(super) fn waits(&self, name: &str) -> Told {
        let file = self.pending(name);
        Told {
            code: Code::SnapshotNew,
            weight: match (self.snapshots.mode, self.used.get(name)) {
                (Mode::ReadOnly, None) => Weight::Pending,
                (Mode::ReadOnly, Some(_)) | (Mode::Write, _) => Weight::Remark,
            },
            message: format!("{file} waits since an earlier run"),
            expected: "nothing that waits".to_owned(),
            found: file,
            difference: Vec::new(),
            help: Some(format!(
                "{}, or reject it: {}",
                self.how_to_accept(name, None, true),
                self.command("reject", name)
            )),
        }
    }

    pub(super) fn unused(&self, name: &str, pruned: bool) -> Told {
        let file = self.accepted(name);
        let what = if pruned {
            "belonged to nothing that was played, and is removed"
        } else {
            "belongs to nothing that was played"
        };
        Told {
            code: Code::SnapshotUnused,
            weight: Weight::Remark,
            message: format!("{file} {what}"),
            expected: "a story that it belongs to".to_owned(),
            found: "none".to_owned(),
            difference: Vec::new(),
            help: (!pruned).then(|| "remove it by hand, or run again with --prune".to_owned()),
        }
    }

    pub(super) fn broken(&self, error: &StoreError) -> Told {
        Told {
            code: Code::SnapshotBroken,
            weight: Weight::Unknown,
            message: error.to_string(),
            expected: "a snapshot that can be read and written".to_owned(),
            found: error.to_string(),
            difference: Vec::new(),
            help: None,
        }
    }

    pub(super) fn twice(&self, name: &str) -> Told {
        let message = format!("two scenarios of this run are called alike, and both would be the snapshot {name}");
        Told {
            code: Code::SnapshotBroken,
            weight: Weight::Unknown,
            found: message.clone(),
            message,
            expected: "a scenario of its own for each snapshot".to_owned(),
            difference: Vec::new(),
            help: Some(
                "rename one of the two files, or play them in two runs with --snapshots of their own".to_owned(),
            ),
        }
    }

    /// How somebody makes what was found the accepted snapshot.
    fn how_to_accept(&self, name: &str, found: Option<&Snapshot>, waits: bool) -> String {
        let accept = self.command("accept", name);
        match (waits, found) {
            (false, Some(found)) => {
                let folder = shell::word(&self.snapshots.store.folder().display().to_string());
                format!("if that is meant, where CI is not set: {} --snapshots {folder} ; {accept}", found.expression)
            }
            (true, _) | (false, None) => format!("if that is meant, accept it: {accept}"),
        }
    }

    fn command(&self, verb: &str, name: &str) -> String {
        let folder = self.snapshots.store.folder().display().to_string();
        let mut command = format!("ringback {verb} {}", shell::word(name));
        if folder != FOLDER_DEFAULT {
            command += &format!(" --snapshots {}", shell::word(&folder));
        }
        command
    }
}

pub(super) fn found(story: &Story, expectation: &Expectation, replay: &str, told: Told) -> RunEvent {
    let Told { code, weight, message, expected, found, difference, help } = told;
    let replay = replay.to_owned();
    let silent = Finding::new(code, weight, story.clone(), expectation.clone());
    RunEvent::Found(Box::new(Finding { message, expected, found, difference, replay, help, ..silent }))
}
