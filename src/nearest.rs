//! The nearest valid word to one that is not: what a person probably meant.

/// The share of letters that must agree for a word to be worth proposing.
const LIKENESS_MIN: f64 = 0.7;

/// The word that is most like `wrong`, if any is like it at all.
pub fn nearest<'a>(wrong: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    words
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&wrong, &word.to_lowercase()), word))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let words = ["customer", "agents", "queues", "tasks"];
        assert_eq!(nearest("custmer", words), Some("customer"));
        assert_eq!(nearest("Agent", words), Some("agents"));
        assert_eq!(nearest("xyzzy", words), None);
    }
}
