//! How a call comes about: it arrives, phones ring and are answered, the customer is in the voice menu.

use super::desk::talking;
use super::event::Event;
use super::options::HttpTrigger;
use super::speech;
use super::states::Act;
use super::teller::{CallTeller, Moment};
use super::topic::Topic;
use crate::call::{Conversation, Kind, Party};

/// The word of ringing pushes.
const RINGING: &str = "ringing";
/// The word of the push about the ringing customer of an outbound call.
const CUSTOMER_RINGING: &str = "previewOutcallRinging";
/// The word of pushes about a dialled customer who is connected.
const OUTBOUND_BRIDGED: &str = "previewOutcallBridge";
/// The name of a voice menu that the scenario does not name.
const MENU_NAME: &str = "主菜单";

impl CallTeller<'_> {
    pub(super) fn start(&mut self, moment: &mut Moment) {
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

    pub(super) fn enter_menu(&mut self, name: Option<&str>, moment: &mut Moment) {
        let id = self.known.cast.keyed.centre().stream("tinet.menu").within(10..=99).to_string();
        self.known.menu.enter(id, name.unwrap_or(MENU_NAME), moment.now);
        if self.known.options.incoming_callbacks && self.known.kind != Kind::Inbound {
            self.incoming(moment);
        }
        if self.known.options.http_interaction == HttpTrigger::Menu {
            self.ask_receiver(moment);
        }
    }

    pub(super) fn press(&mut self, keys: &str, moment: &mut Moment) {
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

    pub(super) fn leave_menu(&mut self, moment: &mut Moment) {
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

    pub(super) fn agent_rings(&mut self, agent: usize, conversation: Option<&Conversation>, moment: &mut Moment) {
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

    pub(super) fn agent_answers(&mut self, agent: usize, moment: &mut Moment) {
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

    pub(super) fn customer_rings(&mut self, talker: Option<usize>, moment: &mut Moment) {
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

    pub(super) fn customer_answers(&mut self, talker: Option<usize>, moment: &mut Moment) {
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

    pub(super) fn predictive_answer(&mut self, moment: &mut Moment) {
        let event = self.known.scene(moment.state).predictive_answer(&self.known.record(moment.state));
        self.send(Topic::PredictiveAnswer, &event, moment);
    }

    pub(super) fn understand(&mut self, text: Option<&str>, moment: &mut Moment) {
        let record = self.known.record(moment.state);
        let event = speech::understood(self.known.scene(moment.state), &record, text, self.understood, moment.now);
        self.understood += 1;
        self.send(Topic::Understood, &event, moment);
    }
}
