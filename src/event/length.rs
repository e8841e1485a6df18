//! How lengths of time are written: scenario time in whole milliseconds, real time in whole microseconds.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serializer;
use std::borrow::Cow;
use std::time::Duration;

/// Whole milliseconds.
pub fn milliseconds(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// Whole microseconds.
pub fn microseconds(length: Duration) -> u64 {
    u64::try_from(length.as_micros()).unwrap_or(u64::MAX)
}

/// Of scenario time, for `with` of serde.
pub(super) struct Milliseconds;
/// Of real time, for `with` of serde.
pub(super) struct Microseconds;

macro_rules! whole {
    ($length:ident, $count:ident) => {
        impl $length {
            pub fn serialize<S: Serializer>(
                length: &(impl Copy + Into<Option<Duration>>),
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_u64($count((*length).into().unwrap_or_default()))
            }
        }

        impl JsonSchema for $length {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($length).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                u64::json_schema(generator)
            }
        }
    };
}

whole!(Milliseconds, milliseconds);
whole!(Microseconds, microseconds);
