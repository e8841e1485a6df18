//! Texts of digits: phone numbers, area codes, keys, whole numbers and percentages.

use super::Wrong;
use crate::spelling::tick;

/// The fewest digits of a phone number: short numbers of carriers and switchboards have three.
pub const PHONE_DIGITS_MIN: usize = 3;
/// The most digits of a phone number, as E.164 has it.
pub const PHONE_DIGITS_MAX: usize = 15;
/// The most keys that a caller can press in one step.
pub(super) const KEYS_MAX: usize = 32;

/// A phone number: digits as written, leading zeros kept, perhaps a `+` before them.
///
/// # Errors
/// Anything else, with the digits alone as proposal where punctuation stands between them.
pub fn phone(text: &str) -> Result<String, Wrong> {
    let reason = format!("{} is no phone number", tick(text));
    let digits = text.strip_prefix('+').unwrap_or(text);
    let (fewest, most) = (PHONE_DIGITS_MIN, PHONE_DIGITS_MAX);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return match digits.len() {
            count if (fewest..=most).contains(&count) => Ok(text.to_owned()),
            count => {
                Err(Wrong::new(reason, format!("it has {count} digits, and a phone number has {fewest} to {most}")))
            }
        };
    }
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '/' | '\u{a0}')).collect();
    if bare != text && bare.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit()) && !bare.is_empty() {
        return Err(Wrong::new(reason, format!("write the digits alone: `\"{bare}\"`")));
    }
    if text.parse::<f64>().is_ok_and(f64::is_finite) {
        return Err(Wrong::new(reason, "write all of its digits, in quotes: `\"13800138000\"`"));
    }
    Err(Wrong::new(reason, format!("{fewest} to {most} digits, perhaps with a `+` before them: `\"13800138000\"`")))
}

/// An area code with its leading zero.
///
/// # Errors
/// Anything that is not a zero followed by two or three digits.
pub fn area_code(text: &str) -> Result<String, Wrong> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        3 | 4 if digits && text.starts_with('0') => Ok(text.to_owned()),
        2 | 3 if digits && !text.starts_with('0') => Err(Wrong::new(
            format!("the area code {} lacks its leading zero", tick(text)),
            format!("write `\"0{text}\"`"),
        )),
        _ => Err(Wrong::new(
            format!("{} is no area code", tick(text)),
            "a zero and two or three digits: `\"010\"`, `\"0755\"`",
        )),
    }
}

/// Keys of a telephone: digits, `*` and `#`.
///
/// # Errors
/// Anything else, nothing at all, or more keys than 32 at once.
pub fn keys(text: &str) -> Result<String, Wrong> {
    if text.is_empty() || !text.chars().all(|key| key.is_ascii_digit() || matches!(key, '*' | '#')) {
        return Err(Wrong::new(
            format!("{} are no keys of a telephone", tick(text)),
            "the keys are the digits, `*` and `#`: `\"1\"`, `\"12#\"`",
        ));
    }
    if text.len() > KEYS_MAX {
        return Err(Wrong::new(
            format!("{} are {} keys", tick(text), text.len()),
            format!("one step presses {KEYS_MAX} keys at most"),
        ));
    }
    Ok(text.to_owned())
}

/// A whole number that is not negative.
///
/// # Errors
/// Anything else.
pub fn integer(text: &str) -> Result<u64, Wrong> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u64>() {
        Ok(number) if digits => Ok(number),
        _ if digits => {
            Err(Wrong::new(format!("{} is too large", tick(text)), format!("the largest number is `{}`", u64::MAX)))
        }
        _ => Err(Wrong::new(
            format!("{} is no whole number", tick(text)),
            "digits alone, without sign, point or unit: `12`",
        )),
    }
}

/// A percentage from `0%` to `100%`, as a fraction.
///
/// # Errors
/// Anything else.
pub fn percent(text: &str) -> Result<f64, Wrong> {
    let reason = format!("{} is no percentage", tick(text));
    let number = |text: &str| text.parse::<f64>().ok().filter(|_| text.starts_with(|c: char| c.is_ascii_digit()));
    match (text.strip_suffix('%').map(|digits| number(digits.trim_end())), number(text)) {
        (Some(Some(percent)), _) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        (Some(Some(_)), _) => Err(Wrong::new(reason, "it lies between `0%` and `100%`")),
        (None, Some(fraction)) if fraction > 0.0 && fraction < 1.0 => {
            Err(Wrong::new(reason, format!("write `{}%`", (fraction * 10_000.0).round() / 100.0)))
        }
        (None, Some(number)) => Err(Wrong::new(reason, format!("write `{number}%`"))),
        _ => Err(Wrong::new(reason, "a number with its sign: `20%`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_keep_their_characters() {
        for text in ["01081400192", "110", "+8613800138000", "123456789012345"] {
            assert_eq!(phone(text).as_deref(), Ok(text));
        }
        for (text, help) in [
            ("138-0013-8000", "`\"13800138000\"`"),
            ("(010) 8140 0192", "`\"01081400192\"`"),
            ("1e10", "all of its digits"),
            ("13800138000.0", "all of its digits"),
            ("12", "has 2 digits"),
            ("1234567890123456", "has 16 digits"),
            ("0x1F", "3 to 15 digits"),
            ("１３８００１３８０００", "3 to 15 digits"),
            ("+", "3 to 15 digits"),
            ("", "3 to 15 digits"),
            ("-", "3 to 15 digits"),
        ] {
            let wrong = phone(text).expect_err(text);
            assert!(wrong.help.contains(help), "{text}: {wrong}");
        }
    }

    #[test]
    fn area_codes_have_their_zero() {
        assert_eq!(area_code("010").as_deref(), Ok("010"));
        assert_eq!(area_code("0755").as_deref(), Ok("0755"));
        assert!(area_code("10").expect_err("no zero").help.contains("`\"010\"`"));
        assert!(area_code("01").is_err());
        assert!(area_code("区号").is_err());
    }

    #[test]
    fn percentages_are_fractions() {
        assert_eq!(percent("20%"), Ok(0.2));
        assert_eq!(percent("0%"), Ok(0.0));
        for (text, help) in
            [("0.2", "`20%`"), ("20", "`20%`"), ("120%", "100%"), ("-5%", "`20%`"), ("inf%", "`20%`"), ("%", "`20%`")]
        {
            let wrong = percent(text).expect_err(text);
            assert!(wrong.help.contains(help), "{text}: {wrong}");
        }
    }

    #[test]
    fn whole_numbers_and_keys() {
        assert_eq!(integer("12"), Ok(12));
        assert!(integer("-1").is_err() && integer("1.0").is_err() && integer("+1").is_err() && integer("").is_err());
        assert!(integer("99999999999999999999").expect_err("too large").reason.contains("too large"));
        assert_eq!(keys("12*#").as_deref(), Ok("12*#"));
        assert!(keys("").is_err() && keys("a").is_err() && keys(&"1".repeat(33)).is_err());
    }
}
