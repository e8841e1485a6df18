//! The limits of a load run, each with its name. Hitting one is counted or told, never silent.

use std::time::Duration;

/// The most calls, or pushes, a second that can be asked for.
pub const RATE_MAX: f64 = 1_000_000.0;
/// How many examples are told of what is not as expected, for each rule and push.
pub const EXAMPLES_MAX: usize = 3;
/// The longest plan of arrival.
pub const DURATION_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// How many pushes may be due and not settled, where nothing else is asked for.
pub const MAX_IN_FLIGHT_DEFAULT: usize = 10_000;
/// The most that can be asked for: 32 bytes each.
pub const MAX_IN_FLIGHT_MAX: usize = 1_000_000;
/// How many calls, and waits for another attempt, one worker has at a time: 20 bytes each. A call beyond is held back, and a
/// push that would be tried again is lost.
pub const CALLS_IN_FLIGHT_MAX: usize = 4_000_000;
/// How many connections are opened to a target, where nothing else is asked for.
pub const CONNECTIONS_DEFAULT: usize = 64;
/// The most that can be asked for.
pub const CONNECTIONS_MAX: usize = 20_000;
/// The most threads.
pub const WORKERS_MAX: usize = 64;
/// The most calls of the closed model.
pub const CLOSED_MAX: usize = 1_000_000;
/// The most targets of one story.
pub const TARGETS_MAX: usize = 64;
/// The most pushes of one call.
pub const STEPS_MAX: usize = 16_384;
/// The most attempts at one push.
pub const ATTEMPTS_MAX: u32 = 4_095;
/// The most shards.
pub const SHARDS_MAX: u32 = 10_000;
/// The most stages of a plan of arrival.
pub const STAGES_MAX: usize = 1_000;
/// The p99 of the load generator's own lag beyond which it fell behind its own schedule.
pub const LAG_P99_MAX: Duration = Duration::from_millis(5);
/// How many points the figures have at most; a longer run has longer points.
pub const POINTS_MAX: u32 = 3_600;
/// How many attempts wait to be told at a time.
pub const ATTEMPTS_TOLD_MAX: usize = 10_000;
/// How many attempts that were told wait to be written; see [`super::Writing`].
pub const ATTEMPTS_UNWRITTEN_MAX: usize = 10_000;
/// How much of the body of an answer is told with an attempt.
pub const BODY_TOLD_MAX_BYTES: usize = 4 * 1024;
/// How many attempts that are bent, or go by TLS, HTTP/2 or a proxy, are under way at a time at most, each in a task.
pub const CAREFUL_MAX: usize = 1_000;
/// How long a run may take to end after it was asked to.
pub const STOP_GRACE: Duration = Duration::from_secs(1);
/// How much longer workers are waited for that do not come to their end by themselves.
pub const STUCK_GRACE: Duration = Duration::from_millis(900);
/// How long the reports may take after a second signal.
pub const HURRY_MAX: Duration = Duration::from_secs(3);
/// The most calls, or pushes, a second where no flag allows more: a slip of the finger does not fell a receiver.
pub const RATE_CAP_DEFAULT: f64 = 10_000.0;
/// The longest plan of arrival where no flag allows a longer one.
pub const DURATION_CAP_DEFAULT: Duration = Duration::from_secs(60 * 60);
/// How much later than asked for a run may begin without a word.
pub const BEGIN_GRACE: Duration = Duration::from_secs(2);
/// How far ahead the beginning of a run may lie.
pub const BEGIN_AHEAD_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// How long attempts go on after the last push of the last call was due, where nothing else is asked for.
pub const LINGER_DEFAULT: Duration = Duration::from_secs(30);
/// The largest weight of a scenario.
pub const WEIGHT_MAX: u32 = 1_000_000;
/// The most calls of a run: they have numbers of 32 bits.
pub const CALLS_MAX: u64 = u32::MAX as u64;
