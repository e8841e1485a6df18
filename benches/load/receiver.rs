//! A minimal receiver: one thread, sockets that never block, one answer for everything.

use crate::args::Args;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
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
    while Instant::now() < until {
        poll.poll(&mut events, Some(Duration::from_millis(100)))?;
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
            if let Some(peer) = place
                && !hear(peer, &mut buffer, &mut answered)
            {
                *place = None;
            }
        }
    }
    println!("answered {answered}");
    Ok(())
}

/// Answers every whole request; false where the peer has gone.
fn hear(peer: &mut Peer, buffer: &mut [u8], answered: &mut u64) -> bool {
    loop {
        let count = match peer.stream.read(buffer) {
            Ok(0) => return false,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
            Err(_) => return false,
        };
        let mut whole = 0;
        if peer.part.is_empty() {
            while let Some(length) = request_length(&buffer[whole..count]) {
                whole += length;
                *answered += 1;
                if peer.stream.write_all(ANSWER).is_err() {
                    return false;
                }
            }
            peer.part.extend_from_slice(&buffer[whole..count]);
        } else {
            peer.part.extend_from_slice(&buffer[..count]);
            while let Some(length) = request_length(&peer.part) {
                peer.part.drain(..length);
                *answered += 1;
                if peer.stream.write_all(ANSWER).is_err() {
                    return false;
                }
            }
        }
        if count < buffer.len() {
            return true;
        }
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
