//! Drives the `ringback` command as a person at a terminal would.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long a command may take before the test calls it hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command with these arguments, free of settings from the environment.
pub fn ringback<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RINGBACK_") {
            command.env_remove(name);
        }
    }
    // What a CI server says of itself is not what a test says.
    command.env_remove("CI").env_remove("GITHUB_STEP_SUMMARY");
    command.args(arguments).stdin(Stdio::null());
    command
}

/// How a command ended.
#[derive(Debug)]
pub struct Done {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Done {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            err: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }
}

/// Runs the command to its end.
pub fn done(mut command: Command) -> Done {
    command.output().expect("the command starts").into()
}

/// Runs the command with these arguments to its end.
pub fn run(arguments: &[&str]) -> Done {
    done(ringback(arguments))
}

/// A command that goes on until it is told to end; it is killed if the test forgets.
pub struct Running {
    child: Child,
    /// What it prints, read all the time: a full pipe would hold it up.
    lines: mpsc::Receiver<String>,
}

impl Running {
    /// Starts the command.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    /// The next line of standard output.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line")
    }

    /// Sends the signal that Ctrl-C sends.
    pub fn interrupt(&self) {
        self.signal("INT");
    }

    /// Sends the signal of this name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status().expect("the command `kill`");
        assert!(sent.success());
    }

    /// Waits for the end, and gives what had not been read yet.
    pub fn end(mut self) -> Done {
        let began = Instant::now();
        let out = self.lines.iter().collect::<Vec<_>>().join("\n");
        let mut err = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8 on standard error");
        loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return Done { code: status.code().expect("an exit code"), out, err };
            }
            assert!(began.elapsed() < PATIENCE, "the command does not end");
            std::thread::yield_now();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `ringback receive` on a free port, with its address.
pub fn receiver(behaviour: &str) -> (Running, String) {
    let running = Running::start(ringback(&["receive", "--listen", "127.0.0.1:0", "--behave", behaviour]));
    let line = running.line();
    let address =
        line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address in the first line");
    let address = address.to_owned();
    (running, address)
}

/// Writes a file into a folder and gives its path as text.
pub fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file that can be written");
    path.to_str().expect("a path of UTF-8").to_owned()
}
