//! `ringback explain`: what a code means and what to do about it, what a fault or a check does, what a push or a vendor is.

use super::listed::limits;
use super::print::{Problem, out};
use super::{explain_push, explain_vendor};
use crate::contract::{self, CheckFact, CheckKind};
use crate::diagnostic::Code;
use crate::exit::Exit;
use crate::faults::{self, FaultFact, Loss};
use crate::spelling::{nearest, tick};
use crate::vendors::{self, Named, named};
use clap::Args;
use std::fmt::Write;

/// The arguments of `ringback explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A code such as RB-106, a fault or a check such as `duplicate` or `status`, a push such as `udesk:end`, or a vendor.
    #[arg(value_name = "WORD")]
    word: String,
}

impl Explain {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let word = self.word.trim();
        if let Some(fact) = faults::find(word) {
            return out(&fault(fact));
        }
        if let Some(fact) = contract::find(word) {
            return out(&check(fact));
        }
        if let Some(code) = Code::find(word) {
            return out(&told(code));
        }
        if let Some(vendor) = vendors::find(word) {
            return out(&explain_vendor::told(vendor));
        }
        if let Some(push) = named::find_push(word) {
            return out(&explain_push::told(push)?);
        }
        Err(unknown(word))
    }
}

/// What is said of a word that nothing is called.
fn unknown(word: &str) -> Problem {
    let pushes: Vec<Named> = vendors::ALL.iter().flat_map(|vendor| named::told(*vendor)).collect();
    let names: Vec<String> = pushes.iter().flat_map(|push| [Some(push.name()), push.alias()]).flatten().collect();
    let known = (faults::ALL.iter().map(|fact| fact.name))
        .chain(contract::CHECKS.iter().map(|fact| fact.name))
        .chain(Code::ALL.iter().map(|code| code.as_str()))
        .chain(vendors::ALL.iter().map(|vendor| vendor.id()))
        .chain(names.iter().map(String::as_str));
    let own = names.iter().find(|name| name.split_once(':').is_some_and(|(_, own)| own == word));
    let help = match own.map(String::as_str).or_else(|| nearest(word, known)) {
        Some(near) => format!("did you mean {}?", tick(near)),
        None => {
            "`ringback list codes` tells what there is, as does `list` with `faults`, `checks`, `pushes` or `vendors`"
                .to_owned()
        }
    };
    Problem::usage(format!("no code, fault, check, push or vendor is called {}", tick(word)), help)
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
