//! What there is: faults, checks, codes, schemas, and the server itself.

use super::Switchboard;
use super::answer::{Answered, Part, ok};
use super::drive::LiveFault;
use super::problem::Problem;
use crate::contract;
use crate::diagnostic::Code;
use crate::faults;
use crate::scenario::{self, BuiltIn};
use crate::schema;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;

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

fn code_facts(code: Code) -> CodeFacts {
    let explanation = code.explanation();
    CodeFacts { code: code.as_str(), title: explanation.title, meaning: explanation.meaning, fix: explanation.fix }
}
