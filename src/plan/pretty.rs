//! Pushes as people read them: the request line, the headers, and what is said, decoded and one value per line.

use super::{Plan, PlannedRecord};
use crate::http::{Push, header, indented_json, parameters, readable};
use crate::visible::visible;
use std::fmt::Write;
use url::Url;

/// A request. Its query stands below the request line.
pub(super) fn pretty(push: &Push, url: &Url, headers: &[(String, String)]) -> String {
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut text = format!("{} {} HTTP/1.1\nHost: {host}\n", push.method, url.path());
    for (name, value) in headers {
        let _ = writeln!(text, "{name}: {}", visible(value));
    }
    let said = said(url, headers, &push.body.bytes());
    if !said.is_empty() {
        let _ = writeln!(text, "\n{said}");
    }
    text
}

/// What the query and the body say, line by line; a query goes before a body.
fn said(url: &Url, headers: &[(String, String)], body: &[u8]) -> String {
    let query = url.query().map(|query| parameters(query.as_bytes())).unwrap_or_default();
    let body = readable(header(headers, "Content-Type").unwrap_or_default(), body);
    let parts = [query, body].map(|part| part.lines().map(visible).collect::<Vec<_>>().join("\n"));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

impl Plan {
    /// What the first push of this name says, line by line, and what it tells of; `None` where the plan has none.
    pub fn example(&self, push: &str) -> Option<(String, String)> {
        let delivery = self.deliveries.iter().find(|delivery| delivery.push == push)?;
        let target = self.targets.first()?;
        let request = &delivery.request;
        let said = said(&request.address(target), &request.headers.written(), &request.body_at(target));
        Some((said, delivery.why.clone()))
    }

    /// The same of the first entry that the vendor makes in its own records.
    pub fn example_of_record(&self, record: &str) -> Option<(String, String)> {
        let is_of_vendor = |name: &str| record == format!("{}:{name}", self.vendor.id());
        self.vendor.records().iter().find(|fact| is_of_vendor(fact.name))?;
        let PlannedRecord { why, record, .. } = self.records.first()?;
        Some((indented_json(&record.content.to_json().to_string()), why.clone()))
    }
}
