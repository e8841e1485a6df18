//! How pushes travel, as arguments: whose certificates are accepted, HTTP/2, a proxy.

use super::print::Problem;
use crate::delivery::{CaFile, Proxies, Proxy, Trust, Versions, Way};
use crate::faults::Layer;
use crate::plan::Plan;
use clap::Args;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How much of a file of certificates is read, in bytes: some hundred times what a system trusts.
const CA_FILE_MAX_BYTES: u64 = 16 * 1024 * 1024;

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

    /// The flags that ask for the same again.
    pub(super) fn flags(&self) -> Vec<String> {
        let file = self.cacert.iter().flat_map(|path| ["--cacert".to_owned(), path.display().to_string()]);
        let mut flags: Vec<String> = file.collect();
        flags.extend(self.insecure.then(|| "--insecure".to_owned()));
        flags.extend(self.http2.then(|| "--http2".to_owned()));
        flags.extend(self.proxy.iter().flat_map(|proxy| ["--proxy".to_owned(), proxy.clone()]));
        flags
    }

    fn trust(&self) -> Result<Trust, Problem> {
        match (&self.cacert, self.insecure) {
            (_, true) => Ok(Trust::Anyone),
            (None, false) => Ok(Trust::System),
            (Some(path), false) => CaFile::from_pem(path, ca_file(path))
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

/// What is in a file of certificates, which may be a device that never ends.
fn ca_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(CA_FILE_MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
