//! Reads the script: a list of steps, each a verb or a verb with its value.

use super::about::About;
use super::names::Names;
use super::problems::{Problem, Problems, Span};
use super::step;
use super::tree::{Entry, Kind, Node};
use super::verb::{Belongs, Verb};
use crate::call::Step;
use crate::diagnostic::Code;
use crate::spelling::{listed, nearest, tick};

/// The most steps that a script can have.
pub const STEPS_MAX: usize = 10_000;

/// The steps, each with the place where it stands; those that cannot be read are left out.
pub(super) fn read(entry: &Entry, about: About, names: &Names, problems: &mut Problems) -> Vec<(Step, Span)> {
    let [first, second, third] = about.steps();
    let steps = match &entry.value.kind {
        Kind::List(steps) => steps,
        Kind::Nothing => &Vec::new(),
        Kind::Scalar { .. } | Kind::Map(_) => {
            let help = match &entry.value.kind {
                Kind::Map(entries) if entries.iter().any(|entry| Verb::find(&entry.key).is_some()) => {
                    format!("put a dash before each step: `- {first}`")
                }
                _ => format!("write each step on a line of its own, after a dash: `- {first}`"),
            };
            let message = format!("`script` is a list of steps, but this is {}", entry.value.kind_in_words());
            problems.add(Problem::new(Code::WrongKind, &entry.value.span, message).help(help));
            return Vec::new();
        }
    };
    if steps.is_empty() {
        let problem = Problem::new(Code::ImpossibleStep, &entry.at, "nothing ever happens: the script has no steps");
        problems.add(problem.help(format!("add steps: `- {first}`, `- {second}`, `- {third}`")));
    }
    if let Some(first) = steps.get(STEPS_MAX) {
        let message = format!("the script has {} steps, more than {STEPS_MAX}", steps.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message).help("split it into several scenarios"));
    }
    let mut read = Vec::new();
    for node in steps.iter().take(STEPS_MAX) {
        if problems.are_enough() {
            break;
        }
        read.extend(one(node, about, names, problems).map(|step| (step, node.span.clone())));
    }
    read
}

fn one(node: &Node, about: About, names: &Names, problems: &mut Problems) -> Option<Step> {
    match &node.kind {
        Kind::Nothing => {
            problems.add(
                Problem::new(Code::UnknownStep, &node.span, "a step without a verb")
                    .help("take the dash out, or write `- record`"),
            );
            None
        }
        Kind::List(_) => {
            let problem = Problem::new(Code::WrongKind, &node.span, "a step is a verb, but this is a list");
            problems.add(problem.help("one dash for each step, all indented by the same number of spaces"));
            None
        }
        Kind::Scalar { text, .. } => {
            let verb = verb(text, None, about, &node.span, problems)?;
            step::read(verb, None, &node.span, names, problems)
        }
        Kind::Map(entries) => {
            let [only] = entries.as_slice() else {
                problems.add(several(node, entries, about));
                return None;
            };
            let verb = verb(&only.key, Some(&only.value), about, &only.at, problems)?;
            let value = Some(&only.value).filter(|value| value.kind != Kind::Nothing);
            step::read(verb, value, &only.at, names, problems)
        }
    }
}

/// The verb of a step, if it is one and belongs to the subject.
fn verb(word: &str, value: Option<&Node>, about: About, span: &Span, problems: &mut Problems) -> Option<Verb> {
    let Some((verb, belongs)) = Verb::find(word) else {
        problems.add(unknown(word, value, about, span));
        return None;
    };
    if fits(belongs, about) {
        return Some(verb);
    }
    let (subject, other) = (belongs.first().map_or("call", |subject| subject.word()), about.word());
    let message = format!("{} belongs to a {subject}, and this script is about a {other}", tick(word));
    let instead = Verb::INSTEAD.iter().find(|(theirs, here, _)| *theirs == verb && *here == about);
    let help = match instead {
        Some((_, _, ours)) => format!("in a {other} write {}", tick(ours)),
        None => format!("write it into a file of its own with `{subject}:` in place of `{other}:`"),
    };
    problems.add(Problem::new(Code::UnknownStep, span, message).help(help));
    None
}

fn unknown(word: &str, value: Option<&Node>, about: About, span: &Span) -> Problem {
    let problem = |message: String| Problem::new(Code::UnknownStep, span, message);
    if value.is_none() {
        // `- ring ann`, `- ring:ann`, `- ring=ann`, `- ring(ann)`
        let end = word.find([' ', ':', '=', '(', '\t']).unwrap_or(word.len());
        let (first, rest) = word.split_at(end);
        let rest = rest.trim_matches([' ', ':', '=', '(', ')', '\t', ';']);
        if let (Some(verb), false) = (verb_meant(first, about), rest.is_empty()) {
            let message = match word[end..].starts_with(':') {
                true => format!("a space is missing after the colon in {}", tick(word)),
                false => format!("a colon is missing in {}", tick(word)),
            };
            return problem(message).help(format!("write `- {verb}: {rest}`"));
        }
    }
    let unknown = format!("unknown step {}", tick(word));
    if let Some(ours) = Verb::for_other_word(word, about) {
        return problem(unknown).help(format!("write {}", tick(ours)));
    }
    let verbs = || Verb::ALL.iter().filter(|(_, _, belongs)| fits(belongs, about)).map(|(_, word, _)| *word);
    if let Some(near) = nearest(word, verbs()) {
        return problem(unknown).help(format!("did you mean {}?", tick(near)));
    }
    if let Some(verb) = value.and_then(|value| verb_in(value, about)) {
        return problem(unknown).help(format!("the verb itself is the key: `- {verb}: ...`"));
    }
    problem(unknown).help(format!("the steps here are {}", listed(verbs())))
}

/// Whether a verb can stand in the script.
pub(super) fn fits(belongs: Belongs, about: About) -> bool {
    about == About::Unknown || belongs.contains(&about)
}

/// The verb that a word is, or stands for.
fn verb_meant(word: &str, about: About) -> Option<&'static str> {
    let own = Verb::ALL.iter().map(|(_, own, _)| *own).find(|own| own.eq_ignore_ascii_case(word));
    own.or_else(|| Verb::for_other_word(word, about))
}

/// A step with several keys, or with none.
fn several(node: &Node, entries: &[Entry], about: About) -> Problem {
    let (Some(first), Some(second)) = (entries.first(), entries.get(1)) else {
        return Problem::new(Code::UnknownStep, &node.span, "a step without a verb")
            .help("write `- record`, or `- ring: ann`");
    };
    let keys = listed(entries.iter().map(|entry| entry.key.as_str()));
    let message = format!("a step does one thing, and this one has the keys {keys}");
    let problem = Problem::new(Code::UnknownStep, &second.at, message);
    let Some((verb, _)) = Verb::find(&first.key) else {
        let verb = entries.iter().find_map(|entry| verb_in(&entry.value, about));
        let value =
            entries.iter().find(|entry| verb_in(&entry.value, about).is_none()).map(|entry| shown(&entry.value));
        return problem.help(match (verb, value) {
            (Some(verb), Some(value)) => format!("the verb itself is the key: `- {verb}: {value}`"),
            _ => "the verb itself is the key: `- ring: ann`".to_owned(),
        });
    };
    let inner = step::keys(verb);
    if let (Some(main), true) = (inner.first(), entries[1..].iter().all(|entry| inner.contains(&entry.key.as_str()))) {
        let options =
            entries[1..].iter().map(|entry| format!(", {}: {}", entry.key, shown(&entry.value))).collect::<String>();
        return problem.help(format!(
            "put them into brackets: `- {}: {{ {main}: {}{options} }}`",
            first.key,
            shown(&first.value)
        ));
    }
    let steps: Vec<String> =
        entries.iter().map(|entry| format!("`- {}: {}`", entry.key, shown(&entry.value))).collect();
    problem.help(format!("make {} steps of it, each on a line of its own: {}", entries.len(), steps.join(", ")))
}

fn shown(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar { text, quoted: true } => format!("\"{text}\""),
        Kind::Scalar { text, quoted: false } => text.clone(),
        Kind::Nothing | Kind::List(_) | Kind::Map(_) => "...".to_owned(),
    }
}

/// The verb that a value is, where a verb was written as a value: `type: ring`.
fn verb_in(node: &Node, about: About) -> Option<&'static str> {
    match &node.kind {
        Kind::Scalar { text, .. } => verb_meant(text, about),
        Kind::Nothing | Kind::List(_) | Kind::Map(_) => None,
    }
}
