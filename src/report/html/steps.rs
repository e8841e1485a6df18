//! What an event is on a ladder.

use super::cut::{BODY_MAX_BYTES, few, line};
use super::model::{Step, Text};
use crate::event::{DeliveryId, RunEvent, milliseconds};
use crate::vendors::named::shown;
use std::collections::HashMap;

/// The step of an event; `None` where a ladder does not show it. `why` is what each delivery tells of.
pub(super) fn step(event: &RunEvent, why: &HashMap<u32, String>) -> Option<Step> {
    let why = |delivery: &DeliveryId| why.get(&delivery.number).cloned().unwrap_or_default();
    Some(match event {
        RunEvent::Attempted {
            delivery,
            attempt,
            attempts_max,
            offset,
            at,
            due,
            timeout,
            method,
            url,
            headers,
            body,
            faults,
            ..
        } => Step::Sent {
            n: delivery.number,
            to: delivery.target,
            r#try: *attempt,
            of: *attempts_max,
            call: delivery.call.clone(),
            at_ms: milliseconds(*offset),
            due_ms: milliseconds(*due),
            clock: at.clone(),
            timeout_ms: milliseconds(*timeout),
            push: shown(&delivery.push).into_owned(),
            why: why(delivery),
            method,
            url: line(url),
            headers: few(headers),
            body: Text::of(body, BODY_MAX_BYTES),
            faults: faults.clone(),
        },
        RunEvent::Replied {
            delivery,
            attempt,
            status,
            headers,
            body,
            truncated,
            version,
            remark,
            timing,
            acknowledged,
            reason,
            warning,
        } => Step::Answered {
            n: delivery.number,
            to: delivery.target,
            r#try: *attempt,
            status: *status,
            headers: few(headers),
            body: Text::of(body, BODY_MAX_BYTES),
            truncated: *truncated,
            version: *version,
            remark: remark.as_deref().map(line),
            timing: *timing,
            acknowledged: *acknowledged,
            reason: reason.as_deref().map(line),
            warning: warning.as_deref().map(line),
        },
        RunEvent::Failed { delivery, attempt, class, phase, message, timing } => Step::Broken {
            n: delivery.number,
            to: delivery.target,
            r#try: *attempt,
            class: *class,
            told: class.as_str(),
            phase: *phase,
            message: line(message),
            timing: *timing,
        },
        RunEvent::RetrySet { delivery, attempt, wait, due, retry_after } => Step::Waits {
            n: delivery.number,
            to: delivery.target,
            r#try: *attempt,
            wait_ms: milliseconds(*wait),
            due_ms: milliseconds(*due),
            asked: *retry_after,
        },
        RunEvent::Held { delivery, offset } => Step::Held {
            n: delivery.number,
            to: delivery.target,
            call: delivery.call.clone(),
            push: shown(&delivery.push).into_owned(),
            at_ms: milliseconds(*offset),
        },
        RunEvent::Dropped { delivery, offset, faults } => Step::Dropped {
            n: delivery.number,
            to: delivery.target,
            call: delivery.call.clone(),
            push: shown(&delivery.push).into_owned(),
            why: why(delivery),
            at_ms: milliseconds(*offset),
            faults: faults.clone(),
        },
        RunEvent::GivenUp { delivery, attempts, reason, excused } => Step::GivenUp {
            n: delivery.number,
            to: delivery.target,
            attempts: *attempts,
            reason: line(reason),
            excused: *excused,
        },
        _ => return None,
    })
}

/// How long the texts of a step are that may be long.
pub(super) fn texts_bytes(step: &Step) -> usize {
    let headers_bytes =
        |headers: &[(String, String)]| headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
    match step {
        Step::Sent { url, headers, body, .. } => url.len() + headers_bytes(headers) + body.text.len(),
        Step::Answered { headers, body, .. } => headers_bytes(headers) + body.text.len(),
        Step::Broken { message: text, .. } | Step::GivenUp { reason: text, .. } => text.len(),
        Step::Waits { .. } | Step::Held { .. } | Step::Dropped { .. } => 0,
    }
}
