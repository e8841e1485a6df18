//! The README and the guide are true: their scenarios parse, their commands run.

use crate::support::command::{Running, done, file, receiver, ringback};
use ringback::scenario;

const README: &str = include_str!("../README.md");
const GUIDE: [(&str, &str); 6] = [
    ("answers.md", include_str!("../src/guide/answers.md")),
    ("contracts.md", include_str!("../src/guide/contracts.md")),
    ("judging.md", include_str!("../src/guide/judging.md")),
    ("load.md", include_str!("../src/guide/load.md")),
    ("reports.md", include_str!("../src/guide/reports.md")),
    ("serve.md", include_str!("../src/guide/serve.md")),
];
const ADDRESS: &str = "http://127.0.0.1:8080/hook";

/// The README's blocks of one language.
fn blocks(language: &str) -> Vec<&'static str> {
    blocks_of(README, language)
}

fn blocks_of(page: &'static str, language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|behind| behind.split("```").next().expect("an end of the block")).collect()
}

#[test]
fn their_scenarios_are_right() {
    let mut read = 0;
    for (name, page) in [("README.md", README)].into_iter().chain(GUIDE) {
        for text in blocks_of(page, "yaml").into_iter().filter(|block| block.contains("\nscript:")) {
            read += 1;
            let wrong = scenario::parse("page", name, text, &|_| None).err();
            assert!(wrong.is_none(), "{}", wrong.map(|wrong| wrong.render(false)).unwrap_or_default());
        }
    }
    assert!(read >= 5, "{read}");
}

#[test]
fn its_commands_run() {
    let folder = tempfile::tempdir().expect("a folder");
    file(
        folder.path(),
        "call.yaml",
        blocks("yaml").iter().find(|block| block.contains("\nscript:")).expect("a scenario"),
    );
    let (_receiver, address) = receiver("ok");
    let commands: Vec<_> = blocks("sh")
        .into_iter()
        .chain(GUIDE.into_iter().flat_map(|(_, page)| blocks_of(page, "sh")))
        .flat_map(str::lines)
        .filter_map(|line| line.split('#').next()?.trim().strip_prefix("ringback "))
        .collect();
    assert!(commands.len() >= 7, "{commands:?}");
    for line in commands {
        let address = address.trim_end_matches('/');
        let line =
            line.replace(ADDRESS, &format!("{address}/hook")).replace("http://127.0.0.1:8080/", &format!("{address}/"));
        let mut command = ringback(&shlex::split(&line).expect("words"));
        // How late a busy machine makes a load is no question of the page.
        command.current_dir(folder.path()).env("RINGBACK_LAG_LIMIT", "1m");
        if line.starts_with("receive") || line.starts_with("serve") {
            command.args(["--listen", "127.0.0.1:0"]);
            let running = Running::start(command);
            assert!(running.line().contains("ing on http://127.0.0.1:"), "{line}");
            running.interrupt();
            assert_eq!(running.end().code, 0, "{line}");
        } else {
            let done = done(command);
            assert_eq!(done.code, 0, "{line}\n{}{}", done.out, done.err);
        }
    }
}

#[test]
fn the_call_it_shows_is_the_call_that_is_played() {
    let shown = blocks("text")[0];
    let arguments =
        ["run", "outbound-answered", "--vendor", "udesk", "--seed", "42", "--at", "2026-03-02T09:30:00+08:00"];
    let played = done(ringback(&arguments)).out;
    // Measured times and the port differ from run to run.
    let lines = |text: &str| -> Vec<String> {
        let same = ["ringback ", "stories", "pushes", "attempts", "failures", "checks", "PASS"];
        let is_same = |line: &&str| line.contains(" --> ") || same.iter().any(|start| line.starts_with(start));
        text.lines().filter(is_same).map(str::to_owned).collect()
    };
    assert_eq!(lines(shown), lines(&played));
}

#[test]
fn the_errors_it_shows_are_those_of_its_scenario_with_two_slips() {
    let scenario = blocks("yaml").into_iter().find(|block| block.contains("\nscript:")).expect("a scenario");
    let wrong = scenario.replacen("- ring: ann", "- ring: anne", 1).replacen("- wait: 5s", "- wait: 5", 1);
    let told = scenario::parse("call", "call.yaml", &wrong, &|_| None).expect_err("two slips").render(false);
    let shown = blocks("text").into_iter().find(|block| block.contains("RB-105")).expect("errors");
    assert_eq!(told.trim_end(), shown.trim_end());
}

#[test]
fn its_exit_codes_are_those_of_the_command() {
    for (exit, meaning) in ringback::exit::Exit::ALL {
        assert!(README.contains(&format!("| {} | {meaning} |", exit.code())), "{meaning}");
    }
}
