//! How a load went over time, in columns: no more points than a chart can show, each with times in plain numbers.

use super::model::told;
use crate::load::figures::Figures;
use crate::load::latency::Packed;
use crate::load::point::Point;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// How many points a chart has at most; of a longer run several are folded into one.
const POINTS_MAX: usize = 600;
/// How many kinds of failures have a line of their own; the rest share one.
const FAILURES_MAX: usize = 6;

/// Columns of equal length, one place for each point. Counts are those of the point, not rates.
#[derive(Debug, Default, Serialize)]
pub(super) struct OverTime {
    /// When each point ends, from the start of the run.
    pub end_us: Vec<u64>,
    pub due: Vec<u64>,
    pub written: Vec<u64>,
    pub answered: Vec<u64>,
    pub nacks: Vec<u64>,
    pub held: Vec<u64>,
    pub lost: Vec<u64>,
    /// The most at the end of any of the folded points.
    pub in_flight: Vec<u64>,
    pub calls: Vec<u64>,
    pub response: Line,
    pub service: Line,
    /// Attempts without an answer: what it is in words, and its column.
    pub failures: Vec<(String, Vec<u64>)>,
}

/// Times; nothing where nothing was measured.
#[derive(Debug, Default, Serialize)]
pub(super) struct Line {
    pub p50_us: Vec<Option<u64>>,
    pub p99_us: Vec<Option<u64>>,
}

impl OverTime {
    pub fn of(figures: &Figures) -> Self {
        let (each, took) = (micros(figures.point_length).max(1), micros(figures.took));
        let mut points = folded(&figures.points, each, took);
        if let [.., (before, _), (last, _)] = &points[..]
            && *last - *before < each / 2
            && let Some((end, rest)) = points.pop()
            && let Some((last, point)) = points.last_mut()
        {
            // The rates of a moment jump.
            *last = end;
            join(point, &rest);
        }
        let mut columns = Self { failures: failures(&points), ..Self::default() };
        for (end, point) in &points {
            columns.end_us.push(*end);
            columns.due.push(point.due);
            columns.written.push(point.written);
            columns.answered.push(point.answered);
            columns.nacks.push(point.nacks);
            columns.held.push(point.held);
            columns.lost.push(point.lost);
            columns.in_flight.push(point.in_flight);
            columns.calls.push(point.calls);
            columns.response.push(&point.response);
            columns.service.push(&point.service);
        }
        columns
    }
}

impl Line {
    fn push(&mut self, packed: &Packed) {
        let latency = packed.open();
        let at = |share| (latency.count() > 0).then(|| micros(latency.at(share)));
        self.p50_us.push(at(0.5));
        self.p99_us.push(at(0.99));
    }
}

/// The points, as many as there may be, each with its end.
fn folded(points: &[Point], each: u64, took: u64) -> Vec<(u64, Point)> {
    let fold = points.len().div_ceil(POINTS_MAX).max(1);
    let whole = points.chunks(fold).enumerate().map(|(index, chunk)| {
        let mut sum = chunk.first().cloned().unwrap_or_default();
        chunk.iter().skip(1).for_each(|point| join(&mut sum, point));
        let end = (index * fold + chunk.len()) as u64;
        (end.saturating_mul(each), sum)
    });
    let mut whole: Vec<(u64, Point)> = whole.collect();
    // The last point ends with the run, in the middle of its time.
    let start = ((whole.len().saturating_sub(1) * fold) as u64).saturating_mul(each);
    if let Some((end, _)) = whole.last_mut().filter(|(end, _)| took > start && took < *end) {
        *end = took;
    }
    whole
}

/// Adds the point that follows.
fn join(sum: &mut Point, next: &Point) {
    let (in_flight, calls) = (sum.in_flight.max(next.in_flight), sum.calls.max(next.calls));
    sum.merge(next);
    (sum.in_flight, sum.calls) = (in_flight, calls);
}

/// The columns of the most frequent failures, and of all others together.
fn failures(points: &[(u64, Point)]) -> Vec<(String, Vec<u64>)> {
    let mut totals = BTreeMap::<&str, u64>::new();
    for (failure, count) in points.iter().flat_map(|(_, point)| &point.failures) {
        *totals.entry(failure).or_default() += count;
    }
    let mut names: Vec<(&str, u64)> = totals.into_iter().collect();
    names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let (own, shared) = names.split_at(names.len().min(FAILURES_MAX));
    let column = |names: &[(&str, u64)]| -> Vec<u64> {
        let of = |point: &Point| names.iter().filter_map(|(name, _)| point.failures.get(*name)).sum();
        points.iter().map(|(_, point)| of(point)).collect()
    };
    let mut columns: Vec<_> = own.iter().map(|one| (told(one.0), column(std::slice::from_ref(one)))).collect();
    if !shared.is_empty() {
        columns.push((format!("{} other kinds", shared.len()), column(shared)));
    }
    columns
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Latency;

    fn figures(points: u64, took_ms: u64) -> Figures {
        let mut figures = Figures::new(7, String::new(), 1, 1, String::new(), Duration::from_secs(1));
        figures.took = Duration::from_millis(took_ms);
        for number in 0..points {
            let mut latency = Latency::default();
            latency.record(Duration::from_millis(number));
            figures.points.push(Point {
                due: 1,
                calls: number,
                failures: (0..9).map(|kind| (format!("kind/{kind}"), kind + 1)).collect(),
                response: Packed::of(&latency),
                ..Point::default()
            });
        }
        figures
    }

    #[test]
    fn a_day_has_no_more_points_than_a_chart_and_loses_nothing() {
        let over = OverTime::of(&figures(3_600, 3_599_900));
        assert_eq!((over.end_us.len(), over.end_us[599]), (600, 3_599_900_000));
        assert_eq!(over.due.iter().sum::<u64>(), 3_600);
        assert_eq!(over.calls[..2], [5, 11]);
        assert!(over.response.p99_us[0].is_some_and(|p99| p99.abs_diff(5_000) < 10), "{:?}", over.response.p99_us[0]);
        assert_eq!(over.service.p50_us[0], None);
        assert_eq!(over.failures.len(), FAILURES_MAX + 1);
        assert_eq!(over.failures.iter().flat_map(|(_, column)| column).sum::<u64>(), 3_600 * 45);
    }

    #[test]
    fn the_last_moment_is_no_point_of_its_own() {
        let over = OverTime::of(&figures(3, 2_100));
        assert_eq!(
            (&over.end_us[..], &over.due[..], &over.calls[..]),
            (&[1_000_000, 2_100_000][..], &[1, 2][..], &[0, 2][..])
        );
        assert_eq!(OverTime::of(&figures(3, 2_900)).end_us, [1_000_000, 2_000_000, 2_900_000]);
        assert_eq!(OverTime::of(&figures(1, 100)).end_us, [100_000]);
        assert!(OverTime::of(&figures(0, 100)).end_us.is_empty());
    }
}
