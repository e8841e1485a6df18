//! What came of asking a probe again and again, and what follows from it.

use super::super::Losses;
use super::{Disagreement, Probe, Ready};
use crate::diagnostic::Code;
use crate::duration;
use crate::event::{DeliveryId, Finding, RunEvent, Story, Weight, said};
use crate::http::header;
use std::time::Duration;

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code, or the exit status of the command.
    pub status: i32,
    /// The headers; a command has none.
    pub headers: Vec<(String, String)>,
    /// The body, or what the command printed, as far as it was read.
    pub body: Vec<u8>,
    /// Whether there was more than what is read.
    pub truncated: bool,
    /// What else may explain it: where a redirect leads, the last line of what the command complained of.
    pub note: Option<String>,
}

/// How one question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// With an answer, whatever it says.
    Answered(Answer),
    /// Without one: why it could not be asked.
    Silent(String),
}

/// A probe that is asked again until it agrees.
#[derive(Debug, Default)]
pub struct Poll {
    tries: u32,
    /// The last answer, and in what it disagrees.
    last: Option<(Answer, Option<Disagreement>)>,
    /// Why the last question had no answer, where it had none.
    silent: Option<String>,
}

/// What came of asking a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It agreed at last.
    Agrees,
    /// It was answered, and never agreed.
    Disagrees,
    /// It was never answered.
    Silent,
}

/// Which asking it is.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// In which story.
    pub story: &'a Story,
    /// The command that plays the story again.
    pub replay: &'a str,
    /// After which push; `None` after the story.
    pub delivery: Option<&'a DeliveryId>,
    /// What faults have done to the story so far.
    pub losses: &'a Losses,
}

impl Poll {
    /// Learns how a question ended; true where the probe agrees.
    pub fn learn(&mut self, probe: &Probe, asked: Asked) -> bool {
        self.tries = self.tries.saturating_add(1);
        match asked {
            Asked::Answered(answer) => {
                let disagreement = probe.wanted.disagreement(&answer);
                self.last = Some((answer, disagreement));
                self.silent = None;
            }
            Asked::Silent(why) => self.silent = Some(why),
        }
        self.outcome() == Outcome::Agrees
    }

    /// What came of it so far.
    pub fn outcome(&self) -> Outcome {
        match (&self.last, &self.silent) {
            (Some((_, None)), None) => Outcome::Agrees,
            (Some(_), _) => Outcome::Disagrees,
            (None, _) => Outcome::Silent,
        }
    }

    /// What there is to tell of it: the probe itself, and a finding where it did not agree.
    pub fn events(self, probe: &Probe, ready: &Ready, occasion: Occasion<'_>, took: Duration) -> Vec<RunEvent> {
        let outcome = self.outcome();
        let Self { tries, last, silent } = self;
        let (answer, disagreement) = last.map_or((None, None), |(answer, wrong)| (Some(answer), wrong));
        let body = answer.as_ref().map(|answer| String::from_utf8_lossy(&answer.body).into_owned());
        let body = ready.covered(&body.unwrap_or_default());
        let kind = answer.as_ref().and_then(|answer| header(&answer.headers, "content-type"));
        let said = Some(said(&body, kind)).filter(|said| !said.is_empty());
        let silent = silent.map(|why| ready.covered(&why));
        let probed = RunEvent::Probed {
            story: occasion.story.clone(),
            delivery: occasion.delivery.cloned(),
            expectation: probe.expectation.clone(),
            asked: ready.shown.clone(),
            tries,
            status: answer.as_ref().map(|answer| answer.status),
            body,
            silent: silent.clone(),
            took,
            agrees: outcome == Outcome::Agrees,
        };
        let within = duration::text(probe.within);
        let (code, weight, message, found, difference) = match outcome {
            Outcome::Agrees => return vec![probed],
            Outcome::Silent => {
                let why = silent.unwrap_or_default();
                let message = format!("the probe could not be asked within {within}: {why}");
                (Code::ProbeSilent, Weight::Unknown, message, why, Vec::new())
            }
            Outcome::Disagrees => {
                let Disagreement { found, difference, words, .. } = disagreement.clone().unwrap_or_default();
                let last = match &silent {
                    Some(why) => format!("; at last it could not be asked: {why}"),
                    None => String::new(),
                };
                let lost = occasion.losses.lost().map(|lost| format!("; {lost}")).unwrap_or_default();
                let message = ready.covered(&format!("{words} (still so after {within}{last}{lost})"));
                (Code::ProbeDisagrees, Weight::Failed, message, found, difference)
            }
        };
        let expected = match disagreement {
            Some(Disagreement { expected, .. }) => expected,
            None => format!("an answer within {within}"),
        };
        let difference = difference.into_iter().map(|mut line| {
            line.text = ready.covered(&line.text);
            line
        });
        let finding = Finding {
            message,
            expected,
            found: ready.covered(&found),
            difference: difference.collect(),
            status: answer.as_ref().map(|answer| answer.status),
            said,
            delivery: occasion.delivery.cloned(),
            faults: occasion.losses.struck(),
            curl: Some(ready.command.clone()),
            replay: occasion.replay.to_owned(),
            ..Finding::new(code, weight, occasion.story.clone(), probe.expectation.clone())
        };
        vec![probed, RunEvent::Found(Box::new(finding))]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{After, Question, Wanted, WantedStatus, WhenLost};
    use super::*;
    use crate::contract::events::story;
    use crate::contract::{Known, Template};
    use crate::event::Expectation;

    fn probe() -> Probe {
        Probe {
            question: Question::Command(vec![Template::plain("state")]),
            after: After::Story,
            within: Duration::from_secs(5),
            every: Duration::from_secs(1),
            when_lost: WhenLost::Skip,
            wanted: Wanted { status: WantedStatus::Exit(vec![0]), rules: Vec::new() },
            expectation: Expectation { text: "a probe".into(), place: "flow.yaml:3".into(), quote: "- x".into() },
        }
    }

    fn answered(status: i32, body: &str) -> Asked {
        Asked::Answered(Answer { status, headers: Vec::new(), body: body.into(), truncated: false, note: None })
    }

    fn silent() -> Asked {
        Asked::Silent("no such program".into())
    }

    /// What came of these, and what is found: its code, its message, and what the receiver said.
    fn told(asked: Vec<Asked>) -> (Outcome, Option<(Code, String, Option<String>)>) {
        let (probe, mut poll, losses) = (probe(), Poll::default(), Losses::default());
        let ready = probe.question.ready(&Known::default()).expect("ready");
        let tries = asked.len();
        for asked in asked {
            assert_eq!(poll.learn(&probe, asked), poll.outcome() == Outcome::Agrees);
        }
        let (outcome, story) = (poll.outcome(), story());
        let occasion = Occasion { story: &story, replay: "", delivery: None, losses: &losses };
        let mut events = poll.events(&probe, &ready, occasion, Duration::ZERO).into_iter();
        let Some(RunEvent::Probed { tries: told, agrees, .. }) = events.next() else { panic!("it was asked") };
        assert_eq!((told as usize, agrees), (tries, outcome == Outcome::Agrees));
        let found = events.next().map(|event| match event {
            RunEvent::Found(found) => (found.code, found.message, found.said),
            other => panic!("{other:?}"),
        });
        (outcome, found)
    }

    #[test]
    fn the_last_answer_of_a_probe_counts_and_so_does_a_silence_after_it() {
        assert_eq!(told(vec![silent(), answered(1, "no"), answered(0, "yes")]), (Outcome::Agrees, None));
        let (wrong, said) = ("exit status 1, expected exit status 0", Some("sorry".to_owned()));
        let disagrees = |message: String, said| (Outcome::Disagrees, Some((Code::ProbeDisagrees, message, said)));
        assert_eq!(told(vec![answered(1, "sorry")]), disagrees(format!("{wrong} (still so after 5s)"), said.clone()));
        assert_eq!(told(vec![answered(1, "")]), disagrees(format!("{wrong} (still so after 5s)"), None));
        let at_last = "; at last it could not be asked: no such program";
        assert_eq!(
            told(vec![answered(1, "sorry"), silent()]),
            disagrees(format!("{wrong} (still so after 5s{at_last})"), said)
        );
        let silence = "the probe could not be asked within 5s: no such program".to_owned();
        assert_eq!(told(vec![silent(), silent()]), (Outcome::Silent, Some((Code::ProbeSilent, silence, None))));
        // What agreed, and cannot be asked any more, has not agreed at last.
        assert_eq!(told(vec![answered(0, "yes"), silent()]).0, Outcome::Disagrees);
    }
}
