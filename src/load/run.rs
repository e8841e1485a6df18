//! A run from its first call to its figures: resolves, tries, starts the workers, and merges what they tell.

use super::crew::Crew;
use super::figures::Figures;
use super::setting::Setting;
use super::{Arrival, Ended, Load, Outcome, POINTS_MAX, Told, before};
use crate::clock::{self, BEIJING};
use crate::delivery::Stop;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// The shortest point of the figures.
const POINT_MIN: Duration = Duration::from_secs(1);

/// Plays the load until the plan of arrival is over and every push is settled, or `stop` asks for the end. One call of
/// each story is tried first, as `run` would send it.
pub async fn run(load: &Load, told: &mut (dyn FnMut(Told) + Send), stop: &Stop) -> Outcome {
    run_at(load, None, told, stop).await
}

/// The figures of a load before anything has happened.
fn no_figures(load: &Load) -> Figures {
    let Load { seed, asked, shard, .. } = load;
    Figures::new(*seed, asked.clone(), shard.number, shard.of, present(), point_length(load))
}

/// The present instant as figures tell it.
fn present() -> String {
    clock::now().display_with_offset(BEIJING).to_string()
}

/// The same, with a first call that starts at this instant of the machine's clock and not before, so that several machines
/// begin together.
pub async fn run_at(
    load: &Load,
    begin: Option<Timestamp>,
    told: &mut (dyn FnMut(Told) + Send),
    stop: &Stop,
) -> Outcome {
    let mut figures = no_figures(load);
    let point_length = figures.point_length;
    let prepared = tokio::select! {
        biased;
        prepared = before::prepare(load, stop) => prepared,
        () = stop.hurried() => Err(Ended::Interrupted),
    };
    let prepared = match prepared {
        Ok(endpoints) => before::wait_until(begin, (clock::now, tokio::time::sleep), stop).await.map(|late| {
            figures.notes.extend(late.map(|late| {
                format!("it began {late:.1?} after the time that was asked for: trying a call took so long")
            }));
            endpoints
        }),
        Err(ended) => Err(ended),
    };
    let ended = match prepared {
        Err(ended) => ended,
        Ok(endpoints) => {
            figures.began = present();
            let setting = Arc::new(Setting::new(load, endpoints, clock::steady(), point_length));
            match Crew::start(&setting) {
                Err(why) => Ended::CannotGoOn(why),
                Ok(crew) => crew.work(&setting, &mut figures, told, stop).await,
            }
        }
    };
    figures.interrupted = ended == Ended::Interrupted;
    Outcome { figures, ended }
}

/// Whole seconds, and so many that the points of the longest run are not too many.
fn point_length(load: &Load) -> Duration {
    if let Arrival::Steered(_) = load.arrival {
        // How long it will be is not known.
        return POINT_MIN;
    }
    let seconds = load.arrival.lasting().as_secs().div_ceil(u64::from(POINTS_MAX));
    Duration::from_secs(seconds).max(POINT_MIN)
}
