//! The numbers of the push types in each generation of the platform. What the numbers mean stands in `topic`.
//!
//! Sources: the current list is that of Alibaba Cloud, CloudListCurlLog; the older ones are second hand, hence inferred.

use super::topic::Topic;

/// A numbering of the push types: each number with its topic, in order.
pub type Profile = &'static [(&'static str, Topic)];

/// The words of the setting `profile`.
pub const PROFILES: [&str; 3] = ["current", "2019", "2016"];

/// The numbering called by this word.
pub fn profile(word: &str) -> Option<Profile> {
    match word {
        "current" => Some(CURRENT),
        "2019" => Some(YEAR_2019),
        "2016" => Some(YEAR_2016),
        _ => None,
    }
}

/// The numbering of the page: 29 types.
pub const CURRENT: Profile = &[
    ("1", Topic::Incoming),
    ("2", Topic::InboundRing),
    ("3", Topic::OutboundRing),
    ("4", Topic::WebcallRing),
    ("5", Topic::InboundBridge),
    ("6", Topic::OutboundBridge),
    ("7", Topic::InboundHangup),
    ("8", Topic::OutboundHangup),
    ("9", Topic::AgentStatus),
    ("10", Topic::Keys),
    ("11", Topic::NumberStatus),
    ("12", Topic::Recording),
    ("13", Topic::HttpInteraction),
    ("14", Topic::Task),
    ("15", Topic::Transcript),
    ("16", Topic::WebcallCustomerRing),
    ("17", Topic::Survey),
    ("18", Topic::PredictiveAnswer),
    ("19", Topic::Understood),
    ("20", Topic::PredictiveBridge),
    ("21", Topic::IvrEnd),
    ("22", Topic::OutboundCustomerRing),
    ("23", Topic::WebcallCustomerAnswer),
    ("24", Topic::WebcallTransferRing),
    ("25", Topic::WebcallTransferBridge),
    ("26", Topic::DirectRing),
    ("27", Topic::DirectAnswer),
    ("28", Topic::DirectCustomerRing),
    ("29", Topic::DirectBridge),
];

/// The numbering of 2019: it stopped at 13, and 13 was the transcript.
pub const YEAR_2019: Profile = &[
    ("1", Topic::Incoming),
    ("2", Topic::InboundRing),
    ("3", Topic::OutboundRing),
    ("4", Topic::WebcallRing),
    ("5", Topic::InboundBridge),
    ("6", Topic::OutboundBridge),
    ("7", Topic::InboundHangup),
    ("8", Topic::OutboundHangup),
    ("9", Topic::AgentStatus),
    ("10", Topic::Keys),
    ("11", Topic::NumberStatus),
    ("12", Topic::Recording),
    ("13", Topic::Transcript),
];

/// The numbering that the engine of 2016 configured pushes with.
pub const YEAR_2016: Profile = &[
    ("1", Topic::InboundHangup),
    ("2", Topic::OutboundHangup),
    ("3", Topic::OutboundBridge),
    ("4", Topic::InboundBridge),
    ("5", Topic::AgentStatus),
    ("6", Topic::Incoming),
    ("7", Topic::InboundRing),
    ("8", Topic::OutboundRing),
    ("9", Topic::Keys),
    ("10", Topic::NumberStatus),
    ("11", Topic::WebcallRing),
];
