//! The known secrets of a run, veiled wherever they turn up. What they are is gathered in `plan` and `delivery`.

use super::mask::{VEIL, is_secret_name, scheme};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use data_encoding::HEXLOWER;
use std::fmt;
use url::Url;

/// The shortest secret that is looked for in texts; a shorter one would veil half of them.
pub const SECRET_MIN_CHARS: usize = 4;
/// The shortest value of a cookie that is looked for: shorter ones are settings such as `zh-CN`.
const COOKIE_MIN_CHARS: usize = 8;
/// The shortest piece of base64 that is looked for.
const BASE64_MIN_CHARS: usize = 6;

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
    let hex = HEXLOWER.encode(secret.as_bytes());
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

/// A part of an address without its percent-encoding.
pub fn percent_decoded(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
