//! `ringback show`: prints a built-in scenario or fault profile.

use super::print::{Problem, out};
use crate::exit::Exit;
use crate::scenario;
use clap::Args;

/// The arguments of `ringback show`.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The name of a built-in scenario or fault profile (see `ringback list scenarios` and `ringback list profiles`).
    name: String,
}

impl Show {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let names: Vec<_> = scenario::built_in().into_iter().chain(scenario::profiles()).collect();
        match names.iter().find(|built_in| built_in.name == self.name) {
            Some(built_in) => out(&beside_the_schema(&built_in.text)),
            None => Err(Problem::usage(
                format!("no built-in scenario or fault profile is called `{}`", self.name),
                match crate::spelling::nearest(&self.name, names.iter().map(|built_in| built_in.name.as_str())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`ringback list scenarios` tells what there is".into(),
                },
            )),
        }
    }
}

/// The text with the schema that its first line names in the same folder: whoever edits the file has no folder above it.
fn beside_the_schema(text: &str) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    format!("{}\n{rest}", first.replace("../", ""))
}
