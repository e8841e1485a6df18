//! CloudListCurlLog of Alibaba Cloud's voice service (TiNet's push log): the customer's view of what was pushed.
//!
//! The page describes parameters and fields; where it is silent, what is done here is inferred, and [`LogSettings`] say so.

mod acs3;
mod answer;
mod asked;
mod parameters;
mod row;
mod settings;
mod signed;
mod v1;

pub use settings::LogSettings;

use super::nonces::Nonces;
use super::{Answer, Keys, Present, Unread};
use crate::http::Captured;
use crate::journal::Records;
use answer::Refusal;
use asked::Asked;
use parameters::Parameters;
use row::LogRow;
use settings::ErrorStyle;

/// The only action that is served.
pub const ACTION: &str = "CloudListCurlLog";
/// The version of the API.
const VERSION: &str = "2017-05-25";
/// The vendor whose attempts are listed.
const VENDOR: &str = "tinet";

/// The API, with what it is configured with and what it remembers.
#[derive(Debug)]
pub struct CurlLog {
    keys: Keys,
    settings: LogSettings,
    nonces: Nonces,
}

impl CurlLog {
    /// The API. With keys, signatures, dates and nonces are checked.
    pub fn new(keys: Keys, settings: LogSettings) -> Self {
        Self { keys, settings, nonces: Nonces::default() }
    }

    /// Answers a request.
    pub fn answer(&self, request: &Captured, present: &Present, records: &dyn Records) -> Answer {
        match self.rows(request, present, records) {
            Ok(rows) => answer::rows(rows, &present.request_id),
            Err(refusal) => self.refuse(&refusal, present),
        }
    }

    /// Answers a request whose body could not be read.
    pub fn unread(&self, why: Unread, present: &Present) -> Answer {
        let code = match why {
            Unread::TooLong => "RequestEntityTooLarge",
            Unread::TooSlow => "RequestTimeout",
        };
        let mut answer = self.refuse(&Refusal::new(why.status(), code, format!("{}.", why.words())), present);
        // What is left of the body cannot be told from a next request.
        answer.headers.push(("Connection", "close".to_owned()));
        answer
    }

    /// Answers a request that could not be answered for a reason of our own.
    pub fn broken(&self, present: &Present, told: &str) -> Answer {
        self.refuse(&Refusal::internal(told), present)
    }

    fn refuse(&self, refusal: &Refusal, present: &Present) -> Answer {
        let in_body_only = self.settings.error_style == ErrorStyle::Body;
        answer::refusal(refusal, in_body_only, &present.request_id)
    }

    fn rows(&self, request: &Captured, present: &Present, records: &dyn Records) -> Result<Vec<LogRow>, Refusal> {
        if !["GET", "POST"].contains(&request.method.as_str()) {
            let told = format!("The method {} is not supported.", request.method);
            return Err(Refusal::new(403, "UnsupportedHTTPMethod", told));
        }
        let parameters = Parameters::read(request)?;
        check_action(request, &parameters)?;
        if !self.keys.is_empty() {
            signed::check(request, &parameters, &self.keys, &self.nonces, present)?;
        }
        let asked = Asked::read(&parameters, present.story)?;
        let rows = records
            .attempts(&asked.filter(&self.settings), asked.page())
            .map_err(|error| Refusal::internal(&error.to_string()))?;
        Ok(rows.iter().map(|row| LogRow::of(row, &self.settings)).collect())
    }
}

/// Whether the request is for this action, in the version that there is.
fn check_action(request: &Captured, parameters: &Parameters) -> Result<(), Refusal> {
    let named = |header, name| request.header(header).or_else(|| parameters.get(name));
    match named("x-acs-action", "Action") {
        None => return Err(Refusal::missing("Action")),
        Some(ACTION) => {}
        Some(_) => {
            let told = format!("The specified action does not exist; there is {ACTION}.");
            return Err(Refusal::new(404, "InvalidAction.NotFound", told));
        }
    }
    if named("x-acs-version", "Version").is_some_and(|version| version != VERSION) {
        return Err(Refusal::new(
            404,
            "NoSuchVersion",
            format!("The specified version does not exist; there is {VERSION}."),
        ));
    }
    if parameters.get("Format").is_some_and(|format| !format.eq_ignore_ascii_case("JSON")) {
        return Err(Refusal::invalid("Format", "only JSON is served"));
    }
    Ok(())
}
