//! Writes what is told of attempts into a report, such as a journal, on a thread of its own: a row costs more than a push.
//! What is told is chosen by the workers: every failure, and one of so many others ([`Sample`]).

use super::{ATTEMPTS_UNWRITTEN_MAX, AttemptTold, Load};
use crate::clock::{BEIJING, Pace};
use crate::event::{EVENT_FORMAT, RunEvent};
use crate::http::Secrets;
use crate::report::Report;
use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// How many attempts are written at once at most.
const BATCH_MAX: usize = 256;

/// What is told of attempts, on its way into a report.
pub struct Writing {
    attempts: SyncSender<Box<AttemptTold>>,
    thread: JoinHandle<Written>,
    left_out: u64,
}

/// What has become of the attempts that were told.
#[derive(Debug, Default)]
pub struct Written {
    /// Attempts that are in the report.
    pub attempts: u64,
    /// Attempts that are not: more were told than can be written, or the report broke.
    pub left_out: u64,
    /// What the report refused.
    pub broken: Option<io::Error>,
}

impl Writing {
    /// Begins to write about a load.
    ///
    /// # Errors
    /// Where the report takes nothing, or the system gives no thread.
    pub fn start(load: &Load, mut report: Box<dyn Report + Send>) -> io::Result<Self> {
        let load = load.clone();
        let secrets = secrets(&load);
        report.event(&veiled(started(&load), &secrets))?;
        let (attempts, heard) = sync_channel(ATTEMPTS_UNWRITTEN_MAX);
        let thread = std::thread::Builder::new()
            .name("load-writing".into())
            .spawn(move || write(&load, &secrets, report.as_mut(), &heard))?;
        Ok(Self { attempts, thread, left_out: 0 })
    }

    /// Takes an attempt. It never waits: where [`ATTEMPTS_UNWRITTEN_MAX`] wait to be written, this one is left out.
    pub fn attempt(&mut self, told: Box<AttemptTold>) {
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = self.attempts.try_send(told) {
            self.left_out += 1;
        }
    }

    /// How many attempts were left out so far because there was no room.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Waits until everything that was taken is written: at most [`ATTEMPTS_UNWRITTEN_MAX`] attempts.
    pub fn close(self) -> Written {
        let Self { attempts, thread, left_out } = self;
        drop(attempts);
        let mut written = thread.join().unwrap_or_else(|_| Written {
            broken: Some(io::Error::other("the thread that writes it broke off")),
            ..Written::default()
        });
        written.left_out += left_out;
        written
    }
}

/// Writes what is heard until nobody tells any more.
fn write(
    load: &Load,
    secrets: &Secrets,
    report: &mut (dyn Report + Send),
    heard: &Receiver<Box<AttemptTold>>,
) -> Written {
    let mut written = Written::default();
    while let Ok(first) = heard.recv() {
        let batch: Vec<_> = std::iter::once(first).chain(heard.try_iter().take(BATCH_MAX - 1)).collect();
        let told = batch.len() as u64;
        // One that breaks is left alone from then on; what follows is only counted.
        if written.broken.is_some() {
            written.left_out += told;
            continue;
        }
        let pairs: Vec<_> = batch.iter().filter_map(|told| told.events(load)).collect();
        let events: Vec<RunEvent> = pairs.into_iter().flatten().map(|event| veiled(event, secrets)).collect();
        match report.events(&events) {
            Ok(()) => {
                written.attempts += events.len() as u64 / 2;
                written.left_out += told - events.len() as u64 / 2;
            }
            Err(error) => {
                written.left_out += told;
                written.broken = Some(error);
            }
        }
    }
    if let Err(error) = report.flush() {
        written.broken.get_or_insert(error);
    }
    written
}

/// The beginning of the run, as `run` tells it.
fn started(load: &Load) -> RunEvent {
    let mut targets: Vec<String> =
        load.stories.iter().flat_map(|story| story.calls.targets()).map(ToString::to_string).collect();
    targets.sort();
    targets.dedup();
    RunEvent::Started {
        format: EVENT_FORMAT,
        ringback: env!("CARGO_PKG_VERSION"),
        seed: load.seed,
        start: load.start.display_with_offset(BEIJING).to_string(),
        pace: Pace::Times(load.pace).to_string(),
        targets,
        built_in_receiver: false,
    }
}

/// What nobody is told; it is the same in every call of a story.
fn secrets(load: &Load) -> Secrets {
    let mut secrets = Secrets::default();
    let plans = load.stories.iter().filter_map(|story| story.calls.plan(1, load.start));
    plans.for_each(|plan| secrets.add_all(&plan.secrets()));
    load.transport.secrets().for_each(|secret| secrets.add(secret));
    secrets
}

fn veiled(event: RunEvent, secrets: &Secrets) -> RunEvent {
    if secrets.is_empty() { event } else { event.veiled(secrets) }
}

/// How many of the acknowledged pushes are told: one in so many, and none where it is 0. It reads as a share: `1%`, `1/1000`,
/// `0`, `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample(pub u64);

/// The share that is told where none is asked for: one in a hundred.
pub const SAMPLE_DEFAULT: Sample = Sample(100);

/// A share that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSample(String);

impl FromStr for Sample {
    type Err = BadSample;

    fn from_str(text: &str) -> Result<Self, BadSample> {
        let whole = |text: &str| text.trim().parse::<u64>().ok();
        let one_in = match (text, text.strip_suffix('%'), text.split_once('/')) {
            ("all" | "1", ..) => Some(1),
            ("none" | "0", ..) => Some(0),
            (_, Some(percent), _) => match percent.trim().parse::<f64>() {
                Ok(0.0) => Some(0),
                Ok(100.0) => Some(1),
                // Above a half, the nearest "one in so many" would be all.
                Ok(percent) if percent > 0.0 && percent <= 50.0 => Some((100.0 / percent).round() as u64),
                Ok(_) | Err(_) => None,
            },
            (_, _, Some((part, of))) => match (whole(part), whole(of)) {
                (Some(1), Some(of)) if of > 0 => Some(of),
                _ => None,
            },
            _ => None,
        };
        one_in.map(Sample).ok_or_else(|| BadSample(text.to_owned()))
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("none"),
            1 => f.write_str("all"),
            of => write!(f, "1/{of}"),
        }
    }
}

impl fmt::Display for BadSample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no share of the acknowledged pushes: write `1%` up to `50%`, `1/1000`, `all` or `none`",
            self.0
        )
    }
}

impl std::error::Error for BadSample {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_one_in_so_many() {
        for (text, one_in) in [
            ("1%", 100),
            ("0.1%", 1000),
            ("3%", 33),
            ("50%", 2),
            ("100%", 1),
            ("1/7", 7),
            ("all", 1),
            ("none", 0),
            ("0%", 0),
        ] {
            assert_eq!(text.parse(), Ok(Sample(one_in)), "{text}");
        }
        for text in ["", "%", "51%", "-1%", "NaN%", "inf%", "2/3", "1/0", "1/", "1/-1", "half"] {
            assert!(text.parse::<Sample>().is_err(), "{text}");
        }
        assert_eq!([0, 1, 50].map(|of| Sample(of).to_string()), ["none", "all", "1/50"]);
    }
}
