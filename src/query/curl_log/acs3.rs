//! Signature V3 of Alibaba Cloud (ACS3-HMAC-SHA256), in the headers of a request.

use super::answer::Refusal;
use super::signed::{Claim, canonical_query, hex, incomplete, mismatch};
use crate::http::Captured;
use crate::query::keys::unhex;
use ring::digest::{SHA256, digest};
use ring::hmac;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";
/// Headers that have to be signed, or somebody on the way could change them.
const SIGNED_MIN: [&str; 4] = ["host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce"];

/// What a request says of its own signature.
#[derive(Debug)]
pub(super) struct Signature<'a> {
    key_id: &'a str,
    /// Names in lower case, sorted.
    signed_headers: Vec<String>,
    signature: &'a str,
    date: &'a str,
    nonce: &'a str,
}

impl<'a> Signature<'a> {
    /// Reads the headers.
    pub(super) fn read(request: &'a Captured, authorization: &'a str) -> Result<Self, Refusal> {
        let Some((ALGORITHM, parts)) = authorization.trim().split_once(' ') else {
            return Err(incomplete(format!("The Authorization header must begin with {ALGORITHM}.")));
        };
        let part = |name: &str| {
            let found = parts.split(',').filter_map(|part| part.trim().split_once('=')).find(|(key, _)| *key == name);
            found
                .map(|(_, value)| value)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| incomplete(format!("The Authorization header lacks {name}.")))
        };
        let mut signed_headers: Vec<String> = part("SignedHeaders")?.split(';').map(str::to_ascii_lowercase).collect();
        signed_headers.sort_unstable();
        if let Some(unsigned) = SIGNED_MIN.iter().find(|name| !signed_headers.iter().any(|signed| signed == *name)) {
            return Err(incomplete(format!("The header {unsigned} must be signed.")));
        }
        let required = |header: &str, name: &str| request.header(header).ok_or_else(|| Refusal::missing(name));
        Ok(Self {
            key_id: part("Credential")?,
            signed_headers,
            signature: part("Signature")?,
            date: required("x-acs-date", "Timestamp")?,
            nonce: required("x-acs-signature-nonce", "SignatureNonce")?,
        })
    }

    pub(super) fn claim(&self) -> Claim<'a> {
        Claim { key_id: self.key_id, date: self.date, nonce: self.nonce }
    }

    /// Whether the secret makes this signature of this request.
    pub(super) fn verify(&self, request: &Captured, secret: &str) -> Result<(), Refusal> {
        let string_to_sign = format!("{ALGORITHM}\n{}", sha256(self.canonical(request).as_bytes()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let is_right = unhex(self.signature)
            .is_some_and(|signature| hmac::verify(&key, string_to_sign.as_bytes(), &signature).is_ok());
        // The body is signed by its hash in a header, so the header must tell the truth.
        let claimed = request.header("x-acs-content-sha256");
        let body_is_right = claimed.is_none_or(|claimed| claimed == sha256(&request.body));
        if is_right && body_is_right { Ok(()) } else { Err(mismatch(&string_to_sign)) }
    }

    /// The request as it is signed. The query is signed with `%20`, however it was sent.
    fn canonical(&self, request: &Captured) -> String {
        let pairs: Vec<_> = form_urlencoded::parse(request.query.as_bytes()).collect();
        let query = canonical_query(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())));
        let headers: String = self
            .signed_headers
            .iter()
            .map(|name| {
                let values = request.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
                let values: Vec<_> = values.map(|(_, value)| value.trim()).collect();
                format!("{name}:{}\n", values.join(","))
            })
            .collect();
        let body = request.header("x-acs-content-sha256").map_or_else(|| sha256(&request.body), str::to_owned);
        let Captured { method, path, .. } = request;
        format!("{method}\n{path}\n{query}\n{headers}\n{}\n{body}", self.signed_headers.join(";"))
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that was computed with the vendor's own code.
    fn example() -> Captured {
        let headers = [
            ("host", "dyvmsapi.aliyuncs.com"),
            ("x-acs-action", "CloudListCurlLog"),
            ("x-acs-version", "2017-05-25"),
            ("x-acs-date", "2026-04-23T02:00:00Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (
                "Authorization",
                "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;\
                 x-acs-signature-nonce;x-acs-version,\
                 Signature=59092dbc0df0b4a92c9a71b55356f9c15d87c8719d3fe3334748fd69269b58dc",
            ),
        ];
        Captured {
            method: "POST".into(),
            path: "/".into(),
            query: "EndTime=2026-04-23+10%3A00%3A00&EnterpriseId=7000002&Limit=10&Result=1&Retry=3&Start=0\
                    &StartTime=2026-04-20+10%3A00%3A00&Type=9&Url=https%3A%2F%2Fwww.aaa.com%2Findex.htm"
                .into(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            body: bytes::Bytes::new(),
        }
    }

    fn verify(request: &Captured, secret: &str) -> Result<(), Refusal> {
        let authorization = request.header("authorization").unwrap_or_default();
        Signature::read(request, authorization)?.verify(request, secret)
    }

    #[test]
    fn the_vendors_example_is_right() {
        let request = example();
        let signature = Signature::read(&request, request.header("authorization").unwrap_or_default());
        let canonical = signature.map(|signature| sha256(signature.canonical(&request).as_bytes()));
        assert_eq!(canonical.as_deref(), Ok("c0b3b19b629495665d46a9305128c51f6b3b087dd84ae29ad2516fae5231f153"));
        assert_eq!(verify(&request, "testsecret"), Ok(()));
    }

    #[test]
    fn whatever_is_changed_breaks_it() {
        assert!(verify(&example(), "testsecres").is_err());
        let changes: [fn(&mut Captured); 6] = [
            |request| request.query.push('1'),
            |request| request.method = "GET".into(),
            |request| request.path = "/x".into(),
            |request| request.body = "x".into(),
            |request| request.headers[1].1.push('s'),
            |request| request.headers[0].1 = "127.0.0.1".into(),
        ];
        for change in changes {
            let mut request = example();
            change(&mut request);
            assert!(verify(&request, "testsecret").is_err());
        }
    }

    #[test]
    fn a_signature_that_lacks_a_part_says_which() {
        for (authorization, lacks) in [
            ("Basic abc", "ACS3-HMAC-SHA256"),
            ("ACS3-HMAC-SHA256", "ACS3-HMAC-SHA256"),
            ("ACS3-HMAC-SHA256 Credential=a,Signature=b", "SignedHeaders"),
            ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b", "x-acs-action"),
        ] {
            let request = example();
            let refused = Signature::read(&request, authorization).err();
            assert!(refused.is_some_and(|refusal| format!("{refusal:?}").contains(lacks)), "{authorization}");
        }
    }
}
