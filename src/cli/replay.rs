//! The flags of a command as it was typed, for the command that gives the same again.

use super::variables::Applied;
use crate::http::{VEIL, is_secret_name, masked, without_credentials};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

/// The arguments that change nothing of what is sent and judged: where outputs go, how they look, what is waited for before
/// the first push, what is kept. Every other one is replayed.
const NOT_REPLAYED: [&str; 14] = [
    "color",
    "help",
    "journal",
    "journal_sample",
    "out",
    "prune",
    "quiet",
    "report",
    "start_at",
    "verbose",
    "version",
    "wait_for",
    "wait_for_status",
    "wait_limit",
];
/// The arguments that a replay line gives in its own way: which scenario and vendor, from which seed and start, which shard.
const GIVEN_ANEW: [&str; 6] = ["at", "scenarios", "seed", "shard", "shards", "vendor"];

/// The flags that were given, by variables too.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed(Vec<Flag>);

#[derive(Debug, Clone)]
struct Flag {
    id: String,
    /// The words of the flag; without the values that nobody is told.
    words: Vec<String>,
    /// The variable that holds what the words must not.
    variable: Option<String>,
}

impl Typed {
    /// The flags of the innermost subcommand.
    pub fn of(command: &Command, matches: &ArgMatches, applied: &Applied) -> Self {
        let (mut command, mut matches) = (command, matches);
        while let Some((name, inner)) = matches.subcommand() {
            let Some(named) = command.find_subcommand(name) else { break };
            (command, matches) = (named, inner);
        }
        let is_given = |arg: &&Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        let is_replayed = |arg: &&Arg| is_replayed(arg.get_id().as_str());
        let flags = command.get_arguments().filter(is_replayed).filter(is_given).filter_map(|arg| {
            let (id, flag) = (arg.get_id().as_str(), format!("--{}", arg.get_long()?));
            let mut is_masked = false;
            let words = match arg.get_action() {
                ArgAction::SetTrue => vec![flag],
                _ => {
                    let values = matches.get_raw(id).into_iter().flatten().flat_map(|value| {
                        let value = value.to_string_lossy();
                        let shown = without_secrets(id, &value);
                        is_masked |= shown != value;
                        match shown.starts_with('-') {
                            true => vec![format!("{flag}={shown}")],
                            false => vec![flag.clone(), shown],
                        }
                    });
                    values.collect()
                }
            };
            let variable = applied.source(id).filter(|_| is_masked).map(str::to_owned);
            Some(Flag { id: id.to_owned(), words, variable })
        });
        Self(flags.collect())
    }

    /// The words of the flags for which `holds`.
    pub fn words(&self, holds: impl Fn(&str) -> bool) -> Vec<String> {
        let told = self.0.iter().filter(|flag| flag.variable.is_none() && holds(&flag.id));
        told.flat_map(|flag| flag.words.iter().cloned()).collect()
    }

    /// The assignments before the command, as a shell takes them: secrets that came by a variable stay in it.
    pub fn assignments(&self) -> String {
        let variables = self.0.iter().filter_map(|flag| flag.variable.as_deref());
        variables.map(|name| format!("{name}=${name} ")).collect()
    }
}

/// Whether an argument is among the flags of a replay.
fn is_replayed(id: &str) -> bool {
    !NOT_REPLAYED.contains(&id) && !GIVEN_ANEW.contains(&id)
}

/// The value of an argument without what nobody is told. `{env.NAME}` tells nothing, and stays where it is the whole secret.
fn without_secrets(id: &str, value: &str) -> String {
    match (id, value.split_once(if id == "header" { ':' } else { '=' })) {
        ("header", Some((name, text))) => {
            let told = masked(&[(name.to_owned(), text.trim().to_owned())]).remove(0).1;
            let secret = told.strip_suffix(VEIL).and_then(|before| text.trim().strip_prefix(before)).unwrap_or(text);
            let is_named = secret.split_inclusive('}').all(|part| part.starts_with("{env.") && part.ends_with('}'));
            if is_named || told == text.trim() { value.to_owned() } else { format!("{name}: {told}") }
        }
        ("option", Some((name, _))) if is_secret_name(name.rsplit('.').next().unwrap_or(name)) => {
            format!("{name}={VEIL}")
        }
        ("proxy", _) => without_credentials(value),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_flag_is_replayed_or_on_the_list_of_those_that_are_not() {
        let mut command = Cli::command();
        command.build();
        let names = |name: &str| -> Vec<String> {
            let found = command.find_subcommand(name).expect("a subcommand");
            found.get_arguments().map(|arg| arg.get_id().to_string()).collect()
        };
        let all: Vec<String> = names("run").into_iter().chain(names("load")).collect();
        for listed in NOT_REPLAYED.iter().chain(&GIVEN_ANEW).filter(|id| !["version"].contains(id)) {
            assert!(all.iter().any(|id| id == listed), "no argument is called `{listed}`");
        }
        for changing in ["target", "built_in", "faults", "snapshots", "pace", "cacert", "http2", "header", "threshold"]
        {
            assert!(all.iter().any(|id| id == changing) && is_replayed(changing), "{changing}");
        }
    }

    #[test]
    fn secrets_are_not_repeated_and_their_names_are() {
        for (id, value, shown) in [
            ("header", "Authorization: Bearer abc", "Authorization: Bearer ***"),
            ("header", "Authorization: Bearer {env.TOKEN}", "Authorization: Bearer {env.TOKEN}"),
            ("header", "X-Api-Key: {env.KEY}", "X-Api-Key: {env.KEY}"),
            ("header", "X-Api-Key: abc{env.KEY}", "X-Api-Key: ***"),
            ("header", "Authorization: Bearer {env.A} and {env.B}", "Authorization: Bearer ***"),
            ("header", "Cookie: sid={env.A}{env.B}", "Cookie: sid={env.A}{env.B}"),
            ("header", "X-Env:ci", "X-Env:ci"),
            ("option", "tinet.token=abc", "tinet.token=***"),
            ("option", "tinet.enterprise=7122600", "tinet.enterprise=7122600"),
            ("proxy", "http://ann:secret@127.0.0.1:3128", "http://***@127.0.0.1:3128"),
        ] {
            assert_eq!(without_secrets(id, value), shown, "{value}");
        }
    }
}
