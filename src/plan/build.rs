//! Builds a plan: plays the script, lets the vendor tell it, applies what the scenario overrides.

use super::contract::Story;
use super::{Delivery, Plan, PlannedRecord};
use crate::call::{self, CallState, Cast, Illegal, Step, Timeline};
use crate::contract::Template;
use crate::faults::{Faults, Planned};
use crate::http::Push;
use crate::random::Keyed;
use crate::scenario::{Override, Retry, Scenario};
use crate::vendors::{BadOption, GivenOptions, RetryPolicy, Vendor};
use jiff::Timestamp;
use std::collections::HashMap;
use std::fmt;

/// How many bytes the pushes and records of one story can have together, before faults.
pub const PLANNED_MAX_BYTES: usize = 64 * 1024 * 1024;
/// How many values can be replaced in the pushes of one story.
pub const OVERRIDDEN_MAX: usize = 20_000;

/// What a plan depends on besides the scenario and the vendor.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The seed of every draw.
    pub seed: u64,
    /// When the scenario starts.
    pub start: Timestamp,
    /// The number of the call in the run, from 1.
    pub call_number: u64,
    /// Where pushes go if the scenario names no address; addresses here win over the scenario's.
    pub targets: Targets,
    /// Further overrides, after the scenario's own.
    pub overrides: Vec<Override>,
    /// Hosts besides loopback that pushes bent by faults may go to.
    pub allowed_hosts: Vec<String>,
}

/// Where pushes go.
#[derive(Debug, Clone)]
pub enum Targets {
    /// To these addresses, whatever the scenario says.
    Given(Vec<url::Url>),
    /// The same with places for what the call knows.
    Written(Vec<Template>),
    /// To the scenario's own addresses, or to this one where it has none.
    OrElse(url::Url),
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq)]
pub enum NoPlan {
    /// The vendor has no pushes for this story.
    Skipped(String),
    /// The script cannot happen. A parsed scenario has been checked for this.
    Impossible(Vec<Illegal>),
    /// A setting is impossible.
    Option(BadOption),
    /// An override names a field that a push does not have.
    Override {
        /// The push.
        push: String,
        /// The field.
        field: String,
        /// What is wrong.
        reason: String,
    },
    /// The story is larger than what is planned: what of it, as half a sentence.
    TooLarge(String),
    /// This story cannot be held to its contract: it lacks a value that is named there, or a probe cannot be asked.
    Contract {
        /// Where it stands.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// Something that goes to loopback only would go to a host that is not allowed either.
    ForeignHost {
        /// What would go there: "faults".
        what: &'static str,
        /// The host.
        host: String,
    },
}

impl fmt::Display for NoPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoPlan::Skipped(reason) | NoPlan::TooLarge(reason) => f.write_str(reason),
            NoPlan::Impossible(steps) => {
                let reasons: Vec<_> = steps.iter().map(|illegal| illegal.reason.as_str()).collect();
                write!(f, "the script cannot happen: {}", reasons.join("; "))
            }
            NoPlan::Option(BadOption { option, reason }) => write!(f, "option `{option}`: {reason}"),
            NoPlan::Contract { place, reason } => write!(f, "{place}: {reason}"),
            NoPlan::ForeignHost { what, host } => {
                write!(f, "{what} go to loopback only, and `{host}` is another host")
            }
            NoPlan::Override { push, field, reason } => write!(f, "cannot set `{field}` of {push}: {reason}"),
        }
    }
}

impl Plan {
    /// Plans what one vendor sends for one scenario.
    ///
    /// # Errors
    /// Why there is nothing to send; see [`NoPlan`].
    pub fn build(
        scenario: &Scenario,
        vendor: &'static dyn Vendor,
        circumstances: &Circumstances,
    ) -> Result<Plan, NoPlan> {
        let recorded = scenario.script.contains(&Step::Record);
        let mut plan = Self::told(scenario, vendor, circumstances, (Story::Whole, recorded), |keyed| {
            call::play(&scenario.cast, &scenario.script, keyed)
        })?;
        plan.hold_contract(&circumstances.allowed_hosts, Story::Whole)?;
        Ok(plan)
    }

    /// The same for a story whose end is not written yet. `recorded` says whether a recording is made, which a vendor may
    /// tell from the start.
    ///
    /// # Errors
    /// Why there is nothing to send; see [`NoPlan`].
    pub fn build_so_far(
        scenario: &Scenario,
        vendor: &'static dyn Vendor,
        circumstances: &Circumstances,
        recorded: bool,
    ) -> Result<Plan, NoPlan> {
        let mut plan = Self::told(scenario, vendor, circumstances, (Story::SoFar, recorded), |keyed| {
            Ok(call::play_so_far(&scenario.cast, &scenario.script, keyed)?.timeline)
        })?;
        plan.hold_contract(&circumstances.allowed_hosts, Story::SoFar)?;
        Ok(plan)
    }

    fn told(
        scenario: &Scenario,
        vendor: &'static dyn Vendor,
        circumstances: &Circumstances,
        (story, recorded): (Story, bool),
        play: impl FnOnce(&Keyed) -> Result<Timeline, Vec<Illegal>>,
    ) -> Result<Plan, NoPlan> {
        let Circumstances { seed, start, call_number, targets, overrides, allowed_hosts } = circumstances;
        let keyed = Keyed::new(*seed, &scenario.name, *call_number);
        let cast = Cast::draw(&scenario.cast, vendor.locale(), *start, keyed, recorded);
        vendor.can_tell(&cast).map_err(NoPlan::Skipped)?;
        let options =
            scenario.options.get(vendor.id()).cloned().unwrap_or_else(|| GivenOptions::defaults(vendor.options()));

        // What the scenario itself says of delivery holds for every push.
        let (own_timeout, own_waits) =
            (scenario.deliver.timeout.is_none(), matches!(scenario.deliver.retry, Retry::Vendor));
        let timeline = play(&cast.keyed).map_err(NoPlan::Impossible)?;
        let (mut deliveries, records) = tell(&timeline, vendor, &cast, &options, *call_number)?;
        for delivery in &mut deliveries {
            delivery.request.timeout = delivery.request.timeout.filter(|_| own_timeout);
            delivery.request.waits = delivery.request.waits.take().filter(|_| own_waits);
        }

        let mut plan = Plan {
            scenario: scenario.name.clone(),
            title: scenario.title.clone(),
            source: scenario.source.clone(),
            contract: scenario.contract.clone(),
            cast,
            vendor,
            seed: *seed,
            start: *start,
            deliveries,
            records,
            targets: Vec::new(),
            from_environment: Vec::new(),
            order: scenario.deliver.order,
            timeout: scenario.deliver.timeout.unwrap_or_else(|| vendor.timeout(&options)),
            retry: match &scenario.deliver.retry {
                Retry::Vendor => vendor.retry(&options),
                Retry::Never => RetryPolicy::none(),
                Retry::Explicit { waits, jitter, on } => {
                    RetryPolicy { waits: waits.clone(), jitter: *jitter, on: on.clone() }
                }
            },
            sign: scenario.deliver.sign.clone(),
            disable_after: scenario.deliver.disable_after,
            faults: Faults::new(scenario.faults.clone()),
            options,
        };
        plan.write(scenario, overrides, targets, story)?;
        if !plan.faults.is_empty() {
            plan.keep_to("faults", allowed_hosts)?;
            plan.hold_folding()?;
            plan.fold_faults(&keyed);
        }
        Ok(plan)
    }
}

/// The bytes that are left for a story.
pub(super) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(PLANNED_MAX_BYTES)
    }
}

impl Room {
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), NoPlan> {
        let too_large = || NoPlan::TooLarge(format!("its pushes have more than {PLANNED_MAX_BYTES} bytes together"));
        self.0 = self.0.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }
}

pub(super) fn bytes_of(push: &Push) -> usize {
    let headers = push.headers.iter().map(|(name, value)| name.len() + value.text().len());
    push.body.len() + headers.sum::<usize>()
}

/// Lets the vendor tell the story, and puts its pushes in the order in which they fall due.
fn tell(
    timeline: &Timeline,
    vendor: &'static dyn Vendor,
    cast: &Cast,
    options: &GivenOptions,
    call_number: u64,
) -> Result<(Vec<Delivery>, Vec<PlannedRecord>), NoPlan> {
    let mut room = Room::default();
    let mut teller = vendor.teller(cast, options).map_err(NoPlan::Option)?;
    let mut state = CallState::new(cast.subject);
    let mut pushes = Vec::new();
    let mut deliveries = Vec::new();
    let mut entries = Vec::new();
    let mut records = Vec::new();
    for happening in &timeline.happenings {
        state.apply(happening);
        teller.tell(happening, &state, &mut pushes);
        room.take(pushes.iter().map(bytes_of).sum())?;
        deliveries.extend(pushes.drain(..).map(|push| Delivery {
            number: 0,
            push: format!("{}:{}", vendor.id(), push.name),
            call: cast.label.clone(),
            call_number,
            offset: push.from.unwrap_or(happening.at).offset + push.after,
            mark: push.from.unwrap_or(happening.at).mark,
            why: happening.words(cast),
            request: push,
            planned: Planned::default(),
        }));
        teller.record(happening, &state, &mut entries);
        let kept = |record| PlannedRecord { offset: happening.at.offset, why: happening.words(cast), record };
        records.extend(entries.drain(..).map(kept));
    }
    deliveries.sort_by_key(|delivery| delivery.offset);
    let mut same: HashMap<&'static str, u32> = HashMap::new();
    for (number, delivery) in (1..).zip(&mut deliveries) {
        let nth = same.entry(delivery.request.name).or_default();
        *nth += 1;
        delivery.number = number;
        delivery.planned.nth = *nth;
    }
    Ok((deliveries, records))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;
    use crate::vendors;
    use std::time::Duration;

    /// The plan of a call by TiNet with an action that has its own timeout and its own retry.
    fn planned(deliver: &str, timeout: Option<Duration>, retry: Option<Retry>) -> Plan {
        let text = format!(
            "title: A customer's own actions\ncall: {{ kind: outbound }}\nscript: [{{ ring: agent }}, {{ answer: agent }}, \
             {{ ring: customer }}, {{ answer: customer }}, {{ wait: 9s }}, {{ hangup: customer }}]\n\
             options: {{ tinet: {{ actions: [{{ type: 8, retry: 2, timeout: 3 }}] }} }}\n{deliver}"
        );
        let mut scenario = scenario::parse("own", "own.yaml", &text, &|_| None).expect("a scenario");
        let given = crate::session::Stories { timeout, retry, ..Default::default() };
        given.lay_over(std::slice::from_mut(&mut scenario)).expect("flags that fit");
        let circumstances = Circumstances {
            seed: 1,
            start: Timestamp::UNIX_EPOCH,
            call_number: 1,
            targets: Targets::OrElse("http://127.0.0.1:9/hook".parse().expect("an address")),
            overrides: Vec::new(),
            allowed_hosts: Vec::new(),
        };
        Plan::build(&scenario, vendors::find("tinet").expect("a vendor"), &circumstances).expect("a plan")
    }

    /// What holds for the first push: how long it waits for an answer, and how often it is tried again.
    fn first(plan: &Plan) -> (Duration, usize) {
        let push = &plan.deliveries.first().expect("a push").request;
        let waits = push.waits.as_ref().unwrap_or(&plan.retry.waits);
        (push.timeout.unwrap_or(plan.timeout), waits.len())
    }

    #[test]
    fn flags_beat_the_file_which_beats_what_an_action_says_of_itself() {
        let seconds = Duration::from_secs;
        let once = || Some(Retry::Explicit { waits: vec![seconds(1)], jitter: 0.0, on: Vec::new() });
        assert_eq!(first(&planned("", None, None)), (seconds(3), 2), "the action's own");
        let file = "deliver: { timeout: 7s, retry: { waits: [1s, 2s, 3s] } }\n";
        assert_eq!(first(&planned(file, None, None)), (seconds(7), 3), "the file's");
        assert_eq!(first(&planned(file, Some(seconds(9)), once())), (seconds(9), 1), "the flags'");
        assert_eq!(first(&planned("", Some(seconds(9)), None)), (seconds(9), 2), "each of the two by itself");
        assert_eq!(first(&planned("deliver: { retry: none }\n", None, None)), (seconds(3), 0));
        assert_eq!(first(&planned("deliver: { retry: vendor }\n", None, None)), (seconds(3), 2));
    }
}
