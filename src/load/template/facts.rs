//! What holds for all calls of a story: its kinds of pushes, its addresses, how it is waited for. Nothing of a single call.

use super::source;
use crate::http::{Captured, Compression, Reply};
use crate::load::calls::{About, Policy, Step, Way};
use crate::plan::{Delivery, Plan};
use crate::scenario::Order;
use crate::vendors::{Acknowledgement, GivenOptions, RetryPolicy, Vendor};
use url::Url;

/// What holds for all calls of a story.
#[derive(Clone)]
pub(super) struct Facts {
    pub(super) name: String,
    pub(super) vendor: &'static dyn Vendor,
    pub(super) options: GivenOptions,
    pub(super) kinds: Vec<String>,
    pub(super) policies: Vec<Policy>,
    pub(super) targets: Vec<Url>,
    /// Whether each kind asks for compressed answers.
    compressions: Vec<Compression>,
    is_bent: bool,
    /// Whether a rule of the scenario asks in which order pushes leave.
    asks_for_order: bool,
}

impl Facts {
    /// What the plan of one call tells. Kinds and policies grow with the calls that are looked at.
    pub(super) fn new(plan: &Plan) -> Self {
        let mut facts = Self {
            name: format!("{} by {}", plan.scenario, plan.vendor.id()),
            vendor: plan.vendor,
            options: plan.options.clone(),
            kinds: Vec::new(),
            policies: vec![Policy { timeout: plan.timeout, retry: plan.retry.clone() }],
            targets: plan.targets.clone(),
            compressions: Vec::new(),
            is_bent: !plan.faults.is_empty(),
            asks_for_order: plan.contract.asks_for_order(),
        };
        for delivery in &plan.deliveries {
            facts.step(plan, delivery);
        }
        facts
    }

    /// What is to be known of a delivery; a kind or a policy that is new is entered.
    pub(super) fn step(&mut self, plan: &Plan, delivery: &Delivery) -> Step {
        let kind = place(&mut self.kinds, delivery.push.clone());
        if kind == self.compressions.len() {
            let target = plan.targets.first();
            let compression = target.map(|target| source::outgoing(plan, delivery, target, plan.start).compression());
            self.compressions.push(compression.unwrap_or(Compression::Unasked));
        }
        let policy = place(&mut self.policies, policy(plan, delivery));
        self.step_of(plan, delivery, (kind, policy))
    }

    /// The same where nothing can be entered any more: what is not known counts as the first of its sort.
    pub(super) fn known_step(&self, plan: &Plan, delivery: &Delivery) -> Step {
        let kind = self.kinds.iter().position(|kind| *kind == delivery.push).unwrap_or_default();
        let policy = policy(plan, delivery);
        let policy = self.policies.iter().position(|known| *known == policy).unwrap_or_default();
        self.step_of(plan, delivery, (kind, policy))
    }

    fn step_of(&self, plan: &Plan, delivery: &Delivery, (kind, policy): (usize, usize)) -> Step {
        Step {
            due: delivery.offset,
            kind,
            policy,
            way: self.way(delivery),
            // Calls of a load know nothing of each other, so that a total order is that of each call.
            is_chained: plan.order != Order::Free && !delivery.planned.is_loose,
            about: self.about(plan, delivery),
        }
    }

    fn about(&self, plan: &Plan, delivery: &Delivery) -> About {
        let Some(target) = plan.targets.first().filter(|_| self.asks_for_order) else { return About::default() };
        let sent = source::outgoing(plan, delivery, target, plan.start);
        let captured = Captured {
            method: sent.method.as_str().to_owned(),
            path: sent.url.path().to_owned(),
            query: sent.url.query().unwrap_or_default().to_owned(),
            headers: sent.headers,
            body: sent.body,
        };
        let leg = plan.deliveries.iter().position(|other| other.call == delivery.call);
        About::new(leg.unwrap_or_default(), self.vendor.about(&captured).map(|about| about.stage))
    }

    /// Enters every push of the vendor, for calls that are not looked at before they are sent.
    pub(super) fn know_all_kinds(&mut self) {
        for push in self.vendor.pushes() {
            place(&mut self.kinds, format!("{}:{}", self.vendor.id(), push.name));
        }
    }

    pub(super) fn acknowledged(&self, kind: usize, reply: &Reply) -> Acknowledgement {
        let push = self.kinds.get(kind).and_then(|kind| kind.split_once(':')).map_or("", |(_, push)| push);
        self.vendor.acknowledged_push(push, reply, &self.options)
    }

    /// Whether pushes of a kind ask for compressed answers; those that were not looked at do as the first.
    pub(super) fn compression(&self, kind: usize) -> Compression {
        let known = self.compressions.get(kind).or(self.compressions.first());
        known.copied().unwrap_or(Compression::Unasked)
    }

    fn way(&self, delivery: &Delivery) -> Way {
        if self.is_bent || delivery.request.to.is_some() { Way::Careful } else { Way::Rendered }
    }
}

fn policy(plan: &Plan, delivery: &Delivery) -> Policy {
    let waits = delivery.request.waits.clone().unwrap_or_else(|| plan.retry.waits.clone());
    Policy {
        timeout: delivery.request.timeout.unwrap_or(plan.timeout),
        retry: RetryPolicy { waits, ..plan.retry.clone() },
    }
}

/// The place of a value in a list, to which it is added where it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter().position(|known| *known == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}
