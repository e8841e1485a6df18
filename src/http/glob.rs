//! Which pushes are meant: a name, in which `*` and `?` stand for any characters, or one of several such names.

use wildmatch::WildMatch;

/// Between names of which any is meant. Users do not write it: it comes of a pattern that takes in second names.
pub const OR: char = '|';

/// The pushes that a pattern takes in.
#[derive(Debug, Clone, PartialEq)]
pub struct Glob(Vec<WildMatch>);

impl Glob {
    /// Reads `udesk:end`, `udesk:*`, `tinet:2|tinet:3`.
    pub fn new(pattern: &str) -> Self {
        Self(pattern.split(OR).map(WildMatch::new).collect())
    }

    /// Whether a push is taken in.
    pub fn matches(&self, push: &str) -> bool {
        self.0.iter().any(|one| one.matches(push))
    }

    /// Whether a pattern can take in several pushes.
    pub fn is_open(pattern: &str) -> bool {
        pattern.contains(['*', '?', OR])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_in_any_of_its_names() {
        for (pattern, push, taken) in [
            ("udesk:end", "udesk:end", true),
            ("udesk:end", "udesk:end_info", false),
            ("*:end*", "udesk:end_info", true),
            ("tinet:2|tinet:3", "tinet:3", true),
            ("tinet:2|udesk:*", "udesk:end", true),
            ("tinet:2|tinet:3", "tinet:23", false),
        ] {
            assert_eq!(Glob::new(pattern).matches(push), taken, "{pattern} for {push}");
        }
        assert_eq!(["tinet:2|tinet:3", "tinet:?", "tinet:2"].map(Glob::is_open), [true, true, false]);
    }
}
