//! Finds where a request writes moments: by comparing the same request of the same call at two starts. Every difference must
//! be explained by a known way of writing time.

use super::times::Form;

/// A place in a request that moves with the start of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// Where it begins.
    pub(super) at: usize,
    /// How many bytes it takes.
    pub(super) len: usize,
    /// What stands there.
    pub(super) moment: Moment,
}

/// What a slot tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A moment by calendar and clock, so many seconds after the start.
    Shown {
        /// How it is written.
        form: Form,
        /// Seconds from the start; of a day that of its first second, until its moment is known.
        offset: i64,
    },
    /// A number that grows with time, such as seconds since 1970 or an id with the time in it.
    Counted {
        /// Its value at the first start.
        value: u64,
        /// How it grows.
        grows: Growth,
    },
}

/// How a number grows with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    /// By one in each second.
    Second,
    /// By so much in each millisecond.
    Millisecond(u64),
}

/// A difference that no known way of writing time explains, with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unexplained(pub(super) String);

/// How many bytes of a request stand in a message about it.
const TOLD_BYTES: usize = 40;

/// Finds the slots of a request, given as it is at two starts, in seconds since 1970. The starts must lie so that no number
/// has another count of digits at one of them.
pub(super) fn find(first: &[u8], second: &[u8], starts: [i64; 2]) -> Result<Vec<Slot>, Unexplained> {
    let unexplained = |at: usize| {
        let around = &first[at.saturating_sub(TOLD_BYTES)..first.len().min(at + TOLD_BYTES)];
        Unexplained(format!("`{}` changes with the start", String::from_utf8_lossy(around).escape_debug()))
    };
    if first.len() != second.len() {
        let at = first.iter().zip(second).position(|(one, other)| one != other).unwrap_or_default();
        return Err(unexplained(at));
    }
    let mut slots: Vec<Slot> = Vec::new();
    let mut at = 0;
    while at < first.len() {
        if first[at] == second[at] {
            at += 1;
            continue;
        }
        let from = slots.last().map_or(0, |slot| slot.at + slot.len);
        let slot = shown([first, second], at, from, starts).or_else(|| counted([first, second], at, from, starts));
        let slot = slot.ok_or_else(|| unexplained(at))?;
        at = slot.at + slot.len;
        slots.push(slot);
    }
    Ok(slots)
}

/// A moment by calendar and clock that covers the place, and begins at `from` or later.
fn shown(texts: [&[u8]; 2], place: usize, from: usize, starts: [i64; 2]) -> Option<Slot> {
    Form::ALL.into_iter().find_map(|form| {
        let len = form.len();
        let earliest = (place + 1).saturating_sub(len).max(from);
        (earliest..=place).find_map(|at| {
            let read = |text: &[u8]| form.read(text.get(at..)?);
            let (first, second) = (read(texts[0])?, read(texts[1])?);
            let (passed, told) = (starts[1] - starts[0], second - first);
            // A day that is written moves by whole days, one more or less than the time that has passed.
            let moves = if form.is_day() { (told - passed).abs() < 24 * 60 * 60 } else { told == passed };
            let alone = !matches!(form, Form::Compact | Form::CompactDay) || digits(texts[0], at) == (at, at + len);
            let moment = Moment::Shown { form, offset: first - starts[0] };
            (moves && alone).then_some(Slot { at, len, moment })
        })
    })
}

/// A number that covers the place.
fn counted(texts: [&[u8]; 2], place: usize, from: usize, starts: [i64; 2]) -> Option<Slot> {
    let (at, end) = digits(texts[0], place);
    if at == end || at < from || digits(texts[1], place) != (at, end) {
        return None;
    }
    let read = |text: &[u8]| std::str::from_utf8(&text[at..end]).ok()?.parse::<u64>().ok();
    let (first, second) = (read(texts[0])?, read(texts[1])?);
    let grown = second.checked_sub(first)?;
    let seconds = u64::try_from(starts[1] - starts[0]).ok()?;
    let milliseconds = seconds * 1000;
    let grows = match grown {
        grown if grown == seconds => Growth::Second,
        grown if grown % milliseconds == 0 => Growth::Millisecond(grown / milliseconds),
        _ => return None,
    };
    Some(Slot { at, len: end - at, moment: Moment::Counted { value: first, grows } })
}

/// From where to where the digits around a place go; nothing where there is none.
pub(super) fn digits(text: &[u8], place: usize) -> (usize, usize) {
    let is_digit = |at: &usize| text.get(*at).is_some_and(u8::is_ascii_digit);
    let end = (place..text.len()).find(|at| !is_digit(at)).unwrap_or(text.len());
    let at = (0..place).rev().take_while(is_digit).last().unwrap_or(place);
    (at.min(end), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTS: [i64; 2] = [1_772_415_000, 1_772_415_000 + 38_294_263];

    #[test]
    fn what_moves_is_found_with_its_offset_and_what_stays_is_not() {
        let first = br#"{"a":"2026-03-02 09:30:07","n":1772415002,"ms":1772415002500,"w":20,"day":"20260302"}"#;
        let second = br#"{"a":"2027-05-19 14:47:50","n":1810709265,"ms":1810709265500,"w":20,"day":"20270519"}"#;
        let found = find(first, second, STARTS).expect("all explained");
        let moments: Vec<Moment> = found.iter().map(|slot| slot.moment).collect();
        assert_eq!(
            moments,
            [
                Moment::Shown { form: Form::Spaced, offset: 7 },
                Moment::Counted { value: 1_772_415_002, grows: Growth::Second },
                Moment::Counted { value: 1_772_415_002_500, grows: Growth::Millisecond(1) },
                Moment::Shown { form: Form::CompactDay, offset: -34_200 },
            ]
        );
        assert_eq!((found[0].at, found[0].len), (6, 19));
    }

    #[test]
    fn an_id_with_the_time_in_it_is_a_number_that_grows() {
        let (low, step) = (77_u64, 1_u64 << 22);
        let id = |start: i64| format!("c-{}-x", ((start as u64 * 1000) << 22) % (1 << 62) + low).into_bytes();
        let found = find(&id(STARTS[0]), &id(STARTS[1]), STARTS).expect("all explained");
        assert!(matches!(found[0].moment, Moment::Counted { grows: Growth::Millisecond(grows), .. } if grows == step));
    }

    #[test]
    fn what_no_format_explains_is_named() {
        for (first, second) in [("sign=ab12", "sign=cd34"), ("n=12", "n=13"), ("n=9", "n=10"), ("at 09:30", "at 14:47")]
        {
            let refused = find(first.as_bytes(), second.as_bytes(), STARTS).expect_err("no format");
            assert!(refused.0.contains(first), "{refused:?}");
        }
    }
}
