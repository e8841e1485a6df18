//! What faults make of a story before its first attempt.

use super::*;
use crate::body::{Body, Form, Leaf, Time};
use crate::faults::event::SENDS_MAX;
use crate::faults::story::Send;
use crate::http::{Method, Push};
use jiff::Timestamp;
use std::time::Duration;

const STARTED: Timestamp = Timestamp::constant(1_772_415_000, 0);
const STORY: [(&str, u64); 4] = [("v:ring", 0), ("v:answer", 5), ("v:hangup", 20), ("v:end", 25)];

fn sends(faults: Vec<Fault>, seed: u64, target: u32, targets: u32) -> Vec<Send> {
    let requests: Vec<Push> = STORY
        .iter()
        .map(|(name, _)| Push {
            body: Body::json(Leaf::object([
                ("name", Leaf::from((*name).to_owned())),
                ("at", Leaf::Time(Time { at: STARTED, mark: 0, before: None, form: Form::BEIJING, is_number: false })),
                ("n", Leaf::from(7_i64)),
                ("id", Leaf::from(format!("{name}-1"))),
            ])),
            event_id: (*name != "v:ring").then(|| format!("{name}-1")),
            ..Push::new("push", Method::Post)
        })
        .collect();
    let told: Vec<Told<'_>> = STORY
        .iter()
        .zip(&requests)
        .map(|((push, at), request)| Told { push, nth: 1, call: 1, offset: seconds(*at), at: STARTED, request })
        .collect();
    fold(&Faults::new(faults), &Keyed::new(seed, "story", 1), &told, target, targets)
}

/// Everything that is to leave, in order: what, in which second, and what has bent it.
fn shown(sends: &[Send]) -> Vec<String> {
    let line = |send: &Send| {
        let Planned { leaves, is_loose, bent, target, .. } = &send.planned;
        let mut line = format!("{} {}", &STORY[send.told].0[2..], send.offset.as_secs());
        match leaves {
            Leaves::WhenDue => {}
            Leaves::Never => line += " never",
            Leaves::OnceAcknowledged { original, after } => line += &format!(" once #{original} +{}", after.as_secs()),
        }
        if *is_loose {
            line += " loose";
        }
        target.iter().for_each(|target| line += &format!(" at {target}"));
        bent.iter().for_each(|bent| line += &format!("; {}", bent.evidence));
        line
    };
    sends.iter().map(line).collect()
}

fn folded(faults: Vec<Fault>) -> Vec<String> {
    shown(&sends(faults, 1, 1, 1))
}

const CLEAN: [&str; 4] = ["ring 0", "answer 5", "hangup 20", "end 25"];

#[test]
fn every_fault_does_to_a_story_what_it_says() {
    let window = |count| ("window", Value::Whole(count));
    for (faults, expected) in [
        (vec![], CLEAN.to_vec()),
        (
            vec![fault("drop", &[]).on("v:hangup")],
            vec!["ring 0", "answer 5", "hangup 20 never; it is never sent", "end 25"],
        ),
        (
            vec![fault("delay", &[("by", length(10))]).on("v:answer")],
            vec!["ring 0", "answer 15; 10s later", "hangup 20", "end 25"],
        ),
        (vec![fault("delay", &[("by", length(0))])], CLEAN.to_vec()),
        (
            vec![fault("duplicate", &[("copies", Value::Whole(2)), ("after", length(3))]).on("v:ring")],
            vec![
                "ring 0",
                "ring 3 loose; copy 1 of 2, 3s later",
                "answer 5",
                "ring 6 loose; copy 2 of 2, 6s later",
                "hangup 20",
                "end 25",
            ],
        ),
        (
            vec![fault("stale-retry", &[]).on("v:answer")],
            vec![
                "ring 0",
                "answer 5",
                "answer 5 once #2 +300 loose; again 5m after its acknowledgement",
                "hangup 20",
                "end 25",
            ],
        ),
        (
            vec![fault("reorder", &[window(2)])],
            vec![
                "answer 0; number 1 of 2 where it was number 2",
                "ring 5; number 2 of 2 where it was number 1",
                "end 20; number 1 of 2 where it was number 2",
                "hangup 25; number 2 of 2 where it was number 1",
            ],
        ),
        (vec![fault("reorder", &[window(3)]).on("v:end")], CLEAN.to_vec()),
        (
            vec![fault("reorder", &[("before", text("v:ring"))]).on("v:hangup")],
            vec!["hangup 0; before v:ring, 20s early", "ring 0", "answer 5", "end 25"],
        ),
        (
            vec![fault("reorder", &[("before", text("v:*"))]).on("v:end")],
            vec!["end 0; before v:ring, 25s early", "ring 0", "answer 5", "hangup 20"],
        ),
        (
            vec![fault("reorder", &[("before", text("v:answer"))])],
            vec!["ring 0", "hangup 5; before v:answer, 15s early", "end 5; before v:answer, 20s early", "answer 5"],
        ),
        (
            vec![fault("drop", &[]).on("v:answer"), fault("reorder", &[("before", text("v:answer"))])],
            vec!["ring 0", "answer 5 never; it is never sent", "hangup 20", "end 25"],
        ),
        (
            vec![fault("late-after-end", &[("after", length(7))]).on("v:answer")],
            vec!["ring 0", "hangup 20", "end 25", "answer 32; 7s after the last push, 27s late"],
        ),
        (
            vec![fault("drop", &[]).on("v:end"), fault("late-after-end", &[]).on("v:ring")],
            vec![
                "answer 5",
                "hangup 20",
                "ring 21; 1s after the last push, 21s late",
                "end 25 never; it is never sent",
            ],
        ),
        (vec![fault("late-after-end", &[]).on("v:end")], CLEAN.to_vec()),
        (
            vec![fault("burst", &[("hold", length(10))])],
            vec![
                "ring 10 loose; held 10s, then released with the others",
                "answer 10 loose; held 5s, then released with the others",
                "hangup 30 loose; held 10s, then released with the others",
                "end 30 loose; held 5s, then released with the others",
            ],
        ),
        (
            vec![fault("clock-skew", &[]).on("v:end")],
            vec!["ring 0", "answer 5", "hangup 20", "end 25; 5m behind in 1 places"],
        ),
        (vec![fault("split-story", &[])], CLEAN.to_vec()),
        (
            vec![fault("blackout", &[("from", length(5)), ("for", length(15))])],
            vec!["ring 0", "answer 20; held 15s by a blackout", "hangup 20", "end 25"],
        ),
        (
            vec![fault("reorder", &[window(2)]), fault("blackout", &[("for", length(60))])],
            vec![
                "answer 60; number 1 of 2 where it was number 2; held 1m by a blackout",
                "ring 60; number 2 of 2 where it was number 1; held 55s by a blackout",
                "end 60; number 1 of 2 where it was number 2; held 40s by a blackout",
                "hangup 60; number 2 of 2 where it was number 1; held 35s by a blackout",
            ],
        ),
        // What never leaves is met by nothing behind it, and what bends attempts moves nothing.
        (
            vec![fault("drop", &[]).on("v:end"), fault("delay", &[("by", length(1))]).on("v:end"), fault("bom", &[])],
            vec!["ring 0", "answer 5", "hangup 20", "end 25 never; it is never sent"],
        ),
    ] {
        let names: Vec<_> = faults.iter().map(Fault::name).collect();
        assert_eq!(folded(faults), expected, "{names:?}");
    }
}

#[test]
fn faults_are_for_the_pushes_moments_and_targets_that_they_name() {
    let dropped = |when: When, target: u32| -> Vec<&str> {
        let faults = vec![fault("drop", &[]).to(2).when(when)];
        let sends = sends(faults, 1, target, 2);
        sends.iter().filter(|send| send.planned.leaves == Leaves::Never).map(|send| &STORY[send.told].0[2..]).collect()
    };
    let between = |from, to| When { between: Some((seconds(from), seconds(to))), ..When::default() };
    assert_eq!(dropped(When::default(), 1), [""; 0]);
    assert_eq!(dropped(When::default(), 2), ["ring", "answer", "hangup", "end"]);
    assert_eq!(dropped(When { nth: Some(2), ..When::default() }, 2), ["answer"]);
    assert_eq!(dropped(When { every: Some(2), ..When::default() }, 2), ["answer", "end"]);
    assert_eq!(dropped(between(5, 20), 2), ["answer", "hangup"]);
    assert_eq!(dropped(When { nth: Some(2), ..between(0, 4) }, 2), [""; 0]);
    assert_eq!(dropped(When { rate: Some(0.0), ..When::default() }, 2), [""; 0]);
    assert_eq!(dropped(When { rate: Some(1.0), ..When::default() }, 2), ["ring", "answer", "hangup", "end"]);
    // Counted are the pushes that it is for, not all of them; and one that bends attempts is for the same ones.
    let second = When { nth: Some(2), ..When::default() };
    let late = folded(vec![fault("delay", &[("by", length(1))]).on("v:*n*").when(second.clone())]);
    assert_eq!(late, ["ring 0", "answer 6; 1s later", "hangup 20", "end 25"]);
    let hits: Vec<bool> =
        sends(vec![fault("bom", &[]).when(second)], 1, 1, 1).iter().map(|send| send.planned.hits == [0]).collect();
    assert_eq!(hits, [false, true, false, false]);
}

#[test]
fn a_split_story_goes_round_its_targets() {
    let at = |target: u32, targets: u32| -> Vec<&str> {
        let sends = sends(vec![fault("split-story", &[])], 1, target, targets);
        sends.iter().map(|send| &STORY[send.told].0[2..]).collect()
    };
    assert_eq!((at(1, 2), at(2, 2)), (vec!["ring", "hangup"], vec!["answer", "end"]));
    assert_eq!((at(1, 3), at(2, 3), at(3, 3)), (vec!["ring", "end"], vec!["answer"], vec!["hangup"]));
}

#[test]
fn a_fresh_id_is_for_what_has_an_id() {
    let sends = sends(vec![fault("duplicate-new-id", &[("after", length(2))])], 1, 1, 1);
    let copies: Vec<_> = sends.iter().filter(|send| !send.planned.copies.is_empty()).collect();
    assert_eq!(
        copies.iter().map(|copy| (copy.told, copy.offset.as_secs())).collect::<Vec<_>>(),
        [(1, 7), (2, 22), (3, 27)]
    );
    for copy in copies {
        let id = copy.request.as_ref().and_then(|request| request.event_id.clone()).expect("a request with an id");
        assert_eq!(copy.planned.bent[0].evidence, format!("copy 1 of 1 under the event id {id}"));
    }
}

#[test]
fn draws_reach_everything_and_stay_within() {
    let (mut late, mut stayed) = ([0; 4], 0);
    for seed in 0..40 {
        let order = |sends: &[Send]| sends.iter().map(|send| send.told).collect::<Vec<_>>();
        let mut shuffled: Vec<usize> =
            order(&sends(vec![fault("reorder", &[("window", Value::Whole(4))])], seed, 1, 1));
        assert_ne!(shuffled, [0, 1, 2, 3], "seed {seed}");
        stayed += shuffled.iter().enumerate().filter(|(place, told)| place == *told).count();
        shuffled.sort_unstable();
        assert_eq!(shuffled, [0, 1, 2, 3], "seed {seed}");
        late[*order(&sends(vec![fault("late-after-end", &[])], seed, 1, 1)).last().expect("four")] += 1;
        let range = Value::Time(seconds(2), seconds(4));
        for send in sends(vec![fault("delay", &[("by", range)])], seed, 1, 1) {
            let by = send.offset - seconds(STORY[send.told].1);
            assert!((seconds(2)..=seconds(4)).contains(&by), "{by:?}");
        }
    }
    assert!(stayed > 10, "one that stays where it is beside others that do not: {stayed}");
    assert!(late[..3].iter().all(|count| *count > 3) && late[3] == 0, "{late:?}");
}

#[test]
fn a_copy_shares_what_was_drawn_before_it_was_made_and_nothing_behind() {
    let delay = || fault("delay", &[("by", Value::Time(Duration::ZERO, seconds(3600)))]).on("v:ring");
    let duplicate = || fault("duplicate", &[]).on("v:ring");
    let offsets = |faults| -> Vec<Duration> {
        sends(faults, 1, 1, 1).iter().filter(|send| send.told == 0).map(|send| send.offset).collect()
    };
    let before = offsets(vec![delay(), duplicate()]);
    assert_eq!(before[0], before[1]);
    let behind = offsets(vec![duplicate(), delay()]);
    assert_ne!(behind[0], behind[1]);
    assert!(behind.contains(&before[0]), "the original is drawn as it was");

    let planned = Planned { copies: vec![(1, 1), (3, 2)], ..Planned::default() };
    let shared: Vec<usize> = (0..=4).map(|index| planned.copies_before(index).len()).collect();
    assert_eq!(shared, [0, 0, 1, 1, 2]);
}

#[test]
fn copies_end_at_their_limit() {
    let tenfold = || fault("duplicate", &[("copies", Value::Whole(10))]);
    assert_eq!(sends((0..3).map(|_| tenfold()).collect(), 1, 1, 1).len(), 4 * 11 * 11 * 11);
    assert_eq!(sends((0..4).map(|_| tenfold()).collect(), 1, 1, 1).len(), SENDS_MAX);
}
