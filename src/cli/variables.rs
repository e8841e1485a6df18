//! `RINGBACK_*` variables become flags of the command line that is about to be read, all of them in one way.

use super::print::Problem;
use crate::session::probe_variable;
use crate::spelling::{choices, nearest, tick};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

/// What the name of every variable begins with.
const PREFIX: &str = "RINGBACK_";
/// What separates the items of a list.
const SEPARATOR: char = ',';
/// What a boolean is written as; the first half is true.
const BOOLEANS: [&str; 6] = ["1", "true", "yes", "0", "false", "no"];

/// A command line with what variables add to it.
#[derive(Debug)]
pub(super) struct Applied {
    /// The arguments, with the flags of variables behind the name of the subcommand.
    pub arguments: Vec<OsString>,
    /// Where each of these flags comes from, by the id of the argument.
    sources: BTreeMap<String, Source>,
}

#[derive(Debug)]
struct Source {
    variable: String,
    /// How the flag is written: `--seed`.
    flag: String,
}

impl Applied {
    /// Which variable the flag of this argument comes from; `None` if it was typed.
    pub fn source(&self, argument: &str) -> Option<&str> {
        self.sources.get(argument).map(|source| source.variable.as_str())
    }

    /// The flags that come from variables, each with its variable.
    pub fn flags(&self) -> impl Iterator<Item = (&String, &str)> {
        self.sources.values().map(|source| (&source.flag, source.variable.as_str()))
    }
}

/// The command without its variables: clap reads none itself.
pub(super) fn without(command: Command) -> Command {
    command.mut_args(|arg| arg.env(None::<&str>)).mut_subcommands(without)
}

/// Adds the variables of the subcommand that these arguments run. Flags win over variables, a flag that conflicts with a
/// variable's does, too.
///
/// # Errors
/// A variable that does not exist, or whose value its flag cannot take.
pub(super) fn apply(
    command: &Command,
    arguments: Vec<OsString>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Applied, Problem> {
    let set = set(environment);
    let mut bare = without(command.clone());
    let typed = bare.clone().ignore_errors(true).try_get_matches_from(&arguments);
    let unchanged = |arguments| Applied { arguments, sources: BTreeMap::new() };
    // What is wrong with the arguments themselves is for clap to say; so is help.
    let Ok(typed) = typed else { return Ok(unchanged(arguments)) };
    let names = chain(&typed);
    if names.is_empty() {
        return Ok(unchanged(arguments));
    }
    refuse_unknown(command, &set)?;

    bare.build();
    let (mut owner, mut named, mut matches) = (command, &bare, &typed);
    for name in &names {
        let inner = matches.subcommand().map(|(_, inner)| inner);
        let (Some(of), Some(built), Some(inner)) = (owner.find_subcommand(name), named.find_subcommand(name), inner)
        else {
            return Ok(unchanged(arguments));
        };
        (owner, named, matches) = (of, built, inner);
    }
    let is_typed = |arg: &Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    let mut sources = BTreeMap::new();
    let mut words = Vec::new();
    for arg in owner.get_arguments().chain(command.get_arguments().filter(|arg| arg.is_global_set())) {
        let Some(variable) = arg.get_env().map(|name| name.to_string_lossy().into_owned()) else { continue };
        let Some(value) = set.get(&variable) else { continue };
        if is_typed(arg) || conflicts(named, arg).iter().any(|other| is_typed(other)) {
            continue;
        }
        let of_variable = words_of(arg, &variable, value)?;
        check(named, arg, &variable, &of_variable)?;
        if !of_variable.is_empty() {
            sources.insert(arg.get_id().to_string(), Source { variable, flag: shown(arg) });
            words.extend(of_variable.into_iter().map(OsString::from));
        }
    }
    Ok(Applied { arguments: inserted(arguments, &names, words), sources })
}

/// The variables that are set to something, without blanks around it.
fn set(environment: impl IntoIterator<Item = (OsString, OsString)>) -> BTreeMap<String, OsString> {
    let ours = environment.into_iter().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX))?;
        let value = match value.into_string() {
            Ok(text) => text.trim().into(),
            Err(bytes) => bytes,
        };
        Some((name, value))
    });
    ours.filter(|(_, value)| !value.is_empty()).collect()
}

/// The subcommands that these arguments run, the outermost first.
fn chain(matches: &ArgMatches) -> Vec<String> {
    let all = std::iter::successors(matches.subcommand(), |(_, inner)| inner.subcommand());
    all.map(|(name, _)| name.to_owned()).collect()
}

/// Refuses variables that nothing reads: a slip in a name would otherwise change what is played without a word.
fn refuse_unknown(command: &Command, set: &BTreeMap<String, OsString>) -> Result<(), Problem> {
    let mut known = BTreeSet::new();
    collect(command, &mut known);
    let is_known = |name: &String, value: &OsString| {
        known.contains(name) || probe_variable(name) || is_service_link(name, &value.to_string_lossy())
    };
    let unknown: Vec<&String> =
        set.iter().filter(|(name, value)| !is_known(name, value)).map(|(name, _)| name).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let told = unknown.iter().map(|name| {
        let near = nearest(name.trim_start_matches(PREFIX), known.iter().map(|known| known.trim_start_matches(PREFIX)));
        let near = near.map(|near| format!("; did you mean {}?", tick(&format!("{PREFIX}{near}"))));
        format!("{} is not a variable of Ringback{}", tick(name), near.unwrap_or_default())
    });
    Err(Problem::usage(
        told.collect::<Vec<_>>().join("\n  "),
        format!("correct its name or unset it: names that begin with `{PREFIX}` are Ringback's own; --help lists them"),
    ))
}

/// The variables of a command and of all below it.
fn collect(command: &Command, known: &mut BTreeSet<String>) {
    known.extend(
        command.get_arguments().filter_map(|arg| arg.get_env()).map(|name| name.to_string_lossy().into_owned()),
    );
    command.get_subcommands().for_each(|inner| collect(inner, known));
}

/// Whether Kubernetes or Docker has set this variable for a service or container whose name begins with `ringback`:
/// `RINGBACK_SERVICE_HOST`, `RINGBACK_PORT=tcp://10.0.0.7:80`, `RINGBACK_PORT_80_TCP_ADDR`.
fn is_service_link(name: &str, value: &str) -> bool {
    let is_port = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let has_scheme = || ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    name.contains("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.split("_PORT_").skip(1).any(is_port)
        || (name.ends_with("_PORT") && has_scheme())
}

/// The other arguments that an argument cannot be given with.
fn conflicts<'c>(command: &'c Command, arg: &Arg) -> Vec<&'c Arg> {
    let mine = command.get_arguments().find(|own| own.get_id() == arg.get_id());
    let Some(mine) = mine else { return Vec::new() };
    let mut others = command.get_arg_conflicts_with(mine);
    let theirs = |other: &&Arg| command.get_arg_conflicts_with(other).iter().any(|one| one.get_id() == mine.get_id());
    others.extend(command.get_arguments().filter(theirs));
    others
}

/// The words on a command line that give an argument the value of its variable.
fn words_of(arg: &Arg, variable: &str, value: &OsString) -> Result<Vec<String>, Problem> {
    let wrong = |told: &str, help: String| Err(Problem::usage(format!("{variable} {told}"), help));
    let Some(value) = value.to_str() else {
        return wrong("is not UTF-8", format!("write it as UTF-8, or give {}", shown(arg)));
    };
    let is_quoted = |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    if is_quoted('"') || is_quoted('\'') {
        let help = format!(
            "write `{variable}=...` without them: `docker --env-file` and many CI servers keep quotes as they are"
        );
        return wrong("has quotes around its value", help);
    }
    let written = |value: &str| match arg.get_long() {
        Some(long) => format!("--{long}={value}"),
        None => value.to_owned(),
    };
    match arg.get_action() {
        ArgAction::SetTrue => {
            let place = BOOLEANS.iter().position(|word| word.eq_ignore_ascii_case(value));
            match place.map(|place| place < BOOLEANS.len() / 2) {
                Some(true) => Ok(arg.get_long().map(|long| format!("--{long}")).into_iter().collect()),
                Some(false) => Ok(Vec::new()),
                None => {
                    let help = format!("write {}", choices(BOOLEANS));
                    wrong(&format!("is {}, which is neither true nor false", tick(value)), help)
                }
            }
        }
        ArgAction::Append => {
            Ok(value.split(SEPARATOR).map(str::trim).filter(|item| !item.is_empty()).map(written).collect())
        }
        _ => Ok(vec![written(value)]),
    }
}

/// Whether the flag takes these words; the message names the variable.
fn check(command: &Command, arg: &Arg, variable: &str, words: &[String]) -> Result<(), Problem> {
    for word in words {
        let read = command.clone().try_get_matches_from([command.get_name(), word]);
        let Err(error) = read else { continue };
        let why = match error.kind() {
            ErrorKind::ValueValidation => std::error::Error::source(&error).map(ToString::to_string),
            ErrorKind::InvalidValue => Some(match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(valid)) => {
                    format!("it is one of {}", choices(valid.iter().map(String::as_str)))
                }
                _ => "it is not a value that the flag takes".to_owned(),
            }),
            // What else is missing or contradicts it does not concern this value.
            _ => continue,
        };
        let value = word.split_once('=').map_or(word.as_str(), |(_, value)| value);
        let value = match arg.is_hide_env_values_set() {
            true => String::new(),
            false => format!(" {}", tick(value)),
        };
        return Err(Problem::usage(
            format!("the value{value} of the variable {variable} is wrong: {}", why.unwrap_or_default()),
            format!("correct it or unset it: it stands for {}", shown(arg)),
        ));
    }
    Ok(())
}

/// How the argument is written: `--seed`, or the name of what stands without a flag.
fn shown(arg: &Arg) -> String {
    arg.get_long().map_or_else(|| arg.get_id().to_string(), |long| format!("--{long}"))
}

/// The arguments with further words behind the name of the innermost subcommand.
fn inserted(mut arguments: Vec<OsString>, names: &[String], words: Vec<OsString>) -> Vec<OsString> {
    let mut at = 1;
    for name in names {
        let behind = arguments.iter().skip(at).position(|argument| argument.to_str() == Some(name));
        at += behind.map_or(0, |behind| behind + 1);
    }
    let at = at.min(arguments.len());
    arguments.splice(at..at, words);
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    fn applied(arguments: &[&str], set: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let arguments = std::iter::once("ringback").chain(arguments.iter().copied()).map(OsString::from).collect();
        let set = set.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        match apply(&Cli::command(), arguments, set) {
            Ok(applied) => {
                let words = applied.arguments.into_iter().skip(1).map(|word| word.to_string_lossy().into_owned());
                Ok(words.collect())
            }
            Err(Problem::Message { told, help, .. }) => Err(format!("{told} ({help})")),
            Err(Problem::Diagnostics(_)) => Err(String::new()),
        }
    }

    fn run_with(name: &str, value: &str) -> Result<String, String> {
        applied(&["run", "a.yaml"], &[(name, value)]).map(|words| words.join(" "))
    }

    #[test]
    fn an_empty_variable_is_unset_and_blanks_around_a_value_are_not_part_of_it() {
        for empty in ["", " ", "\r", "\t \r\n"] {
            assert_eq!(run_with("RINGBACK_SEED", empty).as_deref(), Ok("run a.yaml"), "{empty:?}");
        }
        assert_eq!(run_with("RINGBACK_SEED", "7 \r").as_deref(), Ok("run --seed=7 a.yaml"));
        assert_eq!(run_with("RINGBACK_TARGETS", "").as_deref(), Ok("run a.yaml"));
    }

    #[test]
    fn every_boolean_flag_takes_the_same_words() {
        for yes in ["1", "true", "YES", "True"] {
            assert_eq!(run_with("RINGBACK_INSECURE", yes).as_deref(), Ok("run --insecure a.yaml"), "{yes}");
        }
        for no in ["0", "false", "No", "FALSE"] {
            assert_eq!(run_with("RINGBACK_HTTP2", no).as_deref(), Ok("run a.yaml"), "{no}");
        }
        let told = run_with("RINGBACK_INSECURE", "maybe").expect_err("not a boolean");
        assert!(told.contains("RINGBACK_INSECURE is `maybe`") && told.contains("`yes`"), "{told}");
    }

    #[test]
    fn every_list_is_split_in_the_same_way() {
        let split = run_with("RINGBACK_TARGET", " http://127.0.0.1:1/a , http://127.0.0.1:1/b,");
        assert_eq!(split.as_deref(), Ok("run --target=http://127.0.0.1:1/a --target=http://127.0.0.1:1/b a.yaml"));
        let keys =
            applied(&["serve"], &[("RINGBACK_ACCESS_KEY", "a:secret-1,b:secret-2")]).map(|words| words.join(" "));
        assert_eq!(keys.as_deref(), Ok("serve --access-key=a:secret-1 --access-key=b:secret-2"));
    }

    #[test]
    fn flags_win_over_variables_and_over_those_that_they_conflict_with() {
        let seed = [("RINGBACK_SEED", "7")];
        assert_eq!(applied(&["run", "--seed", "8"], &seed), Ok(["run", "--seed", "8"].map(str::to_owned).to_vec()));
        let rate = [("RINGBACK_RATE", "5/s")];
        assert_eq!(applied(&["load", "--closed", "3"], &rate).map(|words| words.len()), Ok(3));
        // Another subcommand's variable is as good as none.
        assert_eq!(applied(&["check", "a.yaml"], &rate).map(|words| words.len()), Ok(2));
        let color = applied(&["--color", "never", "run"], &[("RINGBACK_COLOR", "always")]);
        assert_eq!(color.map(|words| words.len()), Ok(3));
    }

    #[test]
    fn a_wrong_value_names_its_variable_and_shows_no_secret() {
        for (name, value, expected) in [
            ("RINGBACK_SEED", "seven", "RINGBACK_SEED"),
            ("RINGBACK_TARGET", "127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("RINGBACK_COLOR", "sometimes", "`always`"),
            ("RINGBACK_VENDOR", "udesk,udesc", "did you mean `udesk`"),
            ("RINGBACK_TARGET", "\"http://127.0.0.1:1/h\"", "quotes"),
            ("RINGBACK_PACE", "'1x'", "quotes"),
        ] {
            let told = run_with(name, value).expect_err(value);
            assert!(told.contains(name) && told.contains(expected), "{told}");
        }
        let told = applied(&["serve"], &[("RINGBACK_ACCESS_KEY", "hush-hush")]).expect_err("not an access key");
        assert!(told.contains("RINGBACK_ACCESS_KEY") && !told.contains("hush"), "{told}");
    }

    #[test]
    fn an_unknown_variable_is_refused_with_the_nearest_one() {
        let told = run_with("RINGBACK_TARGETS", "http://127.0.0.1:1/").expect_err("no such variable");
        assert!(told.contains("`RINGBACK_TARGETS` is not") && told.contains("`RINGBACK_TARGET`?"), "{told}");
        let told = applied(&["list", "vendors"], &[("RINGBACK_SEDE", "7")]).expect_err("no such variable");
        assert!(told.contains("`RINGBACK_SEED`?"), "{told}");
        for (name, value) in [
            ("RINGBACK_RATE", "5/s"),
            ("RINGBACK_CALL_ID", "1"),
            ("RINGBACK_CUSTOMER_PHONE_2", "1"),
            ("RINGBACK_SERVICE_HOST", "10.0.0.7"),
            ("RINGBACK_SERVICE_PORT_HTTP", "80"),
            ("RINGBACK_PORT", "tcp://10.0.0.7:80"),
            ("RINGBACK_RECEIVER_PORT_80_TCP_ADDR", "10.0.0.7"),
        ] {
            assert!(run_with(name, value).is_ok(), "{name}");
        }
        assert!(run_with("RINGBACK_PORT", "80").is_err());
    }
}
