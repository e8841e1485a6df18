//! Folds faults into a plan, and answers for the fate of each attempt. Pure.

use super::{Delivery, NoPlan, Plan, Sent, Signed, as_sent};
use crate::call::Moment;
use crate::faults::event::{Event, SENDS_MAX};
use crate::faults::{Bent, Fate, Kind, Leaves, Subject, Told, fold};
use crate::http::Push;
use crate::random::Keyed;
use jiff::Timestamp;
use std::time::Duration;
use url::{Host, Url};

/// How often faults can be held against the pushes of one story, copies included: that many notes are kept of them.
pub const FOLDED_MAX: usize = 1_000_000;

/// An attempt at a push, in any call of its story.
#[derive(Clone, Copy)]
pub struct Tried<'a> {
    /// The push, as the plan of some call has it.
    pub delivery: &'a Delivery,
    /// The key of the call's draws.
    pub keyed: &'a Keyed,
    /// When the call started.
    pub start: Timestamp,
    /// The number of the target, from 1.
    pub target: u32,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// When it leaves, from the start of the scenario.
    pub offset: Duration,
}

impl<'a> Tried<'a> {
    /// Which attempt is asked for, where what it says does not matter.
    pub fn subject(self) -> Subject<'a> {
        let Tried { delivery, keyed, target, attempt, offset, .. } = self;
        Subject { keyed, push: &delivery.push, target, attempt, offset, literal: None, headers: &|_| Vec::new() }
    }

    /// What is signed where it says this.
    pub fn signed(self, push: &'a Push) -> Signed<'a> {
        Signed { call: self.keyed.call(), ..Signed::of(self.delivery, push, self.start) }
    }
}

impl Plan {
    /// What becomes of one attempt at a delivery, to target number `target`, that leaves at `offset` of the scenario.
    pub fn fate(&self, delivery: &Delivery, target: u32, attempt: u32, offset: Duration) -> Fate {
        let keyed = Keyed::new(self.seed, &self.scenario, delivery.call_number);
        let tried = Tried { delivery, keyed: &keyed, start: self.start, target, attempt, offset };
        self.fate_of(delivery.request.clone(), tried)
    }

    /// The same in any call of the story, of which the request is. Of the plan only what holds for all calls counts.
    pub fn fate_of(&self, request: Push, tried: Tried<'_>) -> Fate {
        let Tried { delivery, target, .. } = tried;
        if delivery.planned.hits.is_empty() {
            return Fate { bent: delivery.planned.bent.clone(), ..Fate::clean(request) };
        }
        // Whether a header is there does not depend on when the request is signed.
        let to = self.targets.get((target as usize).saturating_sub(1));
        let headers = |push: &Push| match to.or(push.to.as_ref()) {
            Some(to) => {
                let (url, body) = (push.address(to), push.body_at(to));
                self.headers_by(tried.signed(push), push, Sent { url: &url, body: &body, at: tried.start, meant: None })
            }
            None => as_sent(push.headers.written()),
        };
        let subject = Subject { literal: self.vendor.printed(request.name), headers: &headers, ..tried.subject() };
        Fate::of(&self.faults, &delivery.planned, request, subject)
    }

    /// Whether a delivery goes to target number `target`. One with an address of its own goes there once.
    pub fn reaches(&self, delivery: &Delivery, target: u32) -> bool {
        delivery.planned.target.is_none_or(|only| only == target) && (delivery.request.to.is_none() || target == 1)
    }

    /// Refuses hosts that faults, or what else may do harm, must not go to.
    ///
    /// # Errors
    /// [`NoPlan::ForeignHost`], which says `what` would go there.
    pub fn keep_to(&self, what: &'static str, allowed: &[String]) -> Result<(), NoPlan> {
        let own = self.deliveries.iter().filter_map(|delivery| delivery.request.to.as_ref());
        match self.targets.iter().chain(own).find(|url| !is_within(url, allowed)) {
            Some(url) => Err(NoPlan::ForeignHost { what, host: url.host_str().unwrap_or_default().to_owned() }),
            None => Ok(()),
        }
    }

    /// Folds the faults into the deliveries.
    pub(super) fn fold_faults(&mut self, keyed: &Keyed) {
        let targets = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        let story: Vec<Told<'_>> = self
            .deliveries
            .iter()
            .map(|delivery| Told {
                push: &delivery.push,
                nth: delivery.planned.nth,
                call: delivery.call_number,
                offset: delivery.offset,
                at: self.instant(delivery.offset),
                request: &delivery.request,
            })
            .collect();
        let moves = self.faults.iter().any(|fault| fault.kind.before_attempts().is_some());
        let mut deliveries = Vec::with_capacity(self.deliveries.len());
        // Where nothing moves, all targets get the same deliveries.
        for target in 1..=(if moves { targets } else { 1 }) {
            // Copies come behind the numbers of the story, so that a fault renumbers nothing.
            let mut next = u32::try_from(story.len()).unwrap_or(u32::MAX);
            for send in fold(&self.faults, keyed, &story, target, targets) {
                let mut delivery = self.deliveries[send.told].clone();
                if !send.planned.copies.is_empty() {
                    next = next.saturating_add(1);
                    delivery.number = next;
                }
                delivery.offset = send.offset;
                if let Some(request) = send.request {
                    delivery.request = request;
                }
                delivery.planned = send.planned;
                if moves && targets > 1 {
                    delivery.planned.target = Some(target);
                }
                delivery.planned.original = self.deliveries[send.told].number;
                deliveries.push(delivery);
            }
        }
        // Stable, so that what is due at the same moment stays as the faults have put it.
        deliveries.sort_by_key(|delivery| delivery.offset);
        self.deliveries = deliveries;
    }

    /// The number of each delivery, with that of the push that it is, or is a copy of.
    pub fn originals(&self) -> impl Iterator<Item = (u32, u32)> {
        self.deliveries.iter().map(|delivery| (delivery.number, delivery.original()))
    }

    /// Refuses lists of faults that are too long for the story.
    pub(super) fn hold_folding(&self) -> Result<(), NoPlan> {
        let (mut sends, mut folded) = (self.deliveries.len(), 0_usize);
        for fault in self.faults.iter() {
            folded = folded.saturating_add(sends);
            if folded > FOLDED_MAX {
                let place = &fault.place;
                let reason = format!("{place}: the faults before it hit pushes and copies {FOLDED_MAX} times already");
                return Err(NoPlan::TooLarge(reason));
            }
            let copies = match &fault.kind {
                Kind::Event(Event::Duplicate(duplicate)) => duplicate.copies,
                Kind::Event(Event::DuplicateNewId(duplicate)) => duplicate.copies,
                Kind::Event(Event::StaleRetry(_)) => 1,
                Kind::Event(_) | Kind::Http(_) | Kind::Connection(_) => 0,
            };
            sends = sends.saturating_mul(1 + copies as usize).min(SENDS_MAX.max(sends));
        }
        Ok(())
    }

    /// The instant of an offset.
    pub fn instant(&self, offset: Duration) -> Timestamp {
        self.start.checked_add(offset).unwrap_or(Timestamp::MAX)
    }
}

impl Delivery {
    /// When it is due.
    pub fn due(&self) -> Moment {
        Moment { offset: self.offset, mark: self.mark }
    }

    /// The number of the push that it is, or is a copy of, in the plan without faults.
    pub fn original(&self) -> u32 {
        if self.planned.original == 0 { self.number } else { self.planned.original }
    }

    /// Whether it leaves when it is due: no fault drops it, and it waits for no acknowledgement.
    pub fn leaves_when_due(&self) -> bool {
        self.planned.leaves == Leaves::WhenDue
    }

    /// What has bent it before its first attempt.
    pub fn bent(&self) -> &[Bent] {
        &self.planned.bent
    }
}

/// Whether what may do harm may go to an address: it is on this machine, or its host is allowed by name.
pub fn is_within(url: &Url, allowed: &[String]) -> bool {
    let bare = |host: &str| host.trim_matches(['[', ']']).to_ascii_lowercase();
    let host = bare(url.host_str().unwrap_or_default());
    is_loopback(url) || allowed.iter().any(|name| bare(name) == host)
}

/// Whether an address is on this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_hosts_allowed_by_their_whole_name_are_within() {
        let allowed = ["receiver.invalid".to_owned(), "[2001:db8::1]".to_owned()];
        for (url, expected) in [
            ("http://127.0.0.1:1/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://localhost/", true),
            ("http://a.localhost/", true),
            ("http://notlocalhost/", false),
            ("http://localhost.invalid/", false),
            ("http://10.0.0.1/", false),
            ("http://[::ffff:10.0.0.1]/", false),
            ("http://[2001:db8::2]/", false),
            ("http://[2001:db8::1]/", true),
            ("http://RECEIVER.invalid/", true),
            ("http://evilreceiver.invalid/", false),
            ("http://receiver.invalid.evil/", false),
            ("http://a.receiver.invalid/", false),
        ] {
            assert_eq!(is_within(&Url::parse(url).expect(url), &allowed), expected, "{url}");
        }
    }
}
