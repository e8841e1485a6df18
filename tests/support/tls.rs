//! https on loopback: certificates and the settings of a server that has one.

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// A server's certificate and key, and the PEM that vouches for it.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    /// The certificate and the key, as files hold them.
    pub pem: String,
    pub key_pem: String,
    pub ca: String,
}

impl Identity {
    fn new(certificate: &Certificate, key: &KeyPair, ca: String) -> Self {
        Self {
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            ca,
        }
    }
}

/// A certificate for these names, signed by a CA of its own.
pub fn signed(names: &[&str]) -> Identity {
    signed_as(named(names))
}

/// What a certificate for these names says.
pub fn named(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
}

/// A certificate that says this, signed by a CA of its own.
pub fn signed_as(params: CertificateParams) -> Identity {
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    Identity::new(&params.signed_by(&key, &ca).unwrap(), &key, ca.pem())
}

/// A certificate that vouches for itself and calls itself a CA, as `openssl req -x509` makes them.
pub fn own(name: &str) -> Identity {
    let mut params = named(&[name]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    own_as(params)
}

/// A certificate that says this and vouches for itself.
pub fn own_as(params: CertificateParams) -> Identity {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Identity::new(&certificate, &key, certificate.pem())
}

/// A server with this certificate that asks its clients for one of this CA, in one version of TLS.
pub fn asking(identity: &Identity, ca: &str, version: &'static SupportedProtocolVersion) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![identity.certificate.clone()], identity.key.clone_key())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// The settings of a server with this certificate that knows these protocols.
pub fn acceptor(identity: &Identity, protocols: &[&str]) -> TlsAcceptor {
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], identity.key.clone_key())
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}
