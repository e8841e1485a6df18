//! Faults of the event layer that change what a push says: its times, and the id by which a receiver tells a repeat.

use super::event::{Draw, Place, repeat, text};
use super::setting::Values;
use super::story::Send;
use crate::http::Push;
use crate::random::Stream;
use jiff::SignedDuration;
use std::time::Duration;

/// The push is sent again under a fresh event id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateNewId {
    /// How many more times.
    pub copies: u32,
    /// How long after the one before.
    pub after: Duration,
}

impl DuplicateNewId {
    pub(super) fn of(values: &Values) -> Self {
        Self { copies: values.whole("copies") as u32, after: values.length("after") }
    }

    pub(super) fn bend(&self, sends: &mut Vec<Send>, place: &Place<'_>, draw: Draw<'_>) {
        repeat(sends, place, self.copies, |sends, chosen, other, copy| {
            let request = other.request.as_ref().unwrap_or(place.story[other.told].request);
            let (request, id) = with_new_id(request, &mut draw(chosen, sends, &format!("copy {copy}")))?;
            other.request = Some(request);
            other.offset = other.offset.saturating_add(self.after.saturating_mul(copy));
            Some(format!("copy {copy} of {} under the event id {id}", self.copies))
        });
    }
}

/// The push with another event id of the same shape; `None` where it has none.
fn with_new_id(push: &Push, draw: &mut Stream) -> Option<(Push, String)> {
    let old = push.event_id.as_deref().filter(|id| !id.is_empty())?;
    // Digits stay digits, hexadecimal letters stay such: a receiver that checks the shape is not what is tested.
    let new: String = old
        .chars()
        .map(|letter| match letter {
            '0'..='9' if old.chars().all(|letter| !letter.is_ascii_alphabetic()) => draw.digits(1),
            '0'..='9' | 'a'..='f' => draw.hex(1),
            'A'..='F' => draw.hex(1).to_ascii_uppercase(),
            other => other.to_string(),
        })
        .collect();
    let mut push = push.clone();
    let is_renamed = push.headers.rename(old, &new);
    let fields = push.fields().and_then(|mut fields| fields.rename_id(old, &new).then_some(fields));
    if fields.is_none() && !is_renamed {
        return None;
    }
    fields.into_iter().for_each(|fields| push.set_fields(fields));
    push.event_id = Some(new.clone());
    Some((push, new))
}

/// Every time within the push is shifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockSkew {
    /// How far.
    pub by: Duration,
    /// Whether the vendor's clock is ahead.
    pub is_ahead: bool,
}

impl ClockSkew {
    pub(super) fn of(values: &Values) -> Self {
        Self { by: values.length("by"), is_ahead: values.text("direction").as_deref() == Some("ahead") }
    }

    pub(super) fn bend(&self, sends: &mut [Send], place: &Place<'_>) {
        for chosen in &place.chosen {
            let told = &place.story[sends[*chosen].told];
            let mut request = sends[*chosen].request.clone().unwrap_or_else(|| told.request.clone());
            let Some(mut fields) = request.fields() else { continue };
            let by = SignedDuration::try_from(self.by).unwrap_or(SignedDuration::MAX);
            let shifted = fields.shift(if self.is_ahead { by } else { -by });
            if shifted == 0 {
                continue;
            }
            request.set_fields(fields);
            sends[*chosen].request = Some(request);
            let side = if self.is_ahead { "ahead" } else { "behind" };
            sends[*chosen].note(place, format!("{} {side} in {shifted} places", text(self.by)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_id_has_the_shape_of_the_old_one() {
        let mut draw = crate::random::Keyed::new(1, "ids", 1).stream("id");
        let mut push = Push::new("push", crate::http::Method::Post);
        push.event_id = Some("403344537650466816".into());
        push.body = r#"{"id":"403344537650466816"}"#.into();
        let (other, id) = with_new_id(&push, &mut draw).expect("an id");
        assert!(id != "403344537650466816" && id.len() == 18 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
        assert_eq!(other.body.bytes(), format!(r#"{{"id":"{id}"}}"#));
        // Where letters stand between the digits, digits may become letters.
        push.event_id = Some("0000000000000000-AB".into());
        assert!(with_new_id(&push, &mut draw).is_none(), "it stands nowhere");
        push.body = r#"{"id":["0000000000000000-AB"],"more":{"id":"0000000000000000-AB"}}"#.into();
        let (_, id) = with_new_id(&push, &mut draw).expect("an id");
        assert!(id[..16].bytes().any(|byte| byte.is_ascii_lowercase()) && id[16..].to_uppercase() == id[16..], "{id}");
        push.event_id = None;
        assert!(with_new_id(&push, &mut draw).is_none());
    }
}
