//! A rate that somebody turns while the run goes on. When calls start is still exact, and the same for every worker; who
//! turns it, and why, stands elsewhere.

use super::arrival::Stage;
use super::limits::{DURATION_MAX, RATE_MAX, STAGES_MAX};
use super::shard::mix;
use crate::clock;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How far ahead of a turn its effect lies: so far ahead nobody has looked, so all workers see the same.
const LEAD: Duration = Duration::from_millis(60);
/// How far a worker looks ahead. It looks at least once in 20 ms, so that it misses no call.
const LOOK: Duration = Duration::from_millis(40);
/// How often the rate can be turned.
pub const TURNS_MAX: usize = 100_000;

/// The rate of a run, and its end, while both are still open. Its copies steer the same run.
#[derive(Clone)]
pub struct Steering {
    course: Arc<Mutex<Course>>,
    /// The share of the way from one call to the next at which the first call stands, so that processes that are turned
    /// together do not start their calls together.
    phase: f64,
    chance: Chance,
}

/// How regularly calls come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// At equal distances.
    Even,
    /// At random moments, drawn by this seed.
    Poisson(u64),
}

/// What was decided so far.
#[derive(Debug)]
struct Course {
    began: Option<Instant>,
    /// From when on, since the beginning, so many calls a second start. The last one lasts until it is turned.
    rates: Vec<(Duration, f64)>,
    /// When no more calls start, and how long those under way may go on.
    end: Option<(Duration, Duration)>,
}

impl Course {
    fn now(&self) -> Duration {
        self.began.map_or(Duration::ZERO, |began| clock::steady().saturating_duration_since(began))
    }

    fn end(&self) -> Duration {
        self.end.map_or(DURATION_MAX, |(end, _)| end)
    }
}

impl Steering {
    /// A run that begins at so many calls a second. `phase`: from 0 up to 1.
    pub fn new(rate: f64, phase: f64, chance: Chance) -> Self {
        let course = Course { began: None, rates: vec![(Duration::ZERO, clamped(rate))], end: None };
        Self { course: Arc::new(Mutex::new(course)), phase: phase.clamp(0.0, 1.0), chance }
    }

    /// Turns the rate, a moment from now on. False where it cannot be turned any more: it was turned too often, or the end
    /// is decided.
    pub fn turn(&self, rate: f64) -> bool {
        let mut course = self.course();
        if course.rates.len() >= TURNS_MAX || course.end.is_some() {
            return false;
        }
        match course.began {
            None => course.rates = vec![(Duration::ZERO, clamped(rate))],
            Some(_) => {
                let from = course.now() + LEAD;
                course.rates.push((from, clamped(rate)));
            }
        }
        true
    }

    /// No more calls start, a moment from now on; those under way may go on for a while. The first end counts.
    pub fn end(&self, linger: Duration) {
        let mut course = self.course();
        // Before it has begun, nothing was certain: not one call starts.
        let at = if course.began.is_some() { course.now() + LEAD } else { Duration::ZERO };
        course.end.get_or_insert((at, linger));
    }

    /// The run begins.
    pub(super) fn begin(&self, began: Instant) {
        self.course().began = Some(began);
    }

    /// When no more calls start, since the beginning, as far as it is decided.
    pub(super) fn lasting(&self) -> Duration {
        self.course().end()
    }

    /// How many calls a second start at a moment since the beginning; none behind the end.
    pub(super) fn rate_at(&self, at: Duration) -> Option<f64> {
        let course = self.course();
        let turned = course.rates.partition_point(|(from, _)| *from <= at);
        (at < course.end()).then(|| course.rates.get(turned.saturating_sub(1)).map_or(0.0, |(_, rate)| *rate))
    }

    /// What was decided, as stages, until the end or until now. What comes behind the most stages there can be is one, with
    /// the mean of its rates.
    pub fn stages(&self) -> Vec<Stage> {
        let course = self.course();
        let end = course.end().min(course.now());
        let ends = course.rates.iter().skip(1).map(|(from, _)| *from).chain([end]);
        let mut stages: Vec<Stage> = Vec::new();
        for ((from, rate), to) in course.rates.iter().zip(ends) {
            let lasting = to.min(end).saturating_sub(*from);
            match stages.len() {
                _ if lasting.is_zero() => {}
                STAGES_MAX => {
                    if let Some(last) = stages.last_mut() {
                        let both = last.lasting + lasting;
                        let calls = last.from * last.lasting.as_secs_f64() + rate * lasting.as_secs_f64();
                        *last = Stage::steady(calls / both.as_secs_f64(), both);
                    }
                }
                _ => stages.push(Stage::steady(*rate, lasting)),
            }
        }
        stages
    }

    /// Whether the calls that were under way at the end have had their time.
    pub(super) fn has_lingered(&self, now: Duration) -> bool {
        matches!(self.course().end, Some((end, linger)) if now > end.saturating_add(linger))
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        // Nothing that is done under the lock can be left half done.
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Steering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Steering").field(&*self.course()).finish()
    }
}

impl PartialEq for Steering {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.course, &other.course)
    }
}

/// A rate that there can be.
fn clamped(rate: f64) -> f64 {
    if rate.is_finite() { rate.clamp(0.0, RATE_MAX) } else { 0.0 }
}

/// The start of each call of a steered run, in order, as far as it is certain.
#[derive(Debug, Clone)]
pub(super) struct SteeredStarts {
    steering: Steering,
    number: u64,
    /// How many calls a plan without chance would have started before the last one.
    position: f64,
    /// Which rate holds for it, and how many calls the ones before have.
    rate: usize,
    before: f64,
    exhausted: bool,
}

impl SteeredStarts {
    pub(super) fn new(steering: &Steering) -> Self {
        Self { steering: steering.clone(), number: 0, position: steering.phase, rate: 0, before: 0.0, exhausted: false }
    }

    /// Whether it is certain that no more calls come.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// The next call, where it is certain that it comes, and when.
    pub(super) fn next(&mut self) -> Option<(u64, Duration)> {
        let steering = self.steering.clone();
        let course = steering.course();
        self.next_by(&course, course.now() + LOOK)
    }

    fn next_by(&mut self, course: &Course, horizon: Duration) -> Option<(u64, Duration)> {
        let number = self.number + 1;
        let position = match self.steering.chance {
            Chance::Even => self.steering.phase + self.number as f64,
            Chance::Poisson(seed) => self.position + super::arrival::wait(mix(seed, number)),
        };
        loop {
            let (from, rate) = *course.rates.get(self.rate)?;
            let calls = |until: Duration| rate * until.saturating_sub(from).as_secs_f64();
            if let Some((next, _)) = course.rates.get(self.rate + 1)
                && self.before + calls(*next) <= position
            {
                self.before += calls(*next);
                self.rate += 1;
                continue;
            }
            // Without a rate it never comes, which is later than any horizon.
            let after = (position - self.before) / rate;
            let at = Duration::try_from_secs_f64(after).ok().and_then(|after| from.checked_add(after));
            let Some(at) = at.filter(|at| *at < course.end()) else {
                self.exhausted = course.end.is_some() || horizon > DURATION_MAX;
                return None;
            };
            if at > horizon {
                return None;
            }
            self.number = number;
            self.position = position;
            return Some((number, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// All calls of a course that is known from the start.
    fn all(rates: &[(u64, f64)], end: u64, phase: f64, chance: Chance) -> Vec<(u64, Duration)> {
        let rates = rates.iter().map(|(from, rate)| (seconds(*from), *rate)).collect();
        let course = Course { began: None, rates, end: Some((seconds(end), Duration::ZERO)) };
        let mut starts = SteeredStarts::new(&Steering::new(0.0, phase, chance));
        std::iter::from_fn(|| starts.next_by(&course, Duration::MAX)).collect()
    }

    #[test]
    fn a_turned_rate_starts_as_many_calls_as_it_says() {
        let starts = all(&[(0, 10.0), (10, 0.0), (20, 100.0), (25, 20.0)], 30, 0.0, Chance::Even);
        let count = |from, to| starts.iter().filter(|(_, at)| (seconds(from)..seconds(to)).contains(at)).count();
        assert_eq!((count(0, 10), count(10, 20), count(20, 25), count(25, 30)), (100, 0, 500, 100));
        assert!(starts.iter().zip(1..).all(|((number, _), expected)| *number == expected));
        assert!(starts.windows(2).all(|pair| pair[0].1 <= pair[1].1));
    }

    #[test]
    fn what_was_decided_is_told_as_stages() {
        let began = clock::steady().checked_sub(seconds(60));
        let rates = vec![(seconds(0), 10.0), (seconds(10), 0.0), (seconds(20), 100.0), (seconds(40), 5.0)];
        let steering = Steering::new(0.0, 0.0, Chance::Even);
        *steering.course() = Course { began, rates, end: Some((seconds(30), Duration::ZERO)) };
        let stage = |rate| Stage::steady(rate, seconds(10));
        assert_eq!(steering.stages(), [stage(10.0), stage(0.0), stage(100.0)]);
        assert_eq!([9, 10, 29, 30].map(|at| steering.rate_at(seconds(at))), [Some(10.0), Some(0.0), Some(100.0), None]);
        let rates = (0..2 * STAGES_MAX as u64).map(|at| (Duration::from_millis(at), (at % 2) as f64)).collect();
        *steering.course() = Course { began, rates, end: Some((seconds(2), Duration::ZERO)) };
        let stages = steering.stages();
        assert_eq!(stages.len(), STAGES_MAX);
        assert_eq!(stages.iter().map(|stage| stage.lasting).sum::<Duration>(), seconds(2));
    }

    #[test]
    fn a_phase_stands_between_the_calls_of_another() {
        let starts = all(&[(0, 10.0)], 1, 0.5, Chance::Even);
        assert_eq!((starts[0].1, starts.len()), (Duration::from_millis(50), 10));
    }

    #[test]
    fn chance_keeps_the_mean() {
        let starts = all(&[(0, 100.0), (50, 300.0)], 100, 0.0, Chance::Poisson(7));
        assert!(starts.len().abs_diff(20_000) < 600, "{}", starts.len());
    }

    #[test]
    fn what_was_certain_stays_so_when_the_rate_turns() {
        let steering = Steering::new(1000.0, 0.0, Chance::Even);
        steering.begin(clock::steady());
        let mut early = SteeredStarts::new(&steering);
        let mut seen: Vec<_> = std::iter::from_fn(|| early.next()).collect();
        assert!(steering.turn(5.0));
        steering.course().began = clock::steady().checked_sub(seconds(2));
        seen.extend(std::iter::from_fn(|| early.next()));
        let mut late = SteeredStarts::new(&steering);
        let again: Vec<_> = std::iter::from_fn(|| late.next()).take(seen.len()).collect();
        assert_eq!(seen, again);
        assert!(seen.len() < 200, "{}", seen.len());
        steering.end(Duration::ZERO);
        assert!(!steering.turn(5.0), "it has ended");
    }
}
