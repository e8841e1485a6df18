//! A report of its own for every test of one session under a Locust master: `load.json`, `load-2.json`, `load-3.json`.

use crate::load::report::LoadReport;
use crate::load::{LoadSummary, Tick};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Makes a report that writes to an output.
pub(super) type Make = fn(Box<dyn Write + Send>) -> Box<dyn LoadReport + Send>;

/// Reports that are told their summary only, each in a file of its own.
pub(super) struct EachTest {
    path: PathBuf,
    make: Make,
    /// How many tests are over.
    tests: usize,
    /// The report of the first test: where it cannot be written, that is told before anything is sent.
    first: Option<Box<dyn LoadReport + Send>>,
}

impl EachTest {
    /// The first test is told to this file.
    pub fn new(path: &Path, file: File, make: Make) -> Self {
        Self { path: path.to_owned(), make, tests: 0, first: Some(make(Box::new(BufWriter::new(file)))) }
    }
}

impl LoadReport for EachTest {
    fn tick(&mut self, _: &Tick) -> io::Result<()> {
        Ok(())
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        self.tests += 1;
        let mut report = match self.first.take() {
            Some(first) => first,
            None => (self.make)(Box::new(BufWriter::new(File::create(numbered(&self.path, self.tests))?))),
        };
        report.finished(summary)
    }
}

/// `load-2.json` for the second test of `load.json`.
fn numbered(path: &Path, test: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{test}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_stands_before_the_ending() {
        for (path, second) in [("a/load.json", "a/load-2.json"), ("load", "load-2"), ("l.x.json", "l.x-2.json")] {
            assert_eq!(numbered(Path::new(path), 2), Path::new(second));
        }
    }
}
