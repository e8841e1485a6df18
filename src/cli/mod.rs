//! The command line: what can be typed, and one file per subcommand that builds inputs, calls the library and prints.

mod check;
mod explain;
mod inputs;
mod list;
mod plan;
mod print;
mod process;
mod progress;
mod receive;
mod run;
mod schema;
mod serve;
mod show;

use crate::exit::Exit;
use clap::{ColorChoice, Parser, Subcommand};
use std::ffi::OsString;

/// Play a call-centre vendor: scripted calls become realistic webhook pushes against your receiver.
#[derive(Debug, Parser)]
#[command(name = "ringback", version, after_help = exit_codes(), arg_required_else_help = true, max_term_width = 120)]
struct Cli {
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", env = "RINGBACK_COLOR")]
    color: ColorChoice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play scenarios against a receiver, and judge its answers.
    Run(Box<run::Run>),
    /// Print everything that would be sent, and send nothing.
    Plan(plan::Plan),
    /// Check scenario files, and send nothing.
    Check(check::Check),
    /// List what there is.
    List(list::List),
    /// Print a built-in scenario, to edit.
    Show(show::Show),
    /// Explain a code of an error or a finding.
    Explain(explain::Explain),
    /// Receive pushes, print them, and answer as told.
    Receive(receive::Receive),
    /// Serve the page, the control API, inboxes, and the vendors' query APIs.
    Serve(serve::Serve),
    /// Print a schema, for editors and other tools.
    Schema(schema::Schema),
}

fn exit_codes() -> String {
    let codes = Exit::ALL.iter().map(|(exit, meaning)| format!("  {:>3}  {meaning}\n", exit.code()));
    format!("Exit codes:\n{}", codes.collect::<String>())
}

/// Runs the command line and says how it ended.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is left to do where even the message cannot be written.
            let _ = print::told(&error);
            return if error.use_stderr() { Exit::Usage } else { Exit::Good };
        }
    };
    match cli.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    let ended = match cli.command {
        Command::Run(run) => run.execute(),
        Command::Plan(plan) => plan.execute(),
        Command::Check(check) => check.execute(),
        Command::List(list) => list.execute(),
        Command::Show(show) => show.execute(),
        Command::Explain(explain) => explain.execute(),
        Command::Receive(receive) => receive.execute(),
        Command::Serve(serve) => serve.execute(),
        Command::Schema(schema) => schema.execute(),
    };
    ended.unwrap_or_else(|problem| problem.print())
}
