//! What a tenant of 7moor can configure, and how the page is read where it is silent or contradicts itself.

use crate::call::LoginDevice;
use crate::vendors::options::{Words, options};
use crate::vendors::{BadOption, GivenOptions, OptionValue};
use serde_json::Value;
use std::time::Duration;

/// The most further attempts that can be set.
pub const RETRY_COUNT_MAX: u64 = 100;
/// The longest text that an option may be, in bytes.
const TEXT_MAX_BYTES: usize = 512;

options! {
    #[derive(Debug, Clone)]
    pub struct Options {
        account: Option<String> = (), Inferred, "accountId; eight digits from 2000 where it is drawn";
        cdr_account: Option<String> = (), Inferred, "accountId of the CDR and its recordings; the same as `account`";
        call_id: Option<String> = (), Inferred, "callUniqueId of the first call record; else made from its start";
        agent_id: Option<String> = (), Inferred, "agentId of the first agent; 24 hexadecimal digits where it is drawn";
        channel_id: Option<String> = (), Inferred, "callId of the first call record; a UUID where it is drawn";
        gateway: String = "172.31.15.12:32766", Seed, "gatewayIP: address and port of the gateway";
        login_type: Device = (), Seed, "loginType: the device of the agents in calls";
        extras: Option<Value> = (), Seed, "custom parameters of the call: a map; \"\" without any";
        group_ids: Option<Vec<String>> = (), Seed, "groupIdList of the CDR; one empty text without groups";
        group_names: Option<Vec<String>> = (), Seed, "groupNameList of the CDR; one empty text without groups";
        link_envelope: Link = (), Seed, "`link` in the envelope of the page's sample, or flat as the page's table has it";
        link_call_id: bool = false, Inferred, "adds callUniqueId to the envelope of `link`";
        legacy_super_id: bool = false, Inferred, "adds superUniqueId to `incomingHangup`";
        incoming_hangup_push_type: bool = true, Inferred,
            "`incomingHangup` has a pushType, which the page's sample lacks";
        predictive_pushes: Predictive = (), Inferred,
            "the agent's side of a predictive call is told as that of an inbound or of an outbound one";
        agent_states: bool = true, Seed, "`callStatus` is pushed";
        cdr_delay: Duration = (Duration::from_secs(1), Duration::MAX), Seed, "from the end of a call to its CDR";
        record_base: String = "http://127.0.0.1:9/recordings", Inferred,
            "where recordings are said to lie; nothing is served there";
        record_type: Tracks = (), Seed, "recordType of a recorded conversation";
        voicemail_repeats_recording: bool = false, Inferred,
            "voiceMailUrl repeats the recording of an answered call, as in the page's sample";
        customer_known: bool = false, Inferred, "the CDR has customerId and customerName";
        content_type: String = "application/json", Inferred, "the content type of the pushes";
        success: Success = (), Inferred, "which status is an acknowledgement";
        retry_count: u64 = (0, RETRY_COUNT_MAX), Inferred, "how often a push is tried again, at most 100 times";
        retry_interval: Duration = (Duration::from_secs(60), Duration::MAX), Inferred,
            "from one attempt to the next";
    }
}

/// The device of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device(pub LoginDevice);

impl Words for Device {
    const ALL: &'static [(&'static str, Self)] = &[
        ("PSTN", Device(LoginDevice::Phone)),
        ("WEBRTC", Device(LoginDevice::Softphone)),
        ("SIP", Device(LoginDevice::Sip)),
    ];
}

/// The shape of `link`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// As the page's sample has it.
    Envelope,
    /// With the keys of the other call events.
    Flat,
}

impl Words for Link {
    const ALL: &'static [(&'static str, Self)] = &[("envelope", Link::Envelope), ("flat", Link::Flat)];
}

/// What the agent's side of a predictive call is told as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Predictive {
    /// As that of an inbound call.
    Incoming,
    /// As that of an outbound call.
    Dialout,
}

impl Words for Predictive {
    const ALL: &'static [(&'static str, Self)] =
        &[("incoming", Predictive::Incoming), ("dialout", Predictive::Dialout)];
}

/// The kind of recording made of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracks {
    /// One for each side, and one of both.
    Double,
    /// One of both sides.
    Normal,
}

impl Words for Tracks {
    const ALL: &'static [(&'static str, Self)] = &[("doubleTrack", Tracks::Double), ("normal", Tracks::Normal)];
}

/// Which status is an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// Any from 200 to 299.
    Any2xx,
    /// 200 and no other.
    Only200,
}

impl Words for Success {
    const ALL: &'static [(&'static str, Self)] = &[("2xx", Success::Any2xx), ("200", Success::Only200)];
}

/// The word of a choice.
pub fn word<T: Words + PartialEq>(choice: T) -> &'static str {
    T::ALL.iter().find(|(_, other)| *other == choice).map_or("", |(word, _)| word)
}

impl Options {
    /// Reads what is given, and looks at what its types alone do not say.
    ///
    /// # Errors
    /// The first option that is impossible.
    pub fn checked(given: &GivenOptions) -> Result<Self, BadOption> {
        let mut options = Self::read(given)?;
        for (option, value) in given.given() {
            let OptionValue::Text(text) = value else { continue };
            if text.is_empty() {
                return bad(option, "it is empty; leave it out");
            }
            if text.len() > TEXT_MAX_BYTES {
                return bad(option, format!("it is longer than {TEXT_MAX_BYTES} bytes"));
            }
        }
        let is_number = |id: &String| id.bytes().all(|byte| byte.is_ascii_digit()) && id.parse::<i64>().is_ok();
        if !options.call_id.as_ref().is_none_or(is_number) {
            return bad("call_id", "a call id is a whole number such as 403344537650466816, below 2^63");
        }
        match &options.extras {
            None | Some(Value::Object(_)) => {}
            Some(Value::String(text)) if text.is_empty() => {}
            Some(_) => return bad("extras", "it is a map of parameters, or \"\" for none"),
        }
        if let (Some(ids), Some(names)) = (&options.group_ids, &options.group_names)
            && ids.len() != names.len()
        {
            return bad("group_names", format!("{} names for {} group_ids", names.len(), ids.len()));
        }
        if !url::Url::parse(&options.record_base).is_ok_and(|url| ["http", "https"].contains(&url.scheme())) {
            return bad("record_base", "it is an address such as http://127.0.0.1:9/recordings");
        }
        if !options.content_type.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return bad("content_type", "a header holds printable ASCII only");
        }
        options.record_base.truncate(options.record_base.trim_end_matches('/').len());
        Ok(options)
    }
}

fn bad<T>(option: &'static str, reason: impl Into<String>) -> Result<T, BadOption> {
    Err(BadOption { option, reason: reason.into() })
}
