//! Odd answers are judged under load as `run` judges them: by the same words, acknowledged, refused or broken.

use super::{asked, calls};
use crate::support::raw::{Does, Receiver};
use flate2::Compression;
use flate2::write::GzEncoder;
use ringback::clock::Pace;
use ringback::delivery::{Transport, Trust, deliver, stop};
use ringback::event::RunEvent;
use ringback::load::figures::failure_name;
use ringback::load::{Calls, Load, Told, run};
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};

/// The vendor looks for a word in the body.
const STORY: &str = "title: test
call: { kind: outbound }
vendors: [tinet]
options:
  tinet: { method: POST, success: body_contains, success_text: 成功 }
deliver: { timeout: TIMEOUT, retry: none }
script:
  - ring: agent
  - answer: agent
  - ring: customer
  - answer: customer
  - wait: 30s
  - hangup: agent
";

fn leak(bytes: Vec<u8>) -> &'static [u8] {
    Box::leak(bytes.into_boxed_slice())
}

fn with_length(head: &str, body: &[u8]) -> &'static [u8] {
    let head = format!("HTTP/1.1 200 OK\r\n{head}Content-Length: {}\r\n\r\n", body.len());
    leak([head.as_bytes(), body].concat())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn text(text: &str) -> &'static [u8] {
    leak(text.as_bytes().to_vec())
}

/// Every odd answer by its name.
fn answers() -> Vec<(&'static str, Does)> {
    let good = "{\"result\":\"成功\"}";
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{good}\r\n0\r\nX-After: 1\r\n\r\n",
        good.len()
    );
    let zipped = gzip(good);
    let chunk = format!("{:x}\r\n", zipped.len());
    let zipped_chunks = [
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
        chunk.as_bytes(),
        &zipped,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let (gbk, _, _) = encoding_rs::GBK.encode(good);
    let huge = [good.as_bytes(), &vec![b' '; 50_000_000]].concat();
    let late = [&vec![b' '; 2_000_000], good.as_bytes()].concat();
    let half = &gzip(&good.repeat(300))[..60];
    vec![
        ("plain", Does::Bytes(with_length("", good.as_bytes()))),
        ("the wrong word", Does::Bytes(with_length("", b"{}"))),
        ("gzip", Does::Bytes(with_length("Content-Encoding: gzip\r\n", &zipped))),
        ("gzip in chunks", Does::Bytes(leak(zipped_chunks))),
        ("gzip that breaks off", Does::Bytes(with_length("Content-Encoding: gzip\r\n", half))),
        ("an unknown encoding", Does::Bytes(with_length("Content-Encoding: zebra\r\n", good.as_bytes()))),
        ("gbk", Does::Bytes(with_length("Content-Type: application/json; charset=gbk\r\n", &gbk))),
        ("gbk without a word of it", Does::Bytes(with_length("", &gbk))),
        ("chunked", Does::Bytes(text(&chunked))),
        ("http/1.0", Does::BytesAndClose(text(&format!("HTTP/1.0 200 OK\r\n\r\n{good}")))),
        ("until the end", Does::BytesAndClose(text(&format!("HTTP/1.1 200 OK\r\n\r\n{good}")))),
        (
            "continue, hints, then the answer",
            Does::Bytes(leak(
                [
                    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                    with_length("", good.as_bytes()),
                ]
                .concat(),
            )),
        ),
        ("204", Does::Bytes(text("HTTP/1.1 204 No Content\r\n\r\n"))),
        ("304", Does::Bytes(text("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"))),
        (
            "500 with the word",
            Does::Bytes(text(&format!("HTTP/1.1 500 No\r\nContent-Length: {}\r\n\r\n{good}", good.len()))),
        ),
        ("fifty megabytes", Does::BytesAndClose(with_length("", &huge))),
        ("the word behind what is read", Does::BytesAndClose(with_length("", &late))),
        ("two lengths", Does::Bytes(text("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"))),
        ("no http", Does::BytesAndClose(text("SSH-2.0-OpenSSH_9.6\r\n"))),
        ("nothing", Does::Close),
        ("half a head", Does::BytesAndClose(text("HTTP/1.1 200 OK\r\nContent-"))),
        ("half a body", Does::BytesAndClose(text("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nab"))),
        (
            "a chunk without end",
            Does::BytesAndClose(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")),
        ),
        (
            "two lengths that agree in one line",
            Does::Bytes(text(&format!("HTTP/1.1 200 OK\r\nContent-Length: {0}, {0}\r\n\r\n{good}", good.len()))),
        ),
        (
            "two lengths that agree in two lines",
            Does::Bytes(text(&format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {0}\r\ncontent-length: {0}\r\n\r\n{good}",
                good.len()
            ))),
        ),
        ("two lengths in one line", Does::Bytes(text("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab"))),
        ("a length and nothing", Does::Bytes(text("HTTP/1.1 200 OK\r\nContent-Length: 2,\r\n\r\nab"))),
        ("an empty length", Does::Bytes(text("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nab"))),
        ("a length with a sign", Does::Bytes(text("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab"))),
        ("a length beyond all", Does::Bytes(text("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n"))),
        ("a head of 70 kB", Does::Bytes(with_length(&format!("X-Long: {}\r\n", "x".repeat(70_000)), good.as_bytes()))),
        ("a head of 60 kB", Does::Bytes(with_length(&format!("X-Long: {}\r\n", "x".repeat(60_000)), good.as_bytes()))),
        ("a head of 70 kB without end", Does::Bytes(text(&format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(70_000))))),
        ("256 headers", Does::Bytes(with_length(&"X-Many: x\r\n".repeat(255), good.as_bytes()))),
        ("257 headers", Does::Bytes(with_length(&"X-Many: x\r\n".repeat(256), good.as_bytes()))),
        ("status 000", Does::Bytes(text("HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n"))),
        ("status 099", Does::Bytes(text("HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n"))),
        ("status 600", Does::Bytes(text("HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n"))),
        ("status 999", Does::Bytes(text("HTTP/1.1 999 High\r\nContent-Length: 0\r\n\r\n"))),
        ("status 20", Does::Bytes(text("HTTP/1.1 20 Short\r\nContent-Length: 0\r\n\r\n"))),
        ("a status without a reason", Does::Bytes(text("HTTP/1.1 204\r\n\r\n"))),
        ("a status with a tab", Does::Bytes(text("HTTP/1.1\t200 OK\r\nContent-Length: 0\r\n\r\n"))),
        ("http/1.2", Does::Bytes(text("HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n"))),
        ("http/2.0", Does::Bytes(text("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"))),
        ("line feeds alone", Does::Bytes(text(&format!("HTTP/1.1 200 OK\nContent-Length: {}\n\n{good}", good.len())))),
        (
            "empty lines first",
            Does::Bytes(text(&format!("\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{good}", good.len()))),
        ),
        ("a header that goes on", Does::Bytes(text("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n"))),
        ("a blank before the colon", Does::Bytes(text("HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n"))),
        ("a header without a colon", Does::Bytes(text("HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n"))),
        ("a header with a NUL", Does::Bytes(text("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n"))),
        (
            "chunks and a length",
            Does::Bytes(text(&format!(
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{good}\r\n0\r\n\r\n",
                good.len()
            ))),
        ),
        (
            "chunked in the second line",
            Does::Bytes(text(&format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n{:x} \r\n{good}\r\n0\r\n\r\n",
                good.len()
            ))),
        ),
        (
            "not chunked at last",
            Does::BytesAndClose(text(&format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n{good}"))),
        ),
        ("chunked in http/1.0", Does::Bytes(text("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))),
        ("a chunk of no size", Does::Bytes(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nab\r\n"))),
        (
            "a chunk with a line feed alone",
            Does::Bytes(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nab\r\n")),
        ),
        (
            "a chunk that is too long",
            Does::Bytes(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n")),
        ),
        (
            "a chunk beyond all",
            Does::Bytes(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n")),
        ),
        (
            "a trailer that is no header",
            Does::Bytes(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nnothing\r\n\r\n")),
        ),
        (
            "an extension of 20 kB",
            Does::Bytes(text(&format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;{}\r\nab\r\n",
                "x".repeat(20_000)
            ))),
        ),
        ("more than was said", Does::BytesAndClose(text("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n成功 and more"))),
        (
            "205 with a body",
            Does::Bytes(text(&format!("HTTP/1.1 205 Reset\r\nContent-Length: {}\r\n\r\n{good}", good.len()))),
        ),
        ("101", Does::BytesAndClose(text("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"))),
        ("hints and then the end", Does::BytesAndClose(text("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"))),
        ("never", Does::Nothing),
    ]
}

/// A receiver whose answers are changed as the test goes on.
struct Changing {
    /// How many are answered as the vendor wants it before the odd answers come, and these.
    answers: Arc<Mutex<(usize, Does)>>,
    calls: Arc<dyn Calls>,
}

impl Changing {
    fn new(timeout: &str) -> Self {
        let good = with_length("", "成功".as_bytes());
        let answers = Arc::new(Mutex::new((0, Does::Close)));
        let given = answers.clone();
        let receiver = Receiver::new(move |_| {
            let (left, odd) = &mut *given.lock().unwrap();
            if *left == 0 {
                return *odd;
            }
            *left -= 1;
            Does::Bytes(good)
        });
        Self { calls: calls(&STORY.replace("TIMEOUT", timeout), "tinet", receiver.at), answers }
    }

    /// How the attempts of a run ended.
    async fn by_run(&self, does: Does) -> BTreeSet<String> {
        *self.answers.lock().unwrap() = (0, does);
        let plan = self.calls.plan(1, crate::support::plans::start()).unwrap();
        let mut found = BTreeSet::new();
        let mut hear = |event: RunEvent| {
            found.extend(ended(&event));
        };
        deliver(&plan, Pace::Fast, &Transport::new(Trust::System), &mut hear, &stop().1).await;
        found
    }

    /// How those of a load ended; its attempts are told with the same words.
    async fn by_load(&self, does: Does) -> BTreeSet<String> {
        let tried = self.calls.steps(1);
        *self.answers.lock().unwrap() = (tried, does);
        let load = Load { sample: 1, connections: 100, ..asked(self.calls.clone(), 20.0, 150) };
        let mut told = Vec::new();
        let outcome = run(&load, &mut |each| told.push(each), &stop().1).await;
        let total = outcome.figures.total();
        assert_eq!(total.planned, 3 * tried as u64, "{:?}", outcome.ended);
        assert!(total.adds_up() && total.sent + total.lost == total.planned, "{total:?}");
        let statuses = total.statuses.keys().map(|status| replied(*status, total.nacks == 0));
        let found: BTreeSet<String> = statuses.chain(total.failures.keys().cloned()).collect();
        let attempts = told.iter().filter_map(|told| match told {
            Told::Attempt(told) => told.events(&load),
            Told::Tick(_) | Told::Said(_) => None,
        });
        let told: BTreeSet<String> = attempts.flatten().filter_map(|event| ended(&event)).collect();
        assert_eq!(told, found, "what is told, and what is counted");
        found
    }
}

fn ended(event: &RunEvent) -> Option<String> {
    match event {
        RunEvent::Replied { status, acknowledged, .. } => Some(replied(*status, *acknowledged)),
        RunEvent::Failed { class, phase, .. } => Some(failure_name(*class, *phase)),
        _ => None,
    }
}

fn replied(status: u16, acknowledged: bool) -> String {
    format!("{status} {}", if acknowledged { "acknowledged" } else { "refused" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_answers_mean_the_same_under_load_and_in_a_run() {
    // Long enough for a machine that has much else to do.
    let (patient, hasty) = (Changing::new("10s"), Changing::new("200ms"));
    let (mut differences, mut all) = (Vec::new(), Vec::new());
    for (name, does) in answers() {
        let changing = if name == "never" { &hasty } else { &patient };
        let (run, load) = (changing.by_run(does).await, changing.by_load(does).await);
        if run != load {
            differences.push(format!("{name}: by run {run:?}, under load {load:?}"));
        }
        all.push((name, load));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let of = |name: &str| all.iter().find(|(known, _)| *known == name).unwrap().1.iter().cloned().collect::<Vec<_>>();
    for bad in [
        "a head of 70 kB",
        "a head of 70 kB without end",
        "257 headers",
        "status 000",
        "status 099",
        "two lengths in one line",
    ] {
        assert_eq!(of(bad), ["not_http/first_byte"], "{bad}");
    }
    for good in [
        "two lengths that agree in one line",
        "a head of 60 kB",
        "256 headers",
        "chunks and a length",
        "more than was said",
    ] {
        assert_eq!(of(good), ["200 acknowledged"], "{good}");
    }
    for good in ["plain", "gzip", "gzip in chunks", "gbk", "chunked", "http/1.0", "fifty megabytes"] {
        assert_eq!(of(good), ["200 acknowledged"], "{good}");
    }
    assert_eq!(of("the wrong word"), ["200 refused"]);
    assert_eq!(of("never"), ["timeout/first_byte"]);
}
