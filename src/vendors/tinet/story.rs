//! Which happening causes which push. How a call comes about is told in `calling`, advanced
//! operations in `advanced`, what follows the end in `ending`.

use super::account::Account;
use super::desk::{Desk, by_hand};
use super::known::Known;
use super::legs::Legs;
use super::menu::Menu;
use super::options::Options;
use super::scene::{AgentTold, Scene, Told};
use super::states::Act;
use super::topic::Topic;
use super::writer::Writer;
use crate::call::{AgentStatus, CallState, Cast, Happening, Kind, Moment, Party, Subject, What};
use crate::http::Push;
use crate::vendors::{BadOption, Teller};

/// Renders one call or shift.
pub struct Story<'a> {
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

/// What is known while one happening is rendered.
pub(super) struct Instant<'m> {
    pub now: Moment,
    pub state: &'m CallState,
    pub pushes: &'m mut Vec<Push>,
}

impl<'a> Story<'a> {
    /// Nothing has happened yet.
    ///
    /// # Errors
    /// The first option that is impossible.
    pub fn new(cast: &'a Cast, options: Options) -> Result<Self, BadOption> {
        let kind = match cast.subject {
            Subject::Call(kind) => kind,
            // Without a call nothing of the kind is shown.
            Subject::Shift | Subject::Chat(_) | Subject::Notification => Kind::Inbound,
        };
        let account = Account::new(cast, &options)?;
        let legs = Legs::new(cast, &account);
        Ok(Self {
            known: Known { cast, options, account, kind, legs, menu: Menu::default(), current: 0 },
            desk: Desk::default(),
            ending: super::ending::Ending::default(),
            third: super::advanced::Third::default(),
            writer: Writer::default(),
            asked: false,
            understood: 0,
        })
    }
}

impl Teller for Story<'_> {
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>) {
        let now = happening.at;
        let moment = &mut Instant { now, state, pushes };
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
            What::AgentMissed { agent, .. } => self.status(*agent, self.known.options.missed_state, moment),
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
                self.status(*agent, self.known.options.login_state, moment);
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

impl Story<'_> {
    /// What is known at a moment, as the push about a recording would tell it.
    pub(super) fn scene<'s>(&'s self, moment: &Instant<'s>) -> Scene<'s> {
        Scene::new(&self.known, Topic::Recording, Told::default(), moment.now, moment.state)
    }

    /// Writes a topic, at that moment or later.
    fn write(&mut self, topic: Topic, told: Told<'_>, at: Moment, moment: &mut Instant) {
        let scene = Scene::new(&self.known, topic, told, moment.now, moment.state);
        self.writer.write(topic, &scene, at, moment.pushes);
    }

    pub(super) fn send(&mut self, topic: Topic, told: Told<'_>, moment: &mut Instant) {
        self.write(topic, told, moment.now, moment);
    }

    /// An agent's state changes by what happens in the call.
    pub(super) fn status(&mut self, agent: usize, act: Act, moment: &mut Instant) {
        let direct = self.known.cast.subject == Subject::Call(Kind::Direct);
        if direct && !self.known.options.direct_states {
            return;
        }
        self.desk.change(agent, act, moment.now);
        self.show(agent, act, None, moment.now, moment);
    }

    pub(super) fn status_of(&mut self, agent: Option<usize>, act: Act, moment: &mut Instant) {
        if let Some(agent) = agent {
            self.status(agent, act, moment);
        }
    }

    /// Sends an agent's state, at that moment or later.
    pub(super) fn show(&mut self, agent: usize, act: Act, reason: Option<&str>, at: Moment, moment: &mut Instant) {
        let Known { cast, options, legs, .. } = &self.known;
        let is_in_call = cast.subject != Subject::Shift && legs.of(Party::Agent(agent)).is_some();
        let told = AgentTold {
            agent,
            act,
            device: self.desk.device(agent).unwrap_or(options.bind_type.0),
            at,
            reason,
            wrap_up: self.wrap_up(),
            is_on_call: is_in_call && act.on_call(),
        };
        let told = Told { event: Some("status"), agent: Some(told), ..Told::default() };
        self.write(Topic::AgentStatus, told, at, moment);
    }

    /// An agent's state is changed by hand: told only where it is a change.
    fn change(&mut self, agent: usize, status: &AgentStatus, moment: &mut Instant) {
        let Some(act) = by_hand(status, self.known.kind) else { return };
        let reason = match status {
            AgentStatus::Custom(_, name) => Some(name.as_str()),
            _ => None,
        };
        if self.desk.act(agent, moment.now) == Some(act) && reason.is_none() {
            return;
        }
        self.desk.change(agent, act, moment.now);
        self.show(agent, act, reason, moment.now, moment);
    }
}
