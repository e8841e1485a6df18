//! What texts the readers beside this file take, as regular expressions for editors. Where a pattern cannot say
//! something, it takes more than the reader, never less.

use super::header::SET_BY_TRANSPORT;
use super::number::{KEYS_MAX, PHONE_DIGITS_MAX, PHONE_DIGITS_MIN};
use crate::duration::UNITS;

/// A phone number.
pub fn phone() -> String {
    format!(r"^\+?[0-9]{{{PHONE_DIGITS_MIN},{PHONE_DIGITS_MAX}}}$")
}

/// An area code with its leading zero.
pub fn area_code() -> String {
    "^0[0-9]{2,3}$".to_owned()
}

/// Keys of a telephone.
pub fn keys() -> String {
    format!("^[0-9*#]{{1,{KEYS_MAX}}}$")
}

/// A whole number, perhaps with a sign.
pub fn whole(signed: bool) -> String {
    if signed { "^[+-]?[0-9]+$".to_owned() } else { "^[0-9]+$".to_owned() }
}

/// A status, or a class of them.
pub fn status() -> String {
    "^ *([1-9][0-9]{2}|[1-9][Xx]{2}) *$".to_owned()
}

/// A percentage from `0%` to `100%`.
pub fn percent() -> String {
    r"^0*(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?) *%$".to_owned()
}

/// A length of time. It matches the empty text as well.
pub fn length() -> String {
    format!("^ *{} *$", length_within())
}

/// A length of time, or a range. It matches the empty text as well.
pub fn range() -> String {
    let length = length_within();
    format!(r"^ *{length}( *\.\. *{length})? *$")
}

fn length_within() -> String {
    // The largest unit comes first.
    let part = |(unit, _): &(&str, u64)| format!(r"(([0-9]+\.?[0-9]*|\.[0-9]+){unit})?");
    format!("(0|{})", UNITS.iter().rev().map(part).collect::<String>())
}

/// The address of a receiver: scheme and host, no name and password, no fragment; or a variable that holds them.
pub fn address() -> String {
    r"^([Hh][Tt][Tt][Pp][Ss]?://[^\s/?#:@][^\s/?#@]*([/?][^\s#]*)?|\{env\.[^\s#]+)$".to_owned()
}

/// The address of a probe: that of a receiver, or one that begins with a value.
pub fn question() -> String {
    r"^([Hh][Tt][Tt][Pp][Ss]?://|\{)[^\s#]+$".to_owned()
}

/// The name of a header.
pub fn header_name() -> String {
    r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$".to_owned()
}

/// A header that a scenario cannot set.
pub fn header_set_by_transport() -> String {
    let any_case = |letter: char| match letter.is_ascii_alphabetic() {
        true => format!("[{}{letter}]", letter.to_ascii_uppercase()),
        false => letter.to_string(),
    };
    let names: Vec<String> = SET_BY_TRANSPORT.iter().map(|name| name.chars().map(any_case).collect()).collect();
    format!("^({})$", names.join("|"))
}

/// The value of a header.
pub fn header_value() -> String {
    r"^[\t -~]*$".to_owned()
}

/// What begins the value of a header.
pub fn prefix() -> String {
    r"^([!-~][\t -~]*)?$".to_owned()
}

/// A threshold.
pub fn threshold() -> String {
    let metric = r"(p[0-9]+(\.[0-9]*)?|max|mean|errors|lost|held|retries|rate)";
    format!(r"^\s*([^\s<>=]*:[^\s<>=]*\s+)?((response|service)\s+)?{metric}\s*(<=?|>=?|==)\s*[0-9.][^<>=]*$")
}

/// A name in a script.
pub fn name() -> String {
    "^[a-z][a-z0-9_-]*$".to_owned()
}

/// A secret that other tools would look up, and that is no reference here.
pub fn foreign_secret() -> String {
    r"^(\$.|\{\{)".to_owned()
}
