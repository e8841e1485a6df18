//! Udesk's call event push: which happening causes which push, and what counts as acknowledged.
//!
//! Source: Udesk, 通话事件推送 (`call_detail_push`). One flat object per push, the same keys every time; `occasion` says
//! what happened. `facts` is the catalogue, `body` fills the object, the words stand in `occasion` and `outcome`.

mod body;
mod desk;
mod durations;
pub mod facts;
mod fields;
mod meanings;
mod occasion;
pub mod options;
mod outcome;
pub mod payload;
mod records;
#[cfg(test)]
mod tests;
mod times;

use super::{
    About, Acknowledgement, BadSetting, Meaning, PushFact, Retriable, RetryPolicy, SettingFact, Settings, Stage,
    Teller, Vendor,
};
use crate::call::{CallState, Cast, Category, Conversation, Happening, Kind, Party, Subject, What};
use crate::http::{Captured, Method, Push, Reply};
use body::Telling;
use desk::Desk;
use occasion::{Occasion, Workflow};
use options::{EndInfo, Options, RETRY_COUNT_MAX};
use records::Records;
use std::time::Duration;

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
        facts::PUSHES
    }

    fn meanings(&self) -> &'static [(&'static str, Meaning)] {
        meanings::MEANINGS
    }

    fn settings(&self) -> &'static [SettingFact] {
        options::SETTINGS
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

    fn teller<'a>(&self, cast: &'a Cast, settings: &Settings) -> Result<Box<dyn Teller + 'a>, BadSetting> {
        let options = Options::read(settings)?;
        let workflow = match cast.subject {
            Subject::Call(kind) => Workflow::of(kind),
            Subject::Shift | Subject::Chat(_) | Subject::Notification => None,
        };
        let records = Records::draw(cast, &options);
        Ok(Box::new(Story { cast, options, records, workflow, desk: Desk::Empty, begun: None }))
    }

    fn acknowledged(&self, reply: &Reply, settings: &Settings) -> Acknowledgement {
        Acknowledgement::by_status(reply, settings.text("success") == Some("200"))
    }

    fn timeout(&self, settings: &Settings) -> Duration {
        settings.duration("timeout")
    }

    fn retry(&self, settings: &Settings) -> RetryPolicy {
        if !settings.switch("retry") {
            return RetryPolicy::none();
        }
        let count = settings.integer("retry_count").unwrap_or_default().min(RETRY_COUNT_MAX);
        let waits = (0..count).map(|_| settings.duration("retry_interval")).collect();
        RetryPolicy { waits, jitter: 0.0, on: Retriable::all() }
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
        facts::PUSHES.iter().map(|push| push.name).find(|name| *name == envelope.occasion)
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

/// One call as Udesk tells it.
struct Story<'a> {
    cast: &'a Cast,
    options: Options,
    records: Records<'a>,
    workflow: Option<Workflow>,
    desk: Desk,
    /// The state at the start of an automatic call, until `begin` is told.
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
            What::HungUp { .. } => only(Occasion::Hangup, tells_hangup(workflow, conversation)),
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
        let telling = Telling {
            cast: self.cast,
            options: &self.options,
            records: &self.records,
            workflow,
            desk: self.desk,
            state,
            conversation: state.conversation(happening)?,
            index: happening.conversation,
            now: happening.offset,
            occasion,
        };
        Some(Push {
            headers: vec![("Content-Type".to_owned(), self.options.content_type.clone())],
            body: telling.body().into(),
            ..Push::new(occasion.name(), Method::Post)
        })
    }
}

/// Whether a hang-up is told: only of a conversation that has the customer, and that got as far as a queue or an answer.
///
/// Inferred from the page's two orders. The platform's own pick-up of an inbound call is no answer.
fn tells_hangup(workflow: Workflow, conversation: &Conversation) -> bool {
    let by_agent = conversation.agent_answer.is_some();
    let by_customer = workflow != Workflow::In && conversation.customer_answer.is_some();
    body::owns_customer(conversation.category) && (by_agent || by_customer || conversation.queued.is_some())
}
