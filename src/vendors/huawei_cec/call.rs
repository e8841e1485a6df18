//! A bidirectional call in its callbacks, field by field, and why it was released.

use super::ids;
use super::options::Options;
use crate::body::Leaf;
use crate::call::{Agent, Cast, Cause, Conversation, Fact, Moment, Settled, Side};
use crate::vendors::FieldKind::{self, Digits, OpenWord, Text};
use crate::vendors::{Origin, table};

/// A call at one of its callbacks.
pub struct Call<'a> {
    pub cast: &'a Cast,
    pub options: &'a Options,
    /// Its first conversation.
    pub first: &'a Conversation,
    /// The one that the customer is in, or has left.
    pub last: &'a Conversation,
}

type Row = table::Row<fn(&Call<'_>) -> Leaf>;

const fn row(
    name: &'static str,
    kind: FieldKind,
    leaf: fn(&Call<'_>) -> Leaf,
    meaning: &'static str,
    chinese: &'static str,
) -> Row {
    table::row(name, kind, leaf, meaning, chinese).origin(Origin::Documented)
}

/// The fields of the callback at the connection: the first of those at the release.
pub const CONNECT: &[Row] = RELEASE.split_at(4).0;

/// The fields of the callback at the release. Every value is a text, and empty where nothing is known; a moment is written as
/// the option `call_times` says.
pub const RELEASE: &[Row] = &[
    row("callSerialNo", Digits, |c| ids::call(c.cast, c.options), "id of the call: 19 digits", "呼叫流水号")
        .fact(Fact::CallId),
    row("serviceNo", Text, |c| c.of_agent(|agent| &agent.number), "the agent's number", "座席工号")
        .fact(Fact::AgentNumber),
    row("called", Text, |c| Leaf::from(&c.cast.customer.phone), "the customer's phone", "被叫号码")
        .fact(Fact::CustomerPhone),
    row(
        "callData",
        Text,
        |c| Leaf::from(c.options.call_data.as_ref()).or_empty(),
        "data of the tenant's own",
        "随路数据",
    ),
    row("caller", Text, |c| c.of_agent(|agent| &agent.phone), "the agent's phone", "主叫号码").fact(Fact::AgentPhone),
    row("callerPresent", Text, |c| Leaf::from(&c.cast.line), "the number shown to the customer", "外显号码")
        .fact(Fact::LineNumber),
    row(
        "createCallTime",
        Text,
        |c| c.at(Some(c.first.started)),
        "when the call was made: `call_times`",
        "呼叫创建时间",
    )
    .fact(Fact::Started),
    row(
        "alertingTime",
        Text,
        |c| c.at(c.first.customer_ring),
        "when the customer's phone rang: `call_times`",
        "被叫振铃时间",
    )
    .fact(Fact::CustomerRang),
    row(
        "talkingTime",
        Text,
        |c| c.at(c.first.customer_answer),
        "when the customer answered: `call_times`",
        "被叫接通时间",
    )
    .fact(Fact::CustomerAnswered),
    row(
        "releaseTime",
        Text,
        |c| c.at(c.last.customer_hangup),
        "when the customer's line was released: `call_times`",
        "被叫释放时间",
    )
    .fact(Fact::CustomerLeft),
    row("talkDuration", Digits, |c| c.talk(), "seconds from the customer's answer on", "被叫通话秒数").fact(Fact::Talk),
    row(
        "agentAlertingTime",
        Text,
        |c| c.at(c.first.agent_ring),
        "when the agent's phone rang: `call_times`",
        "座席振铃时间",
    )
    .fact(Fact::AgentRang),
    row(
        "agentTalkingTime",
        Text,
        |c| c.at(c.first.agent_answer),
        "when the agent answered: `call_times`",
        "座席接通时间",
    )
    .fact(Fact::AgentAnswered),
    row(
        "agentReleaseTime",
        Text,
        |c| c.at(c.first.agent_hangup),
        "when the agent's line was released: `call_times`",
        "座席释放时间",
    )
    .fact(Fact::AgentLeft),
    row("agentTalkDuration", Digits, |c| c.agent_talk(), "seconds from the agent's answer on", "座席通话秒数")
        .fact(Fact::AgentTalk),
    row("recordfile", Text, |c| c.recording(), "path of the recording; empty without one", "录音文件路径")
        .fact(Fact::RecordingUrl),
    row("locationId", Text, |c| c.location(), "node of the recording; empty without one", "录音所在节点"),
    row("releaseReason", OpenWord(REASONS), |c| reason(c.first, c.last).into(), REASON, "释放原因").fact(Fact::Cause),
];

const REASONS: &[&str] = &["0", "1", "2", "3", "4", "5"];
const REASON: &str = "0 callee hung up, 1 caller hung up, 2 caller's leg failed, 3 callee's leg failed, 4 caller or 5 \
                      callee did not answer, any other abnormal";

impl Call<'_> {
    fn of_agent(&self, value: fn(&Agent) -> &Settled) -> Leaf {
        let agent = self.first.agent.and_then(|agent| self.cast.agents.get(agent));
        agent.map_or(Leaf::EMPTY, |agent| Leaf::from(value(agent)))
    }

    fn at(&self, at: Option<Moment>) -> Leaf {
        Leaf::time_or_empty(self.cast, at, self.options.call_times.0)
    }

    fn seconds(&self, from: Option<Moment>, to: Option<Moment>) -> Leaf {
        let both = from.zip(to);
        both.map_or(Leaf::from("0"), |(from, to)| Leaf::seconds(self.cast, from, to).as_text())
    }

    fn talk(&self) -> Leaf {
        self.seconds(self.first.customer_answer, self.last.customer_hangup)
    }

    fn agent_talk(&self) -> Leaf {
        self.seconds(self.first.agent_answer, self.first.agent_hangup)
    }

    fn if_recorded(&self, leaf: impl FnOnce() -> Leaf) -> Leaf {
        if self.cast.recorded && self.first.bridged.is_some() { leaf() } else { Leaf::EMPTY }
    }

    fn recording(&self) -> Leaf {
        self.if_recorded(|| {
            let folder = format!("{}/", self.options.record_base.trim_end_matches('/'));
            Leaf::joined([folder.into(), ids::call(self.cast, self.options), ".wav".into()])
        })
    }

    fn location(&self) -> Leaf {
        self.if_recorded(|| Leaf::from(&self.options.location_id))
    }
}

/// Why the call was released. The callee is the customer, the caller the agent.
fn reason(first: &Conversation, last: &Conversation) -> &'static str {
    /// The page calls every other value abnormal and names none. Inferred.
    const ABNORMAL: &str = "9";
    if first.agent_answer.is_none() {
        return match (last.dropped_by, last.cause) {
            (Some(Side::System), _) => ABNORMAL,
            (_, None | Some(Cause::NoAnswer)) => "4",
            (_, Some(_)) => "2",
        };
    }
    match (first.bridged, last.dropped_by) {
        (_, None | Some(Side::System)) => ABNORMAL,
        (Some(_), Some(Side::Customer)) => "0",
        (_, Some(Side::Agent)) => "1",
        (None, Some(Side::Customer)) => match last.cause {
            None | Some(Cause::NoAnswer) => "5",
            Some(_) => "3",
        },
    }
}
