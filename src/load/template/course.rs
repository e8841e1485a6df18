//! One call of a compiled story: when its happenings lie, and what it draws. Made anew for every push, so it has to be cheap.

use super::slot::At;
use super::source::Source;
use crate::call::{Cast, Course, Customers, Part, Step as ScriptStep};
use crate::random::Keyed;
use jiff::Timestamp;
use std::time::Duration;

/// A call that is being written.
pub(super) struct Call<'a> {
    pub(super) number: u64,
    pub(super) keyed: Keyed,
    /// The headers that sign the request that is being written.
    pub(super) signature: Vec<(String, String)>,
    start_ms: i64,
    course: &'a Course,
    drawn: Vec<Duration>,
    customers: &'a Customers,
    source: &'a Source,
}

impl<'a> Call<'a> {
    /// A call of a story that started at `start`.
    pub(super) fn new(
        source: &'a Source,
        course: &'a Course,
        customers: &'a Customers,
        number: u64,
        start: Timestamp,
    ) -> Self {
        let keyed = source.keyed(number);
        let drawn = course.draws(&keyed).collect();
        Self {
            number,
            keyed,
            signature: Vec::new(),
            start_ms: start.as_millisecond(),
            course,
            drawn,
            customers,
            source,
        }
    }

    /// A moment of it, in milliseconds since 1970.
    pub(super) fn instant_ms(&self, at: At) -> i64 {
        self.start_ms.saturating_add(self.offset_ms(at))
    }

    /// The same, from its start.
    pub(super) fn offset_ms(&self, At { mark, after_ms }: At) -> i64 {
        let happened = self.course.offset(mark, &self.drawn);
        i64::try_from(happened.as_millis()).unwrap_or(i64::MAX).saturating_add(after_ms)
    }

    /// A part of its cast.
    pub(super) fn part(&self, part: Part) -> String {
        let Part::OutsiderPhone(nth) = part else { return self.customers.part(part, self.number) };
        // It depends on every other number of the cast.
        let Source { scenario, vendor, .. } = self.source;
        let recorded = scenario.script.contains(&ScriptStep::Record);
        let cast = Cast::draw(&scenario.cast, vendor.locale(), Timestamp::UNIX_EPOCH, self.keyed, recorded);
        cast.outsiders.get(usize::from(nth)).map(|outsider| outsider.phone.to_string()).unwrap_or_default()
    }
}
