//! What the contract of a plan can name, and whether the plan can be held to it at all. Pure.

use super::{NoPlan, Plan};
use crate::contract::probe::{After, Unready, Words};
use crate::contract::{Known, PUSH_NAME, Probe, Unknown};
use crate::visible::visible;
use std::cell::LazyCell;

/// How much of a story is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// All of it: what it does not know now, it never will.
    Whole,
    /// Its beginning: what a contract names may yet happen.
    SoFar,
}

impl Plan {
    /// The values that a contract can name: those of the story, and where it is played.
    pub fn known_to_contract(&self) -> Known {
        self.to_contract(self.known())
    }

    /// These values of a call, and where its story is played.
    pub fn to_contract(&self, mut known: Known) -> Known {
        known.add("story.scenario", self.scenario.clone());
        known.add("story.vendor", self.vendor.id());
        if let Some(target) = self.targets.first() {
            known.add("target.origin", target.origin().ascii_serialization());
        }
        known
    }

    /// The same by name, one aligned line each.
    pub(super) fn values(&self) -> String {
        let known = self.known_to_contract();
        let width = known.names().iter().map(|name| name.len() + 2).max().unwrap_or(0);
        let head = format!("{} by {}, seed {}\n", visible(&self.scenario), self.vendor.id(), self.seed);
        known
            .iter()
            .fold(head, |text, (name, value)| format!("{text}{:width$}  {}\n", format!("{{{name}}}"), visible(value)))
    }

    /// Puts the values of the story into what is expected of the answers to its pushes. Refuses what the story has no values
    /// for, and hosts that probes must not ask.
    pub(super) fn hold_contract(&mut self, allowed: &[String], story: Story) -> Result<(), NoPlan> {
        let mut contract = std::mem::take(&mut self.contract);
        let known = LazyCell::new(|| self.known_to_contract());
        contract.fill(&known).map_err(|Unknown { place, name }| {
            let reason = match story {
                Story::Whole => self.unknown(&name, &known),
                Story::SoFar => {
                    format!("nobody knows `{name}` yet when a call is driven by hand; a probe can ask later")
                }
            };
            NoPlan::Contract { place, reason }
        })?;
        let mut secrets = Vec::new();
        for probe in &contract.probes {
            secrets.extend(self.hold_probe(probe, (*known).clone(), allowed, story)?);
        }
        drop(known);
        self.from_environment.extend(secrets);
        self.contract = contract;
        Ok(())
    }

    /// Gives what nobody is told of the probe.
    fn hold_probe(
        &self,
        probe: &Probe,
        mut known: Known,
        allowed: &[String],
        story: Story,
    ) -> Result<Vec<String>, NoPlan> {
        if probe.after != After::Story {
            known.add(PUSH_NAME, "push");
        }
        let refused = |reason| NoPlan::Contract { place: probe.expectation.place.clone(), reason };
        let ready = match probe.ready(&known) {
            Ok((_, ready)) => ready,
            Err(Unready::Unknown(_)) if story == Story::SoFar => return Ok(Vec::new()),
            Err(Unready::Unknown(name)) => return Err(refused(self.unknown(&name, &known))),
            Err(unready @ Unready::NoAddress { .. }) => return Err(refused(unready.to_string())),
        };
        match &ready.words {
            Words::Http { url, .. } if !super::fate::is_within(url, allowed) => {
                Err(NoPlan::ForeignHost { what: "probes", host: url.host_str().unwrap_or_default().to_owned() })
            }
            Words::Http { .. } | Words::Command(_) => Ok(ready.secrets().to_vec()),
        }
    }

    pub(super) fn unknown(&self, name: &str, known: &Known) -> String {
        let mut names = known.names();
        names.retain(|name| !name.contains(':'));
        let unready = Unready::Unknown(name.to_owned());
        format!("{unready} by {}; what it knows is {}", self.vendor.id(), names.join(", "))
    }
}
