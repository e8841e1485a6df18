//! Our values for what crosses the wire: pushes out, replies back, requests captured. No type of an HTTP crate, and nothing that sends.

mod address;
mod captured;
mod content;
mod decode;
mod push;
mod reply;
mod target_query;
mod wire;

pub use address::address;
pub use captured::Captured;
pub use decode::{Compression, ENCODINGS_MAX};
pub use push::{Filed, Method, Push};
pub use reply::{BODY_READ_MAX_BYTES, Reply, Version};
pub use target_query::TargetQuery;
pub use wire::{Framing, Message, WireOp, WirePlan};

/// The value of the first header with this name, in any letter case.
pub fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Headers whose values let others in.
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "x-api-key"];

/// The headers as they may be told: of a secret value only the scheme before it is left, as in `Bearer ***`.
pub fn masked(headers: &[(String, String)]) -> Vec<(String, String)> {
    let mask = |value: &str| match value.split_once(' ') {
        Some((scheme, _)) => format!("{scheme} ***"),
        None => "***".to_owned(),
    };
    headers
        .iter()
        .map(|(name, value)| {
            let secret = SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret));
            (name.clone(), if secret { mask(value) } else { value.clone() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn of_a_secret_only_its_scheme_is_told() {
        let headers = [("Authorization", "Bearer abc def"), ("X-Api-Key", "abc"), ("X-Env", "ci")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let told: Vec<_> = masked(&headers).into_iter().map(|(_, value)| value).collect();
        assert_eq!(told, ["Bearer ***", "***", "ci"]);
    }
}
