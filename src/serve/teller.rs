//! Takes the events of a session in for its run: for its figures, and for whoever reads along.

use super::run::Run;
use crate::event::{RunEvent, up_to};
use crate::report::Report;
use serde::Serialize;
use std::borrow::Cow;
use std::io;
use std::sync::Arc;

/// The longest body that is kept of a request or an answer.
pub const BODY_KEPT_MAX_BYTES: usize = 64 * 1024;

/// The report of a session that keeps its events with the run.
pub(super) struct Teller(pub Arc<Run>);

impl Report for Teller {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        let run = &self.0;
        run.metrics.event(event);
        let event = shortened(event);
        let number = run.ledger().take(&event);
        if let RunEvent::Finished { exit, interrupted, took, .. } = &*event {
            run.end(*exit, *interrupted, *took);
        }
        // Events of one run come one after the other, so the number is still right when it is written.
        let text = told(&event, run.id(), run.log.next(), number);
        run.log.write(Arc::clone(&text));
        run.all.write(text);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The event as readers get it: the run, its number there, the delivery, and the event itself.
fn told(event: &RunEvent, run: &str, seq: u64, number: Option<u64>) -> Arc<str> {
    #[derive(Serialize)]
    struct Told<'a> {
        run: &'a str,
        seq: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        n: Option<u64>,
        #[serde(flatten)]
        event: &'a RunEvent,
    }
    serde_json::to_string(&Told { run, seq, n: number, event }).unwrap_or_default().into()
}

/// The event with bodies no longer than what is kept.
fn shortened(event: &RunEvent) -> Cow<'_, RunEvent> {
    let is_long = |body: &str| body.len() > BODY_KEPT_MAX_BYTES;
    let mut event: Cow<'_, RunEvent> = match event {
        RunEvent::Attempted { body, .. } | RunEvent::Replied { body, .. } | RunEvent::Probed { body, .. }
            if is_long(body) =>
        {
            Cow::Owned(event.clone())
        }
        _ => return Cow::Borrowed(event),
    };
    if let RunEvent::Attempted { body, .. } | RunEvent::Replied { body, .. } | RunEvent::Probed { body, .. } =
        event.to_mut()
    {
        let left_out = body.len() - BODY_KEPT_MAX_BYTES;
        body.truncate(up_to(body, BODY_KEPT_MAX_BYTES).len());
        body.push_str(&format!("… and {left_out} bytes more"));
    }
    event
}
