//! The messages of a chat and the push that carries them, field by field.

use super::ids;
use super::options::Options;
use crate::body::{Form, Leaf};
use crate::call::{Cast, Channel, Fact, Moment, Subject};
use crate::vendors::FieldKind::{self, Digits, Flag, Integer, Objects, Text, Word};
use crate::vendors::table;

/// A message or event of a chat.
pub struct Message<'a> {
    pub cast: &'a Cast,
    pub options: &'a Options,
    /// When it is said.
    pub at: Moment,
    pub control: &'static str,
    /// Whether the chat stays open, where that is told.
    pub is_offline: Option<bool>,
    pub media: Option<&'static str>,
    pub content: Leaf,
    pub nickname: Leaf,
    pub source: &'static str,
    pub has_call_id: bool,
    pub code: Leaf,
}

/// Messages that leave in one push.
pub struct Envelope<'a> {
    pub cast: &'a Cast,
    /// When they leave.
    pub at: Moment,
    /// The oldest first.
    pub messages: Vec<Leaf>,
}

type OfMessage = fn(&Message<'_>) -> Leaf;
type OfEnvelope = fn(&Envelope<'_>) -> Leaf;

const fn row(
    name: &'static str,
    kind: FieldKind,
    leaf: OfMessage,
    meaning: &'static str,
    chinese: &'static str,
) -> table::Row<OfMessage> {
    table::row(name, kind, leaf, meaning, chinese)
}

/// The fields around the messages.
pub const ENVELOPE: &[table::Row<OfEnvelope>] = &[
    table::row::<OfEnvelope>("timestamp", Integer, |p| milliseconds(p.cast, p.at), SENT, "推送时间（毫秒）")
        .fact(Fact::Now),
    table::row(
        "messages",
        Objects,
        |p| Leaf::List(p.messages.clone()),
        "the messages, oldest first, mostly one",
        "消息列表",
    ),
];

const SENT: &str = "when the push is sent, in milliseconds since 1970; an input of the auth-v2 signature";

/// The fields of a message. All messages have the same.
pub const MESSAGE: &[table::Row<OfMessage>] = &[
    row("messages.from", Digits, |m| ids::channel(m.cast, m.options), "id of the channel: 18 digits", "发送方渠道标识")
        .fact(Fact::Enterprise),
    row("messages.channel", Word(&["WEB", "WHATSAPP"]), channel, "the channel; the page shows WEB only", "渠道类型")
        .fact(Fact::Channel),
    row(
        "messages.to",
        Text,
        |m| ids::customer(m.cast, m.options),
        "id of the customer: 1 to 24 characters",
        "接收方客户标识",
    )
    .fact(Fact::CustomerId),
    row("messages.controlType", Word(CONTROLS), |m| m.control.into(), "what the message does", "消息控制类型")
        .fact(Fact::Event),
    row(
        "messages.isOfflineStatus",
        Flag,
        |m| Leaf::from(m.is_offline).or_absent(),
        "whether the chat stays open after a timeout",
        "会话超时后是否保留",
    )
    .only("in a DISCONNECT after which the chat stays open, and with the option `offline_false` in every DISCONNECT"),
    row(
        "messages.mediaType",
        Word(MEDIA),
        |m| m.media.into(),
        "of what kind it is; null where nothing is said",
        "消息媒体类型",
    )
    .fact(Fact::Media)
    .nullable(),
    row("messages.content", Text, |m| m.content.clone(), CONTENT, "消息内容").fact(Fact::Text).nullable(),
    row("messages.simQuestions", Text, |_| Leaf::Null, "similar questions for the robot: null in practice", "相似问题")
        .nullable(),
    row(
        "messages.senderNickname",
        Text,
        |m| m.nickname.clone(),
        "the name shown; null where nothing is said",
        "发送方昵称",
    )
    .nullable(),
    row(
        "messages.timestamp",
        Integer,
        |m| milliseconds(m.cast, m.at),
        "when it was said, in milliseconds since 1970",
        "消息时间（毫秒）",
    )
    .fact(Fact::Said),
    row("messages.sourceType", Word(&["AGENT", "ROBOT", "SYSTEM"]), |m| m.source.into(), "who says it", "消息来源类型")
        .fact(Fact::Speaker),
    row(
        "messages.callId",
        Text,
        |m| if m.has_call_id { Leaf::Null } else { Leaf::Absent },
        "always null; in the page's first sample only, not in its table",
        "呼叫标识",
    )
    .nullable()
    .only("in the notice that an agent has come, and as the option `call_id_key` says"),
    row(
        "messages.messageCode",
        Text,
        |m| m.code.clone(),
        "id of an agent's message, a UUID; null otherwise",
        "消息标识",
    )
    .fact(Fact::MessageId)
    .nullable(),
];

const CONTROLS: &[&str] = &["CHAT", "DISCONNECT", "READ", "CONNECT", "TRANS2AGENT", "INPUT"];
const MEDIA: &[&str] = &["TEXT", "IMAGE", "VIDEO", "AUDIO", "LOCATE", "DOCUMENT"];
const CONTENT: &str =
    "what is said, the id of a file, latitude/longitude/description, or the ids of read messages; else null";

fn milliseconds(cast: &Cast, at: Moment) -> Leaf {
    Leaf::time(cast, at, Form::Milliseconds).as_number()
}

fn channel(message: &Message<'_>) -> Leaf {
    Leaf::from(match message.cast.subject {
        Subject::Chat(Channel::Whatsapp) => "WHATSAPP",
        Subject::Chat(Channel::Web) | Subject::Call(_) | Subject::Shift | Subject::Notification => "WEB",
    })
}
