//! Where a host is: at the addresses that were given for it, on this machine where its name says so, or where the system says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use tokio::net::lookup_host;
use url::{Host, Url};

/// How many addresses can be given by `--resolve`.
const GIVEN_MAX: usize = 1000;

/// Which addresses of a host connections are opened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Addresses {
    /// The first alone.
    First,
    /// All: where one does not answer the next is tried, and a load is spread over those that do.
    #[default]
    All,
}

impl FromStr for Addresses {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "first" => Ok(Addresses::First),
            "all" => Ok(Addresses::All),
            _ => Err("write `first` or `all`".to_owned()),
        }
    }
}

/// An address that was given for a host and port, as `--resolve HOST:PORT:ADDR` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    host: String,
    port: u16,
    address: IpAddr,
}

impl Given {
    /// Reads `HOST:PORT:ADDR`, IPv6 in brackets or bare; several addresses of one host follow each other.
    ///
    /// # Errors
    /// What is wrong, as one sentence.
    pub fn parse_all(texts: &[String]) -> Result<Vec<Self>, String> {
        let mut all: Vec<Self> = Vec::new();
        for text in texts.iter().map(|text| text.trim()) {
            let given = match (address(text), all.last()) {
                // `HOST:PORT:ADDR,ADDR`, as curl takes it, comes in pieces.
                (Some(address), Some(last)) => Self { address, ..last.clone() },
                _ => Self::parse(text)?,
            };
            if is_local(&given.host) && !given.address.is_loopback() {
                let Self { host, address, .. } = given;
                return Err(format!("`{host}` is a name of this machine, and {address} is an address of another"));
            }
            all.push(given);
        }
        match all.len() {
            0..=GIVEN_MAX => Ok(all),
            many => Err(format!("{many} addresses are more than {GIVEN_MAX}")),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not HOST:PORT:ADDR");
        let (host, rest) = text.split_once(':').ok_or_else(wrong)?;
        let (port, at) = rest.split_once(':').ok_or_else(wrong)?;
        let port = port.parse().map_err(|_| format!("`{port}` in `{text}` is not a port"))?;
        let address = address(at).ok_or_else(|| format!("`{at}` in `{text}` is not an IP address"))?;
        if host.is_empty() {
            return Err(wrong());
        }
        Ok(Self { host: bare(host), port, address })
    }
}

fn address(text: &str) -> Option<IpAddr> {
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(text) => text.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => text.parse().ok(),
    }
}

/// A name without the dot that ends it, in small letters.
fn bare(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// Whether a name is one of this machine, wherever it is asked for (RFC 6761, 6.3).
pub(super) fn is_local(name: &str) -> bool {
    let name = bare(name);
    name == "localhost" || name.ends_with(".localhost")
}

/// Finds hosts.
#[derive(Debug, Clone, Default)]
pub struct Resolver {
    /// What was given.
    pub given: Vec<Given>,
    /// Which addresses are taken.
    pub addresses: Addresses,
}

impl Resolver {
    /// The addresses of the host of `url`, in the order in which they are tried; never none.
    pub(super) async fn find(&self, url: &Url) -> Result<Vec<SocketAddr>, String> {
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(format!("the address {url} names no host"));
        };
        let name = match host {
            Host::Ipv4(address) => return Ok(vec![SocketAddr::new(address.into(), port)]),
            Host::Ipv6(address) => return Ok(vec![SocketAddr::new(address.into(), port)]),
            Host::Domain(name) => name,
        };
        let mut found = self.look_up(name, port).await?;
        if self.addresses == Addresses::First {
            found.truncate(1);
        }
        Ok(found)
    }

    async fn look_up(&self, name: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
        let name_here = bare(name);
        let given = self.given.iter().filter(|given| given.host == name_here && given.port == port);
        let mut found: Vec<SocketAddr> = given.map(|given| SocketAddr::new(given.address, port)).collect();
        let here =
            || [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()].map(|at| SocketAddr::new(at, port));
        if found.is_empty() && is_local(name) && name_here != "localhost" {
            // Few systems know these names, though all should.
            found.extend(here());
        }
        if found.is_empty() {
            match lookup_host((name, port)).await {
                Ok(addresses) => found.extend(addresses),
                Err(_) if name_here == "localhost" => found.extend(here()),
                Err(error) => return Err(format!("the host `{name}` is not known: {error}")),
            }
        }
        let mut distinct: Vec<SocketAddr> = Vec::new();
        for address in found {
            if !distinct.contains(&address) {
                distinct.push(address);
            }
        }
        if distinct.is_empty() { Err(format!("the host `{name}` has no address")) } else { Ok(distinct) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolver(given: &[&str], addresses: Addresses) -> Resolver {
        let given: Vec<String> = given.iter().map(|text| (*text).to_owned()).collect();
        Resolver { given: Given::parse_all(&given).expect("addresses"), addresses }
    }

    async fn found(resolver: &Resolver, url: &str) -> Vec<String> {
        let url = url.parse().expect("an address");
        resolver.find(&url).await.expect("a host").iter().map(ToString::to_string).collect()
    }

    #[tokio::test]
    async fn what_is_given_wins_for_its_port_and_names_of_this_machine_stay_on_it() {
        let all = resolver(&["Receiver.invalid:80:127.0.0.2", "[::1]", "other.invalid:443:::1"], Addresses::All);
        assert_eq!(found(&all, "http://receiver.invalid/").await, ["127.0.0.2:80", "[::1]:80"]);
        assert_eq!(found(&all, "https://other.invalid/").await, ["[::1]:443"]);
        assert!(all.find(&"http://receiver.invalid:81/".parse().expect("an address")).await.is_err());
        assert_eq!(found(&all, "http://hook.localhost:8080/").await, ["127.0.0.1:8080", "[::1]:8080"]);
        let first = Resolver { addresses: Addresses::First, ..all };
        assert_eq!(found(&first, "http://receiver.invalid/").await, ["127.0.0.2:80"]);
        assert_eq!(found(&first, "http://127.0.0.1:9/").await, ["127.0.0.1:9"]);
    }

    #[test]
    fn what_cannot_be_given_is_refused() {
        for text in [
            "receiver",
            "receiver:80",
            ":80:127.0.0.1",
            "receiver:x:127.0.0.1",
            "receiver:80:[127.0.0.1]",
            "receiver:80:other",
            "receiver:70000:::1",
            "127.0.0.1",
            "hook.localhost:80:192.0.2.1",
            "localhost:80:::2",
        ] {
            assert!(Given::parse_all(&[text.to_owned()]).is_err(), "{text}");
        }
    }
}
