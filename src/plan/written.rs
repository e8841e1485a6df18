//! Puts into requests what the scenario and the command line write themselves: fields, headers, addresses. Places for values
//! are filled with what the story knows. Pure.

use super::build::{NoPlan, OVERRIDDEN_MAX, Room, Targets, bytes_of};
use super::contract::Story;
use super::{Plan, overrides};
use crate::body::{self, Leaf};
use crate::call::Fact;
use crate::contract::{Escape, Filled, Known, PUSH_NAME, Template};
use crate::scenario::{Override, Scenario};
use std::collections::HashMap;
use url::Url;

impl Plan {
    /// Writes everything into the requests as the vendor has made them.
    pub(super) fn write(
        &mut self,
        scenario: &Scenario,
        further: &[Override],
        targets: &Targets,
        story: Story,
    ) -> Result<(), NoPlan> {
        let written = match targets {
            Targets::Given(given) => Err(given.clone()),
            Targets::Written(written) => Ok(written.as_slice()),
            Targets::OrElse(otherwise) if scenario.deliver.to.is_empty() => Err(vec![otherwise.clone()]),
            Targets::OrElse(_) => Ok(scenario.deliver.to.as_slice()),
        };
        let written = match written {
            Ok(written) => written,
            Err(addresses) => {
                self.targets = addresses;
                &[]
            }
        };
        let is_plain = written.iter().all(|target| target.names().next().is_none());
        if is_plain {
            self.write_targets(written, story)?;
        }
        self.write_fields(&[scenario.overrides.as_slice(), further].concat(), story)?;
        // Of what was just written, too.
        if !is_plain {
            self.write_targets(written, story)?;
        }
        self.write_headers(&scenario.deliver.headers, story)
    }

    fn write_targets(&mut self, written: &[Template], story: Story) -> Result<(), NoPlan> {
        let known = self.known_if(written.iter().any(|target| target.names().next().is_some()));
        for template in written {
            let Filled { sent, shown, secrets } = template
                .fill(&known, Escape::Address)
                .map_err(|name| self.without_value(format!("the address {template}"), &name, &known, story))?;
            let target = sent.parse::<Url>().map_err(|error| NoPlan::Contract {
                place: self.source.clone(),
                reason: format!("`{shown}` is not an address: {error}"),
            })?;
            self.targets.push(target);
            self.from_environment.extend(secrets);
        }
        Ok(())
    }

    fn write_fields(&mut self, overrides: &[Override], story: Story) -> Result<(), NoPlan> {
        let story_knows = self.known_if(overrides.iter().any(|one| !one.value.is_known()));
        let meant = |delivery| overrides.iter().filter(move |one| overrides::is_for(one, delivery));
        if self.deliveries.iter().flat_map(meant).count() > OVERRIDDEN_MAX {
            return Err(NoPlan::TooLarge(format!("`set` replaces more than {OVERRIDDEN_MAX} values in it")));
        }
        let mut deliveries = std::mem::take(&mut self.deliveries);
        let mut room = Room::default();
        for delivery in &mut deliveries {
            for one in overrides {
                if !overrides::is_for(one, delivery) {
                    continue;
                }
                let known = if one.value.is_known() { Known::default() } else { of_push(&story_knows, delivery) };
                let value = one.value.fill(&known, &mut self.from_environment).map_err(|name| {
                    self.without_value(format!("the field {} of {}", one.field, delivery.push), &name, &known, story)
                })?;
                overrides::apply(one, value, self.vendor, delivery)?;
            }
            room.take(bytes_of(&delivery.request))?;
        }
        self.deliveries = deliveries;
        Ok(())
    }

    fn write_headers(&mut self, headers: &[(String, Template)], story: Story) -> Result<(), NoPlan> {
        let story_knows = self.known_if(headers.iter().any(|(_, value)| value.names().next().is_some()));
        let mut leaves = self.leaves_of(&story_knows);
        let mut deliveries = std::mem::take(&mut self.deliveries);
        let mut room = Room::default();
        for delivery in &mut deliveries {
            let own = delivery.request.event_id.as_deref().and_then(|id| delivery.request.body.leaf_of(id));
            match own {
                Some(own) => drop(leaves.insert(Fact::PushId.as_str().to_owned(), own.clone())),
                None => drop(leaves.remove(Fact::PushId.as_str())),
            }
            for (name, template) in headers {
                let is_known = template.names().next().is_none();
                let known = if is_known { Known::default() } else { of_push(&story_knows, delivery) };
                let Filled { sent, secrets, .. } = template.fill(&known, Escape::Header).map_err(|value| {
                    self.without_value(format!("the header {name} of {}", delivery.push), &value, &known, story)
                })?;
                self.from_environment.extend(secrets);
                let leaf = |name: &str| {
                    leaves.get(name).cloned().or_else(|| known.get(name).map(|value| Leaf::from(value.to_owned())))
                };
                let leaf = if is_known { Leaf::from(sent) } else { template.leaf(body::Escape::Header, leaf) };
                delivery.request.headers.set(name, leaf);
            }
            room.take(bytes_of(&delivery.request))?;
        }
        self.deliveries = deliveries;
        // The same ones went into every push.
        self.from_environment.sort_unstable();
        self.from_environment.dedup();
        Ok(())
    }

    /// The leaves behind what the story knows, by name.
    fn leaves_of(&self, known: &Known) -> HashMap<String, Leaf> {
        let leaf =
            |value: &str| self.deliveries.iter().find_map(|delivery| delivery.request.body.leaf_of(value)).cloned();
        known.iter().filter_map(|(name, value)| Some((name, leaf(value)?))).collect()
    }

    /// What the story knows; nothing if nobody asks.
    fn known_if(&self, is_asked: bool) -> Known {
        if is_asked { self.known_to_contract() } else { Known::default() }
    }

    fn without_value(&self, what: String, name: &str, known: &Known, story: Story) -> NoPlan {
        let reason = match story {
            Story::Whole => self.unknown(name, known),
            Story::SoFar => format!("nobody knows `{name}` yet when a call is driven by hand"),
        };
        NoPlan::Contract { place: self.source.clone(), reason: format!("{what}: {reason}") }
    }
}

/// What a push knows: what the story does, and itself.
fn of_push(story: &Known, delivery: &super::Delivery) -> Known {
    let mut known = story.clone();
    known.settle(PUSH_NAME, Some(delivery.push.clone()));
    known.settle(Fact::PushId.as_str(), delivery.request.event_id.clone());
    known
}
