//! Which happening causes which push. What advanced operations cause stands in `advanced`, what follows the end in `ending`.

use super::desk::{Desk, by_hand, talking};
use super::event::{self, AgentMoment, Event};
use super::known::Known;
use super::legs::Legs;
use super::menu::Menu;
use super::options::{HttpTrigger, Options};
use super::speech;
use super::states::Act;
use super::topic::Topic;
use super::writer::Writer;
use crate::call::{AgentStatus, CallState, Cast, Conversation, Happening, Kind, Party, Subject, What};
use crate::http::Push;
use crate::vendors::Teller;
use std::time::Duration;

/// The word of ringing pushes.
pub(super) const RINGING: &str = "ringing";
/// The word of the push about the ringing customer of an outbound call.
const CUSTOMER_RINGING: &str = "previewOutcallRinging";
/// The word of pushes about a dialled customer who is connected.
const OUTBOUND_BRIDGED: &str = "previewOutcallBridge";
/// The name of a voice menu that the scenario does not name.
const MENU_NAME: &str = "主菜单";

/// Tells one call or shift.
pub struct CallTeller<'a> {
    pub(super) known: Known<'a>,
    pub(super) desk: Desk,
    pub(super) ending: super::ending::Ending,
    pub(super) third: super::advanced::Third,
    writer: Writer,
    /// Whether the voice menu has asked the receiver.
    asked: bool,
    understood: u64,
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
            // A shift has no call, so nothing of the kind is shown.
            Subject::Shift => Kind::Inbound,
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
            | What::SurveyStarted => {}
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

    fn start(&mut self, moment: &mut Moment) {
        match self.known.kind {
            Kind::Inbound => {
                self.known.legs.open(Party::Customer, moment.now);
                // A caller on the blacklist never gets further than the record.
                if !self.known.cast.customer.blacklisted {
                    self.incoming(moment);
                }
            }
            Kind::Direct => {
                self.known.legs.open(Party::Agent(0), moment.now);
                let scene = self.known.scene(moment.state);
                let ringing = scene.ringing(scene.with_agent(scene.call(), 0), RINGING, moment.now);
                let answered = scene.with_agent(scene.call(), 0).with("event", "answer");
                let answered = answered.with("answerTime", scene.second(moment.now));
                self.send(Topic::DirectRing, &ringing, moment);
                self.status(0, Act::RingingAgentOb, moment);
                self.send(Topic::DirectAnswer, &answered, moment);
                self.status(0, Act::BusyAgentOb, moment);
            }
            Kind::Outbound | Kind::Preview | Kind::Predictive | Kind::Webcall => {}
        }
    }

    fn incoming(&mut self, moment: &mut Moment) {
        let event = self.known.scene(moment.state).customer().with("event", "incoming");
        self.send(Topic::Incoming, &event, moment);
    }

    fn enter_menu(&mut self, name: Option<&str>, moment: &mut Moment) {
        let id = self.known.cast.keyed.stream("tinet.menu").within(10..=99).to_string();
        self.known.menu.enter(id, name.unwrap_or(MENU_NAME), moment.now);
        if self.known.options.incoming_callbacks && self.known.kind != Kind::Inbound {
            self.incoming(moment);
        }
        if self.known.options.http_interaction == HttpTrigger::Menu {
            self.ask_receiver(moment);
        }
    }

    fn press(&mut self, keys: &str, moment: &mut Moment) {
        if self.known.menu.entered.is_none() || self.known.cast.customer.blacklisted {
            return;
        }
        let node = self.known.menu.press(keys, moment.now);
        let scene = self.known.scene(moment.state);
        let event = scene
            .customer()
            .with("event", "pressKeys")
            .with("ivrId", &*scene.menu.id)
            .with("ivrNode", node)
            .with("keys", keys)
            .with("time", scene.second(moment.now));
        self.send(Topic::Keys, &event, moment);
        if self.known.options.http_interaction == HttpTrigger::FirstKey && !self.asked {
            self.ask_receiver(moment);
        }
    }

    fn ask_receiver(&mut self, moment: &mut Moment) {
        self.asked = true;
        let scene = self.known.scene(moment.state);
        let event = scene.customer().with("keys", scene.menu.keys()).with("tag", &*scene.options.tag);
        self.send(Topic::HttpInteraction, &event, moment);
    }

    fn leave_menu(&mut self, moment: &mut Moment) {
        let Some(entered) = self.known.menu.leave(moment.now) else { return };
        // Who is gone at the same moment has heard nothing of the menu.
        let heard = entered < moment.now || !self.known.menu.keys().is_empty();
        if !heard || self.known.cast.customer.blacklisted {
            return;
        }
        let scene = self.known.scene(moment.state);
        let event = scene
            .customer()
            .with("ivrId", &*scene.menu.id)
            .with("ivrName", &*scene.menu.name)
            .with("startTime", scene.second(entered))
            .with("endTime", scene.second(moment.now))
            .with("ivrFlow", scene.menu.flow(scene.cast));
        self.send(Topic::IvrEnd, &event, moment);
    }

    fn agent_rings(&mut self, agent: usize, conversation: Option<&Conversation>, moment: &mut Moment) {
        self.known.legs.open(Party::Agent(agent), moment.now);
        let (topic, act, called) = match self.known.kind {
            Kind::Inbound => (Topic::InboundRing, Act::RingingIb, false),
            Kind::Webcall => (Topic::WebcallRing, Act::RingingIb, false),
            Kind::Predictive => (Topic::OutboundRing, self.known.options.predictive_ring, true),
            Kind::Outbound | Kind::Preview | Kind::Direct => (Topic::OutboundRing, Act::RingingAgentOb, true),
        };
        if called && self.known.options.calling_state {
            self.status(agent, Act::Calling, moment);
        }
        let event = self.ringing(agent, conversation, moment);
        self.send(topic, &event, moment);
        self.status(agent, act, moment);
    }

    /// An agent's phone rings, for a customer who may come out of a queue.
    pub(super) fn ringing(&self, agent: usize, conversation: Option<&Conversation>, moment: &Moment) -> Event {
        let scene = self.known.scene(moment.state);
        let event = scene.ringing(scene.with_agent(scene.call(), agent), RINGING, moment.now);
        let queue = conversation.filter(|conversation| conversation.queued.is_some());
        match queue.and_then(|conversation| scene.cast.queues.get(conversation.queue.unwrap_or(0))) {
            Some(queue) => event.with("qno", &*queue.number),
            None => event,
        }
    }

    fn agent_answers(&mut self, agent: usize, moment: &mut Moment) {
        let scene = self.known.scene(moment.state);
        let (topic, event, act) = match self.known.kind {
            Kind::Inbound => (Some(Topic::InboundBridge), scene.bridged(agent, "101", moment.now), Act::BusyIb),
            Kind::Webcall => {
                let topic = self.known.options.webcall_bridge.then_some(Topic::WebcallTransferBridge);
                (topic, scene.bridged(agent, "101", moment.now), Act::BusyIb)
            }
            Kind::Predictive => {
                let event = scene.with_agent(scene.call(), agent).with("event", OUTBOUND_BRIDGED);
                (Some(Topic::PredictiveBridge), event, Act::BusyOb)
            }
            Kind::Outbound | Kind::Preview | Kind::Direct => (None, Event::default(), Act::BusyAgentOb),
        };
        if let Some(topic) = topic {
            self.send(topic, &event, moment);
        }
        self.status(agent, act, moment);
    }

    fn customer_rings(&mut self, talker: Option<usize>, moment: &mut Moment) {
        self.known.legs.open(Party::Customer, moment.now);
        let (topic, word) = match self.known.kind {
            Kind::Outbound | Kind::Preview => (Topic::OutboundCustomerRing, CUSTOMER_RINGING),
            Kind::Webcall => (Topic::WebcallCustomerRing, RINGING),
            Kind::Direct => (Topic::DirectCustomerRing, RINGING),
            Kind::Predictive | Kind::Inbound => return,
        };
        let scene = self.known.scene(moment.state);
        let event = scene.ringing(scene.customer(), word, moment.now);
        self.send(topic, &event, moment);
        self.status_of(talker, Act::RingingCustomerOb, moment);
    }

    fn customer_answers(&mut self, talker: Option<usize>, moment: &mut Moment) {
        let scene = self.known.scene(moment.state);
        let bridged = |agent| scene.with_agent(scene.call(), agent).with("event", OUTBOUND_BRIDGED);
        let (topic, event) = match (self.known.kind, talker) {
            (Kind::Outbound | Kind::Preview, Some(agent)) => (Topic::OutboundBridge, bridged(agent)),
            (Kind::Direct, Some(agent)) => (Topic::DirectBridge, bridged(agent)),
            (Kind::Webcall, _) => {
                let event = scene.customer().with("event", "answer").with("answerTime", scene.second(moment.now));
                (Topic::WebcallCustomerAnswer, event)
            }
            (Kind::Predictive, _) => return self.predictive_answer(moment),
            (Kind::Inbound | Kind::Outbound | Kind::Preview | Kind::Direct, _) => return,
        };
        self.send(topic, &event, moment);
        self.status_of(talker, talking(self.known.kind), moment);
    }

    fn predictive_answer(&mut self, moment: &mut Moment) {
        let event = self.known.scene(moment.state).predictive_answer(&self.known.record(moment.state));
        self.send(Topic::PredictiveAnswer, &event, moment);
    }

    fn understand(&mut self, text: Option<&str>, moment: &mut Moment) {
        let record = self.known.record(moment.state);
        let event = speech::understood(self.known.scene(moment.state), &record, text, self.understood, moment.now);
        self.understood += 1;
        self.send(Topic::Understood, &event, moment);
    }
}
