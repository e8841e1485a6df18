//! Refuses faults that can strike nothing of what is played: each on its line, with the reason.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::plan::Retelling;

/// What is said behind every reason.
const OR_IDLE: &str = "; or take the fault out; or mark it `may_idle: true`";

/// Looks whether every fault can strike a push of at least one story. `calls` is how many calls of each are played, where
/// that is known.
///
/// # Errors
/// Those that cannot, unless they are marked `may_idle`.
pub fn check_faults(stories: &[&Retelling], calls: Option<u64>) -> Result<(), Diagnostics> {
    let mut seen = Vec::new();
    let mut wrong = Diagnostics::default();
    for fault in stories.iter().flat_map(|story| story.faults()).filter(|fault| !fault.may_idle) {
        if seen.contains(&&fault.mark) {
            continue;
        }
        seen.push(&fault.mark);
        let places = stories.iter().flat_map(|story| {
            let listed = story.faults().iter().enumerate();
            listed.filter(|(_, other)| other.mark == fault.mark).map(|(index, _)| (*story, index))
        });
        let mut nearest = None;
        let can_strike = places.into_iter().any(|(story, index)| match story.no_strike(index, calls) {
            None => true,
            Some(no) => {
                nearest = nearest.take().max(Some(no));
                false
            }
        });
        if let (false, Some(no)) = (can_strike, nearest) {
            let (mark, text) = (&fault.mark, fault.mark.text.to_string());
            let mut diagnostic = Diagnostic::error(
                Code::FaultCannotStrike,
                format!("`{}` can strike nothing: {}", fault.name(), no.reason),
            );
            diagnostic = diagnostic.in_file(&*mark.file).help(format!("{}{OR_IDLE}", no.help));
            diagnostic.place = Some(Place::new(&text, &mark.range()));
            wrong.extend(Diagnostics::of_file(&mark.file, text, vec![diagnostic]));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
