//! The steps that bring a third party in: transfer, consult, conference, and what supervisors do.

use super::{Asked, Joined, Line, Played, Player, impossible};
use crate::call::{Advanced, Outcome, Party, Side, What};

impl Player<'_> {
    /// An advanced operation starts: the third party's phone rings, unless that party is being consulted already.
    pub(super) fn ask(&mut self, kind: Advanced, with: Party) -> Played {
        let word = kind.as_str();
        let name = self.name(with).to_owned();
        let Some(partner) = self.partner.filter(|_| self.bridged) else {
            return Err(impossible(
                format!("`{word}` needs a conversation, but nobody talks to the customer yet"),
                "let both the agent and the customer answer before it",
            ));
        };
        if matches!(partner, Party::Outsider(_)) {
            return Err(impossible(
                format!(
                    "`{word}` needs an agent, but the customer is with {}, outside the platform",
                    self.name(partner)
                ),
                "remove this step",
            ));
        }
        if partner == with {
            return Err(impossible(format!("{name} already talks to the customer"), "name another party"));
        }
        if let Some(asked) = self.asked {
            return Err(impossible(
                format!(
                    "`{word}` while {}'s phone still rings for the `{}`",
                    self.name(asked.with),
                    asked.kind.as_str()
                ),
                format!("put `- answer: {0}` or `- decline: {0}` before it", self.name(asked.with)),
            ));
        }
        let asked = Asked { kind, with, rang_at: self.moment(self.now) };
        if let Some(joined) = self.joined_as(with) {
            return match (joined.kind, kind) {
                (Advanced::Consult, Advanced::Transfer | Advanced::Conference) => {
                    self.happen(What::AdvancedStarted { kind, with });
                    self.leave(joined, Side::Agent);
                    self.succeed(asked)
                }
                (already, _) => Err(impossible(
                    format!("{name} is already in the call by `{}`", already.as_str()),
                    format!("put `- hangup: {name}` before it"),
                )),
            };
        }
        self.must_be_free(with)?;
        if let Party::Agent(agent) = with {
            self.agents[agent] = Line::Ringing;
        }
        self.asked = Some(asked);
        self.happen(What::AdvancedStarted { kind, with });
        Ok(())
    }

    /// The third party answers.
    pub(super) fn succeed(&mut self, asked: Asked) -> Played {
        let Asked { kind, with, rang_at } = asked;
        self.asked = None;
        if let Party::Agent(agent) = with {
            self.agents[agent] = Line::Up;
        }
        let parent = self.main;
        let grown = self.conversations;
        self.conversations += 1;
        self.happen(What::AdvancedEnded { kind, with, outcome: Outcome::Succeeded, grown: Some(grown) });
        match kind {
            Advanced::Transfer | Advanced::Intercept => {
                self.end_conversation(parent, Side::Agent, None);
                if let Some(Party::Agent(agent)) = self.partner {
                    self.agents[agent] = Line::Free;
                }
                self.main = grown;
                self.partner = Some(with);
                self.held = false;
            }
            Advanced::Consult | Advanced::Conference | Advanced::Listen | Advanced::Whisper | Advanced::Barge => {
                self.joined.push(Joined { kind, party: with, conversation: grown });
            }
        }
        self.happen_in(grown, self.now, What::Joined { kind, from: parent, with, rang_at });
        Ok(())
    }

    /// The third party does not answer, and the conversation goes on without.
    pub(super) fn fail(&mut self, asked: Asked) {
        self.asked = None;
        if let Party::Agent(agent) = asked.with {
            self.agents[agent] = Line::Free;
        }
        self.happen(What::AdvancedEnded { kind: asked.kind, with: asked.with, outcome: Outcome::Failed, grown: None });
    }

    /// A third party leaves its own conversation; the call goes on.
    pub(super) fn leave(&mut self, joined: Joined, side: Side) {
        self.joined.retain(|other| other.conversation != joined.conversation);
        if let Party::Agent(agent) = joined.party {
            self.agents[agent] = Line::Free;
        }
        self.end_conversation(joined.conversation, side, None);
    }
}
