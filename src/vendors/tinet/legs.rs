//! The legs of a call and their unique ids: `node-epoch.sequence`, where the epoch is the second in which the leg started.

use super::account::Account;
use crate::body::{Form, Leaf, Steps};
use crate::call::{Cast, Moment, Party};
use crate::random::Purpose;
use std::collections::BTreeMap;

/// By how much the sequence of a leg may lie above that of the leg before: other calls take numbers, too.
const SEQUENCE_STEP_MAX: u64 = 4;

/// One leg: the line of one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// `uniqueId`.
    pub id: Leaf,
    /// When it started.
    pub started: Moment,
}

/// The legs of one call.
pub struct Legs<'a> {
    cast: &'a Cast,
    node: Leaf,
    /// The sequence of the next leg.
    next: Steps,
    main: Option<Leg>,
    parties: BTreeMap<Party, Leg>,
}

impl<'a> Legs<'a> {
    /// There is no leg yet.
    pub fn new(cast: &'a Cast, account: &Account) -> Self {
        let next = Steps {
            first: account.sequence,
            purpose: Purpose::of("tinet.legs"),
            longest: SEQUENCE_STEP_MAX,
            count: 0,
            is_one_stream: true,
        };
        Self { cast, node: account.node.clone(), next, main: None, parties: BTreeMap::new() }
    }

    /// A party's line starts. The first leg of a call is its main leg.
    pub fn open(&mut self, party: Party, now: Moment) {
        let (second, sequence) = (Leaf::time(self.cast, now, Form::Seconds), Leaf::stepped(self.cast, self.next));
        let id = Leaf::joined([self.node.clone(), "-".into(), second, ".".into(), sequence]);
        self.next.count += 1;
        let leg = Leg { id, started: now };
        self.main.get_or_insert_with(|| leg.clone());
        self.parties.insert(party, leg);
    }

    /// The first leg of the call.
    pub fn main(&self) -> Option<&Leg> {
        self.main.as_ref()
    }

    /// `mainUniqueId`; empty before the first leg.
    pub fn main_id(&self) -> Leaf {
        self.main.as_ref().map_or(Leaf::EMPTY, |leg| leg.id.clone())
    }

    /// The latest leg of a party.
    pub fn of(&self, party: Party) -> Option<&Leg> {
        self.parties.get(&party)
    }

    /// `uniqueId` of the latest leg of a party; empty where it has none.
    pub fn id_of(&self, party: Party) -> Leaf {
        self.of(party).map_or(Leaf::EMPTY, |leg| leg.id.clone())
    }
}
