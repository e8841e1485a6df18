//! The only reader of wall time, the pace at which scenario time passes, and where its clocks stand; nothing else asks the
//! machine what time it is.

use jiff::Timestamp;
use jiff::tz::Offset;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The offset of Beijing's clocks, all year: every vendor's times are told in it.
pub const BEIJING: Offset = Offset::constant(8);

/// The present instant.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The present second: where a scenario starts unless it is told.
pub fn this_second() -> Timestamp {
    Timestamp::from_second(now().as_second()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A moment of the machine's steady clock, for measuring.
pub fn steady() -> std::time::Instant {
    std::time::Instant::now()
}

/// How scenario time passes while pushes are sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Time jumps to the next event that is due as soon as nothing is in flight.
    Fast,
    /// So many scenario seconds pass in one real second.
    Times(f64),
}

/// The fastest pace that is not `fast`.
pub const PACE_TIMES_MAX: f64 = 100_000.0;
/// The slowest pace.
pub const PACE_TIMES_MIN: f64 = 0.01;

impl Pace {
    /// The real time that a span of scenario time takes; nothing in fast pace.
    pub fn real(self, scenario: Duration) -> Duration {
        match self {
            Pace::Fast => Duration::ZERO,
            Pace::Times(times) => scenario.div_f64(times),
        }
    }

    /// The scenario time that passes in a span of real time; none in fast pace.
    pub fn scenario(self, real: Duration) -> Duration {
        match self {
            Pace::Fast => Duration::ZERO,
            Pace::Times(times) => real.mul_f64(times),
        }
    }
}

impl FromStr for Pace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "fast" {
            return Ok(Pace::Fast);
        }
        let times = text.strip_suffix('x').and_then(|number| number.parse::<f64>().ok());
        match times {
            Some(times) if (PACE_TIMES_MIN..=PACE_TIMES_MAX).contains(&times) => Ok(Pace::Times(times)),
            Some(_) => Err(format!("a pace lies between {PACE_TIMES_MIN}x and {PACE_TIMES_MAX}x, or is `fast`")),
            None => Err("a pace is `fast`, or a number with an x: `1x`, `60x`, `0.5x`".into()),
        }
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pace::Fast => f.write_str("fast"),
            Pace::Times(times) => write!(f, "{times}x"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_reads_as_it_prints() {
        for text in ["fast", "1x", "60x", "0.5x"] {
            assert_eq!(text.parse::<Pace>().map(|pace| pace.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn an_absurd_pace_is_refused() {
        for text in ["0x", "-1x", "NaNx", "infx", "60", "quick", "x", "1000001x"] {
            assert!(text.parse::<Pace>().is_err(), "{text}");
        }
    }
}
