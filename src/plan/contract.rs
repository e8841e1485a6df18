//! What the contract of a plan can name, and whether the plan can be held to it at all. Pure.

use super::{NoPlan, Plan};
use crate::contract::probe::{After, Unready, Words};
use crate::contract::{Known, PUSH_NAME, Probe, Unknown};
use std::cell::LazyCell;

impl Plan {
    /// The values that a contract can name: those of the story, and where it is played.
    pub fn known_to_contract(&self) -> Known {
        let mut known = self.known();
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
        let head = format!("{} by {}, seed {}\n", self.scenario, self.vendor.id(), self.seed);
        known.iter().fold(head, |text, (name, value)| format!("{text}{:width$}  {value}\n", format!("{{{name}}}")))
    }

    /// Puts the values of the story into what is expected. Refuses what the story has no values for, and hosts that probes
    /// must not ask.
    pub(super) fn hold_contract(&mut self, allowed: &[String]) -> Result<(), NoPlan> {
        let mut contract = std::mem::take(&mut self.contract);
        let known = LazyCell::new(|| self.known_to_contract());
        contract.fill(&known).map_err(|Unknown { place, name }| NoPlan::Contract {
            place,
            reason: self.unknown(&Unready::Unknown(name), &known),
        })?;
        for probe in &contract.probes {
            self.hold_probe(probe, (*known).clone(), allowed)?;
        }
        drop(known);
        self.contract = contract;
        Ok(())
    }

    fn hold_probe(&self, probe: &Probe, mut known: Known, allowed: &[String]) -> Result<(), NoPlan> {
        if probe.after != After::Story {
            known.add(PUSH_NAME, "push");
        }
        let ready = probe.question.ready(&known).map_err(|unready| {
            let reason = match unready {
                Unready::Unknown(_) => self.unknown(&unready, &known),
                Unready::NoAddress { .. } => unready.to_string(),
            };
            NoPlan::Contract { place: probe.expectation.place.clone(), reason }
        })?;
        match &ready.words {
            Words::Http { url, .. } if !super::fate::is_within(url, allowed) => {
                Err(NoPlan::ForeignHost { what: "probes", host: url.host_str().unwrap_or_default().to_owned() })
            }
            Words::Http { .. } | Words::Command(_) => Ok(()),
        }
    }

    fn unknown(&self, unready: &Unready, known: &Known) -> String {
        let mut names = known.names();
        names.retain(|name| !name.contains(':'));
        format!("{unready} by {}; what it knows is {}", self.vendor.id(), names.join(", "))
    }
}
