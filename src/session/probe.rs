//! Asks the probes of a story, again and again until they agree or their time is over, and tells what came of it.

use super::command;
use crate::clock;
use crate::contract::probe::{After, Answer, Asked, Occasion, Outcome, Poll, Ready, WhenLost, Words};
use crate::contract::{Known, Losses, PUSH_NAME, Probe, values};
use crate::delivery::{AttemptOutcome, Between, Outgoing, Stop, Transport};
use crate::event::{DeliveryId, RunEvent, Story};
use crate::http::{address, header};
use crate::plan::{Plan, USER_AGENT};
use bytes::Bytes;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a question may take that has begun, even where that is beyond the end of `within`: one that is cut short says
/// nothing of the receiver.
const QUESTION_LEAST: Duration = Duration::from_millis(500);

/// Takes the events of probes.
type Tell<'t> = &'t mut (dyn FnMut(RunEvent) + Send);

/// The probes of a story that is being played.
pub(super) struct Probes<'a> {
    story: &'a Story,
    replay: &'a str,
    transport: &'a Transport,
    stop: &'a Stop,
    losses: &'a Mutex<Losses>,
    known: Known,
    probes: Vec<Standing<'a>>,
}

/// A probe, and how it stands.
struct Standing<'a> {
    probe: &'a Probe,
    asked: u64,
    failed: u64,
    /// Whether it could not be asked. After the next pushes it is asked no more: every one of them would wait in vain.
    silent: bool,
}

impl<'a> Probes<'a> {
    /// The probes of a story, none of them asked yet.
    pub fn new(
        (story, plan, replay): (&'a Story, &'a Plan, &'a str),
        transport: &'a Transport,
        stop: &'a Stop,
        losses: &'a Mutex<Losses>,
    ) -> Self {
        let standing = |probe| Standing { probe, asked: 0, failed: 0, silent: false };
        let probes: Vec<_> = plan.contract.probes.iter().map(standing).collect();
        let known = if probes.is_empty() { Known::default() } else { plan.known_to_contract() };
        Self { story, replay, transport, stop, losses, known, probes }
    }

    /// Asks what is to be asked after the story.
    pub async fn after_story(&mut self, tell: Tell<'_>) {
        for number in 0..self.probes.len() {
            if self.probes[number].probe.after == After::Story {
                self.ask(number, None, tell).await;
            }
        }
    }

    /// Says how often each probe was asked.
    pub fn close(self, tell: Tell<'_>) {
        for Standing { probe, asked, failed, .. } in self.probes {
            let (story, expectation) = (self.story.clone(), probe.expectation.clone());
            tell(RunEvent::Checked { story, expectation, judged: asked, failed });
        }
    }

    /// Asks one of them until it agrees, its time is over, or the end of the run is asked for.
    async fn ask(&mut self, number: usize, delivery: Option<&DeliveryId>, tell: Tell<'_>) {
        let probe = self.probes[number].probe;
        // Not locked any more when it is told.
        let lost = self.losses().lost();
        if let (WhenLost::Skip, Some(lost)) = (probe.when_lost, lost) {
            let (story, delivery, expectation) = (self.story.clone(), delivery.cloned(), probe.expectation.clone());
            tell(RunEvent::NotJudged { story, delivery, expectation, reason: lost });
            return;
        }
        let began = clock::steady();
        let mut known = self.known.clone();
        if let Some(delivery) = delivery {
            known.add(PUSH_NAME, delivery.push.clone());
        }
        let (ready, poll) = match probe.ready(&known) {
            Ok((probe, ready)) => {
                let variables = variables(&known);
                let poll = tokio::select! {
                    biased;
                    () = self.stop.requested() => return,
                    poll = self.poll(&probe, &ready, &variables) => poll,
                };
                (ready, poll)
            }
            // Only a story that somebody drives can end without what a probe asks with.
            Err(unready) => {
                let mut poll = Poll::default();
                poll.learn(probe, Asked::Silent(unready.to_string()));
                (Ready::unasked(&probe.question), poll)
            }
        };
        let standing = &mut self.probes[number];
        standing.asked += 1;
        standing.failed += u64::from(poll.outcome() != Outcome::Agrees);
        standing.silent |= poll.outcome() == Outcome::Silent;
        let events = {
            let losses = self.losses();
            let occasion = Occasion { story: self.story, replay: self.replay, delivery, losses: &losses };
            poll.events(probe, &ready, occasion, began.elapsed())
        };
        events.into_iter().for_each(tell);
    }

    fn losses(&self) -> MutexGuard<'a, Losses> {
        // Nothing that is locked here is ever half changed.
        self.losses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn poll(&self, probe: &Probe, ready: &Ready, variables: &[(String, String)]) -> Poll {
        let began = clock::steady();
        let mut poll = Poll::default();
        loop {
            let left = probe.within.saturating_sub(began.elapsed());
            if poll.learn(probe, self.answer(&ready.words, variables, left.max(QUESTION_LEAST)).await) {
                return poll;
            }
            // Without time for another question, the wait for it would be in vain.
            if began.elapsed() + probe.every >= probe.within {
                return poll;
            }
            tokio::time::sleep(probe.every).await;
        }
    }

    /// Asks once.
    async fn answer(&self, words: &Words, variables: &[(String, String)], limit: Duration) -> Asked {
        match words {
            Words::Command(words) => match command::run(words, variables, limit).await {
                Ok(command::Ended { status, printed, truncated, complaint }) => {
                    Asked::Answered(Answer { status, headers: Vec::new(), body: printed, truncated, note: complaint })
                }
                Err(why) => Asked::Silent(why),
            },
            Words::Http { method, url, headers, body } => {
                let mut headers = headers.clone();
                if header(&headers, "user-agent").is_none() {
                    headers.push(("User-Agent".to_owned(), USER_AGENT.to_owned()));
                }
                let body = Bytes::from(body.clone());
                let outgoing = Outgoing { method: *method, url: address(url, ""), headers, body, timeout: limit };
                match self.transport.send(&outgoing).await {
                    AttemptOutcome::Replied { reply, .. } => {
                        let redirect = reply.header("location").filter(|_| (300..400).contains(&reply.status));
                        let note = redirect.map(|place| format!("a redirect to {place} is not followed"));
                        let (status, truncated) = (i32::from(reply.status), reply.truncated);
                        Asked::Answered(Answer {
                            status,
                            headers: reply.headers,
                            body: reply.body.to_vec(),
                            truncated,
                            note,
                        })
                    }
                    AttemptOutcome::Failed { failure, .. } => {
                        Asked::Silent(format!("{}: {}", failure.class.as_str(), failure.message))
                    }
                }
            }
        }
    }
}

impl Between for Probes<'_> {
    fn replanned(&mut self, plan: &Plan) {
        self.losses().number(plan.originals());
        if !self.probes.is_empty() {
            self.known = plan.known_to_contract();
        }
    }

    async fn settled(&mut self, delivery: &DeliveryId, events: Tell<'_>) {
        for number in 0..self.probes.len() {
            if self.probes[number].probe.is_after(delivery) && !self.probes[number].silent {
                self.ask(number, Some(delivery), events).await;
            }
        }
    }
}

/// What a story knows as environment variables: `RINGBACK_CALL_ID`, `RINGBACK_CALL_ID_2`.
fn variables(known: &Known) -> Vec<(String, String)> {
    known
        .iter()
        .map(|(name, value)| (variable(&name), value.to_owned()))
        // No environment can hold such a value.
        .filter(|(_, value)| !value.contains('\0'))
        .collect()
}

/// The variable of a value that a story knows.
fn variable(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("RINGBACK_{}", name.chars().map(letter).collect::<String>())
}

/// Whether the command of a probe finds a value of its story in a variable of this name: a program that it runs may well be
/// Ringback.
pub fn probe_variable(name: &str) -> bool {
    let first = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    values().map(variable).any(|known| known == name || known == first)
}
