//! How a load stands, in words: one line, or a screen with the ladder of its pushes. Pure; who draws it is elsewhere.

use super::table;
use crate::load::summary::{LoadAsked, Times};
use crate::load::{KindTick, Tick};
use crate::vendors::named::shown;
use crate::{duration, rate};
use std::time::Duration;

/// How many pushes the ladder shows.
const RUNGS_MAX: usize = 24;
/// How wide the name of a push may be; a longer one is cut.
const NAME_MAX_CHARS: usize = 28;
/// How long the longest bar of the ladder is.
const BAR_CHARS: usize = 20;
/// How wide a line of the screen is at most, so that it is not broken on a terminal of 80.
const LINE_CHARS: usize = 79;

/// How a load stands.
#[derive(Debug, Clone)]
pub struct Stand {
    asked: LoadAsked,
    /// How long one point lasts.
    length: Duration,
    tick: Option<Tick>,
    before: Option<Duration>,
}

impl Stand {
    /// At the beginning.
    pub fn new(asked: LoadAsked) -> Self {
        Self { asked, length: Duration::from_secs(1), tick: None, before: None }
    }

    /// It is over, and another one may begin.
    pub fn over(&mut self) {
        (self.tick, self.before) = (None, None);
    }

    /// A while has passed.
    pub fn tick(&mut self, tick: &Tick) {
        self.before = self.tick.as_ref().map(|tick| tick.at);
        self.length = tick.at.saturating_sub(self.before.unwrap_or_default()).max(Duration::from_millis(1));
        self.tick = Some(tick.clone());
    }

    /// One line: `12s  200/s calls asked; pushes 1400/s due, 1398/s answered, 12 in flight; response p50 1.2ms p99 4.5ms; ...`.
    pub fn line(&self) -> Option<String> {
        let tick = self.tick.as_ref()?;
        let (point, times) = (&tick.point, Times::of(&tick.point.response.open()));
        let [p50, _, p99, ..] = table::cells(&times);
        let sum = |of: fn(&KindTick) -> u64| tick.kinds.iter().map(of).sum::<u64>();
        Some(format!(
            "{:>6}  {}pushes {} due, {} answered, {} in flight; response p50 {p50}, p99 {p99}; so far {} sent, {} held, \
             {} lost{}, {} errors",
            duration::text(Duration::from_secs(tick.at.as_secs())),
            self.asked_now(tick).map(|rate| format!("calls {} asked; ", rate::text(rate))).unwrap_or_default(),
            self.per_second(point.due),
            self.per_second(point.answered),
            point.in_flight,
            sum(|kind| kind.sent),
            sum(|kind| kind.held),
            sum(|kind| kind.lost),
            excused(sum(|kind| kind.excused)),
            sum(|kind| kind.nacks + kind.failed),
        ))
    }

    /// A whole screen, line by line.
    pub fn screen(&self) -> Vec<String> {
        let Some(tick) = &self.tick else {
            let waits_for = match self.asked.is_steered() {
                true => "waiting for the Locust master",
                false => "trying one call of each story first",
            };
            return vec![format!("load      {waits_for}")];
        };
        let point = &tick.point;
        let of = match self.asked.is_steered() {
            true => String::new(),
            false => format!(" of {}", duration::text(Duration::from_micros(self.asked.lasting_us))),
        };
        let at = duration::text(Duration::from_secs(tick.at.as_secs()));
        let asked = self.asked_now(tick).map_or_else(
            || match self.asked.closed {
                Some(calls) => format!("{calls} at a time"),
                None => "no more calls start".to_owned(),
            },
            |rate| format!("{} asked", rate::text(rate)),
        );
        let sum = |of: fn(&KindTick) -> u64| tick.kinds.iter().map(of).sum::<u64>();
        let mut lines = vec![
            format!("load      {at}{of}, seed {}", self.asked.seed),
            format!("calls     {asked}, {} under way", point.calls),
            format!(
                "pushes    {} due, {} written, {} answered, {} in flight",
                self.per_second(point.due),
                self.per_second(point.written),
                self.per_second(point.answered),
                point.in_flight
            ),
            format!("response  {}", times(&Times::of(&point.response.open()))),
            format!("service   {}", times(&Times::of(&point.service.open()))),
            format!("failures  {}", failures(tick)),
            format!(
                "so far    {} sent, {} held, {} lost{}",
                sum(|kind| kind.sent),
                sum(|kind| kind.held),
                sum(|kind| kind.lost),
                excused(sum(|kind| kind.excused))
            ),
        ];
        let kinds: Vec<&KindTick> = tick.kinds.iter().filter(|kind| kind.planned > 0).collect();
        let width = kinds.iter().take(RUNGS_MAX).map(|kind| shown(&kind.name).chars().count());
        let width = width.max().unwrap_or(0).min(NAME_MAX_CHARS);
        let most = kinds.iter().map(|kind| kind.planned).max().unwrap_or(0).max(1);
        for kind in kinds.iter().take(RUNGS_MAX) {
            let filled = (kind.sent as u128 * BAR_CHARS as u128 / u128::from(most)) as usize;
            let bar: String = "#".repeat(filled) + &".".repeat(BAR_CHARS - filled.min(BAR_CHARS));
            let name: String = shown(&kind.name).chars().take(NAME_MAX_CHARS).collect();
            let mut rung = format!("  {name:width$} {bar} {:>9}", kind.sent);
            for (count, word) in [
                (kind.held, "held"),
                (kind.lost, "lost"),
                (kind.excused, "excused"),
                (kind.nacks, "nack"),
                (kind.failed, "failed"),
            ] {
                if count > 0 {
                    rung += &format!(" {count} {word}");
                }
            }
            lines.push(rung);
        }
        if kinds.len() > RUNGS_MAX {
            lines.push(format!("  and {} more", kinds.len() - RUNGS_MAX));
        }
        lines.iter().map(|line| line.chars().take(LINE_CHARS).collect()).collect()
    }

    /// The rate that was asked for in the middle of the while that has passed.
    fn asked_now(&self, tick: &Tick) -> Option<f64> {
        tick.asked.or_else(|| self.asked.rate_at(tick.at.saturating_sub(self.length / 2)))
    }

    fn per_second(&self, count: u64) -> String {
        rate::text(count as f64 / self.length.as_secs_f64())
    }
}

/// Nothing where no fault has lost anything.
fn excused(count: u64) -> String {
    if count == 0 { String::new() } else { format!(", {count} excused") }
}

fn times(times: &Times) -> String {
    let heads = ["p50", "p90", "p99", "p99.9", "max"];
    heads.iter().zip(table::cells(times)).map(|(head, cell)| format!("{head} {cell:<9}")).collect()
}

/// Those of the while that has passed.
fn failures(tick: &Tick) -> String {
    let mut told: Vec<String> = tick.point.failures.iter().map(|(name, count)| format!("{count} x {name}")).collect();
    if tick.point.nacks > 0 {
        told.push(format!("{} x not acknowledged", tick.point.nacks));
    }
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}
