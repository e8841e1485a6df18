//! The catalogue of 7moor: its pushes, in the order of the page. The fields stand in `event_table` and `cdr_table`.
//!
//! Source: 7moor, 事件推送接口 (developer.7moor.com/v7/outpush-callevent).

use super::cdr_table::CDR;
use super::event_table::{
    CALL_STATUS, DIALOUT_HANGUP, DIALOUT_RING, INCOMING_HANGUP, INCOMING_RING, LINK, LINK_CONTENT, LOGIN, LOGOUT,
    MEDIA_FAIL_REASON,
};
use crate::vendors::FieldTable;
use crate::vendors::{Fields, Origin, PushFact};

const fn push(name: &'static str, title: &'static str, when: &'static str, tables: &'static [FieldTable]) -> PushFact {
    PushFact { name, alias: None, title, when, origin: Origin::Seed, fields: Fields(tables) }
}

const fn inferred(push: PushFact) -> PushFact {
    PushFact { origin: Origin::Inferred, ..push }
}

/// Every push.
pub const PUSHES: &[PushFact] = &[
    push(
        "dialoutRing",
        "外呼振铃事件",
        "the agent waits and the customer's phone rings; in a webcall: the agent's phone rings",
        &[FieldTable::rows(DIALOUT_RING.len(), |place| &DIALOUT_RING[place].field)],
    ),
    push(
        "dialoutHangup",
        "外呼挂机事件",
        "an outbound call is over, or an agent of it stops ringing",
        &[FieldTable::rows(DIALOUT_HANGUP.len(), |place| &DIALOUT_HANGUP[place].field)],
    ),
    inferred(push(
        "incomingRing",
        "来电振铃事件",
        "an agent's phone rings for a customer who waits (the page shows another push in its place)",
        &[FieldTable::rows(INCOMING_RING.len(), |place| &INCOMING_RING[place].field)],
    )),
    inferred(push(
        "incomingHangup",
        "来电挂机事件",
        "the agent's side of an inbound call is over (the page's sample has no pushType)",
        &[FieldTable::rows(INCOMING_HANGUP.len(), |place| &INCOMING_HANGUP[place].field)],
    )),
    push(
        "cdr",
        "通话记录推送事件",
        "the record of a call is written, after its survey",
        &[FieldTable::rows(CDR.len(), |place| &CDR[place].field)],
    ),
    push(
        "link",
        "用户接通事件",
        "customer and agent can hear each other",
        // The fields within `content` stand behind it.
        &[
            FieldTable::rows(1, |_| &LINK[0].field),
            FieldTable::rows(LINK_CONTENT.len(), |place| &LINK_CONTENT[place].field),
            FieldTable::rows(1, |_| &LINK[1].field),
        ],
    ),
    push(
        "callStatus",
        "坐席状态变化事件",
        "an agent's state changes: called, ringing, talking, on hold, wrapping up, or by hand",
        &[FieldTable::rows(CALL_STATUS.len(), |place| &CALL_STATUS[place].field)],
    ),
    push(
        "mediaFailreason",
        "媒体识别挂机原因事件",
        "the early media of a failed outbound call was recognised",
        &[FieldTable::rows(MEDIA_FAIL_REASON.len(), |place| &MEDIA_FAIL_REASON[place].field)],
    ),
    push(
        "login",
        "电话条登陆状态事件",
        "an agent logs in to the phone bar",
        &[FieldTable::rows(LOGIN.len(), |place| &LOGIN[place].field)],
    ),
    push(
        "logout",
        "电话条登出状态事件",
        "an agent logs out of the phone bar",
        &[FieldTable::rows(LOGOUT.len(), |place| &LOGOUT[place].field)],
    ),
];
