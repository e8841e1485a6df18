//! Lengths of time as people write them: `500ms`, `5s`, `1m30s`, `2h`.

use std::time::Duration;

/// The shortest writing that reads back as the same length, to the millisecond: `1h2m3.5s` is written `1h2m3s500ms`.
pub fn text(duration: Duration) -> String {
    let total = duration.as_millis();
    let parts =
        [(total / 3_600_000, "h"), (total / 60_000 % 60, "m"), (total / 1_000 % 60, "s"), (total % 1_000, "ms")];
    let text: String =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    if text.is_empty() { "0s".into() } else { text }
}

/// The longest length of time that a scenario or a flag can name.
pub const DURATION_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// The units with their milliseconds, the smallest first.
pub const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Reads a length of time: numbers with units, the largest first, such as `1m30s`; and `0`.
///
/// # Errors
/// What is wrong and what would be right, as one sentence.
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    if text.starts_with('-') {
        return Err(format!("`{text}` is negative; time only moves forward"));
    }
    let mut total: u64 = 0;
    let mut rest = text;
    let mut largest = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (number, behind) = rest.split_at(digits);
        let letters = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (unit, behind) = behind.split_at(letters);
        if !number.is_empty() && unit.is_empty() && behind.is_empty() {
            return Err(format!("`{text}` has no unit; write `{text}s` for seconds, or use ms, m, h"));
        }
        let per_unit = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, milliseconds)| *milliseconds);
        let (Ok(number), Some(per_unit)) = (number.parse::<f64>(), per_unit) else {
            return Err(format!("`{text}` is not a length of time; write for example `500ms`, `5s` or `1m30s`"));
        };
        if per_unit >= largest {
            return Err(format!("`{text}` names its units out of order; write the largest first, such as `1m30s`"));
        }
        largest = per_unit;
        total = total.saturating_add((number * per_unit as f64).round() as u64);
        rest = behind;
    }
    let duration = Duration::from_millis(total);
    match text.is_empty() {
        true => Err("a length of time is missing; write for example `5s`".into()),
        false if duration > DURATION_MAX => Err(format!("`{text}` is longer than seven days, the longest there is")),
        false => Ok(duration),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_shortly() {
        let written = |milliseconds| text(Duration::from_millis(milliseconds));
        assert_eq!(written(0), "0s");
        assert_eq!(written(90_000), "1m30s");
        assert_eq!(written(27 * 3_600_000), "27h");
        assert_eq!(written(1_500), "1s500ms");
    }

    #[test]
    fn what_is_written_reads_back() {
        for milliseconds in [0, 1, 999, 1_000, 61_000, 3_600_000, 5_025_678] {
            let duration = Duration::from_millis(milliseconds);
            assert_eq!(parse(&text(duration)), Ok(duration));
        }
        assert_eq!(parse("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse("2h"), Ok(Duration::from_secs(7200)));
    }

    #[test]
    fn what_is_no_length_of_time_says_why() {
        for (wrong, told) in [
            ("5", "has no unit"),
            ("-5s", "negative"),
            ("5 sec", "not a length"),
            ("s", "not a length"),
            ("", "missing"),
            ("1.2.3s", "not a length"),
            ("30s1m", "out of order"),
            ("200h", "seven days"),
            ("99999999999999999999999h", "seven days"),
        ] {
            let error = parse(wrong).expect_err(wrong);
            assert!(error.contains(told), "{wrong}: {error}");
        }
    }
}
