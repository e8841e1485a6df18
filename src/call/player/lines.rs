//! The steps by which a call comes about: menu, queue, ring, answer, decline, hold.

use super::{Impossible, Line, Played, Player, impossible};
use crate::call::{Cause, Kind, Party, Side, What};

impl Player<'_> {
    pub(super) fn take_task(&mut self, task: usize) -> Played {
        if self.task_taken {
            return Err(impossible("the call already belongs to a task", "keep one `task` step"));
        }
        let crate::call::Subject::Call(kind) = self.spec.subject else { return Ok(()) };
        if kind == Kind::Inbound {
            return Err(impossible("an inbound call belongs to no dialling task", "leave the `task` step out"));
        }
        self.touch(kind);
        self.task_taken = true;
        self.happen(What::TaskTaken { task });
        Ok(())
    }

    pub(super) fn enter_ivr(
        &mut self,
        kind: Kind,
        name: &Option<String>,
        variables: &[(String, String)],
        recorded: bool,
    ) -> Played {
        self.customer_waits(kind, "enters a voice menu")?;
        self.in_ivr = true;
        self.happen(What::IvrEntered { name: name.clone(), variables: variables.to_vec(), recorded });
        Ok(())
    }

    pub(super) fn press(&mut self, keys: &str) -> Played {
        if self.customer != Line::Up {
            return Err(impossible(
                "the customer presses keys, but is not on the line",
                "let the customer answer first",
            ));
        }
        self.happen(What::KeysPressed(keys.to_owned()));
        Ok(())
    }

    pub(super) fn enqueue(&mut self, kind: Kind, queue: Option<usize>) -> Played {
        self.customer_waits(kind, "enters a queue")?;
        if self.queued.is_some() && self.queued == Some(queue.unwrap_or(0)) {
            return Err(impossible("the customer is already in this queue", "remove this step, or name another queue"));
        }
        self.leave_ivr();
        self.queued = Some(queue.unwrap_or(0));
        self.happen(What::Queued { queue });
        Ok(())
    }

    pub(super) fn lock(&mut self, kind: Kind, agent: usize) -> Played {
        self.customer_waits(kind, "is given an agent")?;
        if self.queued.is_none() {
            return Err(impossible(
                format!("{} is reserved, but no customer waits in a queue", self.name(Party::Agent(agent))),
                "put `- enqueue` before it",
            ));
        }
        self.must_be_free(Party::Agent(agent))?;
        self.happen(What::AgentLocked { agent });
        Ok(())
    }

    /// A phone rings. Where it cannot, it is said, and played as if it could: the steps after it are judged by what was meant.
    pub(super) fn ring(&mut self, kind: Kind, party: Party) -> Played {
        let checked = match party {
            Party::Customer => self.may_ring_customer(kind),
            Party::Agent(agent) => self.may_ring_agent(kind, agent),
            Party::Outsider(_) => Err(impossible(
                format!("{} is outside and is reached by an agent", self.name(party)),
                format!("write `- transfer: {0}`, `- consult: {0}` or `- conference: {0}`", self.name(party)),
            )),
            Party::System => Err(impossible("the platform has no phone that rings", "name an agent or `customer`")),
        };
        self.touch(kind);
        match party {
            Party::Customer => {
                self.customer = Line::Ringing;
                self.happen(What::CustomerRinging);
            }
            Party::Agent(agent) => {
                self.leave_ivr();
                self.agents[agent] = Line::Ringing;
                self.happen(What::AgentRinging { agent });
            }
            Party::Outsider(_) | Party::System => {}
        }
        checked
    }

    fn may_ring_customer(&self, kind: Kind) -> Played {
        match kind {
            Kind::Inbound => {
                return Err(impossible(
                    "the customer of an inbound call is the caller, whose phone does not ring",
                    "start with `- ivr`, `- enqueue` or `- ring: AGENT`; or write `kind: outbound`",
                ));
            }
            Kind::Outbound | Kind::Preview if self.partner.is_none() => {
                let agent = self.name(Party::Agent(0)).to_owned();
                return Err(impossible(
                    "the customer's phone rings before an agent has answered: this kind of call reaches the agent first",
                    format!("put `- ring: {agent}` and `- answer: {agent}` before it; or write `kind: direct`"),
                ));
            }
            Kind::Outbound | Kind::Preview | Kind::Direct | Kind::Predictive | Kind::Webcall => {}
        }
        match self.customer {
            Line::Free => Ok(()),
            Line::Ringing => Err(impossible("the customer's phone already rings", "remove this step")),
            Line::Up => Err(impossible("the customer is already on the line", "remove this step")),
        }
    }

    fn may_ring_agent(&self, kind: Kind, agent: usize) -> Played {
        let party = Party::Agent(agent);
        let name = self.name(party).to_owned();
        match kind {
            Kind::Direct => {
                return Err(impossible(
                    format!("{name}'s phone rings, but in a direct call the agent dials and no agent's phone rings"),
                    "remove this step; or write `kind: outbound`",
                ));
            }
            Kind::Predictive | Kind::Webcall if self.customer != Line::Up => {
                return Err(impossible(
                    format!(
                        "{name}'s phone rings before the customer has answered: this kind of call reaches the customer first"
                    ),
                    "put `- ring: customer` and `- answer: customer` before it",
                ));
            }
            Kind::Outbound | Kind::Preview | Kind::Inbound | Kind::Predictive | Kind::Webcall => {}
        }
        self.must_be_free(party)?;
        if let Some(partner) = self.partner {
            return Err(impossible(
                format!("{name}'s phone rings, but the call is already with {}", self.who(partner)),
                format!("write `- transfer: {name}`, `- consult: {name}` or `- conference: {name}`"),
            ));
        }
        if let Some(ringing) = self.agents.iter().position(|line| *line == Line::Ringing) {
            let ringing = self.name(Party::Agent(ringing));
            return Err(impossible(
                format!("{name}'s phone rings while {ringing}'s phone still rings"),
                format!("put `- answer: {ringing}` or `- decline: {ringing}` before it"),
            ));
        }
        Ok(())
    }

    /// Who rings answers. Who does not ring is taken at the script's word, as in [`Self::ring`].
    pub(super) fn answer(&mut self, party: Party) -> Played {
        let checked = self.must_ring(party, "answers");
        if let Some(asked) = self.asked
            && asked.with == party
        {
            return self.succeed(asked);
        }
        match party {
            Party::Customer => {
                self.customer = Line::Up;
                self.happen(What::CustomerAnswered);
            }
            Party::Agent(agent) => {
                self.agents[agent] = Line::Up;
                self.partner = Some(party);
                self.queued = None;
                self.happen(What::AgentAnswered { agent });
            }
            Party::Outsider(_) | Party::System => {}
        }
        self.bridged = self.customer == Line::Up && self.partner.is_some();
        self.ever_bridged |= self.bridged;
        checked
    }

    pub(super) fn decline(&mut self, kind: Kind, party: Party, cause: Option<Cause>) -> Played {
        self.must_ring(party, "does not answer")?;
        if let Some(asked) = self.asked
            && asked.with == party
        {
            self.fail(asked);
            return Ok(());
        }
        match party {
            Party::Customer => {
                let cause = cause.unwrap_or(Cause::NoAnswer);
                self.customer = Line::Free;
                self.happen(What::CustomerMissed(cause));
                self.end_call(Side::Customer, Some(cause), "the customer did not answer");
            }
            Party::Agent(agent) => {
                self.agents[agent] = Line::Free;
                self.happen(What::AgentMissed { agent, cause });
                match kind {
                    Kind::Outbound | Kind::Preview => {
                        let told = format!("{} did not answer", self.name(party));
                        self.end_call(Side::Agent, Some(cause.unwrap_or(Cause::NoAnswer)), told);
                    }
                    Kind::Direct | Kind::Inbound | Kind::Predictive | Kind::Webcall => {}
                }
            }
            Party::Outsider(_) | Party::System => {}
        }
        Ok(())
    }

    pub(super) fn hold(&mut self, agent: usize) -> Played {
        self.must_talk(Party::Agent(agent), "puts the customer on hold")?;
        if self.held {
            return Err(impossible("the customer is already on hold", "remove this step, or put `- resume` before it"));
        }
        self.held = true;
        self.happen(What::Held);
        Ok(())
    }

    pub(super) fn resume(&mut self, agent: usize) -> Played {
        self.must_talk(Party::Agent(agent), "takes the customer back")?;
        if !self.held {
            return Err(impossible("the customer is not on hold", "put `- hold` before it"));
        }
        self.held = false;
        self.happen(What::Resumed);
        Ok(())
    }

    pub(super) fn leave_ivr(&mut self) {
        if self.in_ivr {
            self.in_ivr = false;
            self.happen(What::IvrLeft);
        }
    }

    /// The customer is on the line, and no agent is yet: starts an inbound call where needed.
    pub(super) fn customer_waits(&mut self, kind: Kind, does: &str) -> Played {
        match kind {
            Kind::Inbound => self.touch(kind),
            Kind::Predictive | Kind::Webcall => {}
            Kind::Outbound | Kind::Direct | Kind::Preview => {
                return Err(impossible(
                    format!("the customer {does}, but in this kind of call an agent places the call"),
                    "remove this step; or write `kind: inbound` or `kind: predictive`",
                ));
            }
        }
        if self.customer != Line::Up {
            return Err(impossible(
                format!("the customer {does}, but is not on the line"),
                "put `- ring: customer` and `- answer: customer` before it",
            ));
        }
        if let Some(partner) = self.partner {
            return Err(impossible(
                format!("the customer {does}, but talks to {}", self.who(partner)),
                "put this step before the agent answers, or hand the customer on by `transfer`",
            ));
        }
        Ok(())
    }

    pub(super) fn must_be_free(&self, party: Party) -> Played {
        let name = self.name(party);
        let line = match party {
            Party::Agent(agent) => self.agents[agent],
            Party::Outsider(_) | Party::Customer | Party::System => Line::Free,
        };
        match line {
            Line::Free => Ok(()),
            Line::Ringing => Err(impossible(format!("{name}'s phone already rings"), "remove this step")),
            Line::Up => {
                Err(impossible(format!("{name} is already on the line"), "remove this step, or name another agent"))
            }
        }
    }

    fn must_ring(&self, party: Party, does: &str) -> Played {
        let rings = match party {
            Party::Customer => self.customer == Line::Ringing,
            Party::Agent(agent) => self.agents[agent] == Line::Ringing,
            Party::Outsider(_) => self.asked.is_some_and(|asked| asked.with == party),
            Party::System => false,
        };
        if rings {
            return Ok(());
        }
        let (who, whose, name) = (self.who(party), self.whose(party), self.name(party));
        let on_the_line = match party {
            Party::Customer => self.customer == Line::Up,
            Party::Agent(agent) => self.agents[agent] == Line::Up,
            Party::Outsider(_) | Party::System => false,
        };
        if on_the_line {
            return Err(impossible(format!("{who} {does}, but is already on the line"), "remove this step"));
        }
        Err(impossible(format!("{who} {does}, but {whose} phone does not ring"), self.how_to_ring(party, name)))
    }

    fn how_to_ring(&self, party: Party, name: &str) -> String {
        match party {
            Party::Agent(_) if self.bridged => format!("put `- transfer: {name}` or `- consult: {name}` before it"),
            Party::Outsider(_) => format!("put `- transfer: {name}` or `- consult: {name}` before it"),
            Party::Customer | Party::Agent(_) | Party::System => format!("put `- ring: {name}` before it"),
        }
    }

    /// The party is the one who talks to the customer.
    pub(super) fn must_talk(&self, party: Party, does: &str) -> Result<(), Impossible> {
        if self.bridged && self.partner == Some(party) {
            return Ok(());
        }
        let who = self.who(party);
        Err(match self.partner.filter(|_| self.bridged) {
            Some(partner) => impossible(
                format!("{who} {does}, but the customer talks to {}", self.who(partner)),
                format!("name {}", self.name(partner)),
            ),
            None => impossible(
                format!("{who} {does}, but nobody talks to the customer yet"),
                "let both the agent and the customer answer before it",
            ),
        })
    }
}
