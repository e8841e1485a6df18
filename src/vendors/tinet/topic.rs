//! The 29 topics of the pushes, apart from their numbers: numbers drift between generations and stand in `profile`.

/// What a push is about, in the order of the current numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// 来电推送.
    Incoming,
    /// 来电响铃推送.
    InboundRing,
    /// 外呼响铃推送.
    OutboundRing,
    /// webcall 转座席响铃推送.
    WebcallRing,
    /// 来电接通推送.
    InboundBridge,
    /// 外呼接通推送.
    OutboundBridge,
    /// 来电挂机推送.
    InboundHangup,
    /// 外呼挂机推送.
    OutboundHangup,
    /// 座席状态推送.
    AgentStatus,
    /// 按键推送.
    Keys,
    /// 号码状态识别推送.
    NumberStatus,
    /// 录音状态推送.
    Recording,
    /// HTTP 交互推送.
    HttpInteraction,
    /// 预测式外呼任务推送.
    Task,
    /// ASR 语音转换结果推送.
    Transcript,
    /// webcall 客户侧响铃推送.
    WebcallCustomerRing,
    /// 满意度调查推送.
    Survey,
    /// 预测外呼客户接听状态推送.
    PredictiveAnswer,
    /// NLU 推送.
    Understood,
    /// 预测外呼双方接听推送.
    PredictiveBridge,
    /// IVR 交互结束推送.
    IvrEnd,
    /// 外呼客户响铃推送.
    OutboundCustomerRing,
    /// webcall 客户接听推送.
    WebcallCustomerAnswer,
    /// webcall 转接响铃推送.
    WebcallTransferRing,
    /// webcall 转接接通推送.
    WebcallTransferBridge,
    /// 主叫外呼分机响铃推送.
    DirectRing,
    /// 主叫外呼分机接听推送.
    DirectAnswer,
    /// 主叫外呼客户响铃推送.
    DirectCustomerRing,
    /// 主叫外呼双方接通推送.
    DirectBridge,
}

/// Which names a push action may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Event variables by their bare names: `mainUniqueId`.
    Event,
    /// Channel variables only: `${cdr_status}`.
    Channel,
}

/// What becomes of a parameter whose variable has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It arrives with an empty value.
    Empty,
    /// It does not arrive.
    Omitted,
}

impl Topic {
    /// The names that its parameters refer to by default.
    pub fn family(self) -> Family {
        match self {
            Topic::InboundHangup | Topic::OutboundHangup | Topic::Recording => Family::Channel,
            _ => Family::Event,
        }
    }

    /// What becomes of a parameter without a value: pushes about a live channel send it empty, those that come after the
    /// channel is gone leave it out. Inferred from an older engine; a real hang-up push and the seed's status push agree.
    pub fn missing(self) -> Missing {
        match self {
            Topic::InboundHangup
            | Topic::OutboundHangup
            | Topic::AgentStatus
            | Topic::NumberStatus
            | Topic::Recording
            | Topic::Task
            | Topic::Transcript => Missing::Omitted,
            Topic::Incoming
            | Topic::InboundRing
            | Topic::OutboundRing
            | Topic::WebcallRing
            | Topic::InboundBridge
            | Topic::OutboundBridge
            | Topic::Keys
            | Topic::HttpInteraction
            | Topic::WebcallCustomerRing
            | Topic::Survey
            | Topic::PredictiveAnswer
            | Topic::Understood
            | Topic::PredictiveBridge
            | Topic::IvrEnd
            | Topic::OutboundCustomerRing
            | Topic::WebcallCustomerAnswer
            | Topic::WebcallTransferRing
            | Topic::WebcallTransferBridge
            | Topic::DirectRing
            | Topic::DirectAnswer
            | Topic::DirectCustomerRing
            | Topic::DirectBridge => Missing::Empty,
        }
    }
}
