//! Times as people write them, and which of them are known.

use super::*;

/// 2026-11-21 01:37:15 in Beijing.
const SENT: i64 = 1_795_196_235;

fn name(text: &str) -> Option<&'static str> {
    let mut instants = Instants::default();
    instants.add(SENT);
    instants.name(whole(text)?)
}

#[test]
fn an_instant_is_known_however_it_is_written() {
    for text in [
        "1795196235",
        "1795196235.125",
        "1795196235000",
        "1795196235000999",
        "1795196235000999111",
        "2026-11-21 01:37:15",
        "2026-11-20 17:37:15",
        "2026-11-20 12:37:15",
        "2026-11-21T01:37:15+08:00",
        "2026-11-21T01:37:15.000+0800",
        "2026-11-21 01:37:15 +0800",
        "2026-11-20T17:37:15Z",
        "2026-11-20T17:37:15.123456789Z",
        "2026-11-20 17:37:15 UTC",
        "2026-11-20T18:37:15+01",
        "2026/11/21 01:37:15",
        "2026年11月21日 01:37:15",
        "20261121013715",
        "20261120T173715Z",
        "Fri, 20 Nov 2026 17:37:15 GMT",
        "Sat, 21 Nov 2026 01:37:15 +0800",
        "Fri Nov 20 17:37:15 2026",
    ] {
        assert_eq!(name(text), Some("time"), "{text}");
    }
    for text in ["2026-11-21", "2026-11-20", "20261121", "2026/11/21", "2026年11月21日"] {
        assert_eq!(name(text), Some("date"), "{text}");
    }
}

#[test]
fn other_times_and_other_numbers_are_not() {
    for text in [
        "1795196236",
        "179519623",
        "2026-11-21 01:37:16",
        "2026-11-21T01:37:15+07:00",
        "2026-11-23",
        "20261131",
        "2026-11-21 01:67:15",
        "2001",
        "Fri, soon",
        "2026-11",
        "2026-11-21 x",
    ] {
        assert_eq!(name(text), None, "{text}");
    }
    assert_eq!(starts_with_time("20261121", Some('0')), None);
}

#[test]
fn a_time_ends_where_its_clock_or_its_zone_ends() {
    let (civil, day) = (SENT + 8 * 3600, (SENT + 8 * 3600) / DAY_SECONDS);
    let (instant, clock) = (|second| Some(When::Instant(second)), |second| Some(When::Civil(second)));
    for (text, bytes, kind) in [
        ("1795196235.5x", 12, instant(SENT)),
        ("1795196235.x", 10, instant(SENT)),
        ("1795196235x", 0, None),
        ("4102444799", 10, instant(4_102_444_799)),
        ("4102444800", 0, None),
        ("0946684800", 10, instant(946_684_800)),
        ("0946684799", 0, None),
        ("17951962350", 0, None),
        ("20261121", 8, Some(When::Day(day))),
        ("20261121x", 0, None),
        ("20261121T013715x", 15, clock(civil)),
        ("20261121T013715.5+0800", 22, instant(SENT)),
        ("20261121T0137", 0, None),
        ("20261121T-13715", 0, None),
        ("20261121013715", 14, clock(civil)),
        ("20261121013715x", 0, None),
        ("20261121235960", 14, clock(day * DAY_SECONDS + 86_400)),
        ("20261121235961", 0, None),
        ("20261121236000", 0, None),
        ("20261121240000", 0, None),
        ("2026-11-21x", 0, None),
        ("2026-11-21T", 0, None),
        ("2026-11-21, then", 10, Some(When::Day(day))),
        ("2026-1-2", 8, Some(When::Day(20_455))),
        ("2026/11-21", 0, None),
        ("2026-11-21 01:37", 16, clock(civil - 15)),
        ("2026-11-21 01:37:1", 16, clock(civil - 15)),
        ("2026-11-21_01-37-15", 19, clock(civil)),
        ("2026-11-21 01:60", 10, Some(When::Day(day))),
        ("2026-11-21T01:37:15Z", 20, instant(civil)),
        ("2026-11-21T01:37:15Zx", 19, clock(civil)),
        ("2026-11-21T01:37:15 UTC", 23, instant(civil)),
        ("2026-11-21T01:37:15GMT", 22, instant(civil)),
        ("2026-11-21T01:37:15UTC+8", 19, clock(civil)),
        ("2026-11-21T01:37:15+05:30", 25, instant(civil - 19_800)),
        ("2026-11-21T01:37:15-0430", 24, instant(civil + 16_200)),
        ("2026-11-21T01:37:15 -05", 23, instant(civil + 18_000)),
        ("2026-11-21T01:37:15+08x", 19, clock(civil)),
        ("2026-11-21T01:37:15+8", 19, clock(civil)),
        ("2026-11-21T01:37:15,25Z", 23, instant(civil)),
        ("2026-11-21T01:37:15.Z", 19, clock(civil)),
        ("Sat, 21 Nov 2026 01:37:15 UTC, or so", 29, instant(civil)),
        ("Sat, 21 Nov 2026 01:37:15", 0, None),
        ("Sat Nov 21 01:37:15 2026.", 24, clock(civil)),
        ("Sam Nov 21 01:37:15 2026", 0, None),
    ] {
        let found = starts_with_time(text, None);
        assert_eq!(found.map_or((0, None), |found| (found.bytes, Some(found.kind))), (bytes, kind), "{text}");
    }
    let before = |c| starts_with_time("20261121", Some(c)).is_some();
    assert_eq!(['T', 'Z', '-', '在', 'x', '0'].map(before), [true, true, true, true, false, false]);
}

#[test]
fn a_clock_of_nobody_knows_where_is_one_on_earth() {
    let mut instants = Instants::default();
    instants.add(SENT);
    let is_known = |quarters: i64| instants.name(When::Civil(SENT + quarters * 900)).is_some();
    assert_eq!([-49, -48, 23, 56, 57].map(is_known), [false, true, true, true, false]);
    assert_eq!(instants.name(When::Civil(SENT + 100)), None);
    let days: Vec<i64> = (-3..=3).filter(|day| instants.name(When::Day(SENT / DAY_SECONDS + day)).is_some()).collect();
    assert_eq!(days, [0, 1], "17:37 UTC is the next day in the east");
}

#[test]
fn the_real_time_of_a_story_counts_too() {
    let mut instants = Instants::default();
    instants.play(SENT - 2, SENT + 2);
    assert_eq!(instants.name(When::Instant(SENT + 1)), Some("time"));
    assert_eq!(instants.name(When::Instant(SENT + 3)), None);
    assert_eq!(instants.name(When::Civil(SENT + 8 * 3600)), Some("time"));
}
