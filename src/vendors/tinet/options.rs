//! What can be set for TiNet, each with its default and where that comes from.

use super::actions;
use super::profile::Profile;
use super::states::Act;
use super::topic::Missing;
use super::transport::ParamOrder;
use crate::call::LoginDevice;
use crate::duration::DURATION_MAX;
use crate::http::Method;
use crate::vendors::options::{OptionType, Words, options};
use crate::vendors::{BadOption, GivenOptions, OptionKind, OptionValue};
use serde_json::Value;
use std::time::Duration;

/// The most further attempts that a push action takes.
pub const RETRY_MAX: u64 = 3;
/// The longest that a push action is held back.
pub const DELAY_MAX: Duration = Duration::from_secs(900);
/// The largest sequence that can be set: the legs of a call count on from it.
const SEQUENCE_MAX: u64 = 999_999_999_999;
/// The longest id, address or header that can be set, in bytes.
const ID_MAX_BYTES: usize = 512;

options! {
    /// What a customer of TiNet has configured, and which reading is taken where nothing is public.
    #[derive(Debug, Clone)]
    pub struct Options {
        profile: Profile = (), Seed, "which numbers the push types have: those of the page, or older ones";
        actions: Option<Value> = (), Inferred,
            "the push actions: a list of {type, url, method, content_type, timeout, retry, delay, headers, params}; \
             without it one of each type, with the default fields";
        variables: Option<Value> = (), Inferred, "custom variables of the call: a map of names to texts, for `${name}`";
        // Transport.
        method: ActionMethod = (), Inferred, "the method of actions that name none";
        content_type: ContentType = (), Seed, "the content type of actions that name none";
        form_content_type: String = "application/x-www-form-urlencoded; charset=UTF-8", Inferred,
            "the Content-Type header of a form";
        json_content_type: String = "application/json;charset=UTF-8", Inferred, "the Content-Type header of JSON";
        user_agent: Option<String> = (), Inferred,
            "the User-Agent header, such as Apache-HttpClient/4.5.13 (Java/1.8); else Ringback's own";
        merge_url_query: bool = true, Inferred, "a query in the configured address moves into the parameters";
        param_order: ParamOrder = (), Inferred,
            "the order of parameters: that of a Java HashMap, as in the seed's samples; as configured; or drawn";
        missing: MissingRule = (), Inferred,
            "parameters without a value: empty while the channel lives and left out after it, always empty, or always left out";
        timeout: Duration = (Duration::from_secs(3), DURATION_MAX), Seed, "how long an attempt may take";
        retry: u64 = (RETRY_MAX, RETRY_MAX), Inferred, "further attempts after a failure, at most 3";
        retry_interval: Duration = (Duration::from_secs(5), DURATION_MAX), Inferred,
            "wait n is n times as long as this";
        delay: Duration = (Duration::ZERO, DELAY_MAX), Seed, "how long a push is held back, at most 900 s";
        success: SuccessRule = (), Inferred, "which answer is a success";
        success_text: Option<String> = (), Inferred, "what the body has to contain under `success: body_contains`";
        // Identity.
        enterprise: Option<String> = (), Inferred, "enterpriseId, 7 digits from 7; drawn where it is not given";
        node: Option<String> = (), Inferred,
            "the media node in unique ids, such as sip-33; drawn where it is not given";
        sequence: Option<u64> = SEQUENCE_MAX, Inferred,
            "the sequence of the first unique id; drawn where it is not given";
        request_id: Option<String> = (), Inferred, "requestUniqueId; 32 hexadecimal digits where it is drawn";
        sip_call_id: Option<String> = (), Inferred, "cdr_callid; a UUID where it is drawn";
        hotline: Option<String> = (), Inferred, "the hotline of inbound calls; else the scenario's line";
        trunk: Option<String> = (), Inferred, "numberTrunk; else the scenario's line";
        bind_type: BindType = (), Documented,
            "bindType: the device of agents who did not log in in the scenario";
        // Agents.
        wrap_up: Duration = (Duration::from_secs(10), DURATION_MAX), Documented,
            "the wrap-up after a call; 0s for none";
        wrap_up_task: Duration = (Duration::from_secs(30), DURATION_MAX), Documented,
            "the wrap-up after a predictive call";
        auto_idle: bool = true, Inferred,
            "agents are idle again once the wrap-up is over; off: once the script says so";
        calling_state: bool = true, Inferred, "agents called by the platform are 呼叫中 before they ring";
        state_actions: Option<Value> = (), Inferred,
            "other names for stateAction: a map such as { ACW: wrapup, offline: logout }; 离线 has none unless it is given here";
        pause_description: String = "置忙", Inferred, "pauseDescription where the script names no reason";
        hold_state: OneOf = ["保持", "通话"], Inferred, "the state behind `hold`";
        customer_ring_state: OneOf = ["通话", "响铃"], Inferred, "the state behind `ringingCustomerOb`";
        no_answer_action: Act = [Act::Idle, Act::CustomerNoAnswer], Inferred,
            "stateAction of an agent whose customer did not answer";
        no_wrap_up_action: Act = [Act::Idle, Act::Hangup], Inferred, "stateAction after a call without wrap-up";
        missed_state: Act = [Act::Idle, Act::Pause], Inferred, "the state of an agent who missed a call";
        login_state: Act = [Act::Idle, Act::Pause], Inferred, "the state of an agent who logs in";
        predictive_ring: Act = [Act::RingingAgentOb, Act::RingingIb], Inferred, "stateAction in a predictive call";
        direct_states: bool = false, Inferred, "type 9 is sent in direct calls, too";
        // Which pushes.
        incoming_callbacks: bool = false, Inferred, "type 1 when a dialled customer enters a voice menu, too";
        webcall_bridge: bool = false, Inferred, "type 25 for the first agent of a webcall, too";
        http_interaction: HttpTrigger = (), Inferred, "when a voice menu sends type 13";
        tag: String = "", Inferred, "the mark of the customer in type 13";
        task_type: OneOf = ["predictive", "automatic"], Inferred, "the type of dialling tasks";
        survey_name: String = "满意度调查", Inferred, "investigationName";
    }
}

/// How parameters are sent unless an action says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionMethod(pub Method);

impl Words for ActionMethod {
    const ALL: &'static [(&'static str, Self)] =
        &[("POST", ActionMethod(Method::Post)), ("GET", ActionMethod(Method::Get))];
}

/// How a POST carries its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentType {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// One flat JSON object.
    Json,
}

impl Words for ContentType {
    const ALL: &'static [(&'static str, Self)] = &[("form", ContentType::Form), ("json", ContentType::Json)];
}

impl Words for ParamOrder {
    const ALL: &'static [(&'static str, Self)] =
        &[("hash", ParamOrder::Hash), ("fixed", ParamOrder::Fixed), ("random", ParamOrder::Random)];
}

/// What becomes of parameters without a value; `None`: by the type of the push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingRule(pub Option<Missing>);

impl Words for MissingRule {
    const ALL: &'static [(&'static str, Self)] = &[
        ("by-type", MissingRule(None)),
        ("empty", MissingRule(Some(Missing::Empty))),
        ("omit", MissingRule(Some(Missing::Omitted))),
    ];
}

/// Which answer is a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuccessRule {
    /// Status 200.
    Is200,
    /// Any status of 2xx.
    Is2xx,
    /// A text in the body.
    Contains,
}

impl Words for SuccessRule {
    const ALL: &'static [(&'static str, Self)] = &[
        ("status_200", SuccessRule::Is200),
        ("status_2xx", SuccessRule::Is2xx),
        ("body_contains", SuccessRule::Contains),
    ];
}

/// The device of agents who did not log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BindType(pub LoginDevice);

impl Words for BindType {
    const ALL: &'static [(&'static str, Self)] = &[
        ("phone", BindType(LoginDevice::Phone)),
        ("extension", BindType(LoginDevice::Sip)),
        ("softphone", BindType(LoginDevice::Softphone)),
    ];
}

/// When a voice menu asks the receiver (type 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpTrigger {
    Never,
    FirstKey,
    Menu,
}

impl Words for HttpTrigger {
    const ALL: &'static [(&'static str, Self)] =
        &[("never", HttpTrigger::Never), ("first-key", HttpTrigger::FirstKey), ("menu", HttpTrigger::Menu)];
}

/// One of two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OneOf(pub &'static str);

/// The first of two words by default.
impl OptionType for OneOf {
    type Default = [&'static str; 2];

    fn kind(words: &[&'static str; 2]) -> OptionKind {
        OptionKind::Choice(words.to_vec().leak())
    }

    fn read(given: Option<&OptionValue>, words: [&'static str; 2]) -> Result<Self, String> {
        chosen(given, words, |word| word).map(OneOf)
    }
}

/// The first of two actions by default.
impl OptionType for Act {
    type Default = [Act; 2];

    fn kind(acts: &[Act; 2]) -> OptionKind {
        OptionKind::Choice(acts.map(Act::name).to_vec().leak())
    }

    fn read(given: Option<&OptionValue>, acts: [Act; 2]) -> Result<Self, String> {
        chosen(given, acts, Act::name)
    }
}

fn chosen<T: Copy>(given: Option<&OptionValue>, two: [T; 2], word: fn(T) -> &'static str) -> Result<T, String> {
    let wanted = if let Some(OptionValue::Text(wanted)) = given { wanted.as_str() } else { word(two[0]) };
    let found = two.into_iter().find(|one| word(*one) == wanted);
    found.ok_or_else(|| format!("it is one of {}", two.map(word).join(", ")))
}

pub(super) fn bad(option: &'static str, reason: impl Into<String>) -> BadOption {
    BadOption { option, reason: reason.into() }
}

impl Options {
    /// Reads what is given, and checks what goes beyond types.
    ///
    /// # Errors
    /// The first option that is impossible.
    pub fn checked(given: &GivenOptions) -> Result<Self, BadOption> {
        let options = Self::read(given)?;
        if options.timeout.is_zero() {
            return Err(bad("timeout", "it is 0; write for example `3s`"));
        }
        if options.success == SuccessRule::Contains && options.success_text.is_none() {
            return Err(bad("success_text", "`success: body_contains` needs the text that the body has to contain"));
        }
        let form = Some(&options.form_content_type);
        let json = Some(&options.json_content_type);
        let headers =
            [("form_content_type", form), ("json_content_type", json), ("user_agent", options.user_agent.as_ref())];
        for (name, header) in headers {
            let header = header.map_or("-", |header| header);
            if header.is_empty() {
                return Err(bad(name, "it is empty; leave it out for the default"));
            }
            if !actions::is_header_value(header) {
                return Err(bad(name, "a header holds printable ASCII only"));
            }
        }
        let texts = [
            ("enterprise", &options.enterprise),
            ("node", &options.node),
            ("request_id", &options.request_id),
            ("sip_call_id", &options.sip_call_id),
            ("hotline", &options.hotline),
            ("trunk", &options.trunk),
        ];
        let ids = texts.map(|(name, id)| (name, id.as_ref()));
        if let Some((name, _)) = ids.iter().chain(&headers).find(|(_, id)| id.is_some_and(|id| id.len() > ID_MAX_BYTES))
        {
            return Err(bad(name, format!("it is longer than {ID_MAX_BYTES} bytes")));
        }
        // The log of pushes shows it as a whole number.
        let is_number = |id: &String| id.len() <= 18 && id.bytes().all(|byte| byte.is_ascii_digit());
        if !options.enterprise.as_ref().is_none_or(is_number) {
            return Err(bad("enterprise", "an enterprise is a number such as 7122600"));
        }
        let is_node = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if !options.node.as_ref().is_none_or(|node| node.bytes().all(is_node)) {
            return Err(bad("node", "a node has letters, digits, `-`, `_` and `.`, such as sip-33"));
        }
        Ok(options)
    }
}
