//! What can be set of the push records, because the vendor's pages leave it open or disagree.

use super::record::Profile;
use crate::vendors::options::{Words, options};
use std::time::Duration;

options! {
    /// The settings of the push records.
    #[derive(Debug, Clone)]
    pub struct RecordSettings {
        profile: Profile = (), Documented,
            "the fields of a record: those of the page's sample, or also createTime, xgMediaAudioResources and collapseID";
        strict_required: bool = false, Documented,
            "whether msgType and pushType have to be given, as one of the vendor's pages says and another denies";
        lenient_dates: bool = false, Inferred,
            "whether startDate and endDate may be left out, for the last month up to today";
        limit_beyond: Beyond = (), Inferred, "what becomes of a limit over 200";
        http_status: Status = (), Inferred, "whether an error has a status of its own besides its retCode";
        clock_skew: Duration = (Duration::ZERO, Duration::MAX), Inferred,
            "by how much the TimeStamp of a signed request may be wrong; 0 for any";
        raw_sign: bool = false, Inferred,
            "whether a Sign of the raw hash is taken as well as one of its hexadecimal text";
        calls_per_hour: u64 = (200, u64::MAX), Seed, "how many calls each AccessId has within an hour; 0 for any";
    }
}

impl Words for Profile {
    const ALL: &'static [(&'static str, Self)] = &[("sample", Self::Sample), ("2025", Self::Of2025)];
}

/// What becomes of a limit that is too high.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// It is refused.
    Refuse,
    /// It counts as the highest.
    Clamp,
}

impl Words for Beyond {
    const ALL: &'static [(&'static str, Self)] = &[("refuse", Self::Refuse), ("clamp", Self::Clamp)];
}

/// The status of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 200, whatever it is.
    Always200,
    /// One of its own.
    ByError,
}

impl Words for Status {
    const ALL: &'static [(&'static str, Self)] = &[("always_200", Self::Always200), ("by_error", Self::ByError)];
}
