//! The bare limit: the same requests, rendered beforehand, by the smallest loop that speaks HTTP/1.1 at all. It measures
//! nothing but their number.

use crate::args::Args;
use crate::machine;
use crate::receiver::ANSWER;
use crate::sender;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use ringback::load::Calls;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// How many different requests are rendered.
const REQUESTS: usize = 4096;

pub fn run(args: &Args) -> Result<(), String> {
    let story = sender::story(args, 0)?;
    let requests: Vec<Vec<u8>> = (0..REQUESTS)
        .map(|n| {
            let mut request = Vec::new();
            story.render(1000 + n as u64, 0, 0, 1, sender::START, &mut request);
            request
        })
        .collect();
    let before = machine::cpu();
    let sent = send(args, &requests).map_err(|error| format!("to {}: {error}", args.addr))?;
    let cpu = machine::cpu().saturating_sub(before);
    println!("pushes {sent}");
    println!("pushes_per_second {:.0}", sent as f64 / args.lasting().as_secs_f64());
    println!("cpu_us_per_push {:.2}", cpu.as_secs_f64() * 1e6 / sent.max(1) as f64);
    Ok(())
}

fn send(args: &Args, requests: &[Vec<u8>]) -> std::io::Result<u64> {
    let mut poll = Poll::new()?;
    let mut streams = Vec::new();
    for index in 0..args.connections {
        let stream = std::net::TcpStream::connect(args.addr)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        poll.registry().register(&mut stream, Token(index), Interest::READABLE)?;
        streams.push(stream);
    }
    let (mut sent, mut next, mut buffer) = (0_u64, 0, vec![0; 64 * 1024]);
    let mut write = |stream: &mut TcpStream| {
        next = (next + 1) % requests.len();
        // 2.5 KB into an empty socket buffer go at once.
        stream.write_all(&requests[next])
    };
    for stream in &mut streams {
        write(stream)?;
    }
    let mut events = Events::with_capacity(512);
    let until = Instant::now() + args.lasting();
    while Instant::now() < until {
        poll.poll(&mut events, Some(Duration::from_millis(100)))?;
        for event in &events {
            let stream = &mut streams[event.token().0];
            match stream.read(&mut buffer) {
                Ok(count) if count == ANSWER.len() => {
                    sent += 1;
                    write(stream)?;
                }
                Ok(count) => return Err(std::io::Error::other(format!("an answer of {count} bytes"))),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(sent)
}
