//! Reads a whole scenario from its text, collecting every problem on the way.

use super::about::About;
use super::block::Block;
use super::fields::{Fields, text as words};
use super::names::Names;
use super::problems::{Problem, Problems, Span};
use super::script;
use super::secret::{Environment, covered, covered_lines, secrets_in_file};
use super::tree::{self, Entry, Kind, Node};
use super::{Profile, Scenario, deliver, expect, faults, options, overrides, probe, snapshot, subject, thresholds};
use crate::call::{self, CastSpec, Step, Subject};
use crate::contract::Contract;
use crate::diagnostic::{Code, Diagnostics};
use crate::random::Keyed;
use crate::spelling::tick;
use crate::vendors;

/// Reads a scenario called `name`. `source` is the file as its user named it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(name: &str, source: &str, text: &str, environment: Environment<'_>) -> Result<Scenario, Diagnostics> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut problems = Problems::default();
    let mut twice = Vec::new();
    let root = match tree::read(text, &mut twice) {
        Ok(root) => root,
        Err(problem) => {
            problems.add(problem);
            return Err(Diagnostics::of_file(source, covered_lines(text), problems.into_diagnostics(source, text)));
        }
    };
    twice.into_iter().for_each(|problem| problems.add(problem));
    match scenario(name, source, text, &root, environment, &mut problems) {
        Some(scenario) if problems.is_empty() => Ok(scenario),
        _ => {
            let shown = covered(text, &secrets_in_file(&root));
            Err(Diagnostics::of_file(source, shown, problems.into_diagnostics(source, text)))
        }
    }
}

/// Reads one step as a script would hold it, such as `ring: ann`, for a cast that is complete.
///
/// # Errors
/// Everything that is wrong with it. Whether it can happen is not judged here.
pub fn parse_step(text: &str, cast: &CastSpec) -> Result<Step, Diagnostics> {
    const SOURCE: &str = "step";
    let mut problems = Problems::default();
    let mut step = None;
    let script = format!("- {text}");
    match tree::read(&script, &mut Vec::new()) {
        Ok(root) => {
            let about = About::of(cast.subject);
            let names = subject::names(cast, about, &[]);
            let at = root.span.clone();
            let entry = Entry { key: "script".to_owned(), at, value: root };
            step = script::read(&entry, about, &names, &mut problems).pop().map(|(step, _)| step);
        }
        Err(problem) => problems.add(problem),
    }
    match step {
        Some(step) if problems.is_empty() => Ok(step),
        _ => Err(Diagnostics::of_file(SOURCE, &*script, problems.into_diagnostics(SOURCE, &script))),
    }
}

/// Reads a fault profile: `faults`, and perhaps a title, alone in a file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_profile(source: &str, text: &str) -> Result<Profile, Diagnostics> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut problems = Problems::default();
    let mut twice = Vec::new();
    let mut profile = Profile { title: String::new(), faults: Vec::new() };
    match tree::read(text, &mut twice) {
        Ok(root) => {
            twice.into_iter().for_each(|problem| problems.add(problem));
            let at = match &root.kind {
                Kind::Map(entries) => entries.first().map_or(&root.span, |entry| &entry.at),
                Kind::Scalar { .. } | Kind::Nothing | Kind::List(_) => &root.span,
            };
            if let Some(fields) = Fields::open(&root, at, Block::Profile, &mut problems) {
                let title = fields.optional("title").and_then(|node| words(node, "`title`", &mut problems));
                profile.title = title.unwrap_or_default();
                let example = "faults: [{ fault: duplicate, push: \"*:end\" }]";
                if let Some(node) = fields.required("faults", example, &mut problems) {
                    profile.faults =
                        faults::read(node, faults::Source { name: source, text }, vendors::ALL, &mut problems);
                }
            }
        }
        Err(problem) => problems.add(problem),
    }
    if problems.is_empty() {
        return Ok(profile);
    }
    Err(Diagnostics::of_file(source, text, problems.into_diagnostics(source, text)))
}

/// Whether a text is a fault profile, and so no scenario: `faults`, and perhaps a title, alone in it.
pub(super) fn is_profile(text: &str) -> bool {
    let root = tree::read(text.strip_prefix('\u{feff}').unwrap_or(text), &mut Vec::new());
    match root.map(|root| root.kind) {
        Ok(Kind::Map(entries)) => {
            entries.iter().any(|entry| entry.key == "faults")
                && entries.iter().all(|entry| Block::Profile.keys().contains(&entry.key.as_str()))
        }
        Ok(Kind::Scalar { .. } | Kind::Nothing | Kind::List(_)) | Err(_) => false,
    }
}

fn scenario(
    name: &str,
    source: &str,
    text: &str,
    root: &Node,
    environment: Environment<'_>,
    problems: &mut Problems,
) -> Option<Scenario> {
    let entries = match &root.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::List(_) => {
            let message = "a scenario is a set of keys, but this is a list";
            let help = "start with `title: ...` and `call:`, and write the list under `script:`";
            problems.add(Problem::new(Code::WrongKind, &root.span, message).help(help));
            return None;
        }
        Kind::Scalar { .. } | Kind::Nothing => &[],
    };
    let at = entries.first().map_or(&root.span, |entry| &entry.at);
    let fields = Fields::open(root, at, Block::File, problems)?;
    let title = fields.required("title", "title: what happens, in one line", problems);
    let title = title.and_then(|node| words(node, "`title`", problems));
    let (cast, about, names) = cast(&fields, root, problems);
    let steps = match fields.entry("script") {
        Some(entry) => script::read(entry, about, &names, problems),
        None => {
            let [first, ..] = about.steps();
            fields.required("script", &format!("script:` with a list of steps: `- {first}"), problems);
            Vec::new()
        }
    };
    let chosen = fields.optional("vendors").and_then(|node| options::vendors(node, vendors::ALL, problems));
    let options = fields.entry("options").map(|entry| options::options(entry, vendors::ALL, problems));
    let overrides = fields.optional("set").map(|node| overrides::read(node, vendors::ALL, environment, problems));
    let deliver = fields.entry("deliver").map(|entry| deliver::read(entry, environment, problems));
    // A secret that shares a line with a fault, or with what is expected, is not quoted with it.
    let quoted = covered(text, &secrets_in_file(root));
    let source_of_faults = faults::Source { name: source, text: &quoted };
    let faults = fields.optional("faults").map(|node| faults::read(node, source_of_faults, vendors::ALL, problems));
    let source_of_expect = faults::Source { name: source, text: &quoted };
    let expect = fields.optional("expect").map(|node| expect::read(node, source_of_expect, vendors::ALL, problems));
    let probes = fields.optional("probe").map(|node| probe::read(node, source_of_expect, environment, problems));
    let thresholds =
        fields.optional("thresholds").map(|node| thresholds::read(node, source_of_faults, vendors::ALL, problems));
    let snapshot = fields.entry("snapshot").map(|entry| snapshot::read(entry, problems));
    let cast = cast?;
    if problems.is_empty() {
        play(name, &cast, &steps, problems);
    }
    Some(Scenario {
        name: name.to_owned(),
        source: source.to_owned(),
        title: title?,
        cast,
        script: steps.into_iter().map(|(step, _)| step).collect(),
        vendors: chosen,
        options: options.unwrap_or_default(),
        overrides: overrides.unwrap_or_default(),
        deliver: deliver.unwrap_or_default(),
        faults: faults.unwrap_or_default(),
        contract: Contract {
            checks: expect.unwrap_or_default(),
            probes: probes.unwrap_or_default(),
            thresholds: thresholds.unwrap_or_default(),
            snapshot: snapshot.unwrap_or_default(),
        },
    })
}

/// The cast, what the script is about, and the names in it.
fn cast(fields: &Fields<'_>, root: &Node, problems: &mut Problems) -> (Option<CastSpec>, About, Names) {
    let blocks: Vec<(&Entry, Block, About)> = subject::SUBJECTS
        .into_iter()
        .filter_map(|(key, block, about)| Some((fields.entry(key)?, block, about)))
        .collect();
    let mut strays = Vec::new();
    if let Kind::Map(entries) = &root.kind {
        let unknown = entries.iter().filter(|entry| !Block::File.keys().contains(&entry.key.as_str()));
        strays.extend(unknown.map(|entry| entry.value.clone()));
    }
    match blocks.as_slice() {
        [] => no_subject(root, problems),
        [_] => {}
        [(first, ..), (second, ..), ..] => {
            let (first, second) = if first.at.start < second.at.start { (first, second) } else { (second, first) };
            let problem = Problem::new(Code::Subject, &second.at, "a scenario has one subject, and this is the second");
            let help = format!(
                "keep one of {} and {}, and write the other into a file of its own",
                tick(&first.key),
                tick(&second.key)
            );
            problems.add(problem.also(&first.at, "the first").help(help));
        }
    }
    let mut casts = blocks.iter().map(|(entry, block, about)| {
        let (spec, subject, more) = subject::read(entry, *block, problems);
        strays.extend(more);
        (spec, subject, *about)
    });
    let first = casts.next();
    let second = casts.next();
    drop(casts);
    let Some((mut spec, subject, known)) = first else {
        return (None, About::Unknown, Names::unknown_subject());
    };
    let alone = second.is_none();
    if let Some((other, _, _)) = second {
        spec.agents.extend(other.agents);
    }
    let subject = subject.filter(|_| alone);
    spec.subject = subject.unwrap_or(Subject::Shift);
    subject::complete(&mut spec);
    let known = if alone { known } else { About::Unknown };
    let names = subject::names(&spec, known, &strays);
    (subject.map(|_| spec), known, names)
}

/// Notes that there is no subject.
fn no_subject(root: &Node, problems: &mut Problems) {
    let Kind::Map(entries) = &root.kind else { return };
    // A misspelt `call` is already noted as an unknown key.
    let is_subject = |entry: &Entry| subject::SUBJECTS.iter().any(|(key, ..)| Block::File.meant(&entry.key, key));
    if !entries.iter().any(is_subject) {
        let at: Span = entries.first().map_or(root.span.clone(), |entry| entry.at.clone());
        let problem = Problem::new(Code::Subject, &at, "the scenario has no subject");
        problems.add(problem.help(
            "add `call: { kind: outbound }`; or `shift:` for an agent's working day, `chat:`, or `notification:`",
        ));
    }
}

/// Plays the script, to learn whether it can happen. That does not depend on the seed.
fn play(name: &str, cast: &CastSpec, steps: &[(Step, Span)], problems: &mut Problems) {
    let script: Vec<Step> = steps.iter().map(|(step, _)| step.clone()).collect();
    for illegal in call::play(cast, &script, &Keyed::new(0, name, 1)).err().unwrap_or_default() {
        let at = steps.get(illegal.step).or(steps.last()).map_or(0..0, |(_, span)| span.clone());
        problems.add(Problem::new(Code::ImpossibleStep, &at, illegal.reason).help(illegal.help));
    }
}
