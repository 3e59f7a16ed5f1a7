//! Counting: how many, how long, how large. Spreads are kept in buckets, so that a week costs no more than a minute.

mod channel;

use serde::{Deserialize, Serialize};

pub use channel::ChannelCounts;

/// Buckets per doubling: values are told apart to within 9 %.
const PER_DOUBLING: u64 = 8;

/// A spread of values from 0 to 2^64, in buckets whose width grows with the value.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Spread {
    buckets: Vec<u64>,
    count: u64,
    sum: u64,
    most: u64,
}

impl Spread {
    /// Adds one value.
    pub fn add(&mut self, value: u64) {
        let bucket = bucket(value);
        if self.buckets.len() <= bucket {
            self.buckets.resize(bucket + 1, 0);
        }
        self.buckets[bucket] += 1;
        self.count += 1;
        self.sum = self.sum.saturating_add(value);
        self.most = self.most.max(value);
    }

    /// Adds all of another spread.
    pub fn merge(&mut self, other: &Self) {
        if self.buckets.len() < other.buckets.len() {
            self.buckets.resize(other.buckets.len(), 0);
        }
        for (ours, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *ours += theirs;
        }
        self.count += other.count;
        self.sum = self.sum.saturating_add(other.sum);
        self.most = self.most.max(other.most);
    }

    /// How many values there are.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The largest value.
    pub const fn most(&self) -> u64 {
        self.most
    }

    /// The mean, rounded down.
    pub fn mean(&self) -> u64 {
        self.sum.checked_div(self.count).unwrap_or(0)
    }

    /// The value that `percent` of all do not exceed, as the upper end of its bucket.
    pub fn quantile(&self, percent: u64) -> u64 {
        let wanted = (self.count * percent).div_ceil(100).max(1);
        let mut below = 0;
        for (number, held) in self.buckets.iter().enumerate() {
            below += held;
            if below >= wanted {
                return upper(number).min(self.most);
            }
        }
        self.most
    }

    /// Upper end of each bucket that holds something, with how many values are at or below it.
    pub fn cumulative(&self) -> Vec<(u64, u64)> {
        let mut below = 0;
        let mut points = Vec::new();
        for (number, held) in self
            .buckets
            .iter()
            .enumerate()
            .filter(|(_, held)| **held > 0)
        {
            below += held;
            points.push((upper(number).min(self.most), below));
        }
        points
    }
}

fn bucket(value: u64) -> usize {
    if value < PER_DOUBLING {
        return usize::try_from(value).unwrap_or(0);
    }
    let doublings = u64::from(value.ilog2());
    // The three bits below the highest one.
    let part = (value >> (doublings - 3)) & (PER_DOUBLING - 1);
    usize::try_from((doublings - 2) * PER_DOUBLING + part).unwrap_or(usize::MAX)
}

fn upper(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < PER_DOUBLING {
        return bucket;
    }
    let (doublings, part) = (bucket / PER_DOUBLING + 2, bucket % PER_DOUBLING);
    let width = 1 << (doublings - 3);
    (1_u64 << doublings) + part * width + (width - 1)
}

/// What a world counted.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Counts {
    /// Things that happened: everything that left the queue.
    pub events: u64,
    /// Inputs of nodes.
    pub inputs: u64,
    /// Messages that a person wrote and a node took.
    pub accepted: u64,
    /// Messages of somebody else that could be read, over all devices.
    pub deliveries: u64,
    /// Frames that were sent.
    pub frames: u64,
    /// Bytes on the wire, padding included.
    pub bytes: u64,
    /// Durable writes.
    pub persists: u64,
    /// Dials.
    pub dials: u64,
    /// Connections.
    pub connections: u64,
    /// Devices that stopped, by whatever.
    pub stops: u64,
    /// From writing to being read by one member, in microseconds, for messages written while both were there.
    pub latency: Spread,
    /// The same when somebody was away.
    pub late: Spread,
    /// From the end of a partition until all had the same, in microseconds.
    pub convergence: Spread,
    /// Bytes that one device sent.
    pub sent: Spread,
    /// Bytes that one device holds on its disk at the end.
    pub held: Spread,
    /// Of a channel.
    #[serde(default)]
    pub channel: ChannelCounts,
}

impl Counts {
    /// Adds all of another count.
    pub fn merge(&mut self, other: &Self) {
        self.events += other.events;
        self.inputs += other.inputs;
        self.accepted += other.accepted;
        self.deliveries += other.deliveries;
        self.frames += other.frames;
        self.bytes += other.bytes;
        self.persists += other.persists;
        self.dials += other.dials;
        self.connections += other.connections;
        self.stops += other.stops;
        self.latency.merge(&other.latency);
        self.late.merge(&other.late);
        self.convergence.merge(&other.convergence);
        self.sent.merge(&other.sent);
        self.held.merge(&other.held);
        self.channel.merge(&other.channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_a_bucket_that_ends_at_most_an_eighth_above_it() {
        let values = (0..2_000)
            .chain((0..64).map(|bit| 1_u64 << bit))
            .chain([u64::MAX]);
        for value in values {
            let end = upper(bucket(value));
            assert!(end >= value, "{value} is above {end}");
            assert!(end - value <= value / 8, "{value} is far below {end}");
        }
    }

    #[test]
    fn quantiles_of_a_known_spread() {
        let mut spread = Spread::default();
        (1..=1_000).for_each(|value| spread.add(value));
        assert_eq!(
            (spread.count(), spread.mean(), spread.most()),
            (1_000, 500, 1_000)
        );
        for percent in [1, 50, 90, 99, 100] {
            let (exact, found) = (percent * 10, spread.quantile(percent));
            assert!(
                found >= exact && found <= exact + exact / 8,
                "{percent} %: {found}"
            );
        }
        assert_eq!(Spread::default().quantile(50), 0);
    }

    #[test]
    fn two_halves_merged_are_the_whole() {
        let mut halves = [Spread::default(), Spread::default()];
        let mut whole = Spread::default();
        for value in (0..5_000).map(|number| number * number) {
            halves[usize::from(value % 3 == 0)].add(value);
            whole.add(value);
        }
        let [mut one, two] = halves;
        one.merge(&two);
        assert_eq!(one, whole);
        assert_eq!(one.cumulative().last().map(|point| point.1), Some(5_000));
    }
}
