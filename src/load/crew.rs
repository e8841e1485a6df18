//! The workers of a run: started, heard until all are done, and stopped.

use super::careful::{self, Home};
use super::figures::Figures;
use super::points::Points;
use super::pulse::Pulse;
use super::setting::Setting;
use super::worker::{Links, Message, Worker};
use super::{Arrival, Ended, POINTS_MAX, STOP_GRACE, STUCK_GRACE, Tick, Told};
use crate::clock;
use crate::delivery::{Stop, files};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The workers at work, and how they are heard and stopped.
pub struct Crew {
    messages: UnboundedReceiver<Message>,
    stop: Arc<AtomicBool>,
    hurry: Arc<AtomicBool>,
    untold: Arc<AtomicUsize>,
    left_out: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
    careful: tokio::task::JoinHandle<()>,
}

impl Crew {
    /// Starts them all.
    pub fn start(setting: &Arc<Setting>) -> Result<Self, String> {
        let (tell, messages) = unbounded_channel();
        let (jobs, jobs_heard) = unbounded_channel();
        let (stop, hurry) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let (untold, left_out) = (Arc::default(), Arc::default());
        let (mut threads, mut homes): (_, Vec<Home>) = (Vec::new(), Vec::new());
        let broken = |error| match files::is_exhausted(&error) {
            true => files::advice(&error),
            false => format!("a worker cannot be started: {error}"),
        };
        let mut workers = Vec::new();
        for index in 0..setting.load.workers {
            let pulse = Pulse::new().map_err(broken)?;
            let (home, landed) = std::sync::mpsc::channel();
            homes.push((home, pulse.waker().map_err(broken)?));
            let links = Links {
                tell: tell.clone(),
                untold: Arc::clone(&untold),
                left_out: Arc::clone(&left_out),
                stop: Arc::clone(&stop),
                hurry: Arc::clone(&hurry),
                jobs: jobs.clone(),
                landed,
            };
            workers.push((index, pulse, links));
        }
        for (index, pulse, links) in workers {
            let setting = Arc::clone(setting);
            let thread = std::thread::Builder::new()
                .name(format!("load-{index}"))
                .spawn(move || Worker::new(setting, index, pulse, links).run())
                .map_err(|error| format!("a thread cannot be started: {error}"))?;
            threads.push(thread);
        }
        let careful = tokio::spawn(careful::attempts(jobs_heard, homes, setting.load.transport.clone()));
        Ok(Self { messages, stop, hurry, untold, left_out, threads, careful })
    }

    /// Hears the workers until all are done.
    pub async fn work(
        mut self,
        setting: &Setting,
        figures: &mut Figures,
        told: &mut (dyn FnMut(Told) + Send),
        stop: &Stop,
    ) -> Ended {
        let mut points = Points::new(setting);
        let mut why = None;
        let (mut is_stopping, mut is_hurrying, mut is_late, mut done) = (false, false, false, 0);
        // By then the workers have come to their end themselves. It stands for itself: whatever a worker is stuck in, the run ends.
        let last = |wait: Duration| clock::steady().checked_add(wait.saturating_add(STUCK_GRACE));
        let mut until = setting.lasting().and_then(|lasting| last(lasting.saturating_add(STOP_GRACE)));
        loop {
            let message = tokio::select! {
                biased;
                () = stop.hurried(), if !is_hurrying => {
                    (is_stopping, is_hurrying, until) = (true, true, last(Duration::ZERO));
                    self.stop.store(true, Ordering::Relaxed);
                    self.hurry.store(true, Ordering::Relaxed);
                    continue;
                }
                () = stop.requested(), if !is_stopping => {
                    (is_stopping, until) = (true, last(STOP_GRACE));
                    self.stop.store(true, Ordering::Relaxed);
                    continue;
                }
                () = sleep_until(until) => {
                    is_late = true;
                    break;
                }
                message = self.messages.recv() => message,
            };
            match message {
                // All have gone, and so have their ends of the line.
                None => break,
                Some(Message::Attempt(attempt)) => {
                    self.untold.fetch_sub(1, Ordering::Relaxed);
                    told(Told::Attempt(attempt));
                }
                Some(Message::Tick(worker, number, tick)) => {
                    for tick in points.add(worker, number, *tick) {
                        keep(figures, &tick);
                        told(Told::Tick(Box::new(tick)));
                    }
                }
                Some(Message::Done(worker, ledger, passed, cannot)) => {
                    done += 1;
                    for tick in points.done(worker) {
                        keep(figures, &tick);
                        told(Told::Tick(Box::new(tick)));
                    }
                    figures.calls.planned = match setting.load.arrival {
                        Arrival::Closed { .. } | Arrival::Steered(_) => figures.calls.planned + ledger.calls_started,
                        Arrival::Even(_) | Arrival::Poisson(_) => figures.calls.planned.max(passed),
                    };
                    ledger.close(figures);
                    if let Some(cannot) = cannot {
                        self.stop.store(true, Ordering::Relaxed);
                        why.get_or_insert(cannot);
                    }
                }
            }
        }
        figures.took = Duration::from_micros(setting.began.elapsed().as_micros() as u64);
        self.careful.abort();
        let stuck = setting.load.workers - done;
        let ended = std::mem::take(&mut self.threads).into_iter().filter(|thread| !is_late || thread.is_finished());
        let panicked = ended.map(JoinHandle::join).filter(Result::is_err).count();
        let stuck = if is_late { stuck.saturating_sub(panicked) } else { 0 };
        if stuck > 0 {
            let workers = if stuck == 1 { "1 worker".to_owned() } else { format!("{stuck} workers") };
            why.get_or_insert(format!("{workers} did not come to an end, whose figures are missing"));
        }
        let left_out = self.left_out.load(Ordering::Relaxed);
        if left_out > 0 {
            figures
                .notes
                .push(format!("{left_out} attempts were not told one by one, because more failed than can be"));
        }
        match (why, panicked) {
            (Some(why), _) if stuck > 0 && is_stopping => {
                figures.notes.push(why);
                Ended::Interrupted
            }
            (Some(why), _) => Ended::CannotGoOn(why),
            (None, 1..) => Ended::CannotGoOn("a worker broke off; its figures are missing".into()),
            (None, 0) if is_stopping => Ended::Interrupted,
            (None, 0) => Ended::Done,
        }
    }
}

/// Waits for a moment; for ever where there is none.
async fn sleep_until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}

/// Keeps a point, as long as there are not too many: a run that is steered may last longer than it was thought to.
fn keep(figures: &mut Figures, tick: &Tick) {
    if figures.points.len() < 2 * POINTS_MAX as usize {
        figures.points.push(tick.point.clone());
    } else {
        let note = format!("after {} points none were kept; all else is whole", figures.points.len());
        if !figures.notes.contains(&note) {
            figures.notes.push(note);
        }
    }
}

impl Drop for Crew {
    /// Nobody listens any more: the workers stop by themselves.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.careful.abort();
    }
}
