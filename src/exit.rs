//! The exit codes of the command, as one closed list.

/// How a run ended, as a process tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All good.
    Good,
    /// The receiver did not do what was expected of it.
    ReceiverFailed,
    /// The command line or a scenario is wrong.
    Usage,
    /// The target cannot be reached, or Ringback could not go on.
    CannotGoOn,
    /// A load missed a threshold.
    ThresholdMissed,
    /// The load generator fell behind its own schedule, and what a load is judged by depends on it.
    LoadInvalid,
    /// Snapshots wait to be accepted, and in CI nobody does.
    PendingSnapshots,
    /// A signal cut the run short; the reports are written.
    Interrupted,
}

impl Exit {
    /// Every code with its meaning, as `--help` prints it.
    pub const ALL: [(Exit, &'static str); 8] = [
        (Exit::Good, "all good"),
        (Exit::ReceiverFailed, "the receiver failed: a check, a probe or a snapshot"),
        (Exit::Usage, "the command line or a scenario is wrong"),
        (Exit::CannotGoOn, "the target cannot be reached, or Ringback could not go on"),
        (Exit::ThresholdMissed, "a load missed a threshold"),
        (Exit::LoadInvalid, "a load is invalid: the load generator fell behind its own schedule"),
        (Exit::PendingSnapshots, "snapshots wait to be accepted (only where `CI` is set)"),
        (Exit::Interrupted, "interrupted; the reports are written"),
    ];

    /// The number that the process exits with.
    pub fn code(self) -> u8 {
        match self {
            Exit::Good => 0,
            Exit::ReceiverFailed => 1,
            Exit::Usage => 2,
            Exit::CannotGoOn => 3,
            Exit::ThresholdMissed => 4,
            Exit::LoadInvalid => 5,
            Exit::PendingSnapshots => 6,
            Exit::Interrupted => 130,
        }
    }
}
