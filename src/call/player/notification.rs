//! The steps of push notifications: what can happen to a task after what.

use super::{Impossible, Played, Player, impossible};
use crate::call::{NotificationEvent, Step, What};

/// The steps that lead a task to where a step can happen: create, schedule, start.
const WAY: [(NotificationEvent, &str); 3] = [
    (NotificationEvent::Created, "create"),
    (NotificationEvent::Scheduled, "schedule"),
    (NotificationEvent::Started, "start"),
];

impl Player<'_> {
    pub(super) fn notification_step(&mut self, index: usize, step: &Step) -> Played {
        match step {
            Step::Wait(span) => self.wait(index, *span),
            Step::Notification { task, event } => self.push_task(*task, *event),
            _ => Err(impossible(
                "only wait and the steps of a push task happen in a notification",
                "write the call in a file of its own, with `call:`",
            )),
        }
    }

    fn push_task(&mut self, task: usize, event: NotificationEvent) -> Played {
        use NotificationEvent::{
            Cancelled, Collapsed, Created, Deleted, Failed, Finished, Revoked, Scheduled, Started, Terminated,
        };
        let Some(stands) = self.notifications.get(task).copied() else { return Ok(()) };
        let event = match (event, stands) {
            // Who deletes a task that is under way ends it.
            (Deleted, Some(Started)) => Terminated,
            (event, _) => event,
        };
        let possible = match event {
            Created => stands.is_none(),
            Scheduled => stands == Some(Created),
            Started | Cancelled | Deleted => stands == Some(Scheduled),
            Finished | Failed | Terminated => stands == Some(Started),
            Revoked | Collapsed => matches!(stands, Some(Started | Finished)),
        };
        if !possible {
            return Err(self.impossible_task(task, event, stands));
        }
        self.notifications[task] = Some(event);
        self.happen(What::Notification { task, event });
        Ok(())
    }

    fn impossible_task(&self, task: usize, event: NotificationEvent, stands: Option<NotificationEvent>) -> Impossible {
        use NotificationEvent::{Cancelled, Created, Deleted, Failed, Finished, Scheduled, Started, Terminated};
        let name = self.spec.notifications.get(task).map_or("the task", |task| &task.key);
        let (does, needs) = match event {
            Created => ("is created again", None),
            Scheduled => ("is scheduled", Some(Created)),
            Started => ("starts", Some(Scheduled)),
            Cancelled => ("is cancelled", Some(Scheduled)),
            Deleted => ("is deleted", Some(Scheduled)),
            Finished => ("finishes", Some(Started)),
            Failed => ("fails", Some(Started)),
            Terminated => ("is deleted", Some(Started)),
            NotificationEvent::Revoked => ("is revoked", Some(Started)),
            NotificationEvent::Collapsed => ("is covered", Some(Started)),
        };
        let state = stands.map_or("not created".to_owned(), |stands| format!("already {}", stands.words()));
        let order = |stands| WAY.iter().position(|(event, _)| *event == stands);
        let missing = match (stands.map(order), needs.and_then(order)) {
            (None, Some(last)) => WAY.get(..=last),
            (Some(Some(reached)), Some(last)) if reached < last => WAY.get(reached + 1..=last),
            _ => None,
        };
        match missing {
            Some(missing) => {
                let steps: Vec<_> = missing.iter().map(|(_, verb)| format!("`- {verb}: {name}`")).collect();
                let only = state.replace("already", "only");
                impossible(format!("{name} {does}, but is {only}"), format!("put {} before it", steps.join(" and ")))
            }
            None => impossible(
                format!("{name} {does}, but is {state}"),
                match event {
                    Created => "keep one `create` for each task, and declare another task for another push".to_owned(),
                    Cancelled | Deleted => {
                        "remove this step; what is being pushed is deleted, and what was pushed is revoked".to_owned()
                    }
                    _ => "remove this step, or take another task".to_owned(),
                },
            ),
        }
    }

    pub(super) fn complete_notifications(&self) -> Played {
        if self.happenings.is_empty() && self.illegal.is_empty() {
            let name = self.spec.notifications.first().map_or("TASK", |task| &task.key);
            return Err(impossible("nothing happens to any task", format!("start with `- create: {name}`")));
        }
        Ok(())
    }
}
