//! Numbers that lie close together in one call are a family: they stay together in every call. Here those of the archetypes
//! are gathered by kind.

use super::compiled::Fresh;
use super::fresh::Numbers;
use super::own::{Is, Kind, Own};
use crate::random::Stream;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers of one call that are no farther apart belong together, such as the ids of its legs.
const GAP_MAX: u64 = 100;

/// The families of all archetypes, by kind.
pub(super) struct Families(BTreeMap<Kind, Vec<Family>>);

struct Family {
    archetype: usize,
    lowest: u64,
    highest: u64,
}

impl Families {
    /// Those of these archetypes.
    pub(super) fn of(all: &[Own]) -> Self {
        let mut families: BTreeMap<Kind, Vec<Family>> = BTreeMap::new();
        for (archetype, own) in all.iter().enumerate() {
            let mut numbers: BTreeMap<&Kind, BTreeSet<u64>> = BTreeMap::new();
            for value in &own.values {
                if let Is::Number(kind, number) = &value.is {
                    numbers.entry(kind).or_default().insert(*number);
                }
            }
            for (kind, numbers) in numbers {
                let known = families.entry(kind.clone()).or_default();
                let first = known.len();
                for number in numbers {
                    match known[first..].last_mut() {
                        Some(family) if number - family.highest <= GAP_MAX => family.highest = number,
                        _ => known.push(Family { archetype, lowest: number, highest: number }),
                    }
                }
            }
        }
        Self(families)
    }

    /// The fresh numbers of each kind, in order.
    pub(super) fn numbers(&self, draw: impl Fn(&[u8], u64) -> Stream) -> Vec<Numbers> {
        let numbers = |(kind, all): (&Kind, &Vec<Family>)| {
            let width = all.iter().map(|family| family.highest - family.lowest + 1).max().unwrap_or(1);
            let lowest: Vec<u64> = all.iter().map(|family| family.lowest).collect();
            Numbers::new(kind, width, &lowest, &mut draw(&kind.label, kind.range.0))
        };
        self.0.iter().map(numbers).collect()
    }

    /// How the number of an archetype is made in other calls.
    pub(super) fn fresh(&self, archetype: usize, kind: &Kind, number: u64) -> Option<Fresh> {
        let place = self.0.keys().position(|known| known == kind)?;
        let has = |family: &Family| family.archetype == archetype && (family.lowest..=family.highest).contains(&number);
        let families = self.0.get(kind)?;
        let rank = families.iter().position(has)?;
        Some(Fresh::Number {
            numbers: u16::try_from(place).ok()?,
            rank: u32::try_from(rank).ok()?,
            plus: number - families[rank].lowest,
        })
    }
}
