//! What faults of the HTTP layer make of a push, whichever way it carries its fields.

use super::http_bytes::DOUBLED_MAX_BYTES;
use super::*;
use crate::body::Body;
use crate::http::{Method, Push};

fn json(body: &str) -> Push {
    let headers = vec![("Content-Type", "application/json")].into();
    Push { path: "/in".into(), headers, body: body.to_owned().into(), ..Push::new("push", Method::Post) }
}

fn form(body: &str) -> Push {
    let headers = vec![("content-type", "application/x-www-form-urlencoded; charset=UTF-8")].into();
    Push { headers, ..json(body) }
}

fn query(query: &str) -> Push {
    with_query(Push { headers: Default::default(), ..json("") }, query)
}

fn with_query(push: Push, query: &str) -> Push {
    let body = Body::Written { body: push.body.bytes(), query: query.to_owned() };
    Push { body, ..push }
}

/// What a fault says, and the push that it makes: path, query and body.
fn bent(fault: Fault, push: Push) -> Option<(String, String)> {
    let Kind::Http(http) = &fault.kind else { panic!("{} is of another layer", fault.name()) };
    let mut fate = Fate::clean(push);
    let evidence = http.bend(&mut fate, &mut Keyed::new(1, "fields", 1).stream("bend"), Some("{printed}"))?;
    let Push { path, body, .. } = &fate.push;
    let (query, body) = (body.query(), body.bytes());
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    Some((evidence, format!("{path}{query} {}", body.escape_ascii()).replace("\\\"", "\"")))
}

const FORM: &str = "id=a-1&n=7&name=%E7%8E%8B";

#[test]
fn every_fault_of_the_layer_bends_json_forms_and_queries() {
    let field = |name: &str| [("field", text(name))];
    let style = |style: &str| [("style", text(style))];
    let keep = |share| [("keep", Value::Share(share))];
    let printed = ("the 9 bytes of the vendor's page", "/in {printed}");
    for (fault, push, expected) in [
        (fault("truncate-body", &keep(0.5)), json("12345678"), Some(("4 of 8 bytes", "/in 1234"))),
        (fault("truncate-body", &keep(1.0)), json("12345678"), Some(("7 of 8 bytes", "/in 1234567"))),
        (
            fault("truncate-body", &keep(0.5)),
            with_query(json("12345678"), "a=1"),
            Some(("4 of 8 bytes", "/in?a=1 1234")),
        ),
        (fault("truncate-body", &keep(0.5)), query("a=123456"), Some(("4 of 8 bytes", "/in?a=12 "))),
        // A vendor's oddity must not split a character.
        (fault("truncate-body", &keep(0.5)), query("王王"), Some(("3 of 6 bytes", "/in?王 "))),
        (fault("truncate-body", &keep(0.4)), query("王王"), Some(("0 of 6 bytes", "/in "))),
        (fault("empty-body", &[]), json("12"), Some(("0 of 2 bytes", "/in "))),
        (fault("empty-body", &[]), query("a=1"), Some(("0 of 3 bytes", "/in "))),
        (fault("bom", &[]), json("{}"), Some(("the body begins ef bb bf", r"/in \xef\xbb\xbf{}"))),
        (fault("bom", &[]), query("a=1"), None),
        (
            fault("wrong-charset", &[]),
            json("\"王\""),
            Some(("gbk bytes, the first beyond ASCII cd f5", r#"/in "\xcd\xf5""#)),
        ),
        (
            fault("wrong-charset", &[]),
            form("b=%E7%8E%8B&a=1"),
            Some(("gbk bytes, the first beyond ASCII cd f5", "/in b=%CD%F5&a=1")),
        ),
        (fault("wrong-charset", &[]), form("a=1"), None),
        (fault("bad-utf8", &[]), json(r#"{"a":"x"}"#), Some(("c3 28 at byte 6", r#"/in {"a":"\xc3(x"}"#))),
        (fault("bad-utf8", &[]), json("7"), None),
        (fault("bad-utf8", &[]), form("a=x"), Some(("%C3%28 at byte 2", "/in a=%C3%28x"))),
        (fault("bad-utf8", &[]), query("a=x"), Some(("%C3%28 at byte 2 of the query", "/in?a=%C3%28x "))),
        (fault("bad-json", &[]), json(r#"{"a":1}"#), Some(("JSON with a comment", "/in {//1connected\\n\"a\":1}"))),
        (fault("bad-json", &style("trailing-comma")), json("[1]"), Some(("JSON with a trailing comma", "/in [1,]"))),
        (fault("bad-json", &style("trailing-comma")), json("[]"), None),
        (
            fault("bad-json", &style("single-quotes")),
            json(r#"["x"]"#),
            Some(("JSON with single quotes", r"/in [\'x\']")),
        ),
        (
            fault("bad-json", &style("all")),
            json("[1]"),
            Some(("JSON with single quotes, a trailing comma, a comment", "/in [//1connected\\n1,]")),
        ),
        (fault("bad-json", &style("all")), json("7"), Some(("JSON with single quotes", "/in 7"))),
        (fault("bad-json", &[]), form(FORM), None),
        (fault("double-encoded", &[]), json("{}"), Some(("the body is a JSON text that holds JSON", "/in \"{}\""))),
        (fault("double-encoded", &[]), form("a=%2B"), Some(("the form is percent-encoded twice", "/in a=%252B"))),
        (fault("double-encoded", &[]), query("a=%2B"), Some(("the query is percent-encoded twice", "/in?a=%252B "))),
        (fault("double-encoded", &[]), json(""), None),
        (fault("doc-literal", &[]), json("{}"), Some(printed)),
        (fault("doc-literal", &[]), form(FORM), None),
        (fault("doc-literal", &[]), query("a=1"), None),
        (fault("wrong-path", &[]), json("1"), Some(("the path ends in /no-such-path", "/in/no-such-path 1"))),
        (
            fault("type-flip", &field("n")),
            json(r#"{"n":7}"#),
            Some((r#"`n` is "7" where it was 7"#, r#"/in {"n":"7"}"#)),
        ),
        (fault("type-flip", &[]), form("a=x&n=7"), Some((r#"`n` is "seven" where it was "7""#, "/in a=x&n=seven"))),
        (fault("type-flip", &[]), form("a=x&n=07&long=1234567890123456"), None),
        (fault("type-flip", &[]), json(r#"{"a":null}"#), None),
        (fault("type-flip", &[]), form("a="), None),
        (fault("type-flip", &[]), form("a=1x"), None),
        (fault("type-flip", &[]), form("a=0"), Some((r#"`a` is "seven" where it was "0""#, "/in a=seven"))),
        (
            fault("type-flip", &[]),
            json(r#"{"a":"1.5"}"#),
            Some((r#"`a` is ["1.5"] where it was "1.5""#, r#"/in {"a":["1.5"]}"#)),
        ),
        (fault("missing-field", &field("a")), json(r#"{"a":1,"b":2}"#), Some(("`a` is left out", r#"/in {"b":2}"#))),
        (
            fault("missing-field", &field("b.1")),
            json(r#"{"b":[1,2]}"#),
            Some(("`b.1` is left out", r#"/in {"b":[1]}"#)),
        ),
        (fault("missing-field", &field("b.2")), json(r#"{"b":[1,2]}"#), None),
        (fault("missing-field", &field("n")), form("a=1&n=7"), Some(("`n` is left out", "/in a=1"))),
        (
            fault("extra-field", &[]),
            json("{}"),
            Some(("`ringback_extra` is there as well", r#"/in {"ringback_extra":"unexpected"}"#)),
        ),
        (fault("extra-field", &[]), json("[1]"), None),
        (
            fault("unknown-enum", &[("word", text("odd"))]),
            json(r#"{"a":"x1","b":"y","c":"in_call-2","d":"on-hold","e":7}"#),
            Some((
                r#"`d` is "odd" where it was "on-hold""#,
                r#"/in {"a":"x1","b":"y","c":"in_call-2","d":"odd","e":7}"#,
            )),
        ),
        (fault("unknown-enum", &[]), json(r#"{"a":"-x","b":"张三"}"#), None),
        (fault("unknown-enum", &[]), json(r#"{"a":"x1"}"#), None),
        (fault("unknown-enum", &[]), json(r#"{"a":"y"}"#), None),
        (
            fault("null-field", &[]),
            json(r#"{"a":"","b":null,"c":0}"#),
            Some(("`c` is null where it was 0", r#"/in {"a":"","b":null,"c":null}"#)),
        ),
        (fault("null-field", &field("a")), form("a=1"), Some((r#"`a` is null where it was "1""#, "/in a="))),
    ] {
        let expected = expected.map(|(evidence, push)| (evidence.to_owned(), push.to_owned()));
        let (name, shown) = (fault.name(), format!("{push:?}"));
        assert_eq!(bent(fault, push), expected, "{name} {shown}");
    }
}

#[test]
fn what_is_drawn_is_drawn_among_what_can_be_bent() {
    for seed in 0..30 {
        let drawn = |name: &str, body: &str| {
            let mut fate = Fate::clean(json(body));
            let Kind::Http(http) = fault(name, &[]).kind else { panic!("{name}") };
            let told = http.bend(&mut fate, &mut Keyed::new(seed, "fields", 1).stream("bend"), None).expect(name);
            (told, fate.push.body.len())
        };
        let (told, left) = drawn("truncate-body", &"x".repeat(1000));
        assert!((100..=900).contains(&left), "{told}");
        let (told, _) = drawn("unknown-enum", r#"{"id":"a-1","b":"on","n":7,"c":"off"}"#);
        assert!(told.starts_with("`b`") || told.starts_with("`c`"), "{told}");
    }
}

#[test]
fn sizes_are_what_they_say() {
    for (push, before) in [(json("{}"), 2), (query("a=1"), 3)] {
        let mut fate = Fate::clean(push);
        let Kind::Http(http) = fault("oversize", &[("bytes", Value::Whole(2000))]).kind else { panic!("http") };
        let told = http.bend(&mut fate, &mut Keyed::new(1, "fields", 1).stream("bend"), None);
        assert_eq!(told, Some(format!("2000 bytes, where the vendor sends {before}")));
        assert_eq!(fate.push.body.len(), 2000);
    }
    let encoded = |bytes: usize| bent(fault("double-encoded", &[]), json(&"x".repeat(bytes))).is_some();
    assert!(encoded(DOUBLED_MAX_BYTES) && !encoded(DOUBLED_MAX_BYTES + 1));
    let long = bent(fault("null-field", &[]), json(&format!(r#"{{"a":"{}"}}"#, "王".repeat(60)))).expect("a field");
    assert_eq!(long.0, format!("`a` is null where it was \"{}...", "王".repeat(39)));
}
