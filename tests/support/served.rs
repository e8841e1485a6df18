//! What the tests of the journal and of the query APIs share: rows told as events, a server on loopback, a client for it.
#![allow(dead_code, reason = "each test binary uses its own part")]
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use ringback::delivery::{Stopper, stop};
use ringback::event::{DeliveryId, EVENT_FORMAT, FailureClass, Phase, RunEvent, Story, Timing};
use ringback::journal::Journal;
use ringback::query::ApiSettings;
use ringback::report::Report;
use ringback::serve::{Config, Server};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// When every run of these tests starts: 10:00 in Beijing.
pub const START: &str = "2026-04-20T02:00:00Z";
/// What the servers of these tests take for now: noon in Beijing, three days later.
pub const NOW: &str = "2026-04-23T04:00:00Z";
pub const ACCOUNT: &str = "7000002";

pub fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// One attempt with its end.
#[derive(Clone)]
pub struct Row {
    pub vendor: &'static str,
    pub push: String,
    pub account: String,
    pub conversation: String,
    pub number: u32,
    pub attempt: u32,
    /// From the start, when the push was due; the attempt leaves then and lasts 100 ms.
    pub offset: Duration,
    pub due: Duration,
    pub delay: Duration,
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// The status and the body of the answer; what went wrong where none came.
    pub reply: Result<(u16, String), String>,
}

impl Row {
    /// Push number `number` of the type `push`, `offset` seconds after the start, acknowledged by `ok`.
    pub fn new(number: u32, push: &str, offset: u64) -> Self {
        let offset = Duration::from_secs(offset);
        Self {
            vendor: "tinet",
            push: push.into(),
            account: ACCOUNT.into(),
            conversation: format!("sip-33-1776650400.{number}"),
            number,
            attempt: 1,
            offset,
            due: offset,
            delay: Duration::ZERO,
            method: "POST",
            url: "http://127.0.0.1:9/hook".into(),
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: r#"{"event":"status","cno":"8702"}"#.into(),
            reply: Ok((200, "ok".into())),
        }
    }

    fn delivery(&self) -> DeliveryId {
        DeliveryId {
            scenario: "told".into(),
            push: format!("{}:{}", self.vendor, self.push),
            call: "3f2a".into(),
            number: self.number,
            target: 1,
        }
    }

    pub fn began(&self) -> RunEvent {
        RunEvent::Attempted {
            delivery: self.delivery(),
            attempt: self.attempt,
            attempts_max: 4,
            offset: self.offset,
            at: String::new(),
            due: self.due,
            began_ms: 1,
            timeout: Duration::from_secs(3),
            account: self.account.clone(),
            conversation: self.conversation.clone(),
            delay: self.delay,
            method: self.method,
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            faults: Vec::new(),
            spoilt: false,
        }
    }

    pub fn ended(&self) -> RunEvent {
        let timing = Timing { total: Duration::from_millis(100), ..Timing::default() };
        let (delivery, attempt) = (self.delivery(), self.attempt);
        match &self.reply {
            Ok((status, body)) => RunEvent::Replied {
                delivery,
                attempt,
                status: *status,
                headers: Vec::new(),
                body: body.clone(),
                truncated: false,
                version: None,
                remark: None,
                timing,
                acknowledged: *status == 200,
                reason: None,
                warning: None,
            },
            Err(message) => RunEvent::Failed {
                delivery,
                attempt,
                class: FailureClass::Timeout,
                phase: Phase::FirstByte,
                message: message.clone(),
                timing,
            },
        }
    }
}

pub fn started() -> RunEvent {
    RunEvent::Started {
        format: EVENT_FORMAT,
        ringback: "test",
        seed: u64::MAX,
        start: START.into(),
        pace: "fast".into(),
        targets: Vec::new(),
        built_in_receiver: false,
    }
}

pub fn recorded(id: &str, at: &str, record: Value) -> RunEvent {
    RunEvent::Recorded {
        story: Story { scenario: "told".into(), vendor: "tpns" },
        offset: Duration::ZERO,
        why: String::new(),
        account: String::new(),
        id: id.into(),
        at_ms: instant(at).as_millisecond(),
        record,
    }
}

/// A journal with these rows, as one run told them.
pub fn write(path: &Path, rows: &[Row]) {
    let mut journal = Journal::open(path).unwrap();
    journal.event(&started()).unwrap();
    for row in rows {
        journal.event(&row.began()).unwrap();
        journal.event(&row.ended()).unwrap();
    }
}

/// A server on a free port, with a journal in a folder of its own.
pub struct Served {
    pub address: SocketAddr,
    pub folder: TempDir,
    stopper: Stopper,
    task: JoinHandle<()>,
}

pub struct Asked {
    pub access_keys: &'static [&'static str],
    pub options: &'static [&'static str],
    pub now: Option<&'static str>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { access_keys: &[], options: &[], now: Some(NOW) }
    }
}

impl Served {
    pub async fn with(asked: Asked, fill: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal");
        fill(&journal);
        let options = asked.options.iter().map(|option| {
            let (path, value) = option.split_once('=').unwrap();
            let (vendor, name) = path.split_once('.').unwrap();
            [vendor, name, value]
        });
        let settings = ApiSettings::read(options).unwrap();
        let config = Config {
            headers: Vec::new(),
            listen: "127.0.0.1:0".parse().unwrap(),
            journal,
            target: None,
            token: None,
            allowed_hosts: Vec::new(),
            names: Vec::new(),
            access_keys: asked.access_keys.iter().map(|key| key.parse().unwrap()).collect(),
            now: asked.now.map(instant),
            settings,
        };
        let server = Server::bind(config).await.unwrap();
        let address = server.local_addr();
        let (stopper, ear) = stop();
        let task = tokio::spawn(async move { server.run(ear.requested()).await });
        Self { address, folder, stopper, task }
    }

    pub async fn client(&self) -> Client {
        Client::to(self.address).await
    }

    /// Ends the server, which has to end within its own limit.
    pub async fn end(self) {
        self.stopper.stop();
        tokio::time::timeout(Duration::from_secs(10), self.task).await.unwrap().unwrap();
    }

    /// Sends these bytes and reads until the server hangs up.
    pub async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        tokio::time::timeout(Duration::from_secs(30), read).await.unwrap().unwrap();
        String::from_utf8(answer).unwrap()
    }
}

/// One kept connection.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    address: SocketAddr,
}

pub struct Answer {
    pub status: u16,
    pub text: String,
    pub json: Value,
}

impl Client {
    pub async fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(async move { drop(connection.await) });
        Self { sender, address }
    }

    pub async fn ask(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = hyper::Request::builder().method(method).uri(target);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.header("Host", self.address.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body))).unwrap();
        self.sender.ready().await.unwrap();
        let response = self.sender.send_request(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, text, json }
    }
}
