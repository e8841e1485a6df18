//! Our sender with everything on: Udesk's `end` push, fresh for every call, by the open model.

use crate::args::Args;
use crate::machine;
use jiff::Timestamp;
use ringback::contract::Contract;
use ringback::delivery::{Stop, Transport, Trust, stop};
use ringback::http::{Compression, Reply};
use ringback::load::template::{Room, Story};
use ringback::load::{
    Arrival, Calls, Ended, Figures, Load, Outcome, Policy, Sending, Shard, Stage, Step, Strikes, Told, Way,
    WeightedStory, run as play,
};
use ringback::plan::{Circumstances, Plan, Targets};
use ringback::scenario;
use ringback::vendors::{self, Acknowledgement};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// When the load starts, in scenario time.
pub const START: Timestamp = Timestamp::constant(1_770_000_000, 0);

/// One push of each call, and the call's start `after` it was due to: so long it is in flight.
pub struct OnePush {
    story: Story,
    step: usize,
    after: Duration,
}

/// The calls that are measured; the number makes stories that differ in name.
pub fn story(args: &Args, number: usize) -> Result<OnePush, String> {
    let mut text = include_str!("call.yaml").to_owned();
    if !args.sign.is_empty() {
        text += &format!("deliver: {{ sign: {} }}\n", args.sign);
    }
    if !args.expect.is_empty() {
        text += &format!("expect: {}\n", args.expect);
    }
    let parsed = scenario::parse("call", "benches/load/call.yaml", &text, &|_| None);
    let mut scenario = parsed.map_err(|wrong| wrong.render(false))?;
    if !args.fault.is_empty() {
        let profile = scenario::parse_profile("fault", &format!("faults: [{{ fault: {} }}]", args.fault));
        scenario.faults = profile.map_err(|wrong| wrong.render(false))?.faults;
    }
    if number > 0 {
        scenario.name = format!("{}-{number}", scenario.name);
    }
    let vendor = vendors::find("udesk").ok_or("there is no such vendor")?;
    let target: Url = format!("http://{}/hook", args.addr).parse().map_err(|_| "the address is none")?;
    let circumstances = Circumstances {
        seed: 1,
        start: START,
        call_number: 1,
        targets: Targets::Given(vec![target]),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let story = Story::new(&scenario, vendor, &circumstances, Room::shared_by(args.stories.max(1)))
        .map_err(|error| error.to_string())?;
    let end = story.kinds().iter().position(|kind| kind == "udesk:end").ok_or("the story has no end")?;
    let step = (0..story.steps(1)).find(|step| story.step(1, *step).kind == end).ok_or("the call has no end")?;
    Ok(OnePush { story, step, after: Duration::from_secs_f64(args.linger) })
}

impl Calls for OnePush {
    fn name(&self) -> &str {
        self.story.name()
    }
    fn kinds(&self) -> &[String] {
        self.story.kinds()
    }
    fn policies(&self) -> &[Policy] {
        self.story.policies()
    }
    fn targets(&self) -> &[Url] {
        self.story.targets()
    }
    fn steps(&self, _: u64) -> usize {
        1
    }
    fn step(&self, call: u64, _: usize) -> Step {
        Step { due: self.after, ..self.story.step(call, self.step) }
    }
    fn render(
        &self,
        call: u64,
        _: usize,
        target: usize,
        attempt: u32,
        start: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes {
        self.story.render(call, self.step, target, attempt, start, into)
    }
    fn way(&self, call: u64, _: usize, target: usize, attempt: u32) -> Way {
        self.story.way(call, self.step, target, attempt)
    }
    fn contract(&self) -> Option<&Contract> {
        self.story.contract()
    }
    fn compression(&self, kind: usize) -> Compression {
        self.story.compression(kind)
    }
    fn acknowledged(&self, kind: usize, reply: &Reply) -> Acknowledgement {
        self.story.acknowledged(kind, reply)
    }
    fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        self.story.plan(call, start)
    }
}

/// The load of these stories.
pub fn load(args: &Args, stories: Vec<Arc<dyn Calls>>, sending: Sending) -> Load {
    Load {
        stories: stories.into_iter().map(|calls| WeightedStory { calls, weight: 1 }).collect(),
        seed: 1,
        start: START,
        pace: 1.0,
        arrival: Arrival::Even(vec![Stage::steady(args.rate, args.lasting())]),
        max_calls: None,
        max_in_flight: args.connections * 4,
        connections: args.connections,
        workers: args.workers,
        shard: Shard { number: 1, of: 1 },
        linger: None,
        transport: Transport::new(Trust::System),
        sending,
        sample: 0,
        asked: String::new(),
    }
}

/// Plays a load to its end.
pub fn figures(load: &Load) -> Result<Figures, String> {
    let outcome = outcome(load, &mut |_| {}, &stop().1)?;
    match outcome.ended {
        Ended::Done => Ok(outcome.figures),
        other => Err(format!("{other:?}")),
    }
}

fn outcome(load: &Load, told: &mut (dyn FnMut(Told) + Send), stop: &Stop) -> Result<Outcome, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    Ok(runtime.block_on(play(load, told, stop)))
}

fn stories(args: &Args) -> Result<Vec<Arc<dyn Calls>>, String> {
    (0..args.stories.max(1)).map(|number| Ok(Arc::new(story(args, number)?) as Arc<dyn Calls>)).collect()
}

/// What a push costs while as many calls end as start: measured from a second after the first push, for `--seconds`.
pub fn steady(args: &Args) -> Result<(), String> {
    let warm = Duration::from_secs_f64(args.linger + 1.0);
    let until = warm + args.lasting();
    // It ends by itself, a moment later, should it not be stopped.
    let load = load(&Args { seconds: until.as_secs() + 3, ..args.clone() }, stories(args)?, Sending::Wire);
    let (stopper, stop) = stop();
    let (mut first, mut last) = (None, None);
    let mut told = |told| {
        let Told::Tick(tick) = told else { return };
        let stands = || (machine::cpu(), tick.kinds.iter().map(|kind| kind.sent).sum::<u64>(), tick.point.calls);
        if tick.at >= warm && first.is_none() {
            first = Some(stands());
        }
        if tick.at >= until && last.is_none() {
            last = Some(stands());
            stopper.stop();
        }
    };
    let figures = outcome(&load, &mut told, &stop)?.figures;
    let (Some((cpu, sent, _)), Some((cpu_then, sent_then, calls))) = (first, last) else {
        return Err("it ended before it was measured".into());
    };
    let pushes = sent_then.saturating_sub(sent);
    println!("calls_in_flight {calls}");
    println!("pushes_per_second {:.0}", pushes as f64 / args.lasting().as_secs_f64());
    println!("cpu_us_per_push {:.3}", cpu_then.saturating_sub(cpu).as_secs_f64() * 1e6 / pushes.max(1) as f64);
    println!("lag_us p50 {} p99 {}", us(figures.lag.at(0.5)), us(figures.lag.at(0.99)));
    Ok(())
}

pub fn run(args: &Args) -> Result<(), String> {
    let load = load(args, stories(args)?, Sending::Wire);
    let before = machine::cpu();
    let figures = figures(&load)?;
    let cpu = machine::cpu().saturating_sub(before);
    let total = figures.total();
    println!("pushes_per_second {:.0}", total.sent as f64 / figures.took.as_secs_f64());
    println!("cpu_us_per_push {:.2}", cpu.as_secs_f64() * 1e6 / total.sent.max(1) as f64);
    println!("pushes {}", total.attempts);
    println!("planned {} sent {} held {} lost {}", total.planned, total.sent, total.held, total.lost);
    println!("lag_us p50 {} p99 {} max {}", us(figures.lag.at(0.5)), us(figures.lag.at(0.99)), us(figures.lag.max()));
    for (name, times) in [("response_us", &total.response), ("service_us", &total.service)] {
        println!("{name} p50 {} p90 {} p99 {}", us(times.at(0.5)), us(times.at(0.9)), us(times.at(0.99)));
    }
    println!("memory_mb {:.1}", machine::memory_max_bytes() as f64 / 1e6);
    Ok(())
}

/// Prints one request.
pub fn body(args: &Args) -> Result<(), String> {
    let mut request = Vec::new();
    story(args, 0)?.render(1000, 0, 0, 1, START, &mut request);
    println!("{}", String::from_utf8_lossy(&request));
    Ok(())
}

pub fn us(duration: Duration) -> u128 {
    duration.as_micros()
}
