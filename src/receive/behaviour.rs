//! How the built-in receiver behaves: the words, and what each makes of a request. Decides, does not answer.

use crate::vendors::Vendor;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How long a slow receiver takes to answer, unless told.
pub const SLOW_DELAY: Duration = Duration::from_secs(2);
/// Which request a flaky receiver fails: every third.
pub const FLAKY_EVERY: u64 = 3;

/// How the built-in receiver behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behaviour {
    /// Answers at once, as the vendor expects.
    #[default]
    Ok,
    /// Answers as the vendor expects, after a while.
    Slow {
        /// How long it takes.
        delay: Duration,
    },
    /// Answers 503.
    Refuse,
    /// Answers 500 to every third request, and as the vendor expects to the others.
    Flaky,
    /// Reads the request and closes the connection.
    HangUp,
    /// Answers 200 with a page for people.
    NotJson,
}

impl Behaviour {
    /// Every behaviour with the word by which it is chosen.
    pub const ALL: [(Behaviour, &'static str); 6] = [
        (Behaviour::Ok, "ok"),
        (Behaviour::Slow { delay: SLOW_DELAY }, "slow"),
        (Behaviour::Refuse, "refuse"),
        (Behaviour::Flaky, "flaky"),
        (Behaviour::HangUp, "hang-up"),
        (Behaviour::NotJson, "not-json"),
    ];

    /// The word by which it is chosen.
    pub fn as_str(self) -> &'static str {
        match self {
            Behaviour::Ok => "ok",
            Behaviour::Slow { .. } => "slow",
            Behaviour::Refuse => "refuse",
            Behaviour::Flaky => "flaky",
            Behaviour::HangUp => "hang-up",
            Behaviour::NotJson => "not-json",
        }
    }

    /// What becomes of request number `count`, counted from 1, which is recognised as a push of a vendor.
    pub(super) fn decide(self, count: u64, known: Option<(&dyn Vendor, &str)>) -> Decision {
        let thanks = known.map_or((200, JSON, r#"{"ok":true}"#), |(vendor, push)| vendor.thanks_for(push));
        let answer =
            |(status, content_type, body)| Decision::Answer { status, content_type, body, after: Duration::ZERO };
        match self {
            Behaviour::Ok => answer(thanks),
            Behaviour::Slow { delay } => {
                let (status, content_type, body) = thanks;
                Decision::Answer { status, content_type, body, after: delay }
            }
            Behaviour::Refuse => answer((503, JSON, r#"{"error":"this receiver refuses everything"}"#)),
            Behaviour::Flaky if count.is_multiple_of(FLAKY_EVERY) => {
                answer((500, JSON, r#"{"error":"this receiver fails every third request"}"#))
            }
            Behaviour::Flaky => answer(thanks),
            Behaviour::HangUp => Decision::HangUp,
            Behaviour::NotJson => answer((200, "text/html; charset=utf-8", PAGE)),
        }
    }
}

const JSON: &str = "application/json";
/// What a proxy or a login page in front of a receiver answers.
const PAGE: &str = "<!doctype html>\n<title>Welcome</title>\n<p>It works!</p>\n";

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is answered.
    Answer {
        /// The status code.
        status: u16,
        /// The type of the body.
        content_type: &'static str,
        /// The body.
        body: &'static str,
        /// How long the answer is held back.
        after: Duration,
    },
    /// The connection is closed.
    HangUp,
}

impl FromStr for Behaviour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().find(|(_, word)| *word == text);
        known.map(|(behaviour, _)| *behaviour).ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|(_, word)| *word).collect();
            format!("a receiver behaves as one of: {}", words.join(", "))
        })
    }
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_behaviour_reads_as_it_prints() {
        for (behaviour, word) in Behaviour::ALL {
            assert_eq!((word.parse(), behaviour.as_str()), (Ok(behaviour), word));
        }
        let error = "rude".parse::<Behaviour>().expect_err("no such word");
        assert_eq!(error, "a receiver behaves as one of: ok, slow, refuse, flaky, hang-up, not-json");
    }

    #[test]
    fn a_flaky_receiver_fails_every_third_request() {
        let failed: Vec<u64> = (1..=9)
            .filter(|count| matches!(Behaviour::Flaky.decide(*count, None), Decision::Answer { status: 500, .. }))
            .collect();
        assert_eq!(failed, [3, 6, 9]);
    }
}
