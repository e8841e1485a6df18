//! The closed list of codes, each with what it means and how to mend it; `ringback explain` prints this.

use serde::{Serialize, Serializer};
use std::fmt;

/// What kind of mistake a diagnostic is about: RB-1xx in a scenario, RB-2xx at delivery, RB-3xx in the use of the command.
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
}

/// What a code means, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// The code as it is printed.
    pub code: &'static str,
    /// Half a line.
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// How to mend it.
    pub fix: &'static str,
}

impl Code {
    /// Every code, in order.
    pub const ALL: [Code; 15] = [
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

    /// What it means, and how to mend it.
    pub fn explanation(self) -> Explanation {
        let (code, title, meaning, fix) = match self {
            Code::NotYaml => (
                "RB-101",
                "the text is not YAML",
                "A scenario is a YAML file (JSON is YAML too), and this one cannot be read as such: a quote or a bracket \
                 is never closed, a line is indented by a tab or matches no line above, a `:` or a `-` lacks its space. \
                 Nothing after this point was looked at.",
                "Mend the marked line. Indent by spaces; put a space after `:` and `-`; put a value into quotes if it \
                 holds `: ` or ` #`, or starts with one of `* & ! % @ ` { [ \" '`.",
            ),
            Code::UnknownKey => (
                "RB-102",
                "a key means nothing where it stands",
                "Each block of a scenario knows a closed list of keys. One that is not on it would have no effect, so it \
                 is refused rather than ignored.",
                "Take the spelling that is proposed, or move the key to the block where it belongs. `ringback show \
                 transfer` prints a scenario to compare with.",
            ),
            Code::MissingKey => (
                "RB-103",
                "a key that must be there is not",
                "Most of a scenario may be left out and is then generated from the seed. This key is one of the few \
                 that say what is meant: a title, the kind of a call, a script.",
                "Add the key with its value, as the help shows.",
            ),
            Code::WrongKind => (
                "RB-104",
                "a value is of the wrong kind",
                "A list stands where a text is expected, a text where keys are expected, and so on. Indentation decides \
                 this: a line that is indented further belongs to the line above it.",
                "Write the value as the help shows.",
            ),
            Code::UnknownName => (
                "RB-105",
                "a name that nothing has",
                "A step names an agent, an outside party, a queue or a task that is not declared under `call` (or \
                 `shift`); or a vendor, a push or a field is named that does not exist. `customer` is always there; \
                 `agent` is there where no agents are declared.",
                "Take the spelling that is proposed, or declare the name: `agents: { ann: }`. `ringback list pushes` \
                 lists vendors and their pushes.",
            ),
            Code::ImpossibleStep => (
                "RB-106",
                "a step cannot happen",
                "The script is played before anything is sent, and at this step the call is not in a state in which \
                 the step could happen: somebody answers who does not ring, talks who has hung up, or is transferred \
                 before there is a conversation.",
                "Add the step that is missing before it, or take this one out.",
            ),
            Code::UnknownStep => (
                "RB-107",
                "a step is not one",
                "A step is a verb (`- record`) or a verb with a value (`- ring: ann`), and the verb is one of a closed \
                 list that depends on the subject: a call rings and hangs up, a shift logs in and out.",
                "Take the verb that is proposed. One step does one thing: two things are two steps.",
            ),
            Code::BadValue => (
                "RB-108",
                "a value cannot be",
                "The value is of the right kind but not possible: a length of time without a unit, a phone number \
                 with letters, an address without a host, a word that is not one of the choices.",
                "Write it as the help shows. Lengths of time have a unit: `500ms`, `5s`, `1m30s`, `2h`, or `3s..12s` \
                 to have one drawn from the seed.",
            ),
            Code::Twice => (
                "RB-109",
                "something is given twice",
                "The same key stands twice in one block, or the same name is given to two parties. One of the two \
                 would have no effect.",
                "Keep one of them, or rename one.",
            ),
            Code::Unreadable => (
                "RB-110",
                "a file or folder cannot be read",
                "It does not exist, the permission to read it is missing, or it is not a text in UTF-8.",
                "Check the path and its permissions; save the file as UTF-8.",
            ),
            Code::NoScenario => (
                "RB-111",
                "there is no such scenario",
                "The argument is neither a file, nor a folder that holds `.yaml`, `.yml` or `.json` files, nor the name \
                 of a built-in scenario.",
                "`ringback list scenarios` lists the built-in ones. A path is taken from the folder in which the \
                 command runs.",
            ),
            Code::TooLarge => (
                "RB-112",
                "something is larger than its limit",
                "Everything that is read has a limit, so that a slip cannot fill the memory: the size of a file, the \
                 depth of its nesting, the number of its values, the files of a folder.",
                "Split the file or the folder.",
            ),
            Code::Subject => (
                "RB-113",
                "a scenario has one subject",
                "A scenario is about one call, about agents' shifts, about one chat, or about push notifications.",
                "Keep one of `call`, `shift`, `chat` and `notification`, and write the other into a file of its own.",
            ),
            Code::Environment => (
                "RB-114",
                "an environment variable is not set",
                "A secret is written as `{env.NAME}` so that it does not stand in the file. The variable of that name \
                 is not set where Ringback runs.",
                "Set it: `NAME=value ringback run ...`, or as a secret of the CI system.",
            ),
            Code::Contradiction => (
                "RB-115",
                "two things contradict each other",
                "Faults fold into one fate in the order in which they are listed, and here one of two would have no \
                 effect: a push that is never sent cannot be bent, an empty body has no field that could be missing, a \
                 method cannot be two. Two triggers that count in different ways contradict each other as well.",
                "Keep one of the two, list them in the other order, or give them different pushes by `push` and `when`.",
            ),
        };
        Explanation { code, title, meaning, fix }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n\n{}\n\n{}", self.code, self.title, self.meaning, self.fix)
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
