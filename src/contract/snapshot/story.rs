//! The answers of one story as text, push by push in the order of the plan, whatever the order in which they came.

use crate::contract::redact::{Of, Redactor, body_as_sent};
use crate::contract::{KeyOrder, SnapshotRules};
use crate::event::{DeliveryId, RunEvent};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fmt::Write;

/// The header that is compared where a scenario names none.
const HEADER_DEFAULT: &str = "Content-Type";
/// How much of a body a snapshot holds.
const BODY_MAX_CHARS: usize = 20_000;

/// The answers of one story, and what its probes were told.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// The headers that are compared.
    headers: Vec<String>,
    keys: KeyOrder,
    /// What each push tells of.
    why: HashMap<u32, String>,
    /// By delivery and attempt.
    answers: BTreeMap<(u32, u32), (DeliveryId, BTreeMap<u32, Answer>)>,
    probed: Vec<Probed>,
}

#[derive(Debug, Clone)]
enum Answer {
    Reply { status: u16, headers: Vec<(String, String)>, body: String, truncated: bool },
    Nothing(&'static str),
}

#[derive(Debug, Clone)]
struct Probed {
    delivery: Option<DeliveryId>,
    asked: String,
    status: Option<i32>,
    body: String,
    agrees: bool,
}

impl Answers {
    /// No answer yet.
    pub fn new(rules: &SnapshotRules) -> Self {
        let headers = rules.headers.clone().unwrap_or_else(|| vec![HEADER_DEFAULT.to_owned()]);
        Self { headers, keys: rules.keys, ..Self::default() }
    }

    /// The same answers with the keys of JSON in the order in which the receiver wrote them, as snapshots of Ringback 0.1.0 have
    /// them.
    pub fn in_order(self) -> Self {
        Self { keys: KeyOrder::InOrder, ..self }
    }

    /// Learns of an event of the story.
    pub fn event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Planned { delivery, why, .. } => {
                self.why.insert(delivery.number, why.clone());
            }
            RunEvent::Replied { delivery, attempt, status, headers, body, truncated, .. } => {
                let headers = headers.iter().filter(|(name, _)| self.is_compared(name)).cloned().collect();
                let answer = Answer::Reply { status: *status, headers, body: body.clone(), truncated: *truncated };
                self.take(delivery, *attempt, answer);
            }
            RunEvent::Failed { delivery, attempt, class, .. } => {
                self.take(delivery, *attempt, Answer::Nothing(class.as_str()));
            }
            RunEvent::Probed { delivery, asked, status, body, agrees, .. } => self.probed.push(Probed {
                delivery: delivery.clone(),
                asked: asked.clone(),
                status: *status,
                body: body.clone(),
                agrees: *agrees,
            }),
            _ => {}
        }
    }

    /// Whether nothing was answered, as nothing was sent.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.probed.is_empty()
    }

    fn is_compared(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.eq_ignore_ascii_case(name))
    }

    fn take(&mut self, delivery: &DeliveryId, attempt: u32, answer: Answer) {
        let key = (delivery.number, delivery.target);
        let (_, answers) = self.answers.entry(key).or_insert_with(|| (delivery.clone(), BTreeMap::new()));
        answers.insert(attempt, answer);
    }

    /// The answers as they came, with nothing named in them. Where they are letter by letter those of a snapshot, there is
    /// nothing to name.
    pub fn plain(&self) -> String {
        self.written(None)
    }

    /// The answers with everything named that Ringback itself has sent.
    pub fn named(&self, redactor: &Redactor) -> String {
        self.written(Some(redactor))
    }

    fn written(&self, redactor: Option<&Redactor>) -> String {
        let rank = |number: u32| redactor.map_or(0, |redactor| redactor.rank(number));
        let original = |number: u32| redactor.map_or(number, |redactor| redactor.original(number));
        let mut order: Vec<_> = self.answers.values().collect();
        order.sort_by_key(|(id, _)| (rank(id.number), original(id.number), id.number, id.target));
        let mut copies: HashMap<(u32, u32), u32> = HashMap::new();
        let mut text = String::new();
        for (id, answers) in order {
            let copy = copies.entry((original(id.number), id.target)).or_default();
            *copy += 1;
            self.title(id, *copy, &mut text);
            for (attempt, answer) in answers {
                if answers.len() > 1 || *attempt > 1 {
                    let _ = writeln!(text, "  try {attempt}");
                }
                self.answer(Of::Delivery(id.number), answer, redactor, &mut text);
            }
            let probes = self.probed.iter().filter(|probed| probed.delivery.as_ref() == Some(id));
            probes.for_each(|probed| self.probe(Of::Delivery(id.number), probed, redactor, &mut text));
        }
        let probes = self.probed.iter().filter(|probed| probed.delivery.is_none());
        for probed in probes {
            text.push('\n');
            self.probe(Of::Story, probed, redactor, &mut text);
        }
        text.trim_matches('\n').to_owned()
    }

    fn title(&self, id: &DeliveryId, copy: u32, text: &mut String) {
        let why = self.why.get(&id.number).map(|why| format!("  {why}")).unwrap_or_default();
        let copy = if copy > 1 { format!("  (again, {copy})") } else { String::new() };
        let target = if id.target > 1 { format!("  (target {})", id.target) } else { String::new() };
        let _ = writeln!(text, "\n{}{why}{copy}{target}", id.push);
    }

    fn answer(&self, of: Of, answer: &Answer, redactor: Option<&Redactor>, text: &mut String) {
        match answer {
            Answer::Nothing(why) => {
                let _ = writeln!(text, "  no answer: {why}");
            }
            Answer::Reply { status, headers, body, truncated } => {
                let _ = writeln!(text, "  {status}");
                // In the order in which the scenario names them, so that a framework may change its own.
                for name in &self.headers {
                    for (_, value) in headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)) {
                        let value = redactor.map_or_else(|| value.clone(), |redactor| redactor.header(of, name, value));
                        let _ = writeln!(text, "  {name}: {}", line(&value));
                    }
                }
                self.body((of, body), *truncated, redactor, text);
            }
        }
    }

    fn probe(&self, of: Of, probed: &Probed, redactor: Option<&Redactor>, text: &mut String) {
        let asked = redactor.map_or_else(|| probed.asked.clone(), |redactor| redactor.line(of, &probed.asked));
        let word = match (probed.agrees, probed.status) {
            (true, _) => "agrees",
            (false, Some(_)) => "disagrees",
            (false, None) => "could not be asked",
        };
        let _ = writeln!(text, "probe {}: {word}", line(&asked));
        if let Some(status) = probed.status {
            let _ = writeln!(text, "  {status}");
            self.body((of, &probed.body), false, redactor, text);
        }
    }

    fn body(&self, (of, body): (Of, &str), truncated: bool, redactor: Option<&Redactor>, text: &mut String) {
        let named =
            redactor.map_or_else(|| body_as_sent(body, self.keys), |redactor| redactor.body(of, body, self.keys));
        let is_cut = named.chars().count() > BODY_MAX_CHARS;
        let shown: String = named.chars().take(BODY_MAX_CHARS).collect();
        if shown.is_empty() {
            text.push_str("  (no body)\n");
        }
        for row in shown.lines() {
            let _ = writeln!(text, "  {}", line(row));
        }
        if is_cut || truncated {
            text.push_str("  (cut here)\n");
        }
    }
}

/// A line without characters that are none to see, and without blanks at its end.
fn line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.trim_end().chars() {
        match c.is_control() && c != '\t' {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Known;
    use crate::contract::events::{delivery, failed, probed, replied};
    use crate::contract::redact::Sample;
    use crate::event::{FailureClass, Phase};
    use std::time::Duration;

    fn answers(rules: &SnapshotRules, events: &[RunEvent]) -> Answers {
        let mut answers = Answers::new(rules);
        assert!(answers.is_empty());
        events.iter().for_each(|event| answers.event(event));
        answers
    }

    fn planned(number: u32, why: &str) -> RunEvent {
        RunEvent::Planned { delivery: delivery(number), offset: Duration::ZERO, why: why.into(), faults: Vec::new() }
    }

    /// The event as that of another attempt, or at another target.
    fn with(mut event: RunEvent, number: u32, to: u32) -> RunEvent {
        if let RunEvent::Replied { delivery, attempt, .. } | RunEvent::Failed { delivery, attempt, .. } = &mut event {
            (*attempt, delivery.target) = (number, to);
        }
        event
    }

    #[test]
    fn answers_stand_by_push_and_attempt_whatever_the_order_in_which_they_came() {
        let told = answers(
            &SnapshotRules::default(),
            &[
                planned(2, "it ends"),
                with(replied(1, 200, "second"), 2, 1),
                replied(2, 204, ""),
                planned(1, "it begins"),
                failed(1, FailureClass::Timeout, Phase::Connect),
                with(replied(1, 200, "there"), 1, 2),
                with(replied(3, 500, "a\tb\u{7}  \nc"), 2, 1),
                probed(Some(delivery(2)), Some(200), Duration::ZERO, true),
                probed(None, Some(500), Duration::ZERO, false),
                probed(None, None, Duration::ZERO, false),
            ],
        );
        assert!(!told.is_empty());
        let expected = format!(
            "udesk:push1  it begins\n  try 1\n  no answer: {}\n  try 2\n  200\n  second\n\n\
             udesk:push1  it begins  (target 2)\n  200\n  there\n\n\
             udesk:push2  it ends\n  204\n  (no body)\n\
             probe GET http://127.0.0.1:9/calls: agrees\n  200\n  ended\n\n\
             udesk:push3\n  try 2\n  500\n  a\tb\\u{{7}}\n  c\n\n\
             probe GET http://127.0.0.1:9/calls: disagrees\n  500\n  ended\n\n\
             probe GET http://127.0.0.1:9/calls: could not be asked",
            FailureClass::Timeout.as_str()
        );
        assert_eq!(told.plain(), expected);
        let only_a_probe = answers(&SnapshotRules::default(), &[probed(None, None, Duration::ZERO, false)]);
        assert!(!only_a_probe.is_empty());
        assert!(!answers(&SnapshotRules::default(), &[replied(1, 200, "")]).is_empty());
    }

    #[test]
    fn a_copy_stands_behind_its_original() {
        let start = jiff::Timestamp::UNIX_EPOCH;
        let own = Sample {
            vendor: "udesk",
            start,
            instants: Vec::new(),
            known: Known::default(),
            known_leaves: Vec::new(),
            messages: Vec::new(),
            own: Vec::new(),
        };
        let redactor = Redactor::new(&own, Vec::new(), [(9, 1)].into());
        let told =
            answers(&SnapshotRules::default(), &[replied(2, 200, "c"), replied(9, 200, "b"), replied(1, 200, "a")]);
        let (again, third) = ("udesk:push9  (again, 2)\n  200\n  b", "udesk:push2\n  200\n  c");
        assert_eq!(told.named(&redactor), format!("udesk:push1\n  200\n  a\n\n{again}\n\n{third}"));
    }

    #[test]
    fn the_headers_that_a_scenario_names_are_compared_in_its_order() {
        let mut reply = replied(1, 200, r#"{"b":1,"a":2}"#);
        if let RunEvent::Replied { headers, .. } = &mut reply {
            for (name, value) in [("CONTENT-TYPE", "text/plain"), ("Date", "today"), ("x-a", "1"), ("X-A", "2")] {
                headers.push((name.into(), value.into()));
            }
        }
        let named = SnapshotRules { headers: Some(vec!["X-A".into(), "X-None".into()]), ..SnapshotRules::default() };
        let told = |rules: &SnapshotRules| answers(rules, std::slice::from_ref(&reply));
        assert_eq!(told(&named).plain(), "udesk:push1\n  200\n  X-A: 1\n  X-A: 2\n  {\"a\":2,\"b\":1}");
        let usual = told(&SnapshotRules::default()).in_order().plain();
        assert_eq!(usual, "udesk:push1\n  200\n  Content-Type: text/plain\n  {\"b\":1,\"a\":2}");
    }

    #[test]
    fn a_long_body_is_cut_where_the_limit_is() {
        let is_cut = |chars: usize, is_truncated: bool| {
            let mut reply = replied(1, 200, &"芳".repeat(chars));
            if let RunEvent::Replied { truncated, .. } = &mut reply {
                *truncated = is_truncated;
            }
            let told = answers(&SnapshotRules::default(), &[reply]).plain();
            assert_eq!(told.matches('芳').count(), chars.min(BODY_MAX_CHARS));
            told.ends_with("(cut here)")
        };
        assert!(!is_cut(BODY_MAX_CHARS, false) && is_cut(BODY_MAX_CHARS + 1, false) && is_cut(1, true));
    }
}
