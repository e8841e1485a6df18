//! The call detail record in the order of the page's sample, and the formulas behind its durations.

use super::callee::{Callee, number_type};
use super::ids::Ids;
use super::legs::bill_calls;
use super::options::Options;
use super::outcome::{Status, call_type, failure_reason, hang_up_side};
use super::recording::Recording;
use crate::call::{CallState, Cast, Conversation, Kind};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// `cdr`. Times are Beijing time in whole seconds, durations seconds; what does not apply is `""` or 0, never null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cdr<'a> {
    pub call_unique_id: &'a str,
    pub account_id: &'a str,
    pub push_type: &'a str,
    pub action_id: &'a str,
    pub agent_answer_time: String,
    pub agent_area_code: &'a str,
    pub agent_city: &'a str,
    pub agent_country: &'a str,
    pub agent_country_code: &'a str,
    pub agent_file_url: String,
    pub agent_number: &'a str,
    pub agent_province: &'a str,
    pub agent_ring_duration: i64,
    pub agent_start_time: String,
    pub agent_tel_number: &'a str,
    pub agent_tel_type: &'a str,
    pub application_id: &'a str,
    pub bill_calls: Vec<String>,
    pub bridge_duration: i64,
    pub bridge_time: String,
    pub call_id: &'a str,
    pub call_type: &'a str,
    pub cdr_type: &'a str,
    pub create_time: String,
    pub customer_answer_time: String,
    pub customer_area_code: &'a str,
    pub customer_city: &'a str,
    pub customer_country: &'a str,
    pub customer_country_code: &'a str,
    pub customer_file_url: String,
    pub customer_number: &'a str,
    pub customer_number_type: &'a str,
    pub customer_province: &'a str,
    pub customer_ring_duration: i64,
    pub customer_start_time: String,
    pub display_number: &'a str,
    pub double_track_file_url: &'a str,
    pub end_time: String,
    pub extras: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<&'a str>,
    #[serde(rename = "gatewayIP")]
    pub gateway_ip: &'a str,
    pub hang_up_side: &'a str,
    pub hangup_time: String,
    pub hot_line_number: &'a str,
    pub ivr_id: String,
    pub ivr_time: String,
    pub join_queue_time: String,
    pub login_type: &'a str,
    pub play_number_duration: i64,
    pub queue_number: &'a str,
    pub record_file_url: String,
    pub record_type: String,
    pub recording_duration: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_call_unique_id: Option<&'a str>,
    pub satisfy_duration: i64,
    pub satisfy_end_time: String,
    pub satisfy_ivr_id: String,
    pub satisfy_start_time: String,
    pub sip_code: i64,
    pub start_time: String,
    pub status: &'a str,
    pub system_answer_time: String,
    pub task_id: String,
    pub total_duration: i64,
    pub trunk_number: &'a str,
    pub virtual_number: &'a str,
    pub wait_duration: i64,
    pub ivr_name: &'a str,
    pub queue_name: &'a str,
    pub agent_name: &'a str,
    pub agent_id: &'a str,
    pub match_result: &'a str,
    pub customer_id: String,
    pub customer_name: &'a str,
    pub save_time: String,
    pub group_id_list: &'a [String],
    pub group_name_list: &'a [String],
    pub event_unique_id: &'a str,
    pub satisfy_keys: Vec<&'a str>,
    pub voice_mail_url: String,
}

/// What a record is made of.
pub struct Source<'a> {
    pub cast: &'a Cast,
    pub options: &'a Options,
    pub ids: &'a Ids<'a>,
    pub state: &'a CallState,
    pub kind: Kind,
    pub conversation: &'a Conversation,
    /// The agent whose phone rang last.
    pub callee: &'a Callee,
    pub call_id: &'a str,
    pub channel_id: &'a str,
    /// The call that the customer was handed on from.
    pub relative: Option<&'a str>,
    pub event_id: &'a str,
}

/// `YYYY-MM-DD HH:MM:SS` in Beijing; empty where there is no time.
pub fn clock(cast: &Cast, offset: Option<Duration>) -> String {
    offset.map_or_else(String::new, |offset| cast.beijing(offset).strftime("%Y-%m-%d %H:%M:%S").to_string())
}

impl<'a> Cdr<'a> {
    /// The record of a conversation that is over.
    pub fn of(source: &Source<'a>) -> Self {
        let Source { cast, options, conversation, callee, kind, .. } = *source;
        let at = |offset| clock(cast, offset);
        let between = |from: Option<Duration>, to: Option<Duration>| match (from, to) {
            (Some(from), Some(to)) => cast.seconds_between(from, to),
            _ => 0,
        };
        let status = Status::of(conversation, kind);
        let failure = status.failure(conversation);
        let recording = Recording::of(conversation, cast, options, source.call_id);
        let hung_up = conversation.hung_up.or(conversation.ended);
        let survey = conversation.survey.as_ref();
        let survey_ended = survey.and_then(|survey| survey.ended);
        let ended = survey_ended.or(hung_up);
        let saved = ended.map(|ended| ended + options.cdr_delay);
        // The platform called the customer only in the first conversation of a call that it placed.
        let dialled = kind != Kind::Inbound && conversation.from.is_none();
        let [customer_start, customer_answer] =
            [conversation.customer_ring, conversation.customer_answer].map(|time| time.filter(|_| dialled));
        let queue = conversation.queued.and_then(|_| cast.queues.get(conversation.queue.unwrap_or(0)));
        let ivr = conversation.ivr;
        let with_agent = !callee.number.is_empty();
        let with_phone = !callee.tel.is_empty();
        let known = options.customer_known;
        let (trunk, display) = numbers(cast, kind);
        Self {
            call_unique_id: source.call_id,
            account_id: &options.cdr_account,
            push_type: "cdr",
            action_id: "",
            agent_answer_time: at(conversation.agent_answer),
            agent_area_code: &callee.area_code,
            agent_city: &callee.city,
            agent_country: if with_phone { "中国" } else { "" },
            agent_country_code: if with_phone { "86" } else { "" },
            agent_file_url: recording.agent,
            agent_number: &callee.number,
            agent_province: &callee.province,
            agent_ring_duration: between(conversation.agent_ring, conversation.agent_answer),
            agent_start_time: at(conversation.agent_ring),
            agent_tel_number: &callee.tel,
            agent_tel_type: if with_phone { number_type(callee.tel_kind) } else { "" },
            application_id: "",
            bill_calls: bill_calls(conversation, cast, kind, callee, options),
            bridge_duration: between(conversation.bridged, hung_up),
            bridge_time: at(conversation.bridged),
            call_id: source.channel_id,
            call_type: call_type(kind),
            cdr_type: "callRecord",
            create_time: at(saved),
            customer_answer_time: at(customer_answer),
            customer_area_code: &cast.customer.area_code,
            customer_city: &cast.customer.city,
            customer_country: "中国",
            customer_country_code: "86",
            customer_file_url: recording.customer,
            customer_number: &cast.customer.phone,
            customer_number_type: number_type(cast.customer.number_kind),
            customer_province: &cast.customer.province,
            customer_ring_duration: between(customer_start, customer_answer),
            customer_start_time: at(customer_start),
            display_number: display,
            double_track_file_url: "",
            end_time: at(ended),
            extras: &options.extras,
            failure_reason: failure.map(failure_reason),
            gateway_ip: &options.gateway,
            hang_up_side: conversation.dropped_by.map_or("", hang_up_side),
            hangup_time: at(hung_up),
            hot_line_number: "",
            ivr_id: ivr.map_or_else(String::new, |_| source.ids.menu()),
            ivr_time: at(ivr.map(|(entered, _)| entered)),
            join_queue_time: at(conversation.queued),
            login_type: if with_agent { &options.login_type } else { "" },
            play_number_duration: 0,
            queue_number: queue.map_or("", |queue| &queue.number),
            record_file_url: recording.both,
            record_type: recording.kind,
            recording_duration: recording.seconds,
            relative_call_unique_id: source.relative,
            satisfy_duration: between(survey.map(|survey| survey.started), survey_ended),
            satisfy_end_time: at(survey_ended),
            satisfy_ivr_id: survey.map_or_else(String::new, |_| source.ids.survey()),
            satisfy_start_time: at(survey.map(|survey| survey.started)),
            sip_code: status.sip_code(failure),
            start_time: at(Some(conversation.started)),
            status: status.as_str(),
            system_answer_time: at(first_answer(conversation)),
            task_id: task_id(source),
            total_duration: between(Some(conversation.started), ended),
            trunk_number: trunk,
            virtual_number: "",
            wait_duration: between(conversation.queued, waited_until(conversation)),
            ivr_name: ivr.map_or("", |_| conversation.ivr_name.as_deref().unwrap_or("主菜单")),
            queue_name: queue.map_or("", |queue| &queue.name),
            agent_name: &callee.name,
            agent_id: &callee.id,
            match_result: "000",
            customer_id: if known { source.ids.customer() } else { String::new() },
            customer_name: if known { &cast.customer.name } else { "" },
            save_time: at(saved),
            group_id_list: &options.group_ids,
            group_name_list: &options.group_names,
            event_unique_id: source.event_id,
            // A key sequence ends with #, and every sequence is an answer.
            satisfy_keys: survey
                .map_or_else(Vec::new, |survey| survey.keys.split('#').filter(|keys| !keys.is_empty()).collect()),
            voice_mail_url: recording.voice_mail,
        }
    }
}

/// The number that an inbound caller dialled (`trunkNumber`), and the one shown to the customer of other calls (`displayNumber`).
pub fn numbers(cast: &Cast, kind: Kind) -> (&str, &str) {
    if kind == Kind::Inbound { (&cast.line, "") } else { ("", &cast.line) }
}

/// When the first line was answered, or the platform picked up the customer's.
fn first_answer(conversation: &Conversation) -> Option<Duration> {
    match (conversation.agent_answer, conversation.customer_answer) {
        (Some(agent), Some(customer)) => Some(agent.min(customer)),
        (agent, customer) => agent.or(customer),
    }
}

/// A caller who leaves a message no longer waits.
fn waited_until(conversation: &Conversation) -> Option<Duration> {
    let message = conversation.voicemail.map(|(started, _)| started);
    match (conversation.dequeued, message) {
        (Some(left), Some(message)) => Some(left.min(message)),
        (left, message) => left.or(message),
    }
}

/// The dialling task; a predictive call always has one.
fn task_id(source: &Source<'_>) -> String {
    let first = (source.kind == Kind::Predictive).then_some(0);
    let task = source.state.task.or(first).and_then(|task| source.cast.tasks.get(task));
    task.map_or_else(String::new, |task| task.id.to_string())
}
