//! What is known of the vendor, as data: complete, without a name twice, in the numbering of the page.

use super::super::facts::TYPES;
use super::super::profile::Profile;
use super::super::states::{ALL, NAMES};
use super::super::topic::Missing;
use super::*;
use crate::body::{Form, Leaf, Member};
use crate::vendors::options::Words;
use crate::vendors::{FieldKind, OptionKind, Origin, PushFact};
use std::collections::BTreeSet;

fn unique<T: Ord + Clone>(names: &[T]) -> bool {
    names.iter().collect::<BTreeSet<_>>().len() == names.len()
}

#[test]
fn the_29_types_stand_at_the_place_of_their_topic() {
    assert_eq!(Tinet.pushes().len(), Tinet.documented());
    for (place, (of_type, push)) in TYPES.iter().zip(Tinet.pushes()).enumerate() {
        assert_eq!((of_type.topic as usize, push.name.to_owned()), (place, (place + 1).to_string()));
        assert!(push.fields.iter().map(|field| field.name).eq(of_type.rows.iter().map(|row| row.field.name)));
        assert_eq!(push.origin, Origin::Seed);
        assert!(!push.fields.is_empty() && !push.when.is_empty());
        assert!(unique(&push.fields.iter().map(|field| field.name).collect::<Vec<_>>()), "{}", push.name);
        assert!(push.fields.iter().all(|field| !field.meaning.is_empty() && !field.chinese.is_ascii()));
    }
    let aliases: Vec<_> = Tinet.pushes().iter().map(|push| push.alias.unwrap()).collect();
    assert!(
        unique(&aliases)
            && aliases.iter().all(|alias| alias.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()))
    );
}

#[test]
fn every_numbering_counts_from_1_and_names_a_topic_once() {
    for (word, profile) in Profile::ALL {
        let numbers = profile.numbers();
        assert!(numbers.iter().enumerate().all(|(place, (number, _))| *number == (place + 1).to_string()));
        assert!(unique(&numbers.iter().map(|(_, topic)| *topic).collect::<Vec<_>>()), "{word}");
    }
}

#[test]
fn settings_and_actions_have_names_of_their_own() {
    assert!(unique(&Options::facts().iter().map(|setting| setting.name).collect::<Vec<_>>()));
    assert!(
        Options::facts()
            .iter()
            .all(|setting| !matches!(setting.kind, OptionKind::Choice([])) && !setting.meaning.is_empty())
    );
    assert!(unique(&NAMES));
    assert!(ALL.iter().enumerate().all(|(place, (act, _))| *act as usize == place));
    // What the seed shows, and nothing else, counts as the seed's.
    let seed: Vec<_> =
        ALL.iter().filter(|(_, shown)| shown.origin == Origin::Seed).map(|(act, _)| act.name()).collect();
    assert_eq!(seed, ["idle", "busyAgentOb"]);
}

#[test]
fn every_field_that_is_sent_is_known() {
    for (name, story) in every_flow() {
        for sent in story.text("http_interaction", "menu").sent() {
            let push = Tinet.pushes().iter().find(|push| push.name == sent.push.name).unwrap();
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
        for sent in story.with("variables", OptionValue::Any(variables)).sent() {
            filled.extend(
                sent.params.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| (sent.push.name, name)),
            );
        }
    }
    // No ring is told for consultations; the others wait for what no scenario can say.
    let never =
        ["consulterCno", "busyDescription", "multiKeys", "errorMessage", "cust_callee_clid", "transferCno", "qno"];
    for push in Tinet.pushes() {
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

/// The members of a push of the default actions, by name.
fn members(sent: &Sent) -> Vec<Member> {
    let Some(Leaf::Object(members)) = sent.push.fields() else { panic!("an object") };
    members
}

/// What is wrong with a value that is there; `None` where its kind says so.
fn flaw(kind: FieldKind, leaf: &Leaf) -> Option<String> {
    let text = leaf.text();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_right = match kind {
        FieldKind::Text => !text.is_empty(),
        FieldKind::Digits => digits,
        FieldKind::Word(words) | FieldKind::OpenWord(words) => words.contains(&&*text),
        FieldKind::Time(form) => {
            matches!(leaf, Leaf::Time(time) if time.form == form && (form == Form::BEIJING || digits))
        }
        FieldKind::Integer
        | FieldKind::Flag
        | FieldKind::Texts
        | FieldKind::Object
        | FieldKind::Objects
        | FieldKind::Any => false,
    };
    (!is_right || leaf.is_number() || *leaf == Leaf::Null).then(|| format!("{kind:?}: {leaf:?}"))
}

/// What the catalogue says of a push holds for one that is sent.
fn agrees(push: &PushFact, missing: Missing, members: &[Member]) {
    for field in push.fields.iter() {
        let told = format!("{} of {}", field.name, push.name);
        let member = members.iter().find(|member| member.name == field.name);
        let is_empty = |member: &Member| member.leaf == Leaf::EMPTY;
        match member.filter(|member| !is_empty(member)) {
            Some(member) => assert_eq!((flaw(field.kind, &member.leaf), member.fact), (None, field.fact), "{told}"),
            None => assert!(field.only.is_some(), "{told} is always there"),
        }
        assert!(member.is_some() || missing == Missing::Omitted, "{told} is there, be it empty");
    }
}

#[test]
fn every_value_is_what_its_field_says() {
    let flows = every_flow().into_iter().map(|(_, story)| story);
    for story in flows.chain(shipped()) {
        for sent in story.text("http_interaction", "menu").sent() {
            let place = Tinet.pushes().iter().position(|push| push.name == sent.push.name).unwrap();
            agrees(&Tinet.pushes()[place], TYPES[place].topic.missing(), &members(&sent));
        }
    }
}

#[test]
fn parameters_of_a_customer_s_own_keep_what_they_tell() {
    let story = every_flow().remove(0).1.actions(
        r#"[{"type": 8, "params": {"a": "${cdr_main_unique_id}", "b": "${cdr_bridge_time}", "c": "x", "d": "${own}"}},
            {"type": 6, "params": {"id": "mainUniqueId", "phone": "bindTel"}}]"#,
    );
    let story = story.with("variables", OptionValue::Any(serde_json::json!({"own": "1"})));
    let facts = |number: &str| members(&story.only(number)).iter().map(|member| member.fact).collect::<BTreeSet<_>>();
    assert_eq!(facts("8"), [Some(Fact::CallId), Some(Fact::Bridged), None].into());
    assert_eq!(facts("6"), [Some(Fact::CallId), Some(Fact::AgentPhone)].into());
}
