//! What a push says: a tree of typed leaves in document order, until the moment at which it is written.
//!
//! A vendor says what each leaf is (this call's id, the moment of its end, the customer's phone) and never formats it. So
//! whoever bends, names, fills in or describes a push looks things up here instead of guessing them from its bytes.

mod draw;
mod edit;
mod encode;
mod leaf;
mod order;
mod time;

pub use draw::{Apart, Draw, Drawn, First, Made, Numbers, Recipe, Scope, Shape, Stamp, Steps};
pub use encode::{Blank, Encoding, Escape, Sink, escaped};
pub use leaf::{Leaf, Length, Member, Unit};
pub use order::in_hash_order;
pub use time::{Clock, Form, Pattern, Time, Zone, count_digits, fill_digits, write_digits, write_integer};

use bytes::Bytes;
use std::borrow::Cow;

/// What a push carries, in its body or in its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Fields, and how they are written.
    Fields {
        /// An object, or a list.
        fields: Leaf,
        /// How they are written.
        encoding: Encoding,
    },
    /// Bytes as they are: a page's sample, or what is no longer what it was meant to be.
    Written {
        /// The body.
        body: Bytes,
        /// The query, encoded, without the question mark.
        query: String,
    },
}

impl Default for Body {
    fn default() -> Self {
        Self::Written { body: Bytes::new(), query: String::new() }
    }
}

impl<B: Into<Bytes>> From<B> for Body {
    fn from(body: B) -> Self {
        Self::Written { body: body.into(), query: String::new() }
    }
}

impl Body {
    /// Fields that are written as JSON.
    pub fn json(fields: Leaf) -> Self {
        Self::Fields { fields, encoding: Encoding::Json }
    }

    /// The bytes of the body; none where everything is in the query.
    pub fn bytes(&self) -> Bytes {
        match self {
            Body::Fields { encoding: Encoding::Query(_), .. } => Bytes::new(),
            Body::Fields { fields, encoding } => encoding.written(fields).into(),
            Body::Written { body, .. } => body.clone(),
        }
    }

    /// The query, encoded, without the question mark; empty where everything is in the body.
    pub fn query(&self) -> Cow<'_, str> {
        match self {
            Body::Fields { fields, encoding: encoding @ Encoding::Query(_) } => {
                // Percent-encoded, so ASCII.
                String::from_utf8(encoding.written(fields)).unwrap_or_default().into()
            }
            Body::Fields { .. } => Cow::Borrowed(""),
            Body::Written { query, .. } => Cow::Borrowed(query),
        }
    }

    /// How many bytes it takes, wherever they stand.
    pub fn len(&self) -> usize {
        match self {
            Body::Fields { fields, encoding } => encoding.written(fields).len(),
            Body::Written { body, query } => body.len() + query.len(),
        }
    }

    /// Whether it carries nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The fields, where it has any that are typed.
    pub fn fields(&self) -> Option<&Leaf> {
        match self {
            Body::Fields { fields, .. } => Some(fields),
            Body::Written { .. } => None,
        }
    }

    /// The first value that reads as this text.
    pub fn leaf_of(&self, text: &str) -> Option<&Leaf> {
        self.fields()?.leaves().into_iter().map(|(_, leaf)| leaf).find(|leaf| leaf.text() == text)
    }

    /// The same, to change them.
    pub fn fields_mut(&mut self) -> Option<&mut Leaf> {
        match self {
            Body::Fields { fields, .. } => Some(fields),
            Body::Written { .. } => None,
        }
    }
}
