//! Access keys: who may ask, and the secrets that their signatures are checked with.

use std::fmt;
use std::str::FromStr;

/// An access key: what a client signs with.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// The part that is sent.
    pub id: String,
    /// The part that is not.
    pub secret: String,
}

impl FromStr for AccessKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((id, secret)) if !id.is_empty() && !secret.is_empty() => {
                Ok(Self { id: id.to_owned(), secret: secret.to_owned() })
            }
            // The text is not repeated: it may hold the secret.
            _ => Err("an access key is written ID:SECRET".to_owned()),
        }
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:***", self.id)
    }
}

/// The keys that are accepted. None at all: whoever asks is answered.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<AccessKey>);

impl Keys {
    /// These keys. Of two with the same id, the first counts.
    pub fn new(keys: Vec<AccessKey>) -> Self {
        Self(keys)
    }

    /// Whether whoever asks is answered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret of a key.
    pub(super) fn secret(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|key| key.id == id).map(|key| key.secret.as_str())
    }
}

/// Bytes written as lower-case hexadecimal; `None` where the text is anything else.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}
