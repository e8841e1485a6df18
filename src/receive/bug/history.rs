//! Bugs in what a receiver makes of the pushes before: repeats, order, and what comes after the end.

use super::memory::{Memory, fingerprint};
use super::{Request, failed};
use crate::receive::behaviour::Answer;
use crate::vendors::Stage;

/// As where the event id is a unique key of the table, and nobody handles the error.
pub(super) fn forgets_retries(request: &Request<'_>, memory: &mut Memory) -> Option<Answer> {
    match is_new(request, memory) {
        None | Some(true) => None,
        Some(false) => failed(500, "duplicate entry for key 'event'"),
    }
}

/// As where a report counts rows, not events.
pub(super) fn counts_duplicates(request: &Request<'_>, memory: &mut Memory) -> Option<Answer> {
    if let Some(is_new) = is_new(request, memory) {
        memory.counted += 1;
        memory.distinct += u64::from(is_new);
    }
    let (counted, distinct) = (memory.counted, memory.distinct);
    match counted == distinct {
        true => Some(Answer::json(
            200,
            format!(
                "{{\"ok\":true,\"code\":200,\"result\":\"success\",\"resultCode\":\"0\",\"retCode\":\"0\",\"counted\":{counted}}}"
            ),
        )),
        false => Some(Answer::json(
            409,
            format!("{{\"error\":\"the count is wrong\",\"counted\":{counted},\"distinct\":{distinct}}}"),
        )),
    }
}

/// As where a call's row is overwritten by whatever comes, and a check finds time running backwards.
pub(super) fn trusts_arrival_order(request: &Request<'_>, memory: &mut Memory) -> Option<Answer> {
    let (vendor, _) = request.known?;
    let about = vendor.about(request.captured)?;
    let at = about.at?;
    let call = memory.calls.of(format!("{} {}", vendor.id(), about.call));
    // Times of one vendor are written alike, and those of one length compare as text.
    let is_older = call.at.as_ref().is_some_and(|last| last.len() == at.len() && at < *last);
    if is_older {
        return failed(500, "a call cannot go back in time");
    }
    call.at = Some(at);
    None
}

/// As where a call's session is deleted at its end.
pub(super) fn loses_late_pushes(request: &Request<'_>, memory: &mut Memory) -> Option<Answer> {
    let (vendor, _) = request.known?;
    let about = vendor.about(request.captured)?;
    let call = memory.calls.of(format!("{} {}", vendor.id(), about.call));
    match about.stage {
        Stage::After => None,
        Stage::During | Stage::End if call.has_ended => failed(404, "no such call"),
        Stage::During => None,
        Stage::End => {
            call.has_ended = true;
            None
        }
    }
}

/// Whether the push was not there before; remembers it. A push about no call, such as the status of an agent, may well come
/// again as it was.
fn is_new(request: &Request<'_>, memory: &mut Memory) -> Option<bool> {
    let captured = request.captured;
    request.known?.0.about(captured)?;
    let parts = [captured.method.as_bytes(), captured.path.as_bytes(), captured.query.as_bytes(), &captured.body];
    let push = fingerprint(&parts);
    let is_new = !memory.pushes.contains(&push);
    memory.pushes.of(push);
    Some(is_new)
}
