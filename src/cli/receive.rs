//! `ringback receive`: the built-in receiver on its own.

use super::inputs::positive_duration;
use super::print::Problem;
use super::run::on_signal;
use crate::exit::Exit;
use crate::receive::{self, Behaviour, Receiver};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

/// How long the behaviour `slow` waits before it answers, unless `--delay` says otherwise.
const DELAY_DEFAULT: Duration = Duration::from_secs(2);

/// The arguments of `ringback receive`.
#[derive(Debug, Args)]
pub(super) struct Receive {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", env = "RINGBACK_LISTEN", default_value_t = receive::DEFAULT_LISTEN)]
    listen: SocketAddr,
    /// How to answer.
    #[arg(long, value_name = "BEHAVIOUR", env = "RINGBACK_BEHAVE", default_value = "ok")]
    behave: Behave,
    /// How long `slow` waits before it answers [default: 2s].
    #[arg(long, value_name = "DURATION", value_parser = positive_duration)]
    delay: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Behave {
    /// As the vendor expects.
    Ok,
    /// As the vendor expects, but late.
    Slow,
    /// With 503, always.
    Refuse,
    /// As the vendor expects, but every third time with 500.
    Flaky,
    /// Not at all: the connection is closed once the request is read.
    HangUp,
    /// With 200 and a page of HTML.
    NotJson,
}

impl Receive {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let behaviour = match self.behave {
            Behave::Ok => Behaviour::Ok,
            Behave::Slow => Behaviour::Slow(self.delay.unwrap_or(DELAY_DEFAULT)),
            Behave::Refuse => Behaviour::Refuse,
            Behave::Flaky => Behaviour::Flaky,
            Behave::HangUp => Behaviour::HangUp,
            Behave::NotJson => Behaviour::NotJson,
        };
        if self.delay.is_some() && self.behave != Behave::Slow {
            return Err(Problem::usage("--delay says how late `slow` answers", "add --behave slow, or leave --delay out"));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Problem::cannot_go_on(format!("no threads to run on: {error}"), ""))?;
        runtime.block_on(async {
            let receiver = Receiver::bind(self.listen, behaviour).await.map_err(|error| {
                Problem::cannot_go_on(
                    format!("cannot listen on {}: {error}", self.listen),
                    "choose another address, such as --listen 127.0.0.1:0 for a free port",
                )
            })?;
            anstream::println!("receiving on {}  (Ctrl-C ends)", receiver.address());
            let mut requests = 0_u64;
            receiver
                .run(on_signal(), |received| {
                    requests += 1;
                    let mut out = anstream::stdout().lock();
                    // Where nobody reads the lines any more, receiving goes on.
                    let _ = writeln!(out, "{}", receive::told(received));
                })
                .await;
            anstream::println!("{requests} requests received");
            Ok(Exit::Good)
        })
    }
}
