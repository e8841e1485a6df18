//! What can be expected of a story as a whole, and when it does not hold.

use super::answer::Violation;
use super::track::PushTrack;
use crate::diagnostic::Code;
use std::fmt;

/// What is expected of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryRule {
    /// Every push has an answer, whatever it says.
    Answered,
    /// What is sent once the end of a call was told is not answered by an error.
    NoErrorAfterEnd,
    /// No push needs more attempts than this.
    Attempts(u32),
    /// No answer says that the receiver broke down.
    No5xx,
    /// Answers come in the order in which the pushes left.
    InOrder,
}

impl StoryRule {
    /// The rules that need no figure, each with its word and its meaning.
    pub const WORDS: [(StoryRule, &'static str, &'static str); 4] = [
        (StoryRule::Answered, "answered", "every push has an answer, whatever it says"),
        (StoryRule::No5xx, "no_5xx", "no answer is 500 to 599, not even to a push that a fault has spoilt"),
        (StoryRule::InOrder, "in_order", "the answers within a call come in the order in which its pushes left"),
        (
            StoryRule::NoErrorAfterEnd,
            "no_error_after_end",
            "what is sent once the end of a call was told is not answered by 4xx or 5xx",
        ),
    ];

    /// What is wrong with an answer by this rule; the flag says whether it was judged at all.
    pub(super) fn of_answer(self, status: u16, push: &PushTrack, overtaken: Option<&str>) -> (bool, Option<Violation>) {
        match self {
            StoryRule::No5xx => {
                let broke_down = (500..600).contains(&status);
                let violation =
                    || Violation::plain(Code::ServerError, "no status from 500 to 599", format!("status {status}"));
                (true, broke_down.then(violation))
            }
            StoryRule::NoErrorAfterEnd if push.is_late && push.is_fair => {
                let violation = || {
                    let found = format!("status {status} after the end of the call");
                    Violation::plain(Code::ErrorAfterEnd, "no error", found)
                };
                (true, (status >= 400).then(violation))
            }
            StoryRule::InOrder if !push.is_bent_on_wire => {
                let violation = |earlier: &str| {
                    let found = format!("answered before {earlier}, which left earlier");
                    Violation::plain(Code::OutOfOrder, "answers in order", found)
                };
                (true, overtaken.map(violation))
            }
            StoryRule::NoErrorAfterEnd | StoryRule::InOrder | StoryRule::Answered | StoryRule::Attempts(_) => {
                (false, None)
            }
        }
    }

    /// What is wrong with a push that is settled, the last attempt of which ended so; the flag says whether it was judged at all.
    pub(super) fn of_settled(self, push: &PushTrack, ended: &str) -> (bool, Option<Violation>) {
        match self {
            StoryRule::Answered => {
                let found = format!("no answer in {}: {}", counted(push.number), ended);
                (true, (!push.is_answered).then(|| Violation::plain(Code::NoAnswer, "an answer", found)))
            }
            StoryRule::Attempts(most) => {
                let found = format!("{} until it was settled", counted(push.fair));
                let violation = || Violation::plain(Code::TooManyAttempts, format!("{} at most", counted(most)), found);
                (true, (push.fair > most).then(violation))
            }
            StoryRule::NoErrorAfterEnd | StoryRule::InOrder | StoryRule::No5xx => (false, None),
        }
    }
}

impl fmt::Display for StoryRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoryRule::Answered => f.write_str("answered"),
            StoryRule::NoErrorAfterEnd => f.write_str("no error after the end of the call"),
            StoryRule::Attempts(most) => write!(f, "{} at most", counted(*most)),
            StoryRule::No5xx => f.write_str("no 5xx"),
            StoryRule::InOrder => f.write_str("answered in order"),
        }
    }
}

fn counted(attempts: u32) -> String {
    if attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_told_in_words() {
        for (rule, words) in [
            (StoryRule::Answered, "answered"),
            (StoryRule::NoErrorAfterEnd, "no error after the end of the call"),
            (StoryRule::Attempts(1), "1 attempt at most"),
            (StoryRule::Attempts(3), "3 attempts at most"),
            (StoryRule::No5xx, "no 5xx"),
            (StoryRule::InOrder, "answered in order"),
        ] {
            assert_eq!(rule.to_string(), words);
        }
    }

    #[test]
    fn the_ends_of_what_is_an_error_and_of_how_often_it_may_be_tried() {
        let mut late = PushTrack::default();
        (late.is_late, late.is_fair, late.fair) = (true, true, 2);
        let is_wrong = |rule: StoryRule, status| rule.of_answer(status, &late, None).1.is_some();
        assert_eq!([499, 500, 599, 600].map(|status| is_wrong(StoryRule::No5xx, status)), [false, true, true, false]);
        assert_eq!([399, 400].map(|status| is_wrong(StoryRule::NoErrorAfterEnd, status)), [false, true]);
        assert_eq!(
            [1, 2, 3].map(|most| StoryRule::Attempts(most).of_settled(&late, "").1.is_some()),
            [true, false, false]
        );
    }
}
