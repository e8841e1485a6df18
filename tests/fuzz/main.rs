//! What a hostile text, file, answer or connection can cause: bombs with a limit on time and memory, silent connections, and
//! a small seeded fuzzer of every reader. `FUZZ_SECONDS` says for how long it goes on, `FUZZ_SEED` replays what it printed.
#![allow(clippy::unwrap_used)]

mod bombs;
mod corpus;
mod fuzzer;
mod mutate;
mod server;
mod targets;

#[path = "../support/command.rs"]
#[allow(dead_code)]
mod command;
