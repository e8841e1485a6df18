//! A flat timer wheel: what is due when, in entries of twenty bytes. It reads no clock.

/// How long one tick lasts: nothing is due more exactly than this.
pub const TICK_NS: u64 = 50_000;
/// How many slots there are, one tick each: 6.5 s. An entry further away stays where it is for more than one turn.
const SLOTS: usize = 1 << 17;
const WORDS: usize = SLOTS / 64;
/// No entry.
const NONE: u32 = u32::MAX;

/// A push of a call, or another attempt at it, that is due at a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The number of the call.
    pub call: u32,
    /// The tick at which the call started.
    pub start: u32,
    /// Which push, target and attempt.
    pub what: What,
    /// The tick at which it is due.
    pub due: u32,
    next: u32,
}

/// Which push of a call, to which target, and which attempt at it: in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct What(u32);

impl What {
    /// The push, from 0, below [`super::STEPS_MAX`]; the target, from 0, below [`super::TARGETS_MAX`]; the attempt, from 1,
    /// up to [`super::ATTEMPTS_MAX`]; 0 for a push whose first attempt is still to be made to every target.
    pub fn new(step: usize, target: usize, attempt: u32) -> Self {
        Self((step as u32 & 0x3fff) << 18 | (target as u32 & 0x3f) << 12 | (attempt & 0xfff))
    }

    /// The push.
    pub fn step(self) -> usize {
        (self.0 >> 18) as usize
    }

    /// The target.
    pub fn target(self) -> usize {
        (self.0 >> 12 & 0x3f) as usize
    }

    /// The attempt.
    pub fn attempt(self) -> u32 {
        self.0 & 0xfff
    }
}

/// The wheel. Entries of one tick come in no particular order.
pub struct Wheel {
    /// The first entry of each slot.
    slots: Vec<u32>,
    /// A bit for each slot that has entries.
    taken: Vec<u64>,
    entries: Vec<Entry>,
    free: u32,
    len: usize,
    /// The first tick that was not turned to yet.
    tick: u32,
}

impl Default for Wheel {
    fn default() -> Self {
        let (slots, taken) = (vec![NONE; SLOTS], vec![0; WORDS]);
        Self { slots, taken, entries: Vec::new(), free: NONE, len: 0, tick: 0 }
    }
}

impl Wheel {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an entry. One whose tick has passed is due at the next turn.
    pub fn insert(&mut self, call: u32, start: u32, what: What, due: u32) {
        let slot = due.max(self.tick) as usize % SLOTS;
        let entry = Entry { call, start, what, due, next: self.slots[slot] };
        let index = match self.entries.get_mut(self.free as usize) {
            Some(place) => {
                let index = self.free;
                self.free = place.next;
                *place = entry;
                index
            }
            None => {
                self.entries.push(entry);
                self.entries.len() as u32 - 1
            }
        };
        self.slots[slot] = index;
        self.taken[slot / 64] |= 1 << (slot % 64);
        self.len += 1;
    }

    /// Turns the wheel up to and with tick `now`, and appends what is due.
    pub fn turn(&mut self, now: u32, due: &mut Vec<Entry>) {
        if now < self.tick {
            return;
        }
        // After a long sleep every slot once is enough: what is due is told by the entry.
        let turns = ((now - self.tick) as usize + 1).min(SLOTS);
        let mut slot = self.tick as usize % SLOTS;
        let mut left = turns;
        while left > 0 && self.len > 0 {
            let word = self.taken[slot / 64] >> (slot % 64);
            if word == 0 {
                // Nothing in the rest of this word.
                let skipped = 64 - slot % 64;
                left = left.saturating_sub(skipped);
                slot = (slot + skipped) % SLOTS;
                continue;
            }
            let skipped = word.trailing_zeros() as usize;
            if skipped >= left {
                break;
            }
            slot += skipped;
            left -= skipped + 1;
            self.empty(slot, now, due);
            slot = (slot + 1) % SLOTS;
        }
        self.tick = now.saturating_add(1);
    }

    /// Takes from a slot what is due at `now`.
    fn empty(&mut self, slot: usize, now: u32, due: &mut Vec<Entry>) {
        let mut index = std::mem::replace(&mut self.slots[slot], NONE);
        let mut kept = NONE;
        while let Some(entry) = self.entries.get_mut(index as usize) {
            let next = entry.next;
            if entry.due <= now {
                due.push(*entry);
                entry.next = self.free;
                self.free = index;
                self.len -= 1;
            } else {
                entry.next = kept;
                kept = index;
            }
            index = next;
        }
        self.slots[slot] = kept;
        if kept == NONE {
            self.taken[slot / 64] &= !(1 << (slot % 64));
        }
    }

    /// A tick before which nothing is due: that of the next slot with entries, which may be for a later turn. Looks about so
    /// many ticks ahead, because looking takes time as well.
    pub fn next(&self, ahead: u32) -> Option<u32> {
        if self.len == 0 {
            return None;
        }
        let first = self.tick as usize % SLOTS;
        let mut word = self.taken[first / 64] & (u64::MAX << (first % 64));
        for step in 0..=WORDS.min(ahead as usize / 64 + 1) {
            let at = (first / 64 + step) % WORDS;
            if step > 0 {
                word = self.taken[at];
            }
            if word != 0 {
                let slot = at * 64 + word.trailing_zeros() as usize;
                let ahead = (slot + SLOTS - first) % SLOTS;
                return Some(self.tick.saturating_add(ahead as u32));
            }
        }
        None
    }

    /// Takes everything, due or not.
    pub fn drain(&mut self) -> Vec<Entry> {
        let mut all = Vec::with_capacity(self.len);
        for slot in 0..SLOTS {
            self.empty(slot, u32::MAX, &mut all);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_at_its_tick_and_once() {
        let mut wheel = Wheel::default();
        let dues: Vec<u32> = (0..5000u32).map(|n| n.wrapping_mul(2_654_435_761) % 1_000_000).collect();
        for (call, due) in dues.iter().enumerate() {
            wheel.insert(call as u32, 7, What::new(3, 2, 1), *due);
        }
        let (mut seen, mut now, mut out) = (0, 0, Vec::new());
        while let Some(next) = wheel.next(u32::MAX) {
            assert!(next >= now || seen == 0, "{next} {now}");
            now = next + 37;
            out.clear();
            wheel.turn(now, &mut out);
            for entry in &out {
                assert_eq!(entry.due, dues[entry.call as usize]);
                assert!(entry.due <= now && now - entry.due <= 37, "{} at {now}", entry.due);
            }
            seen += out.len();
        }
        assert_eq!((seen, wheel.len()), (5000, 0));
    }

    #[test]
    fn what_is_late_comes_at_the_next_turn_and_a_long_sleep_loses_nothing() {
        let (mut wheel, mut out) = (Wheel::default(), Vec::new());
        wheel.turn(1000, &mut out);
        wheel.insert(1, 0, What::new(0, 0, 0), 5);
        assert_eq!(wheel.next(1), Some(1001));
        wheel.insert(2, 0, What::new(0, 0, 0), 5_000_000);
        wheel.insert(3, 0, What::new(0, 0, 0), u32::MAX);
        wheel.turn(4_000_000_000, &mut out);
        let mut calls: Vec<u32> = out.iter().map(|entry| entry.call).collect();
        calls.sort_unstable();
        assert_eq!(calls, [1, 2]);
        assert_eq!(wheel.drain().len(), 1);
        assert!(wheel.is_empty());
    }

    #[test]
    fn what_is_packed_comes_back() {
        let what = What::new(16_383, 63, 4_095);
        assert_eq!((what.step(), what.target(), what.attempt()), (16_383, 63, 4_095));
        assert_eq!(std::mem::size_of::<Entry>(), 20);
    }
}
