//! What the customer did in the voice menu.

use crate::body::{Form, Leaf};
use crate::call::{Cast, Moment};

/// The first node of every menu.
const ROOT: &str = "1";

/// The voice menu of a call, as far as the customer went through it.
#[derive(Debug, Clone, Default)]
pub struct Menu {
    /// `ivrId`.
    pub id: Leaf,
    /// `ivrName`.
    pub name: String,
    /// When it was entered; `None` where the customer is not in it.
    pub entered: Option<Moment>,
    visited: Vec<Visit>,
}

#[derive(Debug, Clone)]
struct Visit {
    path: String,
    started: Moment,
    ended: Option<Moment>,
    keys: String,
}

impl Menu {
    /// The customer enters the menu.
    pub fn enter(&mut self, id: Leaf, name: &str, now: Moment) {
        *self = Menu { id, name: name.to_owned(), entered: Some(now), visited: Vec::new() };
        self.visit(ROOT.to_owned(), now);
    }

    /// The customer presses keys: the next node begins. Gives the path of the node in which they were pressed.
    pub fn press(&mut self, keys: &str, now: Moment) -> String {
        let path = self.visited.last().map_or_else(|| ROOT.to_owned(), |visit| visit.path.clone());
        if let Some(visit) = self.visited.last_mut() {
            visit.ended = Some(now);
            visit.keys = keys.to_owned();
        }
        self.visit(format!("{path}.{}", self.visited.len()), now);
        path
    }

    /// The customer leaves the menu. Gives when it was entered.
    pub fn leave(&mut self, now: Moment) -> Option<Moment> {
        if let Some(visit) = self.visited.last_mut() {
            visit.ended = Some(now);
        }
        self.entered.take()
    }

    /// All keys pressed so far.
    pub fn keys(&self) -> String {
        self.visited.iter().map(|visit| visit.keys.as_str()).collect()
    }

    /// `ivrFlow`: the nodes visited, as the text of a JSON list.
    pub fn flow(&self, cast: &Cast) -> Leaf {
        let node = |visit: &Visit| {
            let ended = Leaf::time_or_empty(cast, visit.ended, Form::Seconds);
            let pressed = !visit.keys.is_empty();
            Leaf::object([
                ("name", Leaf::from(&self.name)),
                ("path", Leaf::from(&visit.path)),
                ("pathName", Leaf::from(&self.name)),
                ("action", if pressed { "press" } else { "play" }.into()),
                ("pressKey", Leaf::from(&visit.keys)),
                ("pressTime", if pressed { ended.clone() } else { Leaf::EMPTY }),
                ("startTime", Leaf::time(cast, visit.started, Form::Seconds)),
                ("endTime", ended),
            ])
        };
        Leaf::Nested(Box::new(Leaf::List(self.visited.iter().map(node).collect())))
    }

    fn visit(&mut self, path: String, now: Moment) {
        self.visited.push(Visit { path, started: now, ended: None, keys: String::new() });
    }
}
