//! What a customer of the vendor is known by and has configured, and the ids of a call: given, or drawn from its key.

use super::actions::{self, Action};
use super::options::{Options, bad};
use super::states::{Act, NAMES};
use crate::body::{Draw, First, Leaf, Shape};
use crate::call::Cast;
use crate::vendors::BadOption;
use serde_json::Value;

/// The most entries of a map of texts.
const TEXTS_MAX: usize = 200;

/// A customer's account, with the ids of one call.
pub struct Account {
    pub actions: Vec<Action>,
    pub variables: Vec<(String, String)>,
    /// Other names for `stateAction`, by the default ones.
    pub state_actions: Vec<(String, String)>,
    pub enterprise: Leaf,
    /// The media node in unique ids.
    pub node: Leaf,
    /// The sequence of the first unique id.
    pub sequence: First,
    pub request_id: Leaf,
    pub sip_call_id: Leaf,
    pub hotline: Leaf,
    pub trunk: Leaf,
}

impl Account {
    /// What the options give, and draws for the rest.
    ///
    /// # Errors
    /// The first option that is impossible.
    pub fn new(cast: &Cast, options: &Options) -> Result<Self, BadOption> {
        let given = |text: &Option<String>, otherwise: &dyn Fn() -> Leaf| match text {
            Some(text) => Leaf::from(text),
            None => otherwise(),
        };
        let drawn = |purpose, shape| Leaf::drawn(cast, Draw::new(purpose, shape));
        let enterprise = || format!("71{}", cast.keyed.centre().stream("tinet.enterprise").digits(5));
        Ok(Self {
            actions: actions::configured(options)?,
            variables: texts("variables", options.variables.as_ref(), "{ userId: \"1\" }")?,
            state_actions: state_actions(options)?,
            enterprise: given(&options.enterprise, &|| Leaf::of_centre(enterprise())),
            node: given(&options.node, &|| Leaf::joined(["sip-".into(), drawn("tinet.node", Shape::Within(1, 60))])),
            sequence: options.sequence.map_or(First::Drawn("tinet.sequence", 100, 299_999), First::Given),
            request_id: given(&options.request_id, &|| drawn("tinet.request", Shape::Hex(32))),
            sip_call_id: given(&options.sip_call_id, &|| drawn("tinet.sip", Shape::Uuid)),
            hotline: given(&options.hotline, &|| Leaf::from(&cast.line)),
            trunk: given(&options.trunk, &|| Leaf::from(&cast.line)),
        })
    }

    /// A variable that the request which started the call has set.
    pub fn variable(&self, name: &str) -> Option<&String> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// `stateAction` as it is sent; absent where there is none: the vendor's query has none for agents who are offline.
    pub fn state_action(&self, act: Act) -> Leaf {
        match self.state_actions.iter().find(|(known, _)| known == act.name()) {
            Some((_, name)) => name.into(),
            None if act == Act::Offline => Leaf::Absent,
            None => act.name().into(),
        }
    }
}

/// A map of names to texts.
fn texts(option: &'static str, given: Option<&Value>, example: &str) -> Result<Vec<(String, String)>, BadOption> {
    let given = match given {
        None => return Ok(Vec::new()),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(bad(option, format!("it is a map of names to texts, such as `{example}`"))),
    };
    if given.len() > TEXTS_MAX {
        return Err(bad(option, format!("{} entries; at most {TEXTS_MAX}", given.len())));
    }
    let text = |(key, value): (&String, &Value)| match actions::scalar(value) {
        Some(text) => Ok((key.clone(), text)),
        None => Err(bad(option, format!("`{key}` is a list or a map; it is a text"))),
    };
    given.iter().map(text).collect()
}

fn state_actions(options: &Options) -> Result<Vec<(String, String)>, BadOption> {
    let renamed = texts("state_actions", options.state_actions.as_ref(), "{ ACW: wrapup }")?;
    match renamed.iter().find(|(known, _)| !NAMES.contains(&&**known)) {
        Some((unknown, _)) => {
            Err(bad("state_actions", format!("there is no action `{unknown}`; there are {}", NAMES.join(", "))))
        }
        None => Ok(renamed),
    }
}
