//! What faults do to values: a story that is folded, an attempt that is bent. No file, no socket.

mod attempt;
mod clash;
mod fields;
mod story;

use super::*;

/// The fault of this name with some of its settings, for every push.
fn fault(name: &str, settings: &[(&'static str, Value)]) -> Fault {
    let fact = find(name).expect(name);
    let mut values = Values::new(fact.settings);
    settings.iter().for_each(|(key, value)| values.give(key, value.clone()));
    let (only, when) = (Only::new("*", None, None), When::default());
    Fault { fact, kind: fact.with(&values), only, when, may_idle: false, place: String::new(), mark: Mark::default() }
}

impl Fault {
    fn on(self, push: &str) -> Self {
        Self { only: Only::new(push, None, None), ..self }
    }

    fn call(self, call: u64) -> Self {
        Self { only: Only::new(&self.only.push, Some(call), None), ..self }
    }

    fn to(self, target: u32) -> Self {
        Self { only: Only::new(&self.only.push, None, Some(target)), ..self }
    }

    fn when(self, when: When) -> Self {
        Self { when, ..self }
    }
}

fn seconds(count: u64) -> std::time::Duration {
    std::time::Duration::from_secs(count)
}

fn length(count: u64) -> Value {
    Value::Time(seconds(count), seconds(count))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_bent_push_knows_what_it_may_lose_and_whether_it_may_be_refused() {
    for (name, at, loss, spoils) in [
        ("delay", None, Loss::Lossless, false),
        ("drop", None, Loss::Lossy, false),
        ("clock-skew", None, Loss::Lossy, false),
        ("lost-ack", None, Loss::Lossless, true),
        ("bom", None, Loss::RepairedByRetry, true),
        ("null-field", None, Loss::Lossy, true),
        ("stall", None, Loss::Lossless, false),
        ("reset", None, Loss::RepairedByRetry, true),
        ("short-length", None, Loss::Lossy, true),
        ("half-close", None, Loss::Lossless, false),
        ("half-close", Some("middle"), Loss::RepairedByRetry, true),
        ("half-close", Some("before"), Loss::RepairedByRetry, true),
    ] {
        let settings: Vec<_> = at.iter().map(|at| ("at", text(at))).collect();
        let bent = Bent::listed(0, &fault(name, &settings), String::new());
        assert_eq!((bent.loss, bent.spoils), (loss, spoils), "{name} {at:?}");
    }
    assert_eq!(Bent::by_hand("drop", "").loss, Loss::Lossy);
}

#[test]
fn a_trigger_counts_pushes_and_takes_both_ends_of_its_window_in() {
    let counted = |when: When| (1..=6).filter(|count| when.counts(*count)).collect::<Vec<u32>>();
    assert_eq!(counted(When::default()), [1, 2, 3, 4, 5, 6]);
    assert_eq!(counted(When { nth: Some(3), ..When::default() }), [3]);
    assert_eq!(counted(When { every: Some(3), ..When::default() }), [3, 6]);
    let within = When { between: Some((seconds(5), seconds(7))), ..When::default() };
    assert_eq!((0..10).filter(|at| within.is_within(seconds(*at))).collect::<Vec<u64>>(), [5, 6, 7]);
    assert!(When::default().is_within(seconds(99)));
}

#[test]
fn what_is_listed_goes_by_its_word() {
    assert_eq!(Loss::ALL.map(|(loss, _)| loss.to_string()), ["lossless", "repaired-by-retry", "lossy"]);
    assert_eq!([Layer::Event, Layer::Http, Layer::Connection].map(Layer::as_str), ["event", "http", "connection"]);
    let moving = |name: &str| fault(name, &[]).kind.moves_in_time();
    let moves: Vec<&str> = ALL.iter().map(|fact| fact.name).filter(|name| moving(name)).collect();
    assert_eq!(
        moves,
        [
            "delay",
            "duplicate",
            "duplicate-new-id",
            "reorder",
            "late-after-end",
            "stale-retry",
            "burst",
            "lost-ack",
            "blackout"
        ]
    );
}

#[test]
fn an_entry_is_known_by_its_place_and_quoted_on_one_line() {
    let text = "faults:\n  - fault: drop\n    push: a\n  - fault: bom\n";
    let mark =
        Mark { file: "a.yaml".into(), span: (10, text.find("\n  - fault: bom").expect("an entry")), text: text.into() };
    assert_eq!((mark.key(), mark.quote()), ("a.yaml@10".to_owned(), "- fault: drop push: a".to_owned()));
}
