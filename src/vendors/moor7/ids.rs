//! The ids that 7moor gives to calls, channels, agents and pushes, in its own shapes, drawn from the key of the call.

use crate::call::Cast;
use std::time::Duration;

/// The instant from which the time part of a call id counts, in milliseconds since 1970: 2018-04-21 06:12:21 UTC.
///
/// Inferred: the usual epoch of this kind of generator, which fits every id on the page to the second.
const EPOCH_MS: i64 = 1_524_291_141_000;
/// By how much the time part of the page's call 403344537650466816 lies behind its start at a whole second, in milliseconds.
const SAMPLE_LAG_MS: i64 = 555;
/// Bits below the time part: ten for the worker, twelve for the sequence.
const LOW_BITS: u32 = 22;
/// Bits of the time part; with them it lasts until 2087.
const TIME_BITS: u32 = 41;

/// The ids of one call.
#[derive(Debug, Clone, Copy)]
pub struct Ids<'a> {
    cast: &'a Cast,
    events: u64,
}

impl<'a> Ids<'a> {
    /// No id is given yet.
    pub fn new(cast: &'a Cast) -> Self {
        Self { cast, events: 0 }
    }

    /// The id of the next push: a UUID of version 4 without its dashes.
    pub fn event(&mut self) -> String {
        let id = self.cast.keyed.nth("7moor.event", self.events).uuid();
        self.events += 1;
        id.simple().to_string()
    }

    /// The id of the `n`th call record of the story, which started at the offset.
    pub fn call(&self, n: u64, started: Duration) -> String {
        let low = self.cast.keyed.nth("7moor.call", n).below(1 << LOW_BITS);
        snowflake(self.cast.instant(started).as_millisecond(), low).to_string()
    }

    /// The id of the channel that began the `n`th call record.
    pub fn channel(&self, n: u64) -> String {
        self.cast.keyed.nth("7moor.channel", n).uuid().to_string()
    }

    /// The id of the agent with this index in the cast.
    pub fn agent(&self, index: usize) -> String {
        self.object("7moor.agent", index as u64)
    }

    /// The id of the customer in the tenant's customer base.
    pub fn customer(&self) -> String {
        self.object("7moor.customer", 0)
    }

    /// The id of the voice menu.
    pub fn menu(&self) -> String {
        self.object("7moor.menu", 0)
    }

    /// The id of the voice menu that asks the survey.
    pub fn survey(&self) -> String {
        self.object("7moor.survey", 0)
    }

    /// 24 hexadecimal digits, as the page's agentId has them.
    fn object(&self, purpose: &str, n: u64) -> String {
        self.cast.keyed.centre().nth(purpose, n).hex(24)
    }
}

/// A tenant's number: eight digits from 2000.
pub fn account(cast: &Cast) -> String {
    format!("2000{}", cast.keyed.centre().stream("7moor.account").digits(4))
}

/// The id of a call that started at `start_ms` (milliseconds since 1970). 18 digits until November 2025, 19 from then on.
fn snowflake(start_ms: i64, low: u64) -> u64 {
    let time = start_ms.saturating_sub(EPOCH_MS).saturating_add(SAMPLE_LAG_MS).max(0) as u64;
    ((time & ((1 << TIME_BITS) - 1)) << LOW_BITS) | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_s_call_id_is_its_start() {
        // 2021-05-08 14:39:32 in Beijing; worker 1, sequence 0.
        assert_eq!(snowflake(1_620_455_972_000, 1 << 12), 403_344_537_650_466_816);
    }

    #[test]
    fn an_absurd_start_still_gives_an_id() {
        assert_eq!(snowflake(i64::MIN, 7), 7);
        assert!(i64::try_from(snowflake(i64::MAX, 7)).is_ok());
    }
}
