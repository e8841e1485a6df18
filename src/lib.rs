//! Ringback.
pub mod call;
pub mod clock;
pub mod delivery;
pub mod duration;
pub mod event;
pub mod exit;
pub mod http;
pub mod journal;
pub mod plan;
pub mod query;
pub mod random;
pub mod receive;
pub mod report;
pub mod scenario;
pub mod serve;
pub mod session;
pub mod vendors;
