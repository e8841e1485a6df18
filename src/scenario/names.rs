//! Resolves the names in a script to the agents, outside parties, queues and tasks that the file declares.

use super::about::About;
use super::fields::scalar;
use super::problems::{Problem, Problems, Span};
use super::tree::{Kind, Node};
use super::verb::Verb;
use crate::call::{CastSpec, Destination, Party, Speaker};
use crate::diagnostic::Code;
use crate::spelling::{did_you_mean, tick};
use std::collections::BTreeSet;

/// Whom a step can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// The customer, agents, outside parties.
    WithPhone,
    /// Those, and the platform.
    Anybody,
    /// Everybody who can write in a chat: those, and the robot.
    Chatter,
    /// Agents and outside parties.
    Third,
    /// Agents.
    Agent,
}

/// The names that a file declares.
#[derive(Debug)]
pub(super) struct Names {
    about: About,
    agents: Vec<String>,
    outsiders: Vec<String>,
    queues: Vec<String>,
    tasks: Vec<String>,
    /// Names in a block that could not be read. A step that uses one is not at fault.
    strays: BTreeSet<String>,
}

impl Names {
    /// The names of a cast. Where the subject is known, a name that is not declared is an error.
    pub fn new(spec: &CastSpec, about: About) -> Self {
        let tasks = spec.tasks.iter().map(|task| task.key.clone());
        let push_tasks = spec.notifications.iter().map(|task| task.key.clone());
        Self {
            about,
            agents: spec.agents.iter().map(|agent| agent.key.clone()).collect(),
            outsiders: spec.outsiders.iter().map(|outsider| outsider.key.clone()).collect(),
            queues: spec.queues.iter().map(|queue| queue.key.clone()).collect(),
            tasks: if about == About::Notification { push_tasks.collect() } else { tasks.collect() },
            strays: BTreeSet::new(),
        }
    }

    /// No names at all, so that none is missed.
    pub fn unknown_subject() -> Self {
        Self {
            about: About::Unknown,
            agents: Vec::new(),
            outsiders: Vec::new(),
            queues: Vec::new(),
            tasks: Vec::new(),
            strays: BTreeSet::new(),
        }
    }

    /// What the script is about.
    pub fn about(&self) -> About {
        self.about
    }

    /// Remembers every word in a block that could not be read: names may be among them.
    pub fn stray(&mut self, node: &Node) {
        match &node.kind {
            Kind::Nothing => {}
            Kind::Scalar { text, .. } => {
                self.strays.insert(text.clone());
            }
            Kind::List(items) => items.iter().for_each(|item| self.stray(item)),
            Kind::Map(entries) => {
                for entry in entries {
                    self.strays.insert(entry.key.clone());
                    self.stray(&entry.value);
                }
            }
        }
    }

    /// The party that a step names.
    pub fn party(&self, node: &Node, verb: Verb, whom: Whom, problems: &mut Problems) -> Option<Party> {
        let what = format!("`{}`", verb.word());
        let name = scalar(node, &what, "a name", problems)?;
        let agent = self.agents.iter().position(|agent| agent == name).map(Party::Agent);
        let outsider = || self.outsiders.iter().position(|outsider| outsider == name).map(Party::Outsider);
        let constant = match name {
            "customer" => Some(Party::Customer),
            "system" => Some(Party::System),
            _ => None,
        };
        let Some(party) = agent.or_else(outsider).or(constant) else {
            return self.unknown(name, verb, whom, &node.span, problems);
        };
        let fits = match (whom, party) {
            (_, Party::Agent(_)) | (Whom::Anybody | Whom::Chatter, _) => true,
            (Whom::WithPhone, party) => party != Party::System,
            (Whom::Third, party) => matches!(party, Party::Outsider(_)),
            (Whom::Agent, _) => false,
        };
        if fits {
            return Some(party);
        }
        let who = match party {
            Party::Customer => "the customer is none".to_owned(),
            Party::System => "the platform is none".to_owned(),
            Party::Outsider(_) => format!("{} is an outside party", tick(name)),
            Party::Agent(_) => tick(name),
        };
        let takes = match whom {
            Whom::Agent => "an agent",
            Whom::Third => "an agent or an outside party",
            Whom::WithPhone | Whom::Anybody | Whom::Chatter => "somebody with a phone",
        };
        let message = format!("{what} takes {takes}, and {who}");
        problems.add(Problem::new(Code::UnknownName, &node.span, message).help(self.known_help(whom, "ann")));
        None
    }

    /// The agent that a step names.
    pub fn agent(&self, node: &Node, verb: Verb, problems: &mut Problems) -> Option<usize> {
        match self.party(node, verb, Whom::Agent, problems)? {
            Party::Agent(index) => Some(index),
            Party::Customer | Party::Outsider(_) | Party::System => None,
        }
    }

    /// Who writes or leaves in a chat.
    pub fn speaker(&self, node: &Node, verb: Verb, whom: Whom, problems: &mut Problems) -> Option<Speaker> {
        if whom == Whom::Chatter && matches!(&node.kind, Kind::Scalar { text, .. } if text == "robot") {
            return Some(Speaker::Robot);
        }
        match self.party(node, verb, whom, problems)? {
            Party::Customer => Some(Speaker::Customer),
            Party::System => Some(Speaker::System),
            Party::Agent(agent) => Some(Speaker::Agent(agent)),
            // A chat declares none.
            Party::Outsider(_) => None,
        }
    }

    /// The agent or the queue that a chat is handed to.
    pub fn destination(&self, node: &Node, verb: Verb, problems: &mut Problems) -> Option<Destination> {
        let name = scalar(node, &format!("`{}`", verb.word()), "a name", problems)?;
        if let Some(queue) = self.queues.iter().position(|queue| queue == name) {
            return Some(Destination::Queue(queue));
        }
        if let Some(agent) = self.agents.iter().position(|agent| agent == name) {
            return Some(Destination::Agent(agent));
        }
        if self.is_complete() && !self.strays.contains(name) {
            let known: Vec<&str> = self.agents.iter().chain(&self.queues).map(String::as_str).collect();
            let declare = format!("declare it under `{}` in `agents` or `queues`; known here:", self.about.word());
            let help = match name {
                "robot" => "the robot takes nobody from an agent; name an agent or a queue".to_owned(),
                name => did_you_mean(name, &known, &declare),
            };
            let message = format!("no agent and no queue is called {}", tick(name));
            problems.add(Problem::new(Code::UnknownName, &node.span, message).help(help));
        }
        None
    }

    fn is_complete(&self) -> bool {
        self.about != About::Unknown
    }

    /// The only agent, for a step that names none.
    pub fn only_agent(&self, verb: Verb, at: &Span, problems: &mut Problems) -> Option<usize> {
        if let [_] = self.agents.as_slice() {
            return Some(0);
        }
        let word = verb.word();
        let message = format!("`{word}` names no agent, and there are {}", self.agents.len());
        let name = self.agents.first().map_or("ann", String::as_str);
        let help = match verb {
            Verb::Status => format!("write `- status: {{ {name}: busy }}`"),
            _ => format!("write `- {word}: {name}`"),
        };
        problems.add(Problem::new(Code::MissingKey, at, message).help(help));
        None
    }

    /// Whether an agent has this name.
    pub fn is_agent(&self, name: &str) -> bool {
        self.agents.iter().any(|agent| agent == name)
    }

    /// The queue that a step names.
    pub fn queue(&self, node: &Node, problems: &mut Problems) -> Option<usize> {
        self.thing(node, Verb::Enqueue, ("queue", "queues: { sales: }"), &self.queues, problems)
    }

    /// The task that a step names.
    pub fn task(&self, node: &Node, problems: &mut Problems) -> Option<usize> {
        self.push_task(node, Verb::Task, problems)
    }

    /// The task that a step of a notification names.
    pub fn push_task(&self, node: &Node, verb: Verb, problems: &mut Problems) -> Option<usize> {
        self.thing(node, verb, ("task", "tasks: { spring: }"), &self.tasks, problems)
    }

    /// The only task, for a step that names none.
    pub fn only_task(&self, verb: Verb, at: &Span, problems: &mut Problems) -> Option<usize> {
        if let [_] = self.tasks.as_slice() {
            return Some(0);
        }
        let word = verb.word();
        let message = format!("`{word}` names no task, and there are {}", self.tasks.len());
        let name = self.tasks.first().map_or("spring", String::as_str);
        problems.add(Problem::new(Code::MissingKey, at, message).help(format!("write `- {word}: {name}`")));
        None
    }

    fn thing(
        &self,
        node: &Node,
        verb: Verb,
        (what, example): (&str, &str),
        known: &[String],
        problems: &mut Problems,
    ) -> Option<usize> {
        let name = scalar(node, &format!("`{}`", verb.word()), "a name", problems)?;
        let found = known.iter().position(|known| known == name);
        if found.is_none() && self.is_complete() && !self.strays.contains(name) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let help = did_you_mean(
                name,
                &known,
                &format!("declare it under `{}`: `{example}`; known here:", self.about.word()),
            );
            let message = format!("no {what} is called {}", tick(name));
            problems.add(Problem::new(Code::UnknownName, &node.span, message).help(help));
        }
        found
    }

    fn unknown(&self, name: &str, verb: Verb, whom: Whom, span: &Span, problems: &mut Problems) -> Option<Party> {
        if !self.is_complete() || self.strays.contains(name) {
            return None;
        }
        let who = match whom {
            Whom::Agent => "no agent",
            Whom::Third | Whom::WithPhone | Whom::Anybody | Whom::Chatter => "nobody",
        };
        let help = if self.queues.iter().any(|queue| queue == name) {
            format!("{} is a queue: write `- enqueue: {name}`", tick(name))
        } else {
            self.help(name, verb, whom)
        };
        problems.add(Problem::new(Code::UnknownName, span, format!("{who} is called {}", tick(name))).help(help));
        None
    }

    fn help(&self, name: &str, verb: Verb, whom: Whom) -> String {
        let known = self.known(whom);
        if verb == Verb::Status && crate::call::AgentStatus::ALL.iter().any(|(_, word)| *word == name) {
            return "write `- status: { ann: busy }`".to_owned();
        }
        if let Some(near) = crate::spelling::nearest(name, known.iter().copied()) {
            return format!("did you mean {}?", tick(near));
        }
        self.known_help(whom, name)
    }

    fn known_help(&self, whom: Whom, name: &str) -> String {
        let known = crate::spelling::listed(self.known(whom));
        format!("known here: {known}; declare others under `{}`: `agents: {{ {name}: }}`", self.about.word())
    }

    fn known(&self, whom: Whom) -> Vec<&str> {
        let agents = self.agents.iter().map(String::as_str);
        let outsiders = self.outsiders.iter().map(String::as_str);
        match whom {
            Whom::Agent => agents.collect(),
            Whom::Third => agents.chain(outsiders).collect(),
            Whom::WithPhone => ["customer"].into_iter().chain(agents).chain(outsiders).collect(),
            Whom::Anybody => ["customer"].into_iter().chain(agents).chain(outsiders).chain(["system"]).collect(),
            Whom::Chatter => ["customer", "robot"].into_iter().chain(agents).chain(["system"]).collect(),
        }
    }
}
