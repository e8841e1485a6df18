//! What is known about a vendor, as data: pushes, fields and settings, each with where the knowledge comes from.

use crate::body::Form;
use crate::call::Fact;
use std::fmt;
use std::time::Duration;

/// Where a piece of knowledge about a vendor comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The vendor's page about these pushes, copied whole.
    Seed,
    /// Another page of the vendor.
    Documented,
    /// Concluded, because no page says it. Always configurable, never shown as the vendor's word.
    Inferred,
}

impl Origin {
    /// The word by which it is listed.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Seed => "seed",
            Origin::Documented => "documented",
            Origin::Inferred => "inferred",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A push that a vendor sends.
#[derive(Debug, Clone, Copy)]
pub struct PushFact {
    /// The vendor's own name of it, as in `udesk:agent_answer`.
    pub name: &'static str,
    /// A second name that says what it is, where the vendor's own is a number: `agent-state`.
    pub alias: Option<&'static str>,
    /// The heading of the vendor's document.
    pub title: &'static str,
    /// When it is sent.
    pub when: &'static str,
    /// Where the knowledge that it exists comes from.
    pub origin: Origin,
    /// The fields of its body, in order. A field inside another is written `outer.inner`.
    pub fields: Fields,
}

impl PushFact {
    /// What it is in a few English words: those of its second name, or of the vendor's own.
    pub fn english(&self) -> String {
        let mut words = String::new();
        let mut was_small = false;
        for letter in self.alias.unwrap_or(self.name).chars() {
            if letter.is_ascii_uppercase() && was_small || matches!(letter, '_' | '-') {
                words.push(' ');
            }
            was_small = !letter.is_ascii_uppercase();
            words.extend(
                Some(letter).filter(|letter| !matches!(letter, '_' | '-')).map(|letter| letter.to_ascii_lowercase()),
            );
        }
        words
    }
}

/// The fields of a push, as one or several tables that follow each other.
#[derive(Debug, Clone, Copy)]
pub struct Fields(pub &'static [FieldTable]);

/// A table of fields, of which any row can be looked at.
#[derive(Debug, Clone, Copy)]
pub struct FieldTable {
    count: usize,
    at: fn(usize) -> &'static FieldFact,
}

impl FieldTable {
    /// So many rows, each by its place.
    pub const fn rows(count: usize, at: fn(usize) -> &'static FieldFact) -> Self {
        Self { count, at }
    }
}

impl Fields {
    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = &'static FieldFact> {
        self.0.iter().flat_map(|FieldTable { count, at }| (0..*count).map(at))
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The field of this name.
    pub fn get(self, name: &str) -> Option<&'static FieldFact> {
        self.iter().find(|field| field.name == name)
    }
}

/// A field in the body of a push.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldFact {
    /// The key, or `outer.inner`.
    pub name: &'static str,
    /// Which fact of the call it carries, where there is one for it.
    pub fact: Option<Fact>,
    /// Of what type it is.
    pub kind: FieldKind,
    /// Whether it can be null.
    pub is_nullable: bool,
    /// When it is there at all, as the end of "only": "with the option `user_group`"; none where it always is.
    pub only: Option<&'static str>,
    /// What it means, with its unit.
    pub meaning: &'static str,
    /// The same in Chinese.
    pub chinese: &'static str,
    /// Where the knowledge of it comes from.
    pub origin: Origin,
}

/// Of what type a field is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A text of digits.
    Digits,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// A text such as these; the vendor or a customer may have others.
    OpenWord(&'static [&'static str]),
    /// A moment as a text.
    Time(Form),
    /// A whole number.
    Integer,
    /// True or false.
    Flag,
    /// A list of texts.
    Texts,
    /// An object, whose own fields stand behind it with its name in front.
    Object,
    /// A list of such objects.
    Objects,
    /// Anything.
    Any,
}

impl FieldKind {
    /// The word by which it is listed.
    pub fn word(self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::Digits => "digits",
            FieldKind::Word(_) => "word",
            FieldKind::OpenWord(_) => "open_word",
            FieldKind::Time(_) => "time",
            FieldKind::Integer => "integer",
            FieldKind::Flag => "flag",
            FieldKind::Texts => "texts",
            FieldKind::Object => "object",
            FieldKind::Objects => "objects",
            FieldKind::Any => "any",
        }
    }

    /// What it is, for people: "a whole number".
    pub fn phrase(self) -> &'static str {
        match self {
            FieldKind::Text => "a text",
            FieldKind::Digits => "a text of digits",
            FieldKind::Word(_) => "one word of a list",
            FieldKind::OpenWord(_) => "a word",
            FieldKind::Time(_) => "a time",
            FieldKind::Integer => "a whole number",
            FieldKind::Flag => "true or false",
            FieldKind::Texts => "a list of texts",
            FieldKind::Object => "an object",
            FieldKind::Objects => "a list of objects",
            FieldKind::Any => "any value",
        }
    }

    /// The words that it has, if it has any.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            FieldKind::Word(words) | FieldKind::OpenWord(words) => words,
            _ => &[],
        }
    }
}

/// Something about a vendor that a scenario can set under `options`.
#[derive(Debug, Clone, Copy)]
pub struct OptionFact {
    /// The key.
    pub name: &'static str,
    /// What values it takes, and which one holds where nothing is set.
    pub kind: OptionKind,
    /// What it does.
    pub meaning: &'static str,
    /// Where the default comes from.
    pub origin: Origin,
}

/// What values an option takes, with its default. `None` as a default: drawn from the seed, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// `true` or `false`.
    Switch(bool),
    /// Any text; digits stay as written.
    Text(Option<&'static str>),
    /// A whole number, not negative.
    Integer(Option<u64>),
    /// A length of time such as `60s`.
    Duration(Duration),
    /// One of these words, the first by default.
    Choice(&'static [&'static str]),
    /// A list of texts.
    List,
    /// Any YAML value, sent as JSON.
    Any,
}

/// When a vendor tries again.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    /// How long to wait before each further attempt; as many further attempts as there are waits.
    pub waits: Vec<Duration>,
    /// By how much of itself a wait may be longer or shorter: 0.2 for 20 %.
    pub jitter: f64,
    /// After which failures.
    pub on: Vec<Retriable>,
}

impl RetryPolicy {
    /// One attempt and no more.
    pub fn none() -> Self {
        Self { waits: Vec::new(), jitter: 0.0, on: Vec::new() }
    }
}

/// Failures after which a push can be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retriable {
    /// No answer in time, whatever the phase.
    Timeout,
    /// The connection failed, broke, or carried something that is not HTTP.
    Connect,
    /// A status from 500 to 599.
    ServerError,
    /// Status 429.
    TooManyRequests,
    /// Any other answer that is not an acknowledgement.
    Nack,
}

impl Retriable {
    /// Every failure with the word by which a scenario names it.
    pub const ALL: [(Retriable, &'static str); 5] = [
        (Retriable::Timeout, "timeout"),
        (Retriable::Connect, "connect"),
        (Retriable::ServerError, "5xx"),
        (Retriable::TooManyRequests, "429"),
        (Retriable::Nack, "nack"),
    ];

    /// What it means, as half a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Retriable::Timeout => "no answer in time",
            Retriable::Connect => "the connection failed, broke, or carried something that is not HTTP",
            Retriable::ServerError => "a status from 500 to 599",
            Retriable::TooManyRequests => "status 429",
            Retriable::Nack => "any other answer that is not an acknowledgement",
        }
    }

    /// All of them.
    pub fn all() -> Vec<Retriable> {
        Self::ALL.iter().map(|(retriable, _)| *retriable).collect()
    }
}
