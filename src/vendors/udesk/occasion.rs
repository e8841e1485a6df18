//! The occasions on which Udesk pushes, its kinds of call and of conversation, as closed lists with the vendor's words.

use crate::call::{Advanced, Category, Kind, Outcome};

/// Why a push is sent: the value of `occasion` (Udesk, 通话事件推送, 详解八).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// An automatic outbound call starts.
    Begin,
    /// The agent answers a callback.
    AgentAnswer,
    /// The customer answers an outbound call.
    CustomerAnswer,
    /// The customer is in the queue.
    EnqueueSucc,
    /// An agent is reserved.
    AgentLock,
    /// The agent starts to talk.
    AgentIncall,
    /// The assigned agent does not answer.
    AgentBreakout,
    /// An advanced operation succeeded or failed.
    Advanced(Advanced, Outcome),
    /// One side hangs up.
    Hangup,
    /// The conversation is over.
    End,
    /// What an advanced conversation was.
    EndInfo,
}

impl Occasion {
    /// The vendor's word.
    pub const fn name(self) -> &'static str {
        use Outcome::{Failed, Succeeded};
        match self {
            Occasion::Begin => "begin",
            Occasion::AgentAnswer => "agent_answer",
            Occasion::CustomerAnswer => "customer_answer",
            Occasion::EnqueueSucc => "enqueue_succ",
            Occasion::AgentLock => "agent_lock",
            Occasion::AgentIncall => "agent_incall",
            Occasion::AgentBreakout => "agent_breakout",
            Occasion::Advanced(Advanced::Transfer, Succeeded) => "transfer_succ",
            Occasion::Advanced(Advanced::Transfer, Failed) => "transfer_failed",
            Occasion::Advanced(Advanced::Consult, Succeeded) => "consult_succ",
            Occasion::Advanced(Advanced::Consult, Failed) => "consult_failed",
            Occasion::Advanced(Advanced::Listen, Succeeded) => "listening_succ",
            Occasion::Advanced(Advanced::Listen, Failed) => "listening_failed",
            Occasion::Advanced(Advanced::Conference, Succeeded) => "third_party_succ",
            Occasion::Advanced(Advanced::Conference, Failed) => "third_party_failed",
            Occasion::Advanced(Advanced::Barge, Succeeded) => "interpose_succ",
            Occasion::Advanced(Advanced::Barge, Failed) => "interpose_failed",
            Occasion::Advanced(Advanced::Intercept, Succeeded) => "substitute_succ",
            Occasion::Advanced(Advanced::Intercept, Failed) => "substitute_failed",
            Occasion::Advanced(Advanced::Whisper, Succeeded) => "whisper_succ",
            Occasion::Advanced(Advanced::Whisper, Failed) => "whisper_failed",
            Occasion::Hangup => "hangup",
            Occasion::End => "end",
            Occasion::EndInfo => "end_info",
        }
    }
}

/// How a call comes about: the value of `workflow`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workflow {
    /// The customer calls (呼入).
    In,
    /// The platform calls the agent, then the customer (双向回拨).
    OutCallback,
    /// The agent dials the customer (外呼直拨).
    OutDirect,
    /// The platform dials customers on its own (自动外呼).
    OutAuto,
}

impl Workflow {
    /// The workflow of a kind of call; Udesk documents no web call.
    ///
    /// That a previewed call is a callback is inferred: its agent is called first, and no page names it.
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Inbound => Some(Workflow::In),
            Kind::Outbound | Kind::Preview => Some(Workflow::OutCallback),
            Kind::Direct => Some(Workflow::OutDirect),
            Kind::Predictive => Some(Workflow::OutAuto),
            Kind::Webcall => None,
        }
    }

    /// The vendor's word.
    pub fn name(self) -> &'static str {
        match self {
            Workflow::In => "in",
            Workflow::OutCallback => "out_callback",
            Workflow::OutDirect => "out_direct",
            Workflow::OutAuto => "out_auto",
        }
    }

    /// Whether the platform looks for an agent while the customer waits.
    pub fn assigns_agents(self) -> bool {
        match self {
            Workflow::In | Workflow::OutAuto => true,
            Workflow::OutCallback | Workflow::OutDirect => false,
        }
    }
}

/// The value of `category` (详解二). Its words differ from those of `occasion`: a barge is `interpose` there and
/// `barge_in` here. Whispering has no category; that it counts as `listening` is inferred.
pub fn category(category: Category, outside: bool) -> &'static str {
    match (category, outside) {
        (Category::Normal, _) => "normal",
        (Category::Advanced(Advanced::Transfer), false) => "transfer",
        (Category::Advanced(Advanced::Transfer), true) => "transfer_outline",
        (Category::Advanced(Advanced::Consult), false) => "consult",
        (Category::Advanced(Advanced::Consult), true) => "consult_outline",
        (Category::Advanced(Advanced::Conference), false) => "three_party",
        (Category::Advanced(Advanced::Conference), true) => "three_party_outline",
        (Category::Advanced(Advanced::Listen | Advanced::Whisper), _) => "listening",
        (Category::Advanced(Advanced::Barge), _) => "barge_in",
        (Category::Advanced(Advanced::Intercept), _) => "substitute",
    }
}
