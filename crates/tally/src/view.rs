//! What of the reports may be shown.
//!
//! ```text
//!  reports of three days ──► RU-SPE 11 · RU-MOW 4 · RU 6 · KZ 2
//!                                │        └───┬──────┘     │
//!                            a batch       RU 10         carried on without a region
//!                                             a batch
//! ```
//! Reports are counted in periods. When one is over, the reports of a region are a batch if there are enough of them; if
//! not, they join those of the region around it. What is left when there is no region any more waits for the next period.
//!
//! Why batches of one period: whoever looks on two days sees the difference. If it can be one report, it tells where one
//! cell is, to whoever knows that it reported in between. So a number changes by whole batches only, and what came before
//! never makes up what is missing now. Why twice the group less one: whoever has reports of their own subtracts them.
//!
//! Invariants: everything shown is a sum of batches, and no report is in two · a region is shown only for a batch that came
//! in one period · nothing that waits is in any number, so subtracting finds nothing.

use std::collections::BTreeMap;

use crate::config::{GROUP_MAX, GROUP_MIN, PERIOD_DAYS};
use crate::{Band, Region};

/// A report as it is counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Counted {
    /// How many.
    pub band: Band,
    /// Where.
    pub region: Region,
    /// On which day it came, in days since 1970.
    pub day: u32,
}

/// Cells that reported, and what they reported together. Neither is verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shown {
    /// How many cells.
    pub cells: u32,
    /// How many of what is counted there are at least.
    pub least: u64,
    /// How many there are at most, if no report names the open band.
    pub most: Option<u64>,
}

/// What may be shown of a tally.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct View {
    /// All of it.
    pub total: Shown,
    /// Regions, none of which is in another's number.
    pub regions: BTreeMap<Region, Shown>,
    /// What is shown without a region.
    pub merged: Shown,
}

impl View {
    /// Nothing.
    pub const EMPTY: Self = Self {
        total: Shown::NONE,
        regions: BTreeMap::new(),
        merged: Shown::NONE,
    };

    /// What may be shown on a day of reports on a call that asks for groups of so many cells. The order of the reports
    /// does not matter.
    pub fn of(reports: impl IntoIterator<Item = Counted>, group: u8, today: u32) -> Self {
        let batch = batch(group);
        let mut view = Self::EMPTY;
        let mut carried = Shown::NONE;
        for mut pools in periods(reports, today).into_values() {
            for level in (1..=3).rev() {
                view.release(&mut pools, level, batch);
            }
            for pool in pools.values() {
                carried.add(pool);
            }
            if carried.cells >= batch {
                view.merged.add(&carried);
                carried = Shown::NONE;
            }
        }
        view.total = view.merged;
        for shown in view.regions.values() {
            view.total.add(shown);
        }
        view
    }

    /// How finely a cell may say where it is: as finely as it wants, but not beyond a part of what is shown already. So of
    /// whoever reads the reports themselves, past this view, nobody finds a cell that names more than one step beyond a
    /// region in which there are many.
    pub fn sayable(&self, wanted: Region, level: u8) -> Region {
        let is_shown = |region: &Region| {
            let inside = self.regions.keys().any(|shown| shown.is_within(region));
            inside || *region == Region::EVERYWHERE && self.total.cells > 0
        };
        let mut region = wanted.at_level(level);
        while let Some(parent) = region.parent()
            && !is_shown(&parent)
        {
            region = parent;
        }
        region
    }

    /// Shows what is enough of one level, and hands the rest up.
    fn release(&mut self, pools: &mut BTreeMap<Region, Shown>, level: u8, batch: u32) {
        let here: Vec<Region> = pools
            .keys()
            .filter(|region| region.level() == level)
            .copied()
            .collect();
        for region in here {
            let Some(pool) = pools.remove(&region) else {
                continue;
            };
            let to = if pool.cells >= batch {
                self.regions.entry(region)
            } else {
                pools.entry(region.parent().unwrap_or(Region::EVERYWHERE))
            };
            to.or_insert(Shown::NONE).add(&pool);
        }
    }
}

/// How many reports make a batch: as many cells as have to be behind a number, and one less than that beside them, which
/// may be an attacker's.
fn batch(group: u8) -> u32 {
    2 * u32::from(group.clamp(GROUP_MIN, GROUP_MAX)) - 1
}

/// The reports of each period that is over, by the region that they name.
fn periods(
    reports: impl IntoIterator<Item = Counted>,
    today: u32,
) -> BTreeMap<u32, BTreeMap<Region, Shown>> {
    let mut periods: BTreeMap<u32, BTreeMap<Region, Shown>> = BTreeMap::new();
    let now = today / PERIOD_DAYS;
    for Counted { band, region, day } in reports {
        let period = day / PERIOD_DAYS;
        if period < now {
            let pools = periods.entry(period).or_default();
            let pool = pools.entry(region).or_insert(Shown::NONE);
            pool.add(&Shown::one(band));
        }
    }
    periods
}

impl Shown {
    /// Nothing.
    pub const NONE: Self = Self {
        cells: 0,
        least: 0,
        most: Some(0),
    };

    fn one(band: Band) -> Self {
        Self {
            cells: 1,
            least: band.least().into(),
            most: band.most().map(u64::from),
        }
    }

    fn add(&mut self, other: &Self) {
        // Nothing comes near the ends of these numbers.
        self.cells = self.cells.saturating_add(other.cells);
        self.least = self.least.saturating_add(other.least);
        let both = self.most.zip(other.most);
        self.most = both.map(|(one, two)| one.saturating_add(two));
    }
}

#[cfg(test)]
mod tests;
