//! What the checks of a scenario make of an answer, and of a push that is settled. Pure, and the same for a run and a load.

use super::answer::{Answer, Violation};
use super::check::{AnswerRule, Check, Rule, Which};
use super::track::{Kept, PushTrack};

/// Hears of each check that was judged: its place in the list, and what is wrong where it does not hold.
pub type Judged<'t> = &'t mut dyn FnMut(usize, Option<Violation>);

/// An attempt at a push is answered, before the answer to another one that left earlier.
pub fn answered<'c>(
    checks: impl Iterator<Item = (usize, &'c Check)>,
    push: &mut PushTrack,
    answer: &Answer<'_>,
    overtaken: Option<&str>,
    told: Judged<'_>,
) {
    for (index, check) in checks {
        let (judged, violation) = match (&check.rule, check.which) {
            (Rule::Story(rule), _) => rule.of_answer(answer.status, push, overtaken),
            (Rule::Answer(_), Which::Last) => {
                push.last.get_or_insert_with(|| Box::new(Kept::new(answer)));
                (false, None)
            }
            (Rule::Answer(rule), Which::Every) => held(rule, answer, push),
        };
        push.is_status_judged |= judged && check.rule.is_status();
        if judged {
            told(index, violation);
        }
    }
}

/// A push is settled, the last attempt of which `ended` so, in a few words: what is asked of the last answer, of having one at
/// all, and of the way there. Whether an expectation on its status takes the place of the vendor's own rule.
pub fn settled<'c>(
    checks: impl Iterator<Item = (usize, &'c Check)>,
    push: &PushTrack,
    ended: &str,
    told: Judged<'_>,
) -> bool {
    let mut is_status_judged = push.is_status_judged;
    // One missing answer fails one check of each entry, the first one: the others would only say it again.
    let mut entry_told = None;
    for (index, check) in checks {
        let mut missing = |rule: &AnswerRule| match entry_told.replace(check.entry) == Some(check.entry) {
            true => (false, None),
            false => (true, Some(no_answer(rule, ended))),
        };
        let (judged, violation) = match (&check.rule, check.which, &push.last) {
            (Rule::Story(rule), ..) => rule.of_settled(push, ended),
            (Rule::Answer(rule), Which::Every, _) if !push.is_answered => missing(rule),
            (Rule::Answer(rule), Which::Last, None) => missing(rule),
            (Rule::Answer(rule), Which::Last, Some(last)) => held(rule, &last.answer(), push),
            (Rule::Answer(_), Which::Every, _) => (false, None),
        };
        is_status_judged |= judged && check.rule.is_status();
        if judged {
            told(index, violation);
        }
    }
    is_status_judged
}

/// What is wrong with an answer; the flag says whether it was judged at all.
fn held(rule: &AnswerRule, answer: &Answer<'_>, push: &PushTrack) -> (bool, Option<Violation>) {
    let is_judged = push.is_fair && !(matches!(rule, AnswerRule::Within(_)) && push.is_bent_on_wire);
    (is_judged, is_judged.then(|| rule.violation(answer)).flatten())
}

fn no_answer(rule: &AnswerRule, ended: &str) -> Violation {
    let found = match ended {
        "" => "no answer".to_owned(),
        ended => format!("no answer: {ended}"),
    };
    Violation::plain(rule.code(), rule.to_string(), found)
}
