//! What the engine knows of each delivery to each target, and of each target; nothing here decides.

use crate::faults::Answer;
use crate::plan::Delivery;
use std::sync::Arc;
use std::time::Duration;

/// One delivery to one target.
pub(super) struct Slot {
    pub delivery: Arc<Delivery>,
    /// Its place in the plan.
    pub order: usize,
    /// The place of its target.
    pub target: usize,
    pub state: State,
    /// How many attempts have left.
    pub attempts: u32,
    /// When it leaves next, or left last, by the plan.
    pub nominal: Duration,
    /// What becomes of the answer to the attempt in flight.
    pub answer: Answer,
    /// Whether the attempt in flight is itself other than it should be.
    pub is_spoilt: bool,
    /// Whether the attempt in flight crosses the wire as it should.
    pub is_clean: bool,
    /// The slot that may not be sent before this one is settled.
    pub follower: Option<usize>,
    /// Whether the slot before it is not settled yet.
    pub behind: bool,
    /// Whether somebody moved, dropped or added it by hand.
    pub is_by_hand: bool,
}

impl Slot {
    pub fn new(delivery: Arc<Delivery>, order: usize, target: usize, state: State) -> Self {
        Self {
            nominal: delivery.offset,
            delivery,
            order,
            target,
            state,
            attempts: 0,
            answer: Answer::Read,
            is_spoilt: false,
            is_clean: true,
            follower: None,
            behind: false,
            is_by_hand: false,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    /// Due, but behind another.
    Held,
    InFlight,
    Acknowledged,
    GivenUp,
    /// It never leaves, or not to this target, or not yet.
    Absent,
    /// Another plan took its place before it left.
    Withdrawn,
    /// The vendor has stopped pushing to its target.
    Disabled,
}

/// What is known of a target.
#[derive(Clone, Copy, Default)]
pub(super) struct Target {
    /// Whether it ever answered.
    pub answered: bool,
    /// How many attempts failed in a row.
    pub failures: u32,
    /// Whether the vendor has stopped pushing to it.
    pub disabled: bool,
}
