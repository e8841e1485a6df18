//! Everything that was sent of a call, in one number: the same for the same seed, whatever the pace and the receiver's port.

use super::attempt::Attempt;
use super::request::Outgoing;
use crate::event::{RunEvent, Story};
use crate::plan::Plan;
use data_encoding::HEXLOWER;
use ring::digest::{Context, Digest, SHA256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The digests of all attempts of a story. An attempt has its place by the plan, not by when it left: of two pushes that
/// leave at once, either may be the first.
#[derive(Default)]
pub(super) struct Transcripts {
    calls: BTreeMap<String, BTreeMap<(u32, u32, u32), Digest>>,
}

impl Transcripts {
    /// Notes an attempt. A signature that carries the real time is noted as of the scenario's: what else is sent is all the
    /// same, and so is the key.
    pub fn note(&mut self, plan: &Plan, attempt: &Attempt, outgoing: &Outgoing) {
        let mut context = Context::new(&SHA256);
        match plan.signs_in_real_time() {
            true => context.update(&bytes(attempt, &Outgoing::of_every_run(plan, attempt))),
            false => context.update(&bytes(attempt, outgoing)),
        }
        let id = &attempt.delivery_id;
        let place = (id.number, id.target, attempt.number);
        self.calls.entry(id.call.clone()).or_default().insert(place, context.finish());
    }

    /// One event for each call, in the order of their labels.
    pub fn events(self, story: &Story) -> impl Iterator<Item = RunEvent> {
        self.calls.into_iter().map(|(call, attempts)| {
            let mut context = Context::new(&SHA256);
            attempts.values().for_each(|digest| context.update(digest.as_ref()));
            let sha256 = HEXLOWER.encode(context.finish().as_ref());
            RunEvent::Transcript { story: story.clone(), call, attempts: attempts.len() as u64, sha256 }
        })
    }
}

/// Every byte of an attempt, as far as the receiver lets all of them leave. The host is left open: its port is not the seed's.
fn bytes(attempt: &Attempt, outgoing: &Outgoing) -> Vec<u8> {
    if !attempt.fate.connection.is_clean() {
        let mut outgoing = outgoing.clone();
        let is_open = outgoing.url.set_host(Some("receiver")).is_ok() && outgoing.url.set_port(None).is_ok();
        if is_open && let Ok(plan) = outgoing.wire_plan(&attempt.fate.connection) {
            return plan.transcript();
        }
    }
    let query = outgoing.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut head = format!("{} {}{query} HTTP/1.1\r\n", outgoing.method, outgoing.url.path());
    for (name, value) in &outgoing.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "Content-Length: {}\r\n\r\n", outgoing.body.len());
    [head.as_bytes(), &outgoing.body].concat()
}
