//! A story that is written down by hand, and what is named in a receiver's answers to it.

use super::*;
use crate::call::Fact;
use crate::contract::{Known, events};
use crate::event::{FailureClass, Phase};
use serde_json::json;

/// When it begins: 2026-11-21 01:37:15 in Beijing.
const START: i64 = 1_795_196_235;
/// When its first push really leaves.
const REAL: i64 = 1_800_000_000;
const CALL: &str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const SECOND_CALL: &str = "7d444840-9dc0-11d1-b245-5ffdce74fad2";

fn words(words: &[&str]) -> Varies {
    Varies::Word(words.iter().map(|word| (*word).to_owned()).collect())
}

/// A field of the first level.
fn field(name: &str, value: Value, varies: Varies, fact: Option<Fact>) -> Leaf {
    Leaf { place: name.to_owned(), field: name.to_owned(), value, varies, fact }
}

fn sample() -> Sample {
    let at = Timestamp::from_second(START).expect("a time");
    let beijing =
        Timestamp::from_second(START + 60 + 8 * 3600).expect("a time").strftime("%Y-%m-%d %H:%M:%S").to_string();
    let token = || json!("first-one-of-the-tokens");
    let extra = json!({ "ticket": "T-10017" });
    let ring = vec![
        Leaf::of_header("X-Push-Id", "push-abc-1", Varies::Distinct),
        Leaf::of_header("Content-Length", "300", Varies::Short),
        field("call_id", json!(CALL), Varies::Distinct, Some(Fact::CallId)),
        field("customer_phone", json!("13800135678"), Varies::Distinct, Some(Fact::CustomerPhone)),
        field("mobile_area", json!("北京市"), words(&["北京市", "上海市", "广州市"]), Some(Fact::Place)),
        field("event_time", json!(beijing), Varies::Time, None),
        field("stamp", json!(START * 1000), Varies::Time, None),
        field("since", json!("1400000000"), Varies::Distinct, None),
        field("nick_name", json!("王小明"), Varies::Never, Some(Fact::CustomerName)),
        field("short", json!("ab12cd"), Varies::Distinct, None),
        field("token", token(), Varies::Distinct, None),
        field("hex", json!("0123456789abcdef"), Varies::Distinct, None),
        field("ring_time", json!(9), Varies::Length(9, 31), None),
        field("level", json!("12"), Varies::Short, None),
        field("code", json!("ab"), Varies::Short, None),
        field("agent", json!("2001"), Varies::Distinct, None),
        field("satisfaction", json!("满意"), words(&["满意", "一般", "不满意"]), None),
        field("mode", json!("manual"), Varies::Never, None),
        field("kind", json!("auto"), words(&["auto", "manual"]), None),
        field("fixed", json!("[1,2]"), Varies::Never, None),
        Leaf { place: "steps.0".into(), ..field("steps", json!("start"), Varies::Never, None) },
        Leaf { place: "steps.1".into(), ..field("steps", json!("stop"), Varies::Never, None) },
        field("vip", json!(true), words(&["true", "false"]), None),
        field("extra", json!(extra.to_string()), Varies::Distinct, None),
        field("extra.ticket", json!("T-10017"), Varies::Distinct, None),
        field("grade", json!("gold"), words(&["gold", "silver"]), None),
        field("rank", json!("bronze"), words(&["silver", "bronze"]), None),
    ];
    let end = vec![
        Leaf::of_header("X-Push-Id", "push-abc-1", Varies::Distinct),
        field("call_id", json!(SECOND_CALL), Varies::Distinct, Some(Fact::CallId)),
        field("result", json!("done"), Varies::Never, None),
    ];
    let lone = vec![field("lone", json!("only-here"), Varies::Never, None)];
    let messages = (1..).zip([ring, end, lone]).map(|(number, leaves)| Message { number, leaves }).collect();
    let mut known = Known::default();
    for (name, value) in [
        ("call.id", CALL),
        ("call.id", SECOND_CALL),
        ("customer.phone", "13800135678"),
        ("agent.number", "2001"),
        ("customer.name", "王小明"),
        ("place", "北京市"),
        ("queue.number", "12"),
    ] {
        known.add(name, value);
    }
    let known_leaves = known
        .iter()
        .map(|(name, value)| {
            let varies = match name.as_str() {
                "customer.name" => Varies::Never,
                "place" => words(&["北京市", "上海市", "广州市"]),
                "queue.number" => Varies::Short,
                _ => Varies::Distinct,
            };
            Leaf::of_known(&name, value, varies)
        })
        .collect();
    let own = vec![("target", "127.0.0.1:9400".to_owned())];
    Sample { vendor: "udesk", start: at, instants: vec![at], known, known_leaves, messages, own }
}

fn redactor_with(rules: Vec<Rule>) -> Redactor {
    Redactor::new(&sample(), rules, [(1, 1), (2, 2), (9, 2)].into())
}

fn redactor() -> Redactor {
    redactor_with(Vec::new())
}

/// What becomes of each body, in which `CALL` stands for the id of the call.
fn check(of: Of, rows: &[(&str, &str)]) {
    let redactor = redactor();
    for (body, expected) in rows {
        let body = body.replace("CALL", CALL).replace("SECOND", SECOND_CALL);
        assert_eq!(redactor.body(of, &body, KeyOrder::InOrder), *expected, "{body}");
    }
}

#[test]
fn values_are_named_wherever_they_stand() {
    let (upper, bare) = (CALL.to_uppercase(), CALL.replace('-', ""));
    check(
        Of::Story,
        &[
            (r#"{"id":"CALL"}"#, r#"{"id":"<call.id>"}"#),
            (&format!(r#"{{"id":"{upper}"}}"#), r#"{"id":"<call.id>"}"#),
            (&format!(r#"["{bare}","{}"]"#, bare.to_uppercase()), r#"["<call.id>","<call.id>"]"#),
            (r#"{"id":"SECOND"}"#, r#"{"id":"<call.id:2>"}"#),
            ("call CALL.", "call <call.id>."),
            (r#"{"CALL":1,"x CALL":2}"#, r#"{"<call.id>":1,"x <call.id>":2}"#),
            (
                r#"{"13800135678":1,"138****5678":2,"138xxxx5678":3}"#,
                r#"{"<customer.phone>":1,"<customer.phone> (2)":2,"<customer.phone> (3)":3}"#,
            ),
            (r#"{"n":13800135678,"m":13800135679}"#, r#"{"n":<customer.phone>,"m":13800135679}"#),
            (r#"{"n":2001,"agent":2001,"t":"2001"}"#, r#"{"n":2001,"agent":<agent.number>,"t":"<agent.number>"}"#),
            ("ext. 2001, 20012", "ext. <agent.number>, 20012"),
            (r#"{"name":"王小明先生"}"#, r#"{"name":"<customer.name>先生"}"#),
            (r#"{"t":"T-10017","u":"T-20044"}"#, r#"{"t":"<udesk:extra.ticket>","u":"T-20044"}"#),
            ("http://127.0.0.1:9400/x", "http://<target>/x"),
            ("push-abc-1", "<x-push-id>"),
            (r#"{"x":"0123456789ABCDEF","y":"AB12CD"}"#, r#"{"x":"<udesk:hex>","y":"AB12CD"}"#),
            ("FIRST-ONE-OF-THE-TOKENS", "FIRST-ONE-OF-THE-TOKENS"),
            // Far from the story, so that it is no instant of it.
            (r#"{"x":"1400000000","y":"1400000001"}"#, r#"{"x":"<udesk:since>","y":"1400000001"}"#),
            // Too narrow to stand for itself, but under its key.
            (r#"{"x":"ab","code":"ab","o":"cd"}"#, r#"{"x":"ab","code":"<udesk:code>","o":"cd"}"#),
            (r#"{"x":"12","number":"12"}"#, r#"{"x":"12","number":"<queue.number>"}"#),
            // By chance like the number of the queue.
            (r#"{"level":"12"}"#, r#"{"level":"<udesk:level>"}"#),
            ("it is null", "it is null"),
            (r#"{"lone":"only-here"}"#, r#"{"lone":"only-here"}"#),
            (
                r#"{"phone":"138****5678","last4":5678,"x":5678}"#,
                r#"{"phone":"<customer.phone>","last4":<customer.phone>,"x":5678}"#,
            ),
            ("customer 尾号5678", "customer 尾号<customer.phone>"),
        ],
    );
}

#[test]
fn one_of_a_few_words_is_named_only_as_a_word_of_its_own() {
    check(
        Of::Story,
        &[
            (r#"["满意","一般","很满意"]"#, r#"["<udesk:satisfaction>","<udesk:satisfaction>","很满意"]"#),
            ("评价: 满意!", "评价: <udesk:satisfaction>!"),
            (
                r#"{"from":"北京市","to":"广州市","who":"北京市长"}"#,
                r#"{"from":"<place>","to":"<place>","who":"北京市长"}"#,
            ),
            (r#"{"vip":true,"x":true}"#, r#"{"vip":<udesk:vip>,"x":true}"#),
            // Fields that share a word have one name.
            (r#"["gold","silver","bronze"]"#, r#"["<udesk:grade>","<udesk:grade>","<udesk:grade>"]"#),
            (r#"{"mode":"manual"}"#, r#"{"mode":"<udesk:kind>"}"#),
        ],
    );
}

#[test]
fn what_a_push_says_for_every_seed_is_not_named_in_the_answer_to_it() {
    let rows = [
        (r#"{"mode":"manual","kind":"manual"}"#, r#"{"mode":"manual","kind":"<udesk:kind>"}"#),
        (r#"{"fixed":"[1,2]","steps":["start","stop"]}"#, r#"{"fixed":"[1,2]","steps":["start","stop"]}"#),
        ("mode=manual", "mode=<udesk:kind>"),
        // What has a name of its own has it everywhere.
        (r#"{"nick_name":"王小明"}"#, r#"{"nick_name":"<customer.name>"}"#),
    ];
    check(Of::Delivery(1), &rows);
    check(Of::Delivery(2), &[(r#"{"mode":"manual","result":"done"}"#, r#"{"mode":"<udesk:kind>","result":"done"}"#)]);
}

#[test]
fn lengths_of_time_like_those_of_the_story_are_named_under_a_key_that_tells_of_one() {
    check(
        Of::Story,
        &[
            (
                r#"{"ring_time":9,"ringTime":"9","x":9}"#,
                r#"{"ring_time":<udesk:ring_time>,"ringTime":"<udesk:ring_time>","x":9}"#,
            ),
            (r#"{"elapsed":31,"took":"12","n":31}"#, r#"{"elapsed":<duration>,"took":"<duration>","n":31}"#),
            (r#"{"elapsed":8,"took":32,"wait":0}"#, r#"{"elapsed":8,"took":32,"wait":0}"#),
            (r#"{"in_ms":9000,"ms":31000,"rings":9000}"#, r#"{"in_ms":<duration>,"ms":<duration>,"rings":9000}"#),
            (r#"{"in_ms":9001,"ms":32000}"#, r#"{"in_ms":9001,"ms":32000}"#),
        ],
    );
}

#[test]
fn the_instants_of_the_story_are_named() {
    check(
        Of::Story,
        &[
            (&format!(r#"{{"a":{START},"b":{}}}"#, START + 1), &format!(r#"{{"a":<time>,"b":{}}}"#, START + 1)),
            (&format!(r#"["{START}","{}"]"#, START * 1000), r#"["<time>","<time>"]"#),
            (r#"{"at":"2026-11-21T01:37:15+08:00"}"#, r#"{"at":"<time>"}"#),
            (&format!("[{},{}]", START + 60, START + 61), &format!("[<time>,{}]", START + 61)),
            ("on 2026-11-21 at 2026-11-20T17:37:15Z, not 2026-12-24", "on <date> at <time>, not 2026-12-24"),
            ("CALLT1795196235", "<call.id>T<time>"),
        ],
    );
}

#[test]
fn texts_in_other_writings_are_named_in_their_own_writing() {
    check(
        Of::Story,
        &[
            (
                r#"{"t":"{\"ring_time\":9,\"id\":\"CALL\"}"}"#,
                r#"{"t":"{\"ring_time\":<udesk:ring_time>,\"id\":\"<call.id>\"}"}"#,
            ),
            (r#"got {"ring_time":9}, and {} [] [2]"#, r#"got {"ring_time":<udesk:ring_time>}, and {} [] [2]"#),
            (
                r#"got {"a":[1,{"agent":2001}]} {"agent":2001}"#,
                r#"got {"a":[1,{"agent":<agent.number>}]} {"agent":<agent.number>}"#,
            ),
            (r#"got {"took":12} and {"took":31}"#, r#"got {"took":<duration>} and {"took":<duration>}"#),
            (r#"[[2001] [x"#, "[[<agent.number>] [x"),
            ("a=1&ring_time=9&b=CALL", "a=1&ring_time=<udesk:ring_time>&b=<call.id>"),
            ("/in?ring_time=9", "/in?ring_time=<udesk:ring_time>"),
            ("/CALL/in?x=9", "/<call.id>/in?x=9"),
            ("a=x%20y&satisfaction=%E6%BB%A1%E6%84%8F", "a=x%20y&satisfaction=<udesk:satisfaction>"),
            ("a=%E6%BB%A1%E6%84%8F+%3A+x&b=1", "a=<udesk:satisfaction>+%3A+x&b=1"),
            ("%7B%22ring_time%22%3A9%7D", "%7B%22ring_time%22%3A<udesk:ring_time>%7D"),
            ("x%20y%3A%20%E6%BB%A1%E6%84%8F", "x%20y%3A%20<udesk:satisfaction>"),
            ("x+y%3A+%E6%BB%A1%E6%84%8F", "x+y%3A+<udesk:satisfaction>"),
            ("100% of %E6%BB%A1%E6%84%8F", "100%25 of <udesk:satisfaction>"),
            ("p {&quot;ring_time&quot;:9} &amp; &lt;", "p {&quot;ring_time&quot;:<udesk:ring_time>} &amp; &lt;"),
            (
                "{&#34;ring_time&#34;:9,&#34;x&#34;:&#34;it&#39;s&#34;}",
                "{&#34;ring_time&#34;:<udesk:ring_time>,&#34;x&#34;:&#34;it&#39;s&#34;}",
            ),
            ("ring_time=9 then", "ring_time=<udesk:ring_time> then"),
            ("{'ring_time': 9, 'x': 9}", "{'ring_time': <udesk:ring_time>, 'x': 9}"),
            (r#""ring_time" => "9""#, r#""ring_time" => "<udesk:ring_time>""#),
            ("params['ring_time']=9;", "params['ring_time']=<udesk:ring_time>;"),
            ("ring_time\n9 ring_time 9 xring_time=9", "ring_time\n9 ring_time 9 xring_time=9"),
            ("ring_time=99, ring_time=9x", "ring_time=99, ring_time=9x"),
            // No form.
            ("ring_time=9&x", "ring_time=<udesk:ring_time>&x"),
            ("a b=1&ring_time=9", "a b=1&ring_time=<udesk:ring_time>"),
        ],
    );
}

/// A text in as many forms within each other.
fn nested_forms(text: &str, forms: usize) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    (0..forms).fold(text.to_owned(), |inner, _| format!("a=1&b={}", encoded(&inner)))
}

#[test]
fn writings_within_each_other_are_opened_as_deep_as_the_limit() {
    let redactor = redactor();
    let named =
        |forms: usize| redactor.line(Of::Story, &nested_forms("ring_time=9&x=1", forms)).contains("<udesk:ring_time>");
    assert!(named(LAYERS_MAX));
    assert!(!named(LAYERS_MAX + 1));
}

#[test]
fn a_hostile_answer_takes_no_more_work_than_its_length() {
    let redactor = redactor();
    let lists = |inner: &str| format!("{}{}{}", "[".repeat(60), Value::from(inner), "]".repeat(60));
    let nested_lists = (0..8).fold("x".to_owned(), |inner, _| lists(&inner));
    for body in [nested_forms("x=1&y=2", 40), nested_lists, "[".repeat(2_000), "ring_time=".repeat(2_000)] {
        assert!(redactor.line(Of::Story, &format!("x: {body}")).starts_with("x: "));
    }
}

#[test]
fn a_copy_has_the_place_of_its_original() {
    let redactor = redactor();
    assert_eq!([1, 2, 9, 3].map(|number| redactor.original(number)), [1, 2, 2, 3]);
    assert_eq!([1, 2, 9, 3, 77].map(|number| redactor.rank(number)), [0, 1, 1, 2, usize::MAX]);
}

/// A push that really leaves then.
fn left(number: u32, second: i64, content: &Value) -> RunEvent {
    let mut event = events::attempted(number, None, false);
    if let RunEvent::Attempted { began_ms, headers, body, .. } = &mut event {
        *began_ms = second * 1000 + 999;
        *headers = vec![("X-Push-Id".into(), "push-again".into())];
        *body = content.to_string();
    }
    event
}

fn probed(seconds: u64) -> RunEvent {
    events::probed(None, None, Duration::from_secs(seconds), true)
}

/// Whether a second is one of the story.
fn is_time(redactor: &Redactor, second: i64) -> bool {
    redactor.line(Of::Story, &second.to_string()) == "<time>"
}

#[test]
fn the_real_time_of_a_story_lasts_as_long_as_what_happens_in_it() {
    let mut redactor = redactor();
    redactor.event(&probed(3));
    assert!(!is_time(&redactor, REAL), "a probe before anything is sent says nothing of the time");
    redactor.event(&left(1, REAL, &json!({})));
    let ends = |redactor: &Redactor| (-60..=60).filter(|second| is_time(redactor, REAL + second)).collect::<Vec<_>>();
    assert_eq!(ends(&redactor), (-5..=5).collect::<Vec<_>>());
    assert!(is_time(&redactor, 1_795_197_600), "the instant that was sent");
    assert!(!is_time(&redactor, START + 7));
    let failed = events::failed(1, FailureClass::Timeout, Phase::FirstByte);
    redactor.event(&failed);
    redactor.event(&left(1, REAL - 8, &json!({})));
    assert_eq!(ends(&redactor), (-13..=16).collect::<Vec<_>>());
    redactor.event(&probed(20));
    redactor.event(&probed(2));
    assert_eq!(ends(&redactor), (-13..=29).collect::<Vec<_>>());
}

#[test]
fn what_a_fault_has_changed_is_named_as_what_stands_there_otherwise() {
    let mut redactor = redactor();
    // The copy stands where its original does.
    redactor.event(&left(9, REAL, &json!({ "call_id": "fresh-0001", "result": "changed", "new": "unknown" })));
    let body = r#"["fresh-0001","changed","unknown","push-again"]"#;
    let named = r#"["<call.id>","changed","unknown","<x-push-id>"]"#;
    assert_eq!(redactor.body(Of::Story, body, KeyOrder::InOrder), named);
}

#[test]
fn rules_name_what_the_scenario_wants_named() {
    let rule = |rule: Result<Rule, RuleError>, name: &str| rule.expect("a rule").named(name);
    let redactor = redactor_with(vec![
        rule(Rule::place("$.server.time"), "<when>"),
        rule(Rule::place("/list/0"), "first"),
        rule(Rule::matches("v[0-9]+"), "version"),
        Rule::header("X-Request"),
    ]);
    for (body, expected) in [
        (r#"{"server":{"time":"x"},"list":[5,6]}"#, r#"{"server":{"time":"<when>"},"list":[<first>,6]}"#),
        (r#"{"a":"v17 CALL","time":"x"}"#, r#"{"a":"<version> <call.id>","time":"x"}"#),
        ("v2 of CALL", "<version> of <call.id>"),
    ] {
        assert_eq!(redactor.body(Of::Story, &body.replace("CALL", CALL), KeyOrder::InOrder), expected);
    }
    assert_eq!(redactor.header(Of::Story, "x-request", "abc"), "<redacted>");
    assert_eq!(redactor.header(Of::Story, "X-Other", "v3 abc"), "<version> abc");
    assert!(Rule::place("server.time").is_err() && Rule::matches("(").is_err());
    let rules = || [Rule::place("$.a"), Rule::place("/a"), Rule::matches("a"), Ok(Rule::header("a"))];
    for (nth, one) in rules().iter().enumerate() {
        let same: Vec<usize> = (0..4).filter(|other| rules()[*other] == *one).collect();
        assert_eq!(same, [nth]);
    }
    assert_ne!(Rule::header("a"), Rule::header("a").named("b"));
    assert_ne!(Rule::header("a"), Rule::header("b"));
}
