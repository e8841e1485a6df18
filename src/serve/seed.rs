//! A seed as JSON has it. It is a number of 64 bits, and JavaScript loses digits beyond 2^53: those are written as text, and both
//! are read.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;

/// Below it, every reader of JSON keeps all digits.
pub const EXACT_BELOW: u64 = 1 << 53;

/// A seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed(pub u64);

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            exact @ 0..EXACT_BELOW => serializer.serialize_u64(exact),
            long => serializer.collect_str(&long),
        }
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = || D::Error::custom(format!("`seed`: a seed is a whole number from 0 to {}", u64::MAX));
        match Value::deserialize(deserializer)? {
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().map_err(|_| told()),
            Value::Number(number) => match (number.as_u64(), number.as_f64()) {
                (Some(number), _) => Ok(number),
                // `7.0` is a whole number, too; where digits may be lost already, none can be meant.
                (None, Some(long)) if long.fract() == 0.0 && (0.0..EXACT_BELOW as f64).contains(&long) => {
                    Ok(long as u64)
                }
                (None, _) => {
                    Err(D::Error::custom(format!("`seed`: {number} is not exact; send it as text, digit by digit")))
                }
            },
            _ => Err(told()),
        }
        .map(Seed)
    }
}

impl JsonSchema for Seed {
    fn schema_name() -> Cow<'static, str> {
        "Seed".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The seed of everything that is drawn: a whole number of 64 bits. Beyond 2^53, where JavaScript loses \
                digits, it is written as text, digit by digit; both are read.",
            "type": ["integer", "string"],
            "minimum": 0,
            "maximum": u64::MAX,
            "format": "uint64",
            "pattern": "^[0-9]{1,20}$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_is_lost() {
        for (read, written) in [
            ("7", "7"),
            ("\"7\"", "7"),
            ("7.0", "7"),
            ("9007199254740991", "9007199254740991"),
            ("9007199254740992", "\"9007199254740992\""),
            ("18446744073709551615", "\"18446744073709551615\""),
            ("\"18446744073709551615\"", "\"18446744073709551615\""),
        ] {
            let seed: Seed = serde_json::from_str(read).unwrap_or_else(|error| panic!("{read}: {error}"));
            assert_eq!(serde_json::to_string(&seed).unwrap_or_default(), written, "{read}");
        }
        for wrong in
            ["-1", "1.5", "18446744073709551616", "\"18446744073709551616\"", "\"\"", "\"+7\"", "\"7 \"", "1e300"]
        {
            assert!(serde_json::from_str::<Seed>(wrong).is_err(), "{wrong}");
        }
    }
}
