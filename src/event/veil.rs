//! Every text of an event in which a receiver, or a message, could repeat a secret. Names of scenarios, pushes and calls are none.

use super::{Expectation, Finding, RunEvent};
use crate::faults::Bent;
use crate::http::Secrets;
use serde_json::Value;

impl RunEvent {
    /// The event without the known secrets of the run: every text that did not arise here has them veiled.
    pub fn veiled(&self, secrets: &Secrets) -> RunEvent {
        let mut event = self.clone();
        event.each_text(&mut |text| secrets.veil(text));
        event
    }

    /// Lets `change` change every text.
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        match self {
            RunEvent::Started { targets, .. } => targets.iter_mut().for_each(change),
            RunEvent::Planned { why, faults, .. } => {
                change(why);
                evidence(faults, change);
            }
            RunEvent::Dropped { faults, .. } => evidence(faults, change),
            RunEvent::Driven { what, .. } => change(what),
            RunEvent::Attempted { url, headers, body, faults, .. } => {
                change(url);
                headers.iter_mut().for_each(|(_, value)| change(value));
                change(body);
                evidence(faults, change);
            }
            RunEvent::Replied { headers, body, remark, reason, warning, .. } => {
                headers.iter_mut().for_each(|(_, value)| change(value));
                change(body);
                [remark, reason, warning].into_iter().flatten().for_each(change);
            }
            RunEvent::Failed { message, .. } => change(message),
            RunEvent::GivenUp { reason, .. } | RunEvent::Skipped { reason, .. } => change(reason),
            RunEvent::Disabled { url, .. } => change(url),
            RunEvent::Unreachable { url, message, .. } => {
                change(url);
                change(message);
            }
            RunEvent::Recorded { why, record, .. } => {
                change(why);
                each_text_of(record, change);
            }
            RunEvent::StoryStarted { title, replay, .. } => {
                change(title);
                change(replay);
            }
            RunEvent::Probed { expectation, asked, body, silent, .. } => {
                expected(expectation, change);
                change(asked);
                change(body);
                silent.iter_mut().for_each(change);
            }
            RunEvent::Found(found) => {
                let found = &mut **found;
                expected(&mut found.expectation, change);
                let Finding { message, expected, found, difference, said, faults, curl, replay, help, .. } = found;
                difference.iter_mut().for_each(|line| change(&mut line.text));
                evidence(faults, change);
                [message, expected, found, replay].into_iter().for_each(&mut *change);
                [said, curl, help].into_iter().flatten().for_each(change);
            }
            RunEvent::Checked { expectation, .. } => expected(expectation, change),
            RunEvent::NotJudged { expectation, reason, .. } => {
                expected(expectation, change);
                change(reason);
            }
            RunEvent::FaultPlayed { .. }
            | RunEvent::Compared { .. }
            | RunEvent::Withdrawn { .. }
            | RunEvent::Held { .. }
            | RunEvent::RetrySet { .. }
            | RunEvent::Acknowledged { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::StoryFinished { .. }
            | RunEvent::Finished { .. } => {}
        }
    }
}

/// A scenario may expect what it sends, in the line that is quoted, too.
fn expected(expectation: &mut Expectation, change: &mut dyn FnMut(&mut String)) {
    [&mut expectation.text, &mut expectation.quote].into_iter().for_each(change);
}

fn evidence(faults: &mut [Bent], change: &mut dyn FnMut(&mut String)) {
    faults.iter_mut().for_each(|bent| change(&mut bent.evidence));
}

fn each_text_of(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text_of(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text_of(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
