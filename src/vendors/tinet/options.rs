//! The settings of TiNet, read once and checked. Their defaults stand in `settings`, the push actions in `actions`.

use super::actions::{self, Action};
use super::profile::{Profile, profile};
use super::settings::{DELAY_MAX, HTTP_TRIGGERS, MISSING_RULES, PARAM_ORDERS, RETRY_MAX, SUCCESS_RULES};
use super::states::Act;
use super::topic::Missing;
use super::transport::ParamOrder;
use crate::call::{Cast, LoginDevice};
use crate::vendors::{BadSetting, Settings};
use serde_json::Value;
use std::time::Duration;

/// The longest text that a setting may be, in bytes.
const TEXT_MAX_BYTES: usize = 512;
/// The most entries of a map of texts.
const TEXTS_MAX: usize = 200;

/// When a voice menu asks the receiver (type 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpTrigger {
    Never,
    FirstKey,
    Menu,
}

/// What a customer of TiNet has configured, and which reading is taken where nothing is public.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub actions: Vec<Action>,
    pub variables: Vec<(String, String)>,
    pub form_content_type: String,
    pub json_content_type: String,
    pub user_agent: Option<String>,
    pub merge_url_query: bool,
    pub param_order: ParamOrder,
    /// `None`: by the type of the push.
    pub missing: Option<Missing>,
    pub enterprise: String,
    pub node: String,
    pub sequence: u64,
    pub request_id: String,
    pub sip_call_id: String,
    pub hotline: String,
    pub trunk: String,
    pub device: LoginDevice,
    pub wrap_up: Duration,
    pub wrap_up_task: Duration,
    pub auto_idle: bool,
    pub calling_state: bool,
    /// Other names for `stateAction`, by the default ones.
    pub state_actions: Vec<(String, String)>,
    pub pause_description: String,
    pub hold_state: String,
    pub customer_ring_state: String,
    pub no_answer: Act,
    pub no_wrap_up: Act,
    pub missed: Act,
    pub login: Act,
    pub predictive_ring: Act,
    pub direct_states: bool,
    pub incoming_callbacks: bool,
    pub webcall_bridge: bool,
    pub http_interaction: HttpTrigger,
    pub tag: String,
    pub task_automatic: bool,
    pub survey_name: String,
}

impl Options {
    /// Reads the settings; what is left out and has to be drawn is drawn from the call's key.
    ///
    /// # Errors
    /// The first setting that is impossible.
    pub fn read(settings: &Settings, cast: &Cast) -> Result<Self, BadSetting> {
        check_delivery(settings)?;
        let keyed = &cast.keyed;
        let numbering = numbering(settings)?;
        let act = |name, otherwise: Act, usual: Act| {
            if settings.text(name) == Some(otherwise.name()) { otherwise } else { usual }
        };
        Ok(Self {
            actions: match settings.any("actions") {
                Some(given) => actions::read(given, numbering, settings)?,
                None => actions::defaults(numbering, settings),
            },
            variables: texts(settings, "variables", "{ userId: \"1\" }")?,
            form_content_type: header(settings, "form_content_type")?.unwrap_or_default(),
            json_content_type: header(settings, "json_content_type")?.unwrap_or_default(),
            user_agent: header(settings, "user_agent")?,
            merge_url_query: settings.switch("merge_url_query"),
            param_order: match choice(settings, "param_order", &PARAM_ORDERS)? {
                "fixed" => ParamOrder::Fixed,
                "random" => ParamOrder::Random,
                _ => ParamOrder::Hash,
            },
            missing: match choice(settings, "missing", &MISSING_RULES)? {
                "empty" => Some(Missing::Empty),
                "omit" => Some(Missing::Omitted),
                _ => None,
            },
            enterprise: enterprise(settings)?
                .unwrap_or_else(|| format!("71{}", keyed.centre().stream("tinet.enterprise").digits(5))),
            node: node(settings)?.unwrap_or_else(|| format!("sip-{}", keyed.stream("tinet.node").within(1..=60))),
            sequence: match settings.integer("sequence") {
                Some(sequence) if sequence > SEQUENCE_MAX => {
                    return Err(bad("sequence", format!("a sequence is at most {SEQUENCE_MAX}")));
                }
                Some(sequence) => sequence,
                None => keyed.stream("tinet.sequence").within(100..=299_999),
            },
            request_id: text(settings, "request_id")?.unwrap_or_else(|| keyed.stream("tinet.request").hex(32)),
            sip_call_id: text(settings, "sip_call_id")?.unwrap_or_else(|| keyed.stream("tinet.sip").uuid().to_string()),
            hotline: text(settings, "hotline")?.unwrap_or_else(|| cast.line.clone()),
            trunk: text(settings, "trunk")?.unwrap_or_else(|| cast.line.clone()),
            device: match settings.text("bind_type") {
                Some("extension") => LoginDevice::Sip,
                Some("softphone") => LoginDevice::Softphone,
                _ => LoginDevice::Phone,
            },
            wrap_up: settings.duration("wrap_up"),
            wrap_up_task: settings.duration("wrap_up_task"),
            auto_idle: settings.switch("auto_idle"),
            calling_state: settings.switch("calling_state"),
            state_actions: state_actions(settings)?,
            pause_description: settings.text("pause_description").unwrap_or_default().to_owned(),
            hold_state: settings.text("hold_state").unwrap_or_default().to_owned(),
            customer_ring_state: settings.text("customer_ring_state").unwrap_or_default().to_owned(),
            no_answer: act("no_answer_action", Act::CustomerNoAnswer, Act::Idle),
            no_wrap_up: act("no_wrap_up_action", Act::Hangup, Act::Idle),
            missed: act("missed_state", Act::Pause, Act::Idle),
            login: act("login_state", Act::Pause, Act::Idle),
            predictive_ring: act("predictive_ring", Act::RingingIb, Act::RingingAgentOb),
            direct_states: settings.switch("direct_states"),
            incoming_callbacks: settings.switch("incoming_callbacks"),
            webcall_bridge: settings.switch("webcall_bridge"),
            http_interaction: match choice(settings, "http_interaction", &HTTP_TRIGGERS)? {
                "first-key" => HttpTrigger::FirstKey,
                "menu" => HttpTrigger::Menu,
                _ => HttpTrigger::Never,
            },
            tag: settings.text("tag").unwrap_or_default().to_owned(),
            task_automatic: settings.text("task_type") == Some("automatic"),
            survey_name: settings.text("survey_name").unwrap_or_default().to_owned(),
        })
    }
}

/// The largest sequence that can be set: the legs of a call count on from it.
const SEQUENCE_MAX: u64 = 999_999_999_999;

pub(super) fn bad(setting: &'static str, reason: impl Into<String>) -> BadSetting {
    BadSetting { setting, reason: reason.into() }
}

/// What is about delivery and not about this call.
fn check_delivery(settings: &Settings) -> Result<(), BadSetting> {
    if settings.integer("retry").is_some_and(|retry| retry > RETRY_MAX) {
        return Err(bad("retry", format!("at most {RETRY_MAX} further attempts")));
    }
    if settings.duration("delay") > DELAY_MAX {
        return Err(bad("delay", format!("at most {} s", DELAY_MAX.as_secs())));
    }
    if settings.duration("timeout").is_zero() {
        return Err(bad("timeout", "it is 0; write for example `3s`"));
    }
    let rule = choice(settings, "success", &SUCCESS_RULES)?;
    if rule == "body_contains" && settings.text("success_text").unwrap_or_default().is_empty() {
        return Err(bad("success_text", "`success: body_contains` needs the text that the body has to contain"));
    }
    Ok(())
}

fn numbering(settings: &Settings) -> Result<Profile, BadSetting> {
    profile(settings.text("profile").unwrap_or_default())
        .ok_or_else(|| bad("profile", format!("it is one of {}", super::profile::PROFILES.join(", "))))
}

fn text(settings: &Settings, name: &'static str) -> Result<Option<String>, BadSetting> {
    let Some(text) = settings.text(name) else { return Ok(None) };
    if text.is_empty() {
        return Err(bad(name, "it is empty; leave it out for the default"));
    }
    if text.len() > TEXT_MAX_BYTES {
        return Err(bad(name, format!("it is longer than {TEXT_MAX_BYTES} bytes")));
    }
    Ok(Some(text.to_owned()))
}

fn choice<'a>(settings: &'a Settings, name: &'static str, words: &[&str]) -> Result<&'a str, BadSetting> {
    let word = settings.text(name).unwrap_or_default();
    if words.contains(&word) { Ok(word) } else { Err(bad(name, format!("it is one of {}", words.join(", ")))) }
}

fn header(settings: &Settings, name: &'static str) -> Result<Option<String>, BadSetting> {
    let value = text(settings, name)?;
    match &value {
        Some(value) if !actions::is_header_value(value) => Err(bad(name, "a header holds printable ASCII only")),
        _ => Ok(value),
    }
}

fn enterprise(settings: &Settings) -> Result<Option<String>, BadSetting> {
    let id = text(settings, "enterprise")?;
    match &id {
        // The log of pushes shows it as a whole number.
        Some(id) if id.len() > 18 || !id.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(bad("enterprise", "an enterprise is a number such as 7122600"))
        }
        _ => Ok(id),
    }
}

fn node(settings: &Settings) -> Result<Option<String>, BadSetting> {
    let node = text(settings, "node")?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match &node {
        Some(node) if !node.bytes().all(allowed) => {
            Err(bad("node", "a node has letters, digits, `-`, `_` and `.`, such as sip-33"))
        }
        _ => Ok(node),
    }
}

/// A map of names to texts.
fn texts(settings: &Settings, name: &'static str, example: &str) -> Result<Vec<(String, String)>, BadSetting> {
    let given = match settings.any(name) {
        None => return Ok(Vec::new()),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(bad(name, format!("it is a map of names to texts, such as `{example}`"))),
    };
    if given.len() > TEXTS_MAX {
        return Err(bad(name, format!("{} entries; at most {TEXTS_MAX}", given.len())));
    }
    let text = |(key, value): (&String, &Value)| match actions::scalar(value) {
        Some(text) => Ok((key.clone(), text)),
        None => Err(bad(name, format!("`{key}` is a list or a map; it is a text"))),
    };
    given.iter().map(text).collect()
}

fn state_actions(settings: &Settings) -> Result<Vec<(String, String)>, BadSetting> {
    let renamed = texts(settings, "state_actions", "{ ACW: wrapup }")?;
    match renamed.iter().find(|(known, _)| !Act::ALL.iter().any(|act| act.name() == known)) {
        Some((unknown, _)) => {
            let names: Vec<&str> = Act::ALL.iter().map(|act| act.name()).collect();
            Err(bad("state_actions", format!("there is no action `{unknown}`; there are {}", names.join(", "))))
        }
        None => Ok(renamed),
    }
}
