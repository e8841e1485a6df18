//! The command line: what can be typed, and one file per subcommand that builds inputs, calls the library and prints.

mod check;
mod explain;
mod explain_push;
mod explain_vendor;
mod inputs;
mod list;
mod listed;
mod load;
mod outputs;
mod plan;
mod print;
mod process;
mod progress;
mod receive;
mod replay;
mod review;
mod run;
mod schema;
mod serve;
mod show;
mod table;
mod variables;
mod way;

use crate::exit::Exit;
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};
use replay::Typed;
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
    /// Play scenarios as load, and judge its figures.
    Load(Box<load::Load>),
    /// Print everything that would be sent, and send nothing.
    Plan(plan::Plan),
    /// Check scenario files, and send nothing.
    Check(check::Check),
    /// List what there is.
    List(list::List),
    /// Print a built-in scenario, to edit.
    Show(show::Show),
    /// Explain a code of an error or a finding, a fault, a check, a push or a vendor.
    Explain(explain::Explain),
    /// Look at the snapshots that wait, and accept or reject each of them.
    Review(review::Review),
    /// Make snapshots that wait the accepted ones.
    Accept(review::Settle),
    /// Remove snapshots that wait.
    Reject(review::Settle),
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
    let cli = match parse(arguments.into_iter().collect(), std::env::vars_os()) {
        Ok(cli) => cli,
        Err(exit) => return exit,
    };
    match cli.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    let ended = match cli.command {
        Command::Run(run) => run.execute(),
        Command::Load(load) => load.execute(),
        Command::Plan(plan) => plan.execute(),
        Command::Check(check) => check.execute(),
        Command::List(list) => list.execute(),
        Command::Show(show) => show.execute(),
        Command::Explain(explain) => explain.execute(),
        Command::Review(review) => review.execute(),
        Command::Accept(settle) => settle.accept(),
        Command::Reject(settle) => settle.reject(),
        Command::Receive(receive) => receive.execute(),
        Command::Serve(serve) => serve.execute(),
        Command::Schema(schema) => schema.execute(),
    };
    ended.unwrap_or_else(|problem| problem.print())
}

/// Reads the command line, and the variables that stand for flags. What is wrong is printed.
fn parse(arguments: Vec<OsString>, environment: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Cli, Exit> {
    let command = Cli::command();
    let applied = variables::apply(&command, arguments.clone(), environment).map_err(|problem| problem.print())?;
    let read = variables::without(command.clone()).try_get_matches_from(&applied.arguments).and_then(|matches| {
        let mut cli = Cli::from_arg_matches(&matches)?;
        if let Some(stories) = cli.command.stories() {
            stories.typed = Typed::of(&command, &matches, &applied);
        }
        Ok(cli)
    });
    read.map_err(|error| {
        // Help names the variables, which the command that reads has no more.
        let help = command.try_get_matches_from(arguments).err().filter(|help| !help.use_stderr());
        let error = help.unwrap_or(error);
        // Nothing is left to do where even the message cannot be written.
        let _ = print::told(&error, &applied);
        if error.use_stderr() { Exit::Usage } else { Exit::Good }
    })
}

impl Command {
    /// Which stories are asked for.
    fn stories(&mut self) -> Option<&mut inputs::Stories> {
        match self {
            Command::Run(run) => Some(&mut run.stories),
            Command::Load(load) => Some(load.stories()),
            Command::Plan(plan) => Some(&mut plan.stories),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::{self, Remote};

    /// The verbs, and each of those that name what they are about with every word that it takes.
    fn verbs() -> Vec<String> {
        let cli = Cli::command();
        let mut verbs = Vec::new();
        for verb in cli.get_subcommands() {
            let name = verb.get_name();
            let about = verb.get_positionals().filter(|_| ["list", "schema"].contains(&name)).flat_map(|argument| {
                argument.get_possible_values().into_iter().map(|value| format!("{name} {}", value.get_name()))
            });
            let about: Vec<String> = about.collect();
            if about.is_empty() { verbs.push(name.to_owned()) } else { verbs.extend(about) }
        }
        verbs
    }

    #[test]
    fn every_verb_can_be_asked_of_the_server_or_says_why_not() {
        let document: serde_json::Value = serde_json::from_str(&serve::document_text()).expect("a document");
        for verb in verbs() {
            // Another schema is one more reason of the same kind.
            let remote = serve::remote(&verb).or_else(|| serve::remote(verb.split(' ').next()?));
            match remote {
                Some(Remote::At(paths)) => {
                    for path in paths {
                        assert!(document["paths"].get(path).is_some(), "{verb}: {path}");
                    }
                }
                Some(Remote::Not(why)) => assert!(!why.is_empty(), "{verb}"),
                None => panic!("`{verb}` is not in serve::VERBS: which path asks the same, or why does none?"),
            }
        }
    }
}
