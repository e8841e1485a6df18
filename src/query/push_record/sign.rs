//! Who asks: by signature in three headers, or by basic authentication.

use super::RecordSettings;
use super::code::Code;
use crate::http::Captured;
use crate::query::Keys;
use crate::query::keys::unhex;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::hmac;

/// The AccessId of who asks, checked where there are keys; `None` where nobody is named and nobody needs to be.
pub(super) fn caller(
    request: &Captured,
    keys: &Keys,
    settings: &RecordSettings,
    now: Timestamp,
) -> Result<Option<String>, Code> {
    let named = request.header("AccessId").map(str::trim);
    if keys.is_empty() {
        return Ok(named.map(str::to_owned));
    }
    let Some(access_id) = named else { return basic(request, keys).map(Some) };
    let time_stamp = request.header("TimeStamp").map(str::trim).ok_or(Code::Auth)?;
    let sign = request.header("Sign").map(str::trim).ok_or(Code::Auth)?;
    let secret = keys.secret(access_id).ok_or(Code::Auth)?;
    let second: i64 = time_stamp.parse().map_err(|_| Code::Auth)?;
    let skew_max = settings.clock_skew.as_secs();
    if skew_max > 0 && now.as_second().abs_diff(second) > skew_max {
        return Err(Code::Auth);
    }
    let signed = [time_stamp.as_bytes(), access_id.as_bytes(), &request.body].concat();
    let given = STANDARD.decode(sign).map_err(|_| Code::Auth)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let matches = |hash: &[u8]| hmac::verify(&key, &signed, hash).is_ok();
    // What is encoded is the hexadecimal text, although the page's formula reads as if it were the hash.
    let is_hex = std::str::from_utf8(&given).ok().and_then(unhex).is_some_and(|hash| matches(&hash));
    if is_hex || (settings.raw_sign && matches(&given)) { Ok(Some(access_id.to_owned())) } else { Err(Code::Auth) }
}

/// `Authorization: Basic`, with AccessId and SecretKey.
fn basic(request: &Captured, keys: &Keys) -> Result<String, Code> {
    let authorization = request.header("Authorization").ok_or(Code::Auth)?.trim();
    let (scheme, encoded) = authorization.split_once(' ').ok_or(Code::Auth)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(Code::Auth);
    }
    let decoded = STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = decoded.ok_or(Code::Auth)?;
    let (access_id, given) = decoded.split_once(':').ok_or(Code::Auth)?;
    let secret = keys.secret(access_id).ok_or(Code::Auth)?;
    // Compared by their hashes, so that the time it takes tells nothing about the secret.
    let key = hmac::Key::new(hmac::HMAC_SHA256, access_id.as_bytes());
    let tag = hmac::sign(&key, secret.as_bytes());
    hmac::verify(&key, given.as_bytes(), tag.as_ref()).map_err(|_| Code::Auth)?;
    Ok(access_id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::AccessKey;
    use crate::vendors::{GivenOptions, OptionValue};

    /// The page's example.
    const BODY: &str = concat!(
        r#"{"audience_type": "account","message": {"title": "test title","content": "test content","android": "#,
        r#"{ "action": {"action_type": 3,"intent": "xgscheme://com.xg.push/notify_detail?param1=xg"}}},"#,
        r#""message_type": "notify","account_list": ["5822f0eee44c3625ef0000bb"] }"#
    );
    const SIGN: &str = "MDlmMDdkMmE1MThhODgxNGUzNjlkY2Q5NTM0ZjEwYjhhMjlkMTI4NTMxYTE5YWRhYTI4Y2IyNDc2MDVjMWU4NA==";
    const RAW_SIGN: &str = "CfB9KlGKiBTjadzZU08QuKKdEoUxoZraooyyR2BcHoQ=";

    fn request(headers: &[(&str, &str)], body: &'static str) -> Captured {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Captured { method: "POST".into(), path: String::new(), query: String::new(), headers, body: body.into() }
    }

    fn check(request: &Captured, set: &[(&'static str, OptionValue)]) -> Result<Option<String>, Code> {
        let key = "1500001048:1452fcebae9f3115ba794fb0fff2fd73".parse::<AccessKey>().expect("a key");
        let mut settings = GivenOptions::defaults(RecordSettings::facts());
        for (name, setting) in set {
            settings.insert(name, setting.clone());
        }
        let now = Timestamp::from_second(1_565_314_789 + 301).expect("an instant");
        caller(request, &Keys::new(vec![key]), &RecordSettings::read(&settings).expect("settings"), now)
    }

    fn signed(sign: &str, body: &'static str) -> Captured {
        request(&[("accessid", "1500001048"), ("TIMESTAMP", "1565314789"), ("Sign", sign)], body)
    }

    #[test]
    fn the_pages_example_is_right_and_whatever_is_changed_breaks_it() {
        let known = Ok(Some("1500001048".to_owned()));
        assert_eq!(check(&signed(SIGN, BODY), &[]), known);
        assert_eq!(check(&signed(SIGN, "{}"), &[]), Err(Code::Auth));
        assert_eq!(check(&signed(&SIGN.replace('M', "N"), BODY), &[]), Err(Code::Auth));
        assert_eq!(check(&signed("?", BODY), &[]), Err(Code::Auth));
        assert_eq!(check(&signed(RAW_SIGN, BODY), &[]), Err(Code::Auth));
        assert_eq!(check(&signed(RAW_SIGN, BODY), &[("raw_sign", OptionValue::Switch(true))]), known);
        let skew = |seconds| [("clock_skew", OptionValue::Duration(std::time::Duration::from_secs(seconds)))];
        assert_eq!(check(&signed(SIGN, BODY), &skew(300)), Err(Code::Auth));
        assert_eq!(check(&signed(SIGN, BODY), &skew(301)), known);
    }

    #[test]
    fn basic_authentication_is_the_other_way() {
        let of = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let right = of("1500001048:1452fcebae9f3115ba794fb0fff2fd73");
        assert_eq!(check(&request(&[("authorization", &right)], ""), &[]), Ok(Some("1500001048".to_owned())));
        for wrong in
            [of("1500001048:x"), of("1:1452fcebae9f3115ba794fb0fff2fd73"), of("x"), "Basic".into(), "Basic ?".into()]
        {
            assert_eq!(check(&request(&[("Authorization", &wrong)], ""), &[]), Err(Code::Auth), "{wrong}");
        }
        assert_eq!(check(&request(&[], ""), &[]), Err(Code::Auth));
    }
}
