//! How a connection begins and ends: refuse, reset, half-close, abandon, pipelined, slow-read, new-connection-each.

use super::recorder::{Answers, End, OK, Recorder, bent, failure, outgoing, play, reply, request};
use crate::support::wire::{bounded, request as read_request, server};
use ringback::delivery::{AttemptOutcome, Outgoing, Transport, Trust, intent};
use ringback::event::{FailureClass, Phase};
use ringback::faults::connection::{
    Abandon, Connection, ConnectionFault, HalfClose, NewConnectionEach, Pipelined, Place, Refuse, Reset, SlowRead,
};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::sync::oneshot;

#[tokio::test]
async fn refuse_opens_nothing() {
    let mut recorder = Recorder::start(Answers::Never).await;
    let played = play(&outgoing(recorder.address), &[ConnectionFault::Refuse(Refuse)]).await;
    let failure = failure(&played);
    assert_eq!((failure.class, failure.phase), (FailureClass::Fault, Phase::Connect));
    assert_eq!(failure.message, "the fault `refuse` kept the connection from being opened");
    // The target may well be there, so a run does not end over it.
    assert!(!failure.is_unreached());
    assert_eq!(played.evidence, "no connection was opened");
    // A connection that is opened now is the first that the listener sees.
    play(&outgoing(recorder.address), &[ConnectionFault::Abandon(Abandon)]).await;
    assert!(!recorder.next().await.bytes().is_empty());
    assert!(recorder.is_silent());
}

#[tokio::test]
async fn reset_comes_before_in_the_middle_of_or_after_the_request() {
    for (place, when, phase) in [
        (Place::Before, "before the request", Phase::Write),
        (Place::Middle, "in the middle of the request", Phase::Write),
        (Place::After, "after the request", Phase::FirstByte),
    ] {
        let mut recorder = Recorder::start(Answers::Never).await;
        let outgoing = outgoing(recorder.address);
        let played = play(&outgoing, &[ConnectionFault::Reset(Reset { place })]).await;
        let recorded = recorder.next().await;
        assert_eq!(recorded.end, End::Rst, "{place:?}");
        let whole = request(&outgoing);
        let half = whole.len() - outgoing.body.len() + outgoing.body.len() / 2;
        let (sent, evidence) = match place {
            Place::Before => (0, format!("sent 0 of {} bytes, then RST", whole.len())),
            Place::Middle => (half, format!("sent {half} of {} bytes, then RST", whole.len())),
            Place::After => (whole.len(), format!("sent all {} bytes, then RST", whole.len())),
        };
        assert_eq!(recorded.bytes(), whole[..sent], "{place:?}");
        assert_eq!(played.evidence, evidence);
        let plan = outgoing.wire_plan(&bent(&[ConnectionFault::Reset(Reset { place })])).unwrap();
        assert_eq!(intent(&plan), evidence.replace("sent", "sends"));
        assert_eq!(plan.transcript(), whole[..sent]);
        let failure = failure(&played);
        assert_eq!((failure.class, failure.phase), (FailureClass::Fault, phase));
        assert_eq!(failure.message, format!("the fault `reset` broke the connection off {when}"));
    }
}

#[tokio::test]
async fn half_close_sends_a_fin_and_still_reads_the_answer() {
    let mut recorder = Recorder::start(Answers::AtFin(OK.to_vec())).await;
    let outgoing = outgoing(recorder.address);
    let played = play(&outgoing, &[ConnectionFault::HalfClose(HalfClose { place: Place::After })]).await;
    let recorded = recorder.next().await;
    assert_eq!((recorded.bytes(), recorded.end), (request(&outgoing), End::Fin));
    // The answer was written after the FIN, and it was read.
    assert_eq!(recorded.answered_at_bytes, Some(request(&outgoing).len()));
    assert_eq!((reply(&played).status, &reply(&played).body[..]), (200, &b"ok"[..]));
    assert_eq!(played.evidence, format!("sent all {} bytes, then FIN; 1 answer", request(&outgoing).len()));
}

#[tokio::test]
async fn half_close_in_the_middle_keeps_the_rest() {
    let mut recorder = Recorder::start(Answers::Never).await;
    let outgoing = outgoing(recorder.address);
    let played = play(&outgoing, &[ConnectionFault::HalfClose(HalfClose { place: Place::Middle })]).await;
    let recorded = recorder.next().await;
    let half = request(&outgoing).len() - outgoing.body.len() + outgoing.body.len() / 2;
    assert_eq!((recorded.bytes().len(), recorded.end), (half, End::Fin));
    assert_eq!(failure(&played).class, FailureClass::Closed);
    assert_eq!(played.evidence, format!("sent {half} of {} bytes, then FIN; no answer", request(&outgoing).len()));
}

#[tokio::test]
async fn abandon_sends_all_and_goes_before_any_answer() {
    let mut recorder = Recorder::start(Answers::Never).await;
    let outgoing = outgoing(recorder.address);
    let played = play(&outgoing, &[ConnectionFault::Abandon(Abandon)]).await;
    let recorded = recorder.next().await;
    assert_eq!((recorded.bytes(), recorded.end), (request(&outgoing), End::Fin));
    let failure = failure(&played);
    assert_eq!((failure.class, failure.phase), (FailureClass::Fault, Phase::FirstByte));
    assert_eq!(played.evidence, format!("sent all {} bytes, then FIN without reading", request(&outgoing).len()));
}

/// Two answers of which the last counts.
const TWO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\n";

#[tokio::test]
async fn pipelined_sends_the_request_again_before_the_first_answer() {
    let address = "127.0.0.1:9".parse().unwrap();
    let length = request(&outgoing(address)).len();
    // Answered only when both have come; a different port may make the request a few bytes longer.
    let mut recorder = Recorder::start(Answers::After(2 * length, TWO.to_vec())).await;
    let outgoing = outgoing(recorder.address);
    let played = play(&outgoing, &[ConnectionFault::Pipelined(Pipelined { copies: 1 })]).await;
    let recorded = recorder.next().await;
    let whole = request(&outgoing);
    assert_eq!((recorded.bytes(), recorded.end), ([&whole[..], &whole].concat(), End::Fin));
    assert_eq!((reply(&played).status, &reply(&played).body[..]), (409, &b"2"[..]));
    let total = 2 * whole.len();
    assert_eq!(played.evidence, format!("sent all {total} bytes of 2 requests in 2 segments; 2 answers"));
}

#[tokio::test]
async fn a_receiver_may_close_after_the_first_of_the_requests_in_one_go() {
    // It answers one request, or none, and closes: by FIN, or by RST because the others are unread. Or it says that it
    // closes, and waits for the other end to do so.
    const CLOSES: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    for answer in [OK, b"", CLOSES] {
        let address = server(move |mut stream, connection| async move {
            read_request(&mut stream).await;
            stream.write_all(if connection > 0 { OK } else { answer }).await.unwrap();
            if answer == CLOSES {
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
        })
        .await;
        let played = play(&outgoing(address), &[ConnectionFault::Pipelined(Pipelined { copies: 2 })]).await;
        let (reply, answer) = (reply(&played), String::from_utf8_lossy(answer));
        assert_eq!(reply.status, 200, "{answer}");
        let remark = reply.remark.as_deref().unwrap_or_default();
        assert!(remark.starts_with("sent once more on a new connection: the receiver "), "{answer}: {remark}");
    }
}

#[tokio::test]
async fn a_receiver_that_loses_the_pipelined_request_is_found() {
    // Behind the first answer comes nothing, or what is not one: whichever it is, the others were not answered.
    for (answers, timeout, class) in [
        (&[OK][..], Duration::from_millis(100), FailureClass::Timeout),
        (&[OK, b"lost\r\n"], Duration::from_secs(30), FailureClass::NotHttp),
    ] {
        let address = server(move |mut stream, _| async move {
            read_request(&mut stream).await;
            stream.write_all(&answers.concat()).await.unwrap();
            // Whoever goes on waits for the other answers.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        })
        .await;
        let outgoing = Outgoing { timeout, ..outgoing(address) };
        let played = play(&outgoing, &[ConnectionFault::Pipelined(Pipelined { copies: 2 })]).await;
        let failure = failure(&played);
        assert_eq!(failure.class, class);
        // Whether the first was read in time is the machine's doing, where time is short.
        let is_told = failure.message.ends_with("; 1 of 3 requests in one go were answered");
        assert!(is_told || class == FailureClass::Timeout, "{}", failure.message);
    }
}

/// A server that answers a long body, with little room of its own for what is not read; it tells how much it could write
/// before nobody took more for a while, and goes on.
async fn long_winded(body: usize) -> (SocketAddr, oneshot::Receiver<usize>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(8192).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(8).unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, written) = oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {body}\r\n\r\n{}", "x".repeat(body));
        let mut taken = 0;
        while let Ok(Ok(count @ 1..)) =
            tokio::time::timeout(Duration::from_secs(10), stream.write(&answer.as_bytes()[taken..])).await
        {
            taken += count;
        }
        let _ = tell.send(taken);
        let _ = stream.write_all(&answer.as_bytes()[taken..]).await;
    });
    (address, written)
}

#[tokio::test]
async fn slow_read_takes_its_time_and_gets_the_whole_answer() {
    let (address, _written) = long_winded(60_000).await;
    let slow = [ConnectionFault::SlowRead(SlowRead { bytes_per_second: 100_000 })];
    let began = Instant::now();
    let played = play(&outgoing(address), &slow).await;
    assert_eq!(reply(&played).body.len(), 60_000);
    assert!(began.elapsed() >= Duration::from_millis(550), "{:?}", began.elapsed());
    assert!(played.evidence.ends_with("; 1 answer, read at 100000 bytes per second"), "{}", played.evidence);
}

#[tokio::test]
async fn slow_read_leaves_a_long_answer_in_the_receivers_hands() {
    const BODY: usize = 500_000;
    let (address, written) = long_winded(BODY).await;
    assert_eq!(reply(&play(&outgoing(address), &[]).await).body.len(), BODY);
    assert!(bounded(written).await.unwrap() > BODY, "whoever reads at once is given everything at once");

    let (address, written) = long_winded(BODY).await;
    let outgoing = Outgoing { timeout: Duration::from_millis(700), ..outgoing(address) };
    let slow = [ConnectionFault::SlowRead(SlowRead { bytes_per_second: 5000 })];
    let played = play(&outgoing, &slow).await;
    let taken = bounded(written).await.unwrap();
    assert!(taken < 100_000, "the receiver could write {taken} bytes although hardly anyone read them");
    let failure = failure(&played);
    assert_eq!((failure.class, failure.phase), (FailureClass::Timeout, Phase::Body));
}

#[tokio::test]
async fn new_connection_each_opens_one_and_closes_it_after_the_answer() {
    let mut recorder = Recorder::start(Answers::After(1, OK.to_vec())).await;
    let outgoing = outgoing(recorder.address);
    let transport = Transport::new(Trust::System);
    let mut connection = Connection::default();
    let mut draw = ringback::random::Keyed::new(42, "wire", 1).stream("faults");
    ConnectionFault::NewConnectionEach(NewConnectionEach).bend(&mut connection, &mut draw).unwrap();
    for _ in 0..3 {
        let played = bounded(transport.play(&outgoing, &connection)).await;
        assert_eq!(reply(&played).status, 200);
        // It has ended while the transport lives on.
        let recorded = recorder.next().await;
        assert_eq!((recorded.bytes(), recorded.end), (request(&outgoing), End::Fin));
    }
}

#[tokio::test]
async fn played_without_a_fault_the_bytes_are_those_of_the_clean_path() {
    let mut recorder = Recorder::start(Answers::After(1, OK.to_vec())).await;
    let outgoing = outgoing(recorder.address);
    let transport = Transport::new(Trust::System);
    let clean = bounded(transport.send(&outgoing)).await;
    drop(transport);
    let played = play(&outgoing, &[]).await;
    let (by_hyper, by_hand) = (recorder.next().await, recorder.next().await);
    assert_eq!(by_hyper.text(), by_hand.text());
    let AttemptOutcome::Replied { reply: clean, .. } = clean else { panic!("{clean:?}") };
    assert_eq!(&clean, reply(&played));
}
