//! The ids and secrets of Huawei CEC, in its own shapes: as they are given, else drawn.

use super::facts;
use super::options::Options;
use crate::body::{Draw, Leaf, Shape};
use crate::call::Cast;
use crate::random::Keyed;

const LETTERS_AND_DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The id of a channel: the day on which it was made, and ten digits, as in the page's samples.
pub fn channel(cast: &Cast, options: &Options) -> Leaf {
    options.channel_id.as_ref().map_or_else(
        || {
            let mut stream = cast.keyed.centre().stream("huawei-cec.channel");
            let (year, month, day) = (stream.within(2021..=2025), stream.within(1..=12), stream.within(1..=28));
            Leaf::of_centre(format!("{year}{month:02}{day:02}{}", stream.digits(10)))
        },
        Leaf::from,
    )
}

/// The id of a customer.
pub fn customer(cast: &Cast, options: &Options) -> Leaf {
    let drawn = || Leaf::drawn(cast, Draw::new("huawei-cec.customer", Shape::Digits(8)));
    options.customer_id.as_ref().map_or_else(drawn, Leaf::from)
}

/// The id of an agent's `n`th message.
pub fn agent_message(cast: &Cast, n: u64) -> Leaf {
    Leaf::drawn(cast, Draw::new("huawei-cec.agent_message", Shape::Uuid).nth(n))
}

/// The id of the customer's `n`th message.
pub fn customer_message(cast: &Cast, options: &Options, n: usize) -> Leaf {
    let draw = Draw::new("huawei-cec.customer_message", Shape::Hex(facts::MESSAGE_ID_CHARS));
    options.message_ids.get(n).map_or_else(|| Leaf::drawn(cast, draw.nth(n as u64)), Leaf::from)
}

/// The id of a call: 19 digits.
pub fn call(cast: &Cast, options: &Options) -> Leaf {
    let drawn = || Leaf::joined([Leaf::from("1"), Leaf::drawn(cast, Draw::new("huawei-cec.call", Shape::Digits(18)))]);
    options.call_serial.as_ref().map_or_else(drawn, Leaf::from)
}

/// The token that the tenant's application was given.
pub fn token(centre: Keyed) -> String {
    centre.stream("huawei-cec.token").hex(32)
}

/// The access key of the tenant.
pub fn access_key(centre: Keyed) -> String {
    letters_and_digits(centre, "huawei-cec.access_key", 20)
}

/// The push key of the tenant.
pub fn push_key(centre: Keyed) -> String {
    letters_and_digits(centre, "huawei-cec.push_key", facts::PUSH_KEY_CHARS)
}

fn letters_and_digits(centre: Keyed, purpose: &str, count: usize) -> String {
    let mut stream = centre.stream(purpose);
    (0..count).map(|_| char::from(*stream.pick(LETTERS_AND_DIGITS))).collect()
}
