//! How pushes travel, as arguments: certificates of either side, HTTP/2, a proxy, where hosts are.

use super::print::Problem;
use crate::delivery::{Addresses, CaFile, ClientCertificate, Given, Proxies, Proxy, Resolver, Trust, Versions, Way};
use crate::faults::Layer;
use crate::plan::Plan;
use clap::Args;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How much of a file of certificates or keys is read: some hundred times what a system trusts.
const PEM_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// How pushes travel.
#[derive(Debug, Args)]
pub(super) struct Travel {
    /// Trust the certificates in this PEM file, too.
    #[arg(long, value_name = "FILE", env = "RINGBACK_CACERT")]
    cacert: Option<PathBuf>,
    /// Accept any certificate.
    #[arg(long, env = "RINGBACK_INSECURE")]
    insecure: bool,
    /// Say who we are by the client certificate in this PEM file.
    #[arg(long, value_name = "FILE", env = "RINGBACK_CERT")]
    cert: Option<PathBuf>,
    /// Its private key, as PEM; without this, the file of the certificate holds it, too.
    #[arg(long, value_name = "FILE", env = "RINGBACK_KEY", requires = "cert")]
    key: Option<PathBuf>,
    /// Take this address for a host and port, as curl does; Host and the name in TLS stay. Repeatable, `[::1]` for IPv6.
    #[arg(long, value_name = "HOST:PORT:ADDR", env = "RINGBACK_RESOLVE", value_delimiter = ',')]
    resolve: Vec<String>,
    /// Which addresses of a host are used: `all`, where `run` tries one after the other and `load` is spread over those that
    /// answer, or the `first` alone.
    #[arg(long, value_name = "first|all", env = "RINGBACK_ADDRESSES", default_value = "all")]
    addresses: Addresses,
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
        let given = Given::parse_all(&self.resolve);
        let given = given.map_err(|flaw| {
            Problem::usage(format!("--resolve: {flaw}"), "write `--resolve receiver.example:443:127.0.0.1`")
        })?;
        Ok(Way {
            trust: self.trust()?,
            versions,
            proxies,
            certificate: self.certificate()?,
            resolver: Resolver { given, addresses: self.addresses },
            ..Way::default()
        })
    }

    fn certificate(&self) -> Result<Option<ClientCertificate>, Problem> {
        let Some(cert) = &self.cert else { return Ok(None) };
        let key = self.key.as_ref().unwrap_or(cert);
        let read = |path: &PathBuf| {
            pem(path).map_err(|error| {
                Problem::usage(format!("the file {} cannot be read: {error}", path.display()), "name a PEM file")
            })
        };
        ClientCertificate::from_pem(&read(cert)?, &read(key)?).map(Some).map_err(|flaw| {
            let files =
                if key == cert { cert.display().to_string() } else { format!("{}, {}", cert.display(), key.display()) };
            Problem::usage(format!("{flaw} ({files})"), "write `--cert client.crt --key client.key`")
        })
    }

    /// The files that they name.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.cacert, &self.cert, &self.key].into_iter().flatten()
    }

    fn trust(&self) -> Result<Trust, Problem> {
        match (&self.cacert, self.insecure) {
            (_, true) => Ok(Trust::Anyone),
            (None, false) => Ok(Trust::System),
            (Some(path), false) => CaFile::from_pem(path, pem(path))
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

/// What is in a PEM file, which may be a device that never ends.
fn pem(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(PEM_MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
