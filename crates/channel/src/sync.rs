//! What readers tell each other so that everybody comes to have everything: what I have, what I lack.
//!
//! Invariants: bounded both ways · nothing in it says who somebody is · what is asked for is asked of whoever says that
//! they have it, and what comes is checked like everything else.

use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::config::{GAPS_PER_SUMMARY, PROBES_PER_SUMMARY, RANGES_PER_REQUEST};
use crate::id::PostId;

/// Posts from one to another, both included.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub struct Range {
    /// The first.
    pub from: u64,
    /// The last.
    pub until: u64,
}

/// A post that somebody has: enough of its name to see whether ours is the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub struct Probe {
    /// Where it stands.
    pub seq: u64,
    /// The first 16 bytes of its id.
    pub id: [u8; 16],
}

impl Probe {
    pub(crate) fn of(seq: u64, id: &PostId) -> Self {
        let mut short = [0; 16];
        short.copy_from_slice(&id.as_bytes()[..16]);
        Self { seq, id: short }
    }
}

/// What somebody has of a channel.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub struct Summary {
    /// The oldest post that they can give.
    pub oldest: u64,
    /// One beyond the newest.
    pub end: u64,
    /// What they lack in between; not more than sixteen ranges, the lowest first.
    pub gaps: Vec<Range>,
    /// Some of what they have, the newest first.
    pub probes: Vec<Probe>,
    /// How many charters they know.
    pub charters: u16,
}

/// What somebody asks for.
#[derive(Clone, Debug, Default, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub struct Request {
    /// Posts.
    pub ranges: Vec<Range>,
    /// 1 asks for the charters.
    pub lineage: u8,
}

impl Summary {
    pub(crate) fn is_bounded(&self) -> bool {
        self.gaps.len() <= GAPS_PER_SUMMARY
            && self.probes.len() <= PROBES_PER_SUMMARY
            && self.gaps.iter().all(|gap| gap.from <= gap.until)
    }

    /// Whether they say that they have it.
    pub(crate) fn has(&self, seq: u64) -> bool {
        let lacks = |gap: &Range| (gap.from..=gap.until).contains(&seq);
        (self.oldest..self.end).contains(&seq) && !self.gaps.iter().any(lacks)
    }
}

impl Request {
    pub(crate) fn is_bounded(&self) -> bool {
        self.ranges.len() <= RANGES_PER_REQUEST
            && self.lineage <= 1
            && self.ranges.iter().all(|range| range.from <= range.until)
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.lineage == 0
    }

    /// Adds a post, if there is room.
    pub(crate) fn ask(&mut self, seq: u64) {
        if let Some(last) = self.ranges.last_mut()
            && last.until.checked_add(1) == Some(seq)
        {
            last.until = seq;
            return;
        }
        let known = self
            .ranges
            .iter()
            .any(|range| (range.from..=range.until).contains(&seq));
        if !known && self.ranges.len() < RANGES_PER_REQUEST {
            self.ranges.push(Range {
                from: seq,
                until: seq,
            });
        }
    }
}
