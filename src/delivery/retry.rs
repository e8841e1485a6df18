//! Decides whether and when an attempt is followed by another: the policy, its jitter, and `Retry-After`. Pure.

use super::attempt::AttemptOutcome;
use crate::event::FailureClass;
use crate::faults::Answer;
use crate::http::Reply;
use crate::plan::{Delivery, Plan};
use crate::random::Keyed;
use crate::vendors::{Retriable, RetryPolicy};
use jiff::Timestamp;
use std::time::Duration;

/// The longest wait that a receiver can ask for by `Retry-After`; what it asks beyond is cut to this.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The status by which a receiver says that it is gone for good (RFC 9110, 15.5.11).
const GONE: u16 = 410;

/// What follows a failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Another one, after this wait.
    Again {
        /// In scenario time.
        wait: Duration,
        /// Whether the receiver asked for it.
        retry_after: bool,
    },
    /// None, and why.
    Never(&'static str),
}

/// Judges attempt number `attempt` of `delivery` to target number `target`, which failed at the instant `at`.
pub fn judge(
    plan: &Plan,
    delivery: &Delivery,
    target: u32,
    attempt: u32,
    outcome: &AttemptOutcome,
    answer: Answer,
    at: Timestamp,
) -> Verdict {
    if let Answer::Lost(again) = answer {
        // The vendor has heard nothing: as after a timeout, and in any case once more.
        let wait = waits(plan, delivery).get(attempt as usize - 1).copied().unwrap_or(again);
        return Verdict::Again { wait, retry_after: false };
    }
    let key = u64::from(delivery.number) << 32 | u64::from(target) << 16 | u64::from(attempt);
    let fraction = || Keyed::new(plan.seed, &plan.scenario, delivery.call_number).nth("jitter", key).fraction();
    judge_by(&plan.retry, waits(plan, delivery), attempt, outcome, at, fraction)
}

/// The same by a policy alone: its waits, and how far a wait is off by chance, from 0 to 1.
pub fn judge_by(
    policy: &RetryPolicy,
    waits: &[Duration],
    attempt: u32,
    outcome: &AttemptOutcome,
    at: Timestamp,
    fraction: impl FnOnce() -> f64,
) -> Verdict {
    if matches!(outcome, AttemptOutcome::Replied { reply, .. } if reply.status == GONE) {
        return Verdict::Never("410 says that there is no receiver any more");
    }
    if waits.is_empty() {
        return Verdict::Never("there is no retry");
    }
    let covered = retriable(outcome).is_some_and(|kind| policy.on.contains(&kind));
    if !covered {
        return Verdict::Never("this failure is not tried again");
    }
    let Some(wait) = waits.get(attempt as usize - 1) else {
        return Verdict::Never("no attempt is left");
    };
    let wait = if policy.jitter > 0.0 { jittered(*wait, policy.jitter, fraction()) } else { *wait };
    match asked(outcome, at) {
        Some(asked) if asked >= wait => Verdict::Again { wait: asked, retry_after: true },
        Some(_) | None => Verdict::Again { wait, retry_after: false },
    }
}

/// The waits of the push itself, or those of the plan's policy.
pub(super) fn waits<'p>(plan: &'p Plan, delivery: &'p Delivery) -> &'p [Duration] {
    delivery.request.waits.as_deref().unwrap_or(&plan.retry.waits)
}

/// The word of the policy for this failure; `None` where trying again is no use.
fn retriable(outcome: &AttemptOutcome) -> Option<Retriable> {
    match outcome {
        AttemptOutcome::Replied { reply, .. } => Some(match reply.status {
            429 => Retriable::TooManyRequests,
            500..=599 => Retriable::ServerError,
            _ => Retriable::Nack,
        }),
        AttemptOutcome::Failed { failure, .. } => match failure.class {
            FailureClass::Timeout => Some(Retriable::Timeout),
            FailureClass::Unresolved
            | FailureClass::Refused
            | FailureClass::OutOfFiles
            | FailureClass::Tls
            | FailureClass::Closed
            | FailureClass::NotHttp
            // To the vendor it is a connection that broke.
            | FailureClass::Fault => Some(Retriable::Connect),
            FailureClass::Unsendable => None,
        },
    }
}

/// The wait, longer or shorter by up to `jitter` of itself, in whole milliseconds as events print it.
fn jittered(wait: Duration, jitter: f64, fraction: f64) -> Duration {
    let factor = 1.0 + jitter.clamp(0.0, 1.0) * (2.0 * fraction - 1.0);
    let milliseconds = (wait.as_secs_f64() * 1000.0 * factor).round();
    // The cast saturates, so an absurd wait stays absurd and does not wrap.
    Duration::from_millis(milliseconds as u64)
}

/// The wait that the receiver asks for, where the status is one that lets it ask (RFC 9110, 10.2.3; RFC 6585, 4).
fn asked(outcome: &AttemptOutcome, at: Timestamp) -> Option<Duration> {
    let AttemptOutcome::Replied { reply, .. } = outcome else { return None };
    if !matches!(reply.status, 429 | 503) {
        return None;
    }
    retry_after(reply, at).map(|wait| wait.min(RETRY_AFTER_MAX))
}

fn retry_after(reply: &Reply, at: Timestamp) -> Option<Duration> {
    let value = reply.header("retry-after")?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are still digits: the cap applies.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    // A date beyond what an instant can say is only far away.
    let date = Timestamp::try_from(httpdate::parse_http_date(value).ok()?).unwrap_or(Timestamp::MAX);
    Some(Duration::try_from(date.duration_since(at)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Timing;

    fn replied(status: u16, after: &str) -> AttemptOutcome {
        let headers = vec![("Retry-After".to_owned(), after.to_owned())];
        let reply = Reply { status, headers, ..Reply::default() };
        AttemptOutcome::Replied { reply, timing: Timing::default() }
    }

    #[test]
    fn a_receiver_asks_in_seconds_or_by_a_date_of_the_scenario() {
        let at: Timestamp = "1994-11-06T08:49:07Z".parse().expect("an instant");
        for (value, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("999999999999999999999999", Some(86_400)),
            ("86401", Some(86_400)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(86_400)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(asked(&replied(503, value), at), expected.map(Duration::from_secs), "{value}");
        }
        assert_eq!(asked(&replied(429, "7"), at), Some(Duration::from_secs(7)));
        assert_eq!(asked(&replied(500, "7"), at), None);
        assert_eq!(asked(&replied(200, "7"), at), None);
    }

    #[test]
    fn jitter_stays_within_its_share_and_never_overflows() {
        let wait = Duration::from_secs(100);
        assert_eq!(jittered(wait, 0.2, 0.0), Duration::from_secs(80));
        assert_eq!(jittered(wait, 0.2, 0.5), wait);
        assert_eq!(jittered(wait, 0.2, 1.0), Duration::from_secs(120));
        assert_eq!(jittered(wait, 7.0, 0.0), Duration::ZERO);
        assert_eq!(jittered(wait, f64::NAN, 0.3), Duration::ZERO);
        assert_eq!(jittered(Duration::MAX, 0.2, 0.9), Duration::from_millis(u64::MAX));
    }
}
