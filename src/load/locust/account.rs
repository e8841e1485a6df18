//! Our figures as a Locust master adds them up: what came since the last report, rounded as Locust rounds. Nothing here is
//! sent.

use super::words::{Entry, Error};
use crate::load::KindFigures;
use std::collections::BTreeMap;

/// The method that pushes are told under.
const PUSH: &str = "POST";
/// The method and the name that calls are told under. They are in no total: a call is no request.
const CALL: (&str, &str) = ("CALL", "calls started");
/// How many different errors one report tells; the same for every worker, so that a master's memory is bounded, too.
const ERRORS_MAX: usize = 1_000;

/// What of a run was told, and what is to be told next.
pub struct Account {
    told: BTreeMap<String, KindFigures>,
    calls_told: u64,
    next: Report,
}

/// What came since the last report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// By name.
    pub entries: BTreeMap<String, Entry>,
    /// All pushes.
    pub total: Entry,
    /// What went wrong.
    pub errors: BTreeMap<String, Error>,
}

impl Account {
    /// Of a run that begins now; in seconds since 1970, as all moments here.
    pub fn new(now: f64) -> Self {
        Self { told: BTreeMap::new(), calls_told: 0, next: Report::since(now) }
    }

    /// Counts what the figures have more than before. It happened about then.
    pub fn count(&mut self, figures: &BTreeMap<String, KindFigures>, calls_started: u64, then: f64) {
        for (name, kind) in figures {
            let told = self.told.entry(name.clone()).or_default();
            self.next.add(name, &Difference::of(kind, told), then);
            told.clone_from(kind);
        }
        let calls = calls_started.saturating_sub(self.calls_told);
        if calls > 0 {
            self.calls_told = calls_started;
            let entry = self.next.entry(CALL.0, CALL.1);
            entry.num_none_requests += calls;
            entry.requests(calls, 0, then);
        }
    }

    /// Takes what is to be told; what comes from now on belongs to the next report.
    pub fn report(&mut self, now: f64) -> Report {
        std::mem::replace(&mut self.next, Report::since(now))
    }

    /// Takes back what could not be told, before anything else was counted.
    pub fn give_back(&mut self, report: Report) {
        self.next = report;
    }
}

/// What came between two states of the figures of one kind.
struct Difference {
    attempts: u64,
    failures: u64,
    /// In milliseconds.
    times: Vec<(f64, u64)>,
    errors: Vec<(String, u64)>,
}

impl Difference {
    fn of(kind: &KindFigures, told: &KindFigures) -> Self {
        let since = |now: u64, then: u64| now.saturating_sub(then);
        let nacks = since(kind.nacks, told.nacks);
        let mut errors: Vec<(String, u64)> = Vec::new();
        let mut unnamed = nacks;
        for (status, count) in kind.statuses.iter().filter(|(status, _)| !(200..300).contains(*status)) {
            let count = since(*count, told.statuses.get(status).copied().unwrap_or_default()).min(unnamed);
            unnamed -= count;
            errors.push((format!("answered with {status}, not acknowledged"), count));
        }
        errors.push(("answered, not acknowledged".into(), unnamed));
        for (failure, count) in &kind.failures {
            errors.push((failure.clone(), since(*count, told.failures.get(failure).copied().unwrap_or_default())));
        }
        // Not a request, because it never left, but nobody shall take the rate for kept. What the end of the run holds
        // back is no error: every end does.
        let held = |kind: &KindFigures| since(kind.held, kind.held_by_end);
        errors.push(("held back: no room in flight".into(), since(held(kind), held(told))));
        errors.retain(|(_, count)| *count > 0);
        let milliseconds = |(time, count): (std::time::Duration, u64)| (time.as_secs_f64() * 1e3, count);
        Self {
            attempts: since(kind.attempts, told.attempts),
            failures: nacks + since(kind.failed(), told.failed()),
            times: kind.response.since(&told.response).into_iter().map(milliseconds).collect(),
            errors,
        }
    }
}

impl Report {
    fn since(now: f64) -> Self {
        Self { total: Entry { name: "Aggregated".into(), start_time: now, ..Entry::default() }, ..Self::default() }
    }

    fn entry(&mut self, method: &str, name: &str) -> &mut Entry {
        let start_time = self.total.start_time;
        self.entries.entry(name.to_owned()).or_insert_with(|| Entry {
            name: name.to_owned(),
            method: method.to_owned(),
            start_time,
            ..Entry::default()
        })
    }

    fn add(&mut self, name: &str, difference: &Difference, then: f64) {
        if difference.attempts > 0 {
            self.entry(PUSH, name).add(difference, then);
            self.total.add(difference, then);
        }
        for (error, count) in &difference.errors {
            let key = format!("{PUSH}.{name}.{error}");
            if self.errors.len() >= ERRORS_MAX && !self.errors.contains_key(&key) {
                continue;
            }
            let known = self.errors.entry(key).or_insert_with(|| Error {
                name: name.to_owned(),
                method: PUSH.to_owned(),
                error: error.clone(),
                occurrences: 0,
                first_seen: then,
                last_seen: then,
            });
            known.occurrences += count;
            known.last_seen = then;
        }
    }
}

impl Entry {
    fn requests(&mut self, requests: u64, failures: u64, then: f64) {
        self.num_requests += requests;
        self.num_failures += failures;
        self.last_request_timestamp = Some(then);
        // The cast saturates.
        let second = then.max(0.0) as u64;
        *self.num_reqs_per_sec.entry(second).or_default() += requests;
        if failures > 0 {
            *self.num_fail_per_sec.entry(second).or_default() += failures;
        }
    }

    fn add(&mut self, difference: &Difference, then: f64) {
        self.requests(difference.attempts, difference.failures, then);
        let timed: u64 = difference.times.iter().map(|(_, count)| count).sum();
        self.num_none_requests += difference.attempts.saturating_sub(timed);
        for (milliseconds, count) in &difference.times {
            self.total_response_time += milliseconds * *count as f64;
            self.max_response_time = self.max_response_time.max(*milliseconds);
            self.min_response_time = Some(self.min_response_time.map_or(*milliseconds, |min| min.min(*milliseconds)));
            *self.response_times.entry(rounded(*milliseconds)).or_default() += count;
        }
    }
}

/// To two significant digits, as `bucket_response_time` in locust/stats.py: whole milliseconds below 100, tens below 1000.
/// Halves go to the even neighbour, as Python has it.
fn rounded(milliseconds: f64) -> u64 {
    let unit = match milliseconds {
        below if below < 100.0 => 1.0,
        below if below < 1_000.0 => 10.0,
        below if below < 10_000.0 => 100.0,
        _ => 1_000.0,
    };
    ((milliseconds / unit).round_ties_even() * unit) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_rounded_as_locust_rounds_them() {
        let of = |milliseconds: &[f64]| milliseconds.iter().map(|each| rounded(*each)).collect::<Vec<_>>();
        assert_eq!(of(&[0.4, 0.5, 1.5, 99.4, 99.9]), [0, 0, 2, 99, 100]);
        assert_eq!(of(&[147.0, 105.0, 115.0, 3432.0, 58_760.0]), [150, 100, 120, 3400, 59_000]);
    }

    fn kind(milliseconds: &[u64], refused: u64, nacks: u64) -> KindFigures {
        let mut kind = KindFigures { nacks, ..KindFigures::default() };
        milliseconds.iter().for_each(|each| kind.response.record(Duration::from_millis(*each)));
        kind.answered = milliseconds.len() as u64;
        kind.attempts = kind.answered + refused;
        kind.failures.insert("refused/connect".into(), refused);
        kind.statuses.insert(503, nacks);
        kind
    }

    #[test]
    fn reports_add_up_to_the_figures_and_nothing_is_told_twice() {
        let mut account = Account::new(100.0);
        account.count(&[("udesk:end".to_owned(), kind(&[1, 2, 30], 0, 0))].into(), 3, 101.2);
        let first = account.report(101.2);
        let all = kind(&[1, 2, 30, 700], 2, 1);
        account.count(&[("udesk:end".to_owned(), all.clone())].into(), 4, 102.7);
        account.count(&[("udesk:end".to_owned(), all)].into(), 4, 103.7);
        let second = account.report(104.0);
        let (one, other) = (&first.entries["udesk:end"], &second.entries["udesk:end"]);
        assert_eq!((one.num_requests, one.num_failures, one.num_none_requests), (3, 0, 0));
        assert_eq!((other.num_requests, other.num_failures, other.num_none_requests), (3, 3, 2));
        assert_eq!(one.response_times, [(1, 1), (2, 1), (30, 1)].into());
        assert_eq!(other.response_times, [(700, 1)].into());
        assert_eq!(other.num_reqs_per_sec, [(102, 3)].into());
        assert_eq!(other.num_fail_per_sec, [(102, 3)].into());
        assert_eq!((first.total.num_requests, second.total.num_requests), (3, 3));
        assert_eq!((first.entries["calls started"].num_requests, second.entries["calls started"].num_requests), (3, 1));
        let errors: Vec<_> = second.errors.values().map(|error| (error.error.as_str(), error.occurrences)).collect();
        assert_eq!(errors, [("answered with 503, not acknowledged", 1), ("refused/connect", 2)]);
        assert_eq!(account.report(105.0).total.num_requests, 0);
    }
}
