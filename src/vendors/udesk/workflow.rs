//! Udesk's kinds of call and of conversation, with the vendor's words.

use crate::call::{Advanced, Category, Kind};

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
    /// The vendor's words, in the order of the list above.
    pub const WORDS: [&'static str; 4] = ["in", "out_callback", "out_direct", "out_auto"];

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
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// Whether the platform looks for an agent while the customer waits.
    pub fn assigns_agents(self) -> bool {
        match self {
            Workflow::In | Workflow::OutAuto => true,
            Workflow::OutCallback | Workflow::OutDirect => false,
        }
    }
}

/// The words of [`category`].
pub const CATEGORIES: &[&str] = &[
    "normal",
    "transfer",
    "transfer_outline",
    "consult",
    "consult_outline",
    "three_party",
    "three_party_outline",
    "listening",
    "barge_in",
    "substitute",
];

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

/// Whether the customer belongs to a conversation, rather than to the one that it grew from.
pub fn owns_customer(category: Category) -> bool {
    match category {
        Category::Normal | Category::Advanced(Advanced::Transfer | Advanced::Intercept) => true,
        Category::Advanced(
            Advanced::Consult | Advanced::Conference | Advanced::Listen | Advanced::Whisper | Advanced::Barge,
        ) => false,
    }
}
