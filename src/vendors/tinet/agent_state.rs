//! What the pushes about an agent's state have: the fields that the seed shows are the seed's.

use super::scene::known;
use super::states::{self, Act};
use super::variables::{
    BIND_TEL, CALL_TYPE, CNO, CUSTOMER, ENTERPRISE, LEG_ID, MAIN_ID, Row, TIME, digits, event, text, variable, word,
};
use crate::body::{Form, Leaf};
use crate::call::{Fact, LoginDevice};
use crate::vendors::{FieldKind, Origin};

const ON_A_CALL: &str = "on a call";

/// `bindType`.
fn bind_type(device: LoginDevice) -> &'static str {
    match device {
        LoginDevice::Phone => "1",
        LoginDevice::Sip => "2",
        LoginDevice::Softphone => "3",
    }
}

pub(super) const FIELDS: &[Row] = &[
    event(&["status"]).meaning("status", "事件，固定为 status").origin(Origin::Seed),
    ENTERPRISE.origin(Origin::Seed),
    CNO.meaning("the agent's number", "座席工号").origin(Origin::Seed),
    BIND_TEL.origin(Origin::Seed),
    word("bindType", &["1", "2", "3"], |t| t.of_status(|told| bind_type(told.device)))
        .meaning("1 phone, 2 extension, 3 softphone", "绑定类型：1 电话，2 分机，3 软电话")
        .origin(Origin::Seed)
        .fact(Fact::AgentDevice),
    word(
        "state",
        &["空闲", "呼叫中", "响铃", "通话", "保持", "整理", "置忙", "失效", "离线"],
        |t| t.of_status(|told| told.act.state(&t.known.options)),
    )
    .meaning("the state in words, such as 空闲", "座席状态，如空闲")
    .origin(Origin::Seed)
    .fact(Fact::AgentState),
    variable("stateAction", FieldKind::OpenWord(&states::NAMES), |t| {
        t.of_status(|told| t.known.account.state_action(told.act))
    })
    .meaning("what led to the state", "触发状态的动作")
    .origin(Origin::Seed)
    .fact(Fact::AgentState)
    .only("for agents who are not offline"),
    word("loginStatus", &["0", "1", "2", "3"], |t| t.of_status(|told| told.act.shown().login))
        .meaning("0 offline, 1 online, 2 paused, 3 wrapping up", "登录状态：0 离线，1 在线，2 置忙，3 整理")
        .origin(Origin::Seed),
    word("deviceStatus", &["-1", "0", "1", "2", "3", "4"], |t| t.of_status(|told| known(told.act.shown().device)))
        .meaning(
            "-1 invalid, 0 idle, 1 locked, 2 invited, 3 ringing, 4 in use",
            "设备状态：-1 失效，0 空闲，1 锁定，2 呼叫中，3 响铃，4 使用中",
        )
        .origin(Origin::Seed)
        .only("for agents who are not offline"),
    // The seed's hash order puts these two in this order, which only their order of insertion explains.
    variable("timeInMillis", FieldKind::Time(Form::Milliseconds), |t| {
        t.of_status(|told| Leaf::time(t.known.cast, told.at, Form::Milliseconds))
    })
    .meaning("when, in milliseconds since 1970", "推送时间，毫秒级时间戳")
    .origin(Origin::Seed)
    .fact(Fact::Now),
    TIME.origin(Origin::Seed),
    CALL_TYPE
        .meaning(
            "on a call: 1 inbound, 2 webcall, 4 preview, 5 predictive, 6 direct",
            "通话时的呼叫类型：1 呼入，2 webcall，4 预览外呼，5 预测外呼，6 主叫外呼",
        )
        .origin(Origin::Seed)
        .only(ON_A_CALL),
    CUSTOMER.meaning("on a call: the customer's phone", "通话时的客户号码").origin(Origin::Seed).only(ON_A_CALL),
    MAIN_ID
        .meaning("on a call: the id of its first leg", "通话时的主通道唯一标识")
        .origin(Origin::Seed)
        .only(ON_A_CALL),
    LEG_ID
        .meaning("on a call: the id of the agent's leg", "通话时的座席通道唯一标识")
        .origin(Origin::Seed)
        .only(ON_A_CALL),
    text("pauseDescription", |t| {
        t.of_pause(|reason| reason.unwrap_or(&t.known.options.pause_description).to_owned().into())
    })
    .meaning("why the agent is paused", "置忙原因")
    .only(PAUSED),
    word("pauseType", &["1", "2", "3", "4"], |t| t.of_pause(|_| "1".into()))
        .meaning("1 normal, 2 rest, 3 messages, 4 forced", "置忙类型：1 普通，2 休息，3 消息，4 强制")
        .only(PAUSED),
    text("busyDescription", |_| Leaf::Absent)
        .meaning("what the agent is busy with", "忙碌说明")
        .only("for states that no script has"),
    digits("wrapupTime", |t| {
        t.of_status(|told| known(Some(told.wrap_up.as_secs().to_string()).filter(|_| told.act == Act::Acw)))
    })
    .meaning("how long the wrap-up lasts, in seconds", "整理时长，秒")
    .fact(Fact::WrapUp)
    .only("while the agent wraps up"),
];

const PAUSED: &str = "while the agent is paused";
