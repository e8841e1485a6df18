//! The calls of a story planned in full, one by one: right for every story, also where faults change the story itself, and
//! some fifty microseconds a call.

use super::calls::{Calls, Policy, Step, Way};
use crate::delivery::{Attempt, Outgoing, render};
use crate::http::{Framing, Reply};
use crate::plan::{Circumstances, NoPlan, Plan};
use crate::scenario::{Order, Scenario};
use crate::vendors::{Acknowledgement, RetryPolicy, Vendor};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// How many plans are remembered: the pushes of one call ask for it one after the other.
const PLANS_KEPT: usize = 64;

/// The calls of one story, each planned when it is asked for.
pub struct PlannedCalls {
    name: String,
    scenario: Scenario,
    vendor: &'static dyn Vendor,
    circumstances: Circumstances,
    kinds: Vec<String>,
    policies: Vec<Policy>,
    first: Plan,
    kept: Mutex<VecDeque<(u64, Timestamp, Arc<Plan>)>>,
}

impl PlannedCalls {
    /// The calls of a scenario as a vendor tells it. The number of the call and its start are set for each.
    ///
    /// # Errors
    /// Why there is nothing to send.
    pub fn new(scenario: Scenario, vendor: &'static dyn Vendor, circumstances: Circumstances) -> Result<Self, NoPlan> {
        let first = Plan::build(&scenario, vendor, &circumstances)?;
        let kinds = vendor.pushes().iter().map(|push| format!("{}:{}", vendor.id(), push.name)).collect();
        let policy = Policy { timeout: first.timeout, retry: first.retry.clone() };
        Ok(Self {
            name: format!("{} by {}", scenario.name, vendor.id()),
            scenario,
            vendor,
            circumstances,
            kinds,
            policies: vec![policy],
            first,
            kept: Mutex::default(),
        })
    }

    fn of(&self, call: u64, start: Timestamp) -> Option<Arc<Plan>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, plan)) = kept.iter().find(|(number, at, _)| *number == call && *at == start) {
            return Some(plan.clone());
        }
        let circumstances = Circumstances { call_number: call, start, ..self.circumstances.clone() };
        let plan = Arc::new(Plan::build(&self.scenario, self.vendor, &circumstances).ok()?);
        if kept.len() >= PLANS_KEPT {
            kept.pop_front();
        }
        kept.push_back((call, start, plan.clone()));
        Some(plan)
    }

    /// The plan by which the shape of a call is told: that of any start.
    fn shape(&self, call: u64) -> Option<Arc<Plan>> {
        self.of(call, self.circumstances.start)
    }
}

impl Calls for PlannedCalls {
    fn name(&self) -> &str {
        &self.name
    }

    fn kinds(&self) -> &[String] {
        &self.kinds
    }

    fn policies(&self) -> &[Policy] {
        &self.policies
    }

    fn targets(&self) -> &[Url] {
        &self.first.targets
    }

    fn order(&self) -> Order {
        self.first.order
    }

    fn steps(&self, call: u64) -> usize {
        self.shape(call).map_or(0, |plan| plan.deliveries.len())
    }

    fn step(&self, call: u64, step: usize) -> Step {
        let plan = self.shape(call);
        let delivery = plan.as_ref().and_then(|plan| plan.deliveries.get(step));
        let kind = delivery.and_then(|delivery| self.kinds.iter().position(|kind| *kind == delivery.push));
        let is_clean = |plan: &Arc<Plan>| plan.faults.is_empty();
        let own = delivery.is_some_and(|delivery| {
            let request = &delivery.request;
            request.to.is_some() || request.waits.is_some() || request.timeout.is_some()
        });
        let way = if plan.as_ref().is_some_and(is_clean) && !own { Way::Rendered } else { Way::Careful };
        let due = delivery.map(|delivery| delivery.offset).unwrap_or(Duration::ZERO);
        Step { due, kind: kind.unwrap_or_default(), policy: 0, way }
    }

    fn render(&self, call: u64, step: usize, target: usize, start: Timestamp, into: &mut Vec<u8>) {
        let Some(plan) = self.of(call, start) else { return };
        let Some(delivery) = plan.deliveries.get(step) else { return };
        let Some(attempt) = Attempt::alone(&plan, step, target, 1, delivery.offset) else { return };
        if let Ok(message) = render(&Outgoing::of(&plan, &attempt), Framing::Honest) {
            into.extend_from_slice(&message.bytes);
        }
    }

    fn acknowledged(&self, kind: usize, reply: &Reply) -> Acknowledgement {
        let name = self.vendor.pushes().get(kind).map_or("", |push| push.name);
        self.vendor.acknowledged_push(name, reply, &self.first.settings)
    }

    fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        self.of(call, start).map(|plan| (*plan).clone())
    }
}

/// A policy that tries once.
impl Default for Policy {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), retry: RetryPolicy::none() }
    }
}
