//! The closed list of codes. What each means stands in `explanation`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// What kind of mistake a diagnostic is about: RB-1xx in a scenario, RB-2xx about a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The text is not YAML.
    NotYaml,
    /// A key that means nothing where it stands.
    UnknownKey,
    /// A key that must be there is not.
    MissingKey,
    /// A list where a text is expected, and the like.
    WrongKind,
    /// A name that nothing has.
    UnknownName,
    /// A step that cannot happen.
    ImpossibleStep,
    /// A step whose verb is not one.
    UnknownStep,
    /// A value of the right kind that cannot be.
    BadValue,
    /// Something is given twice.
    Twice,
    /// A file or folder cannot be read.
    Unreadable,
    /// No scenario of this name, or none in this folder.
    NoScenario,
    /// Something is larger than its limit.
    TooLarge,
    /// No subject, two of them, or one that is not played.
    Subject,
    /// An environment variable is not set.
    Environment,
    /// Two things are asked for that cannot both be.
    Contradiction,
    /// A fault that can strike nothing of what is played.
    FaultCannotStrike,
    /// A push was never acknowledged.
    NotAcknowledged,
    /// An answer has another status.
    Status,
    /// An answer lacks a header, or has another value in it.
    Header,
    /// An answer came too late.
    TooLate,
    /// The body of an answer is other JSON than expected, or none.
    Json,
    /// The body of an answer is another text.
    Text,
    /// The body of an answer is not empty.
    NotEmpty,
    /// A push was never answered.
    NoAnswer,
    /// A push after the end of its call was answered with an error.
    ErrorAfterEnd,
    /// A push needed too many attempts.
    TooManyAttempts,
    /// An answer has a status from 500 to 599.
    ServerError,
    /// Answers came in another order than their pushes.
    OutOfOrder,
    /// The receiver believes something else.
    ProbeDisagrees,
    /// A probe could not be asked.
    ProbeSilent,
    /// Answers differ from their snapshot.
    SnapshotChanged,
    /// Answers have no snapshot yet.
    SnapshotNew,
    /// A snapshot cannot be read or written.
    SnapshotBroken,
    /// A snapshot belongs to nothing that was played.
    SnapshotUnused,
    /// A fault struck nothing.
    FaultNeverStruck,
    /// An expectation was never judged, and the run is strict.
    NeverJudged,
}

impl Code {
    /// Every code, in order.
    pub const ALL: [Code; 36] = [
        Code::NotYaml,
        Code::UnknownKey,
        Code::MissingKey,
        Code::WrongKind,
        Code::UnknownName,
        Code::ImpossibleStep,
        Code::UnknownStep,
        Code::BadValue,
        Code::Twice,
        Code::Unreadable,
        Code::NoScenario,
        Code::TooLarge,
        Code::Subject,
        Code::Environment,
        Code::Contradiction,
        Code::FaultCannotStrike,
        Code::NotAcknowledged,
        Code::Status,
        Code::Header,
        Code::TooLate,
        Code::Json,
        Code::Text,
        Code::NotEmpty,
        Code::NoAnswer,
        Code::ErrorAfterEnd,
        Code::TooManyAttempts,
        Code::ServerError,
        Code::OutOfOrder,
        Code::ProbeDisagrees,
        Code::ProbeSilent,
        Code::SnapshotChanged,
        Code::SnapshotNew,
        Code::SnapshotBroken,
        Code::SnapshotUnused,
        Code::FaultNeverStruck,
        Code::NeverJudged,
    ];

    /// The code as it is printed: `RB-102`.
    pub fn as_str(self) -> &'static str {
        self.explanation().code
    }

    /// The code that a person means by `RB-102`, `rb102` or `102`.
    pub fn find(text: &str) -> Option<Code> {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let prefix = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let known = ["", "rb", "rb-", "rb_", "rb "].iter().any(|known| prefix.eq_ignore_ascii_case(known));
        Self::ALL.into_iter().find(|code| known && digits(code.as_str()) == digits(text))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "What kind of mistake or finding; `ringback explain CODE` teaches it.",
            "type": "string",
            "pattern": "^RB-[0-9]{3}$"
        })
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_in_order() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()));
    }

    #[test]
    fn a_code_is_found_as_people_write_it() {
        for text in ["RB-102", "rb-102", "rb102", "102"] {
            assert_eq!(Code::find(text), Some(Code::UnknownKey), "{text}");
        }
        for text in ["", "RB-", "RB-999", "E0102", "RB-102x", "1-02"] {
            assert_eq!(Code::find(text), None, "{text}");
        }
    }
}
