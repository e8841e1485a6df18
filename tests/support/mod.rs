//! What several tests need. Each test binary uses its own part.
#![allow(dead_code)]

pub mod command;
pub mod plans;
pub mod tls;
pub mod wire;
pub mod yaml;
