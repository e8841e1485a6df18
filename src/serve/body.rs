//! Reads a request whole, within limits of length and time.

use crate::http::Captured;
use crate::query::Unread;
use axum::body::Body;
use axum::extract::Request;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use std::time::Duration;

/// The longest body that is taken, whether its length is told or it comes in chunks.
pub const BODY_MAX_BYTES: usize = 256 * 1024;
/// How much of a longer one is still read and thrown away: a client that is cut off while it sends misses the answer.
pub const BODY_DRAIN_MAX_BYTES: usize = 8 * 1024 * 1024;
/// How long a body may take.
pub const BODY_READ_MAX: Duration = Duration::from_secs(15);

/// The request as values, with a body up to a length.
pub(super) async fn capture(request: Request, max_bytes: usize) -> Result<Captured, Unread> {
    let (head, body) = request.into_parts();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let body = whole(body, max_bytes).await?;
    Ok(Captured {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
        body,
    })
}

/// A body, up to a length.
pub(super) async fn whole(body: Body, max_bytes: usize) -> Result<Bytes, Unread> {
    tokio::time::timeout(BODY_READ_MAX, read(body, max_bytes)).await.unwrap_or(Err(Unread::TooSlow))
}

async fn read(mut body: Body, max_bytes: usize) -> Result<Bytes, Unread> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        // A body that breaks off never comes whole; nobody is left to read what is answered.
        let Ok(frame) = frame else { return Err(Unread::TooSlow) };
        let Ok(data) = frame.into_data() else { continue };
        if read.len() + data.len() > max_bytes {
            drain(body).await;
            return Err(Unread::TooLong);
        }
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}

async fn drain(mut body: Body) {
    let mut drained = 0;
    while drained < BODY_DRAIN_MAX_BYTES
        && let Some(Ok(frame)) = body.frame().await
    {
        drained += frame.into_data().map_or(0, |data| data.len());
    }
}
