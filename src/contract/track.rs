//! What the rules know of the pushes of a call, attempt by attempt: nothing that people are only shown.

use super::answer::Answer;
use crate::vendors::Stage;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::time::Duration;

/// A push under way.
#[derive(Debug, Default)]
pub struct PushTrack {
    /// The last attempt, from 1.
    pub(super) number: u32,
    /// Whether the receiver is to be judged by its answer: nothing has spoilt it, and its answer is not thrown away.
    pub(super) is_fair: bool,
    /// Whether it crosses the wire in another way than it should, so that its time says nothing.
    pub(super) is_bent_on_wire: bool,
    /// Whether the end of its call was told before.
    pub(super) is_late: bool,
    /// How many attempts were fair.
    pub(super) fair: u32,
    /// Whether any attempt was answered.
    pub(super) is_answered: bool,
    /// Whether a check of the scenario has judged the status of an answer.
    pub(super) is_status_judged: bool,
    /// The last answer, where a check asks for it once the push is settled.
    pub(super) last: Option<Box<Kept>>,
    /// When the last attempt left, counted in attempts.
    left: u64,
}

impl PushTrack {
    /// The last attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.number
    }

    /// Whether the end of its call was told before.
    pub fn is_late(&self) -> bool {
        self.is_late
    }
}

/// An attempt that leaves.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// Which, from 1.
    pub attempt: u32,
    /// What it tells of its call, where it tells anything.
    pub stage: Option<Stage>,
    /// Whether a fault has corrupted it, so that a receiver may well refuse it.
    pub is_spoilt: bool,
    /// Whether a fault bends how it crosses the wire.
    pub is_bent_on_wire: bool,
}

/// An answer that is judged later.
#[derive(Debug)]
pub(super) struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    truncated: bool,
    took: Duration,
}

impl Kept {
    pub fn new(answer: &Answer<'_>) -> Self {
        let Answer { status, headers, body, truncated, took } = *answer;
        Self { status, headers: headers.to_vec(), body: body.to_owned(), truncated, took }
    }

    pub fn answer(&self) -> Answer<'_> {
        let Kept { status, headers, body, truncated, took } = self;
        Answer { status: *status, headers, body, truncated: *truncated, took: *took }
    }
}

/// The pushes of one call that are under way, by what tells them apart. Those of each `line` leave one after another: what a
/// target is told of one of the vendor's calls.
#[derive(Debug)]
pub struct CallTrack<K> {
    pushes: HashMap<K, Under>,
    /// Those that wait for an answer, by their line and when they left.
    waiting: BTreeMap<(u32, u64), K>,
    left: u64,
    /// The lines that were told of the end.
    ended: Vec<u32>,
}

#[derive(Debug, Default)]
struct Under {
    line: u32,
    push: PushTrack,
}

impl<K> Default for CallTrack<K> {
    fn default() -> Self {
        Self { pushes: HashMap::new(), waiting: BTreeMap::new(), left: 0, ended: Vec::new() }
    }
}

impl<K: Clone + Eq + Hash> CallTrack<K> {
    /// An attempt leaves.
    pub fn leaves(&mut self, key: &K, line: u32, leaving: Leaving) {
        let Leaving { attempt, stage, is_spoilt, is_bent_on_wire } = leaving;
        let is_late = stage.is_some() && self.ended.contains(&line);
        if stage == Some(Stage::End) && !is_spoilt && !self.ended.contains(&line) {
            self.ended.push(line);
        }
        self.fails(key);
        self.left += 1;
        let Under { line: own, push } = self.pushes.entry(key.clone()).or_default();
        *own = line;
        *push = PushTrack {
            number: attempt,
            is_fair: !is_spoilt,
            is_bent_on_wire,
            is_late,
            fair: push.fair + u32::from(!is_spoilt && !is_bent_on_wire),
            is_answered: push.is_answered,
            is_status_judged: push.is_status_judged,
            last: None,
            left: self.left,
        };
        if !is_bent_on_wire {
            self.waiting.insert((line, self.left), key.clone());
        }
    }

    /// It is answered, and the answer thrown away where `is_lost`; the push is returned that left before it in its line and has
    /// no answer yet.
    pub fn answers(&mut self, key: &K, is_lost: bool) -> Option<K> {
        self.fails(key);
        let push = self.get(key)?;
        push.is_answered = true;
        push.is_fair &= !is_lost;
        self.before(key).cloned()
    }

    /// The push that left before this one in its line and has no answer yet.
    pub fn before(&self, key: &K) -> Option<&K> {
        let Under { line, push } = self.pushes.get(key)?;
        self.waiting.range((*line, 0)..(*line, push.left)).next().map(|(_, other)| other)
    }

    /// It ends without an answer.
    pub fn fails(&mut self, key: &K) {
        if let Some(Under { line, push }) = self.pushes.get(key) {
            self.waiting.remove(&(*line, push.left));
        }
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.pushes.is_empty()
    }

    /// Whether there is nothing more to know of it: nothing is under way, and no end was told.
    pub fn is_blank(&self) -> bool {
        self.is_idle() && self.ended.is_empty()
    }

    /// What is known of a push.
    pub fn get(&mut self, key: &K) -> Option<&mut PushTrack> {
        self.pushes.get_mut(key).map(|under| &mut under.push)
    }

    /// A push is settled.
    pub fn take(&mut self, key: &K) -> Option<PushTrack> {
        self.fails(key);
        self.pushes.remove(key).map(|under| under.push)
    }
}
