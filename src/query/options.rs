//! What can be set of the query APIs, because the vendors' pages leave it open or disagree.

use super::{curl_log, push_record};
use crate::vendors::OptionFact;

/// The options of each query API, by the id of the vendor whose it is.
pub const API_OPTIONS: [(&str, &[OptionFact]); 2] = [("tinet", curl_log::SETTINGS), ("tpns", push_record::SETTINGS)];
