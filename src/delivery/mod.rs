//! Sends a plan: the engine decides, the transport acts, and what happened becomes events. Reads no file, prints nothing.

mod attempt;
mod broken;
mod ca;
mod connect;
mod engine;
mod phase;
mod pool;
mod request;
mod retry;
mod send;
mod stop;
mod tls;
mod transcript;
mod wait;
mod wire;

pub use attempt::{Attempt, AttemptId, AttemptOutcome, Failure};
pub use ca::{BadCaFile, CaFile, CaFlaw};
pub use connect::{REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
pub use engine::{Engine, Next, Tally};
pub use pool::{CONNECTIONS_PER_HOST_MAX, KEPT_MAX};
pub use request::Outgoing;
pub use retry::{RETRY_AFTER_MAX, Verdict, judge, judge_by};
pub use send::{TIMEOUT_MAX, Transport};
pub use stop::{Stop, Stopper, stop};
pub use tls::Trust;
pub use wait::{NotReady, wait_for};
pub use wire::{Played, SMALL_WINDOW_BYTES, intent, render};

use crate::clock::{self, Pace};
use crate::event::{FailureClass, Phase, RunEvent, Story, Timing};
use crate::plan::Plan;
use crate::vendors::Record;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::task::{Id, JoinError, JoinSet};
use transcript::Transcripts;

/// How many attempts of one plan may be under way at a time.
pub const IN_FLIGHT_MAX: usize = 256;
/// How long attempts that are under way may go on after the story was stopped.
pub const STOP_GRACE: Duration = Duration::from_secs(2);
/// The longest real sleep at a time; a longer wait is slept in several.
const SLEEP_MAX: Duration = Duration::from_secs(60 * 60);

/// How the delivery of a plan ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// How the deliveries stand.
    pub tally: Tally,
    /// The target that could not be reached at all, for which the rest of the story was not sent.
    pub unreachable: Option<Unreachable>,
    /// Whether it was stopped from outside.
    pub interrupted: bool,
    /// When the last thing happened, from the start of the scenario.
    pub end: Duration,
}

/// A target that could not be reached at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// The address.
    pub url: String,
    /// What went wrong, in words.
    pub message: String,
}

/// Sends everything in the plan, and returns once all of it is settled, a target is unreachable, or `stop` asks for the
/// end. Emits what happens to deliveries; the beginning and end of the story are the caller's to tell.
pub async fn deliver(
    plan: &Plan,
    pace: Pace,
    transport: &Transport,
    events: &mut (dyn FnMut(RunEvent) + Send),
    stop: &Stop,
) -> Delivered {
    let mut run = Run {
        plan,
        pace,
        transport,
        events,
        engine: Engine::new(plan),
        tasks: JoinSet::new(),
        in_flight: HashMap::new(),
        transcripts: Transcripts::default(),
        records_told: 0,
        began: clock::steady(),
        now: Duration::ZERO,
        unreachable: None,
    };
    let interrupted = run.play(stop).await;
    run.close().await;
    Delivered { tally: run.engine.tally(), unreachable: run.unreachable, interrupted, end: run.now }
}

/// One plan being sent. The only owner of its engine.
struct Run<'a> {
    plan: &'a Plan,
    pace: Pace,
    transport: &'a Transport,
    events: &'a mut (dyn FnMut(RunEvent) + Send),
    engine: Engine<'a>,
    tasks: JoinSet<AttemptOutcome>,
    in_flight: HashMap<Id, AttemptId>,
    transcripts: Transcripts,
    /// How many of the plan's records were told.
    records_told: usize,
    began: Instant,
    /// Scenario time.
    now: Duration,
    unreachable: Option<Unreachable>,
}

/// What the run waits for, apart from what is in flight.
enum Wait {
    Until(Duration),
    Landing,
    Nothing,
}

impl<'a> Run<'a> {
    /// Sends and settles; true where `stop` ended it.
    async fn play(&mut self, stop: &Stop) -> bool {
        loop {
            if stop.is_requested() {
                return true;
            }
            self.tick();
            let next_record = self.tell_records();
            let wait = match (self.launch(), next_record) {
                (Wait::Until(offset), Some(record)) => Wait::Until(offset.min(record)),
                (Wait::Landing | Wait::Nothing, Some(record)) => Wait::Until(record),
                (wait, None) => wait,
            };
            let until = match wait {
                Wait::Nothing => return false,
                // Scenario time jumps only here: nothing is in flight.
                Wait::Until(offset) if self.pace == Pace::Fast && self.tasks.is_empty() => {
                    self.now = offset;
                    continue;
                }
                Wait::Until(offset) if self.pace != Pace::Fast => Some(offset),
                Wait::Until(_) | Wait::Landing => None,
            };
            let sleep =
                self.pace.real(until.unwrap_or_default().saturating_sub(self.now).min(SLEEP_MAX)).min(SLEEP_MAX);
            tokio::select! {
                biased;
                () = stop.requested() => return true,
                Some(landed) = self.tasks.join_next_with_id(), if !self.tasks.is_empty() => self.land(landed),
                () = tokio::time::sleep(sleep), if until.is_some() => {}
            }
            if self.unreachable.is_some() {
                return false;
            }
        }
    }

    /// Sends everything that is due, as far as there is room.
    fn launch(&mut self) -> Wait {
        while self.tasks.len() < IN_FLIGHT_MAX {
            match self.engine.next(self.now) {
                Next::Send(attempt) => self.send(&attempt),
                Next::Held { delivery, offset } => (self.events)(RunEvent::Held { delivery, offset }),
                Next::Dropped { delivery, offset, faults } => {
                    (self.events)(RunEvent::Dropped { delivery, offset, faults });
                }
                Next::WaitUntil(offset) => return Wait::Until(offset),
                Next::Blocked => return Wait::Landing,
                Next::Done => return Wait::Nothing,
            }
        }
        Wait::Landing
    }

    /// Tells the entries that the vendor has made in its own records by now; the moment of the next one is returned.
    fn tell_records(&mut self) -> Option<Duration> {
        let plan = self.plan;
        while let Some(entry) = plan.records.get(self.records_told) {
            if entry.offset > self.now {
                return Some(entry.offset);
            }
            self.records_told += 1;
            let Record { account, id, at, content } = entry.record.clone();
            (self.events)(RunEvent::Recorded {
                story: Story { scenario: plan.scenario.clone(), vendor: plan.vendor.id() },
                offset: entry.offset,
                why: entry.why.clone(),
                account,
                id,
                at_ms: at.as_millisecond(),
                record: content,
            });
        }
        None
    }

    fn send(&mut self, attempt: &Attempt<'a>) {
        let outgoing = Outgoing::of(self.plan, attempt);
        self.transcripts.note(attempt, &outgoing);
        (self.events)(outgoing.event(attempt, clock::now()));
        let transport = self.transport.clone();
        let connection = attempt.fate.connection.clone();
        let task = self.tasks.spawn(async move {
            match connection.is_clean() {
                true => transport.send(&outgoing).await,
                false => transport.play(&outgoing, &connection).await.into_outcome(),
            }
        });
        self.in_flight.insert(task.id(), attempt.id);
    }

    fn land(&mut self, landed: Result<(Id, AttemptOutcome), JoinError>) {
        self.tick();
        let (task, outcome) = match landed {
            Ok(landed) => landed,
            Err(error) => {
                let message = format!("the attempt broke off: {error}");
                let failure = Failure::new(FailureClass::Unsendable, Phase::Write, message);
                (error.id(), AttemptOutcome::Failed { failure, timing: Timing::default() })
            }
        };
        let Some(attempt) = self.in_flight.remove(&task) else { return };
        for event in self.engine.settle(attempt, outcome, self.now) {
            if let RunEvent::Unreachable { url, message, .. } = &event {
                self.unreachable = Some(Unreachable { url: url.clone(), message: message.clone() });
            }
            (self.events)(event);
        }
    }

    /// Ends what is still in flight: a while for it to land, then no more.
    async fn close(&mut self) {
        self.engine.stop();
        let grace = tokio::time::sleep(STOP_GRACE);
        tokio::pin!(grace);
        while !self.tasks.is_empty() {
            tokio::select! {
                Some(landed) = self.tasks.join_next_with_id() => self.land(landed),
                () = &mut grace => break,
            }
        }
        self.tasks.abort_all();
        let mut left: Vec<AttemptId> = self.in_flight.drain().map(|(_, attempt)| attempt).collect();
        left.sort_by_key(|attempt| attempt.slot);
        for event in left.into_iter().flat_map(|attempt| self.engine.abandon(attempt)) {
            (self.events)(event);
        }
        let story = Story { scenario: self.plan.scenario.clone(), vendor: self.plan.vendor.id() };
        for event in std::mem::take(&mut self.transcripts).events(&story) {
            (self.events)(event);
        }
    }

    /// Reads scenario time, where real time moves it.
    fn tick(&mut self) {
        if self.pace != Pace::Fast {
            self.now = self.pace.scenario(self.began.elapsed());
        }
    }
}
