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
    /// By calendar and clock.
    Clock(&'static Pattern, Zone),
}

impl Form {
    /// `2026-03-02 09:30:00` in Beijing.
    pub const BEIJING: Form = Form::Clock(&Pattern::of("%Y-%m-%d %H:%M:%S"), Zone::Beijing);

    /// The moment as a text.
    pub fn text(self, at: Timestamp) -> String {
        let mut text = Vec::with_capacity(32);
        self.write(at.as_millisecond(), &mut Clock::default(), &mut text);
        // Only a pattern and digits stand in it.
        String::from_utf8(text).unwrap_or_default()
    }

    /// The regular expression of what it writes, without anchors, as JSON Schema, Python and Rust read it alike. A count
    /// since 1970 has the digits that it has from 2001 to 2286.
    pub fn regex(self) -> String {
        match self {
            Form::Seconds => "[0-9]{10}".to_owned(),
            Form::Milliseconds => "[0-9]{13}".to_owned(),
            Form::Clock(pattern, _) => clock_regex(pattern.text),
        }
    }

    /// Writes the moment of so many milliseconds since 1970. Parts of a second that are not told round down. A clock that has
    /// shown a moment of the same day before need not look up the date.
    pub fn write(self, at_ms: i64, clock: &mut Clock, into: &mut Vec<u8>) {
        match self {
            Form::Seconds => write_integer(at_ms.div_euclid(1000), into),
            Form::Milliseconds => write_integer(at_ms, into),
            Form::Clock(pattern, _) => {
                let begin = into.len();
                into.extend_from_slice(pattern.blank());
                self.fill(at_ms, clock, into.get_mut(begin..).unwrap_or_default());
            }
        }
    }

    /// What it writes, with zeros where a moment has its own; none where not all moments are equally long.
    pub fn blank(self) -> Option<&'static [u8]> {
        match self {
            Form::Seconds | Form::Milliseconds => None,
            Form::Clock(pattern, _) => Some(pattern.blank()),
        }
    }

    /// Writes a moment over what is [blank](Self::blank), or over another moment.
    pub fn fill(self, at_ms: i64, clock: &mut Clock, blank: &mut [u8]) {
        let Form::Clock(pattern, zone) = self else { return };
        let second = at_ms.div_euclid(1000);
        // Out of the range of times it is 1970, wherever it comes from.
        let is_time = (Timestamp::MIN.as_second()..=Timestamp::MAX.as_second()).contains(&second);
        clock.turn(if is_time { second } else { 0 } + i64::from(zone.offset().seconds()));
        pattern.fill(clock, blank);
    }
}

/// How calendar and clock are written: `%Y %m %d %H %M %S`, `%a` and `%b` in English, everything else as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: &'static str,
    /// What it writes, with zeros where a moment has its own.
    blank: [u8; PATTERN_BYTES_MAX],
    bytes: usize,
    /// Two bytes of a moment each: where they stand on a clock, and where they go.
    pairs: [(u8, u8); PATTERN_PAIRS_MAX],
    count: usize,
}

/// The longest text that a pattern writes, and the most pairs of bytes in it that are a moment's own.
const PATTERN_BYTES_MAX: usize = 40;
const PATTERN_PAIRS_MAX: usize = 12;

impl Pattern {
    /// That of this text.
    ///
    /// # Panics
    /// Where it has a letter that is unknown, or is too long: patterns are constants of this program.
    pub const fn of(text: &'static str) -> Self {
        let mut pattern =
            Self { text, blank: [0; PATTERN_BYTES_MAX], bytes: 0, pairs: [(0, 0); PATTERN_PAIRS_MAX], count: 0 };
        let letters = text.as_bytes();
        let mut place = 0;
        while place < letters.len() {
            if letters[place] != b'%' {
                pattern.blank[pattern.bytes] = letters[place];
                pattern.bytes += 1;
                place += 1;
                continue;
            }
            let (from, length) = match letters[place + 1] {
                b'Y' => (0, 4),
                b'm' => (4, 2),
                b'd' => (6, 2),
                b'H' => (8, 2),
                b'M' => (10, 2),
                b'S' => (12, 2),
                b'a' => (14, 3),
                b'b' => (17, 3),
                _ => panic!("a letter that no pattern has"),
            };
            let mut begin = 0;
            while begin < length {
                // The last pair of three bytes begins at the second.
                let at = if begin + 2 > length { length - 2 } else { begin };
                pattern.pairs[pattern.count] = ((from + at) as u8, (pattern.bytes + at) as u8);
                pattern.count += 1;
                begin += 2;
            }
            pattern.bytes += length;
            place += 2;
        }
        pattern
    }

    fn blank(&self) -> &[u8] {
        self.blank.get(..self.bytes).unwrap_or_default()
    }

    fn fill(&self, clock: &Clock, blank: &mut [u8]) {
        for (from, to) in self.pairs.iter().take(self.count) {
            let (from, to) = (usize::from(*from), usize::from(*to));
            if let (Some(from), Some(to)) = (clock.shown.get(from..from + 2), blank.get_mut(to..to + 2)) {
                to.copy_from_slice(from);
            }
        }
    }
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_SECONDS: i64 = 86_400;

/// A calendar and a clock, which show one moment. Under load some ten are written in a microsecond: a library's own take too
/// long.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// When the day begins that is shown, in seconds since 1970.
    midnight: i64,
    /// Year, month, day, hour, minute and second in digits, then day and month by name.
    shown: [u8; 20],
}

impl Default for Clock {
    fn default() -> Self {
        Self { midnight: i64::MIN, shown: [0; 20] }
    }
}

impl Clock {
    /// Shows so many seconds since 1970, of the zone's own time.
    fn turn(&mut self, second: i64) {
        let is_shown = (0..DAY_SECONDS).contains(&second.wrapping_sub(self.midnight));
        if !is_shown {
            self.turn_to_day(second.div_euclid(DAY_SECONDS));
        }
        let seconds = second.wrapping_sub(self.midnight) as u32;
        self.show(8, seconds / 3600);
        self.show(10, seconds / 60 % 60);
        self.show(12, seconds % 60);
    }

    fn turn_to_day(&mut self, day: i64) {
        // Years begin in March and are counted in eras of 400, whose days are always as many (H. Hinnant, "days_from_civil").
        const ERA_DAYS: i64 = 146_097;
        let since_march = day + 719_468;
        let (era, of_era) = (since_march.div_euclid(ERA_DAYS), since_march.rem_euclid(ERA_DAYS));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march_month = (5 * of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        self.midnight = day * DAY_SECONDS;
        let of_month = of_year - (153 * march_month + 2) / 5 + 1;
        for (place, number) in [(0, year / 100), (2, year), (4, month), (6, of_month)] {
            self.show(place, number.unsigned_abs() as u32);
        }
        // 1970 began on a Thursday.
        let name = |names: &[&'static str], nth: i64| usize::try_from(nth).ok().and_then(|nth| names.get(nth).copied());
        let named = [name(&DAYS, (day + 3).rem_euclid(7)), name(&MONTHS, month - 1)].map(Option::unwrap_or_default);
        for (shown, byte) in self.shown.iter_mut().skip(14).zip(named.iter().flat_map(|name| name.bytes())) {
            *shown = byte;
        }
    }

    /// Shows the last two digits of a number.
    fn show(&mut self, place: usize, number: u32) {
        if let Some(shown) = self.shown.get_mut(place..place + 2) {
            shown.copy_from_slice(&pair(number % 100));
        }
    }
}

/// The two digits of a number below 100.
#[inline]
fn pair(number: u32) -> [u8; 2] {
    [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]
}

fn clock_regex(pattern: &str) -> String {
    let mut regex = String::new();
    let mut pattern = pattern.chars();
    while let Some(sign) = pattern.next() {
        match sign {
            '%' => regex.extend(pattern.next().and_then(part_regex)),
            sign if r"\.+*?()[]{}|^$".contains(sign) => regex.extend(['\\', sign]),
            sign => regex.push(sign),
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
pub fn write_digits(number: u64, at_least: usize, into: &mut Vec<u8>) {
    const DIGITS_MAX: usize = 20;
    let mut digits = [0; DIGITS_MAX];
    let digits = &mut digits[..count_digits(number).max(at_least).min(DIGITS_MAX)];
    fill_digits(number, digits);
    into.extend_from_slice(digits);
}

/// How many digits a number has.
pub fn count_digits(number: u64) -> usize {
    number.checked_ilog10().map_or(1, |last| last as usize + 1)
}

/// Writes the last digits of a number, as many as there is room for.
pub fn fill_digits(mut number: u64, room: &mut [u8]) {
    for digits in room.rchunks_mut(2) {
        let [ten, one] = pair((number % 100) as u32);
        number /= 100;
        match digits {
            [first, second] => (*first, *second) = (ten, one),
            [only] => *only = one,
            _ => {}
        }
    }
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

    const NAMED: Pattern = Pattern::of("%a %b %d %Y %H:%M:%S");

    #[test]
    fn a_moment_is_written_in_every_form() {
        let at: Timestamp = "2026-03-02T01:30:07.555Z".parse().expect("an instant");
        for (form, text) in [
            (Form::Seconds, "1772415007"),
            (Form::Milliseconds, "1772415007555"),
            (Form::BEIJING, "2026-03-02 09:30:07"),
            (
                Form::Clock(&const { Pattern::of("%Y-%m-%dT%H:%M:%S.000+08:00") }, Zone::Beijing),
                "2026-03-02T09:30:07.000+08:00",
            ),
            (
                Form::Clock(&const { Pattern::of("%a, %d %b %Y %H:%M:%S +0000") }, Zone::Utc),
                "Mon, 02 Mar 2026 01:30:07 +0000",
            ),
            (Form::Clock(&const { Pattern::of("%Y%m%d") }, Zone::Beijing), "20260302"),
        ] {
            assert_eq!(form.text(at), text);
            let regex = regex::Regex::new(&format!("^{}$", form.regex())).expect("a regular expression");
            assert!(regex.is_match(text), "{regex}: {text}");
            assert!(!regex.is_match(&text[1..]) && !regex.is_match(&text.replace('0', "x")), "{regex}");
        }
        for at in (0..4_000_000_000_i64).step_by(7_654_321) {
            let at = Timestamp::from_second(at).expect("a second");
            assert_eq!(
                Form::Clock(&NAMED, Zone::Utc).text(at),
                Offset::UTC.to_datetime(at).strftime(NAMED.text).to_string()
            );
        }
        let mut clock = Clock::default();
        // From the year 1 to 9999, in steps that meet every day of a month and of a week.
        for second in (-62_135_596_800..253_402_207_200_i64).step_by(86_400 * 97 + 3_607) {
            let at = Timestamp::from_second(second).expect("an instant");
            let mut text = Vec::new();
            Form::Clock(&NAMED, Zone::Utc).write(at.as_millisecond(), &mut clock, &mut text);
            let expected = Offset::UTC.to_datetime(at).strftime(NAMED.text).to_string();
            assert_eq!(String::from_utf8_lossy(&text), expected);
        }
        let before: Timestamp = "1969-12-31T23:59:58.5Z".parse().expect("an instant");
        assert_eq!(Form::Seconds.text(before), "-2");
        let time = Time { at, mark: 0, before: None, form: Form::Seconds, is_number: true };
        assert_eq!(time.shifted(SignedDuration::from_secs(-7)).text(), "1772415000");
    }
}
