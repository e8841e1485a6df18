//! The legs of a call and their unique ids: `node-epoch.sequence`, where the epoch is the second in which the leg started.

use super::options::Options;
use crate::call::{Cast, Party};
use crate::random::Stream;
use std::collections::BTreeMap;
use std::time::Duration;

/// By how much the sequence of a leg may lie above that of the leg before: other calls take numbers, too.
const SEQUENCE_STEP_MAX: u64 = 4;

/// One leg: the line of one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// `uniqueId`.
    pub id: String,
    /// When it started.
    pub started: Duration,
}

/// The legs of one call.
pub struct Legs<'a> {
    cast: &'a Cast,
    node: String,
    sequence: u64,
    steps: Stream,
    main: Option<Leg>,
    parties: BTreeMap<Party, Leg>,
}

impl<'a> Legs<'a> {
    /// There is no leg yet.
    pub fn new(cast: &'a Cast, options: &Options) -> Self {
        Self {
            cast,
            node: options.node.clone(),
            sequence: options.sequence,
            steps: cast.keyed.stream("tinet.legs"),
            main: None,
            parties: BTreeMap::new(),
        }
    }

    /// A party's line starts. The first leg of a call is its main leg.
    pub fn open(&mut self, party: Party, now: Duration) {
        let leg = Leg { id: format!("{}-{}.{}", self.node, self.cast.epoch_second(now), self.sequence), started: now };
        self.sequence += self.steps.within(1..=SEQUENCE_STEP_MAX);
        self.main.get_or_insert_with(|| leg.clone());
        self.parties.insert(party, leg);
    }

    /// The first leg of the call.
    pub fn main(&self) -> Option<&Leg> {
        self.main.as_ref()
    }

    /// `mainUniqueId`; empty before the first leg.
    pub fn main_id(&self) -> String {
        self.main.as_ref().map(|leg| leg.id.clone()).unwrap_or_default()
    }

    /// The latest leg of a party.
    pub fn of(&self, party: Party) -> Option<&Leg> {
        self.parties.get(&party)
    }

    /// `uniqueId` of the latest leg of a party; empty where it has none.
    pub fn id_of(&self, party: Party) -> String {
        self.of(party).map(|leg| leg.id.clone()).unwrap_or_default()
    }
}
