//! The call that is tried first: sent as `run` would send it, because a wrong address is better told once than a million times.

use super::{Ended, Load};
use crate::clock::Pace;
use crate::delivery::{self, Stop};
use crate::event::{FailureClass, Phase, RunEvent};
use crate::plan::Plan;
use crate::vendors::RetryPolicy;

/// The number of the call that is tried first: one that no call of the load can have, so that the receiver sees none twice.
const CALL_TRIED: u64 = u32::MAX as u64 + 1;

/// Tries one call of each story.
pub(super) async fn try_stories(load: &Load, stop: &Stop) -> Result<(), Ended> {
    for story in load.stories.iter().filter(|story| story.weight > 0) {
        let Some(mut plan) = story.calls.plan(CALL_TRIED, load.start) else { continue };
        // One attempt is enough to see whether it works.
        plan.retry = RetryPolicy::none();
        plan.deliveries.iter_mut().for_each(|delivery| delivery.request.waits = None);
        if let Some(failure) = play(load, &plan, stop).await {
            let told = |why: String| format!("{}, tried once before the load: {why}", story.calls.name());
            return Err(match failure {
                Failed::Unreachable(why) => Ended::Unreachable(told(why)),
                Failed::Refused(why) => Ended::Tried(told(format!("{why}. `ringback run` plays it push by push"))),
            });
        }
        if stop.is_requested() {
            return Err(Ended::Interrupted);
        }
    }
    Ok(())
}

/// Why a call that was tried failed.
enum Failed {
    /// The target was not reached.
    Unreachable(String),
    /// It was, and did not take a push.
    Refused(String),
}

/// What went wrong, first of all. Of a call that faults bend only that the target cannot be reached: the rest may well be on
/// purpose, and nothing more is sent once it has answered.
async fn play(load: &Load, plan: &Plan, stop: &Stop) -> Option<Failed> {
    let (stopper, enough) = delivery::stop();
    let mut failure = None;
    let mut events = |event: RunEvent| {
        let is_known = match plan.faults.is_empty() {
            true => matches!(event, RunEvent::Replied { acknowledged: false, .. } | RunEvent::Failed { .. }),
            false => has_reached(&event),
        };
        if is_known {
            stopper.stop();
        }
        let found = match event {
            // A check on its status takes the place of the vendor's own rule.
            RunEvent::Replied { delivery, .. } if plan.contract.judges_status(&delivery.push) => None,
            RunEvent::Replied { delivery, status, acknowledged: false, reason, .. } => {
                Some(format!("{} was answered with {status}: {}", delivery.push, reason.unwrap_or_default()))
            }
            RunEvent::Failed { delivery, message, .. } => Some(format!("{}: {message}", delivery.push)),
            _ => None,
        };
        if failure.is_none() {
            failure = found;
        }
    };
    let delivered = tokio::select! {
        biased;
        () = stop.requested() => return None,
        delivered = delivery::deliver(plan, Pace::Fast, &load.transport, &mut events, &enough) => delivered,
    };
    match delivered.unreachable {
        Some(unreachable) => {
            Some(Failed::Unreachable(format!("{} cannot be reached: {}", unreachable.url, unreachable.message)))
        }
        None => failure.filter(|_| plan.faults.is_empty()).map(Failed::Refused),
    }
}

/// Whether a push has come to the target.
fn has_reached(event: &RunEvent) -> bool {
    match event {
        RunEvent::Replied { .. } => true,
        RunEvent::Failed { class, phase, .. } => {
            *class != FailureClass::Fault && matches!(phase, Phase::FirstByte | Phase::Body)
        }
        _ => false,
    }
}
