//! What a customer of Twilio can configure, in a request to its API or by the fragment of a webhook's address.

use crate::vendors::options::options;
use crate::vendors::{BadOption, GivenOptions, Retriable};
use std::time::Duration;

/// The longest that Twilio waits (`rt`, and `tt` for all attempts together).
const TIMEOUT_MAX: Duration = Duration::from_secs(15);
/// The most retries (`rc`).
const RETRIES_MAX: u64 = 5;
/// What can be retried, and what is by itself.
const RETRIED: &[&str] = &["ct", "rt", "4xx", "5xx", "all"];
const BY_ITSELF: &[&str] = &["ct"];
/// The events of a leg, in their order; each is the name of its callback.
pub const EVENTS: &[&str] = &["initiated", "ringing", "answered", "completed"];

options! {
    /// The options of a call.
    #[derive(Debug, Clone)]
    pub struct Options {
        account_sid: Option<String> = (), Inferred, "the account's SID, else drawn: `AC` and 32 hexadecimal digits";
        auth_token: String = "0123456789abcdef0123456789abcdef", Inferred, "the account's token, which signs every request";
        signs_faults: bool = false, Inferred,
            "whether a push that a fault bends is signed as it is sent, rather than as it was meant, so that a receiver takes it for Twilio's";
        events: Vec<&'static str> = (EVENTS, EVENTS), Documented,
            "the events of a call that are asked for; by itself, Twilio sends `completed` alone";
        get: bool = false, Documented, "whether requests are GETs with everything in the query";
        machine_detection: bool = false, Documented, "whether it is found out who answers a call by the API";
        retry_count: u64 = (1, RETRIES_MAX), Documented, "how many retries there are (`rc`)";
        retry_on: Vec<&'static str> = (RETRIED, BY_ITSELF), Documented,
            "what is retried (`rp`): no connection (`ct`), no answer in time (`rt`), `4xx`, `5xx`, or `all`; by itself `ct`";
        timeout: Duration = (TIMEOUT_MAX, TIMEOUT_MAX), Documented, "how long Twilio waits for an answer (`rt`)";
        api_url: String = "https://api.twilio.com", Documented, "what the addresses of recordings begin with";
    }
}

impl Options {
    /// Reads what is given and refuses what no account can have.
    ///
    /// # Errors
    /// The first option that is impossible.
    pub fn checked(given: &GivenOptions) -> Result<Self, BadOption> {
        let options = Self::read(given)?;
        let is_digit = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        let is_sid = |sid: &str| sid.len() == 34 && sid.starts_with("AC") && sid.bytes().skip(2).all(is_digit);
        let bad = |option, reason: &str| Err(BadOption { option, reason: reason.to_owned() });
        if !options.account_sid.as_deref().is_none_or(is_sid) {
            return bad("account_sid", "it is `AC` and 32 hexadecimal digits in small letters");
        }
        if options.auth_token.is_empty() {
            return bad("auth_token", "it is empty, and no receiver accepts what it signs");
        }
        match options.timeout.is_zero() {
            true => bad("timeout", "a request needs time to be answered, as in `15s`"),
            false => Ok(options),
        }
    }
}

/// What a word of `rp` has retried.
pub fn retried(word: &str) -> Vec<Retriable> {
    match word {
        "ct" => vec![Retriable::Connect],
        "rt" => vec![Retriable::Timeout],
        "4xx" => vec![Retriable::TooManyRequests, Retriable::Nack],
        "5xx" => vec![Retriable::ServerError],
        _ => Retriable::all(),
    }
}
