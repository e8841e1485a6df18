//! `ringback receive`: the built-in receiver on its own.

use super::inputs::positive_duration;
use super::print::{Problem, out};
use super::process::{on_signal, runtime};
use crate::exit::Exit;
use crate::receive::{self, Behaviour, Receiver};
use crate::vendors;
use clap::Args;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::Url;

/// Where `ringback receive` listens, and where `ringback plan` pretends to send, unless they are told.
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7071);

/// The arguments of `ringback receive`.
#[derive(Debug, Args)]
pub(super) struct Receive {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", env = "RINGBACK_LISTEN", default_value_t = LISTEN_DEFAULT)]
    listen: SocketAddr,
    /// How to answer: `ok` as the vendor expects; `slow` the same, but late; `refuse` with 503; `flaky` every third time
    /// with 500; `hang-up` not at all; `not-json` with 200 and a page of HTML; or the word of a receiver's bug, such as
    /// `forgets-retries` or `crashes-on-null`, which shows only where faults bring it out. A wrong word lists them all.
    #[arg(long, value_name = "BEHAVIOUR", env = "RINGBACK_BEHAVE", default_value_t = Behaviour::Ok)]
    behave: Behaviour,
    /// How long `slow` waits before it answers [default: 2s].
    #[arg(long, value_name = "DURATION", value_parser = positive_duration)]
    delay: Option<Duration>,
}

impl Receive {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let behaviour = match (self.behave, self.delay) {
            (Behaviour::Slow { .. }, Some(delay)) => Behaviour::Slow { delay },
            (behaviour, None) => behaviour,
            (_, Some(_)) => {
                return Err(Problem::usage(
                    "--delay says how late the behaviour `slow` answers",
                    "add --behave slow, or leave --delay out",
                ));
            }
        };
        runtime()?.block_on(async {
            let receiver = Receiver::bind(self.listen, behaviour, vendors::ALL).await.map_err(|error| {
                Problem::cannot_go_on(
                    format!("cannot listen on {}: {error}", self.listen),
                    "choose another address, such as --listen 127.0.0.1:0 for a free port",
                )
            })?;
            let stop = on_signal();
            out(&format!("receiving on http://{}/ as `{behaviour}`; Ctrl-C ends it\n", receiver.local_addr()))?;
            let requests = Arc::new(AtomicU64::new(0));
            let count = Arc::clone(&requests);
            receiver
                .run(
                    move |received| {
                        count.fetch_add(1, Ordering::Relaxed);
                        // Where nobody reads the lines any more, receiving goes on.
                        let _ = anstream::stdout().lock().write_all(receive::show(&received).as_bytes());
                    },
                    stop.requested(),
                )
                .await;
            out(&match requests.load(Ordering::Relaxed) {
                1 => "received 1 request\n".to_owned(),
                count => format!("received {count} requests\n"),
            })
        })
    }
}

/// The address of `ringback receive` as it listens unless it is told otherwise.
pub(super) fn default_address() -> Result<Url, Problem> {
    format!("http://{LISTEN_DEFAULT}/")
        .parse()
        .map_err(|error| Problem::cannot_go_on(format!("{LISTEN_DEFAULT}: {error}"), ""))
}
