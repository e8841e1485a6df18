//! The record of a push task, with every field that any generation of the page has, in the order of its sample.

use super::config;
use super::options::Options;
use crate::call::{Audience, Cast, Environment, MessageType, Notification, NotificationEvent, Platform, Source};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A record.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PushRecord<'a> {
    date: String,
    push_id: &'a str,
    title: &'a str,
    content: &'a str,
    status: &'static str,
    push_type: &'static str,
    target_list: Option<&'a [String]>,
    tag_set: Value,
    upload_id: u64,
    group_id: &'static str,
    expire_time: u64,
    message_type: &'static str,
    xg_media_resources: &'a str,
    environment: &'static str,
    push_config: Value,
    multi_pkg: bool,
    source: &'static str,
    create_time: i64,
    xg_media_audio_resources: &'a str,
    #[serde(rename = "collapseID")]
    collapse_id: u64,
}

/// The moments of a task, from the start of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// When it was made.
    pub created: Duration,
    /// When it was pushed.
    pub started: Option<Duration>,
}

impl Moments {
    /// The moment that the record goes by. Inferred: a task that is not pushed yet goes by when it was made.
    pub fn date(self) -> Duration {
        self.started.unwrap_or(self.created)
    }
}

/// The record of a task to which this happened last.
pub fn content(
    task: &Notification,
    last: NotificationEvent,
    moments: Moments,
    cast: &Cast,
    options: &Options,
) -> Value {
    let sending = &task.sending;
    let (push_type, target_list, tag_set, upload_id) = match &task.audience {
        Audience::All => ("all", None, Value::Null, 0),
        Audience::Tags { tags, all } => ("tag", None, self::tag_set(tags, *all), 0),
        Audience::Tokens(tokens) => ("token_list", Some(tokens.as_slice()), Value::Null, 0),
        Audience::Accounts(accounts) => ("account_list", Some(accounts.as_slice()), Value::Null, 0),
        Audience::Package(number) => ("package_account_push", None, Value::Null, *number),
    };
    let record = PushRecord {
        date: cast.beijing(moments.date()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        push_id: &task.id,
        title: &task.title,
        content: &task.content,
        status: status(last),
        push_type,
        target_list,
        tag_set,
        upload_id,
        group_id: "",
        expire_time: sending.expires.as_secs(),
        message_type: match sending.message_type {
            MessageType::Notify => "notify",
            MessageType::Message => "message",
        },
        xg_media_resources: &options.media,
        environment: match sending.environment {
            Environment::Product => "product",
            Environment::Dev => "dev",
        },
        push_config: push_config(task, options),
        multi_pkg: sending.multi_package,
        source: match sending.source {
            Source::Api => "api",
            Source::Web => "web",
        },
        create_time: cast.epoch_second(moments.created),
        xg_media_audio_resources: &options.audio,
        collapse_id: sending.collapse_id,
    };
    // Texts, numbers and objects under text keys: nothing here that JSON could not hold.
    serde_json::to_value(record).unwrap_or_default()
}

/// The word for what happened last.
pub fn status(last: NotificationEvent) -> &'static str {
    match last {
        NotificationEvent::Created => "PUSH_INIT",
        NotificationEvent::Scheduled => "PUSH_WAIT",
        NotificationEvent::Started => "PUSH_STARTED",
        NotificationEvent::Finished => "PUSH_FINISHED",
        NotificationEvent::Failed => "PUSH_FAILED",
        NotificationEvent::Cancelled => "PUSH_CANCELED",
        NotificationEvent::Deleted => "PUSH_DELETED",
        NotificationEvent::Terminated => "PUSH_DELETED_PUSH_MSG",
        NotificationEvent::Revoked => "PUSH_REVOKED",
        NotificationEvent::Collapsed => "PUSH_COLLAPSED",
    }
}

fn tag_set(tags: &[String], all: bool) -> Value {
    let tag = |tag: &String| json!({ "tagTypeName": "xg_user_define", "tagValue": tag });
    json!({ "op": if all { "AND" } else { "OR" }, "tagWithType": tags.iter().map(tag).collect::<Vec<_>>() })
}

/// What is not used is null.
fn push_config(task: &Notification, options: &Options) -> Value {
    // A text that holds JSON, as the page has it.
    let custom = match task.sending.custom.as_slice() {
        [] => None,
        pairs => {
            let pairs = pairs.iter().map(|(key, value)| (key.clone(), Value::String(value.clone())));
            Some(Value::String(Value::Object(pairs.collect()).to_string()))
        }
    };
    match task.sending.platform {
        Platform::Android => {
            let mut android = config::android(&options.android);
            android.extend(custom.map(|custom| ("custom_content".to_owned(), custom)));
            json!({ "android": android, "ios": null, "iot": null })
        }
        Platform::Ios => {
            let mut ios = Map::new();
            ios.insert("aps".to_owned(), config::aps(&options.ios).into());
            // Inferred: the page's snippet ends before any parameters.
            ios.extend(custom.map(|custom| ("custom_content".to_owned(), custom)));
            json!({ "android": null, "ios": ios, "iot": null })
        }
    }
}
