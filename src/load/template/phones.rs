//! The numbers of customers beyond the archetypes: each in the area that pushes tell, none that somebody has.

use super::compiled::Fresh;
use super::draft::Draft;
use super::fresh::Taken;
use super::times::write_number;
use crate::call::Area;
use crate::random::Stream;

/// How many numbers lie behind each prefix.
const PER_PREFIX: u64 = 10_000;
/// Spreads the numbers behind a prefix: it has no divisor in common with [`PER_PREFIX`].
const PHONE_STRIDE: u64 = 7919;

/// The mobile numbers of one area, for customers who live there.
#[derive(Debug, Clone)]
pub(super) struct Phones {
    area: &'static Area,
    add: u64,
    /// How many archetypes live there.
    pub(super) per_round: u64,
    taken: Taken,
}

impl Phones {
    /// The numbers of an area, without those that somebody has.
    pub(super) fn new<'a>(
        area: &'static Area,
        per_round: u64,
        people: impl Iterator<Item = &'a str>,
        draw: &mut Stream,
    ) -> Self {
        let mut phones =
            Self { area, add: draw.below(PER_PREFIX), per_round: per_round.max(1), taken: Taken::default() };
        let taken = people.filter_map(|phone| phones.place(phone)).collect();
        let all = phones.clone();
        phones.taken = Taken::new(taken, (0..all.count()).rev().map(|nth| all.shuffled(nth)));
        phones
    }

    fn count(&self) -> u64 {
        self.area.mobile_prefixes.len() as u64 * PER_PREFIX
    }

    /// A number as its place among all of the area.
    fn place(&self, phone: &str) -> Option<u64> {
        let (prefix, last) = phone.split_at_checked(phone.len().checked_sub(4)?)?;
        let prefix = self.area.mobile_prefixes.iter().position(|known| *known == prefix)?;
        Some(prefix as u64 * PER_PREFIX + last.parse::<u64>().ok()?)
    }

    #[inline]
    fn shuffled(&self, nth: u64) -> u64 {
        let nth = nth % self.count().max(1);
        let prefixes = self.area.mobile_prefixes.len().max(1) as u64;
        nth % prefixes * PER_PREFIX + (nth / prefixes * PHONE_STRIDE + self.add) % PER_PREFIX
    }

    /// Writes the `nth` number over the place that it takes.
    #[inline]
    pub(super) fn write(&self, nth: u64, place: &mut [u8]) {
        let number = self.taken.free(self.shuffled(nth));
        let prefix = self.area.mobile_prefixes.get((number / PER_PREFIX) as usize).copied().unwrap_or_default();
        if let Some((front, last)) = place.split_at_mut_checked(prefix.len()) {
            front.copy_from_slice(prefix.as_bytes());
            write_number(number % PER_PREFIX, last);
        }
    }

    /// After how many rounds of archetypes numbers come again.
    pub(super) fn rounds(&self) -> u64 {
        self.count().saturating_sub(self.taken.spent()) / self.per_round
    }
}

/// The pools that customers' numbers come from, and for each archetype its pool and its place among those of the pool.
pub(super) fn pools(drafts: &[Draft], draw: impl Fn(&[u8]) -> Stream) -> (Vec<Phones>, Vec<Option<Fresh>>) {
    let mut areas: Vec<(&'static Area, u32)> = Vec::new();
    let fresh = drafts
        .iter()
        .map(|draft| {
            let (_, area) = draft.phone.as_ref()?;
            let pool = areas.iter().position(|(known, _)| known == area).unwrap_or_else(|| {
                areas.push((area, 0));
                areas.len() - 1
            });
            let rank = areas[pool].1;
            areas[pool].1 += 1;
            Some(Fresh::Phone { pool: u16::try_from(pool).ok()?, rank })
        })
        .collect();
    let agents = drafts.iter().flat_map(|draft| draft.people.iter().map(String::as_str));
    let customers = drafts.iter().filter_map(|draft| draft.phone.as_ref()).map(|(phone, _)| phone.as_str());
    let people: Vec<&str> = agents.chain(customers).collect();
    let pool = |(area, count): &(&'static Area, u32)| {
        Phones::new(area, u64::from(*count), people.iter().copied(), &mut draw(area.city.as_bytes()))
    };
    (areas.iter().map(pool).collect(), fresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::AREAS;
    use crate::random::Keyed;
    use std::collections::BTreeSet;

    #[test]
    fn phones_are_of_their_area_and_nobody_else_s() {
        for area in AREAS {
            let given = format!("{}0042", area.mobile_prefixes[0]);
            let phones = Phones::new(
                area,
                1,
                [given.as_str(), "01012345678", ""].into_iter(),
                &mut Keyed::new(1, "fresh", 1).stream("test"),
            );
            let mut all = BTreeSet::from([given]);
            for nth in 0..phones.rounds() {
                let mut place = [b'x'; 11];
                phones.write(nth, &mut place);
                let phone = String::from_utf8(place.to_vec()).expect("digits");
                if nth % 997 == 0 {
                    assert_eq!(Area::of_number(&phone), Some(area), "{phone}");
                }
                assert!(all.insert(phone));
            }
            assert!(all.len() as u64 > phones.count() - 4, "{}", all.len());
        }
    }
}
