//! How long things took, as a histogram that merges exactly and travels as text; nothing here measures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer as Reader, Serializer as Writer, V2Serializer};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// Three significant digits: a value is told within 0.1 %.
const DIGITS: u8 = 3;
/// What its uncompressed text begins with.
const V2_COOKIE: [u8; 4] = *b"\x1c\x84\x93\x13";
/// What stands before its payload: the cookie, the length of the payload, an offset, the digits, the lowest and the highest
/// value, and a ratio.
const V2_HEADER_BYTES: usize = 40;
/// The longest time that is told apart; a longer one counts as this.
pub const LATENCY_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// How long the text of one histogram may be that is read from outside.
const TEXT_MAX_BYTES: usize = 4 * 1024 * 1024;
/// The most that the figures of one file may count: the sums of [`super::SHARDS_MAX`] files fit into 64 bits.
pub(super) const COUNT_MAX: u64 = 1 << 50;

/// Times in microseconds. As text it is the V2 format of HdrHistogram, uncompressed, in base64.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Latency(Histogram<u64>);

impl fmt::Debug for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99) = (self.at(0.5), self.at(0.99));
        write!(f, "Latency({} times, p50 {p50:?}, p99 {p99:?}, max {:?})", self.count(), self.max())
    }
}

impl Default for Latency {
    fn default() -> Self {
        let mut histogram = match Histogram::new(DIGITS) {
            Ok(histogram) => histogram,
            // The crate takes 0 to 5 digits, and `DIGITS` is one of them.
            Err(_) => unreachable!("three digits are allowed"),
        };
        histogram.auto(true);
        Self(histogram)
    }
}

impl Latency {
    /// Adds one time. It grows only where a time is longer than any before.
    pub fn record(&mut self, took: Duration) {
        let microseconds = took.min(LATENCY_MAX).as_micros() as u64;
        // It resizes itself, and a day in microseconds is far from what it cannot hold.
        let _ = self.0.record(microseconds);
    }

    /// How many times were recorded.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time that this share of all times is not above: `0.99` for p99. Zero where nothing was recorded.
    pub fn at(&self, share: f64) -> Duration {
        Duration::from_micros(self.0.value_at_quantile(share))
    }

    /// How many times are longer than this, within 0.1 %.
    pub fn count_above(&self, time: Duration) -> u64 {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let longer = self.0.iter_recorded().filter(|step| step.value_iterated_to() > microseconds);
        longer.map(|step| step.count_at_value()).sum()
    }

    /// The longest time, within 0.1 %.
    pub fn max(&self) -> Duration {
        Duration::from_micros(self.0.max())
    }

    /// The mean of all times.
    pub fn mean(&self) -> Duration {
        Duration::from_secs_f64(self.0.mean().max(0.0) / 1e6)
    }

    /// Adds the times of another: the same as if each had been recorded here.
    pub fn merge(&mut self, other: &Latency) {
        if self.0.add(&other.0).is_err() {
            // Only one that does not grow, or is more exact, could refuse; and none here is.
            for step in other.0.iter_recorded() {
                let _ = self.0.record_n(step.value_iterated_to(), step.count_at_value());
            }
        }
    }

    /// The times that were recorded since an earlier state of this histogram: each within 0.1 %, and how often.
    pub fn since(&self, earlier: &Latency) -> Vec<(Duration, u64)> {
        let times = self.0.iter_recorded().map(|step| {
            let value = step.value_iterated_to();
            (Duration::from_micros(value), step.count_at_value().saturating_sub(earlier.0.count_at(value)))
        });
        times.filter(|(_, count)| *count > 0).collect()
    }

    /// Forgets everything, and keeps its room.
    pub fn clear(&mut self) {
        self.0.reset();
    }

    /// The V2 format in base64.
    pub fn text(&self) -> String {
        let mut bytes = Vec::new();
        match V2Serializer::new().serialize(&self.0, &mut bytes) {
            Ok(_) => BASE64.encode(bytes),
            // Writing to memory does not fail.
            Err(_) => String::new(),
        }
    }

    /// Reads the V2 format in base64, uncompressed and of at most as many digits as ours, which bounds its room.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > TEXT_MAX_BYTES {
            return Err(format!(
                "a histogram of {} bytes is longer than {TEXT_MAX_BYTES}, the most there is",
                text.len()
            ));
        }
        let bytes = BASE64.decode(text).map_err(|error| format!("a histogram is not base64: {error}"))?;
        // What it says of its own size is what its reader makes room for.
        let field = |at: usize| bytes.get(at..at + 4).and_then(|field| field.try_into().ok()).map(u32::from_be_bytes);
        let is_whole = field(4).map(|payload| payload as usize + V2_HEADER_BYTES) == Some(bytes.len());
        let is_as_exact = field(12).is_some_and(|digits| digits <= u32::from(DIGITS));
        if !bytes.starts_with(&V2_COOKIE) || !is_whole || !is_as_exact {
            return Err(format!("a histogram is not in the V2 format of HdrHistogram, whole and of {DIGITS} digits"));
        }
        let read: Histogram<u64> = Reader::new()
            .deserialize(&mut &bytes[..])
            .map_err(|error| format!("a histogram is not in the V2 format of HdrHistogram: {error}"))?;
        if read.len() > COUNT_MAX {
            return Err(format!("a histogram counts {} times, and {COUNT_MAX} is the most", read.len()));
        }
        let mut latency = Self::default();
        latency.merge(&Self(read));
        Ok(latency)
    }
}

impl From<Latency> for String {
    fn from(latency: Latency) -> Self {
        latency.text()
    }
}

impl TryFrom<String> for Latency {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Latency::parse(&text)
    }
}

impl JsonSchema for Latency {
    fn schema_name() -> Cow<'static, str> {
        "Latency".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "HdrHistogram V2, uncompressed, in base64; microseconds" })
    }
}

/// A histogram at rest: its V2 bytes, some hundred of them, so that a long run can keep one for every second.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "Latency")]
pub struct Packed(String);

impl Packed {
    /// At rest.
    pub fn of(latency: &Latency) -> Self {
        Self(if latency.count() == 0 { String::new() } else { latency.text() })
    }

    /// Awake again; one that cannot be read is empty.
    pub fn open(&self) -> Latency {
        Latency::parse(&self.0).unwrap_or_default()
    }

    /// Adds the times of another.
    pub fn merge(&mut self, other: &Packed) {
        if self.0.is_empty() {
            *self = other.clone();
        } else if !other.0.is_empty() {
            let mut sum = self.open();
            sum.merge(&other.open());
            *self = Self::of(&sum);
        }
    }
}

impl TryFrom<String> for Packed {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if !text.is_empty() {
            Latency::parse(&text)?;
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(milliseconds: impl IntoIterator<Item = u64>) -> Latency {
        let mut latency = Latency::default();
        milliseconds.into_iter().for_each(|each| latency.record(Duration::from_millis(each)));
        latency
    }

    #[test]
    fn parts_merge_to_the_whole_in_any_order() {
        let whole = of(0..3000);
        let (even, odd) = (of((0..3000).filter(|n| n % 2 == 0)), of((0..3000).filter(|n| n % 2 == 1)));
        let (mut one, mut other) = (even.clone(), odd.clone());
        one.merge(&odd);
        other.merge(&even);
        assert_eq!(one, whole);
        assert_eq!(other, whole);
        let mut packed = Packed::of(&even);
        packed.merge(&Packed::of(&odd));
        assert_eq!(packed.open(), whole);
    }

    #[test]
    fn what_came_since_is_what_was_added() {
        let earlier = of([1, 5, 5]);
        let mut later = earlier.clone();
        later.merge(&of([5, 900]));
        let since = later.since(&earlier);
        assert_eq!(since.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1, 1]);
        let times: Vec<_> = since.iter().map(|(time, _)| time.as_millis()).collect();
        assert!(times[0] == 5 && times[1].abs_diff(900) <= 1, "{times:?}");
        assert_eq!(later.since(&later), []);
    }

    #[test]
    fn it_reads_as_it_writes() {
        let latency = of([1, 5, 900, 100_000_000]);
        assert_eq!(latency.max(), Latency::parse(&latency.text()).expect("its own text").max());
        assert_eq!(Latency::parse(&latency.text()).expect("its own text"), latency);
        assert!(latency.max().abs_diff(LATENCY_MAX) < LATENCY_MAX / 1000, "{latency:?}");
        for wrong in ["", "!", "AAAA", "HISTFAAAAA=="] {
            assert!(Latency::parse(wrong).is_err(), "{wrong}");
        }
        let bytes = BASE64.decode(latency.text()).expect("its own text");
        for (at, is_good) in [(4, false), (12, false), (15, false), (31, true)] {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x40;
            assert_eq!(Latency::parse(&BASE64.encode(bytes)).is_ok(), is_good, "byte {at}");
        }
    }
}
