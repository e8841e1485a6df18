//! Compares a compiled story with plans, byte for byte, before anything is sent by it.

use super::bent;
use super::compiled::Compiled;
use super::course::Call;
use super::source;
use crate::delivery::{Attempt, Outgoing};
use crate::faults::{Answer, Fate, Fault, Only, When};
use crate::load::calls::{Strikes, Way};
use crate::plan::Plan;
use jiff::Timestamp;

/// Of which first calls those that fit are compared with their plans.
const PROVEN_CALLS: u64 = 12;
/// When they start, in milliseconds since 1970, and how long after the one before: no part of the date or of the clock
/// stays the same.
const PROVEN_START_MS: i64 = 1_780_243_199_750;
const PROVEN_APART_MS: i64 = 4_078_643_251;
/// Which attempt at each of their pushes: which one it is only decides what is drawn for it.
const PROVEN_ATTEMPT: u32 = 1;

/// Compares what is made for some calls with what is planned for them.
///
/// # Errors
/// How they differ, as half a sentence.
pub(super) fn prove(compiled: &mut Compiled) -> Result<(), String> {
    let given = compiled.source.scenario.faults.clone();
    if given.iter().any(|fault| !fault.when.is_always() || fault.only.call.is_some()) {
        // What is drawn for few attempts may be drawn for none of those that are compared.
        let whenever = |fault: &Fault| When { nth: fault.when.nth, every: fault.when.every, ..When::default() };
        let only = |fault: &Fault| Only::new(&fault.only.push, None, fault.only.target);
        let eager = |fault: &Fault| Fault { when: whenever(fault), only: only(fault), ..fault.clone() };
        compiled.set_faults(given.iter().map(eager).collect());
        compare(compiled)?;
        compiled.set_faults(given);
    }
    compare(compiled)?;
    if !knows(compiled) {
        compiled.named = None;
    }
    Ok(())
}

/// Whether the values that a contract can name are those of the plans.
fn knows(compiled: &Compiled) -> bool {
    (1..=PROVEN_CALLS).filter(|number| compiled.named.is_some() && compiled.fits(*number)).all(|number| {
        let start = start(number);
        let planned = compiled.source.plan(number, start).map(|plan| plan.known_to_contract());
        planned.ok() == compiled.known(number, start)
    })
}

/// When a call starts that is compared.
fn start(number: u64) -> Timestamp {
    let start = PROVEN_START_MS + PROVEN_APART_MS * number as i64;
    Timestamp::from_millisecond(start).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn compare(compiled: &Compiled) -> Result<(), String> {
    let source = &compiled.source;
    let mut made = Vec::new();
    for number in (1..=PROVEN_CALLS).filter(|number| compiled.fits(*number)) {
        let start = start(number);
        let plan = source.plan(number, start).map_err(|problem| problem.to_string())?;
        if plan.deliveries.len() != compiled.steps.len() || plan.targets.len() != compiled.facts.targets.len() {
            return Err("how many pushes it has depends on what is drawn".to_owned());
        }
        let mut call = compiled.call(number, start);
        for (step, delivery) in plan.deliveries.iter().enumerate() {
            if compiled.step(number, step).is_none_or(|step| step.due != delivery.offset) {
                return Err(format!("when {} is due depends on more than its waits", delivery.push));
            }
            let due = plan.instant(delivery.offset);
            for (place, target) in plan.targets.iter().enumerate() {
                made.clear();
                compiled.write(&mut call, step, place, start, due, &mut made);
                let planned = source::request_at(&plan, delivery, target, due)?;
                if made != planned {
                    return Err(differs(&delivery.push, number, &made, &planned));
                }
                if compiled.is_rendered(step) && !compiled.trees.is_empty() {
                    compare_struck(compiled, &mut call, &plan, (step, place), start)?;
                }
            }
        }
    }
    Ok(())
}

/// Compares an attempt as faults leave it.
fn compare_struck(
    compiled: &Compiled,
    call: &mut Call<'_>,
    plan: &Plan,
    (step, target): (usize, usize),
    start: Timestamp,
) -> Result<(), String> {
    let Some(delivery) = plan.deliveries.get(step) else { return Ok(()) };
    if compiled.way(call.number, (step, target, PROVEN_ATTEMPT)) == Way::Careful {
        return Ok(());
    }
    let due = plan.instant(delivery.offset);
    let planned = struck_at(plan, (step, target, PROVEN_ATTEMPT), due);
    let Some((expected, planned)) = planned else {
        return Err(format!("a fault bends more of {} than its request", delivery.push));
    };
    let mut made = Vec::new();
    let strikes = compiled.strike(call, (step, target, PROVEN_ATTEMPT), start, due, &mut made);
    match strikes == expected && made == planned {
        true => Ok(()),
        false => Err(differs(&delivery.push, call.number, &made, &planned)),
    }
}

/// What faults make of an attempt by its plan, and its request; none where that is not all that they bend.
fn struck_at(
    plan: &Plan,
    (step, target, number): (usize, usize, u32),
    written: Timestamp,
) -> Option<(Strikes, Vec<u8>)> {
    let attempt = Attempt::alone(plan, step, target, number, plan.deliveries.get(step)?.offset)?;
    let Fate { connection, answer, bent, .. } = &*attempt.fate;
    if !connection.is_clean() || *answer != Answer::Read {
        return None;
    }
    let mut planned = Vec::new();
    bent::write(&Outgoing::of(plan, &attempt, written), &mut planned);
    Some((Strikes { struck: plan.faults.marks(bent), is_spoilt: attempt.fate.is_spoilt() }, planned))
}

/// Where a request differs from what is planned.
fn differs(push: &str, call: u64, made: &[u8], planned: &[u8]) -> String {
    const SHOWN_BYTES: usize = 40;
    let at = made.iter().zip(planned).position(|(one, other)| one != other).unwrap_or(made.len().min(planned.len()));
    let around = &planned[at.saturating_sub(SHOWN_BYTES)..planned.len().min(at + SHOWN_BYTES)];
    let around = String::from_utf8_lossy(around).escape_debug().to_string();
    format!("{push} of call {call} is another one at `{around}`, in no known way")
}
