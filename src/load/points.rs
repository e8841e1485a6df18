//! The points of all workers become those of the run: each is told once every worker has told it.

use super::figures::add;
use super::setting::Setting;
use super::{KindFigures, KindTick, Tick};
use std::collections::BTreeMap;

/// Points that not every worker has told yet.
pub struct Points {
    /// By number, the sum of the workers that have told it.
    open: BTreeMap<usize, Tick>,
    /// The number of points that each worker has told, and how its pushes stood.
    last: Vec<(usize, Vec<KindTick>)>,
    /// The figures of each worker, where it tells them, and the calls that it has started.
    figures: Vec<(BTreeMap<String, KindFigures>, u64)>,
    next: usize,
}

impl Points {
    /// Nothing told yet.
    pub fn new(setting: &Setting) -> Self {
        let workers = setting.load.workers;
        let (last, figures) = (vec![(0, Vec::new()); workers], vec![(BTreeMap::new(), 0); workers]);
        Self { open: BTreeMap::new(), last, figures, next: 0 }
    }

    /// Adds the point of one worker; the ones that are whole by it are returned.
    pub fn add(&mut self, worker: usize, number: usize, mut tick: Tick) -> Vec<Tick> {
        if let Some(figures) = self.figures.get_mut(worker).filter(|_| !tick.figures.is_empty()) {
            *figures = (std::mem::take(&mut tick.figures), tick.calls_started);
        }
        if let Some(last) = self.last.get_mut(worker) {
            *last = (number + 1, tick.kinds.clone());
        }
        match self.open.get_mut(&number) {
            None => drop(self.open.insert(number, tick)),
            Some(sum) => {
                sum.point.merge(&tick.point);
                sum.at = sum.at.max(tick.at);
            }
        }
        self.whole()
    }

    /// A worker has told its last point.
    pub fn done(&mut self, worker: usize) -> Vec<Tick> {
        if let Some(last) = self.last.get_mut(worker) {
            last.0 = usize::MAX;
        }
        self.whole()
    }

    /// The points that every worker has told, or will not tell any more.
    fn whole(&mut self) -> Vec<Tick> {
        let mut whole = Vec::new();
        let told = self.last.iter().map(|(told, _)| *told).min().unwrap_or_default();
        while self.next < told
            && let Some(mut tick) = self.open.remove(&self.next)
        {
            self.next += 1;
            tick.kinds = self.kinds();
            tick.calls_started = self.figures.iter().map(|(_, calls)| calls).sum();
            for (name, kind) in self.figures.iter().flat_map(|(figures, _)| figures) {
                tick.figures.entry(name.clone()).or_default().merge(kind);
            }
            whole.push(tick);
        }
        whole
    }

    /// How the pushes of all workers stand.
    fn kinds(&self) -> Vec<KindTick> {
        let mut sum: Vec<KindTick> = Vec::new();
        for kind in self.last.iter().flat_map(|(_, kinds)| kinds) {
            match sum.iter_mut().find(|known| known.name == kind.name) {
                None => sum.push(kind.clone()),
                Some(known) => add!(known, kind; planned, sent, held, lost, excused, nacks, failed),
            }
        }
        sum
    }
}
