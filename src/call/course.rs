//! When the happenings of a story lie in any of its calls: the same ones in the same order, apart by what each call draws.

use super::player::{Player, Waits};
use super::{CastSpec, Happening, Span, Step};
use crate::random::Keyed;
use std::time::Duration;

/// The most waits that a story can draw for its course to be known.
const WAITS_MAX: usize = 64;

/// The moments of a story in each of its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The offset of each happening where every wait is as short as it can be, by its mark.
    shortest: Vec<Duration>,
    /// Which of the drawn waits come before it, a bit for each.
    after: Vec<u64>,
    /// The drawn waits: the step of the script, and between what.
    waits: Vec<(usize, Span)>,
}

impl Course {
    /// The course of a script that can happen. `None` where more than the sums of its waits decides when, or in which order.
    pub fn of(spec: &CastSpec, script: &[Step]) -> Option<Self> {
        let drawn = |(step, of): (usize, &Step)| match of {
            Step::Wait(span) | Step::Voicemail(span) | Step::Survey { after: span, .. } => {
                (span.shortest != span.longest).then_some((step, *span))
            }
            _ => None,
        };
        let waits: Vec<(usize, Span)> = script.iter().enumerate().filter_map(drawn).collect();
        if waits.len() > WAITS_MAX {
            return None;
        }
        let play = |long: u64| {
            let is_long = |step: usize| {
                waits.iter().position(|(drawn, _)| *drawn == step).is_some_and(|nth| long & (1 << nth) != 0)
            };
            let length = |step: usize, span: Span| if is_long(step) { span.longest } else { span.shortest };
            Player::played(spec, script, Waits::Chosen(&length)).map(by_mark)
        };
        let base = play(0)?;
        let offsets = |happenings: &[Happening]| happenings.iter().map(|one| one.at.offset).collect::<Vec<_>>();
        let same = |other: &[Happening]| {
            let kind = |one: &Happening| (one.conversation, std::mem::discriminant(&one.what));
            base.iter().map(kind).eq(other.iter().map(kind))
        };
        let shortest = offsets(&base);
        let mut after = vec![0; shortest.len()];
        for (nth, (_, span)) in waits.iter().enumerate() {
            let other = play(1 << nth)?;
            if !same(&other) {
                return None;
            }
            let longer = span.longest - span.shortest;
            for ((after, shortest), offset) in after.iter_mut().zip(&shortest).zip(offsets(&other)) {
                match offset.checked_sub(*shortest)? {
                    Duration::ZERO => {}
                    later if later == longer => *after |= 1 << nth,
                    _ => return None,
                }
            }
        }
        let course = Self { shortest, after, waits: waits.clone() };
        let all = if course.waits.len() == WAITS_MAX { u64::MAX } else { (1 << course.waits.len()) - 1 };
        let other = play(all)?;
        (same(&other) && offsets(&other) == course.offsets(&course.longest())).then_some(course)
    }

    /// Whether no call differs from another in when anything happens.
    pub fn is_fixed(&self) -> bool {
        self.waits.is_empty()
    }

    /// Whether the time between two happenings differs from call to call.
    pub fn varies(&self, from: u16, to: u16) -> bool {
        self.place(from).1 != self.place(to).1
    }

    /// The shortest and the longest time between two happenings, in this order.
    pub fn between(&self, from: u16, to: u16) -> Option<(Duration, Duration)> {
        let longest = self.offsets(&self.longest());
        let place = |mark: u16| usize::from(mark);
        let span = |offsets: &[Duration]| offsets.get(place(to))?.checked_sub(*offsets.get(place(from))?);
        Some((span(&self.shortest)?, span(&longest)?))
    }

    /// How much longer than need be the drawn waits are at most.
    pub fn longest(&self) -> Vec<Duration> {
        self.waits.iter().map(|(_, span)| span.longest - span.shortest).collect()
    }

    /// How much longer than need be a call draws them.
    pub fn draws<'c>(&'c self, keyed: &'c Keyed) -> impl Iterator<Item = Duration> + 'c {
        self.waits.iter().map(|(step, span)| span.draw(*step, keyed).saturating_sub(span.shortest))
    }

    /// When a happening lies, where the drawn waits are so much longer than need be.
    pub fn offset(&self, mark: u16, longer: &[Duration]) -> Duration {
        let (shortest, after) = self.place(mark);
        let longer = longer.iter().enumerate().filter(|(nth, _)| after & (1 << nth) != 0);
        shortest + longer.map(|(_, longer)| *longer).sum::<Duration>()
    }

    /// When a happening lies where no wait is longer than need be, and which of the drawn waits come before it, a bit for each.
    pub fn place(&self, mark: u16) -> (Duration, u64) {
        let place = usize::from(mark);
        self.shortest.get(place).copied().zip(self.after.get(place).copied()).unwrap_or_default()
    }

    fn offsets(&self, longer: &[Duration]) -> Vec<Duration> {
        (0..).zip(&self.shortest).map(|(mark, _)| self.offset(mark, longer)).collect()
    }
}

fn by_mark(mut happenings: Vec<Happening>) -> Vec<Happening> {
    happenings.sort_by_key(|happening| happening.at.mark);
    happenings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Kind, Party, Subject, play};

    fn spec() -> CastSpec {
        CastSpec {
            agents: vec![crate::call::AgentSpec { key: "ann".into(), ..Default::default() }],
            ..CastSpec::new(Subject::Call(Kind::Inbound))
        }
    }

    fn between(shortest: u64, longest: u64) -> Span {
        Span { shortest: Duration::from_secs(shortest), longest: Duration::from_secs(longest) }
    }

    fn script(survey: Span, released_after: u64) -> Vec<Step> {
        let ann = Party::Agent(0);
        vec![
            Step::Ring(ann),
            Step::Wait(between(3, 12)),
            Step::Answer(ann),
            Step::Wait(between(5, 5)),
            Step::Wait(between(1, 2)),
            Step::HangUp { by: ann, release_after: Duration::from_secs(released_after), cause: None },
            Step::Survey { keys: "5".into(), after: survey },
        ]
    }

    #[test]
    fn a_course_is_that_of_every_call() {
        let script = script(between(20, 30), 0);
        let course = Course::of(&spec(), &script).expect("a course");
        for call in 1..50 {
            let keyed = Keyed::new(1, "course", call);
            let draws: Vec<Duration> = course.draws(&keyed).collect();
            for happening in play(&spec(), &script, &keyed).expect("a story").happenings {
                assert_eq!(course.offset(happening.at.mark, &draws), happening.at.offset, "{happening:?}");
            }
        }
        let answered = 2;
        assert!(course.varies(0, answered) && !course.varies(answered, answered) && !course.is_fixed());
        assert_eq!(course.between(0, answered), Some((Duration::from_secs(3), Duration::from_secs(12))));
    }

    #[test]
    fn what_is_later_of_two_has_no_course() {
        // Whether the survey or the release comes last depends on the draw.
        assert_eq!(Course::of(&spec(), &script(between(1, 30), 10)), None);
        assert!(Course::of(&spec(), &script(between(11, 30), 10)).is_some());
    }
}
