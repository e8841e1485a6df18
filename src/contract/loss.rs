//! Which pushes of a story the faults kept from arriving whole, learnt from its events. After such a loss, what a receiver
//! believes says nothing about it.

use crate::event::{DeliveryId, RunEvent};
use crate::faults::{self, Bent, Layer, Loss};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many lost pushes are named.
const LOST_SHOWN_MAX: usize = 10;

/// What has become of the pushes of one story so far.
#[derive(Debug, Default)]
pub struct Losses {
    /// For each copy the number of the push that it repeats.
    originals: HashMap<u32, u32>,
    /// By the number of the push without faults, and its target.
    pushes: BTreeMap<(u32, u32), Standing>,
    /// What has bent each attempt that is under way.
    under_way: HashMap<DeliveryId, Bend>,
    /// How often each fault has struck.
    strikes: BTreeMap<&'static str, u64>,
    /// How many pushes were not tried because failures in a row, of which faults had a part, ended the story for an address.
    untried: u64,
}

#[derive(Debug, Default)]
struct Standing {
    push: String,
    is_whole: bool,
    is_settled: bool,
    /// What it was lost by.
    by: BTreeSet<&'static str>,
}

#[derive(Debug, Clone, Copy)]
struct Bend {
    loss: Loss,
    on_wire: bool,
}

impl Losses {
    /// Learns which deliveries are copies: each number, and the number of the push that it is or repeats.
    pub fn number(&mut self, originals: impl Iterator<Item = (u32, u32)>) {
        self.originals.extend(originals);
    }

    /// Learns of an event of the story.
    pub fn event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Attempted { delivery, faults, .. } => self.leaves(delivery, faults),
            RunEvent::Replied { delivery, acknowledged, .. } => {
                let Some(Bend { loss, .. }) = self.under_way.remove(delivery) else { return };
                let is_whole = loss == Loss::Lossless || (loss == Loss::RepairedByRetry && *acknowledged);
                self.standing(delivery).is_whole |= is_whole;
            }
            RunEvent::Failed { delivery, .. } => {
                let Some(Bend { loss, on_wire }) = self.under_way.remove(delivery) else { return };
                // Whatever ended it was not the fault's doing.
                self.standing(delivery).is_whole |= loss == Loss::Lossless && !on_wire;
            }
            RunEvent::Dropped { delivery, faults, .. } => {
                self.count(faults);
                let standing = self.standing(delivery);
                standing.is_settled = true;
                standing.by.extend(faults.iter().filter(|bent| bent.loss == Loss::Lossy).map(|bent| bent.fault));
            }
            RunEvent::Acknowledged { delivery, .. } | RunEvent::GivenUp { delivery, .. } => {
                self.standing(delivery).is_settled = true;
            }
            RunEvent::Disabled { untried, .. } if !self.strikes.is_empty() => self.untried += untried,
            _ => {}
        }
    }

    fn leaves(&mut self, delivery: &DeliveryId, faults: &[Bent]) {
        self.count(faults);
        let is_on_wire = |bent: &&Bent| faults::find(bent.fault).is_some_and(|fact| fact.layer == Layer::Connection);
        let on_wire = faults.iter().any(|bent| is_on_wire(&bent));
        let loss = faults.iter().map(|bent| bent.loss).max().unwrap_or_default();
        self.under_way.insert(delivery.clone(), Bend { loss, on_wire });
        let standing = self.standing(delivery);
        let blamed = faults.iter().filter(|bent| bent.loss > Loss::Lossless || is_on_wire(bent));
        standing.by.extend(blamed.map(|bent| bent.fault));
    }

    fn count(&mut self, faults: &[Bent]) {
        faults.iter().for_each(|bent| *self.strikes.entry(bent.fault).or_default() += 1);
    }

    fn standing(&mut self, delivery: &DeliveryId) -> &mut Standing {
        let original = self.originals.get(&delivery.number).copied().unwrap_or(delivery.number);
        let standing = self.pushes.entry((original, delivery.target)).or_default();
        if standing.push.is_empty() {
            standing.push.clone_from(&delivery.push);
        }
        standing
    }

    /// The pushes that were lost on purpose, in words; `None` where there is none.
    pub fn lost(&self) -> Option<String> {
        let lost = self.pushes.values().filter(|push| push.is_settled && !push.is_whole && !push.by.is_empty());
        let mut words: Vec<String> = lost
            .map(|Standing { push, by, .. }| {
                let by: Vec<String> = by.iter().map(|fault| format!("`{fault}`")).collect();
                format!("{push} by {}", by.join(" and "))
            })
            .collect();
        if let Some(more) = words.len().checked_sub(LOST_SHOWN_MAX).filter(|more| *more > 0) {
            words.truncate(LOST_SHOWN_MAX);
            words.push(format!("{more} more"));
        }
        if self.untried > 0 {
            words.push(format!("{} that were not tried because faults disabled the address", self.untried));
        }
        (!words.is_empty()).then(|| format!("lost on purpose: {}", words.join(", ")))
    }

    /// The faults that have struck, each with how often.
    pub fn struck(&self) -> Vec<Bent> {
        let times = |count: u64| if count == 1 { "struck once".to_owned() } else { format!("struck {count} times") };
        self.strikes.iter().map(|(fault, count)| Bent::by_hand(fault, times(*count))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::events::{attempted, delivery, failed, given_up, story};
    use super::*;
    use crate::event::{FailureClass, Phase};
    use std::time::Duration;

    fn left(number: u32, fault: Option<&'static str>) -> RunEvent {
        attempted(number, fault, false)
    }

    fn replied(number: u32, status: u16) -> RunEvent {
        super::super::events::replied(number, status, "")
    }

    fn broken(number: u32) -> RunEvent {
        failed(number, FailureClass::Fault, Phase::Connect)
    }

    fn settled(number: u32) -> RunEvent {
        given_up(number, true)
    }

    fn lost(events: &[RunEvent]) -> Option<String> {
        let mut losses = Losses::default();
        losses.number([(1, 1), (2, 2), (9, 1)].into_iter());
        events.iter().for_each(|event| losses.event(event));
        losses.lost()
    }

    #[test]
    fn a_push_is_lost_where_no_whole_attempt_came_of_it_and_a_fault_was_why() {
        let by = |fault: &str| Some(format!("lost on purpose: udesk:push1 by `{fault}`"));
        let dropped = || RunEvent::Dropped {
            delivery: delivery(1),
            offset: Duration::ZERO,
            faults: vec![Bent::by_hand("drop", "")],
        };
        for (events, expected) in [
            (vec![dropped()], by("drop")),
            // A copy brings what the original would have brought.
            (vec![dropped(), left(9, Some("duplicate")), replied(9, 200), settled(9)], None),
            (vec![left(1, Some("reset")), broken(1), settled(1)], by("reset")),
            // Not settled yet: the vendor may try again.
            (vec![left(1, Some("reset")), broken(1)], None),
            (vec![left(1, Some("reset")), broken(1), left(1, None), replied(1, 200), settled(1)], None),
            // The receiver was given a whole attempt, and broke down over it.
            (vec![left(1, Some("reset")), broken(1), left(1, None), replied(1, 500), settled(1)], None),
            (vec![left(1, Some("reset")), broken(1), left(1, None), broken(1), settled(1)], None),
            (vec![left(1, None), replied(1, 500), left(1, Some("reset")), broken(1), settled(1)], None),
            (vec![left(1, Some("missing-field")), replied(1, 200), settled(1)], by("missing-field")),
            (vec![left(1, Some("extra-field")), replied(1, 200), settled(1)], None),
            (vec![left(1, Some("extra-field")), replied(1, 400), settled(1)], by("extra-field")),
            (vec![left(1, Some("lost-ack")), replied(1, 200), settled(1)], None),
            (vec![left(1, Some("trickle")), broken(1), settled(1)], by("trickle")),
            (vec![left(1, Some("delay")), broken(1), settled(1)], None),
            (vec![left(1, None), replied(1, 500), settled(1)], None),
        ] {
            assert_eq!(lost(&events), expected, "{events:?}");
        }
    }

    #[test]
    fn of_several_faults_those_that_can_lose_a_push_are_blamed() {
        let mut both = left(1, Some("delay"));
        if let RunEvent::Attempted { faults, .. } = &mut both {
            faults.push(Bent::by_hand("reset", ""));
        }
        let told = lost(&[both, broken(1), settled(1)]);
        assert_eq!(told.as_deref(), Some("lost on purpose: udesk:push1 by `reset`"));
    }

    #[test]
    fn what_a_disabled_address_was_spared_is_lost_only_where_faults_struck() {
        let disabled = |untried| RunEvent::Disabled { story: story(), url: String::new(), failures: 5, untried };
        let struck = || left(1, Some("lost-ack"));
        let by = |count: u64| {
            Some(format!("lost on purpose: {count} that were not tried because faults disabled the address"))
        };
        for (events, expected) in [
            (vec![disabled(3)], None),
            (vec![left(1, None), replied(1, 500), disabled(3)], None),
            (vec![struck(), replied(1, 200), disabled(3)], by(3)),
            (vec![struck(), replied(1, 200), disabled(3), disabled(4)], by(7)),
            (vec![struck(), replied(1, 200), disabled(0)], None),
        ] {
            assert_eq!(lost(&events), expected, "{events:?}");
        }
    }

    #[test]
    fn of_many_lost_pushes_the_first_are_named_and_the_rest_counted() {
        let told = |count: u32| {
            let mut losses = Losses::default();
            losses.number((1..=count).map(|number| (number, number)));
            for number in 1..=count {
                [left(number, Some("reset")), broken(number), settled(number)]
                    .iter()
                    .for_each(|event| losses.event(event));
            }
            let told = losses.lost().unwrap_or_default();
            (told.matches(" by `reset`").count(), told.rsplit(", ").next().unwrap_or_default().to_owned())
        };
        assert_eq!(told(9).0, 9);
        assert_eq!((told(10).0, told(10).1.ends_with(" by `reset`")), (10, true));
        assert_eq!(told(11), (10, "1 more".to_owned()));
        assert_eq!(told(13), (10, "3 more".to_owned()));
    }

    #[test]
    fn each_fault_is_told_with_how_often_it_struck() {
        let mut losses = Losses::default();
        [left(1, Some("delay")), left(2, Some("reset")), left(3, Some("reset"))].iter().for_each(|it| losses.event(it));
        let struck: Vec<_> = losses.struck().into_iter().map(|bent| (bent.fault, bent.evidence)).collect();
        assert_eq!(struck, [("delay", "struck once".to_owned()), ("reset", "struck 2 times".to_owned())]);
    }
}
