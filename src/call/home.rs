//! Where someone is at home, from whatever a scenario says of it; the table of areas itself stands in `place`.

use super::Locale;
use super::place::Area;
use crate::random::Stream;

/// What a scenario says of where someone is at home.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) locale: Locale,
    pub(super) code: Option<&'a str>,
    pub(super) city: Option<&'a str>,
    pub(super) province: Option<&'a str>,
    pub(super) phone: Option<&'a str>,
}

/// Where someone is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Home {
    /// The area, which agrees with all that the scenario says. `None` where the scenario names a place that the table does
    /// not know: any guess would contradict it.
    pub(super) known: Option<&'static Area>,
    /// The area from which a number is drawn where none is given.
    pub(super) of_number: &'static Area,
    /// Whether nothing that the scenario says settles it.
    pub(super) is_drawn: bool,
}

impl Named<'_> {
    /// By area code, else by city, else by the number, else by the draw, within the province if one is named.
    pub(super) fn home(&self, stream: &mut Stream) -> Home {
        let within: Option<Vec<_>> = self.province.map(Area::of_province);
        let drawn = match within.as_deref() {
            None | Some([]) => stream.pick(self.locale.areas()),
            Some(areas) => *stream.pick(areas),
        };
        let fits = |area: &&'static Area| within.as_ref().is_none_or(|areas| areas.contains(area));
        let named = self.code.and_then(Area::of_code).or_else(|| self.city.and_then(Area::of_city));
        let by_number = || self.phone.and_then(Area::of_number).filter(fits);
        let by_draw = || Some(drawn).filter(|area| self.code.is_none() && self.city.is_none() && fits(area));
        let told = named.or_else(by_number);
        let known = told.or_else(by_draw);
        Home { known, of_number: known.unwrap_or(drawn), is_drawn: told.is_none() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Keyed;

    const NOTHING: Named<'_> = Named { locale: Locale::ZhCn, code: None, city: None, province: None, phone: None };

    fn city(named: Named<'_>) -> Option<&'static str> {
        named.home(&mut Keyed::new(3, "home", 1).stream("area")).known.map(|area| area.city)
    }

    #[test]
    fn the_more_exact_word_wins() {
        let all = Named {
            code: Some("0755"),
            city: Some("杭州"),
            province: Some("山东"),
            phone: Some("13800138000"),
            ..NOTHING
        };
        assert_eq!(city(all), Some("深圳"));
        assert_eq!(city(Named { code: None, ..all }), Some("杭州"));
        assert_eq!(city(Named { code: None, province: None, ..all }), Some("杭州"));
        assert_eq!(city(Named { code: None, city: None, province: None, ..all }), Some("北京"));
    }

    #[test]
    fn a_number_from_another_province_does_not_count() {
        let named = Named { province: Some("安徽省"), phone: Some("13800138000"), ..NOTHING };
        assert_eq!(city(named), Some("合肥"));
    }

    #[test]
    fn a_place_that_is_not_in_the_table_is_not_guessed() {
        assert_eq!(city(Named { city: Some("义乌"), ..NOTHING }), None);
        assert_eq!(city(Named { code: Some("0579"), ..NOTHING }), None);
        assert_eq!(city(Named { province: Some("台湾"), ..NOTHING }), None);
        assert_eq!(city(Named { city: Some("余姚"), phone: Some("13905740000"), ..NOTHING }), Some("宁波"));
    }

    #[test]
    fn a_place_beats_the_locale() {
        assert_eq!(city(Named { city: Some("Boston"), ..NOTHING }), Some("Boston"));
        assert_eq!(city(Named { locale: Locale::EnUs, phone: Some("13800138000"), ..NOTHING }), Some("北京"));
        assert!(city(Named { locale: Locale::EnUs, ..NOTHING }).is_some_and(|city| city.is_ascii()));
    }

    #[test]
    fn who_is_nowhere_at_home_is_put_somewhere() {
        assert!(city(Named { phone: Some("17319132391"), ..NOTHING }).is_some());
    }
}
