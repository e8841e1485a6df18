//! Starts a run: a task of its own plays the session, and its events go to the run, the journal and the figures.

use super::Switchboard;
use super::problem::Problem;
use super::ready::Ready;
use super::request::RunRequest;
use super::run::Run;
use super::seed::Seed;
use super::teller::Teller;
use super::told::Asked;
use crate::clock::{self, BEIJING, Pace};
use crate::contract::Strictness;
use crate::delivery::{self, Ear, Transport, Trust};
use crate::exit::Exit;
use crate::http::Secrets;
use crate::journal::Journal;
use crate::report::Named;
use crate::session::{Driven, Session, StoryPlan};
use axum::http::StatusCode;
use std::sync::Arc;
use std::time::Duration;

/// How long a run can go on; then it is stopped.
pub const RUN_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// Starts a run, which goes on by itself.
pub(super) async fn start(board: &Arc<Switchboard>, request: RunRequest) -> Result<Arc<Run>, Problem> {
    // Reading and planning take a while, and others must not wait.
    let planning = Arc::clone(board);
    let planned = board.plannings.plan(move |wanted| {
        let ready = request.ready(&planning.target, &planning.allowed_hosts, &planning.headers, wanted)?;
        let first = ready.live(1)?;
        // Steps by hand may bring pushes with secrets that the plan has not shown yet.
        let whole = if ready.by_hand { ready.plan().ok() } else { None };
        let secrets = whole.map(|plan| plan.secrets()).unwrap_or_default();
        wanted.still()?;
        let journal = Journal::open(&planning.journal).map_err(|error| Problem::broken(error.to_string()))?;
        Ok((ready, first, secrets, journal))
    });
    let (ready, (live, first), secrets, journal) = planned.await?;
    if board.stop.is_requested() {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is about to end"));
    }
    let mut veiled = secrets.clone();
    if let Ok(plan) = &first.plan {
        veiled.add_all(&plan.secrets());
    }
    let (stopper, stop) = delivery::stop();
    let (asked, request) = (asked(board, &ready, &first, &veiled), ready.request_without(&veiled));
    let run = Run::new(ready, asked, request, stopper, Arc::clone(&board.runs.all), Arc::clone(&board.metrics));
    let run = Arc::new(run);
    let ear = run.begin(1, live, &first);
    board.runs.add(Arc::clone(&run))?;

    let reports: Vec<Named> = vec![
        // First, so that whatever readers are told is in the journal already.
        ("journal".to_owned(), Box::new(journal)),
        ("the run itself".to_owned(), Box::new(Teller(Arc::clone(&run)))),
    ];
    let session = Session {
        snapshots: None,
        seed: run.ready.circumstances.seed,
        start: run.ready.circumstances.start,
        pace: run.ready.pace,
        stories: vec![first],
        transport: Transport::new(Trust::System),
        reports,
        to_built_in_receiver: false,
        strictness: if run.ready.request.strict { Strictness::Strict } else { Strictness::Lenient },
    };
    let further = Further { run: Arc::clone(&run), next: 2 };
    let driven = Driven { ear, further: Box::new(further), secrets };
    let ending = Ending { run: Arc::clone(&run), board: Arc::clone(board) };
    board.metrics.running.inc();
    let playing = Arc::clone(&run);
    tokio::spawn(async move {
        let limit = tokio::time::sleep(RUN_MAX);
        let session = session.run_driven(driven, stop);
        tokio::pin!(session, limit);
        let ended = tokio::select! {
            ended = &mut session => ended,
            () = &mut limit => {
                playing.stopper.stop();
                session.await
            }
        };
        playing.close(ended.exit.code());
        drop(ending);
    });
    Ok(run)
}

/// Says that a run is over, even where its task breaks off.
struct Ending {
    run: Arc<Run>,
    board: Arc<Switchboard>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.run.close(Exit::CannotGoOn.code());
        self.board.metrics.running.dec();
    }
}

/// The calls behind the first one.
struct Further {
    run: Arc<Run>,
    next: u64,
}

impl Iterator for Further {
    type Item = (StoryPlan, Ear, Pace);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next > self.run.ready.calls {
            self.run.set_wheel(None);
            return None;
        }
        // The first one could be planned, so these can.
        let (live, story) = self.run.ready.live(self.next).ok()?;
        let ear = self.run.begin(self.next, live, &story);
        self.next += 1;
        Some((story, ear, self.run.pace()))
    }
}

fn asked(board: &Switchboard, ready: &Ready, first: &StoryPlan, secrets: &Secrets) -> Asked {
    let veiled = |mut text: String| {
        secrets.veil(&mut text);
        text
    };
    let plan = first.plan.as_ref().ok();
    Asked {
        id: board.fresh_id(),
        scenario: ready.scenario.name.clone(),
        title: ready.scenario.title.clone(),
        vendor: ready.vendor.id().to_owned(),
        seed: Seed(ready.circumstances.seed),
        start: ready.circumstances.start.display_with_offset(BEIJING).to_string(),
        targets: plan.map(|plan| plan.targets.iter().map(|url| veiled(url.to_string())).collect()).unwrap_or_default(),
        by_hand: ready.by_hand,
        calls: ready.calls,
        began_ms: clock::now().as_millisecond(),
        replay: veiled(crate::http::without_credentials(&ready.replay)),
    }
}
