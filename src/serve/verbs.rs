//! What of the command line can be asked of the server, verb by verb, and why the rest cannot.

/// Whether a verb of the command line can be asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remote {
    /// By these paths.
    At(&'static [&'static str]),
    /// Not, and why.
    Not(&'static str),
}

/// Every verb of the command line. Those of `list` and `schema` are written with what is listed.
pub const VERBS: &[(&str, Remote)] = &[
    ("run", Remote::At(&["/api/runs", "/api/runs/{run}", "/api/runs/{run}/events"])),
    ("plan", Remote::At(&["/api/plan"])),
    ("check", Remote::At(&["/api/check"])),
    ("list vendors", Remote::At(&["/api/vendors"])),
    ("list pushes", Remote::At(&["/api/pushes", "/api/pushes/{push}"])),
    ("list fields", Remote::At(&["/api/pushes/{push}"])),
    ("list options", Remote::At(&["/api/vendors"])),
    ("list scenarios", Remote::At(&["/api/scenarios"])),
    ("list faults", Remote::At(&["/api/faults"])),
    ("list profiles", Remote::At(&["/api/faults"])),
    ("list checks", Remote::At(&["/api/checks"])),
    ("list reports", Remote::Not("reports are files of the command; a run tells the same by its events and figures")),
    ("list codes", Remote::At(&["/api/codes"])),
    ("show", Remote::At(&["/api/scenarios/{name}", "/api/faults"])),
    ("explain", Remote::At(&["/api/codes/{code}", "/api/faults", "/api/checks"])),
    ("receive", Remote::At(&["/api/inboxes", "/api/inboxes/{inbox}"])),
    ("serve", Remote::Not("it is the server itself")),
    ("schema scenario", Remote::At(&["/api/schemas/{schema}"])),
    ("schema events", Remote::At(&["/api/schemas/{schema}"])),
    ("schema report", Remote::At(&["/api/schemas/{schema}"])),
    ("schema", Remote::Not("the vendors' formats are written for other tools, from the command")),
    ("load", Remote::Not("a load wants a machine of its own, and must not share it with whoever watches")),
    ("review", Remote::Not("snapshots are files beside the scenarios, under version control")),
    ("accept", Remote::Not("snapshots are files beside the scenarios, under version control")),
    ("reject", Remote::Not("snapshots are files beside the scenarios, under version control")),
];

/// Whether a verb can be asked of the server; none where it is on no list.
pub fn remote(verb: &str) -> Option<Remote> {
    VERBS.iter().find(|(known, _)| *known == verb).map(|(_, remote)| *remote)
}
