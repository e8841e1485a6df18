//! What the teller knows of a call besides its happenings: its legs, its voice menu, and where the customer is.

use super::event::Scene;
use super::legs::Legs;
use super::menu::Menu;
use super::options::Options;
use super::record::Record;
use crate::call::{CallState, Cast, Kind};

/// What is known of a call.
pub struct Known<'a> {
    pub cast: &'a Cast,
    pub options: Options,
    /// How the call came about. A shift has no call; nothing of the kind is shown then.
    pub kind: Kind,
    pub legs: Legs<'a>,
    pub menu: Menu,
    /// The conversation that the customer is in, as an index.
    pub current: usize,
}

impl Known<'_> {
    /// What event variables are made of.
    pub fn scene(&self, state: &CallState) -> Scene<'_> {
        let Self { cast, options, kind, legs, menu, .. } = self;
        Scene { cast, options, legs, menu, kind: *kind, task: state.task }
    }

    /// What channel variables are made of.
    pub fn record<'r>(&'r self, state: &'r CallState) -> Record<'r> {
        Record::new(self.cast, &self.options, &self.legs, &self.menu, self.kind, state, self.current)
    }
}
