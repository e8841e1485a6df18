//! The scenarios that are shipped within the binary.

use include_dir::{Dir, File, include_dir};

/// The four flows that are played where no scenario is named, in this order.
pub const HEADLINES: [&str; 4] = ["outbound-answered", "inbound-queue-abandon", "transfer", "predictive-dial"];

/// Where the fault profiles lie among the shipped files.
const PROFILES: &str = "faults/";

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// A scenario that is shipped within the binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name: the stem of its file, with its folder only where two stems are the same.
    pub name: String,
    /// Its path below `scenarios/`, without the ending: also a name.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Every built-in scenario, the headline flows first, then by name.
pub fn built_in() -> Vec<BuiltIn> {
    let mut scenarios = shipped(|path| !path.starts_with(PROFILES));
    let rank = |name: &str| HEADLINES.iter().position(|headline| *headline == name).unwrap_or(HEADLINES.len());
    scenarios.sort_by(|one, other| (rank(&one.name), &one.name).cmp(&(rank(&other.name), &other.name)));
    scenarios
}

/// Every built-in fault profile, by name. They are no scenarios.
pub fn profiles() -> Vec<BuiltIn> {
    let mut profiles = shipped(|path| path.starts_with(PROFILES));
    profiles.sort_by(|one, other| one.name.cmp(&other.name));
    profiles
}

fn shipped(takes: impl Fn(&str) -> bool) -> Vec<BuiltIn> {
    let path = |file: &File<'_>| file.path().to_str().unwrap_or_default().replace('\\', "/");
    let paths: Vec<String> =
        files(&SHIPPED).into_iter().map(path).filter(|path| is_scenario(path) && takes(path)).collect();
    let shipped = |(file, name): (&String, String)| {
        let text = SHIPPED.get_file(file)?.contents_utf8()?.to_owned();
        Some(BuiltIn { name, path: without_ending(file).to_owned(), text })
    };
    named(&paths).into_iter().filter_map(shipped).collect()
}

/// All files in a folder and below.
fn files<'d>(folder: &'d Dir<'_>) -> Vec<&'d File<'d>> {
    folder.files().chain(folder.dirs().flat_map(files)).collect()
}

/// Whether a file is a scenario by its ending.
pub(super) fn is_scenario(path: &str) -> bool {
    // The schema of scenarios may lie beside them.
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("yaml" | "yml" | "json")) && !path.ends_with(".schema.json")
}

/// Each path with its name: the stem alone where no other file has it, else the path without its ending.
pub(super) fn named(paths: &[String]) -> Vec<(&String, String)> {
    let stem = |path: &str| {
        let path = without_ending(path);
        path.rsplit_once('/').map_or(path, |(_, stem)| stem).to_owned()
    };
    let alone = |path: &String| paths.iter().filter(|other| stem(other) == stem(path)).count() == 1;
    paths.iter().map(|path| (path, if alone(path) { stem(path) } else { without_ending(path).to_owned() })).collect()
}

fn without_ending(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_a_name_where_it_is_alone() {
        let paths = ["a.yaml", "shift/agents-day.yaml", "x/b.yaml", "y/b.yml"].map(str::to_owned);
        let names: Vec<String> = named(&paths).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["a", "agents-day", "x/b", "y/b"]);
    }

    #[test]
    fn headlines_come_first_and_names_are_distinct() {
        let names: Vec<String> = built_in().into_iter().map(|scenario| scenario.name).collect();
        let headlines = names.iter().take_while(|name| HEADLINES.contains(&name.as_str())).count();
        assert!(names[headlines..].windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        assert!(!names[headlines..].iter().any(|name| HEADLINES.contains(&name.as_str())), "{names:?}");
    }
}
