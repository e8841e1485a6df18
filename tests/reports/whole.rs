//! Whole reports, whatever happens: the old ones stay until the new ones take their places, and all tell one verdict.

use super::support::command::{Done, Running, done, file, receiver, ringback, run};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The formats that go to files, without `github`, which adds to a file.
const FORMATS: [&str; 5] = ["term", "json", "ndjson", "junit", "html"];
const OLD: &str = "from another run\n";
const STORY: [&str; 6] = ["run", "outbound-answered", "--vendor", "udesk", "--seed", "7"];

fn to_files(folder: &Path) -> Vec<String> {
    let report = |format: &&str| ["--report".to_owned(), format!("{format}={}", folder.join(format).display())];
    FORMATS.iter().flat_map(report).collect()
}

/// A run with all reports in this folder.
fn reporting(folder: &Path, more: &[&str]) -> Command {
    let mut command = ringback(&STORY);
    command.args(to_files(folder)).args(more);
    command
}

fn old_ones(folder: &Path) {
    FORMATS.iter().for_each(|format| fs::write(folder.join(format), OLD).expect("a file"));
}

fn are_old(folder: &Path) -> bool {
    FORMATS.iter().all(|format| fs::read_to_string(folder.join(format)).is_ok_and(|text| text == OLD))
}

/// The names in a folder of files that are not whole.
fn unfinished(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    names.filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with('.')).collect()
}

#[test]
fn the_old_ones_stay_until_the_new_ones_are_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    old_ones(at);
    let closed = super::closed();
    let waiting = done(reporting(at, &["--wait-for", &closed, "--wait-limit", "100ms"]));
    assert_eq!((waiting.code, are_old(at), unfinished(at)), (3, true, vec![]), "{}", waiting.err);
    let wrong = done(reporting(at, &["--report", "github=/dev/null/summary"]));
    assert_eq!((wrong.code, are_old(at), unfinished(at)), (3, true, vec![]), "{}", wrong.err);
    let usage = done(reporting(at, &["--report", "json", "--report", "junit"]));
    assert_eq!((usage.code, are_old(at), unfinished(at)), (2, true, vec![]), "{}", usage.err);

    let (receiver, address) = receiver("ok");
    let running = Running::start(reporting(at, &["--pace", "1x", "--target", &address]));
    while !receiver.line().contains("agent_answer") {}
    running.signal("KILL");
    drop(running);
    assert!(are_old(at), "a run that is killed");
    let left = unfinished(at);
    assert!(left.iter().all(|name| name.ends_with(".ringback-unfinished")), "{left:?}");
    for format in FORMATS {
        assert!(left.iter().any(|name| name.starts_with(&format!(".{format}."))), "{left:?}");
    }

    let good = done(reporting(at, &[]));
    assert_eq!(good.code, 0, "{}", good.err);
    assert!(FORMATS.iter().all(|format| fs::read_to_string(at.join(format)).is_ok_and(|text| text != OLD)));
    assert_eq!(unfinished(at).len(), left.len(), "what a killed run has left is nobody's");
}

#[test]
#[cfg(unix)]
fn a_signal_leaves_whole_reports_and_nothing_else() {
    for signal in ["INT", "TERM", "HUP"] {
        let folder = tempfile::tempdir().expect("a folder");
        old_ones(folder.path());
        let (receiver, address) = receiver("ok");
        let running = Running::start(reporting(folder.path(), &["--pace", "1x", "--target", &address]));
        while !receiver.line().contains("agent_answer") {}
        running.signal(signal);
        let done = running.end();
        assert_eq!(done.code, 130, "{signal}: {}", done.err);
        assert_eq!(verdicts(folder.path()), [130; 4], "{signal}");
        assert_eq!(unfinished(folder.path()), Vec::<String>::new(), "{signal}");
    }
}

/// The exit code that each report tells: the terminal's, JSON, NDJSON, the page; and whether JUnit has a case that is bad.
fn verdicts(folder: &Path) -> Vec<u64> {
    let text = |format: &str| fs::read_to_string(folder.join(format)).expect("a report");
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["exit"].as_u64().expect("an exit code");
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse();
    let behind = |text: String, word: &str| {
        let (_, number_and_more) = text.rsplit_once(word).expect(word);
        number(number_and_more).expect("a number")
    };
    let found = vec![
        behind(text("term"), "(exit "),
        json(&text("json")),
        json(text("ndjson").lines().last().expect("a line")),
        behind(text("html"), "\"exit\":"),
    ];
    let bad = ["<failure", "<error"].iter().any(|bad| text("junit").contains(bad));
    assert_eq!(bad, [1, 3].contains(&found[0]), "{}", text("junit"));
    found
}

/// Whether what was found stands in the reports that fold it: the terminal's, JSON, the page.
fn finds(folder: &Path) -> [bool; 3] {
    let text = |format: &str| fs::read_to_string(folder.join(format)).expect("a report");
    [text("term").contains("[RB-201]"), text("json").contains("\"folded\": ["), text("html").contains("\"folded\":[")]
}

/// Runs with this shell command before it.
#[cfg(unix)]
fn under(limits: &str, command: &Command) -> Done {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")]).arg(command.get_program()).args(command.get_args());
    shell.env_remove("CI").env_remove("GITHUB_STEP_SUMMARY").stdin(Stdio::null());
    done(shell)
}

#[test]
#[cfg(target_os = "linux")]
fn all_tell_the_verdict_of_the_exit_code_though_one_cannot_be_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let (_refusing, refusing) = receiver("refuse");
    for (more, code) in [
        (vec![], 0),
        (vec!["--target", &refusing], 1),
        (vec!["--report", "github=/dev/full"], 3),
        (vec!["--report", "json=/dev/full", "--target", &refusing], 3),
        (vec!["--report", "html=/dev/full", "--report", "junit=/dev/full"], 3),
        (vec!["--journal", "/dev/full"], 3),
    ] {
        fs::remove_file(at.join("json")).unwrap_or_default();
        let done = done(reporting(at, &more));
        assert_eq!(done.code, code, "{more:?}: {}", done.err);
        if more.first() == Some(&"--journal") {
            assert!(!at.join("json").exists(), "nothing was played");
            continue;
        }
        assert_eq!(verdicts(at), [u64::try_from(code).expect("a code"); 4], "{more:?}");
        assert_eq!(finds(at), [more.contains(&refusing.as_str()); 3], "{more:?}");
        for report in more.iter().filter(|word| word.contains("=/dev/full")) {
            assert!(
                done.err.contains(&format!("the report {report} could not be written: No space left")),
                "{}",
                done.err
            );
            for format in FORMATS {
                let told = fs::read_to_string(at.join(format)).expect("a report");
                assert!(told.contains(report), "{format} does not name {report}");
            }
        }
    }
    // What people read comes last, and the others still learn of it.
    let full = fs::File::options().write(true).open("/dev/full").expect("/dev/full");
    let mut command = reporting(at, &["--report", "json"]);
    command.stdout(full);
    assert_eq!(done(command).code, 3);
    assert_eq!(verdicts(at), [3; 4]);
}

#[test]
#[cfg(unix)]
fn a_disk_that_is_full_in_the_middle_keeps_the_old_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    old_ones(at);
    // No file grows beyond 40 blocks, of half a kibibyte or a whole one: the page does not fit, the others do.
    let done = under("trap '' XFSZ; ulimit -f 40", &reporting(at, &["--report", "term"]));
    assert_eq!(done.code, 3, "{}", done.err);
    assert!(done.err.contains("could not be written: File too large"), "{}", done.err);
    assert!(done.out.contains("FAIL (exit 3)"), "{}", done.out);
    assert_eq!(fs::read_to_string(at.join("html")).expect("a report"), OLD);
    assert_eq!(unfinished(at), Vec::<String>::new());
    let json: Value = serde_json::from_str(&fs::read_to_string(at.join("json")).expect("a report")).expect("JSON");
    assert_eq!((&json["exit"], &json["outcome"]), (&3.into(), &"could_not_go_on".into()));
}

#[test]
#[cfg(unix)]
fn a_report_takes_the_place_that_was_named() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let to = |name: &str| format!("json={}", at(name).display());
    let is_json = |name: &str| fs::read_to_string(at(name)).is_ok_and(|text| text.starts_with('{'));

    let made = run(&[&STORY[..], &["--report", &to("not/there/yet.json")]].concat());
    assert!(made.code == 0 && is_json("not/there/yet.json"), "{}", made.err);

    fs::write(at("real"), OLD).expect("a file");
    fs::set_permissions(at("real"), fs::Permissions::from_mode(0o640)).expect("a mode");
    symlink("real", at("link")).expect("a link");
    let linked = run(&[&STORY[..], &["--report", &to("link")]].concat());
    assert!(linked.code == 0 && is_json("real"), "{}", linked.err);
    assert!(fs::symlink_metadata(at("link")).expect("a link").is_symlink());
    assert_eq!(fs::metadata(at("real")).expect("a file").permissions().mode() & 0o777, 0o640);

    // A pipe is written as it is.
    assert!(Command::new("mkfifo").arg(at("pipe")).status().expect("the command `mkfifo`").success());
    let pipe = at("pipe");
    let reader = std::thread::spawn(move || fs::read_to_string(pipe).expect("UTF-8"));
    let piped = run(&[&STORY[..], &["--report", &to("pipe")]].concat());
    assert_eq!(piped.code, 0, "{}", piped.err);
    assert!(reader.join().expect("a reader").starts_with('{'));
    let out = run(&[&STORY[..], &["--report", "json=/dev/stdout"]].concat());
    assert!(serde_json::from_str::<Value>(&out.out).is_ok(), "{}", out.out);
}

#[test]
fn each_has_a_place_of_its_own_and_none_is_over_what_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = file(folder.path(), "call.yaml", &run(&["show", "outbound-answered"]).out);
    let faults = file(folder.path(), "faults.yaml", "faults:\n  - { fault: duplicate, push: \"*:end\" }\n");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let before = fs::read_to_string(&scenario).expect("a scenario");
    let same = format!("junit={}/./a", folder.path().display());
    for (more, told) in [
        (vec!["--report".to_owned(), format!("json={}", at("a")), "--report".into(), same], "are the same file"),
        (vec!["--report".into(), format!("json={scenario}")], "would overwrite a scenario"),
        (vec!["--report".into(), format!("github={faults}")], "would overwrite a fault profile"),
        (vec!["--journal".into(), at("a"), "--report".into(), format!("html={}", at("a"))], "are the same file"),
        (vec!["--snapshots".into(), at("s"), "--report".into(), format!("json={}", at("s/a.snap"))], "a snapshot"),
    ] {
        let mut words = vec!["run", &scenario, "--vendor", "udesk", "--faults", &faults];
        words.extend(more.iter().map(String::as_str));
        let refused = run(&words);
        assert_eq!(refused.code, 2, "{more:?}: {}", refused.err);
        assert!(refused.err.contains(told) && refused.err.contains("help:"), "{}", refused.err);
    }
    assert_eq!(fs::read_to_string(&scenario).expect("a scenario"), before);
    assert!(!Path::new(&at("a")).exists() && !Path::new(&at("s")).exists());
}

#[test]
fn the_place_of_each_report_is_told_beside_what_machines_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = done(reporting(folder.path(), &["--report", "github=/dev/null", "--report", "json", "--quiet"]));
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(serde_json::from_str::<Value>(&done.out).is_ok(), "{}", done.out);
    for format in FORMATS {
        let told = format!("report  {format}  {}", folder.path().join(format).display());
        assert!(done.err.lines().any(|line| line == told), "{told}\n{}", done.err);
    }
}
