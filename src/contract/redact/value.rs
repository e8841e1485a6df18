//! Names what is volatile in a JSON value: in its keys, its texts, its numbers, and in JSON within its texts.

use super::instants::whole;
use super::mark::bare;
use super::volatile::tells_of_a_duration;
use super::{ID_MIN_DIGITS, Named, Redactor, Scope};
use serde_json::{Map, Number, Value};

impl Redactor {
    /// A value under a key, with what is volatile in it named.
    pub(super) fn value(&self, scope: Scope, key: &str, value: &Value) -> Value {
        match value {
            Value::Object(object) => {
                let mut named = Map::new();
                for (inner, value) in object {
                    let shown = self.within(scope, inner);
                    let mut key = shown.clone();
                    let mut nth = 1;
                    while named.contains_key(&key) {
                        nth += 1;
                        key = format!("{shown} ({nth})");
                    }
                    named.insert(key, self.value(scope, inner, value));
                }
                Value::Object(named)
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.value(scope, key, item)).collect()),
            Value::String(text) => Value::String(self.text(scope, key, text)),
            Value::Number(number) => self.number(scope, key, number),
            Value::Null | Value::Bool(_) => match self.name_of(scope, key, &value.to_string()) {
                Some(Named::As(name)) => bare(&name),
                Some(Named::Fixed) | None => value.clone(),
            },
        }
    }

    fn number(&self, scope: Scope, key: &str, number: &Number) -> Value {
        let text = number.to_string();
        match self.name_of(scope, key, &text) {
            Some(Named::As(name)) => return bare(&name),
            Some(Named::Fixed) => return Value::Number(number.clone()),
            None => {}
        }
        let name = || {
            let id = self.whole.get(&text).filter(|_| text.len() >= ID_MIN_DIGITS);
            let end = || self.numbers.end_in_digits(key, &text);
            id.map(String::as_str).or_else(|| self.time(&text)).or_else(|| self.duration(key, &text)).or_else(end)
        };
        name().map_or_else(|| Value::Number(number.clone()), bare)
    }

    /// The name of a text that is a time as a whole.
    pub(super) fn time(&self, text: &str) -> Option<&'static str> {
        self.instants.name(whole(text)?)
    }

    /// The name of a number under a key that tells of a length of time, if lengths of time like it differ from seed to seed.
    pub(super) fn duration(&self, key: &str, text: &str) -> Option<&'static str> {
        let count: f64 = text.parse().ok().filter(|_| tells_of_a_duration(key))?;
        let within = |seconds: f64| {
            self.volatile.durations.iter().any(|(low, high)| (*low as f64..=*high as f64).contains(&seconds))
        };
        let found = within(count) || (count % 1000.0 == 0.0 && within(count / 1000.0));
        found.then_some("duration")
    }
}
