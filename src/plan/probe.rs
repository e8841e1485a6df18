//! What the probes of a plan can ask with, and whether they can be asked at all. Pure.

use super::{NoPlan, Plan};
use crate::contract::Known;
use crate::contract::probe::{After, PUSH_NAME, Unready, Words};

/// How much of a story is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// All of it: what it does not know now, it never will.
    Whole,
    /// Its beginning: what a probe asks with may yet happen.
    SoFar,
}

impl Plan {
    /// The values that a probe can ask with: those of the story, and where it is played.
    pub fn known_to_probes(&self) -> Known {
        let mut known = self.known();
        known.add("story.scenario", self.scenario.clone());
        known.add("story.vendor", self.vendor.id());
        if let Some(target) = self.targets.first() {
            known.add("target.origin", target.origin().ascii_serialization());
        }
        known
    }

    /// What a probe can ask with, by name: one aligned line each.
    pub(super) fn values(&self) -> String {
        let known = self.known_to_probes();
        let width = known.names().iter().map(|name| name.len() + 2).max().unwrap_or(0);
        let head = format!("{} by {}, seed {}\n", self.scenario, self.vendor.id(), self.seed);
        known.iter().fold(head, |text, (name, value)| format!("{text}{:width$}  {value}\n", format!("{{{name}}}")))
    }

    /// Refuses probes that the story has no values for, and hosts that they must not ask.
    pub(super) fn hold_probes(&self, allowed: &[String], story: Story) -> Result<(), NoPlan> {
        let probes = &self.contract.probes;
        let known = if probes.is_empty() { Known::default() } else { self.known_to_probes() };
        for probe in probes {
            let refused = |reason: String| NoPlan::Probe { place: probe.expectation.place.clone(), reason };
            let mut known = known.clone();
            if probe.after != After::Story {
                known.add(PUSH_NAME, "push");
            }
            let asked = probe.question.ready(&known);
            if let (Err(Unready::Unknown(_)), Story::SoFar) = (&asked, story) {
                continue;
            }
            let ready = asked.map_err(|unready| match unready {
                Unready::Unknown(_) => {
                    let mut names = known.names();
                    names.retain(|name| !name.contains(':'));
                    let vendor = self.vendor.id();
                    refused(format!("{unready} by {vendor}; what it knows is {}", names.join(", ")))
                }
                Unready::NoAddress { .. } => refused(unready.to_string()),
            })?;
            match &ready.words {
                Words::Http { url, .. } if !super::fate::is_within(url, allowed) => {
                    return Err(NoPlan::ForeignHost {
                        what: "probes",
                        host: url.host_str().unwrap_or_default().to_owned(),
                    });
                }
                Words::Http { .. } | Words::Command(_) => {}
            }
        }
        Ok(())
    }
}
