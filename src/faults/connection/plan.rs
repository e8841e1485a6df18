//! How a bent connection crosses the wire, as steps over the exact bytes of a request. Pure; playing them is not done here.

use super::Connection;
use super::framing::{Flaw, Lie};
use super::link::{End, Place};
use crate::http::{Framing, Message, WireOp, WirePlan};
use std::ops::Range;
use std::time::Duration;

/// How long the bytes before a reset are given to leave this machine: an RST throws away what has not left.
pub const RESET_SETTLE: Duration = Duration::from_millis(30);
/// How long a piece of a trickling request waits for its turn, unless a piece would be smaller than a byte.
const TRICKLE_TURN: Duration = Duration::from_millis(50);

impl Connection {
    /// How the request is to be framed, where its body has this length.
    pub fn framing(&self, body_bytes: usize) -> Framing {
        let honest = body_bytes as u64;
        match &self.lie {
            None => Framing::Honest,
            Some(Lie::Shorter(_)) if honest == 0 => Framing::Honest,
            Some(Lie::Shorter(by)) => Framing::Length(honest.saturating_sub(*by)),
            Some(Lie::Longer(by)) => Framing::Length(honest.saturating_add(*by)),
            Some(Lie::Chunks(..)) => Framing::Chunked,
        }
    }

    /// The steps of an attempt that sends this message, which is framed as [`Connection::framing`] asks.
    pub fn plan(&self, message: &Message) -> WirePlan {
        let mut plan = WirePlan {
            message: message.bytes.clone(),
            requests: self.copies.saturating_add(1),
            ops: Vec::new(),
            notes: Vec::new(),
        };
        if self.refused {
            return plan;
        }
        let whole = message.bytes.len();
        plan.ops.extend((0..self.copies).map(|_| WireOp::Send(0..whole)));
        let middle = middle(message);
        let until = match self.end {
            Some(End::Reset(Place::Before) | End::HalfClose(Place::Before)) => 0,
            Some(End::Reset(Place::Middle) | End::HalfClose(Place::Middle)) => middle,
            Some(End::Reset(Place::After) | End::HalfClose(Place::After) | End::Abandon) | None => whole,
        };
        self.send(message, middle, until, &mut plan);
        self.end(until, &mut plan.ops);
        plan
    }

    /// Appends the sending of one request up to `until`.
    fn send(&self, message: &Message, middle: usize, until: usize, plan: &mut WirePlan) {
        let mut stops: Vec<(usize, WireOp)> = Vec::new();
        if let Some(split) = &self.split {
            let places = split.places(message.bytes.get(message.body_at..).unwrap_or_default());
            if places.is_empty() {
                plan.notes.push("no character of the body is longer than a byte, so none was torn apart".into());
            }
            stops.extend(places.iter().map(|place| (message.body_at + place, WireOp::Pause(split.pause))));
        }
        if let Some(pause) = self.stall {
            stops.push((middle, WireOp::Pause(pause)));
        }
        let mut until = until;
        match &self.lie {
            Some(Lie::Chunks(Flaw::Size, garbage)) => {
                stops.extend(message.second_chunk_at.map(|at| (at, WireOp::Garbage(garbage.clone()))));
            }
            Some(Lie::Chunks(flaw @ (Flaw::End | Flaw::NoEnd), garbage)) => {
                until = until.min(message.last_chunk_at.unwrap_or(until));
                if *flaw == Flaw::End {
                    stops.push((until, WireOp::Garbage(garbage.clone())));
                }
            }
            Some(Lie::Shorter(_)) if message.bytes.len() == message.body_at => {
                plan.notes.push("there is no body whose length could be understated".into());
            }
            Some(Lie::Shorter(by)) => {
                let by = (*by).min((message.bytes.len() - message.body_at) as u64);
                plan.notes.push(format!("`Content-Length` says {} less than the body has", bytes_in_words(by)));
            }
            Some(Lie::Longer(by)) => {
                plan.notes.push(format!("`Content-Length` says {} more than the body has", bytes_in_words(*by)));
            }
            None => {}
        }
        stops.sort_by_key(|(at, _)| *at);
        let mut from = 0;
        for (at, op) in stops.into_iter().filter(|(at, _)| *at <= until) {
            self.leave(from..at, &mut plan.ops);
            plan.ops.push(op);
            from = at;
        }
        self.leave(from..until, &mut plan.ops);
    }

    /// Appends the leaving of a part, at its pace.
    fn leave(&self, range: Range<usize>, ops: &mut Vec<WireOp>) {
        if range.is_empty() {
            return;
        }
        ops.push(match self.trickle_per_second {
            None => WireOp::Send(range),
            Some(rate) => {
                let (piece_bytes, every) = turns(rate);
                WireOp::Trickle { range, piece_bytes, every }
            }
        });
    }

    fn end(&self, sent: usize, ops: &mut Vec<WireOp>) {
        match self.end {
            Some(End::Reset(_)) => {
                if sent > 0 {
                    ops.push(WireOp::Pause(RESET_SETTLE));
                }
                ops.push(WireOp::Reset);
                return;
            }
            Some(End::Abandon) => {
                ops.push(WireOp::Close);
                return;
            }
            Some(End::HalfClose(_)) => ops.push(WireOp::HalfClose),
            None => {}
        }
        ops.push(WireOp::Read { answers: self.copies.saturating_add(1), bytes_per_second: self.read_per_second });
    }
}

/// The middle of a request: half of its body, or of its head where there is none.
fn middle(message: &Message) -> usize {
    match message.bytes.len().saturating_sub(message.body_at) {
        0 => message.body_at / 2,
        body => message.body_at + body / 2,
    }
}

fn bytes_in_words(count: u64) -> String {
    if count == 1 { "1 byte".into() } else { format!("{count} bytes") }
}

/// How many bytes go at a time, and how long each turn takes, for so many bytes per second.
pub fn turns(bytes_per_second: u64) -> (usize, Duration) {
    let rate = bytes_per_second.max(1);
    let piece = (rate as f64 * TRICKLE_TURN.as_secs_f64()) as usize;
    match piece {
        0 => (1, Duration::from_secs_f64(1.0 / rate as f64)),
        piece => (piece, Duration::from_secs_f64(piece as f64 / rate as f64)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;
    use crate::faults::{Kind, Values};
    use crate::random::Keyed;

    fn bent(faults: &[ConnectionFault]) -> Result<Connection, Contradiction> {
        let mut connection = Connection::default();
        let mut draw = Keyed::new(42, "wire", 1).stream("faults");
        faults.iter().try_for_each(|fault| fault.bend(&mut connection, &mut draw))?;
        Ok(connection)
    }

    /// The fault of this name as the table has it.
    fn listed(name: &str) -> ConnectionFault {
        let fact = FACTS.iter().find(|fact| fact.name == name).expect("in the table");
        match fact.with(&Values::new(fact.settings)) {
            Kind::Connection(fault) => fault,
            other => panic!("{other:?}"),
        }
    }

    fn ops(faults: &[ConnectionFault], body: &str) -> Vec<WireOp> {
        bent(faults).expect("they agree").plan(&Message::plain(b"HEAD", body.as_bytes())).ops
    }

    const READ: WireOp = WireOp::Read { answers: 1, bytes_per_second: None };

    #[test]
    fn the_clean_path_sends_all_at_once_and_reads() {
        assert!(Connection::default().is_clean());
        assert_eq!(ops(&[], "body"), [WireOp::Send(0..8), READ]);
    }

    #[test]
    fn faults_combine_whatever_their_order() {
        let stall = ConnectionFault::Stall(Stall { pause: Duration::from_secs(1) });
        let split = ConnectionFault::SplitUtf8(SplitUtf8 { splits: 1, pause: Duration::from_millis(5) });
        let reset = ConnectionFault::Reset(Reset { place: Place::Middle });
        let steps = [
            WireOp::Send(0..5),
            WireOp::Pause(Duration::from_millis(5)),
            WireOp::Send(5..7),
            WireOp::Pause(Duration::from_secs(1)),
            WireOp::Pause(RESET_SETTLE),
            WireOp::Reset,
        ];
        // The only character with a second byte: HEAD, then its first byte.
        assert_eq!(ops(&[stall, split, reset], "空abc"), steps);
        assert_eq!(ops(&[reset, split, stall], "空abc"), steps);
    }

    #[test]
    fn a_trickle_goes_by_turns_however_slow() {
        assert_eq!(turns(1000), (50, Duration::from_millis(50)));
        assert_eq!(turns(1), (1, Duration::from_secs(1)));
        assert_eq!(turns(4), (1, Duration::from_millis(250)));
        assert_eq!(turns(0), (1, Duration::from_secs(1)));
    }

    #[test]
    fn what_has_nothing_to_take_hold_of_says_so() {
        let connection = bent(&[listed("split-utf8")]).expect("one fault");
        let plan = connection.plan(&Message::plain(b"HEAD", b"ascii"));
        assert_eq!((plan.notes.len(), plan.ops), (1, vec![WireOp::Send(0..9), READ]));
        let connection = bent(&[listed("short-length")]).expect("one fault");
        assert_eq!(connection.framing(0), Framing::Honest);
        let notes = connection.plan(&Message::plain(b"HEAD", b"")).notes;
        assert_eq!(notes, ["there is no body whose length could be understated"]);
        assert_eq!((connection.framing(4), connection.framing(12)), (Framing::Length(0), Framing::Length(2)));
    }

    #[test]
    fn a_reset_gives_what_was_sent_time_to_leave() {
        let reset = |place| ops(&[ConnectionFault::Reset(Reset { place })], "body");
        let settle = WireOp::Pause(RESET_SETTLE);
        assert_eq!(reset(Place::Before), [WireOp::Reset]);
        assert_eq!(reset(Place::Middle), [WireOp::Send(0..6), settle.clone(), WireOp::Reset]);
        assert_eq!(reset(Place::After), [WireOp::Send(0..8), settle, WireOp::Reset]);
    }

    #[test]
    fn a_request_without_a_body_halts_in_its_head() {
        let stall = ConnectionFault::Stall(Stall { pause: Duration::from_secs(1) });
        let pause = WireOp::Pause(Duration::from_secs(1));
        assert_eq!(ops(&[stall], ""), [WireOp::Send(0..2), pause.clone(), WireOp::Send(2..4), READ]);
        assert_eq!(ops(&[stall], "body"), [WireOp::Send(0..6), pause, WireOp::Send(6..8), READ]);
    }

    #[test]
    fn a_lie_about_the_length_is_told_in_its_own_size() {
        let note = |fault: ConnectionFault, body: &str| {
            bent(&[fault]).expect("one fault").plan(&Message::plain(b"HEAD", body.as_bytes())).notes
        };
        let short = |by_bytes| ConnectionFault::ShortLength(ShortLength { by_bytes });
        let long = |by_bytes| ConnectionFault::LongLength(LongLength { by_bytes });
        assert_eq!(note(short(10), "body"), ["`Content-Length` says 4 bytes less than the body has"]);
        assert_eq!(note(short(1), "body"), ["`Content-Length` says 1 byte less than the body has"]);
        assert_eq!(note(long(10), "body"), ["`Content-Length` says 10 bytes more than the body has"]);
    }

    #[test]
    fn garbage_is_no_hexadecimal_number_and_characters_are_torn_where_they_are_long() {
        for nth in 0..200 {
            let Lie::Chunks(_, garbage) = Lie::chunks(Flaw::Size, &mut Keyed::new(1, "wire", 1).nth("garbage", nth))
            else {
                panic!("chunks")
            };
            let (letters, end) = garbage.split_at(garbage.len() - 2);
            assert!(letters.len() == 6 && letters.iter().all(|letter| (b'g'..=b'z').contains(letter)), "{letters:?}");
            assert_eq!(end, b"\r\n");
        }
        let mut seen = std::collections::BTreeSet::new();
        for nth in 0..40 {
            let draw = &mut Keyed::new(1, "wire", 1).nth("split", nth);
            let split = Split::drawn(SplitUtf8 { splits: 1, pause: Duration::ZERO }, draw);
            seen.extend(split.places("a空bé@".as_bytes()));
            assert_eq!(split.places("空".as_bytes()), [1]);
            assert!(
                split.places(b"\xc3(").is_empty()
                    && split.places(b"\x80\x80").is_empty()
                    && split.places(b"").is_empty()
            );
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [2, 6]);
    }

    #[test]
    fn settings_beyond_their_limits_are_cut() {
        let mut wild = bent(&[
            ConnectionFault::Stall(Stall { pause: Duration::MAX }),
            ConnectionFault::Pipelined(Pipelined { copies: u64::MAX }),
            ConnectionFault::SlowRead(SlowRead { bytes_per_second: 0 }),
        ])
        .expect("they agree");
        assert_eq!((wild.stall, wild.copies, wild.read_per_second), (Some(PAUSE_MAX), 8, Some(1)));
        wild = bent(&[ConnectionFault::LongLength(LongLength { by_bytes: u64::MAX })]).expect("one fault");
        assert_eq!(wild.framing(usize::MAX), Framing::Length(u64::MAX));
        assert_eq!(wild.framing(0), Framing::Length(LIE_MAX_BYTES));
    }

    #[test]
    fn contradictions_say_which_and_why() {
        let refuse = ConnectionFault::Refuse(Refuse);
        let reset = listed("reset");
        for other in FACTS.iter().map(|fact| listed(fact.name)) {
            let found = bent(&[refuse, other]).expect_err("nothing goes with a refusal");
            assert_eq!((found.with, found.fault), ("refuse", other.name()));
            assert_eq!(refuse.contradiction(&other).map(|found| found.with), Some(other.name()));
        }
        let told = |faults: &[ConnectionFault]| bent(faults).expect_err("they contradict").to_string();
        let slow = listed("slow-read");
        assert_eq!(told(&[reset, slow]), "`slow-read` contradicts `reset`: the answer is not read");
        assert_eq!(
            told(&[ConnectionFault::Reset(Reset { place: Place::Before }), listed("trickle")]),
            "`trickle` contradicts `reset`: nothing of the request is sent"
        );
        let short = listed("short-length");
        let pipelined = listed("pipelined");
        assert_eq!(
            told(&[pipelined, short]),
            "`short-length` contradicts `pipelined`: a request has one framing, and none may follow one that lies"
        );
        assert_eq!(told(&[short, short]).split(':').next(), Some("`short-length` is there twice"));
        let half = |place| ConnectionFault::HalfClose(HalfClose { place });
        assert!(
            bent(&[half(Place::Before), listed("trickle")]).is_err()
                && bent(&[half(Place::Middle), listed("trickle")]).is_ok()
        );
        assert!(bent(&[reset, ConnectionFault::Abandon(Abandon)]).is_err());
        assert!(bent(&[ConnectionFault::NewConnectionEach(NewConnectionEach); 2]).is_ok());
    }

    #[test]
    fn a_contradiction_leaves_the_connection_as_it_was() {
        let mut connection = bent(&[ConnectionFault::Abandon(Abandon)]).expect("one fault");
        let before = connection.clone();
        let mut draw = Keyed::new(42, "wire", 1).stream("faults");
        let reset = listed("reset");
        assert!(reset.bend(&mut connection, &mut draw).is_err());
        assert_eq!(connection, before);
    }
}
