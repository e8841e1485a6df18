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
}

impl Pulse {
    /// A pulse without sockets.
    ///
    /// # Errors
    /// Where the system has nothing to sleep on: it is out of file descriptors.
    pub fn new() -> io::Result<Self> {
        let poll = Poll::new()?;
        let timer = timer::Timer::new(poll.registry())?;
        Ok(Self { poll, events: Events::with_capacity(EVENTS_MAX), timer })
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

    /// Sleeps for at most this long, and appends the tokens of the sockets that are ready. Zero only looks.
    ///
    /// # Errors
    /// Where the system refuses to wait, which it has no reason to.
    pub fn wait(&mut self, most: Duration, ready: &mut Vec<Ready>) -> io::Result<()> {
        let timeout = match most {
            Duration::ZERO => Some(Duration::ZERO),
            most => self.timer.set(most.max(SLEEP_MIN))?,
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

    pub(super) struct Timer(OwnedFd);

    impl Timer {
        pub(super) fn new(registry: &Registry) -> io::Result<Self> {
            let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
            registry.register(&mut SourceFd(&timer.as_raw_fd()), TIMER, Interest::READABLE)?;
            Ok(Self(timer))
        }

        /// Sets the timer. The system's own limit stands behind it, should the timer fail.
        pub(super) fn set(&mut self, most: Duration) -> io::Result<Option<Duration>> {
            let once = Itimerspec {
                it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
                it_value: Timespec { tv_sec: most.as_secs() as i64, tv_nsec: most.subsec_nanos().into() },
            };
            // Readiness comes as a change, so the file needs not be read: each expiry is one.
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
            Ok(Some(most + super::COARSE))
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod timer {
    //! Elsewhere the limit of the wait itself is what there is.

    use super::{Duration, Registry, io};

    pub(super) struct Timer;

    impl Timer {
        pub(super) fn new(_registry: &Registry) -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) fn set(&mut self, most: Duration) -> io::Result<Option<Duration>> {
            Ok(Some(most))
        }
    }
}
