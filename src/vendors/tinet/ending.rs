//! What the end of a call causes: wrap-up, survey, the record, and what becomes ready after it.

use super::record::completes;
use super::scene::Told;
use super::states::Act;
use super::story::{Instant, Story};
use super::topic::Topic;
use crate::call::{Advanced, Category, Conversation, Kind, Moment, Party, Side, What};
use std::time::Duration;

/// How far the end of a call has got.
#[derive(Debug, Clone, Default)]
pub(super) struct Ending {
    /// Whether the record is told.
    recorded: bool,
    /// What became ready before the record was told, and has to come after it.
    held_back: Vec<What>,
    /// When the predictive task started; `None` where there is none or it has ended.
    task_started: Option<Moment>,
}

impl Story<'_> {
    /// How long agents wrap up after this kind of call.
    pub(super) fn wrap_up(&self) -> Duration {
        match self.known.kind {
            Kind::Predictive => self.known.options.wrap_up_task,
            Kind::Inbound | Kind::Outbound | Kind::Preview | Kind::Direct | Kind::Webcall => self.known.options.wrap_up,
        }
    }

    /// The task of a predictive call starts: this number is all that it has.
    pub(super) fn start_task(&mut self, moment: &mut Instant) {
        if self.known.kind == Kind::Predictive {
            self.ending.task_started = Some(moment.now);
            let told = Told { started: Some(moment.now), ..Told::default() };
            self.send(Topic::Task, told, moment);
        }
    }

    fn end_task(&mut self, moment: &mut Instant) {
        if let Some(started) = self.ending.task_started.take() {
            let (started, ended) = (Some(started), Some(moment.now));
            self.send(Topic::Task, Told { started, ended, ..Told::default() }, moment);
        }
    }

    /// An agent who talked leaves the call.
    pub(super) fn leave_call(&mut self, agent: Option<usize>, moment: &mut Instant) {
        let act = if self.wrap_up().is_zero() { self.known.options.no_wrap_up_action } else { Act::Acw };
        self.status_of(agent, act, moment);
    }

    /// Once the wrap-up is over, the agent is idle.
    fn idle_later(&mut self, agent: Option<usize>, moment: &mut Instant) {
        let wrap_up = self.wrap_up();
        let Some(agent) = agent.filter(|_| self.known.options.auto_idle) else { return };
        if let Some(idle_at) = self.desk.idle_after(agent, wrap_up, moment.now) {
            self.show(agent, Act::Idle, None, idle_at, moment);
        }
    }

    pub(super) fn hang_up(&mut self, side: Side, conversation: Option<&Conversation>, moment: &mut Instant) {
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
            self.status_of(agent, if missed { self.known.options.no_answer_action } else { Act::Idle }, moment);
        }
        // Also whoever handed the customer on and has been wrapping up since.
        self.idle_later(conversation.agent, moment);
    }

    pub(super) fn survey(&mut self, conversation: Option<&Conversation>, moment: &mut Instant) {
        let Some(conversation) = conversation else { return };
        if let Some(survey) = &conversation.survey {
            let told = Told {
                party: conversation.agent.map(Party::Agent),
                started: Some(survey.started),
                ended: survey.ended,
                keys: Some(survey.keys.clone()),
                ..Told::default()
            };
            self.send(Topic::Survey, told, moment);
        }
    }

    /// A conversation is over for good. With the last one of the customer the call's only record is complete.
    pub(super) fn end(&mut self, conversation: Option<&Conversation>, moment: &mut Instant) {
        let Some(conversation) = conversation.filter(|conversation| completes(&What::Ended, conversation)) else {
            return;
        };
        if self.known.legs.main().is_none() {
            // The platform gave up before it called anybody.
            self.known.legs.open(Party::System, conversation.started);
        }
        let inbound = self.known.kind == Kind::Inbound;
        self.send(if inbound { Topic::InboundHangup } else { Topic::OutboundHangup }, Told::default(), moment);
        self.ending.recorded = true;

        let recorded = self.scene(moment).recorded().is_some();
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
    pub(super) fn follow_up(&mut self, what: &What, moment: &mut Instant) {
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
                let (party, recognition) = (Some(Party::Customer), Some(recognition));
                let told = Told { party, recognition, ..Told::default() };
                self.send(Topic::NumberStatus, told, moment);
            }
            What::Transcribed(text) => {
                let told = Told { text: text.as_deref(), ..Told::default() };
                self.send(Topic::Transcript, told, moment);
            }
            _ => {}
        }
    }

    fn recording(&mut self, moment: &mut Instant) {
        if self.scene(moment).recorded().is_some() {
            self.send(Topic::Recording, Told::default(), moment);
        }
    }
}
