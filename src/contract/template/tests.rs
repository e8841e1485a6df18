//! What is a place for a value, and how values are written.

use super::*;

fn environment(name: &str) -> Option<String> {
    let value = match name {
        "TOKEN" => "hush hush",
        "HOST" => "127.0.0.1:9",
        "HOOK" => "http://127.0.0.1:9/in?key=hush",
        "BASE" => "http://127.0.0.1:9/",
        _ => return None,
    };
    Some(value.to_owned())
}

fn read(text: &str, braces: Braces) -> Result<Template, NoTemplate> {
    Template::parse(text, braces, &environment)
}

fn filled(text: &str, escape: Escape) -> Result<String, String> {
    let mut known = Known::default();
    for (name, value) in [
        ("call.id", "a/b c&d"),
        ("call.id", "second"),
        ("customer.name", "王\"芳"),
        ("target.origin", "http://127.0.0.1:9"),
    ] {
        known.add(name, value);
    }
    read(text, Braces::Names).expect(text).fill(&known, escape).map(|filled| filled.sent)
}

#[test]
fn values_are_written_as_their_place_asks() {
    for (text, escape, expected) in [
        ("{target.origin}/calls/{call.id}", Escape::Address, "http://127.0.0.1:9/calls/a%2Fb%20c%26d"),
        ("http://127.0.0.1:9?call={call.id}", Escape::Address, "http://127.0.0.1:9?call=a%2Fb%20c%26d"),
        ("/by-name/{customer.name}", Escape::Address, "/by-name/%E7%8E%8B%22%E8%8A%B3"),
        ("{\"a\":\"{customer.name}\",\"b\":{}}", Escape::Json, "{\"a\":\"王\\\"芳\",\"b\":{}}"),
        ("call={call.id}", Escape::Form, "call=a%2Fb%20c%26d"),
        ("{call.id} {x} ${HOME} {", Escape::Plain, "a/b c&d {x} ${HOME} {"),
        ("{call.id:2}", Escape::Plain, "second"),
        ("{customer.name}", Escape::Header, "%E7%8E%8B\"%E8%8A%B3"),
    ] {
        assert_eq!(filled(text, escape).as_deref(), Ok(expected), "{text}");
    }
    assert_eq!(filled("{call.di}", Escape::Plain), Err("call.di".to_owned()));
}

#[test]
fn a_name_may_be_as_long_as_the_limit_and_a_template_may_be_empty() {
    let named = |bytes: usize| {
        let text = format!("{{a.{}}}", "b".repeat(bytes - 2));
        read(&text, Braces::Names).expect("a template").names().count()
    };
    assert_eq!([named(NAME_MAX_BYTES), named(NAME_MAX_BYTES + 1)], [1, 0]);
    assert_eq!(
        ["", "x", "{call.id}"].map(|text| read(text, Braces::All).map(|it| it.is_empty())),
        [Ok(true), Ok(false), Ok(false)]
    );
}

#[test]
fn a_json_value_may_begin_and_end_with_quotes() {
    assert_eq!(in_json("\"quoted\""), "\\\"quoted\\\"");
    assert_eq!(in_json(""), "");
}

#[test]
fn a_text_that_is_no_template_is_refused() {
    for (text, flaw) in [
        ("/calls/{callid}", NoTemplate::NoName("callid".into())),
        ("/calls/{}", NoTemplate::NoName(String::new())),
        ("/calls/{call.id", NoTemplate::Unpaired),
        ("/calls/call.id}", NoTemplate::Unpaired),
        ("/calls/{{call.id}}", NoTemplate::Doubled("call.id".into())),
        ("/calls/{env.NOBODY}", NoTemplate::Unset("NOBODY".into())),
    ] {
        assert_eq!(read(text, Braces::All), Err(flaw), "{text}");
    }
    assert_eq!(read("x {{call.id}} y", Braces::Names), Err(NoTemplate::Doubled("call.id".into())));
    let no_name = |name: &str| Err(NoTemplate::NoName(name.to_owned()));
    for (text, braces, expected) in [
        ("00-{trace}-01", Braces::Words, no_name("trace")),
        ("{callId}", Braces::Words, no_name("callId")),
        ("Bearer ${TOKEN}", Braces::Words, Err(NoTemplate::OfAShell("TOKEN".into()))),
        ("Bearer {{ TOKEN }}", Braces::Words, Err(NoTemplate::Doubled("TOKEN".into()))),
        ("http://${HOST}:9/h", Braces::All, Err(NoTemplate::OfAShell("HOST".into()))),
        ("${call.id}", Braces::Fields, Err(NoTemplate::OfAShell("call.id".into()))),
        ("{{x}}", Braces::Fields, Err(NoTemplate::Doubled("x".into()))),
        ("the call {callid}", Braces::Fields, no_name("callid")),
        ("{trace}", Braces::Fields, no_name("trace")),
    ] {
        assert_eq!(read(text, braces), expected, "{text}");
    }
}

#[test]
fn braces_that_are_not_meant_for_values_stay() {
    for (text, braces) in [
        (r#"{"a":1,"b":{}}"#, Braces::Words),
        ("{3f2504e0-4f89-11d3-9a0c-0305e82c3301}", Braces::Words),
        ("{af2504e0-4f89-11d3-9a0c-0305e82c3301}", Braces::Words),
        ("{} { x } 5 { $ {", Braces::Words),
        ("Dear {name}, press {1}", Braces::Fields),
        (r#"{"a":{"b":"${"}}"#, Braces::Fields),
        ("{{\"a\":1}}", Braces::Fields),
    ] {
        let template = read(text, braces).expect(text);
        assert!(template.is_plain(), "{text}");
        assert_eq!(template.to_string(), text);
    }
}

#[test]
fn a_secret_is_sent_and_never_shown() {
    let template = read("Bearer {env.TOKEN}", Braces::All).expect("a template");
    let filled = template.fill(&Known::default(), Escape::Plain).expect("values");
    assert_eq!((&*filled.sent, &*filled.shown), ("Bearer hush hush", "Bearer ***"));
    assert_eq!(filled.secrets[0], "hush hush");
    let address = read("http://{env.HOST}/{env.TOKEN}", Braces::All).expect("a template");
    let filled = address.fill(&Known::default(), Escape::Address).expect("values");
    assert_eq!(filled.shown, "http://127.0.0.1:9/***", "where to ask is no secret");
    assert_eq!(filled.secrets, ["hush hush", "hush%20hush"]);
    let whole = read("{env.HOOK}/more", Braces::All).expect("a template");
    let filled = whole.fill(&Known::default(), Escape::Address).expect("values");
    assert_eq!((&*filled.sent, &*filled.shown), ("http://127.0.0.1:9/in?key=hush/more", "http://127.0.0.1:9/***/more"));
    assert_eq!(filled.secrets, ["in?key=hush"]);
    let base = read("{env.BASE}calls", Braces::All).expect("a template");
    let filled = base.fill(&Known::default(), Escape::Address).expect("values");
    assert_eq!((&*filled.shown, filled.secrets.len()), ("http://127.0.0.1:9/calls", 0));
    assert_eq!(format!("{template} {template:?}"), "Bearer {env.TOKEN} \"Bearer {env.TOKEN}\"");
}
