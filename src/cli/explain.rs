//! `ringback explain`: what a code means and what to do about it.

use super::list::limits;
use super::print::{Problem, out};
use crate::diagnostic::Code;
use crate::exit::Exit;
use crate::faults::{self, FaultFact};
use clap::Args;
use std::fmt::Write;

/// The arguments of `ringback explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, such as RB-106, or the name of a fault, such as `duplicate`.
    code: String,
}

impl Explain {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        if let Some(fact) = faults::find(&self.code) {
            return out(&fault(fact));
        }
        let Some(code) = Code::find(&self.code) else {
            return Err(Problem::usage(
                format!("no code is called `{}`", self.code),
                "`ringback list codes` and `ringback list faults` tell what there is",
            ));
        };
        let explanation = code.explanation();
        out(&format!(
            "{}: {}\n\n{}\n\nWhat to do: {}\n",
            code.as_str(),
            explanation.title,
            explanation.meaning,
            explanation.fix
        ))
    }
}

/// What a fault does, and everything that can be set.
fn fault(fact: &FaultFact) -> String {
    let mut text = format!("{} ({} layer): {}\n\n", fact.name, fact.layer.as_str(), fact.meaning);
    if !fact.settings.is_empty() {
        text += "What can be set:\n";
    }
    for setting in fact.settings {
        let _ = writeln!(text, "  {}: {} ({})", setting.name, setting.meaning, limits(setting.takes));
    }
    text += "Like every fault it takes `push`, `call`, `target`, and `when` with `nth`, `every`, `between`, `rate` and `attempts`.\n";
    let _ = write!(
        text,
        "\nHow it is written:\n  faults:\n    - {{ fault: {}, push: \"*\", when: {{ nth: 1 }} }}\n",
        fact.name
    );
    text
}
