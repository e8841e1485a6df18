//! A receiver of threads that answers what it is told to, as raw bytes.
#![allow(dead_code, reason = "each test binary uses its own part")]
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What a receiver does with the request number `n`, from 0, of a connection.
#[derive(Clone, Copy)]
pub enum Does {
    Answer(&'static str),
    AnswerAndClose(&'static str),
    /// The same for what is no text.
    Bytes(&'static [u8]),
    BytesAndClose(&'static [u8]),
    Close,
    Nothing,
}

/// What it mostly answers.
pub const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A receiver of threads: one for each connection.
pub struct Receiver {
    pub at: SocketAddr,
    pub bodies: Arc<Mutex<Vec<String>>>,
    pub connections: Arc<AtomicUsize>,
    open: Arc<AtomicBool>,
}

impl Receiver {
    pub fn new(does: impl Fn(usize) -> Does + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), does)
    }

    pub fn on(listener: TcpListener, does: impl Fn(usize) -> Does + Send + Sync + 'static) -> Self {
        let at = listener.local_addr().unwrap();
        let receiver =
            Self { at, bodies: Arc::default(), connections: Arc::default(), open: Arc::new(AtomicBool::new(true)) };
        let (bodies, connections, open) =
            (receiver.bodies.clone(), receiver.connections.clone(), receiver.open.clone());
        let (does, count) = (Arc::new(does), Arc::new(AtomicUsize::new(0)));
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if !open.load(Ordering::SeqCst) {
                    return;
                }
                connections.fetch_add(1, Ordering::SeqCst);
                let (bodies, does, count) = (bodies.clone(), does.clone(), count.clone());
                std::thread::spawn(move || serve(stream, &bodies, &*does, &count));
            }
        });
        receiver
    }

    /// Stops to listen; connections that are open go on.
    pub fn close(&self) {
        self.open.store(false, Ordering::SeqCst);
        let _ = TcpStream::connect(self.at);
    }

    pub fn count(&self) -> usize {
        self.bodies.lock().unwrap().len()
    }
}

fn serve(mut stream: TcpStream, bodies: &Mutex<Vec<String>>, does: &dyn Fn(usize) -> Does, count: &AtomicUsize) {
    let (mut have, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        while let Some(body) = request(&mut have) {
            bodies.lock().unwrap().push(body);
            match does(count.fetch_add(1, Ordering::SeqCst)) {
                Does::Answer(text) => stream.write_all(text.as_bytes()).unwrap_or_default(),
                Does::AnswerAndClose(text) => {
                    stream.write_all(text.as_bytes()).unwrap_or_default();
                    return;
                }
                Does::Bytes(bytes) => stream.write_all(bytes).unwrap_or_default(),
                Does::BytesAndClose(bytes) => {
                    stream.write_all(bytes).unwrap_or_default();
                    return;
                }
                Does::Close => return,
                Does::Nothing => {}
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => have.extend_from_slice(&buffer[..count]),
        }
    }
}

/// Takes one request from the bytes.
fn request(have: &mut Vec<u8>) -> Option<String> {
    let text = String::from_utf8_lossy(have).into_owned();
    let (head, behind) = text.split_once("\r\n\r\n")?;
    let lower = head.to_ascii_lowercase();
    let length: usize = lower.split("content-length: ").nth(1)?.lines().next()?.parse().unwrap();
    let body = behind.get(..length)?.to_owned();
    have.drain(..head.len() + 4 + length);
    Some(body)
}
