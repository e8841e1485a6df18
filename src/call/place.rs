//! Areas of China and the United States with their area codes and number prefixes, as far as generated numbers need them;
//! no other part of the numbering plans.

/// A city with its province, area code and some mobile prefixes that are at home there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The province, or the municipality itself; of the United States the state, by its two letters.
    pub province: &'static str,
    /// The city.
    pub city: &'static str,
    /// The area code, in China with its leading zero.
    pub code: &'static str,
    /// A postcode of the city; empty where none is known.
    pub postcode: &'static str,
    /// How many digits a landline number has after the area code: 7 or 8; 0 where numbers do not tell what they reach.
    pub landline_digits: usize,
    /// What mobile numbers of this city begin with, before their last four digits.
    pub mobile_prefixes: &'static [&'static str],
}

/// The areas that generated numbers come from: the seat of every province, and ten large cities more.
///
/// Early segments of China Mobile carry the area code without its zero (1390571 is Hangzhou, 0571), but not in every
/// province: Guangdong, Fujian, Jiangsu and Hainan went their own way, and so did every area code of three digits.
pub const AREAS: &[Area] = &[
    area("北京", "北京", "010", 8, &["1390100", "1390101", "1390107", "1390110", "1380010", "1380013", "1380110"]),
    area("天津", "天津", "022", 8, &["1390200", "1390201", "1390211", "1390218", "1380200", "1380210"]),
    area("上海", "上海", "021", 8, &["1390160", "1390168", "1390174", "1390188", "1380160", "1380174", "1380188"]),
    area("重庆", "重庆", "023", 8, &["1390830", "1390832", "1390836", "1390838", "1380830", "1380838"]),
    area("河北", "石家庄", "0311", 8, &["1390311", "1380311", "1370311", "1360311", "1350311"]),
    area("山西", "太原", "0351", 7, &["1390351", "1370351", "1360351", "1350351"]),
    area("内蒙古", "呼和浩特", "0471", 7, &["1390471", "1380471", "1370471", "1360471"]),
    area("辽宁", "沈阳", "024", 8, &["1390400", "1390401", "1390402", "1390403", "1390405"]),
    area("辽宁", "大连", "0411", 8, &["1390411", "1380411", "1370411", "1360411", "1350411"]),
    area("吉林", "长春", "0431", 8, &["1390431", "1380431", "1360431", "1350431"]),
    area("黑龙江", "哈尔滨", "0451", 8, &["1390451", "1380451", "1370451", "1360451", "1350451"]),
    area("江苏", "南京", "025", 8, &["1390158", "1390159", "1391299", "1391330", "1391380"]),
    area("江苏", "苏州", "0512", 8, &["1390154", "1390155", "1390613", "1390620", "1391261"]),
    area("江苏", "无锡", "0510", 8, &["1390151", "1390152", "1390615", "1390617", "1391235"]),
    area("浙江", "杭州", "0571", 8, &["1390571", "1380571", "1370571", "1360571", "1350571"]),
    area("浙江", "宁波", "0574", 8, &["1390574", "1370574", "1360574", "1350574"]),
    area("浙江", "温州", "0577", 8, &["1390577", "1370577", "1360577", "1350577"]),
    area("安徽", "合肥", "0551", 8, &["1390551", "1380551", "1370551", "1360551", "1350551"]),
    area("福建", "福州", "0591", 8, &["1390500", "1390501", "1390590", "1390591", "1370591"]),
    area("福建", "厦门", "0592", 7, &["1390600", "1390601", "1390603", "1395000", "1395011"]),
    area("江西", "南昌", "0791", 8, &["1390791", "1380791", "1370791", "1360791", "1350791"]),
    area("山东", "济南", "0531", 8, &["1390531", "1380531", "1370531", "1360531", "1350531"]),
    area("山东", "青岛", "0532", 8, &["1390532", "1380532", "1370532", "1360532", "1350532"]),
    area("河南", "郑州", "0371", 8, &["1390371", "1380371", "1370371", "1360371", "1350371"]),
    area("湖北", "武汉", "027", 8, &["1397100", "1397101", "1397105", "1397108", "1397112"]),
    area("湖南", "长沙", "0731", 8, &["1390731", "1380731", "1370731", "1360731", "1350731"]),
    area("广东", "广州", "020", 8, &["1390220", "1390222", "1390225", "1390229", "1380250", "1380288"]),
    area("广东", "深圳", "0755", 8, &["1390243", "1390244", "1390246", "1390298", "1380220", "1380226"]),
    area("广东", "佛山", "0757", 8, &["1390241", "1390256", "1390280", "1390284", "1392312"]),
    area("广东", "东莞", "0769", 8, &["1390260", "1390261", "1390269", "1380237", "1392295"]),
    area("广西", "南宁", "0771", 7, &["1390771", "1380771", "1370771", "1360771", "1350771"]),
    area("海南", "海口", "0898", 8, &["1390750", "1390753", "1390757", "1390762", "1397605"]),
    area("四川", "成都", "028", 8, &["1390800", "1390803", "1390806", "1390808", "1380800", "1380807"]),
    area("贵州", "贵阳", "0851", 8, &["1390851", "1360851"]),
    area("云南", "昆明", "0871", 8, &["1390871", "1380871", "1370871", "1360871", "1350871"]),
    area("西藏", "拉萨", "0891", 7, &["1390891"]),
    area("陕西", "西安", "029", 8, &["1390920", "1390922", "1390924", "1390925", "1390928"]),
    area("甘肃", "兰州", "0931", 7, &["1390931", "1380931", "1360931"]),
    area("青海", "西宁", "0971", 7, &["1390971", "1370971"]),
    area("宁夏", "银川", "0951", 7, &["1390951", "1370951"]),
    area("新疆", "乌鲁木齐", "0991", 7, &["1390991", "1380991", "1370991", "1360991"]),
];

const fn area(
    province: &'static str,
    city: &'static str,
    code: &'static str,
    landline_digits: usize,
    mobile_prefixes: &'static [&'static str],
) -> Area {
    Area { province, city, code, postcode: "", landline_digits, mobile_prefixes }
}

/// Large cities of the United States. All their numbers have the exchange 555, which reaches nobody.
pub(super) const US_AREAS: &[Area] = &[
    us_area("CA", "San Francisco", "415", "94105", &["+1415555"]),
    us_area("CA", "Los Angeles", "213", "90012", &["+1213555"]),
    us_area("CA", "San Diego", "619", "92101", &["+1619555"]),
    us_area("WA", "Seattle", "206", "98101", &["+1206555"]),
    us_area("OR", "Portland", "503", "97205", &["+1503555"]),
    us_area("CO", "Denver", "303", "80202", &["+1303555"]),
    us_area("AZ", "Phoenix", "602", "85004", &["+1602555"]),
    us_area("TX", "Dallas", "214", "75201", &["+1214555"]),
    us_area("TX", "Houston", "713", "77002", &["+1713555"]),
    us_area("TX", "Austin", "512", "78701", &["+1512555"]),
    us_area("IL", "Chicago", "312", "60601", &["+1312555"]),
    us_area("MN", "Minneapolis", "612", "55401", &["+1612555"]),
    us_area("MI", "Detroit", "313", "48226", &["+1313555"]),
    us_area("TN", "Nashville", "615", "37201", &["+1615555"]),
    us_area("GA", "Atlanta", "404", "30303", &["+1404555"]),
    us_area("FL", "Miami", "305", "33131", &["+1305555"]),
    us_area("DC", "Washington", "202", "20001", &["+1202555"]),
    us_area("PA", "Philadelphia", "215", "19103", &["+1215555"]),
    us_area("NY", "New York", "212", "10001", &["+1212555"]),
    us_area("MA", "Boston", "617", "02108", &["+1617555"]),
];

const fn us_area(
    province: &'static str,
    city: &'static str,
    code: &'static str,
    postcode: &'static str,
    mobile_prefixes: &'static [&'static str],
) -> Area {
    Area { province, city, code, postcode, landline_digits: 0, mobile_prefixes }
}

/// How many digits of a mobile number tell where in China it is at home.
const MOBILE_PREFIX_DIGITS: usize = 7;

impl Area {
    /// Every area that is known, of every country.
    pub fn all() -> impl Iterator<Item = &'static Area> {
        AREAS.iter().chain(US_AREAS)
    }

    /// The area of a phone number: of a mobile in China by its first seven digits, of any other number by its area code.
    ///
    /// Reads a country code, dashes and blanks too. `None` where the tables do not know the number.
    pub fn of_number(phone: &str) -> Option<&'static Area> {
        let digits = national(phone);
        if let Some(digits) = digits.strip_prefix("+1") {
            return US_AREAS.iter().find(|area| digits.starts_with(area.code));
        }
        if is_mobile(&digits) {
            let prefix = &digits[..MOBILE_PREFIX_DIGITS];
            return AREAS.iter().find(|area| area.mobile_prefixes.contains(&prefix));
        }
        AREAS.iter().find(|area| digits.starts_with(area.code))
    }

    /// The area with this area code, in China with its leading zero.
    pub fn of_code(code: &str) -> Option<&'static Area> {
        Self::all().find(|area| area.code == code)
    }

    /// The area of this city, named with or without 市.
    pub fn of_city(city: &str) -> Option<&'static Area> {
        let city = city.strip_suffix('市').unwrap_or(city);
        Self::all().find(|area| area.city == city)
    }

    /// The areas of this province or state, named with or without 省 or 市.
    pub fn of_province(province: &str) -> Vec<&'static Area> {
        let province = province.strip_suffix(['省', '市']).unwrap_or(province);
        Self::all().filter(|area| area.province == province).collect()
    }
}

/// A phone number as it is dialled within China: digits only, a mobile without, a landline with its leading zero. A number
/// of another country keeps its plus.
pub(super) fn national(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let is_international = phone.trim_start().starts_with('+');
    let abroad = digits.strip_prefix(if is_international { "86" } else { "0086" });
    match abroad {
        None if is_international => format!("+{digits}"),
        Some(rest) if rest.starts_with('0') || is_mobile(rest) => rest.to_owned(),
        Some(rest) => format!("0{rest}"),
        // Some platforms put the long-distance zero before a mobile number.
        None => match digits.strip_prefix('0') {
            Some(rest) if is_mobile(rest) => rest.to_owned(),
            _ => digits,
        },
    }
}

/// Whether the digits are those of a mobile number.
pub(super) fn is_mobile(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    digits.len() == 11
        && bytes.next() == Some(b'1')
        && bytes.next().is_some_and(|second| (b'3'..=b'9').contains(&second))
        && bytes.all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn cities_codes_and_prefixes_are_unique() {
        let unique = |items: Vec<&str>| items.len() == items.iter().collect::<BTreeSet<_>>().len();
        assert!(unique(Area::all().map(|area| area.city).collect()));
        assert!(unique(Area::all().map(|area| area.code).collect()));
        assert!(unique(Area::all().flat_map(|area| area.mobile_prefixes).copied().collect()));
    }

    #[test]
    fn every_area_has_the_right_shape() {
        for area in AREAS {
            let Area { city, code, landline_digits, mobile_prefixes, .. } = area;
            let short = *code == "010" || code.starts_with("02");
            assert_eq!(code.len(), if short { 3 } else { 4 }, "{city}");
            assert!(code.starts_with('0') && code.bytes().all(|byte| byte.is_ascii_digit()), "{city}");
            assert!([7, 8].contains(landline_digits), "{city}");
            assert!(!mobile_prefixes.is_empty(), "{city}");
            for prefix in *mobile_prefixes {
                assert_eq!(prefix.len(), MOBILE_PREFIX_DIGITS, "{prefix}");
                assert!(is_mobile(&format!("{prefix}0000")), "{prefix}");
            }
        }
    }

    #[test]
    fn every_area_of_the_united_states_has_numbers_that_reach_nobody() {
        for Area { province, city, code, postcode, landline_digits, mobile_prefixes } in US_AREAS {
            assert_eq!((province.len(), code.len(), postcode.len(), *landline_digits), (2, 3, 5, 0), "{city}");
            assert_eq!(*mobile_prefixes, [format!("+1{code}555")], "{city}");
        }
    }

    #[test]
    fn no_area_code_begins_another() {
        for area in AREAS {
            let beginnings = Area::all().filter(|other| area.code.starts_with(other.code)).count();
            assert_eq!(beginnings, 1, "{}", area.code);
        }
    }

    #[test]
    fn numbers_are_at_home_where_they_say() {
        let city = |phone: &str| Area::of_number(phone).map(|area| area.city);
        assert_eq!(city("13800138000"), Some("北京"));
        assert_eq!(city("+86 138-0013-8000"), Some("北京"));
        assert_eq!(city("013905710000"), Some("杭州"));
        assert_eq!(city("01081400192"), Some("北京"));
        assert_eq!(city("0755-81234567"), Some("深圳"));
        assert_eq!(city("+86 755 8123 4567"), Some("深圳"));
        assert_eq!(city("0086 10 8140 0192"), Some("北京"));
        assert_eq!(city("+1 212 555 0100"), Some("New York"));
        for unknown in ["17319132391", "4008001234", "110", "", "+1 999 555 0100", "+13800138000", "你好"] {
            assert_eq!(city(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn cities_and_provinces_go_with_or_without_their_rank() {
        assert_eq!(Area::of_city("杭州市"), Area::of_city("杭州"));
        assert_eq!(Area::of_city("杭州").map(|area| area.code), Some("0571"));
        assert_eq!(Area::of_province("浙江省").len(), 3);
        assert!(Area::of_city("亚特兰蒂斯").is_none() && Area::of_province("亚特兰蒂斯").is_empty());
    }
}
