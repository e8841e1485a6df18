//! Moments as vendors write them: by a pattern of calendar and clock, or as a count since 1970.

use super::draw::Made;
use crate::clock::BEIJING;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Where the clock stands that a moment is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// UTC+8, all year.
    Beijing,
    /// UTC.
    Utc,
}

impl Zone {
    /// How far its clocks are ahead of UTC.
    pub fn offset(self) -> Offset {
        match self {
            Zone::Beijing => BEIJING,
            Zone::Utc => Offset::UTC,
        }
    }
}

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// By calendar and clock: `%Y %m %d %H %M %S`, `%a` and `%b` in English, everything else as it stands.
    Clock(&'static str, Zone),
}

impl Form {
    /// `2026-03-02 09:30:00` in Beijing.
    pub const BEIJING: Form = Form::Clock("%Y-%m-%d %H:%M:%S", Zone::Beijing);

    /// The moment as a text.
    pub fn text(self, at: Timestamp) -> String {
        let mut text = Vec::with_capacity(32);
        self.write(at.as_millisecond(), &mut text);
        // Only a pattern and digits stand in it.
        String::from_utf8(text).unwrap_or_default()
    }

    /// The regular expression of what it writes, without anchors, as JSON Schema, Python and Rust read it alike. A count
    /// since 1970 has the digits that it has from 2001 to 2286.
    pub fn regex(self) -> String {
        match self {
            Form::Seconds => "[0-9]{10}".to_owned(),
            Form::Milliseconds => "[0-9]{13}".to_owned(),
            Form::Clock(pattern, _) => clock_regex(pattern),
        }
    }

    /// Writes the moment of so many milliseconds since 1970. Parts of a second that are not told round down.
    pub fn write(self, at_ms: i64, into: &mut Vec<u8>) {
        let second = at_ms.div_euclid(1000);
        match self {
            Form::Seconds => write_integer(second, into),
            Form::Milliseconds => write_integer(at_ms, into),
            Form::Clock(pattern, zone) => {
                // Out of the range of times it is 1970, wherever it comes from.
                let second = if Timestamp::from_second(second).is_ok() { second } else { 0 };
                write_clock(pattern, &Clock::at(second + i64::from(zone.offset().seconds())), into);
            }
        }
    }
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What calendar and clock show. Under load some ten of these are needed in a microsecond or two: a library's own takes too
/// long.
struct Clock {
    year: i64,
    month: i64,
    day: i64,
    /// Days since 1970.
    days: i64,
    /// Seconds since midnight.
    seconds: i64,
}

impl Clock {
    /// At so many seconds since 1970, of the zone's own clock.
    fn at(second: i64) -> Self {
        const DAY: i64 = 86_400;
        // Years begin in March and are counted in eras of 400, whose days are always as many (H. Hinnant, "days_from_civil").
        const ERA_DAYS: i64 = 146_097;
        let days = second.div_euclid(DAY);
        let since_march = days + 719_468;
        let (era, of_era) = (since_march.div_euclid(ERA_DAYS), since_march.rem_euclid(ERA_DAYS));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march_month = (5 * of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        Self {
            year: year + era * 400 + i64::from(month <= 2),
            month,
            day: of_year - (153 * march_month + 2) / 5 + 1,
            days,
            seconds: second.rem_euclid(DAY),
        }
    }
}

fn write_clock(pattern: &str, clock: &Clock, into: &mut Vec<u8>) {
    let pair = |into: &mut Vec<u8>, part: i64| {
        let place = part.unsigned_abs() as usize % 100 * 2;
        into.extend_from_slice(PAIRS.get(place..place + 2).unwrap_or_default());
    };
    into.reserve(pattern.len() * 2);
    let mut rest = pattern.as_bytes();
    while let Some((fixed, [letter, behind @ ..])) =
        rest.iter().position(|byte| *byte == b'%').map(|place| (&rest[..place], &rest[place + 1..]))
    {
        into.extend_from_slice(fixed);
        rest = behind;
        match letter {
            b'Y' => {
                pair(into, clock.year / 100);
                pair(into, clock.year);
            }
            b'm' => pair(into, clock.month),
            b'd' => pair(into, clock.day),
            b'H' => pair(into, clock.seconds / 3600),
            b'M' => pair(into, clock.seconds / 60 % 60),
            b'S' => pair(into, clock.seconds % 60),
            b'a' => {
                // 1970 began on a Thursday.
                let day = usize::try_from((clock.days + 3).rem_euclid(7)).unwrap_or_default();
                into.extend_from_slice(DAYS.get(day).unwrap_or(&"").as_bytes());
            }
            b'b' => {
                let month = usize::try_from(clock.month - 1).unwrap_or_default();
                into.extend_from_slice(MONTHS.get(month).unwrap_or(&"").as_bytes());
            }
            other => into.extend([b'%', *other]),
        }
    }
    into.extend_from_slice(rest);
}

/// The numbers from 0 to 99, two digits each.
const PAIRS: [u8; 200] = {
    let mut pairs = [0; 200];
    let mut number = 0;
    while number < 100 {
        (pairs[number * 2], pairs[number * 2 + 1]) = (b'0' + (number / 10) as u8, b'0' + (number % 10) as u8);
        number += 1;
    }
    pairs
};

fn clock_regex(pattern: &str) -> String {
    let mut regex = String::new();
    let mut pattern = pattern.chars();
    while let Some(sign) = pattern.next() {
        let part = if sign == '%' { pattern.clone().next().and_then(part_regex) } else { None };
        match part {
            Some(part) => {
                regex += &part;
                pattern.next();
            }
            None => {
                if r"\.+*?()[]{}|^$".contains(sign) {
                    regex.push('\\');
                }
                regex.push(sign);
            }
        }
    }
    regex
}

/// What stands in the place of `%` and this letter.
fn part_regex(letter: char) -> Option<String> {
    Some(match letter {
        'Y' => "[0-9]{4}".to_owned(),
        'm' => "(0[1-9]|1[0-2])".to_owned(),
        'd' => "(0[1-9]|[12][0-9]|3[01])".to_owned(),
        'H' => "([01][0-9]|2[0-3])".to_owned(),
        'M' | 'S' => "[0-5][0-9]".to_owned(),
        'a' => format!("({})", DAYS.join("|")),
        'b' => format!("({})", MONTHS.join("|")),
        _ => return None,
    })
}

/// Writes a whole number.
pub fn write_integer(number: i64, into: &mut Vec<u8>) {
    if number < 0 {
        into.push(b'-');
    }
    write_digits(number.unsigned_abs(), 1, into);
}

/// Writes a number with this many digits at least.
pub fn write_digits(mut number: u64, at_least: usize, into: &mut Vec<u8>) {
    const DIGITS_MAX: usize = 20;
    let mut digits = [b'0'; DIGITS_MAX];
    let mut begin = DIGITS_MAX;
    while number > 0 {
        begin -= 1;
        digits[begin] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    into.extend_from_slice(&digits[begin.min(DIGITS_MAX.saturating_sub(at_least))..]);
}

/// A moment of the story, as a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// When.
    pub at: Timestamp,
    /// The happening that it is counted from, as [`crate::call::Moment::mark`].
    pub mark: u16,
    /// How many seconds before that it lies, where that is drawn; it is counted in already.
    pub before: Option<Made>,
    /// How it is written.
    pub form: Form,
    /// Whether it is a JSON number.
    pub is_number: bool,
}

impl Time {
    /// The same moment on a clock that is wrong by so much.
    pub fn shifted(self, by: SignedDuration) -> Self {
        Self { at: self.at.checked_add(by).unwrap_or(self.at), ..self }
    }

    /// As it is written.
    pub fn text(self) -> String {
        self.form.text(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_every_form() {
        let at: Timestamp = "2026-03-02T01:30:07.555Z".parse().expect("an instant");
        for (form, text) in [
            (Form::Seconds, "1772415007"),
            (Form::Milliseconds, "1772415007555"),
            (Form::BEIJING, "2026-03-02 09:30:07"),
            (Form::Clock("%Y-%m-%dT%H:%M:%S.000+08:00", Zone::Beijing), "2026-03-02T09:30:07.000+08:00"),
            (Form::Clock("%a, %d %b %Y %H:%M:%S +0000", Zone::Utc), "Mon, 02 Mar 2026 01:30:07 +0000"),
            (Form::Clock("%Y%m%d", Zone::Beijing), "20260302"),
        ] {
            assert_eq!(form.text(at), text);
            let regex = regex::Regex::new(&format!("^{}$", form.regex())).expect("a regular expression");
            assert!(regex.is_match(text), "{regex}: {text}");
            assert!(!regex.is_match(&text[1..]) && !regex.is_match(&text.replace('0', "x")), "{regex}");
        }
        for at in (0..4_000_000_000_i64).step_by(7_654_321) {
            let at = Timestamp::from_second(at).expect("a second");
            let pattern = "%a %b %d %Y %H:%M:%S";
            let expected = Offset::UTC.to_datetime(at).strftime(pattern).to_string();
            assert_eq!(Form::Clock(pattern, Zone::Utc).text(at), expected);
        }
        // From the year 1 to 9999, in steps that meet every day of a month and of a week.
        for second in (-62_135_596_800..253_402_207_200_i64).step_by(86_400 * 97 + 3_607) {
            let at = Timestamp::from_second(second).expect("an instant");
            let expected = Offset::UTC.to_datetime(at).strftime("%a %b %d %Y %H:%M:%S").to_string();
            assert_eq!(Form::Clock("%a %b %d %Y %H:%M:%S", Zone::Utc).text(at), expected);
        }
        let before: Timestamp = "1969-12-31T23:59:58.5Z".parse().expect("an instant");
        assert_eq!(Form::Seconds.text(before), "-2");
        let time = Time { at, mark: 0, before: None, form: Form::Seconds, is_number: true };
        assert_eq!(time.shifted(SignedDuration::from_secs(-7)).text(), "1772415000");
    }
}
