//! Renders a bidirectional call (双呼): the agent's phone first, then the customer's. One callback at the connection, one at
//! the release.
//!
//! A consultation or a supervisor has no callback; a call that is handed on is released once, when the customer leaves it.

use super::call::{CONNECT, Call, RELEASE};
use super::facts;
use super::options::Options;
use crate::body::{Body, Leaf};
use crate::call::{Advanced, CallState, Cast, Category, Conversation, Happening, What};
use crate::http::{Method, Push};
use crate::vendors::{Teller, table};

/// Renders one call.
pub struct CallStory<'a> {
    cast: &'a Cast,
    options: Options,
}

impl<'a> CallStory<'a> {
    /// Nothing has happened yet.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        Self { cast, options }
    }

    fn push(&self, name: &'static str, fields: Leaf) -> Push {
        Push {
            headers: vec![("Content-Type", self.options.content_type.clone())].into(),
            body: Body::json(fields),
            ..Push::new(name, Method::Post)
        }
    }
}

impl Teller for CallStory<'_> {
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>) {
        let (Some(first), Some(last)) = (state.conversations.first(), state.conversation(happening)) else {
            return;
        };
        let call = Call { cast: self.cast, options: &self.options, first, last };
        match happening.what {
            What::CustomerAnswered if last.bridged.is_some() => {
                pushes.push(self.push(facts::CALL_CONNECT, table::object(CONNECT, &call)));
            }
            What::Ended if has_customer(last) && !last.handed_on => {
                pushes.push(self.push(facts::CALL_RELEASE, table::object(RELEASE, &call)));
            }
            _ => {}
        }
    }
}

/// Whether the conversation is one that the customer is handed through.
fn has_customer(conversation: &Conversation) -> bool {
    match conversation.category {
        Category::Normal | Category::Advanced(Advanced::Transfer | Advanced::Intercept) => true,
        Category::Advanced(
            Advanced::Consult | Advanced::Conference | Advanced::Listen | Advanced::Whisper | Advanced::Barge,
        ) => false,
    }
}
