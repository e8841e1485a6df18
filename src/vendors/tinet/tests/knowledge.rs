//! What is known of the vendor, as data: complete, without a name twice, in the numbering of the page.

use super::super::facts::PUSHES;
use super::super::profile::{CURRENT, PROFILES, profile};
use super::super::states::Act;
use super::*;
use crate::vendors::{Origin, SettingKind};
use std::collections::BTreeSet;

fn unique<T: Ord + Clone>(names: &[T]) -> bool {
    names.iter().collect::<BTreeSet<_>>().len() == names.len()
}

#[test]
fn the_29_types_stand_at_the_place_of_their_topic() {
    assert_eq!(PUSHES.len(), 29);
    for (place, ((number, topic), push)) in CURRENT.iter().zip(PUSHES).enumerate() {
        assert_eq!((*number, *topic as usize), (push.name, place));
        assert_eq!(push.name, (place + 1).to_string());
        assert_eq!(push.origin, Origin::Seed);
        assert!(!push.fields.is_empty() && !push.when.is_empty());
        assert!(unique(&push.fields.iter().map(|field| field.name).collect::<Vec<_>>()), "{}", push.name);
    }
}

#[test]
fn every_numbering_counts_from_1_and_names_a_topic_once() {
    for word in PROFILES {
        let numbering = profile(word).unwrap();
        assert!(numbering.iter().enumerate().all(|(place, (number, _))| *number == (place + 1).to_string()));
        assert!(unique(&numbering.iter().map(|(_, topic)| *topic).collect::<Vec<_>>()), "{word}");
    }
}

#[test]
fn settings_and_actions_have_names_of_their_own() {
    assert!(unique(&SETTINGS.iter().map(|setting| setting.name).collect::<Vec<_>>()));
    assert!(
        SETTINGS.iter().all(|setting| !matches!(setting.kind, SettingKind::Choice([])) && !setting.meaning.is_empty())
    );
    assert!(unique(&Act::ALL.map(Act::name)));
    // What the seed shows, and nothing else, counts as the seed's.
    let seed: Vec<_> = Act::ALL.iter().filter(|act| act.shown().origin == Origin::Seed).map(|act| act.name()).collect();
    assert_eq!(seed, ["idle", "busyAgentOb"]);
}

#[test]
fn every_field_that_is_sent_is_known() {
    for (name, story) in every_flow() {
        for sent in story.text("http_interaction", "menu").sent() {
            let push = PUSHES.iter().find(|push| push.name == sent.push.name).unwrap();
            for (field, _) in &sent.params {
                assert!(push.fields.iter().any(|known| known.name == field), "{name}: {field} of {}", push.name);
            }
        }
    }
}

#[test]
fn nearly_every_field_has_a_value_in_some_flow() {
    let mut filled = BTreeSet::new();
    for (_, story) in every_flow() {
        let story = story.text("http_interaction", "first-key").text("tag", "vip").text("missed_state", "pause");
        let variables = serde_json::json!({"userField": "x"});
        for sent in story.with("variables", Setting::Any(variables)).sent() {
            filled.extend(
                sent.params.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| (sent.push.name, name)),
            );
        }
    }
    // No ring is told for consultations; the others wait for what no scenario can say.
    let never =
        ["consulterCno", "busyDescription", "multiKeys", "errorMessage", "cust_callee_clid", "transferCno", "qno"];
    for push in PUSHES {
        for field in push.fields.iter().filter(|field| !never.contains(&field.name)) {
            let customer_side = ["16", "22", "28"].contains(&push.name) && ["cno", "bindTel"].contains(&field.name);
            let no_hotline = field.name == "hotline" && !["1", "2"].contains(&push.name);
            let no_agent = push.name == "19" && field.name == "cno";
            if !customer_side && !no_hotline && !no_agent {
                assert!(filled.contains(&(push.name, field.name.to_owned())), "{} of {}", field.name, push.name);
            }
        }
    }
}
