//! The customers of a scenario, call by call: no two calls share a number before all numbers of their homes are taken.

use super::home::{Home, Named};
use super::people;
use super::place::Area;
use super::{CastSpec, Locale, Part};
use crate::random::{Keyed, Unique};

/// How many numbers begin with the same seven digits.
const PER_PREFIX: u64 = 10_000;

/// The customers of the calls of one scenario, as far as they are drawn.
#[derive(Debug, Clone)]
pub struct Customers {
    keyed: Keyed,
    locale: Locale,
    /// Where the first call's customer is at home.
    home: Home,
    /// What numbers begin with, each with its area.
    prefixes: Vec<(&'static Area, &'static str)>,
    /// Whether every customer is at home where the own number is.
    is_home_drawn: bool,
    /// The numbers, unless the scenario gives one.
    numbers: Option<Unique>,
    is_name_drawn: bool,
}

impl Customers {
    /// Those that a scenario leaves to the draw, at home as `usual` says where the scenario says nothing.
    pub fn new(spec: &CastSpec, usual: Locale, keyed: &Keyed) -> Self {
        let (locale, spec) = (spec.locale.unwrap_or(usual), &spec.customer);
        let first = keyed.of_call(keyed.call().min(1));
        let named = Named {
            locale,
            code: spec.area_code.as_deref(),
            city: spec.city.as_deref(),
            province: spec.province.as_deref(),
            phone: spec.phone.as_deref(),
        };
        let home = named.home(&mut first.stream("customer.area"));
        let within = spec.province.as_deref().map(Area::of_province).filter(|areas| !areas.is_empty());
        let areas = match home.known.filter(|_| !home.is_drawn) {
            Some(area) => vec![area],
            None => within.unwrap_or_else(|| locale.areas().iter().collect()),
        };
        let prefixes: Vec<_> =
            areas.into_iter().flat_map(|area| area.mobile_prefixes.iter().map(move |prefix| (area, *prefix))).collect();
        let numbers = spec.phone.is_none().then(|| {
            let drawn = people::mobile(home.of_number, &mut first.stream("customer.phone"));
            let count = prefixes.len() as u64 * PER_PREFIX;
            keyed.unique("customer.phone", 0, count, |_| place(&prefixes, &drawn))
        });
        Self {
            keyed: *keyed,
            locale,
            home,
            prefixes,
            is_home_drawn: home.is_drawn && home.known.is_some(),
            numbers,
            is_name_drawn: spec.name.is_none(),
        }
    }

    /// Where the customer of a call is at home, and from where a number is drawn.
    pub(super) fn home(&self, call: u64) -> Home {
        match self.number(call).filter(|_| self.is_home_drawn) {
            Some((area, ..)) => Home { known: Some(area), of_number: area, is_drawn: true },
            None => self.home,
        }
    }

    /// The number of the customer of a call; empty where the scenario gives it.
    pub fn phone(&self, call: u64) -> String {
        self.number(call).map(|(_, prefix, last)| format!("{prefix}{last:04}")).unwrap_or_default()
    }

    /// What this call has in place of a part of its cast that is drawn; empty where it is not one of the customer's.
    pub fn part(&self, part: Part, call: u64) -> String {
        let keyed = self.keyed.of_call(call);
        let known = |of: fn(&Area) -> &'static str| self.home(call).known.map(of).unwrap_or_default().to_owned();
        match part {
            Part::CustomerPhone => self.phone(call),
            Part::CustomerName => people::name(self.locale, &mut keyed.stream("customer.name")),
            Part::CustomerCompany => people::company(self.locale, &mut keyed.stream("customer.company")),
            Part::CustomerProvince => known(|area| area.province),
            Part::CustomerCity => known(|area| area.city),
            Part::CustomerAreaCode => known(|area| area.code),
            Part::CustomerPostcode => known(|area| area.postcode),
            Part::OutsiderPhone(_) => String::new(),
        }
    }

    /// Whether the customer of a call is drawn with one of these names or numbers.
    pub fn shares(&self, call: u64, names: &[String], phones: &[String]) -> bool {
        let has_phone = || {
            let (_, prefix, last) = self.number(call)?;
            let is_own = |phone: &String| phone.strip_prefix(prefix)?.parse::<u64>().ok().filter(|own| *own == last);
            phones.iter().find_map(is_own)
        };
        let has_name = || {
            let parts = people::names(self.locale, &mut self.keyed.of_call(call).stream("customer.name"));
            let is_own =
                |name: &String| parts.iter().try_fold(&**name, |rest, part| rest.strip_prefix(part)) == Some("");
            names.iter().any(is_own)
        };
        (!phones.is_empty() && has_phone().is_some()) || (self.is_name_drawn && !names.is_empty() && has_name())
    }

    /// After how many calls a number comes again; never where it is given.
    pub fn calls_until_repeat(&self) -> u64 {
        self.numbers.map_or(u64::MAX, |numbers| numbers.calls_until_repeat())
    }

    fn number(&self, call: u64) -> Option<(&'static Area, &'static str, u64)> {
        let number = self.numbers?.of_call(call);
        let (nth, last) = (number / PER_PREFIX, number % PER_PREFIX);
        let (area, prefix) = self.prefixes.get(usize::try_from(nth).unwrap_or(usize::MAX))?;
        Some((area, prefix, last))
    }
}

/// Which of all numbers that begin so this one is.
fn place(prefixes: &[(&'static Area, &'static str)], phone: &str) -> u64 {
    let prefixes = prefixes.iter().enumerate();
    let found =
        prefixes.map(|(nth, (_, prefix))| Some((nth as u64, phone.strip_prefix(prefix)?))).find_map(|found| found);
    let (nth, last) = found.unwrap_or_default();
    nth * PER_PREFIX + last.parse::<u64>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Cast, CustomerSpec, Kind, Subject};
    use std::collections::BTreeSet;

    fn spec(customer: CustomerSpec) -> CastSpec {
        CastSpec { customer, ..CastSpec::new(Subject::Call(Kind::Inbound)) }
    }

    fn cast(customer: CustomerSpec, locale: Locale, call: u64) -> Cast {
        Cast::draw(&spec(customer), locale, jiff::Timestamp::UNIX_EPOCH, Keyed::new(5, "customers", call), false)
    }

    #[test]
    fn every_call_has_a_customer_of_its_own_who_is_at_home_where_the_number_is() {
        let city = CustomerSpec { city: Some("杭州".into()), ..CustomerSpec::default() };
        let province = CustomerSpec { province: Some("浙江".into()), ..CustomerSpec::default() };
        let none = CustomerSpec::default();
        for (spec, locale) in
            [(none.clone(), Locale::ZhCn), (none, Locale::EnUs), (city, Locale::ZhCn), (province, Locale::EnUs)]
        {
            let mut phones = BTreeSet::new();
            for call in 1..=3000 {
                let customer = cast(spec.clone(), locale, call).customer;
                let area = Area::of_number(&customer.phone).expect("a known number");
                assert_eq!((area.city, area.province), (&*customer.city, &*customer.province), "{call}");
                assert!(spec.city.is_none() || area.city == "杭州");
                assert!(spec.province.is_none() || area.province == "浙江");
                assert!(phones.insert(customer.phone.to_string()), "{call}");
            }
        }
    }

    #[test]
    fn parts_are_those_of_the_cast_of_the_call() {
        for (locale, until_repeat) in [(Locale::ZhCn, 1_930_000), (Locale::EnUs, 200_000)] {
            let customers = Customers::new(&spec(CustomerSpec::default()), locale, &Keyed::new(5, "customers", 1));
            for call in [1, 2, 77_777] {
                let customer = cast(CustomerSpec::default(), locale, call).customer;
                for (part, text) in [
                    (Part::CustomerPhone, &customer.phone),
                    (Part::CustomerName, &customer.name),
                    (Part::CustomerCompany, &customer.company),
                    (Part::CustomerProvince, &customer.province),
                    (Part::CustomerCity, &customer.city),
                    (Part::CustomerAreaCode, &customer.area_code),
                    (Part::CustomerPostcode, &customer.postcode),
                ] {
                    assert_eq!(customers.part(part, call), text.text, "{part:?} of {call}");
                }
            }
            let other = cast(CustomerSpec::default(), locale, 9).customer;
            let [name, phone] = [&other.name, &other.phone].map(|own| vec![own.text.clone()]);
            assert!(customers.shares(9, &name, &[]) && customers.shares(9, &[], &phone));
            assert!(!customers.shares(8, &name, &[]) && !customers.shares(8, &[], &phone));
            assert!(!customers.shares(9, &[], &[]));
            assert_eq!(customers.calls_until_repeat(), until_repeat);
        }
    }
}
