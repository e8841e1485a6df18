//! What becomes of one attempt: the faults that bend single attempts, folded in listed order into one [`Fate`]. Pure.

use super::event::Event;
use super::story::Planned;
use super::{Bent, Connection, Draws, Fault, Faults, Kind};
use crate::http::Push;
use crate::random::{Keyed, Stream};
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
    pub fn of(faults: &Faults, planned: &Planned, request: Push, subject: Subject<'_>) -> Self {
        let mut fate = Fate { bent: planned.bent.clone(), ..Fate::clean(request) };
        for (index, fault, draws) in faults.drawn_with(planned, subject) {
            let evidence = match &fault.kind {
                Kind::Event(Event::LostAck(lost)) => Some(lost.bend(&mut fate)),
                Kind::Http(http) => {
                    let mut draw = draws.stream("bend");
                    match http.bends_fields() && fate.push.body.fields().is_some() {
                        true => http.bend(&mut fate, &mut draw, subject.literal),
                        false => {
                            let bend = |fate: &mut Fate| http.bend(fate, &mut draw, subject.literal);
                            fate.bend_request(subject, http.dresses(), bend)
                        }
                    }
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

    /// Lets a fault bend the request, or nothing but its headers. Where nothing is different afterwards it has not struck,
    /// whatever it says.
    fn bend_request(
        &mut self,
        subject: Subject<'_>,
        headers_alone: bool,
        bend: impl FnOnce(&mut Self) -> Option<String>,
    ) -> Option<String> {
        let (push, bends) = ((!headers_alone).then(|| self.push.clone()), self.headers.len());
        let evidence = bend(self);
        let (known, new) = self.headers.split_at(bends);
        let is_dressed_otherwise = || {
            // A wrong proof differs from any other, and is added where there is none.
            if matches!(new, [HeaderBend::WrongAuth(_)]) {
                return true;
            }
            let mut before = (subject.headers)(&self.push);
            known.iter().for_each(|bend| bend.apply(&mut before));
            let mut sent = before.clone();
            new.iter().for_each(|bend| bend.apply(&mut sent));
            sent != before
        };
        let is_other = push.is_some_and(|push| self.push != push);
        let differs = is_other || (!new.is_empty() && is_dressed_otherwise());
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

impl Faults {
    /// The faults that are drawn for an attempt, in listed order, whether or not they find anything to bend.
    pub fn drawn<'a>(&'a self, planned: &'a Planned, subject: Subject<'a>) -> impl Iterator<Item = &'a Fault> {
        self.drawn_with(planned, subject).map(|(_, fault, _)| fault)
    }

    /// The fault that is drawn for an attempt, with its place in the list and what its bending is drawn from; none where there
    /// are several.
    pub fn alone<'a>(&'a self, planned: &'a Planned, subject: Subject<'a>) -> Option<(usize, &'a Fault, Stream)> {
        let mut drawn = self.drawn_with(planned, subject);
        let (index, fault, draws) = drawn.next()?;
        drawn.next().is_none().then(|| (index, fault, draws.stream("bend")))
    }

    fn drawn_with<'a>(
        &'a self,
        planned: &'a Planned,
        subject: Subject<'a>,
    ) -> impl Iterator<Item = (usize, &'a Fault, Draws<'a>)> {
        let Subject { keyed, push, target, attempt, offset, .. } = subject;
        let hits = self.numbered().filter(|(index, ..)| planned.hits.contains(index));
        hits.filter_map(move |(index, fault, key)| {
            let (first, last) = fault.attempts();
            // The hits of a push may be those of any call of its story.
            let is_for = fault.only.call.is_none_or(|only| only == keyed.call())
                && fault.only.reaches(target)
                && (first..=last).contains(&attempt)
                && fault.when.is_within(offset);
            let draws =
                Draws { keyed, fault: key, push, nth: planned.nth, copies: planned.copies_before(index), attempt };
            (is_for && draws.is_among(fault.when.rate)).then_some((index, fault, draws))
        })
    }
}
