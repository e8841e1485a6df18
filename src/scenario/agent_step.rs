//! Reads the steps that are about an agent's work: state, login and logout.

use super::block::Block;
use super::fields::{Fields, choice, no_choice, scalar, text, value};
use super::problems::{Problem, Problems};
use super::step::Reading;
use super::tree::{Entry, Kind, Node};
use super::value::Wrong;
use crate::call::{AgentStatus, LoginDevice, LogoutKind, Step};
use crate::diagnostic::Code;
use crate::spelling::tick;

impl Reading<'_, '_> {
    pub fn status(&mut self) -> Option<Step> {
        let node = self.needed("busy")?;
        let Kind::Map(entries) = &node.kind else {
            let word = scalar(node, "`status`", "a state such as `busy`", self.problems)?;
            if self.names.is_agent(word) {
                let problem =
                    Problem::new(Code::MissingKey, &node.span, format!("the state of {} is missing", tick(word)));
                self.problems.add(problem.help(format!("write `- status: {{ {word}: busy }}`")));
                return None;
            }
            let status = choice_of_status(node, word, self.problems);
            let agent = self.names.only_agent(self.verb, self.at, self.problems);
            return Some(Step::Status(agent?, status?));
        };
        let [entry] = entries.as_slice() else {
            let message = format!("`status` is of one agent, and this has {} keys", entries.len());
            let help = "write a step for each agent: `- status: { ann: busy }`";
            self.problems.add(Problem::new(Code::UnknownStep, &node.span, message).help(help));
            return None;
        };
        let name = Node { span: entry.at.clone(), kind: Kind::Scalar { text: entry.key.clone(), quoted: true } };
        let agent = self.names.agent(&name, self.verb, self.problems);
        let status = match &entry.value.kind {
            Kind::Map(_) => self.custom_status(entry),
            _ => scalar(&entry.value, &tick(&entry.key), "a state such as `busy`", self.problems)
                .and_then(|word| choice_of_status(&entry.value, word, self.problems)),
        };
        Some(Step::Status(agent?, status?))
    }

    fn custom_status(&mut self, entry: &Entry) -> Option<AgentStatus> {
        let fields = Fields::open(&entry.value, &entry.at, Block::Status, self.problems)?;
        let number = fields.required("number", "number: 101", self.problems);
        let name = fields.required("name", "name: 小休", self.problems);
        let number = number.and_then(|node| value(node, ("`number`", "a whole number"), self.problems, small));
        let name = name.and_then(|node| text(node, "`name`", self.problems));
        Some(AgentStatus::Custom(number?, name?))
    }

    pub fn login(&mut self) -> Option<Step> {
        if self.is_plain() {
            return self.agent().map(|agent| Step::Login(agent, LoginDevice::Phone));
        }
        let fields = self.fields(Block::Login)?;
        let device = fields.optional("device").map(|node| choice(node, "`device`", &LoginDevice::ALL, self.problems));
        let agent = self.agent_in(fields.optional("agent"));
        Some(Step::Login(agent?, device.unwrap_or(Some(LoginDevice::Phone))?))
    }

    pub fn logout(&mut self) -> Option<Step> {
        if self.is_plain() {
            return self.agent().map(|agent| Step::Logout(agent, LogoutKind::Normal));
        }
        let fields = self.fields(Block::Logout)?;
        let offline = fields.optional("offline");
        let offline = offline.map(|node| choice(node, "`offline` device", &LogoutKind::DEVICES, self.problems));
        let agent = self.agent_in(fields.optional("agent"));
        let kind = match offline {
            Some(device) => LogoutKind::Offline(device?),
            None => LogoutKind::Normal,
        };
        Some(Step::Logout(agent?, kind))
    }
}

fn choice_of_status(node: &Node, word: &str, problems: &mut Problems) -> Option<AgentStatus> {
    let found = AgentStatus::ALL.iter().find(|(_, known)| *known == word).map(|(status, _)| status.clone());
    if found.is_none() {
        problems.add(no_choice(word, "state of an agent", AgentStatus::ALL.iter().map(|(_, word)| *word), &node.span));
    }
    found
}

fn small(text: &str) -> Result<u32, Wrong> {
    let number = super::value::integer(text)?;
    u32::try_from(number).map_err(|_| Wrong {
        reason: format!("{} is too large", tick(text)),
        help: format!("the largest number here is `{}`", u32::MAX),
    })
}
