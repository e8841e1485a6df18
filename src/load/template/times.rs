//! The ways in which a request writes a moment, read and written by hand. Which moment is meant is found in `slots`.

use crate::clock::BEIJING;
use jiff::Timestamp;
use jiff::civil::DateTime;

/// Seconds by which clocks in Beijing are ahead of UTC.
const BEIJING_AHEAD_SECONDS: i64 = 8 * 60 * 60;
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A moment as a clock in Beijing shows it, in whole seconds: `YYYYMMDDhhmmss`.
pub(super) type Digits = [u8; 14];

/// A way of writing a moment by its calendar and clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `2026-03-02 09:30:00`
    Spaced,
    /// `2026-03-02T09:30:00`
    Joined,
    /// `2026-03-02+09%3A30%3A00`, in a form or a query.
    Encoded,
    /// `2026-03-02%2009%3A30%3A00`, in a path or a query.
    Escaped,
    /// `20260302093000`
    Compact,
    /// `2026-03-02`
    Day,
    /// `20260302`
    CompactDay,
}

impl Form {
    /// All of them; what begins like another comes before it.
    pub(super) const ALL: [Form; 7] =
        [Form::Spaced, Form::Joined, Form::Encoded, Form::Escaped, Form::Compact, Form::Day, Form::CompactDay];

    /// What it looks like.
    fn pattern(self) -> &'static [u8] {
        match self {
            Form::Spaced => b"YYYY-MM-DD hh:mm:ss",
            Form::Joined => b"YYYY-MM-DDThh:mm:ss",
            Form::Encoded => b"YYYY-MM-DD+hh%3Amm%3Ass",
            Form::Escaped => b"YYYY-MM-DD%20hh%3Amm%3Ass",
            Form::Compact => b"YYYYMMDDhhmmss",
            Form::Day => b"YYYY-MM-DD",
            Form::CompactDay => b"YYYYMMDD",
        }
    }

    /// How many bytes it takes.
    pub(super) fn len(self) -> usize {
        self.pattern().len()
    }

    /// Whether it tells no time of day.
    pub(super) fn is_day(self) -> bool {
        matches!(self, Form::Day | Form::CompactDay)
    }

    /// The second since 1970 that is written at the beginning of the text; of a day its first in Beijing.
    pub(super) fn read(self, text: &[u8]) -> Option<i64> {
        let text = text.get(..self.len())?;
        let mut parts = [0_i16; 6];
        for (byte, pattern) in text.iter().zip(self.pattern()) {
            let part = match pattern {
                b'Y' => 0,
                b'M' => 1,
                b'D' => 2,
                b'h' => 3,
                b'm' => 4,
                b's' => 5,
                _ if byte == pattern => continue,
                _ => return None,
            };
            if !byte.is_ascii_digit() {
                return None;
            }
            parts[part] = parts[part] * 10 + i16::from(byte - b'0');
        }
        let [year, month, day, hour, minute, second] = parts;
        let small = |part: i16| i8::try_from(part).ok();
        let shown =
            DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0).ok()?;
        BEIJING.to_timestamp(shown).ok().map(Timestamp::as_second)
    }

    /// Writes the moment over the place that it takes.
    pub(super) fn write(self, d: &Digits, place: &mut [u8]) {
        // Places of known length, so that each part is one move. A place of another length does not come about: it is made by `len`.
        match self {
            Form::Spaced | Form::Joined => {
                if let Some(place) = place.first_chunk_mut::<19>() {
                    write_day(d, place);
                    write_clock(d, place, [11, 14, 17]);
                }
            }
            Form::Encoded => {
                if let Some(place) = place.first_chunk_mut::<23>() {
                    write_day(d, place);
                    write_clock(d, place, [11, 16, 21]);
                }
            }
            Form::Escaped => {
                if let Some(place) = place.first_chunk_mut::<25>() {
                    write_day(d, place);
                    write_clock(d, place, [13, 18, 23]);
                }
            }
            Form::Compact => {
                if let Some(place) = place.first_chunk_mut::<14>() {
                    *place = *d;
                }
            }
            Form::Day => {
                if let Some(place) = place.first_chunk_mut::<10>() {
                    write_day(d, place);
                }
            }
            Form::CompactDay => {
                if let (Some(place), Some(day)) = (place.first_chunk_mut::<8>(), d.first_chunk::<8>()) {
                    *place = *day;
                }
            }
        }
    }
}

#[inline]
fn write_day<const N: usize>(d: &Digits, place: &mut [u8; N]) {
    place[..4].copy_from_slice(&d[..4]);
    place[5..7].copy_from_slice(&d[4..6]);
    place[8..10].copy_from_slice(&d[6..8]);
}

#[inline]
fn write_clock<const N: usize>(d: &Digits, place: &mut [u8; N], [hour, minute, second]: [usize; 3]) {
    place[hour..hour + 2].copy_from_slice(&d[8..10]);
    place[minute..minute + 2].copy_from_slice(&d[10..12]);
    place[second..second + 2].copy_from_slice(&d[12..14]);
}

/// Tells moments of one call. Mostly all lie on one day, and several are the same.
pub(super) struct Clock {
    day: i64,
    second: i64,
    digits: Digits,
}

impl Clock {
    /// Nothing is told yet.
    pub(super) fn new() -> Self {
        Self { day: i64::MIN, second: i64::MIN, digits: *b"19700101000000" }
    }

    /// The moment of a second since 1970.
    #[inline]
    pub(super) fn at(&mut self, second: i64) -> &Digits {
        if second != self.second {
            self.second = second;
            let shown = second.saturating_add(BEIJING_AHEAD_SECONDS);
            let (day, clock) = (shown.div_euclid(DAY_SECONDS), shown.rem_euclid(DAY_SECONDS) as u32);
            if day != self.day {
                self.day = day;
                self.turn(second);
            }
            let (minutes, seconds) = (clock / 60, clock % 60);
            pair(minutes / 60, &mut self.digits, 8);
            pair(minutes % 60, &mut self.digits, 10);
            pair(seconds, &mut self.digits, 12);
        }
        &self.digits
    }

    /// Turns the calendar to the day of a second.
    fn turn(&mut self, second: i64) {
        let day = BEIJING.to_datetime(Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH));
        let year = u32::try_from(day.year()).unwrap_or_default();
        pair(year / 100, &mut self.digits, 0);
        pair(year % 100, &mut self.digits, 2);
        pair(u32::from(day.month().unsigned_abs()), &mut self.digits, 4);
        pair(u32::from(day.day().unsigned_abs()), &mut self.digits, 6);
    }
}

#[inline]
fn pair(number: u32, digits: &mut Digits, at: usize) {
    digits[at] = b'0' + (number / 10 % 10) as u8;
    digits[at + 1] = b'0' + (number % 10) as u8;
}

/// Writes a number over the place that it takes, with zeroes in front.
#[inline]
pub(super) fn write_number(mut number: u64, place: &mut [u8]) {
    /// `00` to `99`.
    const PAIRS: [[u8; 2]; 100] = {
        let mut pairs = [[0; 2]; 100];
        let mut at = 0;
        while at < 100 {
            pairs[at] = [b'0' + (at / 10) as u8, b'0' + (at % 10) as u8];
            at += 1;
        }
        pairs
    };
    let (pairs, rest) = place.as_rchunks_mut::<2>();
    let (rest, pairs) = (pairs, rest);
    for place in pairs.iter_mut().rev() {
        *place = PAIRS[(number % 100) as usize];
        number /= 100;
    }
    if let [place] = rest {
        *place = b'0' + (number % 10) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_as_it_is_written() {
        let second = 1_772_415_011; // 2026-03-02 09:30:11 in Beijing
        for form in Form::ALL {
            let mut place = form.pattern().to_vec();
            form.write(Clock::new().at(second), &mut place);
            let day = second - 34_211;
            assert_eq!(form.read(&place), Some(if form.is_day() { day } else { second }), "{form:?}");
            assert_eq!(form.read(form.pattern()), None);
            assert_eq!(form.read(&place[1..]), None);
        }
        let mut place = Form::Encoded.pattern().to_vec();
        Form::Encoded.write(Clock::new().at(second), &mut place);
        assert_eq!(place, b"2026-03-02+09%3A30%3A11");
        assert_eq!(Form::Spaced.read(b"2026-02-30 09:30:11"), None);
    }

    #[test]
    fn a_clock_shows_what_a_calendar_shows() {
        let mut clock = Clock::new();
        for second in (0..4_000_000_000_i64).step_by(7_654_321) {
            let shown = BEIJING.to_datetime(Timestamp::from_second(second).expect("a second"));
            assert_eq!(clock.at(second), shown.strftime("%Y%m%d%H%M%S").to_string().as_bytes());
        }
    }

    #[test]
    fn a_number_fills_its_place() {
        for (number, text) in [(0, "0"), (7, "007"), (1234, "1234"), (u64::MAX, "18446744073709551615")] {
            let mut place = vec![b'x'; text.len()];
            write_number(number, &mut place);
            assert_eq!(place, text.as_bytes());
        }
    }
}
