//! Holds one answer against one rule.

use super::check::AnswerRule;
use super::matcher::Matcher;
use super::shape::{Mismatch, Shape};
use super::shown::{json_of, lines, shown, value_shown};
use crate::diagnostic::Code;
use crate::duration;
use crate::event::Difference;
use serde_json::Value;
use std::time::Duration;

/// An answer as a rule sees it.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: &'a [(String, String)],
    /// Its body, as far as it was read.
    pub body: &'a str,
    /// Whether there is more of it.
    pub truncated: bool,
    /// From the beginning of the attempt to the end of the answer.
    pub took: Duration,
}

/// What is wrong with an answer, or with a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What kind of finding.
    pub code: Code,
    /// What was expected, in short.
    pub expected: String,
    /// What was found, in short.
    pub found: String,
    /// Both, line by line, where they have lines to compare.
    pub difference: Vec<Difference>,
    /// Both in one sentence, without the push.
    pub words: String,
}

impl Violation {
    /// A violation that needs no lines: `status 500, expected 2xx`.
    pub fn plain(code: Code, expected: impl Into<String>, found: impl Into<String>) -> Self {
        let (expected, found) = (expected.into(), found.into());
        let words = format!("{found}, expected {expected}");
        Self { code, expected, found, difference: Vec::new(), words }
    }
}

impl AnswerRule {
    /// The code of what breaks it.
    pub(super) fn code(&self) -> Code {
        match self {
            AnswerRule::Status(_) => Code::Status,
            AnswerRule::Within(_) => Code::TooLate,
            AnswerRule::Header { .. } => Code::Header,
            AnswerRule::Json(_) => Code::Json,
            AnswerRule::Text(_) => Code::Text,
            AnswerRule::Empty => Code::NotEmpty,
        }
    }

    /// What is wrong with an answer by this rule.
    pub fn violation(&self, answer: &Answer<'_>) -> Option<Violation> {
        let code = self.code();
        match self {
            AnswerRule::Status(statuses) if statuses.take(answer.status) => None,
            AnswerRule::Status(statuses) => {
                let mut violation = Violation::plain(code, statuses.to_string(), format!("status {}", answer.status));
                violation.expected = format!("status {statuses}");
                Some(violation)
            }
            AnswerRule::Within(limit) if answer.took <= *limit => None,
            AnswerRule::Within(limit) => {
                let mut violation =
                    Violation::plain(code, duration::text(*limit), format!("answered after {}", millis(answer.took)));
                violation.expected = format!("answered within {}", duration::text(*limit));
                violation.words =
                    format!("answered after {}, expected within {}", millis(answer.took), duration::text(*limit));
                Some(violation)
            }
            AnswerRule::Header { name, value } => header(name, value, answer),
            AnswerRule::Json(shape) => json(shape, answer),
            AnswerRule::Text(shape) => text(shape, answer),
            AnswerRule::Empty if answer.body.is_empty() => None,
            AnswerRule::Empty => {
                let found = format!("a body of {} bytes: {}", answer.body.len(), shown(answer.body));
                Some(Violation::plain(code, "an empty body", found))
            }
        }
    }
}

fn header(name: &str, shape: &Shape, answer: &Answer<'_>) -> Option<Violation> {
    let values: Vec<Value> = answer
        .headers
        .iter()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| Value::from(value.as_str()))
        .collect();
    let holds = match shape {
        Shape::Fits(Matcher::Absent) => values.is_empty(),
        // `not` speaks of all values: one that fits would be the one that must not be.
        Shape::Fits(Matcher::Not(_)) => !values.is_empty() && values.iter().all(|value| shape.fits(value)),
        shape => values.iter().any(|value| shape.fits(value)),
    };
    if holds {
        return None;
    }
    let expected = format!("header {name}: {}", shown(&shape.to_string()));
    let found = match values.as_slice() {
        [] => format!("no header {name}"),
        values => {
            let shown: Vec<String> = values.iter().map(value_shown).collect();
            format!("header {name}: {}", shown.join(" and "))
        }
    };
    let words = format!("{found}, expected {}", shown(&shape.to_string()));
    Some(Violation { words, ..Violation::plain(Code::Header, expected, found) })
}

fn json(shape: &Shape, answer: &Answer<'_>) -> Option<Violation> {
    let content_type = crate::http::header(answer.headers, "content-type");
    let value = match json_of(answer.body, answer.truncated, content_type) {
        Ok(value) => value,
        Err(why) => {
            let words = format!("the body is {why}");
            return Some(Violation {
                words,
                ..Violation::plain(Code::Json, shown(&shape.to_string()), format!("a body that is {why}"))
            });
        }
    };
    let mismatches = shape.against(&value);
    let first = mismatches.first()?;
    let more = match mismatches.len() - 1 {
        0 => String::new(),
        1 => ", and one more place".to_owned(),
        more => format!(", and {more} more places"),
    };
    Some(Violation {
        code: Code::Json,
        expected: shown(&shape.to_string()),
        found: value_shown(&value),
        difference: mismatches.iter().flat_map(Mismatch::lines).collect(),
        words: format!("{}{more}", first.words()),
    })
}

fn text(shape: &Shape, answer: &Answer<'_>) -> Option<Violation> {
    let (fits, difference) = match shape {
        // White space at the ends is nobody's contract.
        Shape::Is(Value::String(expected)) => {
            let (expected, found) = (expected.trim(), answer.body.trim());
            (expected == found, if expected == found { Vec::new() } else { lines(expected, found) })
        }
        shape => (shape.fits(&Value::from(answer.body)), Vec::new()),
    };
    if fits && !answer.truncated {
        return None;
    }
    let found = match (answer.truncated, answer.body.trim()) {
        (true, body) => format!("a text that is not read to its end: {}", shown(body)),
        (false, "") => "an empty body".to_owned(),
        (false, body) => value_shown(&Value::from(body)),
    };
    let expected = shown(&shape.to_string());
    let words = format!("the text is {found}, expected {expected}");
    Some(Violation { words, difference, ..Violation::plain(Code::Text, expected, found) })
}

fn millis(took: Duration) -> String {
    if took < Duration::from_millis(10) { format!("{:.1}ms", took.as_secs_f64() * 1e3) } else { duration::text(took) }
}

#[cfg(test)]
mod tests {
    use super::super::{Pattern, Status, Statuses};
    use super::*;
    use crate::event::Side;
    use serde_json::json;

    fn answer<'a>(headers: &'a [(String, String)], body: &'a str) -> Answer<'a> {
        Answer { status: 500, headers, body, truncated: false, took: Duration::from_millis(812) }
    }

    fn words(rule: &AnswerRule, answer: &Answer<'_>) -> Option<(Code, String)> {
        rule.violation(answer).map(|violation| (violation.code, violation.words))
    }

    #[test]
    fn each_rule_says_what_is_wrong_in_one_sentence() {
        let headers = [("Content-Type".to_owned(), "text/html".to_owned())];
        let bad = answer(&headers, "<p>");
        for (rule, code, told) in [
            (AnswerRule::Status(Statuses(vec![Status::Class(2)])), Code::Status, "status 500, expected 2xx"),
            (
                AnswerRule::Within(Duration::from_millis(500)),
                Code::TooLate,
                "answered after 812ms, expected within 500ms",
            ),
            (
                AnswerRule::Header { name: "content-type".into(), value: Shape::Is(json!("text/plain")) },
                Code::Header,
                "header content-type: \"text/html\", expected \"text/plain\"",
            ),
            (
                AnswerRule::Header { name: "X-Id".into(), value: Shape::Fits(Matcher::Present) },
                Code::Header,
                "no header X-Id, expected anything",
            ),
            (
                AnswerRule::Json(Shape::Is(json!(1))),
                Code::Json,
                "the body is not JSON: expected value at line 1 column 1 (it starts with `<p>`, and is called text/html)",
            ),
            (AnswerRule::Text(Shape::Is(json!("ok"))), Code::Text, "the text is \"<p>\", expected \"ok\""),
            (AnswerRule::Empty, Code::NotEmpty, "a body of 3 bytes: <p>, expected an empty body"),
        ] {
            assert_eq!(words(&rule, &bad), Some((code, told.to_owned())));
        }
        let took = |micros: u64| millis(Duration::from_micros(micros));
        assert_eq!([took(1_250), took(9_999), took(10_000), took(12_345)], ["1.2ms", "10.0ms", "10ms", "12ms"]);
    }

    #[test]
    fn one_of_several_headers_has_to_fit_and_for_not_all_of_them() {
        let headers = [("Via".to_owned(), "a".to_owned()), ("via".to_owned(), "b".to_owned())];
        let header = |value| AnswerRule::Header { name: "VIA".into(), value };
        assert_eq!(words(&header(Shape::Is(json!("b"))), &answer(&headers, "")), None);
        let not = header(Shape::Fits(Matcher::Not(Box::new(Shape::Is(json!("b"))))));
        assert!(words(&not, &answer(&headers, "")).is_some());
        assert!(words(&not, &answer(&[], "")).is_some(), "it has to be there");
        assert_eq!(words(&not, &answer(&headers[..1], "")), None);
        let absent = header(Shape::Fits(Matcher::Absent));
        assert_eq!(words(&absent, &answer(&[], "")), None);
        assert!(words(&absent, &answer(&headers, "")).is_some());
    }

    #[test]
    fn json_tells_each_place_and_text_each_line() {
        let rule = AnswerRule::Json(Shape::Items(vec![Shape::Is(json!(1)), Shape::Is(json!(2))]));
        let violation = rule.violation(&answer(&[], "[3,4]")).expect("a violation");
        assert_eq!(violation.words, "$[0] is 3, expected 1, and one more place");
        let places = |body: &str| {
            let rule = AnswerRule::Json(Shape::Items(vec![Shape::Is(json!(1)); 3]));
            rule.violation(&answer(&[], body)).map(|violation| violation.words)
        };
        assert_eq!(places("[1,1,1]"), None);
        assert_eq!(places("[1,0,1]").as_deref(), Some("$[1] is 0, expected 1"));
        assert_eq!(places("[0,0,0]").as_deref(), Some("$[0] is 0, expected 1, and 2 more places"));
        let told: Vec<String> =
            violation.difference.iter().map(|line| format!("{} {}", line.side.sign(), line.text)).collect();
        assert_eq!(told, ["- $[0]: 1", "+ $[0]: 3", "- $[1]: 2", "+ $[1]: 4"]);
        let violation =
            AnswerRule::Text(Shape::Is(json!("a\nb"))).violation(&answer(&[], "a\nc\n")).expect("a violation");
        assert_eq!(violation.difference.last().map(|line| (line.side, line.text.as_str())), Some((Side::Found, "c")));
    }

    #[test]
    fn bodies_are_taken_as_they_come() {
        let text = |shape| AnswerRule::Text(shape);
        assert_eq!(words(&text(Shape::Is(json!("ok"))), &answer(&[], " ok\r\n")), None);
        let pattern = Shape::Fits(Matcher::Matches(Pattern::compile("^ok$").expect("a pattern")));
        assert_eq!(words(&text(pattern.clone()), &answer(&[], "ok")), None);
        let truncated = Answer { truncated: true, ..answer(&[], "ok") };
        assert!(words(&text(pattern), &truncated).is_some());
        assert_eq!(words(&AnswerRule::Empty, &answer(&[], "")), None);
        let json = AnswerRule::Json(Shape::Fits(Matcher::Present));
        assert_eq!(
            words(&json, &answer(&[], "")).map(|(_, words)| words),
            Some("the body is empty, so no JSON".into())
        );
    }
}
