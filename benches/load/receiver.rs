//! A minimal receiver: one thread, sockets that never block, one answer for everything.

use crate::args::Args;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// What it answers.
pub const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

struct Peer {
    stream: TcpStream,
    /// What has come of a request that is not whole.
    part: Vec<u8>,
}

pub fn run(args: &Args) -> Result<(), String> {
    serve(args).map_err(|error| format!("the receiver on {}: {error}", args.addr))
}

fn serve(args: &Args) -> std::io::Result<()> {
    let mut poll = Poll::new()?;
    let mut listener = TcpListener::bind(args.addr)?;
    poll.registry().register(&mut listener, Token(usize::MAX), Interest::READABLE)?;
    println!("listening on {}", listener.local_addr()?);
    let (mut peers, mut events) = (Vec::<Option<Peer>>::new(), Events::with_capacity(512));
    let (mut buffer, mut answered) = (vec![0; 256 * 1024], 0_u64);
    let until = Instant::now() + args.lasting();
    let mut late = Late::new(args);
    while Instant::now() < until {
        poll.poll(&mut events, Some(late.patience()))?;
        answered += late.answer(&mut peers);
        for event in &events {
            if event.token() == Token(usize::MAX) {
                while let Ok((mut stream, _)) = listener.accept() {
                    let _ = stream.set_nodelay(true);
                    poll.registry().register(&mut stream, Token(peers.len()), Interest::READABLE)?;
                    peers.push(Some(Peer { stream, part: Vec::new() }));
                }
                continue;
            }
            let place = &mut peers[event.token().0];
            let heard = place.as_mut().map(|peer| hear(peer, &mut buffer)).unwrap_or_default();
            if late.is_wanted() {
                late.take(event.token().0, heard.requests);
            } else if let Some(peer) = place
                && heard.requests > 0
            {
                answered += heard.requests;
                if !peer.answer(heard.requests) {
                    *place = None;
                    continue;
                }
            }
            if heard.is_gone {
                *place = None;
                if answered > 0 && peers.iter().all(Option::is_none) {
                    // Whoever sends is through, and can be held to it.
                    println!("answered {answered}");
                }
            }
        }
    }
    println!("answered {answered}");
    Ok(())
}

impl Peer {
    /// Answers so many requests; false where the peer has gone.
    fn answer(&mut self, requests: u64) -> bool {
        (0..requests).all(|_| self.stream.write_all(ANSWER).is_ok())
    }
}

/// What has come from a peer.
#[derive(Default)]
struct Heard {
    requests: u64,
    is_gone: bool,
}

/// Counts the whole requests.
fn hear(peer: &mut Peer, buffer: &mut [u8]) -> Heard {
    let mut requests = 0;
    loop {
        let count = match peer.stream.read(buffer) {
            Ok(0) => return Heard { requests, is_gone: true },
            Ok(count) => count,
            Err(error) => return Heard { requests, is_gone: error.kind() != ErrorKind::WouldBlock },
        };
        let mut whole = 0;
        if peer.part.is_empty() {
            while let Some(length) = request_length(&buffer[whole..count]) {
                whole += length;
                requests += 1;
            }
            peer.part.extend_from_slice(&buffer[whole..count]);
        } else {
            peer.part.extend_from_slice(&buffer[..count]);
            while let Some(length) = request_length(&peer.part) {
                peer.part.drain(..length);
                requests += 1;
            }
        }
        if count < buffer.len() {
            return Heard { requests, is_gone: false };
        }
    }
}

/// How long after the first request the stall begins.
const STALL_BEGINS: Duration = Duration::from_secs(4);

/// Answers that take their time, and a stall in which nothing is heard nor answered.
struct Late {
    answer_after: Duration,
    stall: Duration,
    stall_at: Option<Instant>,
    /// When which peer gets so many answers, in order.
    due: VecDeque<(Instant, usize, u64)>,
}

impl Late {
    fn new(args: &Args) -> Self {
        let (answer_after, stall) = (Duration::from_secs_f64(args.answer_after), Duration::from_secs_f64(args.stall));
        Self { answer_after, stall, stall_at: None, due: VecDeque::new() }
    }

    fn is_wanted(&self) -> bool {
        !self.answer_after.is_zero() || !self.stall.is_zero()
    }

    /// How long the system may be waited for: not at all, where time must be exact. It has a core of its own.
    fn patience(&self) -> Duration {
        if self.is_wanted() { Duration::ZERO } else { Duration::from_millis(100) }
    }

    fn take(&mut self, peer: usize, requests: u64) {
        if requests > 0 {
            let now = Instant::now();
            self.stall_at.get_or_insert(now + STALL_BEGINS);
            self.due.push_back((now + self.answer_after, peer, requests));
        }
    }

    /// Gives the answers that are due, and stalls when it is time; how many they were.
    fn answer(&mut self, peers: &mut [Option<Peer>]) -> u64 {
        let mut answered = 0;
        if self.stall_at.is_some_and(|at| Instant::now() >= at) {
            std::thread::sleep(std::mem::take(&mut self.stall));
            println!("stalled {:.3} s", self.stall_at.map_or(0.0, |at| at.elapsed().as_secs_f64()));
            self.stall_at = self.stall_at.map(|at| at + Duration::from_secs(24 * 60 * 60));
        }
        while let Some((at, number, requests)) = self.due.front().copied()
            && Instant::now() >= at
        {
            self.due.pop_front();
            if let Some(peer) = &mut peers[number]
                && !peer.answer(requests)
            {
                peers[number] = None;
            }
            answered += requests;
        }
        answered
    }
}

/// How long the first request is; none where it is not whole.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut headers);
    let head = match request.parse(bytes).ok()? {
        httparse::Status::Complete(head) => head,
        httparse::Status::Partial => return None,
    };
    let length = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body: usize = length.and_then(|length| std::str::from_utf8(length.value).ok()?.parse().ok()).unwrap_or(0);
    (bytes.len() >= head + body).then_some(head + body)
}
