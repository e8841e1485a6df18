//! How a call comes about: it arrives, phones ring and are answered, the customer is in the voice menu.

use super::desk::talking;
use super::options::HttpTrigger;
use super::scene::Told;
use super::states::Act;
use super::story::{Instant, Story};
use super::topic::Topic;
use crate::body::Leaf;
use crate::call::{Conversation, Kind, Party};

/// The word of ringing pushes.
pub(super) const RINGING: &str = "ringing";
/// The word of pushes about an agent and a customer who are connected.
pub(super) const BRIDGED: &str = "bridged";
/// The word of the push about the ringing customer of an outbound call.
const CUSTOMER_RINGING: &str = "previewOutcallRinging";
/// The word of pushes about a dialled customer who is connected.
const OUTBOUND_BRIDGED: &str = "previewOutcallBridge";
/// The name of a voice menu that the scenario does not name.
const MENU_NAME: &str = "主菜单";

impl Story<'_> {
    pub(super) fn start(&mut self, moment: &mut Instant) {
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
                let rang = Some(moment.now);
                let answered = Told { answered: Some(moment.now), ..Told::agent("answer", 0) };
                self.send(Topic::DirectRing, Told { rang, ..Told::agent(RINGING, 0) }, moment);
                self.status(0, Act::RingingAgentOb, moment);
                self.send(Topic::DirectAnswer, answered, moment);
                self.status(0, Act::BusyAgentOb, moment);
            }
            Kind::Outbound | Kind::Preview | Kind::Predictive | Kind::Webcall => {}
        }
    }

    fn incoming(&mut self, moment: &mut Instant) {
        self.send(Topic::Incoming, Told::customer("incoming"), moment);
    }

    pub(super) fn enter_menu(&mut self, name: Option<&str>, moment: &mut Instant) {
        let id = self.known.cast.keyed.centre().stream("tinet.menu").within(10..=99).to_string();
        self.known.menu.enter(Leaf::of_centre(id), name.unwrap_or(MENU_NAME), moment.now);
        if self.known.options.incoming_callbacks && self.known.kind != Kind::Inbound {
            self.incoming(moment);
        }
        if self.known.options.http_interaction == HttpTrigger::Menu {
            self.ask_receiver(moment);
        }
    }

    pub(super) fn press(&mut self, keys: &str, moment: &mut Instant) {
        if self.known.menu.entered.is_none() || self.known.cast.customer.blacklisted {
            return;
        }
        let node = self.known.menu.press(keys, moment.now);
        let (keys, node) = (Some(keys.to_owned()), Some(node));
        self.send(Topic::Keys, Told { keys, node, ..Told::customer("pressKeys") }, moment);
        if self.known.options.http_interaction == HttpTrigger::FirstKey && !self.asked {
            self.ask_receiver(moment);
        }
    }

    fn ask_receiver(&mut self, moment: &mut Instant) {
        self.asked = true;
        let keys = Some(self.known.menu.keys());
        self.send(Topic::HttpInteraction, Told { keys, party: Some(Party::Customer), ..Told::default() }, moment);
    }

    pub(super) fn leave_menu(&mut self, moment: &mut Instant) {
        let Some(entered) = self.known.menu.leave(moment.now) else { return };
        // Who is gone at the same moment has heard nothing of the menu.
        let heard = entered < moment.now || !self.known.menu.keys().is_empty();
        if !heard || self.known.cast.customer.blacklisted {
            return;
        }
        let (started, ended) = (Some(entered), Some(moment.now));
        self.send(Topic::IvrEnd, Told { started, ended, party: Some(Party::Customer), ..Told::default() }, moment);
    }

    pub(super) fn agent_rings(&mut self, agent: usize, conversation: Option<&Conversation>, moment: &mut Instant) {
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
        let queued = conversation.filter(|conversation| conversation.queued.is_some());
        let queue = queued.map(|conversation| conversation.queue.unwrap_or(0));
        let rang = Some(moment.now);
        self.send(topic, Told { rang, queue, ..Told::agent(RINGING, agent) }, moment);
        self.status(agent, act, moment);
    }

    pub(super) fn agent_answers(&mut self, agent: usize, moment: &mut Instant) {
        let bridged = Told { detail: Some("101"), ..Told::agent(BRIDGED, agent) };
        let act = match self.known.kind {
            Kind::Inbound => {
                self.send(Topic::InboundBridge, bridged, moment);
                Act::BusyIb
            }
            Kind::Webcall => {
                if self.known.options.webcall_bridge {
                    self.send(Topic::WebcallTransferBridge, bridged, moment);
                }
                Act::BusyIb
            }
            Kind::Predictive => {
                self.send(Topic::PredictiveBridge, Told::agent(OUTBOUND_BRIDGED, agent), moment);
                Act::BusyOb
            }
            Kind::Outbound | Kind::Preview | Kind::Direct => Act::BusyAgentOb,
        };
        self.status(agent, act, moment);
    }

    pub(super) fn customer_rings(&mut self, talker: Option<usize>, moment: &mut Instant) {
        self.known.legs.open(Party::Customer, moment.now);
        let (topic, word) = match self.known.kind {
            Kind::Outbound | Kind::Preview => (Topic::OutboundCustomerRing, CUSTOMER_RINGING),
            Kind::Webcall => (Topic::WebcallCustomerRing, RINGING),
            Kind::Direct => (Topic::DirectCustomerRing, RINGING),
            Kind::Predictive | Kind::Inbound => return,
        };
        let rang = Some(moment.now);
        self.send(topic, Told { rang, ..Told::customer(word) }, moment);
        self.status_of(talker, Act::RingingCustomerOb, moment);
    }

    pub(super) fn customer_answers(&mut self, talker: Option<usize>, moment: &mut Instant) {
        let (topic, told) = match (self.known.kind, talker) {
            (Kind::Outbound | Kind::Preview, Some(agent)) => {
                (Topic::OutboundBridge, Told::agent(OUTBOUND_BRIDGED, agent))
            }
            (Kind::Direct, Some(agent)) => (Topic::DirectBridge, Told::agent(OUTBOUND_BRIDGED, agent)),
            (Kind::Webcall, _) => {
                let told = Told { answered: Some(moment.now), ..Told::customer("answer") };
                (Topic::WebcallCustomerAnswer, told)
            }
            (Kind::Predictive, _) => return self.predictive_answer(moment),
            (Kind::Inbound | Kind::Outbound | Kind::Preview | Kind::Direct, _) => return,
        };
        self.send(topic, told, moment);
        self.status_of(talker, talking(self.known.kind), moment);
    }

    pub(super) fn predictive_answer(&mut self, moment: &mut Instant) {
        let answered = self.scene(moment).customer_answered();
        self.send(Topic::PredictiveAnswer, Told { answered, party: Some(Party::Customer), ..Told::default() }, moment);
    }

    pub(super) fn understand(&mut self, text: Option<&str>, moment: &mut Instant) {
        let (party, ended) = (Some(Party::Customer), Some(moment.now));
        let told = Told { party, ended, text, nth: self.understood, ..Told::default() };
        self.understood += 1;
        self.send(Topic::Understood, told, moment);
    }
}
