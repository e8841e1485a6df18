//! Prints a plan: as a table, as JSON, as raw HTTP, and as curl lines that can be run.

use super::pretty::pretty;
use super::{Delivery, Plan, PlannedRecord, Sent};
use crate::clock::BEIJING;
use crate::faults::{Bent, Leaves};
use crate::http::{Push, Secrets};
use crate::shell;
use crate::vendors::named::shown;
use crate::visible::{in_json, visible};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt::Write;
use std::time::Duration;
use url::Url;

/// How much of a plan is printed, in bytes; the pushes behind are counted.
pub const PRINTED_MAX_BYTES: usize = 64 * 1024 * 1024;

/// The ways to print a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Format")]
pub enum PlanFormat {
    /// One aligned line per push: when, what, why.
    Table,
    /// One JSON object on one line.
    #[default]
    Json,
    /// Requests as they go over the wire.
    Http,
    /// Requests as people read them: JSON indented, the parameters of a form or a query decoded, one per line.
    Pretty,
    /// One shell command per push.
    Curl,
    /// The values that expectations and probes can name, one aligned line each.
    Values,
}

impl Plan {
    /// The plan as text, ending in a line break.
    pub fn print(&self, format: PlanFormat) -> String {
        let mut text = match format {
            PlanFormat::Table => self.table(),
            PlanFormat::Json => self.json(PRINTED_MAX_BYTES),
            PlanFormat::Http => self.each(http, PRINTED_MAX_BYTES),
            PlanFormat::Pretty => self.each(pretty, PRINTED_MAX_BYTES),
            PlanFormat::Curl => self.each(curl, PRINTED_MAX_BYTES),
            PlanFormat::Values => self.values(),
        };
        // What stands in the file can be printed with it; what the environment gave cannot.
        let mut secrets = Secrets::default();
        self.from_environment.iter().for_each(|secret| secrets.add(secret));
        secrets.veil(&mut text);
        text
    }

    /// The scenario's time at an offset, as RFC 3339 with Beijing's offset and milliseconds.
    pub fn at(&self, offset: Duration) -> String {
        let beijing = self.instant(offset).to_zoned(BEIJING.to_time_zone());
        beijing.strftime("%Y-%m-%dT%H:%M:%S.%3f%:z").to_string()
    }

    fn table(&self) -> String {
        let mut text = format!(
            "{} by {}, seed {}: {}\n",
            visible(&self.scenario),
            self.vendor.id(),
            self.seed,
            visible(&self.title)
        );
        let width = self.deliveries.iter().map(|delivery| shown(&delivery.push).len()).max().unwrap_or(0);
        for delivery in &self.deliveries {
            let Delivery { number, push, call, offset, why, planned, .. } = delivery;
            let at = match planned.leaves {
                Leaves::WhenDue => format!("+{}", crate::duration::text(*offset)),
                Leaves::Never => "never".to_owned(),
                Leaves::OnceAcknowledged { original, after } => {
                    format!("#{original}+{}", crate::duration::text(after))
                }
            };
            let fate = self.fate(delivery, planned.target.unwrap_or(1), 1, *offset);
            let size = fate.push.body.len();
            let push = shown(push);
            let only = planned.target.map(|target| format!(" at {target}")).unwrap_or_default();
            let _ = writeln!(
                text,
                "{number:>4}  {at:>9}  {push:width$}  {size:>5} B  call {call}{only}  {}{}",
                visible(why),
                told(&fate.bent)
            );
        }
        for PlannedRecord { offset, why, record } in &self.records {
            let at = format!("+{}", crate::duration::text(*offset));
            let _ = writeln!(text, "      {at:>9}  {} record {}  {why}", self.vendor.id(), record.id);
        }
        if self.deliveries.is_empty() && !self.records.is_empty() {
            let _ = writeln!(text, "nothing is pushed; {} changes of the vendor's own records", self.records.len());
            return text;
        }
        let (pushes, targets) = (self.deliveries.len(), self.targets.len());
        let addresses: Vec<_> = self.targets.iter().map(Url::as_str).collect();
        let _ = writeln!(
            text,
            "{pushes} pushes to {targets} address{}: {}",
            if targets == 1 { "" } else { "es" },
            addresses.join(", ")
        );
        text
    }

    /// `most` bytes of pushes, and how many there are behind them.
    pub(super) fn json(&self, most: usize) -> String {
        #[derive(Serialize)]
        struct Printed<'a> {
            scenario: &'a str,
            vendor: &'a str,
            seed: u64,
            deliveries: Vec<Box<RawValue>>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            records: Vec<PrintedRecord<'a>>,
            /// How many pushes are too much to print.
            #[serde(skip_serializing_if = "Option::is_none")]
            left_out: Option<usize>,
        }
        #[derive(Serialize)]
        struct PrintedRecord<'a> {
            id: &'a str,
            at: String,
            why: &'a str,
            record: serde_json::Value,
        }
        #[derive(Serialize)]
        struct PrintedDelivery<'a> {
            push: &'a str,
            call: &'a str,
            at: String,
            why: &'a str,
            method: &'a str,
            url: String,
            headers: Vec<(String, String)>,
            body: std::borrow::Cow<'a, str>,
            #[serde(skip_serializing_if = "<[Bent]>::is_empty")]
            faults: &'a [Bent],
        }
        let print = |(delivery, number, target): (&Delivery, u32, &Url)| {
            let fate = self.fate(delivery, number, 1, delivery.offset);
            let body = fate.push.body_at(target);
            let sent =
                Sent { url: &fate.push.address(target), body: &body, at: self.instant(delivery.offset), meant: None };
            let mut headers = self.headers(delivery, &fate.push, sent);
            fate.dress(&mut headers);
            serde_json::value::to_raw_value(&PrintedDelivery {
                push: &delivery.push,
                call: &delivery.call,
                at: self.at(delivery.offset),
                why: &delivery.why,
                method: fate.push.method.as_str(),
                url: fate.push.address(target).into(),
                headers,
                body: String::from_utf8_lossy(&body),
                faults: &fate.bent,
            })
            .ok()
        };
        let mut sends = self.sends();
        let (mut deliveries, mut bytes) = (Vec::new(), 0);
        while bytes < most
            && let Some(send) = sends.next()
        {
            let printed: Option<Box<RawValue>> = print(send);
            bytes += printed.as_ref().map_or(0, |printed| printed.get().len());
            deliveries.extend(printed);
        }
        let records = self.records.iter().map(|PlannedRecord { offset, why, record }| PrintedRecord {
            id: &record.id,
            at: self.at(*offset),
            why,
            record: record.content.to_json(),
        });
        let printed = Printed {
            scenario: &self.scenario,
            vendor: self.vendor.id(),
            seed: self.seed,
            deliveries,
            records: records.collect(),
            left_out: Some(sends.count()).filter(|left_out| *left_out > 0),
        };
        in_json(&serde_json::to_string(&printed).unwrap_or_default()).into_owned() + "\n"
    }

    pub(super) fn each(&self, print: fn(&Push, &Url, &[(String, String)]) -> String, most: usize) -> String {
        let mut text = String::new();
        if self.signs_in_real_time() {
            text += "# signed as of the story's time; a run signs as each attempt is written

";
        }
        let mut sends = self.sends();
        while text.len() < most
            && let Some((delivery, number, target)) = sends.next()
        {
            let fate = self.fate(delivery, number, 1, delivery.offset);
            let request = Push { body: fate.push.body_at(target).into(), ..fate.push.clone() };
            let (url, body, at) = (fate.push.address(target), request.body.bytes(), self.instant(delivery.offset));
            let mut headers = self.headers(delivery, &fate.push, Sent { url: &url, body: &body, at, meant: None });
            fate.dress(&mut headers);
            let (push, at, why) = (shown(&delivery.push), self.at(delivery.offset), &delivery.why);
            let _ = writeln!(text, "# {push} at {at}: {}{}", visible(why), told(&fate.bent));
            text += &print(&request, &url, &headers);
            text.push('\n');
        }
        match sends.count() {
            0 => {}
            left_out => text += &format!("# {left_out} more are not printed\n"),
        }
        text
    }

    /// Everything that leaves, with the number and the address of its target.
    fn sends(&self) -> impl Iterator<Item = (&Delivery, u32, &Url)> {
        let leaving = self.deliveries.iter().filter(|delivery| delivery.planned.leaves != Leaves::Never);
        leaving.flat_map(|delivery| {
            let targets = (1..).zip(&self.targets);
            targets
                .filter(|(number, _)| self.reaches(delivery, *number))
                .map(move |(number, target)| (delivery, number, target))
        })
    }
}

/// What has bent a delivery, in brackets.
fn told(bent: &[Bent]) -> String {
    bent.iter().map(|Bent { fault, evidence, .. }| format!("  [{fault}: {evidence}]")).collect()
}

pub(super) fn http(push: &Push, url: &Url, headers: &[(String, String)]) -> String {
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut text = format!("{} {path} HTTP/1.1\r\nHost: {host}\r\n", push.method);
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    // As it is sent: a GET without a body has no framing.
    if push.method.has_body() || !push.body.is_empty() {
        let _ = write!(text, "Content-Length: {}\r\n", push.body.len());
    }
    let _ = write!(text, "\r\n{}\n", String::from_utf8_lossy(&push.body.bytes()));
    text
}

fn curl(push: &Push, url: &Url, headers: &[(String, String)]) -> String {
    shell::curl(push.method.as_str(), url.as_str(), headers, &String::from_utf8_lossy(&push.body.bytes())) + "\n"
}
