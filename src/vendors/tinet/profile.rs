//! The numbers of the push types in each generation of the platform. What the numbers mean stands in `topic`.
//!
//! Sources: the current list is that of Alibaba Cloud, CloudListCurlLog; the older ones are second hand, hence inferred.

use super::facts::TYPES;
use super::topic::Topic;
use crate::vendors::options::Words;

/// A numbering of the push types: their topics from number 1 on, or those of the page.
#[derive(Debug, Clone, Copy)]
pub struct Profile(Option<&'static [Topic]>);

impl Profile {
    /// Each number with its topic, in order.
    pub fn numbers(self) -> Vec<(&'static str, Topic)> {
        let current = TYPES.iter().map(|of_type| of_type.topic);
        let topics: Vec<Topic> = self.0.map_or_else(|| current.collect(), <[Topic]>::to_vec);
        TYPES.iter().zip(topics).map(|(of_type, topic)| (of_type.fact.name, topic)).collect()
    }
}

impl Words for Profile {
    const ALL: &'static [(&'static str, Self)] =
        &[("current", Profile(None)), ("2019", Profile(Some(YEAR_2019))), ("2016", Profile(Some(YEAR_2016)))];
}

/// The numbering of 2019: it stopped at 13, and 13 was the transcript.
const YEAR_2019: &[Topic] = &[
    Topic::Incoming,
    Topic::InboundRing,
    Topic::OutboundRing,
    Topic::WebcallRing,
    Topic::InboundBridge,
    Topic::OutboundBridge,
    Topic::InboundHangup,
    Topic::OutboundHangup,
    Topic::AgentStatus,
    Topic::Keys,
    Topic::NumberStatus,
    Topic::Recording,
    Topic::Transcript,
];

/// The numbering that the engine of 2016 configured pushes with.
const YEAR_2016: &[Topic] = &[
    Topic::InboundHangup,
    Topic::OutboundHangup,
    Topic::OutboundBridge,
    Topic::InboundBridge,
    Topic::AgentStatus,
    Topic::Incoming,
    Topic::InboundRing,
    Topic::OutboundRing,
    Topic::Keys,
    Topic::NumberStatus,
    Topic::WebcallRing,
];
