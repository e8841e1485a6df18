//! The codes that a request is refused with, and their texts as the vendor's pages have them.

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    /// The body is not JSON, or a value has another type.
    ParameterParse,
    /// A parameter is missing.
    MissingParameter,
    /// Who asks is not known, or the signature is wrong.
    Auth,
    /// Something of ours failed.
    Service,
    /// A value is out of range.
    InvalidParameter,
    /// No push has this id.
    NoSuchPush,
    /// A date is not written as one.
    DateFormat,
    /// There were too many calls within an hour.
    TooFast,
}

impl Code {
    /// The number in `retCode`.
    pub(super) fn number(self) -> u32 {
        match self {
            Code::ParameterParse => 1_008_001,
            Code::MissingParameter => 1_008_002,
            Code::Auth => 1_008_003,
            Code::Service => 1_008_004,
            Code::InvalidParameter => 1_008_007,
            Code::NoSuchPush => 1_008_015,
            Code::DateFormat => 1_008_016,
            Code::TooFast => 1_008_028,
        }
    }

    /// The text in `errMsg`.
    pub(super) fn text(self) -> &'static str {
        match self {
            Code::ParameterParse => "parameter parse error",
            Code::MissingParameter => "missing parameter",
            Code::Auth => "auth failure",
            Code::Service => "invoke service error",
            Code::InvalidParameter => "invalid parameter",
            Code::NoSuchPush => "push id not exist",
            Code::DateFormat => "date param format error",
            Code::TooFast => "request too fast",
        }
    }

    /// The status, where errors are told by the status, too.
    pub(super) fn status(self) -> u16 {
        match self {
            Code::Auth => 401,
            Code::NoSuchPush => 404,
            Code::TooFast => 429,
            Code::Service => 500,
            Code::ParameterParse | Code::MissingParameter | Code::InvalidParameter | Code::DateFormat => 400,
        }
    }
}
