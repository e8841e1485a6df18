//! A story compiled for load: its requests as bytes with slots in them, so that a call costs no plan. Nothing is sent here.
//!
//! [`Plan::build`] takes some fifty microseconds for a call. Under load that is too much, so a story is compiled once:
//!
//! - Its first calls are planned in full. They are the **archetypes**, [`ARCHETYPES_MAX`] of them, or fewer where their
//!   requests would take more memory than there is room for ([`Room`]).
//! - What moves with the start is found by comparing each archetype at two starts: dates, epoch seconds and milliseconds, and ids
//!   with the time in them. Every difference must be explained, and what was found is proven at a third start, byte for byte.
//! - What is a call's own is found by its shape, where other archetypes do not have it: UUIDs, hexadecimal ids of 16 digits
//!   and more, numbers of 6 to 19 digits, numbers that count on within a second; and the customer's number by its value.
//! - A request is then one copy and some places written over. It has the whole head, as `delivery` would send it.
//!
//! # How alike the calls are
//!
//! With `K` archetypes, calls 1 to `K` are exactly those that `run` plans for these numbers. Call `n` beyond them is told
//! after archetype `(n - 1) % K + 1`. Fresh in it are
//!
//! - every moment;
//! - every id of the call. Numbers come from a one-to-one shuffle that leaves out what the archetypes have; they keep their
//!   length, from ten digits on their first digit, too, and those that lie close together in one call keep their distances.
//!   Other ids are mixed from the number of the call. None comes twice within a story before
//!   [`Compiled::calls_until_repeat`]; a number that only counts on within a second comes again in another second, and
//!   [`Compiled::calls_in_a_second`] may start before it comes again within one. Ids of different stories are as random as
//!   those of different scenarios in `run`;
//! - the customer's number, which stays in the city of the archetype's customer, because pushes tell that city.
//!
//! The same in every `K`th call are names, waits, keys pressed, words said, the phones of outside parties, the call's short
//! numbers, such as those of tickets, and an id of a shape that is not on the list above. What the scenario or an option gives
//! is the same in every call, as it is in `run`.
//!
//! A call tells when it started to the millisecond, or to the second where something in it happens at a fraction of one
//! ([`Grain`]): a length of time that is told is then the same at any start.
//!
//! # Where a story is not compiled
//!
//! Faults are drawn for every call, signatures cover bodies and times, and some difference may be explained by nothing: then
//! every call is planned in full ([`Planned`]), which is right and slow, and [`Story::told`] says so.

mod compile;
mod compiled;
mod draft;
mod facts;
mod families;
mod fresh;
mod own;
mod phones;
mod planned;
mod slots;
mod source;
mod times;
mod tokens;
mod words;

pub use compiled::Compiled;
pub use planned::Planned;
pub use source::Grain;

use super::calls::{Calls, Policy, Step, Way};
use crate::http::{Compression, Reply};
use crate::plan::{Circumstances, NoPlan, Plan};
use crate::scenario::Scenario;
use crate::vendors::{Acknowledgement, Vendor};
use facts::Facts;
use jiff::Timestamp;
use source::Source;
use std::fmt::Write as _;
use std::time::Duration;
use url::Url;

/// The most archetypes that a story has.
pub const ARCHETYPES_MAX: usize = 256;
/// The fewest; a story for which there is no room for so many is not compiled.
pub const ARCHETYPES_MIN: usize = 8;
/// How much memory the compiled stories of one load may take together.
pub const TEMPLATES_MAX_BYTES: usize = 64 * 1024 * 1024;

/// How much a compiled story may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The bytes of its requests.
    pub bytes_max: usize,
    /// How many archetypes, between [`ARCHETYPES_MIN`] and [`ARCHETYPES_MAX`].
    pub archetypes_max: usize,
}

impl Room {
    /// The room of each of so many stories. It depends on nothing else, so that all shards of a load have the same.
    pub fn shared_by(stories: usize) -> Self {
        Self { bytes_max: TEMPLATES_MAX_BYTES / stories.max(1), archetypes_max: ARCHETYPES_MAX }
    }
}

/// The calls of one scenario, told by one vendor.
pub enum Story {
    /// Written by copying and filling in.
    Compiled(Box<Compiled>),
    /// Planned in full, each of them.
    Planned(Box<Planned>),
}

impl Story {
    /// Compiles the calls of a story, or settles that each of them is planned in full. The circumstances' call number
    /// does not matter.
    ///
    /// # Errors
    /// Why there is nothing to send; see [`NoPlan`].
    pub fn new(
        scenario: &Scenario,
        vendor: &'static dyn Vendor,
        circumstances: &Circumstances,
        room: Room,
    ) -> Result<Self, NoPlan> {
        let source = Source { scenario: scenario.clone(), vendor, circumstances: circumstances.clone() };
        let first = source.plan(1, circumstances.start)?;
        Ok(match compile::compile(&source, &first, room) {
            Ok(compiled) => Story::Compiled(Box::new(compiled)),
            Err(reason) => Story::Planned(Box::new(Planned::new(source, Facts::new(&first), reason))),
        })
    }

    /// How its calls are made, as a sentence for people.
    pub fn told(&self) -> String {
        let mut told = format!("{}: ", self.name());
        let _ = match self {
            Story::Compiled(compiled) => write!(
                told,
                "compiled from {} calls, {:.1} MB; beyond them ids, customers' numbers and times are fresh",
                compiled.archetypes(),
                compiled.bytes() as f64 / 1e6
            ),
            Story::Planned(planned) => write!(told, "every call is planned in full, because {}", planned.reason),
        };
        told
    }

    fn facts(&self) -> &Facts {
        match self {
            Story::Compiled(compiled) => &compiled.facts,
            Story::Planned(planned) => &planned.facts,
        }
    }
}

/// What is answered of a push that does not exist.
const NO_STEP: Step = Step { due: Duration::ZERO, kind: 0, policy: 0, way: Way::Careful };

impl Calls for Story {
    fn name(&self) -> &str {
        &self.facts().name
    }

    fn kinds(&self) -> &[String] {
        &self.facts().kinds
    }

    fn policies(&self) -> &[Policy] {
        &self.facts().policies
    }

    fn targets(&self) -> &[Url] {
        &self.facts().targets
    }

    fn steps(&self, call: u64) -> usize {
        match self {
            Story::Compiled(compiled) => compiled.archetype(call).map_or(0, |(archetype, _)| archetype.steps.len()),
            Story::Planned(planned) => planned.steps(call),
        }
    }

    fn step(&self, call: u64, step: usize) -> Step {
        let step = match self {
            Story::Compiled(compiled) => compiled.step(call, step),
            Story::Planned(planned) => planned.step(call, step),
        };
        step.unwrap_or(NO_STEP)
    }

    fn render(&self, call: u64, step: usize, target: usize, start: Timestamp, into: &mut Vec<u8>) {
        match self {
            Story::Compiled(compiled) => compiled.render(call, step, target, start, into),
            Story::Planned(planned) => planned.render(call, step, target, start, into),
        }
    }

    fn acknowledged(&self, kind: usize, reply: &Reply) -> Acknowledgement {
        self.facts().acknowledged(kind, reply)
    }

    fn compression(&self, kind: usize) -> Compression {
        self.facts().compression(kind)
    }

    fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        match self {
            Story::Compiled(compiled) => compiled.plan(call, start),
            Story::Planned(planned) => planned.plan(call, start).map(|plan| Plan::clone(&plan)),
        }
    }
}
