//! What the calls of a story are made from, and a call planned in full; what is compiled of it stands in `compile`.

use crate::delivery::{self, Outgoing};
use crate::http::Framing;
use crate::plan::{Circumstances, Delivery, NoPlan, Plan, Sent};
use crate::random::Keyed;
use crate::scenario::Scenario;
use crate::vendors::Vendor;
use jiff::Timestamp;
use url::Url;

/// One scenario, told by one vendor, of which any call can be planned.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) scenario: Scenario,
    pub(super) vendor: &'static dyn Vendor,
    pub(super) circumstances: Circumstances,
}

/// The start that a call tells, which started at `start`: to the millisecond, and never later.
pub(super) fn told(start: Timestamp) -> Timestamp {
    // Before 1970 the parts of a second are negative.
    let millisecond = start.as_second() * 1000 + i64::from(start.subsec_nanosecond().div_euclid(1_000_000));
    Timestamp::from_millisecond(millisecond).unwrap_or(Timestamp::MIN)
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
}

/// A delivery on its way to a target, where no fault bends it, written at the real time `written`.
pub(super) fn outgoing(plan: &Plan, delivery: &Delivery, target: &Url, written: Timestamp) -> Outgoing {
    let push = &delivery.request;
    let body = push.body_at(target);
    let (url, at) = (push.address(target), plan.signing_time(plan.instant(delivery.offset), written));
    Outgoing {
        method: push.method,
        headers: plan.headers(delivery, push, Sent { url: &url, body: &body, at, meant: None }),
        url,
        body,
        timeout: push.timeout.unwrap_or(plan.timeout),
    }
}

/// The same as it goes over the wire.
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
