//! Runs the command of a probe: no shell, a time limit, a bounded output, and nothing of it left behind.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

/// How much of what a command prints is read; it may print more.
pub(super) const OUTPUT_MAX_BYTES: usize = 1024 * 1024;
/// How much of what a command complains of is read.
const COMPLAINT_MAX_BYTES: usize = 16 * 1024;
/// How long the output is still read once the command has ended: something that it left running may hold it open.
const OUTPUT_GRACE: Duration = Duration::from_millis(200);

/// How a command ended.
pub(super) struct Ended {
    /// Its exit status; as a shell has it, 128 and the signal where a signal ended it.
    pub status: i32,
    /// What it printed, as far as it was read.
    pub printed: Vec<u8>,
    /// Whether it printed more than that.
    pub truncated: bool,
    /// The last line of what it complained of.
    pub complaint: Option<String>,
}

/// Runs a program with its arguments.
///
/// # Errors
/// Why there is no exit status, in words: it could not be started, or had not ended within `limit`. It is killed then,
/// with its children where the system knows groups of processes; so it is where nobody waits for this any more.
pub(super) async fn run(words: &[String], variables: &[(String, String)], limit: Duration) -> Result<Ended, String> {
    let [program, arguments @ ..] = words else { return Err("there is no program to start".to_owned()) };
    let mut command = Command::new(program);
    command.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn().map_err(|error| format!("`{program}` cannot be started: {}", plain(&error)))?;
    let _group = Group::of(&child);
    match tokio::time::timeout(limit, ended(&mut child)).await {
        Ok(Ok(ended)) => Ok(ended),
        Ok(Err(error)) => Err(format!("`{program}` cannot be waited for: {}", plain(&error))),
        Err(_) => Err(format!("`{program}` had not ended after {limit:.1?}, and was killed")),
    }
}

async fn ended(child: &mut Child) -> io::Result<Ended> {
    let (mut printed, mut complaint) = (Output::up_to(OUTPUT_MAX_BYTES), Output::up_to(COMPLAINT_MAX_BYTES));
    let (out, error) = (child.stdout.take(), child.stderr.take());
    let status = {
        let read = async { tokio::join!(printed.read(out), complaint.read(error)) };
        tokio::pin!(read);
        let status = tokio::select! {
            biased;
            _ = &mut read => None,
            status = child.wait() => Some(status?),
        };
        match status {
            Some(status) => {
                let _ = tokio::time::timeout(OUTPUT_GRACE, read).await;
                status
            }
            None => child.wait().await?,
        }
    };
    let complaint = String::from_utf8_lossy(&complaint.bytes).into_owned();
    Ok(Ended {
        status: number(status),
        printed: printed.bytes,
        truncated: printed.truncated,
        complaint: complaint.lines().map(str::trim).rfind(|line| !line.is_empty()).map(str::to_owned),
    })
}

/// What a command writes, up to a limit; the rest is read and thrown away, so that the command is not held up.
struct Output {
    bytes: Vec<u8>,
    max_bytes: usize,
    truncated: bool,
}

impl Output {
    fn up_to(max_bytes: usize) -> Self {
        Self { bytes: Vec::new(), max_bytes, truncated: false }
    }

    async fn read(&mut self, pipe: Option<impl AsyncRead + Unpin>) {
        let Some(mut pipe) = pipe else { return };
        let mut chunk = [0; 8192];
        // A pipe that breaks has said what it had to say.
        while let Ok(count @ 1..) = pipe.read(&mut chunk).await {
            let room = self.max_bytes - self.bytes.len();
            self.bytes.extend_from_slice(&chunk[..count.min(room)]);
            self.truncated |= count > room;
        }
    }
}

/// A command and its children, killed when this is dropped.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(child: &Child) -> Self {
        let number = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: number.and_then(rustix::process::Pid::from_raw) }
    }

    #[cfg(not(unix))]
    fn of(_: &Child) -> Self {
        Self {}
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            // Mostly there is nobody left.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(unix)]
fn number(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or_else(|| Some(128 + status.signal()?)).unwrap_or(-1)
}

#[cfg(not(unix))]
fn number(status: ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}

/// What went wrong, without the number that the system has for it.
fn plain(error: &io::Error) -> String {
    let told = error.to_string();
    told.split(" (os error").next().unwrap_or_default().to_owned()
}
