//! The certificates of a file given by `--cacert`. Opens no file: what was read of it is given.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fmt;
use std::path::{Path, PathBuf};

/// The certificates of a file given by `--cacert`.
#[derive(Debug, Clone)]
pub struct CaFile {
    pub(super) certificates: Vec<CertificateDer<'static>>,
}

/// Why a certificate file is of no use.
#[derive(Debug)]
pub struct BadCaFile {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub flaw: CaFlaw,
}

/// What is wrong with a certificate file.
#[derive(Debug)]
pub enum CaFlaw {
    /// It cannot be read.
    Unreadable(std::io::Error),
    /// It has no bytes.
    Empty,
    /// It holds no PEM block of a certificate.
    NoCertificate,
    /// A PEM block is broken, or is no certificate.
    Broken(String),
}

impl CaFile {
    /// The certificates in what `std::fs::read(path)` returned.
    ///
    /// # Errors
    /// Where the file could not be read, or holds anything but PEM certificates.
    pub fn from_pem(path: &Path, read: std::io::Result<Vec<u8>>) -> Result<Self, BadCaFile> {
        let bad = |flaw| BadCaFile { path: path.to_owned(), flaw };
        let bytes = read.map_err(|error| bad(CaFlaw::Unreadable(error)))?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(bad(CaFlaw::Empty));
        }
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&bytes)
            .collect::<Result<_, _>>()
            .map_err(|error| bad(CaFlaw::Broken(error.to_string())))?;
        if certificates.is_empty() {
            return Err(bad(CaFlaw::NoCertificate));
        }
        let mut probe = RootCertStore::empty();
        for certificate in &certificates {
            probe.add(certificate.clone()).map_err(|error| bad(CaFlaw::Broken(error.to_string())))?;
        }
        Ok(Self { certificates })
    }
}

impl fmt::Display for BadCaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.flaw {
            CaFlaw::Unreadable(error) => write!(f, "the certificate file {path} cannot be read: {error}"),
            CaFlaw::Empty => write!(f, "the certificate file {path} is empty"),
            CaFlaw::NoCertificate => write!(
                f,
                "the certificate file {path} holds no certificate: PEM is expected, with a line `-----BEGIN CERTIFICATE-----`"
            ),
            CaFlaw::Broken(why) => write!(f, "a certificate in the file {path} is broken: {why}"),
        }
    }
}

impl std::error::Error for BadCaFile {}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(read: std::io::Result<&str>) -> String {
        let read = read.map(|text| text.as_bytes().to_vec());
        CaFile::from_pem(Path::new("ca.pem"), read).expect_err("a flaw").to_string()
    }

    #[test]
    fn each_flaw_of_a_file_has_its_own_words() {
        assert_eq!(flaw(Ok(" \n")), "the certificate file ca.pem is empty");
        assert!(flaw(Ok("hello")).contains("holds no certificate: PEM is expected"));
        assert!(flaw(Ok("-----BEGIN CERTIFICATE-----\nMIIB\n")).contains("is broken"));
        assert!(flaw(Ok("-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n")).contains("is broken"));
        assert!(flaw(Ok("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n")).contains("is broken"));
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert!(flaw(Err(missing)).starts_with("the certificate file ca.pem cannot be read: "));
    }
}
