//! The customers of a scenario, call by call: no two calls share a number before all numbers of their homes are taken.

use super::home::{Home, Named};
use super::people;
use super::place::Area;
use super::{CastSpec, Locale, Part};
use crate::random::{Keyed, Purpose, Unique};

/// How many digits of a number follow its prefix, and how many numbers begin with the same.
const LAST_DIGITS: usize = 4;
const PER_PREFIX: u64 = 10_u64.pow(LAST_DIGITS as u32);

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

    /// The customer of a call.
    pub fn of_call(&self, call: u64) -> DrawnCustomer<'_> {
        let number = self.numbers.and_then(|numbers| {
            let number = numbers.of_call(call);
            let prefix = usize::try_from(number / PER_PREFIX).ok().and_then(|nth| self.prefixes.get(nth));
            prefix.map(|(area, prefix)| Number { area, prefix, last: number % PER_PREFIX })
        });
        DrawnCustomer { of: self, keyed: self.keyed.of_call(call), number }
    }

    /// What no customer may be drawn with: these names and numbers, as far as one could be.
    pub fn taken(&self, names: &[String], phones: &[String]) -> Taken {
        let number = |phone: &String| {
            let parts =
                self.prefixes.iter().find_map(|(area, prefix)| Some((area, prefix, phone.strip_prefix(prefix)?)));
            let (area, prefix, last) = parts.filter(|(.., last)| last.len() == LAST_DIGITS)?;
            Some(Number { area, prefix, last: last.parse().ok()? })
        };
        let numbers = self.numbers.is_some().then(|| phones.iter().filter_map(number).collect());
        let names = self.is_name_drawn.then(|| people::named(self.locale, names));
        Taken { numbers: numbers.unwrap_or_default(), names: names.unwrap_or_default() }
    }

    /// After how many calls a number comes again; never where it is given.
    pub fn calls_until_repeat(&self) -> u64 {
        self.numbers.map_or(u64::MAX, |numbers| numbers.calls_until_repeat())
    }
}

/// A drawn number, and where it is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number {
    area: &'static Area,
    prefix: &'static str,
    last: u64,
}

/// Names and numbers that are taken.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    numbers: Vec<Number>,
    names: Vec<[&'static str; 3]>,
}

/// The customer of one call, as far as it is drawn.
#[derive(Debug, Clone, Copy)]
pub struct DrawnCustomer<'a> {
    of: &'a Customers,
    keyed: Keyed,
    number: Option<Number>,
}

const NAME: Purpose = Purpose::of("customer.name");
const COMPANY: Purpose = Purpose::of("customer.company");

impl DrawnCustomer<'_> {
    /// The key of what the call draws.
    pub fn keyed(&self) -> Keyed {
        self.keyed
    }

    /// Where the customer is at home, and from where a number is drawn.
    pub(super) fn home(&self) -> Home {
        match self.number.filter(|_| self.of.is_home_drawn) {
            Some(Number { area, .. }) => Home { known: Some(area), of_number: area, is_drawn: true },
            None => self.of.home,
        }
    }

    /// Writes what this call has in place of a part of its cast that is drawn; nothing where it is not one of the customer's,
    /// or is given.
    pub fn write(&self, part: Part, into: &mut Vec<u8>) {
        let known = |of: fn(&Area) -> &'static str| [self.home().known.map(of).unwrap_or_default(), "", ""];
        let written = match part {
            Part::CustomerPhone => {
                if let Some(Number { prefix, last, .. }) = self.number {
                    into.extend_from_slice(prefix.as_bytes());
                    into.extend([1000, 100, 10, 1].map(|place| b'0' + (last / place % 10) as u8));
                }
                return;
            }
            Part::CustomerName => people::names(self.of.locale, &mut self.keyed.nth_of(NAME, 0)),
            Part::CustomerCompany => people::company(self.of.locale, &mut self.keyed.nth_of(COMPANY, 0)),
            Part::CustomerProvince => known(|area| area.province),
            Part::CustomerCity => known(|area| area.city),
            Part::CustomerAreaCode => known(|area| area.code),
            Part::CustomerPostcode => known(|area| area.postcode),
            Part::OutsiderPhone(_) => return,
        };
        written.iter().for_each(|part| into.extend_from_slice(part.as_bytes()));
    }

    /// The same as a text.
    pub fn part(&self, part: Part) -> String {
        let mut text = Vec::new();
        self.write(part, &mut text);
        // Only texts and digits stand in it.
        String::from_utf8(text).unwrap_or_default()
    }

    /// Whether the customer is drawn with a name or a number that is taken.
    pub fn shares(&self, taken: &Taken) -> bool {
        let has_name = || people::is_one_of(self.of.locale, &taken.names, &mut self.keyed.nth_of(NAME, 0));
        let has_number = || self.number.is_some_and(|number| taken.numbers.contains(&number));
        !taken.numbers.is_empty() && has_number() || !taken.names.is_empty() && has_name()
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
                    assert_eq!(customers.of_call(call).part(part), text.text, "{part:?} of {call}");
                }
            }
            let other = cast(CustomerSpec::default(), locale, 9).customer;
            let [name, phone] = [&other.name, &other.phone].map(|own| vec![own.text.clone()]);
            for taken in [customers.taken(&name, &[]), customers.taken(&[], &phone)] {
                assert!(customers.of_call(9).shares(&taken) && !customers.of_call(8).shares(&taken));
            }
            assert!(!customers.of_call(9).shares(&customers.taken(&[], &[])));
            assert_eq!(customers.calls_until_repeat(), until_repeat);
        }
    }
}
