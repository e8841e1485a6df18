//! The values that Ringback sends in one story, by name: what probes and expectations fill in, and what redaction names.

use crate::call::Fact;

/// What a contract can name besides what the pushes of the story carry: names with their meanings.
pub const MORE_VALUES: [(&str, &str); 4] = [
    ("story.scenario", "the name of the scenario"),
    ("story.vendor", "the id of the vendor"),
    ("target.origin", "the first address that pushes go to, without its path: `http://127.0.0.1:8080`"),
    (PUSH_NAME, "the push: in its own headers and fields, and where a probe is asked after each: `udesk:end`"),
];
/// The first address that pushes go to. An address cannot be made of it.
pub const TARGET_ORIGIN: &str = "target.origin";
/// The value that is known only after a push.
pub const PUSH_NAME: &str = "push.name";

/// Whether any story can know a value of this name: `call.id`, `call.id:2`.
pub fn is_value(name: &str) -> bool {
    let name = name.split(':').next().unwrap_or_default();
    values().any(|known| known == name)
}

/// The names of all values that there can be.
pub fn values() -> impl Iterator<Item = &'static str> + Clone {
    Fact::ALL
        .iter()
        .filter(|fact| fact.is_named())
        .map(|fact| fact.as_str())
        .chain(MORE_VALUES.iter().map(|(name, _)| *name))
}

/// The named values of a story, in a fixed order of names, each name's values in the order in which they are sent.
///
/// The first value of a name goes by the name itself, the second by `name:2`, and so on: `call.id`, `call.id:2`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known(Vec<(String, Vec<String>)>);

impl Known {
    /// Adds a value, unless it is empty or the name has it already.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if value.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
            None => self.0.push((name.to_owned(), vec![value])),
        }
    }

    /// Makes this the only value of a name; without one, the name is unknown.
    pub fn settle(&mut self, name: &str, value: Option<String>) {
        self.0.retain(|(known, _)| known != name);
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    /// The value of `call.id`, or of `call.id:2`.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (name, nth) = match name.rsplit_once(':') {
            Some((name, nth)) => (name, nth.parse::<usize>().ok()?.checked_sub(1)?),
            None => (name, 0),
        };
        let (_, values) = self.0.iter().find(|(known, _)| known == name)?;
        values.get(nth).map(String::as_str)
    }

    /// Every name that `get` knows, in order.
    pub fn names(&self) -> Vec<String> {
        self.iter().map(|(name, _)| name).collect()
    }

    /// Every name with its value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (String, &str)> {
        self.0.iter().flat_map(|(name, values)| {
            (1..).zip(values).map(move |(nth, value)| match nth {
                1 => (name.clone(), value.as_str()),
                nth => (format!("{name}:{nth}"), value.as_str()),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_values_of_a_name_are_numbered() {
        let mut known = Known::default();
        for (name, value) in [("call.id", "a"), ("push.id", "x"), ("call.id", "b"), ("call.id", "a"), ("call.id", "")] {
            known.add(name, value);
        }
        assert_eq!(known.names(), ["call.id", "call.id:2", "push.id"]);
        assert_eq!(known.get("call.id"), Some("a"));
        assert_eq!(known.get("call.id:1"), Some("a"));
        assert_eq!(known.get("call.id:2"), Some("b"));
        for none in ["call.id:3", "call.id:0", "call.id:x", "call", ""] {
            assert_eq!(known.get(none), None, "{none}");
        }
    }
}
