//! Which faults of a plan can strike, and what becomes of its deliveries.

use super::*;

/// Why the last of these faults can strike nothing.
fn no_strike(list: &[&str], more: &str, targets: &[&str], calls: Option<u64>) -> Option<String> {
    let scenario = Arc::new(scenario(&format!("{more}{}", faults(list))));
    let retelling = Retelling::new(scenario, udesk(), Arc::new(circumstances(targets)));
    retelling.no_strike(list.len() - 1, calls).map(|no| no.reason)
}

#[test]
fn why_a_fault_can_strike_nothing() {
    let retry = "deliver: { retry: { waits: [5s, 5m] } }\n";
    let lost = "lost-ack, push: \"*:end\", when: { attempts: 1..3 }";
    let window = "is outside of the story: the pushes that it is for leave between";
    for (list, more, targets, why) in [
        (
            &["drop, push: \"7moor:*\""][..],
            "",
            &[HERE][..],
            Some("no push that is played matches `7moor:*`".to_owned()),
        ),
        (&["drop, target: 2"], "", &[HERE], Some("it is for target 2, and there is 1".to_owned())),
        (&["drop, target: 2"], "", &TWO, None),
        (&["bom, target: 2"], "", &TWO, None),
        (&["bom, target: 3"], "", &TWO, Some("it is for target 3, and there are 2".to_owned())),
        (
            &["split-story"],
            "",
            &[HERE],
            Some("it needs two targets to split a story between, and there is 1".to_owned()),
        ),
        (&["split-story"], "", &TWO, None),
        (
            &["split-story, when: { nth: 5 }"],
            "",
            &TWO,
            Some("`nth: 5` is more than the 4 of a call that `*` matches".to_owned()),
        ),
        (&["delay, by: 1s..1m", "bom, when: { between: 71900ms..72s }"], "", &[HERE], None),
        (&["drop, when: { nth: 4 }"], "", &[HERE], None),
        (
            &["drop, target: 2, when: { nth: 5 }"],
            "",
            &TWO,
            Some("`nth: 5` is more than the 4 of a call that `*` matches".to_owned()),
        ),
        (&["reorder"], "", &[HERE], None),
        (&["late-after-end"], "", &[HERE], None),
        (&["reorder, target: 2"], "", &TWO, None),
        (
            &["drop, when: { nth: 5 }"],
            "",
            &[HERE],
            Some("`nth: 5` is more than the 4 of a call that `*` matches".to_owned()),
        ),
        (
            &["bom, push: \"*:end\", when: { every: 2 }"],
            "",
            &[HERE],
            Some("`every: 2` is more than the 1 of a call that `*:end` matches".to_owned()),
        ),
        (&["drop, when: { between: 12s..20s }"], "", &[HERE], None),
        (&["drop, when: { between: 0s..1s }"], "", &[HERE], None),
        (&["drop, when: { between: 13s..20s }"], "", &[HERE], Some(format!("13s..20s {window} 1s and 12s"))),
        (&["bom, when: { between: 12s..20s }"], "", &[HERE], None),
        (&["bom, when: { between: 13s..20s }"], "", &[HERE], Some(format!("13s..20s {window} 1s and 12s"))),
        (&["bom, when: { between: 0s..500ms }"], retry, &[HERE], Some(format!("0s..500ms {window} 1s and 12s"))),
        // Up to twice the waits behind the last push: 12s + 2 * 5m5s.
        (&["bom, when: { between: 622s..20m }"], retry, &[HERE], None),
        (&["bom, when: { between: 623s..20m }"], retry, &[HERE], Some(format!("10m23s..20m {window} 1s and 12s"))),
        (&["blackout, from: 12s"], "", &[HERE], None),
        (&["blackout, from: 13s"], "", &[HERE], Some(format!("13s..1m13s {window} 1s and 12s"))),
        (&["delay, by: 1s..1m", "blackout, from: 13s"], "", &[HERE], None),
        (&["bom, when: { attempts: 3 }"], retry, &[HERE], None),
        (
            &["bom, when: { attempts: 4 }"],
            retry,
            &[HERE],
            Some("it is for attempt 4, and at most 3 attempts are made at a push".to_owned()),
        ),
        (
            &["bom, when: { attempts: 2 }"],
            "",
            &[HERE],
            Some("it is for attempt 2, and at most one attempt is made at a push".to_owned()),
        ),
        (&[lost, "bom, when: { attempts: 4 }"], "", &[HERE], None),
        (
            &[lost, "bom, when: { attempts: 5 }"],
            "",
            &[HERE],
            Some("it is for attempt 5, and at most 4 attempts are made at a push".to_owned()),
        ),
        (
            &[lost, "bom, push: \"*:hangup\", when: { attempts: 2 }"],
            "",
            &[HERE],
            Some("it is for attempt 2, and at most one attempt is made at a push".to_owned()),
        ),
        (&["duplicate-new-id"], "", &[HERE], Some("no push that it is for has an event id".to_owned())),
        (
            &["reorder, push: \"*:end\""],
            "",
            &[HERE],
            Some("no push that it is for has another one to change places with".to_owned()),
        ),
        (
            &["late-after-end, push: \"*:end\""],
            "",
            &[HERE],
            Some("no push that it is for comes before the last one of its call".to_owned()),
        ),
        // With the help of another; what is dropped only at times does not stand in the way.
        (
            &[
                "drop, push: \"*:agent_answer\", when: { rate: 50% }",
                "delay, push: \"*:agent_answer\", by: 1m",
                "late-after-end, push: \"*:end\"",
            ],
            "",
            &[HERE],
            None,
        ),
        // It meets pushes, and changes none of them: a run says so.
        (&["missing-header, header: X-Not-There"], "", &[HERE], None),
        (&["delay, by: 0s"], "", &[HERE], None),
    ] {
        assert_eq!(no_strike(list, more, targets, None), why, "{list:?} {more}");
    }
    for (calls, why) in [
        (Some(1), Some("it is for call 9, and one call is played".to_owned())),
        (Some(8), Some("it is for call 9, and 8 calls are played".to_owned())),
        (Some(9), None),
        (None, None),
    ] {
        assert_eq!(no_strike(&["duplicate, call: 9"], "", &[HERE], calls), why);
    }
    assert_eq!(no_strike(&["duplicate"], "", &[HERE], Some(1)), None);
}

#[test]
fn the_names_of_pushes_are_shown_once_each_and_only_so_many() {
    let mut plan = plan("");
    let scenario = scenario(&faults(&["drop, push: \"7moor:*\""]));
    let help = |plan: &Plan| strikes::why(&scenario.faults[0], plan, &scenario).help;
    let first = plan.deliveries[0].clone();
    plan.deliveries.push(first.clone());
    assert_eq!(help(&plan), "udesk sends udesk:agent_answer, udesk:customer_answer, udesk:hangup, udesk:end");
    let named = |name: usize| Delivery { push: format!("udesk:{name}"), ..first.clone() };
    plan.deliveries.extend((1..=4).map(named));
    assert!(help(&plan).ends_with("udesk:end, udesk:1, udesk:2, udesk:3, udesk:4"), "{}", help(&plan));
    plan.deliveries.push(named(5));
    assert!(help(&plan).ends_with("udesk:4, ..."), "{}", help(&plan));
    let retelling = Retelling::new(Arc::new(scenario.clone()), udesk(), Arc::new(circumstances(&[HERE])));
    assert_eq!((retelling.source(), retelling.faults().len()), ("s.yaml", 1));
}

#[test]
fn a_plan_knows_which_of_its_faults_strike() {
    let list = [
        "delay, push: \"*:hangup\", by: 1s",
        "bom, when: { attempts: 2 }",
        "missing-header, header: X-Not-There",
        "type-flip, target: 2, push: \"*:end\", when: { rate: 0.000001% }",
    ];
    let plan = plan(&format!("deliver: {{ retry: {{ waits: [5s] }} }}\n{}", faults(&list)));
    let struck: Vec<_> = plan.strikes().into_iter().map(|(fault, struck)| (fault.name(), struck)).collect();
    assert_eq!(struck, [("delay", true), ("bom", true), ("missing-header", false), ("type-flip", false)]);
}

/// Everything that leaves: number, of which push it is one, to which target.
fn leaving(plan: &Plan) -> Vec<(u32, u32, Option<u32>, u64)> {
    let line = |delivery: &Delivery| {
        (delivery.number, delivery.original(), delivery.planned.target, delivery.offset.as_secs())
    };
    plan.deliveries.iter().map(line).collect()
}

#[test]
fn targets_share_deliveries_unless_a_fault_moves_them() {
    let both = |list: &[&str]| leaving(&planned(&faults(list), &TWO).expect("a plan"));
    let clean = [(1, 1, None, 1), (2, 2, None, 3), (3, 3, None, 12), (4, 4, None, 12)];
    assert_eq!(leaving(&plan("")), clean);
    assert_eq!(both(&["bom", "lost-ack"]), clean);
    assert_eq!(leaving(&plan(&faults(&["delay, push: \"*:end\", by: 1m"])))[3], (4, 4, None, 72));
    let apart = both(&["duplicate, push: \"*:agent_answer\", target: 2, after: 4s"]);
    let [first, second] = [1, 2].map(|target| apart.iter().filter(|one| one.2 == Some(target)).count());
    assert_eq!((first, second, apart.len()), (4, 5, 9));
    assert!(apart.contains(&(5, 1, Some(2), 5)), "a copy comes behind the numbers of the story: {apart:?}");
    assert_eq!(
        both(&["split-story"]).iter().map(|one| one.2).collect::<Vec<_>>(),
        [Some(1), Some(2), Some(1), Some(2)]
    );

    let mut plan = planned("", &TWO).expect("a plan");
    plan.deliveries[0].request.to = Some("http://127.0.0.1:11/own".parse().expect("an address"));
    plan.deliveries[1].planned.target = Some(2);
    let reached: Vec<_> = plan.deliveries.iter().map(|one| [1, 2].map(|target| plan.reaches(one, target))).collect();
    assert_eq!(reached, [[true, false], [false, true], [true, true], [true, true]]);
    assert_eq!(plan.keep_to("faults", &[]), Ok(()));
    plan.deliveries[2].request.to = Some("http://other.invalid/".parse().expect("an address"));
    let foreign = NoPlan::ForeignHost { what: "faults", host: "other.invalid".to_owned() };
    assert_eq!(foreign.to_string(), "faults go to loopback only, and `other.invalid` is another host");
    assert_eq!(plan.keep_to("faults", &[]), Err(foreign));
}

#[test]
fn faults_are_held_to_a_limit_before_they_are_folded() {
    let with = |deliveries: usize, first: &str, boms: usize| {
        let mut plan = plan(&faults(&[first, "bom"]));
        let listed: Vec<Fault> = plan.faults.iter().cloned().collect();
        let more = std::iter::repeat_n(listed[1].clone(), boms);
        plan.faults = Faults::new(listed[..1].iter().cloned().chain(more).collect());
        let one = plan.deliveries[0].clone();
        plan.deliveries = vec![one; deliveries];
        plan.hold_folding().err()
    };
    assert_eq!(with(20_000, "bom", 49), None, "a million");
    let refused = with(20_000, "bom", 50).expect("more than a million").to_string();
    assert!(
        refused.starts_with("s.yaml:") && refused.contains("hit pushes and copies 1000000 times already"),
        "{refused}"
    );
    for (deliveries, copying, boms) in
        [(5000, "duplicate, copies: 3", 49), (5000, "duplicate-new-id, copies: 3", 49), (10_000, "stale-retry", 49)]
    {
        assert_eq!(with(deliveries, copying, boms), None, "{copying}");
        assert!(with(deliveries, copying, boms + 1).is_some(), "{copying}");
    }
    // No more copies are made than there are sends at most; so much is not held against a story.
    assert_eq!(with(10_000, "duplicate, copies: 10", 49), None);
    assert_eq!(with(20_001, "duplicate", 48), None);
}

#[test]
fn an_original_is_itself_and_a_moment_is_counted_from_the_start() {
    let plan = plan(&faults(&["duplicate, push: \"*:end\""]));
    let originals: Vec<_> = plan.originals().collect();
    assert_eq!(originals, [(1, 1), (2, 2), (3, 3), (4, 4), (5, 4)]);
    assert_eq!(plan.instant(Duration::from_secs(3)), plan.start + jiff::SignedDuration::from_secs(3));
    let fate: Fate = plan.fate(&plan.deliveries[4], 1, 1, Duration::ZERO);
    assert_eq!(fate.bent, plan.deliveries[4].bent());
    assert!(plan.deliveries.iter().all(Delivery::leaves_when_due));
    let dropped = super::tests::plan(&faults(&["drop, push: \"*:end\""]));
    assert!(!dropped.deliveries[3].leaves_when_due() && dropped.deliveries[3].planned.leaves == Leaves::Never);
}
