//! The steps of a chat: who waits, who serves the customer, what is said and read, and how it ends.

use super::{Played, Player, impossible};
use crate::call::{Afterwards, ChatEvent, Content, Destination, Party, Speaker, Step, What};

/// How a chat stands.
#[derive(Debug, Default)]
pub(super) struct Chat {
    opened: bool,
    /// For whom the customer waits.
    waiting: Option<Waiting>,
    /// The agent who serves the customer.
    agent: Option<usize>,
    /// How many messages the customer has sent.
    sent: usize,
    /// How many of them were read.
    read: usize,
    /// How it ended, in words: "ann disconnected".
    over: Option<String>,
}

/// For whom a customer waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// Whoever of a queue is free.
    Anybody,
    /// The agent to whom the chat was handed.
    Agent(usize),
}

impl Player<'_> {
    pub(super) fn chat_step(&mut self, index: usize, step: &Step) -> Played {
        if let Some(told) = &self.chat.over
            && !matches!(step, Step::Wait(_))
        {
            return Err(impossible(format!("the chat is over: {told}"), "after the end only wait can follow"));
        }
        match step {
            Step::Wait(span) => self.wait(index, *span),
            Step::Enqueue(queue) => self.chat_enqueue(*queue),
            Step::Answer(Party::Agent(agent)) => self.chat_answer(*agent),
            Step::Say(by, content) => self.say(*by, content),
            Step::Read(agent, count) => self.read(*agent, *count),
            Step::HandOn(to) => self.hand_on(*to),
            Step::Disconnect { by, afterwards } => self.disconnect(*by, afterwards),
            _ => Err(impossible(
                "only wait, enqueue, answer, say, read, transfer and disconnect happen in a chat",
                "write the call in a file of its own, with `call:`",
            )),
        }
    }

    /// The first step that touches the chat opens it.
    fn open_chat(&mut self) {
        if !self.chat.opened {
            self.chat.opened = true;
            self.happen(What::Chat(ChatEvent::Opened));
        }
    }

    fn agent_name(&self, agent: usize) -> String {
        self.name(Party::Agent(agent)).to_owned()
    }

    fn chat_enqueue(&mut self, queue: Option<usize>) -> Played {
        if self.chat.waiting.is_some() {
            return Err(impossible("the customer already waits for an agent", "put `- answer: AGENT` before it"));
        }
        if let Some(agent) = self.chat.agent {
            return Err(impossible(
                format!("the customer already talks to {}", self.agent_name(agent)),
                "write `- transfer: QUEUE` to hand the customer on",
            ));
        }
        self.open_chat();
        self.chat.waiting = Some(Waiting::Anybody);
        self.happen(What::Chat(ChatEvent::Queued { queue }));
        Ok(())
    }

    fn chat_answer(&mut self, agent: usize) -> Played {
        let name = self.agent_name(agent);
        match (self.chat.waiting, self.chat.agent) {
            (Some(Waiting::Anybody), _) => {}
            (Some(Waiting::Agent(wanted)), _) if wanted == agent => {}
            (Some(Waiting::Agent(wanted)), _) => {
                let wanted = self.agent_name(wanted);
                return Err(impossible(
                    format!("{name} answers, but the chat was handed to {wanted}"),
                    format!("write `- answer: {wanted}`"),
                ));
            }
            (None, Some(serving)) if serving == agent => {
                return Err(impossible(format!("{name} already talks to the customer"), "keep one `answer`"));
            }
            (None, Some(serving)) => {
                let serving = self.agent_name(serving);
                return Err(impossible(
                    format!("{name} answers, but the customer talks to {serving}"),
                    format!("put `- transfer: {name}` before it"),
                ));
            }
            (None, None) => {
                return Err(impossible(
                    format!("{name} answers, but the customer does not wait for anybody"),
                    "put `- enqueue` before it",
                ));
            }
        }
        self.chat.waiting = None;
        self.chat.agent = Some(agent);
        self.happen(What::Chat(ChatEvent::Answered { agent }));
        Ok(())
    }

    fn say(&mut self, by: Option<Speaker>, content: &Content) -> Played {
        let by = by.unwrap_or(self.chat.agent.map_or(Speaker::Robot, Speaker::Agent));
        match by {
            Speaker::Agent(agent) => self.must_serve(agent, "says something")?,
            Speaker::Robot => {
                if let Some(agent) = self.chat.agent {
                    let name = self.agent_name(agent);
                    return Err(impossible(
                        format!("the robot says something, but the customer talks to {name}"),
                        format!("let {name} say it, or move it before `- answer: {name}`"),
                    ));
                }
            }
            Speaker::Customer => self.chat.sent += 1,
            Speaker::System => {}
        }
        self.open_chat();
        self.happen(What::Chat(ChatEvent::Said { by, content: content.clone() }));
        Ok(())
    }

    fn read(&mut self, agent: usize, count: Option<usize>) -> Played {
        self.must_serve(agent, "reads")?;
        let name = self.agent_name(agent);
        let (from, unread) = (self.chat.read, self.chat.sent - self.chat.read);
        let wanted = count.unwrap_or(unread);
        if unread == 0 {
            return Err(impossible(
                format!("{name} reads, but the customer has sent nothing that is unread"),
                "put `- say: { by: customer, text: ... }` before it",
            ));
        }
        if wanted > unread {
            return Err(impossible(
                format!("{name} reads {wanted} messages, but the customer left only {unread} unread"),
                format!("write `- read: {{ by: {name}, count: {unread} }}`, or let the customer say more before it"),
            ));
        }
        self.chat.read += wanted;
        self.happen(What::Chat(ChatEvent::Read { agent, messages: from..from + wanted }));
        Ok(())
    }

    fn hand_on(&mut self, to: Destination) -> Played {
        if !self.chat.opened {
            return Err(impossible(
                "there is no chat to hand on yet",
                "put `- say: { by: robot, text: ... }` before it, or write `- enqueue`",
            ));
        }
        if self.chat.waiting.is_some() {
            return Err(impossible("the customer already waits for an agent", "put `- answer: AGENT` before it"));
        }
        let from = self.chat.agent.map_or(Speaker::Robot, Speaker::Agent);
        if let (Some(serving), Destination::Agent(agent)) = (self.chat.agent, to)
            && serving == agent
        {
            return Err(impossible(
                format!("{} already talks to the customer", self.agent_name(agent)),
                "name another agent, or a queue",
            ));
        }
        self.chat.agent = None;
        self.happen(What::Chat(ChatEvent::Transferred { from, to }));
        let queue = match to {
            Destination::Agent(agent) => {
                self.chat.waiting = Some(Waiting::Agent(agent));
                None
            }
            Destination::Queue(queue) => {
                self.chat.waiting = Some(Waiting::Anybody);
                Some(queue)
            }
        };
        self.happen(What::Chat(ChatEvent::Queued { queue }));
        Ok(())
    }

    fn disconnect(&mut self, by: Speaker, afterwards: &Afterwards) -> Played {
        if !self.chat.opened {
            return Err(impossible(
                "there is no chat to disconnect yet",
                "put `- enqueue` or `- say: { by: customer, text: ... }` before it",
            ));
        }
        let told = match by {
            Speaker::Agent(agent) => {
                self.must_serve(agent, "disconnects")?;
                format!("{} disconnected", self.agent_name(agent))
            }
            Speaker::Customer => "the customer disconnected".to_owned(),
            Speaker::Robot => "the robot disconnected".to_owned(),
            Speaker::System => "the platform disconnected".to_owned(),
        };
        self.chat.waiting = None;
        self.chat.agent = None;
        self.chat.over = Some(told);
        self.happen(What::Chat(ChatEvent::Disconnected { by, afterwards: afterwards.clone() }));
        Ok(())
    }

    fn must_serve(&self, agent: usize, does: &str) -> Played {
        let name = self.agent_name(agent);
        match self.chat.agent {
            Some(serving) if serving == agent => Ok(()),
            Some(serving) => {
                let serving = self.agent_name(serving);
                Err(impossible(
                    format!("{name} {does}, but the customer talks to {serving}"),
                    format!("put `- transfer: {name}` and `- answer: {name}` before it"),
                ))
            }
            None => {
                let help = match self.chat.waiting {
                    Some(_) => format!("put `- answer: {name}` before it"),
                    None => format!("put `- enqueue` and `- answer: {name}` before it"),
                };
                Err(impossible(format!("{name} {does}, but does not talk to the customer"), help))
            }
        }
    }

    pub(super) fn complete_chat(&self) -> Played {
        match (self.chat.opened, &self.chat.over) {
            // A step that was refused may have been the end.
            _ if !self.illegal.is_empty() => Ok(()),
            (_, Some(_)) => Ok(()),
            (true, None) => {
                Err(impossible("the chat never ends", "end the script with `- disconnect: customer`, or of an agent"))
            }
            (false, None) => {
                Err(impossible("nothing happens in this chat", "start with `- enqueue`, or let somebody say something"))
            }
        }
    }
}
