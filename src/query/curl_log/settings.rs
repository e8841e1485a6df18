//! What can be set of the push log, because its page leaves it open.

use crate::journal::{Column, Order, UrlFilter};
use crate::vendors::options::{Words, options};

options! {
    /// The settings of the push log.
    #[derive(Debug, Clone)]
    pub struct LogSettings {
        error_style: ErrorStyle = (), Inferred,
            "whether a refusal has a status of its own, or status 200 with the code in the body";
        order: Order = (), Inferred, "which rows come first";
        time_column: Column = (), Inferred, "the time that StartTime and EndTime select and rows are ordered by";
        url_match: UrlMatch = (), Inferred, "whether Url names the whole address or a part of it";
        no_answer_status: NoAnswer = (), Inferred, "the StatusCode of an attempt without an answer: \"0\" or \"\"";
        current_month: CurrentMonth = (), Inferred, "what CurrentMonth holds";
        double_escape: bool = false, Inferred,
            "whether the quotes in Params and ResultText are escaped once more, as the page's sample shows them";
    }
}

/// How a refusal is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStyle {
    /// By a status of its own.
    Status,
    /// By the code in the body alone.
    Body,
}

impl Words for ErrorStyle {
    const ALL: &'static [(&'static str, Self)] = &[("http_status", Self::Status), ("http_200_code", Self::Body)];
}

impl Words for Order {
    const ALL: &'static [(&'static str, Self)] =
        &[("newest_first", Self::NewestFirst), ("oldest_first", Self::OldestFirst)];
}

impl Words for Column {
    const ALL: &'static [(&'static str, Self)] =
        &[("create", Self::Ended), ("start", Self::Started), ("request", Self::Requested)];
}

/// Makes of `Url` what is looked for.
#[derive(Debug, Clone, Copy)]
pub struct UrlMatch(pub fn(String) -> UrlFilter);

impl Words for UrlMatch {
    const ALL: &'static [(&'static str, Self)] =
        &[("exact", Self(UrlFilter::Is)), ("contains", Self(UrlFilter::Contains))];
}

/// What stands for the status of an attempt without an answer.
#[derive(Debug, Clone, Copy)]
pub struct NoAnswer(pub &'static str);

impl Words for NoAnswer {
    const ALL: &'static [(&'static str, Self)] = &[("zero", Self("0")), ("empty", Self(""))];
}

/// The pattern of `CurrentMonth`.
#[derive(Debug, Clone, Copy)]
pub struct CurrentMonth(pub &'static str);

impl Words for CurrentMonth {
    const ALL: &'static [(&'static str, Self)] = &[("empty", Self("")), ("yyyymm", Self("%Y%m"))];
}
