//! The tables of a vendor: a field is declared once, with what stands in it and what is to be known of it.

use super::facts::{FieldFact, FieldKind, Origin};
use crate::body::{Leaf, Member};
use crate::call::Fact;

/// A field of a push: what is known of it, and the leaf that it is in a push. `F` is a `fn` from whatever the vendor knows
/// at the moment of the push.
#[derive(Debug, Clone, Copy)]
pub struct Row<F> {
    /// What is known of it.
    pub field: FieldFact,
    /// What stands in it.
    pub leaf: F,
}

/// A field that the vendor's page about its pushes shows, and that every push of its kind has.
pub const fn row<F: Copy>(
    name: &'static str,
    kind: FieldKind,
    leaf: F,
    meaning: &'static str,
    chinese: &'static str,
) -> Row<F> {
    let field =
        FieldFact { name, fact: None, kind, is_nullable: false, only: None, meaning, chinese, origin: Origin::Seed };
    Row { field, leaf }
}

impl<F: Copy> Row<F> {
    /// The fact of the call that it carries.
    pub const fn fact(self, fact: Fact) -> Self {
        Self { field: FieldFact { fact: Some(fact), ..self.field }, ..self }
    }

    /// It can be null.
    pub const fn nullable(self) -> Self {
        Self { field: FieldFact { is_nullable: true, ..self.field }, ..self }
    }

    /// It is there only then: "with the option `user_group`".
    pub const fn only(self, when: &'static str) -> Self {
        Self { field: FieldFact { only: Some(when), ..self.field }, ..self }
    }

    /// In this table it means something narrower.
    pub const fn meaning(self, meaning: &'static str, chinese: &'static str) -> Self {
        Self { field: FieldFact { meaning, chinese, ..self.field }, ..self }
    }

    /// Where the knowledge of it comes from.
    pub const fn origin(self, origin: Origin) -> Self {
        Self { field: FieldFact { origin, ..self.field }, ..self }
    }
}

/// The leaf that a field is, of what is known at a moment.
pub type LeafOf<C> = fn(&C) -> Leaf;

/// The object that these rows make of what is known at a moment. The name of a field within another one ends in its key.
pub fn object<C: ?Sized>(rows: &[Row<LeafOf<C>>], known: &C) -> Leaf {
    let member = |row: &Row<LeafOf<C>>| {
        let key = row.field.name.rsplit_once('.').map_or(row.field.name, |(_, key)| key);
        Member { name: key.into(), fact: row.field.fact, leaf: (row.leaf)(known) }
    };
    Leaf::Object(rows.iter().map(member).collect())
}
