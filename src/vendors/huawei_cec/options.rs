//! What can be set for Huawei CEC, and what of it is impossible.

use super::facts;
use crate::body::Form;
use crate::vendors::options::{Words, options};
use crate::vendors::{BadOption, GivenOptions};
use std::time::Duration;

/// How a push proves where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMode {
    /// OAuth.
    Bearer,
    /// A signature.
    V2,
    /// No header at all.
    Nothing,
}

impl Words for AuthMode {
    const ALL: &'static [(&'static str, Self)] =
        &[("bearer", Self::Bearer), ("auth_v2", Self::V2), ("none", Self::Nothing)];
}

/// Whether auth-v2 has a signature at its end; the page prints it without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed(pub bool);

impl Words for Signed {
    const ALL: &'static [(&'static str, Self)] = &[("signed", Self(true)), ("literal", Self(false))];
}

/// How the coming of an agent is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connect {
    /// By a notice in the chat.
    pub chat: bool,
    /// By a control message.
    pub control: bool,
}

impl Words for Connect {
    const ALL: &'static [(&'static str, Self)] = &[
        ("chat", Self { chat: true, control: false }),
        ("control", Self { chat: false, control: true }),
        ("both", Self { chat: true, control: true }),
    ];
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

impl Words for CallIdKey {
    const ALL: &'static [(&'static str, Self)] =
        &[("connected", Self::Connected), ("never", Self::Never), ("always", Self::Always)];
}

/// Whether an answer with a number in place of a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strict(pub bool);

impl Words for Strict {
    const ALL: &'static [(&'static str, Self)] = &[("warn", Self(false)), ("refuse", Self(true))];
}

/// How the times of a call are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallTimes(pub Form);

impl Words for CallTimes {
    const ALL: &'static [(&'static str, Self)] =
        &[("milliseconds", Self(Form::Milliseconds)), ("seconds", Self(Form::Seconds)), ("clock", Self(Form::BEIJING))];
}

options! {
    /// What a tenant has configured, and how the pages are read where they are silent.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Options {
        channel_id: Option<String> = (), Seed, "from: the channel; 18 digits where it is drawn";
        customer_id: Option<String> = (), Seed, "to: the customer; 8 digits where it is drawn";
        auth: AuthMode = (), Documented,
            "what the tenant chose: OAuth (a bearer token, as in the sample), signature, or nothing";
        token: Option<String> = (), Seed, "the bearer token; 32 characters where it is drawn";
        access_key: Option<String> = (), Documented, "the access key of auth-v2";
        push_key: Option<String> = (), Documented, "the push key of auth-v2: 43 letters and digits";
        auth_v2_form: Signed = (), Inferred,
            "auth-v2 with a signature at its end, or in the four parts that the page prints";
        queuing_text: String = "Queuing...", Seed, "what a customer who waits is told";
        connected_text: String = "The call is connected to an agent.", Seed,
            "what a customer is told whom an agent takes; 已接通座席。 for a Chinese tenant";
        system_nickname: String = "SYSTEM", Seed, "the platform's name; also 系统 or system";
        robot_nickname: String = "智能客服", Inferred, "the robot's name";
        timeout_tip: String = "会话超时，您可以继续留言", Inferred,
            "what a customer is told whose chat stays open, where the scenario does not say";
        message_ids: Vec<String> = (), Documented,
            "ids of the customer's messages, in order; 32 hexadecimal digits where they are drawn";
        connect: Connect = (), Inferred,
            "an agent's coming is told by a CHAT as in the sample, by a CONNECT, or by both";
        trans2agent: bool = true, Inferred, "a TRANS2AGENT is pushed for `transfer`";
        input_status: bool = false, Inferred, "an INPUT is pushed before each message of an agent";
        customer_disconnect: bool = true, Inferred,
            "a DISCONNECT of the platform is pushed where the customer leaves, also from the queue";
        offline_false: bool = false, Documented,
            "isOfflineStatus is false where the chat does not stay open; absent as in the sample otherwise";
        call_id_key: CallIdKey = (), Seed, "which messages have the key callId";
        batch: u64 = (1, 100), Inferred,
            "how many messages pile up until they leave in one push; the end of the chat takes along what is left";
        numeric_result_code: Strict = (), Inferred,
            "an answer with the number 0 in place of the text \"0\" is taken with a warning, or refused";
        call_serial: Option<String> = (), Documented, "callSerialNo; 19 digits where it is drawn";
        call_data: Option<String> = (), Documented, "callData; empty unless it is set";
        call_times: CallTimes = (), Inferred,
            "the times of a release: since 1970 in milliseconds or seconds, or YYYY-MM-DD HH:MM:SS in Beijing";
        record_base: String = "/recordings", Inferred, "where recordings are said to lie";
        location_id: String = "1", Inferred, "locationId of a recording";
        content_type: String = "application/json", Seed, "the content type of the pushes";
        retry_count: u64 = (0, 100), Inferred, "how often a push is tried again, at most 100 times";
        retry_interval: Duration = (Duration::from_secs(60), Duration::MAX), Inferred,
            "from one attempt to the next";
    }
}

impl Options {
    /// Reads what is given.
    ///
    /// # Errors
    /// The first option that no tenant can have.
    pub fn checked(given: &GivenOptions) -> Result<Self, BadOption> {
        let options = Self::read(given)?;
        let filled =
            |option, text: &String| (option, !text.is_empty(), "it is empty; leave it out to have the default");
        let header = |option, text: Option<&String>| {
            let is_plain = |text: &String| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
            (option, text.is_none_or(is_plain), "a header holds printable ASCII only")
        };
        // They are joined by commas in one text.
        let is_id = |id: &String| (1..=facts::MESSAGE_ID_CHARS).contains(&id.chars().count()) && !id.contains(',');
        let is_customer = |id: &String| id.chars().count() <= 24;
        let is_key =
            |key: &String| key.len() == facts::PUSH_KEY_CHARS && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let rules = [
            ("batch", options.batch > 0, "it is from 1 to 100"),
            ("customer_id", options.customer_id.as_ref().is_none_or(is_customer), "it has at most 24 characters"),
            ("message_ids", options.message_ids.iter().all(is_id), "an id has 1 to 32 characters and no comma"),
            ("push_key", options.push_key.as_ref().is_none_or(is_key), "it is exactly 43 letters and digits"),
            header("token", options.token.as_ref()),
            header("access_key", options.access_key.as_ref()),
            header("content_type", Some(&options.content_type)),
            filled("content_type", &options.content_type),
            filled("queuing_text", &options.queuing_text),
            filled("connected_text", &options.connected_text),
            filled("system_nickname", &options.system_nickname),
            filled("robot_nickname", &options.robot_nickname),
            filled("timeout_tip", &options.timeout_tip),
            filled("record_base", &options.record_base),
            filled("location_id", &options.location_id),
        ];
        match rules.into_iter().find(|(_, holds, _)| !holds) {
            Some((option, _, reason)) => Err(BadOption { option, reason: reason.to_owned() }),
            None => Ok(options),
        }
    }
}
