//! The call records that a story has so far: which conversation has which, and which transfer still waits for its answer.

use super::tenant::Call;
use crate::call::{Advanced, CallState, Party};

/// The call records of one story.
#[derive(Default)]
pub struct Records(Vec<Record>);

/// A call record of the platform.
pub struct Record {
    /// Its ids.
    pub call: Call,
    /// Its conversation; a transfer has none until the other party answers.
    pub conversation: Option<usize>,
    /// Who is to be spoken to: in the first record the one whose phone rang last.
    pub with: Option<Party>,
    /// The record that the customer was handed on from.
    pub from: Option<usize>,
    /// Whether the transfer to it failed.
    pub failed: bool,
}

/// Whether the operation gives the customer to another agent, with a call record of its own.
pub fn hands_on(kind: Advanced) -> bool {
    match kind {
        Advanced::Transfer | Advanced::Intercept => true,
        Advanced::Consult | Advanced::Conference | Advanced::Listen | Advanced::Whisper | Advanced::Barge => false,
    }
}

impl Records {
    /// Opens a record; gives its number.
    pub fn open(&mut self, record: Record) -> usize {
        self.0.push(record);
        self.0.len() - 1
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The record with this number.
    pub fn get(&self, number: usize) -> Option<&Record> {
        self.0.get(number)
    }

    /// The record with this number, to change it.
    pub fn get_mut(&mut self, number: usize) -> Option<&mut Record> {
        self.0.get_mut(number)
    }

    /// The record of this very conversation.
    pub fn own(&self, conversation: usize) -> Option<usize> {
        self.0.iter().position(|record| record.conversation == Some(conversation))
    }

    /// The record that a conversation belongs to: its own, or that of the conversation it grew from.
    pub fn of(&self, mut conversation: usize, state: &CallState) -> Option<usize> {
        // A conversation grows from an earlier one, so there are no more steps than conversations.
        for _ in 0..=state.conversations.len() {
            if let Some(own) = self.own(conversation) {
                return Some(own);
            }
            conversation = state.conversations.get(conversation)?.from?;
        }
        None
    }

    /// The transfer to this party that waits for an answer.
    pub fn waiting_for(&self, with: Party) -> Option<usize> {
        self.0.iter().rposition(|record| record.waits() && record.with == Some(with))
    }

    /// The transfers out of a record that wait for an answer.
    pub fn waiting_from(&self, from: usize) -> Vec<usize> {
        (0..self.0.len()).filter(|number| self.0[*number].waits() && self.0[*number].from == Some(from)).collect()
    }
}

impl Record {
    fn waits(&self) -> bool {
        self.conversation.is_none() && !self.failed
    }
}
