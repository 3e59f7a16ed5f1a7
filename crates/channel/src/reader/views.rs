//! What there is to see of a channel.

use model::Timestamp;

use super::{Fork, Reader, Shown, Silence};
use crate::id::{ChannelId, CharterId, PostDay, PostId};
use crate::lineage::Lineage;
use crate::sync::Range;

impl Reader {
    /// The channel.
    pub const fn channel(&self) -> ChannelId {
        self.lineage.channel()
    }

    /// The charters.
    pub const fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    /// How many signatures were checked since the start.
    pub const fn signatures_checked(&self) -> u64 {
        self.checks.count()
    }

    /// The first post that is missing, and the one before it. None for the second if it is not here.
    pub fn head(&self) -> (u64, Option<PostId>) {
        let next = self.next;
        if next == 0 {
            return (0, Some(PostId::NONE));
        }
        (next, self.kept.get(&(next - 1)).map(|kept| kept.id))
    }

    /// Where posts are kept, erased calls among them.
    pub fn places(&self) -> impl Iterator<Item = u64> {
        self.kept.keys().copied()
    }

    /// Everything to show, in order, with what is missing in between.
    pub fn posts(&self) -> Vec<Shown> {
        let mut shown = Vec::new();
        let mut expected = self.low.max(self.floor);
        for (seq, kept) in &self.kept {
            if *seq > expected {
                let until = *seq - 1;
                shown.push(Shown::Gap(Range {
                    from: expected,
                    until,
                }));
            }
            expected = expected.max(seq.saturating_add(1));
            shown.push(Shown::Post {
                seq: *seq,
                id: kept.id,
                day: kept.day,
                kind: kept.what.kind(),
                stands: self.stands(*seq),
            });
        }
        shown
    }

    /// Whether the publishers did not contradict themselves there or before. What happened under an earlier charter
    /// takes nothing from the present publishers.
    pub fn stands(&self, seq: u64) -> bool {
        self.live_fork().is_none_or(|fork| seq < fork.seq)
    }

    /// Where two posts were found that the present publishers answer for.
    pub(super) fn live_fork(&self) -> Option<Fork> {
        let from = self.lineage.newest_from();
        self.fork.filter(|fork| fork.seq >= from)
    }

    /// Where the present publishers are proven to have contradicted themselves.
    pub fn contradiction(&self) -> Option<u64> {
        self.live_fork().map(|fork| fork.seq)
    }

    /// The sign of life that did not come, if one was promised.
    pub fn silence(&self, now: Timestamp) -> Option<Silence> {
        let promised = u32::from(self.lineage.newest().fresh_days());
        let newest = self.kept.last_key_value();
        let since = newest.map_or(self.since, |(_, kept)| kept.day);
        let days = PostDay::of(now).since(since);
        (promised > 0 && days > promised).then(|| Silence {
            since,
            overdue: days - promised,
        })
    }

    /// The day, author and charter of a post that is here.
    pub(crate) fn known(&self, seq: u64) -> Option<(PostDay, u8, CharterId)> {
        let kept = self.kept.get(&seq)?;
        Some((kept.day, kept.author, kept.charter))
    }
}
