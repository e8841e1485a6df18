//! The event layer: what arrives, when, how often. The faults that change a push alone stand here; those that change the
//! order of a story in `event_order`, those that change what a push says in `event_content`.

use super::Fault;
use super::attempt::{Answer, Fate};
use super::setting::Values;
use super::story::{Leaves, Send, Told};
use crate::random::Stream;
use std::time::Duration;

pub use super::event_content::{ClockSkew, DuplicateNewId};
pub use super::event_order::{Blackout, Burst, LateAfterEnd, Reorder, SplitStory};

/// The longest delay.
pub const DELAY_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest time between a push and its copy, or between the end of a call and a late push.
pub const AFTER_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// The most copies that one fault makes of a push.
pub const COPIES_MAX: u64 = 10;
/// The most deliveries that faults make of one story, to one target; further copies are not made.
pub const SENDS_MAX: usize = 20_000;
/// The most pushes that are shuffled among themselves.
pub const WINDOW_MAX: u64 = 100;
/// The longest time that pushes are held for a burst.
pub const HOLD_MAX: Duration = Duration::from_secs(60 * 60);
/// The most that a vendor's clock is off.
pub const SKEW_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The longest blackout, and the latest moment at which it begins.
pub const BLACKOUT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// A fault of the event layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// `drop`
    Drop(Drop),
    /// `delay`
    Delay(Delay),
    /// `duplicate`
    Duplicate(Duplicate),
    /// `duplicate-new-id`
    DuplicateNewId(DuplicateNewId),
    /// `reorder`
    Reorder(Reorder),
    /// `late-after-end`
    LateAfterEnd(LateAfterEnd),
    /// `stale-retry`
    StaleRetry(StaleRetry),
    /// `burst`
    Burst(Burst),
    /// `clock-skew`
    ClockSkew(ClockSkew),
    /// `split-story`
    SplitStory(SplitStory),
    /// `lost-ack`
    LostAck(LostAck),
    /// `blackout`
    Blackout(Blackout),
}

/// What a fault hits of one call's story, to one target.
pub struct Place<'a> {
    /// The fault.
    pub fault: &'a Fault,
    /// Its place in the list.
    pub index: usize,
    /// The story as the vendor tells it.
    pub story: &'a [Told<'a>],
    /// The sends that it hits.
    pub chosen: Vec<usize>,
    /// The target.
    pub target: u32,
    /// How many targets there are.
    pub targets: u32,
}

/// Opens a stream for one of the sends and one purpose.
pub type Draw<'a> = &'a dyn Fn(usize, &[Send], &str) -> Stream;

impl Event {
    /// Bends the sends of one call that are hit.
    pub(super) fn bend(&self, sends: &mut Vec<Send>, place: &Place<'_>, draw: Draw<'_>) {
        let each = |sends: &mut Vec<Send>, bend: &dyn Fn(&mut Send, &mut Stream) -> String| {
            for chosen in &place.chosen {
                let mut stream = draw(*chosen, sends, "bend");
                let evidence = bend(&mut sends[*chosen], &mut stream);
                sends[*chosen].note(place, evidence);
            }
        };
        match self {
            Event::Drop(fault) => each(sends, &|send, _| fault.bend(send)),
            Event::Delay(fault) => each(sends, &|send, stream| fault.bend(send, stream)),
            Event::Duplicate(fault) => fault.bend(sends, place),
            Event::DuplicateNewId(fault) => fault.bend(sends, place, draw),
            Event::Reorder(fault) => fault.bend(sends, place, draw),
            Event::LateAfterEnd(fault) => fault.bend(sends, place, draw),
            Event::StaleRetry(fault) => fault.bend(sends, place),
            Event::Burst(fault) => fault.bend(sends, place),
            Event::ClockSkew(fault) => fault.bend(sends, place),
            Event::SplitStory(fault) => fault.bend(sends, place),
            // It bends single attempts.
            Event::LostAck(_) => {}
            Event::Blackout(fault) => fault.bend(sends, place),
        }
    }
}

/// The push is never sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drop;

impl Drop {
    fn bend(&self, send: &mut Send) -> String {
        send.planned.leaves = Leaves::Never;
        "it is never sent".to_owned()
    }
}

/// The push leaves later.
#[derive(Debug, Clone, PartialEq)]
pub struct Delay {
    /// The shortest delay.
    pub shortest: Duration,
    /// The longest; for a lognormal shape, what one in twenty exceeds.
    pub longest: Duration,
    /// Whether the delay is drawn from a lognormal distribution.
    pub is_lognormal: bool,
}

impl Delay {
    pub(super) fn of(values: &Values) -> Self {
        let (shortest, longest) = values.range("by");
        Self { shortest, longest, is_lognormal: values.text("shape").as_deref() == Some("lognormal") }
    }

    fn bend(&self, send: &mut Send, draw: &mut Stream) -> String {
        let by = if self.is_lognormal {
            self.lognormal(draw)
        } else {
            let (low, high) = (self.shortest.as_millis() as u64, self.longest.as_millis() as u64);
            Duration::from_millis(draw.within(low..=high))
        };
        send.offset = send.offset.saturating_add(by);
        format!("{} later", text(by))
    }

    /// Nine in ten draws lie between the two ends: they are the 5th and the 95th percentile.
    fn lognormal(&self, draw: &mut Stream) -> Duration {
        const AT_95_PERCENT: f64 = 1.644_853_626_951_472_2;
        let (low, high) = (self.shortest.as_secs_f64().max(0.001).ln(), self.longest.as_secs_f64().max(0.001).ln());
        let (middle, deviation) = ((low + high) / 2.0, (high - low) / 2.0 / AT_95_PERCENT);
        // Box and Muller; 1 - x, because the logarithm of 0 is none.
        let normal = (-2.0 * (1.0 - draw.fraction()).ln()).sqrt() * (std::f64::consts::TAU * draw.fraction()).cos();
        let milliseconds = ((middle + deviation * normal).exp() * 1000.0).round();
        // The cast saturates, and the cap follows.
        Duration::from_millis(milliseconds as u64).min(DELAY_MAX)
    }
}

/// The push is sent again, the same to the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// How many more times.
    pub copies: u32,
    /// How long after the one before.
    pub after: Duration,
}

impl Duplicate {
    pub(super) fn of(values: &Values) -> Self {
        Self { copies: values.whole("copies") as u32, after: values.length("after") }
    }

    fn bend(&self, sends: &mut Vec<Send>, place: &Place<'_>) {
        repeat(sends, place, self.copies, |_, _, other, copy| {
            let after = self.after.saturating_mul(copy);
            other.offset = other.offset.saturating_add(after);
            Some(format!("copy {copy} of {}, {} later", self.copies, text(after)))
        });
    }
}

/// Adds copies of the sends that are hit, changed by `make`, which says what is different, or that there is no such copy.
pub(super) fn repeat(
    sends: &mut Vec<Send>,
    place: &Place<'_>,
    copies: u32,
    make: impl Fn(&[Send], usize, &mut Send, u32) -> Option<String>,
) {
    for chosen in &place.chosen {
        for copy in 1..=copies {
            if sends.len() >= SENDS_MAX {
                return;
            }
            let mut other = sends[*chosen].copy(place.index, copy);
            if let Some(evidence) = make(sends, *chosen, &mut other, copy) {
                other.note(place, evidence);
                sends.push(other);
            }
        }
    }
}

/// A push that was acknowledged is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleRetry {
    /// How long after its acknowledgement.
    pub after: Duration,
}

impl StaleRetry {
    pub(super) fn of(values: &Values) -> Self {
        Self { after: values.length("after") }
    }

    fn bend(&self, sends: &mut Vec<Send>, place: &Place<'_>) {
        repeat(sends, place, 1, |_, _, other, _| {
            let original = u32::try_from(other.told + 1).unwrap_or(u32::MAX);
            other.planned.leaves = Leaves::OnceAcknowledged { original, after: self.after };
            Some(format!("again {} after its acknowledgement", text(self.after)))
        });
    }
}

/// The push is delivered and its answer thrown away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostAck {
    /// How long the vendor waits where its own retry has no wait left.
    pub again: Duration,
}

impl LostAck {
    pub(super) fn of(values: &Values) -> Self {
        Self { again: values.length("again") }
    }

    pub(super) fn bend(&self, fate: &mut Fate) -> String {
        fate.answer = Answer::Lost(self.again);
        "the answer is thrown away".to_owned()
    }
}

/// A length of time in words.
pub(super) fn text(duration: Duration) -> String {
    crate::duration::text(duration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Keyed;

    #[test]
    fn nine_in_ten_lognormal_delays_lie_within_the_range() {
        let (shortest, longest) = (Duration::from_secs(4), Duration::from_secs(20));
        let delay = Delay { shortest, longest, is_lognormal: true };
        let keyed = Keyed::new(1, "delays", 1);
        let drawn: Vec<Duration> = (0..2000).map(|n| delay.lognormal(&mut keyed.nth("delay", n))).collect();
        // What a seed draws stays what it was.
        assert_eq!(drawn[..4].iter().map(Duration::as_millis).collect::<Vec<_>>(), [16884, 15868, 27223, 15395]);
        let within = drawn.iter().filter(|drawn| (shortest..=longest).contains(*drawn)).count();
        assert!((1740..=1860).contains(&within), "{within} of 2000");
        assert!(drawn.iter().any(|drawn| *drawn > longest) && drawn.iter().any(|drawn| *drawn < shortest));
    }
}
