//! The catalogue of TiNet: the 29 push types. What can be set stands in `options`, the fields in `line_fields`,
//! `voice_fields`, `agent_state` and `channel`.
//!
//! Source of the numbers and names: Alibaba Cloud, CloudListCurlLog - 推送日志查询.

use super::agent_state;
use super::channel::{INBOUND_HANGUP, OUTBOUND_HANGUP, RECORDING};
use super::line_fields::{
    AGENT_ANSWERED, AGENT_RINGING, BRIDGED, CUSTOMER_ANSWERED, DIRECT_CUSTOMER_RINGING, INCOMING, OUTBOUND_BRIDGED,
    OUTBOUND_CUSTOMER_RINGING, PREDICTIVE_ANSWERED, PREDICTIVE_BRIDGED, WEBCALL_CUSTOMER_RINGING,
};
use super::topic::Topic;
use super::variables::Row;
use super::voice_fields::{
    HTTP_INTERACTION, IVR_END, KEYS_PRESSED, NUMBER_STATUS, SURVEY, TASK_STATE, TRANSCRIPT, UNDERSTOOD,
};
use crate::vendors::{FieldTable, Fields, Origin, PushFact};
use std::sync::LazyLock;

/// A push type, with the variables that it has by default.
pub struct PushType {
    pub topic: Topic,
    pub fact: PushFact,
    pub rows: &'static [Row],
}

const fn push(
    name: &'static str,
    topic: Topic,
    alias: &'static str,
    title: &'static str,
    (rows, fields): (&'static [Row], Fields),
) -> PushType {
    let fact = PushFact { name, alias: Some(alias), title, when: "", origin: Origin::Seed, fields };
    PushType { topic, fact, rows }
}

impl PushType {
    const fn when(self, when: &'static str) -> Self {
        Self { fact: PushFact { when, ..self.fact }, ..self }
    }
}

/// A table with its fields.
macro_rules! table {
    ($rows:path) => {
        ($rows, Fields(&[FieldTable::rows($rows.len(), |place| &$rows[place].field)]))
    };
}

/// What the vendor sends.
pub fn pushes() -> &'static [PushFact] {
    static PUSHES: LazyLock<Vec<PushFact>> = LazyLock::new(|| TYPES.iter().map(|of_type| of_type.fact).collect());
    &PUSHES
}

/// Every push type by its current number, in order: the place in this list is that of its topic.
pub static TYPES: &[PushType] = &[
    push("1", Topic::Incoming, "incoming", "来电推送", table!(INCOMING))
        .when("an inbound call has reached the platform"),
    push("2", Topic::InboundRing, "inbound-ring", "来电响铃推送", table!(AGENT_RINGING))
        .when("an agent's phone rings for an inbound call, or for a transfer"),
    push("3", Topic::OutboundRing, "outbound-ring", "外呼响铃推送", table!(AGENT_RINGING))
        .when("an agent's phone rings for an outbound or predictive call"),
    push("4", Topic::WebcallRing, "webcall-ring", "webcall 转座席响铃推送", table!(AGENT_RINGING))
        .when("an agent's phone rings for a webcall"),
    push("5", Topic::InboundBridge, "inbound-bridge", "来电接通推送", table!(BRIDGED))
        .when("an agent and the customer of an inbound call, or of a transfer, talk"),
    push("6", Topic::OutboundBridge, "outbound-bridge", "外呼接通推送", table!(OUTBOUND_BRIDGED))
        .when("the customer of an outbound call answers"),
    push("7", Topic::InboundHangup, "inbound-hangup", "来电挂机推送", table!(INBOUND_HANGUP))
        .when("an inbound call is over: its record"),
    push("8", Topic::OutboundHangup, "outbound-hangup", "外呼挂机推送", table!(OUTBOUND_HANGUP))
        .when("a call of any other kind is over: its record"),
    push("9", Topic::AgentStatus, "agent-state", "座席状态推送", table!(agent_state::FIELDS))
        .when("an agent's state changes"),
    push("10", Topic::Keys, "keys", "按键推送", table!(KEYS_PRESSED)).when("the customer presses keys in a voice menu"),
    push("11", Topic::NumberStatus, "number-state", "号码状态识别推送", table!(NUMBER_STATUS))
        .when("the tone of a failed call was recognised"),
    push("12", Topic::Recording, "recording", "录音状态推送", table!(RECORDING))
        .when("the recording is ready, after the hang-up push"),
    push("13", Topic::HttpInteraction, "http-interaction", "HTTP 交互推送", table!(HTTP_INTERACTION))
        .when("a node of the voice menu asks the receiver"),
    push("14", Topic::Task, "task-state", "预测式外呼任务推送", table!(TASK_STATE))
        .when("a predictive task starts or ends"),
    push("15", Topic::Transcript, "transcript", "ASR 语音转换结果推送", table!(TRANSCRIPT))
        .when("the transcript of a recording is ready"),
    push(
        "16",
        Topic::WebcallCustomerRing,
        "webcall-customer-ring",
        "webcall 客户侧响铃推送",
        table!(WEBCALL_CUSTOMER_RINGING),
    )
    .when("the phone of a webcall's customer rings"),
    push("17", Topic::Survey, "survey", "满意度调查推送", table!(SURVEY)).when("the customer has answered the survey"),
    push("18", Topic::PredictiveAnswer, "predictive-answer", "预测外呼客户接听状态推送", table!(PREDICTIVE_ANSWERED))
        .when("the customer of a predictive call answers or not"),
    push("19", Topic::Understood, "understood", "NLU 推送", table!(UNDERSTOOD))
        .when("a voice robot understood the customer"),
    push("20", Topic::PredictiveBridge, "predictive-bridge", "预测外呼双方接听推送", table!(PREDICTIVE_BRIDGED))
        .when("an agent and the customer of a predictive call talk"),
    push("21", Topic::IvrEnd, "menu-end", "IVR 交互结束推送", table!(IVR_END))
        .when("the customer leaves the voice menu"),
    push("22", Topic::OutboundCustomerRing, "customer-ring", "外呼客户响铃推送", table!(OUTBOUND_CUSTOMER_RINGING))
        .when("the phone of an outbound call's customer rings"),
    push(
        "23",
        Topic::WebcallCustomerAnswer,
        "webcall-customer-answer",
        "webcall 客户接听推送",
        table!(CUSTOMER_ANSWERED),
    )
    .when("the customer of a webcall answers"),
    push("24", Topic::WebcallTransferRing, "webcall-transfer-ring", "webcall 转接响铃推送", table!(AGENT_RINGING))
        .when("a colleague's phone rings for a transfer of a webcall"),
    push("25", Topic::WebcallTransferBridge, "webcall-transfer-bridge", "webcall 转接接通推送", table!(BRIDGED))
        .when("a colleague takes over a webcall"),
    push("26", Topic::DirectRing, "direct-ring", "主叫外呼分机响铃推送", table!(AGENT_RINGING))
        .when("the extension of a direct call rings"),
    push("27", Topic::DirectAnswer, "direct-answer", "主叫外呼分机接听推送", table!(AGENT_ANSWERED))
        .when("the extension of a direct call answers"),
    push(
        "28",
        Topic::DirectCustomerRing,
        "direct-customer-ring",
        "主叫外呼客户响铃推送",
        table!(DIRECT_CUSTOMER_RINGING),
    )
    .when("the phone of a direct call's customer rings"),
    push("29", Topic::DirectBridge, "direct-bridge", "主叫外呼双方接通推送", table!(OUTBOUND_BRIDGED))
        .when("the customer of a direct call answers"),
];
