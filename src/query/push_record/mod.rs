//! get_push_record of Tencent's push service (TPNS): the push tasks of an application, as its own log shows them.
//!
//! The pages describe parameters, fields and codes; which code answers which mistake is inferred.

mod answer;
mod asked;
mod code;
mod record;
mod settings;
mod sign;

pub use settings::RecordSettings;

use super::quota::Quota;
use super::{Answer, Keys, Present, Unread};
use crate::http::Captured;
use crate::journal::{Entries, Records};
use asked::Asked;
use code::Code;
use settings::Status;

/// The path of the API.
pub const PATH: &str = "/v3/statistics/get_push_record";
/// The vendor whose records are listed.
const VENDOR: &str = "tpns";

/// The API, with what it is configured with and what it remembers.
#[derive(Debug)]
pub struct PushRecord {
    keys: Keys,
    settings: RecordSettings,
    quota: Quota,
}

impl PushRecord {
    /// The path at which it is served.
    pub const PATH: &str = PATH;

    /// The API. With keys, who asks is checked.
    pub fn new(keys: Keys, settings: RecordSettings) -> Self {
        Self { keys, settings, quota: Quota::default() }
    }

    /// Answers a request.
    pub fn answer(&self, request: &Captured, present: &Present, records: &dyn Records) -> Answer {
        if request.method != "POST" {
            let mut answer = answer::refusal(Code::InvalidParameter, 405);
            answer.headers.push(("Allow", "POST".to_owned()));
            return answer;
        }
        match self.entries(request, present, records) {
            Ok((asked, entries)) => answer::page(&entries, asked.counts(), self.settings.profile),
            Err(code) => self.refuse(code),
        }
    }

    /// Answers a request whose body could not be read.
    pub fn unread(&self, why: Unread) -> Answer {
        let mut answer = answer::refusal(Code::ParameterParse, why.status());
        // What is left of the body cannot be told from a next request.
        answer.headers.push(("Connection", "close".to_owned()));
        answer
    }

    /// Answers a request that could not be answered for a reason of our own.
    pub fn broken(&self) -> Answer {
        self.refuse(Code::Service)
    }

    fn refuse(&self, code: Code) -> Answer {
        let status = match self.settings.http_status {
            Status::Always200 => 200,
            Status::ByError => code.status(),
        };
        answer::refusal(code, status)
    }

    fn entries(&self, request: &Captured, present: &Present, records: &dyn Records) -> Result<(Asked, Entries), Code> {
        let caller = sign::caller(request, &self.keys, &self.settings, present.wall)?;
        let per_hour = self.settings.calls_per_hour;
        if per_hour > 0 && !self.quota.allows(caller.as_deref().unwrap_or_default(), per_hour, present.wall) {
            return Err(Code::TooFast);
        }
        let asked = Asked::read(&request.body, &self.settings, present.story)?;
        let entries = records.entries(&asked.filter(caller), asked.page()).map_err(|_| Code::Service)?;
        if entries.rows.is_empty() && !asked.counts() {
            return Err(Code::NoSuchPush);
        }
        Ok((asked, entries))
    }
}
