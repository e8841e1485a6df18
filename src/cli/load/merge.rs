//! `ringback load merge`: what the shards of one load have written becomes one, and is judged.

use super::super::outputs::{self, Outputs};
use super::super::print::Problem;
use super::Judged;
use super::reports::{self, ReportTo, Reports};
use crate::exit::Exit;
use crate::load::merge::{SHARD_FILE_MAX_BYTES, ShardFile, merge};
use crate::session::report_load;
use clap::Args;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// The arguments of `ringback load merge`.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// What each shard has written by --out.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    judged: Judged,
    #[command(flatten)]
    reports: ReportTo,
    /// Write the merge to this file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Merge {
    pub fn execute(self) -> Result<Exit, Problem> {
        let (mut files, mut empty) = (Vec::new(), Vec::new());
        let mut absent = None;
        for path in &self.files {
            match read(path).map_err(|told| Problem::usage(told, ""))? {
                // A shard that was killed has written nothing: it is told as missing, and the others are merged.
                None => {
                    let told = format!("`{}` cannot be read: there is no such file", path.display());
                    empty.push(format!("{told}, because its shard was killed."));
                    absent = Some(told);
                }
                Some(text) if text.is_empty() => {
                    empty.push(format!("`{}` is empty: its shard was killed.", path.display()));
                }
                Some(text) => files
                    .push(ShardFile::read(&path.to_string_lossy(), &text).map_err(|told| Problem::usage(told, ""))?),
            }
        }
        if files.is_empty() {
            return Err(Problem::cannot_go_on(empty.join(" "), "no shard has come to its end: play them again"));
        }
        let mut summary = merge(files, self.judged.threshold, self.judged.lag_limit, self.judged.strict)
            .map_err(|told| Problem::usage(told, "name the files of all shards of one run, each once"))?;
        if let Some(absent) = absent.filter(|_| summary.figures.missing().is_empty()) {
            return Err(Problem::usage(absent, "no shard is missing without it: is its name right?"));
        }
        summary.reasons.extend(empty);
        let mut outputs = Outputs::default();
        outputs.read("a file that is merged", &self.files);
        let Reports { reports, .. } = self.reports.open_at_the_end(&summary, self.out.as_deref(), outputs)?;
        let reported = report_load(&mut summary, reports);
        if !self.reports.tells_people() {
            reports::told_of(&summary);
        }
        outputs::told(reported);
        Ok(summary.verdict.exit())
    }
}

/// The text of a file; none if there is no such file.
fn read(path: &Path) -> Result<Option<String>, String> {
    let name = path.display();
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(SHARD_FILE_MAX_BYTES + 1).read_to_end(&mut bytes)) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("`{name}` cannot be read: {error}")),
    }
    if bytes.len() as u64 > SHARD_FILE_MAX_BYTES {
        return Err(format!("`{name}` is larger than {SHARD_FILE_MAX_BYTES} bytes, and no report of a load"));
    }
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| format!("`{name}` is damaged or no report of a load: it is not UTF-8"))
}
