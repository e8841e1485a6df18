//! A run from its first call to its figures: resolves, tries, starts the workers, and merges what they tell.

use super::careful::{self, Home};
use super::figures::Figures;
use super::pulse::Pulse;
use super::setting::{Setting, endpoint_name};
use super::worker::{Links, Message, Worker};
use super::{Arrival, Ended, KindFigures, Load, Outcome, Sending, Tick, Told, trial};
use super::{BEGIN_GRACE, CONNECTIONS_MAX, MAX_IN_FLIGHT_MAX, POINTS_MAX, SHARDS_MAX, TARGETS_MAX, WORKERS_MAX};
use crate::clock::{self, BEIJING, PACE_TIMES_MAX, PACE_TIMES_MIN};
use crate::delivery::Stop;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The shortest point of the figures.
const POINT_MIN: Duration = Duration::from_secs(1);

/// Plays the load until the plan of arrival is over and every push is settled, or `stop` asks for the end. One call of
/// each story is tried first, as `run` would send it.
pub async fn run(load: &Load, told: &mut (dyn FnMut(Told) + Send), stop: &Stop) -> Outcome {
    run_at(load, None, told, stop).await
}

/// The figures of a load before anything has happened.
fn no_figures(load: &Load) -> Figures {
    let Load { seed, asked, shard, .. } = load;
    Figures::new(*seed, asked.clone(), shard.number, shard.of, present(), point_length(load))
}

/// The present instant as figures tell it.
fn present() -> String {
    clock::now().display_with_offset(BEIJING).to_string()
}

/// The same, with a first call that starts at this instant of the machine's clock and not before, so that several machines
/// begin together.
pub async fn run_at(
    load: &Load,
    begin: Option<Timestamp>,
    told: &mut (dyn FnMut(Told) + Send),
    stop: &Stop,
) -> Outcome {
    let mut figures = no_figures(load);
    let point_length = figures.point_length;
    let prepared = match prepare(load, stop).await {
        Ok(endpoints) => wait_until(begin, &mut figures, stop).await.map(|()| endpoints),
        Err(ended) => Err(ended),
    };
    let ended = match prepared {
        Err(ended) => ended,
        Ok(endpoints) => {
            figures.began = present();
            let setting = Arc::new(Setting::new(load, endpoints, clock::steady(), point_length));
            match Crew::start(&setting) {
                Err(why) => Ended::CannotGoOn(why),
                Ok(crew) => crew.work(&setting, &mut figures, told, stop).await,
            }
        }
    };
    figures.interrupted = ended == Ended::Interrupted;
    Outcome { figures, ended }
}

/// Whole seconds, and so many that the points of the longest run are not too many.
fn point_length(load: &Load) -> Duration {
    if let Arrival::Steered(_) = load.arrival {
        // How long it will be is not known.
        return POINT_MIN;
    }
    let seconds = load.arrival.lasting().as_secs().div_ceil(u64::from(POINTS_MAX));
    Duration::from_secs(seconds).max(POINT_MIN)
}

/// Waits for the beginning. The clock is asked again and again: one that is set in the meantime is followed.
async fn wait_until(begin: Option<Timestamp>, figures: &mut Figures, stop: &Stop) -> Result<(), Ended> {
    let Some(begin) = begin else { return Ok(()) };
    let left = || begin.duration_since(clock::now());
    let late = Duration::try_from(-left()).unwrap_or_default();
    if late > BEGIN_GRACE {
        figures
            .notes
            .push(format!("it began {late:.1?} after the time that was asked for: trying a call took so long"));
    }
    while let Ok(left) = Duration::try_from(left()) {
        tokio::select! {
            () = stop.requested() => return Err(Ended::Interrupted),
            () = tokio::time::sleep(left.min(Duration::from_secs(1))) => {}
        }
        if left.is_zero() {
            break;
        }
    }
    Ok(())
}

/// Everything that comes before the first push.
async fn prepare(load: &Load, stop: &Stop) -> Result<Vec<(String, Vec<SocketAddr>)>, Ended> {
    if let Some(flaw) = flaw(load) {
        return Err(Ended::CannotGoOn(flaw));
    }
    if load.sending == Sending::Wire {
        trial::try_stories(load, stop).await?;
    }
    if stop.is_requested() {
        return Err(Ended::Interrupted);
    }
    resolve(load).await.map_err(Ended::CannotGoOn)
}

/// What is impossible about a load, and what would be possible.
fn flaw(load: &Load) -> Option<String> {
    let within = |what: &str, asked: usize, most: usize| {
        (asked == 0 || asked > most).then(|| format!("{what}: {asked}; it lies between 1 and {most}"))
    };
    if load.stories.iter().all(|story| story.weight == 0) {
        return Some("there is nothing to play: no story has a weight".into());
    }
    if !(PACE_TIMES_MIN..=PACE_TIMES_MAX).contains(&load.pace) {
        return Some(format!(
            "a pace of {}x; under load it lies between {PACE_TIMES_MIN}x and {PACE_TIMES_MAX}x",
            load.pace
        ));
    }
    if load.shard.number == 0 || load.shard.number > load.shard.of || load.shard.of > SHARDS_MAX {
        return Some(format!("there is no shard {} of {}; of at most {SHARDS_MAX}", load.shard.number, load.shard.of));
    }
    let targets = load.stories.iter().map(|story| story.calls.targets().len()).max().unwrap_or_default();
    load.arrival
        .flaw()
        .or_else(|| within("workers", load.workers, WORKERS_MAX))
        .or_else(|| within("connections", load.connections, CONNECTIONS_MAX))
        .or_else(|| within("pushes in flight", load.max_in_flight, MAX_IN_FLIGHT_MAX))
        .or_else(|| within("targets", targets, TARGETS_MAX))
        .or_else(|| within("stories", load.stories.len(), usize::from(u16::MAX)))
}

/// Finds where every endpoint is, once for the whole run.
async fn resolve(load: &Load) -> Result<Vec<(String, Vec<SocketAddr>)>, String> {
    let mut found: Vec<(String, Vec<SocketAddr>)> = Vec::new();
    for url in load.stories.iter().flat_map(|story| story.calls.targets()) {
        let Some(name) = endpoint_name(url).filter(|name| found.iter().all(|(known, _)| known != name)) else {
            continue;
        };
        let addresses: Vec<SocketAddr> = tokio::net::lookup_host(&name)
            .await
            .map_err(|error| format!("the host of `{url}` is not known: {error}"))?
            .collect();
        if addresses.is_empty() {
            return Err(format!("the host of `{url}` has no address"));
        }
        found.push((name, addresses));
    }
    Ok(found)
}

/// The workers at work, and how they are heard and stopped.
struct Crew {
    messages: UnboundedReceiver<Message>,
    stop: Arc<AtomicBool>,
    untold: Arc<AtomicUsize>,
    left_out: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
    careful: tokio::task::JoinHandle<()>,
}

impl Crew {
    fn start(setting: &Arc<Setting>) -> Result<Self, String> {
        let (tell, messages) = unbounded_channel();
        let (jobs, jobs_heard) = unbounded_channel();
        let (stop, untold, left_out) = (Arc::default(), Arc::default(), Arc::default());
        let (mut threads, mut homes): (_, Vec<Home>) = (Vec::new(), Vec::new());
        let broken = |error| super::files::advice(&error);
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
        Ok(Self { messages, stop, untold, left_out, threads, careful })
    }

    /// Hears the workers until all are done.
    async fn work(
        mut self,
        setting: &Setting,
        figures: &mut Figures,
        told: &mut (dyn FnMut(Told) + Send),
        stop: &Stop,
    ) -> Ended {
        let mut points = Points::new(setting);
        let mut why = None;
        let mut is_stopping = false;
        loop {
            let message = tokio::select! {
                biased;
                () = stop.requested(), if !is_stopping => {
                    is_stopping = true;
                    self.stop.store(true, Ordering::Relaxed);
                    continue;
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
        let panicked =
            std::mem::take(&mut self.threads).into_iter().map(JoinHandle::join).filter(Result::is_err).count();
        let left_out = self.left_out.load(Ordering::Relaxed);
        if left_out > 0 {
            figures
                .notes
                .push(format!("{left_out} attempts were not told one by one, because more failed than can be"));
        }
        match (why, panicked) {
            (Some(why), _) => Ended::CannotGoOn(why),
            (None, 1..) => Ended::CannotGoOn("a worker broke off; its figures are missing".into()),
            (None, 0) if is_stopping => Ended::Interrupted,
            (None, 0) => Ended::Done,
        }
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

/// Points that not every worker has told yet.
struct Points {
    /// By number, the sum of the workers that have told it.
    open: BTreeMap<usize, Tick>,
    /// The number of points that each worker has told, and how its pushes stood.
    last: Vec<(usize, Vec<super::KindTick>)>,
    /// The figures of each worker, where it tells them, and the calls that it has started.
    figures: Vec<(BTreeMap<String, KindFigures>, u64)>,
    next: usize,
}

impl Points {
    fn new(setting: &Setting) -> Self {
        let workers = setting.load.workers;
        let (last, figures) = (vec![(0, Vec::new()); workers], vec![(BTreeMap::new(), 0); workers]);
        Self { open: BTreeMap::new(), last, figures, next: 0 }
    }

    /// Adds the point of one worker; the ones that are whole by it are returned.
    fn add(&mut self, worker: usize, number: usize, mut tick: Tick) -> Vec<Tick> {
        if let Some(figures) = self.figures.get_mut(worker).filter(|_| !tick.figures.is_empty()) {
            *figures = (std::mem::take(&mut tick.figures), tick.calls_started);
        }
        if let Some(last) = self.last.get_mut(worker) {
            *last = (number + 1, tick.kinds.clone());
        }
        match self.open.get_mut(&number) {
            None => drop(self.open.insert(number, tick)),
            Some(sum) => {
                sum.point.merge(&tick.point);
                sum.at = sum.at.max(tick.at);
            }
        }
        self.whole()
    }

    /// A worker has told its last point.
    fn done(&mut self, worker: usize) -> Vec<Tick> {
        if let Some(last) = self.last.get_mut(worker) {
            last.0 = usize::MAX;
        }
        self.whole()
    }

    /// The points that every worker has told, or will not tell any more.
    fn whole(&mut self) -> Vec<Tick> {
        let mut whole = Vec::new();
        let told = self.last.iter().map(|(told, _)| *told).min().unwrap_or_default();
        while self.next < told
            && let Some(mut tick) = self.open.remove(&self.next)
        {
            self.next += 1;
            tick.kinds = self.kinds();
            tick.calls_started = self.figures.iter().map(|(_, calls)| calls).sum();
            for (name, kind) in self.figures.iter().flat_map(|(figures, _)| figures) {
                tick.figures.entry(name.clone()).or_default().merge(kind);
            }
            whole.push(tick);
        }
        whole
    }

    /// How the pushes of all workers stand.
    fn kinds(&self) -> Vec<super::KindTick> {
        let mut sum: Vec<super::KindTick> = Vec::new();
        for kind in self.last.iter().flat_map(|(_, kinds)| kinds) {
            match sum.iter_mut().find(|known| known.name == kind.name) {
                None => sum.push(kind.clone()),
                Some(known) => {
                    known.planned += kind.planned;
                    known.sent += kind.sent;
                    known.held += kind.held;
                    known.lost += kind.lost;
                    known.nacks += kind.nacks;
                    known.failed += kind.failed;
                }
            }
        }
        sum
    }
}
