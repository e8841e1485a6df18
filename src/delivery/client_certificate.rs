//! The certificate by which we say who we are, given by `--cert` and `--key`. Opens no file: what was read of it is given.

use super::attempt::Failure;
use crate::event::{FailureClass, Phase};
use rustls::client::ResolvesClientCert;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys, SignatureScheme};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A certificate with its key.
#[derive(Clone)]
pub struct ClientCertificate(Arc<CertifiedKey>);

impl ClientCertificate {
    /// From the PEM of the certificate, with those that vouch for it behind it, and that of its key.
    ///
    /// # Errors
    /// Why they are of no use, as one sentence that repeats nothing of the key.
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Self, String> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("the client certificate is broken: {error}"))?;
        if chain.is_empty() {
            return Err("the file of the client certificate holds none: PEM is expected, with a line `-----BEGIN CERTIFICATE-----`".into());
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| {
            "the file of the key holds no private key that can be read: PEM is expected, not encrypted".to_owned()
        })?;
        let provider = rustls::crypto::ring::default_provider();
        CertifiedKey::from_der(chain, key, &provider).map(|certified| Self(Arc::new(certified))).map_err(|error| {
            match error {
                Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                    "the key does not belong to the client certificate".into()
                }
                _ => "the client certificate and its key cannot be used: RSA, ECDSA and Ed25519 are known".into(),
            }
        })
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate")
    }
}

/// Answers a server that asks for a certificate, and notes that it did. One for each connection.
#[derive(Debug)]
pub(super) struct Identity {
    own: Option<ClientCertificate>,
    asked: AtomicBool,
    /// Whether a receiver has ever answered over TLS: then it has nothing against who we are.
    is_served: Arc<AtomicBool>,
}

impl Identity {
    pub(super) fn new(own: Option<ClientCertificate>, is_served: Arc<AtomicBool>) -> Self {
        Self { own, asked: AtomicBool::new(false), is_served }
    }

    /// The receiver has answered.
    pub(super) fn serve(&self) {
        self.is_served.store(true, Ordering::Release);
    }

    /// What a server that broke off most likely misses, in words; nothing where it did not ask.
    pub(super) fn missed(&self) -> Option<&'static str> {
        match (self.asked.load(Ordering::Acquire), &self.own) {
            (true, None) => Some(NONE_GIVEN),
            (true, Some(_)) => Some(NOT_ACCEPTED),
            (false, _) => None,
        }
    }

    /// A failure before one byte of an answer, where the receiver asked for a certificate and has answered nothing yet: in TLS
    /// 1.3 it refuses only once TLS is agreed on, and what it says of that may be lost with the connection.
    pub(super) fn blamed(&self, failure: Failure) -> Failure {
        match self.missed() {
            Some(missed) if failure.class == FailureClass::Closed && !self.is_served.load(Ordering::Acquire) => {
                Failure::new(FailureClass::Tls, Phase::Tls, format!("{missed} ({})", failure.message))
            }
            _ => failure,
        }
    }
}

pub(super) const NONE_GIVEN: &str =
    "the receiver asks for a client certificate, and none was given: name it by --cert FILE and --key FILE";
pub(super) const NOT_ACCEPTED: &str = "the receiver does not accept the client certificate of --cert";

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Release);
        self.own.as_ref().map(|own| own.0.clone())
    }

    fn has_certs(&self) -> bool {
        self.own.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair};

    #[test]
    fn a_certificate_without_its_key_is_refused_in_words() {
        let pair = || {
            let key = KeyPair::generate().expect("a key");
            let made = CertificateParams::new(vec!["vendor".to_owned()]).expect("a name").self_signed(&key);
            (made.expect("a certificate").pem(), key.serialize_pem())
        };
        let ((certificate, key), (_, other)) = (pair(), pair());
        let read = |certificate: &str, key: &str| ClientCertificate::from_pem(certificate.as_bytes(), key.as_bytes());
        assert!(read(&certificate, &key).is_ok());
        assert!(read(&format!("{key}{certificate}"), &format!("{certificate}{key}")).is_ok(), "both in one file");
        for (certificate, key, words) in [
            (&certificate, &other, "does not belong"),
            (&key, &key, "holds none"),
            (&certificate, &certificate, "no private key"),
            (&"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n".to_owned(), &key, "is broken"),
        ] {
            let flaw = read(certificate, key).expect_err(words);
            assert!(flaw.contains(words), "{flaw}");
        }
    }
}
