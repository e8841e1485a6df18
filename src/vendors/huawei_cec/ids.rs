//! The ids and secrets that Huawei CEC gives, in its own shapes, drawn from the seed.

use super::facts;
use crate::call::Cast;

const LETTERS_AND_DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The id of a channel: the day on which it was made, and ten digits, as in the page's samples.
pub fn channel(cast: &Cast) -> String {
    let mut stream = cast.keyed.centre().stream("huawei-cec.channel");
    let (year, month, day) = (stream.within(2021..=2025), stream.within(1..=12), stream.within(1..=28));
    format!("{year}{month:02}{day:02}{}", stream.digits(10))
}

/// The id of a customer.
pub fn customer(cast: &Cast) -> String {
    cast.keyed.stream("huawei-cec.customer").digits(8)
}

/// The id of an agent's `n`th message: a UUID.
pub fn agent_message(cast: &Cast, n: u64) -> String {
    cast.keyed.nth("huawei-cec.agent_message", n).uuid().to_string()
}

/// The id of the customer's `n`th message.
pub fn customer_message(cast: &Cast, n: u64) -> String {
    cast.keyed.nth("huawei-cec.customer_message", n).hex(facts::MESSAGE_ID_CHARS_MAX)
}

/// The id of a call: 19 digits.
pub fn call(cast: &Cast) -> String {
    format!("1{}", cast.keyed.stream("huawei-cec.call").digits(18))
}

/// The token that the tenant's application was given.
pub fn token(cast: &Cast) -> String {
    cast.keyed.centre().stream("huawei-cec.token").hex(32)
}

/// The access key of the tenant.
pub fn access_key(cast: &Cast) -> String {
    letters_and_digits(cast, "huawei-cec.access_key", 20)
}

/// The push key of the tenant.
pub fn push_key(cast: &Cast) -> String {
    letters_and_digits(cast, "huawei-cec.push_key", facts::PUSH_KEY_CHARS)
}

fn letters_and_digits(cast: &Cast, purpose: &str, count: usize) -> String {
    let mut stream = cast.keyed.centre().stream(purpose);
    (0..count).map(|_| char::from(*stream.pick(LETTERS_AND_DIGITS))).collect()
}
