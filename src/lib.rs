//! Ringback.
pub mod call;
pub mod clock;
pub mod event;
pub mod http;
pub mod plan;
pub mod random;
pub mod scenario;
pub mod vendors;
