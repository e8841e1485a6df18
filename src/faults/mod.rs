//! What can go wrong on purpose. One file or folder per family; a fault decides, it does not act.

pub mod connection;
pub mod setting;
