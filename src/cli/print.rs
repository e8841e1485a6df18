//! Printing: to standard output for what was asked, to standard error for what went wrong.

use super::variables::Applied;
use crate::diagnostic::Diagnostics;
use crate::exit::Exit;
use crate::http::without_credentials;
use crate::visible::guarded;
use std::io::{self, Write};

/// Why a command could not do what was asked.
#[derive(Debug)]
pub(super) enum Problem {
    /// Scenario files are wrong.
    Diagnostics(Diagnostics),
    /// One message: what is wrong and what to do, and the exit code it calls for.
    Message { told: String, help: String, exit: Exit },
}

impl Problem {
    pub(super) fn usage(told: impl Into<String>, help: impl Into<String>) -> Self {
        Problem::Message { told: told.into(), help: help.into(), exit: Exit::Usage }
    }

    pub(super) fn cannot_go_on(told: impl Into<String>, help: impl Into<String>) -> Self {
        Problem::Message { told: told.into(), help: help.into(), exit: Exit::CannotGoOn }
    }

    /// Prints the problem to standard error.
    pub(super) fn print(&self) -> Exit {
        let bad = anstyle::AnsiColor::Red.on_default().bold();
        match self {
            Problem::Diagnostics(diagnostics) => {
                note(diagnostics.render(true).trim_end());
                Exit::Usage
            }
            Problem::Message { told, help, exit } => {
                note(&format!("{bad}error{bad:#}: {}", without_credentials(told)));
                if !help.is_empty() {
                    note(&format!("  help: {}", without_credentials(help)));
                }
                *exit
            }
        }
    }
}

impl From<Diagnostics> for Problem {
    fn from(diagnostics: Diagnostics) -> Self {
        Problem::Diagnostics(diagnostics)
    }
}

/// Prints what clap has to tell, without the passwords of addresses among the arguments. Flags that it names and that nobody
/// typed are traced to their variables.
pub(super) fn told(error: &clap::Error, applied: &Applied) -> io::Result<()> {
    if !error.use_stderr() {
        return error.print();
    }
    let told = error.render();
    let plain = told.to_string();
    let mut text = told.ansi().to_string();
    let is_named = |flag: &str| plain.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == flag);
    for (flag, variable) in applied.flags().filter(|(flag, _)| is_named(flag)) {
        text += &format!("  note: {flag} comes from the variable {variable}\n");
    }
    anstream::stderr().write_all(guarded(&without_credentials(&text)).as_bytes())
}

/// Prints a line to standard error. If it cannot be written, as after a terminal was closed, nobody is there to tell.
pub(super) fn note(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", guarded(line));
}

/// Prints text to standard output. A reader that has gone, as in `ringback list | head`, ends the command quietly.
pub(super) fn out(text: &str) -> Result<Exit, Problem> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(guarded(text).as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(Exit::Good),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Good),
        Err(error) => Err(Problem::cannot_go_on(format!("standard output cannot be written: {error}"), "")),
    }
}
