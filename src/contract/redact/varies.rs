//! How what a push says differs from seed to seed: known from what each leaf is, not from other tellings of the story.

use crate::body::{Drawn, Leaf, Length, Recipe, Scope, Shape};
use crate::call::{Area, Course, Part};
use std::collections::BTreeSet;
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// What is narrower is only recognised where its key stands beside it.
pub(super) const WIDTH_MIN: usize = 4;

/// How a value differs between the seeds and starts of one story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Varies {
    /// Not at all.
    Never,
    /// With the start, and with what is drawn of the waits: a moment.
    Time,
    /// No two seeds share it: an id, a number, a name.
    Distinct,
    /// It is one of a few words: these.
    Word(BTreeSet<String>),
    /// It is too short to be told from anything else.
    Short,
    /// It is a length of time: the shortest and the longest, in seconds.
    Length(i64, i64),
}

impl Varies {
    /// How a leaf does, in a story of this course.
    pub fn of(leaf: &Leaf, course: Option<&Course>) -> Self {
        match leaf {
            Leaf::Time(_) => Varies::Time,
            Leaf::Length(length) => Self::of_length(length, course),
            Leaf::Drawn(drawn) => Self::of_drawn(drawn),
            Leaf::Joined(_) | Leaf::Nested(_) | Leaf::Escaped(..) => match texts_by_area(leaf) {
                Some(words) => Varies::Word(words),
                None if is_fixed(leaf, course) => Varies::Never,
                None => Self::by_width(&leaf.text()),
            },
            Leaf::Absent
            | Leaf::Null
            | Leaf::Flag(_)
            | Leaf::Number(_)
            | Leaf::Text(_)
            | Leaf::List(_)
            | Leaf::Object(_) => Varies::Never,
        }
    }

    fn of_length(Length { from, to, unit, count, .. }: &Length, course: Option<&Course>) -> Self {
        let Some(course) = course else { return Varies::Length(*count, *count) };
        if !course.varies(from.mark, to.mark) {
            return Varies::Never;
        }
        // Beyond its happenings a length may reach by a constant.
        let seconds = |length: Duration| i64::try_from(length.as_secs()).unwrap_or(i64::MAX);
        let Some((shortest, longest)) = course.between(from.mark, to.mark) else { return Varies::Short };
        let own = seconds(to.offset.saturating_sub(from.offset));
        let (shortest, longest) = (seconds(shortest).min(own), seconds(longest).max(own));
        Varies::Length(unit.of_seconds(shortest), unit.of_seconds(longest))
    }

    fn of_drawn(Drawn { text, scope, .. }: &Drawn) -> Self {
        let words = |words: &[&str]| Varies::Word(words.iter().map(|word| (*word).to_owned()).collect());
        match scope {
            Scope::Centre(Some(list)) => words(list),
            Scope::Centre(None) | Scope::Call(Recipe::Steps(_) | Recipe::Stamp(_)) => Self::by_width(text),
            Scope::Call(Recipe::Made(_)) => Varies::Short,
            Scope::Call(Recipe::Draw(draw)) => match draw.shape {
                Shape::Word(list) => words(list),
                Shape::Within(low, _) if low < 1000 => Varies::Short,
                Shape::Uuid | Shape::PlainUuid | Shape::Hex(_) | Shape::Digits(_) | Shape::Within(..) => {
                    Self::by_width(text)
                }
            },
            Scope::Call(Recipe::Cast(part)) => match part {
                Part::CustomerProvince | Part::CustomerCity | Part::CustomerAreaCode | Part::CustomerPostcode => {
                    Varies::Word(Area::all().filter_map(|area| of_area(*part, area)).map(str::to_owned).collect())
                }
                Part::CustomerPhone | Part::CustomerName | Part::CustomerCompany | Part::OutsiderPhone(_) => {
                    Varies::Distinct
                }
            },
        }
    }

    fn by_width(text: &str) -> Self {
        if text.width() < WIDTH_MIN { Varies::Short } else { Varies::Distinct }
    }
}

fn of_area(part: Part, area: &Area) -> Option<&'static str> {
    match part {
        Part::CustomerProvince => Some(area.province),
        Part::CustomerCity => Some(area.city),
        Part::CustomerAreaCode => Some(area.code),
        Part::CustomerPostcode => Some(area.postcode),
        Part::CustomerPhone | Part::CustomerName | Part::CustomerCompany | Part::OutsiderPhone(_) => None,
    }
}

/// All texts of a leaf that depends on where the customer is at home, and on nothing else.
fn texts_by_area(leaf: &Leaf) -> Option<BTreeSet<String>> {
    let Leaf::Joined(parts) = leaf else { return None };
    let has_area = parts.iter().any(|part| matches!(part, Leaf::Drawn(_)));
    let text = |area: &Area| -> Option<String> {
        let part = |part: &Leaf| match part {
            Leaf::Drawn(Drawn { scope: Scope::Call(Recipe::Cast(part)), .. }) => {
                of_area(*part, area).map(str::to_owned)
            }
            Leaf::Text(text) => Some(text.clone().into_owned()),
            _ => None,
        };
        parts.iter().map(part).collect()
    };
    if has_area { Area::all().map(text).collect() } else { None }
}

fn is_fixed(leaf: &Leaf, course: Option<&Course>) -> bool {
    match leaf {
        Leaf::Joined(parts) | Leaf::List(parts) => parts.iter().all(|part| is_fixed(part, course)),
        Leaf::Nested(inner) | Leaf::Escaped(inner, _) => is_fixed(inner, course),
        Leaf::Object(members) => members.iter().all(|member| is_fixed(&member.leaf, course)),
        leaf => Varies::of(leaf, course) == Varies::Never,
    }
}
