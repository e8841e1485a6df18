//! What it means when an exchange breaks: the class of the failure, and words for it.

use super::attempt::{Failure, when};
use super::connect::{REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
use super::phase::Tongue;
use super::pool::Connection;
use super::request::Form;
use super::tls_failure;
use crate::event::{FailureClass, Phase};
use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

/// How h2 calls a head in more frames than one of the allowed length would need.
const TOO_MANY_CONTINUATIONS: &str = "too_many_continuations";
/// How long a connection that broke may take to say why.
const REASON_MAX: Duration = Duration::from_millis(100);

impl Connection {
    /// Whether an error of a request on this connection means that the connection ended before one byte of an answer.
    pub(super) fn is_unanswered(&self, error: &hyper::Error) -> bool {
        match (&self.form, http2_cause(error)) {
            // One stream that is reset is an answer of sorts, unless the receiver says that it never looked at it.
            (Form::Http2, Some(error)) if error.is_reset() => error.reason() == Some(h2::Reason::REFUSED_STREAM),
            (Form::Http2, _) => true,
            (Form::Direct | Form::Proxied(_), _) => !self.progress.is_answered(),
        }
    }

    /// What an error of a request on this connection means.
    pub(super) async fn why(&mut self, error: &hyper::Error, phase: Phase) -> Failure {
        let failure = self.why_alone(error, phase).await;
        match &self.identity {
            Some(identity) if !self.progress.is_answered() => identity.blamed(failure),
            _ => failure,
        }
    }

    async fn why_alone(&mut self, error: &hyper::Error, phase: Phase) -> Failure {
        let own = broken(error, phase, self.progress.is_answered());
        match (&self.form, self.progress.tongue()) {
            (Form::Direct | Form::Proxied(_), Tongue::Http2) => other_version("HTTP/2", "push by HTTP/2: --http2"),
            (Form::Http2, _) if http2_cause(error).is_none() => {
                // The request knows only that the connection is over; the connection knows why.
                let ended = tokio::time::timeout(REASON_MAX, &mut self.task).await;
                match ended {
                    Ok(Ok(Err(error))) => broken(&error, phase, self.progress.is_answered()),
                    Ok(Ok(Ok(()))) | Ok(Err(_)) | Err(_) => own,
                }
            }
            (Form::Http2 | Form::Direct | Form::Proxied(_), _) => own,
        }
    }
}

/// The receiver speaks another version of HTTP.
pub(super) fn other_version(version: &str, help: &str) -> Failure {
    let message = format!("the receiver speaks only {version} here; {help}");
    Failure::new(FailureClass::NotHttp, Phase::FirstByte, message)
}

/// An answer with more of a head than is read.
pub(super) fn too_large(phase: Phase) -> Failure {
    let message = format!(
        "the head of the answer has more than {REPLY_HEAD_MAX_BYTES} bytes, or more than {REPLY_HEADERS_MAX} headers"
    );
    Failure::new(FailureClass::NotHttp, phase, message)
}

/// What an error of hyper means: something that is not HTTP, or a connection that broke.
pub(super) fn broken(error: &hyper::Error, phase: Phase, is_answered: bool) -> Failure {
    let http2 = http2_cause(error);
    let cause = http2.and_then(h2::Error::get_io).or_else(|| behind(error));
    if error.is_parse_too_large() {
        return too_large(phase);
    }
    if let Some(message) = cause.filter(|_| !is_answered).and_then(tls_failure::refusal) {
        return Failure::new(FailureClass::Tls, Phase::Tls, message);
    }
    let is_malformed =
        cause.is_some_and(|cause| matches!(cause.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData));
    if error.is_parse() || (is_malformed && phase == Phase::Body) {
        return Failure::not_http(phase, cause.map_or_else(|| error.to_string(), ToString::to_string));
    }
    if let Some(error) = http2.filter(|error| error.is_library()) {
        if error.to_string().contains(TOO_MANY_CONTINUATIONS) {
            return too_large(phase);
        }
        return Failure::new(FailureClass::NotHttp, phase, format!("what came back is not HTTP/2: {error}"));
    }
    let when = when(phase, is_answered);
    let message = match (cause.map(std::io::Error::kind), http2.and_then(h2::Error::reason)) {
        (None, Some(h2::Reason::HTTP_1_1_REQUIRED)) => {
            "the receiver asks for HTTP/1.1; push without --http2".to_owned()
        }
        (None, Some(reason)) => {
            format!("the receiver ended the exchange {when}: {} ({reason:?})", reason.description())
        }
        (Some(ErrorKind::ConnectionReset), _) => return Failure::closed("reset", phase, is_answered),
        (None | Some(ErrorKind::UnexpectedEof), _) => return Failure::closed("closed", phase, is_answered),
        (Some(_), _) => format!("the connection broke {when}: {}", cause.map(ToString::to_string).unwrap_or_default()),
    };
    Failure::new(FailureClass::Closed, phase, message)
}

/// The error of HTTP/2 behind an error of hyper.
fn http2_cause(error: &hyper::Error) -> Option<&h2::Error> {
    behind(error)
}

/// The error of this kind behind an error of hyper.
fn behind<E: Error + 'static>(error: &hyper::Error) -> Option<&E> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}
