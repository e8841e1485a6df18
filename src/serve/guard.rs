//! Who may ask: this machine by its own names, pages of this server, and beyond loopback whoever has the token. What a browser
//! may do with the answers stands in their headers.

use super::Switchboard;
use super::answer::{Answered, Nothing};
use super::problem::Problem;
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, HeaderName, ORIGIN, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ring::hmac;
use std::fmt;
use std::sync::Arc;
use url::Url;

/// What a page of this server may do: its own files and its own API, nothing inline, nothing from elsewhere.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The cookie in which a browser keeps the token: an event stream cannot send headers of its own.
pub const COOKIE_NAME: &str = "ringback-token";
/// The longest token.
pub const TOKEN_MAX_CHARS: usize = 256;

/// Who may ask.
pub(super) struct Guard {
    token: Option<Token>,
    /// Names of this server besides those of this machine.
    names: Vec<String>,
    /// Whether the vendors' query APIs check signatures themselves.
    signed: bool,
}

/// A token, known by its keyed hash alone.
struct Token {
    key: hmac::Key,
    hash: hmac::Tag,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("token", &self.token.is_some()).field("names", &self.names).finish()
    }
}

impl Token {
    fn new(text: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, crate::random::fresh_seed().to_string().as_bytes());
        let hash = hmac::sign(&key, text.as_bytes());
        Self { key, hash }
    }

    /// Takes as long whatever the text has in common with the token.
    fn is(&self, text: &str) -> bool {
        hmac::verify(&self.key, text.as_bytes(), self.hash.as_ref()).is_ok()
    }
}

/// How a path is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    /// Anybody may ask by any name: the inboxes, and whether the server is there.
    Open,
    /// Files without anything that is not in the program itself.
    Page,
    /// The vendors' query APIs, which have signatures of their own.
    Query,
    /// Everything else.
    Closed,
}

impl Guard {
    pub fn new(token: Option<&str>, names: Vec<String>, signed: bool) -> Self {
        let names = names.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { token: token.map(Token::new), names, signed }
    }

    fn judge(&self, request: &Request) -> Result<(), Problem> {
        // Whoever stands between may have gone by the other one (RFC 9112, 3.2).
        if request.headers().get_all(HOST).iter().nth(1).is_some() {
            return Err(Problem::unreadable("the request has two `Host` fields"));
        }
        let zone = Zone::of(request);
        // Whoever signs has a key, which no page of another site has.
        if zone == Zone::Open || (zone == Zone::Query && self.signed) {
            return Ok(());
        }
        let headers = request.headers();
        let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        if !self.is_own(host) {
            return Err(foreign(format!("this server is not called `{host}`"))
                .help("ask for localhost or an address, or start it with --hostname NAME"));
        }
        if let Some(origin) = headers.get(ORIGIN)
            && !is_same(origin, host)
        {
            return Err(foreign("a page of another origin must not ask"));
        }
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
        if !is_safe && matches!(site, Some(b"cross-site" | b"same-site")) {
            return Err(foreign("a page of another origin must not ask"));
        }
        match &self.token {
            Some(token) if zone != Zone::Page && !given(headers).any(|text| token.is(text)) => {
                Err(Problem::new(StatusCode::UNAUTHORIZED, "the token of this server is needed")
                    .help("send `Authorization: Bearer TOKEN`; the server printed it when it started"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a server of this name can only be this one. A page of another site could have its own name lead here, but not
    /// a number, nor the names that every machine has for itself.
    fn is_own(&self, host: &str) -> bool {
        let Ok(url) = format!("http://{host}/").parse::<Url>() else { return false };
        if url.path() != "/" || !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        match url.host() {
            Some(url::Host::Domain(name)) => {
                name == "localhost" || name.ends_with(".localhost") || self.names.iter().any(|known| known == name)
            }
            Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)) => true,
            None => false,
        }
    }
}

impl Zone {
    fn of(request: &Request) -> Self {
        match request.uri().path() {
            "/healthz" => Zone::Open,
            path if path.starts_with("/inbox/") => Zone::Open,
            path if path.starts_with("/page/") || path == "/favicon.ico" => Zone::Page,
            "/" if is_for_the_page(request) => Zone::Page,
            path if path == "/" || path == crate::query::PushRecord::PATH => Zone::Query,
            _ => Zone::Closed,
        }
    }
}

/// Whether a request for `/` wants the page: the log API lives there, too, and is always asked with parameters.
pub(super) fn is_for_the_page(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.uri().query().unwrap_or_default().is_empty()
        && !request.headers().contains_key("x-acs-action")
        && !request.headers().contains_key("x-acs-version")
}

fn foreign(told: impl Into<String>) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, told)
}

/// Whether an origin is that of this server, as it was asked for.
fn is_same(origin: &HeaderValue, host: &str) -> bool {
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Url>().ok());
    let Some(origin) = origin.filter(|origin| matches!(origin.scheme(), "http" | "https")) else { return false };
    // Behind something that speaks TLS for this server, the port that is left out is that of https.
    let Ok(own) = format!("{}://{host}/", origin.scheme()).parse::<Url>() else { return false };
    own.origin() == origin.origin()
}

/// Every text that may be the token.
fn given(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let texts = |name: HeaderName| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let bearer = texts(AUTHORIZATION).filter_map(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let cookies = texts(COOKIE).flat_map(|value| value.split(';')).filter_map(|cookie| {
        let (name, token) = cookie.trim().split_once('=')?;
        (name == COOKIE_NAME).then_some(token)
    });
    bearer.chain(cookies)
}

/// Lets a request through or not, and says to browsers what they may do with the answer.
pub(super) async fn guard(State(board): State<Arc<Switchboard>>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api");
    let mut response = match board.guard.judge(&request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if is_api {
        set(CACHE_CONTROL, "no-store");
    }
    response
}

/// Gives a browser its token back as a cookie, which it sends with event streams, too.
pub(super) async fn session(headers: HeaderMap, _: Nothing) -> Answered {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(token) = given(&headers).next()
        && is_cookie(token)
        && let Ok(cookie) = format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Strict").parse()
    {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Whether a token can be written as it is wherever a token is written.
pub fn is_cookie(token: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.~+/=".contains(c);
    !token.is_empty() && token.len() <= TOKEN_MAX_CHARS && token.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_can_be_nobody_elses_are_own() {
        let guard = Guard::new(None, vec!["Ringback".to_owned()], false);
        for own in
            ["localhost", "localhost:7070", "127.0.0.1:7070", "[::1]:7070", "a.localhost", "ringback:7070", "10.0.0.1"]
        {
            assert!(guard.is_own(own), "{own}");
        }
        for foreign in
            ["", "evil.example", "localhost.evil.example", "evil.example:7070", "127.0.0.1@evil.example", "a/b", "x"]
        {
            assert!(!guard.is_own(foreign), "{foreign}");
        }
    }

    #[test]
    fn an_origin_is_the_same_only_where_scheme_host_and_port_are() {
        for (origin, host, same) in [
            ("http://127.0.0.1:7070", "127.0.0.1:7070", true),
            ("https://ringback.example", "ringback.example", true),
            ("http://127.0.0.1:7071", "127.0.0.1:7070", false),
            ("http://localhost:7070", "127.0.0.1:7070", false),
            ("null", "127.0.0.1:7070", false),
            ("file://", "127.0.0.1:7070", false),
        ] {
            assert_eq!(is_same(&HeaderValue::from_static(origin), host), same, "{origin}");
        }
    }

    #[test]
    fn a_token_is_itself_alone() {
        let token = Token::new("secret");
        assert!(token.is("secret") && !token.is("secre") && !token.is("") && !token.is("secret "));
    }
}
