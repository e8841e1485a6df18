//! What lets others in, and must not be told: headers and addresses by their names, and the known secrets of a run wherever they
//! turn up. Nothing here decides what a run's secrets are.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::fmt::{self, Write};
use url::Url;

/// What stands in place of a secret.
pub const VEIL: &str = "***";
/// The shortest secret that is looked for in texts; a shorter one would veil half of them.
pub const SECRET_MIN_CHARS: usize = 4;
/// The shortest value of a cookie that is looked for: shorter ones are settings such as `zh-CN`.
const COOKIE_MIN_CHARS: usize = 8;
/// The shortest piece of base64 that is looked for.
const BASE64_MIN_CHARS: usize = 6;

/// What the name of a header, a parameter or a setting holds if its value lets others in; small letters and digits alone.
const SECRET_PARTS: [&str; 18] = [
    "accesskey",
    "apikey",
    "appkey",
    "authkey",
    "authorization",
    "cookie",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pushkey",
    "secret",
    "signingkey",
    "signkey",
    "subscriptionkey",
    "token",
    "xauth",
];
/// Such names as a whole.
const SECRET_NAMES: [&str; 5] = ["auth", "key", "pass", "pwd", "sessionid"];
/// The schemes of `Authorization` that are told before a veiled value.
const SCHEMES: [&str; 10] =
    ["apikey", "aws4-hmac-sha256", "basic", "bearer", "digest", "hawk", "hmac-sha256", "negotiate", "oauth", "token"];

/// Whether the value of a header, a parameter or a setting of this name lets others in. A signature does not: it cannot be
/// used again.
pub fn is_secret_name(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_PARTS.iter().any(|part| plain.contains(part)) || SECRET_NAMES.contains(&plain.as_str())
}

/// The headers as they may be told. Of a secret value only what is none is left: the scheme as in `Bearer ***`, the names of
/// cookies as in `sid=***; Path=/`.
pub fn masked(headers: &[(String, String)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let told = match name.to_ascii_lowercase().as_str() {
                "set-cookie" => set_cookie(value),
                "cookie" => value.split(';').map(cookie).collect::<Vec<_>>().join("; "),
                name if is_secret_name(name) && !value.is_empty() => match scheme(value) {
                    Some((scheme, _)) => format!("{scheme} {VEIL}"),
                    None => VEIL.to_owned(),
                },
                _ => value.clone(),
            };
            (name.clone(), told)
        })
        .collect()
}

/// A cookie with its value veiled, and its attributes.
fn set_cookie(value: &str) -> String {
    match value.split_once(';') {
        Some((pair, attributes)) => format!("{};{attributes}", cookie(pair)),
        None => cookie(value),
    }
}

fn cookie(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) => format!("{}={VEIL}", name.trim()),
        None => VEIL.to_owned(),
    }
}

/// The scheme of the value of an `Authorization`, and what follows it.
fn scheme(value: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = value.split_once(' ')?;
    SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()).then_some((scheme, rest.trim()))
}

/// An address as it may be told: without a name and password.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    if url.username().is_empty() && url.password().is_none() {
        return url.into();
    }
    // An address that has them can have others.
    let _ = url.set_username(VEIL);
    let _ = url.set_password(None);
    url.into()
}

/// A part of an address without its percent-encoding.
pub fn percent_decoded(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A text, such as a message about an argument, without the name and password of any address in it.
pub fn without_credentials(text: &str) -> String {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`');
    text.split_inclusive(is_edge)
        .map(|word| {
            let begin = word.find("://").map_or(0, |at| at + 3);
            let host_end = word[begin..].find(['/', '?', '#']).map_or(word.len(), |at| begin + at);
            match word[begin..host_end].rfind('@') {
                Some(at) if at > 0 => format!("{}{VEIL}{}", &word[..begin], &word[begin + at..]),
                Some(_) | None => word.to_owned(),
            }
        })
        .collect()
}

/// The known secrets of a run, in every form in which a receiver may repeat them: as they are, percent-encoded, as base64 (alone
/// or inside of more), as hexadecimal, escaped for JSON or HTML.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// Every form; longer ones come first, so that none is found in pieces.
    forms: Vec<String>,
}

impl Secrets {
    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Adds a secret. One of less than [`SECRET_MIN_CHARS`] characters is not looked for.
    pub fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.chars().count() < SECRET_MIN_CHARS || self.forms.iter().any(|form| form == secret) {
            return;
        }
        self.forms.extend(forms(secret));
        self.forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.forms.dedup();
    }

    /// Adds every secret of others.
    pub fn add_all(&mut self, others: &Secrets) {
        self.forms.extend(others.forms.iter().cloned());
        self.forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.forms.dedup();
    }

    /// Adds what is secret in a header that is sent.
    pub fn add_header(&mut self, name: &str, value: &str) {
        if !is_secret_name(name) {
            return;
        }
        if name.to_ascii_lowercase().contains("cookie") {
            let values = value.split(';').filter_map(|pair| Some(pair.split_once('=')?.1.trim()));
            values.filter(|value| value.chars().count() >= COOKIE_MIN_CHARS).for_each(|value| self.add(value));
            return;
        }
        let Some((scheme, rest)) = scheme(value) else { return self.add(value) };
        self.add(rest);
        if scheme.eq_ignore_ascii_case("basic")
            && let Some(pair) = STANDARD.decode(rest).ok().and_then(|pair| String::from_utf8(pair).ok())
        {
            self.add(&pair);
            self.add(pair.split_once(':').map_or("", |(_, password)| password));
        }
    }

    /// Adds what is secret in an address: its password, and parameters by their names.
    pub fn add_url(&mut self, url: &Url) {
        if let Some(password) = url.password() {
            self.add(password);
            self.add(&format!("{}:{password}", url.username()));
            self.add(&percent_decoded(password));
        }
        url.query_pairs().filter(|(name, _)| is_secret_name(name)).for_each(|(_, value)| self.add(&value));
    }

    /// Puts [`VEIL`] in place of every secret in the text.
    pub fn veil(&self, text: &mut String) {
        for form in &self.forms {
            if text.contains(form.as_str()) {
                *text = text.replace(form.as_str(), VEIL);
            }
        }
    }
}

/// Never tells what it knows.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} forms)", self.forms.len())
    }
}

fn forms(secret: &str) -> Vec<String> {
    let plus: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let percent = plus.replace('+', "%20");
    let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let json = serde_json::to_string(secret).unwrap_or_default();
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut forms = vec![
        secret.to_owned(),
        small_percents(&plus),
        small_percents(&percent),
        plus,
        percent,
        hex.to_ascii_uppercase(),
        hex,
        json.trim_matches('"').to_owned(),
        html.replace('"', "&quot;").replace('\'', "&#39;"),
        html,
        STANDARD.encode(secret),
    ];
    for skipped in 0..3 {
        forms.extend(inside_base64(secret.as_bytes(), skipped));
    }
    forms.retain(|form| form.chars().count() >= SECRET_MIN_CHARS);
    forms
}

/// The same with `%2f` in place of `%2F`.
fn small_percents(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        format!("{text}%{}{rest}", code.to_ascii_lowercase())
    })
}

/// What base64 makes of these bytes wherever they stand in more: behind a multiple of three bytes and `skipped` others. What the
/// neighbours have a part in is left out.
fn inside_base64(bytes: &[u8], skipped: usize) -> impl Iterator<Item = String> {
    let padded = [&[0; 2][..skipped], bytes].concat();
    let begin = [0, 2, 3][skipped];
    let end = padded.len() * 8 / 6;
    let cut = move |text: String| text.get(begin..end).map(str::to_owned);
    let both = [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)];
    both.into_iter().filter_map(cut).filter(|text| text.len() >= BASE64_MIN_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, value: &str) -> String {
        masked(&[(name.to_owned(), value.to_owned())]).remove(0).1
    }

    #[test]
    fn of_a_secret_header_only_what_is_none_is_told() {
        for (name, value, expected) in [
            ("Authorization", "Bearer abc def", "Bearer ***"),
            ("authorization", "auth-v2/ak/1/content-type", "***"),
            ("Authorization", "my secret", "***"),
            ("Proxy-Authorization", "Basic abc=", "Basic ***"),
            ("X-Api-Key", "abc", "***"),
            ("X-Auth-Token", "abc", "***"),
            ("app_secret", "abc", "***"),
            ("Cookie", "sid=abc; theme=dark", "sid=***; theme=***"),
            ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=***; Path=/; HttpOnly"),
            ("Set-Cookie", "abc", "***"),
            ("X-Env", "ci", "ci"),
            ("Webhook-Signature", "v1,abc", "v1,abc"),
            ("Idempotency-Key", "abc", "abc"),
            ("Content-Encoding", "gzip", "gzip"),
            ("X-Api-Key", "", ""),
        ] {
            assert_eq!(told(name, value), expected, "{name}: {value}");
        }
    }

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        for name in ["accessKey", "access_key", "X-API-KEY", "apikey", "appSecret", "push_key", "key", "Token", "PWD"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["keys", "call_id_key", "sign", "signature", "idempotency-key", "author", "cno", "monkey"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn a_known_secret_is_veiled_in_every_form() {
        let secret = "p@ss \"w/o+rd<&>";
        let mut secrets = Secrets::default();
        secrets.add(secret);
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for text in [
            secret.to_owned(),
            format!("x={encoded}&y"),
            encoded.replace('+', "%20"),
            small_percents(&encoded),
            serde_json::to_string(&serde_json::json!({"a": secret})).expect("JSON"),
            STANDARD.encode(secret),
            "p@ss &quot;w/o+rd&lt;&amp;&gt;".to_owned(),
        ] {
            let mut veiled = text.clone();
            secrets.veil(&mut veiled);
            assert!(veiled.contains(VEIL) && !veiled.contains("w/o") && !veiled.contains("o%2"), "{text}: {veiled}");
        }
        for before in ["", "a", "ab", "abc", "ann:"] {
            let whole = STANDARD.encode(format!("{before}{secret} and more"));
            let mut veiled = whole.clone();
            secrets.veil(&mut veiled);
            assert!(veiled.contains(VEIL), "{before}: {whole}");
        }
        assert!(!format!("{secrets:?}").contains("ss"));
    }

    #[test]
    fn headers_and_addresses_give_their_secrets_away_to_the_veil_alone() {
        let mut secrets = Secrets::default();
        secrets.add_header("Authorization", "Basic YW5uOm9wZW4gc2VzYW1l");
        secrets.add_header("Cookie", "sid=0123456789; lang=zh-CN");
        secrets.add_header("X-Env", "production");
        secrets.add_url(&"http://bob:hunter2@127.0.0.1/?access_key=AK1234&cno=2001".parse().expect("an address"));
        let mut text = "open sesame, 0123456789 hunter2 AK1234; zh-CN production 2001 bob".to_owned();
        secrets.veil(&mut text);
        assert_eq!(text, "***, *** *** ***; zh-CN production 2001 bob");
        let mut short = Secrets::default();
        short.add("abc");
        assert!(short.is_empty());
    }

    #[test]
    fn an_address_is_told_without_its_password() {
        let url: Url = "http://ann:secret@127.0.0.1:1/a@b?c=d".parse().expect("an address");
        assert_eq!(shown(&url), "http://***@127.0.0.1:1/a@b?c=d");
        for (text, expected) in [
            ("invalid 'http://ann:secret@127.0.0.1/' for", "invalid 'http://***@127.0.0.1/' for"),
            ("a ann:secret@host b", "a ***@host b"),
            ("http://127.0.0.1/a@b @ me", "http://127.0.0.1/a@b @ me"),
        ] {
            assert_eq!(without_credentials(text), expected);
        }
    }
}
