//! How pushes travel, as arguments: whose certificates are accepted, HTTP/2, a proxy.

use super::print::Problem;
use crate::delivery::{CaFile, Proxies, Proxy, Trust, Versions, Way};
use crate::faults::Layer;
use crate::plan::Plan;
use clap::Args;
use std::path::PathBuf;

/// How pushes travel.
#[derive(Debug, Args)]
pub(super) struct Travel {
    /// Trust the certificates in this PEM file, too.
    #[arg(long, value_name = "FILE", env = "RINGBACK_CACERT")]
    cacert: Option<PathBuf>,
    /// Accept any certificate.
    #[arg(long, env = "RINGBACK_INSECURE")]
    insecure: bool,
    /// Push by HTTP/2: on https where the receiver agrees to it, on http without asking.
    #[arg(long, env = "RINGBACK_HTTP2")]
    pub http2: bool,
    /// Push through this HTTP proxy, loopback included. Without it, `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` hold, for
    /// other hosts than loopback.
    #[arg(long, value_name = "URL", env = "RINGBACK_PROXY", hide_env_values = true)]
    proxy: Option<String>,
}

impl Travel {
    /// The way that these flags and the environment ask for.
    pub(super) fn way(&self) -> Result<Way, Problem> {
        let versions = if self.http2 { Versions::Http2 } else { Versions::Http1 };
        // Not while arguments are read: what is wrong there is repeated with the password in it.
        let proxy = self.proxy.as_deref().map(Proxy::parse).transpose();
        let proxy =
            proxy.map_err(|flaw| Problem::usage(format!("--proxy: {flaw}"), "write `http://127.0.0.1:3128`"))?;
        let proxies = Proxies::new(proxy, |name| std::env::var(name).ok());
        Ok(Way { trust: self.trust()?, versions, proxies, ..Way::default() })
    }

    fn trust(&self) -> Result<Trust, Problem> {
        match (&self.cacert, self.insecure) {
            (_, true) => Ok(Trust::Anyone),
            (None, false) => Ok(Trust::System),
            (Some(path), false) => CaFile::from_pem(path, std::fs::read(path))
                .map(Trust::SystemAnd)
                .map_err(|error| Problem::usage(error.to_string(), "name a file of PEM certificates that can be read")),
        }
    }

    /// Whether what these plans ask for can travel so.
    pub(super) fn fits<'a>(&self, plans: impl IntoIterator<Item = &'a Plan>) -> Result<(), Problem> {
        if !self.http2 {
            return Ok(());
        }
        let mut faults = plans.into_iter().flat_map(|plan| plan.faults.iter());
        match faults.find(|fault| fault.fact.layer == Layer::Connection) {
            None => Ok(()),
            Some(fault) => Err(Problem::usage(
                format!(
                    "the fault `{}` ({}) bends connections of HTTP/1.1, and --http2 speaks HTTP/2",
                    fault.name(),
                    fault.place
                ),
                "leave out --http2, or the fault",
            )),
        }
    }
}
