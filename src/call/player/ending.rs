//! The steps that end a call, and those that follow its end: hang-up, voicemail, survey, recording, recognition.

use super::{Line, Played, Player, impossible};
use crate::call::{Cause, Kind, Party, Recognition, Side, Span, Subject, What};
use std::time::Duration;

/// How and when the call ended.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    /// In words: "the customer hung up".
    pub told: String,
    by: Side,
    at: Duration,
    release_after: Duration,
    survey_ended: Option<Duration>,
}

impl Player<'_> {
    pub(super) fn hang_up(&mut self, by: Party, release_after: Duration, cause: Option<Cause>) -> Played {
        if !self.started {
            return Err(impossible(
                "there is no call to hang up yet",
                "put `- ring`, `- ivr` or `- enqueue` before it",
            ));
        }
        let told = format!("{} hung up", self.who(by));
        if let Some(joined) = self.joined_as(by) {
            self.leave(joined, Side::Agent);
            return Ok(());
        }
        let side = match by {
            Party::System => Side::System,
            Party::Customer => {
                self.must_hold_a_line(by, self.customer)?;
                Side::Customer
            }
            Party::Agent(agent) => {
                self.must_hold_a_line(by, self.agents[agent])?;
                Side::Agent
            }
            Party::Outsider(_) if self.partner == Some(by) => Side::Agent,
            Party::Outsider(_) => self.must_hold_a_line(by, Line::Free).map(|()| Side::Agent)?,
        };
        let gave_up = side == Side::Agent && !self.ever_bridged;
        self.end_call(side, cause.or(gave_up.then_some(Cause::Cancelled)), told);
        if let Some(ending) = &mut self.ending {
            ending.release_after = release_after;
        }
        Ok(())
    }

    fn must_hold_a_line(&self, party: Party, line: Line) -> Played {
        let (who, name) = (self.who(party), self.name(party));
        match line {
            Line::Up => Ok(()),
            Line::Ringing => Err(impossible(
                format!("{who} hangs up, but has not answered"),
                format!("write `- decline: {name}` for a phone that is not answered"),
            )),
            Line::Free => Err(impossible(
                format!("{who} hangs up, but is not on the line"),
                format!("put `- answer: {name}` before it, or name who is on the line"),
            )),
        }
    }

    /// The call is over: every line still ringing stops, every third party goes, the main conversation ends.
    pub(super) fn end_call(&mut self, side: Side, cause: Option<Cause>, told: impl Into<String>) {
        self.leave_ivr();
        if let Some(asked) = self.asked {
            self.fail(asked);
        }
        while let Some(joined) = self.joined.last().copied() {
            self.leave(joined, side);
        }
        for agent in 0..self.agents.len() {
            if self.agents[agent] == Line::Ringing {
                self.agents[agent] = Line::Free;
                self.happen(What::AgentMissed { agent, cause: Some(Cause::Cancelled) });
            }
        }
        self.happen(What::HungUp { side, cause });
        self.ending = Some(Ending {
            told: told.into(),
            by: side,
            at: self.now,
            release_after: Duration::ZERO,
            survey_ended: None,
        });
    }

    /// A conversation that is not the customer's last one ends at once.
    pub(super) fn end_conversation(&mut self, conversation: usize, side: Side, cause: Option<Cause>) {
        for what in [What::HungUp { side, cause }, What::Released, What::Ended] {
            self.happen_in(conversation, self.now, what);
        }
    }

    pub(super) fn voicemail(&mut self, index: usize, span: Span) -> Played {
        let Subject::Call(kind) = self.spec.subject else { return Ok(()) };
        self.customer_waits(kind, "leaves a message")?;
        self.leave_ivr();
        self.voicemail_left = true;
        self.happen(What::VoicemailStarted);
        self.now += self.draw(index, span);
        self.happen(What::VoicemailLeft);
        Ok(())
    }

    pub(super) fn survey(&mut self, index: usize, keys: &str, after: Span) -> Played {
        let length = self.draw(index, after);
        if !self.ever_bridged {
            return Err(impossible(
                "a survey needs a conversation, but nobody talked to the customer",
                "remove this step",
            ));
        }
        let main = self.main;
        let (at, by, surveyed) = match &self.ending {
            Some(ending) => (ending.at, ending.by, ending.survey_ended.is_some()),
            None => {
                return Err(impossible(
                    "the survey comes before the end of the conversation",
                    "put `- hangup: AGENT` before it: the customer stays on the line for the survey",
                ));
            }
        };
        if surveyed {
            return Err(impossible("the customer has already answered a survey", "keep one `survey` step"));
        }
        if by == Side::Customer {
            return Err(impossible(
                "the customer has hung up and cannot answer a survey",
                "let the agent hang up: the customer stays on the line for the survey",
            ));
        }
        self.happen_in(main, at, What::SurveyStarted);
        self.happen_in(main, at + length, What::SurveyAnswered { keys: keys.to_owned() });
        if let Some(ending) = &mut self.ending {
            ending.survey_ended = Some(at + length);
        }
        Ok(())
    }

    pub(super) fn record(&mut self) -> Played {
        if !self.ever_bridged && !self.voicemail_left {
            return Err(impossible(
                "there is nothing to record: nobody talked and no message was left",
                "put `record` after the answer, or remove it",
            ));
        }
        if self.record_asked {
            return Err(impossible("the call is already recorded", "keep one `record` step"));
        }
        self.record_asked = true;
        if self.ending.is_some() {
            self.happen(What::Recorded);
        }
        Ok(())
    }

    pub(super) fn recognise(&mut self, kind: Kind, recognition: &Recognition) -> Played {
        let failed = kind != Kind::Inbound && self.started && self.customer != Line::Up && !self.ever_bridged;
        if !failed {
            return Err(impossible(
                "`recognise` hears why a dialled customer was not reached, but the customer was reached",
                "use it after `- decline: customer`",
            ));
        }
        self.happen(What::Recognised(recognition.clone()));
        Ok(())
    }

    pub(super) fn transcribe(&mut self, text: &Option<String>) -> Played {
        if !self.ever_bridged && !self.voicemail_left {
            return Err(impossible("there is nothing to transcribe: nobody talked", "put it after the answer"));
        }
        self.happen(What::Transcribed(text.clone()));
        Ok(())
    }

    pub(super) fn understand(&mut self, text: &Option<String>) -> Played {
        if self.customer != Line::Up && self.ending.is_none() {
            return Err(impossible(
                "there is nothing to understand: the customer is not on the line",
                "put it after the answer",
            ));
        }
        self.happen(What::Understood(text.clone()));
        Ok(())
    }

    /// The end of the script: the last lines are released and the record of the call is complete.
    pub(super) fn complete(&mut self) -> Played {
        match self.spec.subject {
            Subject::Call(_) => self.complete_call(),
            Subject::Shift => self.complete_shift(),
            Subject::Chat(_) => self.complete_chat(),
            Subject::Notification => self.complete_notifications(),
        }
    }

    fn complete_call(&mut self) -> Played {
        let Some(ending) = self.ending.clone() else {
            return match (self.started, self.illegal.is_empty()) {
                (true, true) => {
                    Err(impossible("the call never ends", "end the script with `- hangup: customer`, or of an agent"))
                }
                (false, true) => Err(impossible(
                    "nothing happens in this call",
                    "start with `- ring: AGENT`, `- ivr` or `- enqueue`",
                )),
                // A step that was refused may have been the end.
                (_, false) => Ok(()),
            };
        };
        let released = (ending.at + ending.release_after).max(ending.survey_ended.unwrap_or_default());
        for what in [What::Released, What::Ended] {
            self.happen_in(self.main, released, what);
        }
        let recorded = self.happenings.iter().any(|happening| happening.what == What::Recorded);
        if self.record_asked && !recorded {
            self.happen_in(self.main, released, What::Recorded);
        }
        Ok(())
    }
}
