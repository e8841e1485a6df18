//! Delivery, from the pure engine to raw sockets on loopback.
#![allow(clippy::unwrap_used)]

mod engine;
mod exchange;
mod http2;
mod kept;
mod named;
mod proxied;
mod story;
mod strange;
#[path = "../support/mod.rs"]
mod support;
mod tls;
