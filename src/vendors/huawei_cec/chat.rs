//! Renders a chat: which event becomes which message, and when messages leave in a push.
//!
//! The platform tells the customer's side: what agents, robot and platform say. What the customer says comes from there and is
//! not pushed back; its ids come again in read receipts.

use super::message::{ENVELOPE, Envelope, MESSAGE, Message};
use super::options::{CallIdKey, Options};
use super::{auth, facts, ids};
use crate::body::{Body, Leaf};
use crate::call::{Afterwards, CallState, Cast, ChatEvent, Content, Happening, Media, Moment, Speaker, What};
use crate::http::{Method, Push};
use crate::vendors::{Teller, table};

/// Renders one chat.
pub struct ChatStory<'a> {
    cast: &'a Cast,
    options: Options,
    /// Messages that wait for others, the oldest first.
    held: Vec<Held>,
    /// How many messages agents have sent.
    agent_messages: u64,
}

impl<'a> ChatStory<'a> {
    /// Nothing has happened yet.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        Self { cast, options, held: Vec::new(), agent_messages: 0 }
    }

    /// The messages of an event, in order.
    fn messages(&self, event: &ChatEvent, now: Moment) -> Vec<Message<'_>> {
        let options = &self.options;
        match event {
            ChatEvent::Opened => Vec::new(),
            ChatEvent::Queued { .. } => vec![self.notice(&options.queuing_text, now)],
            ChatEvent::Answered { .. } => {
                let control = options.connect.control.then(|| self.control("CONNECT", Speaker::System, now));
                let notice = options.connect.chat.then(|| {
                    let has_call_id = options.call_id_key != CallIdKey::Never;
                    Message { has_call_id, ..self.notice(&options.connected_text, now) }
                });
                control.into_iter().chain(notice).collect()
            }
            ChatEvent::Said { by, content } => self.said(*by, content, now),
            ChatEvent::Read { agent, messages } => {
                let ids = messages.clone().map(|nth| ids::customer_message(self.cast, options, nth));
                let content = Leaf::joined_by(",", ids);
                vec![Message { content, ..self.control("READ", Speaker::Agent(*agent), now) }]
            }
            ChatEvent::Transferred { from, .. } if options.trans2agent => {
                vec![self.control("TRANS2AGENT", *from, now)]
            }
            ChatEvent::Transferred { .. } => Vec::new(),
            ChatEvent::Disconnected { by: Speaker::Customer, .. } if !options.customer_disconnect => Vec::new(),
            ChatEvent::Disconnected { by, afterwards } => vec![self.disconnected(*by, afterwards, now)],
        }
    }

    fn said(&self, by: Speaker, content: &Content, now: Moment) -> Vec<Message<'_>> {
        let nickname = match by {
            Speaker::Customer => return Vec::new(),
            Speaker::Robot => Leaf::from(&self.options.robot_nickname),
            Speaker::System => Leaf::from(&self.options.system_nickname),
            Speaker::Agent(agent) => Leaf::from(self.cast.agents.get(agent).map(|agent| &agent.name)).or_empty(),
        };
        let (media, content) = match content {
            Content::Text(text) => ("TEXT", text.clone()),
            Content::File(media, id) => (media_type(*media), id.clone()),
            Content::Location { latitude, longitude, description } => {
                ("LOCATE", format!("{latitude}/{longitude}/{description}"))
            }
        };
        let message =
            Message { media: Some(media), content: content.into(), nickname, ..self.control("CHAT", by, now) };
        let Speaker::Agent(_) = by else { return vec![message] };
        let typing = self.options.input_status.then(|| self.control("INPUT", by, now));
        let code = ids::agent_message(self.cast, self.agent_messages);
        typing.into_iter().chain([Message { code, ..message }]).collect()
    }

    fn disconnected(&self, by: Speaker, afterwards: &Afterwards, now: Moment) -> Message<'_> {
        let plain = self.control("DISCONNECT", by, now);
        match afterwards {
            Afterwards::Closed => Message { is_offline: self.options.offline_false.then_some(false), ..plain },
            Afterwards::Open { tip } => {
                let content = Leaf::from(tip.as_ref().unwrap_or(&self.options.timeout_tip));
                Message { is_offline: Some(true), media: Some("TEXT"), content, ..plain }
            }
        }
    }

    /// What the platform says itself.
    fn notice(&self, text: &String, now: Moment) -> Message<'_> {
        let nickname = Leaf::from(&self.options.system_nickname);
        let said = self.control("CHAT", Speaker::System, now);
        Message { media: Some("TEXT"), content: text.into(), nickname, ..said }
    }

    /// A message in which nothing is said.
    fn control(&self, control: &'static str, by: Speaker, now: Moment) -> Message<'_> {
        Message {
            cast: self.cast,
            options: &self.options,
            at: now,
            control,
            is_offline: None,
            media: None,
            content: Leaf::Null,
            nickname: Leaf::Null,
            source: source(by),
            has_call_id: self.options.call_id_key == CallIdKey::Always,
            code: Leaf::Null,
        }
    }

    /// Everything that is held, in one push that leaves now and goes by its last message.
    fn push(&mut self, now: Moment) -> Option<Push> {
        let (control, code) = self.held.last().map(|last| (last.control, last.code.clone()))?;
        let messages = self.held.drain(..).map(|held| held.fields).collect();
        let authorization = auth::header(&self.options, self.cast).map(|value| (auth::AUTHORIZATION, value));
        let content_type = ("Content-Type", Leaf::from(&self.options.content_type));
        Some(Push {
            path: facts::MESSAGES_PATH.to_owned(),
            headers: authorization.into_iter().chain([content_type]).collect(),
            body: Body::json(table::object(ENVELOPE, &Envelope { cast: self.cast, at: now, messages })),
            event_id: code,
            ..Push::new(control, Method::Post)
        })
    }
}

impl Teller for ChatStory<'_> {
    fn tell(&mut self, happening: &Happening, _state: &CallState, pushes: &mut Vec<Push>) {
        let What::Chat(event) = &happening.what else { return };
        let messages: Vec<Held> = self.messages(event, happening.at).iter().map(Held::new).collect();
        for message in messages {
            self.agent_messages += u64::from(message.code.is_some());
            self.held.push(message);
            if self.held.len() as u64 >= self.options.batch {
                pushes.extend(self.push(happening.at));
            }
        }
        if matches!(event, ChatEvent::Disconnected { .. }) {
            pushes.extend(self.push(happening.at));
        }
    }
}

/// A message that waits for the push in which it leaves.
struct Held {
    control: &'static str,
    code: Option<String>,
    fields: Leaf,
}

impl Held {
    fn new(message: &Message<'_>) -> Self {
        let code = (message.code != Leaf::Null).then(|| message.code.text().into_owned());
        Self { control: message.control, code, fields: table::object(MESSAGE, message) }
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
