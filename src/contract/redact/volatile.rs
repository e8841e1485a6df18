//! Gathers what is volatile in a story by its fields, and where it stands in each push.

use super::sample::{Carried, HEADER, KNOWN, Leaf, Sample, last_key, plain_key, text_of};
use super::varies::Varies;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The words in a key that tell of a length of time.
const DURATION_WORDS: [&str; 12] =
    ["duration", "seconds", "second", "secs", "sec", "time", "elapsed", "took", "latency", "millis", "wait", "length"];

/// What kind of volatile value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An instant.
    Time,
    /// Something that no two seeds share: an id, a number, a name.
    Distinct,
    /// One of a few words.
    Word,
    /// Too short to be told from anything else, or a number of which there are few.
    Short,
}

/// A field whose values differ from seed to seed.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The path of its keys.
    pub path: String,
    pub kind: Kind,
    /// What it is named by.
    pub name: String,
    /// Its last key, plain.
    pub key: String,
    /// What it holds in this story.
    pub own: BTreeSet<String>,
    /// The words that it may hold.
    pub others: BTreeSet<String>,
}

/// One place of a message, and whether what stands there is volatile: then as which field.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Keys and positions, as in [`Leaf::place`].
    place: String,
    pub text: String,
    pub field: Option<usize>,
}

/// Everything that is known to be volatile in a story.
#[derive(Debug, Clone, Default)]
pub(super) struct Volatile {
    /// By the path of their keys, in the order of the story.
    pub fields: Vec<Field>,
    /// The places of each message by their plain last key, under the number of its delivery.
    pub places: HashMap<u32, HashMap<String, Vec<Place>>>,
    /// The shortest and the longest of each length of time, in seconds.
    pub durations: Vec<(i64, i64)>,
}

impl Volatile {
    /// What is volatile in what a story sends.
    pub fn of(sample: &Sample) -> Self {
        let mut volatile = Self::default();
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        volatile.take(sample, &sample.known_leaves, None, &mut at);
        for message in &sample.messages {
            volatile.take(sample, &message.leaves, Some(message.number), &mut at);
        }
        volatile.join_words();
        volatile
    }

    fn take(&mut self, sample: &Sample, leaves: &[Leaf], message: Option<u32>, at: &mut BTreeMap<String, usize>) {
        for leaf in leaves {
            let Some(text) = text_of(&leaf.value) else { continue };
            let key = last_key(&leaf.field);
            let (kind, words) = match &leaf.varies {
                Varies::Never => (None, None),
                Varies::Time => (Some(Kind::Time), None),
                Varies::Distinct => (Some(Kind::Distinct), None),
                Varies::Short => (Some(Kind::Short), None),
                Varies::Word(words) => (Some(Kind::Word), Some(words)),
                Varies::Length(shortest, longest) => {
                    self.durations.push((*shortest, *longest));
                    (Some(Kind::Short), None)
                }
            };
            let index = kind.map(|kind| {
                *at.entry(leaf.field.clone()).or_insert_with(|| {
                    let (path, name, key) = (leaf.field.clone(), name(sample.vendor, leaf), key.clone());
                    self.fields.push(Field { path, kind, name, key, own: BTreeSet::new(), others: BTreeSet::new() });
                    self.fields.len() - 1
                })
            });
            if let Some(number) = message {
                let places = self.places.entry(number).or_default().entry(key).or_default();
                places.push(Place { place: leaf.place.clone(), text: text.clone(), field: index });
            }
            let Some(index) = index else { continue };
            let field = &mut self.fields[index];
            // What is short in one push is not made out by what is longer in another.
            if kind == Some(Kind::Short) {
                field.kind = Kind::Short;
            }
            field.others.extend(words.into_iter().flatten().cloned());
            field.own.insert(text);
        }
    }

    /// Fields that share words are one, whatever this story has drawn: who finds such a word cannot tell which field it is from.
    fn join_words(&mut self) {
        let mut first_with: HashMap<String, usize> = HashMap::new();
        let mut name_of: Vec<usize> = (0..self.fields.len()).collect();
        let root = |name_of: &[usize], mut at: usize| {
            while name_of[at] != at {
                at = name_of[at];
            }
            at
        };
        for (index, field) in self.fields.iter().enumerate().filter(|(_, field)| field.kind == Kind::Word) {
            for word in field.others.iter().filter(|word| !matches!(word.as_str(), "" | "null")) {
                let other = *first_with.entry(word.clone()).or_insert(index);
                let (one, other) = (root(&name_of, index), root(&name_of, other));
                name_of[one.max(other)] = one.min(other);
            }
        }
        let names: Vec<String> = self.fields.iter().map(|field| field.name.clone()).collect();
        for (index, field) in self.fields.iter_mut().enumerate().filter(|(_, field)| field.kind == Kind::Word) {
            field.name.clone_from(&names[root(&name_of, index)]);
        }
    }

    /// What a message holds at its volatile places when it is sent, which a fault or a retry may have changed.
    pub fn sent(&self, number: u32, carried: &Carried) -> Vec<(usize, String)> {
        let volatile = |leaf: Leaf| {
            let places = self.places.get(&number)?.get(&last_key(&leaf.field))?;
            let place = places.iter().find(|place| place.place == leaf.place)?;
            Some((place.field?, text_of(&leaf.value)?))
        };
        carried.leaves().into_iter().filter_map(volatile).collect()
    }
}

/// The name of what stands somewhere: what the field means, else the field itself. It does not depend on what stands there.
fn name(vendor: &str, leaf: &Leaf) -> String {
    if let Some(name) = leaf.field.strip_prefix(KNOWN).or_else(|| leaf.field.strip_prefix(HEADER)) {
        return name.to_owned();
    }
    match leaf.fact.filter(|fact| fact.is_named()) {
        Some(fact) => fact.to_string(),
        None => format!("{vendor}:{}", leaf.field),
    }
}

/// Whether a key, in any spelling, is that of a length of time.
pub(super) fn tells_of_a_duration(key: &str) -> bool {
    let key = plain_key(key);
    key.ends_with("ms") || DURATION_WORDS.iter().any(|word| key.contains(word))
}
