//! The files that a command writes: no two at one place, none over what the command reads, each named once it is whole.

use super::print::{Problem, note};
use crate::atomic_file::{AtomicFile, place_of};
use crate::report::{Asked, Format, clipped};
use crate::session::Reported;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The variable in which GitHub Actions names the file of the job summary.
const JOB_SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// How much of a path is shown.
const PATH_MAX_CHARS: usize = 4_096;
/// How the files in a folder of snapshots end.
const SNAPSHOTS: [&str; 2] = [".snap", ".snap.new"];

/// The files of a command, as they were asked for.
#[derive(Default)]
pub(super) struct Outputs {
    /// What is written, by its name in messages.
    written: Vec<(String, PathBuf)>,
    /// What is read, with what it is.
    read: Vec<(&'static str, PathBuf)>,
    /// Where snapshots are.
    snapshots: Option<PathBuf>,
}

impl Outputs {
    pub fn write(&mut self, name: impl Into<String>, path: &Path) {
        self.written.push((name.into(), path.to_owned()));
    }

    /// The reports that go to files, and GitHub's job summary.
    pub fn write_reports(&mut self, asked: &[Asked]) {
        for asked in asked {
            match &asked.path {
                Some(path) => self.write(asked.to_string(), path),
                None if asked.format == Format::Github => {
                    job_summary().iter().for_each(|path| self.write("the job summary of GitHub", path));
                }
                None => {}
            }
        }
    }

    /// Names that are built in are no files.
    pub fn read(&mut self, what: &'static str, paths: impl IntoIterator<Item = impl Into<PathBuf>>) {
        self.read.extend(paths.into_iter().map(|path| (what, path.into())));
    }

    pub fn snapshots(&mut self, folder: &Path) {
        self.snapshots = Some(folder.to_owned());
    }

    /// Whether each has a place of its own.
    pub fn are_apart(&self) -> Result<(), Problem> {
        let written: Vec<(&String, PathBuf)> =
            self.written.iter().filter_map(|(name, path)| Some((name, place_of(path).ok()?))).collect();
        let read: Vec<(&str, PathBuf)> =
            self.read.iter().filter_map(|(what, path)| Some((*what, path.canonicalize().ok()?))).collect();
        for (number, (name, place)) in written.iter().enumerate() {
            // Pipes and devices take from several.
            let is_stream = place.metadata().is_ok_and(|there| !there.is_file());
            if let Some((other, _)) = written[..number].iter().find(|(_, other)| other == place && !is_stream) {
                return Err(Problem::usage(
                    format!("{other} and {name} are the same file"),
                    "give each of them a file of its own",
                ));
            }
            let what = read.iter().find(|(_, read)| read == place).map(|(what, _)| *what);
            if let Some(what) = what.or_else(|| self.is_a_snapshot(place).then_some("a snapshot")) {
                return Err(Problem::usage(
                    format!("{name} would overwrite {what}: {}", place.display()),
                    "give the report a file of its own",
                ));
            }
        }
        Ok(())
    }

    fn is_a_snapshot(&self, place: &Path) -> bool {
        let folder = self.snapshots.as_ref().and_then(|folder| place_of(folder).ok());
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        folder.is_some_and(|folder| place.parent() == Some(&folder)) && SNAPSHOTS.iter().any(|end| name.ends_with(end))
    }
}

/// The reports that were asked for; one for people by default.
pub(super) fn asked(asked: &[Asked]) -> Vec<Asked> {
    let term = Asked { format: Format::Term, path: None };
    if asked.is_empty() { vec![term] } else { asked.to_vec() }
}

/// The job summary of GitHub Actions, if there is one.
pub(super) fn job_summary() -> Option<PathBuf> {
    std::env::var_os(JOB_SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// A file that takes its place when it is whole.
pub(super) fn create(path: &Path) -> Result<AtomicFile, Problem> {
    AtomicFile::create(path).map_err(|error| not_created(path, &error))
}

/// Other steps of a job write to the same summary.
pub(super) fn add_to(path: &Path) -> Result<AtomicFile, Problem> {
    AtomicFile::add_to(path).map_err(|error| not_created(path, &error))
}

fn not_created(path: &Path, error: &std::io::Error) -> Problem {
    Problem::cannot_go_on(
        format!("the report {} cannot be created: {error}", path.display()),
        "name a file in a folder that can be written",
    )
}

/// Says where each report was written, and which could not be.
pub(super) fn told(reported: Reported) {
    for (name, path) in reported.written {
        let word = name.split(['=', ' ']).next().unwrap_or_default();
        note(&format!("report  {word}  {}", clipped(&path.display().to_string(), PATH_MAX_CHARS)));
    }
    for (name, error) in reported.broken {
        // A reader that has gone, as in `ringback run | head`, wants no more lines.
        if error.kind() != ErrorKind::BrokenPipe {
            Problem::cannot_go_on(format!("the report {name} could not be written: {error}"), "").print();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with two outputs and an input, each a path below a folder with `a.yaml`, `link` to it, and `snapshots/`.
    fn wrong(paths: [&str; 2]) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |path: &str| folder.path().join(path);
        std::fs::write(at("a.yaml"), "").expect("a file");
        std::fs::create_dir(at("snapshots")).expect("a folder");
        #[cfg(unix)]
        std::os::unix::fs::symlink("a.yaml", at("link")).expect("a link");
        #[cfg(unix)]
        std::os::unix::fs::symlink("new.xml", at("dangling")).expect("a link");
        let mut outputs = Outputs::default();
        outputs.read("a scenario", [at("a.yaml")]);
        outputs.read("a scenario", ["transfer"]);
        outputs.snapshots(&at("snapshots"));
        paths.iter().zip(["json", "junit"]).for_each(|(path, name)| outputs.write(name, &at(path)));
        match outputs.are_apart() {
            Ok(()) => None,
            Err(Problem::Message { told, exit, .. }) => {
                assert_eq!(exit, crate::exit::Exit::Usage);
                Some(told)
            }
            Err(Problem::Diagnostics(_)) => panic!("a message"),
        }
    }

    #[test]
    fn no_two_files_have_one_place() {
        for same in [
            ["x", "x"],
            ["x", "./x"],
            ["x", "snapshots/../x"],
            ["new/x", "new/./x"],
            #[cfg(unix)]
            ["dangling", "new.xml"],
        ] {
            assert_eq!(wrong(same).as_deref(), Some("json and junit are the same file"), "{same:?}");
        }
        for apart in [["x", "y"], ["x", "new/x"], ["x", "X.xml"], ["/dev/null", "/dev/null"]] {
            assert_eq!(wrong(apart), None, "{apart:?}");
        }
    }

    #[test]
    fn nothing_is_written_over_what_is_read() {
        for path in [
            "a.yaml",
            "snapshots/../a.yaml",
            #[cfg(unix)]
            "link",
        ] {
            let told = wrong(["x", path]).unwrap_or_default();
            assert!(told.starts_with("junit would overwrite a scenario: "), "{path}: {told}");
        }
        for path in ["snapshots/a.snap", "snapshots/b.snap.new"] {
            assert!(wrong([path, "x"]).is_some_and(|told| told.contains("a snapshot")), "{path}");
        }
        assert_eq!(wrong(["snapshots/report.xml", "transfer"]), None);
    }
}
