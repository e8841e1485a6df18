//! What there is: scenarios, vendors, pushes, faults, checks, codes, schemas; and texts that are looked at and not played.

use super::Switchboard;
use super::answer::{Answered, Json, Parameters, Part, ok};
use super::drive::LiveFault;
use super::problem::Problem;
use super::request::RunRequest;
use super::texts::scenario_of;
use crate::call::Subject;
use crate::contract;
use crate::diagnostic::{BUILT_IN_SOURCE, Code, Diagnostic};
use crate::faults;
use crate::plan::{Circumstances, Plan, PlanFormat, Targets};
use crate::scenario::{self, BuiltIn, Scenario};
use crate::schema;
use crate::session;
use crate::vendors::{self, PushFact, SettingFact, Vendor};
use axum::extract::State;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
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

/// A vendor.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VendorFacts {
    /// Its id.
    id: &'static str,
    /// The name of the product.
    title: &'static str,
    /// How many pushes and records its documents name.
    documented: usize,
    /// The pushes that are played.
    pushes: Vec<String>,
    /// What can be configured.
    options: Vec<OptionFacts>,
}

/// An option of a vendor.
#[derive(Debug, Serialize, JsonSchema)]
struct OptionFacts {
    name: &'static str,
    /// What it does.
    meaning: &'static str,
    /// Where the default comes from: `seed`, `documented`, `inferred`.
    origin: &'static str,
}

/// The vendors.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Vendors {
    vendors: Vec<VendorFacts>,
}

/// A push.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PushLine {
    /// Vendor and push: `udesk:end`.
    name: String,
    /// The vendor's id.
    vendor: &'static str,
    /// The heading of the vendor's document.
    title: &'static str,
    /// When it is sent.
    when: &'static str,
    /// Where the knowledge that it exists comes from: `seed`, `documented`, `inferred`.
    origin: &'static str,
}

/// The pushes.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Pushes {
    pushes: Vec<PushLine>,
}

/// A push with its fields.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PushFields {
    #[serde(flatten)]
    line: PushLine,
    /// Its fields, in the order of the document.
    fields: Vec<Field>,
}

/// A field of a push.
#[derive(Debug, Serialize, JsonSchema)]
struct Field {
    /// The key, or `outer.inner`.
    name: &'static str,
    /// What it means.
    meaning: &'static str,
    /// Where the knowledge of it comes from: `seed`, `documented`, `inferred`.
    origin: &'static str,
}

/// What can go wrong on purpose.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Faults {
    /// What a scenario or a profile can list.
    faults: Vec<FaultFacts>,
    /// The built-in profiles, which a run can be asked for by name.
    profiles: Vec<Profile>,
    /// What can be caused by hand while a run goes on.
    live: Vec<LiveFacts>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FaultFacts {
    name: &'static str,
    layer: &'static str,
    meaning: &'static str,
    settings: Vec<SettingFacts>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SettingFacts {
    name: &'static str,
    meaning: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Profile {
    name: String,
    title: String,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LiveFacts {
    name: LiveFault,
    meaning: &'static str,
}

/// What can be expected of a receiver.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Checks {
    checks: Vec<CheckFacts>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CheckFacts {
    name: &'static str,
    kind: &'static str,
    meaning: &'static str,
    takes: &'static str,
    example: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

/// The codes of mistakes and findings.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Codes {
    codes: Vec<CodeFacts>,
}

/// What a code means.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CodeFacts {
    code: &'static str,
    title: &'static str,
    meaning: &'static str,
    /// What to do.
    fix: &'static str,
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
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// One object.
    #[default]
    Json,
    /// One line per push.
    Table,
    /// Requests as they go over the wire.
    Http,
    /// Shell commands that send them.
    Curl,
    /// What a probe can ask with.
    Values,
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

pub(super) async fn vendors() -> Answered {
    let option =
        |fact: &SettingFact| OptionFacts { name: fact.name, meaning: fact.meaning, origin: fact.origin.as_str() };
    let vendors = vendors::ALL.iter().map(|vendor| VendorFacts {
        id: vendor.id(),
        title: vendor.title(),
        documented: vendor.documented(),
        pushes: vendor.pushes().iter().map(|push| format!("{}:{}", vendor.id(), push.name)).collect(),
        options: vendor.settings().iter().map(option).collect(),
    });
    ok(&Vendors { vendors: vendors.collect() })
}

pub(super) async fn pushes(parameters: Parameters) -> Answered {
    parameters.only(&["vendor"])?;
    let only = match parameters.get("vendor") {
        Some(id) => Some(session::vendor(id).map_err(Problem::unreadable)?.id()),
        None => None,
    };
    let wanted = vendors::ALL.iter().filter(|vendor| only.is_none_or(|id| id == vendor.id()));
    let pushes = wanted.flat_map(|vendor| told(*vendor).map(|push| push_line(*vendor, push)));
    ok(&Pushes { pushes: pushes.collect() })
}

pub(super) async fn push(Part(name): Part<String>) -> Answered {
    let found = name.split_once(':').and_then(|(id, push)| {
        let vendor = vendors::find(id)?;
        Some((vendor, told(vendor).find(|fact| fact.name == push)?))
    });
    let Some((vendor, push)) = found else {
        return Err(Problem::missing(format!("no push is called `{name}`")).help("GET /api/pushes lists them"));
    };
    let fields = push.fields.iter().map(|field| Field {
        name: field.name,
        meaning: field.meaning,
        origin: field.origin.as_str(),
    });
    ok(&PushFields { line: push_line(vendor, push), fields: fields.collect() })
}

pub(super) async fn faults() -> Answered {
    let faults = faults::ALL.iter().map(|fact| FaultFacts {
        name: fact.name,
        layer: fact.layer.as_str(),
        meaning: fact.meaning,
        settings: fact.settings.iter().map(|set| SettingFacts { name: set.name, meaning: set.meaning }).collect(),
    });
    let profiles = scenario::profiles().into_iter().map(|BuiltIn { name, text, .. }| {
        let title = scenario::parse_profile(&name, &text).map(|profile| profile.title).unwrap_or_default();
        Profile { name, title, text }
    });
    let live = LiveFault::ALL.into_iter().map(|(name, meaning)| LiveFacts { name, meaning });
    ok(&Faults { faults: faults.collect(), profiles: profiles.collect(), live: live.collect() })
}

pub(super) async fn checks() -> Answered {
    let checks = contract::CHECKS.iter().map(|fact| CheckFacts {
        name: fact.name,
        kind: fact.kind.as_str(),
        meaning: fact.meaning,
        takes: fact.takes,
        example: fact.example,
        code: fact.code.map(Code::as_str),
    });
    ok(&Checks { checks: checks.collect() })
}

pub(super) async fn codes() -> Answered {
    ok(&Codes { codes: Code::ALL.into_iter().map(code_facts).collect() })
}

pub(super) async fn code(Part(text): Part<String>) -> Answered {
    match Code::find(&text) {
        Some(code) => ok(&code_facts(code)),
        None => Err(Problem::missing(format!("no code is called `{text}`")).help("GET /api/codes lists them")),
    }
}

pub(super) async fn schema(Part(of): Part<String>) -> Answered {
    match of.as_str() {
        "scenario" => ok(&schema::scenario()),
        "events" => ok(&schema::events()),
        "report" => ok(&schema::report()),
        _ => Err(Problem::missing(format!("no schema is called `{of}`")).help("there are scenario, events, report")),
    }
}

pub(super) async fn check(Json(CheckRequest { scenario }): Json<CheckRequest>) -> Answered {
    let looking = tokio::task::spawn_blocking(move || match scenario_of(&scenario) {
        Ok(scenario) => {
            let vendors = tellers(&scenario);
            Checked { ok: true, title: Some(scenario.title), vendors, diagnostics: Vec::new(), text: String::new() }
        }
        Err(problem) => {
            let (diagnostics, text) = problem.into_diagnostics();
            Checked { ok: false, title: None, vendors: Vec::new(), diagnostics, text }
        }
    });
    ok(&looking.await.map_err(|error| Problem::broken(error.to_string()))?)
}

pub(super) async fn plan(
    State(board): State<Arc<Switchboard>>,
    Json(PlanRequest { run, format }): Json<PlanRequest>,
) -> Answered {
    let planning = tokio::task::spawn_blocking(move || {
        let ready = run.ready(&board.target, &board.allowed_hosts);
        let plan = ready.and_then(|ready| ready.plan()).map_err(|problem| problem.within("/run"))?;
        Ok::<_, Problem>(match format {
            Format::Json => serde_json::from_str(&plan.print(PlanFormat::Json)).unwrap_or_default(),
            Format::Table => plan.print(PlanFormat::Table).into(),
            Format::Http => plan.print(PlanFormat::Http).into(),
            Format::Curl => plan.print(PlanFormat::Curl).into(),
            Format::Values => plan.print(PlanFormat::Values).into(),
        })
    });
    let plan = planning.await.map_err(|error| Problem::broken(error.to_string()))??;
    ok(&Planned { plan })
}

/// What is served, and within which limits.
pub(super) async fn about(State(board): State<Arc<Switchboard>>) -> Answered {
    ok(&json!({
        "name": "ringback",
        "version": env!("CARGO_PKG_VERSION"),
        "target": board.target.as_str(),
        "allowed_hosts": board.allowed_hosts,
        "running": board.runs.running(),
        "limits": super::limits(),
    }))
}

/// The pushes of a vendor, then the entries of its own records.
fn told(vendor: &'static dyn Vendor) -> impl Iterator<Item = &'static PushFact> {
    vendor.pushes().iter().chain(vendor.records())
}

fn push_line(vendor: &dyn Vendor, push: &PushFact) -> PushLine {
    PushLine {
        name: format!("{}:{}", vendor.id(), push.name),
        vendor: vendor.id(),
        title: push.title,
        when: push.when,
        origin: push.origin.as_str(),
    }
}

fn code_facts(code: Code) -> CodeFacts {
    let explanation = code.explanation();
    CodeFacts { code: code.as_str(), title: explanation.title, meaning: explanation.meaning, fix: explanation.fix }
}

/// The built-in scenarios; planned once, because who can tell which never changes.
async fn lines() -> Result<&'static [ScenarioLine], Problem> {
    static LINES: OnceLock<Vec<ScenarioLine>> = OnceLock::new();
    let reading = tokio::task::spawn_blocking(|| LINES.get_or_init(|| scenario::built_in().iter().map(line).collect()));
    reading.await.map(Vec::as_slice).map_err(|error| Problem::broken(error.to_string()))
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
