//! Figures and texts as the lines for people write them.

pub(super) use crate::report::told::clipped;
pub(super) use crate::visible::visible as escaped;
use std::time::Duration;

/// A measured time with a unit that fits it.
pub(super) fn short(duration: Duration) -> String {
    match duration.as_micros() {
        0..1_000 => format!("{} us", duration.as_micros()),
        1_000..10_000 => format!("{:.1} ms", duration.as_secs_f64() * 1e3),
        10_000..1_000_000 => format!("{} ms", duration.as_millis()),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

/// What a story consists of: "4 pushes", "nothing is pushed, 12 records are kept".
pub(super) fn consists_of(deliveries: u64, records: u64) -> String {
    let pushes = count_of(deliveries, "push", "pushes");
    let kept = count_of(records, "change of the vendor's records", "changes of the vendor's records");
    match (deliveries, records) {
        (_, 0) => pushes,
        (0, _) => format!("nothing is pushed; {kept}"),
        (_, _) => format!("{pushes}; {kept}"),
    }
}

pub(super) fn count(number: u64, noun: &str) -> String {
    count_of(number, noun, &format!("{noun}s"))
}

pub(super) fn count_of(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
