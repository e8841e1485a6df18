//! Which statuses an answer may have: exact ones and classes.

use std::fmt;

/// The smallest status that HTTP has.
pub const STATUS_MIN: u16 = 100;
/// The largest status that HTTP has room for.
pub const STATUS_MAX: u16 = 999;

/// A status, or a class of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// This one.
    Exact(u16),
    /// All of this hundred: 2 for `2xx`.
    Class(u16),
}

impl Status {
    /// Reads `200` or `2xx`.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        if let Some(class) = lower.strip_suffix("xx") {
            return class.parse().ok().filter(|class| (1..=9).contains(class)).map(Status::Class);
        }
        let digits = lower.len() == 3 && lower.bytes().all(|byte| byte.is_ascii_digit());
        lower.parse().ok().filter(|status| digits && (STATUS_MIN..=STATUS_MAX).contains(status)).map(Status::Exact)
    }

    fn takes(self, status: u16) -> bool {
        match self {
            Status::Exact(exact) => exact == status,
            Status::Class(class) => class == status / 100,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Exact(status) => write!(f, "{status}"),
            Status::Class(class) => write!(f, "{class}xx"),
        }
    }
}

/// Several of them, of which one has to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statuses(pub Vec<Status>);

impl Statuses {
    /// Whether one of them is this status.
    pub fn take(&self, status: u16) -> bool {
        self.0.iter().any(|one| one.takes(status))
    }
}

impl fmt::Display for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        match words.as_slice() {
            [] => Ok(()),
            [only] => f.write_str(only),
            [first @ .., last] => write!(f, "{} or {last}", first.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_exact_or_classes() {
        assert_eq!(Status::parse("200"), Some(Status::Exact(200)));
        assert_eq!(Status::parse("2XX"), Some(Status::Class(2)));
        for wrong in ["99", "1000", "2x", "20x", "xx", "0xx", "+20", "20.", "0200", "-20", "", "ok"] {
            assert_eq!(Status::parse(wrong), None, "{wrong}");
        }
        let some = Statuses(vec![Status::Exact(200), Status::Exact(204), Status::Class(3)]);
        assert_eq!(some.to_string(), "200, 204 or 3xx");
        assert!(some.take(204) && some.take(399) && !some.take(201) && !some.take(400));
    }
}
