//! A story that cannot be compiled: every call is planned in full, which is right and slow.

use super::facts::Facts;
use super::source::{self, Source, told};
use crate::clock;
use crate::load::calls::{Step, Way};
use crate::plan::Plan;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};

/// How many plans are kept, so that the pushes of a call that follow soon need no new one.
const PLANS_KEPT: usize = 64;

/// A story of which every call is planned in full.
pub struct Planned {
    pub(super) source: Source,
    pub(super) facts: Facts,
    /// Why it is not compiled.
    pub(super) reason: String,
    kept: Mutex<Vec<Option<Kept>>>,
}

struct Kept {
    call: u64,
    start: Timestamp,
    plan: Arc<Plan>,
}

impl Planned {
    /// `facts` are those of some calls; the vendor's other pushes are added.
    pub(super) fn new(source: Source, mut facts: Facts, reason: String) -> Self {
        facts.know_all_kinds();
        Self { source, facts, reason, kept: Mutex::default() }
    }

    /// The plan of a call.
    pub(super) fn plan(&self, call: u64, start: Timestamp) -> Option<Arc<Plan>> {
        // Calls count from 1.
        call.checked_sub(1)?;
        let start = if start == self.any_start() { start } else { told(start) };
        // What is asked before a push is due has a place beside what it is sent by.
        let asked = usize::from(start == self.any_start());
        let place = (call % (PLANS_KEPT as u64 / 2)) as usize * 2 + asked;
        if let Some(kept) =
            self.kept().get(place).and_then(Option::as_ref).filter(|kept| kept.call == call && kept.start == start)
        {
            return Some(kept.plan.clone());
        }
        let plan = Arc::new(self.source.plan(call, start).ok()?);
        let mut kept = self.kept();
        kept.resize_with(PLANS_KEPT, || None);
        kept[place] = Some(Kept { call, start, plan: plan.clone() });
        Some(plan)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Option<Kept>>> {
        // What is kept is a copy of what can be had again: a panic elsewhere leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is the same at any start: at which it is asked.
    fn any_start(&self) -> Timestamp {
        self.source.circumstances.start
    }

    pub(super) fn steps(&self, call: u64) -> usize {
        self.plan(call, self.any_start()).map_or(0, |plan| plan.deliveries.len())
    }

    pub(super) fn step(&self, call: u64, step: usize) -> Option<Step> {
        let plan = self.plan(call, self.any_start())?;
        Some(self.facts.known_step(&plan, plan.deliveries.get(step)?))
    }

    pub(super) fn render(&self, call: u64, step: usize, target: usize, start: Timestamp, into: &mut Vec<u8>) {
        let Some(plan) = self.plan(call, start) else { return };
        if let (Some(delivery), Some(target)) = (plan.deliveries.get(step), plan.targets.get(target))
            && self.facts.known_step(&plan, delivery).way == Way::Rendered
            && let Ok(request) = source::request_at(&plan, delivery, target, clock::now())
        {
            into.extend_from_slice(&request);
        }
    }
}
