//! Whom an https target must be certified by, and by what we say who we are.

use super::ca::CaFile;
use super::client_certificate::{ClientCertificate, Identity};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

/// Whose certificates are accepted.
#[derive(Debug, Clone, Default)]
pub enum Trust {
    /// Those that the operating system trusts.
    #[default]
    System,
    /// Those that the operating system trusts, and those of this file.
    SystemAnd(CaFile),
    /// Anyone's, whatever the name: for test systems only.
    Anyone,
}

/// The word for HTTP/1.1 where TLS agrees on a protocol (RFC 7301).
const ALPN_HTTP1: &[u8] = b"http/1.1";
/// The word for HTTP/2.
pub(super) const ALPN_HTTP2: &[u8] = b"h2";

/// Which versions of HTTP are offered where TLS agrees on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offered {
    /// HTTP/1.1 alone.
    Http1,
    /// HTTP/2, or else HTTP/1.1.
    Http2First,
}

/// The TLS settings of a transport, made when the first https target needs them: reading the system's roots takes a while.
#[derive(Debug)]
pub(super) struct Tls {
    trust: Trust,
    own: Option<ClientCertificate>,
    /// Whether a receiver has ever answered.
    is_served: Arc<AtomicBool>,
    config: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Tls {
    pub(super) fn new(trust: Trust, own: Option<ClientCertificate>) -> Self {
        Self { trust, own, is_served: Arc::default(), config: OnceLock::new() }
    }

    /// The settings for one connection on which these versions are offered, and who we say on it that we are.
    pub(super) fn config(&self, offered: Offered) -> Result<(Arc<ClientConfig>, Arc<Identity>), String> {
        let identity = Arc::new(Identity::new(self.own.clone(), self.is_served.clone()));
        let mut config = ClientConfig::clone(&*self.http1()?);
        config.client_auth_cert_resolver = identity.clone();
        if offered == Offered::Http2First {
            config.alpn_protocols.insert(0, ALPN_HTTP2.to_vec());
        }
        Ok((Arc::new(config), identity))
    }

    fn http1(&self) -> Result<Arc<ClientConfig>, String> {
        let made = self.config.get_or_init(|| {
            config(&self.trust).map_err(|error| {
                format!("{error}; install the system's CA certificates, or give a CA by --cacert FILE")
            })
        });
        made.clone()
    }
}

fn config(trust: &Trust) -> Result<Arc<ClientConfig>, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::System => Arc::new(Verifier::new(provider.clone())?),
        Trust::SystemAnd(file) => {
            let inner = Verifier::new_with_extra_roots(file.certificates.iter().cloned(), provider.clone())?;
            Arc::new(Given { inner, certificates: file.certificates.clone() })
        }
        Trust::Anyone => Arc::new(Anyone(provider.clone())),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN_HTTP1.to_vec()];
    Ok(Arc::new(config))
}

/// The system's trust and a file's. A server that presents the very certificate of the file is trusted too, even where
/// that certificate calls itself a CA, as `openssl req -x509` makes them.
#[derive(Debug)]
struct Given {
    inner: Verifier,
    certificates: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Given {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.inner.verify_server_cert(end_entity, intermediates, name, ocsp, now);
        // A CA that serves itself is among the errors that rustls has no name for.
        let is_unvouched = matches!(
            &verdict,
            Err(Error::InvalidCertificate(
                CertificateError::UnknownIssuer
                    | CertificateError::BadSignature
                    | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
                    | CertificateError::Other(_)
            ))
        );
        if is_unvouched && self.certificates.contains(end_entity) {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Accepts any certificate; the signatures of the handshake are still checked.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
