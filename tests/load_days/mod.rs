//! The bad days of a load: receivers that die, hang and answer oddly, files that run out, ways through TLS and proxies.

mod account;
mod answers;
mod bombs;
mod clock;
mod ends;
mod files;
mod kept;
mod limits;
mod ways;

use crate::support;
use ringback::load::template::{Room, Story};
use ringback::load::{Calls, Load};
use ringback::plan::{Circumstances, Targets};
use ringback::{scenario, vendors};
use std::net::SocketAddr;
use std::sync::Arc;

/// The calls of a scenario by a vendor.
fn calls(text: &str, vendor: &str, at: SocketAddr) -> Arc<dyn Calls> {
    calls_of(text, vendor, Targets::Given(vec![format!("http://{at}/hook").parse().unwrap()]))
}

/// The same, which go to these.
fn calls_of(text: &str, vendor: &str, targets: Targets) -> Arc<dyn Calls> {
    let scenario = scenario::parse("test", "test.yaml", text, &|_| None).unwrap();
    let circumstances = Circumstances {
        seed: 7,
        start: support::plans::start(),
        call_number: 1,
        targets,
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let room = Room::shared_by(1);
    Arc::new(Story::new(&scenario, vendors::find(vendor).unwrap(), &circumstances, room).unwrap())
}

/// A load of these calls, a thousand times as fast as they are.
fn asked(calls: Arc<dyn Calls>, rate: f64, lasting_ms: u64) -> Load {
    let load = crate::load_engine::load(calls, rate, lasting_ms);
    Load { start: support::plans::start(), pace: 1000.0, ..load }
}
