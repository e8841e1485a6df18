//! A worker for a Locust master, made of the library alone, for `play.py`: plays a built-in scenario by Udesk, and prints
//! what it hears and, as one line of JSON for every test, what our own figures are.
//!
//!     worker MASTER TARGET USER_RATE PATIENCE_SECONDS

#![allow(clippy::unwrap_used)]

use ringback::clock;
use ringback::delivery::{Transport, Trust, stop};
use ringback::load::locust::{Master, News, Parted, work};
use ringback::load::template::{Room, Story};
use ringback::load::{Arrival, CONNECTIONS_DEFAULT, Load, Sending, Shard, Stage, WeightedStory};
use ringback::plan::{Circumstances, Targets};
use ringback::{scenario, vendors};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// The shares that are compared with Locust's.
const SHARES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 1.0];

#[tokio::main]
async fn main() -> ExitCode {
    let [master, target, rate, patience]: [String; 4] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().expect("MASTER TARGET USER_RATE PATIENCE_SECONDS");
    let start = clock::this_second();
    let circumstances = Circumstances {
        seed: 7,
        start,
        call_number: 1,
        targets: Targets::Given(vec![target.parse().expect("an address")]),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let flow = scenario::headline().ok().unwrap().into_iter().next().unwrap();
    let story = Story::new(&flow, vendors::find("udesk").unwrap(), &circumstances, Room::shared_by(1)).unwrap();
    let load = Load {
        stories: vec![WeightedStory { calls: Arc::new(story), weight: 1 }],
        seed: 7,
        start,
        pace: 300.0,
        arrival: Arrival::Even(vec![Stage::steady(rate.parse().expect("a rate"), Duration::from_secs(1))]),
        max_calls: None,
        max_in_flight: 1000,
        connections: CONNECTIONS_DEFAULT,
        workers: 2,
        shard: Shard { number: 1, of: 1 },
        linger: None,
        transport: Transport::new(Trust::System),
        sending: Sending::Wire,
        sample: 0,
        asked: String::new(),
    };
    let patience = Duration::from_secs(patience.parse().expect("seconds"));
    let master = Master { patience, rate_max: 50.0, ..master.parse().expect("a master") };
    let (stopper, stop) = stop();
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        stopper.stop();
    });
    let mut news = |news: News| match news {
        News::Said(sentence) => println!("{sentence}"),
        News::Told(_) => {}
        News::Ended(outcome) => {
            let figures = &outcome.figures;
            assert!(figures.total().adds_up());
            let kinds = figures.kinds.iter().map(|(name, kind)| {
                let times: Vec<_> = SHARES.iter().map(|share| kind.response.at(*share).as_secs_f64() * 1e3).collect();
                let figures = serde_json::json!({
                    "attempts": kind.attempts,
                    "failures": kind.failed() + kind.nacks,
                    "held": kind.held,
                    "timed": kind.response.count(),
                    "percentiles": times,
                });
                (name.clone(), figures)
            });
            let kinds: serde_json::Map<_, _> = kinds.collect();
            let figures = serde_json::json!({
                "ended": format!("{:?}", outcome.ended),
                "calls": figures.calls.started,
                "took": figures.took.as_secs_f64(),
                "lag_ms": figures.lag.at(0.99).as_secs_f64() * 1e3,
                "kinds": kinds,
            });
            println!("{figures}");
        }
    };
    let parted = work(&load, &master, &mut news, &stop).await;
    println!("ended: {parted}");
    match parted {
        Parted::Quit => ExitCode::SUCCESS,
        Parted::Interrupted => ExitCode::from(130),
        Parted::Lost(_) | Parted::CannotGoOn(_) => ExitCode::from(3),
    }
}
