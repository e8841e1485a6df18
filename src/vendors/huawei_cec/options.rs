//! The settings of Huawei CEC, read once and checked. Their defaults stand in `facts`.

use super::auth::Auth;
use super::{facts, ids};
use crate::call::Cast;
use crate::vendors::{BadSetting, Settings};

/// The longest text that a setting may be, in bytes.
const TEXT_MAX_BYTES: usize = 2048;

/// How the coming of an agent is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connect {
    /// By a notice in the chat.
    pub chat: bool,
    /// By a control message.
    pub control: bool,
}

/// Which messages have the key `callId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallIdKey {
    /// The notice that an agent has come, as in the sample.
    Connected,
    /// None, as in the table.
    Never,
    /// Every one.
    Always,
}

/// How the times of a call are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallTimes {
    /// Milliseconds since 1970.
    Milliseconds,
    /// Seconds since 1970.
    Seconds,
    /// `YYYY-MM-DD HH:MM:SS` in Beijing.
    Clock,
}

/// What a tenant has configured, and how the pages are read where they are silent.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub channel_id: String,
    pub customer_id: String,
    pub auth: Auth,
    pub queuing_text: String,
    pub connected_text: String,
    pub system_nickname: String,
    pub robot_nickname: String,
    pub timeout_tip: String,
    /// Ids of the customer's first messages.
    pub message_ids: Vec<String>,
    pub connect: Connect,
    pub trans2agent: bool,
    pub input_status: bool,
    pub customer_disconnect: bool,
    pub offline_false: bool,
    pub call_id_key: CallIdKey,
    /// How many messages leave in one push.
    pub batch: usize,
    pub call_serial: String,
    pub call_data: String,
    pub call_times: CallTimes,
    /// Without a slash at the end.
    pub record_base: String,
    pub location_id: String,
    pub content_type: String,
}

impl Options {
    /// Reads the settings.
    ///
    /// # Errors
    /// The first setting that is impossible.
    pub fn read(settings: &Settings, cast: &Cast) -> Result<Self, BadSetting> {
        let given = |name| text(settings, name);
        let batch = settings.integer("batch").unwrap_or(1);
        if batch == 0 || batch > facts::BATCH_MAX {
            return Err(bad("batch", format!("it is from 1 to {}", facts::BATCH_MAX)));
        }
        if settings.integer("retry_count").is_some_and(|count| count > facts::RETRY_COUNT_MAX) {
            return Err(bad("retry_count", format!("at most {} further attempts", facts::RETRY_COUNT_MAX)));
        }
        let connect = settings.text("connect").unwrap_or_default();
        Ok(Self {
            channel_id: given("channel_id")?.unwrap_or_else(|| ids::channel(cast)),
            customer_id: customer_id(settings)?.unwrap_or_else(|| ids::customer(cast)),
            auth: auth(settings, cast)?,
            queuing_text: given("queuing_text")?.unwrap_or_default(),
            connected_text: given("connected_text")?.unwrap_or_default(),
            system_nickname: given("system_nickname")?.unwrap_or_default(),
            robot_nickname: given("robot_nickname")?.unwrap_or_default(),
            timeout_tip: given("timeout_tip")?.unwrap_or_default(),
            message_ids: message_ids(settings)?,
            connect: Connect { chat: connect != "control", control: connect != "chat" },
            trans2agent: settings.switch("trans2agent"),
            input_status: settings.switch("input_status"),
            customer_disconnect: settings.switch("customer_disconnect"),
            offline_false: settings.switch("offline_false"),
            call_id_key: match settings.text("call_id_key") {
                Some("never") => CallIdKey::Never,
                Some("always") => CallIdKey::Always,
                _ => CallIdKey::Connected,
            },
            batch: usize::try_from(batch).unwrap_or(1),
            call_serial: given("call_serial")?.unwrap_or_else(|| ids::call(cast)),
            call_data: given("call_data")?.unwrap_or_default(),
            call_times: match settings.text("call_times") {
                Some("seconds") => CallTimes::Seconds,
                Some("clock") => CallTimes::Clock,
                _ => CallTimes::Milliseconds,
            },
            record_base: given("record_base")?.unwrap_or_default().trim_end_matches('/').to_owned(),
            location_id: given("location_id")?.unwrap_or_default(),
            content_type: header(settings, "content_type")?.unwrap_or_default(),
        })
    }
}

fn bad(setting: &'static str, reason: impl Into<String>) -> BadSetting {
    BadSetting { setting, reason: reason.into() }
}

fn text(settings: &Settings, name: &'static str) -> Result<Option<String>, BadSetting> {
    let Some(text) = settings.text(name) else { return Ok(None) };
    if text.is_empty() {
        return Err(bad(name, "it is empty; leave it out to have the default"));
    }
    if text.len() > TEXT_MAX_BYTES {
        return Err(bad(name, format!("it is longer than {TEXT_MAX_BYTES} bytes")));
    }
    Ok(Some(text.to_owned()))
}

/// A text that stands in a header.
fn header(settings: &Settings, name: &'static str) -> Result<Option<String>, BadSetting> {
    match text(settings, name)? {
        Some(text) if !text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) => {
            Err(bad(name, "a header holds printable ASCII only"))
        }
        text => Ok(text),
    }
}

fn customer_id(settings: &Settings) -> Result<Option<String>, BadSetting> {
    match text(settings, "customer_id")? {
        Some(id) if id.chars().count() > facts::CUSTOMER_ID_CHARS_MAX => {
            Err(bad("customer_id", format!("it has at most {} characters", facts::CUSTOMER_ID_CHARS_MAX)))
        }
        id => Ok(id),
    }
}

fn message_ids(settings: &Settings) -> Result<Vec<String>, BadSetting> {
    let ids = settings.list("message_ids").unwrap_or_default();
    // They are joined by commas in one text.
    let fits = |id: &String| !id.is_empty() && !id.contains(',') && id.chars().count() <= facts::MESSAGE_ID_CHARS_MAX;
    match ids.iter().find(|id| !fits(id)) {
        Some(_) => {
            let most = facts::MESSAGE_ID_CHARS_MAX;
            Err(bad("message_ids", format!("an id has 1 to {most} characters and no comma")))
        }
        None => Ok(ids.to_vec()),
    }
}

fn auth(settings: &Settings, cast: &Cast) -> Result<Auth, BadSetting> {
    let token = header(settings, "token")?;
    let access_key = header(settings, "access_key")?;
    let push_key = text(settings, "push_key")?;
    let fits = |key: &String| {
        key.chars().count() == facts::PUSH_KEY_CHARS && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if push_key.as_ref().is_some_and(|key| !fits(key)) {
        return Err(bad("push_key", format!("it is exactly {} letters and digits", facts::PUSH_KEY_CHARS)));
    }
    Ok(match settings.text("auth") {
        Some("none") => Auth::Nothing,
        Some("auth_v2") => Auth::V2 {
            access_key: access_key.unwrap_or_else(|| ids::access_key(cast)),
            push_key: push_key.unwrap_or_else(|| ids::push_key(cast)),
            signed: settings.text("auth_v2_form") != Some("literal"),
        },
        _ => Auth::Bearer { token: token.unwrap_or_else(|| ids::token(cast)) },
    })
}
