//! The default fields of the pushes about lines: a call arrives, a phone rings, is answered, two talk.

use super::scene::known;
use super::topic::Topic;
use super::variables::{
    ANSWER_TIME, BIND_TEL, CALL_TYPE, CALLEE, CNO, CUSTOMER, CUSTOMER_AREA, CUSTOMER_TYPE, ENTERPRISE, HOTLINE, LEG_ID,
    MAIN_ID, REQUEST_ID, RINGING_TIME, Row, SIP_CAUSE, TASK, TRUNK, USER_FIELD, event, second, text, word,
};
use crate::body::Leaf;
use crate::call::Fact;

pub(super) const INCOMING: &[Row] = &[
    event(&["incoming"]),
    ENTERPRISE,
    CALL_TYPE,
    CUSTOMER,
    CUSTOMER_TYPE,
    CUSTOMER_AREA,
    HOTLINE,
    TRUNK,
    MAIN_ID,
    LEG_ID,
];

pub(super) const AGENT_RINGING: &[Row] = &ringing(event(&["ringing"]), CNO, BIND_TEL, Fact::AgentRang);
pub(super) const OUTBOUND_CUSTOMER_RINGING: &[Row] = &customer_ringing(event(&["previewOutcallRinging"]));
pub(super) const DIRECT_CUSTOMER_RINGING: &[Row] = &customer_ringing(event(&["ringing"]));

const fn customer_ringing(event: Row) -> [Row; 16] {
    const AGENT: &str = "on the agent's side";
    ringing(event, CNO.only(AGENT), BIND_TEL.only(AGENT), Fact::CustomerRang)
}

const fn ringing(event: Row, cno: Row, bind_tel: Row, rang: Fact) -> [Row; 16] {
    [
        event,
        ENTERPRISE,
        HOTLINE,
        cno,
        bind_tel,
        CUSTOMER,
        CUSTOMER_TYPE,
        CUSTOMER_AREA,
        CALL_TYPE,
        TRUNK,
        MAIN_ID,
        LEG_ID,
        text("qno", |t| known(t.told.queue.and_then(|queue| Some(&t.known.cast.queues.get(queue)?.number))))
            .meaning("the queue that hands the call out; empty without one", "队列编号，无队列时为空")
            .fact(Fact::QueueNumber)
            .only("out of a queue"),
        RINGING_TIME.fact(rang),
        text("consulterCno", |_| Leaf::Absent)
            .meaning("who consults, where it rings for a consultation", "咨询振铃时，发起咨询的座席工号")
            .fact(Fact::AgentNumber)
            .only("for consultations, of which no ring is told here"),
        text("transferCno", |t| {
            known(t.told.transferring.and_then(|agent| Some(&t.known.cast.agents.get(agent)?.number)))
        })
        .meaning("who hands the call on, where it rings for a transfer", "转接振铃时，发起转接的座席工号")
        .fact(Fact::AgentNumber)
        .only("for transfers"),
    ]
}

pub(super) const WEBCALL_CUSTOMER_RINGING: &[Row] = &[
    event(&["ringing"]),
    ENTERPRISE,
    CUSTOMER,
    CUSTOMER_TYPE,
    CUSTOMER_AREA,
    TRUNK,
    CALL_TYPE,
    RINGING_TIME.fact(Fact::CustomerRang),
    LEG_ID,
];

pub(super) const BRIDGED: &[Row] = &[
    event(&["bridged"]),
    ENTERPRISE,
    CUSTOMER,
    CNO,
    second("bridgeTime", |t| t.second(t.told.detail.map(|_| t.now)))
        .meaning("when agent and customer were connected, in seconds since 1970", "双方接通时间，秒级时间戳")
        .fact(Fact::Bridged),
    MAIN_ID,
    CALLEE,
    word("detailCallType", &["101", "102", "107", "202", "207"], |t| known(t.told.detail))
        .meaning(
            "how the leg came about: 101 agent, 102 transfer, 107 interception; 2xx outbound",
            "详细呼叫类型：101 座席，102 转接，107 拦截；2xx 外呼",
        )
        .fact(Fact::Category),
    CALL_TYPE,
    USER_FIELD,
];

const OUTBOUND_BRIDGE: Row = event(&["previewOutcallBridge"]);

pub(super) const OUTBOUND_BRIDGED: &[Row] =
    &[OUTBOUND_BRIDGE, ENTERPRISE, CALL_TYPE, CUSTOMER, CUSTOMER_TYPE, CUSTOMER_AREA, CALLEE, CNO, MAIN_ID, REQUEST_ID];

pub(super) const PREDICTIVE_BRIDGED: &[Row] = &[
    OUTBOUND_BRIDGE,
    ENTERPRISE,
    CALL_TYPE,
    CUSTOMER,
    CUSTOMER_TYPE,
    CUSTOMER_AREA,
    CALLEE,
    CNO,
    MAIN_ID,
    REQUEST_ID,
    TASK.only(WITH_TASK),
];

const WITH_TASK: &str = "where it has a task";

pub(super) const CUSTOMER_ANSWERED: &[Row] = &[
    event(&["answer"]),
    ENTERPRISE,
    CALL_TYPE,
    CUSTOMER,
    CUSTOMER_TYPE,
    CUSTOMER_AREA,
    MAIN_ID,
    LEG_ID,
    REQUEST_ID,
    ANSWER_TIME,
];

pub(super) const AGENT_ANSWERED: &[Row] = &[
    event(&["answer"]),
    ENTERPRISE,
    CALL_TYPE,
    CUSTOMER,
    CUSTOMER_TYPE,
    CUSTOMER_AREA,
    CNO,
    MAIN_ID,
    LEG_ID,
    REQUEST_ID,
    ANSWER_TIME.fact(Fact::AgentAnswered),
];

const ANSWERED: &str = "where the customer answered";

pub(super) const PREDICTIVE_ANSWERED: &[Row] = &[
    ENTERPRISE,
    TASK.only(WITH_TASK),
    MAIN_ID,
    REQUEST_ID,
    CUSTOMER,
    CALL_TYPE,
    word("status", &["40", "41"], |t| {
        t.on(Topic::PredictiveAnswer, || if t.told.answered.is_some() { "41" } else { "40" })
    })
    .meaning("40 the customer did not answer, 41 answered", "40 客户未接听，41 客户接听")
    .fact(Fact::Result),
    SIP_CAUSE.only("where a phone rang"),
    ANSWER_TIME.only(ANSWERED),
    word("isRealAnswer", &["1", "0", ""], |t| t.on(Topic::PredictiveAnswer, || known(t.told.answered.map(|_| "1"))))
        .meaning("1 a person answered, 0 a machine, empty unknown", "1 真人接听，0 机器接听，空为未知")
        .only(ANSWERED),
    second("realAnswerTime", |t| t.on(Topic::PredictiveAnswer, || t.second(t.told.answered)))
        .meaning("when the person answered, in seconds since 1970", "真人接听时间，秒级时间戳")
        .fact(Fact::CustomerAnswered)
        .only(ANSWERED),
];
