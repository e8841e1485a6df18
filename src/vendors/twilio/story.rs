//! Tells a call: what each of its legs causes.

use super::options::{EVENTS, Options};
use super::scene::{Scene, outcome};
use crate::body::{Draw, Leaf, Shape};
use crate::call::{CallState, Cast, Conversation, Happening, LegEvent, LegRole, Legs, Moment, Side, What};
use crate::http::{Headers, Push};
use crate::vendors::Teller;

/// A call.
pub struct Story<'a> {
    cast: &'a Cast,
    options: Options,
    legs: Legs,
    /// How many callbacks of each leg were sent.
    counts: Vec<u64>,
    /// Whether the first leg is in a queue whose `<Enqueue>` is not over.
    is_queued: bool,
    /// How many requests were written.
    written: u64,
}

/// A request that is due: its name, its leg by place, and what else it is about.
struct Due<'t> {
    push: &'static str,
    leg: usize,
    status: &'static str,
    other: Option<usize>,
    said: &'t str,
    recorded: Option<(Moment, Moment)>,
}

const fn due(push: &'static str, leg: usize, status: &'static str) -> Due<'static> {
    Due { push, leg, status, other: None, said: "", recorded: None }
}

impl<'a> Story<'a> {
    /// A call of which nothing has happened.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        Self { cast, options, legs: Legs::default(), counts: Vec::new(), is_queued: false, written: 0 }
    }

    /// What an event of a leg causes. `first` is the first leg, with its status.
    fn of_leg(&mut self, (place, event): (usize, LegEvent), first: (usize, &'static str), dues: &mut Vec<Due<'_>>) {
        let Some(leg) = self.legs.get(place).cloned() else { return };
        let (first, status) = first;
        match event {
            LegEvent::CameIn => dues.push(due("voice", place, "ringing")),
            LegEvent::Dialled => {
                dues.push(due("initiated", place, "initiated"));
                dues.push(due("ringing", place, "ringing"));
            }
            LegEvent::Answered => {
                dues.push(due("answered", place, "in-progress"));
                match leg.role {
                    LegRole::First => dues.push(due("voice", place, "in-progress")),
                    LegRole::FromQueue => dues.push(Due { other: Some(place), ..due("queue", first, status) }),
                    LegRole::Incoming | LegRole::Dialled | LegRole::Apart => {}
                }
            }
            LegEvent::Ended => {
                if leg.is_first() && std::mem::take(&mut self.is_queued) {
                    dues.push(Due { said: "hangup", ..due("enqueue", first, status) });
                }
                dues.push(due("completed", place, outcome(&leg).0));
                let other = Some(place);
                if leg.role == LegRole::Dialled {
                    let recorded = leg.answered.zip(leg.ended).filter(|_| self.cast.recorded);
                    dues.push(Due { other, recorded, ..due("dial", first, status) });
                }
                if leg.role == LegRole::FromQueue && leg.answered.is_some() && std::mem::take(&mut self.is_queued) {
                    dues.push(Due { other, said: "bridged", ..due("enqueue", first, status) });
                }
            }
        }
    }

    fn is_over(&self, place: usize) -> bool {
        self.legs.get(place).is_none_or(|leg| leg.ended.is_some())
    }

    /// Whether a request is made at all: callbacks where they are asked for, which of a call that comes in can only be the
    /// last, and TwiML requests as long as there is a first leg.
    fn is_made(&self, due: &Due<'_>, was_over: bool) -> bool {
        let is_late = due.push == "completed" || self.legs.get(due.leg).is_none_or(|leg| leg.role != LegRole::Incoming);
        match EVENTS.contains(&due.push) {
            true => self.options.events.contains(&due.push) && is_late,
            false => due.push == "recording" || !was_over,
        }
    }

    fn write(&mut self, due: &Due<'_>, now: Moment, talk: &Conversation) -> Option<Push> {
        self.counts.resize(self.counts.len().max(due.leg + 1), 0);
        let at = |place: usize| Some((place, self.legs.get(place)?));
        let scene = Scene {
            cast: self.cast,
            options: &self.options,
            leg: at(due.leg)?,
            first: at(self.legs.first()?)?,
            other: at(due.other.unwrap_or(due.leg))?,
            status: due.status,
            count: self.counts[due.leg],
            talk,
            now,
            said: due.said,
            recorded: due.recorded,
        };
        let token = Draw::new("twilio.token", Shape::Uuid).nth(self.written);
        let mut headers = Headers::default();
        if !self.options.get {
            headers.push("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
        }
        headers.push("I-Twilio-Idempotency-Token", Leaf::drawn(self.cast, token));
        for (name, value) in [("Accept", "*/*"), ("X-Home-Region", "us1"), ("User-Agent", "TwilioProxy/1.1")] {
            headers.push(name, value);
        }
        let event_id = Some(token.text(&self.cast.keyed).into_owned());
        let push = Push { headers, event_id, ..scene.push(due.push) };
        self.written += 1;
        self.counts[due.leg] += u64::from(EVENTS.contains(&due.push));
        Some(push)
    }
}

impl Teller for Story<'_> {
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>) {
        let Some(talk) = state.conversation(happening) else { return };
        let was_over = self.legs.first().is_some_and(|first| self.is_over(first));
        let events = self.legs.after(happening, state);
        let Some(first) = self.legs.first() else { return };
        let status = if self.is_over(first) { "completed" } else { "in-progress" };
        let was_over = was_over && self.is_over(first);
        let mut dues = Vec::new();
        for event in events {
            self.of_leg(event, (first, status), &mut dues);
        }
        match &happening.what {
            What::Queued { .. } => {
                self.is_queued = true;
                dues.push(due("wait", first, status));
            }
            What::VoicemailStarted | What::HungUp { side: Side::System, .. } if std::mem::take(&mut self.is_queued) => {
                dues.push(Due { said: "leave", ..due("enqueue", first, status) });
            }
            What::KeysPressed(keys) | What::SurveyAnswered { keys } => {
                dues.push(Due { said: keys, ..due("gather", first, status) });
            }
            What::Recorded => {
                if let recorded @ Some(_) = talk.bridged.zip(talk.hung_up) {
                    dues.push(Due { said: "DialVerb", recorded, ..due("recording", first, "") });
                }
            }
            What::VoicemailLeft => {
                let recorded = talk.voicemail.and_then(|(from, to)| Some((from, to?)));
                dues.push(Due { said: "RecordVerb", recorded, ..due("recording", first, "") });
            }
            _ => {}
        }
        dues.retain(|due| self.is_made(due, was_over));
        pushes.extend(dues.iter().filter_map(|due| self.write(due, happening.at, talk)));
    }
}
