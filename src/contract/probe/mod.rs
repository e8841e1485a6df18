//! What a probe asks, when, and what it makes of the answer. Asks nobody: whoever asks hands in what was answered.

mod asked;
mod question;
mod wanted;

pub use asked::{Answer, Asked, Occasion, Outcome, Poll};
pub use question::{Question, Ready, Unready, Words};
pub use wanted::{Disagreement, Wanted, WantedStatus};

use crate::event::{DeliveryId, Expectation};
use std::time::Duration;
use wildmatch::WildMatch;

/// How long a probe is asked again where it does not say.
pub const WITHIN_DEFAULT: Duration = Duration::from_secs(5);
/// The longest time for which a probe can be asked again.
pub const WITHIN_MAX: Duration = Duration::from_secs(60 * 60);
/// How long to wait between an answer and the next question where a probe does not say.
pub const EVERY_DEFAULT: Duration = Duration::from_millis(100);
/// The shortest wait between an answer and the next question.
pub const EVERY_MIN: Duration = Duration::from_millis(10);
/// The most probes of one scenario.
pub const PROBES_MAX: usize = 32;

/// Something that is asked to learn what the receiver believes.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// What is asked.
    pub question: Question,
    /// When.
    pub after: After,
    /// For how long it is asked again until it agrees, in real time.
    pub within: Duration,
    /// How long to wait between an answer and the next question, in real time.
    pub every: Duration,
    /// What the answer is held against.
    pub wanted: Wanted,
    /// The same in a few words, with the place.
    pub expectation: Expectation,
}

/// When a probe is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// Once, after the story.
    Story,
    /// After every push of this name, in which `*` and `?` stand for any characters.
    Pushes(String),
}

impl Probe {
    /// Whether it is asked after this push.
    pub fn is_after(&self, delivery: &DeliveryId) -> bool {
        match &self.after {
            After::Story => false,
            After::Pushes(glob) => WildMatch::new(glob).matches(&delivery.push),
        }
    }
}
