//! The list of all checks and matchers, for people: what each takes and means.

use crate::diagnostic::Code;

/// What kind of word a scenario can write under `expect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckKind {
    /// A key of an entry: something of each answer.
    Answer,
    /// A word of `story`: something of the story as a whole.
    Story,
    /// A matcher, in place of a literal value.
    Matcher,
}

impl CheckKind {
    /// The kind in words.
    pub fn as_str(self) -> &'static str {
        match self {
            CheckKind::Answer => "answer",
            CheckKind::Story => "story",
            CheckKind::Matcher => "matcher",
        }
    }
}

/// A check, or a matcher within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckFact {
    /// The word.
    pub name: &'static str,
    /// What kind of word it is.
    pub kind: CheckKind,
    /// What it takes.
    pub takes: &'static str,
    /// What it expects, as a sentence without its full stop.
    pub meaning: &'static str,
    /// How it is written.
    pub example: &'static str,
    /// The code of what breaks it; matchers have that of the check around them.
    pub code: Option<Code>,
}

/// The check or matcher of this name.
pub fn find(name: &str) -> Option<&'static CheckFact> {
    CHECKS.iter().find(|fact| fact.name.eq_ignore_ascii_case(name))
}

const fn answer(
    name: &'static str,
    takes: &'static str,
    meaning: &'static str,
    example: &'static str,
    code: Code,
) -> CheckFact {
    CheckFact { name, kind: CheckKind::Answer, takes, meaning, example, code: Some(code) }
}

const fn story(
    name: &'static str,
    takes: &'static str,
    meaning: &'static str,
    example: &'static str,
    code: Code,
) -> CheckFact {
    CheckFact { name, kind: CheckKind::Story, takes, meaning, example, code: Some(code) }
}

const fn matcher(name: &'static str, takes: &'static str, meaning: &'static str, example: &'static str) -> CheckFact {
    CheckFact { name, kind: CheckKind::Matcher, takes, meaning, example, code: None }
}

/// Every check and matcher, in the order in which they are listed.
pub const CHECKS: &[CheckFact] = &[
    answer(
        "status",
        "`200`, `2xx`, or a list",
        "The status is this one, of this class, or one of these; it takes the place of the vendor's own rule",
        "- { push: \"udesk:*\", status: [200, 204, 3xx] }",
        Code::Status,
    ),
    answer(
        "within",
        "a length of time",
        "The whole answer is there within this time, connecting included",
        "- { within: 500ms }",
        Code::TooLate,
    ),
    answer(
        "headers",
        "names, each with a text or a matcher",
        "The answer has these headers; one of the values of each fits",
        "- { headers: { Content-Type: { contains: json }, X-Debug: { absent: true } } }",
        Code::Header,
    ),
    answer(
        "json",
        "JSON with matchers in it",
        "The body is JSON with this in it; other keys may stand beside. A key that starts with `$` is a JSONPath, one that starts with `/` a JSON Pointer",
        "- { push: \"*:end\", json: { state: ended, $.agent.id: { type: integer } } }",
        Code::Json,
    ),
    answer(
        "text",
        "a text or a matcher",
        "The body is this text, save for white space at its ends",
        "- { push: \"7moor:*\", text: { matches: \"^(ok|success)$\" } }",
        Code::Text,
    ),
    answer("empty", "`true`", "The answer has no body", "- { status: 204, empty: true }", Code::NotEmpty),
    story("answered", "", "Every push has an answer, whatever it says", "- { story: answered }", Code::NoAnswer),
    story(
        "attempts",
        "a number",
        "No push needs more attempts than this until it is settled; attempts that a fault has spoilt do not count",
        "- { story: { attempts: 3 } }",
        Code::TooManyAttempts,
    ),
    story(
        "no_5xx",
        "",
        "No answer is 500 to 599, not even to a push that a fault has spoilt",
        "- { story: no_5xx }",
        Code::ServerError,
    ),
    story(
        "in_order",
        "",
        "The answers within a call come in the order in which its pushes left",
        "- { story: in_order }",
        Code::OutOfOrder,
    ),
    story(
        "no_error_after_end",
        "",
        "What is sent once the end of a call was told (recordings, late states, repeats) is not answered by 4xx or 5xx",
        "- { story: no_error_after_end }",
        Code::ErrorAfterEnd,
    ),
    matcher("equals", "any JSON", "Exactly this, with no other keys beside", "json: { agent: { equals: { id: 7 } } }"),
    matcher(
        "matches",
        "a regular expression",
        "A text in which the pattern is found",
        "json: { id: { matches: \"^[0-9a-f]{32}$\" } }",
    ),
    matcher(
        "type",
        "`string`, `integer`, `number`, `boolean`, `array`, `object`, `null`, or a list",
        "A value of this type, or of one of these",
        "json: { id: { type: [string, \"null\"] } }",
    ),
    matcher("range", "two numbers", "A number between them, both within", "json: { seconds: { range: 80..82 } }"),
    matcher("at_least", "a number", "This number or a larger one", "json: { seconds: { at_least: 1 } }"),
    matcher("at_most", "a number", "This number or a smaller one", "json: { seconds: { at_most: 3600 } }"),
    matcher(
        "contains",
        "a text, or an item",
        "A text with this text in it, or a list with such an item",
        "text: { contains: success }",
    ),
    matcher("one_of", "a list", "One of these", "json: { state: { one_of: [ended, closed] } }"),
    matcher(
        "length",
        "a number, or a range",
        "A text of so many characters, a list of so many items, an object of so many keys",
        "json: { calls: { length: 1..3 } }",
    ),
    matcher(
        "not",
        "a value or a matcher",
        "Anything that is not this, but it has to be there",
        "json: { state: { not: talking } }",
    ),
    matcher("present", "`true`", "Anything, but it has to be there", "json: { id: { present: true } }"),
    matcher("absent", "`true`", "It must not be there", "json: { error: { absent: true } }"),
];

#[cfg(test)]
mod tests {
    use super::super::StoryRule;
    use super::*;

    #[test]
    fn names_are_distinct_and_every_story_rule_is_listed() {
        let mut names: Vec<_> = CHECKS.iter().map(|fact| fact.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CHECKS.len());
        assert!(
            StoryRule::WORDS.iter().all(|(_, word, _)| find(word).is_some_and(|fact| fact.kind == CheckKind::Story))
        );
    }
}
