//! The leaves of a body, and how each reads as a text.

use super::draw::{Draw, Drawn, Made, Recipe, Scope, Stamp, Steps};
use super::encode::{Encoding, Escape, escaped};
use super::time::{Form, Time};
use crate::call::{Cast, Fact, Moment, Settled, Settling};
use jiff::SignedDuration;
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// A value in a body. What is not told apart below is the same in every call of the story.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Leaf {
    /// The key is not sent at all.
    Absent,
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Flag(bool),
    /// A number.
    Number(Number),
    /// A text, be it a word of a list or what the scenario gives.
    Text(Cow<'static, str>),
    /// What is drawn: an id, a name, a phone number, a word.
    Drawn(Drawn),
    /// A moment.
    Time(Time),
    /// How long something took.
    Length(Length),
    /// Parts that stand in one text, such as the moment and the id in the name of a recording.
    Joined(Vec<Leaf>),
    /// A text that holds JSON.
    Nested(Box<Leaf>),
    /// A text within another writing.
    Escaped(Box<Leaf>, Escape),
    /// A list.
    List(Vec<Leaf>),
    /// An object, in the order in which it is written.
    Object(Vec<Member>),
}

/// An entry of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key.
    pub name: Cow<'static, str>,
    /// What of the call it tells, where that is known.
    pub fact: Option<Fact>,
    /// The value.
    pub leaf: Leaf,
}

/// The time between two moments, as the difference of both as they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// How long, in its unit.
    pub count: i64,
    /// Its unit.
    pub unit: Unit,
    /// From when.
    pub from: Moment,
    /// Until when.
    pub to: Moment,
    /// Whether it is a JSON number.
    pub is_number: bool,
}

/// The unit of a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Whole seconds.
    Seconds,
    /// Whole minutes, begun ones counted.
    MinutesBegun,
}

impl Unit {
    /// So many seconds in this unit.
    pub fn of_seconds(self, seconds: i64) -> i64 {
        const MINUTE: i64 = 60;
        match self {
            Unit::Seconds => seconds,
            Unit::MinutesBegun => (seconds + MINUTE - 1).div_euclid(MINUTE),
        }
    }
}

impl Leaf {
    /// A moment of a story.
    pub fn time(cast: &Cast, at: Moment, form: Form) -> Self {
        Leaf::Time(Time { at: cast.instant(at), mark: at.mark, before: None, form, is_number: false })
    }

    /// The same, or the empty text where there is none.
    pub fn time_or_empty(cast: &Cast, at: Option<Moment>, form: Form) -> Self {
        at.map_or(Leaf::EMPTY, |at| Leaf::time(cast, at, form))
    }

    /// The seconds between two moments as vendors show them, as a number.
    pub fn seconds(cast: &Cast, from: Moment, to: Moment) -> Self {
        let count = cast.seconds_between(from, to);
        Leaf::Length(Length { count, unit: Unit::Seconds, from, to, is_number: true })
    }

    /// A value that is drawn for the call.
    pub fn drawn(cast: &Cast, draw: Draw) -> Self {
        let scope = Scope::Call(Recipe::Draw(draw));
        Leaf::Drawn(Drawn { text: draw.text(&cast.keyed), is_number: false, scope })
    }

    /// A value that is drawn for the centre.
    pub fn of_centre(text: impl Into<Cow<'static, str>>) -> Self {
        Leaf::Drawn(Drawn { text: text.into(), is_number: false, scope: Scope::Centre(None) })
    }

    /// A word that is drawn for the centre, out of a list.
    pub fn word_of_centre(word: &'static str, words: &'static [&'static str]) -> Self {
        Leaf::Drawn(Drawn { text: word.into(), is_number: false, scope: Scope::Centre(Some(words)) })
    }

    /// A number that follows another.
    pub fn stepped(cast: &Cast, steps: Steps) -> Self {
        let text = steps.number(&cast.keyed).to_string().into();
        Leaf::Drawn(Drawn { text, is_number: false, scope: Scope::Call(Recipe::Steps(steps)) })
    }

    /// A number that is made of several draws for the call.
    pub fn made(cast: &Cast, made: Made) -> Self {
        let text = made.number(&cast.keyed).to_string().into();
        Leaf::Drawn(Drawn { text, is_number: false, scope: Scope::Call(Recipe::Made(made)) })
    }

    /// A phone number as E.164 writes it: what stands as it is dialled within China, or the United States, gets the code of
    /// its country.
    pub fn e164(number: &Settled) -> Self {
        const NATIONAL_DIGITS: usize = 10;
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let text = match number.by {
            _ if number.starts_with('+') && number.len() > digits.len() + 1 => format!("+{digits}"),
            _ if number.starts_with('+') => return number.into(),
            // As far as numbers are drawn for calls, they are mobiles.
            Settling::Call(_) => return Leaf::joined(["+86".into(), number.into()]),
            _ if digits.len() == NATIONAL_DIGITS && !digits.starts_with(['0', '1']) => format!("+1{digits}"),
            _ => format!("+86{}", digits.trim_start_matches('0')),
        };
        if number.by == Settling::Centre { Leaf::of_centre(text) } else { text.into() }
    }

    /// The moment that lies so many drawn seconds before another one.
    pub fn time_before(cast: &Cast, at: Moment, before: Made, form: Form) -> Self {
        let seconds = SignedDuration::from_secs(i64::try_from(before.number(&cast.keyed)).unwrap_or_default());
        let at_before = cast.instant(at).checked_sub(seconds).unwrap_or_default();
        Leaf::Time(Time { at: at_before, mark: at.mark, before: Some(before), form, is_number: false })
    }

    /// A number with the time in it.
    pub fn stamped(cast: &Cast, stamp: Stamp) -> Self {
        let text = stamp.number(&cast.keyed, cast.instant(stamp.at).as_millisecond()).to_string().into();
        Leaf::Drawn(Drawn { text, is_number: false, scope: Scope::Call(Recipe::Stamp(stamp)) })
    }

    /// The empty text.
    pub const EMPTY: Leaf = Leaf::Text(Cow::Borrowed(""));

    /// The value, or the empty text in place of nothing.
    pub fn or_empty(self) -> Self {
        match self {
            Leaf::Null | Leaf::Absent => Leaf::EMPTY,
            leaf => leaf,
        }
    }

    /// The value, or no key in place of nothing.
    pub fn or_absent(self) -> Self {
        match self {
            Leaf::Null => Leaf::Absent,
            leaf => leaf,
        }
    }

    /// The same as a JSON number. What can be no number stays as it is.
    pub fn as_number(mut self) -> Self {
        match &mut self {
            Leaf::Drawn(drawn) => drawn.is_number = true,
            Leaf::Time(time) => time.is_number = true,
            Leaf::Length(length) => length.is_number = true,
            Leaf::Text(text) => return text.parse::<u64>().map_or(self, Leaf::from),
            _ => {}
        }
        self
    }

    /// The same as a text.
    pub fn as_text(mut self) -> Self {
        match &mut self {
            Leaf::Drawn(drawn) => drawn.is_number = false,
            Leaf::Time(time) => time.is_number = false,
            Leaf::Length(length) => length.is_number = false,
            Leaf::Number(number) => return Leaf::Text(number.to_string().into()),
            _ => {}
        }
        self
    }

    /// One text of several parts.
    pub fn joined(parts: impl IntoIterator<Item = Leaf>) -> Self {
        Leaf::Joined(parts.into_iter().collect())
    }

    /// Parts with something between them, as one text.
    pub fn joined_by(separator: &'static str, parts: impl IntoIterator<Item = Leaf>) -> Self {
        let mut joined = Vec::new();
        for (nth, part) in parts.into_iter().enumerate() {
            if nth > 0 {
                joined.push(Leaf::from(separator));
            }
            joined.push(part);
        }
        Leaf::Joined(joined)
    }

    /// An object of keys and values that tell nothing of the call.
    pub fn object(members: impl IntoIterator<Item = (&'static str, Leaf)>) -> Self {
        Leaf::Object(members.into_iter().map(|(name, leaf)| Member::new(name, leaf)).collect())
    }

    /// Whether it stands in quotes, or in brackets, rather than being a bare JSON value.
    pub fn is_number(&self) -> bool {
        match self {
            Leaf::Number(_) => true,
            Leaf::Drawn(Drawn { is_number, .. })
            | Leaf::Time(Time { is_number, .. })
            | Leaf::Length(Length { is_number, .. }) => *is_number,
            _ => false,
        }
    }

    /// The value as a text: of a list or an object its JSON, of nothing the empty text.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Leaf::Absent | Leaf::Null => Cow::Borrowed(""),
            Leaf::Flag(is) => Cow::Borrowed(if *is { "true" } else { "false" }),
            Leaf::Number(number) => number.to_string().into(),
            Leaf::Text(text) => Cow::Borrowed(text),
            Leaf::Drawn(drawn) => Cow::Borrowed(&drawn.text),
            Leaf::Time(time) => time.text().into(),
            Leaf::Length(length) => length.count.to_string().into(),
            Leaf::Joined(parts) => parts.iter().map(Leaf::text).collect::<String>().into(),
            Leaf::Nested(inner) => inner.json_text().into(),
            Leaf::Escaped(inner, escape) => {
                let mut bytes = Vec::new();
                escaped(inner.text().as_bytes(), &[*escape], &mut bytes);
                // Every writing of a text is one.
                String::from_utf8(bytes).unwrap_or_default().into()
            }
            Leaf::List(_) | Leaf::Object(_) => self.json_text().into(),
        }
    }

    fn json_text(&self) -> String {
        // Every text in it is UTF-8.
        String::from_utf8(Encoding::Json.written(self)).unwrap_or_default()
    }

    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Leaf::Absent | Leaf::Null => Value::Null,
            Leaf::Flag(is) => Value::Bool(*is),
            Leaf::Number(number) => Value::Number(number.clone()),
            Leaf::List(items) => Value::Array(items.iter().map(Leaf::to_json).collect()),
            Leaf::Object(members) => {
                let there = members.iter().filter(|member| member.leaf != Leaf::Absent);
                let fields = there.map(|member| (member.name.clone().into_owned(), member.leaf.to_json()));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            leaf if leaf.is_number() => leaf.text().parse::<Number>().map_or(Value::Null, Value::Number),
            leaf => Value::String(leaf.text().into_owned()),
        }
    }
}

impl Member {
    /// An entry that tells nothing of the call.
    pub fn new(name: impl Into<Cow<'static, str>>, leaf: Leaf) -> Self {
        Self { name: name.into(), fact: None, leaf }
    }
}

impl From<&'static str> for Leaf {
    fn from(text: &'static str) -> Self {
        Leaf::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Leaf {
    fn from(text: String) -> Self {
        Leaf::Text(text.into())
    }
}

impl From<&String> for Leaf {
    fn from(text: &String) -> Self {
        Leaf::Text(text.clone().into())
    }
}

impl From<bool> for Leaf {
    fn from(is: bool) -> Self {
        Leaf::Flag(is)
    }
}

impl From<i64> for Leaf {
    fn from(number: i64) -> Self {
        Leaf::Number(number.into())
    }
}

impl From<u64> for Leaf {
    fn from(number: u64) -> Self {
        Leaf::Number(number.into())
    }
}

impl<T: Into<Leaf>> From<Option<T>> for Leaf {
    fn from(value: Option<T>) -> Self {
        value.map_or(Leaf::Null, Into::into)
    }
}

impl<T: Into<Leaf>> From<Vec<T>> for Leaf {
    fn from(items: Vec<T>) -> Self {
        Leaf::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<&Settled> for Leaf {
    fn from(settled: &Settled) -> Self {
        let scope = match settled.by {
            Settling::Given => return Leaf::Text(settled.text.clone().into()),
            Settling::Centre => Scope::Centre(None),
            Settling::Call(part) => Scope::Call(Recipe::Cast(part)),
        };
        Leaf::Drawn(Drawn { text: settled.text.clone().into(), is_number: false, scope })
    }
}

impl From<Value> for Leaf {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Leaf::Null,
            Value::Bool(is) => Leaf::Flag(is),
            Value::Number(number) => Leaf::Number(number),
            Value::String(text) => Leaf::Text(text.into()),
            Value::Array(items) => Leaf::List(items.into_iter().map(Leaf::from).collect()),
            Value::Object(fields) => {
                Leaf::Object(fields.into_iter().map(|(name, value)| Member::new(name, value.into())).collect())
            }
        }
    }
}
