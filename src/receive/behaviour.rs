//! How the built-in receiver behaves: the words, and what each makes of a request. What its bugs do is in `bug`. Decides,
//! does not answer.

use super::bug::{Bug, Memory, Request};
use std::borrow::Cow;
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
    /// Answers as the vendor expects, until its bug shows.
    Buggy(Bug),
}

impl Behaviour {
    /// Every behaviour that shows with any sender, with the word by which it is chosen. The bugs are in [`Bug::ALL`].
    pub const PLAIN: [(Behaviour, &'static str); 6] = [
        (Behaviour::Ok, "ok"),
        (Behaviour::Slow { delay: SLOW_DELAY }, "slow"),
        (Behaviour::Refuse, "refuse"),
        (Behaviour::Flaky, "flaky"),
        (Behaviour::HangUp, "hang-up"),
        (Behaviour::NotJson, "not-json"),
    ];

    /// Every behaviour with the word by which it is chosen.
    pub fn all() -> impl Iterator<Item = (Behaviour, &'static str)> {
        Self::PLAIN.into_iter().chain(Bug::ALL.map(|(bug, word, _)| (Behaviour::Buggy(bug), word)))
    }

    /// The word by which it is chosen.
    pub fn as_str(self) -> &'static str {
        match self {
            Behaviour::Ok => "ok",
            Behaviour::Slow { .. } => "slow",
            Behaviour::Refuse => "refuse",
            Behaviour::Flaky => "flaky",
            Behaviour::HangUp => "hang-up",
            Behaviour::NotJson => "not-json",
            Behaviour::Buggy(bug) => bug.as_str(),
        }
    }

    /// What request number `count`, counted from 1, is answered, and after how long.
    pub(super) fn decide(self, count: u64, request: &Request<'_>, memory: &mut Memory) -> (Answer, Duration) {
        let thanks = || {
            let (status, content_type, body) =
                request.known.map_or((200, JSON, r#"{"ok":true}"#), |(vendor, push)| vendor.thanks_for(push));
            Answer::Say { status, content_type, body: body.into() }
        };
        let at_once = |answer| (answer, Duration::ZERO);
        match self {
            Behaviour::Ok => at_once(thanks()),
            Behaviour::Slow { delay } => (thanks(), delay),
            Behaviour::Refuse => at_once(Answer::json(503, r#"{"error":"this receiver refuses everything"}"#)),
            Behaviour::Flaky if count.is_multiple_of(FLAKY_EVERY) => {
                at_once(Answer::json(500, r#"{"error":"this receiver fails every third request"}"#))
            }
            Behaviour::Flaky => at_once(thanks()),
            Behaviour::HangUp => at_once(Answer::HangUp),
            Behaviour::NotJson => {
                at_once(Answer::Say { status: 200, content_type: "text/html; charset=utf-8", body: PAGE.into() })
            }
            Behaviour::Buggy(bug) => at_once(bug.decide(request, memory).unwrap_or_else(thanks)),
        }
    }
}

const JSON: &str = "application/json";
/// What a proxy or a login page in front of a receiver answers.
const PAGE: &str = "<!doctype html>\n<title>Welcome</title>\n<p>It works!</p>\n";

/// What a request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// This.
    Say {
        /// The status code.
        status: u16,
        /// The type of the body.
        content_type: &'static str,
        /// The body.
        body: Cow<'static, str>,
    },
    /// Nothing: the connection is closed.
    HangUp,
}

impl Answer {
    pub(super) fn json(status: u16, body: impl Into<Cow<'static, str>>) -> Self {
        Answer::Say { status, content_type: JSON, body: body.into() }
    }
}

impl FromStr for Behaviour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::all().find(|(_, word)| *word == text).map(|(behaviour, _)| behaviour).ok_or_else(|| {
            let words: Vec<_> = Self::all().map(|(_, word)| word).collect();
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
        for (behaviour, word) in Behaviour::all() {
            assert_eq!((word.parse(), behaviour.as_str()), (Ok(behaviour), word));
        }
        let error = "rude".parse::<Behaviour>().expect_err("no such word");
        let words = "a receiver behaves as one of: ok, slow, refuse, flaky, hang-up, not-json, forgets-retries, ";
        assert!(error.starts_with(words), "{error}");
    }
}
