//! Ringback plays a call-centre vendor: a scenario file scripts a call, and Ringback sends the HTTP pushes that the
//! vendor's platform would send for it, to the receiver that you want to test.
//!
//! This page is the map. How to use the command is in the README and in the [`guide`]; `ringback --help` lists it.
//!
//! ```text
//! scenario text --scenario--> Scenario --plan--> Plan            (pure: same file + seed + start = same bytes)
//!                                ^          |
//!                  call: steps -> Timeline of Happenings
//!                  vendors: Happening + CallState -> Push, a tree of typed leaves
//!                  faults: Push + draw -> Fate
//!                                           v
//!              delivery: due queue > attempt > transport > receiver > Reply > acknowledged? > retry
//!                                           |
//!                                           v
//!                          RunEvent: the one river of what happened -> reports, exit code
//! ```
//!
//! Four sentences hold everywhere:
//!
//! 1. **Scenario to plan is pure.** No socket, no wall clock, no unkeyed randomness.
//! 2. **Delivery executes fates, it does not invent them.** Retries follow the vendor's policy or the scenario's; for each
//!    attempt it asks the plan for its fate.
//! 3. **Everything that happened is one [`event::RunEvent`].** Reports and the exit code read that stream, so they cannot disagree.
//! 4. **A vendor sees a call and returns leaves.** Each says what it is: an id, a name, a moment, a length of time, a word.
//!    They become bytes at the very end, so that faults, redaction, contracts and load look up what they need to know. A vendor
//!    never sees a target, a clock or a socket; its words stay in its folder.
//!
//! The rooms, from the ground up. `tests/architecture.rs` holds who may use whom.
//!
//! | room | what lives there |
//! |---|---|
//! | [`clock`], [`random`] | the only readers of wall time and of entropy; draws keyed by what they are for |
//! | [`duration`], [`rate`], [`spelling`], [`shell`], [`visible`], [`exit`] | lengths of time and rates as people write them, the nearest word, commands to paste, texts from outside that nothing obeys, the exit codes |
//! | [`http`] | our values for what crosses the wire, free of any HTTP crate |
//! | [`atomic_file`] | files that take their place when they are whole |
//! | [`call`] | the neutral model of calls, shifts, chats and notifications: the cast and where it is at home, the steps, what happens, the legs, what is known so far, what cannot happen |
//! | [`body`] | what a push says: typed leaves, and how they are written at the very end |
//! | [`faults`] | what goes wrong on purpose: decides, never acts |
//! | [`event`] | everything that can happen in a run |
//! | [`vendors`] | the [`vendors::Vendor`] trait, and one folder per vendor: its pushes, facts, payloads, samples |
//! | [`diagnostic`] | what is wrong with a file: code, message, place, help |
//! | [`contract`] | what a receiver is held to, judged from the events of a run: checks, probes, snapshots |
//! | [`scenario`] | the file format: parse with positions, resolve names, collect every problem |
//! | [`schema`] | schemas for editors and other tools, made of the tables that `scenario` reads by and of those of the vendors |
//! | [`plan`] | scenario and seed become everything that would be sent; printing of it |
//! | [`delivery`] | the engine (pure: order, retries) and the transport (hyper, TLS) |
//! | [`live`] | a story that somebody drives by hand while it is played |
//! | [`listen`] | connections taken and bounded, for whoever answers on them |
//! | [`receive`] | the built-in receiver |
//! | [`look`] | what the pages of reports and the live page share: colours, elements, words, strokes of a ladder; how a page is put together |
//! | [`report`] | one file per format, each from the same events |
//! | [`journal`] | every attempt of every run, and the vendors' own records, in one SQLite file |
//! | [`query`] | the vendors' own query APIs, answered from the journal; pure |
//! | [`serve`] | the HTTP server: the control API and its page, inboxes, figures, the query APIs |
//! | [`load`] | the same scenarios as load: calls rendered from templates, sent by the plan of their arrival |
//! | [`session`] | the only place where delivery, the receiver and the reports are wired together |
//! | [`in_process`] | [`Ringback`]: a run within a test written in Rust |
//! | [`cli`] | the command line, one file per subcommand |
//!
//! Where to add something: a vendor, a folder in `vendors/` and a line in [`vendors::ALL`] ([`guide::vendors`] shows a whole one); a push of a known vendor, its
//! folder; a report, a file in `report/`; a fault, its family's file in `faults/` and an entry in [`faults::ALL`]; a call
//! flow, a file in `scenarios/`. A new [`call::What`] or [`event::RunEvent`] touches its closed list, and the compiler names
//! the rest.

pub mod atomic_file;
pub mod body;
pub mod call;
pub mod cli;
pub mod clock;
pub mod contract;
pub mod delivery;
pub mod diagnostic;
pub mod duration;
pub mod event;
pub mod exit;
pub mod faults;
pub mod guide;
pub mod http;
pub mod in_process;
pub mod journal;
pub mod listen;
pub mod live;
pub mod load;
pub mod look;
pub mod plan;
pub mod query;
pub mod random;
pub mod rate;
pub mod receive;
pub mod report;
pub mod scenario;
pub mod schema;
pub mod serve;
pub mod session;
pub mod shell;
pub mod spelling;
pub mod vendors;
pub mod visible;

pub use in_process::Ringback;
