//! The figures for Prometheus, folded from the events of all runs. Every label has a closed list of values.

use crate::event::{RunEvent, Weight};
use prometheus::core::Collector;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

/// The upper ends of the classes of answer times, in seconds.
const CLASSES: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The figures for Prometheus.
pub(super) struct Metrics {
    registry: Registry,
    stories: IntCounterVec,
    ended: IntCounterVec,
    pub running: IntGauge,
    attempts: IntCounterVec,
    answers: IntCounterVec,
    failures: IntCounterVec,
    pushes: IntCounterVec,
    took: HistogramVec,
    findings: IntCounterVec,
    pub readers: IntGauge,
    pub missed: IntCounter,
    pub inbox: IntCounter,
}

impl Metrics {
    /// All of them at zero.
    ///
    /// # Errors
    /// Where two have the same name, which they have not.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let info = IntGauge::with_opts(
            Opts::new("ringback_build_info", "The version of Ringback, as a label; always 1.")
                .const_label("version", env!("CARGO_PKG_VERSION")),
        )?;
        info.set(1);
        keep(&registry, info)?;
        let counters = |name: &str, meaning: &str, labels: &[&str]| {
            keep(&registry, IntCounterVec::new(Opts::new(name, meaning), labels)?)
        };
        let gauge = |name: &str, meaning: &str| keep(&registry, IntGauge::new(name, meaning)?);
        let counter = |name: &str, meaning: &str| keep(&registry, IntCounter::new(name, meaning)?);
        let took = HistogramOpts::new("ringback_answer_seconds", "How long receivers took to answer.")
            .buckets(CLASSES.to_vec());
        Ok(Self {
            stories: counters(
                "ringback_stories_total",
                "Stories that began: a scenario by a vendor, once for every call.",
                &["vendor"],
            )?,
            ended: counters(
                "ringback_runs_ended_total",
                "Runs that ended, by the exit code of the command.",
                &["exit"],
            )?,
            running: gauge("ringback_runs_running", "Runs that go on.")?,
            attempts: counters("ringback_attempts_total", "Attempts to deliver a push.", &["vendor"])?,
            answers: counters("ringback_answers_total", "Answers of receivers.", &["vendor", "status"])?,
            failures: counters(
                "ringback_failures_total",
                "Attempts that ended without an answer.",
                &["vendor", "class"],
            )?,
            pushes: counters("ringback_pushes_total", "Pushes that are settled.", &["vendor", "outcome"])?,
            took: keep(&registry, HistogramVec::new(took, &["vendor"])?)?,
            findings: counters("ringback_findings_total", "What was not as expected.", &["weight"])?,
            readers: gauge("ringback_event_readers", "Readers of event streams.")?,
            missed: counter("ringback_events_missed_total", "Events that readers were too slow for.")?,
            inbox: counter("ringback_inbox_requests_total", "Requests to the inboxes.")?,
            registry,
        })
    }

    /// Learns of an event of any run.
    pub fn event(&self, event: &RunEvent) {
        let vendor = |push: &str| push.split(':').next().unwrap_or_default().to_owned();
        match event {
            RunEvent::StoryStarted { story, .. } => self.stories.with_label_values(&[story.vendor]).inc(),
            RunEvent::Attempted { delivery, .. } => self.attempts.with_label_values(&[&vendor(&delivery.push)]).inc(),
            RunEvent::Replied { delivery, status, timing, .. } => {
                let vendor = vendor(&delivery.push);
                let class = match status {
                    100..=199 => "1xx",
                    200..=299 => "2xx",
                    300..=399 => "3xx",
                    400..=499 => "4xx",
                    500..=599 => "5xx",
                    _ => "other",
                };
                self.answers.with_label_values(&[&*vendor, class]).inc();
                self.took.with_label_values(&[&*vendor]).observe(timing.total.as_secs_f64());
            }
            RunEvent::Failed { delivery, class, .. } => {
                self.failures.with_label_values(&[&*vendor(&delivery.push), class.as_str()]).inc();
            }
            RunEvent::Acknowledged { delivery, .. } => self.settled(&vendor(&delivery.push), "acknowledged"),
            RunEvent::GivenUp { delivery, excused, .. } => {
                self.settled(&vendor(&delivery.push), if *excused { "excused" } else { "given_up" });
            }
            RunEvent::Dropped { delivery, .. } => self.settled(&vendor(&delivery.push), "dropped"),
            RunEvent::Withdrawn { delivery } => self.settled(&vendor(&delivery.push), "withdrawn"),
            RunEvent::Found(finding) => {
                let weight = match finding.weight {
                    Weight::Remark => "remark",
                    Weight::Pending => "pending",
                    Weight::Failed => "failed",
                    Weight::Unknown => "unknown",
                };
                self.findings.with_label_values(&[weight]).inc();
            }
            RunEvent::Finished { exit, .. } => self.ended.with_label_values(&[&*exit.to_string()]).inc(),
            RunEvent::Started { .. }
            | RunEvent::Skipped { .. }
            | RunEvent::Planned { .. }
            | RunEvent::Driven { .. }
            | RunEvent::Held { .. }
            | RunEvent::RetrySet { .. }
            | RunEvent::Disabled { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::Recorded { .. }
            | RunEvent::Probed { .. }
            | RunEvent::Checked { .. }
            | RunEvent::NotJudged { .. }
            | RunEvent::FaultPlayed { .. }
            | RunEvent::Compared { .. }
            | RunEvent::Unreachable { .. }
            | RunEvent::StoryFinished { .. } => {}
        }
    }

    /// All of them as text, and the type of that text.
    pub fn text(&self) -> (&'static str, Vec<u8>) {
        let mut text = Vec::new();
        // A vector takes everything, and the names were checked.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        (prometheus::TEXT_FORMAT, text)
    }

    fn settled(&self, vendor: &str, outcome: &str) {
        self.pushes.with_label_values(&[vendor, outcome]).inc();
    }
}

fn keep<T: Collector + Clone + 'static>(registry: &Registry, figure: T) -> prometheus::Result<T> {
    registry.register(Box::new(figure.clone()))?;
    Ok(figure)
}
