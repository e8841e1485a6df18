//! A report of its own for every test of one session under a Locust master: `load.json`, `load-2.json`, `load-3.json`.

use crate::atomic_file::AtomicFile;
use crate::load::report::LoadReport;
use crate::load::{LoadSummary, Tick};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Makes a report that writes to an output.
pub(super) type Make = fn(Box<dyn Write + Send>) -> Box<dyn LoadReport + Send>;

/// Reports that are told their summary only, each in a file of its own.
pub(super) struct EachTest {
    path: PathBuf,
    make: Make,
    /// Which test the report is about, from 1.
    test: usize,
    file: AtomicFile,
    report: Box<dyn LoadReport + Send>,
}

impl EachTest {
    /// The first test is told to this file: if it cannot be written, that is known before anything is sent.
    pub fn new(path: &Path, file: AtomicFile, make: Make) -> Self {
        Self { path: path.to_owned(), make, test: 1, report: make(Box::new(file.clone())), file }
    }
}

impl LoadReport for EachTest {
    fn tick(&mut self, _: &Tick) -> io::Result<()> {
        Ok(())
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        if self.file.is_whole() {
            self.test += 1;
            self.file = AtomicFile::create(&numbered(&self.path, self.test))?;
            self.report = (self.make)(Box::new(self.file.clone()));
        }
        self.report.finished(summary)
    }

    fn file(&self) -> Option<&AtomicFile> {
        Some(&self.file).filter(|file| !file.is_stream())
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
