//! The record of a push task, with every field that any generation of the page has, in the order of its sample.

use super::config;
use super::options::Options;
use crate::body::{Form, Leaf};
use crate::call::{
    Audience, Cast, Environment, Fact, MessageType, Moment, Notification, NotificationEvent, Platform, Sending, Source,
};
use crate::vendors::FieldKind::{self, Any, Digits, Flag, Integer, Text, Texts, Time, Word};
use crate::vendors::{FieldTable, Fields, Origin, PushFact, table};
use serde_json::{Map, Value, json};

/// The records that customers query.
pub const RECORDS: &[PushFact] = &[PushFact {
    name: "pushRecordData",
    title: "推送记录",
    when: "kept, not pushed: made with a push task, and changed with its status; get_push_record lists it",
    origin: Origin::Seed,
    fields: Fields(&[FieldTable::rows(RECORD.len(), |place| &RECORD[place].field)]),
    alias: None,
}];

/// A task, and what happened to it.
pub struct Task<'a> {
    pub cast: &'a Cast,
    pub options: &'a Options,
    pub task: &'a Notification,
    /// When it was made.
    pub created: Moment,
    /// When it was pushed.
    pub started: Option<Moment>,
    /// What happened last.
    pub last: NotificationEvent,
}

type Row = table::Row<fn(&Task<'_>) -> Leaf>;

const fn row(
    name: &'static str,
    kind: FieldKind,
    leaf: fn(&Task<'_>) -> Leaf,
    meaning: &'static str,
    chinese: &'static str,
) -> Row {
    table::row(name, kind, leaf, meaning, chinese)
}

/// The fields of a record in the order of the page's sample, then those of tables alone.
pub const RECORD: &[Row] = &[
    row("date", Time(Form::BEIJING), |t| Leaf::time(t.cast, t.date(), Form::BEIJING), DATE, "推送时间"),
    row("pushId", Digits, |t| Leaf::from(&t.task.id), "id of the task", "推送任务标识").fact(Fact::NotificationId),
    row("title", Text, |t| Leaf::from(&t.task.title), "title of the notification", "推送标题"),
    row("content", Text, |t| Leaf::from(&t.task.content), "text of the notification", "推送内容").fact(Fact::Text),
    row("status", Word(STATUSES), |t| status(t.last).into(), "what became of the task", "推送状态")
        .fact(Fact::NotificationState),
    row("pushType", Word(PUSH_TYPES), |t| push_type(&t.task.audience).into(), "whom it is for", "推送目标类型"),
    row(
        "targetList",
        Texts,
        targets,
        "devices or accounts, for token_list and account_list; else null",
        "推送设备或账号列表",
    )
    .nullable(),
    row("tagSet", Any, tag_set, "the tags and whether OR or AND joins them, for tag: object; else null", "推送标签")
        .nullable(),
    row("uploadId", Integer, upload, "number of the uploaded list, for package_account_push; else 0", "号码包标识"),
    row("groupId", Text, |_| Leaf::EMPTY, "empty; in the page's sample only", "分组标识"),
    row(
        "expireTime",
        Integer,
        |t| t.sending().expires.as_secs().into(),
        "seconds for which it is worth delivering",
        "离线保留秒数",
    ),
    row("messageType", Word(&["notify", "message"]), message_type, "whether the phone shows it", "消息类型"),
    row("xgMediaResources", Text, |t| of_option(&t.options.media), "rich media; empty without any", "富媒体资源"),
    row("environment", Word(&["product", "dev"]), environment, "for which build of the application", "推送环境"),
    row("pushConfig", Any, push_config, "object of android, ios and iot, null for what is not used", "推送配置"),
    row(
        "multiPkg",
        Flag,
        |t| t.sending().multi_package.into(),
        "whether it goes to every package name",
        "是否多包名推送",
    ),
    row("source", Word(&["api", "web"]), source, "by what it was made; in the older page's sample only", "任务来源"),
    row(
        "createTime",
        Integer,
        |t| t.created(),
        "when it was made, in seconds since 1970; newer pages only",
        "任务创建时间",
    )
    .origin(Origin::Documented),
    row(
        "xgMediaAudioResources",
        Text,
        |t| of_option(&t.options.audio),
        "audio, or empty; newer pages only",
        "音频资源",
    )
    .origin(Origin::Documented),
    row("collapseID", Integer, |t| t.sending().collapse_id.into(), COLLAPSE, "消息覆盖标识"),
];

const DATE: &str = "when it was pushed, before that when it was made";
const COLLAPSE: &str = "id under which a later task covers it; in the tables only";
const PUSH_TYPES: &[&str] = &["all", "tag", "token_list", "account_list", "package_account_push"];

impl Task<'_> {
    /// The moment that the record goes by. Inferred: a task that is not pushed yet goes by when it was made.
    pub fn date(&self) -> Moment {
        self.started.unwrap_or(self.created)
    }

    fn sending(&self) -> &Sending {
        &self.task.sending
    }

    fn created(&self) -> Leaf {
        Leaf::time(self.cast, self.created, Form::Seconds).as_number()
    }
}

/// Every word of [`status`].
const STATUSES: &[&str] = &[
    "PUSH_INIT",
    "PUSH_WAIT",
    "PUSH_STARTED",
    "PUSH_FINISHED",
    "PUSH_FAILED",
    "PUSH_CANCELED",
    "PUSH_DELETED",
    "PUSH_REVOKED",
    "PUSH_COLLAPSED",
    "PUSH_DELETED_PUSH_MSG",
];

/// The word for what happened last.
fn status(last: NotificationEvent) -> &'static str {
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

fn push_type(audience: &Audience) -> &'static str {
    match audience {
        Audience::All => "all",
        Audience::Tags { .. } => "tag",
        Audience::Tokens(_) => "token_list",
        Audience::Accounts(_) => "account_list",
        Audience::Package(_) => "package_account_push",
    }
}

fn targets(task: &Task<'_>) -> Leaf {
    match &task.task.audience {
        Audience::Tokens(targets) | Audience::Accounts(targets) => Leaf::from(targets.clone()),
        Audience::All | Audience::Tags { .. } | Audience::Package(_) => Leaf::Null,
    }
}

fn upload(task: &Task<'_>) -> Leaf {
    Leaf::from(if let Audience::Package(number) = task.task.audience { number } else { 0 })
}

fn of_option(given: &Option<String>) -> Leaf {
    Leaf::from(given.as_ref()).or_empty()
}

fn tag_set(task: &Task<'_>) -> Leaf {
    let Audience::Tags { tags, all } = &task.task.audience else { return Leaf::Null };
    let tag = |tag: &String| json!({ "tagTypeName": "xg_user_define", "tagValue": tag });
    let op = if *all { "AND" } else { "OR" };
    json!({ "op": op, "tagWithType": tags.iter().map(tag).collect::<Vec<_>>() }).into()
}

fn message_type(task: &Task<'_>) -> Leaf {
    Leaf::from(match task.sending().message_type {
        MessageType::Notify => "notify",
        MessageType::Message => "message",
    })
}

fn environment(task: &Task<'_>) -> Leaf {
    Leaf::from(match task.sending().environment {
        Environment::Product => "product",
        Environment::Dev => "dev",
    })
}

fn source(task: &Task<'_>) -> Leaf {
    Leaf::from(match task.sending().source {
        Source::Api => "api",
        Source::Web => "web",
    })
}

/// What is not used is null.
fn push_config(task: &Task<'_>) -> Leaf {
    let Task { task, options, .. } = task;
    // A text that holds JSON, as the page has it.
    let custom = match task.sending.custom.as_slice() {
        [] => None,
        pairs => {
            let pairs = pairs.iter().map(|(key, value)| (key.clone(), Value::String(value.clone())));
            Some(("custom_content".to_owned(), Value::String(Value::Object(pairs.collect()).to_string())))
        }
    };
    match task.sending.platform {
        Platform::Android => {
            let mut android = config::android(options.android.as_ref());
            android.extend(custom);
            json!({ "android": android, "ios": null, "iot": null }).into()
        }
        Platform::Ios => {
            let mut ios = Map::from_iter([("aps".to_owned(), config::aps(options.ios.as_ref()).into())]);
            // Inferred: the page's snippet ends before any parameters.
            ios.extend(custom);
            json!({ "android": null, "ios": ios, "iot": null }).into()
        }
    }
}
