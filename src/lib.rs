//! Ringback.
pub mod call;
pub mod clock;
pub mod diagnostic;
pub mod duration;
pub mod event;
pub mod exit;
pub mod http;
pub mod plan;
pub mod random;
pub mod report;
pub mod scenario;
pub mod vendors;
