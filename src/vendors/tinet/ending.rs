//! What the end of a call causes: wrap-up, survey, the record, and what becomes ready after it.

use super::outcome::Facts;
use super::record::completes;
use super::speech;
use super::states::Act;
use super::teller::{CallTeller, Moment};
use super::topic::Topic;
use crate::call::{Advanced, Category, Conversation, Kind, Party, Side, What};
use std::time::Duration;

/// How far the end of a call has got.
#[derive(Debug, Clone, Default)]
pub(super) struct Ending {
    /// Whether the record is told.
    recorded: bool,
    /// What became ready before the record was told, and has to come after it.
    held_back: Vec<What>,
    /// When the predictive task started; `None` where there is none or it has ended.
    task_started: Option<Duration>,
}

impl CallTeller<'_> {
    /// How long agents wrap up after this kind of call.
    pub(super) fn wrap_up(&self) -> Duration {
        match self.known.kind {
            Kind::Predictive => self.known.options.wrap_up_task,
            Kind::Inbound | Kind::Outbound | Kind::Preview | Kind::Direct | Kind::Webcall => self.known.options.wrap_up,
        }
    }

    /// The task of a predictive call starts: this number is all that it has.
    pub(super) fn start_task(&mut self, moment: &mut Moment) {
        if self.known.kind == Kind::Predictive {
            self.ending.task_started = Some(moment.now);
            let scene = self.known.scene(moment.state);
            let event = scene.task_state(Facts::default(), moment.now, None, moment.now);
            self.send(Topic::Task, &event, moment);
        }
    }

    fn end_task(&mut self, moment: &mut Moment) {
        if let Some(started) = self.ending.task_started.take() {
            let facts = self.known.record(moment.state).facts();
            let event = self.known.scene(moment.state).task_state(facts, started, Some(moment.now), moment.now);
            self.send(Topic::Task, &event, moment);
        }
    }

    /// An agent who talked leaves the call.
    pub(super) fn leave_call(&mut self, agent: Option<usize>, moment: &mut Moment) {
        let act = if self.wrap_up().is_zero() { self.known.options.no_wrap_up } else { Act::Acw };
        self.status_of(agent, act, moment);
    }

    /// Once the wrap-up is over, the agent is idle.
    fn idle_later(&mut self, agent: Option<usize>, moment: &mut Moment) {
        let wrap_up = self.wrap_up();
        let Some(agent) = agent.filter(|_| self.known.options.auto_idle) else { return };
        if let Some(after) = self.desk.idle_after(agent, wrap_up, moment.now) {
            self.tell_status(agent, Act::Idle, None, after, moment);
        }
    }

    pub(super) fn hang_up(&mut self, side: Side, conversation: Option<&Conversation>, moment: &mut Moment) {
        let Some(conversation) = conversation else { return };
        match conversation.category {
            Category::Normal | Category::Advanced(Advanced::Transfer | Advanced::Intercept) => {}
            Category::Advanced(
                kind @ (Advanced::Consult
                | Advanced::Conference
                | Advanced::Listen
                | Advanced::Whisper
                | Advanced::Barge),
            ) => return self.third_leaves(kind, conversation, moment),
        }
        let agent = conversation.agent.filter(|agent| self.desk.on_line(*agent, moment.now));
        if conversation.bridged.is_some() {
            self.leave_call(agent, moment);
        } else {
            let missed = side == Side::Customer && conversation.customer_ring.is_some();
            self.status_of(agent, if missed { self.known.options.no_answer } else { Act::Idle }, moment);
        }
        // Also whoever handed the customer on and has been wrapping up since.
        self.idle_later(conversation.agent, moment);
    }

    pub(super) fn survey(&mut self, conversation: Option<&Conversation>, moment: &mut Moment) {
        let Some(conversation) = conversation else { return };
        if let Some(survey) = &conversation.survey {
            let event = self.known.scene(moment.state).survey(survey, conversation.agent);
            self.send(Topic::Survey, &event, moment);
        }
    }

    /// A conversation is over for good. With the last one of the customer the call's only record is complete.
    pub(super) fn end(&mut self, conversation: Option<&Conversation>, moment: &mut Moment) {
        let Some(conversation) = conversation.filter(|conversation| completes(&What::Ended, conversation)) else {
            return;
        };
        if self.known.legs.main().is_none() {
            // The platform gave up before it called anybody.
            self.known.legs.open(Party::System, conversation.started);
        }
        let inbound = self.known.kind == Kind::Inbound;
        let event = self.known.scene(moment.state).call();
        self.send(if inbound { Topic::InboundHangup } else { Topic::OutboundHangup }, &event, moment);
        self.ending.recorded = true;

        let recorded = self.known.record(moment.state).recorded().is_some();
        let announced = self.known.cast.recorded;
        if recorded && !announced {
            // The recording of a voice menu has no step of its own.
            self.recording(moment);
        }
        let held_back = std::mem::take(&mut self.ending.held_back);
        let recording_ready = held_back.contains(&What::Recorded);
        for what in held_back {
            self.follow_up(&what, moment);
        }
        if !(recorded && announced) || recording_ready {
            self.end_task(moment);
        }
    }

    /// Something about the call is ready: it comes after the record.
    pub(super) fn follow_up(&mut self, what: &What, moment: &mut Moment) {
        if !self.ending.recorded {
            self.ending.held_back.push(what.clone());
            // A transcript is made of the recording.
            self.ending.held_back.sort_by_key(|what| *what != What::Recorded);
            return;
        }
        match what {
            What::Recorded => {
                self.recording(moment);
                self.end_task(moment);
            }
            What::Recognised(recognition) => {
                let record = self.known.record(moment.state);
                let event = speech::recognised(self.known.scene(moment.state), &record, recognition, moment.now);
                self.send(Topic::NumberStatus, &event, moment);
            }
            What::Transcribed(text) => {
                let record = self.known.record(moment.state);
                let event = speech::transcribed(self.known.scene(moment.state), &record, text.as_deref());
                self.send(Topic::Transcript, &event, moment);
            }
            _ => {}
        }
    }

    fn recording(&mut self, moment: &mut Moment) {
        if self.known.record(moment.state).recorded().is_some() {
            let event = self.known.scene(moment.state).call();
            self.send(Topic::Recording, &event, moment);
        }
    }
}
