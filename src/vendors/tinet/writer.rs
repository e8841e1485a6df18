//! Writes pushes: every push action of a topic, its variables replaced by what is known.

use super::actions::{Action, Source};
use super::scene::Scene;
use super::topic::{Missing, Topic};
use super::transport::{self, put};
use super::variables::MAIN_ID;
use crate::body::{Leaf, Member};
use crate::call::Moment;
use crate::http::Push;

/// The parameter that type 13 always has. Inferred from an older engine.
const TAG: &str = "tag";

/// Writes the pushes of one call.
#[derive(Default)]
pub struct Writer {
    written: u64,
}

impl Writer {
    /// Writes a topic of that moment: one push of each of its actions, in their order.
    pub fn write(&mut self, topic: Topic, scene: &Scene<'_>, at: Moment, pushes: &mut Vec<Push>) {
        let known = scene.known;
        // An agent's state outside of a call is about no call.
        let main_id = (MAIN_ID.leaf)(scene);
        for action in known.account.actions.iter().filter(|action| action.topic == topic) {
            let mut draw = known.cast.keyed.nth("tinet.order", self.written);
            self.written += 1;
            let push = transport::push(action, params(action, scene), &main_id, known, &mut draw);
            pushes.push(Push { from: Some(at), ..push });
        }
    }
}

fn params(action: &Action, scene: &Scene<'_>) -> Vec<Member> {
    let options = &scene.known.options;
    let missing = options.missing.0.unwrap_or(action.topic.missing());
    let mut params = Vec::with_capacity(action.params.len());
    for (name, source) in &action.params {
        let (fact, leaf) = match source {
            Source::Text(text) => (None, text.into()),
            Source::Variable(row) => (row.field.fact, (row.leaf)(scene)),
            Source::Custom(variable) => (None, scene.custom(variable)),
        };
        match (leaf, missing) {
            (Leaf::Absent, Missing::Omitted) => {}
            (Leaf::Absent, Missing::Empty) => params.push(Member { name: name.clone(), fact, leaf: Leaf::EMPTY }),
            (leaf, _) => params.push(Member { name: name.clone(), fact, leaf }),
        }
    }
    if action.topic == Topic::HttpInteraction && !params.iter().any(|param| param.name == TAG) {
        put(&mut params, TAG.to_owned(), Leaf::from(&options.tag));
    }
    params
}
