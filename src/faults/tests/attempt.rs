//! What faults make of single attempts: which ones they bend, and when they have struck.

use super::*;
use crate::http::{Method, Push};

fn request() -> Push {
    Push {
        headers: vec![("Content-Type", "application/json"), ("X-Sign", "00ff")].into(),
        body: r#"{"n":7}"#.into(),
        ..Push::new("push", Method::Post)
    }
}

/// The fate of an attempt that all of the faults are for.
fn fate_at(faults: Vec<Fault>, target: u32, attempt: u32, second: u64) -> Fate {
    let planned = Planned { nth: 1, hits: (0..faults.len()).collect(), ..Planned::default() };
    let (keyed, offset) = (&Keyed::new(1, "attempt", 1), seconds(second));
    let headers: &dyn Fn(&Push) -> Vec<(String, String)> = &|push| push.headers.written();
    let subject = Subject { keyed, push: "v:push", target, attempt, offset, literal: None, headers };
    Fate::of(&Faults::new(faults), &planned, request(), subject)
}

fn evidence(faults: Vec<Fault>) -> Vec<String> {
    fate_at(faults, 1, 1, 0).bent.into_iter().map(|bent| bent.evidence).collect()
}

#[test]
fn an_attempt_is_bent_where_number_target_moment_and_draw_say_so() {
    let struck = |fault: Fault| -> Vec<(u32, u32, u64)> {
        let mut struck = Vec::new();
        for (target, attempt, second) in [(1, 1, 0), (2, 1, 0), (1, 2, 0), (1, 3, 0), (1, 4, 0), (1, 1, 9), (1, 1, 10)]
        {
            if !fate_at(vec![fault.clone()], target, attempt, second).bent.is_empty() {
                struck.push((target, attempt, second));
            }
        }
        struck
    };
    let all = [(1, 1, 0), (2, 1, 0), (1, 2, 0), (1, 3, 0), (1, 4, 0), (1, 1, 9), (1, 1, 10)];
    let when = |when: When| struck(fault("bom", &[]).when(when));
    assert_eq!(when(When::default()), all);
    assert_eq!(when(When { attempts: Some((2, 3)), ..When::default() }), [(1, 2, 0), (1, 3, 0)]);
    assert_eq!(when(When { between: Some((seconds(0), seconds(9))), ..When::default() }), all[..6]);
    assert_eq!(when(When { rate: Some(0.0), ..When::default() }), []);
    assert_eq!(when(When { rate: Some(1.0), ..When::default() }), all);
    assert_eq!(struck(fault("bom", &[]).to(2)), [(2, 1, 0)]);
    // Without end, the vendor would never hear of an acknowledgement.
    assert_eq!(struck(fault("lost-ack", &[])), [(1, 1, 0), (2, 1, 0), (1, 1, 9), (1, 1, 10)]);
    let twice = When { attempts: Some((1, 2)), ..When::default() };
    assert_eq!(struck(fault("lost-ack", &[]).when(twice)), [(1, 1, 0), (2, 1, 0), (1, 2, 0), (1, 1, 9), (1, 1, 10)]);
    let answers = [1, 2].map(|attempt| fate_at(vec![fault("lost-ack", &[])], 1, attempt, 0).answer);
    assert_eq!(answers, [Answer::Lost(seconds(5)), Answer::Read]);
    assert!(fate_at(vec![fault("lost-ack", &[])], 1, 1, 0).is_spoilt());
    assert!(!fate_at(vec![fault("stall", &[])], 1, 1, 0).is_spoilt());
}

#[test]
fn a_fault_that_the_plan_did_not_note_bends_nothing() {
    let faults = Faults::new(vec![fault("bom", &[]), fault("empty-body", &[])]);
    let planned = Planned { hits: vec![1], ..Planned::default() };
    let keyed = &Keyed::new(1, "attempt", 1);
    let headers: &dyn Fn(&Push) -> Vec<(String, String)> = &|push| push.headers.written();
    let subject = Subject { keyed, push: "v:push", target: 1, attempt: 1, offset: seconds(0), literal: None, headers };
    let fate = Fate::of(&faults, &planned, request(), subject);
    assert_eq!(fate.bent.iter().map(|bent| (bent.fault, bent.listed)).collect::<Vec<_>>(), [("empty-body", Some(1))]);
}

#[test]
fn only_what_differs_is_a_strike() {
    let header = |name: &str| fault("missing-header", &[("header", text(name))]);
    for (faults, expected) in [
        (vec![header("X-Not-There")], vec![]),
        (vec![header("content-type")], vec!["no content-type"]),
        (vec![header("X-Sign"), header("x-sign")], vec!["no X-Sign"]),
        (vec![header("Authorization"), fault("wrong-auth", &[])], vec!["the proof of who sends it is wrong"]),
        (vec![fault("header-case", &[]), fault("header-case", &[])], vec!["the names of headers are in small letters"]),
        (vec![fault("wrong-method", &[("to", text("post"))])], vec![]),
        (vec![fault("wrong-method", &[])], vec!["PUT where it was POST"]),
        (vec![fault("wrong-content-type", &[("to", text("application/json"))])], vec![]),
        (vec![fault("wrong-content-type", &[])], vec!["Content-Type is `text/plain` where it was `application/json`"]),
        (vec![fault("wrong-charset", &[])], vec![]),
        (vec![fault("empty-body", &[]), fault("empty-body", &[])], vec!["0 of 7 bytes"]),
        (vec![fault("lost-ack", &[])], vec!["the answer is thrown away"]),
        (vec![fault("split-utf8", &[])], vec![]),
        (vec![fault("stall", &[])], vec!["the request halts in the middle and goes on after a while"]),
        (
            vec![fault("new-connection-each", &[]), fault("new-connection-each", &[])],
            vec!["the push gets a connection of its own, which is closed after the answer"; 2],
        ),
        (vec![fault("reset", &[]), fault("slow-read", &[])], vec!["the connection is broken off by an RST"]),
    ] {
        let names: Vec<_> = faults.iter().map(Fault::name).collect();
        assert_eq!(evidence(faults), expected, "{names:?}");
    }
    assert!(fate_at(vec![fault("split-utf8", &[])], 1, 1, 0).connection.is_clean());
    assert!(!fate_at(vec![fault("stall", &[])], 1, 1, 0).connection.is_clean());
    assert_eq!(fate_at(vec![header("X-Not-There")], 1, 1, 0).headers, []);
}

#[test]
fn another_content_type_takes_the_place_of_the_vendors() {
    let fate = fate_at(vec![fault("wrong-content-type", &[])], 1, 1, 0);
    let expected = [("X-Sign", "00ff"), ("Content-Type", "text/plain")];
    assert_eq!(fate.push.headers.written(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn headers_are_dressed_in_listed_order() {
    let fate =
        fate_at(vec![fault("missing-header", &[]), fault("wrong-auth", &[]), fault("header-case", &[])], 1, 1, 0);
    let proven = |name: &str| {
        let mut headers = vec![("Content-Type".to_owned(), "text/x".to_owned()), (name.to_owned(), "00ff".to_owned())];
        fate.dress(&mut headers);
        headers
    };
    for name in ["Authorization", "X-Signature", "Webhook-Signature", "X-Sign", "sign", "app_sign"] {
        let headers = proven(name);
        assert_eq!(headers.len(), 1, "{headers:?}");
        assert_eq!(headers[0].0, name.to_ascii_lowercase());
        assert!(headers[0].1 != "00ff" && headers[0].1.len() == 4, "{headers:?}");
    }
    // Where there is no proof, a wrong one is added.
    let headers = proven("X-Design");
    assert_eq!(headers[0], ("x-design".to_owned(), "00ff".to_owned()));
    assert!(headers[1].0 == "authorization" && headers[1].1.starts_with("Bearer wrong-"), "{headers:?}");
}
