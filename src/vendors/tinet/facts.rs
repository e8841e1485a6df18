//! The catalogue of TiNet: the 29 push types. What can be set stands in `settings`, the fields in `fields` and `record_fields`.
//!
//! Source of the numbers and names: Alibaba Cloud, CloudListCurlLog - 推送日志查询.

use super::{fields, record_fields};
use crate::vendors::{FieldFact, Origin, PushFact};

const fn push(name: &'static str, title: &'static str, when: &'static str, fields: &'static [FieldFact]) -> PushFact {
    PushFact { name, title, when, origin: Origin::Seed, fields }
}

/// Every push type by its current number, in order: the place in this list is the place of its topic.
pub const PUSHES: &[PushFact] = &[
    push("1", "来电推送", "an inbound call has reached the platform", fields::INCOMING),
    push("2", "来电响铃推送", "an agent's phone rings for an inbound call, or for a transfer", fields::RINGING),
    push("3", "外呼响铃推送", "an agent's phone rings for an outbound or predictive call", fields::RINGING),
    push("4", "webcall 转座席响铃推送", "an agent's phone rings for a webcall", fields::RINGING),
    push("5", "来电接通推送", "an agent and the customer of an inbound call, or of a transfer, talk", fields::BRIDGED),
    push("6", "外呼接通推送", "the customer of an outbound call answers", fields::OUTBOUND_BRIDGED),
    push("7", "来电挂机推送", "an inbound call is over: its record", record_fields::INBOUND_HANGUP),
    push("8", "外呼挂机推送", "a call of any other kind is over: its record", record_fields::OUTBOUND_HANGUP),
    push("9", "座席状态推送", "an agent's state changes", record_fields::AGENT_STATUS),
    push("10", "按键推送", "the customer presses keys in a voice menu", fields::KEYS),
    push("11", "号码状态识别推送", "the tone of a failed call was recognised", fields::NUMBER_STATUS),
    push("12", "录音状态推送", "the recording is ready, after the hang-up push", record_fields::RECORDING),
    push("13", "HTTP 交互推送", "a node of the voice menu asks the receiver", fields::HTTP_INTERACTION),
    push("14", "预测式外呼任务推送", "a predictive task starts or ends", fields::TASK_STATE),
    push("15", "ASR 语音转换结果推送", "the transcript of a recording is ready", fields::TRANSCRIPT),
    push("16", "webcall 客户侧响铃推送", "the phone of a webcall's customer rings", fields::WEBCALL_CUSTOMER_RINGING),
    push("17", "满意度调查推送", "the customer has answered the survey", fields::SURVEY),
    push(
        "18",
        "预测外呼客户接听状态推送",
        "the customer of a predictive call answers or not",
        fields::PREDICTIVE_ANSWERED,
    ),
    push("19", "NLU 推送", "a voice robot understood the customer", fields::UNDERSTOOD),
    push(
        "20",
        "预测外呼双方接听推送",
        "an agent and the customer of a predictive call talk",
        fields::PREDICTIVE_BRIDGED,
    ),
    push("21", "IVR 交互结束推送", "the customer leaves the voice menu", fields::IVR_END),
    push("22", "外呼客户响铃推送", "the phone of an outbound call's customer rings", fields::RINGING),
    push("23", "webcall 客户接听推送", "the customer of a webcall answers", fields::CUSTOMER_ANSWERED),
    push("24", "webcall 转接响铃推送", "a colleague's phone rings for a transfer of a webcall", fields::RINGING),
    push("25", "webcall 转接接通推送", "a colleague takes over a webcall", fields::BRIDGED),
    push("26", "主叫外呼分机响铃推送", "the extension of a direct call rings", fields::RINGING),
    push("27", "主叫外呼分机接听推送", "the extension of a direct call answers", fields::AGENT_ANSWERED),
    push("28", "主叫外呼客户响铃推送", "the phone of a direct call's customer rings", fields::RINGING),
    push("29", "主叫外呼双方接通推送", "the customer of a direct call answers", fields::OUTBOUND_BRIDGED),
];
