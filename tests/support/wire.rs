//! What the tests of delivery and of the receiver share: a plain vendor, plans of values, and raw servers on loopback.

use bytes::Bytes;
use jiff::Timestamp;
use ringback::call::{Cast, CastSpec, Locale, Subject};
use ringback::clock::Pace;
use ringback::delivery::{Delivered, Transport, Trust, deliver, stop};
use ringback::event::RunEvent;
use ringback::http::{Captured, Method, Push, Reply};
use ringback::plan::{Delivery, Plan};
use ringback::random::Keyed;
use ringback::scenario::Order;
use ringback::vendors::{
    Acknowledgement, BadOption, GivenOptions, OptionFact, PushFact, Retriable, RetryPolicy, Teller, Vendor,
};
use std::net::SocketAddr;
use std::sync::mpsc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A vendor that takes 2xx for an acknowledgement and knows pushes by the path `/known`.
pub struct Plain;

impl Vendor for Plain {
    fn id(&self) -> &'static str {
        "plain"
    }
    fn title(&self) -> &'static str {
        "Plain"
    }
    fn documented(&self) -> usize {
        0
    }

    fn pushes(&self) -> &'static [PushFact] {
        &[]
    }
    fn options(&self) -> &'static [OptionFact] {
        &[]
    }
    fn can_tell(&self, _: &Cast) -> Result<(), String> {
        Ok(())
    }
    fn teller<'a>(&self, _: &'a Cast, _: &GivenOptions) -> Result<Box<dyn Teller + 'a>, BadOption> {
        Err(BadOption { option: "none", reason: "it tells nothing".into() })
    }
    fn acknowledged(&self, reply: &Reply, _: &GivenOptions) -> Acknowledgement {
        match reply.is_success() {
            true => Acknowledgement::Yes,
            false => Acknowledgement::No(format!("status {} is not 2xx", reply.status)),
        }
    }
    fn timeout(&self, _: &GivenOptions) -> Duration {
        Duration::from_secs(5)
    }
    fn retry(&self, _: &GivenOptions) -> RetryPolicy {
        RetryPolicy::none()
    }
    fn recognise(&self, captured: &Captured) -> Option<&'static str> {
        (captured.path == "/known").then_some("end")
    }
    fn thanks(&self) -> (u16, &'static str, &'static str) {
        (201, "text/plain", "thanks")
    }
}

pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Push number `number` of call number `call`, due at `offset` seconds.
pub fn push(number: u32, call: u64, offset: u64) -> Delivery {
    Delivery {
        number,
        push: format!("plain:push{number}"),
        call: format!("call{call}"),
        call_number: call,
        offset: seconds(offset),
        mark: 0,
        why: String::new(),
        request: Push {
            headers: vec![("Content-Type", "application/json")].into(),
            body: Bytes::from(format!("{{\"number\":{number}}}")).into(),
            ..Push::new("push", Method::Post)
        },
        planned: Default::default(),
    }
}

pub fn plan(targets: &[SocketAddr], deliveries: Vec<Delivery>) -> Plan {
    Plan {
        from_environment: Vec::new(),
        source: "test".into(),
        contract: Default::default(),
        cast: cast(),
        scenario: "wire".into(),
        title: "On the wire".into(),
        vendor: &Plain,
        options: GivenOptions::defaults(&[]),
        seed: 42,
        start: "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap(),
        deliveries,
        records: Vec::new(),
        targets: targets.iter().map(|target| format!("http://{target}/hook").parse().unwrap()).collect(),
        order: Order::Call,
        timeout: seconds(5),
        retry: RetryPolicy::none(),
        sign: None,
        disable_after: None,
        faults: Default::default(),
    }
}

/// A cast of nobody but a customer and a line.
fn cast() -> Cast {
    let spec = CastSpec { customer: Default::default(), ..CastSpec::new(Subject::Shift) };
    Cast::draw(&spec, Locale::ZhCn, Timestamp::UNIX_EPOCH, Keyed::new(42, "wire", 1), false)
}

pub fn retries(waits: &[u64]) -> RetryPolicy {
    RetryPolicy { waits: waits.iter().copied().map(seconds).collect(), jitter: 0.0, on: Retriable::all() }
}

/// Delivers a plan in fast pace, within a bounded time.
pub async fn played(plan: &Plan) -> (Vec<RunEvent>, Delivered) {
    played_at(plan, Pace::Fast).await
}

pub async fn played_at(plan: &Plan, pace: Pace) -> (Vec<RunEvent>, Delivered) {
    let mut events = Vec::new();
    let (_stopper, ear) = stop();
    let transport = Transport::new(Trust::System);
    let mut take = |event| events.push(event);
    let delivered = bounded(deliver(plan, pace, &transport, &mut take, &ear)).await;
    (events, delivered)
}

/// Whatever a test waits for, it does not wait for ever.
pub async fn bounded<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(seconds(30), future).await.expect("it should have ended by now")
}

/// A server on a free port of loopback that hands every connection, with its number from 0, to `serve`.
pub async fn server<F, S>(serve: S) -> SocketAddr
where
    S: Fn(TcpStream, usize) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut count = 0;
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, count));
            count += 1;
        }
    });
    address
}

/// A receiver that acknowledges whatever any vendor pushes, and the requests that it gets.
pub async fn captured() -> (SocketAddr, mpsc::Receiver<String>) {
    let (captured, all) = mpsc::channel();
    let address = server(move |mut stream, _| {
        let captured = captured.clone();
        async move {
            loop {
                let request = request(&mut stream).await;
                if request.is_empty() || captured.send(request).is_err() {
                    return;
                }
                let answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 46\r\n\r\n{\"resultCode\":\"0\",\"retCode\":\"0\",\"code\":1000}  ";
                let _ = stream.write_all(answer).await;
            }
        }
    })
    .await;
    (address, all)
}

/// An address on loopback where nothing listens.
pub async fn closed_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// Reads one request: head and body as text. Empty where the connection was closed.
pub async fn request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text;
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return String::new(),
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// The events as short lines: what happened to which push at which attempt.
pub fn told(events: &[RunEvent]) -> Vec<String> {
    events.iter().filter_map(line).collect()
}

fn line(event: &RunEvent) -> Option<String> {
    let name = |id: &ringback::event::DeliveryId| format!("{}/{}", id.number, id.target);
    Some(match event {
        RunEvent::Planned { .. } => return None,
        RunEvent::Held { delivery, offset } => format!("held {} at {offset:?}", name(delivery)),
        RunEvent::Attempted { delivery, attempt, attempts_max, offset, .. } => {
            format!("attempt {attempt} of {attempts_max} of {} at {offset:?}", name(delivery))
        }
        RunEvent::Replied { delivery, status, reason, .. } => {
            format!(
                "reply {status} to {}{}",
                name(delivery),
                reason.as_deref().map(|r| format!(": {r}")).unwrap_or_default()
            )
        }
        RunEvent::Failed { delivery, class, phase, .. } => {
            format!("{} failed: {} in {}", name(delivery), class.as_str(), phase.as_str())
        }
        RunEvent::RetrySet { delivery, wait, due, retry_after, .. } => {
            let asked = if *retry_after { ", as asked" } else { "" };
            format!("retry of {} after {wait:?} at {due:?}{asked}", name(delivery))
        }
        RunEvent::Acknowledged { delivery, .. } => format!("acknowledged {}", name(delivery)),
        RunEvent::GivenUp { delivery, attempts, reason, excused } => {
            let excused = if *excused { ", excused" } else { "" };
            format!("given up {} after {attempts}: {reason}{excused}", name(delivery))
        }
        RunEvent::Dropped { delivery, offset, .. } => format!("dropped {} at {offset:?}", name(delivery)),
        RunEvent::Disabled { failures, untried, .. } => format!("disabled after {failures}, {untried} untried"),
        RunEvent::Transcript { .. } => return None,
        RunEvent::Unreachable { untried, .. } => format!("unreachable, {untried} untried"),
        RunEvent::Recorded { id, offset, .. } => format!("record {id} at {offset:?}"),
        RunEvent::Started { .. }
        | RunEvent::Probed { .. }
        | RunEvent::Driven { .. }
        | RunEvent::Withdrawn { .. }
        | RunEvent::Found(_)
        | RunEvent::Checked { .. }
        | RunEvent::NotJudged { .. }
        | RunEvent::FaultPlayed { .. }
        | RunEvent::Compared { .. }
        | RunEvent::StoryStarted { .. }
        | RunEvent::Skipped { .. }
        | RunEvent::StoryFinished { .. }
        | RunEvent::Finished { .. } => return None,
    })
}
