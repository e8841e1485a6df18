//! Finds, replaces and takes out leaves by their paths; moves every moment.

use super::leaf::{Leaf, Member};
use crate::call::Fact;
use jiff::SignedDuration;

impl Leaf {
    /// The paths of every value that is neither a list nor an object, in order: `outer.inner`, lists count from 0.
    pub fn leaves(&self) -> Vec<(String, &Leaf)> {
        let mut found = Vec::new();
        self.each_leaf(&mut |path, leaf| found.push((path.to_owned(), leaf)));
        found
    }

    /// Visits them.
    pub fn each_leaf<'l>(&'l self, visit: &mut dyn FnMut(&str, &'l Leaf)) {
        fn walk<'l>(path: &mut String, leaf: &'l Leaf, visit: &mut dyn FnMut(&str, &'l Leaf)) {
            let outer = path.len();
            let mut inner = |key: &str, leaf: &'l Leaf| {
                if outer > 0 {
                    path.push('.');
                }
                path.push_str(key);
                walk(path, leaf, visit);
                path.truncate(outer);
            };
            match leaf {
                Leaf::Absent => {}
                Leaf::Object(members) => members.iter().for_each(|member| inner(&member.name, &member.leaf)),
                Leaf::List(items) => {
                    items.iter().enumerate().for_each(|(nth, item)| inner(&nth.to_string(), item));
                }
                value => visit(path, value),
            }
        }
        walk(&mut String::new(), self, visit);
    }

    /// Visits every value with what it tells of the call; the members of a list tell what the list does.
    pub fn each_fact<'l>(&'l self, fact: Option<Fact>, visit: &mut dyn FnMut(Option<Fact>, &'l Leaf)) {
        match self {
            Leaf::Absent => {}
            Leaf::Object(members) => {
                members.iter().for_each(|member| member.leaf.each_fact(member.fact, visit));
            }
            Leaf::List(items) => items.iter().for_each(|item| item.each_fact(fact, visit)),
            value => visit(fact, value),
        }
    }

    /// The value at a path. A key that holds dots itself is found as well.
    pub fn at_mut(&mut self, path: &str) -> Option<&mut Leaf> {
        let (holder, key) = self.holder(path)?;
        match holder {
            Leaf::Object(members) => members
                .iter_mut()
                .find(|member| member.name == key && member.leaf != Leaf::Absent)
                .map(|member| &mut member.leaf),
            Leaf::List(items) => items.get_mut(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// Takes the value at a path out; false where there is none.
    pub fn remove(&mut self, path: &str) -> bool {
        match self.holder(path) {
            Some((Leaf::Object(members), key)) => {
                let before = members.len();
                members.retain(|member| member.name != key || member.leaf == Leaf::Absent);
                members.len() < before
            }
            Some((Leaf::List(items), key)) => match key.parse::<usize>() {
                Ok(nth) if nth < items.len() => {
                    items.remove(nth);
                    true
                }
                Ok(_) | Err(_) => false,
            },
            Some(_) | None => false,
        }
    }

    /// Gives a member of an object a value: a key that is there already keeps its place, a new one comes last. Nothing
    /// happens to what is not an object.
    pub fn put(&mut self, name: &str, leaf: Leaf) {
        let Leaf::Object(members) = self else { return };
        match members.iter_mut().find(|member| member.name == name && member.leaf != Leaf::Absent) {
            Some(member) => member.leaf = leaf,
            None => members.push(Member::new(name.to_owned(), leaf)),
        }
    }

    /// Puts a value at a path whose object is there; false where it is not.
    pub fn put_at(&mut self, path: &str, leaf: Leaf) -> bool {
        let (holder, key) = match path.rsplit_once('.') {
            Some((outer, key)) => (self.at_mut(outer), key),
            None => (Some(self), path),
        };
        match holder {
            Some(holder @ Leaf::Object(_)) => {
                holder.put(key, leaf);
                true
            }
            Some(_) | None => false,
        }
    }

    /// What holds the value at a path, and the last key.
    fn holder(&mut self, path: &str) -> Option<(&mut Leaf, String)> {
        let is_here = matches!(&*self, Leaf::Object(members) if members.iter().any(|member| member.name == path));
        if is_here {
            return Some((self, path.to_owned()));
        }
        match path.split_once('.') {
            None => Some((self, path.to_owned())),
            Some((key, rest)) => {
                let inner = match self {
                    Leaf::Object(members) => &mut members.iter_mut().find(|member| member.name == key)?.leaf,
                    Leaf::List(items) => items.get_mut(key.parse::<usize>().ok()?)?,
                    _ => return None,
                };
                inner.holder(rest)
            }
        }
    }

    /// Gives the push another id: where it stands, and nowhere else. False where it stands nowhere.
    ///
    /// A customer who named the fields, and what a page prints, say nothing of their meaning: there every value that is
    /// the id counts.
    pub fn rename_id(&mut self, old: &str, new: &str) -> bool {
        self.rename(old, new, true) || self.rename(old, new, false)
    }

    fn rename(&mut self, old: &str, new: &str, is_known: bool) -> bool {
        match self {
            Leaf::Object(members) => members.iter_mut().fold(false, |renamed, Member { fact, leaf, .. }| {
                let is_id = matches!(fact, Some(Fact::PushId | Fact::MessageId));
                let is_here =
                    (is_id || !is_known) && !matches!(leaf, Leaf::Object(_) | Leaf::List(_)) && leaf.text() == old;
                if is_here {
                    *leaf = Leaf::from(new.to_owned());
                }
                is_here | leaf.rename(old, new, is_known) | renamed
            }),
            Leaf::List(items) => {
                items.iter_mut().fold(false, |renamed, item| item.rename(old, new, is_known) | renamed)
            }
            _ => false,
        }
    }

    /// A copy in which every value that other calls have otherwise is what `other` makes of it.
    pub fn copied(&self, other: &mut dyn FnMut(&Leaf) -> Leaf) -> Leaf {
        match self {
            Leaf::Drawn(_) | Leaf::Time(_) | Leaf::Length(_) => other(self),
            Leaf::Joined(parts) => Leaf::Joined(parts.iter().map(|part| part.copied(other)).collect()),
            Leaf::List(items) => Leaf::List(items.iter().map(|item| item.copied(other)).collect()),
            Leaf::Nested(inner) => Leaf::Nested(Box::new(inner.copied(other))),
            Leaf::Escaped(inner, escape) => Leaf::Escaped(Box::new(inner.copied(other)), *escape),
            Leaf::Object(members) => {
                let copied = |member: &Member| Member {
                    name: member.name.clone(),
                    fact: member.fact,
                    leaf: member.leaf.copied(other),
                };
                Leaf::Object(members.iter().map(copied).collect())
            }
            Leaf::Absent | Leaf::Null | Leaf::Flag(_) | Leaf::Number(_) | Leaf::Text(_) => self.clone(),
        }
    }

    /// Moves every moment by so much; gives how many there are.
    pub fn shift(&mut self, by: SignedDuration) -> usize {
        match self {
            Leaf::Time(time) => {
                *time = time.shifted(by);
                1
            }
            Leaf::Joined(parts) | Leaf::List(parts) => parts.iter_mut().map(|part| part.shift(by)).sum(),
            Leaf::Nested(inner) | Leaf::Escaped(inner, _) => inner.shift(by),
            Leaf::Object(members) => members.iter_mut().map(|member| member.leaf.shift(by)).sum(),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn leaves_are_found_by_the_paths_they_are_told_by() {
        let mut fields = Leaf::from(json!({"a": 1, "b": {"c": [true, {"d": null}]}, "e.f": "x"}));
        let paths: Vec<String> = fields.leaves().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a", "b.c.0", "b.c.1.d", "e.f"]);
        for path in &paths {
            assert!(fields.at_mut(path).is_some(), "{path}");
        }
        assert!(fields.at_mut("b.c.9").is_none() && fields.at_mut("b.x").is_none() && fields.at_mut("a.x").is_none());
        assert!(fields.remove("b.c.0") && fields.remove("e.f") && !fields.remove("b.x.y"));
        fields.put("a", Leaf::from(2_i64));
        fields.put("z", Leaf::Null);
        assert!(
            fields.put_at("b.n", Leaf::from(true))
                && !fields.put_at("b.c.n", Leaf::Null)
                && !fields.put_at("x.y", Leaf::Null)
        );
        assert_eq!(fields.to_json().to_string(), r#"{"a":2,"b":{"c":[{"d":null}],"n":true},"z":null}"#);
        assert!(!fields.rename_id("x", "y") && fields.rename_id("2", "3"));
    }
}
