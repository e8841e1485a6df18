//! Udesk's call event push: which happening causes which push, and what counts as acknowledged.
//!
//! Source: Udesk, 通话事件推送 (`call_detail_push`). One flat object per push, the same keys every time; `occasion` says
//! what happened. `fields` declares each key once, `pushes` is the catalogue, `scene` knows what is there at a moment.

mod desk;
mod fields;
mod lengths;
pub mod options;
mod outcome;
pub mod pushes;
mod records;
mod scene;
pub mod set_fields;
#[cfg(test)]
mod tests;
mod workflow;

use super::{
    About, Acknowledgement, BadOption, GivenOptions, OptionFact, PushFact, Retriable, RetryPolicy, Stage, Teller,
    Vendor,
};
use crate::call::{CallState, Cast, Category, Conversation, Happening, Kind, Party, Subject, What};
use crate::http::{Captured, Method, Push, Reply};
use desk::Desk;
use options::{EndInfo, Options, Success};
use pushes::{Occasion, PUSHES};
use scene::Scene;
use std::time::Duration;
use workflow::{Workflow, owns_customer};

/// Udesk, call centre: one push for each event of a call.
pub struct Udesk;

impl Vendor for Udesk {
    fn id(&self) -> &'static str {
        "udesk"
    }

    fn title(&self) -> &'static str {
        "Udesk call event push"
    }

    fn documented(&self) -> usize {
        // The values of `occasion` on the page.
        24
    }

    fn pushes(&self) -> &'static [PushFact] {
        &PUSHES
    }

    fn options(&self) -> &'static [OptionFact] {
        Options::facts()
    }

    fn can_tell(&self, cast: &Cast) -> Result<(), String> {
        match cast.subject {
            Subject::Call(Kind::Webcall) => Err("Udesk documents no web call".into()),
            Subject::Shift => Err("Udesk pushes calls only, no agent's working day".into()),
            Subject::Chat(_) => Err("Udesk pushes calls only, no chats".into()),
            Subject::Notification => Err("Udesk pushes calls only, no notifications to phones".into()),
            Subject::Call(_) => Ok(()),
        }
    }

    fn teller<'a>(&self, cast: &'a Cast, given: &GivenOptions) -> Result<Box<dyn Teller + 'a>, BadOption> {
        let options = Options::checked(given)?;
        let workflow = match cast.subject {
            Subject::Call(kind) => Workflow::of(kind),
            Subject::Shift | Subject::Chat(_) | Subject::Notification => None,
        };
        Ok(Box::new(Story { cast, options, workflow, desk: Desk::Empty, begun: None }))
    }

    fn acknowledged(&self, reply: &Reply, given: &GivenOptions) -> Acknowledgement {
        Acknowledgement::by_status(reply, Options::success(given) == Ok(Success::Only200))
    }

    fn timeout(&self, given: &GivenOptions) -> Duration {
        Options::timeout(given).unwrap_or_default()
    }

    fn retry(&self, given: &GivenOptions) -> RetryPolicy {
        if !Options::retry(given).unwrap_or_default() {
            return RetryPolicy::none();
        }
        let count = Options::retry_count(given).unwrap_or_default();
        let wait = Options::retry_interval(given).unwrap_or_default();
        RetryPolicy { waits: (0..count).map(|_| wait).collect(), jitter: 0.0, on: Retriable::all() }
    }

    fn printed(&self, push: &str) -> Option<&'static str> {
        (push == "end").then_some(include_str!("samples/end.json"))
    }

    fn recognise(&self, captured: &Captured) -> Option<&'static str> {
        /// What every push has, whatever else is in it.
        #[derive(serde::Deserialize)]
        struct Envelope {
            occasion: String,
            #[serde(rename = "conversation_id")]
            _conversation_id: serde_json::Value,
        }
        let envelope: Envelope = serde_json::from_slice(&captured.body).ok()?;
        PUSHES.iter().map(|push| push.name).find(|name| *name == envelope.occasion)
    }

    fn about(&self, captured: &Captured) -> Option<About> {
        let push = self.recognise(captured)?;
        let body: serde_json::Value = serde_json::from_slice(&captured.body).ok()?;
        Some(About {
            call: body.get("conversation_id")?.to_string(),
            at: body.get("timestamp").and_then(|at| at.as_str()).map(str::to_owned),
            stage: if push == "end" { Stage::End } else { Stage::During },
        })
    }

    fn thanks(&self) -> (u16, &'static str, &'static str) {
        // The page asks for no body; this is the shape of the vendor's own answers.
        (200, "application/json", r#"{"code":1000,"message":"ok"}"#)
    }
}

/// One call, of which Udesk renders the pushes.
struct Story<'a> {
    cast: &'a Cast,
    options: Options,
    workflow: Option<Workflow>,
    desk: Desk,
    /// The state at the start of an automatic call, until `begin` is sent.
    begun: Option<CallState>,
}

impl Teller for Story<'_> {
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>) {
        let Some(workflow) = self.workflow else { return };
        // `begin` waits for what happens next at the same moment, which may be that the call's task becomes known.
        if let Some(mut begun) = self.begun.take() {
            begun.task = state.task;
            pushes.extend(self.push(workflow, Occasion::Begin, happening, &begun));
        }
        let Some(conversation) = state.conversation(happening) else { return };
        if happening.what == What::CallStarted && workflow == Workflow::OutAuto {
            self.begun = Some(state.clone());
        }
        self.desk = self.desk.after(&happening.what);
        for occasion in self.caused(workflow, &happening.what, conversation) {
            pushes.extend(self.push(workflow, occasion, happening, state));
        }
        if matches!(happening.what, What::AgentMissed { .. }) && workflow.assigns_agents() {
            self.desk = Desk::Empty;
        }
    }
}

impl Story<'_> {
    /// The pushes that a happening causes, in order.
    fn caused(&self, workflow: Workflow, what: &What, conversation: &Conversation) -> Vec<Occasion> {
        let only = |occasion, sent: bool| if sent { vec![occasion] } else { Vec::new() };
        match what {
            What::AgentAnswered { .. } if workflow.assigns_agents() => vec![Occasion::AgentIncall],
            What::AgentAnswered { .. } => vec![Occasion::AgentAnswer],
            What::AgentLocked { .. } => only(Occasion::AgentLock, self.options.agent_lock),
            What::AgentMissed { .. } => only(Occasion::AgentBreakout, workflow.assigns_agents()),
            What::CustomerAnswered => vec![Occasion::CustomerAnswer],
            What::Queued { .. } => vec![Occasion::EnqueueSucc],
            What::AdvancedEnded { kind, outcome, .. } => vec![Occasion::Advanced(*kind, *outcome)],
            // An outside party is no agent who could start to talk.
            What::Joined { with, .. } => only(Occasion::AgentIncall, matches!(with, Party::Agent(_))),
            What::HungUp { .. } => only(Occasion::Hangup, pushes_hangup(workflow, conversation)),
            What::Ended => match (conversation.category, self.options.end_info) {
                (Category::Advanced(_), EndInfo::BeforeEnd) => vec![Occasion::EndInfo, Occasion::End],
                (Category::Advanced(_), EndInfo::AfterEnd) => vec![Occasion::End, Occasion::EndInfo],
                (Category::Advanced(_), EndInfo::Off) | (Category::Normal, _) => vec![Occasion::End],
            },
            What::CallStarted
            | What::TaskTaken { .. }
            | What::IvrEntered { .. }
            | What::IvrLeft
            | What::KeysPressed(_)
            | What::AgentRinging { .. }
            | What::CustomerRinging
            | What::CustomerMissed(_)
            | What::Held
            | What::Resumed
            | What::AdvancedStarted { .. }
            | What::Released
            | What::VoicemailStarted
            | What::VoicemailLeft
            | What::SurveyStarted
            | What::SurveyAnswered { .. }
            | What::Recorded
            | What::Recognised(_)
            | What::Transcribed(_)
            | What::Understood(_)
            | What::StatusChanged { .. }
            | What::LoggedIn { .. }
            | What::LoggedOut { .. }
            | What::Chat(_)
            | What::Notification { .. } => Vec::new(),
        }
    }

    fn push(&self, workflow: Workflow, occasion: Occasion, happening: &Happening, state: &CallState) -> Option<Push> {
        let scene = Scene {
            cast: self.cast,
            options: &self.options,
            workflow,
            desk: self.desk,
            state,
            talk: state.conversation(happening)?,
            index: happening.conversation,
            now: happening.at,
            occasion,
        };
        Some(Push {
            headers: vec![("Content-Type", self.options.content_type.clone())].into(),
            body: scene.body(),
            ..Push::new(occasion.word(), Method::Post)
        })
    }
}

/// Whether a hang-up is pushed: only of a conversation that has the customer, and that got as far as a queue or an answer.
///
/// Inferred from the page's two orders. The platform's own pick-up of an inbound call is no answer.
fn pushes_hangup(workflow: Workflow, conversation: &Conversation) -> bool {
    let by_agent = conversation.agent_answer.is_some();
    let by_customer = workflow != Workflow::In && conversation.customer_answer.is_some();
    owns_customer(conversation.category) && (by_agent || by_customer || conversation.queued.is_some())
}
