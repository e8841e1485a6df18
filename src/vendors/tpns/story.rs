//! Keeps the record of each task up to date: whatever happens to a task changes its record.

use super::options::Options;
use super::record::{RECORD, Task};
use crate::call::{CallState, Cast, Happening, Moment, NotificationEvent, What};
use crate::http::Push;
use crate::vendors::{Record, Teller, table};
use std::collections::BTreeMap;

/// The push tasks of one scenario.
pub struct TaskStory<'a> {
    cast: &'a Cast,
    options: Options,
    /// When each task was made and when it was pushed, by its index in the cast.
    moments: BTreeMap<usize, (Moment, Option<Moment>)>,
}

impl<'a> TaskStory<'a> {
    /// No task is made yet.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        Self { cast, options, moments: BTreeMap::new() }
    }
}

impl Teller for TaskStory<'_> {
    fn tell(&mut self, _happening: &Happening, _state: &CallState, _pushes: &mut Vec<Push>) {}

    fn record(&mut self, happening: &Happening, _state: &CallState, records: &mut Vec<Record>) {
        let What::Notification { task: index, event: last } = happening.what else { return };
        let Some(task) = self.cast.notifications.get(index) else { return };
        let (created, started) = self.moments.entry(index).or_insert((happening.at, None));
        if last == NotificationEvent::Started {
            *started = Some(happening.at);
        }
        let task = Task { cast: self.cast, options: &self.options, task, created: *created, started: *started, last };
        records.push(Record {
            account: self.options.access_id.clone().unwrap_or_default(),
            id: task.task.id.clone(),
            at: self.cast.instant(task.date()),
            content: table::object(RECORD, &task),
        });
    }
}
