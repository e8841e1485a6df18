//! The push actions: what the vendor's customer configured to be sent where. How they are sent stands in `transport`.

use super::channel;
use super::facts::TYPES;
use super::options::{ContentType, DELAY_MAX, Options, RETRY_MAX, bad};
use super::topic::{Family, Topic};
use super::variables::Row;
use crate::duration;
use crate::http::Method;
use crate::vendors::BadOption;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::time::Duration;
use url::Url;

/// The most push actions.
const ACTIONS_MAX: usize = 200;
/// The most parameters of one action.
const PARAMS_MAX: usize = 200;
/// The most headers of one action.
const HEADERS_MAX: usize = 50;
/// The longest that an action may wait for an answer.
const TIMEOUT_MAX: Duration = Duration::from_secs(300);
/// Headers that belong to the connection, not to the configuration.
const HEADERS_RESERVED: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];

/// Where the value of a parameter comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// An event variable, referred to by its bare name, or a channel variable, as `${name}`.
    Variable(&'static Row),
    /// A custom variable, referred to as `${name}`.
    Custom(String),
    /// The text itself: a constant, or a name that the platform does not know.
    Text(String),
}

/// One push action.
#[derive(Debug, Clone)]
pub struct Action {
    /// The number of its type.
    pub number: &'static str,
    /// What the type is about.
    pub topic: Topic,
    /// Its own address; `None` for the configured targets.
    pub url: Option<Url>,
    /// GET or POST.
    pub method: Method,
    /// How a POST carries its parameters.
    pub content_type: ContentType,
    /// How long an attempt may take; `None` for the general one.
    pub timeout: Option<Duration>,
    /// The waits before its further attempts; `None` for the general ones.
    pub waits: Option<Vec<Duration>>,
    /// How long it is held back.
    pub delay: Duration,
    /// Headers of its own, in order.
    pub headers: Vec<(String, String)>,
    /// The parameters, in order.
    pub params: Vec<(Cow<'static, str>, Source)>,
}

/// An action as a scenario writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    r#type: Value,
    /// A free label, for people.
    #[serde(default, rename = "name")]
    _name: Option<String>,
    url: Option<String>,
    method: Option<String>,
    content_type: Option<String>,
    timeout: Option<Value>,
    retry: Option<Value>,
    delay: Option<Value>,
    active: Option<bool>,
    headers: Option<Map<String, Value>>,
    params: Option<Map<String, Value>>,
}

/// The actions that a scenario gives, or one of each type with the default fields.
///
/// # Errors
/// What is wrong with the first entry that is wrong.
pub fn configured(options: &Options) -> Result<Vec<Action>, BadOption> {
    let Some(given) = &options.actions else {
        return Ok(options
            .profile
            .numbers()
            .into_iter()
            .map(|(number, topic)| plain(number, topic, options))
            .collect());
    };
    let Value::Array(entries) = given else {
        return Err(bad("actions", "it is a list of push actions, such as `[{ type: 9, method: GET }]`"));
    };
    if entries.len() > ACTIONS_MAX {
        return Err(bad("actions", format!("{} entries; at most {ACTIONS_MAX}", entries.len())));
    }
    let mut actions = Vec::new();
    for (place, entry) in (1..).zip(entries) {
        let kind = entry.get("type").and_then(scalar).map(|kind| format!(" (type {kind})")).unwrap_or_default();
        let action = read_entry(entry, options);
        actions.extend(action.map_err(|reason| bad("actions", format!("entry {place}{kind}: {reason}")))?);
    }
    Ok(actions)
}

fn plain(number: &'static str, topic: Topic, options: &Options) -> Action {
    Action {
        number,
        topic,
        url: None,
        method: options.method.0,
        content_type: options.content_type,
        timeout: None,
        waits: None,
        delay: options.delay,
        headers: Vec::new(),
        params: topic.rows().iter().map(|row| (Cow::Borrowed(row.field.name), Source::Variable(row))).collect(),
    }
}

/// The waits of as many further attempts: wait n is n times the interval.
pub fn waits(retry: u64, interval: Duration) -> Vec<Duration> {
    (1..=retry.min(RETRY_MAX) as u32).map(|nth| interval.saturating_mul(nth)).collect()
}

/// One entry; `None` where it is switched off.
fn read_entry(entry: &Value, options: &Options) -> Result<Option<Action>, String> {
    if !entry.is_object() {
        return Err("it is a map, such as `{ type: 9, method: GET }`".into());
    }
    let entry = Entry::deserialize(entry).map_err(|error| error.to_string())?;
    let wanted = scalar(&entry.r#type).unwrap_or_default();
    let numbers = options.profile.numbers();
    let Some((number, topic)) = numbers.iter().find(|(number, _)| *number == wanted) else {
        let last = numbers.len();
        return Err(format!("there is no push type `{wanted}`; types are the numbers 1 to {last}"));
    };
    let mut action = plain(number, *topic, options);
    if let Some(url) = &entry.url {
        action.url = Some(address(url)?);
    }
    match entry.method.as_deref() {
        None => {}
        Some("GET") => action.method = Method::Get,
        Some("POST") => action.method = Method::Post,
        Some(other) => return Err(format!("`method` is `{other}`; it is GET or POST")),
    }
    match entry.content_type.as_deref() {
        None => {}
        Some("form") => action.content_type = ContentType::Form,
        Some("json") => action.content_type = ContentType::Json,
        Some(other) => return Err(format!("`content_type` is `{other}`; it is form or json")),
    }
    if let Some(timeout) = &entry.timeout {
        let timeout = length("timeout", timeout, TIMEOUT_MAX)?;
        if timeout.is_zero() {
            return Err("`timeout` is 0; write for example `3s`".into());
        }
        action.timeout = Some(timeout);
    }
    if let Some(retry) = &entry.retry {
        let count = scalar(retry).and_then(|text| text.parse::<u64>().ok());
        let count = count.filter(|count| *count <= RETRY_MAX);
        let count = count.ok_or_else(|| format!("`retry` is {retry}; it is a number from 0 to {RETRY_MAX}"))?;
        action.waits = Some(waits(count, options.retry_interval));
    }
    if let Some(delay) = &entry.delay {
        action.delay = length("delay", delay, DELAY_MAX)?;
    }
    if let Some(headers) = &entry.headers {
        action.headers = read_headers(headers)?;
    }
    if let Some(params) = &entry.params {
        action.params = read_params(params, *topic)?;
    }
    Ok(entry.active.unwrap_or(true).then_some(action))
}

fn address(text: &str) -> Result<Url, String> {
    let wrong = || format!("`url` is `{text}`; it is an address such as http://127.0.0.1:8080/hook");
    let url = Url::parse(text).map_err(|_| wrong())?;
    if ["http", "https"].contains(&url.scheme()) && url.has_host() { Ok(url) } else { Err(wrong()) }
}

/// A length of time: a number of seconds as the vendor has it, or a text such as `3s`.
fn length(name: &str, value: &Value, longest: Duration) -> Result<Duration, String> {
    let length = match value {
        Value::Number(seconds) => seconds.as_u64().map(Duration::from_secs),
        Value::String(text) => match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => Some(duration::parse(text).map_err(|reason| format!("`{name}`: {reason}"))?),
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let length = length.filter(|length| *length <= longest);
    length.ok_or_else(|| format!("`{name}` is {value}; it is a length of time up to {} s", longest.as_secs()))
}

fn read_headers(given: &Map<String, Value>) -> Result<Vec<(String, String)>, String> {
    if given.len() > HEADERS_MAX {
        return Err(format!("{} headers; at most {HEADERS_MAX}", given.len()));
    }
    let header = |(name, value): (&String, &Value)| {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(format!("`{name}` is not the name of a header"));
        }
        if HEADERS_RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(format!("the header `{name}` belongs to the connection; leave it out"));
        }
        match scalar(value).filter(|value| is_header_value(value)) {
            Some(value) => Ok((name.clone(), value)),
            None => Err(format!("the header `{name}` holds printable ASCII only")),
        }
    };
    given.iter().map(header).collect()
}

fn read_params(given: &Map<String, Value>, topic: Topic) -> Result<Vec<(Cow<'static, str>, Source)>, String> {
    if given.len() > PARAMS_MAX {
        return Err(format!("{} params; at most {PARAMS_MAX}", given.len()));
    }
    let param = |(name, variable): (&String, &Value)| match scalar(variable) {
        Some(variable) => Ok((name.clone().into(), source(variable, topic))),
        None => Err(format!("the variable of `params.{name}` is a list or a map; it is a name or a text")),
    };
    given.iter().map(param).collect()
}

/// What a configured variable refers to.
fn source(variable: String, topic: Topic) -> Source {
    if let Some(name) = variable.strip_prefix("${").and_then(|name| name.strip_suffix('}')) {
        return channel::variable(name).map_or_else(|| Source::Custom(name.to_owned()), Source::Variable);
    }
    match event_variable(&variable, topic).filter(|_| topic.family() == Family::Event) {
        Some(row) => Source::Variable(row),
        None => Source::Text(variable),
    }
}

/// The event variable of this name: that of the type itself, or of any other.
fn event_variable(name: &str, topic: Topic) -> Option<&'static Row> {
    let others = TYPES.iter().filter(|of_type| of_type.topic.family() == Family::Event);
    topic.rows().iter().chain(others.flat_map(|of_type| of_type.rows)).find(|row| row.field.name == name)
}

/// The text of a value that is not a list or a map.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(on) => Some(on.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a text can be the value of a header.
pub(super) fn is_header_value(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}
