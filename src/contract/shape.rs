//! The JSON that is expected, and every place at which a value is other than that.

use super::known::Known;
use super::matcher::{Matcher, same};
use super::path::{At, below};
use super::path_work::{STEPS_MAX, Steps};
use super::shown::{shown, value_shown};
use super::template::{Braces, Escape, Template};
use crate::event::{Difference, Side};
use serde_json::Value;
use std::fmt;
use std::ops::Deref;

/// How many places at which a value is not as expected are told.
pub const MISMATCHES_MAX: usize = 20;

/// What a value has to look like.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object with these in it; other keys may stand beside them.
    Keys(Vec<(At, Shape)>),
    /// A list of just so many items, each of its shape.
    Items(Vec<Shape>),
    /// This value.
    Is(Value),
    /// Whatever the matcher takes.
    Fits(Matcher),
}

/// A place at which a value is other than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Where: `$.calls[0].state`.
    pub path: String,
    /// What is expected there.
    pub expected: String,
    /// What is there; `None` where nothing is.
    pub found: Option<String>,
}

impl Mismatch {
    /// As half a sentence: `$.state is "talking", expected "ended"`.
    pub fn words(&self) -> String {
        match &self.found {
            Some(found) => format!("{} is {found}, expected {}", self.path, self.expected),
            None => format!("{} is missing, expected {}", self.path, self.expected),
        }
    }

    /// As the lines of a comparison.
    pub fn lines(&self) -> [Difference; 2] {
        let found = self.found.as_deref().unwrap_or("(missing)");
        [
            Difference { side: Side::Expected, text: format!("{}: {}", self.path, self.expected) },
            Difference { side: Side::Found, text: format!("{}: {found}", self.path) },
        ]
    }
}

impl Shape {
    /// Puts the values of a story into the texts that it names them in. What is known is asked for only where it is needed.
    ///
    /// # Errors
    /// The first name that the story knows no value of.
    pub fn fill(&mut self, known: &dyn Deref<Target = Known>) -> Result<(), String> {
        let mut unknown = None;
        self.texts(&mut |text| {
            let Ok(template) = Template::parse(text, Braces::Names, &|_| None) else { return };
            if template.is_plain() {
                return;
            }
            match template.fill(known, Escape::Plain) {
                Ok(filled) => *text = filled.sent,
                Err(name) => drop(unknown.get_or_insert(name)),
            }
        });
        unknown.map_or(Ok(()), Err)
    }

    /// Visits every text that something is held against word for word.
    pub(super) fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        match self {
            Shape::Keys(keys) => keys.iter_mut().for_each(|(_, shape)| shape.texts(visit)),
            Shape::Items(shapes) => shapes.iter_mut().for_each(|shape| shape.texts(visit)),
            Shape::Is(value) => texts_of(value, visit),
            Shape::Fits(matcher) => matcher.texts(visit),
        }
    }

    /// Whether a value looks like it.
    pub fn fits(&self, value: &Value) -> bool {
        self.against(value).is_empty()
    }

    /// The same as part of a larger comparison. Once its steps are used up, what it says is not to be relied on.
    pub(super) fn fits_within(&self, value: &Value, left: &Steps) -> bool {
        let mut found = Vec::new();
        self.hold("$", value, left, &mut found);
        found.is_empty()
    }

    /// Every place at which a value does not look like it, the first [`MISMATCHES_MAX`] of them.
    pub fn against(&self, value: &Value) -> Vec<Mismatch> {
        let (mut found, left) = (Vec::new(), Steps::new());
        self.hold("$", value, &left, &mut found);
        if left.are_used_up() {
            // Neither what fits nor what does not can be relied on.
            let expected = format!("something that can be compared in {STEPS_MAX} steps");
            return vec![Mismatch { path: "$".to_owned(), expected, found: Some("too large for it".to_owned()) }];
        }
        found
    }

    fn hold(&self, path: &str, value: &Value, left: &Steps, found: &mut Vec<Mismatch>) {
        if found.len() >= MISMATCHES_MAX || !left.take(1) {
            return;
        }
        let mut other = |expected: String, is: String| {
            found.push(Mismatch { path: path.to_owned(), expected, found: Some(is) });
        };
        match (self, value) {
            (Shape::Is(expected), value) if same(expected, value) => {}
            (Shape::Is(expected), value) => other(value_shown(expected), value_shown(value)),
            (Shape::Fits(matcher), value) if matcher.fits(value, left) => {}
            (Shape::Fits(matcher), value) => other(shown(&matcher.to_string()), value_shown(value)),
            (Shape::Items(shapes), Value::Array(items)) => {
                if shapes.len() != items.len() {
                    other(counted(shapes.len()), format!("{}: {}", counted(items.len()), value_shown(value)));
                    return;
                }
                for (index, (shape, item)) in shapes.iter().zip(items).enumerate() {
                    shape.hold(&format!("{path}[{index}]"), item, left, found);
                }
            }
            (Shape::Items(_), value) => other("an array".to_owned(), value_shown(value)),
            (Shape::Keys(keys), value) if !value.is_object() && needs_object(keys) => {
                other("an object".to_owned(), value_shown(value));
            }
            (Shape::Keys(keys), value) => {
                for (at, shape) in keys {
                    shape.hold_at(at, path, value, left, found);
                }
            }
        }
    }

    /// Holds what stands at a place below `path` against it.
    fn hold_at(&self, at: &At, path: &str, value: &Value, left: &Steps, found: &mut Vec<Mismatch>) {
        if found.len() >= MISMATCHES_MAX {
            return;
        }
        let (place, there): (String, Vec<(String, &Value)>) = match at {
            At::Key(key) => {
                let place = below(path, key);
                (
                    place.clone(),
                    value.get(key).filter(|_| value.is_object()).map(|value| (place, value)).into_iter().collect(),
                )
            }
            At::Pointer(pointer) => {
                let place = match path {
                    "$" => pointer.clone(),
                    path => format!("{path} {pointer}"),
                };
                (place.clone(), value.pointer(pointer).map(|value| (place, value)).into_iter().collect())
            }
            At::Path(pattern) => {
                let from = |inner: &str| format!("{path}{}", inner.strip_prefix('$').unwrap_or(inner));
                let Some(several) = pattern.find(value, left) else { return };
                let several = several.into_iter().map(|(inner, value)| (from(&inner), value)).collect();
                (from(&pattern.to_string()), several)
            }
        };
        if let (At::Path(pattern), true) = (at, self.is_about_a_list())
            && pattern.may_find_several()
        {
            let list = Value::Array(there.into_iter().map(|(_, value)| value.clone()).collect());
            return self.hold(&place, &list, left, found);
        }
        match (self, there.as_slice()) {
            (Shape::Fits(Matcher::Absent), there) => {
                found.extend(there.iter().take(MISMATCHES_MAX.saturating_sub(found.len())).map(|(path, value)| {
                    Mismatch { path: path.clone(), expected: "nothing".to_owned(), found: Some(value_shown(value)) }
                }));
            }
            (_, []) => found.push(Mismatch { path: place, expected: shown(&self.to_string()), found: None }),
            (_, there) => there.iter().for_each(|(path, value)| self.hold(path, value, left, found)),
        }
    }

    /// Whether it speaks of all that a path finds, not of each.
    fn is_about_a_list(&self) -> bool {
        matches!(self, Shape::Items(_) | Shape::Fits(Matcher::Length(_) | Matcher::Contains(_)))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Is(value) => write!(f, "{value}"),
            Shape::Fits(matcher) => write!(f, "{matcher}"),
            Shape::Items(shapes) => {
                let items: Vec<String> = shapes.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Shape::Keys(keys) => {
                let key = |(at, shape): &(At, Shape)| match at {
                    At::Key(key) => format!("{}: {shape}", Value::from(key.as_str())),
                    At::Pointer(pointer) => format!("{pointer}: {shape}"),
                    At::Path(path) => format!("{path}: {shape}"),
                };
                write!(f, "{{{}}}", keys.iter().map(key).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Visits the texts of a value; its keys are none.
pub(super) fn texts_of(value: &mut Value, visit: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter_mut().for_each(|item| texts_of(item, visit)),
        Value::Object(keys) => keys.values_mut().for_each(|value| texts_of(value, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether only an object can have these: a key has to be in it, or nothing is said but that it is one.
fn needs_object(keys: &[(At, Shape)]) -> bool {
    let is_needed = |(at, shape): &(At, Shape)| matches!(at, At::Key(_)) && *shape != Shape::Fits(Matcher::Absent);
    keys.is_empty() || keys.iter().any(is_needed)
}

fn counted(items: usize) -> String {
    if items == 1 { "an array of 1 item".to_owned() } else { format!("an array of {items} items") }
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, JsonType, PathPattern};
    use super::*;
    use serde_json::json;

    fn key(key: &str, shape: Shape) -> (At, Shape) {
        (At::Key(key.to_owned()), shape)
    }

    fn at(path: &str, shape: Shape) -> (At, Shape) {
        (At::Path(Box::new(PathPattern::parse(path).expect("a path"))), shape)
    }

    fn told(shape: &Shape, value: Value) -> Vec<String> {
        shape.against(&value).iter().map(Mismatch::words).collect()
    }

    #[test]
    fn other_keys_may_stand_beside_those_that_are_expected() {
        let shape = Shape::Keys(vec![
            key("state", Shape::Is(json!("ended"))),
            key("agent", Shape::Keys(vec![key("id", Shape::Fits(Matcher::Type(vec![JsonType::Integer])))])),
        ]);
        assert!(shape.fits(&json!({ "state": "ended", "more": 1, "agent": { "id": 7, "name": "x" } })));
        assert_eq!(
            told(&shape, json!({ "state": "talking", "agent": { "id": "7" } })),
            ["$.state is \"talking\", expected \"ended\"", "$.agent.id is \"7\", expected an integer"]
        );
        assert_eq!(
            told(&shape, json!({ "agent": 5 })),
            ["$.state is missing, expected \"ended\"", "$.agent is 5, expected an object"]
        );
        assert_eq!(told(&shape, json!([])), ["$ is [], expected an object"]);
        assert_eq!(told(&Shape::Keys(Vec::new()), json!(null)), ["$ is null, expected an object"]);
    }

    #[test]
    fn lists_have_as_many_items_as_expected() {
        let shape = Shape::Items(vec![Shape::Is(json!(1)), Shape::Fits(Matcher::Present)]);
        assert!(shape.fits(&json!([1, null])));
        assert_eq!(told(&shape, json!([1])), ["$ is an array of 1 item: [1], expected an array of 2 items"]);
        assert_eq!(told(&shape, json!([2, 0])), ["$[0] is 2, expected 1"]);
        assert_eq!(told(&shape, json!("x")), ["$ is \"x\", expected an array"]);
    }

    #[test]
    fn paths_and_pointers_look_deeper() {
        let body = json!({ "calls": [{ "id": 1, "ok": true }, { "id": 2, "ok": false }], "a/b": { "": 1 } });
        let one = |entry| Shape::Keys(vec![entry]);
        assert!(one(at("$.calls[0].id", Shape::Is(json!(1)))).fits(&body));
        // Each that is found has to fit; a list and a length speak of all of them.
        assert_eq!(
            told(&one(at("$.calls[*].ok", Shape::Is(json!(true)))), body.clone()),
            ["$.calls[1].ok is false, expected true"]
        );
        assert!(one(at("$.calls[*].id", Shape::Items(vec![Shape::Is(json!(1)), Shape::Is(json!(2))]))).fits(&body));
        let two = Bounds { least: Some(2.0), most: Some(2.0) };
        assert!(one(at("$..id", Shape::Fits(Matcher::Length(two)))).fits(&body));
        assert_eq!(
            told(&one(at("$.none[*]", Shape::Is(json!(1)))), body.clone()),
            ["$.none[*] is missing, expected 1"]
        );
        assert!(one((At::Pointer("/a~1b/".to_owned()), Shape::Is(json!(1)))).fits(&body));
        assert_eq!(
            told(&one((At::Pointer("/calls/5".to_owned()), Shape::Fits(Matcher::Present))), body.clone()),
            ["/calls/5 is missing, expected anything"]
        );
        // Within a key, `$` is what stands there.
        let inner = Shape::Keys(vec![key("calls", one(at("$[1].id", Shape::Is(json!(3)))))]);
        assert_eq!(told(&inner, body), ["$.calls[1].id is 2, expected 3"]);
    }

    #[test]
    fn absent_means_not_there_and_null_is_there() {
        let shape = Shape::Keys(vec![key("error", Shape::Fits(Matcher::Absent))]);
        assert!(shape.fits(&json!({})) && shape.fits(&json!([])));
        assert_eq!(told(&shape, json!({ "error": null })), ["$.error is null, expected nothing"]);
        assert!(!Shape::Keys(vec![key("error", Shape::Is(Value::Null))]).fits(&json!({})));
    }

    #[test]
    fn the_values_of_a_story_stand_wherever_a_text_is_expected() {
        let mut known = Known::default();
        known.add("call.id", "403344");
        let place = || Box::new(Shape::Is(json!("id {call.id}")));
        let shape = Shape::Keys(vec![
            key("is", *place()),
            key("not", Shape::Fits(Matcher::Not(place()))),
            key("equals", Shape::Fits(Matcher::Equals(json!({ "a": ["{call.id}"] })))),
            key("any", Shape::Items(vec![Shape::Fits(Matcher::OneOf(vec![*place()]))])),
            key("part", Shape::Fits(Matcher::Contains(place()))),
        ]);
        let mut filled = shape.clone();
        assert_eq!(filled.fill(&&known), Ok(()));
        let body = json!({
            "is": "id 403344", "not": "id {call.id}", "equals": { "a": ["403344"] }, "any": ["id 403344"], "part": "my id 403344"
        });
        assert_eq!(told(&filled, body.clone()), [""; 0]);
        assert_eq!(told(&shape, body).len(), 5);
        assert_eq!(Shape::Is(json!("{agent.id}")).fill(&&known), Err("agent.id".to_owned()));
        // Braces that name nothing belong to the text.
        let mut plain = Shape::Is(json!("{a} {} {2,3}"));
        assert_eq!((plain.fill(&&known), plain), (Ok(()), Shape::Is(json!("{a} {} {2,3}"))));
    }

    #[test]
    fn what_takes_too_long_to_compare_is_a_mismatch_and_never_a_match() {
        let answer = (0..120).fold(json!(1), |inner, _| json!([inner]));
        let deep = |inner| Shape::Keys(vec![at("$..*", inner)]);
        let present = || Shape::Fits(Matcher::Present);
        let many = Shape::Fits(Matcher::OneOf(vec![Shape::Is(json!(2)); 10_000]));
        let long = json!(vec![1; 10_000]);
        for (shape, value) in [
            (Shape::Keys(vec![at("$..*..*..*", present())]), &answer),
            (Shape::Keys(vec![at("$..*", present()); 10_000]), &answer),
            (Shape::Fits(Matcher::Not(Box::new(Shape::Keys(vec![at("$..*..*..*", present())])))), &answer),
            (Shape::Fits(Matcher::Not(Box::new(Shape::Fits(Matcher::Contains(Box::new(many)))))), &long),
        ] {
            let told = told(&shape, value.clone());
            assert_eq!(told.len(), 1);
            assert!(told[0].contains("10000000 steps"), "{told:?}");
        }
        assert!(deep(present()).fits(&answer));
        assert!(!deep(deep(deep(deep(present())))).fits(&answer), "the innermost has nothing in it");
    }

    #[test]
    fn the_list_of_mismatches_is_bounded() {
        let keys = (0..100).map(|index| key(&format!("k{index}"), Shape::Is(json!(1)))).collect();
        assert_eq!(Shape::Keys(keys).against(&json!({})).len(), MISMATCHES_MAX);
        let items = vec![Shape::Is(json!(1)); 100];
        assert_eq!(Shape::Items(items).against(&json!(vec![0; 100])).len(), MISMATCHES_MAX);
    }
}
