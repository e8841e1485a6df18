//! Which proxy, if any, a push goes through: the one that was given, or those of the environment. Opens no connection.

use super::resolve::is_local;
use crate::http::percent_decoded;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::net::IpAddr;
use url::{Host, Url};

/// An HTTP proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Its address, without a name and password.
    url: Url,
    /// The value of `Proxy-Authorization`, where its address had a name and password.
    authorization: Option<String>,
    /// The name and password, as they were given.
    credentials: Vec<String>,
}

impl Proxy {
    /// A proxy by its address: `http://127.0.0.1:3128`, `http://name:password@127.0.0.1:3128`, or `127.0.0.1:3128`.
    ///
    /// # Errors
    /// What is wrong with the address, as one sentence that does not repeat a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let mut url = Url::parse(&full).map_err(|error| format!("the address of the proxy cannot be read: {error}"))?;
        if url.scheme() != "http" {
            return Err(format!("a proxy is reached by `http://`, not by `{}://`", url.scheme()));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("the address of the proxy names no host: `http://127.0.0.1:3128`".into());
        }
        let (name, password) = (percent_decoded(url.username()), percent_decoded(url.password().unwrap_or_default()));
        let has_credentials = !name.is_empty() || !password.is_empty();
        let pair = format!("{name}:{password}");
        let authorization = has_credentials.then(|| format!("Basic {}", STANDARD.encode(&pair)));
        let credentials = if has_credentials { vec![password, pair] } else { Vec::new() };
        // An http address with a host can always do without them.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok(Self { url, authorization, credentials })
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The value of `Proxy-Authorization`.
    pub(super) fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "{host}:{}", self.url.port_or_known_default().unwrap_or_default())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// The proxies of a run. The default is none.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// For every target.
    given: Option<Proxy>,
    /// For targets by `http://`; why it is of no use.
    http: Option<Result<Proxy, String>>,
    /// For targets by `https://`; why it is of no use.
    https: Option<Result<Proxy, String>>,
    /// Which hosts go without, of those of the environment.
    without: Vec<String>,
}

impl Proxies {
    /// The proxy that was given for every target; without one, those that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name.
    /// `environment` looks a variable up; the small spelling of a name wins, as with other tools.
    pub fn new(given: Option<Proxy>, environment: impl Fn(&str) -> Option<String>) -> Self {
        let look_up = |name: &str| {
            [name.to_ascii_lowercase(), name.to_owned()]
                .iter()
                .find_map(|name| environment(name).filter(|value| !value.trim().is_empty()))
        };
        let proxy = |name: &str| {
            let read = Proxy::parse(&look_up(name)?);
            Some(read.map_err(|flaw| format!("the environment variable {name}: {flaw}")))
        };
        let without = look_up("NO_PROXY").unwrap_or_default();
        let without = without.split(',').map(|entry| entry.trim().to_ascii_lowercase());
        Self {
            http: proxy("HTTP_PROXY").filter(|_| given.is_none()),
            https: proxy("HTTPS_PROXY").filter(|_| given.is_none()),
            without: without.filter(|entry| !entry.is_empty()).collect(),
            given,
        }
    }

    /// The proxy for a target. Loopback is never asked for by way of the environment's.
    ///
    /// # Errors
    /// Where the environment names one that is of no use.
    pub(super) fn of(&self, target: &Url) -> Result<Option<&Proxy>, String> {
        if self.given.is_some() {
            return Ok(self.given.as_ref());
        }
        if is_loopback(target) || self.without.iter().any(|entry| covers(entry, target)) {
            return Ok(None);
        }
        let named = if target.scheme() == "https" { &self.https } else { &self.http };
        named.as_ref().map(|named| named.as_ref().map_err(String::clone)).transpose()
    }

    /// What lets others in at the proxies: passwords, and what is sent of them.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let environment = [&self.http, &self.https].into_iter().filter_map(|named| named.as_ref()?.as_ref().ok());
        self.given.iter().chain(environment).flat_map(|proxy| proxy.credentials.iter().map(String::as_str))
    }
}

fn is_loopback(target: &Url) -> bool {
    match target.host() {
        Some(Host::Domain(name)) => is_local(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether an entry of `NO_PROXY` means this target: `*`, a host, a domain with all below it, an address, a net as
/// `10.0.0.0/8`; each but the net may have a port.
fn covers(entry: &str, target: &Url) -> bool {
    let host = target.host_str().unwrap_or_default().trim_matches(['[', ']']);
    if let (Some((net, bits)), Ok(address)) = (entry.split_once('/'), host.parse::<IpAddr>()) {
        return match (net.parse::<IpAddr>(), bits.parse::<u32>()) {
            (Ok(IpAddr::V4(net)), Ok(bits)) => match address {
                IpAddr::V4(address) => same(net.to_bits().into(), address.to_bits().into(), 32, bits),
                IpAddr::V6(_) => false,
            },
            (Ok(IpAddr::V6(net)), Ok(bits)) => match address {
                IpAddr::V6(address) => same(net.to_bits(), address.to_bits(), 128, bits),
                IpAddr::V4(_) => false,
            },
            _ => false,
        };
    }
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => (name, port.parse::<u16>().ok()),
        _ => (entry, None),
    };
    let name = name.trim_matches(['[', ']']).trim_start_matches("*.").trim_start_matches('.');
    let is_named = name == "*"
        || host == name
        || (host.parse::<IpAddr>().is_err() && host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')));
    is_named && (port.is_none() || port == target.port_or_known_default())
}

/// Whether two addresses of this width agree in their first bits.
fn same(net: u128, address: u128, width: u32, bits: u32) -> bool {
    bits <= width && (bits == 0 || (net ^ address) >> (width - bits) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)], target: &str) -> Option<String> {
        let variables: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let look_up = |name: &str| variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let proxies = Proxies::new(None, look_up);
        proxies.of(&target.parse().expect("an address")).expect("proxies of use").map(ToString::to_string)
    }

    #[test]
    fn a_proxy_is_an_http_address_and_its_password_is_not_shown() {
        let proxy = Proxy::parse("http://ann:p%40ss@127.0.0.1:3128").expect("a proxy");
        assert_eq!(proxy.to_string(), "127.0.0.1:3128");
        assert_eq!(proxy.authorization(), Some("Basic YW5uOnBAc3M="));
        assert!(!format!("{proxy:?}{}", proxy.url()).contains("ss"));
        assert_eq!(Proxy::parse("127.0.0.1:3128").map(|proxy| proxy.authorization), Ok(None));
        for text in ["socks5://127.0.0.1:1", "https://ann:secret@127.0.0.1", "http://", "http://ann:secret@ho st"] {
            let flaw = Proxy::parse(text).expect_err(text);
            assert!(!flaw.contains("secret"), "{flaw}");
        }
    }

    #[test]
    fn the_environment_names_a_proxy_for_each_scheme_and_never_for_loopback() {
        let both = [("HTTP_PROXY", "http://one:1"), ("https_proxy", "two:2"), ("HTTPS_PROXY", "three:3")];
        assert_eq!(of(&both, "http://receiver.invalid/").as_deref(), Some("one:1"));
        assert_eq!(of(&both, "https://receiver.invalid/").as_deref(), Some("two:2"));
        for target in ["http://127.0.0.1:1/", "http://localhost/", "https://a.localhost/", "http://[::1]/"] {
            assert_eq!(of(&both, target), None, "{target}");
        }
        assert_eq!(of(&[("HTTP_PROXY", " ")], "http://receiver.invalid/"), None);
        let given = Proxies::new(Proxy::parse("given:9").ok(), |_| Some("*".into()));
        let loopback = "http://127.0.0.1/".parse().expect("an address");
        assert_eq!(given.of(&loopback).map(|proxy| proxy.map(ToString::to_string)), Ok(Some("given:9".into())));
        let bad = Proxies::new(None, |name| (name == "HTTP_PROXY").then(|| "socks5://127.0.0.1".into()));
        assert!(bad.of(&"http://receiver.invalid/".parse().expect("an address")).is_err());
    }

    #[test]
    fn hosts_go_without_as_other_tools_have_it() {
        for (entry, target, expected) in [
            ("*", "http://a.example/", true),
            ("example", "http://a.example/", true),
            (".example", "http://a.example/", true),
            ("*.example", "http://b.a.example/", true),
            ("ample", "http://a.example/", false),
            ("a.example:8080", "http://a.example:8080/", true),
            ("a.example:8080", "http://a.example/", false),
            ("10.0.0.0/8", "http://10.1.2.3/", true),
            ("10.0.0.0/8", "http://11.1.2.3/", false),
            ("10.0.0.0/99", "http://10.1.2.3/", false),
            ("0.0.0.0/0", "http://11.1.2.3/", true),
            ("fd00::/8", "http://[fd12::1]/", true),
            ("[fd12::1]:80", "http://[fd12::1]/", true),
            ("fd12::1", "http://[fd12::1]/", true),
            ("10.1.2.3", "http://10.1.2.3/", true),
            ("2.3", "http://10.1.2.3/", false),
        ] {
            assert_eq!(covers(entry, &target.parse().expect("an address")), expected, "{entry} {target}");
        }
    }
}
