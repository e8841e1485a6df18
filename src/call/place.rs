//! Areas of China with their area codes and number prefixes, as far as generated numbers need them.

/// A city with its province, area code and some mobile prefixes that are at home there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The province, or the municipality itself.
    pub province: &'static str,
    /// The city.
    pub city: &'static str,
    /// The area code with its leading zero.
    pub code: &'static str,
    /// The first seven digits of mobile numbers of this city.
    pub mobile_prefixes: &'static [&'static str],
}

/// The areas that generated numbers come from.
pub const AREAS: &[Area] = &[Area { province: "北京", city: "北京", code: "010", mobile_prefixes: &["1390100"] }];
