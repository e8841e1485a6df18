//! The contracts that receivers are made from hold: every push is valid against the schema that carries its name, against
//! that of no other push where they can be told apart, and what a fault has bent is not. `CONTRACT_SEEDS` says how many seeds.

#[allow(dead_code, clippy::unwrap_used, reason = "most of it is for the other tests")]
mod support;

use crate::support::command::run;
use crate::support::plans::{plan, shipped};
use jsonschema::Validator;
use ringback::body::Encoding;
use ringback::http::{Method, Push};
use ringback::scenario::{self, Scenario};
use ringback::schema;
use ringback::vendors::{self, PushFact, Vendor};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many seeds there are where nobody says it.
const SEEDS: u64 = 5;

fn seeds() -> u64 {
    std::env::var("CONTRACT_SEEDS").map_or(SEEDS, |seeds| seeds.parse().expect("a number of seeds"))
}

/// The schemas of a vendor, and of each of its pushes.
struct Contract {
    vendor: &'static dyn Vendor,
    whole: Validator,
    pushes: BTreeMap<String, Validator>,
}

impl Contract {
    fn of(vendor: &'static dyn Vendor) -> Self {
        let document = schema::pushes(vendor);
        jsonschema::draft202012::meta::validate(&document).unwrap_or_else(|error| panic!("{error}"));
        let validator = |schema: &Value| jsonschema::draft202012::new(schema).expect("a schema that can be used");
        let pushes = document["$defs"].as_object().expect("definitions").iter();
        let pushes = pushes.map(|(name, schema)| (name.clone(), validator(schema))).collect();
        Self { vendor, whole: validator(&document), pushes }
    }

    /// The names of the pushes that a body is valid as.
    fn names(&self, body: &Value) -> BTreeSet<&str> {
        let valid = self.pushes.iter().filter(|(_, validator)| validator.is_valid(body));
        valid.map(|(name, _)| name.as_str()).collect()
    }

    /// What is wrong with a body that should be the push of this name.
    fn flaws(&self, name: &str, body: &Value) -> Vec<String> {
        let flaws = self.pushes[name].iter_errors(body).map(|error| format!("{}: {error}", error.instance_path()));
        flaws.collect()
    }

    fn name(&self, push: &str) -> String {
        let fact = self.vendor.pushes().iter().find(|fact| fact.name == push);
        schema::name(fact.expect("a push of the catalogue"))
    }
}

/// What a receiver reads of a push: its bytes, as JSON or as the object of texts that a form is.
fn read(push: &Push) -> Value {
    let text = |bytes: &[u8]| -> Map<String, Value> {
        form_urlencoded::parse(bytes).map(|(key, value)| (key.into_owned(), value.into_owned().into())).collect()
    };
    match push.encoding() {
        Encoding::Json => serde_json::from_slice(&push.body.bytes()).expect("JSON"),
        Encoding::Form(_) => text(&push.body.bytes()).into(),
        Encoding::Query(_) => text(push.body.query().as_bytes()).into(),
    }
}

/// Whether a body can be one push only: customers do not name its fields, and not several messages have left together.
fn is_one(vendor: &dyn Vendor, body: &Value) -> bool {
    vendor.further_fields().is_none() && body["messages"].as_array().is_none_or(|messages| messages.len() == 1)
}

/// The scenarios whose pushes have the fields of the tables; customers name those of the one that is left out.
fn scenarios() -> Vec<Scenario> {
    shipped().into_iter().filter(|scenario| scenario.name != "push-actions").collect()
}

/// Each scenario, shared out among as many threads as there are processors.
fn each(scenarios: &[Scenario], judge: impl Fn(&Scenario) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    judge(scenario);
                }
            });
        }
    });
}

#[test]
fn every_push_is_as_its_contract_says_and_as_no_other_does() {
    let contracts: Vec<Contract> = vendors::ALL.iter().map(|vendor| Contract::of(*vendor)).collect();
    let (held, told) = (AtomicUsize::new(0), std::sync::Mutex::new(BTreeSet::new()));
    each(&scenarios(), |scenario| {
        for contract in &contracts {
            let id = contract.vendor.id();
            for seed in 1..=seeds() {
                let Some(plan) = plan(scenario, id, seed) else { break };
                for delivery in &plan.deliveries {
                    let (push, name) = (&delivery.request, contract.name(delivery.request.name));
                    let body = read(push);
                    let flaws = contract.flaws(&name, &body);
                    assert!(flaws.is_empty(), "{id}:{name}, {}, seed {seed}: {flaws:#?}", scenario.name);
                    // Whether it could be another one is a matter of its shape, which seeds do not change.
                    if seed <= 2 && is_one(contract.vendor, &body) {
                        assert_eq!(contract.names(&body), BTreeSet::from([&*name]), "{} {seed}", scenario.name);
                    }
                    assert!(seed > 2 || contract.whole.is_valid(&body), "{id}:{name}, {}", scenario.name);
                    held.fetch_add(1, Ordering::Relaxed);
                    told.lock().expect("no panic").insert(format!("{id}:{}", push.name));
                }
                for record in &plan.records {
                    let content = record.record.content.to_json();
                    let flaws: Vec<_> = contract.whole.iter_errors(&content).collect();
                    assert!(flaws.is_empty(), "{id}, {}: {flaws:#?}", scenario.name);
                    held.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    });
    let told = told.into_inner().expect("no panic");
    println!("{} pushes and records of {} kinds are as their contracts say", held.load(Ordering::Relaxed), told.len());
    assert!(held.into_inner() as u64 > 250 * seeds(), "hardly any were held against their contracts");
    let silent = |vendor: &&dyn Vendor| {
        let names = vendor.pushes().iter().map(|push| format!("{}:{}", vendor.id(), push.name)).collect::<Vec<_>>();
        names.into_iter().filter(|name| !told.contains(name)).collect::<Vec<_>>()
    };
    let silent: Vec<String> = vendors::ALL.iter().flat_map(silent).collect();
    assert!(silent.len() <= 2, "not played by any scenario: {silent:?}");
}

#[test]
fn pushes_travel_as_the_documents_say() {
    for vendor in vendors::ALL {
        for delivery in
            scenarios().iter().filter_map(|scenario| plan(scenario, vendor.id(), 1)).flat_map(|plan| plan.deliveries)
        {
            let push = delivery.request;
            assert_eq!(
                (push.method, push.encoding()),
                (Method::Post, vendor.ways()[0]),
                "{}:{}",
                vendor.id(),
                push.name
            );
            let token = push.headers.get("Authorization").is_some_and(|token| token.starts_with("Bearer "));
            assert_eq!(token, vendor.bears_token(push.name), "{}:{}", vendor.id(), push.name);
            assert_eq!(push.path, vendor.path(push.name), "{}:{}", vendor.id(), push.name);
        }
    }
}

/// How many pushes of a scenario a fault bends, and how many of these are no longer valid.
fn bent(vendor: &'static dyn Vendor, fault: &str) -> (usize, usize) {
    let contract = Contract::of(vendor);
    let (mut bent, mut invalid) = (0, 0);
    for shipped in scenarios().iter().filter(|scenario| scenario.faults.is_empty()) {
        let text = scenario::built_in().into_iter().find(|one| one.name == shipped.name).expect("its text").text;
        let text = format!("{text}\nfaults:\n  - {{ fault: {fault} }}\n");
        let Ok(scenario) = scenario::parse(&shipped.name, "test.yaml", &text, &|_| None) else { continue };
        let Some(plan) = plan(&scenario, vendor.id(), 1) else { continue };
        for delivery in &plan.deliveries {
            let fate = plan.fate(delivery, 1, 1, Duration::ZERO);
            let name = contract.name(delivery.request.name);
            let body = read(&fate.push);
            let is_valid = contract.pushes[&name].is_valid(&body);
            if read(&delivery.request) == body {
                assert!(is_valid);
            } else {
                bent += 1;
                invalid += usize::from(!is_valid);
            }
        }
    }
    (bent, invalid)
}

#[test]
fn what_a_fault_has_bent_breaks_the_contract() {
    for vendor in vendors::ALL.iter().filter(|vendor| !vendor.pushes().is_empty()) {
        for fault in ["missing-field", "type-flip", "null-field", "extra-field", "unknown-enum"] {
            let (bent, invalid) = bent(*vendor, fault);
            println!("{}, {fault}: {invalid} of {bent} are invalid", vendor.id());
            assert!(bent > 20, "{}, {fault}: {bent}", vendor.id());
            match (fault, vendor.further_fields()) {
                ("extra-field", Some(_)) => assert_eq!(invalid, 0, "{} is open", vendor.id()),
                ("extra-field", None) => assert_eq!(invalid, bent, "{} is closed", vendor.id()),
                _ => assert!(invalid > 0, "{}, {fault}: none of {bent}", vendor.id()),
            }
        }
    }
}

#[test]
fn every_field_says_what_it_is_and_where_that_is_known_from() {
    fn look(schema: &Value, at: &str, push: &PushFact, seen: &mut usize) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}{name}");
            *seen += 1;
            let field = push.fields.get(&at).unwrap_or_else(|| panic!("{}: {at}", push.name));
            let meaning = property["description"].as_str().expect("a description");
            assert!(!meaning.is_empty() && meaning.starts_with(field.meaning), "{at}");
            assert_eq!(meaning.contains("; only "), field.only.is_some(), "{at}");
            assert!(!field.chinese.is_empty() && property["x-description-zh"] == field.chinese, "{at}");
            assert_eq!(property["x-origin"], field.origin.as_str(), "{at}");
            assert_eq!(property.get("x-fact").and_then(Value::as_str), field.fact.map(|fact| fact.as_str()), "{at}");
            let required = schema["required"].as_array().expect("a list").contains(&json!(name));
            assert_eq!(required, field.only.is_none(), "{at}");
            look(property, &format!("{at}."), push, seen);
            look(&property["items"], &format!("{at}."), push, seen);
        }
    }
    for vendor in vendors::ALL {
        let document = schema::pushes(*vendor);
        for push in vendor.pushes().iter().chain(vendor.records()) {
            let schema = &document["$defs"][schema::name(push)];
            let mut seen = 0;
            look(schema, "", push, &mut seen);
            assert_eq!(seen, push.fields.len(), "{}", push.name);
            assert_eq!(schema["x-push"], format!("{}:{}", vendor.id(), push.name));
        }
        let titles: Vec<&Value> =
            ["oneOf", "anyOf"].iter().filter_map(|any| document[any].as_array()).flatten().collect();
        assert_eq!(titles.len(), vendor.pushes().len() + vendor.records().len());
        assert!(titles.iter().all(|one| one["title"].is_string()));
    }
}

#[test]
fn the_command_prints_them() {
    for vendor in vendors::ALL {
        let id = vendor.id();
        let printed = |arguments: &[&str]| run(&[&["schema", id], arguments].concat());
        assert_eq!(printed(&[]).out, format!("{:#}\n", schema::pushes(*vendor)));
        for (format, document) in [
            ("json-schema", Some(schema::pushes(*vendor))),
            ("openapi", schema::openapi(*vendor, None)),
            ("asyncapi", schema::asyncapi(*vendor)),
        ] {
            let told = printed(&["--format", format]);
            match document {
                Some(document) => assert_eq!((told.code, told.out), (0, format!("{document:#}\n"))),
                None => {
                    assert_eq!((told.code, &*told.out), (2, ""));
                    assert!(told.err.contains(&format!("`{id}` pushes nothing")), "{}", told.err);
                }
            }
        }
    }
    let printed = run(&["schema", "huawei-cec", "--format", "openapi", "--paths", "/hook/"]);
    let document: Value = serde_json::from_str(&printed.out).expect("JSON");
    let paths: Vec<&String> = document["paths"].as_object().expect("paths").keys().collect();
    assert_eq!(paths, ["/hook/webhooks/v1/messages", "/hook"]);
    let taken = &document["paths"]["/hook"]["post"]["requestBody"]["content"]["application/json"]["schema"]["anyOf"];
    assert_eq!(
        *taken,
        json!([{ "$ref": "#/components/schemas/callConnect" }, { "$ref": "#/components/schemas/callRelease" }])
    );
    assert_eq!(document["webhooks"].as_object().expect("webhooks").len(), 8);
}

#[test]
fn what_cannot_be_printed_says_what_can() {
    for (arguments, told) in [
        (&["schema", "udsk"][..], "a similar value exists: 'udesk'"),
        (&["schema", "7moor", "--format", "opnapi"], "a similar value exists: 'openapi'"),
        (&["schema", "scenario", "--format", "openapi"], "name a vendor: `udesk`, `7moor`, `tinet`"),
        (&["schema", "udesk", "--paths", "/hook"], "add `--format openapi`"),
        (&["schema", "udesk", "--format", "openapi", "--paths", "hook?a=b"], "a path begins with `/`"),
    ] {
        let printed = run(arguments);
        assert_eq!((printed.code, &*printed.out), (2, ""), "{arguments:?}");
        assert!(printed.err.contains(told), "{}", printed.err);
    }
}
