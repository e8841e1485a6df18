//! Delivery, from the pure engine to raw sockets on loopback.

mod engine;
mod exchange;
mod http2;
mod kept;
mod named;
mod proxied;
mod story;
mod strange;
mod tls;
