//! `ringback explain`: what a code means and what to do about it.

use super::print::{Problem, out};
use crate::diagnostic::Code;
use crate::exit::Exit;
use clap::Args;

/// The arguments of `ringback explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, such as RB-106.
    code: String,
}

impl Explain {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let Some(code) = Code::find(&self.code) else {
            return Err(Problem::usage(
                format!("no code is called `{}`", self.code),
                "`ringback list codes` tells what there is",
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
