//! The seam between what is sent under load and who sends it: a story as a worker sees it. Nothing here renders or sends.

use crate::contract::{Contract, Known};
use crate::http::{Compression, Reply};
use crate::plan::Plan;
use crate::vendors::{Acknowledgement, RetryPolicy, Stage};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The calls of one story: one scenario, told by one vendor. Pure, and shared between threads.
///
/// A call goes by its number, from 1; its pushes by their place in it, from 0, in the order in which they fall due. That
/// place is the index in [`Plan::deliveries`] of the call's plan. All answers are pure functions of the arguments, so that
/// a worker keeps nothing of a call but its number, its start and its next step.
pub trait Calls: Send + Sync {
    /// What it is called in figures: `outbound-answered by udesk`.
    fn name(&self) -> &str;

    /// The names of the pushes that figures are kept by: `udesk:end`.
    fn kinds(&self) -> &[String];

    /// The ways in which its pushes are waited for and tried again; mostly one.
    fn policies(&self) -> &[Policy];

    /// The configured addresses. Every one gets every push that is rendered.
    fn targets(&self) -> &[Url];

    /// What its scenario expects of the receiver, as its file says it; none where nobody asks.
    fn contract(&self) -> Option<&Contract> {
        None
    }

    /// The values of a call that a contract can name, where they can be had without its plan.
    fn known(&self, call: u64, start: Timestamp) -> Option<Known> {
        let _ = (call, start);
        None
    }

    /// How many pushes this call has.
    fn steps(&self, call: u64) -> usize;

    /// What a worker needs to know of one push before it is due.
    fn step(&self, call: u64, step: usize) -> Step;

    /// Appends the whole request of attempt number `attempt`, from 1, for target number `target`, from 0 in
    /// [`Calls::targets`], as it goes over the wire: head and body, with what faults make of them. Of a call that started at
    /// `start`. Only where its way is [`Way::Rendered`]; of any other, and of what does not exist, nothing is appended.
    fn render(
        &self,
        call: u64,
        step: usize,
        target: usize,
        attempt: u32,
        start: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes;

    /// How attempt number `attempt`, from 1, at a push is made whose way is [`Way::Drawn`]. The careful way is always right.
    fn way(&self, call: u64, step: usize, target: usize, attempt: u32) -> Way {
        let _ = (call, step, target, attempt);
        Way::Careful
    }

    /// Whether pushes of this kind, by index in [`Calls::kinds`], ask for compressed answers.
    fn compression(&self, kind: usize) -> Compression;

    /// What the vendor makes of an answer to a push of this kind, decompressed and decoded.
    fn acknowledged(&self, kind: usize, reply: &Reply) -> Acknowledgement;

    /// The full plan of the call, for attempts that go the careful way. `None` where the story cannot be told any more.
    fn plan(&self, call: u64, start: Timestamp) -> Option<Plan>;
}

/// One push of a call, before it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When it is due, from the start of its call, in scenario time.
    pub due: Duration,
    /// What it is, by index in [`Calls::kinds`].
    pub kind: usize,
    /// How it is waited for and tried again, by index in [`Calls::policies`].
    pub policy: usize,
    /// How its attempts are made.
    pub way: Way,
    /// Whether it waits until the push before it in its call is settled.
    pub is_chained: bool,
    /// What it tells, where a rule asks in which order pushes leave; else nothing.
    pub about: About,
}

/// What a push is about: which of the vendor's calls in the story, by the place of the first push that is about it, and where it
/// stands in that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct About(u16);

impl About {
    /// About the call of which the push at this place, below [`super::STEPS_MAX`], is the first.
    pub fn new(leg: usize, stage: Option<Stage>) -> Self {
        let stage = match stage {
            None => 0,
            Some(Stage::During) => 1,
            Some(Stage::End) => 2,
            Some(Stage::After) => 3,
        };
        Self((leg as u16 & 0x3fff) << 2 | stage)
    }

    /// The place of the first push that is about it.
    pub fn leg(self) -> u32 {
        u32::from(self.0 >> 2)
    }

    /// Where it stands; none where it does not say.
    pub fn stage(self) -> Option<Stage> {
        [None, Some(Stage::During), Some(Stage::End), Some(Stage::After)][usize::from(self.0 & 3)]
    }
}

/// How the attempts at a push are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By the bytes of [`Calls::render`], to every target.
    Rendered,
    /// By the call's [`Plan`] and `delivery::Transport`: a fault may bend it, or it has an address of its own. The plan
    /// says which targets it reaches.
    Careful,
    /// One of the two, to every target: [`Calls::way`] says which for each attempt.
    Drawn,
}

/// What faults make of an attempt that is rendered; mostly nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Strikes {
    /// Those that have struck it, by what tells each apart from the others.
    pub struck: Vec<Arc<str>>,
    /// Whether it is other than it should be, so that a receiver may well refuse it.
    pub is_spoilt: bool,
}

/// How a push is waited for, and when it is tried again.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// How long an attempt may take, in real time.
    pub timeout: Duration,
    /// When it is tried again, in scenario time. The waits are those of the push itself where it has its own.
    pub retry: RetryPolicy,
}
