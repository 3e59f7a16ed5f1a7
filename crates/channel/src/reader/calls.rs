//! What is on and what is off. A call and all its versions are one: what calls one of them off calls all of them off,
//! whichever came first.

use std::collections::BTreeMap;

use model::Timestamp;

use super::{Kept, Reader, What};
use crate::config::VERSIONS_MAX;
use crate::content::Content;
use crate::id::{CallRef, PostId};
use crate::post::Place;

/// A call with all its versions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CallState {
    /// The first version that is known of.
    pub call: CallRef,
    /// The newest version that is here, and where; none if only its cancellation is.
    pub newest: Option<(CallRef, u64)>,
    /// Where it was called off.
    pub off: Option<u64>,
    /// Whether the newest version stands.
    pub stands: bool,
}

impl Reader {
    /// Every call: first those that are off, then the others, the newest first.
    pub fn calls(&self) -> Vec<CallState> {
        let parents = self.parents();
        let mut families: BTreeMap<CallRef, CallState> = BTreeMap::new();
        let state = |call| CallState {
            call,
            newest: None,
            off: None,
            stands: true,
        };
        for (seq, kept) in &self.kept {
            if let What::Call { id, .. } = kept.what {
                let call = root(&parents, id);
                let family = families.entry(call).or_insert_with(|| state(call));
                family.newest = Some((id, *seq));
                family.stands = self.stands(*seq);
            }
        }
        for (call, seq) in &self.off {
            let call = root(&parents, *call);
            let family = families.entry(call).or_insert_with(|| state(call));
            family.off = Some(family.off.map_or(*seq, |known| known.min(*seq)));
        }
        let mut all: Vec<CallState> = families.into_values().collect();
        let newest = |state: &CallState| state.newest.map(|(_, seq)| seq).or(state.off);
        all.sort_by_key(|state| (state.off.is_none(), std::cmp::Reverse(newest(state))));
        all
    }

    /// The call in each place that has one: by the name of its first version, and where it was called off.
    pub fn calls_by_place(&self) -> BTreeMap<u64, (CallRef, Option<u64>)> {
        let parents = self.parents();
        let mut off: BTreeMap<CallRef, u64> = BTreeMap::new();
        for (call, seq) in &self.off {
            let first = off.entry(root(&parents, *call)).or_insert(*seq);
            *first = (*first).min(*seq);
        }
        let calls = self.kept.iter().filter_map(|(seq, kept)| {
            let What::Call { id, .. } = kept.what else {
                return None;
            };
            let call = root(&parents, id);
            Some((*seq, (call, off.get(&call).copied())))
        });
        calls.collect()
    }

    /// Whether a call, or any version of it, was called off.
    pub fn is_off(&self, call: &CallRef) -> bool {
        let parents = self.parents();
        let wanted = root(&parents, *call);
        self.off.keys().any(|off| root(&parents, *off) == wanted)
    }

    /// What is called off, for a checkpoint: the newest first.
    pub fn called_off(&self) -> Vec<CallRef> {
        let mut all: Vec<(u64, CallRef)> =
            self.off.iter().map(|(call, seq)| (*seq, *call)).collect();
        all.sort_by(|one, other| other.cmp(one));
        all.into_iter().map(|(_, call)| call).collect()
    }

    fn parents(&self) -> BTreeMap<CallRef, CallRef> {
        let versions = self.kept.values().filter_map(|kept| match kept.what {
            What::Call { id, of, .. } => Some((id, of?)),
            What::Text
            | What::Cancel
            | What::Fresh
            | What::Charter
            | What::Closed
            | What::Checkpoint
            | What::Unreadable
            | What::Over => None,
        });
        versions.collect()
    }
}

fn root(parents: &BTreeMap<CallRef, CallRef>, call: CallRef) -> CallRef {
    let mut at = call;
    for _ in 0..VERSIONS_MAX {
        let Some(before) = parents.get(&at) else {
            return at;
        };
        at = *before;
    }
    at
}

impl What {
    pub(super) fn of(content: &Content) -> Self {
        match content {
            Content::Text(_) => Self::Text,
            Content::Call { id, call } => Self::Call {
                id: *id,
                of: None,
                until: call.last_moment(),
            },
            Content::Version { id, of, call } => Self::Call {
                id: *id,
                of: Some(*of),
                until: call.last_moment(),
            },
            Content::Cancel { .. } => Self::Cancel,
            Content::Fresh => Self::Fresh,
            Content::Charter(_) => Self::Charter,
            Content::Closed { .. } => Self::Closed,
            Content::Checkpoint(_) => Self::Checkpoint,
        }
    }

    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Call { of: None, .. } => "call",
            Self::Call { of: Some(_), .. } => "version",
            Self::Cancel => "cancel",
            Self::Fresh => "fresh",
            Self::Charter => "charter",
            Self::Closed => "closed",
            Self::Checkpoint => "checkpoint",
            Self::Unreadable => "unreadable",
            Self::Over => "over",
        }
    }
}

impl Kept {
    pub(super) const fn of(place: &Place, id: PostId, what: What, len: usize) -> Self {
        Self {
            id,
            previous: place.previous,
            charter: place.charter,
            day: place.day,
            author: place.author,
            what,
            len,
        }
    }

    /// Whether it is a call that is over.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        matches!(self.what, What::Call { until, .. } if until <= now)
    }
}
