//! The event variables of the pushes: what each type knows, by the names that push actions refer to.

use super::legs::Legs;
use super::menu::Menu;
use super::options::Options;
use super::outcome::{self, Facts};
use super::record::{Record, number_type};
use super::states::Act;
use crate::call::{Cast, Kind, LoginDevice, Party, Survey};
use std::time::Duration;

/// Event variables with their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event(Vec<(&'static str, String)>);

impl Event {
    /// The value of a variable; the one given last counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// One variable more.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }
}

/// What event variables are made of.
#[derive(Clone, Copy)]
pub struct Scene<'s> {
    pub cast: &'s Cast,
    pub options: &'s Options,
    pub legs: &'s Legs<'s>,
    pub menu: &'s Menu,
    pub kind: Kind,
    pub task: Option<usize>,
}

impl Scene<'_> {
    /// What every push of a call knows: the call, its customer, its numbers.
    pub fn call(&self) -> Event {
        let Scene { cast, options, kind, .. } = self;
        let customer = &cast.customer;
        let mut event = Event::default()
            .with("enterpriseId", &*options.enterprise)
            .with("callType", outcome::call_type(*kind))
            .with("customerNumber", &*customer.phone)
            .with("customerNumberType", number_type(customer.number_kind))
            .with("customerAreaCode", &*customer.area_code)
            .with("numberTrunk", &*options.trunk)
            .with("mainUniqueId", self.legs.main_id());
        event = match kind {
            Kind::Inbound => event.with("hotline", &*options.hotline),
            Kind::Outbound | Kind::Direct | Kind::Predictive | Kind::Webcall | Kind::Preview => {
                event.with("requestUniqueId", &*options.request_id)
            }
        };
        if let Some(task) = self.task.and_then(|task| cast.tasks.get(task)) {
            event = event.with("taskId", task.id.to_string());
        }
        match options.variables.iter().find(|(name, _)| name == "userField") {
            Some((_, value)) => event.with("userField", &**value),
            None => event,
        }
    }

    /// Seconds since 1970.
    pub fn second(&self, time: Duration) -> String {
        self.cast.epoch_second(time).to_string()
    }

    /// An agent of the call, with the agent's leg.
    pub fn with_agent(&self, event: Event, agent: usize) -> Event {
        let event = event.with("uniqueId", self.legs.id_of(Party::Agent(agent)));
        match self.cast.agents.get(agent) {
            Some(agent) => event
                .with("cno", &*agent.number)
                .with("bindTel", &*agent.phone)
                .with("calleeNumber", &*agent.phone)
                .with("clientName", &*agent.name),
            None => event,
        }
    }

    /// The call as its customer's leg knows it.
    pub fn customer(&self) -> Event {
        self.call().with("uniqueId", self.legs.id_of(Party::Customer))
    }

    /// A phone begins to ring.
    pub fn ringing(&self, of: Event, word: &'static str, now: Duration) -> Event {
        let time = self.cast.beijing(now).strftime("%Y-%m-%d %H:%M:%S").to_string();
        of.with("event", word).with("ringingTime", time)
    }

    /// Agent and customer are connected: a leg of this `detailCallType`.
    pub fn bridged(&self, agent: usize, detail: &'static str, now: Duration) -> Event {
        self.with_agent(self.call(), agent)
            .with("event", "bridged")
            .with("bridgeTime", self.second(now))
            .with("detailCallType", detail)
    }

    /// The customer of a predictive call answered or not.
    pub fn predictive_answer(&self, record: &Record) -> Event {
        let event = self.customer().with("sipCause", record.get("cdr_sip_cause").unwrap_or_default());
        match record.customer_answered() {
            Some(answered) => event
                .with("status", "41")
                .with("answerTime", self.second(answered))
                .with("isRealAnswer", "1")
                .with("realAnswerTime", self.second(answered)),
            None => event.with("status", "40"),
        }
    }

    /// The survey is answered; by its agent, where there is one.
    pub fn survey(&self, survey: &Survey, agent: Option<usize>) -> Event {
        let event = match agent {
            Some(agent) => self.with_agent(self.call(), agent),
            None => self.call(),
        };
        event
            .with("startTime", self.second(survey.started))
            .with("endTime", survey.ended.map(|ended| self.second(ended)).unwrap_or_default())
            .with("investigationName", &*self.options.survey_name)
            .with("keys", &*survey.keys)
    }

    /// A predictive task starts or ends.
    pub fn task_state(&self, facts: Facts, started: Duration, ended: Option<Duration>, now: Duration) -> Event {
        let count = |yes: bool| if yes { "1" } else { "0" };
        let name = self.task.and_then(|task| self.cast.tasks.get(task)).map(|task| task.name.clone());
        let event = self
            .call()
            .with("taskName", name.unwrap_or_default())
            .with("taskType", if self.options.task_automatic { "2" } else { "1" })
            .with("taskStatus", if ended.is_some() { "3" } else { "1" })
            .with("taskStatusDesc", if ended.is_some() { "结束" } else { "运行" })
            .with("startTime", self.second(started))
            .with("totalCount", "1")
            .with("calledCount", count(facts.customer_rang))
            .with("answeredCount", count(facts.customer_answered))
            .with("bridgedCount", count(facts.bridged))
            .with("time", self.second(now));
        match ended {
            Some(ended) => event.with("endTime", self.second(ended)),
            None => event,
        }
    }
}

/// What type 9 knows of an agent.
pub struct AgentMoment<'s> {
    /// The agent, as an index into the cast.
    pub agent: usize,
    /// What led to the state.
    pub act: Act,
    /// The device at which the agent takes calls.
    pub device: LoginDevice,
    /// When.
    pub at: Duration,
    /// Why the agent is paused, where the script says.
    pub reason: Option<&'s str>,
    /// How long the wrap-up lasts.
    pub wrap_up: Duration,
}

/// `bindType`.
fn bind_type(device: LoginDevice) -> &'static str {
    match device {
        LoginDevice::Phone => "1",
        LoginDevice::Sip => "2",
        LoginDevice::Softphone => "3",
    }
}

/// An agent's state changes; `call` is the scene of the call that the agent may be on.
pub fn agent_status(cast: &Cast, options: &Options, call: Option<Scene>, moment: &AgentMoment) -> Event {
    let AgentMoment { agent, act, device, at, reason, wrap_up } = *moment;
    let mut event = Event::default()
        .with("event", "status")
        .with("enterpriseId", &*options.enterprise)
        .with("bindType", bind_type(device))
        .with("state", act.state(options))
        .with("loginStatus", act.shown().login)
        .with("timeInMillis", cast.instant(at).as_millisecond().to_string())
        .with("time", cast.epoch_second(at).to_string());
    if let Some(agent) = cast.agents.get(agent) {
        event = event.with("cno", &*agent.number).with("bindTel", &*agent.phone);
    }
    if let Some(action) = act.action(options) {
        event = event.with("stateAction", action);
    }
    if let Some(device) = act.shown().device {
        event = event.with("deviceStatus", device);
    }
    if let Some(leg) = call.filter(|_| act.on_call()).and_then(|call| call.legs.of(Party::Agent(agent)).zip(Some(call)))
    {
        let (leg, call) = leg;
        event = event
            .with("callType", outcome::call_type(call.kind))
            .with("customerNumber", &*cast.customer.phone)
            .with("mainUniqueId", call.legs.main_id())
            .with("uniqueId", &*leg.id);
    }
    match act {
        Act::Pause => {
            event.with("pauseDescription", reason.unwrap_or(&options.pause_description)).with("pauseType", "1")
        }
        Act::Acw => event.with("wrapupTime", wrap_up.as_secs().to_string()),
        _ => event,
    }
}
