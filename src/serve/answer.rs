//! How requests are read and answers written: JSON in, JSON out, everything else a problem.

use super::body;
use super::problem::Problem;
use super::shape;
use crate::query::Unread;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The longest body of a request to the API.
pub const REQUEST_MAX_BYTES: usize = 2 * 1024 * 1024;

pub(super) type Answered = Result<Response, Problem>;

/// An answer of JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    text(status, "application/json", serde_json::to_vec(value).unwrap_or_default())
}

/// An answer of JSON, all good.
pub(super) fn ok(value: &impl Serialize) -> Answered {
    Ok(json(StatusCode::OK, value))
}

pub(super) fn text(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Does what takes a while on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::broken(error.to_string()))
}

/// The body of a request.
pub(super) struct Json<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + 'static, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body has to be JSON")
                .help("send `Content-Type: application/json`"));
        }
        let body = asked(request).await?;
        read(&body).map(Json)
    }
}

/// No body, or an empty object: what has nothing to say.
pub(super) struct Nothing;

impl<S: Sync> FromRequest<S> for Nothing {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body = asked(request).await?;
        match body.trim_ascii() {
            b"" | b"{}" => Ok(Nothing),
            _ => Err(Problem::unreadable("nothing is taken here").help("leave the body out, or send `{}`")),
        }
    }
}

async fn asked(request: Request) -> Result<Bytes, Problem> {
    body::whole(request.into_body(), REQUEST_MAX_BYTES).await.map_err(|why| unread(why, REQUEST_MAX_BYTES))
}

fn read<T: DeserializeOwned + JsonSchema + 'static>(body: &[u8]) -> Result<T, Problem> {
    let told = |error: serde_json::Error| Problem::unreadable(format!("the body is not JSON: {error}"));
    let body: Value = serde_json::from_slice(body).map_err(told)?;
    let mistakes = shape::mistakes(&shape::of::<T>(), &body);
    match mistakes.is_empty() {
        true => serde_json::from_value(body).map_err(|error| Problem::wrong(error.to_string())),
        false => Err(mistakes.into()),
    }
}

/// Why a body of up to this length is not read.
pub(super) fn unread(why: Unread, max_bytes: usize) -> Problem {
    match why {
        Unread::TooLong => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is longer than {max_bytes} bytes"))
        }
        Unread::TooSlow => Problem::new(StatusCode::REQUEST_TIMEOUT, "the body took too long to come"),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// The parts of the path that stand for something.
pub(super) struct Part<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Part<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(part)) => Ok(Part(part)),
            Err(rejection) => Err(Problem::missing(rejection.body_text())),
        }
    }
}

/// The parameters behind the path.
pub(super) struct Parameters(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl Parameters {
    /// Refuses every other name.
    pub fn only(&self, known: &[&str]) -> Result<(), Problem> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) if known.is_empty() => {
                Err(Problem::unreadable(format!("there is no parameter `{name}`; none is taken here")))
            }
            Some((name, _)) => Err(Problem::unreadable(format!("there is no parameter `{name}`"))
                .help(format!("there are {}", known.join(", ")))),
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let read = |text: &str| {
            text.parse().map_err(|_| Problem::unreadable(format!("`{name}` is a whole number, and `{text}` is none")))
        };
        self.get(name).map(read).transpose()
    }
}
