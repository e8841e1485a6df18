//! Names, phone numbers and mail addresses of people who do not exist; who takes part in a call is settled elsewhere.

use super::NumberKind;
use super::place::{Area, is_mobile, national};
use crate::random::Stream;
use fake::locales::{Data, ZH_CN};

/// What companies do, as it stands in their names.
const TRADES: [&str; 8] = ["科技", "贸易", "物流", "餐饮", "教育", "建材", "医药", "文化传媒"];

/// A Chinese name, family name first.
///
/// Of the library only the lists are used: its own draws may change with the version of `rand`.
pub(super) fn name(stream: &mut Stream) -> String {
    names(stream).concat()
}

/// The two parts of such a name.
pub(super) fn names(stream: &mut Stream) -> [&'static str; 2] {
    [*stream.pick::<&str>(ZH_CN::NAME_LAST_NAME), *stream.pick::<&str>(ZH_CN::NAME_FIRST_NAME)]
}

/// The name of a Chinese company.
pub(super) fn company(stream: &mut Stream) -> String {
    let brand = stream.pick(ZH_CN::NAME_FIRST_NAME);
    format!("{brand}{}有限公司", stream.pick(&TRADES))
}

/// A mobile number of the area.
pub(super) fn mobile(area: &Area, stream: &mut Stream) -> String {
    let prefix = stream.pick(area.mobile_prefixes);
    format!("{prefix}{}", stream.digits(4))
}

/// A landline number of the area, with its area code.
pub(super) fn landline(area: &Area, stream: &mut Stream) -> String {
    // 0 and 1 begin codes and short numbers, 9 begins service numbers.
    let first = stream.within(2..=8);
    format!("{}{first}{}", area.code, stream.digits(area.landline_digits.saturating_sub(1)))
}

/// The mail address of the agent with this number, in a domain that can have no mailbox.
pub(super) fn mail(number: &str) -> String {
    let local: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("agent{}@example.com", local.to_ascii_lowercase())
}

/// What kind of number a phone number is; what does not look like a mobile number counts as a landline.
pub(super) fn number_kind(phone: &str) -> NumberKind {
    if is_mobile(&national(phone)) { NumberKind::Mobile } else { NumberKind::Landline }
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
            for (text, lengths) in [(name(&mut stream), 3..=4), (company(&mut stream), 8..=10)] {
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
