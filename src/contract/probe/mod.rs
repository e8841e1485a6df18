//! What a probe asks, when, and what it makes of the answer. Asks nobody: whoever asks hands in what was answered.

mod asked;
mod question;
mod template;
mod wanted;

pub use asked::{Answer, Asked, Occasion, Outcome, Poll};
pub use question::{Question, Ready, Unready, Words};
pub use template::{Braces, Escape, Filled, Flaw, Template};
pub use wanted::{Disagreement, Wanted, WantedStatus};

use crate::event::{DeliveryId, Expectation};
use crate::vendors::Meaning;
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

/// What a probe can ask with besides what the pushes of the story carry: names with their meanings.
pub const MORE_VALUES: [(&str, &str); 4] = [
    ("story.scenario", "the name of the scenario"),
    ("story.vendor", "the id of the vendor"),
    ("target.origin", "the first address that pushes go to, without its path: `http://127.0.0.1:8080`"),
    (PUSH_NAME, "the push that was settled, where a probe is asked after each: `udesk:end`"),
];
/// The value that is known only after a push.
pub const PUSH_NAME: &str = "push.name";

/// Whether any story can know a value of this name: `call.id`, `call.id:2`.
pub fn is_value(name: &str) -> bool {
    let name = name.split(':').next().unwrap_or_default();
    values().any(|known| known == name)
}

/// The names of all values that there can be.
pub fn values() -> impl Iterator<Item = &'static str> + Clone {
    Meaning::ALL.iter().map(|(_, name)| *name).chain(MORE_VALUES.iter().map(|(name, _)| *name))
}

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
