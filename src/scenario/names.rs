//! Resolves the names in a script to the agents, outside parties, queues and tasks that the file declares.

use super::fields::scalar;
use super::problems::{Problem, Problems, Span};
use super::tree::{Kind, Node};
use super::verb::Verb;
use crate::call::{CastSpec, Party};
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
    /// Agents and outside parties.
    Third,
    /// Agents.
    Agent,
}

/// The names that a file declares.
#[derive(Debug, Default)]
pub(super) struct Names {
    agents: Vec<String>,
    outsiders: Vec<String>,
    queues: Vec<String>,
    tasks: Vec<String>,
    /// Names in a block that could not be read. A step that uses one is not at fault.
    strays: BTreeSet<String>,
    /// Whether the subject is known, so that a name that is not declared is an error.
    complete: bool,
}

impl Names {
    /// The names of a cast.
    pub fn new(spec: &CastSpec, complete: bool) -> Self {
        Self {
            agents: spec.agents.iter().map(|agent| agent.key.clone()).collect(),
            outsiders: spec.outsiders.iter().map(|outsider| outsider.key.clone()).collect(),
            queues: spec.queues.iter().map(|queue| queue.key.clone()).collect(),
            tasks: spec.tasks.iter().map(|task| task.key.clone()).collect(),
            strays: BTreeSet::new(),
            complete,
        }
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
            (_, Party::Agent(_)) | (Whom::Anybody, _) => true,
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
            Whom::WithPhone | Whom::Anybody => "somebody with a phone",
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
        self.thing(node, Verb::Task, ("task", "tasks: { spring: }"), &self.tasks, problems)
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
        if found.is_none() && self.complete && !self.strays.contains(name) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let help = did_you_mean(name, &known, &format!("declare it under `call`: `{example}`; known here:"));
            let message = format!("no {what} is called {}", tick(name));
            problems.add(Problem::new(Code::UnknownName, &node.span, message).help(help));
        }
        found
    }

    fn unknown(&self, name: &str, verb: Verb, whom: Whom, span: &Span, problems: &mut Problems) -> Option<Party> {
        if !self.complete || self.strays.contains(name) {
            return None;
        }
        let who = match whom {
            Whom::Agent => "no agent",
            Whom::Third | Whom::WithPhone | Whom::Anybody => "nobody",
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
        format!("known here: {known}; declare others under `call` or `shift`: `agents: {{ {name}: }}`")
    }

    fn known(&self, whom: Whom) -> Vec<&str> {
        let agents = self.agents.iter().map(String::as_str);
        let outsiders = self.outsiders.iter().map(String::as_str);
        match whom {
            Whom::Agent => agents.collect(),
            Whom::Third => agents.chain(outsiders).collect(),
            Whom::WithPhone => ["customer"].into_iter().chain(agents).chain(outsiders).collect(),
            Whom::Anybody => ["customer"].into_iter().chain(agents).chain(outsiders).chain(["system"]).collect(),
        }
    }
}
