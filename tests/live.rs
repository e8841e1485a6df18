//! Stories that are driven by hand: what has left stays as it was, steps that cannot happen say why, and commands bend what
//! leaves next.

use crate::support::wire;

use ringback::call::Step;
use ringback::clock::Pace;
use ringback::delivery::{self, Between, Command, Control, Course, Delivered, Refusal, Stopper, Transport, Trust};
use ringback::event::{DeliveryId, RunEvent};
use ringback::live::Live;
use ringback::plan::{Circumstances, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors::{self, Vendor};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

fn circumstances(seed: u64) -> Circumstances {
    Circumstances {
        seed,
        start: "2026-11-20T10:00:00+08:00".parse().expect("a time"),
        call_number: 1,
        targets: Targets::OrElse("http://127.0.0.1:9/hook".parse().expect("an address")),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    }
}

fn stories() -> Vec<(Scenario, &'static dyn Vendor, Plan)> {
    let scenarios = scenario::built_in_scenarios().expect("shipped scenarios are right");
    let mut stories = Vec::new();
    for scenario in scenarios.into_iter().filter(|scenario| scenario.faults.is_empty()) {
        for vendor in vendors::ALL {
            if let Ok(plan) = Plan::build(&scenario, *vendor, &circumstances(7)) {
                stories.push((scenario.clone(), *vendor, plan));
            }
        }
    }
    assert!(stories.len() > 60, "{}", stories.len());
    stories
}

/// Whatever is done by hand at a moment, the pushes before it are those of the script.
#[test]
fn a_step_by_hand_changes_nothing_that_has_left() {
    let mut taken = 0;
    for (scenario, vendor, whole) in stories() {
        let moments: Vec<Duration> = whole.deliveries.iter().map(|delivery| delivery.offset).collect();
        for now in moments.into_iter().step_by(4) {
            let now = now + Duration::from_millis(1);
            let (live, _) = Live::scripted(scenario.clone(), vendor, circumstances(7)).expect("a story");
            // Steps that make something of their own happen; what else can happen follows the same way.
            for text in
                live.possible(now).into_iter().filter(|text| text.starts_with("hangup") || text.starts_with("hold"))
            {
                let (live, _) = Live::scripted(scenario.clone(), vendor, circumstances(7)).expect("a story");
                let replan = live.step(&text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
                let Ok(new) = replan(now, &whole) else { panic!("{text} can happen") };
                taken += 1;
                let left = |plan: &Plan| {
                    let before = plan.deliveries.iter().filter(|delivery| delivery.offset < now).cloned();
                    before.collect::<Vec<_>>()
                };
                assert_eq!(left(&new.plan), left(&whole), "{} by {}: {text} at {now:?}", scenario.name, vendor.id());
            }
        }
    }
    assert!(taken > 80, "{taken}");
}

#[test]
fn a_call_is_driven_from_ring_to_hang_up() {
    let (scenario, vendor, _) =
        stories().into_iter().find(|(scenario, ..)| scenario.name == "outbound-answered").expect("it");
    let (live, mut plan) = Live::by_hand(scenario, vendor, circumstances(7)).expect("a story");
    assert!(plan.deliveries.is_empty());
    let mut is_open = true;
    for (second, text) in
        [(1, "ring: ann"), (3, "answer: ann"), (4, "ring: customer"), (9, "answer: customer"), (70, "hangup: customer")]
    {
        assert!(is_open, "{text}");
        let now = Duration::from_secs(second);
        assert!(live.possible(now).contains(&text.to_owned()), "{text}: {:?}", live.possible(now));
        let new =
            live.step(text).expect("a step")(now, &plan).map_err(|reason| panic!("{text}: {reason}")).expect("it");
        (plan, is_open) = (Plan::clone(&new.plan), new.is_open);
    }
    assert!(!is_open && !plan.deliveries.is_empty());
    let now = Duration::from_secs(80);
    let refused = live.step("answer: customer").expect("a step")(now, &plan).err().expect("the call is over");
    assert!(refused.contains("the call is over"), "{refused}");
    assert!(live.step("answr: customer").err().expect("no verb").to_string().contains("did you mean `answer`"));
    assert!(!matches!(scenario::parse_step("record", &stories()[0].0.cast), Err(_) | Ok(Step::Wait(_))));
}

/// A story of four pushes of one call, at 0, 10, 20 and 30 seconds, driven while it is delivered to a server on loopback.
struct Driven {
    control: Control,
    /// The bodies as they come.
    arrived: mpsc::UnboundedReceiver<String>,
    events: mpsc::UnboundedReceiver<RunEvent>,
    ended: JoinHandle<Delivered>,
    _stopper: Stopper,
}

struct NothingBetween;

impl Between for NothingBetween {
    async fn settled(&mut self, _: &DeliveryId, _: &mut (dyn FnMut(RunEvent) + Send)) {}
}

impl Driven {
    async fn four(pace: Pace, is_open: bool) -> Self {
        let deliveries = (1..=4).map(|number| wire::push(number, 1, u64::from(number - 1) * 10)).collect();
        Self::plan(pace, is_open, |address| wire::plan(&[address], deliveries)).await
    }

    /// It stands still from the start.
    async fn plan(pace: Pace, is_open: bool, plan: impl FnOnce(SocketAddr) -> Plan) -> Self {
        let (requests, arrived) = mpsc::unbounded_channel();
        let address = wire::server(move |mut stream, _| {
            let requests = requests.clone();
            async move {
                loop {
                    let text = wire::request(&mut stream).await;
                    if text.is_empty() {
                        return;
                    }
                    let body = text.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned();
                    drop(requests.send(body));
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.expect("a connection");
                }
            }
        })
        .await;
        let plan = plan(address);
        let (control, ear) = delivery::control(is_open, true);
        let (stopper, stop) = delivery::stop();
        let (told, events) = mpsc::unbounded_channel();
        let ended = tokio::spawn(async move {
            let transport = Transport::new(Trust::System);
            let course = Course { pace, transport: &transport, stop: &stop, ear: Some(ear) };
            let mut tell = |event| drop(told.send(event));
            delivery::deliver_with(&plan, course, &mut tell, &mut NothingBetween).await
        });
        Self { control, arrived, events, ended, _stopper: stopper }
    }

    async fn tell(&self, command: Command) -> Duration {
        wire::bounded(self.control.tell(command)).await.expect("it can be done")
    }

    async fn refused(&self, command: Command) -> String {
        match wire::bounded(self.control.tell(command)).await {
            Err(Refusal::Impossible(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }

    /// The number of the next push that comes.
    async fn next(&mut self) -> u64 {
        number(&wire::bounded(self.arrived.recv()).await.expect("a request"))
    }

    /// Lets it come to its end; the bodies that came and were not read yet.
    async fn end(mut self) -> (Vec<String>, Vec<RunEvent>, Delivered) {
        let delivered = wire::bounded(self.ended).await.expect("it ends");
        let mut bodies = Vec::new();
        while let Ok(body) = self.arrived.try_recv() {
            bodies.push(body);
        }
        let mut events = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            events.push(event);
        }
        (bodies, events, delivered)
    }
}

fn number(body: &str) -> u64 {
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    body["number"].as_u64().expect("a number")
}

fn numbers(bodies: &[String]) -> Vec<u64> {
    bodies.iter().map(|body| number(body)).collect()
}

/// When the first attempt of each push left, in seconds, by its number.
fn left(events: &[RunEvent]) -> Vec<(u32, u64)> {
    let attempts = events.iter().filter_map(|event| match event {
        RunEvent::Attempted { delivery, offset, .. } => Some((delivery.number, offset.as_secs())),
        _ => None,
    });
    attempts.collect()
}

const SECONDS_15: Duration = Duration::from_secs(15);

#[tokio::test]
async fn what_is_done_by_hand_shows_on_the_wire() {
    type Case = (fn() -> Command, &'static [u64], &'static [(u32, u64)]);
    let cases: [Case; 4] = [
        (|| Command::DropNext, &[2, 3, 4], &[(2, 10), (3, 20), (4, 30)]),
        (|| Command::SwapNext, &[2, 1, 3, 4], &[(2, 0), (1, 10), (3, 20), (4, 30)]),
        // The next push of the call waits for the one that is late.
        (|| Command::DelayNext(SECONDS_15), &[1, 2, 3, 4], &[(1, 15), (2, 15), (3, 20), (4, 30)]),
        (|| Command::Refuse(SECONDS_15), &[3, 4], &[(1, 0), (2, 10), (3, 20), (4, 30)]),
    ];
    for (command, arrives, leaves) in cases {
        let driven = Driven::four(Pace::Fast, false).await;
        let words = command().words();
        assert_eq!(driven.tell(command()).await, Duration::ZERO);
        driven.tell(Command::Resume).await;
        let (bodies, events, _) = driven.end().await;
        assert_eq!((numbers(&bodies), left(&events)), (arrives.to_vec(), leaves.to_vec()), "{words}");
        let told = events.iter().any(|event| matches!(event, RunEvent::Driven { what, .. } if *what == words));
        assert!(told, "{words}");
    }
}

#[tokio::test]
async fn the_last_push_is_repeated_as_it_was() {
    let mut driven = Driven::four(Pace::Fast, false).await;
    driven.tell(Command::StepOnce).await;
    assert_eq!(driven.next().await, 1);
    driven.tell(Command::DuplicateLast).await;
    driven.tell(Command::Resume).await;
    let (bodies, events, delivered) = driven.end().await;
    assert_eq!(numbers(&bodies), [1, 2, 3, 4]);
    assert_eq!(delivered.tally.acknowledged, 5);
    let bent = events.iter().any(|event| match event {
        RunEvent::Attempted { delivery, faults, .. } => delivery.number == 5 && faults[0].fault == "duplicate",
        _ => false,
    });
    assert!(bent, "{events:?}");
}

#[tokio::test]
async fn a_paused_story_sends_one_push_at_a_time() {
    let mut driven = Driven::four(Pace::Times(1.0), false).await;
    for (number, second) in [(1, 0), (2, 10), (3, 20)] {
        assert_eq!(driven.tell(Command::StepOnce).await, Duration::from_secs(second));
        assert_eq!(driven.next().await, number);
        // Scenario time stands where the push was due.
        assert_eq!(driven.tell(Command::Look).await, Duration::from_secs(second));
        assert!(driven.arrived.try_recv().is_err());
    }
    driven.tell(Command::Pace(Pace::Times(10_000.0))).await;
    driven.tell(Command::Resume).await;
    let (bodies, _, delivered) = driven.end().await;
    assert_eq!((numbers(&bodies), delivered.tally.acknowledged), (vec![4], 4));
}

#[tokio::test]
async fn a_story_that_goes_on_can_be_paused() {
    let mut driven = Driven::four(Pace::Times(1.0), false).await;
    driven.tell(Command::Resume).await;
    assert_eq!(driven.next().await, 1);
    let stood = driven.tell(Command::Pause).await;
    assert_eq!(driven.tell(Command::Look).await, stood);
    assert!(stood < Duration::from_secs(10));
    assert_eq!(driven.tell(Command::StepOnce).await, Duration::from_secs(10));
    assert_eq!(driven.next().await, 2);
    driven.tell(Command::Pace(Pace::Fast)).await;
    driven.tell(Command::Resume).await;
    assert_eq!(numbers(&driven.end().await.0), [3, 4]);
}

#[tokio::test]
async fn what_cannot_be_done_says_why() {
    let mut driven = Driven::four(Pace::Times(1.0), true).await;
    assert_eq!(driven.refused(Command::DuplicateLast).await, "no push has left yet that could be repeated");
    for _ in 0..3 {
        driven.tell(Command::DropNext).await;
    }
    assert_eq!(driven.refused(Command::SwapNext).await, "only one push waits, and two are needed to change places");
    driven.tell(Command::Resume).await;
    assert_eq!(driven.refused(Command::Resume).await, "nothing is paused");
    assert_eq!(driven.refused(Command::StepOnce).await, "pushes leave by themselves; pause first");
    driven.tell(Command::Pace(Pace::Times(100_000.0))).await;
    assert_eq!(driven.next().await, 4);
    assert_eq!(driven.refused(Command::DropNext).await, "no push waits that could be dropped");
    assert_eq!(driven.refused(Command::DelayNext(SECONDS_15)).await, "no push waits that could be delayed");
    let never: ringback::delivery::Replan = Box::new(|_, _| Err("it cannot happen".to_owned()));
    assert_eq!(driven.refused(Command::Replan(never)).await, "it cannot happen");
    // Somebody may yet add to it, until nobody is left who could.
    let Driven { control, ended, _stopper, .. } = driven;
    drop(control);
    let delivered = wire::bounded(ended).await.expect("it ends");
    assert_eq!((delivered.tally.acknowledged, delivered.interrupted), (1, false));
}

#[tokio::test]
async fn a_step_by_hand_changes_what_arrives() {
    let (scenario, vendor, _) =
        stories().into_iter().find(|(scenario, ..)| scenario.name == "outbound-answered").expect("it");
    let mut live = None;
    let driven = Driven::plan(Pace::Times(1.0), false, |address| {
        let target = format!("http://{address}/hook").parse().expect("an address");
        let circumstances = Circumstances { targets: Targets::Given(vec![target]), ..circumstances(7) };
        let (of_it, plan) = Live::scripted(scenario, vendor, circumstances).expect("a story");
        live = Some(of_it);
        plan
    })
    .await;
    let live = live.expect("a story that can be driven");
    driven.tell(Command::StepOnce).await;
    driven.tell(Command::StepOnce).await;
    driven.tell(Command::Replan(live.step("hangup: customer").expect("a step"))).await;
    let again = live.step("hangup: customer").expect("a step");
    assert!(driven.refused(Command::Replan(again)).await.contains("the call is over"));
    driven.tell(Command::Pace(Pace::Fast)).await;
    driven.tell(Command::Resume).await;
    let (bodies, events, delivered) = driven.end().await;
    assert_eq!(delivered.tally.acknowledged, bodies.len() as u64);
    let of = |kind: &str| {
        let told = events.iter().map(|event| serde_json::to_value(event).expect("JSON"));
        told.filter(|event| event["event"] == kind).collect::<Vec<_>>()
    };
    assert!(!of("withdrawn").is_empty());
    assert!(of("driven").iter().any(|event| event["what"] == "hangup: customer"));
    let last: serde_json::Value = serde_json::from_str(bodies.last().expect("a push")).expect("JSON");
    assert!(last["customer_hangup_at"].is_string(), "{last}");
    let names: Vec<_> = of("attempted").iter().map(|event| event["delivery"]["push"].clone()).collect();
    assert_eq!(
        (names[0].as_str(), names.last().and_then(|name| name.as_str())),
        (Some("udesk:agent_answer"), Some("udesk:end"))
    );
}
