//! Redaction by meaning: what Ringback itself sent is recognised wherever a receiver repeats it, and named. Pure.
//!
//! What is volatile is not guessed: a push is made of leaves that say whether they are drawn, or moments. It is named by what
//! it means (`<call.id>`), or by its field (`<udesk:note_id>`).

mod instants;
mod layers;
mod mark;
mod masked;
mod rule;
mod sample;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod values;
mod varies;
mod volatile;

pub use rule::{Rule, RuleError};
pub use sample::{Carried, Leaf, Message, Sample};
pub use varies::Varies;

use super::KeyOrder;
use crate::event::RunEvent;
use crate::http::Captured;
use instants::Instants;
use jiff::Timestamp;
use masked::Numbers;
use sample::{KNOWN, plain_key};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use unicode_width::UnicodeWidthStr;
use values::Values;
use varies::WIDTH_MIN;
use volatile::{Kind, Volatile};

/// By how much a receiver's clock may differ from ours, in seconds.
const CLOCK_TOLERANCE_SECONDS: i64 = 5;
/// From this many digits on, a number is an id wherever it stands.
const ID_MIN_DIGITS: usize = 6;
/// How deep JSON, forms, percent-encoding and HTML are looked for within each other.
const LAYERS_MAX: usize = 5;
/// From this length on, hexadecimal digits are an id that may be written in other ways.
const HEX_MIN_CHARS: usize = 16;

/// Names what is volatile in the answers of one story.
#[derive(Debug, Clone)]
pub struct Redactor {
    volatile: Volatile,
    instants: Instants,
    rules: Vec<Rule>,
    /// What stands for itself in longer texts.
    values: Values,
    /// What receivers show in part.
    numbers: Numbers,
    /// What is recognised as a whole, whatever its key.
    whole: HashMap<String, String>,
    /// The words that are recognised as a whole.
    words: HashMap<String, String>,
    /// What is recognised under its key alone: by key, then by text.
    keyed: HashMap<String, HashMap<String, String>>,
    /// The place of each delivery in the story, the same for every seed.
    ranks: HashMap<u32, usize>,
    /// The numbers of the deliveries that repeat another one.
    originals: HashMap<u32, u32>,
    named: HashMap<String, String>,
    /// The real time as far as it is known, in seconds since 1970; `None` before anything is sent.
    present: Option<i64>,
}

/// What an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The delivery of this number.
    Delivery(u32),
    /// The story as a whole.
    Story,
}

/// Which answer something stands in, and within how many other writings there.
#[derive(Debug, Clone, Copy)]
struct Scope {
    of: Of,
    layers: usize,
}

impl Scope {
    fn new(of: Of) -> Self {
        Self { of, layers: 0 }
    }

    /// Within one writing more; `None` where that would be too many, as each may be read in several ways.
    fn inner(self) -> Option<Self> {
        (self.layers < LAYERS_MAX).then_some(Self { layers: self.layers + 1, ..self })
    }
}

impl Redactor {
    /// For a story. `originals` are the deliveries that repeat another one.
    pub fn new(own: &Sample, rules: Vec<Rule>, originals: HashMap<u32, u32>) -> Self {
        let volatile = Volatile::of(own);
        let mut named = HashMap::new();
        for (name, value) in own.known.iter() {
            named.entry(value.to_owned()).or_insert(name);
        }
        let mut redactor = Self {
            volatile,
            instants: Instants::default(),
            rules,
            values: Values::default(),
            numbers: Numbers::default(),
            whole: HashMap::new(),
            words: HashMap::new(),
            keyed: HashMap::new(),
            ranks: (0..).zip(&own.messages).map(|(rank, message)| (message.number, rank)).collect(),
            originals,
            named,
            present: None,
        };
        own.instants.iter().for_each(|at| redactor.instants.add(at.as_second()));
        redactor.instants.add(own.start.as_second());
        redactor.take_known(own);
        redactor.take_fields();
        own.own.iter().for_each(|(name, value)| redactor.take_value(value, name));
        redactor
    }

    /// Learns what is really sent, and when.
    pub fn event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Attempted { delivery, at, began_ms, method, url, headers, body, .. } => {
                let second = began_ms.div_euclid(1000);
                self.present = self.present.max(Some(second));
                self.instants.play(second - CLOCK_TOLERANCE_SECONDS, second + CLOCK_TOLERANCE_SECONDS);
                if let Ok(at) = at.parse::<Timestamp>() {
                    self.instants.add(at.as_second());
                }
                let number = self.original(delivery.number);
                let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
                let captured = Captured {
                    method: (*method).to_owned(),
                    path: String::new(),
                    query: query.to_owned(),
                    headers: headers.clone(),
                    body: body.clone().into_bytes().into(),
                };
                let content = captured.content();
                let carried = Carried { content, headers: captured.headers, length: body.len() };
                for (index, text) in self.volatile.sent(number, &carried) {
                    self.take_text(index, &text);
                }
            }
            RunEvent::Replied { timing, .. } | RunEvent::Failed { timing, .. } => drop(self.lasts(timing.total)),
            RunEvent::Probed { took, .. } => self.present = self.lasts(*took),
            _ => {}
        }
    }

    /// The delivery that this one repeats, or itself.
    pub fn original(&self, number: u32) -> u32 {
        self.originals.get(&number).copied().unwrap_or(number)
    }

    /// The place of a delivery in the story, the same for every seed; that of its original for a repeated one.
    pub fn rank(&self, number: u32) -> usize {
        self.ranks.get(&self.original(number)).copied().unwrap_or(usize::MAX)
    }

    /// The story lasts this much longer in real time; until which second.
    fn lasts(&mut self, length: Duration) -> Option<i64> {
        let present = self.present?;
        let until = present.saturating_add(whole_seconds(length));
        self.instants.play(present, until.saturating_add(CLOCK_TOLERANCE_SECONDS));
        Some(until)
    }

    /// What has a name of its own is recognised even where it is the same for every seed.
    fn take_known(&mut self, own: &Sample) {
        for (name, value) in own.known.iter() {
            let path = format!("{KNOWN}{name}");
            // Whose values are too few, or too short, to stand for themselves.
            let is_vague = self.volatile.fields.iter().any(|field| match field.kind {
                Kind::Word => field.path == path || field.others.contains(value),
                Kind::Short | Kind::Time => field.path == path,
                Kind::Distinct => false,
            });
            if !is_vague {
                self.take_value(value, &name);
            }
        }
    }

    fn take_fields(&mut self) {
        for index in 0..self.volatile.fields.len() {
            let field = &self.volatile.fields[index];
            let texts: BTreeSet<String> = match field.kind {
                Kind::Word => field.others.union(&field.own).cloned().collect(),
                Kind::Time | Kind::Distinct | Kind::Short => field.own.clone(),
            };
            texts.iter().for_each(|text| self.take_text(index, text));
        }
    }

    /// A text that a field holds.
    fn take_text(&mut self, index: usize, text: &str) {
        let field = &self.volatile.fields[index];
        let (kind, key, name) = (field.kind, field.key.clone(), self.name_in(index, text));
        match kind {
            Kind::Time => {
                match instants::whole(text) {
                    Some(instants::When::Instant(second)) => self.instants.add(second),
                    // Every vendor's clocks stand in Beijing.
                    Some(instants::When::Civil(second)) => self.instants.add(second - 8 * 3600),
                    Some(instants::When::Day(_)) | None => {}
                }
                return;
            }
            // What is not there stands for nothing, and has no name but under its key.
            _ if text == "null" => {}
            Kind::Distinct => self.take_value(text, &name),
            Kind::Word if text.chars().any(char::is_alphabetic) => {
                self.words.entry(text.to_owned()).or_insert_with(|| name.clone());
                if text.width() >= WIDTH_MIN {
                    self.values.add_word(text, &name);
                }
            }
            Kind::Word | Kind::Short => {}
        }
        self.keyed.entry(key).or_default().entry(text.to_owned()).or_insert(name);
    }

    /// A value that stands for itself wherever it is long enough.
    fn take_value(&mut self, value: &str, name: &str) {
        if value.width() < WIDTH_MIN {
            return;
        }
        self.whole.entry(value.to_owned()).or_insert_with(|| name.to_owned());
        self.values.add(value, name);
        let national = values::national(value);
        self.numbers.add(national.unwrap_or(value), name);
        for form in other_forms(value).into_iter().chain(national.map(str::to_owned)) {
            self.whole.entry(form.clone()).or_insert_with(|| name.to_owned());
            self.values.add(&form, name);
        }
    }

    /// The name of a text under a key, where it is one as a whole.
    fn name_of(&self, Scope { of, .. }: Scope, key: &str, text: &str) -> Option<Named> {
        let key = plain_key(key);
        if let Of::Delivery(number) = of
            && let Some(places) = self.volatile.places.get(&self.original(number)).and_then(|keys| keys.get(&key))
            && let Some(place) = places.iter().find(|place| place.text == text)
        {
            match place.field {
                Some(index) => return Some(Named::As(self.name_in(index, text))),
                // What is the same for every seed says something, unless it has a name of its own.
                None if !self.whole.contains_key(text) => return Some(Named::Fixed),
                None => {}
            }
        }
        let name = self.keyed.get(&key).and_then(|texts| texts.get(text));
        name.cloned().map(Named::As)
    }

    /// The name of what a field holds.
    fn name_in(&self, index: usize, text: &str) -> String {
        let field = &self.volatile.fields[index];
        match field.kind {
            Kind::Time => "time".to_owned(),
            Kind::Word => field.name.clone(),
            Kind::Distinct => self.named.get(text).unwrap_or(&field.name).clone(),
            // By chance it may be like a value of quite another name.
            Kind::Short => {
                let base = |name: &str| name.split(':').next().map(str::to_owned);
                let named = self.named.get(text).filter(|named| base(named) == base(&field.name));
                named.unwrap_or(&field.name).clone()
            }
        }
    }

    fn named_word(&self, text: &str) -> Option<&str> {
        self.whole.get(text).or_else(|| self.words.get(text)).map(String::as_str)
    }
}

/// A length of time in seconds, rounded up.
fn whole_seconds(length: Duration) -> i64 {
    i64::try_from(length.as_secs()).unwrap_or(i64::MAX).saturating_add(1)
}

/// What is known of a text under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    /// It is volatile and has this name.
    As(String),
    /// It is the same for every seed.
    Fixed,
}

/// Forms of a value that receivers make of it: a UUID without its dashes, ids in the other case.
fn other_forms(value: &str) -> Vec<String> {
    if value.len() < HEX_MIN_CHARS || !value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        return Vec::new();
    }
    let bare = value.replace('-', "");
    let both = |text: &str| [text.to_ascii_uppercase(), text.to_ascii_lowercase()];
    [both(&bare), both(value)].concat()
}

impl Redactor {
    /// A body as it is compared: JSON with its places and values named, on one line where it is short; any other text with
    /// what stands in it named.
    pub fn body(&self, of: Of, body: &str, keys: KeyOrder) -> String {
        let body = &*mark::clean(body);
        let named = match serde_json::from_str::<Value>(body.trim()) {
            Ok(mut value) => {
                // First by place, as the receiver's own names stand in it then.
                self.rules.iter().for_each(|rule| rule.in_value(&mut value));
                mark::json(&keys.of(self.value(Scope::new(of), "", &value)))
            }
            Err(_) => self.text(Scope::new(of), "", body),
        };
        self.rest(&named)
    }

    /// The value of a header as it is compared.
    pub fn header(&self, of: Of, name: &str, value: &str) -> String {
        match self.rules.iter().find_map(|rule| rule.in_header(name)) {
            Some(mark) => mark::shown(&mark),
            None => self.rest(&self.text(Scope::new(of), name, &mark::clean(value))),
        }
    }

    /// Any other text, such as an address, as it is compared.
    pub fn line(&self, of: Of, text: &str) -> String {
        self.rest(&self.text(Scope::new(of), "", &mark::clean(text)))
    }

    fn rest(&self, named: &str) -> String {
        let named = self.rules.iter().fold(named.to_owned(), |text, rule| rule.in_text(&text));
        mark::shown(&named)
    }

    fn is_key(&self, key: &str) -> bool {
        self.keyed.contains_key(key)
    }
}

/// A body as [`Redactor::body`] writes it, with nothing named in it.
pub fn body_as_sent(body: &str, keys: KeyOrder) -> String {
    let plain = match serde_json::from_str::<Value>(body.trim()) {
        Ok(value) => mark::json(&keys.of(value)),
        Err(_) => body.to_owned(),
    };
    mark::clean(&plain)
}
