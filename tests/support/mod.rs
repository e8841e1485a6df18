//! What several tests need.

pub mod board;
pub mod command;
pub mod document;
pub mod plans;
pub mod raw;
pub mod served;
pub mod tls;
pub mod wire;
pub mod yaml;
