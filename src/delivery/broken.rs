//! What it means when an exchange breaks: the class of the failure, and words for it.

use super::attempt::Failure;
use super::connect::{REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
use crate::event::{FailureClass, Phase};
use std::error::Error;
use std::io::ErrorKind;

/// What an error of hyper means: something that is not HTTP, or a connection that broke.
pub(super) fn broken(error: &hyper::Error, phase: Phase, is_answered: bool) -> Failure {
    let cause = io_cause(error);
    if error.is_parse_too_large() {
        let message = format!(
            "the head of the answer has more than {REPLY_HEAD_MAX_BYTES} bytes, or more than {REPLY_HEADERS_MAX} headers"
        );
        return Failure::new(FailureClass::NotHttp, phase, message);
    }
    let is_malformed =
        cause.is_some_and(|cause| matches!(cause.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData));
    if error.is_parse() || (is_malformed && phase == Phase::Body) {
        let what = cause.map_or_else(|| error.to_string(), ToString::to_string);
        return Failure::new(FailureClass::NotHttp, phase, format!("what came back is not HTTP: {what}"));
    }
    let when = match (phase, is_answered) {
        (Phase::Body, _) => "in the middle of the body of the answer",
        (_, true) => "in the middle of the head of the answer",
        (Phase::FirstByte, false) => "without an answer",
        (_, false) => "before the whole request was written",
    };
    let message = match cause.map(std::io::Error::kind) {
        Some(ErrorKind::ConnectionReset) => format!("the receiver reset the connection {when}"),
        None | Some(ErrorKind::UnexpectedEof) => format!("the receiver closed the connection {when}"),
        Some(_) => format!("the connection broke {when}: {}", cause.map(ToString::to_string).unwrap_or_default()),
    };
    Failure::new(FailureClass::Closed, phase, message)
}

/// The error of the stream behind an error of hyper.
fn io_cause(error: &hyper::Error) -> Option<&std::io::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}
