//! How reports end: all of them tell the same verdict, also if one of them cannot be written.

use crate::atomic_file::AtomicFile;
use std::io;
use std::path::PathBuf;

/// What became of the reports.
#[derive(Debug, Default)]
pub struct Reported {
    /// Those in files that are whole, each with its file.
    pub written: Vec<(String, PathBuf)>,
    /// Those that could not be written, with what went wrong.
    pub broken: Vec<(String, io::Error)>,
}

/// Reports, each with its name for messages.
type Named<R> = Vec<(String, Box<R>)>;
/// Tells a report the end, with the names of those that could not be written.
type Tell<'a, R> = dyn FnMut(&mut R, &[String]) -> io::Result<()> + 'a;

/// How often the files were told the end before.
#[derive(Clone, Copy)]
enum Round {
    First,
    Again,
}

/// The reports that can still be written, each with its name for messages.
pub(super) struct Reports<R: ?Sized> {
    /// The file that a report becomes; none if it is a stream.
    file: fn(&R) -> Option<&AtomicFile>,
    reports: Named<R>,
    reported: Reported,
}

impl<R: ?Sized> Reports<R> {
    pub fn new(reports: Named<R>, file: fn(&R) -> Option<&AtomicFile>) -> Self {
        Self { file, reports, reported: Reported::default() }
    }

    /// Something that could not be written; the first error of it tells why.
    pub fn broken(&mut self, name: String, error: io::Error) {
        if self.reported.broken.iter().all(|(known, _)| *known != name) {
            self.reported.broken.push((name, error));
        }
    }

    /// The names of those that could not be written so far.
    pub fn unwritten(&self) -> Vec<String> {
        self.reported.broken.iter().map(|(name, _)| name.clone()).collect()
    }

    /// One that cannot write is left out from then on; the others are not harmed.
    pub fn each(&mut self, write: impl FnMut(&mut R) -> io::Result<()>) {
        let reports = std::mem::take(&mut self.reports);
        self.reports = self.those_that(reports, write);
    }

    /// Tells every report the end, with the names of those that could not be written, which are returned as well. Those in
    /// files are told together and take their places, and those behind them come last. Whenever a further one cannot be
    /// written, the files are told anew.
    pub fn finish(&mut self, mut tell: impl FnMut(&mut R, &[String]) -> io::Result<()>) -> Vec<String> {
        let (mut first, file) = (std::mem::take(&mut self.reports), self.file);
        let is_file = |(_, report): &(String, Box<R>)| file(report).is_some();
        let others = first.split_off(first.iter().position(is_file).unwrap_or(first.len()));
        let (files, last): (Vec<_>, Vec<_>) = others.into_iter().partition(is_file);

        self.tell_one_by_one(first, &mut tell);
        let mut files = self.those_that(files, |report| file(report).map_or(Ok(()), AtomicFile::mark_end));
        files = self.tell_files(files, Round::First, &mut tell);
        let told = self.unwritten().len();
        self.tell_one_by_one(last, &mut tell);
        if self.unwritten().len() != told {
            files = self.tell_files(files, Round::Again, &mut tell);
        }
        self.reports.extend(files);
        self.unwritten()
    }

    fn tell_one_by_one(&mut self, reports: Named<R>, tell: &mut Tell<'_, R>) {
        for report in reports {
            let unwritten = self.unwritten();
            let kept = self.those_that(vec![report], |report| tell(report, &unwritten));
            self.reports.extend(kept);
        }
    }

    fn tell_files(&mut self, mut files: Named<R>, mut round: Round, tell: &mut Tell<'_, R>) -> Named<R> {
        let file = self.file;
        loop {
            let unwritten = self.unwritten();
            files = self.those_that(files, |report| {
                if let (Round::Again, Some(file)) = (round, file(report)) {
                    file.rewind()?;
                }
                tell(report, &unwritten)?;
                file(report).map_or(Ok(()), AtomicFile::settle)
            });
            if self.unwritten() == unwritten {
                files = self.those_that(files, |report| file(report).map_or(Ok(()), AtomicFile::commit));
            }
            if self.unwritten() == unwritten {
                break;
            }
            round = Round::Again;
        }
        for (name, report) in &files {
            let written = (name.clone(), file(report).map(AtomicFile::path).unwrap_or_default());
            if !self.reported.written.contains(&written) {
                self.reported.written.push(written);
            }
        }
        files
    }

    fn those_that(&mut self, reports: Named<R>, mut can: impl FnMut(&mut R) -> io::Result<()>) -> Named<R> {
        let mut kept = Vec::new();
        for (name, mut report) in reports {
            match can(report.as_mut()) {
                Ok(()) => kept.push((name, report)),
                Err(error) => {
                    if let Some(file) = (self.file)(&report) {
                        file.discard();
                    }
                    self.reported.written.retain(|(written, _)| *written != name);
                    self.broken(name, error);
                }
            }
        }
        kept
    }

    pub fn close(self) -> Reported {
        self.reported
    }
}
