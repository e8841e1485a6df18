//! What is known of a call at the moment of a request, and how it reads.

use super::fields::tables;
use super::options::Options;
use crate::body::{Blank, Body, Draw, Encoding, Escape, Form, Leaf, Length, Pattern, Shape, Unit, Zone, in_hash_order};
use crate::call::{Cast, Cause, Conversation, Leg, LegRole, Moment, Party};
use crate::http::{Method, Push};
use crate::vendors::table::object;

/// RFC 2822, in UTC.
pub const RFC_2822: Form = Form::Clock(&Pattern::of("%a, %d %b %Y %H:%M:%S +0000"), Zone::Utc);

/// Everything that decides what a request says.
pub struct Scene<'a> {
    pub cast: &'a Cast,
    pub options: &'a Options,
    /// The leg that the request is about, the first one of the call, and the one that `<Dial>` reached or that takes the
    /// first one out of its queue; each with its place.
    pub leg: (usize, &'a Leg),
    pub first: (usize, &'a Leg),
    pub other: (usize, &'a Leg),
    pub status: &'static str,
    /// How many callbacks there were of this leg.
    pub count: u64,
    pub talk: &'a Conversation,
    pub now: Moment,
    /// The keys that were pressed, how a queue was left, or what made a recording.
    pub said: &'a str,
    /// What is recorded, from when until when.
    pub recorded: Option<(Moment, Moment)>,
}

impl Scene<'_> {
    /// The request of this name.
    pub fn push(&self, name: &'static str) -> Push {
        let mut members = Vec::new();
        for rows in tables(name) {
            let Leaf::Object(more) = object(rows, self) else { continue };
            members.extend(more.into_iter().filter(|member| member.leaf != Leaf::Absent));
        }
        in_hash_order(&mut members);
        let blank = Blank::Percent20;
        let (method, encoding) = match self.options.get {
            true => (Method::Get, Encoding::Query(blank)),
            false => (Method::Post, Encoding::Form(blank)),
        };
        Push { body: Body::Fields { fields: Leaf::Object(members), encoding }, ..Push::new(name, method) }
    }

    /// A SID: two letters that say of what it is, and 32 hexadecimal digits.
    fn drawn_sid(&self, letters: &'static str, purpose: &'static str, nth: usize) -> Leaf {
        let draw = Draw::new(purpose, Shape::Hex(32)).nth(nth as u64);
        Leaf::joined([letters.into(), Leaf::drawn(self.cast, draw)])
    }

    pub fn sid(&self, (place, _): (usize, &Leg)) -> Leaf {
        self.drawn_sid("CA", "twilio.call", place)
    }

    /// A SID of the account.
    pub fn of_centre(&self, letters: &str, purpose: &str) -> Leaf {
        Leaf::of_centre(format!("{letters}{}", self.cast.keyed.centre().stream(purpose).hex(32)))
    }

    pub fn account(&self) -> Leaf {
        let drawn = || self.of_centre("AC", "twilio.account");
        self.options.account_sid.as_ref().map_or_else(drawn, Leaf::from)
    }

    /// Who calls; the system is the centre's own number.
    pub fn from(&self) -> Party {
        self.leg.1.from
    }

    /// Who is called.
    pub fn to(&self) -> Party {
        self.leg.1.to
    }

    pub fn parent(&self) -> Leaf {
        if self.leg.1.role == LegRole::Dialled { self.sid(self.first) } else { Leaf::Absent }
    }

    pub fn direction(&self) -> Leaf {
        match self.leg.1.role {
            LegRole::Incoming => "inbound".into(),
            LegRole::Dialled => "outbound-dial".into(),
            LegRole::First | LegRole::FromQueue | LegRole::Apart => "outbound-api".into(),
        }
    }

    /// The number of a party. An agent who dials in has a softphone, which has an identity in its place.
    pub fn number(&self, party: Party) -> Leaf {
        match party {
            Party::Agent(index) if self.leg.1.role == LegRole::Incoming => {
                let agent = self.cast.agents.get(index);
                format!("client:{}", agent.map_or("agent", |agent| &agent.key)).into()
            }
            party => self.cast.phone(party).map(Leaf::e164).into(),
        }
    }

    /// Where the number of a party is at home, if that is in the United States: city, state, postcode.
    pub fn home(&self, party: Party, part: usize) -> Leaf {
        let is_known = self.country(party).text() == "US";
        let home = self.cast.home(party).filter(|_| is_known);
        let part = |home: [Leaf; 3]| home.into_iter().nth(part).unwrap_or_default();
        home.map_or(Leaf::EMPTY, |[city, state, postcode]| {
            let city = Leaf::Escaped(Box::new((&city).into()), Escape::Capitals);
            part([city, (&state).into(), (&postcode).into()])
        })
    }

    pub fn country(&self, party: Party) -> Leaf {
        let number = self.number(party);
        let codes = [("+86", "CN"), ("+1", "US")];
        codes.iter().find(|(code, _)| number.text().starts_with(code)).map_or("", |(_, country)| country).into()
    }

    pub fn time(&self, at: Moment) -> Leaf {
        Leaf::time(self.cast, at, RFC_2822)
    }

    /// How long a leg was connected, or 0.
    fn length(&self, (_, leg): (usize, &Leg), unit: Unit) -> Leaf {
        leg.answered.zip(leg.ended).map_or("0".into(), |(from, to)| {
            let count = unit.of_seconds(self.cast.seconds_between(from, to));
            Leaf::Length(Length { count, unit, from, to, is_number: false })
        })
    }

    pub fn seconds(&self, leg: (usize, &Leg)) -> Leaf {
        self.length(leg, Unit::Seconds)
    }

    pub fn minutes(&self) -> Leaf {
        self.length(self.leg, Unit::MinutesBegun)
    }

    /// What machine detection found: there is no answering machine in a script.
    pub fn detected(&self, leaf: Leaf) -> Leaf {
        let by_api = !matches!(self.leg.1.role, LegRole::Incoming | LegRole::Dialled);
        let is_known = by_api && self.options.machine_detection && self.leg.1.answered.is_some();
        if is_known { leaf } else { Leaf::Absent }
    }

    pub fn detection(&self) -> Leaf {
        self.detected(self.drawn("twilio.detection", 1200, 4800))
    }

    pub fn average(&self) -> Leaf {
        self.drawn("twilio.average", 10, 90)
    }

    fn drawn(&self, purpose: &'static str, low: u64, high: u64) -> Leaf {
        Leaf::drawn(self.cast, Draw::new(purpose, Shape::Within(low, high)))
    }

    pub fn bridged(&self) -> Leaf {
        if self.other.1.answered.is_some() { "true" } else { "false" }.into()
    }

    pub fn said(&self) -> Leaf {
        self.said.to_owned().into()
    }

    pub fn queue_time(&self) -> Leaf {
        let (from, to) = (self.talk.queued.unwrap_or(self.now), self.talk.dequeued.unwrap_or(self.now));
        Leaf::seconds(self.cast, from, to).as_text()
    }

    pub fn recording_sid(&self) -> Leaf {
        let purpose = if self.said == "RecordVerb" { "twilio.message" } else { "twilio.recording" };
        self.recorded.map_or(Leaf::Absent, |_| self.drawn_sid("RE", purpose, self.talk.from.map_or(0, |from| from + 1)))
    }

    pub fn recording_url(&self) -> Leaf {
        let account = format!("{}/2010-04-01/Accounts/", self.options.api_url);
        let parts = || [account.into(), self.account(), "/Recordings/".into(), self.recording_sid()];
        self.recorded.map_or(Leaf::Absent, |_| Leaf::joined(parts()))
    }

    pub fn recording_time(&self) -> Leaf {
        self.recorded.map_or(Leaf::Absent, |(from, to)| Leaf::seconds(self.cast, from, to).as_text())
    }

    pub fn recording_began(&self) -> Leaf {
        self.recorded.map_or(Leaf::Absent, |(from, _)| self.time(from))
    }

    pub fn track(&self) -> Leaf {
        if self.said == "DialVerb" { "both".into() } else { Leaf::Absent }
    }
}

/// The `CallStatus` and the `SipResponseCode` of a leg that is over.
pub fn outcome(leg: &Leg) -> (&'static str, String) {
    let cause = leg.missed.unwrap_or(Cause::Cancelled);
    let (status, sip) = match (leg.answered, cause, cause.sip_status()) {
        (Some(_), ..) => ("completed", 200),
        (None, Cause::Cancelled, sip) => ("canceled", sip),
        (None, _, 486) => ("busy", 486),
        (None, _, sip @ (480 | 487)) => ("no-answer", sip),
        (None, _, sip) => ("failed", sip),
    };
    (status, sip.to_string())
}
