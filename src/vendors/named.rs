//! The names of pushes: which ones a text means, by the vendor's own name or by the second one, and how people read them.

use super::{PushFact, Vendor, find};
use crate::http::{Glob, OR};
use std::borrow::Cow;

/// A push, or a kind of entry in a vendor's own records, with its vendor.
#[derive(Clone, Copy)]
pub struct Named {
    /// Whose it is.
    pub vendor: &'static dyn Vendor,
    /// What is known of it.
    pub fact: &'static PushFact,
}

impl Named {
    /// The name in files and formats: `tinet:9`.
    pub fn name(self) -> String {
        format!("{}:{}", self.vendor.id(), self.fact.name)
    }

    /// The second name, where it has one: `tinet:agent-state`.
    pub fn alias(self) -> Option<String> {
        self.fact.alias.map(|alias| format!("{}:{alias}", self.vendor.id()))
    }

    /// Both, as people read them: `tinet:9 agent-state`.
    pub fn shown(self) -> String {
        match self.fact.alias {
            Some(alias) => format!("{} {alias}", self.name()),
            None => self.name(),
        }
    }
}

/// What these vendors push, in their order.
pub fn pushes(all: &[&'static dyn Vendor]) -> impl Iterator<Item = Named> {
    all.iter().flat_map(|vendor| vendor.pushes().iter().map(|fact| Named { vendor: *vendor, fact }))
}

/// What a vendor pushes, then the entries of its own records.
pub fn told(vendor: &'static dyn Vendor) -> impl Iterator<Item = Named> {
    vendor.pushes().iter().chain(vendor.records()).map(move |fact| Named { vendor, fact })
}

/// The push of this name, or this second name.
pub fn find_push(name: &str) -> Option<Named> {
    let (id, push) = name.split_once(':')?;
    told(find(id)?).find(|named| named.fact.name == push || named.fact.alias == Some(push))
}

/// A name of a push as people read it: `tinet:9 agent-state`. What is none stays as it is.
pub fn shown(name: &str) -> Cow<'_, str> {
    let named = find_push(name).filter(|named| named.fact.alias.is_some());
    named.map_or(Cow::Borrowed(name), |named| named.shown().into())
}

/// What a pattern means.
pub struct Meant {
    /// The pattern in the vendors' own names: nothing behind this knows of second ones.
    pub glob: String,
    /// What it takes in.
    pub pushes: Vec<Named>,
}

/// What a name means, second names included, in which `*` and `?` stand for any characters; `None` where it means nothing.
pub fn meant(pattern: &str, all: &[&'static dyn Vendor]) -> Option<Meant> {
    let wanted = Glob::new(pattern);
    let (mut taken, mut by_name, mut by_alias) = (Vec::new(), false, Vec::new());
    for named in pushes(all) {
        let name = named.name();
        if wanted.matches(&name) {
            by_name = true;
            taken.push(named);
        } else if named.alias().is_some_and(|alias| wanted.matches(&alias)) {
            by_alias.push(name);
            taken.push(named);
        }
    }
    let own = by_name.then(|| pattern.to_owned());
    let glob = own.into_iter().chain(by_alias).collect::<Vec<_>>().join(&OR.to_string());
    (!taken.is_empty()).then_some(Meant { glob, pushes: taken })
}

#[cfg(test)]
mod tests {
    use super::super::ALL;
    use super::*;

    #[test]
    fn a_pattern_is_put_in_the_vendors_own_names() {
        for (pattern, glob) in [
            ("tinet:9", "tinet:9"),
            ("tinet:agent-state", "tinet:9"),
            ("tinet:*", "tinet:*"),
            ("*", "*"),
            ("udesk:end", "udesk:end"),
            ("tinet:inbound-*", "tinet:2|tinet:5|tinet:7"),
            ("*:end", "*:end"),
            ("*:*end", "*:*end|tinet:21"),
            ("tinet:2|tinet:3", "tinet:2|tinet:3"),
        ] {
            assert_eq!(meant(pattern, ALL).map(|meant| meant.glob).as_deref(), Some(glob), "{pattern}");
        }
        for nothing in ["tinet:agent", "agent-state", "udesk:agent-state", ""] {
            assert!(meant(nothing, ALL).is_none(), "{nothing}");
        }
    }

    #[test]
    fn people_read_a_number_with_its_name() {
        for (name, read) in
            [("tinet:9", "tinet:9 agent-state"), ("udesk:end", "udesk:end"), ("tinet:99", "tinet:99"), ("x", "x")]
        {
            assert_eq!(shown(name), read);
        }
    }
}
