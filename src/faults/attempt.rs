//! What becomes of one attempt: the faults that bend single attempts, folded in listed order into one [`Fate`]. Pure.

use super::event::Event;
use super::story::Planned;
use super::{Bent, Connection, Draws, Faults, Kind};
use crate::http::Push;
use crate::random::Keyed;
use std::time::Duration;

/// What becomes of one attempt. Whoever sends it plays this, and invents nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    /// The request, bent.
    pub push: Push,
    /// What happens to the headers once they are complete, in order.
    pub headers: Vec<HeaderBend>,
    /// How it crosses the wire.
    pub connection: Connection,
    /// What becomes of the answer.
    pub answer: Answer,
    /// What has bent it, from the plan on.
    pub bent: Vec<Bent>,
}

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer {
    /// The vendor reads it.
    #[default]
    Read,
    /// It is thrown away, and the vendor tries again after this wait at the latest.
    Lost(Duration),
}

/// What happens to the headers of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderBend {
    /// This one is left out.
    Missing(String),
    /// What proves who sends it is another.
    WrongAuth(u64),
    /// All names are in small letters.
    SmallLetters,
}

/// Which attempt is asked for.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The key of the call's draws.
    pub keyed: &'a Keyed,
    /// `vendor:push`.
    pub push: &'a str,
    /// The number of the target, from 1.
    pub target: u32,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// When it leaves, from the start of the scenario.
    pub offset: Duration,
    /// The sample of this push on the vendor's page, as printed, where there is one.
    pub literal: Option<&'static str>,
    /// The headers that this request is sent with, before any of them is bent.
    pub headers: &'a dyn Fn(&Push) -> Vec<(String, String)>,
}

impl Fate {
    /// The fate of a request that nothing bends.
    pub fn clean(push: Push) -> Self {
        Self { push, headers: Vec::new(), connection: Connection::default(), answer: Answer::Read, bent: Vec::new() }
    }

    /// Whether it is itself other than it should be, so that a receiver may well refuse it.
    pub fn is_spoilt(&self) -> bool {
        self.bent.iter().any(|bent| bent.spoils)
    }

    /// The fate of one attempt at a planned delivery.
    pub fn of(faults: &Faults, planned: &Planned, request: &Push, subject: Subject<'_>) -> Self {
        let mut fate = Fate { bent: planned.bent.clone(), ..Fate::clean(request.clone()) };
        for (index, fault, key) in faults.numbered().filter(|(index, ..)| planned.hits.contains(index)) {
            let (first, last) = fault.attempts();
            let Subject { keyed, push, target, attempt, offset, .. } = subject;
            if !fault.only.reaches(target) || !(first..=last).contains(&attempt) || !fault.when.is_within(offset) {
                continue;
            }
            let draws =
                Draws { keyed, fault: key, push, nth: planned.nth, copies: planned.copies_before(index), attempt };
            if !draws.is_among(fault.when.rate) {
                continue;
            }
            let evidence = match &fault.kind {
                Kind::Event(Event::LostAck(lost)) => Some(lost.bend(&mut fate)),
                Kind::Http(http) => {
                    fate.bend_request(subject, |fate| http.bend(fate, &mut draws.stream("bend"), subject.literal))
                }
                Kind::Connection(bend) => {
                    let struck = bend.strike(&mut fate.connection, &fate.push.body.bytes(), &mut draws.stream("bend"));
                    struck.then(|| fault.fact.meaning.to_owned())
                }
                // What moves and repeats pushes has done so in the plan.
                Kind::Event(_) => None,
            };
            fate.bent.extend(evidence.map(|evidence| Bent::listed(index, fault, evidence)));
        }
        fate
    }

    /// Lets a fault bend the request. Where nothing is different afterwards it has not struck, whatever it says.
    fn bend_request(&mut self, subject: Subject<'_>, bend: impl FnOnce(&mut Self) -> Option<String>) -> Option<String> {
        let (push, bends) = (self.push.clone(), self.headers.len());
        let evidence = bend(self);
        let sent = |headers: &[HeaderBend]| {
            let mut sent = (subject.headers)(&self.push);
            headers.iter().for_each(|bend| bend.apply(&mut sent));
            sent
        };
        let differs = self.push != push || sent(&self.headers) != sent(&self.headers[..bends]);
        if !differs {
            self.headers.truncate(bends);
        }
        evidence.filter(|_| differs)
    }

    /// Bends the headers, which are complete by now.
    pub fn dress(&self, headers: &mut Vec<(String, String)>) {
        for bend in &self.headers {
            bend.apply(headers);
        }
    }
}
