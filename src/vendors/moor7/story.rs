//! Which happening causes which push. How the pushes look is in `event_table`, what the record says in `cdr_table`.
//!
//! The platform keeps one call record per agent who speaks to the customer: for the first conversation, and for each one
//! that a transfer or an interception grew. Consultations, conferences and supervisors have no push on the page; of them
//! only the agents' states are told. An outside party is no agent: no ring, link or hang-up, the record only.

use super::event::CallEvent;
use super::options::Options;
use super::records::{Record, Records, hands_on};
use super::writer::Writer;
use crate::call::{
    Advanced, AgentStatus, CallState, Cast, Conversation, Happening, Kind, Moment, Outcome, Party, Subject, What,
};
use crate::http::Push;
use crate::vendors::Teller;
use std::collections::BTreeMap;

/// One call or shift, as it is pushed.
pub struct Story<'a> {
    writer: Writer<'a>,
    records: Records,
    agents: BTreeMap<usize, Presence>,
}

/// Where an agent is.
#[derive(Clone, Copy)]
struct Presence {
    /// In which record.
    record: usize,
    /// The last `callEvent` of the agent.
    event: &'static str,
}

/// What is known while one happening is pushed.
struct Scene<'s> {
    now: Moment,
    state: &'s CallState,
    pushes: &'s mut Vec<Push>,
}

impl<'a> Story<'a> {
    /// Nothing has happened yet.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        let kind = match cast.subject {
            Subject::Call(kind) => kind,
            // Without a call nothing of the kind is shown.
            Subject::Shift | Subject::Chat(_) | Subject::Notification => Kind::Inbound,
        };
        Self { writer: Writer::new(cast, options, kind), records: Records::default(), agents: BTreeMap::new() }
    }
}

impl Teller for Story<'_> {
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>) {
        let index = happening.conversation;
        let scene = &mut Scene { now: happening.at, state, pushes };
        let record = self.records.of(index, state);
        let conversation = state.conversation(happening);
        let talker = conversation.and_then(|conversation| conversation.agent);
        let customer_is_there = conversation.is_some_and(|conversation| conversation.customer_answer.is_some());
        let agent_is_there = conversation.is_some_and(|conversation| conversation.agent_answer.is_some());
        match &happening.what {
            What::CallStarted => {
                self.open(scene.now, Some(index), None, None);
            }
            What::AgentRinging { agent } => self.agent_rings(*agent, record, customer_is_there, scene),
            // The page calls it the ring of the agent's side, but its sample's time is that of the customer's ring.
            What::CustomerRinging if agent_is_there => self.ring(talker, record, scene),
            What::AgentAnswered { agent } if customer_is_there => self.link(Some(*agent), record, scene),
            What::CustomerAnswered if agent_is_there => self.link(talker, record, scene),
            // Where the agent was called first, the hang-up that follows tells of it.
            What::AgentMissed { agent, .. } if customer_is_there => self.hang_up(*agent, record, scene),
            What::Held => self.state(talker, record, "link", &AgentStatus::Held, scene),
            What::Resumed => self.state(talker, record, "link", &AgentStatus::Talking, scene),
            What::AdvancedStarted { kind, with } => self.advance(*kind, *with, record, scene),
            What::AdvancedEnded { kind, with, outcome: Outcome::Failed, .. } => {
                self.fail(*kind, *with, record, scene);
            }
            What::Joined { kind, from, with, rang_at } => self.join(*kind, *with, index, *from, *rang_at, scene),
            What::HungUp { .. } => self.over(conversation, record, index, scene),
            What::Recognised(recognition) => {
                let call = record.and_then(|record| self.records.get(record)).map(|record| &record.call);
                scene.pushes.push(self.writer.media(call, talker, recognition, scene.now));
            }
            What::StatusChanged { agent, status } => {
                let presence = self.agents.get(agent);
                let fields = presence.and_then(|Presence { record, event }| {
                    self.records.get(*record).map(|record| CallEvent { call: &record.call, word: event })
                });
                scene.pushes.extend(self.writer.state(*agent, fields, status, scene.now));
            }
            What::LoggedIn { agent, device } => scene.pushes.push(self.writer.login(*agent, *device, scene.now)),
            What::LoggedOut { agent, kind } => scene.pushes.push(self.writer.logout(*agent, *kind, scene.now)),
            What::Ended => self.write_record(conversation, index, scene),
            What::TaskTaken { .. }
            | What::IvrEntered { .. }
            | What::IvrLeft
            | What::KeysPressed(_)
            | What::Queued { .. }
            | What::AgentLocked { .. }
            | What::AgentAnswered { .. }
            | What::AgentMissed { .. }
            | What::CustomerRinging
            | What::CustomerAnswered
            | What::CustomerMissed(_)
            | What::AdvancedEnded { outcome: Outcome::Succeeded, .. }
            | What::Released
            | What::VoicemailStarted
            | What::VoicemailLeft
            | What::SurveyStarted
            | What::SurveyAnswered { .. }
            | What::Recorded
            | What::Transcribed(_)
            | What::Understood(_)
            | What::Chat(_)
            | What::Notification { .. } => {}
        }
    }
}

impl Story<'_> {
    fn open(&mut self, now: Moment, conversation: Option<usize>, with: Option<Party>, from: Option<usize>) -> usize {
        let call = self.writer.call(self.records.count() as u64, now);
        self.records.open(Record { call, conversation, with, from, failed: false })
    }

    fn agent_rings(&mut self, agent: usize, record: Option<usize>, customer_is_there: bool, scene: &mut Scene) {
        if let Some(record) = record.and_then(|record| self.records.get_mut(record)) {
            record.with = Some(Party::Agent(agent));
        }
        if customer_is_there {
            self.ring(Some(agent), record, scene);
        } else {
            self.state(Some(agent), record, "calling", &AgentStatus::Calling, scene);
        }
    }

    fn ring(&mut self, agent: Option<usize>, record: Option<usize>, scene: &mut Scene) {
        let told = record.and_then(|record| self.records.get(record));
        if let (Some(agent), Some(told)) = (agent, told) {
            scene.pushes.push(self.writer.ring(agent, &told.call, scene.now));
            self.state(Some(agent), record, "ring", &AgentStatus::Ringing, scene);
        }
    }

    fn link(&mut self, agent: Option<usize>, record: Option<usize>, scene: &mut Scene) {
        let told = record.and_then(|record| self.records.get(record));
        if let (Some(agent), Some(told)) = (agent, told) {
            scene.pushes.push(self.writer.link(agent, &told.call, scene.now));
            self.state(Some(agent), record, "link", &AgentStatus::Talking, scene);
        }
    }

    fn hang_up(&mut self, agent: usize, record: Option<usize>, scene: &mut Scene) {
        self.leave(agent, record, scene);
        self.state(Some(agent), record, "hangup", &AgentStatus::WrapUp, scene);
    }

    fn leave(&mut self, agent: usize, record: Option<usize>, scene: &mut Scene) {
        let told = record.and_then(|record| Some((record, self.records.get(record)?)));
        if let Some((record, told)) = told {
            scene.pushes.push(self.writer.hangup(agent, &told.call, scene.now));
            self.agents.insert(agent, Presence { record, event: "hangup" });
        }
    }

    fn state(
        &mut self,
        agent: Option<usize>,
        record: Option<usize>,
        event: &'static str,
        status: &AgentStatus,
        scene: &mut Scene,
    ) {
        let (Some(agent), Some(number)) = (agent, record) else { return };
        self.agents.insert(agent, Presence { record: number, event });
        let fields = self.records.get(number).map(|record| CallEvent { call: &record.call, word: event });
        scene.pushes.extend(self.writer.state(agent, fields, status, scene.now));
    }

    /// The agent behind a party, where that agent rings or speaks in this record.
    fn present(&self, with: Option<Party>, record: usize) -> Option<usize> {
        let Some(Party::Agent(agent)) = with else { return None };
        let presence = self.agents.get(&agent)?;
        (presence.record == record && presence.event != "hangup").then_some(agent)
    }

    /// The other party of an advanced operation rings. Its record begins now, because the ring names it.
    fn advance(&mut self, kind: Advanced, with: Party, from: Option<usize>, scene: &mut Scene) {
        let agent = match with {
            Party::Agent(agent) => Some(agent),
            Party::Customer | Party::Outsider(_) | Party::System => None,
        };
        if hands_on(kind) {
            let record = self.open(scene.now, None, Some(with), from);
            self.ring(agent, Some(record), scene);
        } else {
            self.state(agent, from, "ring", &AgentStatus::Ringing, scene);
        }
    }

    /// The other party did not answer: a record of its own is never written.
    fn fail(&mut self, kind: Advanced, with: Party, from: Option<usize>, scene: &mut Scene) {
        if hands_on(kind) {
            if let Some(record) = self.records.waiting_for(with) {
                self.give_up(record, scene);
            }
        } else if let Some(agent) = from.and_then(|from| self.present(Some(with), from)) {
            self.state(Some(agent), from, "hangup", &AgentStatus::WrapUp, scene);
        }
    }

    fn give_up(&mut self, number: usize, scene: &mut Scene) {
        let Some(record) = self.records.get_mut(number) else { return };
        record.failed = true;
        let with = record.with;
        if let Some(agent) = self.present(with, number) {
            self.hang_up(agent, Some(number), scene);
        }
    }

    fn join(&mut self, kind: Advanced, with: Party, index: usize, from: usize, rang_at: Moment, scene: &mut Scene) {
        let agent = match with {
            Party::Agent(agent) => Some(agent),
            Party::Customer | Party::Outsider(_) | Party::System => None,
        };
        let from = self.records.of(from, scene.state);
        if !hands_on(kind) {
            return self.state(agent, from, "link", &AgentStatus::Talking, scene);
        }
        // One who is already spoken to need not ring again.
        let record = self.records.waiting_for(with);
        let record = record.unwrap_or_else(|| self.open(rang_at, None, Some(with), from));
        if let Some(record) = self.records.get_mut(record) {
            record.conversation = Some(index);
        }
        self.link(agent, Some(record), scene);
    }

    /// A conversation is over: its agent's line, and every line that still rings because of it.
    fn over(&mut self, conversation: Option<&Conversation>, record: Option<usize>, index: usize, scene: &mut Scene) {
        let (Some(conversation), Some(number)) = (conversation, record) else { return };
        if self.records.own(index).is_none() {
            let agent = self.present(conversation.agent.map(Party::Agent), number);
            return self.state(agent, record, "hangup", &AgentStatus::WrapUp, scene);
        }
        let with = self.records.get(number).and_then(|record| record.with);
        if let Some(agent) = self.present(with, number) {
            if conversation.agent_answer.is_none() && conversation.customer_answer.is_none() {
                // Who was called first and never answered has no call to wrap up.
                self.leave(agent, record, scene);
            } else {
                self.hang_up(agent, record, scene);
            }
        }
        if !conversation.handed_on {
            for waiting in self.records.waiting_from(number) {
                self.give_up(waiting, scene);
            }
        }
    }

    /// The call detail record of a conversation that has one.
    fn write_record(&mut self, conversation: Option<&Conversation>, index: usize, scene: &mut Scene) {
        let own = self.records.own(index).and_then(|own| self.records.get(own));
        let (Some(conversation), Some(record)) = (conversation, own) else { return };
        let relative = record.from.and_then(|from| self.records.get(from)).map(|from| &from.call);
        scene.pushes.push(self.writer.cdr(record, relative, conversation, scene.state));
    }
}
