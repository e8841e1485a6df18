//! Reads `when`: which of the pushes that a fault is for it hits.

use super::block::Block;
use super::fault_setting::whole;
use super::faults::NUMBER_MAX;
use super::fields::{Fields, no_choice, value};
use super::problems::{Problem, Problems};
use super::tree::{Entry, Kind};
use super::value::{self, Wrong, percent, span};
use crate::diagnostic::Code;
use crate::faults::{FaultFact, Values, When};
use crate::spelling::tick;

/// The trigger of a fault. What contradicts itself, or the fault, is noted.
pub(super) fn when(entry: &Entry, fact: Option<&'static FaultFact>, problems: &mut Problems) -> Option<When> {
    if let Kind::Scalar { text, .. } = &entry.value.kind {
        let words = Block::When.keys();
        problems.add(no_choice(text, "`when`", words.into_iter(), &entry.value.span).help("write `when: { nth: 2 }`"));
        return None;
    }
    let fields = Fields::open(&entry.value, &entry.at, Block::When, problems)?;
    let number = |key: &'static str, fewest: u64, problems: &mut Problems| {
        let number = fields.optional(key).and_then(|node| whole(node, &tick(key), fewest..=NUMBER_MAX, problems));
        number.and_then(|number| u32::try_from(number).ok())
    };
    let (nth, every) = (number("nth", 1, problems), number("every", 2, problems));
    let between = fields.optional("between").and_then(|node| {
        let range = value(node, ("`between`", "a range of scenario time such as `10s..20s`"), problems, span)?;
        if range.shortest == range.longest {
            let message = "`between` takes two moments, and this is one";
            problems.add(Problem::new(Code::BadValue, &node.span, message).help("write `between: 10s..20s`"));
        }
        Some((range.shortest, range.longest))
    });
    let rate = fields.optional("rate").and_then(|node| {
        let rate = value(node, ("`rate`", "a percentage such as `20%`"), problems, percent)?;
        if rate == 0.0 {
            let message = "a rate of nothing never hits";
            problems.add(
                Problem::new(Code::BadValue, &node.span, message).help("write `rate: 20%`, or take the fault out"),
            );
        }
        Some(rate)
    });
    let attempts = fields
        .optional("attempts")
        .and_then(|node| value(node, ("`attempts`", "a number or a range such as `1..2`"), problems, attempts));
    if let (Some(first), Some(second)) = (fields.entry("nth"), fields.entry("every")) {
        let (first, second) = if first.at.start < second.at.start { (first, second) } else { (second, first) };
        let problem = Problem::new(Code::Contradiction, &second.at, "`nth` and `every` are two ways to count");
        problems.add(problem.also(&first.at, "the first way").help("keep one of the two"));
    }
    if let (Some(entry), Some(fact)) = (fields.entry("attempts"), fact)
        && is_before_attempts(fact)
    {
        let message = format!("`{}` has done its work before the first attempt", fact.name);
        let help = "take `attempts` out; it is for `lost-ack` and for the faults of the other layers";
        problems.add(Problem::new(Code::Contradiction, &entry.at, message).help(help));
    }
    Some(When { nth, every, between, rate, attempts })
}

/// Whether a fault moves and repeats whole deliveries.
fn is_before_attempts(fact: &FaultFact) -> bool {
    fact.with(&Values::new(fact.settings)).before_attempts().is_some()
}

/// `2`, or `1..2`.
fn attempts(text: &str) -> Result<(u32, u32), Wrong> {
    let wrong = |reason: String, help: &str| Wrong { reason, help: help.to_owned() };
    let number = |text: &str| {
        let number = value::integer(text.trim())?;
        match u32::try_from(number) {
            Ok(0) => Err(wrong("attempts are counted from 1".to_owned(), "the first attempt is `1`")),
            Ok(number) => Ok(number),
            Err(_) => Err(wrong(format!("{} is too large", tick(text)), "write a range such as `1..2`")),
        }
    };
    match text.split_once("..") {
        None => number(text).map(|only| (only, only)),
        Some((first, last)) if first.trim().is_empty() || last.trim().is_empty() => {
            Err(wrong(format!("{} is half a range", tick(text)), "write both ends: `1..2`"))
        }
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                let help = format!("the smaller end comes first: `{last}..{first}`");
                return Err(wrong(format!("the range {} runs backwards", tick(text)), &help));
            }
            Ok((first, last))
        }
    }
}
