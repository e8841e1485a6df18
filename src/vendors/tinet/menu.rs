//! What the customer did in the voice menu.

use crate::call::Cast;
use serde::Serialize;
use std::time::Duration;

/// The first node of every menu.
const ROOT: &str = "1";

/// The voice menu of a call, as far as the customer went through it.
#[derive(Debug, Clone, Default)]
pub struct Menu {
    /// `ivrId`.
    pub id: String,
    /// `ivrName`.
    pub name: String,
    /// When it was entered; `None` where the customer is not in it.
    pub entered: Option<Duration>,
    visited: Vec<Visit>,
}

#[derive(Debug, Clone)]
struct Visit {
    path: String,
    started: Duration,
    ended: Option<Duration>,
    keys: String,
}

/// A node of `ivrFlow`, which is the text of a list of these.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Node<'m> {
    name: &'m str,
    path: &'m str,
    path_name: &'m str,
    action: &'static str,
    press_key: &'m str,
    press_time: String,
    start_time: String,
    end_time: String,
}

impl Menu {
    /// The customer enters the menu.
    pub fn enter(&mut self, id: String, name: &str, now: Duration) {
        *self = Menu { id, name: name.to_owned(), entered: Some(now), visited: Vec::new() };
        self.visit(ROOT.to_owned(), now);
    }

    /// The customer presses keys: the next node begins. Gives the path of the node in which they were pressed.
    pub fn press(&mut self, keys: &str, now: Duration) -> String {
        let path = self.visited.last().map_or_else(|| ROOT.to_owned(), |visit| visit.path.clone());
        if let Some(visit) = self.visited.last_mut() {
            visit.ended = Some(now);
            visit.keys = keys.to_owned();
        }
        self.visit(format!("{path}.{}", self.visited.len()), now);
        path
    }

    /// The customer leaves the menu. Gives when it was entered.
    pub fn leave(&mut self, now: Duration) -> Option<Duration> {
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
    pub fn flow(&self, cast: &Cast) -> String {
        let second = |time: Duration| cast.epoch_second(time).to_string();
        let node = |visit: &Visit| {
            let ended = visit.ended.map(second).unwrap_or_default();
            let pressed = !visit.keys.is_empty();
            serde_json::to_string(&Node {
                name: &self.name,
                path: &visit.path,
                path_name: &self.name,
                action: if pressed { "press" } else { "play" },
                press_key: &visit.keys,
                press_time: if pressed { ended.clone() } else { String::new() },
                start_time: second(visit.started),
                end_time: ended,
            })
            .unwrap_or_default()
        };
        format!("[{}]", self.visited.iter().map(node).collect::<Vec<_>>().join(","))
    }

    fn visit(&mut self, path: String, now: Duration) {
        self.visited.push(Visit { path, started: now, ended: None, keys: String::new() });
    }
}
