//! One end of a ZeroMQ connection: a DEALER that has connected to a ROUTER, without security, one frame a message (ZMTP 3.0,
//! rfc.zeromq.org/spec/23). What the messages say is not known here.
//!
//! It is our own and no crate's because of three things that the protocol leaves to whoever speaks it: that a message from
//! outside has a limit before memory is taken for it, that a lost connection is an error, and that a message is written
//! when `send` returns.

use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

/// The longest message that is read.
pub const MESSAGE_MAX_BYTES: u64 = 4 * 1024 * 1024;
/// How long connecting, with what is said before the first message, may take.
pub const CONNECT_MAX: Duration = Duration::from_secs(5);
/// How long writing a message may take.
pub const SEND_MAX: Duration = Duration::from_secs(5);

const GREETING_BYTES: usize = 64;
const SIGNATURE: [u8; 10] = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f];
const MORE: u8 = 1;
const LONG: u8 = 2;
const COMMAND: u8 = 4;

/// A connection. After an error it is of no more use.
pub struct Dealer {
    read: OwnedReadHalf,
    write: OwnedWriteHalf,
    /// What has come and is not a whole frame yet.
    have: Vec<u8>,
}

struct Frame {
    is_command: bool,
    body: Vec<u8>,
}

impl Dealer {
    /// Connects to a ROUTER, by whom it is known as `identity` from then on.
    ///
    /// # Errors
    /// Why nothing can be said there.
    pub async fn connect(address: &str, identity: &str) -> io::Result<Self> {
        match timeout(CONNECT_MAX, Self::shake_hands(address, identity)).await {
            Ok(connected) => connected,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("what listens there says nothing for {CONNECT_MAX:?}"),
            )),
        }
    }

    async fn shake_hands(address: &str, identity: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (read, write) = stream.into_split();
        let mut dealer = Self { read, write, have: Vec::new() };
        dealer.write.write_all(&greeting()).await?;
        while dealer.have.len() < GREETING_BYTES {
            dealer.fill().await?;
        }
        let greeted: Vec<u8> = dealer.have.drain(..GREETING_BYTES).collect();
        understand(&greeted)?;
        dealer.write.write_all(&frame(COMMAND, &ready(identity))).await?;
        loop {
            let Frame { is_command, body } = dealer.frame().await?;
            match body.split_first() {
                Some((5, rest)) if is_command && rest.starts_with(b"READY") => return Ok(dealer),
                Some((5, rest)) if is_command && rest.starts_with(b"ERROR") => {
                    let why = String::from_utf8_lossy(rest.get(6..).unwrap_or_default()).into_owned();
                    return Err(io::Error::other(format!("it refuses: {why}")));
                }
                _ if is_command => {}
                _ => return Err(wrong("a message came before it was ready for one")),
            }
        }
    }

    /// Sends a message. It is written when this returns.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        match timeout(SEND_MAX, self.write.write_all(&frame(0, message))).await {
            Ok(written) => written,
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, format!("a message was not taken in {SEND_MAX:?}"))),
        }
    }

    /// The next message. It can be given up and asked for again; nothing is lost by it.
    ///
    /// # Errors
    /// The connection is lost, or what comes is no ZeroMQ.
    pub async fn receive(&mut self) -> io::Result<Vec<u8>> {
        loop {
            let Frame { is_command, body } = self.frame().await?;
            if !is_command {
                return Ok(body);
            }
        }
    }

    async fn frame(&mut self) -> io::Result<Frame> {
        loop {
            if let Some(frame) = take(&mut self.have)? {
                return Ok(frame);
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.read.read_buf(&mut self.have).await? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed")),
            _ => Ok(()),
        }
    }
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

fn greeting() -> [u8; GREETING_BYTES] {
    let mut greeting = [0; GREETING_BYTES];
    greeting[..10].copy_from_slice(&SIGNATURE);
    greeting[10] = 3;
    greeting[12..16].copy_from_slice(b"NULL");
    greeting
}

fn understand(greeting: &[u8]) -> io::Result<()> {
    match greeting {
        [0xff, .., _] if greeting[9] & 1 == 1 && greeting[10] >= 3 => {
            let mechanism = greeting[12..32].split(|byte| *byte == 0).next().unwrap_or_default();
            if mechanism == b"NULL" {
                return Ok(());
            }
            let mechanism = String::from_utf8_lossy(mechanism);
            Err(wrong(&format!("it wants {mechanism} for security, and a Locust master wants none")))
        }
        [b'H', b'T', b'T', b'P', b'/', ..] => Err(wrong("an HTTP server answers there, as the page of a master is")),
        _ => Err(wrong("what answers there is no ZeroMQ of version 3 or later")),
    }
}

fn ready(identity: &str) -> Vec<u8> {
    let mut body = b"\x05READY".to_vec();
    for (name, value) in [("Socket-Type", "DEALER"), ("Identity", identity)] {
        body.push(name.len() as u8);
        body.extend_from_slice(name.as_bytes());
        body.extend_from_slice(&(value.len() as u32).to_be_bytes());
        body.extend_from_slice(value.as_bytes());
    }
    body
}

fn frame(flags: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(body.len() + 9);
    match u8::try_from(body.len()) {
        Ok(length) => frame.extend_from_slice(&[flags, length]),
        Err(_) => {
            frame.push(flags | LONG);
            frame.extend_from_slice(&(body.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(body);
    frame
}

/// Takes a frame from what has come, where it is whole.
fn take(have: &mut Vec<u8>) -> io::Result<Option<Frame>> {
    let Some(flags) = have.first().copied() else { return Ok(None) };
    if flags & !(MORE | LONG | COMMAND) != 0 {
        return Err(wrong("what comes is no frame of ZeroMQ"));
    }
    let (head, length) = match flags & LONG {
        0 => match have.get(1) {
            Some(length) => (2, u64::from(*length)),
            None => return Ok(None),
        },
        _ => match have.get(1..9).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => (9, u64::from_be_bytes(bytes)),
            None => return Ok(None),
        },
    };
    if length > MESSAGE_MAX_BYTES {
        return Err(wrong(&format!("a message of {length} bytes is longer than {MESSAGE_MAX_BYTES}")));
    }
    if flags & MORE != 0 {
        return Err(wrong("a message of several frames came; a Locust master sends one"));
    }
    let end = head + length as usize;
    if have.len() < end {
        return Ok(None);
    }
    let body = have[head..end].to_vec();
    have.drain(..end);
    Ok(Some(Frame { is_command: flags & COMMAND != 0, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_as_they_were_sent_however_they_are_cut() {
        let sent: Vec<u8> = [frame(0, b"short"), frame(COMMAND, b"PING"), frame(0, &[7; 300])].concat();
        for cut in [1, 2, 9, 100] {
            let (mut have, mut bodies) = (Vec::new(), Vec::new());
            for part in sent.chunks(cut) {
                have.extend_from_slice(part);
                while let Some(Frame { body, .. }) = take(&mut have).expect("frames") {
                    bodies.push(body);
                }
            }
            assert_eq!(bodies, [b"short".to_vec(), b"PING".to_vec(), vec![7; 300]]);
        }
    }

    #[test]
    fn what_is_no_frame_or_too_long_is_an_error_before_it_has_come() {
        for wrong in [&b"HTTP/1.1 400 Bad Request"[..], &[LONG, 0xff, 0, 0, 0, 0, 0, 0, 0], &[MORE, 1, 2]] {
            assert!(take(&mut wrong.to_vec()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn only_an_open_zeromq_is_understood() {
        assert!(understand(&greeting()).is_ok());
        let mut curve = greeting();
        curve[12..17].copy_from_slice(b"CURVE");
        let mut old = greeting();
        old[10] = 1;
        for wrong in [&curve[..], &old, &[b'x'; GREETING_BYTES]] {
            assert!(understand(wrong).is_err());
        }
        let page = understand(&[&b"HTTP/1.1 400 Bad Request\r\n"[..], &[b'x'; GREETING_BYTES]].concat());
        assert!(page.is_err_and(|error| error.to_string().contains("HTTP server")));
    }
}
