//! The options of a vendor: declared once by `options!`, given by a scenario, read by type.

use super::BadOption;
use super::facts::{OptionFact, OptionKind};
use crate::duration;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// On or off.
    Switch(bool),
    /// A text, or the word of a choice.
    Text(String),
    /// A whole number.
    Integer(u64),
    /// A length of time.
    Duration(Duration),
    /// A list of texts.
    List(Vec<String>),
    /// Any value.
    Any(Value),
}

/// The settings of one vendor: what a scenario gives, and the vendor's defaults for the rest.
#[derive(Debug, Clone)]
pub struct GivenOptions {
    facts: &'static [OptionFact],
    given: BTreeMap<&'static str, OptionValue>,
}

impl GivenOptions {
    /// The defaults of a vendor.
    pub fn defaults(facts: &'static [OptionFact]) -> Self {
        Self { facts, given: BTreeMap::new() }
    }

    /// Gives a value; the last one wins.
    pub fn insert(&mut self, name: &'static str, value: OptionValue) {
        self.given.insert(name, value);
    }

    /// Gives a value as its text has it, such as from `--option udesk.retry=true`.
    ///
    /// # Errors
    /// What is wrong and what would be right, as one sentence.
    pub fn read(&mut self, name: &str, text: &str) -> Result<(), String> {
        let Some(fact) = self.facts.iter().find(|fact| fact.name == name) else {
            return Err(format!("no option is called `{name}`"));
        };
        let setting = match fact.kind {
            OptionKind::Switch(_) => match text {
                "true" => OptionValue::Switch(true),
                "false" => OptionValue::Switch(false),
                _ => return Err(format!("`{name}` is true or false, not `{text}`")),
            },
            OptionKind::Integer(_) => match text.parse() {
                Ok(number) => OptionValue::Integer(number),
                Err(_) => return Err(format!("`{name}` is a whole number, not `{text}`")),
            },
            OptionKind::Duration(_) => OptionValue::Duration(duration::parse(text)?),
            OptionKind::Choice(words) if words.contains(&text) => OptionValue::Text(text.to_owned()),
            OptionKind::Choice(words) => return Err(format!("`{name}` is {}, not `{text}`", words.join(" or "))),
            OptionKind::Text(_) => OptionValue::Text(text.to_owned()),
            OptionKind::List => OptionValue::List(text.split(',').map(str::to_owned).collect()),
            OptionKind::Any => OptionValue::Any(serde_json::from_str(text).unwrap_or_else(|_| text.into())),
        };
        self.given.insert(fact.name, setting);
        Ok(())
    }

    /// An option by its type.
    ///
    /// # Errors
    /// What is wrong with what is given.
    pub fn read_as<T: OptionType>(&self, name: &'static str, default: T::Default) -> Result<T, BadOption> {
        T::read(self.given.get(name), default).map_err(|reason| BadOption { option: name, reason })
    }

    /// What was given, by name.
    pub fn given(&self) -> impl Iterator<Item = (&'static str, &OptionValue)> {
        self.given.iter().map(|(name, setting)| (*name, setting))
    }
}

/// A type that an option can have.
pub trait OptionType: Sized {
    /// What its declaration gives: a default, or limits.
    type Default;

    /// What values it takes.
    fn kind(default: &Self::Default) -> OptionKind;

    /// Reads what a scenario gives, or takes the default.
    ///
    /// # Errors
    /// What is wrong and what would be right, as half a sentence.
    fn read(given: Option<&OptionValue>, default: Self::Default) -> Result<Self, String>;
}

/// A choice between words, the first of which is the default.
pub trait Words: Copy + 'static {
    /// Each with its word.
    const ALL: &'static [(&'static str, Self)];
}

/// The longest text that an option can be, in bytes.
const TEXT_MAX_BYTES: usize = 2048;

impl OptionType for bool {
    type Default = bool;

    fn kind(default: &bool) -> OptionKind {
        OptionKind::Switch(*default)
    }

    fn read(given: Option<&OptionValue>, default: bool) -> Result<Self, String> {
        Ok(if let Some(OptionValue::Switch(is)) = given { *is } else { default })
    }
}

/// A number with its default and the largest that it can be.
impl OptionType for u64 {
    type Default = (u64, u64);

    fn kind((default, _): &(u64, u64)) -> OptionKind {
        OptionKind::Integer(Some(*default))
    }

    fn read(given: Option<&OptionValue>, (default, largest): (u64, u64)) -> Result<Self, String> {
        let Some(OptionValue::Integer(number)) = given else { return Ok(default) };
        if *number <= largest { Ok(*number) } else { Err(format!("at most {largest}")) }
    }
}

/// A number that is drawn unless it is given, with the largest that it can be.
impl OptionType for Option<u64> {
    type Default = u64;

    fn kind(_: &u64) -> OptionKind {
        OptionKind::Integer(None)
    }

    fn read(given: Option<&OptionValue>, largest: u64) -> Result<Self, String> {
        match given {
            Some(OptionValue::Integer(number)) if *number > largest => Err(format!("at most {largest}")),
            Some(OptionValue::Integer(number)) => Ok(Some(*number)),
            _ => Ok(None),
        }
    }
}

/// A length of time with its default and the longest that it can be.
impl OptionType for Duration {
    type Default = (Duration, Duration);

    fn kind((default, _): &Self::Default) -> OptionKind {
        OptionKind::Duration(*default)
    }

    fn read(given: Option<&OptionValue>, (default, longest): Self::Default) -> Result<Self, String> {
        let Some(OptionValue::Duration(length)) = given else { return Ok(default) };
        if *length <= longest { Ok(*length) } else { Err(format!("at most {}", duration::text(longest))) }
    }
}

/// A text, which can be empty.
impl OptionType for String {
    type Default = &'static str;

    fn kind(default: &&'static str) -> OptionKind {
        OptionKind::Text(Some(default))
    }

    fn read(given: Option<&OptionValue>, default: &'static str) -> Result<Self, String> {
        text(given).map(|given| given.unwrap_or(default).to_owned())
    }
}

/// A text that is drawn, or follows from others, unless it is given.
impl OptionType for Option<String> {
    type Default = ();

    fn kind((): &()) -> OptionKind {
        OptionKind::Text(None)
    }

    fn read(given: Option<&OptionValue>, (): ()) -> Result<Self, String> {
        match text(given)? {
            Some("") => Err("it is empty; leave it out to have it drawn".to_owned()),
            given => Ok(given.map(str::to_owned)),
        }
    }
}

fn text(given: Option<&OptionValue>) -> Result<Option<&str>, String> {
    match given {
        Some(OptionValue::Text(text)) if text.len() > TEXT_MAX_BYTES => {
            Err(format!("it is longer than {TEXT_MAX_BYTES} bytes"))
        }
        Some(OptionValue::Text(text)) => Ok(Some(text)),
        _ => Ok(None),
    }
}

/// A list of texts; none where it is not given.
impl OptionType for Vec<String> {
    type Default = ();

    fn kind((): &()) -> OptionKind {
        OptionKind::List
    }

    fn read(given: Option<&OptionValue>, (): ()) -> Result<Self, String> {
        Ok(if let Some(OptionValue::List(items)) = given { items.clone() } else { Vec::new() })
    }
}

/// A list of words, with all that there are and those that it has where none are given.
impl OptionType for Vec<&'static str> {
    type Default = (&'static [&'static str], &'static [&'static str]);

    fn kind(_: &Self::Default) -> OptionKind {
        OptionKind::List
    }

    fn read(given: Option<&OptionValue>, (all, default): Self::Default) -> Result<Self, String> {
        let Some(OptionValue::List(items)) = given else { return Ok(default.to_vec()) };
        let known = |item: &String| all.iter().find(|word| *word == item).copied().ok_or_else(|| none_of(item, all));
        items.iter().map(known).collect()
    }
}

fn none_of(item: &str, words: &[&str]) -> String {
    format!("`{item}` is none of {}", words.join(", "))
}

/// A list of texts, which need not be given.
impl OptionType for Option<Vec<String>> {
    type Default = ();

    fn kind((): &()) -> OptionKind {
        OptionKind::List
    }

    fn read(given: Option<&OptionValue>, (): ()) -> Result<Self, String> {
        Ok(if let Some(OptionValue::List(items)) = given { Some(items.clone()) } else { None })
    }
}

/// Any value, which the vendor looks at itself.
impl OptionType for Option<Value> {
    type Default = ();

    fn kind((): &()) -> OptionKind {
        OptionKind::Any
    }

    fn read(given: Option<&OptionValue>, (): ()) -> Result<Self, String> {
        Ok(if let Some(OptionValue::Any(value)) = given { Some(value.clone()) } else { None })
    }
}

impl<T: Words> OptionType for T {
    type Default = ();

    fn kind((): &()) -> OptionKind {
        // A list of few words, made once for each option of a program.
        let words: Vec<&'static str> = T::ALL.iter().map(|(word, _)| *word).collect();
        OptionKind::Choice(words.leak())
    }

    fn read(given: Option<&OptionValue>, (): ()) -> Result<Self, String> {
        let word = if let Some(OptionValue::Text(word)) = given { Some(word.as_str()) } else { None };
        let chosen = T::ALL.iter().find(|(known, _)| word.is_none_or(|word| word == *known));
        let words = || T::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>();
        chosen.map(|(_, chosen)| *chosen).ok_or_else(|| none_of(word.unwrap_or_default(), &words()))
    }
}

/// Declares the options of a vendor: a `struct` with a field for each, `facts()` for the catalogue, and `read` for what a
/// scenario gives.
///
/// `name: type = default, Origin, "what it does";`, where the type is an [`OptionType`](crate::vendors::options::OptionType).
#[macro_export]
macro_rules! options {
    ($(#[$of_struct:meta])* pub struct $name:ident {
        $($(#[$of_field:meta])* $field:ident: $type:ty = $default:expr, $origin:ident, $meaning:expr;)*
    }) => {
        $(#[$of_struct])*
        pub struct $name {
            $(
                #[doc = $meaning]
                $(#[$of_field])*
                #[allow(dead_code, reason = "some are only needed alone")]
                pub $field: $type,
            )*
        }

        impl $name {
            /// What can be set, in the order in which it is listed.
            pub fn facts() -> &'static [$crate::vendors::OptionFact] {
                static FACTS: std::sync::LazyLock<Vec<$crate::vendors::OptionFact>> = std::sync::LazyLock::new(|| {
                    vec![$($crate::vendors::OptionFact {
                        name: stringify!($field),
                        kind: <$type as $crate::vendors::options::OptionType>::kind(&$default),
                        meaning: $meaning,
                        origin: $crate::vendors::Origin::$origin,
                    },)*]
                });
                &FACTS
            }

            /// Reads what is given.
            ///
            /// # Errors
            /// The first option that is impossible.
            pub fn read(given: &$crate::vendors::GivenOptions) -> Result<Self, $crate::vendors::BadOption> {
                Ok(Self { $($field: Self::$field(given)?,)* })
            }

            $(
                #[doc = $meaning]
                ///
                /// # Errors
                /// What is wrong with it.
                #[allow(dead_code, reason = "there is one for each option, for whoever needs it alone")]
                pub fn $field(given: &$crate::vendors::GivenOptions) -> Result<$type, $crate::vendors::BadOption> {
                    given.read_as(stringify!($field), $default)
                }
            )*
        }
    };
}

pub use options;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::Origin;

    const fn fact(name: &'static str, kind: OptionKind) -> OptionFact {
        OptionFact { name, kind, meaning: "", origin: Origin::Inferred }
    }

    const FACTS: &[OptionFact] = &[
        fact("profile", OptionKind::Choice(&["2020", "2025"])),
        fact("strict", OptionKind::Switch(false)),
        fact("skew", OptionKind::Duration(Duration::ZERO)),
        fact("calls", OptionKind::Integer(Some(200))),
        fact("actions", OptionKind::Any),
    ];

    #[test]
    fn a_setting_takes_its_own_kind_of_value_and_no_other() {
        let mut settings = GivenOptions::defaults(FACTS);
        for (name, text) in
            [("profile", "2025"), ("strict", "true"), ("skew", "300s"), ("calls", "9"), ("actions", "[{\"type\": 9}]")]
        {
            assert_eq!(settings.read(name, text), Ok(()));
        }
        let given: BTreeMap<_, _> = settings.given().map(|(name, value)| (name, value.clone())).collect();
        assert_eq!(given["profile"], OptionValue::Text("2025".into()));
        assert_eq!((&given["strict"], &given["calls"]), (&OptionValue::Switch(true), &OptionValue::Integer(9)));
        assert_eq!(given["skew"], OptionValue::Duration(Duration::from_secs(300)));
        assert_eq!(given["actions"], OptionValue::Any(serde_json::json!([{"type": 9}])));
        for (name, text) in [("profile", "2024"), ("strict", "yes"), ("skew", "5"), ("calls", "-1"), ("x", "y")] {
            assert!(settings.read(name, text).is_err(), "{name}={text}");
        }
    }
}
