//! What is due and not settled: the pushes that wait for a connection to their endpoint, and the connections at rest.

use super::calls::About;
use super::wheel::What;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

/// An attempt that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// When: its intended start.
    pub at_ns: u64,
    /// For how many microseconds it had to wait for the push before it in its call.
    pub behind_us: u32,
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
    /// What the push is about.
    pub about: About,
}

impl Due {
    /// From when on it can leave.
    pub fn can_leave_ns(&self) -> u64 {
        self.at_ns.saturating_add(u64::from(self.behind_us) * 1000)
    }
}

/// An attempt that leaves on a connection.
#[derive(Debug, PartialEq, Eq)]
pub struct Leaving {
    /// Which.
    pub due: Due,
    /// When it began to be written, the first time.
    pub began_ns: u64,
    /// When it has taken too long.
    pub deadline_ns: u64,
    /// What is remarked of its answer, where it is sent once more: the kept connection that it left on first ended without one.
    pub remark: Option<String>,
}

/// How long nothing is opened to an address after an opening has failed, the first time.
const BACKOFF_MIN: Duration = Duration::from_millis(10);
/// The longest while no address answers. A push that falls due in it waits for the next opening, so it must not be long.
const BACKOFF_MAX: Duration = Duration::from_millis(100);
/// The longest while another address answers.
const BACKOFF_ASIDE_MAX: Duration = Duration::from_secs(5);

/// One host and port that pushes go to.
#[derive(Debug)]
pub struct Endpoint {
    /// As addresses name it.
    pub name: String,
    /// Where it is. Never empty.
    addresses: Vec<Address>,
    /// Which of them is next.
    next: usize,
    /// What waits for a connection, the longest first.
    pub waiting: VecDeque<Due>,
    /// What waits for a new connection, because the kept one that it left on ended without an answer.
    pub again: VecDeque<Leaving>,
    /// Connections at rest, the one used last at the end.
    pub idle: Vec<u32>,
    /// How many connections there are, with those being opened.
    pub open: usize,
    /// How many are being opened.
    pub opening: usize,
}

/// One address of a host.
#[derive(Debug)]
struct Address {
    at: SocketAddr,
    /// How many connections to it are being opened.
    opening: usize,
    /// How long nothing is opened after the next failure; zero where the last opening went well, or there was none.
    backoff: Duration,
    /// Until when nothing is opened.
    closed_until_ns: u64,
}

impl Address {
    fn is_failing(&self) -> bool {
        !self.backoff.is_zero()
    }

    /// One alone is opened to see whether it answers again.
    fn may_be_opened(&self, now_ns: u64) -> bool {
        now_ns >= self.closed_until_ns && (!self.is_failing() || self.opening == 0)
    }
}

/// What waited for an opening that failed, and fails with it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stranded {
    /// Attempts that were not written yet.
    pub waiting: Vec<Due>,
    /// Attempts that were to be sent once more.
    pub again: Vec<Leaving>,
}

impl Endpoint {
    /// An endpoint that nothing goes to yet.
    pub fn new(name: String, addresses: Vec<SocketAddr>) -> Self {
        let address = |at| Address { at, opening: 0, backoff: Duration::ZERO, closed_until_ns: 0 };
        Self {
            name,
            addresses: addresses.into_iter().map(address).collect(),
            next: 0,
            waiting: VecDeque::new(),
            again: VecDeque::new(),
            idle: Vec::new(),
            open: 0,
            opening: 0,
        }
    }

    /// How many addresses it has.
    pub fn addresses(&self) -> usize {
        self.addresses.len()
    }

    /// Whether anything waits for a connection.
    pub fn is_waited_for(&self) -> bool {
        !self.waiting.is_empty() || !self.again.is_empty()
    }

    /// The next connection that is to be opened now, when there may be `most` in all: to which address, by index, and where
    /// that is. One is opened for each push that waits, to the addresses that answer in turn; those that do not are tried
    /// beside them, so that nothing waits for them.
    pub fn next_opening(&mut self, most: usize, now_ns: u64) -> Option<(usize, SocketAddr)> {
        let is_failing = self.addresses.iter().all(Address::is_failing);
        let counts = |address: &&Address| is_failing || !address.is_failing();
        let opening: usize = self.addresses.iter().filter(counts).map(|address| address.opening).sum();
        if self.open >= most || opening >= self.waiting.len() + self.again.len() {
            return None;
        }
        let count = self.addresses.len();
        let mut order = (0..count).map(|step| (self.next + step) % count);
        let found = order.find(|index| self.addresses[*index].may_be_opened(now_ns))?;
        self.next = (found + 1) % count;
        Some((found, self.addresses[found].at))
    }

    /// When a connection can be opened at the earliest.
    pub fn opens_ns(&self) -> u64 {
        self.addresses.iter().map(|address| address.closed_until_ns).min().unwrap_or_default()
    }

    /// A connection to an address is being opened.
    pub fn begun(&mut self, address: usize) {
        self.open += 1;
        self.opening += 1;
        self.addresses[address].opening += 1;
    }

    /// An opening went well.
    pub fn opened(&mut self, address: usize) {
        self.landed(address);
        let address = &mut self.addresses[address];
        address.backoff = Duration::ZERO;
        address.closed_until_ns = 0;
    }

    /// An opening failed, and with it what waited, if no other address and no other connection may yet take it.
    pub fn failed(&mut self, address: usize, began_ns: u64, now_ns: u64) -> Stranded {
        self.landed(address);
        self.open = self.open.saturating_sub(1);
        self.rest(address, now_ns);
        let mut stranded = Stranded::default();
        let mut others = self.addresses.iter().enumerate().filter(|(index, _)| *index != address);
        if others.any(|(_, other)| !other.is_failing() || other.opening > 0) {
            return stranded;
        }
        stranded.again.extend(self.again.drain(..));
        if self.open == self.opening {
            let all = std::mem::take(&mut self.waiting);
            for due in all {
                if due.can_leave_ns() <= began_ns { stranded.waiting.push(due) } else { self.waiting.push_back(due) }
            }
        }
        stranded
    }

    fn landed(&mut self, address: usize) {
        self.opening = self.opening.saturating_sub(1);
        let address = &mut self.addresses[address];
        address.opening = address.opening.saturating_sub(1);
    }

    /// Opens nothing to an address for a while, twice as long each time.
    fn rest(&mut self, address: usize, now_ns: u64) {
        let has_other = self.addresses.iter().enumerate().any(|(index, other)| index != address && !other.is_failing());
        let most = if has_other { BACKOFF_ASIDE_MAX } else { BACKOFF_MAX };
        let address = &mut self.addresses[address];
        // Of several that fail together one counts.
        if now_ns >= address.closed_until_ns {
            address.backoff = (address.backoff * 2).clamp(BACKOFF_MIN, most);
            address.closed_until_ns = now_ns + address.backoff.as_nanos() as u64;
        }
        if !has_other {
            let soon_ns = now_ns + BACKOFF_MAX.as_nanos() as u64;
            self.addresses.iter_mut().for_each(|each| each.closed_until_ns = each.closed_until_ns.min(soon_ns));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(at_ns: u64) -> Due {
        Due {
            at_ns,
            behind_us: 0,
            call: 1,
            start: 0,
            what: What::new(0, 0, 1),
            story: 0,
            kind: 0,
            policy: 0,
            about: About::default(),
        }
    }

    /// Opens as many as are wanted; to which addresses.
    fn opened(endpoint: &mut Endpoint, now_ns: u64) -> Vec<usize> {
        let mut addresses = Vec::new();
        while let Some((address, _)) = endpoint.next_opening(64, now_ns) {
            endpoint.begun(address);
            addresses.push(address);
        }
        addresses
    }

    #[test]
    fn a_failed_opening_answers_for_all_who_waited_and_the_next_comes_later() {
        let mut endpoint = Endpoint::new("127.0.0.1:9".into(), vec![([127, 0, 0, 1], 9).into()]);
        endpoint.waiting.extend([due(1), due(2), due(9)]);
        assert_eq!(opened(&mut endpoint, 5), [0, 0, 0]);
        assert_eq!(endpoint.failed(0, 5, 6).waiting, [due(1), due(2)]);
        assert_eq!((endpoint.waiting.len(), opened(&mut endpoint, 7)), (1, vec![]));
        assert_eq!((endpoint.failed(0, 5, 7), endpoint.failed(0, 5, 7)), Default::default());
        let later = endpoint.opens_ns();
        assert_eq!(
            (later, opened(&mut endpoint, later - 1), opened(&mut endpoint, later)),
            (10_000_006, vec![], vec![0])
        );
        endpoint.failed(0, 5, later);
        assert_eq!(endpoint.opens_ns() - later, 20_000_000);
        endpoint.waiting.extend([due(11), due(12)]);
        assert_eq!(opened(&mut endpoint, later + 20_000_000), [0], "one alone, to see whether it is back");
        endpoint.opened(0);
        assert_eq!(opened(&mut endpoint, later + 20_000_000), [0, 0, 0]);
    }

    #[test]
    fn nothing_is_lost_while_one_address_answers_and_all_that_answer_are_used() {
        let at = |last| ([127, 0, 0, last], 9).into();
        let mut endpoint = Endpoint::new("both:9".into(), vec![at(1), at(2), at(3)]);
        endpoint.waiting.extend((1..=6).map(due));
        assert_eq!(opened(&mut endpoint, 5), [0, 1, 2, 0, 1, 2]);
        assert_eq!((endpoint.failed(0, 5, 6), endpoint.failed(0, 5, 6)), Default::default());
        assert_eq!(opened(&mut endpoint, 7), [1, 2], "what waited for the first goes to the others");
        (0..3).for_each(|_| endpoint.opened(1));
        assert_eq!((endpoint.failed(2, 5, 8), endpoint.waiting.len()), (Stranded::default(), 6));

        // One that does not answer is tried beside those that do.
        endpoint.waiting.truncate(1);
        (endpoint.open, endpoint.opening, endpoint.addresses[2].opening) = (3, 0, 0);
        assert_eq!(opened(&mut endpoint, 60_000_000_000), [0, 1]);

        // Once none answers, what waits fails, when the last has failed.
        (endpoint.open, endpoint.addresses[1].backoff) = (endpoint.opening, BACKOFF_MIN);
        endpoint.again.push_back(Leaving { due: due(7), began_ns: 7, deadline_ns: 9, remark: Some(String::new()) });
        assert_eq!(endpoint.failed(0, 5, 60_000_000_001), Stranded::default());
        let stranded = endpoint.failed(1, 5, 60_000_000_001);
        assert_eq!((stranded.waiting.len(), stranded.again.len()), (1, 1));
        assert!(endpoint.opens_ns() <= 60_000_000_001 + BACKOFF_MAX.as_nanos() as u64);
    }

    #[test]
    fn what_waits_takes_thirty_two_bytes() {
        assert_eq!(std::mem::size_of::<Due>(), 32);
    }
}
