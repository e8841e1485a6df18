//! What people give as text: a vendor, an instant, an option of a vendor, a way to retry. Each becomes a value, or a message
//! that says what would be right.

use crate::clock::BEIJING;
use crate::duration;
use crate::http::{VEIL, is_secret_name};
use crate::scenario::{Retry, Scenario, WAITS_MAX, option_help};
use crate::spelling;
use crate::vendors::{self, GivenOptions, Retriable, Vendor};
use jiff::Timestamp;
use jiff::civil::DateTime;

/// A vendor by its id.
///
/// # Errors
/// Which vendors there are.
pub fn vendor(text: &str) -> Result<&'static dyn Vendor, String> {
    vendors::find(text).ok_or_else(|| {
        let ids: Vec<_> = vendors::ALL.iter().map(|vendor| vendor.id()).collect();
        match spelling::nearest(text, ids.iter().copied()) {
            Some(near) => format!("no vendor is called `{text}`; did you mean `{near}`?"),
            None => format!("no vendor is called `{text}`; there are {}", ids.join(", ")),
        }
    })
}

/// An instant: RFC 3339, or the time on a clock in Beijing.
///
/// # Errors
/// How a time is written.
pub fn time(text: &str) -> Result<Timestamp, String> {
    let in_beijing = || {
        let civil = text.parse::<DateTime>().ok()?;
        BEIJING.to_timestamp(civil).ok()
    };
    text.parse::<Timestamp>()
        .ok()
        .or_else(in_beijing)
        .ok_or_else(|| "a time is written `2026-11-20T10:00:00+08:00`, or `2026-11-20 10:00:00` for Beijing".to_owned())
}

/// A way to retry: `vendor`, `none`, or waits such as `5s,5m,30m`.
///
/// # Errors
/// What is wrong with a wait.
pub fn retry(text: &str) -> Result<Retry, String> {
    match text {
        "vendor" => Ok(Retry::Vendor),
        "none" => Ok(Retry::Never),
        waits if waits.split(',').nth(WAITS_MAX).is_some() => Err(format!("there are more than {WAITS_MAX} waits")),
        waits => {
            let waits = waits.split(',').map(duration::parse).collect::<Result<Vec<_>, _>>();
            let waits = waits.map_err(|problem| format!("{problem}; or write `vendor` or `none`"))?;
            Ok(Retry::Explicit { waits, jitter: 0.0, on: Retriable::all() })
        }
    }
}

/// A way to retry as [`retry`] reads it.
pub(super) fn retry_text(retry: &Retry) -> String {
    match retry {
        Retry::Vendor => "vendor".to_owned(),
        Retry::Never => "none".to_owned(),
        Retry::Explicit { waits, .. } => waits.iter().map(|wait| duration::text(*wait)).collect::<Vec<_>>().join(","),
    }
}

/// An option of a vendor: `tinet.enterprise=7122600`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenOption {
    /// The vendor's id.
    pub vendor: String,
    /// The name of the option.
    pub name: String,
    /// Its value, as it was written.
    pub value: String,
}

/// Splits the text of an option; whether there is such an option is found out where it is put into a scenario.
///
/// # Errors
/// How an option is written.
pub fn given_option(text: &str) -> Result<GivenOption, String> {
    let split = text.split_once('=').and_then(|(path, value)| Some((path.split_once('.')?, value)));
    let ((vendor, name), value) = split.ok_or("an option is written VENDOR.NAME=VALUE")?;
    Ok(GivenOption { vendor: vendor.to_owned(), name: name.to_owned(), value: value.to_owned() })
}

impl GivenOption {
    /// Configures a vendor in a scenario; what is wrong, and what to do, where it cannot be.
    pub(super) fn put_into(&self, scenario: &mut Scenario) -> Result<(), (String, String)> {
        let Self { vendor: id, name, value } = self;
        // A name that is misspelt may be that of a secret.
        let facts = vendor(id).map_or(&[][..], |vendor| vendor.options());
        let is_open = facts.iter().any(|fact| fact.name == name) && !is_secret_name(name);
        let value_told = if is_open { value } else { VEIL };
        let told = |problem: String| format!("--option {id}.{name}={value_told}: {problem}");
        let vendor = vendor(id).map_err(|problem| (told(problem), String::new()))?;
        let refused = |problem: String| {
            let help = match vendor.options().iter().any(|fact| fact.name == name) {
                true => format!("`ringback list options --vendor {id}` tells what there is"),
                false => option_help(name, vendor, vendors::ALL),
            };
            (told(problem), help)
        };
        let settings = scenario.options.entry(vendor.id()).or_insert_with(|| GivenOptions::defaults(vendor.options()));
        settings.read(name, value).map_err(refused)
    }
}
