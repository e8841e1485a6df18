//! Learns what is volatile: the same story, told with other seeds and another start, differs exactly in it.

use super::instants::{self, When};
use super::sample::{Carried, HEADER, KNOWN, Leaf, Sample, last_key, plain_key, text_of};
use crate::vendors;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use unicode_width::UnicodeWidthStr;

/// How far from the start of a story a number still counts as an instant, in seconds.
const STORY_MAX_SECONDS: i64 = 400 * 86_400;
/// What is narrower is only recognised where its key stands beside it.
pub(super) const WIDTH_MIN: usize = 4;
/// The longest length of time, in seconds, that counts as one.
const DURATION_MAX_SECONDS: i64 = 100_000;
/// The words in a key that tell of a length of time.
const DURATION_WORDS: [&str; 12] =
    ["duration", "seconds", "second", "secs", "sec", "time", "elapsed", "took", "latency", "millis", "wait", "length"];

/// What kind of volatile value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An instant.
    Time,
    /// Something that no two tellings share: an id, a number, a name.
    Distinct,
    /// One of a few words.
    Word,
    /// Too short to be told from anything else, or a number of which there are few.
    Short,
}

/// A field whose values differ from telling to telling.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The path of its keys.
    pub path: String,
    pub kind: Kind,
    /// What it is named by.
    pub name: String,
    /// Its last key, plain.
    pub key: String,
    /// What it holds in this telling.
    pub own: BTreeSet<String>,
    /// What it holds in any other telling.
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
    /// Lists that do not even have the same length.
    pub lists: Vec<(Value, String)>,
    /// The shortest and the longest of each length of time, in seconds.
    pub durations: Vec<(i64, i64)>,
}

/// What the other tellings of a story hold, place by place.
#[derive(Debug, Clone, Default)]
pub struct Others {
    /// By message, then by place.
    messages: HashMap<(String, String, u32), Places>,
    known: Places,
    /// When they start, in seconds since 1970.
    starts: Vec<i64>,
}

/// What several tellings hold, by place.
#[derive(Debug, Clone, Default)]
struct Places {
    /// How many tellings.
    tellings: usize,
    places: HashMap<String, Other>,
}

/// What the other tellings hold at one place.
#[derive(Debug, Clone, Default)]
struct Other {
    /// In how many of them there is a text.
    count: usize,
    /// These texts, each once.
    texts: BTreeSet<String>,
    /// How long the lists are that stand there.
    lengths: BTreeSet<usize>,
}

impl Others {
    /// Gathers what these tellings hold.
    pub fn of(samples: &[Sample]) -> Self {
        let mut others =
            Self { starts: samples.iter().map(|sample| sample.start.as_second()).collect(), ..Self::default() };
        for sample in samples {
            gather(&mut others.known, &sample.known_leaves());
            for message in &sample.messages {
                gather(others.messages.entry(message.key()).or_default(), &message.leaves);
            }
        }
        others
    }
}

fn gather(gathered: &mut Places, leaves: &[Leaf]) {
    gathered.tellings += 1;
    for leaf in leaves {
        let other = gathered.places.entry(leaf.place.clone()).or_default();
        if let Some(text) = text_of(&leaf.value) {
            other.count += 1;
            other.texts.insert(text);
        }
        other.lengths.extend(leaf.value.as_array().map(Vec::len));
    }
}

impl Volatile {
    /// Compares a telling with others.
    pub fn learn(own: &Sample, others: &Others) -> Self {
        let mut volatile = Self::default();
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        volatile.take(own, &own.known_leaves(), Some(&others.known), None, &mut at);
        for message in &own.messages {
            let places = others.messages.get(&message.key());
            volatile.take(own, &message.leaves, places, Some(message.number), &mut at);
        }
        volatile.settle(own, others);
        volatile
    }

    fn take(
        &mut self,
        own: &Sample,
        leaves: &[Leaf],
        others: Option<&Places>,
        message: Option<u32>,
        at: &mut BTreeMap<String, usize>,
    ) {
        for leaf in leaves {
            let other = others.and_then(|others| others.places.get(&leaf.place));
            let Some(text) = text_of(&leaf.value) else {
                let length = leaf.value.as_array().map_or(0, Vec::len);
                if length > 0 && other.is_some_and(|other| other.lengths.iter().any(|other| *other != length)) {
                    self.lists.push((leaf.value.clone(), name(own.vendor, leaf)));
                }
                continue;
            };
            // Where no other telling has the message at all, nothing can be learnt.
            let varies = others.is_some_and(|others| {
                !other.is_some_and(|other| other.count == others.tellings && other.texts.iter().eq([&text]))
            });
            let key = last_key(&leaf.field);
            let index = varies.then(|| {
                *at.entry(leaf.field.clone()).or_insert_with(|| {
                    let (name, key) = (name(own.vendor, leaf), key.clone());
                    let (own, others) = (BTreeSet::new(), BTreeSet::new());
                    self.fields.push(Field { path: leaf.field.clone(), kind: Kind::Distinct, name, key, own, others });
                    self.fields.len() - 1
                })
            });
            if let Some(number) = message {
                let places = self.places.entry(number).or_default().entry(key).or_default();
                places.push(Place { place: leaf.place.clone(), text: text.clone(), field: index });
            }
            let Some(index) = index else { continue };
            let field = &mut self.fields[index];
            if let Some(other) = other {
                if other.texts.len() < other.count {
                    field.kind = Kind::Word;
                }
                field.others.extend(other.texts.iter().cloned());
            }
            field.own.insert(text);
        }
    }

    /// Once all is compared: what is a time, what is short, and which words belong together.
    fn settle(&mut self, own: &Sample, others: &Others) {
        let starts = || others.starts.iter().copied().chain([own.start.as_second()]);
        for field in &mut self.fields {
            let texts = || field.others.iter().chain(&field.own).filter(|text| !matches!(text.as_str(), "" | "null"));
            let is_time = |text: &String| match instants::whole(text) {
                Some(When::Instant(second) | When::Civil(second)) => {
                    starts().any(|start| (start - second).abs() < STORY_MAX_SECONDS)
                }
                Some(When::Day(_)) | None => false,
            };
            let is_number = texts().all(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            field.kind = if texts().next().is_some() && texts().all(is_time) {
                Kind::Time
            } else if is_number && field.kind == Kind::Word
                || field.kind != Kind::Word && texts().any(|text| text.width() < WIDTH_MIN)
            {
                Kind::Short
            } else {
                field.kind
            };
            if field.kind == Kind::Short && is_number && tells_of_a_duration(&field.key) {
                let seconds = || texts().filter_map(|text| text.parse::<i64>().ok());
                let (shortest, longest) = (seconds().min().unwrap_or(0), seconds().max().unwrap_or(0));
                if longest <= DURATION_MAX_SECONDS {
                    self.durations.push((shortest, longest));
                }
            }
        }
        self.join_words();
    }

    /// Fields that share words are one, whatever this telling has drawn: who finds such a word cannot tell which field it is from.
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
    let meanings = vendors::find(vendor).map_or(&[][..], |vendor| vendor.meanings());
    match meanings.iter().find(|(field, _)| *field == leaf.field) {
        Some((_, meaning)) => meaning.to_string(),
        None => format!("{vendor}:{}", leaf.field),
    }
}

/// Whether a key, in any spelling, is that of a length of time.
pub(super) fn tells_of_a_duration(key: &str) -> bool {
    let key = plain_key(key);
    key.ends_with("ms") || DURATION_WORDS.iter().any(|word| key.contains(word))
}
