//! The schema of scenario files: editors and the reader agree on what is right and what there is.

use crate::support;

use crate::support::yaml::seen_by_editor;
use jsonschema::Validator;
use ringback::diagnostic::{Code, Diagnostics};
use ringback::scenario::{self, Scenario};
use ringback::{schema, vendors};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

/// Wrong files that an editor marks. In the others, only the reader can know the mistake: who is declared, whether the
/// story can happen, whether a word of the environment is set; or they are no YAML at all.
const MARKED: &[&str] = &[
    "agent-name-in-capitals",
    "agents-as-a-list",
    "agents-as-a-list-of-names",
    "agents-at-the-top",
    "call-as-a-word",
    "call-without-kind",
    "causes",
    "chat-keys-of-a-call",
    "chat-read-transfer-disconnect",
    "chat-say",
    "chat-verbs-of-a-call",
    "chinese-before-the-typo",
    "colon-missing-in-a-step",
    "compose-habits",
    "deliver-addresses",
    "deliver-at-the-top",
    "deliver-headers",
    "deliver-retry",
    "deliver-retry-word",
    "empty-file",
    "expect-as-keys",
    "expect-elsewhere",
    "expect-empty",
    "expect-headers",
    "expect-keys",
    "expect-list-empty",
    "expect-matcher-values",
    "expect-nothing",
    "expect-push",
    "expect-status",
    "expect-story",
    "expect-unknown-matcher",
    "expect-within",
    "faults-as-keys",
    "faults-as-steps",
    "faults-settings",
    "faults-triggers",
    "faults-unknown-names",
    "keys-and-survey",
    "kind-in-german",
    "list-of-steps-alone",
    "login-in-a-call",
    "many-mistakes",
    "no-script",
    "no-subject",
    "notification-target",
    "notification-task",
    "notification-verbs",
    "notification-without-tasks",
    "only-comments",
    "options-unknown",
    "options-without-vendor",
    "options-wrong-kind",
    "outsider-listens",
    "phones",
    "probe-addresses",
    "probe-answers",
    "probe-as-text",
    "probe-commands",
    "probe-empty-list",
    "probe-in-other-words",
    "probe-parts-of-a-request",
    "probe-push-without-each",
    "probe-times",
    "recognise",
    "ring-in-a-shift",
    "say-in-a-call",
    "script-as-keys",
    "script-as-text",
    "set-as-keys",
    "set-unknown",
    "sign",
    "sign-hmac-form",
    "sign-in-other-words",
    "sign-secrets",
    "sign-secrets-alike",
    "sign-secrets-empty",
    "sign-standard-form",
    "status-words",
    "step-as-type-and-agent",
    "steps-instead-of-script",
    "story-nothing-happens",
    "thresholds",
    "thresholds-as-keys",
    "thresholds-empty",
    "two-subjects",
    "two-verbs-in-one-step",
    "typo-in-keys",
    "unknown-verb",
    "value-missing",
    "vendor-alone",
    "vendors",
    "waits",
];

/// Scenarios that have every key and every verb between them.
const RIGHT: [&str; 17] = [
    EXPECT,
    PEOPLE,
    TALK,
    OTHERS,
    FAILED,
    MESSAGE,
    SHIFT,
    CHAT,
    NOTIFICATION,
    DELIVERY,
    FAULTS,
    MORE_FAULTS,
    FAULTS_OF_HEADS,
    PROBE,
    PROBES,
    THRESHOLDS,
    SNAPSHOT,
];

const EXPECT: &str = r#"
title: Held to a contract
call: { kind: inbound }
script: [enqueue, hangup: customer]
expect:
  - { push: "udesk:*", answer: last, status: 2xx, within: 500ms }
  - { status: [200, 204, 3xx], headers: { Content-Type: { contains: json }, X-Debug: { absent: true } } }
  - json:
      state: ended
      id: { matches: "^[0-9]+$" }
      agent: { equals: { id: 7 } }
      kind: { type: [string, integer] }
      seconds: { range: 1..10 }
      more: { at_least: 1 }
      less: { at_most: 1.5 }
      tags: { contains: vip }
      way: { one_of: [in, out, ~] }
      list: [1, { length: 1..3 }]
      other: { not: talking }
      $.calls[*].id: { present: true }
      /a~1b: { absent: true }
  - { text: { contains: ok } }
  - { text: ok }
  - { empty: true }
  - { story: answered }
  - { story: [no_5xx, in_order] }
  - { story: { answered: true, attempts: 3, no_5xx: true, in_order: true, no_error_after_end: true } }
"#;

const PEOPLE: &str = r#"
title: Everybody
call:
  kind: inbound
  locale: zh-CN
  line: "01081400192"
  customer: { phone: "13800138000", name: 王芳, province: 北京, city: 北京, area_code: "010", blacklisted: false }
  agents: { ann: { number: "2001", name: 李娜, phone: "13900139000", email: ann@example.com, city: 上海 }, bob: }
  outside: { boss: { phone: "13700137000" } }
  queues: { sales: { number: "800", name: 销售 } }
  tasks: { spring: { id: 12, name: 春季 } }
script: [enqueue, hangup: customer]
"#;

const TALK: &str = r#"
title: Talk
call: { kind: inbound }
script:
  - ivr: { name: 主菜单, variables: { lang: zh }, record: true }
  - keys: "1"
  - wait: 3s..12s
  - enqueue: queue
  - lock: agent
  - ring: agent
  - decline: { party: agent, cause: no-answer }
  - ring: agent
  - answer: agent
  - hold: agent
  - resume: agent
  - hangup: { by: agent, release_after: 3s, cause: forbidden }
  - survey: { keys: "5", after: 6s }
  - record
  - transcribe: 你好
  - understand: 查询
"#;

const OTHERS: &str = r#"
title: Others
call: { kind: inbound, agents: { ann: , bob: , sup: }, outside: { boss: } }
script:
  - enqueue
  - ring: ann
  - answer: ann
  - consult: boss
  - decline: boss
  - conference: bob
  - answer: bob
  - listen: sup
  - decline: sup
  - whisper: sup
  - decline: sup
  - barge: sup
  - decline: sup
  - intercept: sup
  - decline: sup
  - transfer: boss
  - decline: boss
  - hangup: ann
"#;

const FAILED: &str = r#"
title: Nobody answers
call: { kind: preview, tasks: { spring: } }
script:
  - task: spring
  - ring: agent
  - answer: agent
  - ring: customer
  - decline: customer
  - recognise: { reason: onThePhone, code: 15, keyword: 正在通话 }
deliver: { to: http://127.0.0.1/, retry: none, sign: { scheme: standard-webhooks, secrets: ["{env.HOOK_SECRET}", b2xk], clock: scenario } }
"#;

const MESSAGE: &str = r#"
title: A message
call: { kind: inbound }
script: [{ enqueue: }, { wait: 5s }, { voicemail: 20s }, hangup: customer, record]
"#;

const SHIFT: &str = r#"
title: A day
shift: { locale: en-US, agents: { ann: { number: "2001" } } }
script:
  - login: { agent: ann, device: softphone }
  - wait: 1h
  - status: busy
  - status: { ann: idle }
  - status: { ann: { number: 101, name: 小休 } }
  - logout: { agent: ann, offline: phone }
vendors: 7moor
"#;

const CHAT: &str = r#"
title: A chat
chat:
  channel: web
  locale: en-US
  customer: { name: 王芳 }
  agents: { ann: { number: "2001" }, bob: }
  queues: { sales: }
script:
  - say: { by: robot, text: 您好 }
  - say: 请稍等
  - transfer: sales
  - answer: ann
  - say: { by: customer, image: "1179725658739559001" }
  - read: { by: ann, count: 1 }
  - say: { video: "1179725658739559002" }
  - say: { audio: "1179725658739559003" }
  - say: { document: "1179725658739559004" }
  - say: { location: { latitude: 39.9, longitude: 116.4, description: 天安门 } }
  - transfer: bob
  - answer: bob
  - disconnect: { by: system, async: true, text: 会话超时 }
"#;

const NOTIFICATION: &str = r#"
title: Notifications
notification:
  tasks:
    spring:
      id: 589840563
      title: 春季活动
      content: 全场八折
      target: tag
      tags: [vip]
      all_tags: true
      platform: ios
      message_type: message
      environment: dev
      expire: 2h
      source: web
      multi_package: true
      collapse_id: 7
      custom: { order: "8021" }
    summer: { tokens: [a1b2] }
    autumn: { accounts: [u1] }
    winter: { package: 17 }
    leap:
script:
  - create: spring
  - schedule: spring
  - start: spring
  - finish: spring
  - revoke: spring
  - create: summer
  - schedule: summer
  - cancel: summer
  - create: autumn
  - schedule: autumn
  - delete: autumn
  - create: winter
  - schedule: winter
  - start: winter
  - wait: 7d
  - collapse: winter
  - create: leap
  - schedule: leap
  - start: leap
  - fail: leap
"#;

const DELIVERY: &str = r#"
title: Delivery
call: { kind: inbound }
script: [enqueue, hangup: customer]
vendors: [udesk, 7moor]
options: { udesk: { agent_lock: true }, 7moor: { cdr_delay: 3s } }
set: [{ push: "udesk:end", field: survey, value: 满意 }]
deliver:
  to: [http://127.0.0.1:8080/hook]
  headers: { X-Env: ci }
  order: total
  timeout: 3s
  retry: { waits: [5s, 5m], jitter: 20%, on: [timeout, 429] }
  sign: { scheme: hmac-sha256, secret: "{env.HOOK_SECRET}", header: X-Signature, encoding: hex, prefix: sha256=, format: body }
"#;

const FAULTS: &str = r#"
title: Faults
shift: { }
script: [{ login: agent }]
deliver: { disable_after: 3 }
faults:
  - { fault: drop, push: "udesk:*", call: 1, target: 1, when: { nth: 2, rate: 20%, between: 10s..20s } }
  - { fault: delay, by: 1s..20s, shape: lognormal, when: { every: 2 } }
  - { fault: lost-ack, again: 1s, when: { attempts: 1..2 } }
"#;

const MORE_FAULTS: &str = r#"
title: More faults
shift: { }
script: [{ login: agent }]
faults:
  - { fault: reorder, push: "*:end", before: "udesk:enqueue_succ" }
  - { fault: duplicate, copies: 2, may_idle: true }
  - { fault: type-flip, push: "udesk:end", field: survey }
  - { fault: truncate-body, keep: 50% }
"#;

const FAULTS_OF_HEADS: &str = r#"
title: Faults of heads
shift: { }
script: [{ login: agent }]
faults:
  - { fault: wrong-method, to: get, push: "udesk:end" }
  - { fault: missing-header, header: User-Agent }
  - { fault: wrong-content-type, to: text/xml }
"#;

const PROBE: &str = r#"
title: Asked
shift: { }
script: [{ login: agent }]
probe:
  get: http://127.0.0.1:9/calls/{call.id}
  within: 5s
  every: 100ms
  each: true
  when_lost: judge
  push: "*:end"
  status: [200, 2xx]
  json: { a: 1 }
"#;

const SNAPSHOT: &str = r#"
title: Taken down
shift: { }
script: [{ login: agent }]
snapshot:
  redact:
    - $.server_time
    - /data/0/id
    - { matches: "req-[0-9]+", as: <request> }
    - { header: X-Request-Id }
    - { at: $..token, as: token }
  headers: [Content-Type, X-Request-Id]
  keys: in_order
"#;

const PROBES: &str = r#"
title: Asked in several ways
shift: { }
script: [{ login: agent }]
probe:
  - { post: "{target.origin}/calls", headers: { X-Env: "{env.HOOK_SECRET}" }, body: { id: "{call.id}" }, text: ok }
  - { command: [./state.sh, "{call.id}", ""], status: [0, 3] }
  - { command: "./state.sh {agent.number}", status: 0 }
"#;

const THRESHOLDS: &str = r#"
title: Held to figures under load
call: { kind: inbound }
script: [enqueue, hangup: customer]
thresholds:
  - p99<200ms
  - "udesk:end service p99.9 <= 1.5s"
  - "udesk:* response mean<1m30s"
  - errors<0.1%
  - lost==0
  - rate>=12000/m
"#;

fn environment(name: &str) -> Option<String> {
    (name == "HOOK_SECRET").then(|| "c2VjcmV0".to_owned())
}

fn read(text: &str) -> Result<Scenario, Diagnostics> {
    scenario::parse("schema", "schema.yaml", text, &environment)
}

fn editor() -> Validator {
    jsonschema::draft202012::new(&schema::scenario()).expect("a schema that can be used")
}

/// What an editor marks, each mistake with its place.
fn marked(editor: &Validator, text: &str) -> Vec<String> {
    let seen = seen_by_editor(text).unwrap_or_else(|| panic!("this is no YAML:\n{text}"));
    editor.iter_errors(&seen).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn it_is_a_schema_and_printed_the_same_each_time() {
    let schema = schema::scenario();
    jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
    let printed = support::command::run(&["schema", "scenario"]);
    assert_eq!(printed.code, 0);
    assert_eq!(printed.out, format!("{schema:#}\n"));
    assert!(printed.out.starts_with("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"));
    assert_eq!(support::command::run(&["schema"]).code, 2);
}

#[test]
fn every_shipped_scenario_is_right_and_names_the_schema() {
    let editor = editor();
    for shipped in scenario::built_in() {
        assert_eq!(marked(&editor, &shipped.text), Vec::<String>::new(), "{}", shipped.name);
        // One schema lies beside the scenarios of all folders; who is shown a file puts it where the schema is.
        let up = "../".repeat(shipped.path.matches('/').count());
        let comment = |up: &str| Some(format!("# yaml-language-server: $schema={up}scenario.schema.json"));
        assert_eq!(shipped.text.lines().next().map(str::to_owned), comment(&up), "{}", shipped.name);
        let shown = support::command::run(&["show", &shipped.name]).out;
        assert_eq!(shown.lines().next().map(str::to_owned), comment(""), "{}", shipped.name);
        assert!(shown.lines().skip(1).eq(shipped.text.lines().skip(1)), "{}", shipped.name);
    }
    for text in RIGHT {
        read(text).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
        assert_eq!(marked(&editor, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn wrong_files_are_marked() {
    let editor = editor();
    for name in MARKED {
        let path = format!("{}/tests/wrong/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(path).expect(name);
        assert!(!marked(&editor, &text).is_empty(), "{name} looks right to an editor");
    }
}

/// The words in backticks.
fn ticked(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().expect("an object").keys().cloned().collect()
}

/// Every key within a value.
fn keys_within(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(keys) => keys.iter().for_each(|(key, inner)| {
            found.insert(key.clone());
            keys_within(inner, found);
        }),
        Value::Array(items) => items.iter().for_each(|inner| match inner {
            Value::String(verb) => drop(found.insert(verb.clone())),
            inner => keys_within(inner, found),
        }),
        _ => {}
    }
}

#[test]
fn the_right_files_have_every_key_and_verb() {
    let mut used = BTreeSet::new();
    RIGHT.iter().for_each(|text| keys_within(&seen_by_editor(text).expect("YAML"), &mut used));
    let schema = schema::scenario();
    for (name, definition) in schema["$defs"].as_object().expect("definitions") {
        let known = match name.strip_prefix("step_") {
            Some(verb) => BTreeSet::from([verb.to_owned()]),
            None if name.ends_with("_options") => BTreeSet::new(),
            None => definition.get("properties").map(keys).unwrap_or_default(),
        };
        assert!(known.is_subset(&used), "{name}: {:?}", known.difference(&used));
    }
}

/// What the reader says should be done about `qqqqqq`.
fn help(text: &str) -> String {
    let wrong = read(text).expect_err(text);
    let diagnostic = wrong.iter().find(|diagnostic| diagnostic.message.contains("`qqqqqq`"));
    diagnostic.and_then(|diagnostic| diagnostic.help.clone()).unwrap_or_else(|| panic!("{}", wrong.render(false)))
}

#[test]
fn the_keys_are_those_of_the_reader() {
    let schema = schema::scenario();
    let call = |inner: &str| format!("title: T\ncall: {{ kind: inbound, {inner} }}\nscript: [enqueue]\n");
    let step = |step: &str| format!("title: T\ncall: {{ kind: inbound }}\nscript: [{step}]\n");
    let shift = |step: &str| format!("title: T\nshift: {{ agents: {{ ann: }} }}\nscript: [{step}]\n");
    let chat = |step: &str| format!("title: T\nchat: {{ agents: {{ ann: }} }}\nscript: [{step}]\n");
    let notification = |step: &str| format!("title: T\nnotification:\nscript: [{step}]\n");
    let deliver = |inner: &str| format!("{}deliver: {{ {inner} }}\n", call(""));
    let blocks = [
        ("call", call("qqqqqq: 1")),
        ("shift", "title: T\nshift: { qqqqqq: 1 }\nscript: [login: agent]\n".to_owned()),
        ("chat", "title: T\nchat: { qqqqqq: 1 }\nscript: [enqueue]\n".to_owned()),
        ("notification", "title: T\nnotification: { qqqqqq: 1 }\nscript: [create]\n".to_owned()),
        ("push_task", "title: T\nnotification: { tasks: { spring: { qqqqqq: 1 } } }\nscript: [create]\n".to_owned()),
        ("customer", call("customer: { qqqqqq: 1 }")),
        ("agent", call("agents: { ann: { qqqqqq: 1 } }")),
        ("outside_party", call("outside: { boss: { qqqqqq: 1 } }")),
        ("queue", call("queues: { sales: { qqqqqq: 1 } }")),
        ("task", call("tasks: { spring: { qqqqqq: 1 } }")),
        ("trigger", format!("{}faults: [{{ fault: drop, when: {{ qqqqqq: 1 }} }}]\n", call(""))),
        ("probe", format!("{}probe: {{ qqqqqq: 1 }}\n", call(""))),
        ("snapshot", format!("{}snapshot: {{ qqqqqq: 1 }}\n", call(""))),
        ("redaction", format!("{}snapshot: {{ redact: [{{ qqqqqq: 1 }}] }}\n", call(""))),
        ("override", format!("{}set: [{{ qqqqqq: 1 }}]\n", call(""))),
        ("deliver", deliver("qqqqqq: 1")),
        ("retry", deliver("retry: { qqqqqq: 1 }")),
        ("sign", deliver("sign: { qqqqqq: 1 }")),
        ("ivr_menu", step("ivr: { qqqqqq: 1 }")),
        ("declined", step("decline: { qqqqqq: 1 }")),
        ("hung_up", step("hangup: { qqqqqq: 1 }")),
        ("survey_answer", step("survey: { qqqqqq: 1 }")),
        ("recognition", step("recognise: { qqqqqq: 1 }")),
        ("logged_in", shift("login: { qqqqqq: 1 }")),
        ("logged_out", shift("logout: { qqqqqq: 1 }")),
        ("said", chat("say: { qqqqqq: 1 }")),
        ("location", chat("say: { location: { qqqqqq: 1 } }")),
        ("read_messages", chat("read: { qqqqqq: 1 }")),
        ("disconnected", chat("disconnect: { qqqqqq: 1 }")),
        ("expectation", format!("{}expect: [{{ qqqqqq: 1 }}]\n", call(""))),
        ("story", format!("{}expect: [{{ story: {{ qqqqqq: 1 }} }}]\n", call(""))),
        ("own_status", shift("status: { ann: { qqqqqq: 1 } }")),
    ];
    for (name, text) in &blocks {
        let help = help(text);
        assert!(help.starts_with("the keys here are") || help.starts_with("the only key here is"), "{name}: {help}");
        assert_eq!(keys(&schema["$defs"][name]["properties"]), ticked(&help), "{name}");
    }
    assert_eq!(keys(&schema["properties"]), ticked(&help(&format!("qqqqqq: 1\n{}", call("")))));
    // No block of the schema is left out above.
    let definitions = schema["$defs"].as_object().expect("definitions");
    let known: BTreeSet<&str> = blocks.iter().map(|(name, _)| *name).collect();
    let told =
        definitions.iter().filter(|(_, schema)| schema.get("properties").is_some()).map(|(name, _)| name.as_str());
    let told: BTreeSet<&str> = told.filter(|name| !name.starts_with("step_") && !name.ends_with("_options")).collect();
    assert_eq!(told, known);

    for (subject, text) in [
        ("call", step("qqqqqq: ann")),
        ("shift", shift("qqqqqq: ann")),
        ("chat", chat("qqqqqq: ann")),
        ("notification", notification("qqqqqq: ann")),
    ] {
        let steps = schema["$defs"][format!("{subject}_step")]["oneOf"].as_array().expect("steps").iter();
        let verbs = steps.map(|step| step["$ref"].as_str().expect("a reference").replace("#/$defs/step_", ""));
        assert_eq!(verbs.collect::<BTreeSet<_>>(), ticked(&help(&text)), "{subject}");
    }
    for vendor in vendors::ALL {
        let settings = vendor.options().iter().map(|fact| fact.name.to_owned()).collect();
        assert_eq!(keys(&schema["$defs"][format!("{}_options", vendor.id())]["properties"]), settings);
    }
}

#[test]
fn the_words_are_those_of_the_reader() {
    let schema = schema::scenario();
    let file = |kind: &str, script: &str, deliver: &str| {
        format!("title: T\ncall: {{ kind: {kind} }}\nscript: [{script}]\ndeliver: {{ {deliver} }}\n")
    };
    let shift = |step: &str| format!("title: T\nshift:\nscript: [{step}]\n");
    let task =
        |inner: &str| format!("title: T\nnotification: {{ tasks: {{ spring: {{ {inner} }} }} }}\nscript: [create]\n");
    for (at, text) in [
        ("/$defs/call/properties/kind", file("qqqqqq", "enqueue", "")),
        ("/$defs/deliver/properties/order", file("inbound", "enqueue", "order: qqqqqq")),
        ("/$defs/sign/properties/scheme", file("inbound", "enqueue", "sign: { scheme: qqqqqq, secret: x }")),
        (
            "/$defs/sign/properties/clock",
            file("inbound", "enqueue", "sign: { scheme: hmac-sha256, header: X, secret: x, clock: qqqqqq }"),
        ),
        (
            "/$defs/sign/properties/encoding",
            file("inbound", "enqueue", "sign: { scheme: hmac-sha256, header: X, secret: x, encoding: qqqqqq }"),
        ),
        (
            "/$defs/sign/properties/format",
            file("inbound", "enqueue", "sign: { scheme: hmac-sha256, header: X, secret: x, format: qqqqqq }"),
        ),
        ("/$defs/retry/properties/on/items", file("inbound", "enqueue", "retry: { waits: [5s], on: [qqqqqq] }")),
        ("/$defs/cause", file("inbound", "decline: { party: agent, cause: qqqqqq }", "")),
        ("/$defs/agent_status", shift("status: { agent: qqqqqq }")),
        ("/$defs/device", shift("login: { device: qqqqqq }")),
        ("/$defs/offline_device", shift("logout: { offline: qqqqqq }")),
        ("/$defs/channel", "title: T\nchat: { channel: qqqqqq }\nscript: [enqueue]\n".to_owned()),
        ("/$defs/push_target", task("target: qqqqqq")),
        ("/$defs/platform", task("platform: qqqqqq")),
        ("/$defs/message_type", task("message_type: qqqqqq")),
        ("/$defs/push_environment", task("environment: qqqqqq")),
        ("/$defs/push_source", task("source: qqqqqq")),
        (
            "/$defs/expectation/properties/answer",
            format!("{}expect: [{{ status: 2xx, answer: qqqqqq }}]\n", file("inbound", "enqueue", "")),
        ),
        (
            "/$defs/expectation/properties/story/anyOf/0",
            format!("{}expect: [{{ story: qqqqqq }}]\n", file("inbound", "enqueue", "")),
        ),
        (
            "/$defs/snapshot/properties/keys",
            format!("{}snapshot: {{ keys: qqqqqq }}\n", file("inbound", "enqueue", "")),
        ),
        ("/properties/vendors/anyOf/0", format!("{}vendors: [qqqqqq]\n", shift("login: agent"))),
    ] {
        let words = schema.pointer(at).unwrap_or_else(|| panic!("{at}"))["enum"].as_array().expect(at);
        let words: BTreeSet<_> = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        assert_eq!(words, ticked(&help(&text)), "{at}");
    }
}

#[test]
fn every_key_has_a_description() {
    fn look(schema: &Value, at: &str) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                // The conditions of `allOf` only narrow down what stands elsewhere.
                let told = property["description"].as_str().is_some_and(|told| !told.is_empty());
                let options = at.ends_with("/options");
                assert!(told || options || at.contains("/allOf/"), "{at}/{name}");
            }
        }
        match schema {
            Value::Object(keys) => keys.iter().for_each(|(key, schema)| look(schema, &format!("{at}/{key}"))),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, schema)| look(schema, &format!("{at}/{index}")));
            }
            _ => {}
        }
    }
    look(&schema::scenario(), "");
}

/// Values as people write them, right in one place and wrong in another.
const VALUES: &[&str] = &[
    "~",
    "true",
    "false",
    "\"true\"",
    "yes",
    "0",
    "5",
    "5.5",
    "-3",
    "01081400192",
    "\"13800138000\"",
    "+8613800138000",
    "010",
    "\"0755\"",
    "1e10",
    "429",
    "200",
    "5s",
    "0s",
    "\"5s\"",
    "1m30s",
    "30s1m",
    "1.5h",
    "3s..12s",
    "3s .. 12s",
    "3s..",
    "-5s",
    "20%",
    "120%",
    "0.5%",
    "12#",
    "\"*9#\"",
    "\"\"",
    "\" \"",
    "王芳",
    "ann",
    "bob",
    "boss",
    "customer",
    "system",
    "sales",
    "Ann",
    "busy",
    "wrap-up",
    "no-answer",
    "outbound",
    "direct",
    "vendor",
    "none",
    "free",
    "udesk",
    "[udesk]",
    "[]",
    "[5s, 0]",
    "[timeout, 5xx, 429]",
    "[nack, nack]",
    "[a, 1, true]",
    "{}",
    "{ ann: busy }",
    "{ ann: { number: 1, name: 忙 } }",
    "{ ann: }",
    "{ x: 1 }",
    "{ X-Env: 1, X-Debug: true }",
    "{ Host: a }",
    "{ party: customer, cause: busy }",
    "{ by: system }",
    "{ keys: 5 }",
    "{ agent: ann }",
    "{ phone: 110 }",
    "{ name: no }",
    "http://127.0.0.1:9",
    "https://[::1]:8080/a?b=c@d",
    "HTTP://localhost",
    "ftp://127.0.0.1/",
    "[http://127.0.0.1:9/a, http://127.0.0.1:9/b]",
    "http://a:b@127.0.0.1/",
    "x-signature",
    "Content-Length",
    "standard-webhooks",
    "hmac-sha256",
    "\"${SECRET}\"",
    "plain-secret",
    "\"udesk:*\"",
    "\"*\"",
    "\"7moor:cdr\"",
    "phone",
    "softphone",
    "sip",
    "2xx",
    "off",
    "before_end",
    "number",
    "{ \"5\": 非常满意 }",
    "18446744073709551615",
    "[record, { wait: 5s }]",
    "{ waits: [5s] }",
    "web",
    "tag",
    "robot",
    "{ by: ann, text: 1 }",
    "{ by: robot }",
    "{ latitude: 1, longitude: 2 }",
    "{ by: system, async: true }",
    "{ udesk: { success: 200 } }",
];

/// The paths of all values within a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(keys) => keys.iter().for_each(|(key, inner)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            places(inner, &format!("{at}/{key}"), found);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| places(inner, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// The file with each of its values replaced by each of [`VALUES`], and with each key taken out.
fn variants(text: &str) -> Vec<String> {
    let whole = seen_by_editor(text).expect("YAML");
    let mut all = Vec::new();
    let mut at = Vec::new();
    places(&whole, "", &mut at);
    for place in at.iter().filter(|place| !place.is_empty()) {
        let mut marked = whole.clone();
        *marked.pointer_mut(place).expect("a place") = json!("@@");
        all.extend(VALUES.iter().map(|value| marked.to_string().replacen("\"@@\"", value, 1)));
        let (around, key) = place.rsplit_once('/').expect("a path");
        let mut without = whole.clone();
        if let Some(Value::Object(keys)) = without.pointer_mut(around) {
            keys.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
            all.push(without.to_string());
        }
    }
    all
}

/// A file with each option of each vendor set to each of [`VALUES`].
fn variants_of_options() -> Vec<String> {
    let options = vendors::ALL.iter().flat_map(|vendor| {
        vendor.options().iter().map(|fact| format!("options: {{ {}: {{ {}: @@ }} }}\n", vendor.id(), fact.name))
    });
    options.flat_map(|line| VALUES.iter().map(move |value| format!("{MESSAGE}{}", line.replace("@@", value)))).collect()
}

#[test]
fn an_editor_marks_nothing_that_the_reader_takes_and_whatever_is_out_of_shape() {
    let texts: Vec<String> = RIGHT.into_iter().flat_map(variants).chain(variants_of_options()).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (right, out_of_shape) = std::thread::scope(|scope| {
        // Neighbours cost alike, so that each thread takes one of every few.
        let parts = (0..threads).map(|first| texts.iter().skip(first).step_by(threads));
        let judging: Vec<_> = parts.map(|part| scope.spawn(|| agreements(part))).collect();
        let judged = judging.into_iter().map(|part| part.join().expect("they agree"));
        judged.fold((0, 0), |(right, wrong), (more, further)| (right + more, wrong + further))
    });
    assert!(right > 2_000 && out_of_shape > 2_000, "{right} right, {out_of_shape} out of shape");
}

/// Holds the editor's opinion of each text against the reader's: how many are right, and how many out of shape.
fn agreements<'a>(texts: impl Iterator<Item = &'a String>) -> (usize, usize) {
    let editor = editor();
    let (mut right, mut out_of_shape) = (0, 0);
    for text in texts {
        let told = read(text).map_or_else(|wrong| wrong.iter().map(|one| one.code).collect(), |_| Vec::new());
        let looks_right = seen_by_editor(text).is_some_and(|seen| editor.is_valid(&seen));
        // That a story cannot happen is no question of shape; that nothing happens is.
        let empty = ["\"script\":[]", "\"script\":~"].iter().any(|empty| text.contains(empty));
        if told.iter().all(|code| *code == Code::ImpossibleStep) && !empty {
            right += 1;
            assert!(looks_right, "{text}\n{:#?}", marked(&editor, text));
        }
        if told.iter().any(|code| [Code::UnknownKey, Code::WrongKind, Code::UnknownStep, Code::Subject].contains(code))
        {
            out_of_shape += 1;
            assert!(!looks_right, "{text}\n{}", read(text).expect_err("wrong").render(false));
        }
    }
    (right, out_of_shape)
}
