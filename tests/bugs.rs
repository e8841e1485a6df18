//! The bugs of the built-in receiver: none shows while the vendor behaves, and each does once it is provoked.

use crate::support;

use crate::support::wire::{bounded, seconds};
use bytes::Bytes;
use ringback::delivery::{AttemptOutcome, Outgoing, Played, Stopper, Transport, Trust, stop};
use ringback::faults::connection::{Connection, ConnectionFault, NewConnectionEach, ShortLength, SplitUtf8, Stall};
use ringback::http::Reply;
use ringback::plan::Plan;
use ringback::random::Keyed;
use ringback::receive::{Behaviour, Bug, Receiver};
use ringback::scenario::Scenario;
use ringback::vendors::{self, Acknowledgement};
use std::net::SocketAddr;
use std::time::Duration;

/// A running receiver with one bug, and the way to it.
struct Running {
    address: SocketAddr,
    transport: Transport,
    _stopper: Stopper,
}

async fn running(behaviour: Behaviour) -> Running {
    let receiver = Receiver::bind("127.0.0.1:0".parse().unwrap(), behaviour, vendors::ALL).await.unwrap();
    let address = receiver.local_addr();
    let (stopper, ear) = stop();
    tokio::spawn(async move { receiver.run(|_| {}, ear.requested()).await });
    Running { address, transport: Transport::new(Trust::System), _stopper: stopper }
}

/// The pushes of a plan as requests to this address.
fn requests(plan: &Plan, address: SocketAddr) -> Vec<Outgoing> {
    let target = format!("http://{address}/hook").parse().unwrap();
    let request = |push: &ringback::http::Push| Outgoing {
        method: push.method,
        url: push.address(&target),
        headers: push.headers.written(),
        body: push.body_at(&target),
        timeout: seconds(5),
    };
    plan.deliveries.iter().map(|delivery| request(&delivery.request)).collect()
}

impl Running {
    /// The pushes that a vendor sends for a shipped scenario.
    fn story(&self, scenario: &str, vendor: &str) -> Vec<Outgoing> {
        let plan = support::plans::plan(&support::plans::shipped_as(scenario), vendor, 7).unwrap();
        requests(&plan, self.address)
    }

    /// The status and the body of the answer; `None` where it hangs up.
    async fn send(&self, outgoing: &Outgoing) -> Option<(u16, String)> {
        said(bounded(self.transport.send(outgoing)).await)
    }

    async fn statuses(&self, requests: &[Outgoing]) -> Vec<u16> {
        let mut statuses = Vec::new();
        for request in requests {
            statuses.push(self.send(request).await.map_or(0, |(status, _)| status));
        }
        statuses
    }

    async fn bent(&self, outgoing: &Outgoing, fault: ConnectionFault) -> Option<(u16, String)> {
        let mut connection = Connection::default();
        fault.bend(&mut connection, &mut Keyed::new(42, "bugs", 1).stream("faults")).unwrap();
        let Played { outcome, .. } = bounded(self.transport.play(outgoing, &connection)).await;
        said(outcome)
    }
}

fn said(outcome: AttemptOutcome) -> Option<(u16, String)> {
    match outcome {
        AttemptOutcome::Replied { reply: Reply { status, body, .. }, .. } => {
            Some((status, String::from_utf8_lossy(&body).into_owned()))
        }
        AttemptOutcome::Failed { .. } => None,
    }
}

fn buggy(bug: Bug) -> Behaviour {
    Behaviour::Buggy(bug)
}

/// The request with another body.
fn with_body(outgoing: &Outgoing, body: impl Into<Bytes>) -> Outgoing {
    Outgoing { body: body.into(), ..outgoing.clone() }
}

/// The request with something in its body replaced.
fn with(outgoing: &Outgoing, from: &str, to: &str) -> Outgoing {
    let text = String::from_utf8(outgoing.body.to_vec()).unwrap();
    assert!(text.contains(from), "{text}");
    with_body(outgoing, text.replacen(from, to, 1))
}

#[tokio::test]
async fn no_bug_shows_while_the_vendor_behaves() {
    // Where a customer has renamed the fields, no receiver can tell the push by the vendor's own names.
    let named_anew = |name: &str| name == "push-actions";
    let scenarios = support::plans::shipped().into_iter().filter(|scenario| !named_anew(&scenario.name));
    let told = |scenario: Scenario| {
        vendors::ALL.iter().filter_map(move |vendor| support::plans::plan(&scenario, vendor.id(), 7))
    };
    let plans: Vec<_> = scenarios.flat_map(told).collect();
    let mut shown = Vec::new();
    for (bug, word, _) in Bug::ALL {
        let receiver = running(buggy(bug)).await;
        for plan in &plans {
            for (delivery, request) in plan.deliveries.iter().zip(requests(plan, receiver.address)) {
                let AttemptOutcome::Replied { reply, .. } = bounded(receiver.transport.send(&request)).await else {
                    shown.push(format!("{word} hangs up on {} of {}", delivery.push, plan.scenario));
                    continue;
                };
                let taken = plan.vendor.acknowledged_push(delivery.request.name, &reply, &plan.options);
                if let Acknowledgement::No(why) = taken {
                    shown.push(format!("{word} at {} of {}: {why}: {:?}", delivery.push, plan.scenario, reply.body));
                }
            }
        }
    }
    assert!(shown.is_empty(), "{} times:\n{}", shown.len(), shown[..shown.len().min(20)].join("\n"));
}

#[tokio::test]
async fn repeats_are_not_forgiven_and_spoil_the_count() {
    let receiver = running(buggy(Bug::ForgetsRetries)).await;
    let story = receiver.story("outbound-answered", "udesk");
    assert_eq!(receiver.statuses(&story).await, [200, 200, 200, 200]);
    assert_eq!(receiver.statuses(&story[3..]).await, [500]);

    let receiver = running(buggy(Bug::CountsDuplicates)).await;
    let count = Outgoing::get(&format!("http://{}/count", receiver.address).parse().unwrap(), seconds(5));
    let story = receiver.story("outbound-answered", "udesk");
    assert_eq!(receiver.statuses(&story).await, [200, 200, 200, 200]);
    let (status, body) = receiver.send(&count).await.unwrap();
    assert!(status == 200 && body.contains("\"counted\":4"), "{status} {body}");
    assert_eq!(receiver.statuses(&story[..1]).await, [409]);
    let (status, body) = receiver.send(&count).await.unwrap();
    assert!(status == 409 && body.contains("\"counted\":5,\"distinct\":4"), "{status} {body}");
}

#[tokio::test]
async fn order_is_trusted_and_what_is_late_is_lost() {
    for vendor in ["udesk", "7moor", "tinet"] {
        let receiver = running(buggy(Bug::TrustsArrivalOrder)).await;
        let mut story = receiver.story("transfer", vendor);
        story.reverse();
        let statuses = receiver.statuses(&story).await;
        assert!(statuses.contains(&500), "{vendor}: {statuses:?}");

        let receiver = running(buggy(Bug::LosesLatePushes)).await;
        let story = receiver.story("outbound-answered", vendor);
        assert!(receiver.statuses(&story).await.iter().all(|status| *status == 200));
        let statuses = receiver.statuses(&story).await;
        assert!(statuses.contains(&404), "{vendor}: {statuses:?}");
    }
}

#[tokio::test]
async fn fields_must_be_as_they_were() {
    let receiver = running(buggy(Bug::CrashesOnUnknownFields)).await;
    let story = receiver.story("outbound-answered", "udesk");
    let more = with(&story[0], "{", "{\"surprise\":1,");
    assert_eq!(receiver.statuses(&[story[0].clone(), more]).await, [200, 500]);

    let receiver = running(buggy(Bug::CrashesOnUnknownPush)).await;
    let push = story_of(&receiver).remove(0);
    let other = with(&push, "\"occasion\":\"agent_answer\"", "\"occasion\":\"agent_reply\"");
    let none = with(&push, "\"occasion\"", "\"occasions\"");
    assert_eq!(receiver.statuses(&[push, other, none]).await, [200, 500, 500]);

    let receiver = running(buggy(Bug::CrashesOnNull)).await;
    let story = story_of(&receiver);
    let null = with(&story[1], "\"normal\"", "null");
    assert_eq!(receiver.statuses(&[story[0].clone(), null, story[2].clone()]).await, [200, 500, 200]);

    let receiver = running(buggy(Bug::CrashesOnChangedType)).await;
    let story = story_of(&receiver);
    let flipped = with(&story[1], "\"multi_ring_count\":0", "\"multi_ring_count\":\"0\"");
    assert_eq!(receiver.statuses(&[story[0].clone(), flipped, story[2].clone()]).await, [200, 500, 200]);
}

fn story_of(receiver: &Running) -> Vec<Outgoing> {
    receiver.story("outbound-answered", "udesk")
}

#[tokio::test]
async fn bodies_and_labels_must_be_as_expected() {
    let receiver = running(buggy(Bug::CrashesOnBadUtf8)).await;
    let push = story_of(&receiver).remove(0);
    let latin = with_body(&push, &b"{\"a\":\"\xe9\"}"[..]);
    assert_eq!(receiver.statuses(&[push, latin]).await, [200, 0]);

    let receiver = running(buggy(Bug::CrashesOnBom)).await;
    let push = story_of(&receiver).remove(0);
    let marked = with_body(&push, [b"\xef\xbb\xbf", &push.body[..]].concat());
    assert_eq!(receiver.statuses(&[push, marked]).await, [200, 500]);

    let receiver = running(buggy(Bug::CrashesOnEmptyBody)).await;
    let push = story_of(&receiver).remove(0);
    assert_eq!(receiver.statuses(&[push.clone(), with_body(&push, "")]).await, [200, 0]);

    let receiver = running(buggy(Bug::CrashesOnLargeBody)).await;
    let push = story_of(&receiver).remove(0);
    assert_eq!(receiver.statuses(&[push.clone(), with_body(&push, vec![b' '; 70_000])]).await, [200, 0]);

    let receiver = running(buggy(Bug::TrustsContentLength)).await;
    let push = story_of(&receiver).remove(0);
    assert_eq!(receiver.statuses(std::slice::from_ref(&push)).await, [200]);
    let short = ConnectionFault::ShortLength(ShortLength { by_bytes: 10 });
    assert_eq!(receiver.bent(&push, short).await.map(|(status, _)| status), Some(500));

    let receiver = running(buggy(Bug::AcceptsBadJson)).await;
    let push = story_of(&receiver).remove(0);
    let bad = with_body(&push, "{'a': 1,}");
    assert_eq!(receiver.statuses(&[push.clone(), bad, push]).await, [200, 200, 500]);

    let receiver = running(buggy(Bug::NeedsUtf8Label)).await;
    let push = story_of(&receiver).remove(0);
    let mut statuses = Vec::new();
    for label in ["application/json;charset=UTF-8", "application/json; charset=gbk", "text/plain"] {
        let headers = vec![("Content-Type".to_owned(), label.to_owned())];
        statuses.extend(receiver.statuses(&[Outgoing { headers, ..push.clone() }]).await);
    }
    assert_eq!(statuses, [200, 415, 415]);
}

#[tokio::test]
async fn the_network_must_bring_it_at_once_and_over_one_connection() {
    let receiver = running(buggy(Bug::ReadsOneSegment)).await;
    let push = story_of(&receiver).remove(0);
    assert_eq!(receiver.statuses(std::slice::from_ref(&push)).await, [200]);
    let stall = ConnectionFault::Stall(Stall { pause: Duration::from_millis(100) });
    assert_eq!(receiver.bent(&push, stall).await.map(|(status, _)| status), Some(500));

    let receiver = running(buggy(Bug::DecodesEachSegment)).await;
    let push = story_of(&receiver).remove(0);
    let split = ConnectionFault::SplitUtf8(SplitUtf8 { splits: 1, pause: Duration::from_millis(50) });
    assert_eq!(receiver.statuses(std::slice::from_ref(&push)).await, [200]);
    assert_eq!(receiver.bent(&push, split).await.map(|(status, _)| status), Some(500));

    let receiver = running(buggy(Bug::SingleConnection)).await;
    let push = story_of(&receiver).remove(0);
    let anew = ConnectionFault::NewConnectionEach(NewConnectionEach);
    // The first gives its place back when it is closed; the second is kept, and the third finds it taken.
    assert_eq!(receiver.bent(&push, anew).await.map(|(status, _)| status), Some(200));
    assert_eq!(receiver.statuses(std::slice::from_ref(&push)).await, [200]);
    assert_eq!(receiver.bent(&push, anew).await.map(|(status, _)| status), Some(503));
    assert_eq!(receiver.statuses(std::slice::from_ref(&push)).await, [200]);
}

#[tokio::test]
async fn a_good_receiver_takes_what_only_looks_strange() {
    use ringback::faults::connection::{HalfClose, Pipelined, Place, SlowRead, Trickle};
    let receiver = running(Behaviour::Ok).await;
    let slow = running(Behaviour::Slow { delay: Duration::from_millis(150) }).await;
    for fault in [
        ConnectionFault::HalfClose(HalfClose { place: Place::After }),
        ConnectionFault::Trickle(Trickle { bytes_per_second: 20_000 }),
        ConnectionFault::Stall(Stall { pause: Duration::from_millis(50) }),
        ConnectionFault::SplitUtf8(SplitUtf8 { splits: 1, pause: Duration::from_millis(50) }),
        ConnectionFault::Pipelined(Pipelined { copies: 2 }),
        ConnectionFault::SlowRead(SlowRead { bytes_per_second: 2_000 }),
        ConnectionFault::NewConnectionEach(NewConnectionEach),
    ] {
        for receiver in [&receiver, &slow] {
            let push = story_of(receiver).remove(0);
            let status = receiver.bent(&push, fault).await.map(|(status, _)| status);
            assert_eq!(status, Some(200), "{}", fault.name());
        }
    }
}
