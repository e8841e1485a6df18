//! Whether a request is signed with a known key, at a right time, with a nonce of its own.

use super::answer::Refusal;
use super::parameters::Parameters;
use super::{acs3, v1};
use crate::http::Captured;
use crate::query::nonces::{Nonce, Nonces};
use crate::query::{Keys, Present};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::fmt::Write;
use std::time::Duration;

/// By how much a request's date may be wrong, to either side.
const CLOCK_SKEW_MAX: Duration = Duration::from_secs(15 * 60);
const DATE_FORMAT: &str = "%Y-%m-%dT%H:%M:%SZ";

/// What a signature scheme reads of a request, before anything of it is believed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claim<'a> {
    pub key_id: &'a str,
    pub date: &'a str,
    pub nonce: &'a str,
}

/// A signature that does not belong to the request. The message tells what should have been signed, as the vendor's does.
pub(super) fn mismatch(string_to_sign: &str) -> Refusal {
    let told =
        format!("Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}");
    Refusal::new(400, "SignatureDoesNotMatch", told)
}

/// A signature that lacks a part.
pub(super) fn incomplete(told: impl Into<String>) -> Refusal {
    Refusal::new(400, "IncompleteSignature", told)
}

/// Checks the signature of a request, by either scheme.
pub(super) fn check(
    request: &Captured,
    parameters: &Parameters,
    keys: &Keys,
    nonces: &Nonces,
    present: &Present,
) -> Result<(), Refusal> {
    let (key_id, nonce) = if let Some(authorization) = request.header("authorization") {
        let signature = acs3::Signature::read(request, authorization)?;
        let claim = signature.claim();
        let secret = believe(&claim, keys, present)?;
        signature.verify(request, secret)?;
        (claim.key_id.to_owned(), claim.nonce.to_owned())
    } else if parameters.get("Signature").is_some() {
        let claim = v1::claim(parameters)?;
        let secret = believe(&claim, keys, present)?;
        v1::verify(request, parameters, secret)?;
        (claim.key_id.to_owned(), claim.nonce.to_owned())
    } else {
        return Err(Refusal::missing("AccessKeyId"));
    };
    // Only now: a stranger must not be able to use up nonces.
    match nonces.take(&key_id, &nonce, present.wall) {
        Nonce::Fresh => Ok(()),
        Nonce::Used => Err(Refusal::new(400, "SignatureNonceUsed", "Specified signature nonce was used already.")),
        Nonce::NoRoom => Err(Refusal::new(400, "Throttling.User", "Request was denied due to user flow control.")),
    }
}

/// The secret of the claimed key, if the date is right.
fn believe<'k>(claim: &Claim<'_>, keys: &'k Keys, present: &Present) -> Result<&'k str, Refusal> {
    let date = DateTime::strptime(DATE_FORMAT, claim.date).ok();
    let date = date.filter(|date| date.strftime(DATE_FORMAT).to_string() == claim.date);
    let date = date.and_then(|date| TimeZone::UTC.to_timestamp(date).ok()).ok_or_else(|| {
        Refusal::new(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")
    })?;
    if skew(date, present.wall) > CLOCK_SKEW_MAX {
        let told = "Specified time stamp or date value is expired.";
        return Err(Refusal::new(400, "InvalidTimeStamp.Expired", told));
    }
    let unknown = || Refusal::new(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    keys.secret(claim.key_id).ok_or_else(unknown)
}

fn skew(one: Timestamp, other: Timestamp) -> Duration {
    one.duration_since(other).unsigned_abs()
}

/// Percent-encodes as RFC 3986 has it: letters, digits and `-_.~` stay.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            // Writing to a text cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

/// Parameters encoded, sorted by name and joined, as both schemes sign them.
pub(super) fn canonical_query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable();
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}
