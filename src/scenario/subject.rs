//! Reads who and what takes part: the blocks `call`, `shift`, `chat` and `notification`.

use super::about::About;
use super::block::Block;
use super::fields::{Fields, choice, value};
use super::grammar::RESERVED;
use super::names::Names;
use super::people;
use super::problems::{Problem, Problems};
use super::push_task;
use super::tree::{Entry, Kind as NodeKind, Node};
use super::value::phone;
use crate::call::{AgentSpec, CastSpec, Channel, Kind, Locale, NotificationSpec, QueueSpec, Subject, TaskSpec};
use crate::diagnostic::Code;
use crate::spelling::tick;

/// The subjects: their keys, their blocks, and what a script of each is about.
pub(super) const SUBJECTS: [(&str, Block, About); 4] = [
    ("call", Block::Call, About::Call),
    ("shift", Block::Shift, About::Shift),
    ("chat", Block::Chat, About::Chat),
    ("notification", Block::Notification, About::Notification),
];

/// Reads the block of a subject: who takes part, what it is about, and every part of it that could not be read.
pub(super) fn read(entry: &Entry, block: Block, problems: &mut Problems) -> (CastSpec, Option<Subject>, Vec<Node>) {
    let mut spec = CastSpec::new(Subject::Shift);
    let Some(fields) = Fields::open(&entry.value, &entry.at, block, problems) else {
        return (spec, None, vec![entry.value.clone()]);
    };
    let mut strays = Vec::new();
    let subject = match block {
        Block::Call => {
            let kind = fields.required("kind", "kind: outbound", problems);
            crew(&fields, &mut spec, &mut strays, problems);
            call(&fields, &mut spec, &mut strays, problems);
            kind.and_then(|node| choice(node, "`kind`", &Kind::ALL, problems)).map(Subject::Call)
        }
        Block::Chat => {
            let channel = fields.optional("channel").map(|node| choice(node, "`channel`", &Channel::ALL, problems));
            crew(&fields, &mut spec, &mut strays, problems);
            chat(&fields, &mut spec, &mut strays, problems);
            channel.unwrap_or(Some(Channel::Web)).map(Subject::Chat)
        }
        Block::Notification => {
            let tasks = declared(&fields, "tasks", &mut strays, problems);
            spec.notifications = tasks.iter().map(|entry| push_task::read(entry, problems)).collect();
            Some(Subject::Notification)
        }
        _ => {
            crew(&fields, &mut spec, &mut strays, problems);
            Some(Subject::Shift)
        }
    };
    // What stands under a key that means nothing may have been meant to declare names.
    if let NodeKind::Map(entries) = &entry.value.kind {
        let unknown = entries.iter().filter(|entry| !block.keys().contains(&entry.key.as_str()));
        strays.extend(unknown.map(|entry| entry.value.clone()));
    }
    (spec, subject, strays)
}

fn crew(fields: &Fields<'_>, spec: &mut CastSpec, strays: &mut Vec<Node>, problems: &mut Problems) {
    spec.locale = fields.optional("locale").and_then(|node| choice(node, "`locale`", &Locale::ALL, problems));
    let agents = declared(fields, "agents", strays, problems);
    spec.agents = agents.iter().map(|entry| people::agent(entry, problems)).collect();
}

fn call(fields: &Fields<'_>, spec: &mut CastSpec, strays: &mut Vec<Node>, problems: &mut Problems) {
    spec.line = fields.optional("line").and_then(|node| value(node, ("`line`", "a phone number"), problems, phone));
    spec.customer = fields.entry("customer").map(|entry| people::customer(entry, problems)).unwrap_or_default();
    let outside = declared(fields, "outside", strays, problems);
    spec.outsiders = outside.iter().map(|entry| people::outsider(entry, problems)).collect();
    let queues = declared(fields, "queues", strays, problems);
    spec.queues = queues.iter().map(|entry| people::queue(entry, problems)).collect();
    let tasks = declared(fields, "tasks", strays, problems);
    spec.tasks = tasks.iter().map(|entry| people::task(entry, problems)).collect();
    twice(fields, ("agents", "an agent"), ("outside", "an outside party"), problems);
}

fn chat(fields: &Fields<'_>, spec: &mut CastSpec, strays: &mut Vec<Node>, problems: &mut Problems) {
    spec.customer = fields.entry("customer").map(|entry| people::customer(entry, problems)).unwrap_or_default();
    let queues = declared(fields, "queues", strays, problems);
    spec.queues = queues.iter().map(|entry| people::queue(entry, problems)).collect();
    // A chat can be handed to either, by name alone.
    twice(fields, ("agents", "an agent"), ("queues", "a queue"), problems);
    let Some(NodeKind::Map(agents)) = fields.optional("agents").map(|node| &node.kind) else { return };
    if let Some(robot) = agents.iter().find(|agent| agent.key == "robot") {
        let message = "`robot` is always there in a chat and cannot be declared";
        problems.add(Problem::new(Code::BadValue, &robot.at, message).help("take another name"));
    }
}

/// Notes every name that two blocks declare.
fn twice(
    fields: &Fields<'_>,
    (first_key, first): (&'static str, &str),
    (second_key, second): (&'static str, &str),
    problems: &mut Problems,
) {
    let entries = |key| match fields.optional(key).map(|node| &node.kind) {
        Some(NodeKind::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    for both in entries(second_key) {
        if let Some(earlier) = entries(first_key).iter().find(|earlier| earlier.key == both.key) {
            let message = format!("{} is the name of {first} and of {second}", tick(&both.key));
            let problem = Problem::new(Code::Twice, &both.at, message).also(&earlier.at, first.replace("an ", "the "));
            problems.add(problem.help("rename one of them"));
        }
    }
}

/// Fills in who is there where nobody is named.
pub(super) fn complete(spec: &mut CastSpec) {
    if spec.agents.is_empty() {
        spec.agents.push(AgentSpec { key: "agent".into(), ..AgentSpec::default() });
    }
    if spec.queues.is_empty() {
        spec.queues.push(QueueSpec { key: "queue".into(), ..QueueSpec::default() });
    }
    if spec.tasks.is_empty() {
        spec.tasks.push(TaskSpec { key: "task".into(), ..TaskSpec::default() });
    }
    if spec.subject == Subject::Notification && spec.notifications.is_empty() {
        spec.notifications.push(NotificationSpec { key: "task".into(), ..NotificationSpec::default() });
    }
}

/// The names of a cast, and every word that may be one.
pub(super) fn names(spec: &CastSpec, about: About, strays: &[Node]) -> Names {
    let mut names = Names::new(spec, about);
    strays.iter().for_each(|node| names.stray(node));
    names
}

fn declared<'n>(
    fields: &Fields<'n>,
    key: &'static str,
    strays: &mut Vec<Node>,
    problems: &mut Problems,
) -> &'n [Entry] {
    fields.entry(key).map_or(&[], |entry| named(entry, strays, problems))
}

/// The entries of a block that declares names: each key is a name.
fn named<'n>(block: &'n Entry, strays: &mut Vec<Node>, problems: &mut Problems) -> &'n [Entry] {
    let entries = match &block.value.kind {
        NodeKind::Map(entries) => entries.as_slice(),
        NodeKind::Nothing => {
            let message = format!("{} names nobody", tick(&block.key));
            let help = format!("write `{}`, or take the key out", example(&block.key));
            problems.add(Problem::new(Code::WrongKind, &block.at, message).help(help));
            return &[];
        }
        NodeKind::Scalar { .. } | NodeKind::List(_) => {
            let message =
                format!("{} is a set of names, but this is {}", tick(&block.key), block.value.kind_in_words());
            let help = format!("each name is a key: `{}`", example(&block.key));
            problems.add(Problem::new(Code::WrongKind, &block.value.span, message).help(help));
            strays.push(block.value.clone());
            return &[];
        }
    };
    for entry in entries {
        name(entry, problems);
    }
    entries
}

fn example(key: &str) -> &'static str {
    match key {
        "agents" => "agents: { ann: , bob: { number: \"2002\" } }",
        "outside" => "outside: { boss: { phone: \"13900139000\" } }",
        "queues" => "queues: { sales: }",
        _ => "tasks: { spring: { id: 12 } }",
    }
}

fn name(entry: &Entry, problems: &mut Problems) {
    let name = entry.key.as_str();
    let problem = |message: String| Problem::new(Code::BadValue, &entry.at, message);
    if RESERVED.contains(&name) {
        problems
            .add(problem(format!("{} is always there and cannot be declared", tick(name))).help("take another name"));
        return;
    }
    let valid = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'));
    if valid {
        return;
    }
    let proposed: String = name.to_lowercase().chars().map(|c| if c == ' ' { '-' } else { c }).collect();
    let possible = proposed.starts_with(|c: char| c.is_ascii_lowercase())
        && proposed.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'));
    let help = match possible {
        true => format!("write {}", tick(&proposed)),
        false => format!(
            "a word of `a-z`, `0-9`, `-` and `_`, which starts with a letter; what is shown is its own key: `ann: {{ name: {name} }}`"
        ),
    };
    problems.add(problem(format!("{} cannot be a name in a script", tick(name))).help(help));
}
