//! Faults of the event layer that change what a push says: its times, and the id by which a receiver tells a repeat.

use super::content;
use super::event::{Draw, Place, repeat, text};
use super::setting::Values;
use super::story::Send;
use crate::http::Push;
use crate::random::Stream;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;
use std::time::Duration;

/// How far from the moment of a push a number can lie to be taken for a time.
const NEAR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

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
    push.event_id = Some(new.clone());
    if let Ok(body) = std::str::from_utf8(&push.body) {
        push.body = body.replace(old, &new).into();
    }
    push.query = push.query.replace(old, &new);
    push.path = push.path.replace(old, &new);
    for (_, value) in &mut push.headers {
        *value = value.replace(old, &new);
    }
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
            let Some(mut fields) = request.content() else { continue };
            let mut shifted = 0;
            content::each(&mut fields, &mut |value| {
                if let Some(other) = self.shifted(value, told.at) {
                    *value = other;
                    shifted += 1;
                }
            });
            if shifted == 0 {
                continue;
            }
            request.set_content(&fields);
            sends[*chosen].request = Some(request);
            let side = if self.is_ahead { "ahead" } else { "behind" };
            sends[*chosen].note(place, format!("{} {side} in {shifted} places", text(self.by)));
        }
    }

    /// The value shifted, where it is a time.
    fn shifted(&self, value: &Value, near: Timestamp) -> Option<Value> {
        match value {
            Value::String(text) => self.text(text, near).map(Value::String),
            Value::Number(number) => self.number(number.as_i64()?, near).map(Value::from),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn text(&self, text: &str, near: Timestamp) -> Option<String> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) && matches!(text.len(), 10 | 13) {
            return self.number(text.parse().ok()?, near).map(|number| number.to_string());
        }
        // `2026-03-02T09:30:00` or with a space; what follows (fraction, offset) is no part of the shift.
        let (clock, rest) = (text.get(..19)?, text.get(19..)?);
        if rest.starts_with(|next: char| next.is_ascii_digit()) {
            return None;
        }
        let separator = clock.as_bytes().get(10).copied().filter(|byte| matches!(byte, b' ' | b'T'))?;
        let civil: DateTime = clock.parse().ok()?;
        let by = jiff::SignedDuration::try_from(self.by).ok()?;
        let shifted = if self.is_ahead { civil.checked_add(by) } else { civil.checked_sub(by) }.ok()?;
        Some(format!(
            "{}{}{rest}",
            shifted.strftime("%Y-%m-%d"),
            shifted.strftime(if separator == b'T' { "T%H:%M:%S" } else { " %H:%M:%S" })
        ))
    }

    /// Seconds or milliseconds since 1970, where they lie near the moment of the push.
    fn number(&self, number: i64, near: Timestamp) -> Option<i64> {
        let by = i64::try_from(self.by.as_millis()).ok()?;
        let reach = i64::try_from(NEAR.as_millis()).ok()?;
        let is_near = |milliseconds: i64| (milliseconds - near.as_millisecond()).abs() <= reach;
        let by = if self.is_ahead { by } else { -by };
        if number.checked_mul(1000).is_some_and(is_near) {
            return Some(number + by / 1000);
        }
        number.checked_sub(near.as_millisecond()).is_some_and(|apart| apart.abs() <= reach).then(|| number + by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_shape_are_shifted_and_nothing_else() {
        let skew = ClockSkew { by: Duration::from_secs(300), is_ahead: false };
        let near: Timestamp = "2026-03-02T01:30:00Z".parse().expect("an instant");
        for (text, expected) in [
            ("2026-03-02T09:30:00.000+08:00", Some("2026-03-02T09:25:00.000+08:00")),
            ("2026-03-02 00:01:00", Some("2026-03-01 23:56:00")),
            ("2026-03-02 09:30:00 +0800", Some("2026-03-02 09:25:00 +0800")),
            ("1772415000", Some("1772414700")),
            ("1772415000123", Some("1772414700123")),
            ("13800138000", None),
            ("01772415000", None),
            ("1234567890", None),
            ("2026-03-02", None),
            ("北京", None),
        ] {
            assert_eq!(skew.text(text, near).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_new_id_has_the_shape_of_the_old_one() {
        let mut draw = crate::random::Keyed::new(1, "ids", 1).stream("id");
        let mut push = Push::new("push", crate::http::Method::Post);
        push.event_id = Some("403344537650466816".into());
        push.body = r#"{"id":"403344537650466816"}"#.into();
        let (other, id) = with_new_id(&push, &mut draw).expect("an id");
        assert!(id != "403344537650466816" && id.len() == 18 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
        assert_eq!(other.body, format!(r#"{{"id":"{id}"}}"#));
        // Where letters stand between the digits, digits may become letters.
        push.event_id = Some("0000000000000000-AB".into());
        let (_, id) = with_new_id(&push, &mut draw).expect("an id");
        assert!(id[..16].bytes().any(|byte| byte.is_ascii_lowercase()) && id[16..].to_uppercase() == id[16..], "{id}");
        push.event_id = None;
        assert!(with_new_id(&push, &mut draw).is_none());
    }
}
