//! What the calls of a story are made from, and a call planned in full; what is compiled of it stands in `compile`.

use crate::call;
use crate::delivery::{self, Outgoing};
use crate::http::Framing;
use crate::plan::{Circumstances, Delivery, NoPlan, Plan};
use crate::random::Keyed;
use crate::scenario::Scenario;
use crate::vendors::Vendor;
use jiff::Timestamp;
use std::time::Duration;
use url::Url;

/// One scenario, told by one vendor, of which any call can be planned.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) scenario: Scenario,
    pub(super) vendor: &'static dyn Vendor,
    pub(super) circumstances: Circumstances,
}

/// How finely a story tells when its calls started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// To the millisecond.
    Millisecond,
    /// To the second: something in the story happens at a fraction of a second, so that with the fraction of the start the
    /// lengths of time that it tells would change, too.
    Second,
}

impl Grain {
    /// The start that a call tells, which started at `start`: never later.
    pub fn told(self, start: Timestamp) -> Timestamp {
        Timestamp::from_millisecond(self.told_ms(start)).unwrap_or(Timestamp::MIN)
    }

    /// The same in milliseconds since 1970.
    #[inline]
    pub(super) fn told_ms(self, start: Timestamp) -> i64 {
        // Before 1970 the parts of a second are negative.
        let millisecond = start.as_second() * 1000 + i64::from(start.subsec_nanosecond().div_euclid(1_000_000));
        match self {
            Grain::Millisecond => millisecond,
            Grain::Second => millisecond - millisecond.rem_euclid(1000),
        }
    }
}

impl Source {
    /// The full plan of a call.
    pub(super) fn plan(&self, call: u64, start: Timestamp) -> Result<Plan, NoPlan> {
        let circumstances = Circumstances { call_number: call, start, ..self.circumstances.clone() };
        Plan::build(&self.scenario, self.vendor, &circumstances)
    }

    /// The key of the draws of a call.
    pub(super) fn keyed(&self, call: u64) -> Keyed {
        Keyed::new(self.circumstances.seed, &self.scenario.name, call)
    }

    /// How finely this call tells when it started.
    pub(super) fn grain(&self, call: u64, plan: &Plan) -> Grain {
        let is_whole = |offset: Duration| offset.subsec_nanos() == 0;
        let told = plan.deliveries.iter().all(|delivery| is_whole(delivery.offset));
        let happens = call::play(&self.scenario.cast, &self.scenario.script, &self.keyed(call))
            .is_ok_and(|timeline| timeline.happenings.iter().all(|happening| is_whole(happening.offset)));
        if told && happens { Grain::Millisecond } else { Grain::Second }
    }
}

/// A delivery on its way to a target, where no fault bends it, written at the real time `written`.
pub(super) fn outgoing(plan: &Plan, delivery: &Delivery, target: &Url, written: Timestamp) -> Outgoing {
    let push = &delivery.request;
    let body = push.body_at(target);
    Outgoing {
        method: push.method,
        url: push.address(target),
        headers: plan.headers(delivery, push, &body, plan.signing_time(plan.instant(delivery.offset), written)),
        body,
        timeout: push.timeout.unwrap_or(plan.timeout),
    }
}

/// The same as it goes over the wire.
///
/// # Errors
/// Why it cannot be sent, in words.
pub(super) fn request(plan: &Plan, delivery: &Delivery, target: &Url) -> Result<Vec<u8>, String> {
    request_at(plan, delivery, target, plan.instant(delivery.offset))
}

/// The same, written at the real time `written`.
///
/// # Errors
/// Why it cannot be sent, in words.
pub(super) fn request_at(
    plan: &Plan,
    delivery: &Delivery,
    target: &Url,
    written: Timestamp,
) -> Result<Vec<u8>, String> {
    delivery::render(&outgoing(plan, delivery, target, written), Framing::Honest)
        .map(|message| message.bytes.to_vec())
        .map_err(|failure| failure.message)
}
