//! The legs of a call: who is on which line, from when until when, as a platform sees it that connects lines with each other.

use super::{Advanced, CallState, Cause, Conversation, Happening, Kind, Moment, Outcome, Party, What};

/// How a leg came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegRole {
    /// The first of the call: the customer dialled in, or an agent at a phone of their own.
    Incoming,
    /// The first of the call: the platform dialled.
    First,
    /// Dialled for the first leg, and connected with it.
    Dialled,
    /// Dialled on its own while the first leg waits in a queue, and connected with it once it is answered.
    FromQueue,
    /// Dialled on its own, for somebody who is asked, is added, or listens.
    Apart,
}

/// A party on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// How it came to be.
    pub role: LegRole,
    /// Whom it reaches; of an incoming one, who calls.
    pub party: Party,
    /// Who calls; the system is the centre's own number.
    pub from: Party,
    /// Who is called.
    pub to: Party,
    /// The conversation that it belongs to, as an index, once that has begun.
    pub conversation: Option<usize>,
    /// When it was answered.
    pub answered: Option<Moment>,
    /// When it was over.
    pub ended: Option<Moment>,
    /// Why it was not answered, where it rang in vain; none where it was given up.
    pub missed: Option<Cause>,
}

impl Leg {
    /// Whether it is the first leg of the call.
    pub fn is_first(&self) -> bool {
        matches!(self.role, LegRole::Incoming | LegRole::First)
    }
}

/// What becomes of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegEvent {
    /// It comes in, and is picked up at once.
    CameIn,
    /// It is dialled and rings.
    Dialled,
    /// It is answered.
    Answered,
    /// It is over.
    Ended,
}

/// The legs of a call, in the order in which they began.
#[derive(Debug, Clone, Default)]
pub struct Legs(Vec<Leg>);

impl Legs {
    /// The leg at a place.
    pub fn get(&self, place: usize) -> Option<&Leg> {
        self.0.get(place)
    }

    /// The place of the first leg of the call: of the last one that was, where an agent who rang in vain was followed by
    /// another.
    pub fn first(&self) -> Option<usize> {
        self.0.iter().rposition(Leg::is_first)
    }

    /// What becomes of which legs, in order, as something happens; `state` already knows of it. Where the first leg ends, those
    /// that it dialled end before it.
    pub fn after(&mut self, happening: &Happening, state: &CallState) -> Vec<(usize, LegEvent)> {
        let (now, index) = (happening.at, happening.conversation);
        let mut events = Vec::new();
        let mut event = |place: Option<usize>, event| events.extend(place.map(|place| (place, event)));
        match &happening.what {
            What::CallStarted => event(self.come_in(state.kind, now), LegEvent::CameIn),
            What::AgentRinging { agent } => {
                event(self.dial(Party::Agent(*agent), Some(index), state), LegEvent::Dialled);
            }
            What::CustomerRinging => event(self.dial(Party::Customer, Some(index), state), LegEvent::Dialled),
            What::AgentAnswered { agent } => event(self.answer(Party::Agent(*agent), now), LegEvent::Answered),
            What::CustomerAnswered => event(self.answer(Party::Customer, now), LegEvent::Answered),
            What::AgentMissed { agent, cause } => {
                event(self.miss(Party::Agent(*agent), *cause, now), LegEvent::Ended);
            }
            What::CustomerMissed(cause) => event(self.miss(Party::Customer, Some(*cause), now), LegEvent::Ended),
            What::AdvancedStarted { kind, with } => {
                let place = self.dial(*with, None, state);
                // Whoever takes the customer over is connected as the one before was; others join in another way.
                let takes_over = matches!(kind, Advanced::Transfer | Advanced::Intercept);
                let has_customer = self.first().is_some_and(|first| self.0[first].party == Party::Customer);
                if let Some(leg) = place.and_then(|place| self.0.get_mut(place)) {
                    leg.role = if takes_over && has_customer { LegRole::Dialled } else { LegRole::Apart };
                }
                event(place, LegEvent::Dialled);
            }
            What::AdvancedEnded { with, outcome: Outcome::Failed, .. } => {
                event(self.miss(*with, None, now), LegEvent::Ended);
            }
            What::AdvancedEnded { with, grown, .. } => {
                let place = self.answer(*with, now);
                place.into_iter().for_each(|place| self.0[place].conversation = *grown);
                event(place, LegEvent::Answered);
            }
            What::Joined { kind: Advanced::Transfer | Advanced::Intercept, .. } => {
                let place = self.live(Party::Customer);
                place.into_iter().for_each(|place| self.0[place].conversation = Some(index));
            }
            _ => {}
        }
        let ended = (happening.what == What::Ended).then_some(index);
        for place in self.hang_up(ended, state) {
            self.0[place].ended = Some(now);
            events.push((place, LegEvent::Ended));
        }
        events
    }

    /// The leg of a party that is not over.
    fn live(&self, party: Party) -> Option<usize> {
        self.0.iter().rposition(|leg| leg.party == party && leg.ended.is_none())
    }

    fn add(&mut self, role: LegRole, (from, to): (Party, Party), conversation: Option<usize>) -> Option<usize> {
        let party = if role == LegRole::Incoming { from } else { to };
        self.0.push(Leg { role, party, from, to, conversation, answered: None, ended: None, missed: None });
        self.0.len().checked_sub(1)
    }

    fn come_in(&mut self, kind: Option<Kind>, now: Moment) -> Option<usize> {
        let ends = match kind? {
            Kind::Inbound => (Party::Customer, Party::System),
            Kind::Direct => (Party::Agent(0), Party::Customer),
            Kind::Outbound | Kind::Predictive | Kind::Webcall | Kind::Preview => return None,
        };
        let place = self.add(LegRole::Incoming, ends, Some(0))?;
        self.0[place].answered = Some(now);
        Some(place)
    }

    fn dial(&mut self, party: Party, conversation: Option<usize>, state: &CallState) -> Option<usize> {
        let first = self.first().map(|first| &self.0[first]).filter(|first| first.ended.is_none());
        let waits = |talk: &Conversation| talk.queued.is_some() && talk.dequeued.is_none();
        let (role, from) = match first {
            None => (LegRole::First, Party::System),
            Some(_) if state.conversations.iter().any(waits) => (LegRole::FromQueue, Party::System),
            // A number that calls is shown to whom it is put through.
            Some(first) if first.role == LegRole::Incoming && first.party == Party::Customer => {
                (LegRole::Dialled, Party::Customer)
            }
            Some(_) => (LegRole::Dialled, Party::System),
        };
        self.add(role, (from, party), conversation)
    }

    fn answer(&mut self, party: Party, now: Moment) -> Option<usize> {
        let place = self.live(party)?;
        self.0[place].answered = Some(now);
        Some(place)
    }

    fn miss(&mut self, party: Party, cause: Option<Cause>, now: Moment) -> Option<usize> {
        let place = self.live(party)?;
        (self.0[place].missed, self.0[place].ended) = (cause.or(Some(Cause::NoAnswer)), Some(now));
        Some(place)
    }

    /// The legs whose parties have left, or whose conversation has just ended, in the order in which they end.
    fn hang_up(&self, ended: Option<usize>, state: &CallState) -> Vec<usize> {
        let talk = |leg: &Leg| leg.conversation.and_then(|index| state.conversations.get(index));
        let is_over = |leg: &Leg| {
            talk(leg).is_some_and(|talk| match leg.party {
                Party::Customer if talk.handed_on => false,
                _ if ended == leg.conversation => true,
                Party::Customer => talk.customer_hangup.is_some(),
                Party::Agent(_) | Party::Outsider(_) | Party::System => talk.agent_hangup.is_some(),
            })
        };
        let is_live = |place: &usize| self.0[*place].ended.is_none();
        let over = (0..self.0.len()).filter(is_live).filter(|place| is_over(&self.0[*place]));
        let first = self.first().filter(is_live).filter(|first| is_over(&self.0[*first]));
        let Some(first) = first else { return over.collect() };
        // A customer who was handed on stays, whoever leaves.
        let takes_along = talk(&self.0[first]).is_some_and(|talk| !talk.handed_on);
        let is_dialled = |leg: &Leg| takes_along && matches!(leg.role, LegRole::Dialled | LegRole::FromQueue);
        let others = (0..self.0.len()).filter(|place| is_live(place) && *place != first);
        let others = others.filter(|place| is_over(&self.0[*place]) || is_dialled(&self.0[*place]));
        others.chain([first]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{AgentSpec, CastSpec, Step, Subject, play};
    use crate::random::Keyed;
    use std::time::Duration;

    const ANN: Party = Party::Agent(0);
    const BOB: Party = Party::Agent(1);
    const CUSTOMER: Party = Party::Customer;

    fn hang_up(by: Party) -> Step {
        Step::HangUp { by, release_after: Duration::from_secs(2), cause: None }
    }

    /// What becomes of whose leg.
    fn played(kind: Kind, script: &[Step]) -> Vec<(LegRole, Party, LegEvent)> {
        let agent = |key: &str| AgentSpec { key: key.into(), ..AgentSpec::default() };
        let spec = CastSpec { agents: vec![agent("ann"), agent("bob")], ..CastSpec::new(Subject::Call(kind)) };
        let timeline = play(&spec, script, &Keyed::new(1, "legs", 1)).expect("a script that can happen");
        let (mut legs, mut state) = (Legs::default(), CallState::new(spec.subject));
        let mut all = Vec::new();
        for happening in &timeline.happenings {
            state.apply(happening);
            let events = legs.after(happening, &state);
            all.extend(events.into_iter().filter_map(|(place, event)| {
                let leg = legs.get(place)?;
                Some((leg.role, leg.party, event))
            }));
        }
        assert!(legs.0.iter().all(|leg| leg.ended.is_some()), "{legs:?}");
        all
    }

    #[test]
    fn who_is_dialled_leaves_with_the_first_leg_and_before_it() {
        use LegEvent::{Answered, CameIn, Dialled, Ended};
        let script = [Step::Ring(ANN), Step::Answer(ANN), hang_up(CUSTOMER)];
        let expected = [
            (LegRole::Incoming, CUSTOMER, CameIn),
            (LegRole::Dialled, ANN, Dialled),
            (LegRole::Dialled, ANN, Answered),
            (LegRole::Dialled, ANN, Ended),
            (LegRole::Incoming, CUSTOMER, Ended),
        ];
        assert_eq!(played(Kind::Inbound, &script), expected);
        let script = [Step::Ring(ANN), Step::Answer(ANN), Step::Ring(CUSTOMER), hang_up(ANN)];
        let expected = [
            (LegRole::First, ANN, Dialled),
            (LegRole::First, ANN, Answered),
            (LegRole::Dialled, CUSTOMER, Dialled),
            (LegRole::Dialled, CUSTOMER, Ended),
            (LegRole::First, ANN, Ended),
        ];
        assert_eq!(played(Kind::Outbound, &script), expected);
    }

    #[test]
    fn a_customer_who_is_handed_on_stays_whoever_was_first() {
        let transfer = [Step::Transfer(BOB), Step::Answer(BOB), hang_up(CUSTOMER)];
        let inbound = [vec![Step::Enqueue(None), Step::Ring(ANN), Step::Answer(ANN)], transfer.to_vec()].concat();
        let outbound =
            [vec![Step::Ring(ANN), Step::Answer(ANN), Step::Ring(CUSTOMER), Step::Answer(CUSTOMER)], transfer.to_vec()];
        for (kind, script, roles) in [
            (Kind::Inbound, inbound, [LegRole::FromQueue, LegRole::Dialled, LegRole::Incoming]),
            (Kind::Outbound, outbound.concat(), [LegRole::First, LegRole::Dialled, LegRole::Apart]),
        ] {
            let ends: Vec<_> =
                played(kind, &script).into_iter().filter(|(.., event)| *event == LegEvent::Ended).collect();
            let [first, ..] = ends.as_slice() else { panic!("{ends:?}") };
            assert_eq!((ends.len(), first.1), (3, ANN), "{ends:?}");
            assert!(ends.iter().all(|(role, ..)| roles.contains(role)), "{ends:?}");
        }
    }
}
