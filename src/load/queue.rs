//! What is due and not settled: the pushes that wait for a connection to their endpoint, and the connections at rest.

use super::wheel::What;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

/// An attempt that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// When: its intended start.
    pub at_ns: u64,
    /// The number of the call.
    pub call: u32,
    /// The tick at which the call started.
    pub start: u32,
    /// Push, target and attempt.
    pub what: What,
    /// The story.
    pub story: u16,
    /// The kind, by index in the kinds of the story.
    pub kind: u16,
    /// The policy, by index in the policies of the story.
    pub policy: u16,
}

/// How long nothing is opened after an opening has failed, the first time.
const BACKOFF_MIN: Duration = Duration::from_millis(10);
/// The longest. A push that falls due in it waits for the next opening, so it must not be long.
const BACKOFF_MAX: Duration = Duration::from_millis(100);

/// One host and port that pushes go to.
#[derive(Debug)]
pub struct Endpoint {
    /// As addresses name it.
    pub name: String,
    /// Where it is. Never empty.
    pub addresses: Vec<SocketAddr>,
    /// Which of them is taken.
    pub address: usize,
    /// What waits for a connection, the longest first.
    pub waiting: VecDeque<Due>,
    /// Connections at rest, the one used last at the end.
    pub idle: Vec<u32>,
    /// How many connections there are, with those being opened.
    pub open: usize,
    /// How many are being opened.
    pub opening: usize,
    /// How long nothing is opened after the next failure; zero where the last opening went well.
    backoff: Duration,
    /// Until when nothing is opened.
    pub closed_until_ns: u64,
}

impl Endpoint {
    /// An endpoint that nothing goes to yet.
    pub fn new(name: String, addresses: Vec<SocketAddr>) -> Self {
        Self {
            name,
            addresses,
            address: 0,
            waiting: VecDeque::new(),
            idle: Vec::new(),
            open: 0,
            opening: 0,
            backoff: Duration::ZERO,
            closed_until_ns: 0,
        }
    }

    /// How many connections to open now, when there may be `most` in all: one for each push that waits, and one alone to
    /// see whether the receiver is back.
    pub fn wanted(&self, most: usize, now_ns: u64) -> usize {
        if now_ns < self.closed_until_ns {
            return 0;
        }
        let wanted = self.waiting.len().saturating_sub(self.opening).min(most.saturating_sub(self.open));
        if self.backoff.is_zero() { wanted } else { wanted.min(1_usize.saturating_sub(self.opening)) }
    }

    /// An opening went well.
    pub fn opened(&mut self) {
        self.opening = self.opening.saturating_sub(1);
        self.backoff = Duration::ZERO;
        self.closed_until_ns = 0;
    }

    /// An opening failed. What waited for it has failed with it, where there is no other connection to wait for.
    pub fn failed(&mut self, began_ns: u64, now_ns: u64, failed: &mut Vec<Due>) {
        self.opening = self.opening.saturating_sub(1);
        self.open = self.open.saturating_sub(1);
        self.rest(now_ns);
        if self.open == self.opening {
            let all = std::mem::take(&mut self.waiting);
            for due in all {
                if due.at_ns <= began_ns { failed.push(due) } else { self.waiting.push_back(due) }
            }
        }
    }

    /// Opens nothing for a while, twice as long each time.
    pub fn rest(&mut self, now_ns: u64) {
        // Of several that fail together one counts.
        if now_ns >= self.closed_until_ns {
            self.backoff = (self.backoff * 2).clamp(BACKOFF_MIN, BACKOFF_MAX);
            self.closed_until_ns = now_ns + self.backoff.as_nanos() as u64;
            self.address = (self.address + 1) % self.addresses.len().max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(at_ns: u64) -> Due {
        Due { at_ns, call: 1, start: 0, what: What::new(0, 0, 1), story: 0, kind: 0, policy: 0 }
    }

    #[test]
    fn a_failed_opening_answers_for_all_who_waited_and_the_next_comes_later() {
        let mut endpoint = Endpoint::new("127.0.0.1:9".into(), vec![([127, 0, 0, 1], 9).into()]);
        endpoint.waiting.extend([due(1), due(2), due(9)]);
        assert_eq!(endpoint.wanted(64, 5), 3);
        (endpoint.open, endpoint.opening) = (1, 1);
        let mut failed = Vec::new();
        endpoint.failed(5, 6, &mut failed);
        assert_eq!(failed, [due(1), due(2)]);
        assert_eq!((endpoint.waiting.len(), endpoint.wanted(64, 7)), (1, 0));
        let later = endpoint.closed_until_ns;
        assert_eq!((later, endpoint.wanted(64, later)), (6 + 10_000_000, 1));
        endpoint.rest(later);
        assert_eq!(endpoint.closed_until_ns - later, 20_000_000);
        endpoint.opened();
        assert_eq!(endpoint.wanted(64, later), 1);
    }

    #[test]
    fn what_waits_takes_thirty_two_bytes() {
        assert_eq!(std::mem::size_of::<Due>(), 32);
    }
}
