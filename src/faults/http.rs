//! The HTTP layer: a well-formed exchange with wrong content. The closed list stands here; what bends fields stands in
//! `http_fields`, what bends bytes in `http_bytes`, what bends the request's head in `http_head`.

use super::attempt::Fate;
use super::http_bytes::Written;
use super::http_fields::flipped;
use crate::body::Leaf;
use crate::random::Stream;
use std::mem::replace;

pub use super::http_bytes::{BadJson, BadUtf8, Bom, DocLiteral, DoubleEncoded, EmptyBody, TruncateBody, WrongCharset};
pub use super::http_fields::{
    ExtraField, MissingField, NullField, OVERSIZE_MAX_BYTES, Oversize, TypeFlip, UnknownEnum,
};
pub use super::http_head::{HeaderCase, MissingHeader, WrongAuth, WrongContentType, WrongMethod, WrongPath};

/// A fault of the HTTP layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Http {
    /// `truncate-body`
    TruncateBody(TruncateBody),
    /// `type-flip`
    TypeFlip(TypeFlip),
    /// `missing-field`
    MissingField(MissingField),
    /// `extra-field`
    ExtraField(ExtraField),
    /// `unknown-enum`
    UnknownEnum(UnknownEnum),
    /// `null-field`
    NullField(NullField),
    /// `oversize`
    Oversize(Oversize),
    /// `empty-body`
    EmptyBody(EmptyBody),
    /// `wrong-content-type`
    WrongContentType(WrongContentType),
    /// `wrong-charset`
    WrongCharset(WrongCharset),
    /// `bom`
    Bom(Bom),
    /// `bad-utf8`
    BadUtf8(BadUtf8),
    /// `bad-json`
    BadJson(BadJson),
    /// `double-encoded`
    DoubleEncoded(DoubleEncoded),
    /// `wrong-auth`
    WrongAuth(WrongAuth),
    /// `missing-header`
    MissingHeader(MissingHeader),
    /// `wrong-method`
    WrongMethod(WrongMethod),
    /// `wrong-path`
    WrongPath(WrongPath),
    /// `header-case`
    HeaderCase(HeaderCase),
    /// `doc-literal`
    DocLiteral(DocLiteral),
}

impl Http {
    /// Whether it bends fields, and not how they are written. Of a push that has any it says exactly whether they differ.
    pub(super) fn bends_fields(&self) -> bool {
        use Http::{ExtraField, MissingField, NullField, Oversize, TypeFlip, UnknownEnum};
        matches!(self, TypeFlip(_) | MissingField(_) | ExtraField(_) | UnknownEnum(_) | NullField(_) | Oversize(_))
    }

    /// Whether it bends headers once they are complete, and nothing else.
    pub(super) fn dresses(&self) -> bool {
        matches!(self, Http::WrongAuth(_) | Http::MissingHeader(_) | Http::HeaderCase(_))
    }

    /// The paths of which one is drawn, where that does not depend on what stands in the fields; none where it does.
    pub fn paths(&self, fields: &Leaf) -> Option<Vec<String>> {
        let given = |field: &String| vec![field.clone()];
        let any = |fits: fn(&Leaf) -> bool| {
            let fitting = fields.leaves().into_iter().filter(|(path, leaf)| !path.is_empty() && fits(leaf));
            fitting.map(|(path, _)| path).collect()
        };
        match self {
            Http::TypeFlip(TypeFlip { field }) => {
                Some(field.as_ref().map_or_else(|| any(|leaf| *leaf != Leaf::Null), given))
            }
            Http::MissingField(MissingField { field }) => Some(field.as_ref().map_or_else(|| any(|_| true), given)),
            Http::UnknownEnum(UnknownEnum { field, .. }) | Http::NullField(NullField { field }) => {
                field.as_ref().map(given)
            }
            _ => None,
        }
    }

    /// Bends the value at a path of fields that are written as JSON; false where there is nothing to bend.
    pub fn bend_at(&self, fields: &mut Leaf, path: &str) -> bool {
        let other: &dyn Fn(&Leaf) -> Leaf = match self {
            Http::TypeFlip(_) => &|value| flipped(value, false),
            Http::UnknownEnum(fault) => &|_| Leaf::from(&fault.word),
            Http::NullField(_) => &|_| Leaf::Null,
            Http::MissingField(_) => return fields.remove(path),
            _ => return false,
        };
        let Some(place) = fields.at_mut(path) else { return false };
        let before = replace(place, other(place));
        *place != before
    }

    /// Bends one attempt, and says what is different; `None` where there is nothing to bend.
    pub fn bend(&self, fate: &mut Fate, draw: &mut Stream, literal: Option<&'static str>) -> Option<String> {
        let push = &mut fate.push;
        match self {
            Http::TruncateBody(fault) => Written::bend(push, |push| fault.bend(push, draw)),
            Http::TypeFlip(fault) => fault.bend(push, draw),
            Http::MissingField(fault) => fault.bend(push, draw),
            Http::ExtraField(fault) => fault.bend(push),
            Http::UnknownEnum(fault) => fault.bend(push, draw),
            Http::NullField(fault) => fault.bend(push, draw),
            Http::Oversize(fault) => fault.bend(push),
            Http::EmptyBody(fault) => Written::bend(push, |push| fault.bend(push)),
            Http::WrongContentType(fault) => fault.bend(push),
            Http::WrongCharset(fault) => Written::bend(push, |push| fault.bend(push)),
            Http::Bom(fault) => Written::bend(push, |push| fault.bend(push)),
            Http::BadUtf8(fault) => Written::bend(push, |push| fault.bend(push, draw)),
            Http::BadJson(fault) => Written::bend(push, |push| fault.bend(push)),
            Http::DoubleEncoded(fault) => Written::bend(push, |push| fault.bend(push)),
            Http::WrongAuth(fault) => fault.bend(fate, draw),
            Http::MissingHeader(fault) => fault.bend(fate),
            Http::WrongMethod(fault) => fault.bend(push),
            Http::WrongPath(fault) => fault.bend(push),
            Http::HeaderCase(fault) => fault.bend(fate),
            Http::DocLiteral(fault) => Written::bend(push, |push| fault.bend(push, literal)),
        }
    }
}
