//! The README is true: its scenarios parse, its commands run.

mod support;

use ringback::scenario;
use support::command::{Running, done, file, receiver, ringback};

const README: &str = include_str!("../README.md");
const ADDRESS: &str = "http://127.0.0.1:8080/hook";

/// The blocks of one language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(&fence).skip(1).map(|behind| behind.split("```").next().expect("an end of the block")).collect()
}

#[test]
fn its_scenarios_are_right() {
    let scenarios: Vec<_> = blocks("yaml").into_iter().filter(|block| block.contains("\nscript:")).collect();
    assert_eq!(scenarios.len(), 2);
    for text in scenarios {
        scenario::parse("readme", "README.md", text, &|_| None)
            .unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
    }
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
        .flat_map(str::lines)
        .chain(blocks("yaml").into_iter().flat_map(str::lines).filter_map(|line| line.strip_prefix("- run: ")))
        .filter_map(|line| line.split('#').next()?.trim().strip_prefix("ringback "))
        .collect();
    assert!(commands.len() >= 7, "{commands:?}");
    for line in commands {
        let address = address.trim_end_matches('/');
        let line =
            line.replace(ADDRESS, &format!("{address}/hook")).replace("http://127.0.0.1:8080/", &format!("{address}/"));
        let mut command = ringback(&line.split_whitespace().collect::<Vec<_>>());
        command.current_dir(folder.path());
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
        text.lines().filter(|line| line.contains(" --> ") || line.starts_with("pushes")).map(str::to_owned).collect()
    };
    assert_eq!(lines(shown), lines(&played));
}

#[test]
fn the_errors_it_shows_are_those_of_its_scenario_with_two_slips() {
    let scenario = blocks("yaml").into_iter().find(|block| block.contains("\nscript:")).expect("a scenario");
    let wrong = scenario.replacen("- ring: ann", "- ring: anne", 1).replacen("- wait: 5s", "- wait: 5", 1);
    let told = scenario::parse("call", "call.yaml", &wrong, &|_| None).expect_err("two slips").render(false);
    assert_eq!(told.trim_end(), blocks("text")[1].trim_end());
}

#[test]
fn its_exit_codes_are_those_of_the_command() {
    for (exit, meaning) in ringback::exit::Exit::ALL {
        assert!(README.contains(&format!("| {} | {meaning} |", exit.code())), "{meaning}");
    }
}
