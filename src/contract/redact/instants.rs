//! Finds times in texts, in every way in which people write them, and tells whether they are ones that Ringback sent.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use std::collections::BTreeSet;

/// Clocks on earth differ by quarters of an hour.
const OFFSET_STEP_SECONDS: i64 = 900;
/// The clocks that are furthest behind UTC, and furthest ahead, in such steps.
const OFFSET_STEPS: std::ops::RangeInclusive<i64> = -48..=56;
const DAY_SECONDS: i64 = 86_400;
/// Instants since 1970 count as such only within these years.
const SECONDS_PLAUSIBLE: std::ops::Range<i64> = 946_684_800..4_102_444_800;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The instants of a story: those that were sent, and the real time in which it was played.
#[derive(Debug, Clone, Default)]
pub(super) struct Instants {
    seconds: BTreeSet<i64>,
    /// The days of these on any clock on earth, as days since 1970.
    days: BTreeSet<i64>,
    /// The real time, as seconds since 1970.
    real: Option<(i64, i64)>,
}

/// A time that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// How many bytes it takes.
    pub bytes: usize,
    pub kind: When,
}

/// How exact a time in a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// The second since 1970.
    Instant(i64),
    /// A clock of nobody knows where, as if it were UTC.
    Civil(i64),
    /// A day, since 1970.
    Day(i64),
}

impl Instants {
    /// Adds an instant that is sent.
    pub fn add(&mut self, second: i64) {
        if self.seconds.insert(second) {
            self.add_days(second);
        }
    }

    /// Widens the real time.
    pub fn play(&mut self, from: i64, until: i64) {
        let (first, last) = self.real.unwrap_or((from, until));
        self.real = Some((first.min(from), last.max(until)));
        [from, until].into_iter().for_each(|second| self.add_days(second));
    }

    fn add_days(&mut self, second: i64) {
        for steps in [*OFFSET_STEPS.start(), 0, *OFFSET_STEPS.end()] {
            self.days.insert((second + steps * OFFSET_STEP_SECONDS).div_euclid(DAY_SECONDS));
        }
    }

    /// What a time in a text is, if it is one of these: `time` or `date`.
    pub fn name(&self, when: When) -> Option<&'static str> {
        let known = |second: i64| {
            self.seconds.contains(&second) || self.real.is_some_and(|(from, until)| (from..=until).contains(&second))
        };
        match when {
            When::Instant(second) => known(second).then_some("time"),
            When::Civil(second) => {
                OFFSET_STEPS.into_iter().any(|steps| known(second - steps * OFFSET_STEP_SECONDS)).then_some("time")
            }
            When::Day(day) => self.days.contains(&day).then_some("date"),
        }
    }
}

/// The time that begins a text. `before` is the character in front of it.
pub(super) fn starts_with_time(text: &str, before: Option<char>) -> Option<Found> {
    let first = *text.as_bytes().first()?;
    if before.is_some_and(|c| c.is_ascii_alphanumeric()) && !(before == Some('T') || before == Some('Z')) {
        return None;
    }
    match first {
        b'0'..=b'9' => digits(text),
        b'A'..=b'Z' => named_day(text),
        _ => None,
    }
}

/// The time that a whole text is.
pub(super) fn whole(text: &str) -> Option<When> {
    starts_with_time(text, None).filter(|found| found.bytes == text.len()).map(|found| found.kind)
}

fn digits(text: &str) -> Option<Found> {
    let run = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = is_end(&text[run..]);
    match run {
        4 => dashed(text),
        8 if ends => Some(Found { bytes: 8, kind: When::Day(packed_day(text)?) }),
        // The compact form of ISO 8601: 20261121T013715Z.
        8 if text[run..].starts_with('T') => Some(zoned(text, 15, packed(text, 9)?)),
        14 if ends => Some(Found { bytes: 14, kind: When::Civil(packed(text, 8)?) }),
        10 | 13 | 16 | 19 if ends => {
            let count: i64 = text[..run].parse().ok()?;
            let second = count / 10_i64.pow(u32::try_from(run - 10).ok()?);
            let mut bytes = run;
            if run == 10 {
                bytes += fraction(&text[run..]);
            }
            SECONDS_PLAUSIBLE.contains(&second).then_some(Found { bytes, kind: When::Instant(second) })
        }
        _ => None,
    }
}

/// The day of eight digits: `20261121`.
fn packed_day(text: &str) -> Option<i64> {
    day(&text[..4], two_digits(text, 4)?, two_digits(text, 6)?)
}

/// Such a day, and the clock of six digits from this byte on.
fn packed(text: &str, at: usize) -> Option<i64> {
    let two = |offset: usize| two_digits(text, at + offset);
    Some(packed_day(text)? * DAY_SECONDS + clock(two(0)?, two(2)?, two(4)?)?)
}

fn two_digits(text: &str, at: usize) -> Option<&str> {
    text.get(at..at + 2).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether no letter and no digit follows.
fn is_end(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// `2026-11-21`, `2026/11/21` or `2026年11月21日`, perhaps with a clock and a zone behind it.
fn dashed(text: &str) -> Option<Found> {
    let year = &text[..4];
    let after = text[4..].chars().next()?;
    let separators = match after {
        '-' => ["-", "-", ""],
        '/' => ["/", "/", ""],
        '年' => ["年", "月", "日"],
        _ => return None,
    };
    let rest = text[4..].strip_prefix(separators[0])?;
    let (month, rest) = number(rest)?;
    let rest = rest.strip_prefix(separators[1])?;
    let (of_month, rest) = number(rest)?;
    let rest = rest.strip_prefix(separators[2])?;
    let day = day(year, month, of_month)?;
    let day_bytes = text.len() - rest.len();
    let with_clock = || {
        let separator = rest.chars().next().filter(|c| matches!(c, 'T' | 't' | ' ' | '_' | '+'))?;
        let clock_text = &rest[separator.len_utf8()..];
        let part = |at: usize| two_digits(clock_text, at);
        let colon = clock_text.get(2..3)?;
        if !matches!(colon, ":" | "-") {
            return None;
        }
        let (seconds, bytes) = match (clock_text.get(5..6) == Some(colon), part(6)) {
            (true, Some(seconds)) => (seconds, 8),
            _ => ("00", 5),
        };
        let second = clock(part(0)?, part(3)?, seconds)?;
        Some(zoned(text, day_bytes + separator.len_utf8() + bytes, day * DAY_SECONDS + second))
    };
    with_clock().or_else(|| is_end(rest).then_some(Found { bytes: day_bytes, kind: When::Day(day) }))
}

/// Takes up what follows a clock: a fraction, then a zone.
fn zoned(text: &str, clock_end: usize, civil: i64) -> Found {
    let end = clock_end + text.get(clock_end..).map_or(0, fraction);
    let rest = text.get(end..).unwrap_or_default();
    if rest.starts_with(['Z', 'z']) && is_end(&rest[1..]) {
        return Found { bytes: end + 1, kind: When::Instant(civil) };
    }
    for name in [" UTC", " GMT", "UTC", "GMT"] {
        if rest.starts_with(name) && !rest[name.len()..].starts_with(['+', '-']) {
            return Found { bytes: end + name.len(), kind: When::Instant(civil) };
        }
    }
    let spaced = rest.strip_prefix(' ');
    let zone = spaced.unwrap_or(rest);
    let sign = match zone.bytes().next() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Found { bytes: end, kind: When::Civil(civil) },
    };
    let two = |at: usize| two_digits(zone, at);
    let (hours, minutes, bytes) = match (two(1), zone.get(3..4), two(4), two(3)) {
        (Some(hours), Some(":"), Some(minutes), _) => (hours, minutes, 6),
        (Some(hours), _, _, Some(minutes)) => (hours, minutes, 5),
        (Some(hours), ..) if is_end(&zone[3..]) => (hours, "00", 3),
        _ => return Found { bytes: end, kind: When::Civil(civil) },
    };
    let (hours, minutes): (i64, i64) = (hours.parse().unwrap_or(0), minutes.parse().unwrap_or(0));
    let offset = sign * (hours * 3600 + minutes * 60);
    let space = usize::from(spaced.is_some());
    Found { bytes: end + space + bytes, kind: When::Instant(civil - offset) }
}

/// `Sat, 21 Nov 2026 01:37:15 GMT` and `Sat Nov 21 01:37:15 2026`.
fn named_day(text: &str) -> Option<Found> {
    let weekday = text.get(..3)?;
    if !WEEKDAYS.contains(&weekday) {
        return None;
    }
    if text.get(3..5) == Some(", ") {
        for end in ["GMT", "UTC", "+0000", "+0800", "Z"] {
            let Some(at) = text.get(..40.min(text.len())).unwrap_or(text).find(end) else { continue };
            let bytes = at + end.len();
            let told = text[..bytes].replace("UTC", "GMT");
            let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(&told);
            return parsed.ok().map(|instant| Found { bytes, kind: When::Instant(instant.as_second()) });
        }
        return None;
    }
    let told = text.get(..24)?;
    let civil = DateTime::strptime("%a %b %e %H:%M:%S %Y", told).ok()?;
    Some(Found { bytes: 24, kind: When::Civil(as_utc(civil)?) })
}

fn fraction(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['.', ',']) else { return 0 };
    match rest.bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        digits => digits + 1,
    }
}

/// One or two digits, and what is behind them.
fn number(text: &str) -> Option<(&str, &str)> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    (digits > 0).then(|| text.split_at(digits))
}

fn day(year: &str, month: &str, day: &str) -> Option<i64> {
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(as_utc(date.to_datetime(Time::midnight()))?.div_euclid(DAY_SECONDS))
}

fn clock(hour: &str, minute: &str, second: &str) -> Option<i64> {
    let (hour, minute, second): (i64, i64, i64) = (hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?);
    (hour < 24 && minute < 60 && second < 61).then_some(hour * 3600 + minute * 60 + second)
}

fn as_utc(civil: DateTime) -> Option<i64> {
    Offset::UTC.to_timestamp(civil).ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests;
