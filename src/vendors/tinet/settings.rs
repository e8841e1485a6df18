//! What can be set for TiNet, each with its default and where that comes from. How it is read stands in `options`.

use super::profile::PROFILES;
use crate::vendors::{Origin, SettingFact, SettingKind};
use std::time::Duration;

/// The most further attempts that a push action takes.
pub const RETRY_MAX: u64 = 3;
/// The longest that a push action is held back.
pub const DELAY_MAX: Duration = Duration::from_secs(900);
/// The words of `success`.
pub const SUCCESS_RULES: [&str; 3] = ["status_200", "status_2xx", "body_contains"];
/// The words of `param_order`.
pub const PARAM_ORDERS: [&str; 3] = ["hash", "fixed", "random"];
/// The words of `missing`.
pub const MISSING_RULES: [&str; 3] = ["by-type", "empty", "omit"];
/// The words of `http_interaction`.
pub const HTTP_TRIGGERS: [&str; 3] = ["never", "first-key", "menu"];

const fn seed(name: &'static str, kind: SettingKind, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin: Origin::Seed }
}

const fn documented(name: &'static str, kind: SettingKind, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin: Origin::Documented }
}

const fn inferred(name: &'static str, kind: SettingKind, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin: Origin::Inferred }
}

const fn text(default: &'static str) -> SettingKind {
    SettingKind::Text(Some(default))
}

const DRAWN: SettingKind = SettingKind::Text(None);

/// What can be set.
pub const SETTINGS: &[SettingFact] = &[
    seed(
        "profile",
        SettingKind::Choice(&PROFILES),
        "which numbers the push types have: those of the page, or older ones",
    ),
    inferred(
        "actions",
        SettingKind::Any,
        "the push actions: a list of {type, url, method, content_type, timeout, retry, delay, headers, params}; \
         without it one of each type, with the default fields",
    ),
    inferred("variables", SettingKind::Any, "custom variables of the call: a map of names to texts, for `${name}`"),
    // Transport.
    inferred("method", SettingKind::Choice(&["POST", "GET"]), "the method of actions that name none"),
    seed("content_type", SettingKind::Choice(&["form", "json"]), "the content type of actions that name none"),
    inferred(
        "form_content_type",
        text("application/x-www-form-urlencoded; charset=UTF-8"),
        "the Content-Type header of a form",
    ),
    inferred("json_content_type", text("application/json;charset=UTF-8"), "the Content-Type header of JSON"),
    inferred(
        "user_agent",
        DRAWN,
        "the User-Agent header, such as Apache-HttpClient/4.5.13 (Java/1.8); else Ringback's own",
    ),
    inferred(
        "merge_url_query",
        SettingKind::Switch(true),
        "a query in the configured address moves into the parameters",
    ),
    inferred(
        "param_order",
        SettingKind::Choice(&PARAM_ORDERS),
        "the order of parameters: that of a Java HashMap, as in the seed's samples; as configured; or drawn",
    ),
    inferred(
        "missing",
        SettingKind::Choice(&MISSING_RULES),
        "parameters without a value: empty while the channel lives and left out after it, always empty, or always left out",
    ),
    seed("timeout", SettingKind::Duration(Duration::from_secs(3)), "how long an attempt may take"),
    inferred("retry", SettingKind::Integer(Some(RETRY_MAX)), "further attempts after a failure, at most 3"),
    inferred("retry_interval", SettingKind::Duration(Duration::from_secs(5)), "wait n is n times as long as this"),
    seed("delay", SettingKind::Duration(Duration::ZERO), "how long a push is held back, at most 900 s"),
    inferred("success", SettingKind::Choice(&SUCCESS_RULES), "which answer is a success"),
    inferred("success_text", DRAWN, "what the body has to contain under `success: body_contains`"),
    // Identity.
    inferred("enterprise", DRAWN, "enterpriseId, 7 digits from 7; drawn where it is not given"),
    inferred("node", DRAWN, "the media node in unique ids, such as sip-33; drawn where it is not given"),
    inferred(
        "sequence",
        SettingKind::Integer(None),
        "the sequence of the first unique id; drawn where it is not given",
    ),
    inferred("request_id", DRAWN, "requestUniqueId; 32 hexadecimal digits where it is drawn"),
    inferred("sip_call_id", DRAWN, "cdr_callid; a UUID where it is drawn"),
    inferred("hotline", DRAWN, "the hotline of inbound calls; else the scenario's line"),
    inferred("trunk", DRAWN, "numberTrunk; else the scenario's line"),
    documented(
        "bind_type",
        SettingKind::Choice(&["phone", "extension", "softphone"]),
        "bindType: the device of agents who did not log in in the scenario",
    ),
    // Agents.
    documented("wrap_up", SettingKind::Duration(Duration::from_secs(10)), "the wrap-up after a call; 0s for none"),
    documented("wrap_up_task", SettingKind::Duration(Duration::from_secs(30)), "the wrap-up after a predictive call"),
    inferred(
        "auto_idle",
        SettingKind::Switch(true),
        "agents are idle again once the wrap-up is over; off: once the script says so",
    ),
    inferred("calling_state", SettingKind::Switch(true), "agents called by the platform are 呼叫中 before they ring"),
    inferred(
        "state_actions",
        SettingKind::Any,
        "other names for stateAction: a map such as { ACW: wrapup, offline: logout }; 离线 has none unless it is given here",
    ),
    inferred("pause_description", text("置忙"), "pauseDescription where the script names no reason"),
    inferred("hold_state", SettingKind::Choice(&["保持", "通话"]), "the state behind `hold`"),
    inferred("customer_ring_state", SettingKind::Choice(&["通话", "响铃"]), "the state behind `ringingCustomerOb`"),
    inferred(
        "no_answer_action",
        SettingKind::Choice(&["idle", "ringingCustomerNoAnswerOb"]),
        "stateAction of an agent whose customer did not answer",
    ),
    inferred("no_wrap_up_action", SettingKind::Choice(&["idle", "hangup"]), "stateAction after a call without wrap-up"),
    inferred("missed_state", SettingKind::Choice(&["idle", "pause"]), "the state of an agent who missed a call"),
    inferred("login_state", SettingKind::Choice(&["idle", "pause"]), "the state of an agent who logs in"),
    inferred(
        "predictive_ring",
        SettingKind::Choice(&["ringingAgentOb", "ringingIb"]),
        "stateAction in a predictive call",
    ),
    inferred("direct_states", SettingKind::Switch(false), "type 9 is sent in direct calls, too"),
    // Which pushes.
    inferred(
        "incoming_callbacks",
        SettingKind::Switch(false),
        "type 1 when a dialled customer enters a voice menu, too",
    ),
    inferred("webcall_bridge", SettingKind::Switch(false), "type 25 for the first agent of a webcall, too"),
    inferred("http_interaction", SettingKind::Choice(&HTTP_TRIGGERS), "when a voice menu sends type 13"),
    inferred("tag", text(""), "the mark of the customer in type 13"),
    inferred("task_type", SettingKind::Choice(&["predictive", "automatic"]), "the type of dialling tasks"),
    inferred("survey_name", text("满意度调查"), "investigationName"),
];
