//! Signature V1 of Alibaba Cloud (HMAC-SHA1), among the parameters of a request.

use super::answer::Refusal;
use super::parameters::Parameters;
use super::signed::{Claim, canonical_query, encode, incomplete, mismatch};
use crate::http::Captured;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// Reads what a request says of its own signature.
pub(super) fn claim(parameters: &Parameters) -> Result<Claim<'_>, Refusal> {
    for (name, served) in [("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0")] {
        if parameters.required(name)? != served {
            return Err(incomplete(format!("{name} must be {served}.")));
        }
    }
    Ok(Claim {
        key_id: parameters.required("AccessKeyId")?,
        date: parameters.required("Timestamp")?,
        nonce: parameters.required("SignatureNonce")?,
    })
}

/// Whether the secret makes this signature of this request.
pub(super) fn verify(request: &Captured, parameters: &Parameters, secret: &str) -> Result<(), Refusal> {
    let signed = parameters.pairs().iter().filter(|(name, _)| name != "Signature");
    let query = canonical_query(signed.map(|(name, value)| (name.as_str(), value.as_str())));
    let string_to_sign = format!("{}&%2F&{}", request.method, encode(&query));
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, format!("{secret}&").as_bytes());
    let signature = parameters.get("Signature").and_then(|signature| STANDARD.decode(signature).ok());
    match signature {
        Some(signature) if hmac::verify(&key, string_to_sign.as_bytes(), &signature).is_ok() => Ok(()),
        _ => Err(mismatch(&string_to_sign)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "Action=CloudListCurlLog&Version=2017-05-25&Format=JSON&AccessKeyId=testid\
        &SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=3156853299f313e23d1673dc12e1703d\
        &Timestamp=2026-04-23T02%3A00%3A00Z&EnterpriseId=7000002&Type=9\
        &StartTime=2026-04-20%2010%3A00%3A00&EndTime=2026-04-23%2010%3A00%3A00";

    fn verify_signed(method: &str, query: String, secret: &str) -> Result<(), Refusal> {
        let body = bytes::Bytes::new();
        let request = Captured { method: method.into(), path: "/".into(), query, headers: Vec::new(), body };
        let parameters = Parameters::read(&request)?;
        claim(&parameters)?;
        verify(&request, &parameters, secret)
    }

    #[test]
    fn the_vendors_example_is_right_and_whatever_is_changed_breaks_it() {
        let signed = format!("{EXAMPLE}&Signature=Gnqo%2Fb40erFro1SKu9gvjn78kSg%3D");
        assert_eq!(verify_signed("GET", signed.clone(), "testsecret"), Ok(()));
        assert!(verify_signed("POST", signed.clone(), "testsecret").is_err());
        assert!(verify_signed("GET", signed.clone(), "other").is_err());
        assert!(verify_signed("GET", signed.replace("Type=9", "Type=8"), "testsecret").is_err());
        assert!(verify_signed("GET", signed.replace("HMAC-SHA1", "HMAC-SHA256"), "testsecret").is_err());
        assert!(verify_signed("GET", format!("{EXAMPLE}&Signature=%21%21"), "testsecret").is_err());
    }
}
