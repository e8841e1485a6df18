//! What went wrong with a request, as `application/problem+json` (RFC 9457). Decides nothing about requests.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::http::without_credentials;
use crate::session::Unplayable;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// How long whoever meets a limit is asked to wait, in seconds.
const RETRY_AFTER_S: &str = "1";

/// Why a request is not obeyed. In a box, because most requests are.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Problem(Box<Words>);

/// Why a request is not obeyed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(super) struct Words {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The words of the status.
    title: &'static str,
    /// The status code.
    status: u16,
    /// What is wrong.
    detail: String,
    /// What to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    help: String,
    /// What is wrong with the body, mistake by mistake.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Mistake>,
    /// What is wrong with the scenario, as `ringback check` tells it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<serde_json::Map<String, serde_json::Value>>")]
    diagnostics: Vec<Diagnostic>,
    /// The same as a terminal shows it.
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
}

/// What is wrong with one place of a body.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Mistake {
    /// The place, as a JSON pointer into the body.
    pub pointer: String,
    /// What is wrong there.
    detail: String,
    /// What would be right.
    #[serde(skip_serializing_if = "String::is_empty")]
    help: String,
}

impl Mistake {
    pub fn new(pointer: &str, detail: impl Into<String>) -> Self {
        let detail = without_credentials(&detail.into());
        Self { pointer: pointer.to_owned(), detail, help: String::new() }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Words {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Problem"),
            status: status.as_u16(),
            detail: without_credentials(&detail.into()),
            help: String::new(),
            errors: Vec::new(),
            diagnostics: Vec::new(),
            text: String::new(),
        }))
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = without_credentials(&help.into());
        self
    }

    /// The request is not written as it has to be.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// Nothing has this name.
    pub fn missing(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// It cannot be done now.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// It is written as it has to be, and cannot be meant.
    pub fn wrong(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// One place of the body cannot be meant.
    pub fn at(pointer: &str, detail: impl Into<String>) -> Self {
        vec![Mistake::new(pointer, detail)].into()
    }

    /// The same with the place of the body that it is about.
    pub fn of(mut self, pointer: &str) -> Self {
        if self.0.errors.is_empty() {
            self.0.errors.push(Mistake::new(pointer, self.0.detail.clone()).help(self.0.help.clone()));
        }
        self
    }

    /// The same where what was read stands deeper in the body.
    pub fn within(mut self, pointer: &str) -> Self {
        self.0.errors.iter_mut().for_each(|mistake| mistake.pointer.insert_str(0, pointer));
        self
    }

    /// A limit is reached.
    pub fn too_much(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail)
    }

    /// What is wrong with a scenario, and the same as a terminal shows it.
    pub fn into_diagnostics(self) -> (Vec<Diagnostic>, String) {
        (self.0.diagnostics, self.0.text)
    }

    /// Ringback itself could not go on.
    pub fn broken(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }
}

/// The first of several things that are wrong, with its help.
fn first(detail: &str, help: &str, count: usize) -> Problem {
    let more = if count > 1 { format!(", and {} more", count - 1) } else { String::new() };
    Problem::wrong(format!("{detail}{more}")).help(help)
}

impl From<Diagnostics> for Problem {
    fn from(diagnostics: Diagnostics) -> Self {
        let told = diagnostics.iter().next();
        let (detail, help) = told.map_or(("", None), |told| (&*told.message, told.help.as_deref()));
        let mut problem = first(detail, help.unwrap_or_default(), diagnostics.len());
        problem.0.text = diagnostics.render(false);
        problem.0.diagnostics = diagnostics.iter().cloned().collect();
        problem
    }
}

impl From<Vec<Mistake>> for Problem {
    fn from(mistakes: Vec<Mistake>) -> Self {
        let (detail, help) = mistakes.first().map_or(("", ""), |told| (&*told.detail, &*told.help));
        let mut problem = first(detail, help, mistakes.len());
        problem.0.errors = mistakes;
        problem
    }
}

impl From<Unplayable> for Problem {
    fn from(unplayable: Unplayable) -> Self {
        match unplayable {
            Unplayable::Scenarios(diagnostics) => diagnostics.into(),
            Unplayable::Given { told, help } => Self::wrong(told).help(help),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(Body::from(serde_json::to_vec(&self).unwrap_or_default()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(axum::http::header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
