//! Draws the cast of a call from its seed; what the scenario gives is kept as written.

use super::customers::Customers;
use super::draw_notifications;
use super::home::{Home, Named};
use super::people;
use super::{
    Agent, AgentSpec, Cast, CastSpec, Customer, Locale, Outsider, OutsiderSpec, Part, Queue, QueueSpec, Settled,
    Settling, Task, TaskSpec,
};
use crate::random::{Keyed, Stream};
use jiff::Timestamp;

/// The number of the first agent; the others count on.
const AGENT_NUMBER_FIRST: u64 = 2001;
/// How often a value that someone else has already is drawn again, before it may come twice.
const REDRAWS_MAX: usize = 100;

impl Cast {
    /// Settles who and what takes part: what the scenario leaves out is drawn, each value from the stream of its purpose,
    /// so that giving one value changes only what must agree with it. The cast is at home as `usual` says where the scenario
    /// says nothing.
    pub fn draw(spec: &CastSpec, usual: Locale, start: Timestamp, keyed: Keyed, recorded: bool) -> Cast {
        let centre = keyed.centre();
        let locale = spec.locale.unwrap_or(usual);
        let customer = draw_customer(spec, usual, &keyed);
        let agents = draw_agents(&spec.agents, &customer, locale, &centre);
        let mut taken = vec![customer.phone.text.clone()];
        taken.extend(agents.iter().map(|agent| agent.phone.text.clone()));
        Cast {
            subject: spec.subject,
            label: keyed.stream("label").hex(4),
            start,
            keyed,
            line: draw_line(spec.line.as_deref(), locale, &centre),
            customer,
            agents,
            outsiders: draw_outsiders(&spec.outsiders, taken, locale, &keyed),
            queues: draw_queues(&spec.queues, locale, &centre),
            tasks: draw_tasks(&spec.tasks, locale, &centre),
            notifications: draw_notifications::draw(&spec.notifications, &keyed),
            recorded,
        }
    }
}

fn draw_line(given: Option<&str>, locale: Locale, keyed: &Keyed) -> Settled {
    let drawn = || {
        let area = keyed.stream("line.area").pick(locale.areas());
        people::landline(area, &mut keyed.stream("line"))
    };
    Settled::new(given, drawn, Settling::Centre)
}

fn draw_customer(spec: &CastSpec, usual: Locale, keyed: &Keyed) -> Customer {
    let customers = Customers::new(spec, usual, keyed);
    let (locale, spec) = (spec.locale.unwrap_or(usual), &spec.customer);
    let drawn_customer = customers.of_call(keyed.call());
    let home = drawn_customer.home();
    let drawn = || drawn_customer.part(Part::CustomerPhone);
    let phone = Settled::new(spec.phone.as_deref(), drawn, Settling::Call(Part::CustomerPhone));
    let name = || people::name(locale, &mut keyed.stream("customer.name"));
    let company = || people::company(locale, &mut keyed.stream("customer.company")).concat();
    let by = |part| if home.is_drawn { Settling::Call(part) } else { Settling::Given };
    Customer {
        number_kind: people::number_kind(&phone),
        phone,
        name: Settled::new(spec.name.as_deref(), name, Settling::Call(Part::CustomerName)),
        company: Settled::new(None, company, Settling::Call(Part::CustomerCompany)),
        province: place(&spec.province, home.known.map(|area| area.province), by(Part::CustomerProvince)),
        city: place(&spec.city, home.known.map(|area| area.city), by(Part::CustomerCity)),
        area_code: place(&spec.area_code, home.known.map(|area| area.code), by(Part::CustomerAreaCode)),
        postcode: place(
            &None,
            home.known.map(|area| area.postcode).filter(|code| !code.is_empty()),
            by(Part::CustomerPostcode),
        ),
        blacklisted: spec.blacklisted,
    }
}

/// A part of somebody's home; one that nobody knows is the same empty text in every call.
fn place(given: &Option<String>, known: Option<&str>, by: Settling) -> Settled {
    let by = if known.is_some() { by } else { Settling::Given };
    Settled::new(given.as_deref(), || known.unwrap_or_default().to_owned(), by)
}

fn draw_agents(specs: &[AgentSpec], customer: &Customer, locale: Locale, keyed: &Keyed) -> Vec<Agent> {
    let fallback = [AgentSpec { key: "agent".into(), ..AgentSpec::default() }];
    let specs = if specs.is_empty() { &fallback } else { specs };
    let home = |(spec, nth): (&AgentSpec, u64)| {
        let (city, phone) = (spec.city.as_deref(), spec.phone.as_deref());
        let named = Named { locale, code: None, city, province: None, phone };
        named.home(&mut keyed.nth("agent.area", nth))
    };
    let homes: Vec<Home> = specs.iter().zip(0..).map(home).collect();
    let (name_taken, phone_taken) = (vec![customer.name.text.clone()], vec![customer.phone.text.clone()]);
    let names = given(specs, |spec| &spec.name);
    let names = distinct(keyed, "agent.name", names, name_taken, |_, stream| people::name(locale, stream));
    let phones = given(specs, |spec| &spec.phone);
    let phones =
        distinct(keyed, "agent.phone", phones, phone_taken, |nth, stream| people::mobile(homes[nth].of_number, stream));
    let numbers = agent_numbers(specs);
    specs
        .iter()
        .zip(homes)
        .zip(names.into_iter().zip(phones).zip(numbers))
        .map(|((spec, home), ((name, phone), number))| {
            let by = if home.is_drawn { Settling::Centre } else { Settling::Given };
            Agent {
                key: spec.key.clone(),
                name: Settled::new(spec.name.as_deref(), || name, Settling::Centre),
                number_kind: people::number_kind(&phone),
                phone: Settled::new(spec.phone.as_deref(), || phone, Settling::Centre),
                email: Settled::new(spec.email.as_deref(), || people::mail(&number), Settling::Given),
                number: Settled::new(None, || number.clone(), Settling::Given),
                province: place(&None, home.known.map(|area| area.province), by),
                city: place(&spec.city, home.known.map(|area| area.city), by),
                area_code: place(&None, home.known.map(|area| area.code), by),
            }
        })
        .collect()
}

/// The agents' numbers: counted, leaving out those that the scenario gives to someone else.
fn agent_numbers(specs: &[AgentSpec]) -> Vec<String> {
    let taken: Vec<&str> = specs.iter().filter_map(|spec| spec.number.as_deref()).collect();
    // Steps of the crew's size, so that two agents who both step aside do not meet.
    let free = |first: u64| {
        (first..)
            .step_by(specs.len().max(1))
            .map(|number| number.to_string())
            .find(|number| !taken.contains(&&**number))
    };
    let counted = specs.iter().zip(AGENT_NUMBER_FIRST..);
    counted.map(|(spec, first)| spec.number.clone().or_else(|| free(first)).unwrap_or_default()).collect()
}

fn draw_outsiders(specs: &[OutsiderSpec], taken: Vec<String>, locale: Locale, keyed: &Keyed) -> Vec<Outsider> {
    let phones = distinct(keyed, "outsider.phone", given(specs, |spec| &spec.phone), taken, |nth, stream| {
        let area = keyed.nth("outsider.area", nth as u64).pick(locale.areas());
        people::mobile(area, stream)
    });
    let outsider = |((spec, phone), nth): ((&OutsiderSpec, String), u16)| {
        let phone = Settled::new(spec.phone.as_deref(), || phone, Settling::Call(Part::OutsiderPhone(nth)));
        Outsider { key: spec.key.clone(), phone }
    };
    specs.iter().zip(phones).zip(0..).map(outsider).collect()
}

fn draw_queues(specs: &[QueueSpec], locale: Locale, keyed: &Keyed) -> Vec<Queue> {
    let fallback = [QueueSpec { key: "queue".into(), ..QueueSpec::default() }];
    let specs = if specs.is_empty() { &fallback } else { specs };
    let numbers = distinct(keyed, "queue.number", given(specs, |spec| &spec.number), Vec::new(), |_, stream| {
        stream.within(6000..=9999).to_string()
    });
    let lists = locale.names();
    let names = specs.iter().zip(0..).map(|(spec, nth)| listed(&spec.name, lists.queues, lists.queue, nth));
    let queue = |((spec, number), name): ((&QueueSpec, String), Settled)| {
        let number = Settled::new(spec.number.as_deref(), || number, Settling::Centre);
        Queue { key: spec.key.clone(), number, name }
    };
    specs.iter().zip(numbers).zip(names).map(queue).collect()
}

fn draw_tasks(specs: &[TaskSpec], locale: Locale, keyed: &Keyed) -> Vec<Task> {
    let fallback = [TaskSpec { key: "task".into(), ..TaskSpec::default() }];
    let specs = if specs.is_empty() { &fallback } else { specs };
    let ids = distinct(keyed, "task.id", specs.iter().map(|spec| spec.id).collect(), Vec::new(), |_, stream| {
        stream.within(1000..=9999)
    });
    let lists = locale.names();
    let names = specs.iter().zip(0..).map(|(spec, nth)| listed(&spec.name, lists.tasks, lists.task, nth));
    let task = |((spec, id), name): ((&TaskSpec, u64), Settled)| {
        let by = if spec.id.is_some() { Settling::Given } else { Settling::Centre };
        Task { key: spec.key.clone(), id: Settled::new(None, || id.to_string(), by), name }
    };
    specs.iter().zip(ids).zip(names).map(task).collect()
}

fn given<T>(specs: &[T], field: impl Fn(&T) -> &Option<String>) -> Vec<Option<String>> {
    specs.iter().map(|spec| field(spec).clone()).collect()
}

/// A name of a list, which is the same for every seed.
fn listed(given: &Option<String>, names: &[&str], further: &str, nth: usize) -> Settled {
    let counted = || names.get(nth).map_or_else(|| format!("{further}{}", nth + 1), |name| (*name).to_owned());
    Settled::new(given.as_deref(), counted, Settling::Given)
}

/// One value for each entry, given or drawn, of which no drawn one is like another or like what is taken.
///
/// A value is drawn for every entry, given or not: else giving one could set free a value that another then draws.
pub(super) fn distinct<T: Clone + PartialEq>(
    keyed: &Keyed,
    purpose: &str,
    given: Vec<Option<T>>,
    mut taken: Vec<T>,
    draw: impl Fn(usize, &mut Stream) -> T,
) -> Vec<T> {
    taken.extend(given.iter().flatten().cloned());
    let settle = |(nth, given): (usize, Option<T>)| {
        let mut stream = keyed.nth(purpose, nth as u64);
        let mut drawn = draw(nth, &mut stream);
        for _ in 0..REDRAWS_MAX {
            if !taken.contains(&drawn) {
                break;
            }
            drawn = draw(nth, &mut stream);
        }
        taken.push(drawn.clone());
        given.unwrap_or(drawn)
    };
    given.into_iter().enumerate().map(settle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Area, Kind, NumberKind, Subject};
    use std::collections::BTreeSet;

    fn spec() -> CastSpec {
        let agent = |key: &str| AgentSpec { key: key.into(), ..AgentSpec::default() };
        let queue = |key: &str| QueueSpec { key: key.into(), ..QueueSpec::default() };
        CastSpec {
            agents: ["ann", "bob", "sup"].map(agent).into(),
            outsiders: vec![OutsiderSpec { key: "boss".into(), phone: None }],
            queues: ["sales", "care"].map(queue).into(),
            tasks: vec![TaskSpec { key: "spring".into(), ..TaskSpec::default() }],
            ..CastSpec::new(Subject::Call(Kind::Inbound))
        }
    }

    fn draw(spec: &CastSpec, seed: u64) -> Cast {
        Cast::draw(spec, Locale::ZhCn, Timestamp::UNIX_EPOCH, Keyed::new(seed, "cast", 1), false)
    }

    #[test]
    fn a_cast_never_changes_between_versions() {
        let cast = draw(&spec(), 42);
        assert_eq!((&*cast.label, &*cast.line), ("4bf5", "03516519576"));
        assert_eq!(
            (&*cast.customer.name, &*cast.customer.phone, &*cast.customer.city),
            ("廖旭冠", "13803111446", "石家庄")
        );
        assert_eq!((&*cast.agents[1].name, &*cast.agents[1].phone), ("丁采菡", "13709513972"));
        assert_eq!((&*cast.queues[0].number, &*cast.tasks[0].id), ("9771", "6741"));
    }

    #[test]
    fn a_cast_agrees_with_itself_for_every_seed() {
        for seed in 0..500 {
            let cast = draw(&spec(), seed);
            let customer = &cast.customer;
            let area = Area::of_number(&customer.phone).expect("a drawn number is in the table");
            assert_eq!(
                (area.city, area.province, area.code),
                (&*customer.city, &*customer.province, &*customer.area_code)
            );
            assert_eq!((customer.phone.len(), customer.number_kind), (11, NumberKind::Mobile));
            let line = Area::of_number(&cast.line).expect("a drawn line is in the table");
            assert_eq!(cast.line.len(), line.code.len() + line.landline_digits);
            for agent in &cast.agents {
                let area = Area::of_number(&agent.phone).expect("a drawn number is in the table");
                assert_eq!((area.city, area.province, area.code), (&*agent.city, &*agent.province, &*agent.area_code));
                assert_eq!((agent.phone.len(), agent.number_kind), (11, NumberKind::Mobile));
                assert_eq!(*agent.email, format!("agent{}@example.com", agent.number));
            }
            let mut people: Vec<&str> = cast.agents.iter().map(|agent| &*agent.phone).collect();
            people.extend([&*customer.phone, &*cast.outsiders[0].phone]);
            assert_eq!(people.iter().collect::<BTreeSet<_>>().len(), 5);
            assert!(cast.queues[0].number != cast.queues[1].number && cast.queues[0].number.len() == 4);
        }
    }

    #[test]
    fn unnamed_agents_queues_and_tasks_go_by_their_place() {
        let cast = draw(&spec(), 1);
        assert_eq!(cast.agents.iter().map(|agent| &*agent.number).collect::<Vec<_>>(), ["2001", "2002", "2003"]);
        assert_eq!(cast.queues.iter().map(|queue| &*queue.name).collect::<Vec<_>>(), ["售前组", "售后组"]);
        assert_eq!(cast.tasks[0].name, "回访任务");
    }

    #[test]
    fn an_empty_file_still_has_an_agent_a_queue_and_a_task() {
        let cast = draw(&CastSpec { agents: vec![], queues: vec![], tasks: vec![], ..spec() }, 1);
        assert_eq!((&*cast.agents[0].key, &*cast.queues[0].key, &*cast.tasks[0].key), ("agent", "queue", "task"));
    }

    #[test]
    fn a_number_that_is_given_to_one_agent_is_not_counted_for_another() {
        let mut spec = spec();
        spec.agents[0].number = Some("2002".into());
        let numbers: Vec<String> = draw(&spec, 1).agents.into_iter().map(|agent| agent.number.text).collect();
        assert_eq!(numbers, ["2002", "2005", "2003"]);
    }

    #[test]
    fn names_of_a_crowd_are_unique() {
        let agents = (0..1000).map(|nth| AgentSpec { key: format!("a{nth}"), ..AgentSpec::default() }).collect();
        let cast = draw(&CastSpec { agents, ..spec() }, 5);
        assert_eq!(cast.agents.iter().map(|agent| &*agent.name).collect::<BTreeSet<_>>().len(), 1000);
    }

    #[test]
    fn a_name_that_is_given_to_one_agent_is_not_drawn_for_another() {
        let mut spec = spec();
        let drawn = draw(&spec, 5).agents[0].name.clone();
        spec.agents[1].name = Some(drawn.to_string());
        let cast = draw(&spec, 5);
        assert_eq!(*cast.agents[1].name, *drawn);
        assert_ne!(cast.agents[0].name, drawn);
    }

    #[test]
    fn what_is_given_survives_and_changes_nothing_else() {
        type Give = fn(&mut CastSpec);
        type Same = fn(&mut Cast, &Cast);
        // Each case gives a value, then puts back what may change with it: the rest must be equal.
        let cases: [(Give, Same); 8] = [
            (
                |spec| spec.line = Some("01081400192".into()),
                |cast, old| {
                    assert_eq!(std::mem::replace(&mut cast.line, old.line.clone()), "01081400192");
                },
            ),
            (
                |spec| spec.customer.name = Some("客户甲".into()),
                |cast, old| {
                    assert_eq!(std::mem::replace(&mut cast.customer.name, old.customer.name.clone()), "客户甲");
                },
            ),
            (
                |spec| spec.customer.phone = Some("138-0013-8000".into()),
                |cast, old| {
                    assert_eq!((&*cast.customer.phone, &*cast.customer.city), ("138-0013-8000", "北京"));
                    assert_eq!(cast.customer.name, old.customer.name);
                    assert_eq!(cast.customer.company, old.customer.company);
                    cast.customer = old.customer.clone();
                },
            ),
            (
                |spec| spec.customer.city = Some("成都".into()),
                |cast, old| {
                    assert_eq!((&*cast.customer.province, &*cast.customer.area_code), ("四川", "028"));
                    assert_eq!(cast.customer.phone[7..], old.customer.phone[7..]);
                    cast.customer = old.customer.clone();
                },
            ),
            (
                |spec| spec.agents[0].name = Some("安妮".into()),
                |cast, old| {
                    assert_eq!(std::mem::replace(&mut cast.agents[0].name, old.agents[0].name.clone()), "安妮");
                },
            ),
            (
                |spec| spec.agents[1].city = Some("义乌".into()),
                |cast, old| {
                    let bob = std::mem::replace(&mut cast.agents[1], old.agents[1].clone());
                    assert_eq!(
                        (&*bob.city, &*bob.province, &*bob.area_code, &bob.phone),
                        ("义乌", "", "", &old.agents[1].phone)
                    );
                },
            ),
            (
                |spec| spec.queues[0].number = Some("007".into()),
                |cast, old| {
                    assert_eq!(std::mem::replace(&mut cast.queues[0].number, old.queues[0].number.clone()), "007");
                },
            ),
            (
                |spec| spec.tasks[0].id = Some(12),
                |cast, old| {
                    assert_eq!(std::mem::replace(&mut cast.tasks[0].id, old.tasks[0].id.clone()), "12");
                },
            ),
        ];
        for seed in 0..50 {
            let old = draw(&spec(), seed);
            for (give, put_back) in cases {
                let mut spec = spec();
                give(&mut spec);
                let mut cast = draw(&spec, seed);
                put_back(&mut cast, &old);
                assert_eq!(cast, old);
            }
        }
    }
}
