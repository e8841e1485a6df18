//! Tests of 7moor as a receiver sees it: stories in, pushes out.
#![allow(clippy::unwrap_used)]

mod flows;
mod records;
mod samples;
mod story;
mod vendor;
