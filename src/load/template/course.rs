//! One call of a compiled story: when its happenings lie, and what it draws. Made anew for every push, so it has to be cheap.

use super::slot::At;
use super::source::Source;
use crate::body::Clock;
use crate::call::{Cast, DrawnCustomer, Part, Step as ScriptStep};
use crate::random::Keyed;
use jiff::Timestamp;
use std::cell::Cell;

/// A call that is being written.
pub(super) struct Call<'a> {
    pub(super) number: u64,
    pub(super) keyed: Keyed,
    /// The headers that sign the request that is being written.
    pub(super) signature: Vec<(String, String)>,
    /// What showed its last moment.
    pub(super) clock: Cell<Clock>,
    start_ms: i64,
    /// How much longer than need be its drawn waits are, in nanoseconds.
    longer_ns: Vec<i64>,
    customer: DrawnCustomer<'a>,
    source: &'a Source,
}

impl<'a> Call<'a> {
    /// A call with this customer that started at `start`; its drawn waits are so much longer than need be.
    pub(super) fn new(source: &'a Source, customer: DrawnCustomer<'a>, longer_ns: Vec<i64>, start: Timestamp) -> Self {
        Self {
            number: customer.keyed().call(),
            keyed: customer.keyed(),
            signature: Vec::new(),
            clock: Cell::default(),
            start_ms: start.as_millisecond(),
            longer_ns,
            customer,
            source,
        }
    }

    /// A moment of it, in milliseconds since 1970.
    pub(super) fn instant_ms(&self, at: At) -> i64 {
        self.start_ms.saturating_add(self.offset_ms(at))
    }

    /// The same, from its start.
    pub(super) fn offset_ms(&self, at: At) -> i64 {
        at.offset_ms(&self.longer_ns)
    }

    /// Writes a part of its cast.
    pub(super) fn write_part(&self, part: Part, into: &mut Vec<u8>) {
        let Part::OutsiderPhone(nth) = part else { return self.customer.write(part, into) };
        // It depends on every other number of the cast.
        let Source { scenario, vendor, .. } = self.source;
        let recorded = scenario.script.contains(&ScriptStep::Record);
        let cast = Cast::draw(&scenario.cast, vendor.locale(), Timestamp::UNIX_EPOCH, self.keyed, recorded);
        if let Some(outsider) = cast.outsiders.get(usize::from(nth)) {
            into.extend_from_slice(outsider.phone.as_bytes());
        }
    }
}
