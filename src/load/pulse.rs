//! What a worker sleeps on: its sockets, and a timer finer than a millisecond. Nothing here knows why it wakes.

use mio::{Events, Interest, Poll, Registry, Token, Waker};
use std::io;
use std::time::Duration;

/// The shortest sleep: what is due sooner is taken together at its end, so that a thousand wake-ups a second stay a few
/// thousand.
const SLEEP_MIN: Duration = Duration::from_micros(100);
/// How much later than the fine timer the system itself would end a sleep, should the timer fail.
const COARSE: Duration = Duration::from_millis(2);
/// How many sockets are taken at a time.
const EVENTS_MAX: usize = 512;

/// The token of the fine timer.
const TIMER: Token = Token(usize::MAX);
/// The token by which others wake the worker.
const WAKER: Token = Token(usize::MAX - 1);

/// Sleeps until a socket is ready, or a moment has come.
pub struct Pulse {
    poll: Poll,
    events: Events,
    timer: timer::Timer,
    /// When the timer ends, as far as it is set.
    set_ns: u64,
}

impl Pulse {
    /// A pulse without sockets.
    ///
    /// # Errors
    /// Where the system has nothing to sleep on: it is out of file descriptors.
    pub fn new() -> io::Result<Self> {
        let poll = Poll::new()?;
        let timer = timer::Timer::new(poll.registry())?;
        Ok(Self { poll, events: Events::with_capacity(EVENTS_MAX), timer, set_ns: 0 })
    }

    /// Where sockets are registered, under tokens below `u32::MAX`.
    pub fn registry(&self) -> &Registry {
        self.poll.registry()
    }

    /// By which others end a sleep.
    ///
    /// # Errors
    /// Where the system is out of file descriptors.
    pub fn waker(&self) -> io::Result<Waker> {
        Waker::new(self.poll.registry(), WAKER)
    }

    /// Sleeps until a moment at the latest, and appends the sockets that are ready. Where the moment has come it only looks.
    ///
    /// # Errors
    /// Where the system refuses to wait, which it has no reason to.
    pub fn wait(&mut self, now_ns: u64, until_ns: u64, ready: &mut Vec<Ready>) -> io::Result<()> {
        let timeout = match until_ns <= now_ns {
            true => Some(Duration::ZERO),
            false => {
                let until_ns = until_ns.max(now_ns + SLEEP_MIN.as_nanos() as u64);
                let most = Duration::from_nanos(until_ns - now_ns);
                // One that ends sooner costs a look; setting it anew for every push would cost more.
                if self.set_ns <= now_ns || self.set_ns > until_ns || !timer::LASTS {
                    self.timer.set(most)?;
                    self.set_ns = until_ns;
                }
                Some(self.timer.limit(most))
            }
        };
        match self.poll.poll(&mut self.events, timeout) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) => return Err(error),
        }
        for event in &self.events {
            if let Ok(socket) = u32::try_from(event.token().0) {
                ready.push(Ready { socket, is_closed: event.is_read_closed() });
            }
        }
        Ok(())
    }
}

/// A socket that is ready.
#[derive(Debug, Clone, Copy)]
pub struct Ready {
    /// Its token.
    pub socket: u32,
    /// Whether nothing more will come from the other side, apart from what can be read.
    pub is_closed: bool,
}

/// What sockets are watched for, once for all: readiness comes as a change.
pub const BOTH: Interest = Interest::READABLE.add(Interest::WRITABLE);

#[cfg(target_os = "linux")]
mod timer {
    //! Linux has timers as files, whose resolution is that of the clock.

    use super::{Duration, Interest, Registry, TIMER, io};
    use mio::unix::SourceFd;
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
    };
    use std::os::fd::{AsRawFd, OwnedFd};

    /// A timer goes on over several waits.
    pub(super) const LASTS: bool = true;

    pub(super) struct Timer(OwnedFd);

    impl Timer {
        pub(super) fn new(registry: &Registry) -> io::Result<Self> {
            let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
            registry.register(&mut SourceFd(&timer.as_raw_fd()), TIMER, Interest::READABLE)?;
            Ok(Self(timer))
        }

        /// Sets the timer.
        pub(super) fn set(&mut self, most: Duration) -> io::Result<()> {
            let once = Itimerspec {
                it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
                it_value: Timespec { tv_sec: most.as_secs() as i64, tv_nsec: most.subsec_nanos().into() },
            };
            // Readiness comes as a change, so the file needs not be read: each expiry is one.
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
            Ok(())
        }

        /// The limit of the wait itself: it stands behind the timer, should that fail.
        pub(super) fn limit(&self, most: Duration) -> Duration {
            most + super::COARSE
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod timer {
    //! Elsewhere the limit of the wait itself is what there is.

    use super::{Duration, Registry, io};

    pub(super) const LASTS: bool = false;

    pub(super) struct Timer;

    impl Timer {
        pub(super) fn new(_registry: &Registry) -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) fn set(&mut self, _most: Duration) -> io::Result<()> {
            Ok(())
        }

        pub(super) fn limit(&self, most: Duration) -> Duration {
            most
        }
    }
}
