//! Finds scenarios: a file, a folder, or a built-in's name. The only file of this folder that touches the disk.

use super::built_in::{BuiltIn, HEADLINES, built_in, is_scenario, named, profiles};
use super::faults::pushes;
use super::read::is_profile;
use super::secret::Environment;
use super::tree::FILE_MAX_BYTES;
use super::{Profile, Scenario, parse, parse_profile};
use crate::diagnostic::{BUILT_IN_SOURCE, Code, Diagnostic, Diagnostics};
use crate::faults::{Clash, Fault, clashes};
use crate::spelling::{nearest, tick};
use crate::vendors;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most scenarios that one folder can hold.
pub const FOLDER_FILES_MAX: usize = 1000;
/// How deep folders are searched.
pub const FOLDER_DEPTH_MAX: usize = 16;

/// The scenarios that the arguments name, in order. What is on the disk wins over a built-in of the same name.
///
/// # Errors
/// Everything that is wrong, in all of their files.
pub fn load(arguments: &[String]) -> Result<Vec<Scenario>, Diagnostics> {
    load_with(arguments, &variable)
}

/// The scenarios that the arguments name, in order, with what they take from this environment.
///
/// # Errors
/// Everything that is wrong, in all of their files.
pub fn load_with(arguments: &[String], environment: Environment<'_>) -> Result<Vec<Scenario>, Diagnostics> {
    let built_in = built_in();
    collected(arguments.iter().map(|argument| one(argument, &built_in, environment)))
}

/// The four flows that are played where no scenario is named.
///
/// # Errors
/// What is wrong with them.
pub fn headline() -> Result<Vec<Scenario>, Diagnostics> {
    let shipped = built_in();
    let flows = HEADLINES.iter().filter_map(|name| shipped.iter().find(|scenario| scenario.name == *name));
    collected(flows.map(|scenario| Ok(vec![shipped_scenario(scenario, &variable)?])))
}

/// Every built-in scenario, in the order of [`built_in`].
///
/// # Errors
/// What is wrong with them.
pub fn built_in_scenarios() -> Result<Vec<Scenario>, Diagnostics> {
    collected(built_in().iter().map(|scenario| Ok(vec![shipped_scenario(scenario, &variable)?])))
}

/// All of them, or everything that is wrong with any of them.
fn collected<T>(parts: impl Iterator<Item = Result<Vec<T>, Diagnostics>>) -> Result<Vec<T>, Diagnostics> {
    let mut all = Vec::new();
    let mut wrong = Diagnostics::default();
    for part in parts {
        match part {
            Ok(more) => all.extend(more),
            Err(more) => wrong.extend(more),
        }
    }
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}

fn shipped_scenario(scenario: &BuiltIn, environment: Environment<'_>) -> Result<Scenario, Diagnostics> {
    parse(&scenario.name, &format!("{BUILT_IN_SOURCE}{}", scenario.name), &scenario.text, environment)
}

/// A variable of the environment of this process.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn one(argument: &str, built_in: &[BuiltIn], environment: Environment<'_>) -> Result<Vec<Scenario>, Diagnostics> {
    let path = Path::new(argument);
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => folder(argument, environment),
        Ok(_) => {
            let name = path.file_stem().map_or(argument.to_owned(), |stem| stem.to_string_lossy().into_owned());
            file(path, &name, environment).map(|scenario| vec![scenario])
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match built_in.iter().find(|scenario| scenario.name == argument || scenario.path == argument) {
                Some(scenario) => shipped_scenario(scenario, environment).map(|scenario| vec![scenario]),
                None => Err(not_found(argument, built_in).into()),
            }
        }
        Err(error) => Err(unreadable(path, &error).into()),
    }
}

fn folder(argument: &str, environment: Environment<'_>) -> Result<Vec<Scenario>, Diagnostics> {
    let mut paths = Vec::new();
    search(Path::new(argument), 0, &mut paths)?;
    if paths.is_empty() {
        return Err(Diagnostic::error(Code::NoScenario, "the folder holds no scenario")
            .in_file(argument)
            .help("a scenario is a file that ends in `.yaml`, `.yml` or `.json`")
            .into());
    }
    paths.sort();
    let relative: Vec<String> = paths
        .iter()
        .map(|path| path.strip_prefix(argument).unwrap_or(path).to_string_lossy().replace('\\', "/"))
        .collect();
    let names = named(&relative);
    collected(paths.iter().zip(names).map(|(path, (_, name))| {
        // Fault profiles lie among scenarios and are played with them, not by themselves.
        let text = contents(path)?;
        if is_profile(&text) {
            return Ok(Vec::new());
        }
        Ok(vec![parse(&name, &path.to_string_lossy(), &text, environment)?])
    }))
}

/// The faults of all profiles that the arguments name, in order. What is on the disk wins over a built-in.
///
/// # Errors
/// Everything that is wrong, in all of their files.
pub fn faults(arguments: &[String]) -> Result<Vec<Fault>, Diagnostics> {
    collected(arguments.iter().map(|argument| faults_of(argument)))
}

/// The fault profile that an argument names; `None` where it names something else, or nothing.
///
/// # Errors
/// Everything that is wrong with the profile.
pub fn profile(argument: &str) -> Result<Option<Profile>, Diagnostics> {
    let path = Path::new(argument);
    if !fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return Ok(None);
    }
    let text = contents(path)?;
    if is_profile(&text) { parse_profile(argument, &text).map(Some) } else { Ok(None) }
}

fn faults_of(argument: &str) -> Result<Vec<Fault>, Diagnostics> {
    let path = Path::new(argument);
    let shipped = profiles();
    let found = shipped.iter().find(|profile| profile.name == argument || profile.path == argument);
    match (fs::metadata(path), found) {
        (Ok(place), Some(profile)) if place.is_dir() => built_in_faults(profile),
        (Ok(_), _) => Ok(parse_profile(argument, &contents(path)?)?.faults),
        (Err(error), Some(profile)) if error.kind() == io::ErrorKind::NotFound => built_in_faults(profile),
        (Err(error), None) if error.kind() == io::ErrorKind::NotFound => {
            let names: Vec<&str> = shipped.iter().map(|profile| profile.name.as_str()).collect();
            let message = format!("no file or built-in fault profile is called {}", tick(argument));
            let help = match nearest(argument, names.iter().copied()) {
                Some(near) => format!("did you mean {}?", tick(near)),
                None => format!("the built-in ones are {}", names.join(", ")),
            };
            Err(Diagnostic::error(Code::NoScenario, message).help(help).into())
        }
        (Err(error), _) => Err(unreadable(path, &error).into()),
    }
}

fn built_in_faults(profile: &BuiltIn) -> Result<Vec<Fault>, Diagnostics> {
    Ok(parse_profile(&format!("{BUILT_IN_SOURCE}{}", profile.path), &profile.text)?.faults)
}

/// Lays faults over scenarios, behind their own.
///
/// # Errors
/// Where faults of different files contradict each other.
pub fn overlay(scenarios: &mut [Scenario], faults: &[Fault]) -> Result<(), Diagnostics> {
    let mut wrong = Diagnostics::default();
    for scenario in scenarios {
        scenario.faults.extend_from_slice(faults);
        let all: Vec<&Fault> = scenario.faults.iter().collect();
        for Clash { first, second, reason, help } in clashes(&all, &pushes(vendors::ALL)) {
            let message = format!("{reason} ({} and {})", all[first].place, all[second].place);
            wrong.push(Diagnostic::error(Code::Contradiction, message).in_file(&all[second].place).help(help));
        }
        if !wrong.is_empty() {
            break;
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn search(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Diagnostics> {
    if depth > FOLDER_DEPTH_MAX {
        return Err(Diagnostic::error(Code::TooLarge, format!("folders lie more than {FOLDER_DEPTH_MAX} deep"))
            .in_file(folder.to_string_lossy())
            .help("name a folder further down; a link may lead back to a folder above it")
            .into());
    }
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        let name = entry.file_name();
        // What is hidden belongs to some tool.
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        // Through a link, so that a folder can be put together from links; a broken one is told of when it is read.
        if fs::metadata(&path).is_ok_and(|found| found.is_dir()) {
            search(&path, depth + 1, found)?;
        } else if is_scenario(&name.to_string_lossy()) {
            found.push(path);
        }
        if found.len() > FOLDER_FILES_MAX {
            return Err(Diagnostic::error(
                Code::TooLarge,
                format!("more than {FOLDER_FILES_MAX} scenarios in one folder"),
            )
            .in_file(folder.to_string_lossy())
            .help("name the files or a folder further down")
            .into());
        }
    }
    Ok(())
}

fn file(path: &Path, name: &str, environment: Environment<'_>) -> Result<Scenario, Diagnostics> {
    let text = contents(path)?;
    if is_profile(&text) {
        let path = path.to_string_lossy();
        let problem = Diagnostic::error(Code::NoScenario, "this is a fault profile, and no scenario").in_file(&*path);
        return Err(problem.help(format!("lay it over a scenario: `--faults {path}`")).into());
    }
    parse(name, &path.to_string_lossy(), &text, environment)
}

/// The text of a file.
fn contents(path: &Path) -> Result<String, Diagnostics> {
    let label = path.to_string_lossy();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(FILE_MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() > FILE_MAX_BYTES {
        return Err(Diagnostic::error(Code::TooLarge, format!("the file is larger than {FILE_MAX_BYTES} bytes"))
            .in_file(label)
            .help("is it a scenario? If so, split it into several")
            .into());
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(not_utf8(&label, &bytes, error.valid_up_to()).into()),
    }
}

fn not_utf8(file: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let help = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it is UTF-16: save it as UTF-8".to_owned(),
        _ => format!(
            "line {line} holds a byte 0x{:02x}: save the file as UTF-8",
            bytes.get(at).copied().unwrap_or_default()
        ),
    };
    Diagnostic::error(Code::Unreadable, format!("the file is not UTF-8 from byte {at} on")).in_file(file).help(help)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let (message, help) = match error.kind() {
        io::ErrorKind::NotFound => ("it does not exist", "check the path; a link may lead nowhere"),
        io::ErrorKind::PermissionDenied => {
            ("the permission to read it is missing", "check who runs Ringback, and the permissions of the path")
        }
        _ => ("it cannot be read", ""),
    };
    let what = if path.is_dir() { "folder" } else { "file" };
    let diagnostic = Diagnostic::error(Code::Unreadable, format!("the {what} cannot be read: {message}"));
    let diagnostic = diagnostic.in_file(path.to_string_lossy());
    if help.is_empty() { diagnostic.help(error.to_string()) } else { diagnostic.help(help) }
}

fn not_found(argument: &str, built_in: &[BuiltIn]) -> Diagnostic {
    let path = Path::new(argument);
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = beside(path);
    let names = || built_in.iter().map(|scenario| scenario.name.as_str());
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_path = argument.contains(['/', '\\']) || is_scenario(argument);
    let help = match nearest(&file, beside.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {}?", tick(&path.with_file_name(near).to_string_lossy())),
        None => match nearest(if is_path { &stem } else { argument }, names()) {
            Some(near) if is_path => format!("a built-in scenario is called {}", tick(near)),
            Some(near) => format!("did you mean {}? `ringback list scenarios` lists the built-in ones", tick(near)),
            None => "`ringback list scenarios` lists the built-in ones".to_owned(),
        },
    };
    let message = match is_path {
        true => format!("there is no file or folder {}", tick(argument)),
        false => format!("no file, folder or built-in scenario is called {}", tick(argument)),
    };
    Diagnostic::error(Code::NoScenario, message).help(help)
}

/// What lies where the argument points to: folders and scenarios.
fn beside(path: &Path) -> Vec<String> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(FOLDER_FILES_MAX);
    let names = entries.map(|entry| (entry.path().is_dir(), entry.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> =
        names.filter(|(folder, name)| *folder || is_scenario(name)).map(|(_, name)| name).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    const RIGHT: &str = "title: Right\ncall: { kind: inbound }\nscript: [enqueue, hangup: customer]\n";

    fn folder_with(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, bytes) in files {
            let path: PathBuf = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        folder
    }

    fn loaded(folder: &tempfile::TempDir, below: &str) -> Result<Vec<String>, String> {
        let argument = folder.path().join(below).to_string_lossy().into_owned();
        let scenarios = load(&[argument]).map_err(|wrong| wrong.render(false))?;
        Ok(scenarios.into_iter().map(|scenario| scenario.name).collect())
    }

    #[test]
    fn a_folder_is_read_in_order_and_stems_are_names() {
        let right = RIGHT.as_bytes();
        let files = [
            ("b.yaml", right),
            ("a.yml", right),
            ("x/c.json", right),
            ("y/c.yaml", right),
            (".git/d.yaml", b""),
            ("e.md", b""),
        ];
        let folder = folder_with(&files);
        assert_eq!(loaded(&folder, ""), Ok(["a", "b", "x/c", "y/c"].map(str::to_owned).to_vec()));
        assert_eq!(loaded(&folder, "x"), Ok(vec!["c".to_owned()]));
        assert_eq!(loaded(&folder, "y/c.yaml"), Ok(vec!["c".to_owned()]));
    }

    #[test]
    fn every_wrong_file_of_a_folder_is_told_of() {
        let folder = folder_with(&[("a.yaml", b"titel: A\n"), ("b.yaml", RIGHT.as_bytes()), ("c.yaml", b"- x\n")]);
        let told = loaded(&folder, "").expect_err("two wrong files");
        assert!(told.contains("a.yaml:1:1") && told.contains("c.yaml:1:1") && !told.contains("b.yaml"), "{told}");
    }

    #[test]
    fn what_cannot_be_read_says_where_and_what_to_do() {
        let large = vec![b'#'; FILE_MAX_BYTES + 1];
        let files: [(&str, &[u8]); 4] = [
            ("call.yaml", b"title: \xff"),
            ("utf16.yaml", b"\xff\xfet\0"),
            ("large.yaml", &large),
            ("none/readme.md", b""),
        ];
        let folder = folder_with(&files);
        for (below, told) in [
            ("call.yaml", "not UTF-8 from byte 7"),
            ("utf16.yaml", "UTF-16"),
            ("large.yaml", "larger than 1048576 bytes"),
            ("none", "the folder holds no scenario"),
            ("cal.yaml", "did you mean"),
            ("call.yaml/x", "RB-11"),
        ] {
            let error = loaded(&folder, below).expect_err(below);
            assert!(error.contains(told) && error.contains("help:"), "{below}: {error}");
        }
    }

    #[test]
    fn a_built_in_is_found_by_its_name_and_by_its_path() {
        let names = |argument: &str| load(&[argument.to_owned()]).map(|found| found[0].source.clone());
        assert_eq!(names("transfer").as_deref(), Ok("built-in:transfer"));
        assert_eq!(names("shift/agents-day"), names("agents-day"));
        let told = names("tranfser").expect_err("a misspelt name").render(false);
        assert!(told.contains("did you mean `transfer`?") && told.contains("ringback list scenarios"), "{told}");
        assert_eq!(headline().map(|flows| flows.len()).ok(), Some(HEADLINES.len()));
    }

    #[test]
    fn a_folder_with_too_many_files_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for number in 0..=FOLDER_FILES_MAX {
            fs::write(folder.path().join(format!("{number}.yaml")), "").expect("a file");
        }
        assert!(loaded(&folder, "").expect_err("too many").contains("more than 1000 scenarios"));
    }
}
