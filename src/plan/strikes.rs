//! Whether a fault can strike any push of a story, whatever is drawn; where it cannot, why. Pure.

use super::{Circumstances, Delivery, Plan, Retelling};
use crate::duration;
use crate::faults::event::{Blackout, Event};
use crate::faults::{Fault, Kind};
use crate::scenario::Scenario;
use std::collections::BTreeSet;
use std::time::Duration;

/// Other seeds by which a story is told before a fault is said to strike none of its pushes: what a seed draws must not
/// decide whether a file is wrong.
const OTHER_SEEDS: [u64; 8] = [1, 2, 3, 5, 8, 13, 21, 34];
/// How many attempts at each push are looked at for strikes.
const ATTEMPTS_SEEN_MAX: u32 = 10;
/// How many names of pushes a message shows.
const PUSHES_SHOWN_MAX: usize = 8;

/// Why a fault can strike no push of a story. Of several stories the greatest came nearest to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoStrike {
    /// How far it came.
    stage: Stage,
    /// Why, as the end of "`delay` can strike nothing: ...".
    pub reason: String,
    /// What to do.
    pub help: String,
}

/// What a fault has to get past, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Call,
    Push,
    Target,
    Count,
    Window,
    Attempt,
    Change,
}

impl Retelling {
    /// The faults of the scenario, in order.
    pub fn faults(&self) -> &[Fault] {
        &self.scenario.faults
    }

    /// Why the fault at a place in the list strikes no push, whatever is drawn; `None` where it can. `calls` is how many
    /// calls of the story are played, where that is known.
    pub fn no_strike(&self, index: usize, calls: Option<u64>) -> Option<NoStrike> {
        let fault = self.scenario.faults.get(index)?;
        let call = fault.only.call.unwrap_or(1);
        if let Some(calls) = calls.filter(|calls| call > *calls) {
            let played = if calls == 1 { "one call is played".to_owned() } else { format!("{calls} calls are played") };
            return Some(NoStrike {
                stage: Stage::Call,
                reason: format!("it is for call {call}, and {played}"),
                help: "take `call` out, or play it as a load of more calls".to_owned(),
            });
        }
        let own = std::iter::once(self.circumstances.seed);
        for seed in own.chain(OTHER_SEEDS) {
            let circumstances = Circumstances { seed, call_number: call, ..Circumstances::clone(&self.circumstances) };
            if self.strikes(index, &circumstances) {
                return None;
            }
        }
        let circumstances = Circumstances { call_number: call, ..Circumstances::clone(&self.circumstances) };
        let told = self.told_with(Vec::new(), &circumstances)?;
        // It meets pushes, and leaves them as they are: a run says so. It is no mistake in the file.
        Some(why(fault, &told, &self.scenario)).filter(|no| no.stage != Stage::Change || needs_a_story(&fault.kind))
    }

    /// Whether it strikes alone, or with the help of the others.
    fn strikes(&self, index: usize, circumstances: &Circumstances) -> bool {
        let faults = &self.scenario.faults;
        let others = || faults.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, fault)| fault);
        let is_moved = others().any(|other| other.kind.moves_in_time());
        let alone = vec![eager(&faults[index], is_moved)];
        if self
            .told_with(alone, circumstances)
            .is_some_and(|plan| is_struck(&plan, 0, &faults[index], is_moved, faults))
        {
            return true;
        }
        // What would never leave cannot help.
        let is_drop = |fault: &Fault| matches!(fault.kind, Kind::Event(Event::Drop(_)));
        let kept: Vec<usize> = (0..faults.len()).filter(|other| *other == index || !is_drop(&faults[*other])).collect();
        let place = kept.iter().position(|other| *other == index).unwrap_or_default();
        let together: Vec<Fault> =
            kept.iter().map(|other| eager(&faults[*other], is_moved && *other == index)).collect();
        self.told_with(together, circumstances)
            .is_some_and(|plan| is_struck(&plan, place, &faults[index], is_moved, faults))
    }

    fn told_with(&self, faults: Vec<Fault>, circumstances: &Circumstances) -> Option<Plan> {
        let scenario = Scenario { faults, ..Scenario::clone(&self.scenario) };
        Plan::build(&scenario, self.vendor, circumstances).ok()
    }
}

impl Plan {
    /// Each fault of the plan, and whether it strikes any attempt that can be made.
    pub fn strikes(&self) -> Vec<(&Fault, bool)> {
        let all: Vec<Fault> = self.faults.iter().cloned().collect();
        let targets = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        let mut struck = BTreeSet::new();
        for delivery in &self.deliveries {
            struck.extend(delivery.bent().iter().filter_map(|bent| bent.listed));
            for target in (1..=targets).filter(|target| self.reaches(delivery, *target)) {
                for attempt in 1..=attempts_max(self, delivery, &all).min(ATTEMPTS_SEEN_MAX) {
                    let fate = self.fate(delivery, target, attempt, delivery.offset);
                    struck.extend(fate.bent.iter().filter_map(|bent| bent.listed));
                }
            }
        }
        self.faults.iter().enumerate().map(|(index, fault)| (fault, struck.contains(&index))).collect()
    }
}

/// The fault as it is where every draw falls on it. Moments of attempts are looked at apart, because a receiver has a say in
/// them; where other faults move pushes, `at_any_time` lets it strike whenever they come.
fn eager(fault: &Fault, at_any_time: bool) -> Fault {
    let mut eager = fault.clone();
    eager.when.rate = None;
    if bends_attempts(fault) {
        eager.when.between = None;
    }
    if let (Kind::Event(Event::Blackout(_)), true) = (&fault.kind, at_any_time) {
        eager.kind = Kind::Event(Event::Blackout(Blackout { from: Duration::ZERO, lasts: Duration::MAX }));
    }
    eager
}

/// Whether it depends on the pushes of a story as the vendor tells it, and not on what stands in them.
fn needs_a_story(kind: &Kind) -> bool {
    matches!(kind, Kind::Event(Event::DuplicateNewId(_) | Event::Reorder(_) | Event::LateAfterEnd(_)))
}

fn bends_attempts(fault: &Fault) -> bool {
    fault.kind.before_attempts().is_none()
}

/// Whether fault number `index` of a plan can strike anything in it; `fault` is the same as its user wrote it, `all` whatever
/// else is listed with it.
fn is_struck(plan: &Plan, index: usize, fault: &Fault, is_moved: bool, all: &[Fault]) -> bool {
    let targets = u32::try_from(plan.targets.len()).unwrap_or(u32::MAX);
    let is_ours = |delivery: &Delivery, target: u32| plan.reaches(delivery, target) && fault.only.reaches(target);
    plan.deliveries.iter().any(|delivery| {
        let mut reached = (1..=targets).filter(|target| is_ours(delivery, *target));
        if !bends_attempts(fault) {
            return reached.next().is_some() && delivery.bent().iter().any(|bent| bent.listed == Some(index));
        }
        let (first, _) = fault.attempts();
        // What a push must be like is no mistake in the file: a run says so.
        reached.next().is_some()
            && delivery.planned.hits.contains(&index)
            && first <= attempts_max(plan, delivery, all)
            && (is_moved || is_within(plan, delivery, fault))
    })
}

/// How many attempts there can be at a push: those of the policy, and one for every answer that is thrown away.
fn attempts_max(plan: &Plan, delivery: &Delivery, all: &[Fault]) -> u32 {
    let by_policy = u32::try_from(waits(plan, delivery).len()).unwrap_or(u32::MAX).saturating_add(1);
    all.iter()
        .filter(|other| other.is_lost_ack() && other.only.takes(&delivery.push, delivery.call_number))
        .map(|other| other.attempts().1.saturating_add(1))
        .fold(by_policy, u32::max)
}

fn waits<'p>(plan: &'p Plan, delivery: &'p Delivery) -> &'p [Duration] {
    match plan.retry.on.is_empty() {
        true => &[],
        false => delivery.request.waits.as_deref().unwrap_or(&plan.retry.waits),
    }
}

/// Whether an attempt at a push can leave within the window of a fault. Where the vendor tries again, others may have to
/// wait for that.
fn is_within(plan: &Plan, delivery: &Delivery, fault: &Fault) -> bool {
    let Some((from, to)) = fault.when.between else { return true };
    let waits: Duration = waits(plan, delivery).iter().sum();
    let end = plan.deliveries.iter().map(|delivery| delivery.offset).max().unwrap_or_default();
    // With every jitter, and one wait behind another.
    let latest = if waits.is_zero() { delivery.offset } else { end.saturating_add(waits.saturating_mul(2)) };
    from <= latest && to >= delivery.offset
}

/// Why a fault strikes nothing of a story that has no faults.
pub(super) fn why(fault: &Fault, plan: &Plan, scenario: &Scenario) -> NoStrike {
    let no = |stage: Stage, reason: String, help: String| NoStrike { stage, reason, help };
    let matched: Vec<&Delivery> =
        plan.deliveries.iter().filter(|delivery| fault.only.takes(&delivery.push, delivery.call_number)).collect();
    if matched.is_empty() {
        let mut sent: Vec<&str> = Vec::new();
        for delivery in &plan.deliveries {
            if !sent.contains(&delivery.push.as_str()) {
                sent.push(&delivery.push);
            }
        }
        let more = if sent.len() > PUSHES_SHOWN_MAX { ", ..." } else { "" };
        sent.truncate(PUSHES_SHOWN_MAX);
        let reason = format!("no push that is played matches `{}`", fault.only.push);
        return no(Stage::Push, reason, format!("{} sends {}{more}", plan.vendor.id(), sent.join(", ")));
    }
    let targets = plan.targets.len();
    let is_split = matches!(fault.kind, Kind::Event(Event::SplitStory(_)));
    if let Some(target) = fault.only.target.map(|target| target as usize).filter(|target| *target > targets) {
        let reason = format!("it is for target {target}, and there {}", count(targets, "is", "are"));
        return no(Stage::Target, reason, "`--target` names a target, and can be repeated".to_owned());
    }
    if is_split && targets < 2 {
        let reason =
            format!("it needs two targets to split a story between, and there {}", count(targets, "is", "are"));
        return no(Stage::Target, reason, "`--target` names a target, and can be repeated".to_owned());
    }
    let counted: Vec<&&Delivery> =
        (1u32..).zip(&matched).filter(|(count, _)| fault.when.counts(*count)).map(|(_, delivery)| delivery).collect();
    if counted.is_empty() {
        let asked = match (fault.when.nth, fault.when.every) {
            (Some(nth), _) => format!("`nth: {nth}`"),
            (None, every) => format!("`every: {}`", every.unwrap_or_default()),
        };
        let reason = format!("{asked} is more than the {} of a call that `{}` matches", matched.len(), fault.only.push);
        return no(Stage::Count, reason, "write a smaller number, or a pattern that matches more pushes".to_owned());
    }
    let window = match &fault.kind {
        Kind::Event(Event::Blackout(Blackout { from, lasts })) => Some((*from, from.saturating_add(*lasts))),
        _ => fault.when.between,
    };
    let inside = |delivery: &&&Delivery| match (window, bends_attempts(fault)) {
        (Some(_), true) => is_within(plan, delivery, fault),
        (Some((from, to)), false) => (from..=to).contains(&delivery.offset),
        (None, _) => true,
    };
    if !counted.iter().any(inside) {
        let (from, to) = window.unwrap_or_default();
        let text = duration::text;
        let (first, last) = (counted.iter().map(|one| one.offset).min(), counted.iter().map(|one| one.offset).max());
        let reason = format!(
            "{}..{} is outside of the story: the pushes that it is for leave between {} and {}",
            text(from),
            text(to),
            text(first.unwrap_or_default()),
            text(last.unwrap_or_default())
        );
        return no(Stage::Window, reason, "write times of the scenario in which pushes leave".to_owned());
    }
    let (first, _) = fault.attempts();
    let most = counted.iter().map(|one| attempts_max(plan, one, &scenario.faults)).max().unwrap_or(1);
    if bends_attempts(fault) && first > most {
        let made = if most == 1 { "one attempt is made".to_owned() } else { format!("{most} attempts are made") };
        let reason = format!("it is for attempt {first}, and at most {made} at a push");
        return no(
            Stage::Attempt,
            reason,
            "`deliver: { retry: { waits: [5s, 5m] } }` or `--retry 5s,5m` asks for more".to_owned(),
        );
    }
    let reason = format!("no push that it is for {}", fault.fact.needs.unwrap_or("would be different by it"));
    no(Stage::Change, reason, "give it other pushes by `push`, or other settings".to_owned())
}

fn count(many: usize, one: &str, more: &str) -> String {
    if many == 1 { format!("{one} 1") } else { format!("{more} {many}") }
}
