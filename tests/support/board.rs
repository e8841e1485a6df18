//! A server of the control API on loopback, a client for it that holds every answer against the document, and a reader of its event streams.
#![allow(dead_code, reason = "each test binary uses its own part")]
use super::document;
use super::served::{Answer, Client};
use ringback::delivery::{Stopper, stop};
use ringback::query::ApiSettings;
use ringback::serve::{Config, Server};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// How long something may take before the test calls it hung.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A server on a free port, with a journal in a folder of its own.
pub struct Board {
    pub address: SocketAddr,
    pub folder: TempDir,
    stopper: Stopper,
    task: JoinHandle<()>,
}

impl Board {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            headers: Vec::new(),
            listen: "127.0.0.1:0".parse().unwrap(),
            journal: folder.path().join("journal"),
            target: None,
            token: None,
            allowed_hosts: Vec::new(),
            names: Vec::new(),
            access_keys: Vec::new(),
            now: None,
            settings: ApiSettings::read([]).unwrap(),
        };
        change(&mut config);
        let server = Server::bind(config).await.unwrap();
        let address = server.local_addr();
        let (stopper, ear) = stop();
        let task = tokio::spawn(async move { server.run(ear.requested()).await });
        Self { address, folder, stopper, task }
    }

    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    pub async fn client(&self) -> Client {
        Client::to(self.address).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.client().await.ask("GET", path, &[], b"").await;
        document::hold("GET", path, answer.status, &answer.json, &answer.text);
        answer
    }

    /// Asks, and expects 200.
    pub async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, body).await
    }

    pub async fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = body.to_string();
        let json = [("Content-Type", "application/json")];
        let answer = self.client().await.ask(method, path, &json, body.as_bytes()).await;
        document::hold(method, path, answer.status, &answer.json, &answer.text);
        answer
    }

    /// Sends this head, completed, and this body, and reads the answer as text.
    pub async fn raw(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let text = format!("{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n{body}");
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        tokio::time::timeout(PATIENCE, read).await.expect("an end in time").unwrap();
        String::from_utf8(answer).unwrap()
    }

    /// Starts a run; its id.
    pub async fn run(&self, request: Value) -> String {
        let answer = self.post("/api/runs", request).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json["id"].as_str().unwrap().to_owned()
    }

    /// Starts a run and waits until it is over; what it came to.
    pub async fn played(&self, request: Value) -> Value {
        let id = self.run(request).await;
        self.over(&id).await
    }

    /// Waits until a run is over; what it came to.
    pub async fn over(&self, id: &str) -> Value {
        let mut events = self.events(&format!("/api/runs/{id}/events"), &[]).await;
        while events.next().await.is_some() {}
        self.read(&format!("/api/runs/{id}")).await
    }

    /// Does something to a run that has to succeed.
    pub async fn told(&self, id: &str, what: &str, body: Value) -> Value {
        let answer = self.post(&format!("/api/runs/{id}/{what}"), body.clone()).await;
        assert_eq!(answer.status, 200, "{what} {body}: {}", answer.text);
        answer.json
    }

    pub async fn step(&self, id: &str, step: &str) -> Value {
        self.told(id, "steps", json!({ "step": step })).await
    }

    pub async fn events(&self, path: &str, headers: &[(&str, &str)]) -> Events {
        Events::of(self.address, path, headers).await
    }

    /// Asks for the end.
    pub fn stop(&self) {
        self.stopper.stop();
    }

    /// Ends the server, which has to end within its own limits.
    pub async fn end(self) -> TempDir {
        self.stopper.stop();
        tokio::time::timeout(Duration::from_secs(10), self.task).await.unwrap().unwrap();
        self.folder
    }
}

/// An event stream that is read.
pub struct Events {
    pub status: u16,
    reader: BufReader<TcpStream>,
    /// The id of the last event.
    pub id: String,
}

impl Events {
    pub async fn of(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{more}\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut events = Self { status: 0, reader: BufReader::new(stream), id: String::new() };
        let head = async {
            let first = events.line().await.unwrap();
            events.status = first.split(' ').nth(1).unwrap().parse().unwrap();
            while !events.line().await.unwrap().is_empty() {}
        };
        tokio::time::timeout(PATIENCE, head).await.expect("a head in time");
        events
    }

    /// The next event; none where the stream has ended. Lines that only keep the stream open are no events, however many.
    pub async fn next(&mut self) -> Option<Value> {
        tokio::time::timeout(PATIENCE, self.event()).await.expect("an event in time")
    }

    /// Sizes of chunks stand between the fields.
    async fn event(&mut self) -> Option<Value> {
        loop {
            let line = self.line().await?;
            if let Some(id) = line.strip_prefix("id: ") {
                self.id = id.to_owned();
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return Some(serde_json::from_str(data).unwrap());
            }
            if line == "0" {
                return None;
            }
        }
    }

    /// The next event of this kind.
    pub async fn until(&mut self, kind: &str) -> Value {
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("the stream ended without {kind}"));
            if event["event"] == kind {
                return event;
            }
        }
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.reader.read_line(&mut line).await {
            Ok(1..) => Some(line.trim_end().to_owned()),
            Ok(0) | Err(_) => None,
        }
    }
}
