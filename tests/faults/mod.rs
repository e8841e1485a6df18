//! Faults, each shown on the wire to a raw listener on loopback, and what must hold for all of them.

mod event_layer;
mod folding;
mod http_layer;
mod realism;
mod signed;
mod wire;
