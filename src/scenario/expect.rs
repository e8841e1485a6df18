//! Stand-in until the checks are here.

use super::problems::{Problem, Problems};
use super::tree::{Entry, Kind, Node};
use super::value::json;
use crate::contract::{At, PathPattern, Shape, Status, Statuses};
use crate::diagnostic::Code;

pub(super) fn statuses(node: &Node, problems: &mut Problems) -> Option<Statuses> {
    let Kind::Scalar { text, .. } = &node.kind else { return None };
    match Status::parse(text) {
        Some(status) => Some(Statuses(vec![status])),
        None => {
            problems.add(Problem::new(Code::BadValue, &node.span, "no status").help("write 200"));
            None
        }
    }
}

pub(super) fn shape(node: &Node, problems: &mut Problems) -> Option<Shape> {
    Some(match &node.kind {
        Kind::Map(entries) => Shape::Keys(
            entries
                .iter()
                .filter_map(|Entry { key, value, .. }| {
                    let at = match key.starts_with('$') {
                        true => At::Path(Box::new(PathPattern::parse(key).ok()?)),
                        false => At::Key(key.clone()),
                    };
                    Some((at, shape(value, problems)?))
                })
                .collect(),
        ),
        _ => Shape::Is(json(node, problems)),
    })
}
