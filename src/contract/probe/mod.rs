//! What a probe asks, when, and what it makes of the answer. Asks nobody: whoever asks hands in what was answered.

mod asked;
mod question;
mod wanted;

pub use asked::{Answer, Asked, Occasion, Outcome, Poll};
pub use question::{Question, Ready, Unready, Words};
pub use wanted::{Disagreement, Wanted, WantedStatus};

use super::Known;
use crate::event::{DeliveryId, Expectation};
use crate::http::Glob;
use std::time::Duration;

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
    /// What becomes of it where faults lost a push.
    pub when_lost: WhenLost,
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

/// What becomes of a probe where faults kept a push of its story from arriving whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhenLost {
    /// It is not asked.
    #[default]
    Skip,
    /// It is asked all the same.
    Judge,
}

impl WhenLost {
    /// Every word with its meaning.
    pub const ALL: [(WhenLost, &'static str, &'static str); 2] = [
        (WhenLost::Skip, "skip", "the probe is not judged, and reports say why"),
        (WhenLost::Judge, "judge", "the probe is asked all the same"),
    ];
}

impl Probe {
    /// The probe with the values of a story in what it expects, and its question with them.
    ///
    /// # Errors
    /// A name that the story does not know, or an address that is none.
    pub fn ready(&self, known: &Known) -> Result<(Self, Ready), Unready> {
        let wanted = self.wanted.filled(known).map_err(Unready::Unknown)?;
        Ok((Self { wanted, ..self.clone() }, self.question.ready(known)?))
    }

    /// Whether it is asked after this push.
    pub fn is_after(&self, delivery: &DeliveryId) -> bool {
        match &self.after {
            After::Story => false,
            After::Pushes(glob) => Glob::new(glob).matches(&delivery.push),
        }
    }
}
