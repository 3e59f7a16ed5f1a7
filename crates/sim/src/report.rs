//! What came of a batch: as JSON, as a page and as text.

mod channel;
mod chart;
mod page;
mod text;

use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::run::Outcome;
use crate::scenario::Scenario;
use crate::stats::Counts;
use crate::watch::Invariant;

pub use page::page;
pub use text::{chart, compare, summary};

/// Points of a curve that are kept.
const POINTS: usize = 4_000;

/// What came of a batch.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Report {
    /// The scenario.
    pub scenario: String,
    /// What it is about.
    pub story: String,
    /// Cells of each seed.
    pub cells: u64,
    /// People of each cell.
    pub members: u64,
    /// `real`, or `modelled`.
    pub cryptography: String,
    /// Threads.
    pub jobs: u64,
    /// Each world.
    pub worlds: Vec<WorldReport>,
    /// What all worlds counted together.
    pub counts: Counts,
    /// Virtual seconds over all worlds.
    pub virtual_seconds: f64,
    /// Real seconds that it took.
    pub real_seconds: f64,
    /// Bytes of memory that one node took, if the system told.
    pub memory_per_node: u64,
    /// Of the first world: seconds, readers of a message, members that its author knew.
    pub audiences: Vec<(f64, u64, u64)>,
    /// Messages that thieves could read.
    pub stolen: u64,
    /// How often somebody who watched all wires named the author of a message, of how many.
    pub observed: Option<(u64, u64)>,
    /// Seconds of one core that the modelled cryptography would have taken.
    pub modelled_seconds: f64,
    /// Invariants that nothing in the scenario could break.
    #[serde(default)]
    pub idle: Vec<String>,
    /// The chart of the first world, if it was wanted.
    #[serde(default)]
    pub chart: Vec<String>,
}

/// One world.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct WorldReport {
    /// Its seed.
    pub seed: u64,
    /// Which cell.
    pub cell: u64,
    /// The hash over all that happened, in hexadecimal digits.
    pub trace: String,
    /// What did not hold: which invariant, and what was seen.
    pub broken: Vec<(String, String)>,
}

impl Report {
    pub(crate) fn new(scenario: &Scenario, batch: Batch) -> Self {
        Self {
            scenario: scenario.name.clone(),
            story: scenario.story.trim().to_owned(),
            cells: scenario.cells(),
            members: scenario.members() as u64,
            cryptography: if batch.modelled { "modelled" } else { "real" }.to_owned(),
            jobs: batch.jobs as u64,
            worlds: Vec::new(),
            counts: Counts::default(),
            virtual_seconds: 0.0,
            real_seconds: 0.0,
            memory_per_node: 0,
            audiences: Vec::new(),
            stolen: 0,
            observed: None,
            modelled_seconds: 0.0,
            idle: scenario
                .idle(batch.modelled)
                .iter()
                .map(|invariant| invariant.name().to_owned())
                .collect(),
            chart: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.counts.merge(&outcome.counts);
        self.virtual_seconds += outcome.lasted.as_secs_f64();
        self.stolen += outcome.stolen as u64;
        if let Some((right, of)) = outcome.observed {
            let (before, all) = self.observed.unwrap_or_default();
            self.observed = Some((before + right as u64, all + of as u64));
        }
        if outcome.shard == 0 && (self.audiences.is_empty() || !outcome.lines.is_empty()) {
            let points = outcome.audiences.iter().take(POINTS);
            self.audiences = points
                .map(|(at, readers, members)| (at.as_secs_f64(), *readers as u64, *members as u64))
                .collect();
            self.chart = text::chart(&outcome);
        }
        let broken = outcome.broken.iter();
        self.worlds.push(WorldReport {
            seed: outcome.seed,
            cell: outcome.shard,
            trace: format!("{:016x}", outcome.hash),
            broken: broken
                .map(|broken| {
                    (
                        broken.invariant.name().to_owned(),
                        format!("{} at {}", broken.what, broken.at),
                    )
                })
                .collect(),
        });
    }

    /// Brings the worlds into their order, whichever ended first.
    pub(crate) fn settle(&mut self) {
        self.worlds.sort_by_key(|world| (world.seed, world.cell));
    }

    /// Whether every invariant held in every world.
    pub fn holds(&self) -> bool {
        self.worlds.iter().all(|world| world.broken.is_empty())
    }

    /// How often each invariant was broken.
    pub fn by_invariant(&self) -> Vec<(&'static str, usize)> {
        let count = |invariant: &Invariant| {
            let all = self.worlds.iter().flat_map(|world| &world.broken);
            all.filter(|(name, _)| name == invariant.name()).count()
        };
        Invariant::ALL
            .iter()
            .map(|invariant| (invariant.name(), count(invariant)))
            .collect()
    }

    /// Things that happened in one real second.
    pub fn events_per_second(&self) -> f64 {
        per(self.counts.events, self.real_seconds)
    }

    /// Messages that were read in one real second.
    pub fn deliveries_per_second(&self) -> f64 {
        per(self.counts.deliveries, self.real_seconds)
    }

    /// Virtual seconds in one real second.
    pub fn ratio(&self) -> f64 {
        self.virtual_seconds / self.real_seconds.max(1e-9)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(crate) fn per(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds.max(1e-9)
}
