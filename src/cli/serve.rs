//! `ringback serve`: the control API with its page, inboxes, figures, and the vendors' query APIs.

use super::inputs::{address, header};
use super::print::{Problem, out};
use super::process::{on_signal, runtime};
use crate::contract::Template;
use crate::exit::Exit;
use crate::query::{AccessKey, ApiSettings};
use crate::random::{self, Keyed};
use crate::serve::{Config, NotServing, Server};
use crate::session::{GivenOption, given_option, time};
use crate::vendors::OptionKind;
use clap::Args;
use jiff::Timestamp;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use url::Url;

/// Where `ringback serve` listens unless it is told.
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7070);

/// The arguments of `ringback serve`.
#[derive(Debug, Args)]
#[command(after_help = options_help())]
pub(super) struct Serve {
    /// Where to listen. Beyond this machine only with a token.
    #[arg(long, value_name = "ADDRESS", env = "RINGBACK_SERVE_LISTEN", default_value_t = LISTEN_DEFAULT)]
    listen: SocketAddr,
    /// Where pushes go whose run and scenario name no address. By default to the inbox `default` of this server.
    #[arg(long, value_name = "URL", env = "RINGBACK_TARGET", value_parser = address)]
    target: Option<Url>,
    /// Add this header to every push, in place of the vendor's and the scenario's own of that name. Repeatable.
    #[arg(long, value_name = "NAME: VALUE", env = "RINGBACK_HEADER", hide_env_values = true, value_parser = header)]
    header: Vec<(String, Template)>,
    /// The journal that runs are written to and that the query APIs answer from; `ringback run --journal FILE` can write it
    /// meanwhile, too. Without it the runs of this server are kept for as long as it goes on.
    #[arg(long, value_name = "FILE", env = "RINGBACK_JOURNAL")]
    journal: Option<PathBuf>,
    /// Answer only who sends this token. Beyond this machine there always is one: what is given here, or a fresh one.
    #[arg(long, value_name = "TOKEN", env = "RINGBACK_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Let pushes go to this host; without it, they go to loopback only. Repeatable.
    #[arg(long, value_name = "HOST", env = "RINGBACK_ALLOW_HOST", value_delimiter = ',')]
    allow_host: Vec<String>,
    /// A name by which this server is asked, besides `localhost` and addresses. Repeatable.
    #[arg(long, value_name = "NAME", env = "RINGBACK_HOSTNAME", value_delimiter = ',')]
    hostname: Vec<String>,
    /// Answer only requests that are signed with this key. Repeatable.
    #[arg(long, value_name = "ID:SECRET", env = "RINGBACK_ACCESS_KEY", hide_env_values = true)]
    access_key: Vec<AccessKey>,
    /// What queries take for now, for journals of runs with `--at`. The present by default.
    #[arg(long, value_name = "TIME", value_parser = time)]
    now: Option<Timestamp>,
    /// Set an option of an API, such as `tinet.order=oldest_first`. Repeatable.
    #[arg(long, value_name = "VENDOR.NAME=VALUE", value_parser = given_option)]
    option: Vec<GivenOption>,
}

impl Serve {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let settings = self.settings()?;
        let Self { listen, target, header, journal, token, mut allow_host, hostname, access_key, now, .. } = self;
        let is_open = !listen.ip().is_loopback();
        let token = token.or_else(|| is_open.then(fresh_token));
        // Whoever starts the server names the target.
        allow_host.extend(target.as_ref().and_then(Url::host_str).map(str::to_owned));
        let is_checked = !access_key.is_empty();
        let (journal, _scratch) = match journal {
            Some(journal) => (journal, None),
            None => {
                let scratch = tempfile::Builder::new().prefix("ringback-serve-").tempdir().map_err(|error| {
                    Problem::cannot_go_on(format!("no folder for the journal: {error}"), "name a file by --journal")
                })?;
                (scratch.path().join("journal"), Some(scratch))
            }
        };
        let shown = if _scratch.is_some() { String::new() } else { format!(", journal {}", journal.display()) };
        let config = Config {
            listen,
            journal,
            target,
            headers: header,
            token: token.clone(),
            allowed_hosts: allow_host,
            names: hostname,
            access_keys: access_key,
            now,
            settings,
        };
        let runtime = runtime()?;
        let ended = runtime.block_on(async {
            let server = Server::bind(config).await.map_err(problem)?;
            let stop = on_signal();
            let checked = if is_checked { "signatures are checked" } else { "signatures are not checked" };
            let address = server.local_addr();
            out(&format!("serving on http://{address}/{shown}; {checked}; Ctrl-C ends it\n"))?;
            if let Some(token) = &token {
                out(&format!("the page with its token: http://{address}/#token={token}\n"))?;
            }
            server.run(stop.requested()).await;
            Ok(Exit::Good)
        });
        // A query that hangs must not keep the process.
        runtime.shutdown_background();
        ended
    }

    fn settings(&self) -> Result<ApiSettings, Problem> {
        let options = self.option.iter().map(|GivenOption { vendor, name, value }| [&**vendor, name, value]);
        ApiSettings::read(options)
            .map_err(|told| Problem::usage(format!("--option {told}"), "see `ringback serve --help`"))
    }
}

/// A token that nobody guesses.
fn fresh_token() -> String {
    Keyed::new(random::fresh_seed(), "token", 1).stream("token").uuid().to_string()
}

fn problem(error: NotServing) -> Problem {
    let told = error.to_string();
    match error {
        NotServing::Open(_) => Problem::usage(told, "add --token TOKEN, or listen on 127.0.0.1"),
        NotServing::Token => Problem::usage(told, "choose another token, or leave --token out"),
        NotServing::Listen(..) => {
            Problem::cannot_go_on(told, "choose another address, such as --listen 127.0.0.1:0 for a free port")
        }
        NotServing::Journal(_) | NotServing::Broken(_) => Problem::cannot_go_on(told, ""),
    }
}

fn options_help() -> String {
    let lines = ApiSettings::facts().into_iter().flat_map(|(vendor, facts)| {
        facts.iter().map(move |fact| {
            let name = format!("{vendor}.{}={}", fact.name, values(&fact.kind));
            format!("  {name}\n      {} ({})\n", fact.meaning, fact.origin)
        })
    });
    format!("Options of the APIs, the default first, with where it comes from:\n{}", lines.collect::<String>())
}

/// The values that an option takes, the default first.
fn values(kind: &OptionKind) -> String {
    match kind {
        OptionKind::Switch(true) => "true|false".to_owned(),
        OptionKind::Switch(false) => "false|true".to_owned(),
        OptionKind::Choice(words) => words.join("|"),
        OptionKind::Integer(Some(number)) => number.to_string(),
        OptionKind::Duration(length) => crate::duration::text(*length),
        OptionKind::Text(Some(text)) => (*text).to_owned(),
        OptionKind::Integer(None) => "N".to_owned(),
        OptionKind::Text(None) | OptionKind::List | OptionKind::Any => "TEXT".to_owned(),
    }
}
