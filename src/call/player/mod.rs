//! Plays the steps of a script one by one, and knows at each moment who rings, who talks and who has gone.

mod advanced;
mod chat;
mod ending;
mod lines;
mod notification;
mod shift;

use super::{
    Advanced, AgentStatus, CastSpec, Happening, Illegal, Kind, Moment, NotificationEvent, Party, SoFar, Span, Speaker,
    Step, Subject, Timeline, What,
};
use crate::random::Keyed;
use chat::Chat;
use ending::Ending;
use std::time::Duration;

/// Why a step cannot happen, and what to do about it.
struct Impossible {
    reason: String,
    help: String,
}

type Played = Result<(), Impossible>;

fn impossible(reason: impl Into<String>, help: impl Into<String>) -> Impossible {
    Impossible { reason: reason.into(), help: help.into() }
}

/// The line of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Free,
    Ringing,
    Up,
}

/// A third party whose phone rings for an advanced operation.
#[derive(Debug, Clone, Copy)]
struct Asked {
    kind: Advanced,
    with: Party,
    rang_at: Moment,
}

/// A third party in a conversation of its own.
#[derive(Debug, Clone, Copy)]
struct Joined {
    kind: Advanced,
    party: Party,
    conversation: usize,
}

/// Who says how long a wait of a script is.
#[derive(Clone, Copy)]
pub(super) enum Waits<'a> {
    /// The draws of a call.
    Drawn(&'a Keyed),
    /// A choice, by the step and its span.
    Chosen(&'a dyn Fn(usize, Span) -> Duration),
}

/// The state of the play.
pub(super) struct Player<'a> {
    spec: &'a CastSpec,
    waits: Waits<'a>,
    now: Duration,
    happenings: Vec<Happening>,
    illegal: Vec<Illegal>,
    /// What steps that could not happen were about.
    told_of: Vec<Concerned>,
    started: bool,
    /// How many conversations there have been.
    conversations: usize,
    /// The conversation that the customer is in.
    main: usize,
    /// Who is on the line with the customer, or waits for the customer to answer.
    partner: Option<Party>,
    customer: Line,
    agents: Vec<Line>,
    logged_in: Vec<bool>,
    in_ivr: bool,
    queued: Option<usize>,
    bridged: bool,
    ever_bridged: bool,
    held: bool,
    task_taken: bool,
    voicemail_left: bool,
    record_asked: bool,
    asked: Option<Asked>,
    joined: Vec<Joined>,
    ending: Option<Ending>,
    chat: Chat,
    /// What happened to each notification last.
    notifications: Vec<Option<NotificationEvent>>,
}

impl<'a> Player<'a> {
    pub(super) fn new(spec: &'a CastSpec, waits: Waits<'a>) -> Self {
        Self {
            spec,
            waits,
            now: Duration::ZERO,
            happenings: Vec::new(),
            illegal: Vec::new(),
            told_of: Vec::new(),
            started: false,
            conversations: 0,
            main: 0,
            partner: None,
            customer: Line::Free,
            agents: vec![Line::Free; spec.agents.len()],
            logged_in: vec![false; spec.agents.len()],
            in_ivr: false,
            queued: None,
            bridged: false,
            ever_bridged: false,
            held: false,
            task_taken: false,
            voicemail_left: false,
            record_asked: false,
            asked: None,
            joined: Vec::new(),
            ending: None,
            chat: Chat::default(),
            notifications: vec![None; spec.notifications.len()],
        }
    }

    /// What happens in a whole script; `None` where it cannot happen.
    pub(super) fn played(spec: &'a CastSpec, script: &[Step], waits: Waits<'a>) -> Option<Vec<Happening>> {
        let mut player = Self::new(spec, waits);
        script.iter().enumerate().for_each(|(index, step)| player.step(index, step));
        player.finish(script.len()).ok().map(|timeline| timeline.happenings)
    }

    /// Plays one step; one that cannot happen is noted and left out.
    pub(super) fn step(&mut self, index: usize, step: &Step) {
        let played = match self.spec.subject {
            Subject::Call(kind) => self.call_step(index, step, kind),
            Subject::Shift => self.shift_step(index, step),
            Subject::Chat(_) => self.chat_step(index, step),
            Subject::Notification => self.notification_step(index, step),
        };
        let Err(Impossible { reason, help }) = played else { return };
        // One slip makes later steps of the same party wrong, too; it is told once.
        match concerned(step) {
            Some(concerned) if self.told_of.contains(&concerned) => {}
            concerned => {
                self.told_of.extend(concerned);
                self.illegal.push(Illegal { step: index, reason, help });
            }
        }
    }

    /// The end of the script: completes the records of the call.
    pub(super) fn finish(mut self, steps: usize) -> Result<Timeline, Vec<Illegal>> {
        if let Err(Impossible { reason, help }) = self.complete() {
            self.illegal.push(Illegal { step: steps.saturating_sub(1), reason, help });
        }
        if !self.illegal.is_empty() {
            return Err(self.illegal);
        }
        self.happenings.sort_by_key(|happening| happening.at);
        Ok(Timeline { happenings: self.happenings })
    }

    /// The moment that the play has come to.
    pub(super) fn now(&self) -> Duration {
        self.now
    }

    /// The story as far as it is written: its records are complete only where it has come to an end.
    pub(super) fn pause(mut self, begins: Vec<Duration>) -> Result<SoFar, Vec<Illegal>> {
        let is_over = self.complete().is_ok();
        if !self.illegal.is_empty() {
            return Err(self.illegal);
        }
        self.happenings.sort_by_key(|happening| happening.at);
        Ok(SoFar { timeline: Timeline { happenings: self.happenings }, begins, now: self.now, is_over })
    }

    fn call_step(&mut self, index: usize, step: &Step, kind: Kind) -> Played {
        if let Some(ending) = &self.ending
            && !matches!(
                step,
                Step::Wait(_)
                    | Step::Survey { .. }
                    | Step::Record
                    | Step::Recognise(_)
                    | Step::Transcribe(_)
                    | Step::Understand(_)
                    | Step::Status(..)
            )
        {
            return Err(impossible(
                format!("the call is over: {}", ending.told),
                "after the end only wait, survey, record, recognise, transcribe, understand and status can follow",
            ));
        }
        match step {
            Step::Wait(span) => self.wait(index, *span),
            Step::Task(task) => self.take_task(*task),
            Step::Ivr { name, variables, recorded } => self.enter_ivr(kind, name, variables, *recorded),
            Step::Keys(keys) => self.press(keys),
            Step::Enqueue(queue) => self.enqueue(kind, *queue),
            Step::Lock(agent) => self.lock(kind, *agent),
            Step::Ring(party) => self.ring(kind, *party),
            Step::Answer(party) => self.answer(*party),
            Step::Decline(party, cause) => self.decline(kind, *party, *cause),
            Step::Hold(agent) => self.hold(*agent),
            Step::Resume(agent) => self.resume(*agent),
            Step::Transfer(party) => self.ask(Advanced::Transfer, *party),
            Step::Consult(party) => self.ask(Advanced::Consult, *party),
            Step::Conference(party) => self.ask(Advanced::Conference, *party),
            Step::Listen(agent) => self.ask(Advanced::Listen, Party::Agent(*agent)),
            Step::Whisper(agent) => self.ask(Advanced::Whisper, Party::Agent(*agent)),
            Step::Barge(agent) => self.ask(Advanced::Barge, Party::Agent(*agent)),
            Step::Intercept(agent) => self.ask(Advanced::Intercept, Party::Agent(*agent)),
            Step::HangUp { by, release_after, cause } => self.hang_up(*by, *release_after, *cause),
            Step::Voicemail(span) => self.voicemail(index, *span),
            Step::Survey { keys, after } => self.survey(index, keys, *after),
            Step::Record => self.record(),
            Step::Recognise(recognition) => self.recognise(kind, recognition),
            Step::Transcribe(text) => self.transcribe(text),
            Step::Understand(text) => self.understand(text),
            Step::Status(agent, status) => self.change_status(*agent, status),
            Step::Login(..) | Step::Logout(..) => Err(impossible(
                "an agent's login belongs to a shift, not to a call",
                "write it in a file with `shift:` in place of `call:`",
            )),
            Step::Say(..) | Step::Read(..) | Step::HandOn(_) | Step::Disconnect { .. } => Err(impossible(
                "this step belongs to a chat, not to a call",
                "write it in a file with `chat:` in place of `call:`",
            )),
            Step::Notification { .. } => Err(impossible(
                "this step belongs to a notification, not to a call",
                "write it in a file with `notification:` in place of `call:`",
            )),
        }
    }

    fn wait(&mut self, index: usize, span: Span) -> Played {
        self.now += self.draw(index, span);
        Ok(())
    }

    fn draw(&self, index: usize, span: Span) -> Duration {
        match self.waits {
            Waits::Drawn(keyed) => span.draw(index, keyed),
            Waits::Chosen(choose) => choose(index, span),
        }
    }

    fn change_status(&mut self, agent: usize, status: &AgentStatus) -> Played {
        self.happen(What::StatusChanged { agent, status: status.clone() });
        Ok(())
    }

    /// A moment of the next happening.
    fn moment(&self, offset: Duration) -> Moment {
        Moment { offset, mark: u16::try_from(self.happenings.len()).unwrap_or(u16::MAX) }
    }

    /// Lets something happen now in the conversation that the customer is in.
    fn happen(&mut self, what: What) {
        self.happen_in(self.main, self.now, what);
    }

    fn happen_in(&mut self, conversation: usize, offset: Duration, what: What) {
        let at = self.moment(offset);
        self.happenings.push(Happening { at, conversation, what });
    }

    /// The first step that touches the call starts it.
    fn touch(&mut self, kind: Kind) {
        if self.started {
            return;
        }
        self.started = true;
        self.conversations = 1;
        match kind {
            Kind::Inbound => self.customer = Line::Up,
            Kind::Direct => {
                self.partner = Some(Party::Agent(0));
                self.agents[0] = Line::Up;
            }
            Kind::Outbound | Kind::Predictive | Kind::Webcall | Kind::Preview => {}
        }
        self.happen(What::CallStarted);
    }

    fn name(&self, party: Party) -> &str {
        match party {
            Party::Customer => "customer",
            Party::System => "system",
            Party::Agent(index) => self.spec.agents.get(index).map_or("agent", |agent| &agent.key),
            Party::Outsider(index) => self.spec.outsiders.get(index).map_or("outside", |outsider| &outsider.key),
        }
    }

    /// The name in front of a noun: "the customer's", "ann's".
    fn whose(&self, party: Party) -> String {
        match party {
            Party::Customer => "the customer's".into(),
            Party::System => "the platform's".into(),
            Party::Agent(_) | Party::Outsider(_) => format!("{}'s", self.name(party)),
        }
    }

    /// The name as the subject of a sentence: "the customer", "ann".
    fn who(&self, party: Party) -> String {
        match party {
            Party::Customer => "the customer".into(),
            Party::System => "the platform".into(),
            Party::Agent(_) | Party::Outsider(_) => self.name(party).to_owned(),
        }
    }

    fn joined_as(&self, party: Party) -> Option<Joined> {
        self.joined.iter().copied().find(|joined| joined.party == party)
    }
}

/// Whom or what a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Concerned {
    /// One who can ring, answer and write.
    Party(Party),
    /// The robot of a chat.
    Robot,
    /// A notification, by index.
    Notification(usize),
}

impl Concerned {
    fn speaker(speaker: Speaker) -> Self {
        match speaker {
            Speaker::Customer => Concerned::Party(Party::Customer),
            Speaker::System => Concerned::Party(Party::System),
            Speaker::Agent(agent) => Concerned::Party(Party::Agent(agent)),
            Speaker::Robot => Concerned::Robot,
        }
    }
}

fn concerned(step: &Step) -> Option<Concerned> {
    match step {
        Step::Ring(party) | Step::Answer(party) | Step::Decline(party, _) | Step::HangUp { by: party, .. } => {
            Some(Concerned::Party(*party))
        }
        Step::Say(Some(by), _) | Step::Disconnect { by, .. } => Some(Concerned::speaker(*by)),
        Step::Read(agent, _) => Some(Concerned::Party(Party::Agent(*agent))),
        Step::Notification { task, .. } => Some(Concerned::Notification(*task)),
        _ => None,
    }
}
