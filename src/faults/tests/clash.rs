//! Which faults contradict each other, and which only look like it.

use super::*;
use crate::faults::clash::clashes;

const PUSHES: [&str; 3] = ["udesk:end", "udesk:hangup", "7moor:cdr"];

fn reason(one: &Fault, other: &Fault) -> Option<String> {
    let found = clashes(&[one, other], &PUSHES.map(str::to_owned));
    found.into_iter().next().map(|Clash { reason, help, .. }| format!("{reason}; {help}"))
}

#[test]
fn a_contradiction_says_what_is_wrong_and_what_to_do() {
    let apart = "take one of the two out, or give them different pushes by `push` or `when`";
    let header = |name: &str| fault("missing-header", &[("header", text(name))]);
    let to = |method: &str| fault("wrong-method", &[("to", text(method))]);
    for (one, other, expected) in [
        (fault("drop", &[]), fault("delay", &[]), format!("`drop` never sends what `delay` is meant to bend; {apart}")),
        (fault("delay", &[]), fault("drop", &[]), format!("`drop` never sends what `delay` is meant to bend; {apart}")),
        (
            fault("extra-field", &[]),
            fault("doc-literal", &[]),
            "`doc-literal` replaces the body that `extra-field` has bent; list `doc-literal` before `extra-field`, or take one \
             of the two out"
                .to_owned(),
        ),
        (
            fault("type-flip", &[]),
            fault("empty-body", &[]),
            format!("`empty-body` leaves nothing of what `type-flip` has bent; {apart}"),
        ),
        (
            fault("empty-body", &[]),
            fault("type-flip", &[]).on("*:end"),
            format!("`empty-body` leaves nothing for `type-flip` to bend; {apart}"),
        ),
        (
            fault("truncate-body", &[]),
            fault("null-field", &[]),
            "`truncate-body` leaves no fields for `null-field` to bend; list `null-field` before `truncate-body`".to_owned(),
        ),
        (
            fault("reset", &[]),
            fault("slow-read", &[]),
            format!("`reset` contradicts `slow-read`: the answer is not read; {apart}"),
        ),
        (
            to("get"),
            to("put"),
            "`wrong-method` and `wrong-method` both decide the method of the same pushes; keep one of the two, or give them \
             different pushes by `push` or `when`"
                .to_owned(),
        ),
        (
            header("CONTENT-TYPE"),
            fault("wrong-content-type", &[]),
            "`missing-header` and `wrong-content-type` both decide the content type of the same pushes; keep one of the two, \
             or give them different pushes by `push` or `when`"
                .to_owned(),
        ),
    ] {
        assert_eq!(reason(&one, &other), Some(expected), "{} then {}", one.name(), other.name());
    }
}

#[test]
fn what_can_have_no_effect_is_a_contradiction_and_nothing_else() {
    let always = |name: &str, push: &str| fault(name, &[]).on(push);
    let attempts =
        |name: &str, first, last| fault(name, &[]).when(When { attempts: Some((first, last)), ..When::default() });
    let between = |name: &str, push: &str, to| {
        always(name, push).when(When { between: Some((seconds(1), seconds(to))), ..When::default() })
    };
    let half = |name: &str, push: &str| always(name, push).when(When { rate: Some(0.5), ..When::default() });
    let header = |name: &str| fault("missing-header", &[("header", text(name))]);
    for (one, other, wrong) in [
        // Which pushes, calls, targets and attempts the one bends for certain.
        (always("delay", "*:end"), always("drop", "udesk:*"), true),
        (always("delay", "*"), always("drop", "udesk:*"), false),
        (half("drop", "*"), always("delay", "*"), false),
        (always("drop", "*").call(1), always("delay", "*").call(1), true),
        (always("drop", "*"), always("delay", "*").call(2), true),
        (always("drop", "*").call(1), always("delay", "*"), false),
        (always("drop", "*").call(2), always("delay", "*").call(1), false),
        (always("drop", "*").to(1), always("delay", "*").to(1), true),
        (always("drop", "*"), always("delay", "*").to(2), true),
        (always("drop", "*").to(1), always("delay", "*"), false),
        (always("drop", "*").to(1), always("delay", "*").to(2), false),
        (attempts("bom", 2, 2), always("drop", "*"), true),
        (attempts("type-flip", 2, 3), attempts("empty-body", 2, 3), true),
        (attempts("type-flip", 2, 2), attempts("empty-body", 1, 3), true),
        (attempts("type-flip", 1, 3), attempts("empty-body", 2, 2), false),
        (attempts("type-flip", 2, 3), attempts("empty-body", 1, 2), false),
        (attempts("type-flip", 1, 2), attempts("empty-body", 2, 3), false),
        (between("type-flip", "*", 9), between("empty-body", "*", 9), true),
        (between("type-flip", "*", 8), between("empty-body", "*", 9), false),
        (between("type-flip", "*:end", 9), between("empty-body", "*", 9), false),
        (half("type-flip", "*"), half("empty-body", "*"), false),
        (half("type-flip", "*"), always("empty-body", "*"), true),
        // What is dropped may have been copied before.
        (always("duplicate", "*"), always("drop", "*"), false),
        (always("duplicate-new-id", "*"), always("drop", "*"), false),
        (always("stale-retry", "*"), always("drop", "*"), false),
        (always("drop", "*"), always("duplicate", "*"), true),
        (always("delay", "*"), always("duplicate", "*"), false),
        // What is left of a body.
        (always("type-flip", "*"), always("empty-body", "*:end"), false),
        (always("empty-body", "*:end"), always("type-flip", "*"), false),
        (always("empty-body", "*"), always("wrong-auth", "*"), false),
        (always("truncate-body", "*:end"), always("null-field", "*"), false),
        (always("null-field", "*"), always("truncate-body", "*"), false),
        (always("type-flip", "*"), always("null-field", "*"), false),
        (always("bom", "*"), always("truncate-body", "*"), false),
        (always("extra-field", "*"), always("doc-literal", "*:end"), false),
        (always("doc-literal", "*"), always("extra-field", "*"), false),
        (always("wrong-auth", "*"), always("doc-literal", "*"), false),
        // What an attempt has once.
        (always("refuse", "*"), always("stall", "*:end"), true),
        (always("refuse", "*:end"), always("stall", "*"), true),
        (always("refuse", "udesk:*"), always("stall", "7moor:*"), false),
        (always("trickle", "*"), always("stall", "*"), false),
        (always("header-case", "*"), always("header-case", "*"), true),
        (always("split-story", "*"), always("split-story", "*"), true),
        (always("lost-ack", "*"), always("lost-ack", "*"), true),
        (always("lost-ack", "*"), attempts("lost-ack", 1, 2), false),
        (always("wrong-content-type", "*"), always("wrong-content-type", "*"), true),
        (always("wrong-content-type", "*"), header("content-type"), true),
        (always("wrong-content-type", "*"), header("Authorization"), false),
        (header("content-type"), header("content-type"), false),
        (always("wrong-method", "*:end"), always("wrong-method", "*"), true),
        (always("wrong-method", "*"), always("wrong-method", "*:end"), false),
        (always("wrong-method", "*"), half("wrong-method", "*"), false),
        (always("wrong-method", "*"), always("header-case", "*"), false),
        (always("bom", "*"), always("wrong-method", "*"), false),
    ] {
        assert_eq!(reason(&one, &other).is_some(), wrong, "{one:?} then {other:?}");
    }
}
