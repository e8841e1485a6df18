//! What is known of a call besides its happenings: its account, its legs, its voice menu, and where the customer is.

use super::account::Account;
use super::legs::Legs;
use super::menu::Menu;
use super::options::Options;
use crate::call::{Cast, Kind};

/// What is known of a call.
pub struct Known<'a> {
    pub cast: &'a Cast,
    pub options: Options,
    pub account: Account,
    /// How the call came about. A shift has no call; nothing of the kind is shown then.
    pub kind: Kind,
    pub legs: Legs<'a>,
    pub menu: Menu,
    /// The conversation that the customer is in, as an index.
    pub current: usize,
}

impl Known<'_> {
    /// Whether the customer called.
    pub fn is_inbound(&self) -> bool {
        self.kind == Kind::Inbound
    }
}
