//! Words for messages: the nearest known word, lists of words, and words of the user made safe to print.

/// The longest text of a user that a message repeats, in characters.
const REPEATED_CHARS_MAX: usize = 60;
/// The longest word that is compared with known ones, in characters.
const COMPARED_CHARS_MAX: usize = 60;
/// How many known words a word is compared with.
const COMPARED_WORDS_MAX: usize = 1000;

/// The known word that `word` was most likely meant to be, if there is one near enough.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().nth(COMPARED_CHARS_MAX).is_some() {
        return None;
    }
    let word = plainest(word);
    let length = word.chars().count();
    let allowed = (length / 3).max(1);
    let distance = |known: &str| {
        let plain = plainest(known);
        // Words that differ more in length than they may at all need no closer look.
        (plain.chars().count().abs_diff(length) <= allowed).then(|| strsim::damerau_levenshtein(&word, &plain))
    };
    let near = known.into_iter().take(COMPARED_WORDS_MAX).filter_map(|known| Some((distance(known)?, known)));
    // A word of one letter is near to every other one.
    near.filter(|(distance, known)| *distance <= allowed && *distance < known.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// `a`, `a or b`, `a, b or c`, each in backticks.
pub fn choices<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(words, "or")
}

/// `a`, `a and b`, `a, b and c`, each in backticks.
pub fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(words, "and")
}

/// The text in backticks, on one line, not too long, without anything that a terminal would obey.
pub fn tick(text: &str) -> String {
    let mut shown: String = text.chars().take(REPEATED_CHARS_MAX).flat_map(visible).collect();
    if text.chars().nth(REPEATED_CHARS_MAX).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// "did you mean `x`?" where something is near, else a list of what there is.
pub fn did_you_mean(word: &str, known: &[&str], otherwise: &str) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean {}?", tick(near)),
        None => format!("{otherwise} {}", listed(known.iter().copied())),
    }
}

fn joined<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let words: Vec<String> = words.into_iter().map(tick).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

fn visible(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let (plain, escape) = if escaped { (None, Some(character.escape_default())) } else { (Some(character), None) };
    plain.into_iter().chain(escape.into_iter().flatten())
}

fn plainest(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_near() {
        let known = ["customer", "agents", "kind", "line", "outside"];
        for (word, expected) in [
            ("custmer", Some("customer")),
            ("Customer", Some("customer")),
            ("agent", Some("agents")),
            ("knid", Some("kind")),
            ("out_side", Some("outside")),
            ("x", None),
            ("", None),
            ("weather", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
        assert_eq!(nearest("b", ["a", "c"]), None);
    }

    #[test]
    fn what_a_user_wrote_cannot_command_the_terminal() {
        assert_eq!(tick("a\u{1b}[31m\nb\u{202e}"), "`a\\u{1b}[31m\\nb\\u{202e}`");
        assert_eq!(tick(&"王".repeat(100)).chars().count(), REPEATED_CHARS_MAX + 3);
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(choices(["a"]), "`a`");
        assert_eq!(choices(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(listed(["a", "b"]), "`a` and `b`");
    }
}
