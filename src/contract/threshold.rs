//! Thresholds: what the figures of a load must keep to, read from their text. How they are judged lives in `load`.

use crate::duration;
use crate::http::Glob;
use crate::rate;
use crate::spelling::{nearest, tick};
use crate::vendors::{self, named};
use std::fmt;
use std::time::Duration;

/// The most thresholds of a load, or of a file.
pub const THRESHOLDS_MAX: usize = 100;
/// The longest threshold, in characters.
const TEXT_MAX_CHARS: usize = 200;
/// How thresholds are written.
const FORM: &str = "write for example `p99<200ms`, `errors<0.1%` or `udesk:end p99<1s`";

/// One threshold: `udesk:end service p99<1s`.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// As it was written, without needless spaces.
    pub text: String,
    /// Where it stands: `--threshold`, or `call.yaml:12`.
    pub place: String,
    /// The pushes that it is about, in the vendors' own names, with `*` and `?`; all where none is named.
    pub push: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub limit: Limit,
}

/// What a threshold is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metric {
    /// How long pushes took.
    Time(Clock, Quantile),
    /// How many there were of something.
    Count(Counted),
    /// How many calls, or pushes of the named kinds, were settled a second.
    Rate,
}

/// From when on a time is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// From the intended start of the attempt.
    Response,
    /// From the moment at which it was really written.
    Service,
}

/// Which of many times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantile {
    /// The one that this share is not above: 0.99 for `p99`.
    Share(f64),
    /// The longest.
    Max,
    /// The mean.
    Mean,
}

/// What is counted, and the whole that a share of it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Attempts that were not answered or not acknowledged, of all attempts.
    Errors,
    /// Pushes that were not acknowledged at their last attempt, of those planned.
    Lost,
    /// Pushes for which there was no room in flight, of those planned.
    Held,
    /// Attempts after the first of their push, of all attempts.
    Retries,
}

impl Counted {
    /// Each with its word.
    pub const ALL: [(Counted, &'static str); 4] =
        [(Counted::Errors, "errors"), (Counted::Lost, "lost"), (Counted::Held, "held"), (Counted::Retries, "retries")];
}

/// How a measured value is compared with the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Exactly,
}

impl Comparison {
    /// Each with its sign; longer ones first.
    const ALL: [(Comparison, &'static str); 5] = [
        (Comparison::AtMost, "<="),
        (Comparison::AtLeast, ">="),
        (Comparison::Exactly, "=="),
        (Comparison::Below, "<"),
        (Comparison::Above, ">"),
    ];

    /// Whether the measured value keeps to the limit.
    pub fn holds(self, measured: f64, limit: f64) -> bool {
        match self {
            Comparison::Below => measured < limit,
            Comparison::AtMost => measured <= limit,
            Comparison::Above => measured > limit,
            Comparison::AtLeast => measured >= limit,
            Comparison::Exactly => measured == limit,
        }
    }
}

/// What a measured value is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// A length of time.
    Time(Duration),
    /// So many.
    Count(u64),
    /// So large a share of the whole.
    Share(f64),
    /// So many a second.
    Rate(f64),
}

/// What a threshold can be about, for messages and schemas.
pub const METRICS: &str = "p50, p90, p99, p99.9 and the like, max, mean, errors, lost, held, retries, rate";

/// Why a threshold cannot be, and what could be written instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong, as a sentence without its full stop.
    pub reason: String,
    /// What to do.
    pub help: String,
}

impl Flaw {
    fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: help.into() }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.reason, self.help)
    }
}

impl Threshold {
    /// Reads a threshold that stands at `place`. Whether there are such pushes is not asked.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, place: &str) -> Result<Self, Flaw> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = tick(&text);
        if text.chars().count() > TEXT_MAX_CHARS {
            return Err(Flaw::new(format!("a threshold is longer than {TEXT_MAX_CHARS} characters"), FORM));
        }
        let signs =
            Comparison::ALL.iter().filter_map(|(comparison, sign)| Some((text.find(sign)?, *comparison, *sign)));
        // The first sign of the text, and the longest there.
        let Some((at, comparison, sign)) = signs.min_by_key(|(at, ..)| *at) else {
            return Err(Flaw::new(
                format!("{shown} compares nothing: it has none of `<`, `<=`, `>`, `>=`, `==`"),
                FORM,
            ));
        };
        let (about, against) = (text[..at].trim(), text[at + sign.len()..].trim());
        let (push, metric) = subject(about, &shown)?;
        let limit = read_limit(metric, against, &shown)?;
        let text = format!("{about}{sign}{against}");
        Ok(Self { text, place: place.to_owned(), push, metric, comparison, limit })
    }

    /// Whether it is about pushes of this name.
    pub fn is_about(&self, push: &str) -> bool {
        self.push.as_ref().is_none_or(|glob| Glob::new(glob).matches(push))
    }
}

/// The words before the sign.
fn subject(about: &str, shown: &str) -> Result<(Option<String>, Metric), Flaw> {
    let mut words: Vec<&str> = about.split(' ').filter(|word| !word.is_empty()).collect();
    let Some(metric) = words.pop() else {
        return Err(Flaw::new(format!("{shown} does not say what is measured"), FORM));
    };
    let metric = read_metric(metric)?;
    let clock = match words.last() {
        Some(&"service") => Some(Clock::Service),
        Some(&"response") => Some(Clock::Response),
        _ => None,
    };
    if clock.is_some() {
        words.pop();
    }
    let push = match words.as_slice() {
        [] => None,
        [push] if push.contains(':') => {
            // Whether there is such a push is asked elsewhere.
            Some(named::meant(push, vendors::ALL).map_or_else(|| (*push).to_owned(), |meant| meant.glob))
        }
        [word] => {
            return Err(Flaw::new(
                format!("{} in {shown} is neither a push nor `service`", tick(word)),
                "a push has its vendor in front: `udesk:end p99<1s`",
            ));
        }
        _ => return Err(Flaw::new(format!("{shown} has too many words"), FORM)),
    };
    match (metric, clock) {
        (Metric::Time(_, quantile), clock) => Ok((push, Metric::Time(clock.unwrap_or(Clock::Response), quantile))),
        (metric, None) => Ok((push, metric)),
        (_, Some(_)) => Err(Flaw::new(
            format!("{shown}: only times are measured as `response` or `service`"),
            "take the word out, or write `service p99<200ms`",
        )),
    }
}

fn read_metric(word: &str) -> Result<Metric, Flaw> {
    if let Some((counted, _)) = Counted::ALL.iter().find(|(_, known)| *known == word) {
        return Ok(Metric::Count(*counted));
    }
    let time = |quantile| Ok(Metric::Time(Clock::Response, quantile));
    match word {
        "rate" => return Ok(Metric::Rate),
        "max" => return time(Quantile::Max),
        "mean" => return time(Quantile::Mean),
        _ => {}
    }
    let number = word.strip_prefix('p').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match number.and_then(|number| number.parse::<f64>().ok()) {
        Some(percent) if percent > 0.0 && percent < 100.0 => time(Quantile::Share(percent / 100.0)),
        Some(_) => Err(Flaw::new(
            format!("{} lies outside of all times", tick(word)),
            "a percentile is above `p0` and below `p100`; write `max` for the longest time",
        )),
        None => {
            let known = Counted::ALL.iter().map(|(_, word)| *word).chain(["rate", "max", "mean"]);
            let meant = other_words(word).or_else(|| nearest(word, known).map(str::to_owned));
            let help = match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there are {METRICS}"),
            };
            Err(Flaw::new(format!("nothing that is measured is called {}", tick(word)), help))
        }
    }
}

/// What other tools call it.
fn other_words(word: &str) -> Option<String> {
    let ours = match word.to_ascii_lowercase().as_str() {
        "avg" | "average" => "mean",
        "med" | "median" => "p50",
        "fail" | "failed" | "failures" | "error" | "error_rate" | "http_req_failed" => "errors",
        "rps" | "throughput" | "qps" | "cps" => "rate",
        "dropped" | "dropped_iterations" => "held",
        "latency" | "duration" | "http_req_duration" => "p99",
        lower if lower != word => return read_metric(lower).is_ok().then(|| lower.to_owned()),
        _ => return None,
    };
    Some(ours.to_owned())
}

fn read_limit(metric: Metric, text: &str, shown: &str) -> Result<Limit, Flaw> {
    let wrong = |why: &str, help: &str| Err(Flaw::new(format!("{shown}: {why}"), help));
    if text.is_empty() {
        return wrong("there is nothing to compare with", FORM);
    }
    match metric {
        Metric::Time(..) => match read_time(text) {
            Ok(time) if time < Duration::from_micros(1) => wrong("no time is that short", "write for example `200ms`"),
            Ok(time) => Ok(Limit::Time(time)),
            Err(why) => {
                // What is wrong with a length of time says itself what to write.
                let (why, help) = why.split_once("; ").unwrap_or((&why, "write for example `200ms`"));
                wrong(&format!("a time is compared with a length of time, and {why}"), help)
            }
        },
        Metric::Rate => match rate::parse(text) {
            Ok(rate) => Ok(Limit::Rate(rate)),
            Err(why) => wrong(&why, "a rate is compared with a rate: `rate>=190/s`"),
        },
        Metric::Count(_) => {
            let number =
                |text: &str| text.trim().parse::<f64>().ok().filter(|_| text.starts_with(|c: char| c.is_ascii_digit()));
            if let Some(percent) = text.strip_suffix('%') {
                return match number(percent) {
                    Some(percent) if percent <= 100.0 => Ok(Limit::Share(percent / 100.0)),
                    _ => wrong(&format!("{} is no share of a whole", tick(text)), "it lies between `0%` and `100%`"),
                };
            }
            match text.parse::<u64>() {
                Ok(count) => Ok(Limit::Count(count)),
                Err(_) => wrong(
                    &format!("{} is neither a share nor a whole number", tick(text)),
                    "write a share such as `0.1%`, or a number such as `10`",
                ),
            }
        }
    }
}

/// A length of time, to the microsecond: `250us`, `0.25ms`, `1m30s`.
///
/// # Errors
/// What is wrong with it.
pub fn read_time(text: &str) -> Result<Duration, String> {
    let small = [("us", 1.0), ("µs", 1.0), ("μs", 1.0), ("ms", 1e3)];
    for (unit, microseconds) in small {
        let number = text
            .strip_suffix(unit)
            .map(str::trim_end)
            .filter(|number| number.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(number) = number.and_then(|number| number.parse::<f64>().ok()) {
            let total = (number * microseconds).round();
            if total > duration::DURATION_MAX.as_micros() as f64 {
                return Err(format!("`{text}` is longer than seven days, the longest there is"));
            }
            return Ok(Duration::from_micros(total as u64));
        }
    }
    duration::parse(text)
}

#[cfg(test)]
mod tests;
