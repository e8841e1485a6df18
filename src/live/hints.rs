//! The steps that somebody may want to take by hand, whether or not they can happen.

use crate::call::{CastSpec, Subject};

/// The keys that a customer presses where nobody says which.
const KEYS: &str = "1";
/// The rating that a customer gives where nobody says which.
const RATING: &str = "5";

/// Every verb with everybody it can be about, as a script would write it.
pub(super) fn candidates(cast: &CastSpec) -> Vec<String> {
    let agents: Vec<&str> = cast.agents.iter().map(|agent| agent.key.as_str()).collect();
    let outside: Vec<&str> = cast.outsiders.iter().map(|outsider| outsider.key.as_str()).collect();
    let with = |verbs: &[&str], parties: &[&str]| {
        let each = verbs.iter().flat_map(|verb| parties.iter().map(move |party| format!("{verb}: {party}")));
        each.collect::<Vec<_>>()
    };
    let everybody = [["customer"].as_slice(), &agents, &outside].concat();
    let others = [agents.as_slice(), &outside].concat();
    match cast.subject {
        Subject::Call(_) => [
            with(&["ring", "answer", "decline"], &everybody),
            vec!["ivr".to_owned(), format!("keys: \"{KEYS}\""), "enqueue".to_owned()],
            with(&["lock", "hold", "resume"], &agents),
            with(&["transfer", "consult", "conference"], &others),
            with(&["listen", "whisper", "barge", "intercept"], &agents),
            with(&["hangup"], &[everybody.as_slice(), &["system"]].concat()),
            vec!["voicemail: 20s".to_owned(), format!("survey: \"{RATING}\""), "record".to_owned()],
        ]
        .concat(),
        Subject::Shift => with(&["login", "logout"], &agents),
        Subject::Chat(_) => [
            vec!["enqueue".to_owned()],
            with(&["answer"], &agents),
            vec!["say: { by: customer, text: 您好 }".to_owned()],
            agents.iter().map(|agent| format!("say: {{ by: {agent}, text: 您好 }}")).collect(),
            with(&["read", "transfer"], &agents),
            with(&["disconnect"], &[["customer", "system"].as_slice(), &agents].concat()),
        ]
        .concat(),
        Subject::Notification => {
            let tasks: Vec<&str> = cast.notifications.iter().map(|task| task.key.as_str()).collect();
            with(&["create", "schedule", "start", "finish", "fail", "cancel", "delete", "revoke", "collapse"], &tasks)
        }
    }
}
