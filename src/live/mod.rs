//! A story that somebody drives by hand while it is played: each step cuts off what the script had in store, and the story
//! is planned anew from there. Pure: what has left stays as it was, because the same seed tells the same beginning.

mod hints;

use crate::call::{self, Cast, Illegal, SoFar, Span, Step, Subject, Timeline};
use crate::delivery::{Replan, Replanned};
use crate::diagnostic::Diagnostics;
use crate::faults::Kind;
use crate::plan::{Circumstances, NoPlan, Plan};
use crate::random::Keyed;
use crate::scenario::{self, Scenario};
use crate::vendors::Vendor;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The most steps that a story can have, those of its script and those by hand.
pub const STEPS_MAX: usize = scenario::grammar::STEPS_MAX;

/// A story that can be driven. Clones drive the same one.
#[derive(Clone)]
pub struct Live(Arc<Mutex<Story>>);

struct Story {
    scenario: Scenario,
    vendor: &'static dyn Vendor,
    circumstances: Circumstances,
    /// Whether the script as it was written makes a recording.
    recorded: bool,
    /// Whether somebody has taken a step.
    is_driven: bool,
}

/// Why a step was not taken.
#[derive(Debug)]
pub enum NoStep {
    /// It is not written as a step.
    Unreadable(Diagnostics),
    /// It cannot happen now: what is wrong, and what to do.
    Impossible {
        /// What is wrong.
        reason: String,
        /// What to do.
        help: String,
    },
}

impl Live {
    /// A story that is played as its script says until somebody takes over.
    ///
    /// # Errors
    /// As [`Plan::build`].
    pub fn scripted(
        scenario: Scenario,
        vendor: &'static dyn Vendor,
        circumstances: Circumstances,
    ) -> Result<(Self, Plan), NoPlan> {
        let plan = Plan::build(&scenario, vendor, &circumstances)?;
        Ok((Self::new(scenario, vendor, circumstances), plan))
    }

    /// A story in which nothing happens until somebody makes it happen: the scenario gives its cast alone.
    ///
    /// # Errors
    /// As [`Plan::build`].
    pub fn by_hand(
        scenario: Scenario,
        vendor: &'static dyn Vendor,
        circumstances: Circumstances,
    ) -> Result<(Self, Plan), NoPlan> {
        let recorded = scenario.script.contains(&Step::Record);
        let empty = Scenario { script: Vec::new(), ..scenario };
        let plan = Plan::build_so_far(&empty, vendor, &circumstances, recorded)?;
        let live = Self::new(empty, vendor, circumstances);
        live.story().recorded = recorded;
        Ok((live, plan))
    }

    fn new(scenario: Scenario, vendor: &'static dyn Vendor, circumstances: Circumstances) -> Self {
        let recorded = scenario.script.contains(&Step::Record);
        Self(Arc::new(Mutex::new(Story { scenario, vendor, circumstances, recorded, is_driven: false })))
    }

    /// The command that takes a step, written as in a script: `hangup: customer`. Whether it can happen shows when it is
    /// obeyed.
    ///
    /// # Errors
    /// Where it is not written as a step.
    pub fn step(&self, text: &str) -> Result<Replan, Diagnostics> {
        let step = scenario::parse_step(text, &self.story().scenario.cast)?;
        let (live, words) = (self.clone(), text.to_owned());
        Ok(Box::new(move |now, _| {
            let (scenario, plan, is_over) = live.story().after(&step, now).map_err(|no| no.to_string())?;
            let mut story = live.story();
            (story.scenario, story.is_driven) = (scenario, true);
            Ok(Replanned { plan: Arc::new(plan), is_open: !is_over, what: words })
        }))
    }

    /// The steps that can happen at a moment, as a script would write them.
    pub fn possible(&self, now: Duration) -> Vec<String> {
        let story = self.story();
        let can_happen = |text: &String| {
            let step = scenario::parse_step(text, &story.scenario.cast);
            step.is_ok_and(|step| story.with(&step, now).is_ok())
        };
        hints::candidates(&story.scenario.cast).into_iter().filter(can_happen).collect()
    }

    /// Who takes part, and everything that happens by the script and by hand, as far as it is written.
    pub fn told(&self) -> (Cast, Timeline) {
        let story = self.story();
        let Circumstances { seed, start, call_number, .. } = story.circumstances;
        let keyed = Keyed::new(seed, &story.scenario.name, call_number);
        let cast = Cast::draw(&story.scenario.cast, story.vendor.locale(), start, keyed, story.recorded);
        let timeline = story.play(&story.scenario.script).map(|so_far| so_far.timeline).unwrap_or_default();
        (cast, timeline)
    }

    /// Whether somebody has taken a step.
    pub fn is_driven(&self) -> bool {
        self.story().is_driven
    }

    fn story(&self) -> std::sync::MutexGuard<'_, Story> {
        // A story is replaced as a whole, so that none is ever half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Story {
    /// The story with another step at `now` in place of what its script had in store, its plan, and whether it is over.
    fn after(&self, step: &Step, now: Duration) -> Result<(Scenario, Plan, bool), NoStep> {
        let (script, so_far) = self.with(step, now)?;
        let is_over = match self.scenario.cast.subject {
            Subject::Call(_) | Subject::Chat(_) => so_far.is_over,
            // A shift, or a day of notifications, is over when somebody says so.
            Subject::Shift | Subject::Notification => false,
        };
        let scenario = Scenario { script, ..self.scenario.clone() };
        let plan = Plan::build_so_far(&scenario, self.vendor, &self.circumstances, self.recorded);
        let plan = plan.map_err(|no| NoStep::impossible(no.to_string(), ""))?;
        Ok((scenario, plan, is_over))
    }

    /// The script with another step at `now` in place of what it had in store, and what happens by it.
    fn with(&self, step: &Step, now: Duration) -> Result<(Vec<Step>, SoFar), NoStep> {
        let moves = |kind: &Kind| matches!(kind, Kind::Event(_));
        if self.scenario.faults.iter().any(|fault| moves(&fault.kind)) {
            return Err(NoStep::impossible(
                "the faults of this scenario move and repeat pushes, so that its story is told as a whole",
                "play it without them; faults can be caused by hand, too",
            ));
        }
        let mut script = self.before(now)?;
        if script.len() >= STEPS_MAX {
            return Err(NoStep::impossible(format!("the story has {STEPS_MAX} steps already"), "start another one"));
        }
        script.push(step.clone());
        let so_far = self.play(&script)?;
        Ok((script, so_far))
    }

    /// The steps that have begun by `now`, and the time that has passed since.
    fn before(&self, now: Duration) -> Result<Vec<Step>, NoStep> {
        let so_far = self.play(&self.scenario.script)?;
        let begun = so_far.begins.iter().take_while(|begins| **begins <= now).count();
        let mut script: Vec<Step> = self.scenario.script.iter().take(begun).cloned().collect();
        // A wait that is under way ends now, and one that would begin now does not.
        let mut until = so_far.begins.get(begun).copied().unwrap_or(so_far.now);
        if let (Some(Step::Wait(_)), Some(begins)) = (script.last(), so_far.begins.get(begun.wrapping_sub(1))) {
            script.pop();
            until = *begins;
        }
        let passed = now.saturating_sub(until);
        if !passed.is_zero() {
            script.push(Step::Wait(Span::exactly(passed)));
        }
        Ok(script)
    }

    fn play(&self, script: &[Step]) -> Result<SoFar, NoStep> {
        let keyed = Keyed::new(self.circumstances.seed, &self.scenario.name, self.circumstances.call_number);
        call::play_so_far(&self.scenario.cast, script, &keyed).map_err(|illegal| {
            let first = illegal.into_iter().next();
            let Illegal { reason, help, .. } = first.unwrap_or_else(|| Illegal {
                step: 0,
                reason: "the step cannot happen".to_owned(),
                help: String::new(),
            });
            NoStep::Impossible { reason, help }
        })
    }
}

impl NoStep {
    fn impossible(reason: impl Into<String>, help: impl Into<String>) -> Self {
        NoStep::Impossible { reason: reason.into(), help: help.into() }
    }
}

impl std::fmt::Display for NoStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoStep::Unreadable(diagnostics) => diagnostics.fmt(f),
            NoStep::Impossible { reason, help } if help.is_empty() => f.write_str(reason),
            NoStep::Impossible { reason, help } => write!(f, "{reason}; {help}"),
        }
    }
}

impl std::error::Error for NoStep {}
