//! Tells a chat: which event becomes which message, and when messages leave in a push.
//!
//! The platform tells the customer's side: what agents, robot and platform say. What the customer says comes from there and is
//! not pushed back; its ids come again in read receipts.

use super::options::{CallIdKey, Options};
use super::payload::{DownLink, Envelope};
use super::{facts, ids};
use crate::call::{Afterwards, CallState, Cast, Channel, ChatEvent, Content, Happening, Media, Speaker, Subject, What};
use crate::http::{Method, Push};
use crate::vendors::Teller;
use std::time::Duration;

/// Tells one chat.
pub struct ChatTeller<'a> {
    cast: &'a Cast,
    options: Options,
    /// Messages that wait for others.
    held: Vec<DownLink>,
    /// How many messages agents have sent.
    agent_messages: u64,
}

/// What a message says, apart from where it comes from and goes to.
struct Message {
    control: &'static str,
    media: Option<&'static str>,
    content: Option<String>,
    nickname: Option<String>,
    source: &'static str,
}

impl Message {
    /// A message in which nothing is said.
    fn control(control: &'static str, source: &'static str) -> Self {
        Self { control, media: None, content: None, nickname: None, source }
    }

    fn text(text: &str, nickname: &str, source: &'static str) -> Self {
        Self {
            control: "CHAT",
            media: Some("TEXT"),
            content: Some(text.to_owned()),
            nickname: Some(nickname.to_owned()),
            source,
        }
    }
}

impl<'a> ChatTeller<'a> {
    /// Nothing is told yet.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        Self { cast, options, held: Vec::new(), agent_messages: 0 }
    }

    /// The messages of an event, in order.
    fn messages(&mut self, event: &ChatEvent, now: Duration) -> Vec<DownLink> {
        let Options { queuing_text, connected_text, system_nickname, connect, .. } = &self.options;
        match event {
            ChatEvent::Opened => Vec::new(),
            ChatEvent::Queued { .. } => {
                vec![self.link(Message::text(queuing_text, system_nickname, "SYSTEM"), now)]
            }
            ChatEvent::Answered { .. } => {
                let control = connect.control.then(|| self.link(Message::control("CONNECT", "SYSTEM"), now));
                let notice = connect.chat.then(|| {
                    let notice = self.link(Message::text(connected_text, system_nickname, "SYSTEM"), now);
                    DownLink { call_id: (self.options.call_id_key != CallIdKey::Never).then_some(None), ..notice }
                });
                control.into_iter().chain(notice).collect()
            }
            ChatEvent::Said { by, content } => self.said(*by, content, now),
            ChatEvent::Read { messages, .. } => {
                let ids: Vec<String> = messages.clone().map(|nth| self.customer_message(nth)).collect();
                let content = Some(ids.join(","));
                vec![self.link(Message { content, ..Message::control("READ", "AGENT") }, now)]
            }
            ChatEvent::Transferred { from, .. } if self.options.trans2agent => {
                vec![self.link(Message::control("TRANS2AGENT", source(*from)), now)]
            }
            ChatEvent::Transferred { .. } => Vec::new(),
            ChatEvent::Disconnected { by: Speaker::Customer, .. } if !self.options.customer_disconnect => Vec::new(),
            ChatEvent::Disconnected { by, afterwards } => vec![self.disconnected(*by, afterwards, now)],
        }
    }

    fn said(&mut self, by: Speaker, content: &Content, now: Duration) -> Vec<DownLink> {
        let nickname = match by {
            Speaker::Customer => return Vec::new(),
            Speaker::Robot => self.options.robot_nickname.clone(),
            Speaker::System => self.options.system_nickname.clone(),
            Speaker::Agent(agent) => self.cast.agents.get(agent).map(|agent| agent.name.clone()).unwrap_or_default(),
        };
        let (media, content) = match content {
            Content::Text(text) => ("TEXT", text.clone()),
            Content::File(media, id) => (media_type(*media), id.clone()),
            Content::Location { latitude, longitude, description } => {
                ("LOCATE", format!("{latitude}/{longitude}/{description}"))
            }
        };
        let (media, content, nickname) = (Some(media), Some(content), Some(nickname));
        let mut link = self.link(Message { control: "CHAT", media, content, nickname, source: source(by) }, now);
        let Speaker::Agent(_) = by else { return vec![link] };
        link.message_code = Some(ids::agent_message(self.cast, self.agent_messages));
        self.agent_messages += 1;
        let typing = self.options.input_status.then(|| self.link(Message::control("INPUT", "AGENT"), now));
        typing.into_iter().chain([link]).collect()
    }

    fn disconnected(&self, by: Speaker, afterwards: &Afterwards, now: Duration) -> DownLink {
        let plain = Message::control("DISCONNECT", source(by));
        match afterwards {
            Afterwards::Closed => {
                let is_offline_status = self.options.offline_false.then_some(false);
                DownLink { is_offline_status, ..self.link(plain, now) }
            }
            Afterwards::Open { tip } => {
                let content = Some(tip.as_ref().unwrap_or(&self.options.timeout_tip).clone());
                let link = self.link(Message { media: Some("TEXT"), content, ..plain }, now);
                DownLink { is_offline_status: Some(true), ..link }
            }
        }
    }

    fn customer_message(&self, nth: usize) -> String {
        self.options.message_ids.get(nth).cloned().unwrap_or_else(|| ids::customer_message(self.cast, nth as u64))
    }

    fn link(&self, message: Message, now: Duration) -> DownLink {
        let Message { control, media, content, nickname, source } = message;
        DownLink {
            from: self.options.channel_id.clone(),
            channel: match self.cast.subject {
                Subject::Chat(Channel::Whatsapp) => "WHATSAPP",
                Subject::Chat(Channel::Web) | Subject::Call(_) | Subject::Shift | Subject::Notification => "WEB",
            },
            to: self.options.customer_id.clone(),
            control_type: control,
            is_offline_status: None,
            media_type: media,
            content,
            sim_questions: None,
            sender_nickname: nickname,
            timestamp: self.cast.instant(now).as_millisecond(),
            source_type: source,
            call_id: (self.options.call_id_key == CallIdKey::Always).then_some(None),
            message_code: None,
        }
    }

    /// Everything that is held, in one push that leaves now.
    fn push(&mut self, now: Duration) -> Option<Push> {
        let last = self.held.last()?;
        let name = facts::PUSHES.iter().map(|push| push.name).find(|name| *name == last.control_type)?;
        let timestamp = self.cast.instant(now).as_millisecond();
        let body = Envelope { timestamp, messages: &self.held };
        let content_type = &self.options.content_type;
        let authorization = self.options.auth.header(timestamp, content_type);
        let headers = authorization.map(|value| ("Authorization".to_owned(), value));
        let push = Push {
            path: facts::MESSAGES_PATH.to_owned(),
            headers: headers.into_iter().chain([("Content-Type".to_owned(), content_type.clone())]).collect(),
            // Texts and numbers under text keys: nothing here that JSON could not hold.
            body: serde_json::to_vec(&body).unwrap_or_default().into(),
            event_id: last.message_code.clone(),
            ..Push::new(name, Method::Post)
        };
        self.held.clear();
        Some(push)
    }
}

impl Teller for ChatTeller<'_> {
    fn tell(&mut self, happening: &Happening, _state: &CallState, pushes: &mut Vec<Push>) {
        let What::Chat(event) = &happening.what else { return };
        for message in self.messages(event, happening.offset) {
            self.held.push(message);
            if self.held.len() >= self.options.batch {
                pushes.extend(self.push(happening.offset));
            }
        }
        if matches!(event, ChatEvent::Disconnected { .. }) {
            pushes.extend(self.push(happening.offset));
        }
    }
}

fn source(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Agent(_) => "AGENT",
        Speaker::Robot => "ROBOT",
        // What the customer does by leaving is told by the platform.
        Speaker::System | Speaker::Customer => "SYSTEM",
    }
}

fn media_type(media: Media) -> &'static str {
    match media {
        Media::Image => "IMAGE",
        Media::Video => "VIDEO",
        Media::Audio => "AUDIO",
        Media::Document => "DOCUMENT",
    }
}
