//! Which happening causes which push. How a call comes about is told in `calling`, advanced
//! operations in `advanced`, what follows the end in `ending`.

use super::desk::{Desk, by_hand};
use super::event::{self, AgentMoment, Event};
use super::known::Known;
use super::legs::Legs;
use super::menu::Menu;
use super::options::Options;
use super::states::Act;
use super::topic::Topic;
use super::writer::Writer;
use crate::call::{AgentStatus, CallState, Cast, Happening, Kind, Subject, What};
use crate::http::Push;
use crate::vendors::Teller;
use std::time::Duration;

/// Tells one call or shift.
pub struct CallTeller<'a> {
    pub(super) known: Known<'a>,
    pub(super) desk: Desk,
    pub(super) ending: super::ending::Ending,
    pub(super) third: super::advanced::Third,
    writer: Writer,
    /// Whether the voice menu has asked the receiver.
    pub(super) asked: bool,
    /// How often a robot has understood the customer.
    pub(super) understood: u64,
}

/// What is known while one happening is told.
pub(super) struct Moment<'m> {
    pub now: Duration,
    pub state: &'m CallState,
    pub pushes: &'m mut Vec<Push>,
}

impl<'a> CallTeller<'a> {
    /// Nothing is told yet.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        let kind = match cast.subject {
            Subject::Call(kind) => kind,
            // Without a call nothing of the kind is shown.
            Subject::Shift | Subject::Chat(_) | Subject::Notification => Kind::Inbound,
        };
        let legs = Legs::new(cast, &options);
        Self {
            known: Known { cast, options, kind, legs, menu: Menu::default(), current: 0 },
            desk: Desk::default(),
            ending: super::ending::Ending::default(),
            third: super::advanced::Third::default(),
            writer: Writer::new(),
            asked: false,
            understood: 0,
        }
    }
}

impl Teller for CallTeller<'_> {
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>) {
        let now = happening.offset;
        let moment = &mut Moment { now, state, pushes };
        let conversation = state.conversation(happening);
        let talker = conversation.and_then(|conversation| conversation.agent);
        match &happening.what {
            What::CallStarted => self.start(moment),
            What::TaskTaken { .. } => self.start_task(moment),
            What::IvrEntered { name, .. } => self.enter_menu(name.as_deref(), moment),
            What::KeysPressed(keys) => self.press(keys, moment),
            What::IvrLeft => self.leave_menu(moment),
            What::AgentRinging { agent } => self.agent_rings(*agent, conversation, moment),
            What::AgentAnswered { agent } => self.agent_answers(*agent, moment),
            What::AgentMissed { agent, .. } => self.status(*agent, self.known.options.missed, moment),
            What::CustomerRinging => self.customer_rings(talker, moment),
            What::CustomerAnswered => self.customer_answers(talker, moment),
            What::CustomerMissed(_) if self.known.kind == Kind::Predictive => self.predictive_answer(moment),
            What::Held => self.status_of(talker, Act::Hold, moment),
            What::Resumed => self.status_of(talker, Act::Unhold, moment),
            What::AdvancedStarted { kind, with } => self.advance(*kind, *with, conversation, moment),
            What::AdvancedEnded { kind, with, grown, .. } if grown.is_none() => {
                self.advance_failed(*kind, *with, talker, moment);
            }
            What::Joined { kind, from, with, .. } => self.join(*kind, *from, *with, happening.conversation, moment),
            What::HungUp { side, .. } => self.hang_up(*side, conversation, moment),
            What::SurveyAnswered { .. } => self.survey(conversation, moment),
            What::Recorded | What::Recognised(_) | What::Transcribed(_) => self.follow_up(&happening.what, moment),
            What::Understood(text) => self.understand(text.as_deref(), moment),
            What::StatusChanged { agent, status } => self.change(*agent, status, moment),
            What::LoggedIn { agent, device } => {
                self.desk.sit(*agent, *device);
                self.status(*agent, self.known.options.login, moment);
            }
            What::LoggedOut { agent, .. } => self.status(*agent, Act::Offline, moment),
            What::Ended => self.end(conversation, moment),
            What::Queued { .. }
            | What::AgentLocked { .. }
            | What::CustomerMissed(_)
            | What::AdvancedEnded { .. }
            | What::Released
            | What::VoicemailStarted
            | What::VoicemailLeft
            | What::SurveyStarted
            | What::Chat(_)
            | What::Notification { .. } => {}
        }
    }
}

impl CallTeller<'_> {
    /// Writes a topic, so much later than the happening.
    fn write(&mut self, topic: Topic, event: &Event, after: Duration, moment: &mut Moment) {
        let record = self.known.record(moment.state);
        let known = (self.known.cast, &self.known.options);
        self.writer.write(topic, event, Some(&record), known, after, moment.pushes);
    }

    pub(super) fn send(&mut self, topic: Topic, event: &Event, moment: &mut Moment) {
        self.write(topic, event, Duration::ZERO, moment);
    }

    /// An agent's state changes by what happens in the call.
    pub(super) fn status(&mut self, agent: usize, act: Act, moment: &mut Moment) {
        let direct = self.known.cast.subject == Subject::Call(Kind::Direct);
        if direct && !self.known.options.direct_states {
            return;
        }
        self.desk.change(agent, act, moment.now);
        self.tell_status(agent, act, None, Duration::ZERO, moment);
    }

    pub(super) fn status_of(&mut self, agent: Option<usize>, act: Act, moment: &mut Moment) {
        if let Some(agent) = agent {
            self.status(agent, act, moment);
        }
    }

    pub(super) fn tell_status(
        &mut self,
        agent: usize,
        act: Act,
        reason: Option<&str>,
        after: Duration,
        moment: &mut Moment,
    ) {
        let Known { cast, options, .. } = &self.known;
        let told = AgentMoment {
            agent,
            act,
            device: self.desk.device(agent).unwrap_or(options.device),
            at: moment.now.saturating_add(after),
            reason,
            wrap_up: self.wrap_up(),
        };
        let call = (cast.subject != Subject::Shift).then(|| self.known.scene(moment.state));
        let event = event::agent_status(cast, options, call, &told);
        self.write(Topic::AgentStatus, &event, after, moment);
    }

    /// An agent's state is changed by hand: told only where it is a change.
    fn change(&mut self, agent: usize, status: &AgentStatus, moment: &mut Moment) {
        let Some(act) = by_hand(status, self.known.kind) else { return };
        let reason = match status {
            AgentStatus::Custom(_, name) => Some(name.as_str()),
            _ => None,
        };
        if self.desk.act(agent, moment.now) == Some(act) && reason.is_none() {
            return;
        }
        self.desk.change(agent, act, moment.now);
        self.tell_status(agent, act, reason, Duration::ZERO, moment);
    }
}
