//! Writes pushes: every push action of a topic, its variables replaced by what is known.

use super::actions::{Action, Source};
use super::event::Event;
use super::options::Options;
use super::record::Record;
use super::topic::{Missing, Topic};
use super::transport::{self, put};
use crate::call::Cast;
use crate::http::Push;
use std::time::Duration;

/// The parameter that type 13 always has. Inferred from an older engine.
const TAG: &str = "tag";

/// Writes the pushes of one call.
pub struct Writer {
    written: u64,
}

impl Writer {
    /// Nothing is written yet.
    pub fn new() -> Self {
        Self { written: 0 }
    }

    /// Writes a topic: one push of each of its actions, in their order, so much later than the happening.
    pub fn write(
        &mut self,
        topic: Topic,
        event: &Event,
        record: Option<&Record>,
        (cast, options): (&Cast, &Options),
        after: Duration,
        pushes: &mut Vec<Push>,
    ) {
        // An agent's state outside of a call is about no call.
        let main_id = event.get("mainUniqueId").unwrap_or_default();
        for action in options.actions.iter().filter(|action| action.topic == topic) {
            let mut draw = cast.keyed.nth("tinet.order", self.written);
            self.written += 1;
            let params = params(action, event, record, options);
            pushes.push(transport::later(transport::push(action, params, main_id, options, &mut draw), after));
        }
    }
}

fn params(action: &Action, event: &Event, record: Option<&Record>, options: &Options) -> Vec<(String, String)> {
    let missing = options.missing.unwrap_or(action.topic.missing());
    let mut params = Vec::with_capacity(action.params.len());
    for (name, source) in &action.params {
        let value = match source {
            Source::Text(text) => Some(text.clone()),
            Source::Event(variable) => event.get(variable).map(str::to_owned),
            Source::Channel(variable) => record.and_then(|record| record.get(variable)),
        };
        match (value, missing) {
            (Some(value), _) => params.push((name.clone(), value)),
            (None, Missing::Empty) => params.push((name.clone(), String::new())),
            (None, Missing::Omitted) => {}
        }
    }
    if action.topic == Topic::HttpInteraction && !params.iter().any(|(name, _)| name == TAG) {
        put(&mut params, TAG.to_owned(), options.tag.clone());
    }
    params
}
