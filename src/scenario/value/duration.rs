//! Ranges of time such as `3s..12s`, and what was probably meant by what is no length of time.

use super::Wrong;
use crate::call::Span;
use crate::spelling::tick;
use std::time::Duration;

const UNITS: [&str; 5] = ["ms", "s", "m", "h", "d"];

/// Units as people write them elsewhere, with ours.
const FOREIGN_UNITS: [(&str, &str); 24] = [
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("sek", "s"),
    ("sekunden", "s"),
    ("秒", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("minuten", "m"),
    ("分", "m"),
    ("分钟", "m"),
    ("hr", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("std", "h"),
    ("小时", "h"),
    ("msec", "ms"),
    ("millis", "ms"),
    ("毫秒", "ms"),
    ("tage", "d"),
    ("days", "d"),
];

/// A length of time with its unit, or a bare `0`.
///
/// # Errors
/// No unit, an unknown one, a negative length, one beyond [`crate::duration::DURATION_MAX`], or a range.
pub fn duration(text: &str) -> Result<Duration, Wrong> {
    if let Some((shortest, _)) = split_range(text) {
        return Err(Wrong::new(
            format!("{} is a range, and this is one length of time", tick(text)),
            format!("write one of its ends: `{}`", shortest.trim()),
        ));
    }
    single(text)
}

/// A length of time, or a range from which one is drawn.
///
/// # Errors
/// As [`duration`], and where the range runs backwards.
pub fn span(text: &str) -> Result<Span, Wrong> {
    let Some((low, high)) = split_range(text) else {
        return match text.trim_matches('.').trim() {
            one if text.contains("..") => {
                let reason = format!("{} is half a range", tick(text));
                Err(Wrong::new(reason, format!("write both ends: `3s..12s`, or one length of time: `{one}`")))
            }
            _ => single(text).map(Span::exactly),
        };
    };
    let (low, high) = (low.trim(), high.trim());
    let unit_of_high = high.trim_start_matches(|c: char| c.is_ascii_digit());
    let (shortest, longest) = match (single(low), single(high)) {
        (Ok(shortest), Ok(longest)) => (shortest, longest),
        (Err(_), Ok(_)) if is_number(low) => {
            let help = format!("write `{low}{unit_of_high}..{high}`");
            return Err(Wrong::new(format!("the first end of {} has no unit", tick(text)), help));
        }
        (Err(_), Err(_)) if is_number(low) && is_number(high) => {
            let help = format!("write `{low}s..{high}s` if seconds are meant");
            return Err(Wrong::new(format!("{} has no unit", tick(text)), help));
        }
        (Err(wrong), _) | (_, Err(wrong)) => return Err(wrong),
    };
    if !text.contains("..") || text.contains("...") {
        return Err(Wrong::new(
            format!("{} is no range", tick(text)),
            format!("a range has two dots: `{low}..{high}`"),
        ));
    }
    if shortest > longest {
        let reason = format!("the range {} runs backwards", tick(text));
        return Err(Wrong::new(reason, format!("the shorter end comes first: `{high}..{low}`")));
    }
    Ok(Span { shortest, longest })
}

/// The two ends of what is a range, or is meant to be one.
fn split_range(text: &str) -> Option<(&str, &str)> {
    let both = |separator: &str| text.split_once(separator).filter(|(low, high)| !low.is_empty() && !high.is_empty());
    ["...", "..", "–", "~", " to ", " bis "].iter().find_map(|separator| both(separator)).or_else(|| both("-"))
}

fn single(text: &str) -> Result<Duration, Wrong> {
    crate::duration::parse(text).map_err(|_| explained(text.trim()))
}

fn explained(text: &str) -> Wrong {
    let shown = tick(text);
    if text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.')) {
        return Wrong::new(
            format!("{shown} is negative, and time does not run backwards"),
            "move the step to where it happens, and write the time since the step before it",
        );
    }
    if is_number(text) {
        let help = format!("write `{text}s` if seconds are meant; the units are `ms`, `s`, `m` and `h`");
        return Wrong::new(format!("{shown} has no unit"), help);
    }
    let proposal = clock(text).or_else(|| proposal(&text.replace(',', ".").to_lowercase()));
    if let Some(proposal) = proposal.filter(|proposal| crate::duration::parse(proposal).is_ok()) {
        return Wrong::new(format!("{shown} is no length of time"), format!("write `{proposal}`"));
    }
    if let Some(units) = units(text) {
        return match units.windows(2).all(|pair| pair[0] > pair[1]) {
            true => {
                let help =
                    format!("the longest length of time is `{}`", crate::duration::text(crate::duration::DURATION_MAX));
                Wrong::new(format!("{shown} is longer than seven days"), help)
            }
            false => Wrong::new(format!("the units of {shown} are out of order"), "the largest comes first: `1h2m30s`"),
        };
    }
    Wrong::new(format!("{shown} is no length of time"), "write a number with its unit: `500ms`, `5s`, `1m30s`, `2h`")
}

/// The text with its unit written as ours.
fn proposal(text: &str) -> Option<String> {
    let number = &text[..digits_end(text)];
    let unit = text[number.len()..].trim();
    let ours = UNITS.iter().map(|ours| (*ours, *ours)).chain(FOREIGN_UNITS).find(|(name, _)| *name == unit);
    ours.filter(|_| is_number(number)).map(|(_, ours)| format!("{number}{ours}"))
}

/// The ranks of the units, where the text is nothing but numbers with units.
fn units(text: &str) -> Option<Vec<usize>> {
    let mut ranks = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(digits_end(rest));
        let (unit, behind) = behind.split_at(behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len()));
        let rank = UNITS.iter().position(|known| *known == unit)?;
        if !is_number(number) {
            return None;
        }
        ranks.push(rank);
        rest = behind;
    }
    (!ranks.is_empty()).then_some(ranks)
}

/// What `1:30` and `00:01:30` mean.
fn clock(text: &str) -> Option<String> {
    let parts: Vec<u64> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let spelled = |parts: &[(u64, &str)]| {
        parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, unit)| format!("{number}{unit}"))
            .collect::<String>()
    };
    match parts.as_slice() {
        [minutes, seconds] => Some(spelled(&[(*minutes, "m"), (*seconds, "s")])),
        [hours, minutes, seconds] => Some(spelled(&[(*hours, "h"), (*minutes, "m"), (*seconds, "s")])),
        _ => None,
    }
    .filter(|spelled| !spelled.is_empty())
}

fn digits_end(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len())
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.parse::<f64>().is_ok_and(f64::is_finite)
        && digits_end(text) == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_as_written() {
        for (text, milliseconds) in [
            ("0", 0),
            ("0s", 0),
            ("5s", 5000),
            ("500ms", 500),
            ("1m30s", 90_000),
            ("2h", 7_200_000),
            ("7d", 604_800_000),
            ("1h2m3s4ms", 3_723_004),
            ("1.5s", 1500),
            ("0.25h", 900_000),
            ("168h", 604_800_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn a_slip_is_told_with_what_was_meant() {
        for (text, reason, help) in [
            ("5", "`5` has no unit", "write `5s` if"),
            ("5 sec", "`5 sec` is no length of time", "write `5s`"),
            ("5 s", "`5 s` is no length of time", "write `5s`"),
            ("5S", "`5S` is no length of time", "write `5s`"),
            ("2min", "`2min` is no length of time", "write `2m`"),
            ("1,5s", "`1,5s` is no length of time", "write `1.5s`"),
            ("2 days", "`2 days` is no length of time", "write `2d`"),
            ("-5s", "`-5s` is negative", "move the step"),
            ("1:30", "`1:30` is no length of time", "write `1m30s`"),
            ("00:01:05", "`00:01:05` is no length of time", "write `1m5s`"),
            ("30s1m", "the units of `30s1m` are out of order", "largest comes first"),
            ("3s..5s", "`3s..5s` is a range", "`3s`"),
            ("169h", "`169h` is longer than seven days", "`168h`"),
            ("99999999999999999999h", "`99999999999999999999h` is longer", "`168h`"),
            ("soon", "`soon` is no length", "a number with its unit"),
            ("", "`` is no length", "a number with its unit"),
            ("5秒", "`5秒` is no length", "write `5s`"),
            ("s", "`s` is no length", "a number with its unit"),
            (".", "`.` is no length", "a number with its unit"),
        ] {
            let wrong = duration(text).expect_err(text);
            assert!(wrong.reason.starts_with(reason), "{text}: {wrong}");
            assert!(wrong.help.contains(help), "{text}: {wrong}");
        }
    }

    #[test]
    fn ranges_have_two_dots_and_run_forwards() {
        let expected = Span { shortest: Duration::from_secs(3), longest: Duration::from_secs(12) };
        assert_eq!(span("3s..12s"), Ok(expected));
        assert_eq!(span("5s..5s"), Ok(Span::exactly(Duration::from_secs(5))));
        for (text, help) in [
            ("12s..3s", "`3s..12s`"),
            ("3s-12s", "`3s..12s`"),
            ("3s...12s", "`3s..12s`"),
            ("3s to 12s", "`3s..12s`"),
            ("3..12s", "`3s..12s`"),
            ("3..12", "`3s..12s`"),
            ("3-12", "`3s..12s`"),
            ("3s..", "both ends"),
            ("-3s..5s", "move the step"),
        ] {
            let wrong = span(text).expect_err(text);
            assert!(wrong.help.contains(help), "{text}: {wrong}");
        }
    }
}
