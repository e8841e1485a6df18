//! The file format: text becomes a [`Scenario`], or every diagnostic that the text deserves. Only `load` opens files.

mod about;
mod agent_step;
mod block;
mod built_in;
mod chat_step;
mod deliver;
mod expect;
mod expect_shape;
mod fault_setting;
mod fault_trigger;
mod faults;
mod fields;
mod foreign_keys;
pub mod grammar;
mod load;
mod names;
mod not_yaml;
mod options;
mod overrides;
mod people;
mod places;
mod probe;
mod problems;
mod push_task;
mod pushes;
mod read;
mod script;
mod secret;
mod sign;
mod snapshot;
mod step;
mod subject;
mod thresholds;
mod tree;
pub mod value;
mod verb;

pub use built_in::{BuiltIn, HEADLINES, built_in, profiles};
pub use deliver::{WAITS_MAX, parse_header};
pub use load::{built_in_scenarios, faults, headline, load, load_with, overlay, profile, variable};
pub use options::option_help;
pub use overrides::parse_override;
pub use pushes::push_help;
pub use read::{parse, parse_profile, parse_step};
pub use secret::Environment;
pub use sign::{SECRET_PREFIX, Sign, SignClock, SignEncoding, SignFormat, SignScheme};

use crate::call::{CastSpec, Step};
use crate::contract::{Contract, FieldValue, Template};
use crate::faults::Fault;
use crate::vendors::{GivenOptions, Retriable};
use std::collections::BTreeMap;
use std::time::Duration;

/// A scenario, checked: every name in it is known and its script can happen.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The stem of its file, which is its name in every output and part of the key of its draws.
    pub name: String,
    /// Where it was read from: a path, or `built-in`.
    pub source: String,
    /// What it says of itself.
    pub title: String,
    /// Who and what takes part.
    pub cast: CastSpec,
    /// What happens.
    pub script: Vec<Step>,
    /// The vendors it is for, as ids; `None` for every vendor that can tell it.
    pub vendors: Option<Vec<&'static str>>,
    /// What it sets for each vendor, by id.
    pub options: BTreeMap<&'static str, GivenOptions>,
    /// Values that replace what a vendor would send, in file order.
    pub overrides: Vec<Override>,
    /// Where and how pushes are delivered.
    pub deliver: Deliver,
    /// What goes wrong on purpose, in file order.
    pub faults: Vec<Fault>,
    /// What it expects of the receiver.
    pub contract: Contract,
}

/// Faults that stand alone in a file, to overlay any scenario.
#[derive(Debug, Clone)]
pub struct Profile {
    /// What it says of itself; empty where it says nothing.
    pub title: String,
    /// The faults, in file order.
    pub faults: Vec<Fault>,
}

/// A value that replaces a leaf in the body of pushes.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// The pushes: `vendor:push`, with `*` and `?`.
    pub push: String,
    /// The path of the leaf: keys and list positions joined by dots.
    pub field: String,
    /// What stands there instead.
    pub value: FieldValue,
}

/// Where and how pushes are delivered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Deliver {
    /// Every address gets every push.
    pub to: Vec<Template>,
    /// Headers added to every push, in order.
    pub headers: Vec<(String, Template)>,
    /// Which pushes wait for which.
    pub order: Order,
    /// How long to wait for an answer; the vendor's own timeout where none is given.
    pub timeout: Option<Duration>,
    /// When to try again; the vendor's own policy where none is given.
    pub retry: Retry,
    /// How pushes are signed, for receivers behind a signing gateway.
    pub sign: Option<Sign>,
    /// After how many failed attempts in a row the vendor stops pushing to an address.
    pub disable_after: Option<u32>,
}

/// Which pushes wait for which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The next push of a call waits until the one before it is settled.
    #[default]
    Call,
    /// Every push is sent when it is due.
    Free,
    /// Every push waits until the one before it is settled, whatever its call.
    Total,
}

impl Order {
    /// Every order with the word by which a scenario names it.
    pub const ALL: [(Order, &'static str); 3] = [(Order::Call, "call"), (Order::Free, "free"), (Order::Total, "total")];

    /// What it means, as half a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Order::Call => "the next push of a call waits until the one before it is settled",
            Order::Free => "every push is sent when it is due",
            Order::Total => "every push waits until the one before it is settled, whatever its call",
        }
    }
}

/// When to try again.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Retry {
    /// As the vendor does.
    #[default]
    Vendor,
    /// Never.
    Never,
    /// After these waits.
    Explicit {
        /// How long to wait before each further attempt.
        waits: Vec<Duration>,
        /// By how much of itself a wait may vary: 0.2 for 20 %.
        jitter: f64,
        /// After which failures.
        on: Vec<Retriable>,
    },
}

impl Retry {
    /// What a word can say, with the word and its meaning.
    pub const WORDS: [(Retry, &'static str, &'static str); 2] =
        [(Retry::Vendor, "vendor", "as the vendor does"), (Retry::Never, "none", "every push is sent once")];
}

/// Reads an address as the command line has it.
///
/// # Errors
/// What is wrong and what to do, in one line.
pub fn parse_address(text: &str) -> Result<url::Url, String> {
    value::address(text).map_err(|wrong| wrong.to_string())
}

/// An address that pushes can go to, with places for what a call knows and for the environment.
///
/// # Errors
/// What is wrong and what to do, in one line.
pub fn parse_target(text: &str, environment: Environment<'_>) -> Result<Template, String> {
    let texts = places::Texts { environment, of: places::Of::Target };
    texts.target(text).map_err(|(_, wrong)| wrong.to_string())
}
