//! Starts HTTP on an open stream, in one version or the other.

use super::attempt::Failure;
use super::broken::{broken, other_version};
use super::connect::{Deadline, REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
use super::phase::{Progress, Stream, Tongue, Watched};
use super::pool::{Connection, Sender, Used};
use super::request::{Form, Letters};
use crate::event::{FailureClass, Phase};
use crate::http::BODY_READ_MAX_BYTES;
use hyper::client::conn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::sync::Arc;

/// Starts HTTP/1.1 on a stream.
pub(super) async fn http1(stream: Box<dyn Stream>, form: Form, letters: Letters) -> Result<Connection, Failure> {
    let progress = Arc::new(Progress::default());
    let stream = TokioIo::new(Watched::new(stream, progress.clone()));
    let (sender, connection) = conn::http1::Builder::new()
        .title_case_headers(letters == Letters::Title)
        .max_headers(REPLY_HEADERS_MAX)
        .max_header_size(REPLY_HEAD_MAX_BYTES)
        .handshake(stream)
        .await
        .map_err(|error| Failure::new(FailureClass::Closed, Phase::Connect, error.to_string()))?;
    let task = tokio::spawn(connection);
    Ok(Connection { sender: Sender::Http1(sender), form, progress, identity: None, task, used: Used::now(None) })
}

/// Starts HTTP/2 on a stream.
pub(super) async fn http2(stream: Box<dyn Stream>, deadline: Deadline) -> Result<Connection, Failure> {
    let progress = Arc::new(Progress::default());
    let stream = TokioIo::new(Watched::new(stream, progress.clone()));
    let mut builder = conn::http2::Builder::new(TokioExecutor::new());
    builder.max_header_list_size(REPLY_HEAD_MAX_BYTES as u32).initial_stream_window_size(BODY_READ_MAX_BYTES as u32);
    let spoken = deadline.hold(Phase::Connect, builder.handshake(stream)).await?;
    let (sender, connection) =
        spoken.map_err(|error| Failure::new(FailureClass::Closed, Phase::Connect, error.to_string()))?;
    let task = tokio::spawn(connection);
    let mut connection = Connection {
        sender: Sender::Http2(sender),
        form: Form::Http2,
        progress,
        identity: None,
        task,
        used: Used::now(None),
    };
    // Whoever speaks HTTP/2 says so first (RFC 9113, 3.4). Without waiting for it, a receiver that does not would break off
    // before its answer was read.
    let heard = async {
        tokio::select! {
            biased;
            () = connection.progress.heard() => None,
            ended = &mut connection.task => Some(ended),
        }
    };
    let ended = deadline.hold(Phase::FirstByte, heard).await?;
    let speaks_other = connection.progress.tongue() == Tongue::Http1;
    match ended {
        _ if speaks_other => Err(other_version("HTTP/1", "push without --http2")),
        None => Ok(connection),
        Some(Ok(Ok(()))) => {
            let message = "the receiver closed the connection without an answer";
            Err(Failure::new(FailureClass::Closed, Phase::FirstByte, message))
        }
        Some(Ok(Err(error))) => Err(broken(&error, Phase::FirstByte, false)),
        Some(Err(error)) => Err(Failure::new(FailureClass::Closed, Phase::FirstByte, error.to_string())),
    }
}
