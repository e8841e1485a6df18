//! What a JSONPath may cost, and what it does cost.

use super::*;
use serde_json::json;

#[test]
fn a_path_is_held_to_its_limits_before_it_is_read() {
    let nested = |count: usize, open: &str, close: &str| format!("${}{}", open.repeat(count), close.repeat(count));
    for (fits, text) in [
        (true, format!("$.{}", "a".repeat(PATH_MAX_BYTES - 2))),
        (false, format!("$.{}", "a".repeat(PATH_MAX_BYTES - 1))),
        (true, format!("$[?{}1==1{}]", "(".repeat(BRACKETS_MAX - 1), ")".repeat(BRACKETS_MAX - 1))),
        (false, format!("$[?{}1==1{}]", "(".repeat(BRACKETS_MAX), ")".repeat(BRACKETS_MAX))),
        (true, nested(FILTERS_MAX, "[?@", "]")),
        (false, nested(FILTERS_MAX + 1, "[?@", "]")),
        (true, format!("${}", "..a".repeat(DESCENTS_MAX))),
        (false, format!("${}", "..a".repeat(DESCENTS_MAX + 1))),
        // What stands in quotes is a key.
        (true, format!("$['{}']", "[?..".repeat(50))),
        (true, r#"$["\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["]"#.to_owned()),
        (false, r#"$["\u"#.to_owned()),
        (false, r"$['\ud83d\".to_owned()),
        (false, r#"$[?@.a == "\""#.to_owned()),
        // What is closed does not count, and a descent is two dots.
        (true, format!("${}", "[0]".repeat(2 * BRACKETS_MAX))),
        (true, format!("${}", "[?@.a]".repeat(2 * FILTERS_MAX))),
        (true, format!("${}", ".a".repeat(2 * DESCENTS_MAX))),
        (true, format!("${}", "..*".repeat(DESCENTS_MAX))),
    ] {
        assert_eq!(check(&text).is_ok(), fits, "{text}: {:?}", check(&text));
    }
}

#[test]
fn the_steps_are_never_fewer_than_what_is_found() {
    let chain = (0..40).fold(json!(1), |inner, _| json!({ "a": inner }));
    let list = json!({ "a": [{ "b": 1, "c": [1, 2, 3] }, { "b": 2, "c": [] }], "d": { "e": { "b": 3 } } });
    for text in [
        "$",
        "$.a",
        "$..*",
        "$..*..*",
        "$..a..a",
        "$.a[*]",
        "$.a[*,*,*]",
        "$['a','a','a']",
        "$..['a','b'][*]",
        "$.a[0:2]",
        "$.a[?@.b == 1]",
        "$..[?@.c]",
        "$..[?@..b]",
        "$..[?count(@..*) > 1]..*",
        "$..[?@[?@.b]]",
        "$..[?@.b == $.d.e.b || $..b]",
        "$..[?match(@.b, 'x')]",
        "$.a[0]['c'][1]",
    ] {
        let path = serde_json_path::JsonPath::parse(text).expect(text);
        for value in [&chain, &list, &json!(null), &json!([])] {
            let found = path.query(value).len() as u64;
            assert!(steps(text, value) >= found, "{text}: {} steps, {found} found", steps(text, value));
        }
    }
}

#[test]
fn paths_that_people_write_are_far_below_the_limit_and_bombs_above_it() {
    let item =
        json!({ "id": 7, "state": "ended", "price": 12, "tags": ["a", "b"], "agent": { "id": 9, "name": "ann" } });
    let answer = |items: usize| json!({ "data": { "items": vec![item.clone(); items] } });
    let (usual, large) = (answer(1_000), answer(10_000));
    assert!(usual.to_string().len() > 80_000);
    for text in [
        "$.data.items[?@.price > 10 && @.state == 'ended']['id', 'state']",
        "$.data.items[?match(@.state, 'end.*')]",
        "$.data.items[?search(@.agent.name, 'a.*') || match(@.state, 'x')].id",
        "$.data.items[?@.tags[?@ == 'a']].id",
        "$.data.items[?count(@.tags[*]) == 2].id",
        "$..items[?@.id == $.data.items[0].id]",
    ] {
        assert!(steps(text, &usual) <= STEPS_MAX / 10, "{text}: {}", steps(text, &usual));
        assert!(steps(text, &large) <= STEPS_MAX, "{text}: {}", steps(text, &large));
    }
    // Every value of the answer is tested: that is for an answer of usual size.
    assert!(steps("$..[?match(@.state, 'end.*')]", &usual) <= STEPS_MAX / 5);
    let chain = (0..120).fold(json!(1), |inner, _| json!([inner]));
    for text in ["$..*..*..*", "$..[?@..[?@..[?@..*]]]", "$[*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*]..*..*"] {
        assert!(steps(text, &chain) > STEPS_MAX, "{text}: {}", steps(text, &chain));
    }
    for text in ["$..[?$..*]", "$..[?@.id == 7][?$..id]", "$..[?count($..[?@.id]) > 1]"] {
        assert!(steps(text, &usual) > STEPS_MAX, "{text}: {}", steps(text, &usual));
    }
}

#[test]
fn the_writing_of_a_path_costs_no_steps_and_what_it_looks_at_does() {
    let value = json!({ "a": [{ "b": 1, "c": [1, 2, 3] }, { "b": 2, "c": [4] }], "d": { "e": 3 } });
    for (one, other) in [
        ("$.a.b", "$ .a  .b"),
        ("$.a[*].b", "$.a [ * ] .b"),
        ("$['a']", "$['b,*:?($@']"),
        ("$['a']", r#"$["b'*"]"#),
        ("$.a[?@.b == 1]", "$.a[?(@.b == 1)]"),
        ("$.a[?@.b == 1]", "$.a[?@.b == 'x, y']"),
        ("$.a[?length(@.b) == 1]", "$.a[?length( @.b ) == 1]"),
    ] {
        assert_eq!(steps(one, &value), steps(other, &value), "{one} and {other}");
    }
    for (cheap, dear) in [
        ("$.a", "$.a.b"),
        ("$.a.b", "$.a.*"),
        ("$.a[0]", "$.a[*]"),
        ("$.a[0]", "$.a[0:2]"),
        ("$.a[*]", "$.a[*,*]"),
        ("$.a[*]", "$..a[*]"),
        ("$.a[*]", "$.a[?@.b]"),
        ("$.a[?@.b]", "$.a[?@.b.c]"),
        ("$.a[?@.b]", "$.a[?@.b == $.d]"),
        ("$.a[?@.b == $.d]", "$.a[?@.b == $..d]"),
        ("$.a[?search(@.b)]", "$.a[?search(@.b, 'x')].b"),
        ("$.a[?length(@.b) == 1]", "$.a[?match(@.b, '1')]"),
        ("$..a", "$..a..b"),
    ] {
        assert!(steps(cheap, &value) < steps(dear, &value), "{cheap} and {dear}");
    }
}

#[test]
fn the_patterns_of_a_path_are_bounded_too() {
    assert_eq!(check_patterns("$[?match(@.a, 'x[0-9]+') && search(@.b, \"y\")]"), Ok(()));
    assert!(check_patterns("$[?match(@.a, '(a{1,1000}){1,1000}')]").is_err());
    assert!(check_patterns("$[?match(@.a, $.pattern)]").expect_err("from the answer").contains("written out"));
    assert_eq!(check_patterns("$[?length(@.match) == 2 && count(@.*) > 1]"), Ok(()));
}
