//! The record of a call: what channel variables tell of it, at any moment of the call.

use super::outcome::{self, Facts};
use super::scene::{Scene, known};
use crate::body::{Form, Leaf, Pattern, Zone};
use crate::call::{Advanced, Agent, Category, Cause, Conversation, Kind, Moment, NumberKind, Party, What};

/// The time in the name of a recording.
const STAMP: Form = Form::Clock(&Pattern::of("%Y%m%d%H%M%S"), Zone::Beijing);

/// `customerNumberType`.
pub fn number_type(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::Landline => "1",
        NumberKind::Mobile => "2",
    }
}

impl<'s> Scene<'s> {
    /// What its status follows from.
    pub fn facts(&self) -> Facts {
        Facts::of(&self.chain, self.known.cast.customer.blacklisted)
    }

    /// When agent and customer were first connected.
    pub fn bridged(&self) -> Option<Moment> {
        self.chain.iter().find_map(|conversation| conversation.bridged)
    }

    /// When the customer, or the platform for the customer, answered.
    pub fn customer_answered(&self) -> Option<Moment> {
        self.root()?.customer_answer
    }

    /// From when to when there is a recording: of the talk, of a message, or of the voice menu.
    pub fn recorded(&self) -> Option<(Moment, Moment)> {
        let root = self.root()?;
        let end = self.chain.last()?.hung_up;
        if self.known.cast.recorded {
            if let Some(bridged) = self.bridged() {
                return Some((bridged, end?));
            }
            if let Some((started, left)) = root.voicemail {
                return Some((started, left?));
            }
        }
        match root.ivr.filter(|_| root.ivr_recorded) {
            Some((entered, _)) => Some((root.customer_answer.unwrap_or(entered), end?)),
            None => None,
        }
    }

    /// The name of a file that belongs to this call: what it records stands in the middle.
    /// Absent before the first leg.
    ///
    /// The time is that of the main leg, in Beijing. Both numbers are the trunk's, as in every example that is public.
    pub fn file(&self, what: impl Into<Leaf>) -> Leaf {
        let (cast, account) = (self.known.cast, &self.known.account);
        let Some(main) = self.known.legs.main() else { return Leaf::Absent };
        let trunk = || account.trunk.clone();
        let number = self.agent().map_or(Leaf::EMPTY, |agent| Leaf::from(&agent.number));
        let time = Leaf::time(cast, main.started, STAMP);
        Leaf::joined_by("-", [account.enterprise.clone(), time, trunk(), trunk(), number, what.into(), main.id.clone()])
    }

    /// The name of the recording; absent where there is none.
    pub fn recording(&self) -> Leaf {
        let (Some(_), Some(root)) = (self.recorded(), self.root()) else { return Leaf::Absent };
        let message = self.bridged().is_none() && root.voicemail.is_some();
        self.file(if message { "voicemail" } else { "record" })
    }

    /// The first conversation.
    pub fn root(&self) -> Option<&'s Conversation> {
        self.chain.first().copied()
    }

    /// The agent of the call, as an index: who was called first, or who answered first.
    fn first_agent(&self) -> Option<usize> {
        let root = self.root()?;
        root.agent.filter(|_| outcome::agent_first(self.known.kind) || root.agent_answer.is_some())
    }

    /// The same.
    pub fn agent(&self) -> Option<&'s Agent> {
        self.known.cast.agents.get(self.first_agent()?)
    }

    /// `cdr_unique_id`: the leg that was recorded.
    pub fn recorded_leg(&self) -> Leaf {
        let legs = &self.known.legs;
        let agent = self.first_agent().filter(|_| self.bridged().is_some());
        let leg = agent.and_then(|agent| legs.of(Party::Agent(agent))).or(legs.main());
        known(leg.map(|leg| leg.id.clone()))
    }

    /// A variable that a voice menu or the request that started the call has set.
    pub fn custom(&self, name: &str) -> Leaf {
        let menus = self.chain.iter().flat_map(|conversation| conversation.ivr_variables.iter().rev());
        let mut all = menus.chain(&self.known.account.variables);
        known(all.find(|(known, _)| known == name).map(|(_, value)| value))
    }

    /// When the first side answered: the platform, the agent who was called first, or the customer who was.
    pub fn answered(&self) -> Option<Moment> {
        let root = self.root()?;
        match self.known.kind {
            Kind::Inbound if self.facts().status(self.known.kind) == "12" => None,
            Kind::Inbound | Kind::Webcall | Kind::Predictive => root.customer_answer,
            Kind::Outbound | Kind::Preview => root.agent_answer,
            Kind::Direct => Some(root.started),
        }
    }

    /// `cdr_sip_cause`.
    pub fn sip_cause(&self) -> Option<&'static str> {
        let root = self.root()?;
        if self.known.kind == Kind::Inbound || root.customer_ring.is_none() {
            return None;
        }
        if root.customer_answer.is_some() {
            return Some("200");
        }
        // A phone that still rang when the call ended was called off.
        let cause = root.cause.or(root.hung_up.map(|_| Cause::Cancelled))?;
        Some(outcome::sip_cause(cause))
    }

    /// `cdr_mark`: 1 with a message, 2 after a transfer.
    pub fn mark(&self) -> Option<&'static str> {
        let transferred =
            |conversation: &&Conversation| conversation.category == Category::Advanced(Advanced::Transfer);
        match self.root()?.voicemail {
            Some(_) => Some("1"),
            None => self.chain.iter().any(transferred).then_some("2"),
        }
    }
}

/// Whether the happening ends the conversation that the customer was last in, so that the record is complete.
pub fn completes(what: &What, conversation: &Conversation) -> bool {
    let with_customer = match conversation.category {
        Category::Normal | Category::Advanced(Advanced::Transfer | Advanced::Intercept) => true,
        Category::Advanced(
            Advanced::Consult | Advanced::Conference | Advanced::Listen | Advanced::Whisper | Advanced::Barge,
        ) => false,
    };
    *what == What::Ended && with_customer && !conversation.handed_on
}
