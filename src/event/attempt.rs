//! How attempts end and how long their phases take, in words and figures of their own.

use super::length::Microseconds;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// The phases of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Finding the address of the host.
    Resolve,
    /// Opening the connection.
    Connect,
    /// Agreeing on TLS.
    Tls,
    /// Writing the request.
    Write,
    /// Waiting for the head of the answer.
    FirstByte,
    /// Reading the body of the answer.
    Body,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::Resolve, Self::Connect, Self::Tls, Self::Write, Self::FirstByte, Self::Body];

    /// The phase in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Resolve => "resolve",
            Phase::Connect => "connect",
            Phase::Tls => "TLS",
            Phase::Write => "write",
            Phase::FirstByte => "first byte",
            Phase::Body => "body",
        }
    }
}

/// What kind of failure ended an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The name of the host has no address.
    Unresolved,
    /// The connection was refused, or could not be opened.
    Refused,
    /// This machine has no more files for another connection: Ringback's own shortage, not the receiver's.
    OutOfFiles,
    /// TLS could not be agreed on.
    Tls,
    /// It took too long.
    Timeout,
    /// The connection was reset or closed before a whole answer.
    Closed,
    /// What came back is not HTTP.
    NotHttp,
    /// The request itself cannot be written as HTTP, such as a header with a line break in it. Trying again is no use.
    Unsendable,
    /// A fault ended the attempt itself: it was never to have an answer.
    Fault,
}

impl FailureClass {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Unresolved,
        Self::Refused,
        Self::OutOfFiles,
        Self::Tls,
        Self::Timeout,
        Self::Closed,
        Self::NotHttp,
        Self::Unsendable,
        Self::Fault,
    ];

    /// The class in words.
    pub fn as_str(self) -> &'static str {
        match self {
            FailureClass::Unresolved => "host not found",
            FailureClass::Refused => "not connected",
            FailureClass::OutOfFiles => "out of files",
            FailureClass::Tls => "TLS failed",
            FailureClass::Timeout => "timed out",
            FailureClass::Closed => "connection closed",
            FailureClass::NotHttp => "not HTTP",
            FailureClass::Unsendable => "cannot be sent",
            FailureClass::Fault => "ended by a fault",
        }
    }
}

/// How long the phases of an attempt took. A phase that was not reached, or not needed on a kept connection, is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Timing {
    /// Finding the address and opening the connection.
    #[schemars(with = "Option<u64>")]
    #[serde(rename = "connect_us", skip_serializing_if = "Option::is_none", with = "Microseconds")]
    pub connect: Option<Duration>,
    /// Agreeing on TLS.
    #[schemars(with = "Option<u64>")]
    #[serde(rename = "tls_us", skip_serializing_if = "Option::is_none", with = "Microseconds")]
    pub tls: Option<Duration>,
    /// From the start of the attempt until the head of the answer was there.
    #[schemars(with = "Option<u64>")]
    #[serde(rename = "first_byte_us", skip_serializing_if = "Option::is_none", with = "Microseconds")]
    pub first_byte: Option<Duration>,
    /// The whole attempt.
    #[serde(rename = "total_us", with = "Microseconds")]
    pub total: Duration,
}
