//! The record of a call as channel variables: everything that `${…}` can refer to, at any moment of the call.

use super::legs::Legs;
use super::menu::Menu;
use super::options::Options;
use super::outcome::{self, Facts};
use crate::call::{Advanced, CallState, Cast, Category, Cause, Conversation, Kind, NumberKind, Party, What};
use std::time::Duration;

/// What is known of a call at a moment.
pub struct Record<'r> {
    pub cast: &'r Cast,
    pub options: &'r Options,
    pub legs: &'r Legs<'r>,
    pub menu: &'r Menu,
    pub kind: Kind,
    pub task: Option<usize>,
    /// The conversations that the customer was in, in order.
    chain: Vec<&'r Conversation>,
}

/// `customerNumberType`.
pub fn number_type(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::Landline => "1",
        NumberKind::Mobile => "2",
    }
}

impl<'r> Record<'r> {
    /// The record up to the conversation with this index.
    pub fn new(
        cast: &'r Cast,
        options: &'r Options,
        legs: &'r Legs<'r>,
        menu: &'r Menu,
        kind: Kind,
        state: &'r CallState,
        last: usize,
    ) -> Self {
        let step = |index: &usize| state.conversations.get(*index).and_then(|conversation| conversation.from);
        let mut chain: Vec<&Conversation> =
            std::iter::successors(Some(last), step).filter_map(|index| state.conversations.get(index)).collect();
        chain.reverse();
        Self { cast, options, legs, menu, kind, task: state.task, chain }
    }

    /// What its status follows from.
    pub fn facts(&self) -> Facts {
        Facts::of(&self.chain, self.cast.customer.blacklisted)
    }

    /// When agent and customer were first connected.
    pub fn bridged(&self) -> Option<Duration> {
        self.chain.iter().find_map(|conversation| conversation.bridged)
    }

    /// When the customer, or the platform for the customer, answered.
    pub fn customer_answered(&self) -> Option<Duration> {
        self.chain.first()?.customer_answer
    }

    /// From when to when there is a recording: of the talk, of a message, or of the voice menu.
    pub fn recorded(&self) -> Option<(Duration, Duration)> {
        let root = self.chain.first()?;
        let end = self.chain.last()?.hung_up;
        if self.cast.recorded {
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
    ///
    /// The time is that of the main leg, in Beijing. Both numbers are the trunk's, as in every example that is public.
    pub fn file(&self, what: &str) -> Option<String> {
        let main = self.legs.main()?;
        let trunk = &self.options.trunk;
        let time = self.cast.beijing(main.started).strftime("%Y%m%d%H%M%S");
        let cno = self.cno().unwrap_or_default();
        Some(format!("{}-{time}-{trunk}-{trunk}-{cno}-{what}-{}", self.options.enterprise, main.id))
    }

    /// The name of the recording.
    pub fn recording(&self) -> Option<String> {
        self.recorded()?;
        let message = self.bridged().is_none() && self.chain.first()?.voicemail.is_some();
        self.file(if message { "voicemail" } else { "record" })
    }

    /// The agent of the call: who was called first, or who answered first.
    pub fn agent(&self) -> Option<usize> {
        let root = self.chain.first()?;
        if outcome::agent_first(self.kind) {
            return root.agent;
        }
        root.agent.filter(|_| root.agent_answer.is_some())
    }

    fn cno(&self) -> Option<String> {
        Some(self.cast.agents.get(self.agent()?)?.number.clone())
    }

    /// The value of a channel variable; `None` where it has none, now or ever.
    pub fn get(&self, name: &str) -> Option<String> {
        let (cast, customer) = (self.cast, &self.cast.customer);
        let (root, last) = (self.chain.first().copied(), self.chain.last().copied());
        let second = |time: Duration| cast.epoch_second(time).to_string();
        let inbound = self.kind == Kind::Inbound;
        let value = match name {
            "cdr_enterprise_id" => self.options.enterprise.clone(),
            "cdr_main_unique_id" => self.legs.main()?.id.clone(),
            "cdr_unique_id" => match self.agent().filter(|_| self.bridged().is_some()) {
                Some(agent) => self.legs.of(Party::Agent(agent)).or(self.legs.main())?.id.clone(),
                None => self.legs.main()?.id.clone(),
            },
            "cdr_customer_number" | "cdr_client_number" => customer.phone.clone(),
            "cdr_customer_area_code" => customer.area_code.clone(),
            "cdr_customer_number_type" => number_type(customer.number_kind).to_owned(),
            "cdr_customer_province" => customer.province.clone(),
            "cdr_customer_city" => customer.city.clone(),
            "cdr_call_type" => outcome::call_type(self.kind).to_owned(),
            "cdr_number_trunk" => self.options.trunk.clone(),
            "cdr_hotline" if inbound => self.options.hotline.clone(),
            "cdr_clid" if !inbound => cast.line.clone(),
            "cdr_request_unique_id" if !inbound => self.options.request_id.clone(),
            "cdr_callid" => self.options.sip_call_id.clone(),
            "cdr_cno" => self.cno()?,
            "cdr_callee_cno" | "cdr_bridged_cno" => {
                self.bridged()?;
                self.cno()?
            }
            "cdr_agent_name" => cast.agents.get(self.agent()?)?.name.clone(),
            "cdr_agent_number" => cast.agents.get(self.agent()?)?.phone.clone(),
            "cdr_start_time" => second(self.legs.main()?.started),
            "cdr_answer_time" => second(self.answered()?),
            "cdr_join_queue_time" => second(root?.queued?),
            "cdr_queue" => {
                let root = root?;
                root.queued?;
                cast.queues.get(root.queue.unwrap_or(0))?.number.clone()
            }
            "cdr_bridge_time" => second(self.bridged()?),
            "cdr_end_time" => second(last?.ended?),
            "cdr_status" => self.facts().status(self.kind).to_owned(),
            "cdr_end_reason" => {
                let last = last?;
                outcome::end_reason(self.kind, last.dropped_by?, last.cause).to_owned()
            }
            "cdr_sip_cause" => self.sip_cause()?,
            "cdr_record_file_1" | "cdr_record_file" => self.recording()?,
            "cdr_record_duration" => {
                let (from, to) = self.recorded()?;
                cast.seconds_between(from, to).to_string()
            }
            "cdr_task_id" => cast.tasks.get(self.task?)?.id.to_string(),
            "cdr_task_inventory_id" => {
                self.task?;
                cast.keyed.stream("tinet.inventory").digits(7)
            }
            "cdr_ivr_id" => {
                root?.ivr?;
                self.menu.id.clone()
            }
            "cdr_ivr_flow" => {
                root?.ivr?;
                self.menu.flow(cast)
            }
            "cdr_mark" => self.mark()?.to_owned(),
            _ => return self.custom(name),
        };
        Some(value)
    }

    /// A variable that a voice menu or the request that started the call has set.
    fn custom(&self, name: &str) -> Option<String> {
        let menus = self.chain.iter().flat_map(|conversation| conversation.ivr_variables.iter().rev());
        let mut all = menus.chain(&self.options.variables);
        let wanted = match name {
            "cdr_user_field" | "CDR(userfield)" => "userField",
            other => other,
        };
        all.find(|(known, _)| known == wanted).map(|(_, value)| value.clone())
    }

    /// When the first side answered: the platform, the agent who was called first, or the customer who was.
    fn answered(&self) -> Option<Duration> {
        let root = self.chain.first()?;
        match self.kind {
            Kind::Inbound if self.facts().status(self.kind) == "12" => None,
            Kind::Inbound | Kind::Webcall | Kind::Predictive => root.customer_answer,
            Kind::Outbound | Kind::Preview => root.agent_answer,
            Kind::Direct => Some(root.started),
        }
    }

    fn sip_cause(&self) -> Option<String> {
        let root = self.chain.first()?;
        if self.kind == Kind::Inbound || root.customer_ring.is_none() {
            return None;
        }
        if root.customer_answer.is_some() {
            return Some("200".into());
        }
        // A phone that still rang when the call ended was called off.
        let cause = root.cause.or(root.hung_up.map(|_| Cause::Cancelled))?;
        Some(outcome::sip_cause(cause).to_owned())
    }

    fn mark(&self) -> Option<&'static str> {
        let transferred =
            |conversation: &&Conversation| conversation.category == Category::Advanced(Advanced::Transfer);
        match self.chain.first()?.voicemail {
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
