//! What is known of TPNS: the record of a push task with its fields, and what can be set.

use crate::vendors::{FieldFact, Origin, PushFact, SettingFact, SettingKind};

/// The records that customers query.
pub const RECORDS: &[PushFact] = &[PushFact {
    name: "pushRecordData",
    title: "推送记录",
    when: "kept, not pushed: made with a push task, and changed with its status; get_push_record lists it",
    origin: Origin::Seed,
    fields: FIELDS,
}];

const fn seed(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Seed }
}

const fn documented(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Documented }
}

/// The fields of a record in the order of the page's sample, then those of tables alone.
const FIELDS: &[FieldFact] = &[
    seed("date", "when it was pushed, before that when it was made: YYYY-MM-DD hh:mm:ss in Beijing"),
    seed("pushId", "id of the task: text of digits"),
    seed("title", "title: text"),
    seed("content", "text of the notification: text"),
    seed(
        "status",
        "PUSH_INIT, PUSH_WAIT, PUSH_STARTED, PUSH_FINISHED, PUSH_FAILED, PUSH_CANCELED, PUSH_DELETED, PUSH_REVOKED, \
         PUSH_COLLAPSED or PUSH_DELETED_PUSH_MSG",
    ),
    seed("pushType", "all, tag, token_list, account_list or package_account_push"),
    seed("targetList", "devices or accounts, for those types: list of text, else null"),
    seed("tagSet", "the tags and whether OR or AND joins them, for the type tag: object, else null"),
    seed("uploadId", "number of the uploaded list, for the type package_account_push: integer, else 0"),
    seed("groupId", "empty; in the page's sample only"),
    seed("expireTime", "for how many seconds it is worth delivering: integer"),
    seed("messageType", "notify or message"),
    seed("xgMediaResources", "rich media: text, empty without any"),
    seed("environment", "product or dev"),
    seed("pushConfig", "how the phones show it: object of android, ios and iot, null for what is not used"),
    seed("multiPkg", "whether it goes to every package name of the application: boolean"),
    seed("source", "api or web; in the older page's sample only"),
    documented("createTime", "when it was made, in seconds since 1970: integer; newer pages only"),
    documented("xgMediaAudioResources", "audio: text, empty without any; newer pages only"),
    seed("collapseID", "id under which a later task covers it: integer; in the tables only"),
];

const fn inferred(name: &'static str, kind: SettingKind, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin: Origin::Inferred }
}

/// What can be set.
pub const SETTINGS: &[SettingFact] = &[
    inferred(
        "access_id",
        SettingKind::Text(None),
        "the application whose records these are, such as 1500001048; records of none are shown to every application",
    ),
    inferred("media", SettingKind::Text(None), "xgMediaResources; empty unless it is set"),
    inferred("audio", SettingKind::Text(None), "xgMediaAudioResources; empty unless it is set"),
    inferred("android", SettingKind::Any, "keys of pushConfig.android that are not as in the sample: a map"),
    inferred("ios", SettingKind::Any, "keys of pushConfig.ios.aps that are not as on the page: a map"),
];
