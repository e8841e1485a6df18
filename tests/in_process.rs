//! A run within a Rust test: judged as by the command, apart from every other run, gone when it is dropped.

use ringback::Ringback;
use ringback::clock::Pace;
use ringback::delivery::{Stopper, stop};
use ringback::diagnostic::Code;
use ringback::event::FailureClass;
use ringback::exit::Exit;
use ringback::in_process::{Answer, Judged, Scenario, Settled, SnapshotMode};
use ringback::receive::{Behaviour, Received, Receiver};
use ringback::vendors;
use tokio::sync::mpsc;

const AT: &str = "2026-03-02T09:30:00+08:00";

/// A receiver of the test's own.
struct Served {
    address: String,
    received: mpsc::UnboundedReceiver<Received>,
    stopper: Stopper,
}

async fn serve(behaviour: Behaviour) -> Served {
    let receiver = Receiver::bind(([127, 0, 0, 1], 0).into(), behaviour, vendors::ALL).await.unwrap();
    let address = format!("http://{}/hook", receiver.local_addr());
    let (stopper, stop) = stop();
    let (sender, received) = mpsc::unbounded_channel();
    let notice = move |request| drop(sender.send(request));
    tokio::spawn(async move { receiver.run(notice, stop.requested()).await });
    Served { address, received, stopper }
}

fn one(seed: u64) -> Ringback {
    Ringback::new().scenario("outbound-answered").vendor("udesk").seed(seed).at(AT)
}

fn bodies(judged: &Judged) -> Vec<&str> {
    judged.pushes.iter().flat_map(|push| &push.attempts).map(|tried| tried.body.as_str()).collect()
}

#[tokio::test]
async fn a_good_receiver_is_judged_good() {
    let judged = one(7).run().await.unwrap();
    judged.assert_ok();
    assert_eq!((judged.exit, judged.seed, judged.pushes.len()), (Exit::Good, 7, 4));
    assert!(judged.findings.is_empty() && judged.pushes.iter().all(|push| push.settled == Settled::Acknowledged));
    assert_eq!((judged.totals.acknowledged, judged.pushes_of("udesk:end").count()), (4, 1));
}

#[tokio::test]
async fn answers_are_held_against_snapshots() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    let play = |behaviour, mode| async move {
        let served = serve(behaviour).await;
        let run = one(7).retry("none").target(&served.address).snapshots(folder, mode);
        let judged = run.run().await.unwrap();
        drop(served);
        (judged.exit, judged.findings.iter().map(|found| found.code).collect::<Vec<_>>())
    };
    let files = || {
        let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        names.collect::<Vec<_>>()
    };
    assert_eq!(play(Behaviour::Ok, SnapshotMode::ReadOnly).await.0, Exit::PendingSnapshots);
    assert_eq!(files(), [""; 0], "nothing is written");
    assert_eq!(play(Behaviour::Ok, SnapshotMode::Write).await, (Exit::ReceiverFailed, vec![Code::SnapshotNew]));
    let pending = files();
    assert!(pending.len() == 1 && pending[0].ends_with(".snap.new"), "{pending:?}");
    let accepted = folder.join(pending[0].trim_end_matches(".new"));
    std::fs::rename(folder.join(&pending[0]), accepted).unwrap();
    assert_eq!(play(Behaviour::Ok, SnapshotMode::ReadOnly).await, (Exit::Good, vec![]));
    let (exit, codes) = play(Behaviour::NotJson, SnapshotMode::ReadOnly).await;
    assert!(exit == Exit::ReceiverFailed && codes.contains(&Code::SnapshotChanged), "{exit:?} {codes:?}");
}

#[tokio::test]
async fn a_bad_one_is_told_as_on_the_terminal() {
    let served = serve(Behaviour::Refuse).await;
    let judged = one(7).target(&served.address).retry("1s").run().await.unwrap();
    assert!(!judged.is_ok() && judged.exit == Exit::ReceiverFailed);
    assert_eq!(judged.findings.len(), 4);
    let push = &judged.pushes[0];
    assert_eq!((push.attempts.len(), push.status()), (2, Some(503)));
    assert!(matches!(&push.settled, Settled::GivenUp { excused: false, .. }));
    let Answer::Replied { body, acknowledged: false, .. } = &push.attempts[1].answer else { panic!("{push:?}") };
    assert!(body.contains("refuses everything"));
    let told = std::panic::catch_unwind(|| judged.assert_ok()).unwrap_err();
    let told = told.downcast_ref::<String>().unwrap();
    for part in
        ["(exit 1)", "RB-201 udesk:", "expected  ", "found     status 503", "curl --request", "--seed 7", ".seed(7)"]
    {
        assert!(told.contains(part), "{part}\n{told}");
    }
}

#[tokio::test]
async fn a_target_that_cannot_be_reached_is_judged_too() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let judged = one(7).target(format!("http://{closed}/")).run().await.unwrap();
    assert!(judged.exit == Exit::CannotGoOn && judged.unreachable.len() == 1);
    let Answer::Failed { class: FailureClass::Refused, .. } = &judged.pushes[0].attempts[0].answer else {
        panic!("{:?}", judged.pushes[0])
    };
    assert!(judged.pushes.iter().skip(1).all(|push| push.attempts.is_empty() && push.settled == Settled::Open));
    assert!(judged.to_string().contains("unreachable: "), "{judged}");
}

#[tokio::test]
async fn what_cannot_be_played_is_an_error_that_helps() {
    let text = "title: A call\ncall: { kind: outbund }\nscript: [ring: agent]\n";
    for (run, told) in [
        (Ringback::new().scenario("tranfser"), "did you mean `transfer`?"),
        (Ringback::new().scenario(Scenario::text(text)), "scenario text:2:"),
        (Ringback::new().vendor("udsk"), "did you mean `udesk`?"),
        (one(1).target("localhost:8080"), "http://"),
        (one(1).at("yesterday"), "2026-11-20"),
        (one(1).retry("5"), "no unit"),
        (one(1).set("udesk:end"), "udesk:end.survey="),
        (one(1).option("udesk.retri=true"), "did you mean `retry`?"),
        (one(1).faults("flaky"), "flaky-network"),
        (one(1).faults("flaky-network").target("http://192.0.2.1/"), "loopback"),
    ] {
        let error = run.run().await.unwrap_err().to_string();
        assert!(error.contains(told), "{told}\n{error}");
    }
}

#[tokio::test]
async fn a_fault_that_cannot_strike_is_an_error_unless_it_may_idle() {
    let folder = tempfile::tempdir().unwrap();
    let profile = |fault: &str| {
        let path = folder.path().join("fau\u{202e}lts.yaml");
        std::fs::write(&path, format!("faults:\n  - {{ fault: duplicate, {fault} }}\n")).unwrap();
        path.display().to_string()
    };
    for fault in ["push: \"7moor:*\"", "push: \"*\", call: \"9\""] {
        let error = one(7).faults(profile(fault)).run().await.unwrap_err().to_string();
        assert!(error.contains("RB-116") && error.contains(r"fau\u{202e}lts.yaml:2"), "{error}");
        let judged = one(7).strict(true).faults(profile(&format!("{fault}, may_idle: true"))).run().await.unwrap();
        let told = judged.to_string();
        assert!(judged.is_ok() && told.contains("idle faults: duplicate") && !told.contains('\u{202e}'), "{told:?}");
    }
}

#[tokio::test]
async fn a_strict_run_fails_where_something_was_never_exercised() {
    let text = "title: A call\ncall: { kind: outbound }\nscript: [ring: agent, answer: agent, ring: customer, decline: customer]\n";
    let expects = format!("{text}expect:\n  - {{ push: \"7moor:*\", status: 200 }}\n");
    let unstruck = format!("{text}faults:\n  - {{ fault: missing-header, push: \"*\", header: X-Not-There }}\n");
    for (text, code) in [(expects, Code::NeverJudged), (unstruck, Code::FaultNeverStruck)] {
        let run =
            |strict| Ringback::new().scenario(Scenario::text(&text)).vendor("udesk").seed(7).at(AT).strict(strict);
        run(false).run().await.unwrap().assert_ok();
        let judged = run(true).run().await.unwrap();
        let codes: Vec<Code> = judged.findings.iter().map(|found| found.code).collect();
        assert_eq!((judged.exit, codes), (Exit::ReceiverFailed, vec![code]), "{judged}");
    }
}

#[tokio::test]
async fn the_environment_is_what_the_test_says() {
    let text = "title: Signed\ncall: { kind: direct }\ndeliver: { sign: { scheme: hmac-sha256, header: X-Sign, secret: \"{env.PATH}\" } }\nscript: [ring: customer, answer: customer, hangup: agent]\n";
    let run = || Ringback::new().scenario(Scenario::text(text).called("signed")).vendor("udesk").seed(1).at(AT);
    let error = run().run().await.unwrap_err().to_string();
    assert!(error.contains("`PATH` is not set"), "{error}");
    let judged = run().variable("PATH", "key").run().await.unwrap();
    assert!(judged.is_ok() && judged.pushes[0].delivery.scenario == "signed");
}

#[tokio::test]
async fn two_runs_side_by_side_do_not_disturb_each_other() {
    let (mut good, bad) = (serve(Behaviour::Ok).await, serve(Behaviour::Refuse).await);
    let first = tokio::spawn(one(1).target(&good.address).run());
    let second = tokio::spawn(one(2).target(&bad.address).faults("impatient-vendor").run());
    let (first, second) = (first.await.unwrap().unwrap(), second.await.unwrap().unwrap());
    assert!(first.is_ok() && second.exit == Exit::ReceiverFailed);
    assert_eq!(first.pushes.len(), 4);
    let alone = one(1).target(&good.address).run().await.unwrap();
    assert_eq!(bodies(&first), bodies(&alone), "the same seed gives the same bytes, whatever runs beside it");
    assert_ne!(bodies(&first)[0], bodies(&second)[0]);
    let mut received = 0;
    while good.received.try_recv().is_ok() {
        received += 1;
    }
    assert_eq!(received, 8, "nothing of the other run came here");
}

#[tokio::test]
async fn a_run_that_is_dropped_sends_no_more() {
    let mut served = serve(Behaviour::Ok).await;
    let at_pace = |seed| one(seed).target(&served.address).pace(Pace::Times(500.0)).run();
    let run = tokio::spawn(at_pace(7));
    served.received.recv().await.unwrap();
    run.abort();
    assert!(run.await.unwrap_err().is_cancelled());
    // Takes as long as the rest of the first one would, so that what went on of that one would arrive meanwhile.
    let whole = tokio::spawn(at_pace(8)).await.unwrap().unwrap();
    served.stopper.stop();
    let mut received = Vec::new();
    while let Some(request) = served.received.recv().await {
        received.push(String::from_utf8(request.captured.body.to_vec()).unwrap());
    }
    assert_eq!(received, bodies(&whole), "only the second run");
}

#[tokio::test]
async fn the_receiver_that_is_built_in_ends_with_a_run_that_is_dropped() {
    let run = tokio::spawn(one(7).pace(Pace::Times(1.0)).run());
    tokio::task::yield_now().await;
    run.abort();
    assert!(run.await.unwrap_err().is_cancelled());
    // The runtime of this test has nothing left to do: what would go on would be seen by its count of tasks.
    let metrics = tokio::runtime::Handle::current().metrics();
    for _ in 0..1_000 {
        if metrics.num_alive_tasks() == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{} tasks go on", metrics.num_alive_tasks());
}
