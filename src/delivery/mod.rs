//! Sends a plan: the engine decides, the transport acts, and what happened becomes events. Reads no file, prints nothing.

mod attempt;
mod between;
mod broken;
mod ca;
mod chunked;
mod client_certificate;
mod connect;
mod control;
mod driven;
mod engine;
pub mod files;
mod kept;
mod passing;
mod phase;
mod pool;
mod proxy;
mod request;
mod resolve;
mod response;
mod retry;
mod send;
mod speak;
mod stop;
mod tls;
mod tls_failure;
mod transcript;
mod tunnel;
mod wait;
mod wire;

pub use attempt::{Attempt, AttemptId, AttemptOutcome, Failure};
pub use between::Between;
pub use ca::{BadCaFile, CaFile, CaFlaw};
pub use client_certificate::ClientCertificate;
pub use connect::{REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
pub use control::{Command, Control, Ear, Refusal, Replan, Replanned, control};
pub use engine::{Engine, Next, REPEATED_MAX, Tally};
pub(crate) use kept::{GOODBYE, is_goodbye, sent_once_more};
pub use kept::{KEPT_MAX, is_kept_after};
pub use pool::CONNECTIONS_PER_HOST_MAX;
pub use proxy::{Proxies, Proxy};
pub use request::Outgoing;
pub use resolve::{Addresses, Given, Resolver};
pub use response::{NotHttp, ResponseReader, Taken};
pub use retry::{RETRY_AFTER_MAX, Verdict, judge, judge_by};
pub use send::{TIMEOUT_MAX, Transport, Versions, Way};
pub use stop::{Stop, Stopper, stop};
pub use tls::Trust;
pub use wait::{NotReady, is_up, wait_for};
pub use wire::{Played, SMALL_WINDOW_BYTES, intent, render};

use crate::clock::{self, Pace};
use crate::event::{DeliveryId, FailureClass, Phase, RunEvent, Story, Timing};
use crate::plan::Plan;
use crate::vendors::Record;
use control::Driver;
use passing::Passing;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinError, JoinSet};
use transcript::Transcripts;

/// How many attempts of one plan may be under way at a time.
pub const IN_FLIGHT_MAX: usize = 256;
/// How long attempts that are under way may go on after the story was stopped.
pub const STOP_GRACE: Duration = Duration::from_secs(1);
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
    deliver_with(plan, Course { pace, transport, stop, ear: None }, events, &mut between::Nothing).await
}

/// How a plan is sent.
pub struct Course<'a> {
    /// How scenario time passes at first.
    pub pace: Pace,
    /// How pushes travel.
    pub transport: &'a Transport,
    /// Asks for an early end.
    pub stop: &'a Stop,
    /// Who drives it meanwhile, where anybody does.
    pub ear: Option<Ear>,
}

/// The same, with something that is done between pushes, and somebody who drives.
pub async fn deliver_with(
    plan: &Plan,
    course: Course<'_>,
    events: &mut (dyn FnMut(RunEvent) + Send),
    between: &mut impl Between,
) -> Delivered {
    let Course { pace, transport, stop, ear } = course;
    let plan = Arc::new(plan.clone());
    let mut run = Run {
        engine: Engine::new(Arc::clone(&plan)),
        plan,
        passing: Passing::new(pace, ear.as_ref().is_some_and(|ear| ear.is_still)),
        driver: Driver::new(ear),
        transport,
        events,
        between,
        tasks: JoinSet::new(),
        in_flight: HashMap::new(),
        transcripts: Transcripts::default(),
        records_told: 0,
        now: Duration::ZERO,
        unreachable: None,
    };
    let interrupted = run.play(stop).await;
    run.close().await;
    Delivered { tally: run.engine.tally(), unreachable: run.unreachable, interrupted, end: run.now }
}

/// One plan being sent. The only owner of its engine.
struct Run<'a, B> {
    plan: Arc<Plan>,
    passing: Passing,
    driver: Driver,
    transport: &'a Transport,
    events: &'a mut (dyn FnMut(RunEvent) + Send),
    between: &'a mut B,
    engine: Engine,
    tasks: JoinSet<AttemptOutcome>,
    in_flight: HashMap<Id, AttemptId>,
    transcripts: Transcripts,
    /// How many of the plan's records were told.
    records_told: usize,
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

impl<'a, B: Between> Run<'a, B> {
    /// Sends and settles; true where `stop` ended it.
    async fn play(&mut self, stop: &Stop) -> bool {
        loop {
            if stop.is_requested() {
                return true;
            }
            self.tick();
            let wait = if self.passing.is_still() { Wait::Landing } else { self.work() };
            let until = match wait {
                Wait::Nothing if !self.driver.is_open() => return false,
                // Scenario time jumps only here: nothing is in flight.
                Wait::Until(offset) if self.passing.pace() == Pace::Fast && self.tasks.is_empty() => {
                    self.now = offset;
                    // Somebody who drives is heard between two jumps, too.
                    if let Some(order) = self.driver.heard() {
                        self.obey(order);
                    }
                    continue;
                }
                Wait::Until(offset) if self.passing.pace() != Pace::Fast => Some(offset),
                Wait::Until(_) | Wait::Landing | Wait::Nothing => None,
            };
            let ahead = until.unwrap_or_default().saturating_sub(self.now).min(SLEEP_MAX);
            let sleep = self.passing.pace().real(ahead).min(SLEEP_MAX);
            let settled = tokio::select! {
                biased;
                () = stop.requested() => return true,
                order = self.driver.next() => {
                    order.into_iter().for_each(|order| self.obey(order));
                    None
                }
                Some(landed) = self.tasks.join_next_with_id(), if !self.tasks.is_empty() => self.land(landed),
                () = tokio::time::sleep(sleep), if until.is_some() => None,
            };
            if self.unreachable.is_some() {
                return false;
            }
            if let Some(delivery) = settled {
                self.between.settled(&delivery, self.events).await;
            }
        }
    }

    /// Tells and sends everything that is due, in the order in which it was due even where it is late.
    fn work(&mut self) -> Wait {
        loop {
            let due = self.engine.next_due().unwrap_or(self.now).min(self.now);
            let next_record = self.tell_records(due);
            let wait = match (self.launch(), next_record) {
                (None, _) => continue,
                // Nothing more leaves now, so that nothing comes before this record.
                (Some(_), Some(record)) if record <= self.now => {
                    self.tell_records(self.now);
                    continue;
                }
                (Some(Wait::Until(offset)), Some(record)) => Wait::Until(offset.min(record)),
                (Some(Wait::Landing | Wait::Nothing), Some(record)) => Wait::Until(record),
                (Some(wait), None) => wait,
            };
            return wait;
        }
    }

    /// Sends the next push that is due, if there is room; otherwise what is to be waited for.
    fn launch(&mut self) -> Option<Wait> {
        while self.tasks.len() < IN_FLIGHT_MAX {
            match self.engine.next(self.now) {
                Next::Send(attempt) => {
                    self.send(&attempt);
                    return None;
                }
                Next::Held { delivery, offset } => (self.events)(RunEvent::Held { delivery, offset }),
                Next::Dropped { delivery, offset, faults } => {
                    (self.events)(RunEvent::Dropped { delivery, offset, faults });
                }
                Next::WaitUntil(offset) => return Some(Wait::Until(offset)),
                Next::Blocked => return Some(Wait::Landing),
                Next::Done => return Some(Wait::Nothing),
            }
        }
        Some(Wait::Landing)
    }

    fn story(&self) -> Story {
        Story { scenario: self.plan.scenario.clone(), vendor: self.plan.vendor.id() }
    }

    /// Tells the entries that the vendor has made in its own records by then; the moment of the next one is returned.
    fn tell_records(&mut self, then: Duration) -> Option<Duration> {
        let plan = Arc::clone(&self.plan);
        while let Some(entry) = plan.records.get(self.records_told) {
            if entry.offset > then {
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
                record: content.to_json(),
            });
        }
        None
    }

    fn send(&mut self, attempt: &Attempt) {
        let now = clock::now();
        let outgoing = Outgoing::of(&self.plan, attempt, now);
        self.transcripts.note(&self.plan, attempt, &outgoing);
        (self.events)(outgoing.event(attempt, now));
        let transport = self.transport.clone();
        let (connection, offset) = (attempt.fate.connection.clone(), attempt.offset);
        let task = self.tasks.spawn(async move {
            match connection.is_clean() {
                true => transport.send_at(&outgoing, offset).await,
                false => transport.play(&outgoing, &connection).await.into_outcome(),
            }
        });
        self.in_flight.insert(task.id(), attempt.id);
    }

    /// Learns how an attempt ended; the delivery is returned where that settles it.
    fn land(&mut self, landed: Result<(Id, AttemptOutcome), JoinError>) -> Option<DeliveryId> {
        self.tick();
        let (task, outcome) = match landed {
            Ok(landed) => landed,
            Err(error) => {
                let message = format!("the attempt broke off: {error}");
                let failure = Failure::new(FailureClass::Unsendable, Phase::Write, message);
                (error.id(), AttemptOutcome::Failed { failure, timing: Timing::default() })
            }
        };
        let attempt = self.in_flight.remove(&task)?;
        let mut settled = None;
        for event in self.engine.settle(attempt, outcome, self.now) {
            match &event {
                RunEvent::Unreachable { url, message, .. } => {
                    self.unreachable = Some(Unreachable { url: url.clone(), message: message.clone() });
                }
                RunEvent::Acknowledged { delivery, .. } | RunEvent::GivenUp { delivery, .. } => {
                    settled = Some(delivery.clone());
                }
                _ => {}
            }
            (self.events)(event);
        }
        settled
    }

    /// Ends what is still in flight: a while for it to land, then no more.
    async fn close(&mut self) {
        self.engine.stop();
        let grace = tokio::time::sleep(STOP_GRACE);
        tokio::pin!(grace);
        while !self.tasks.is_empty() {
            tokio::select! {
                Some(landed) = self.tasks.join_next_with_id() => drop(self.land(landed)),
                () = &mut grace => break,
            }
        }
        self.tasks.abort_all();
        let mut left: Vec<AttemptId> = self.in_flight.drain().map(|(_, attempt)| attempt).collect();
        left.sort_by_key(|attempt| attempt.slot);
        for event in left.into_iter().flat_map(|attempt| self.engine.abandon(attempt)) {
            (self.events)(event);
        }
        let story = self.story();
        for event in std::mem::take(&mut self.transcripts).events(&story) {
            (self.events)(event);
        }
    }

    /// Reads scenario time, where real time moves it.
    fn tick(&mut self) {
        if let Some(now) = self.passing.now() {
            self.now = now;
        }
    }
}
