//! A story compiled for load: its requests as texts with places in them, so that a call costs no plan. Nothing is sent here.
//!
//! [`Plan::build`] takes some fifty microseconds for a call. Under load that is too much, so a story is compiled once: its
//! first call is planned, and every leaf of its pushes that is not the same in all calls becomes a place, which says how it
//! comes about: a moment, a draw, a part of the cast. A request is then one copy and some places filled in, with the whole
//! head, as `delivery` would send it, and signed where it is signed.
//!
//! Call `n` is, byte for byte, what `run` plans for call `n`: names, waits, ids, numbers and words are its own. Numbers that
//! tell calls apart come from a shuffle, so that none comes twice within a story before
//! [`Compiled::calls_until_repeat`]; other ids are drawn from so many that none does.
//!
//! # Faults
//!
//! Faults that bend single attempts are drawn as in a plan. An attempt that none strikes is written as any other. For one
//! that is struck the push is a tree of leaves, those of this call; what bends a plan's attempts bends it, and `delivery`
//! writes it. Where more than the request is bent (the connection, what becomes of the answer), or it is made very large,
//! the attempt goes the careful way, by the full plan of its call.
//!
//! # Where a story is not compiled
//!
//! Faults that move, repeat and leave out pushes decide for every call what leaves when, and of some stories more than the
//! sums of their waits does: then every call is planned in full ([`Planned`]), which is right and slow, and [`Story::told`]
//! says so. So it is where faults bend pushes to addresses with places for what a call knows. Of a compiled story
//! that holds for single calls: one whose drawn waits put two pushes into another order, and one whose customer is drawn
//! with the name or the number of an agent.

mod bent;
mod compile;
mod compiled;
mod course;
mod facts;
mod places;
mod planned;
mod prove;
mod slot;
mod source;

pub use compiled::Compiled;
pub use planned::Planned;

use super::calls::{About, Calls, Policy, Step, Strikes, Way};
use crate::contract::{Contract, Known};
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

/// How much memory the compiled stories of one load may take together.
pub const TEMPLATES_MAX_BYTES: usize = 64 * 1024 * 1024;

/// How much a compiled story may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The bytes of its requests.
    pub bytes_max: usize,
}

impl Room {
    /// The room of each of so many stories. It depends on nothing else, so that all shards of a load have the same.
    pub fn shared_by(stories: usize) -> Self {
        Self { bytes_max: TEMPLATES_MAX_BYTES / stories.max(1) }
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
                "compiled, {:.1} kB; every call has its own ids, names, numbers, words and waits{}",
                compiled.bytes() as f64 / 1e3,
                compiled.told_of_faults()
            ),
            Story::Planned(planned) => write!(told, "every call is planned in full, because {}", planned.reason),
        };
        told
    }

    /// How long its longest call goes on, from its start to its last push, in scenario time.
    pub fn longest(&self) -> Duration {
        /// Of how many calls that are planned in full it is taken.
        const PLANNED_LOOKED_AT: u64 = 64;
        let last = |call: u64| self.steps(call).checked_sub(1).map_or(Duration::ZERO, |last| self.step(call, last).due);
        match self {
            Story::Compiled(compiled) => compiled.longest(),
            Story::Planned(_) => (1..=PLANNED_LOOKED_AT).map(last).max().unwrap_or_default(),
        }
    }

    fn facts(&self) -> &Facts {
        match self {
            Story::Compiled(compiled) => &compiled.facts,
            Story::Planned(planned) => &planned.facts,
        }
    }
}

/// What is answered of a push that does not exist.
fn no_step() -> Step {
    let way = Way::Careful;
    Step { due: Duration::ZERO, kind: 0, policy: 0, way, is_chained: false, about: About::default() }
}

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

    fn contract(&self) -> Option<&Contract> {
        let source = match self {
            Story::Compiled(compiled) => &compiled.source,
            Story::Planned(planned) => &planned.source,
        };
        Some(&source.scenario.contract)
    }

    fn known(&self, call: u64, start: Timestamp) -> Option<Known> {
        match self {
            Story::Compiled(compiled) => compiled.known(call, start),
            Story::Planned(_) => None,
        }
    }

    fn steps(&self, call: u64) -> usize {
        match self {
            Story::Compiled(compiled) => compiled.count(call),
            Story::Planned(planned) => planned.steps(call),
        }
    }

    fn step(&self, call: u64, step: usize) -> Step {
        let step = match self {
            Story::Compiled(compiled) => compiled.step(call, step),
            Story::Planned(planned) => planned.step(call, step),
        };
        step.unwrap_or_else(no_step)
    }

    fn render(
        &self,
        call: u64,
        step: usize,
        target: usize,
        attempt: u32,
        start: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes {
        match self {
            Story::Compiled(compiled) => return compiled.render(call, (step, target, attempt), start, into),
            Story::Planned(planned) => planned.render(call, step, target, start, into),
        }
        Strikes::default()
    }

    fn way(&self, call: u64, step: usize, target: usize, attempt: u32) -> Way {
        match self {
            Story::Compiled(compiled) => compiled.way(call, (step, target, attempt)),
            Story::Planned(_) => Way::Careful,
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
