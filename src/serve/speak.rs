//! Joins the routes to the connections. An inbox that hangs up has its connection closed here.

use super::inbox::HangUp;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::service::TowerToHyperService;
use std::fmt;
use std::pin::Pin;

/// The routes for one connection after the other.
#[derive(Clone)]
pub(super) struct Speaking(TowerToHyperService<Router>);

impl Speaking {
    pub fn new(routes: Router) -> Self {
        Self(TowerToHyperService::new(routes))
    }
}

/// Ends a connection without an answer: hyper closes it where a service fails.
#[derive(Debug)]
pub(super) struct HungUp;

impl fmt::Display for HungUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the inbox hangs up")
    }
}

impl std::error::Error for HungUp {}

impl Service<Request<Incoming>> for Speaking {
    type Response = Response<Body>;
    type Error = HungUp;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let answering = self.0.call(request);
        Box::pin(async move {
            // The routes themselves never fail.
            let Ok(response) = answering.await;
            match response.extensions().get::<HangUp>() {
                Some(HangUp) => Err(HungUp),
                None => Ok(response),
            }
        })
    }
}
