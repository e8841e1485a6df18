//! The page: what people see at `/`.

use axum::Router;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

/// The page itself.
pub(super) async fn index() -> Response {
    let mut response = "<!doctype html><title>Ringback</title>".into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// Its other files, below `/page/`.
pub(super) fn routes() -> Router {
    Router::new()
}
