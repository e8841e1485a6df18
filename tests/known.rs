//! The named values of a story: the same names for the same things, whatever a vendor calls them.

use crate::support::plans::{plan, shipped, shipped_as};
use ringback::vendors;
use std::collections::BTreeSet;

#[test]
fn the_id_of_a_call_is_what_the_vendor_s_pushes_carry() {
    let scenario = shipped_as("outbound-answered");
    for (vendor, field) in [("udesk", "call_id"), ("7moor", "callUniqueId"), ("tinet", "cdr_main_unique_id")] {
        let plan = plan(&scenario, vendor, 1).expect("a plan");
        let last = plan.deliveries.iter().rev().find_map(|told| told.request.content()?.get(field).cloned());
        let known = plan.known();
        assert_eq!(known.get("call.id"), last.as_ref().and_then(|id| id.as_str()), "{vendor}");
        assert_eq!(known.get("customer.phone"), Some(&*plan.cast.customer.phone));
        assert_eq!(known.get("agent.number"), Some("2001"));
    }
}

#[test]
fn what_comes_several_times_is_numbered_in_the_order_of_the_story() {
    let plan = plan(&shipped_as("transfer"), "7moor", 1).expect("a plan");
    let known = plan.known();
    let names: Vec<_> = known.names().into_iter().filter(|name| name.starts_with("call.id")).collect();
    assert_eq!(names, ["call.id", "call.id:2"]);
    assert_eq!(known.get("push.id"), plan.deliveries[0].request.event_id.as_deref());
    let agents: Vec<_> = plan.cast.agents.iter().map(|agent| &*agent.number).collect();
    let known_agents: Vec<_> = (1..=agents.len()).filter_map(|nth| known.get(&format!("agent.number:{nth}"))).collect();
    assert_eq!(known_agents, agents);
}

#[test]
fn every_call_has_its_id_and_its_people_by_every_vendor() {
    for scenario in shipped() {
        for vendor in vendors::ALL {
            let Some(plan) = plan(&scenario, vendor.id(), 7) else { continue };
            let known = plan.known();
            assert_eq!(known.names().iter().collect::<BTreeSet<_>>().len(), known.names().len());
            assert!(known.get("agent.name").is_some(), "{} by {}", scenario.name, vendor.id());
            let called = plan.deliveries.iter().any(|told| !["9", "login", "logout"].contains(&told.request.name));
            let id = match vendor.id() {
                "huawei-cec" if known.get("call.id").is_none() => known.get("customer.id"),
                "tpns" => known.get("notification.id"),
                _ => known.get("call.id"),
            };
            assert!(id.is_some() || !called || scenario.name == "agents-day", "{} by {}", scenario.name, vendor.id());
        }
    }
}
