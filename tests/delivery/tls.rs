//! https on loopback: who is trusted, and what is said of those who are not.

use crate::support::command::{file, run};
use crate::support::tls::{Identity, acceptor, asking, named, own, own_as, signed, signed_as};
use crate::support::wire::{bounded, request, seconds, server};
use rcgen::{ExtendedKeyUsagePurpose, date_time_ymd};
use ringback::delivery::{AttemptOutcome, CaFile, ClientCertificate, Failure, Outgoing, Transport, Trust, Way};
use ringback::event::{FailureClass, Phase};
use ringback::faults::connection::Connection;
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn secure(identity: &Identity) -> SocketAddr {
    let acceptor = acceptor(identity, &[]);
    server(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            while !request(&mut stream).await.is_empty() {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
            }
        }
    })
    .await
}

fn given(pem: &str) -> Trust {
    Trust::SystemAnd(CaFile::from_pem(Path::new("ca.pem"), Ok(pem.as_bytes().to_vec())).unwrap())
}

fn outgoing(host: &str, address: SocketAddr) -> Outgoing {
    Outgoing::get(&format!("https://{host}:{}/", address.port()).parse().unwrap(), seconds(10))
}

async fn accepted(trust: Trust, outgoing: &Outgoing) {
    let transport = Transport::new(trust);
    for is_kept in [false, true] {
        match bounded(transport.send(outgoing)).await {
            AttemptOutcome::Replied { reply, timing } => {
                assert_eq!(reply.body, "ok");
                assert_eq!(timing.tls.is_none(), is_kept, "a connection is kept over TLS too");
            }
            AttemptOutcome::Failed { failure, .. } => panic!("{failure:?}"),
        }
    }
}

async fn refused(trust: Trust, outgoing: &Outgoing) -> Failure {
    match bounded(Transport::new(trust).send(outgoing)).await {
        AttemptOutcome::Failed { failure, .. } => failure,
        AttemptOutcome::Replied { reply, .. } => panic!("{reply:?}"),
    }
}

#[tokio::test]
async fn a_given_ca_is_trusted_for_its_names_only() {
    let identity = signed(&["localhost"]);
    let address = secure(&identity).await;
    accepted(given(&identity.ca), &outgoing("localhost", address)).await;
    let failure = refused(given(&identity.ca), &outgoing("127.0.0.1", address)).await;
    assert_eq!((failure.class, failure.phase), (FailureClass::Tls, Phase::Tls));
    assert!(failure.message.starts_with("the certificate is not valid for the name 127.0.0.1"), "{}", failure.message);

    let identity = signed(&["127.0.0.1"]);
    accepted(given(&identity.ca), &outgoing("127.0.0.1", secure(&identity).await)).await;
}

#[tokio::test]
async fn an_unknown_ca_is_refused_and_the_way_out_is_named() {
    let identity = signed(&["localhost"]);
    let address = secure(&identity).await;
    for trust in [Trust::System, given(&signed(&["localhost"]).ca)] {
        let failure = refused(trust, &outgoing("localhost", address)).await;
        assert_eq!((failure.class, failure.phase), (FailureClass::Tls, Phase::Tls));
        assert!(failure.message.contains("CA by --cacert FILE"), "{}", failure.message);
    }
}

#[tokio::test]
async fn anyone_is_accepted_where_that_is_asked_for() {
    let address = secure(&signed(&["other.invalid"])).await;
    accepted(Trust::Anyone, &outgoing("localhost", address)).await;
}

#[tokio::test]
async fn a_server_that_vouches_for_itself_is_trusted_once_its_certificate_is_given() {
    let identity = own("localhost");
    let address = secure(&identity).await;
    accepted(given(&identity.ca), &outgoing("localhost", address)).await;
    let simple = own_as(named(&["localhost"]));
    accepted(given(&simple.ca), &outgoing("localhost", secure(&simple).await)).await;
    let failure = refused(given(&identity.ca), &outgoing("127.0.0.1", address)).await;
    assert!(failure.message.starts_with("the certificate is not valid for the name 127.0.0.1"), "{}", failure.message);
    let failure = refused(given(&own("localhost").ca), &outgoing("localhost", address)).await;
    assert_eq!(failure.class, FailureClass::Tls);
}

#[tokio::test]
async fn one_that_is_not_given_is_refused_in_words_and_the_way_out_is_named() {
    let identity = own("localhost");
    let failure = refused(Trust::System, &outgoing("localhost", secure(&identity).await)).await;
    assert!(failure.message.contains("vouches for itself by --cacert FILE"), "{}", failure.message);
    assert!(!failure.message.contains("OtherError"), "{}", failure.message);
}

#[tokio::test]
async fn a_port_without_tls_is_told_apart_from_one_that_says_nothing() {
    let plain = server(|mut stream, _| async move {
        let _ = stream.read(&mut [0; 64]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await;
    let failure = refused(Trust::Anyone, &outgoing("127.0.0.1", plain)).await;
    assert_eq!(failure.message, "127.0.0.1 does not speak TLS on this port; is it an http:// address?");

    let silent = server(|mut stream, _| async move {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
    })
    .await;
    let sent = Outgoing { timeout: Duration::from_millis(250), ..outgoing("127.0.0.1", silent) };
    let failure = refused(Trust::Anyone, &sent).await;
    assert_eq!((failure.class, failure.phase), (FailureClass::Timeout, Phase::Tls));
}

/// A certificate that is refused, by what is said of it.
fn refusable() -> Vec<(&'static str, Identity, &'static str)> {
    let says = |change: fn(&mut rcgen::CertificateParams)| {
        let mut params = named(&["localhost"]);
        change(&mut params);
        params
    };
    let expired = |params: &mut rcgen::CertificateParams| params.not_after = date_time_ymd(2001, 2, 3);
    let early = |params: &mut rcgen::CertificateParams| params.not_before = date_time_ymd(2999, 2, 3);
    let client =
        |params: &mut rcgen::CertificateParams| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    vec![
        ("expired", signed_as(says(expired)), "has expired, on 2001-02-03"),
        ("not valid yet", signed_as(says(early)), "is not valid yet, but from 2999-02-03"),
        ("for clients", signed_as(says(client)), "is not one for servers"),
        (
            "of another name",
            signed(&["other.invalid"]),
            "is not valid for the name localhost; its names: other.invalid",
        ),
        ("without a name", signed_as(named(&[])), "is not valid for the name localhost"),
        ("unknown", signed(&["localhost"]), "nobody trusted vouches for the certificate of localhost; give its CA"),
        (
            "its own",
            own_as(named(&["localhost"])),
            "nobody trusted vouches for the certificate of localhost; give its CA",
        ),
        (
            "its own, beside a CA",
            own_as(named(&["localhost"])),
            "nobody trusted vouches for the certificate of localhost",
        ),
        ("its own CA", own("localhost"), "calls itself a CA; give one that vouches for itself by --cacert FILE"),
    ]
}

#[tokio::test]
async fn every_flaw_of_a_certificate_has_words_of_its_own() {
    for (name, identity, words) in refusable() {
        let address = secure(&identity).await;
        let trust = match name {
            "unknown" | "its own" | "its own CA" => Trust::System,
            "its own, beside a CA" => given(&signed(&["localhost"]).ca),
            _ => given(&identity.ca),
        };
        let failure = refused(trust, &outgoing("localhost", address)).await;
        assert_eq!((failure.class, failure.phase), (FailureClass::Tls, Phase::Tls), "{name}");
        assert!(failure.message.contains(words), "{name}: {}", failure.message);
        // No name of a type: two capitals within a word.
        let is_type = |word: &str| word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
        let odd =
            failure.message.split(|c: char| !c.is_alphanumeric()).find(|word| is_type(word) && *word != "serverAuth");
        assert_eq!(odd, None, "{name}: {}", failure.message);
    }
}

/// A receiver that takes nobody without a certificate of this CA.
async fn asking_for(ca: &str, version: &'static SupportedProtocolVersion) -> (SocketAddr, String) {
    let identity = signed(&["localhost"]);
    let acceptor = asking(&identity, ca, version);
    let address = server(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            while !request(&mut stream).await.is_empty() {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
            }
        }
    })
    .await;
    (address, identity.ca)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_wants_a_client_certificate_gets_it_or_is_told_of_as_such() {
    let (client, stranger) = (signed(&["vendor"]), signed(&["vendor"]));
    let own = |identity: &Identity| {
        Some(ClientCertificate::from_pem(identity.pem.as_bytes(), identity.key_pem.as_bytes()).unwrap())
    };
    for version in [&TLS12, &TLS13] {
        let (address, ca) = asking_for(&client.ca, version).await;
        let outgoing = outgoing("localhost", address);
        let transport = |certificate| Transport::by(Way { trust: given(&ca), certificate, ..Way::default() });
        for _ in 0..20 {
            for (certificate, words) in [
                (None, "asks for a client certificate, and none was given: name it by --cert FILE and --key FILE"),
                (own(&stranger), "does not accept the client certificate of --cert"),
            ] {
                let transport = transport(certificate);
                let played = bounded(transport.play(&outgoing, &Connection::default())).await.outcome;
                for outcome in [bounded(transport.send(&outgoing)).await, played] {
                    let AttemptOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
                    assert_eq!((failure.class, failure.phase), (FailureClass::Tls, Phase::Tls), "{failure:?}");
                    assert!(failure.message.contains(words), "{version:?}: {}", failure.message);
                }
            }
        }
        let transport = transport(own(&client));
        let played = bounded(transport.play(&outgoing, &Connection::default())).await.outcome;
        for outcome in [bounded(transport.send(&outgoing)).await, played] {
            assert!(matches!(outcome, AttemptOutcome::Replied { .. }), "{outcome:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_without_the_certificate_that_is_asked_for_cannot_reach_its_receiver() {
    let client = signed(&["vendor"]);
    for version in [&TLS12, &TLS13] {
        let (address, ca) = asking_for(&client.ca, version).await;
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| file(folder.path(), name, text);
        let (ca, cert, key) = (write("ca.pem", &ca), write("cert.pem", &client.pem), write("key.pem", &client.key_pem));
        let target = format!("https://localhost:{}/hook", address.port());
        let done = tokio::task::spawn_blocking(move || {
            let common = ["run", "outbound-answered", "--vendor", "udesk", "--target", &target, "--cacert", &ca];
            let with = |more: &[&str]| run(&[&common[..], more].concat());
            (with(&[]), with(&["--cert", &cert, "--key", &key]), with(&["--cert", &cert]), with(&["--cert", &key]))
        });
        let (none, both, alone, swapped) = done.await.unwrap();
        assert_eq!(none.code, 3, "{}{}", none.out, none.err);
        assert!(none.out.contains("asks for a client certificate"), "{}", none.out);
        assert_eq!(both.code, 0, "{}{}", both.out, both.err);
        assert_eq!((alone.code, swapped.code), (2, 2), "{}{}", alone.err, swapped.err);
        assert!(
            alone.err.contains("no private key") && swapped.err.contains("holds none"),
            "{}{}",
            alone.err,
            swapped.err
        );
    }
}
