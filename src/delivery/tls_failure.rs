//! What it means when TLS is not agreed on, in words that say what to do.

use super::client_certificate::{Identity, NONE_GIVEN, NOT_ACCEPTED};
use super::tls::Offered;
use jiff::Timestamp;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};

/// The way out where a certificate is right but unknown.
const TRUST: &str = "--cacert FILE, or --insecure on a test system";

/// Why TLS could not be agreed on.
pub(super) fn words(error: &std::io::Error, host: &str, offered: Offered, identity: &Identity) -> String {
    let missed = identity.missed();
    let Some(error) = tls_error(error) else {
        return missed.map_or_else(|| format!("{host} broke off while TLS was agreed on: {error}"), str::to_owned);
    };
    match error {
        Error::InvalidCertificate(flaw) => certificate(flaw, host),
        // RFC 7301, 3.2: the server has no protocol in common with what was offered.
        Error::AlertReceived(AlertDescription::NoApplicationProtocol) | Error::NoApplicationProtocol => match offered {
            Offered::Http1 => {
                format!("{host} does not speak HTTP/1.1 over TLS, most likely only HTTP/2; push by HTTP/2: --http2")
            }
            Offered::Http2First => format!("{host} speaks neither HTTP/2 nor HTTP/1.1 over TLS"),
        },
        Error::AlertReceived(AlertDescription::ProtocolVersion)
        | Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => format!("{host} speaks neither TLS 1.2 nor TLS 1.3; older versions are not spoken"),
        Error::AlertReceived(AlertDescription::UnrecognisedName) => {
            format!("{host} has no certificate for this name; is the target's host the one that it is known by?")
        }
        // TLS 1.2 has no alert of its own for a client certificate that is missing.
        Error::AlertReceived(alert) => match missed {
            Some(missed) => missed.to_owned(),
            None if *alert == AlertDescription::HandshakeFailure => {
                format!("{host} and Ringback have no way of encrypting in common (handshake failure)")
            }
            None => alerted(*alert),
        },
        Error::PeerIncompatible(_) => format!("{host} and Ringback have no way of encrypting in common"),
        Error::InvalidMessage(_) => format!("{host} does not speak TLS on this port; is it an http:// address?"),
        Error::PeerMisbehaved(_) | Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            format!("{host} breaks the rules of TLS")
        }
        Error::DecryptError | Error::PeerSentOversizedRecord => format!("what {host} sent cannot be decrypted"),
        Error::NoCertificatesPresented => format!("{host} has no certificate"),
        Error::General(why) => format!("TLS with {host} failed: {why}"),
        _ => format!("TLS with {host} failed"),
    }
}

/// An alert that came in place of an answer: in TLS 1.3 a server refuses a client only once the client takes TLS for agreed on.
pub(super) fn refusal(error: &std::io::Error) -> Option<String> {
    match tls_error(error)? {
        // What a signature of a CA that was made anew under its old name leads to.
        Error::AlertReceived(alert @ AlertDescription::DecryptError) => {
            Some(format!("{NOT_ACCEPTED} ({})", spaced(*alert)))
        }
        Error::AlertReceived(alert) => Some(alerted(*alert)),
        _ => None,
    }
}

fn alerted(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => NONE_GIVEN.to_owned(),
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied => format!("{NOT_ACCEPTED} ({})", spaced(alert)),
        _ => format!("the receiver broke TLS off ({})", spaced(alert)),
    }
}

/// `HandshakeFailure` as people write it.
fn spaced(alert: AlertDescription) -> String {
    let mut words = String::new();
    let mut was_small = false;
    for letter in format!("{alert:?}").chars() {
        if was_small && letter.is_ascii_uppercase() {
            words.push(' ');
        }
        was_small = letter.is_ascii_lowercase();
        words.push(letter.to_ascii_lowercase());
    }
    words
}

fn tls_error(error: &std::io::Error) -> Option<&Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Error>())
}

/// Why a certificate is not accepted.
fn certificate(flaw: &CertificateError, host: &str) -> String {
    let what = format!("the certificate of {host}");
    match flaw {
        // A CA that was made anew under its old name shows as a bad signature, or as one that its key cannot have made.
        CertificateError::UnknownIssuer
        | CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            format!("nobody trusted vouches for {what}; give its CA by {TRUST}")
        }
        CertificateError::NotValidForName => format!("the certificate is not valid for the name {host}"),
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().map(|name| quoted(name)).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            format!("the certificate is not valid for the name {host}; its names: {names}")
        }
        CertificateError::Expired => format!("{what} has expired"),
        CertificateError::ExpiredContext { not_after, .. } => format!("{what} has expired, on {}", date(*not_after)),
        CertificateError::NotValidYet => format!("{what} is not valid yet"),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("{what} is not valid yet, but from {} on", date(*not_before))
        }
        CertificateError::Revoked => format!("{what} was revoked"),
        CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. }
        | CertificateError::InvalidOcspResponse => format!("{what}: whether it was revoked is not known"),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => not_for_servers(host),
        // The system's verifier has a type of its own for it.
        CertificateError::Other(other) if format!("{other:?}").contains("EkuError") => not_for_servers(host),
        CertificateError::UnhandledCriticalExtension => {
            format!("{what} has a critical extension that is not known")
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            format!("{what} is signed by an algorithm that is not accepted, such as SHA-1")
        }
        CertificateError::BadEncoding => format!("{what} cannot be read"),
        // What rustls has no words of its own for. `openssl req -x509` makes certificates that call themselves a CA.
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            format!("{what} is not accepted: it calls itself a CA; give one that vouches for itself by {TRUST}")
        }
        _ => format!("{what} is not accepted; give one that vouches for itself by {TRUST}"),
    }
}

fn not_for_servers(host: &str) -> String {
    format!("the certificate of {host} is not one for servers (its extended key usage lacks `serverAuth`)")
}

/// The name in `DnsName("localhost")`.
fn quoted(name: &str) -> &str {
    name.split('"').nth(1).or_else(|| name.split(['(', ')']).nth(1)).unwrap_or(name)
}

fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(|_| "a day beyond all calendars".to_owned(), |at| at.to_string())
}
