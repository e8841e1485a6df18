//! Keeps the snapshots of a run: takes the answers of each story down, holds them against what was accepted, and says what
//! differs, what is new and what belongs to nothing.

mod told;

use super::{Source, Stories};
use crate::contract::KeyOrder;
use crate::contract::snapshot::{Answers, Snapshot, Store, file_name};
use crate::diagnostic::BUILT_IN_SOURCE;
use crate::event::{Compared, RunEvent, Story};
use crate::plan::{Plan, Retelling};
use crate::shell;
use crate::vendors;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use told::{Told, found};

/// Where snapshots are unless a folder is given.
pub const FOLDER_DEFAULT: &str = "snapshots";

/// What is done with snapshots in a run.
#[derive(Debug, Clone)]
pub struct Snapshots {
    /// Where they are.
    pub store: Store,
    /// Whether pending ones are written.
    pub mode: Mode,
    /// Whether those that belong to nothing are removed.
    pub prune: bool,
    /// The fault profiles laid over every scenario, as they were named.
    pub profiles: Vec<String>,
    /// The scenario arguments: files, folders and names.
    pub arguments: Vec<String>,
    /// The vendors that the run is limited to; none where it is not.
    pub vendors: Vec<&'static str>,
}

impl Snapshots {
    /// Those of these stories in a folder, without removing any.
    pub fn new(folder: impl Into<PathBuf>, mode: Mode, stories: &Stories) -> Self {
        let argument = |source: &Source| match source {
            Source::Named(name) => Some(name.clone()),
            Source::Text { .. } => None,
        };
        Self {
            store: Store::new(folder),
            mode,
            prune: false,
            profiles: stories.faults.clone(),
            arguments: stories.sources.iter().filter_map(argument).collect(),
            vendors: stories.vendors.iter().map(|vendor| vendor.id()).collect(),
        }
    }
}

/// Whether pending snapshots are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They are, and somebody accepts them.
    Write,
    /// Nobody would: nothing is written.
    ReadOnly,
}

/// Keeps the snapshots of one run.
pub(super) struct Keeper {
    snapshots: Snapshots,
    answers: Answers,
    /// The events of the present story, for what names everything in its answers.
    events: Vec<RunEvent>,
    /// The names that stories of this run have, with how they compared.
    used: HashMap<String, Compared>,
    /// The scenarios of this run, also those that no vendor could play.
    sources: HashSet<String>,
    /// Whether every story so far was played to its end.
    whole: bool,
}

impl Keeper {
    pub fn new(snapshots: Snapshots, sources: HashSet<String>) -> Self {
        Self { snapshots, answers: Answers::default(), events: Vec::new(), used: HashMap::new(), sources, whole: true }
    }

    /// A story begins.
    pub fn begin(&mut self, plan: &Plan) -> Vec<RunEvent> {
        self.answers = Answers::new(&plan.contract.snapshot);
        self.events.clear();
        Vec::new()
    }

    /// Learns of an event of the story.
    pub fn event(&mut self, event: &RunEvent) {
        self.answers.event(event);
        match event {
            RunEvent::Attempted { .. }
            | RunEvent::Replied { .. }
            | RunEvent::Failed { .. }
            | RunEvent::Probed { .. } => self.events.push(event.clone()),
            RunEvent::Unreachable { .. } => self.whole = false,
            _ => {}
        }
    }

    /// The story is over. One that was cut short is not compared.
    pub fn close(
        &mut self,
        (story, plan, replay): (&Story, &Plan, &str),
        retelling: Option<&Retelling>,
        cut_short: bool,
    ) -> Vec<RunEvent> {
        let name = file_name(&story.scenario, story.vendor, &profile_names(&self.snapshots.profiles));
        if cut_short || !self.whole {
            self.whole = false;
            self.used.insert(name, Compared::Same);
            return Vec::new();
        }
        // A vendor that keeps records and pushes nothing has no answers to compare.
        if self.answers.is_empty() && matches!(self.snapshots.store.accepted(&name), Ok(None)) {
            self.used.insert(name, Compared::Same);
            return Vec::new();
        }
        let expectation = self.expectation(&name);
        let (outcome, told) = match self.used.contains_key(&name) {
            true => (Compared::Broken, vec![self.twice(&name)]),
            false => self.compare(&name, plan, retelling),
        };
        self.used.entry(name.clone()).or_insert(outcome);
        let file = self.snapshots.store.accepted_path(&name).display().to_string();
        let mut events = vec![RunEvent::Compared { story: story.clone(), file, outcome }];
        let failed = u64::from(outcome != Compared::Same);
        events.extend(told.into_iter().map(|told| found(story, &expectation, replay, told)));
        events.push(RunEvent::Checked { story: story.clone(), expectation, judged: 1, failed });
        events
    }

    fn compare(&self, name: &str, plan: &Plan, retelling: Option<&Retelling>) -> (Compared, Vec<Told>) {
        let Snapshots { store, mode, .. } = &self.snapshots;
        let accepted = match store.accepted(name) {
            Ok(accepted) => accepted,
            Err(error) => return (Compared::Broken, vec![self.broken(&error)]),
        };
        let is_accepted = |body: &str| accepted.as_ref().is_some_and(|accepted| accepted.body == body);
        let plain = self.answers.plain();
        let body = if is_accepted(&plain) { plain } else { self.named(&self.answers, plan, retelling) };
        if is_accepted(&body) || self.is_of_old(is_accepted, plan, retelling) {
            let told = match (mode, store.pending(name)) {
                (_, Ok(None)) | (Mode::ReadOnly, _) => Vec::new(),
                // Whatever it is, it is of no use any more.
                (Mode::Write, _) => store.reject(name).err().map(|error| self.broken(&error)).into_iter().collect(),
            };
            return (Compared::Same, told);
        }
        let found = self.snapshot(plan, body);
        let mut told = Vec::new();
        if *mode == Mode::Write
            && let Err(error) = store.propose(name, &found)
        {
            told.push(self.broken(&error));
        }
        let waits = matches!(store.pending(name), Ok(Some(pending)) if pending.body == found.body);
        let outcome = match accepted {
            None => {
                told.push(self.is_new(name, &found, waits));
                Compared::New
            }
            Some(accepted) => {
                told.push(self.changed(name, (&accepted, &found), waits));
                Compared::Changed
            }
        };
        (outcome, told)
    }

    /// The answers with everything named that Ringback itself has sent.
    fn named(&self, answers: &Answers, plan: &Plan, retelling: Option<&Retelling>) -> String {
        let Some(retelling) = retelling else { return answers.plain() };
        let mut redactor = retelling.redactor(plan);
        self.events.iter().for_each(|event| redactor.event(event));
        answers.named(&redactor)
    }

    /// Whether the accepted snapshot has these answers with the keys of JSON as they came: before 0.2.0 they were not sorted.
    fn is_of_old(&self, is_accepted: impl Fn(&str) -> bool, plan: &Plan, retelling: Option<&Retelling>) -> bool {
        if plan.contract.snapshot.keys == KeyOrder::InOrder {
            return false;
        }
        let answers = self.answers.clone().in_order();
        is_accepted(&answers.plain()) || is_accepted(&self.named(&answers, plan, retelling))
    }

    fn snapshot(&self, plan: &Plan, body: String) -> Snapshot {
        let name = plan.source.strip_prefix(BUILT_IN_SOURCE).unwrap_or(&plan.source);
        let mut words = vec!["ringback", "run", name, "--vendor", plan.vendor.id()];
        self.snapshots.profiles.iter().for_each(|profile| words.extend(["--faults", profile]));
        Snapshot {
            source: plan.source.clone(),
            description: plan.title.clone(),
            expression: shell::words(&words),
            body,
        }
    }

    /// The run is over: says which snapshots belong to nothing, and which wait since before.
    pub fn finish(&self) -> Vec<RunEvent> {
        let Snapshots { store, mode, prune, .. } = &self.snapshots;
        let entries = match store.list() {
            Ok(entries) => entries,
            Err(error) => return vec![self.about(&error.path.display().to_string(), self.broken(&error))],
        };
        let mut events = Vec::new();
        for entry in entries {
            let waits = match (self.used.get(&entry.name), mode) {
                (None, _) => entry.pending,
                (Some(Compared::Same), Mode::ReadOnly) => entry.pending,
                (Some(_), _) => false,
            };
            if waits {
                events.push(self.about(&entry.name, self.waits(&entry.name)));
            }
            if self.is_unused(&entry.name) {
                let told = match prune.then(|| store.remove(&entry.name)) {
                    Some(Err(error)) => self.broken(&error),
                    pruned => self.unused(&entry.name, pruned.is_some()),
                };
                events.push(self.about(&entry.name, told));
            }
        }
        events
    }

    /// Whether this run would have used an accepted snapshot if anything still belonged to it. Where that cannot be told, it
    /// is not unused: no run removes what another one needs.
    fn is_unused(&self, name: &str) -> bool {
        let Snapshots { store, profiles, arguments, vendors, .. } = &self.snapshots;
        let (_, vendor, of_profiles) = parts(name);
        let limited = !vendors.is_empty() && !vendors.contains(&vendor);
        let other_profiles = of_profiles != profile_names(profiles).join("+");
        if !self.whole || self.used.contains_key(name) || limited || other_profiles {
            return false;
        }
        let Ok(Some(snapshot)) = store.accepted(name) else { return false };
        let source = plain_path(&snapshot.source);
        let within = |argument: &String| source.starts_with(&format!("{}/", plain_path(argument)));
        self.sources.iter().any(|played| plain_path(played) == source) || arguments.iter().any(within)
    }
}

/// The parts of a snapshot's name: scenario, vendor, profiles.
fn parts(name: &str) -> (&str, &str, &str) {
    // A scenario's own name may have the sign in it; a vendor's has none.
    let places: Vec<usize> = name.match_indices('@').map(|(at, _)| at).collect();
    let at_vendor = places.iter().rev().find(|at| {
        let rest = &name[*at + 1..];
        vendors::find(rest.split('@').next().unwrap_or(rest)).is_some()
    });
    let Some(at) = at_vendor else { return (name, "", "") };
    let (vendor, profiles) = name[at + 1..].split_once('@').unwrap_or((&name[at + 1..], ""));
    (&name[..*at], vendor, profiles)
}

/// What profiles are called in the name of a snapshot: without folder and extension.
fn profile_names(profiles: &[String]) -> Vec<String> {
    let stem = |profile: &String| {
        let file = profile.rsplit(['/', '\\']).next().unwrap_or(profile);
        file.trim_end_matches(".yaml").trim_end_matches(".yml").to_owned()
    };
    profiles.iter().map(stem).collect()
}

/// A path without what changes nothing about it.
fn plain_path(path: &str) -> &str {
    path.trim_start_matches("./").trim_end_matches('/')
}
