//! Guide pages: what the README tells in a paragraph, told whole. Their scenarios and commands are under test.

#[doc = include_str!("answers.md")]
pub mod answers {}

#[doc = include_str!("contracts.md")]
pub mod contracts {}

#[doc = include_str!("judging.md")]
pub mod judging {}

#[doc = include_str!("load.md")]
pub mod load {}

#[doc = include_str!("reports.md")]
pub mod reports {}

#[doc = include_str!("serve.md")]
pub mod serve {}

#[doc = include_str!("vendors.md")]
pub mod vendors {}
