//! What Twilio's own page and libraries give: the order of fields, the signature. Whole calls are pinned in
//! `snapshots/pushes/twilio`; every request of every scenario is validated by Twilio's libraries in `tests/receivers/twilio_signed.py`.

use super::*;
use crate::call::{AgentSpec, CastSpec, Kind, Step, play};
use crate::http::{Method, Push};
use crate::random::Keyed;
use std::time::Duration;

fn given(options: &[(&str, &str)]) -> GivenOptions {
    let mut given = GivenOptions::defaults(Options::facts());
    options.iter().for_each(|(name, value)| given.read(name, value).expect("an option"));
    given
}

fn signature(url: &str, body: &str, token: &str) -> String {
    let url = url.parse().expect("an address");
    let (at, centre) = (jiff::Timestamp::UNIX_EPOCH, Keyed::new(1, "", 0));
    let unsigned = Unsigned { method: Method::Post, url: &url, body: body.as_bytes(), at, centre };
    Twilio.sign(&unsigned, &given(&[("auth_token", token)])).remove(0).1
}

/// The requests of a call with these options.
fn requests(kind: Kind, script: &[Step], options: &[(&str, &str)]) -> Vec<Push> {
    let spec = CastSpec {
        agents: vec![AgentSpec { key: "ann".into(), ..AgentSpec::default() }],
        ..CastSpec::new(Subject::Call(kind))
    };
    let cast = Cast::draw(&spec, Twilio.locale(), jiff::Timestamp::UNIX_EPOCH, Keyed::new(1, "twilio", 1), false);
    let mut teller = Twilio.teller(&cast, &given(options)).unwrap_or_else(|bad| panic!("{bad:?}"));
    let (mut state, mut pushes) = (crate::call::CallState::new(spec.subject), Vec::new());
    for happening in play(&spec, script, &cast.keyed).expect("a script that can happen").happenings {
        state.apply(&happening);
        teller.tell(&happening, &state, &mut pushes);
    }
    pushes
}

fn field(push: &Push, name: &str) -> String {
    let body = push.body.bytes();
    let query = push.body.query().into_owned();
    let written = if body.is_empty() { query.as_bytes() } else { &body };
    form_urlencoded::parse(written)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn answered() -> Vec<Step> {
    let (ann, customer) = (crate::call::Party::Agent(0), crate::call::Party::Customer);
    let span = |seconds| Step::Wait(crate::call::Span::exactly(Duration::from_secs(seconds)));
    let hang_up = Step::HangUp { by: customer, release_after: Duration::ZERO, cause: None };
    vec![Step::Ring(ann), span(4), Step::Answer(ann), span(61), hang_up]
}

/// The first is that of the page; the others were made with Twilio's library for Python.
#[test]
fn signatures_are_those_of_the_page_and_the_library() {
    let classic = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
    let token = "0123456789abcdef0123456789abcdef";
    for (url, body, token, expected) in [
        ("https://mycompany.com/myapp.php?foo=1&bar=2", classic, "12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (
            "https://push.example.com/twilio/status?x=1#rc=2",
            "CallSid=CA1&Digits=12&To=%2B1",
            token,
            "hDYws8Ys9pJEZJaowUs+ci+QxlQ=",
        ),
    ] {
        assert_eq!(signature(url, body, token), expected, "{url}");
    }
    assert_eq!(signature("https://a.example/", "b=2&a=1&b=2", "k"), signature("https://a.example/", "a=1&b=2", "k"));
}

/// Captured requests have this order; that of `dial` is computed by the same rule.
#[test]
fn fields_stand_in_the_order_of_the_platform() {
    const BEFORE: &str = "Called ToState CallerCountry Direction Timestamp CallbackSource SipResponseCode CallerState ToZip \
        SequenceNumber CallSid To CallerZip ToCountry CalledZip ApiVersion CalledCity CallStatus Duration From CallDuration \
        AccountSid CalledCountry CallerCity ToCity FromCountry Caller FromCity CalledState FromZip FromState";
    const DIAL: &str = "Called ToState DialCallStatus CallerCountry Direction CallerState ToZip DialCallSid CallSid To CallerZip \
        ToCountry CalledZip ApiVersion CalledCity CallStatus From DialBridged AccountSid DialCallDuration CalledCountry CallerCity \
        ToCity FromCountry Caller FromCity CalledState FromZip FromState";
    let pushes = requests(Kind::Inbound, &answered(), &[]);
    let keys = |push: &Push| {
        let body = push.body.bytes();
        form_urlencoded::parse(&body).map(|(key, _)| key.into_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(pushes.last().map(keys).as_deref(), Some(BEFORE));
    assert_eq!(pushes.iter().find(|push| push.name == "dial").map(keys).as_deref(), Some(DIAL));
}

#[test]
fn a_call_is_told_by_the_events_that_are_asked_for_and_counted_by_them() {
    let names = |pushes: &[Push]| pushes.iter().map(|push| push.name).collect::<Vec<_>>();
    let all = requests(Kind::Inbound, &answered(), &[]);
    assert_eq!(names(&all), ["voice", "initiated", "ringing", "answered", "completed", "dial", "completed"]);
    let counts: Vec<String> = all.iter().map(|push| field(push, "SequenceNumber")).collect();
    assert_eq!(counts, ["", "0", "1", "2", "3", "", "0"]);
    let [.., child, dial, parent] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(["CallDuration", "Duration", "SipResponseCode"].map(|name| field(child, name)), ["61", "2", "200"]);
    assert_eq!((field(parent, "CallDuration"), field(dial, "DialCallDuration")), ("65".to_owned(), "61".to_owned()));
    assert_eq!(
        [field(child, "ParentCallSid"), field(dial, "CallSid")],
        [field(parent, "CallSid"), field(parent, "CallSid")]
    );
    assert_eq!(
        (field(dial, "DialCallSid"), field(dial, "CallStatus")),
        (field(child, "CallSid"), "completed".to_owned())
    );
    let few = requests(Kind::Inbound, &answered(), &[("events", "completed"), ("get", "true")]);
    assert_eq!(names(&few), ["voice", "completed", "dial", "completed"]);
    assert!(few.iter().all(|push| push.body.bytes().is_empty() && !field(push, "CallSid").is_empty()));
    let tokens: std::collections::BTreeSet<_> = all.iter().map(|push| push.event_id.clone()).collect();
    assert_eq!(tokens.len(), all.len(), "each has a token of its own");
}

#[test]
fn what_no_account_can_have_is_refused() {
    for (name, value) in [
        ("account_sid", "AC12"),
        ("auth_token", ""),
        ("timeout", "0s"),
        ("timeout", "16s"),
        ("retry_count", "6"),
        ("events", "answered,over"),
        ("retry_on", "6xx"),
    ] {
        let cast = CastSpec::new(Subject::Call(Kind::Inbound));
        let cast = Cast::draw(&cast, Twilio.locale(), jiff::Timestamp::UNIX_EPOCH, Keyed::new(1, "twilio", 1), false);
        let refused = Twilio.teller(&cast, &given(&[(name, value)])).err().map(|bad| bad.option);
        assert_eq!(refused, Some(name), "{name}={value}");
    }
}

#[test]
fn twiml_is_looked_at_where_it_is_asked_for() {
    let reply = |status, kind: &str| Reply {
        status,
        headers: vec![("content-type".into(), kind.into())],
        body: "x".into(),
        ..Reply::default()
    };
    let judged = |push, status, kind| Twilio.acknowledged_push(push, &reply(status, kind), &given(&[]));
    assert_eq!(judged("voice", 200, "text/xml; charset=utf-8"), Acknowledgement::Yes);
    assert!(matches!(judged("voice", 200, "text/html"), Acknowledgement::YesBut(_)));
    assert_eq!(judged("completed", 204, "text/html"), Acknowledgement::Yes);
    assert!(matches!(judged("completed", 302, "text/xml"), Acknowledgement::No(_)));
}
