//! Names, phone numbers and mail addresses of people who do not exist; who takes part in a call is settled elsewhere.

use super::place::{Area, is_mobile, national};
use super::{Locale, NumberKind};
use crate::random::Stream;

/// A person's name; in China the family name comes first.
pub(super) fn name(locale: Locale, stream: &mut Stream) -> String {
    names(locale, stream).concat()
}

/// The parts of such a name, with what stands between them.
pub(super) fn names(locale: Locale, stream: &mut Stream) -> [&'static str; 3] {
    let names = locale.names();
    let first = *stream.pick(names.first);
    [first, names.between, *stream.pick(names.last)]
}

/// Whether a name is drawn that is one of these.
pub(super) fn is_one_of(locale: Locale, names: &[[&str; 3]], stream: &mut Stream) -> bool {
    let all = locale.names();
    let first = *stream.pick(all.first);
    let mut named = names.iter().filter(|[own, ..]| *own == first).peekable();
    // Mostly the last name need not be drawn.
    named.peek().is_some() && {
        let last = *stream.pick(all.last);
        named.any(|[.., own]| *own == last)
    }
}

/// The parts that make one of these names, where a person can have it.
pub(super) fn named(locale: Locale, of: &[String]) -> Vec<[&'static str; 3]> {
    let names = locale.names();
    let first = |of: &String| names.first.iter().filter(|first| of.starts_with(**first)).collect::<Vec<_>>();
    let parts = of.iter().flat_map(|of| first(of).into_iter().map(move |first| (of, *first)));
    let parts = parts.flat_map(|(of, first)| names.last.iter().map(move |last| (of, [first, names.between, *last])));
    parts.filter(|(of, parts)| **of == parts.concat()).map(|(_, parts)| parts).collect()
}

/// The parts of the name of a company.
pub(super) fn company(locale: Locale, stream: &mut Stream) -> [&'static str; 3] {
    let names = locale.names();
    let brand = *stream.pick(names.brands);
    [brand, *stream.pick(names.trades), ""]
}

/// A mobile number of the area.
pub(super) fn mobile(area: &Area, stream: &mut Stream) -> String {
    let prefix = stream.pick(area.mobile_prefixes);
    format!("{prefix}{}", stream.digits(4))
}

/// A landline number of the area, with its area code; where numbers do not tell what they reach, any number.
pub(super) fn landline(area: &Area, stream: &mut Stream) -> String {
    if area.landline_digits == 0 {
        return mobile(area, stream);
    }
    // 0 and 1 begin codes and short numbers, 9 begins service numbers.
    let first = stream.within(2..=8);
    format!("{}{first}{}", area.code, stream.digits(area.landline_digits.saturating_sub(1)))
}

/// The mail address of the agent with this number, in a domain that can have no mailbox.
pub(super) fn mail(number: &str) -> String {
    let local: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("agent{}@example.com", local.to_ascii_lowercase())
}

/// What kind of number a phone number is: one of another country counts as a mobile, any other that does not look like one
/// as a landline.
pub(super) fn number_kind(phone: &str) -> NumberKind {
    let digits = national(phone);
    if is_mobile(&digits) || digits.starts_with('+') { NumberKind::Mobile } else { NumberKind::Landline }
}

#[cfg(test)]
mod tests {
    use super::super::place::AREAS;
    use super::*;
    use crate::random::Keyed;

    #[test]
    fn names_are_chinese_and_have_no_blanks() {
        let mut stream = Keyed::new(1, "names", 1).stream("name");
        for _ in 0..500 {
            let (name, company) = (name(Locale::ZhCn, &mut stream), company(Locale::ZhCn, &mut stream).concat());
            for (text, lengths) in [(name, 3..=4), (company, 8..=10)] {
                assert!(lengths.contains(&text.chars().count()), "{text}");
                assert!(text.chars().all(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)), "{text}");
            }
        }
    }

    #[test]
    fn generated_numbers_have_their_areas_shape_and_are_at_home_there() {
        for seed in 0..500 {
            let mut stream = Keyed::new(seed, "numbers", 1).stream("number");
            let area = stream.pick(AREAS);
            let (mobile, landline) = (mobile(area, &mut stream), landline(area, &mut stream));
            assert_eq!(mobile.len(), 11, "{mobile}");
            assert_eq!(landline.len(), area.code.len() + area.landline_digits, "{landline}");
            assert_eq!(Area::of_number(&mobile), Some(area), "{mobile}");
            assert_eq!(Area::of_number(&landline), Some(area), "{landline}");
            assert_eq!(number_kind(&mobile), NumberKind::Mobile);
            assert_eq!(number_kind(&landline), NumberKind::Landline);
        }
    }

    #[test]
    fn mail_goes_nowhere_whatever_the_number() {
        assert_eq!(mail("2001"), "agent2001@example.com");
        assert_eq!(mail("A-1 二"), "agenta1@example.com");
    }
}
