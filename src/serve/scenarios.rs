//! Scenarios that are looked at and not played: the built-in ones, whether one is right, and what it would send.

use super::Switchboard;
use super::answer::{Answered, Json, Part, blocking, ok};
use super::problem::Problem;
use super::request::RunRequest;
use super::texts::scenario_of;
use crate::call::Subject;
use crate::diagnostic::{BUILT_IN_SOURCE, Diagnostic};
use crate::plan::{Circumstances, Plan, PlanFormat, Targets};
use crate::scenario::{self, BuiltIn, Scenario};
use crate::vendors::{self, Vendor};
use axum::extract::State;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// A scenario that is built in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct ScenarioLine {
    /// Its name.
    name: String,
    /// What it says of itself.
    title: String,
    /// What it is about: `call`, `shift`, `chat`, `notification`.
    subject: &'static str,
    /// The vendors that can tell it.
    vendors: Vec<&'static str>,
}

/// The same with its text.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ScenarioText {
    #[serde(flatten)]
    line: ScenarioLine,
    /// The scenario as YAML.
    text: String,
}

/// The built-in scenarios.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Scenarios {
    scenarios: &'static [ScenarioLine],
}

/// A scenario to look at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckRequest {
    /// The scenario as YAML, or the name of a built-in one.
    scenario: String,
}

/// Whether a scenario is right.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Checked {
    ok: bool,
    /// What the scenario says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// The vendors that can tell it.
    vendors: Vec<&'static str>,
    /// What is wrong.
    #[schemars(with = "Vec<serde_json::Map<String, Value>>")]
    diagnostics: Vec<Diagnostic>,
    /// The same as a terminal shows it.
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
}

/// What to plan, and how to show it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanRequest {
    /// What would be played.
    run: RunRequest,
    /// How it is shown.
    #[serde(default)]
    format: PlanFormat,
}

/// Everything that would be sent.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Planned {
    /// A text, or an object where `json` was asked for.
    plan: Value,
}

pub(super) async fn scenarios() -> Answered {
    ok(&Scenarios { scenarios: lines().await? })
}

pub(super) async fn scenario(Part(name): Part<String>) -> Answered {
    let found = scenario::built_in().into_iter().find(|built_in| built_in.name == name || built_in.path == name);
    let missing =
        || Problem::missing(format!("no built-in scenario is called `{name}`")).help("GET /api/scenarios lists them");
    let BuiltIn { name, text, .. } = found.ok_or_else(missing)?;
    let line = lines().await?.iter().find(|line| line.name == name).cloned();
    ok(&ScenarioText { line: line.ok_or_else(|| Problem::missing(format!("`{name}` cannot be read")))?, text })
}

pub(super) async fn check(
    State(board): State<Arc<Switchboard>>,
    Json(CheckRequest { scenario }): Json<CheckRequest>,
) -> Answered {
    let looking = board.plannings.plan(move |wanted| match scenario_of(&scenario) {
        Ok(scenario) => {
            wanted.still()?;
            let vendors = tellers(&scenario);
            Ok(Checked { ok: true, title: Some(scenario.title), vendors, diagnostics: Vec::new(), text: String::new() })
        }
        Err(problem) => {
            let (diagnostics, text) = problem.into_diagnostics();
            Ok(Checked { ok: false, title: None, vendors: Vec::new(), diagnostics, text })
        }
    });
    ok(&looking.await?)
}

pub(super) async fn plan(
    State(board): State<Arc<Switchboard>>,
    Json(PlanRequest { run, format }): Json<PlanRequest>,
) -> Answered {
    let plannings = Arc::clone(&board);
    let planning = plannings.plannings.plan(move |wanted| {
        let ready = run.ready(&board.target, &board.allowed_hosts, &board.headers, wanted);
        let plan = ready.and_then(|ready| ready.plan()).map_err(|problem| problem.within("/run"))?;
        wanted.still()?;
        let mut text = plan.print(format);
        board.secrets.veil(&mut text);
        Ok(match format {
            PlanFormat::Json => serde_json::from_str(&text).unwrap_or_default(),
            _ => text.into(),
        })
    });
    let plan = planning.await?;
    ok(&Planned { plan })
}

/// The built-in scenarios; planned once, because who can tell which never changes.
async fn lines() -> Result<&'static [ScenarioLine], Problem> {
    static LINES: OnceLock<Vec<ScenarioLine>> = OnceLock::new();
    blocking(|| LINES.get_or_init(|| scenario::built_in().iter().map(line).collect()).as_slice()).await
}

fn line(built_in: &BuiltIn) -> ScenarioLine {
    let BuiltIn { name, text, .. } = built_in;
    let read = scenario::parse(name, &format!("{BUILT_IN_SOURCE}{name}"), text, &|_| None);
    let (title, subject, vendors) = match &read {
        Ok(scenario) => (scenario.title.clone(), subject(scenario), tellers(scenario)),
        Err(_) => (String::new(), "call", Vec::new()),
    };
    ScenarioLine { name: name.clone(), title, subject, vendors }
}

fn subject(scenario: &Scenario) -> &'static str {
    match scenario.cast.subject {
        Subject::Call(_) => "call",
        Subject::Shift => "shift",
        Subject::Chat(_) => "chat",
        Subject::Notification => "notification",
    }
}

/// The vendors that can tell a scenario.
fn tellers(scenario: &Scenario) -> Vec<&'static str> {
    let Ok(nowhere) = "http://127.0.0.1:9/".parse() else { return Vec::new() };
    let circumstances = Circumstances {
        seed: 1,
        start: Timestamp::UNIX_EPOCH,
        call_number: 1,
        targets: Targets::Given(vec![nowhere]),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let is_for = |vendor: &&&'static dyn Vendor| {
        scenario.vendors.as_ref().is_none_or(|ids| ids.contains(&vendor.id()))
            && Plan::build(scenario, **vendor, &circumstances).is_ok()
    };
    vendors::ALL.iter().filter(is_for).map(|vendor| vendor.id()).collect()
}
