//! The times of all pushes as a table: response and service side by side, or one above the other where a line is too short.

use super::table::{BOLD, cells};
use crate::load::summary::{LoadSummary, PushSummary, Times};
use crate::vendors::named::shown;
use std::fmt::Write as _;

/// How wide the name of a push may be; a longer one is cut.
const NAME_MAX_CHARS: usize = 36;
/// How wide a time is, and a count.
const CELL: usize = 8;
/// How wide the times of one kind are.
const BLOCK: usize = 5 * CELL;
/// What the two kinds of times count from.
const RESPONSE: &str = "response (from when it was due)";
const SERVICE: &str = "service (from when it was written)";

/// The table, for lines of this width.
pub fn table(summary: &LoadSummary, width: usize) -> String {
    let rows: Vec<Row> = summary.pushes.iter().chain([&summary.total]).map(Row::of).collect();
    let name = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default();
    match name + 1 + CELL + 2 * (2 + BLOCK) <= width {
        true => beside(&rows, name),
        false => above(&rows, name),
    }
}

/// One push, or all.
struct Row<'a> {
    name: String,
    push: &'a PushSummary,
}

impl<'a> Row<'a> {
    fn of(push: &'a PushSummary) -> Self {
        Self { name: shown(&push.name).chars().take(NAME_MAX_CHARS).collect(), push }
    }
}

fn heads() -> String {
    ["p50", "p90", "p99", "p99.9", "max"].map(|head| format!("{head:>CELL$}")).concat()
}

fn told(times: &Times) -> String {
    cells(times).map(|cell| format!("{cell:>CELL$}")).concat()
}

fn beside(rows: &[Row<'_>], width: usize) -> String {
    let mut text = format!(
        "{BOLD}{:width$} {:>CELL$}  {RESPONSE:>BLOCK$}  {SERVICE:>BLOCK$}{BOLD:#}\n{BOLD}{:width$} {:>CELL$}  ",
        "", "", "push", "sent"
    );
    let heads = heads();
    let _ = writeln!(text, "{heads}  {heads}{BOLD:#}");
    for Row { name, push } in rows {
        let (response, service) = (told(&push.response), told(&push.service));
        let _ = writeln!(text, "{name:width$} {:>CELL$}  {response}  {service}", push.sent);
    }
    text
}

fn above(rows: &[Row<'_>], width: usize) -> String {
    let mut text = String::new();
    for (title, of) in
        [(RESPONSE, (|push| &push.response) as fn(&PushSummary) -> &Times), (SERVICE, |push| &push.service)]
    {
        let _ = writeln!(text, "{BOLD}{title}{BOLD:#}\n{BOLD}{:width$} {:>CELL$}{}{BOLD:#}", "push", "sent", heads());
        for Row { name, push } in rows {
            let _ = writeln!(text, "{name:width$} {:>CELL$}{}", push.sent, told(of(push)));
        }
    }
    text
}
