//! Wrong scenario files, written as users write them, with the messages that they get; and odd ones that are right.

use insta::{assert_snapshot, glob};
use ringback::call::{
    Afterwards, Audience, Channel, Content, Destination, Kind, Media, NotificationEvent, Platform, Span, Speaker, Step,
    Subject,
};
use ringback::scenario::{self, Retry, Scenario, Sign, SignClock, SignEncoding, SignFormat, SignScheme};
use std::fs;
use std::time::Duration;

/// The only variable that is set where these files are read.
fn environment(name: &str) -> Option<String> {
    let secrets = [("HOOK_SECRET", "c2VjcmV0"), ("NEW_SECRET", "bmV3")];
    secrets.into_iter().find(|(known, _)| *known == name).map(|(_, secret)| secret.to_owned())
}

#[test]
fn every_wrong_file_gets_its_message() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("wrong/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        glob!("wrong/*.yaml", |path| {
            let name = path.file_name().expect("a file").to_string_lossy();
            let stem = path.file_stem().expect("a file").to_string_lossy();
            let text = fs::read_to_string(path).expect("a readable file");
            let wrong = scenario::parse(&stem, &name, &text, &environment).map(|_| ()).expect_err(&name);
            assert_snapshot!("wrong", wrong.render(false));
        });
    });
}

#[test]
fn every_message_points_at_a_place_and_says_what_to_do() {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wrong")).expect("the folder of wrong files");
    let files: Vec<_> = files.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    assert!(files.len() >= 45, "only {} files", files.len());
    for path in files {
        let text = fs::read_to_string(&path).expect("a readable file");
        let name = path.display().to_string();
        for diagnostic in scenario::parse("wrong", &name, &text, &environment).expect_err(&name).iter() {
            let place = diagnostic.place.expect("a place");
            assert!(place.end <= text.len() && place.start <= place.end, "{name}: {place:?}");
            assert!(diagnostic.help.as_ref().is_some_and(|help| !help.is_empty()), "{name}: {}", diagnostic.message);
            let told = format!("{} {}", diagnostic.message, diagnostic.help.as_deref().unwrap_or_default());
            for foreign in ["serde", "mapping", "scalar", "sequence", "Option", "enum", "struct", "i64", "u32"] {
                assert!(!told.contains(foreign), "{name}: {told}");
            }
        }
    }
}

fn read(text: &str) -> Scenario {
    scenario::parse("odd", "odd.yaml", text, &environment).unwrap_or_else(|wrong| panic!("{wrong}"))
}

const SCRIPT: &str = "script: [ring: ann, answer: ann, ring: customer, answer: customer, hangup: ann]\n";

#[test]
fn a_scenario_may_be_json() {
    let text = r#"{
        "title": "JSON is YAML too",
        "call": { "kind": "inbound", "customer": { "phone": "13800138000" }, "agents": { "ann": null } },
        "script": [ { "enqueue": null }, { "wait": "3s..12s" }, { "ring": "ann" }, { "answer": "ann" }, { "hangup": "ann" }, "record" ]
    }"#;
    let scenario = read(text);
    assert_eq!(scenario.cast.subject, Subject::Call(Kind::Inbound));
    let span = Span { shortest: Duration::from_secs(3), longest: Duration::from_secs(12) };
    assert_eq!(scenario.script[..2], [Step::Enqueue(None), Step::Wait(span)]);
    assert_eq!(scenario.script.last(), Some(&Step::Record));
}

#[test]
fn numbers_and_names_keep_their_characters() {
    let text = format!(
        "title: Names\ncall:\n  kind: outbound\n  line: 01081400192\n  customer: {{ phone: \"013800138000\", name: no, area_code: 010 }}\n  \
         agents:\n    ann: {{ number: 0001, name: 王芳, email: ann@example.com }}\n{SCRIPT}"
    );
    let cast = read(&text).cast;
    assert_eq!(cast.line.as_deref(), Some("01081400192"));
    assert_eq!(cast.customer.phone.as_deref(), Some("013800138000"));
    assert_eq!(cast.customer.name.as_deref(), Some("no"));
    assert_eq!(cast.customer.area_code.as_deref(), Some("010"));
    assert_eq!(cast.agents[0].number.as_deref(), Some("0001"));
    assert_eq!(cast.agents[0].name.as_deref(), Some("王芳"));
}

#[test]
fn line_ends_a_byte_order_mark_comments_and_aliases_do_no_harm() {
    let text = format!(
        "\u{feff}# a comment\n---\ntitle: 标题 # behind it\ncall:\n  kind: outbound\n  customer: {{ name: &name 王芳 }}\n  \
         agents: {{ ann: {{ name: *name }} }}\n\n{SCRIPT}"
    );
    let with_crlf = text.replace('\n', "\r\n");
    let (one, other) = (read(&text), read(&with_crlf));
    assert_eq!(one.title, "标题");
    assert_eq!(one.cast.agents[0].name.as_deref(), Some("王芳"));
    assert_eq!((one.cast, one.script), (other.cast, other.script));
}

#[test]
fn what_is_left_out_is_there() {
    let scenario = read("title: Nobody is named\ncall: { kind: inbound }\nscript:\n- enqueue: queue\n- task: task\n- ring: agent\n- answer: agent\n- hold\n- resume\n- hangup: customer\n- survey: '5'\n"
        .replace("- task: task\n", "").replace("- survey: '5'\n", "").as_str());
    assert_eq!(scenario.cast.agents[0].key, "agent");
    assert_eq!((scenario.cast.queues[0].key.as_str(), scenario.cast.tasks[0].key.as_str()), ("queue", "task"));
    assert_eq!(scenario.script[3..5], [Step::Hold(0), Step::Resume(0)]);
}

#[test]
fn a_chat_is_read() {
    let text = "title: A chat\nchat: { channel: whatsapp, agents: { ann: , bob: }, queues: { sales: } }\nscript:\n\
        - say: 您好\n- say: { by: customer, text: 转人工 }\n- transfer: sales\n- answer: ann\n\
        - say: { image: \"1\" }\n- say: { by: ann, location: { latitude: 39.90, longitude: -116, description: 天安门 } }\n\
        - read: { by: ann, count: 1 }\n- transfer: bob\n- wait: 3s..5s\n- answer: bob\n- disconnect: { by: system, async: true }\n";
    let scenario = read(text);
    assert_eq!(scenario.cast.subject, Subject::Chat(Channel::Whatsapp));
    let place =
        Content::Location { latitude: "39.90".into(), longitude: "-116".into(), description: "天安门".into() };
    let text = |words: &str| Content::Text(words.to_owned());
    assert_eq!(
        scenario.script[..2],
        [Step::Say(None, text("您好")), Step::Say(Some(Speaker::Customer), text("转人工")),]
    );
    assert_eq!(scenario.script[2], Step::HandOn(Destination::Queue(0)));
    assert_eq!(
        scenario.script[4..8],
        [
            Step::Say(None, Content::File(Media::Image, "1".into())),
            Step::Say(Some(Speaker::Agent(0)), place),
            Step::Read(0, Some(1)),
            Step::HandOn(Destination::Agent(1)),
        ]
    );
    let open = Afterwards::Open { tip: None };
    assert_eq!(scenario.script.last(), Some(&Step::Disconnect { by: Speaker::System, afterwards: open }));
    let alone = read("title: Alone\nchat:\nscript: [enqueue, answer, say: 您好, disconnect: agent]\n");
    assert_eq!(alone.cast.subject, Subject::Chat(Channel::Web));
}

#[test]
fn notifications_are_read() {
    let text = "title: Notifications\nnotification:\n  tasks:\n    spring: { id: 012, title: no, tags: [vip], all_tags: true, expire: 2h }\n    \
        summer: { target: token, platform: ios, custom: { order: 0021 } }\nscript:\n- create: spring\n- wait: 7d\n- create: summer\n";
    let scenario = read(text);
    assert_eq!(scenario.cast.subject, Subject::Notification);
    let [spring, summer] = scenario.cast.notifications.as_slice() else { panic!("two tasks") };
    assert_eq!((spring.id.as_deref(), spring.title.as_deref()), (Some("012"), Some("no")));
    assert_eq!(spring.audience, Audience::Tags { tags: vec!["vip".into()], all: true });
    assert_eq!(spring.sending.expires, Duration::from_secs(7200));
    assert_eq!((&summer.audience, summer.sending.platform), (&Audience::Tokens(Vec::new()), Platform::Ios));
    assert_eq!(summer.sending.custom, [("order".to_owned(), "0021".to_owned())]);
    let created = Step::Notification { task: 1, event: NotificationEvent::Created };
    assert_eq!(scenario.script.last(), Some(&created));
    let alone = read("title: Alone\nnotification:\nscript: [create, schedule, cancel]\n");
    assert_eq!(alone.cast.notifications[0].key, "task");
}

#[test]
fn delivery_is_read() {
    let text = format!(
        "title: Delivery\ncall: {{ kind: outbound, agents: {{ ann: }} }}\n{SCRIPT}deliver:\n  to: http://127.0.0.1:9/hook\n  \
         headers: {{ X-Env: ci }}\n  timeout: 1m30s\n  retry: {{ waits: [5s, 0], jitter: 20%, on: [5xx, 429] }}\n  \
         sign: {{ scheme: standard-webhooks, secret: \"whsec_{{env.HOOK_SECRET}}\" }}\n"
    );
    let deliver = read(&text).deliver;
    assert_eq!(deliver.to[0].to_string(), "http://127.0.0.1:9/hook");
    let [(name, value)] = deliver.headers.as_slice() else { panic!("one header") };
    assert_eq!((name.as_str(), value.to_string().as_str()), ("X-Env", "ci"));
    assert_eq!(deliver.timeout, Some(Duration::from_secs(90)));
    let Retry::Explicit { waits, jitter, on } = deliver.retry else { panic!("{:?}", deliver.retry) };
    assert_eq!((waits, jitter, on.len()), (vec![Duration::from_secs(5), Duration::ZERO], 0.2, 2));
    assert_eq!(deliver.sign, Some(scenario::Sign::standard_webhooks("whsec_c2VjcmV0")));
}

#[test]
fn every_form_of_a_signature_is_read() {
    let sign = |sign: &str| {
        let call = "title: Signed\ncall: { kind: outbound, agents: { ann: } }\n";
        read(&format!("{call}{SCRIPT}deliver: {{ sign: {{ {sign} }} }}\n")).deliver.sign.expect("a signature")
    };
    let standard =
        sign("scheme: standard-webhooks, secrets: [\"whsec_{env.HOOK_SECRET}\", whsec_b2xk], clock: scenario");
    assert_eq!(
        (standard.secrets.as_slice(), standard.clock),
        (["whsec_c2VjcmV0", "whsec_b2xk"].map(str::to_owned).as_slice(), SignClock::Scenario)
    );
    let github = sign("scheme: hmac-sha256, header: X-Hub-Signature-256, prefix: sha256=, secret: s, clock: real");
    assert_eq!(
        github.scheme,
        SignScheme::HmacSha256 {
            header: "X-Hub-Signature-256".into(),
            encoding: SignEncoding::Hex,
            format: SignFormat::Body("sha256=".into()),
        }
    );
    assert_eq!(github.clock, SignClock::Real);
    let stripe = sign("scheme: hmac-sha256, header: Sign, encoding: base64, format: timestamped, secrets: [new, old]");
    assert_eq!(
        stripe.scheme,
        SignScheme::HmacSha256 {
            header: "Sign".into(),
            encoding: SignEncoding::Base64,
            format: SignFormat::Timestamped,
        }
    );
    assert_eq!(stripe.secrets, ["new", "old"]);
    let guide = include_str!("../src/guide/answers.md").lines().filter_map(|line| line.trim().strip_prefix("sign: {"));
    let shown: Vec<Sign> = guide.map(|shown| sign(shown.trim_end_matches(" }"))).collect();
    assert_eq!(shown.len(), 6, "{shown:?}");
}

#[test]
fn what_lets_others_in_is_not_quoted_from_the_file_however_it_is_written() {
    for (written, secret) in [
        ("Bearer hush-hush", "hush-hush"),
        ("\"Bearer hush \\\"hush\\\"\"", "hush"),
        ("'it''s hush'", "hush"),
        ("\"\\x68ush-in-hexadecimal\"", "ush-in"),
    ] {
        let text = format!(
            "title: Secret\ncall: {{ kind: outbound, agents: {{ ann: }} }}\n{SCRIPT}\
             probe: {{ get: \"http://127.0.0.1:9/\", headers: {{ Authorization: {written}, X-Env: shown }}, json: {{ $.a: 1 }} }}\n"
        );
        let probe = &read(&text).contract.probes[0];
        let quote = &probe.expectation.quote;
        assert!(quote.contains("Authorization") && quote.contains("shown") && !quote.contains(secret), "{quote}");
        assert!(!probe.expectation.text.contains(secret), "{}", probe.expectation.text);
        // Nor where something on the same line is wrong, or the file is not YAML.
        for wrong in [text.replace("shown", "\"{trace}\""), text.replace("$.a: 1", "[")] {
            let told =
                scenario::parse("secret", "secret.yaml", &wrong, &|_| None).expect_err("a mistake").render(false);
            assert!(told.contains("Authorization") && !told.contains(secret), "{told}");
        }
    }
}

#[test]
fn a_secret_in_the_file_is_never_repeated() {
    let text = format!(
        "title: Secret\ncall: {{ kind: outbound, agents: {{ ann: }} }}\n{SCRIPT}\
         deliver: {{ sign: {{ scheme: standart-webhooks, secret: \"whsec_hush\" }} }}\n"
    );
    let wrong = scenario::parse("odd", "odd.yaml", &text, &environment).expect_err("a misspelt scheme").render(false);
    assert!(wrong.contains("standart-webhooks") && !wrong.contains("hush"), "{wrong}");
    let text = text.replace("\" } }", " } }");
    let wrong = scenario::parse("odd", "odd.yaml", &text, &environment).expect_err("an open quote").render(false);
    assert!(wrong.contains("RB-101") && !wrong.contains("hush"), "{wrong}");
    let secrets = [
        "[hush, \"{env.HOOK_SECRET}\", hush-2]",
        "\n    - hush\n    - hush-2",
        "[\n    hush,\n    hush-2]",
        "{ a: hush }",
    ];
    for written in secrets {
        for key in ["secrets", "secret", "signing_secret"] {
            let block = format!("deliver:\n  sign:\n    scheme: standart-webhooks\n    {key}: {written}\n");
            let call = format!("title: Secret\ncall: {{ kind: outbound, agents: {{ ann: }} }}\n{SCRIPT}");
            let wrong = scenario::parse("odd", "odd.yaml", &(call.clone() + &block), &environment)
                .expect_err("a misspelt scheme");
            assert!(!wrong.render(false).contains("hush"), "{}", wrong.render(false));
            if !written.starts_with('{') {
                let cut = format!("{call}{block}  headers: {{ X-Env: [ }}\n");
                let wrong = scenario::parse("odd", "odd.yaml", &cut, &environment).expect_err("no YAML").render(false);
                assert!(wrong.contains("RB-101") && !wrong.contains("hush"), "{wrong}");
            }
        }
    }
}

#[test]
fn a_character_that_nobody_sees_is_named_for_what_it_is() {
    for (text, place) in [("title: x\0y\n", "1:9"), ("\0title: x\n", "1:1"), ("title: x\n\0\n", "2:1")] {
        let wrong = scenario::parse("odd", "odd.yaml", text, &environment).expect_err(place).render(false);
        assert!(wrong.contains("this character cannot stand in YAML") && wrong.contains(place), "{wrong}");
    }
}

#[test]
fn limits_are_errors_and_no_disaster() {
    let told = |text: &str| scenario::parse("big", "big.yaml", text, &environment).expect_err("a limit").render(false);
    assert!(told(&"x".repeat(1024 * 1024 + 1)).contains("RB-112"));
    assert!(told(&"[".repeat(100_000)).contains("64 deep"));
    assert!(told(&format!("title: [{}]", "1,".repeat(100_001))).contains("100000 keys and values"));
    let mut laughs = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
    for level in 1..20 {
        let alias = format!("*a{},", level - 1).repeat(10);
        laughs += &format!("a{level}: &a{level} [{alias}]\n");
    }
    assert!(told(&laughs).contains("100000 keys and values"));
    let keys = |count: usize| (0..count).map(|key| format!("k{key}: 1\n")).collect::<String>();
    assert!(told(&keys(500)).contains("more problems from here on are not shown"));
    assert!(told(&keys(2_000)).contains("more than 1000 keys"));
}

#[test]
fn no_text_makes_it_panic() {
    for whole in [
        include_str!("../scenarios/transfer.yaml"),
        include_str!("../scenarios/chat/chat-timeout-async.yaml"),
        include_str!("../scenarios/notification/push-finished.yaml"),
    ] {
        put_into(whole);
    }
}

/// Cuts a text at many places, and puts odd characters there.
fn put_into(whole: &str) {
    for end in (0..whole.len()).step_by(3).filter(|end| whole.is_char_boundary(*end)) {
        let _ = scenario::parse("cut", "cut.yaml", &whole[..end], &environment).map_err(|wrong| wrong.render(true));
        for put in ["\t", "\"", "[", "}", ":", "- ", "*", "王", "\r\n", "\0", "\u{2028}", "&a *a", "!x "] {
            let text = format!("{}{put}{}", &whole[..end], &whole[end..]);
            let _ = scenario::parse("put", "put.yaml", &text, &environment).map_err(|wrong| wrong.render(false));
        }
    }
}
