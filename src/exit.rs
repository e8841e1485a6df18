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
    /// Snapshots wait to be accepted, and in CI nobody does.
    PendingSnapshots,
    /// A signal cut the run short; the reports are written.
    Interrupted,
}

impl Exit {
    /// Every code with its meaning, as `--help` prints it.
    pub const ALL: [(Exit, &'static str); 6] = [
        (Exit::Good, "all good"),
        (Exit::ReceiverFailed, "the receiver failed: a check, a probe or a snapshot"),
        (Exit::Usage, "the command line or a scenario is wrong"),
        (Exit::CannotGoOn, "the target cannot be reached, or Ringback could not go on"),
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
            Exit::PendingSnapshots => 6,
            Exit::Interrupted => 130,
        }
    }
}
