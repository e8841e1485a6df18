//! `ringback serve`: the vendors' query APIs, answered from a journal.

use super::print::Problem;
use super::process::{on_signal, runtime};
use crate::exit::Exit;
use crate::query::{API_OPTIONS, AccessKey};
use crate::serve::{Config, NotServing, Server};
use crate::session::{GivenOption, given_option, time};
use crate::vendors::{SettingKind, Settings};
use clap::Args;
use jiff::Timestamp;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Where `ringback serve` listens unless it is told.
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7072);

/// The arguments of `ringback serve`.
#[derive(Debug, Args)]
#[command(after_help = options_help())]
pub(super) struct Serve {
    /// Where to listen. Beyond this machine only with an access key.
    #[arg(long, value_name = "ADDRESS", env = "RINGBACK_SERVE_LISTEN", default_value_t = LISTEN_DEFAULT)]
    listen: SocketAddr,
    /// The journal to answer from; `ringback run --journal FILE` writes it, also meanwhile.
    #[arg(long, value_name = "FILE", env = "RINGBACK_JOURNAL")]
    journal: PathBuf,
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
        let [curl_log, push_record] = self.settings()?;
        let Self { listen, journal, access_key, now, .. } = self;
        let is_checked = !access_key.is_empty();
        let shown = journal.display().to_string();
        let config = Config { listen, journal, access_keys: access_key, now, curl_log, push_record };
        let runtime = runtime()?;
        let ended = runtime.block_on(async {
            let server = Server::bind(config).await.map_err(problem)?;
            let stop = on_signal();
            let checked = if is_checked { "signatures are checked" } else { "signatures are not checked" };
            anstream::println!("serving on http://{}/ from {shown}; {checked}; Ctrl-C ends it", server.local_addr());
            server.run(stop.requested()).await;
            Ok(Exit::Good)
        });
        // A query that hangs must not keep the process.
        runtime.shutdown_background();
        ended
    }

    /// The settings of each API, in the order of [`API_OPTIONS`].
    fn settings(&self) -> Result<[Settings; 2], Problem> {
        let mut settings = API_OPTIONS.map(|(_, facts)| Settings::defaults(facts));
        for given in &self.option {
            let GivenOption { vendor, name, value } = given;
            let refused = |told: String| {
                Problem::usage(format!("--option {vendor}.{name}={value}: {told}"), "see `ringback serve --help`")
            };
            let Some(place) = API_OPTIONS.iter().position(|(id, _)| id == vendor) else {
                let ids: Vec<_> = API_OPTIONS.iter().map(|(id, _)| *id).collect();
                return Err(refused(format!("`{vendor}` has no query API; these have: {}", ids.join(", "))));
            };
            settings[place].read(name, value).map_err(refused)?;
        }
        Ok(settings)
    }
}

fn problem(error: NotServing) -> Problem {
    let told = error.to_string();
    match error {
        NotServing::Open(_) => Problem::usage(told, "add --access-key ID:SECRET, or listen on 127.0.0.1"),
        NotServing::Listen(..) => {
            Problem::cannot_go_on(told, "choose another address, such as --listen 127.0.0.1:0 for a free port")
        }
        NotServing::Journal(_) => Problem::cannot_go_on(told, ""),
    }
}

fn options_help() -> String {
    let lines = API_OPTIONS.iter().flat_map(|(vendor, facts)| {
        facts.iter().map(move |fact| {
            let name = format!("{vendor}.{}={}", fact.name, values(&fact.kind));
            format!("  {name}\n      {} ({})\n", fact.meaning, fact.origin)
        })
    });
    format!("Options of the APIs, the default first, with where it comes from:\n{}", lines.collect::<String>())
}

/// The values that an option takes, the default first.
fn values(kind: &SettingKind) -> String {
    match kind {
        SettingKind::Switch(true) => "true|false".to_owned(),
        SettingKind::Switch(false) => "false|true".to_owned(),
        SettingKind::Choice(words) => words.join("|"),
        SettingKind::Integer(Some(number)) => number.to_string(),
        SettingKind::Duration(length) => crate::duration::text(*length),
        SettingKind::Text(Some(text)) => (*text).to_owned(),
        SettingKind::Integer(None) => "N".to_owned(),
        SettingKind::Text(None) | SettingKind::List | SettingKind::Any => "TEXT".to_owned(),
    }
}
