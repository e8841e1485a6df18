//! The manifest of a load by several machines, and the script that collects what its shards came to, against a cluster that is
//! played. That the manifest is one is checked by CI.
#![cfg(unix)]
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/kubernetes").join(name)
}

/// Runs the script with a `kubectl` that tells these logs, and a Ringback that only shows what it is asked.
fn merge(status: &str, logs: &[&str]) -> (Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    for (index, log) in logs.iter().enumerate() {
        fs::write(place(&format!("{index}.log")), log).unwrap();
    }
    let kubectl = format!(
        "#!/bin/sh\ncase \"$*\" in\n*spec.completions*) echo {} ;;\n*status.conditions*) echo {status} ;;\n\
         *completion-index=*) for last; do :; done; cat \"${{last##*=}}.log\" ;;\nesac\n",
        logs.len()
    );
    fs::write(place("kubectl"), kubectl).unwrap();
    fs::set_permissions(place("kubectl"), fs::Permissions::from_mode(0o755)).unwrap();
    // What an earlier load has left is none of this one.
    fs::write(place("shard-9.json"), "{}").unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.arg(deploy("merge.sh")).args(["--report", "term"]).current_dir(&folder);
    let output = command.env("PATH", path).env("RINGBACK", "echo").env("WAIT", "0").output().unwrap();
    (output, folder)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap().trim()
}

#[test]
fn every_shard_with_a_report_is_merged_and_the_others_say_why() {
    let report = |shard: u32| format!("a warning\n{{\n  \"shard\": {shard},\n  \"a\": {{\n  }}\n}}\nthe end\n");
    let (done, folder) = merge("Failed", &[&report(1), "ringback: the target cannot be reached", &report(3)]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(text(&done.stdout), "load merge shard-1.json shard-3.json --report term");
    assert!(text(&done.stderr).contains("shard 2 of 3 has no report"), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("the target cannot be reached"));
    let shard = fs::read_to_string(folder.path().join("shard-3.json")).unwrap();
    assert_eq!(shard, "{\n  \"shard\": 3,\n  \"a\": {\n  }\n}\n");
}

#[test]
fn without_any_report_or_an_end_there_is_nothing_to_merge() {
    let (none, _folder) = merge("Complete", &["", ""]);
    assert_eq!((none.status.code(), text(&none.stdout)), (Some(3), ""));
    let (running, _folder) = merge("Suspended", &[""]);
    assert_eq!(running.status.code(), Some(3));
    assert!(text(&running.stderr).contains("still running"), "{}", text(&running.stderr));
}

#[test]
fn there_are_as_many_shards_as_pods() {
    let manifest = fs::read_to_string(deploy("load.yaml")).unwrap();
    let behind = |name: &str| {
        let line = manifest.lines().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix(name)).unwrap();
        line.trim().parse::<u32>().unwrap()
    };
    assert_eq!(behind("completions:"), behind("parallelism:"));
    assert_eq!(behind("completions:"), behind("--shards="));
}
