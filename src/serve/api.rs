//! The routes of the query APIs: a request becomes values, the API answers on a thread that may block, values become a response.

use super::Apis;
use super::body;
use super::guard::is_for_the_page;
use super::page;
use crate::http::Captured;
use crate::journal::{JournalError, Reader};
use crate::query::{Answer, PushRecord};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::{any, get};
use std::sync::Arc;

/// The query APIs and `/healthz`. At `/` lives the log API, whatever the method, and the page for whoever asks for nothing.
pub(super) fn routes(apis: Arc<Apis>) -> Router {
    Router::new()
        .route("/", any(curl_log))
        .route(PushRecord::PATH, any(push_record))
        .route("/healthz", get(healthz))
        .with_state(apis)
}

async fn curl_log(State(apis): State<Arc<Apis>>, request: Request) -> Response<Body> {
    if is_for_the_page(&request) {
        return page::index().await;
    }
    let present = apis.present();
    let captured = match body::capture(request, body::BODY_MAX_BYTES).await {
        Ok(captured) => captured,
        Err(why) => return response(apis.curl_log.unread(why, &present)),
    };
    let asking = Arc::clone(&apis);
    let shared = present.clone();
    let answered =
        blocking(&apis, captured, move |request, reader| asking.curl_log.answer(&request, &shared, reader)).await;
    response(answered.unwrap_or_else(|told| apis.curl_log.broken(&present, &told)))
}

async fn push_record(State(apis): State<Arc<Apis>>, request: Request) -> Response<Body> {
    let present = apis.present();
    let captured = match body::capture(request, body::BODY_MAX_BYTES).await {
        Ok(captured) => captured,
        Err(why) => return response(apis.push_record.unread(why)),
    };
    let asking = Arc::clone(&apis);
    let answered =
        blocking(&apis, captured, move |request, reader| asking.push_record.answer(&request, &present, reader)).await;
    response(answered.unwrap_or_else(|_| apis.push_record.broken()))
}

/// Whether requests can be answered: whether the journal can be opened.
async fn healthz(State(apis): State<Arc<Apis>>) -> (StatusCode, String) {
    let asking = Arc::clone(&apis);
    let permit = apis.readers.permit().await;
    let opened = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        asking.readers.with(|_| ()).map_err(|error| error.to_string())
    });
    match opened.await {
        Ok(Ok(())) => (StatusCode::OK, "ok\n".to_owned()),
        Ok(Err(told)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{told}\n")),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the journal cannot be read\n".to_owned()),
    }
}

/// Answers on a thread that may block, with a reader of its own. An error tells why the journal cannot be opened.
async fn blocking(
    apis: &Arc<Apis>,
    request: Captured,
    answer: impl FnOnce(Captured, &Reader) -> Answer + Send + 'static,
) -> Result<Answer, String> {
    let apis = Arc::clone(apis);
    let permit = apis.readers.permit().await;
    let answering = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        apis.readers.with(|reader| answer(request, reader))
    });
    let told = |error: JournalError| error.to_string();
    answering.await.map_err(|error| error.to_string())?.map_err(told)
}

fn response(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
