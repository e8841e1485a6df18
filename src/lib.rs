//! Ringback.
pub mod call;
pub mod clock;
pub mod delivery;
pub mod event;
pub mod http;
pub mod plan;
pub mod random;
pub mod receive;
pub mod scenario;
pub mod vendors;
