//! Scenarios and fault profiles as requests give them: by the name of a built-in one, or as YAML. Reads no file and no environment.

use super::problem::Problem;
use crate::diagnostic::{BUILT_IN_SOURCE, Code, Diagnostic, Diagnostics};
use crate::faults::Fault;
use crate::scenario::{self, BuiltIn, Scenario};
use crate::spelling::nearest;

/// What a scenario that came as text is called where a place in it is told.
const TEXT_SOURCE: &str = "scenario.yaml";
/// What such a scenario is called in every output.
const TEXT_NAME: &str = "scenario";

/// The scenario of this name, or this text.
pub(super) fn scenario_of(text: &str) -> Result<Scenario, Problem> {
    if is_text(text) {
        // What a request brings must not read the environment of this process.
        return Ok(scenario::parse(TEXT_NAME, TEXT_SOURCE, text, &|_| None)?);
    }
    let BuiltIn { name, text, .. } = built_in(text)?;
    Ok(scenario::parse(&name, &format!("{BUILT_IN_SOURCE}{name}"), &text, &|_| None)?)
}

/// The built-in scenario of this name.
fn built_in(name: &str) -> Result<BuiltIn, Problem> {
    let mut shipped = scenario::built_in();
    let found = shipped.iter().position(|scenario| scenario.name == name || scenario.path == name);
    found.map(|found| shipped.swap_remove(found)).ok_or_else(|| {
        let names: Vec<&str> = shipped.iter().map(|scenario| scenario.name.as_str()).collect();
        unknown("scenario", name, &names)
    })
}

/// The faults of the profile of this name, or of this text.
pub(super) fn faults_of(text: &str) -> Result<Vec<Fault>, Problem> {
    if is_text(text) {
        return Ok(scenario::parse_profile("faults.yaml", text)?.faults);
    }
    let shipped = scenario::profiles();
    match shipped.iter().find(|profile| profile.name == text || profile.path == text) {
        Some(profile) => {
            Ok(scenario::parse_profile(&format!("{BUILT_IN_SOURCE}{}", profile.path), &profile.text)?.faults)
        }
        None => {
            let names: Vec<&str> = shipped.iter().map(|profile| profile.name.as_str()).collect();
            Err(unknown("fault profile", text, &names))
        }
    }
}

fn unknown(noun: &str, name: &str, names: &[&str]) -> Problem {
    let message = format!("no built-in {noun} is called `{name}`");
    let help = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("send the {noun} itself, as YAML, or a name that GET /api lists"),
    };
    Diagnostics::from(Diagnostic::error(Code::NoScenario, message).help(help)).into()
}

/// Whether it is YAML: a name is one word.
pub(super) fn is_text(text: &str) -> bool {
    text.trim().is_empty() || text.contains(['\n', '{', '[']) || text.contains(": ") || text.ends_with(':')
}
