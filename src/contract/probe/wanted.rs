//! What the answer to a probe is held against: the rules that answers to pushes are held against, and exit statuses.

use super::Answer;
use crate::contract::Known;
use crate::contract::answer::{self, Violation};
use crate::contract::check::AnswerRule;
use crate::contract::shown::shown;
use crate::diagnostic::Code;
use crate::event::Difference;
use std::fmt;
use std::time::Duration;

/// What an answer is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The status that it has to have.
    pub status: WantedStatus,
    /// What else has to hold.
    pub rules: Vec<AnswerRule>,
}

/// The status that an answer has to have.
#[derive(Debug, Clone, PartialEq)]
pub enum WantedStatus {
    /// A status of HTTP that this rule takes.
    Http(AnswerRule),
    /// One of these exit statuses.
    Exit(Vec<i32>),
}

/// In what an answer disagrees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disagreement {
    /// What was expected, in short.
    pub expected: String,
    /// What was found, in short.
    pub found: String,
    /// Both, line by line.
    pub difference: Vec<Difference>,
    /// Both in one sentence.
    pub words: String,
}

impl Wanted {
    /// The same with the values of a story in it.
    ///
    /// # Errors
    /// The first name that the story knows no value of.
    pub fn filled(&self, known: &Known) -> Result<Self, String> {
        let mut filled = self.clone();
        filled.rules.iter_mut().try_for_each(|rule| rule.fill(&known))?;
        Ok(filled)
    }

    /// In what an answer disagrees; `None` where it agrees. A wrong status says it all: what else is wrong follows from it.
    pub fn disagreement(&self, given: &Answer) -> Option<Disagreement> {
        let body = String::from_utf8_lossy(&given.body);
        let answer = answer::Answer {
            // An exit status is held against no rule of HTTP.
            status: u16::try_from(given.status).unwrap_or_default(),
            headers: &given.headers,
            body: &body,
            truncated: given.truncated,
            took: Duration::ZERO,
        };
        let status = match &self.status {
            WantedStatus::Http(rule) => rule.violation(&answer),
            WantedStatus::Exit(statuses) if statuses.contains(&given.status) => None,
            WantedStatus::Exit(statuses) => Some(Violation::plain(
                Code::Status,
                format!("exit status {}", one_of(statuses)),
                format!("exit status {}", given.status),
            )),
        };
        let with = |text: String, more: Option<&str>| match more.map(str::trim).filter(|more| !more.is_empty()) {
            Some(more) => format!("{text}: {}", shown(more)),
            None => text,
        };
        if let Some(Violation { expected, found, difference, words, .. }) = status {
            let said = given.note.as_deref().unwrap_or(&body);
            return Some(Disagreement { expected, found: with(found, Some(said)), difference, words });
        }
        let violations: Vec<Violation> = self.rules.iter().filter_map(|rule| rule.violation(&answer)).collect();
        let all = |part: fn(&Violation) -> &str| violations.iter().map(part).collect::<Vec<_>>().join("; ");
        (!violations.is_empty()).then(|| Disagreement {
            expected: all(|violation| &violation.expected),
            found: all(|violation| &violation.found),
            difference: violations.iter().flat_map(|violation| violation.difference.clone()).collect(),
            words: all(|violation| &violation.words),
        })
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.status {
            WantedStatus::Http(rule) => write!(f, "{rule}"),
            WantedStatus::Exit(statuses) => write!(f, "exit status {}", one_of(statuses)),
        }?;
        self.rules.iter().try_for_each(|rule| write!(f, ", {rule}"))
    }
}

fn one_of(statuses: &[i32]) -> String {
    statuses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Shape, Status, Statuses};
    use serde_json::json;

    fn answer(status: i32, body: &str, note: Option<&str>) -> Answer {
        let note = note.map(str::to_owned);
        Answer { status, headers: Vec::new(), body: body.into(), truncated: false, note }
    }

    fn words(wanted: &Wanted, answer: &Answer) -> Option<[String; 3]> {
        wanted.disagreement(answer).map(|Disagreement { expected, found, words, .. }| [expected, found, words])
    }

    fn text() -> AnswerRule {
        AnswerRule::Text(Shape::Is(json!("ok")))
    }

    #[test]
    fn a_wrong_exit_status_says_it_all() {
        let wanted = Wanted { status: WantedStatus::Exit(vec![0, 3]), rules: vec![text()] };
        assert_eq!(wanted.to_string(), "exit status 0 or 3, text \"ok\"");
        assert_eq!(words(&wanted, &answer(3, "ok", None)), None);
        let said = |found: &str| {
            let expected = "exit status 0 or 3";
            Some([expected.to_owned(), found.to_owned(), format!("exit status 1, expected {expected}")])
        };
        assert_eq!(words(&wanted, &answer(1, " \n", None)), said("exit status 1"));
        assert_eq!(words(&wanted, &answer(1, "no", None)), said("exit status 1: no"));
        assert_eq!(words(&wanted, &answer(1, "no", Some("denied\n"))), said("exit status 1: denied"));
    }

    #[test]
    fn everything_else_that_is_wrong_is_said_together() {
        let status = AnswerRule::Status(Statuses(vec![Status::Class(2)]));
        let wanted = Wanted { status: WantedStatus::Http(status), rules: vec![text(), AnswerRule::Empty] };
        assert_eq!(wanted.to_string(), "status 2xx, text \"ok\", an empty body");
        let wrong = words(&wanted, &answer(200, "no", None)).expect("a disagreement");
        assert_eq!(wrong[0], "\"ok\"; an empty body");
        assert_eq!(wrong[2], "the text is \"no\", expected \"ok\"; a body of 2 bytes: no, expected an empty body");
    }
}
