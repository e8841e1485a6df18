//! Every route of the server, and what is answered where there is none.

use super::answer::{Answered, text};
use super::problem::Problem;
use super::{Apis, Switchboard, api, catalog, drive, guard, inbox, inboxes, openapi, page, pushes, reading, scenarios};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{any, get, post};
use std::sync::Arc;

/// All of them. Those below `/api` stand in the document of [`openapi`], too; a test holds the two together.
pub(super) fn routes(board: Arc<Switchboard>, apis: Arc<Apis>) -> Router {
    let api = Router::new()
        .route("/api", get(catalog::about))
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/session", post(guard::session))
        .route("/api/scenarios", get(scenarios::scenarios))
        .route("/api/scenarios/{name}", get(scenarios::scenario))
        .route("/api/vendors", get(pushes::vendors))
        .route("/api/pushes", get(pushes::pushes))
        .route("/api/pushes/{push}", get(pushes::push))
        .route("/api/faults", get(catalog::faults))
        .route("/api/checks", get(catalog::checks))
        .route("/api/codes", get(catalog::codes))
        .route("/api/codes/{code}", get(catalog::code))
        .route("/api/schemas/{schema}", get(catalog::schema))
        .route("/api/check", post(scenarios::check))
        .route("/api/plan", post(scenarios::plan))
        .route("/api/runs", get(reading::list).post(reading::create))
        .route("/api/runs/{run}", get(reading::read).delete(reading::remove))
        .route("/api/runs/{run}/stop", post(reading::stop))
        .route("/api/runs/{run}/again", post(reading::again))
        .route("/api/runs/{run}/calls", get(reading::calls))
        .route("/api/runs/{run}/calls/{call}", get(reading::call))
        .route("/api/runs/{run}/deliveries", get(reading::deliveries))
        .route("/api/runs/{run}/deliveries/{delivery}", get(reading::delivery))
        .route("/api/runs/{run}/events", get(reading::events))
        .route("/api/runs/{run}/steps", get(drive::possible).post(drive::step))
        .route("/api/runs/{run}/faults", post(drive::fault))
        .route("/api/runs/{run}/pause", post(drive::pause))
        .route("/api/runs/{run}/resume", post(drive::resume))
        .route("/api/runs/{run}/next", post(drive::next))
        .route("/api/runs/{run}/pace", post(drive::pace))
        .route("/api/events", get(reading::all_events))
        .route("/api/inboxes", get(inboxes::list))
        .route("/api/inboxes/{inbox}", get(inboxes::read).put(inboxes::put).delete(inboxes::remove));
    let others = Router::new()
        .route("/metrics", get(metrics))
        .route("/inbox/{name}", any(inbox::receive))
        .route("/inbox/{name}/{*rest}", any(inbox::receive));
    api.merge(others)
        .with_state(Arc::clone(&board))
        .merge(api::routes(apis))
        .merge(page::routes())
        .method_not_allowed_fallback(not_allowed)
        .fallback(not_found)
        .layer(from_fn_with_state(board, guard::guard))
}

async fn metrics(State(board): State<Arc<Switchboard>>) -> Answered {
    let (kind, figures) = board.metrics.text();
    Ok(text(StatusCode::OK, kind, figures))
}

async fn not_allowed(request: Request) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("{} cannot be asked here", request.method()))
}

async fn not_found(request: Request) -> Response {
    let problem = Problem::missing(format!("nothing is served at `{}`", request.uri().path()))
        .help("there are /, /api, /inbox/{name}, /metrics, /healthz and /v3/statistics/get_push_record");
    axum::response::IntoResponse::into_response(problem)
}
