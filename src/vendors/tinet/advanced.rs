//! What transfers, consultations, three-way calls and interceptions cause. Who listens in or whispers is told to nobody.

use super::calling::{BRIDGED, RINGING};
use super::desk::talking;
use super::scene::Told;
use super::states::Act;
use super::story::{Instant, Story};
use super::topic::Topic;
use crate::call::{Advanced, Conversation, Kind, Party};

/// The third parties of a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Third {
    /// Who is being consulted.
    pub consulted: Vec<Party>,
    /// Who was consulted and is now taken into the call.
    pub upgraded: Option<Party>,
}

fn agent_of(party: Party) -> Option<usize> {
    match party {
        Party::Agent(agent) => Some(agent),
        // To a plain phone number no ring is pushed, and it has no agent's state.
        Party::Customer | Party::Outsider(_) | Party::System => None,
    }
}

impl Story<'_> {
    /// The other party's phone begins to ring, or one who is consulted is taken into the call.
    pub(super) fn advance(
        &mut self,
        kind: Advanced,
        with: Party,
        conversation: Option<&Conversation>,
        moment: &mut Instant,
    ) {
        let asking = conversation.and_then(|conversation| conversation.agent);
        if self.third.consulted.contains(&with) {
            self.third.upgraded = Some(with);
            if kind == Advanced::Transfer {
                self.status_of(asking, Act::ConsultTransfer, moment);
            }
            return;
        }
        self.known.legs.open(with, moment.now);
        let asked = agent_of(with);
        match kind {
            Advanced::Transfer => {
                self.leave_call(asking, moment);
                self.third_rings(asked, asking, moment);
                self.status_of(asked, Act::RingingTransfer, moment);
            }
            Advanced::Intercept => {
                self.third_rings(asked, None, moment);
                self.status_of(asked, Act::RingingIb, moment);
            }
            Advanced::Consult | Advanced::Conference => {
                self.status_of(asking, Act::ConsultStart, moment);
                self.status_of(asked, Act::RingingConsult, moment);
            }
            Advanced::Listen | Advanced::Whisper | Advanced::Barge => {}
        }
    }

    /// The third party's phone rings for the customer; transfers of webcalls have types of their own.
    fn third_rings(&mut self, asked: Option<usize>, transferring: Option<usize>, moment: &mut Instant) {
        let Some(asked) = asked else { return };
        let rang = Some(moment.now);
        let told = Told { rang, transferring, ..Told::agent(RINGING, asked) };
        let webcall = self.known.kind == Kind::Webcall;
        self.send(if webcall { Topic::WebcallTransferRing } else { Topic::InboundRing }, told, moment);
    }

    pub(super) fn advance_failed(&mut self, kind: Advanced, with: Party, asking: Option<usize>, moment: &mut Instant) {
        let (asked, missed) = (agent_of(with), self.known.options.missed_state);
        match kind {
            Advanced::Transfer => {
                self.status_of(asked, missed, moment);
                // The customer comes back to the agent.
                self.status_of(asking, talking(self.known.kind), moment);
            }
            Advanced::Intercept => self.status_of(asked, missed, moment),
            Advanced::Consult | Advanced::Conference => {
                self.status_of(asking, Act::ConsultError, moment);
                self.status_of(asked, missed, moment);
            }
            Advanced::Listen | Advanced::Whisper | Advanced::Barge => {}
        }
    }

    /// The other party answers and has a conversation of its own.
    pub(super) fn join(&mut self, kind: Advanced, from: usize, with: Party, grown: usize, moment: &mut Instant) {
        let asking = moment.state.conversations.get(from).and_then(|conversation| conversation.agent);
        let asked = agent_of(with);
        let upgraded = self.third.upgraded.take() == Some(with);
        if upgraded {
            self.third.consulted.retain(|party| *party != with);
        }
        match kind {
            Advanced::Transfer => {
                self.known.current = grown;
                if !upgraded {
                    self.third_bridged(asked, ["102", "202"], moment);
                }
                self.status_of(asked, Act::BusyTransfer, moment);
            }
            Advanced::Intercept => {
                self.known.current = grown;
                self.third_bridged(asked, ["107", "207"], moment);
                self.status_of(asked, talking(self.known.kind), moment);
            }
            Advanced::Consult => {
                self.third.consulted.push(with);
                self.status_of(asking, Act::ConsultLink, moment);
                self.status_of(asked, Act::BusyConsult, moment);
            }
            Advanced::Conference => {
                self.status_of(asking, Act::ConsultThreeway, moment);
                if !upgraded {
                    self.status_of(asked, Act::BusyConsult, moment);
                }
            }
            Advanced::Listen | Advanced::Whisper | Advanced::Barge => {}
        }
    }

    /// The third party talks to the customer: a leg of the first `detailCallType` in calls of customers who called or asked
    /// to be called, of the second in outbound calls.
    fn third_bridged(&mut self, asked: Option<usize>, details: [&'static str; 2], moment: &mut Instant) {
        let Some(asked) = asked else { return };
        let [inbound, outbound] = details;
        let detail = match self.known.kind {
            Kind::Inbound | Kind::Webcall => inbound,
            Kind::Outbound | Kind::Preview | Kind::Predictive | Kind::Direct => outbound,
        };
        let told = Told { detail: Some(detail), ..Told::agent(BRIDGED, asked) };
        let webcall = self.known.kind == Kind::Webcall;
        self.send(if webcall { Topic::WebcallTransferBridge } else { Topic::InboundBridge }, told, moment);
    }

    /// A conversation with a third party alone is over.
    pub(super) fn third_leaves(&mut self, kind: Advanced, conversation: &Conversation, moment: &mut Instant) {
        let outsider = conversation.outsider.map(Party::Outsider);
        let Some(with) = conversation.agent.map(Party::Agent).or(outsider) else { return };
        let parent = conversation.from.and_then(|from| moment.state.conversations.get(from));
        let asking = parent.and_then(|parent| parent.agent);
        match kind {
            // Who is taken into the call stays on the line.
            Advanced::Consult if self.third.upgraded == Some(with) => {}
            Advanced::Consult => {
                self.third.consulted.retain(|party| *party != with);
                self.status_of(asking, Act::Unconsult, moment);
                self.status_of(agent_of(with), Act::Idle, moment);
            }
            Advanced::Conference => self.status_of(agent_of(with), Act::Idle, moment),
            Advanced::Listen | Advanced::Whisper | Advanced::Barge | Advanced::Transfer | Advanced::Intercept => {}
        }
    }
}
