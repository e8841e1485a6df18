//! The requests, and their fields, each declared once. Fields that share a bucket of the platform's hash map stand here in
//! the order in which they were captured.

use super::scene::{RFC_2822, Scene, outcome};
use crate::body::Leaf;
use crate::call::Fact;
use crate::vendors::FieldKind::{self, Digits, Text, Time, Word};
use crate::vendors::{FieldTable, Fields, Origin, PushFact, table};
use std::collections::HashMap;

type Row = table::Row<LeafOf>;
type LeafOf = fn(&Scene<'_>) -> Leaf;
/// The rows of a table.
pub type Rows = &'static [Row];

const fn row(name: &'static str, kind: FieldKind, leaf: LeafOf, english: &'static str, chinese: &'static str) -> Row {
    table::row(name, kind, leaf, english, chinese).origin(Origin::Documented)
}

const DIRECTION: FieldKind = Word(&["inbound", "outbound-api", "outbound-dial"]);
const OVER: FieldKind = Word(&["completed", "busy", "no-answer", "canceled", "failed"]);
const RESULT: FieldKind = Word(&["bridged", "hangup", "leave"]);
const SOURCE: FieldKind = Word(&["DialVerb", "RecordVerb"]);
const YES: FieldKind = Word(&["true", "false"]);
const DETECTS: &str = "with the option `machine_detection`";
const RECORDED: &str = "where the conversation is recorded";

/// What every request about a call has. What is not known of a place is sent as an empty text.
const CALL: Rows = &[
    row("CallSid", Text, |s| s.sid(s.leg), "the SID of this leg of the call", "通话标识").fact(Fact::CallId),
    row("AccountSid", Text, |s| s.account(), "the SID of the account", "账号标识").fact(Fact::Enterprise),
    row("From", Text, |s| s.number(s.from()), "who calls, in E.164, or `client:` and a name", "主叫号码"),
    row("To", Text, |s| s.number(s.to()), "who is called", "被叫号码"),
    row("Direction", DIRECTION, |s| s.direction(), "how this leg came to be", "呼叫方向").fact(Fact::Direction),
    row("CalledCity", Text, |s| s.home(s.to(), 0), "as `ToCity`", "被叫城市"),
    row("CalledState", Text, |s| s.home(s.to(), 1), "as `ToState`", "被叫州"),
    row("CalledZip", Text, |s| s.home(s.to(), 2), "as `ToZip`", "被叫邮编"),
    row("CalledCountry", Text, |s| s.country(s.to()), "as `ToCountry`", "被叫国家"),
    row("CallerCity", Text, |s| s.home(s.from(), 0), "as `FromCity`", "主叫城市"),
    row("CallerState", Text, |s| s.home(s.from(), 1), "as `FromState`", "主叫州"),
    row("CallerZip", Text, |s| s.home(s.from(), 2), "as `FromZip`", "主叫邮编"),
    row("CallerCountry", Text, |s| s.country(s.from()), "as `FromCountry`", "主叫国家"),
    row("ToCity", Text, |s| s.home(s.to(), 0), "the city of who is called, in capitals", "被叫城市").fact(Fact::Place),
    row("ToState", Text, |s| s.home(s.to(), 1), "the state of who is called", "被叫州").fact(Fact::Place),
    row("ToZip", Text, |s| s.home(s.to(), 2), "the postcode of who is called", "被叫邮编"),
    row("ToCountry", Text, |s| s.country(s.to()), "the country of who is called: `US`", "被叫国家"),
    row("FromCity", Text, |s| s.home(s.from(), 0), "the city of the caller, in capitals", "主叫城市").fact(Fact::Place),
    row("FromState", Text, |s| s.home(s.from(), 1), "the state of the caller", "主叫州").fact(Fact::Place),
    row("FromZip", Text, |s| s.home(s.from(), 2), "the postcode of the caller", "主叫邮编"),
    row("FromCountry", Text, |s| s.country(s.from()), "the country of the caller: `US`", "主叫国家"),
    row("Caller", Text, |s| s.number(s.from()), "as `From`", "主叫号码"),
    row("Called", Text, |s| s.number(s.to()), "as `To`", "被叫号码"),
    row("ApiVersion", Text, |_| "2010-04-01".into(), "the version of the API", "接口版本"),
];

const fn status(words: FieldKind) -> [Row; 1] {
    [row("CallStatus", words, |s| s.status.into(), "where this leg stands", "通话状态").fact(Fact::Result)]
}

const INITIATED: Rows = &status(Word(&["initiated"]));
const RINGING: Rows = &status(Word(&["ringing"]));
const ANSWERED: Rows = &status(Word(&["in-progress"]));
const ASKING: Rows = &status(Word(&["ringing", "in-progress", "completed"]));
const ENDED: Rows = &status(OVER);

/// What a status callback has besides.
const PROGRESS: Rows = &[
    row("ParentCallSid", Text, |s| s.parent(), "the SID of the first leg", "父通话标识").only("where `<Dial>` dialled"),
    row("CallbackSource", Text, |_| "call-progress-events".into(), "where it comes from", "回调来源"),
    row("SequenceNumber", Digits, |s| s.count.to_string().into(), "which event of this leg it is, from 0", "事件序号"),
    row("Timestamp", Time(RFC_2822), |s| s.time(s.now), "when it happened", "事件时间").fact(Fact::Now),
];

const DETECTED: Rows = &[
    row("AnsweredBy", Text, |s| s.detected("human".into()), "who answered", "应答方").only(DETECTS),
    row("MachineDetectionDuration", Digits, |s| s.detection(), "in milliseconds", "检测毫秒数").only(DETECTS),
];

/// What the last callback of a leg has besides.
const LENGTHS: Rows = &[
    row("CallDuration", Digits, |s| s.seconds(s.leg), "how many seconds the leg was connected", "通话秒数"),
    row("Duration", Digits, |s| s.minutes(), "the same in begun minutes", "通话分钟数"),
    row("SipResponseCode", Digits, |s| outcome(s.leg.1).1.into(), "the SIP status at its end", "响应码")
        .fact(Fact::Cause),
];

const DIAL: Rows = &[
    row("DialCallStatus", OVER, |s| outcome(s.other.1).0.into(), "how that leg ended", "拨号结果").fact(Fact::Result),
    row("DialCallSid", Text, |s| s.sid(s.other), "the SID of that leg", "拨号通话标识").fact(Fact::LegId),
    row("DialCallDuration", Digits, |s| s.seconds(s.other), "how many seconds it was connected", "拨号通话秒数"),
    row("DialBridged", YES, |s| s.bridged(), "whether both could hear each other", "是否接通"),
    row("RecordingUrl", Text, |s| s.recording_url(), "where the recording is", "录音地址").only(RECORDED),
    row("RecordingSid", Text, |s| s.recording_sid(), "the SID of the recording", "录音标识").only(RECORDED),
    row("RecordingDuration", Digits, |s| s.recording_time(), "its length in seconds", "录音秒数").only(RECORDED),
];

const GATHER: Rows = &[row("Digits", Text, |s| s.said(), "the keys that were pressed", "按键").fact(Fact::Keys)];

const QUEUE: Rows = &[
    row("QueueSid", Text, |s| s.of_centre("QU", "twilio.queue"), "the SID of the queue", "队列标识"),
    row("QueueTime", Digits, |s| s.queue_time(), "how many seconds the call has been in it", "排队秒数")
        .fact(Fact::Wait),
];

const WAIT: Rows = &[
    row("QueuePosition", Digits, |_| "1".into(), "the place of the call in the queue, from 1", "排队位置"),
    row("AvgQueueTime", Digits, |s| s.average(), "how many seconds calls are in it", "平均排队秒数"),
    row("CurrentQueueSize", Digits, |_| "1".into(), "how many calls are in it", "当前队列长度"),
];

const LEFT: Rows = &[row("QueueResult", RESULT, |s| s.said(), "how the call left the queue", "出队结果")];
const TAKEN: Rows = &[row("DequeingCallSid", Text, |s| s.sid(s.other), "the SID of the agent's leg", "出队通话标识")];

/// What the callback of a recording has, and nothing else.
const RECORDING: Rows = &[
    row("RecordingSid", Text, |s| s.recording_sid(), "the SID of the recording", "录音标识"),
    row("RecordingUrl", Text, |s| s.recording_url(), "where it is", "录音地址").fact(Fact::RecordingUrl),
    row("RecordingStatus", Word(&["completed"]), |_| "completed".into(), "where it stands", "录音状态"),
    row("RecordingDuration", Digits, |s| s.recording_time(), "its length in seconds", "录音秒数")
        .fact(Fact::RecordingTime),
    row("RecordingChannels", Digits, |_| "1".into(), "how many channels it has", "录音声道数"),
    row("RecordingStartTime", Time(RFC_2822), |s| s.recording_began(), "when it began", "录音开始时间"),
    row("RecordingSource", SOURCE, |s| s.said(), "what made it", "录音来源"),
    row("RecordingTrack", Word(&["both"]), |s| s.track(), "whose voice it has", "录音声轨").only("of a conversation"),
    row("ErrorCode", Digits, |_| "0".into(), "0: nothing went wrong", "错误码"),
    row("CallSid", Text, |s| s.sid(s.leg), "the SID of the first leg of the call", "通话标识").fact(Fact::CallId),
    row("AccountSid", Text, |s| s.account(), "the SID of the account", "账号标识").fact(Fact::Enterprise),
];

macro_rules! requests {
    ($($name:literal $title:literal $when:literal $($rows:ident)*;)*) => {
        /// Every request, in the order of a call.
        pub const PUSHES: &[PushFact] = &[$(PushFact {
            name: $name,
            alias: None,
            title: $title,
            when: $when,
            origin: Origin::Documented,
            fields: Fields(&[$(FieldTable::rows($rows.len(), |at| &$rows[at].field)),*]),
        }),*];

        /// The tables of a request.
        pub fn tables(name: &str) -> &'static [Rows] {
            match name {
                $($name => &[$($rows),*],)*
                _ => &[],
            }
        }
    };
}

requests! {
    "initiated" "StatusCallback: initiated" "a leg is dialled" CALL INITIATED PROGRESS;
    "ringing" "StatusCallback: ringing" "it rings" CALL RINGING PROGRESS;
    "answered" "StatusCallback: answered" "it is answered" CALL ANSWERED PROGRESS DETECTED;
    "voice" "TwiML: Url" "a call comes in, or one by the API is answered" CALL ASKING;
    "gather" "TwiML: <Gather action>" "the customer has pressed keys" CALL ASKING GATHER;
    "wait" "TwiML: <Enqueue waitUrl>" "the call is in a queue" CALL ASKING QUEUE WAIT;
    "queue" "TwiML: <Queue url>" "an agent takes the call out of its queue" CALL ASKING QUEUE TAKEN;
    "enqueue" "TwiML: <Enqueue action>" "the call leaves its queue, or the talk after it is over" CALL ASKING QUEUE LEFT;
    "dial" "TwiML: <Dial action>" "a leg that `<Dial>` dialled is over" CALL ASKING DIAL;
    "completed" "StatusCallback: completed" "a leg is over, answered or not" CALL ENDED PROGRESS DETECTED LENGTHS;
    "recording" "RecordingStatusCallback" "a recording is ready" RECORDING;
}

/// The TwiML requests that a field tells from others.
const MARKS: [(&str, &str); 5] = [
    ("DialCallStatus", "dial"),
    ("QueueResult", "enqueue"),
    ("DequeingCallSid", "queue"),
    ("QueuePosition", "wait"),
    ("Digits", "gather"),
];

/// Whether a request asks for TwiML, rather than telling something.
pub fn asks_for_twiml(push: &str) -> bool {
    push == "voice" || MARKS.iter().any(|(_, marked)| *marked == push)
}

/// Which request has these fields.
pub fn push_with(fields: &HashMap<String, String>) -> Option<&'static str> {
    let has = |name: &str| fields.contains_key(name);
    match (fields.get("CallStatus").map(String::as_str), has("CallbackSource")) {
        _ if !has("AccountSid") || !has("CallSid") => None,
        (None, _) => has("RecordingSid").then_some("recording"),
        (Some("initiated"), true) => Some("initiated"),
        (Some("ringing"), true) => Some("ringing"),
        (Some("in-progress"), true) => Some("answered"),
        (Some(_), true) => Some("completed"),
        (Some(_), false) => Some(MARKS.iter().find(|(mark, _)| has(mark)).map_or("voice", |(_, push)| push)),
    }
}
