//! The default fields of the records after a call (types 7, 8 and 12) and of the agents' states (type 9), in order.
//!
//! The names in a record equal its channel variables. They are second hand and agree with a real push; the fields of
//! type 9 that the seed shows are the seed's.

use super::fields::inferred;
use crate::vendors::{FieldFact, Origin};

const fn seed(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Seed }
}

const ENTERPRISE: FieldFact = inferred("cdr_enterprise_id", "the call centre, 7 digits");
const MAIN_ID: FieldFact = inferred("cdr_main_unique_id", "the id of the first leg: the key of the call");
const CUSTOMER: FieldFact = inferred("cdr_customer_number", "the customer's phone");
const CUSTOMER_AREA: FieldFact = inferred("cdr_customer_area_code", "the customer's area code");
const CUSTOMER_TYPE: FieldFact = inferred("cdr_customer_number_type", "1 landline, 2 mobile");
const CALL_TYPE: FieldFact = inferred("cdr_call_type", "1 inbound, 2 webcall, 4 preview, 5 predictive, 6 direct");
const START: FieldFact = inferred("cdr_start_time", "when the first leg started, in seconds since 1970");
const BRIDGE: FieldFact = inferred("cdr_bridge_time", "when agent and customer were connected, in seconds since 1970");
const END: FieldFact = inferred("cdr_end_time", "when the call was over, in seconds since 1970");
const RECORD: FieldFact = inferred("cdr_record_file_1", "the name of the recording");
const REASON: FieldFact =
    inferred("cdr_end_reason", "1000 the main channel hung up, 1001 the other one, 1002 forced off");
const QUEUE: FieldFact = inferred("cdr_queue", "the queue");
const PROVINCE: FieldFact = inferred("cdr_customer_province", "the customer's province");
const CITY: FieldFact = inferred("cdr_customer_city", "the customer's city");

pub(super) const INBOUND_HANGUP: &[FieldFact] = &[
    ENTERPRISE,
    MAIN_ID,
    CUSTOMER,
    CUSTOMER_AREA,
    CUSTOMER_TYPE,
    inferred("cdr_status", "how the call went: 1 an agent answered, 2 none did, 3 only the system, 7 blacklist"),
    CALL_TYPE,
    inferred("cdr_number_trunk", "the trunk that the call came in on"),
    inferred("cdr_hotline", "the hotline dialled"),
    inferred("cdr_callee_cno", "the agent who answered"),
    START,
    inferred("cdr_join_queue_time", "when the customer joined the queue, in seconds since 1970"),
    BRIDGE,
    END,
    RECORD,
    REASON,
    QUEUE,
    PROVINCE,
    CITY,
];

pub(super) const OUTBOUND_HANGUP: &[FieldFact] = &[
    ENTERPRISE,
    MAIN_ID,
    CUSTOMER,
    CUSTOMER_AREA,
    CUSTOMER_TYPE,
    inferred("cdr_status", "how the call went: webcall 20-24, preview 30-33, predictive 40-43, direct 50-52"),
    CALL_TYPE,
    inferred("cdr_cno", "the agent"),
    inferred("cdr_agent_name", "the agent's name"),
    inferred("cdr_agent_number", "the agent's phone"),
    START,
    inferred("cdr_answer_time", "when the first side answered, in seconds since 1970"),
    BRIDGE,
    END,
    REASON,
    inferred("cdr_sip_cause", "the SIP status of the call to the customer: 200 if answered"),
    inferred("cdr_clid", "the number shown to the customer"),
    inferred("cust_callee_clid", "the number shown on the second leg"),
    RECORD,
    inferred("cdr_request_unique_id", "the id given to the request that started the call"),
    inferred("cdr_callid", "the SIP call, a UUID"),
    QUEUE,
    PROVINCE,
    CITY,
    inferred("cdr_task_id", "the dialling task"),
    inferred("cdr_task_inventory_id", "the number's entry in the task"),
];

pub(super) const RECORDING: &[FieldFact] = &[
    ENTERPRISE,
    inferred("cdr_unique_id", "the id of the leg that was recorded"),
    RECORD,
    inferred("cdr_record_duration", "the length of the recording in seconds"),
    MAIN_ID,
];

pub(super) const AGENT_STATUS: &[FieldFact] = &[
    seed("event", "status"),
    seed("enterpriseId", "the call centre, 7 digits"),
    seed("cno", "the agent's number"),
    seed("bindTel", "the agent's phone"),
    seed("bindType", "1 phone, 2 extension, 3 softphone"),
    seed("state", "the state in words, such as 空闲"),
    seed("stateAction", "what led to the state"),
    seed("loginStatus", "0 offline, 1 online, 2 paused, 3 wrapping up"),
    seed("deviceStatus", "-1 invalid, 0 idle, 1 locked, 2 invited, 3 ringing, 4 in use"),
    // The seed's hash order puts these two in this order, which only their order of insertion explains.
    seed("timeInMillis", "when, in milliseconds since 1970"),
    seed("time", "when, in seconds since 1970"),
    seed("callType", "on a call: 1 inbound, 2 webcall, 4 preview, 5 predictive, 6 direct"),
    seed("customerNumber", "on a call: the customer's phone"),
    seed("mainUniqueId", "on a call: the id of its first leg"),
    seed("uniqueId", "on a call: the id of the agent's leg"),
    inferred("pauseDescription", "why the agent is paused"),
    inferred("pauseType", "1 normal, 2 rest, 3 messages, 4 forced"),
    inferred("busyDescription", "what the agent is busy with"),
    inferred("wrapupTime", "how long the wrap-up lasts, in seconds"),
];
