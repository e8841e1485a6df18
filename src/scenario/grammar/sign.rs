//! The keys of `sign`.

use super::{Key, Need, Table, Takes, Words, optional, required};
use crate::scenario::Sign;
use crate::scenario::sign::SECRETS_MAX;

pub const SIGN: Table = Table {
    name: "sign",
    meaning: "How pushes are signed",
    keys: &[
        required("scheme", &[Takes::Word(Words::Scheme)], "The scheme of the signature"),
        Key {
            name: "secret",
            need: Need::Unless("secrets"),
            takes: &[Takes::Secret],
            meaning: "The secret; `{env.NAME}` in it is read from the environment",
        },
        Key {
            name: "secrets",
            need: Need::Unless("secret"),
            takes: &[Takes::List { of: &Takes::Secret, fewest: 1, most: Some(SECRETS_MAX), distinct: true }],
            meaning: "Several secrets, the newest first, while one replaces another: each of them signs",
        },
        optional("clock", &[Takes::Word(Words::SignClock)], "Which time the signature carries. Default: real"),
        Key {
            name: "header",
            need: Need::Where("scheme", Sign::HMAC_SHA256),
            takes: &[Takes::HeaderName],
            meaning: "The header that holds the signature",
        },
        Key {
            name: "encoding",
            need: Need::Only("scheme", Sign::HMAC_SHA256),
            takes: &[Takes::Word(Words::SignEncoding)],
            meaning: "How the digest is written. Default: hex",
        },
        Key {
            name: "prefix",
            need: Need::Only("scheme", Sign::HMAC_SHA256),
            takes: &[Takes::Prefix],
            meaning: "What stands before the digest, such as `sha256=`",
        },
        Key {
            name: "format",
            need: Need::Only("scheme", Sign::HMAC_SHA256),
            takes: &[Takes::Word(Words::SignFormat)],
            meaning: "What is signed, and how the header reads. Default: body",
        },
    ],
};
