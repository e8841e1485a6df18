//! The headers of a push, whose values are leaves as those of its body are.

use crate::body::Leaf;
use std::borrow::Cow;

/// Headers in the order in which they are sent, without framing and host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headers(Vec<(String, Leaf)>);

impl Headers {
    /// The value of a header, in any letter case.
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.text())
    }

    /// The first value that reads as this text.
    pub fn leaf_of(&self, text: &str) -> Option<&Leaf> {
        self.iter().map(|(_, value)| value).find(|value| value.text() == text)
    }

    /// Adds one behind the others.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<Leaf>) {
        self.0.push((name.into(), value.into()));
    }

    /// Makes this the only one of its name, in any letter case; it stands behind the others.
    pub fn set(&mut self, name: &str, value: impl Into<Leaf>) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.push(name, value);
    }

    /// Gives every header with this value another one. False where there is none.
    pub fn rename(&mut self, old: &str, new: &str) -> bool {
        let renamed = self.0.iter_mut().filter(|(_, value)| value.text() == old);
        renamed.map(|(_, value)| *value = new.to_owned().into()).count() > 0
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Leaf)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// As they are written.
    pub fn written(&self) -> Vec<(String, String)> {
        self.iter().map(|(name, value)| (name.to_owned(), value.text().into_owned())).collect()
    }
}

impl<N: Into<String>, V: Into<Leaf>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        Self(headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl<N: Into<String>, V: Into<Leaf>> From<Vec<(N, V)>> for Headers {
    fn from(headers: Vec<(N, V)>) -> Self {
        headers.into_iter().collect()
    }
}
