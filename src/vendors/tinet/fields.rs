//! The default fields of the pushes about what happens in a call, in order. Those of records and of agents stand elsewhere.
//!
//! No public page of the vendor lists them: TiNet's chapter 推送变量和值 is not public. They are gathered from receivers,
//! wrappers and an older engine, so all are inferred; a scenario can rename, drop and add fields under `actions`.

use crate::vendors::{FieldFact, Origin};

pub(super) const fn inferred(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Inferred }
}

const EVENT: FieldFact = inferred("event", "what happened: ringing, bridged and so on");
pub(super) const ENTERPRISE: FieldFact = inferred("enterpriseId", "the call centre, 7 digits");
const CALL_TYPE: FieldFact = inferred("callType", "1 inbound, 2 webcall, 4 preview, 5 predictive, 6 direct");
const CUSTOMER: FieldFact = inferred("customerNumber", "the customer's phone");
const CUSTOMER_TYPE: FieldFact = inferred("customerNumberType", "1 landline, 2 mobile");
const CUSTOMER_AREA: FieldFact = inferred("customerAreaCode", "the customer's area code");
const HOTLINE: FieldFact = inferred("hotline", "the hotline dialled; empty for outbound calls");
const TRUNK: FieldFact = inferred("numberTrunk", "the trunk that the call uses");
pub(super) const MAIN_ID: FieldFact = inferred("mainUniqueId", "the id of the first leg: the key of the call");
pub(super) const LEG_ID: FieldFact = inferred("uniqueId", "the id of this leg");
const REQUEST_ID: FieldFact = inferred("requestUniqueId", "the id given to the request that started the call");
const CNO: FieldFact = inferred("cno", "the agent's number; empty on the customer's side");
const TASK: FieldFact = inferred("taskId", "the dialling task");
const CALLEE: FieldFact = inferred("calleeNumber", "the agent's phone");
const USER_FIELD: FieldFact = inferred("userField", "the free field of the call");
const IVR: FieldFact = inferred("ivrId", "the voice menu");
const TIME: FieldFact = inferred("time", "when, in seconds since 1970");
const ANSWER_TIME: FieldFact = inferred("answerTime", "when it was answered, in seconds since 1970");
const START_TIME: FieldFact = inferred("startTime", "when it started, in seconds since 1970");
const END_TIME: FieldFact = inferred("endTime", "when it ended, in seconds since 1970");

pub(super) const INCOMING: &[FieldFact] =
    &[EVENT, ENTERPRISE, CALL_TYPE, CUSTOMER, CUSTOMER_TYPE, CUSTOMER_AREA, HOTLINE, TRUNK, MAIN_ID, LEG_ID];

pub(super) const RINGING: &[FieldFact] = &[
    EVENT,
    ENTERPRISE,
    HOTLINE,
    CNO,
    inferred("bindTel", "the agent's phone"),
    CUSTOMER,
    CUSTOMER_TYPE,
    CUSTOMER_AREA,
    CALL_TYPE,
    TRUNK,
    MAIN_ID,
    LEG_ID,
    inferred("qno", "the queue that hands the call out; empty without one"),
    RINGING_TIME,
    inferred("consulterCno", "who consults, where it rings for a consultation"),
    inferred("transferCno", "who hands the call on, where it rings for a transfer"),
];

const RINGING_TIME: FieldFact = inferred("ringingTime", "when it began to ring, as yyyy-MM-dd HH:mm:ss in Beijing");

pub(super) const WEBCALL_CUSTOMER_RINGING: &[FieldFact] =
    &[EVENT, ENTERPRISE, CUSTOMER, CUSTOMER_TYPE, CUSTOMER_AREA, TRUNK, CALL_TYPE, RINGING_TIME, LEG_ID];

pub(super) const BRIDGED: &[FieldFact] = &[
    EVENT,
    ENTERPRISE,
    CUSTOMER,
    CNO,
    inferred("bridgeTime", "when agent and customer were connected, in seconds since 1970"),
    MAIN_ID,
    CALLEE,
    inferred("detailCallType", "how the leg came about: 101 agent, 102 transfer, 107 interception; 2xx outbound"),
    CALL_TYPE,
    USER_FIELD,
];

pub(super) const OUTBOUND_BRIDGED: &[FieldFact] =
    &[EVENT, ENTERPRISE, CALL_TYPE, CUSTOMER, CUSTOMER_TYPE, CUSTOMER_AREA, CALLEE, CNO, MAIN_ID, REQUEST_ID];

pub(super) const PREDICTIVE_BRIDGED: &[FieldFact] =
    &[EVENT, ENTERPRISE, CALL_TYPE, CUSTOMER, CUSTOMER_TYPE, CUSTOMER_AREA, CALLEE, CNO, MAIN_ID, REQUEST_ID, TASK];

pub(super) const CUSTOMER_ANSWERED: &[FieldFact] =
    &[EVENT, ENTERPRISE, CALL_TYPE, CUSTOMER, CUSTOMER_TYPE, CUSTOMER_AREA, MAIN_ID, LEG_ID, REQUEST_ID, ANSWER_TIME];

pub(super) const AGENT_ANSWERED: &[FieldFact] = &[
    EVENT,
    ENTERPRISE,
    CALL_TYPE,
    CUSTOMER,
    CUSTOMER_TYPE,
    CUSTOMER_AREA,
    CNO,
    MAIN_ID,
    LEG_ID,
    REQUEST_ID,
    ANSWER_TIME,
];

pub(super) const PREDICTIVE_ANSWERED: &[FieldFact] = &[
    ENTERPRISE,
    TASK,
    MAIN_ID,
    REQUEST_ID,
    CUSTOMER,
    CALL_TYPE,
    inferred("status", "40 the customer did not answer, 41 answered"),
    inferred("sipCause", "the SIP status of the call to the customer"),
    ANSWER_TIME,
    inferred("isRealAnswer", "1 a person answered, 0 a machine, empty unknown"),
    inferred("realAnswerTime", "when the person answered, in seconds since 1970"),
];

pub(super) const KEYS: &[FieldFact] = &[
    EVENT,
    ENTERPRISE,
    CUSTOMER,
    CALL_TYPE,
    IVR,
    inferred("ivrNode", "the node of the menu, as a path"),
    inferred("keys", "the keys pressed"),
    TIME,
    USER_FIELD,
    MAIN_ID,
];

pub(super) const HTTP_INTERACTION: &[FieldFact] = &[
    ENTERPRISE,
    MAIN_ID,
    CUSTOMER,
    CALL_TYPE,
    inferred("keys", "the keys pressed so far"),
    inferred("tag", "the mark of the customer; added where the action has no field of this name"),
];

pub(super) const IVR_END: &[FieldFact] = &[
    ENTERPRISE,
    MAIN_ID,
    CUSTOMER,
    IVR,
    inferred("ivrName", "the name of the voice menu"),
    START_TIME,
    END_TIME,
    inferred("ivrFlow", "the nodes visited, as the text of a JSON list"),
];

pub(super) const SURVEY: &[FieldFact] = &[
    ENTERPRISE,
    MAIN_ID,
    LEG_ID,
    CUSTOMER,
    CALL_TYPE,
    CNO,
    inferred("clientName", "the agent's name"),
    START_TIME,
    END_TIME,
    inferred("investigationName", "the name of the survey"),
    inferred("keys", "the keys pressed"),
    inferred("multiKeys", "the answers of a survey of several questions"),
];

pub(super) const UNDERSTOOD: &[FieldFact] = &[
    ENTERPRISE,
    MAIN_ID,
    LEG_ID,
    CUSTOMER,
    CNO,
    inferred("engine", "the recogniser"),
    inferred("text", "what the customer said"),
    inferred("botText", "what the robot answered"),
    inferred("monitorSide", "who was heard: 1 the agent's side, 2 the customer's"),
    START_TIME,
    END_TIME,
    inferred("rasrDuration", "how long the customer spoke, in seconds"),
    inferred("recordFile", "the recording of the customer"),
    inferred("outRecordFile", "the recording of the robot"),
    inferred("mixRecordFile", "the recording of both"),
];

pub(super) const TASK_STATE: &[FieldFact] = &[
    ENTERPRISE,
    TASK,
    inferred("taskName", "the name of the task"),
    inferred("taskType", "1 predictive, 2 automatic"),
    inferred("taskStatus", "0 new, 1 running, 2 paused, 3 ended"),
    inferred("taskStatusDesc", "the state in words"),
    START_TIME,
    END_TIME,
    inferred("totalCount", "how many numbers it has"),
    inferred("calledCount", "how many were called"),
    inferred("answeredCount", "how many answered"),
    inferred("bridgedCount", "how many reached an agent"),
    TIME,
];

pub(super) const NUMBER_STATUS: &[FieldFact] = &[
    ENTERPRISE,
    MAIN_ID,
    LEG_ID,
    REQUEST_ID,
    CUSTOMER,
    CALL_TYPE,
    CNO,
    inferred("sipCause", "the state of the number: 7xx and 8xx"),
    inferred("tsiFile", "the recording of the tone"),
    inferred("timestamp", "when, in seconds since 1970"),
];

pub(super) const TRANSCRIPT: &[FieldFact] = &[
    ENTERPRISE,
    MAIN_ID,
    LEG_ID,
    CALL_TYPE,
    inferred("recordFile", "the recording"),
    inferred("recordSide", "0 mixed, 1 customer, 2 agent, 3 both"),
    inferred("monitorType", "1 mixed, 2 split"),
    inferred("statusCode", "0 done"),
    inferred("errorMessage", "what went wrong"),
    inferred("result", "what was said, as the text of a JSON list"),
];
