//! Stories that are driven by hand: what has left stays as it was, steps that cannot happen say why, and commands bend what
//! leaves next.

use ringback::call::Step;
use ringback::live::Live;
use ringback::plan::{Circumstances, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors::{self, Vendor};
use std::time::Duration;

fn circumstances(seed: u64) -> Circumstances {
    Circumstances {
        seed,
        start: "2026-11-20T10:00:00+08:00".parse().expect("a time"),
        call_number: 1,
        targets: Targets::OrElse("http://127.0.0.1:9/hook".parse().expect("an address")),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    }
}

fn stories() -> Vec<(Scenario, &'static dyn Vendor, Plan)> {
    let scenarios = scenario::built_in_scenarios().expect("shipped scenarios are right");
    let mut stories = Vec::new();
    for scenario in scenarios.into_iter().filter(|scenario| scenario.faults.is_empty()) {
        for vendor in vendors::ALL {
            if let Ok(plan) = Plan::build(&scenario, *vendor, &circumstances(7)) {
                stories.push((scenario.clone(), *vendor, plan));
            }
        }
    }
    assert!(stories.len() > 60, "{}", stories.len());
    stories
}

/// Whatever is done by hand at a moment, the pushes before it are those of the script.
#[test]
fn a_step_by_hand_changes_nothing_that_has_left() {
    let mut taken = 0;
    for (scenario, vendor, whole) in stories() {
        let moments: Vec<Duration> = whole.deliveries.iter().map(|delivery| delivery.offset).collect();
        for now in moments.into_iter().step_by(4) {
            let now = now + Duration::from_millis(1);
            let (live, _) = Live::scripted(scenario.clone(), vendor, circumstances(7)).expect("a story");
            // Steps that make something of their own happen; what else can happen follows the same way.
            for text in
                live.possible(now).into_iter().filter(|text| text.starts_with("hangup") || text.starts_with("hold"))
            {
                let (live, _) = Live::scripted(scenario.clone(), vendor, circumstances(7)).expect("a story");
                let replan = live.step(&text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
                let Ok(new) = replan(now, &whole) else { panic!("{text} can happen") };
                taken += 1;
                let left = |plan: &Plan| {
                    let before = plan.deliveries.iter().filter(|delivery| delivery.offset < now).cloned();
                    before.collect::<Vec<_>>()
                };
                assert_eq!(left(&new.plan), left(&whole), "{} by {}: {text} at {now:?}", scenario.name, vendor.id());
            }
        }
    }
    assert!(taken > 80, "{taken}");
}

#[test]
fn a_call_is_driven_from_ring_to_hang_up() {
    let (scenario, vendor, _) =
        stories().into_iter().find(|(scenario, ..)| scenario.name == "outbound-answered").expect("it");
    let (live, mut plan) = Live::by_hand(scenario, vendor, circumstances(7)).expect("a story");
    assert!(plan.deliveries.is_empty());
    let mut is_open = true;
    for (second, text) in
        [(1, "ring: ann"), (3, "answer: ann"), (4, "ring: customer"), (9, "answer: customer"), (70, "hangup: customer")]
    {
        assert!(is_open, "{text}");
        let now = Duration::from_secs(second);
        assert!(live.possible(now).contains(&text.to_owned()), "{text}: {:?}", live.possible(now));
        let new =
            live.step(text).expect("a step")(now, &plan).map_err(|reason| panic!("{text}: {reason}")).expect("it");
        (plan, is_open) = (Plan::clone(&new.plan), new.is_open);
    }
    assert!(!is_open && !plan.deliveries.is_empty());
    let now = Duration::from_secs(80);
    let refused = live.step("answer: customer").expect("a step")(now, &plan).err().expect("the call is over");
    assert!(refused.contains("the call is over"), "{refused}");
    assert!(live.step("answr: customer").err().expect("no verb").to_string().contains("did you mean `answer`"));
    assert!(!matches!(scenario::parse_step("record", &stories()[0].0.cast), Err(_) | Ok(Step::Wait(_))));
}
