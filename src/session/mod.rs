//! A session: the only place where plans, delivery, judges and reports are wired together, and what it is made from.

mod built_in;
mod command;
mod ending;
mod given;
mod load;
mod locust;
mod probe;
mod snapshots;
mod stories;
mod strikes;
mod tellers;

pub use built_in::BuiltIn;
pub use ending::Reported;
pub use given::{GivenOption, given_option, retry, time, vendor};
pub use load::{LoadEnded, LoadSession, load_secrets, report_load};
pub use probe::probe_variable;
pub use snapshots::{FOLDER_DEFAULT, Mode, Snapshots};
pub use stories::{Replay, Source, Stories, Unplayable};
pub use strikes::check_faults;

use crate::clock::{self, BEIJING, Pace};
use crate::contract::{Case, Judge, Losses, Strictness};
use crate::delivery::{self, Course, Ear, Stop, Transport};
use crate::event::{DeliveryId, EVENT_FORMAT, RunEvent, Story};
use crate::exit::Exit;
use crate::http::Secrets;
use crate::plan::{Delivery, Plan, Retelling};
use crate::report::Named;
use jiff::Timestamp;
use probe::Probes;
use snapshots::Keeper;
use std::sync::{Mutex, PoisonError};
use tellers::Tellers;

/// One scenario by one vendor: its plan, or why the vendor has none.
pub struct StoryPlan {
    /// Which.
    pub story: Story,
    /// What is sent, or why nothing is.
    pub plan: Result<Plan, String>,
    /// The command that plays it again.
    pub replay: String,
    /// From what it was planned, so that it can be told otherwise: only then do snapshots know what is volatile in it.
    pub retelling: Option<Retelling>,
}

/// Everything that a run consists of.
pub struct Session {
    /// The stories, in the order in which they are played.
    pub stories: Vec<StoryPlan>,
    /// The seed of every draw.
    pub seed: u64,
    /// When every scenario starts.
    pub start: Timestamp,
    /// How scenario time passes.
    pub pace: Pace,
    /// How pushes travel.
    pub transport: Transport,
    /// What reads the events. Each has a name for messages. They learn of the end in this order, those in files together:
    /// what people read comes last, so that it tells the verdict that all the others tell.
    pub reports: Vec<Named>,
    /// What is done with snapshots; they are left alone where nothing is said.
    pub snapshots: Option<Snapshots>,
    /// Whether the pushes go to the receiver that is built in.
    pub to_built_in_receiver: bool,
    /// Whether what was planned and never exercised fails the run.
    pub strictness: Strictness,
}

/// Somebody who drives the stories of a session while they are played, and may have further ones played behind them.
pub struct Driven {
    /// Hears the commands for the first story.
    pub ear: Ear,
    /// Further stories, planned when their turn comes, to the targets of the first one, each with the pace that it begins at.
    pub further: Box<dyn Iterator<Item = (StoryPlan, Ear, Pace)> + Send>,
    /// What nobody is told, besides what the plans show at the start: steps by hand may bring more pushes.
    pub secrets: Secrets,
}

/// How a session ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code that it calls for.
    pub exit: Exit,
    /// What became of the reports.
    pub reports: Reported,
}

impl Session {
    /// Plays every story, one after the other, until the end or until `stop` asks for it.
    pub async fn run(self, stop: Stop) -> Ended {
        self.play(None, Box::new(std::iter::empty()), Secrets::default(), stop).await
    }

    /// The same with somebody who drives.
    pub async fn run_driven(self, driven: Driven, stop: Stop) -> Ended {
        let Driven { ear, further, secrets } = driven;
        self.play(Some(ear), further, secrets, stop).await
    }

    async fn play(
        self,
        mut ear: Option<Ear>,
        further: Box<dyn Iterator<Item = (StoryPlan, Ear, Pace)> + Send>,
        mut secrets: Secrets,
        stop: Stop,
    ) -> Ended {
        let Session { stories, seed, start, pace, transport, reports, snapshots, to_built_in_receiver, strictness } =
            self;
        let began = clock::steady();
        let planned = || stories.iter().filter_map(|story| story.plan.as_ref().ok());
        planned().for_each(|plan| secrets.add_all(&plan.secrets()));
        transport.secrets().for_each(|secret| secrets.add(secret));
        let sources = stories.iter().flat_map(|story| &story.retelling).map(|told| told.source().to_owned()).collect();
        let keeper = snapshots.map(|snapshots| Keeper::new(snapshots, sources));
        let mut tellers = Tellers::new(reports, secrets, keeper);
        let mut targets: Vec<String> = planned().flat_map(|plan| &plan.targets).map(ToString::to_string).collect();
        targets.sort();
        targets.dedup();
        tellers.tell(&RunEvent::Started {
            format: EVENT_FORMAT,
            ringback: env!("CARGO_PKG_VERSION"),
            seed,
            start: start.display_with_offset(BEIJING).to_string(),
            pace: pace.to_string(),
            targets,
            built_in_receiver: to_built_in_receiver,
        });

        let own = stories.into_iter().map(|story| (story, ear.take(), pace));
        for (StoryPlan { story, plan, replay, retelling }, ear, pace) in
            own.chain(further.map(|(story, ear, pace)| (story, Some(ear), pace)))
        {
            if stop.is_requested() {
                break;
            }
            match plan {
                Err(reason) => tellers.tell(&RunEvent::Skipped { story, reason }),
                Ok(plan) => {
                    let course = Course { pace, transport: &transport, stop: &stop, ear };
                    play((&story, &plan, &replay, &retelling), course, &mut tellers).await;
                }
            }
            if tellers.totals().unreachable > 0 {
                break;
            }
        }

        let interrupted = stop.is_requested();
        if !interrupted {
            tellers.keeper_tells(|keeper| keeper.finish());
            if tellers.totals().unreachable == 0 {
                tellers.close_exercised(strictness);
            }
        }
        tellers.finish(seed, interrupted, began.elapsed())
    }
}

/// Plays one story: a story, its plan, the command that plays it again, and from what it was planned.
async fn play(
    (story, plan, replay, retelling): (&Story, &Plan, &str, &Option<Retelling>),
    course: Course<'_>,
    tellers: &mut Tellers,
) {
    let stop = course.stop;
    let targets = plan.targets.len() as u32;
    let leaving = || plan.deliveries.iter().filter(|delivery| delivery.leaves_when_due());
    let to = |delivery: &Delivery| (1..=targets).filter(|target| plan.reaches(delivery, *target)).count() as u64;
    tellers.keeper_tells(|keeper| keeper.begin(plan));
    tellers.judge_by(Judge::new(Case {
        story: story.clone(),
        contract: plan.contract.clone(),
        source: plan.source.clone(),
        replay: replay.to_owned(),
    }));
    tellers.exercises(story, replay, &plan.faults);
    tellers.tell(&RunEvent::StoryStarted {
        story: story.clone(),
        title: plan.title.clone(),
        source: plan.source.clone(),
        replay: replay.to_owned(),
        deliveries: leaving().map(to).sum(),
        records: plan.records.len() as u64,
    });
    for planned in leaving() {
        let Delivery { number, push, call, offset, why, .. } = planned;
        for target in (1..=targets).filter(|target| plan.reaches(planned, *target)) {
            let (scenario, push, call) = (story.scenario.clone(), push.clone(), call.clone());
            let delivery = DeliveryId { scenario, push, call, number: *number, target };
            let (why, faults) = (why.clone(), planned.bent().to_vec());
            tellers.tell(&RunEvent::Planned { delivery, offset: *offset, why, faults });
        }
    }
    let losses = Mutex::new(Losses::default());
    let told = || losses.lock().unwrap_or_else(PoisonError::into_inner);
    told().number(plan.originals());
    let mut probes = Probes::new((story, plan, replay), course.transport, course.stop, &losses);
    let tell = &mut |event| {
        told().event(&event);
        tellers.tell(&event);
    };
    let delivered = delivery::deliver_with(plan, course, tell, &mut probes).await;
    let cut_short = delivered.unreachable.is_some() || delivered.interrupted;
    if !cut_short {
        probes.after_story(tell).await;
    }
    probes.close(tell);
    tellers.close_judge();
    let cut_short = cut_short || stop.is_requested();
    tellers.keeper_tells(|keeper| keeper.close((story, plan, replay), retelling.as_ref(), cut_short));
    tellers.tell(&RunEvent::StoryFinished { story: story.clone() });
}
