//! Many seeds and many cells of one scenario, over threads. Each cell is a world of its own and repeats itself; only the
//! order in which they end depends on the machine.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::modelled;
use crate::report::Report;
use crate::run::{Outcome, Progress, run};
use crate::scenario::{Planned, Scenario, plan};

/// What is to be run.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// The first seed.
    pub first: u64,
    /// The last one.
    pub last: u64,
    /// Threads.
    pub jobs: usize,
    /// Whether to keep the chart.
    pub trace: bool,
    /// Whether costs are counted in place of cryptography.
    pub modelled: bool,
}

/// How far a batch is, to be looked at from another thread.
#[derive(Debug, Default)]
pub struct Ticker {
    /// Worlds that have ended.
    pub ended: AtomicU64,
    /// Worlds in all.
    pub worlds: AtomicU64,
    /// Virtual milliseconds over all worlds.
    pub millis: AtomicU64,
    /// Virtual milliseconds that one world takes.
    pub each: AtomicU64,
    /// Things that happened.
    pub events: AtomicU64,
    /// Whether all is done.
    pub done: AtomicU64,
}

impl Ticker {
    fn moved(&self, before: &mut (u64, u64), progress: Progress) {
        let millis = u64::try_from(progress.done.as_millis()).unwrap_or(u64::MAX);
        self.millis
            .fetch_add(millis.saturating_sub(before.0), Ordering::Relaxed);
        self.events
            .fetch_add(progress.events.saturating_sub(before.1), Ordering::Relaxed);
        *before = (before.0.max(millis), before.1.max(progress.events));
        let each = u64::try_from(progress.of.as_millis()).unwrap_or(u64::MAX);
        self.each.store(each, Ordering::Relaxed);
    }
}

/// Runs all of it.
pub fn run_batch(scenario: &Scenario, batch: Batch, ticker: &Ticker) -> Report {
    if batch.modelled {
        let report = modelled::run(scenario, batch, ticker);
        ticker.done.store(1, Ordering::Relaxed);
        return report;
    }
    let worlds = (batch.first..=batch.last)
        .flat_map(|seed| (0..scenario.cells()).map(move |cell| (seed, cell)));
    let worlds: Vec<(u64, u64)> = worlds.collect();
    ticker.worlds.store(worlds.len() as u64, Ordering::Relaxed);
    let report = Mutex::new(Report::new(scenario, batch));
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..batch.jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let world = usize::try_from(number)
                        .ok()
                        .and_then(|number| worlds.get(number));
                    let Some((seed, cell)) = world.copied() else {
                        return;
                    };
                    let outcome = one(scenario, seed, cell, batch.trace, ticker);
                    ticker.ended.fetch_add(1, Ordering::Relaxed);
                    if let Ok(mut report) = report.lock() {
                        report.add(outcome);
                    }
                }
            });
        }
    });
    ticker.done.store(1, Ordering::Relaxed);
    let mut report = report
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    report.settle();
    report
}

fn one(scenario: &Scenario, seed: u64, cell: u64, trace: bool, ticker: &Ticker) -> Outcome {
    let before = Mutex::new((0, 0));
    let moved = |progress| {
        if let Ok(mut before) = before.lock() {
            ticker.moved(&mut before, progress);
        }
    };
    run(
        scenario,
        (seed, cell),
        &plan(scenario, seed, cell),
        trace,
        &moved,
    )
}

/// What is left of a plan that still breaks the same invariant.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// What has to happen.
    pub plan: Vec<Planned>,
    /// How many things happened before.
    pub before: usize,
    /// How many worlds were tried.
    pub tries: usize,
    /// What came of the last one.
    pub outcome: Outcome,
}

/// Leaves things out of a broken run as long as the same invariant breaks, at most `tries` times. Nothing if the seed
/// breaks nothing.
pub fn shrink(
    scenario: &Scenario,
    seed: u64,
    cell: u64,
    most: usize,
    tell: &dyn Fn(usize, usize),
) -> Option<Shrunk> {
    let mut left = plan(scenario, seed, cell);
    let before = left.len();
    let mut outcome = run(scenario, (seed, cell), &left, true, &|_| {});
    let invariant = outcome.broken.first()?.invariant;
    let (mut tries, mut chunk) = (0, left.len().div_ceil(2).max(1));
    while tries < most {
        let mut at = 0;
        let mut smaller = false;
        while at < left.len() && tries < most {
            let mut without = left.clone();
            without.drain(at..(at + chunk).min(left.len()));
            let tried = run(scenario, (seed, cell), &without, true, &|_| {});
            tries += 1;
            if tried
                .broken
                .iter()
                .any(|broken| broken.invariant == invariant)
            {
                (left, outcome, smaller) = (without, tried, true);
            } else {
                at += chunk;
            }
            tell(tries, left.len());
        }
        if chunk == 1 && !smaller {
            break;
        }
        chunk = chunk.div_ceil(2).max(1);
    }
    Some(Shrunk {
        plan: left,
        before,
        tries,
        outcome,
    })
}
