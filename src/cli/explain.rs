//! `ringback explain`: what a code means and what to do about it.

use super::list::limits;
use super::print::{Problem, out};
use crate::contract::{self, CheckFact, CheckKind};
use crate::diagnostic::Code;
use crate::exit::Exit;
use crate::faults::{self, FaultFact, Loss};
use clap::Args;
use std::fmt::Write;

/// The arguments of `ringback explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, such as RB-106, or the name of a fault or a check, such as `duplicate` or `status`.
    code: String,
}

impl Explain {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        if let Some(fact) = faults::find(&self.code) {
            return out(&fault(fact));
        }
        if let Some(fact) = contract::find(&self.code) {
            return out(&check(fact));
        }
        let Some(code) = Code::find(&self.code) else {
            return Err(Problem::usage(
                format!("no code is called `{}`", self.code),
                "`ringback list codes`, `ringback list faults` and `ringback list checks` tell what there is",
            ));
        };
        out(&told(code))
    }
}

/// What a code means, and what to do about it.
fn told(code: Code) -> String {
    let explanation = code.explanation();
    format!("{}: {}\n\n{}\n\nWhat to do: {}\n", code.as_str(), explanation.title, explanation.meaning, explanation.fix)
}

/// What a check or a matcher expects, how it is written, and what its code means.
fn check(fact: &CheckFact) -> String {
    let mut text = format!("{} ({}): {}\n", fact.name, fact.kind.as_str(), fact.meaning);
    if !fact.takes.is_empty() {
        let _ = writeln!(text, "It takes {}.", fact.takes);
    }
    let written = match fact.kind {
        CheckKind::Answer | CheckKind::Story => fact.example.to_owned(),
        CheckKind::Matcher => format!("- {{ push: \"*\", {} }}", fact.example),
    };
    let _ = write!(text, "\nHow it is written:\n  expect:\n    {written}\n");
    match (fact.kind, fact.code) {
        (CheckKind::Answer, _) => {
            text += "\nBeside it can stand `push: \"udesk:*\"`, which pushes it is about, and `answer: last`, to judge the last answer alone.\n";
        }
        (CheckKind::Story, _) => text += "\nBeside it can stand `push: \"udesk:*\"`, which pushes it is about.\n",
        (CheckKind::Matcher, _) => {
            let _ = write!(
                text,
                "\nA matcher stands in place of a value, as a map with this one key. Where a body has a key of this name, write `/{0}: ...`.\n",
                fact.name
            );
        }
    }
    if let Some(code) = fact.code {
        let _ = write!(text, "\nWhere it does not hold:\n\n{}", told(code));
    }
    text
}

/// What a fault does, and everything that can be set.
fn fault(fact: &FaultFact) -> String {
    let mut text = format!("{} ({} layer, {}): {}\n\n", fact.name, fact.layer.as_str(), fact.loss(), fact.meaning);
    if !fact.settings.is_empty() {
        text += "What can be set:\n";
    }
    for setting in fact.settings {
        let _ = writeln!(text, "  {}: {} ({})", setting.name, setting.meaning, limits(setting.takes));
    }
    text += "Like every fault it takes `push`, `call`, `target`, and `when` with `nth`, `every`, `between`, `rate` and `attempts`; and `may_idle`.\n";
    for (loss, meaning) in Loss::ALL.iter().filter(|(loss, _)| *loss == fact.loss()) {
        let _ = writeln!(text, "It is {loss}: {meaning}.");
    }
    let _ = write!(
        text,
        "\nHow it is written:\n  faults:\n    - {{ fault: {}, push: \"*\", when: {{ nth: 1 }} }}\n",
        fact.name
    );
    text
}
