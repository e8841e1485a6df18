//! Keeps the record of each task up to date: whatever happens to a task changes its record.

use super::options::Options;
use super::record::{self, Moments};
use crate::call::{CallState, Cast, Happening, NotificationEvent, What};
use crate::http::Push;
use crate::vendors::{Record, Teller};
use std::collections::BTreeMap;

/// Tells push tasks.
pub struct TaskTeller<'a> {
    cast: &'a Cast,
    options: Options,
    /// The moments of each task, by its index in the cast.
    moments: BTreeMap<usize, Moments>,
}

impl<'a> TaskTeller<'a> {
    /// No task is made yet.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        Self { cast, options, moments: BTreeMap::new() }
    }
}

impl Teller for TaskTeller<'_> {
    fn tell(&mut self, _happening: &Happening, _state: &CallState, _pushes: &mut Vec<Push>) {}

    fn record(&mut self, happening: &Happening, _state: &CallState, records: &mut Vec<Record>) {
        let What::Notification { task: index, event } = happening.what else { return };
        let Some(task) = self.cast.notifications.get(index) else { return };
        let now = happening.offset;
        let moments = self.moments.entry(index).or_insert(Moments { created: now, started: None });
        if event == NotificationEvent::Started {
            moments.started = Some(now);
        }
        records.push(Record {
            account: self.options.access_id.clone(),
            id: task.id.clone(),
            at: self.cast.instant(moments.date()),
            content: record::content(task, event, *moments, self.cast, &self.options),
        });
    }
}
