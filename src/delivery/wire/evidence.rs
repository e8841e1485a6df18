//! What was seen on the wire, in words. Same plan and same receiver, same words: no measured time is in them.

use crate::duration;
use crate::faults::connection::RESET_SETTLE;
use crate::http::{WireOp, WirePlan};
use std::time::Duration;

/// What has happened so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// How many bytes of the message were sent, those of its copies included.
    pub(super) sent: usize,
    /// How many bytes were sent that are not of the message.
    pub(super) garbage: usize,
    /// How many times something was handed to the network.
    pub(super) segments: usize,
    /// How long it was silent in between, as planned.
    pub(super) paused: Duration,
    /// How many answers came.
    pub(super) answers: u32,
    /// What became of the connection.
    pub(super) end: Ending,
}

impl Seen {
    /// Enters a pause. What a reset waits for is not a silence that anyone asked for.
    pub(super) fn pause(&mut self, pause: Duration) {
        if pause != RESET_SETTLE {
            self.paused += pause;
        }
    }
}

/// What became of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ending {
    /// The time limit ran out, and it was closed.
    #[default]
    Late,
    /// An RST was sent.
    Reset,
    /// It was closed without reading.
    Abandoned,
    /// The receiver ended it before everything was sent.
    EndedByReceiver,
    /// Answers were read, or it was ended while reading them.
    Read,
    /// The same, after a FIN.
    HalfClosed,
}

/// What is going to be done, before it is: "sends 812 of 2031 bytes, then RST".
pub fn intent(plan: &WirePlan) -> String {
    let mut seen = Seen::default();
    let mut end = "";
    for op in &plan.ops {
        match op {
            WireOp::Send(range) => {
                seen.sent += plan.part(range).len();
                seen.segments += 1;
            }
            WireOp::Trickle { range, piece_bytes, .. } => {
                seen.sent += plan.part(range).len();
                seen.segments += plan.part(range).len().div_ceil((*piece_bytes).max(1));
            }
            WireOp::Garbage(garbage) => {
                seen.garbage += garbage.len();
                seen.segments += 1;
            }
            WireOp::Pause(pause) => seen.pause(*pause),
            WireOp::HalfClose => end = ", then FIN",
            WireOp::Read { .. } => {}
            WireOp::Close => end = ", then FIN without reading",
            WireOp::Reset => end = ", then RST",
        }
    }
    if plan.ops.is_empty() {
        return "opens no connection".to_owned();
    }
    let text = format!("sends {}{end}{}", traffic(plan, &seen), pace(plan));
    plan.notes.iter().fold(text, |text, note| format!("{text}; {note}"))
}

/// What was done, and what came of it: "sent 812 of 2031 bytes, then RST".
pub(super) fn words(plan: &WirePlan, seen: &Seen) -> String {
    let mut text = format!("sent {}", traffic(plan, seen));
    let answers = match seen.answers {
        0 => "no answer".to_owned(),
        1 => "1 answer".to_owned(),
        count => format!("{count} answers"),
    };
    match seen.end {
        Ending::Late => text.push_str(", then ran out of time"),
        Ending::Reset => text.push_str(", then RST"),
        Ending::Abandoned => text.push_str(", then FIN without reading"),
        Ending::EndedByReceiver => text.push_str(&format!(", then the receiver ended the connection; {answers}")),
        Ending::Read => text.push_str(&format!("; {answers}")),
        Ending::HalfClosed => text.push_str(&format!(", then FIN; {answers}")),
    }
    if matches!(seen.end, Ending::Read | Ending::HalfClosed) {
        text.push_str(&pace(plan));
    }
    plan.notes.iter().fold(text, |text, note| format!("{text}; {note}"))
}

/// How much, in how many segments, with how much silence.
fn traffic(plan: &WirePlan, seen: &Seen) -> String {
    let total = plan.message.len() * plan.requests as usize;
    let mut text = match seen.sent == total {
        true => format!("all {total} bytes"),
        false => format!("{} of {total} bytes", seen.sent),
    };
    if plan.requests > 1 {
        text.push_str(&format!(" of {} requests", plan.requests));
    }
    if seen.garbage > 0 {
        text.push_str(&format!(" and {} of garbage", seen.garbage));
    }
    if seen.segments > 1 {
        text.push_str(&format!(" in {} segments", seen.segments));
    }
    if !seen.paused.is_zero() {
        text.push_str(&format!(" with {} of silence", duration::text(seen.paused)));
    }
    text
}

/// How slowly the answer is read, where it is.
fn pace(plan: &WirePlan) -> String {
    let slow = plan.ops.iter().find_map(|op| match op {
        WireOp::Read { bytes_per_second, .. } => *bytes_per_second,
        _ => None,
    });
    slow.map(|rate| format!(", read at {rate} bytes per second")).unwrap_or_default()
}
