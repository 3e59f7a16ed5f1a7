//! What a world counted about a channel.

use serde::{Deserialize, Serialize};

use super::Spread;

/// What a world counted about a channel. A pair is a post and a reader who may read it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct ChannelCounts {
    /// Posts.
    pub posts: u64,
    /// Bytes of the packs in which they were spread: what a reader has to receive once.
    pub payload: u64,
    /// Pairs whose reader was there when the post was written.
    pub there: u64,
    /// Those of them who had it within six hops' latency.
    pub within: u64,
    /// What six hops take, in microseconds.
    pub six_hops: u64,
    /// How many hops the first copy of a pack took.
    pub hops: Spread,
    /// From writing to being read, in microseconds, for pairs whose reader was there.
    pub spread: Spread,
    /// The same from coming back, for those who were away.
    pub back: Spread,
    /// Received by one reader over gossip, doubles included, in percent of the payload since they began to read.
    pub gossip: Spread,
    /// All that one reader received, in percent of the same.
    pub received: Spread,
    /// Bytes that one reader received and that were no gossip of a post: what peers say about what they have, and answers.
    pub direct: Spread,
    /// Packs that came again.
    pub doubles: u64,
    /// Packs that the core says no honest reader passes on.
    pub rejected: u64,
    /// Packs that adversaries made.
    pub forged: u64,
    /// Readers that one reader is connected to at the end.
    pub peers: Spread,
    /// Parts of which the graph of those who are on consists, at twelve moments and at the end.
    pub parts: Spread,
    /// Readers who are on and connected to nobody, or not to the part in which most are, at the same moments.
    pub cut_off: Spread,
}

impl ChannelCounts {
    pub(super) fn merge(&mut self, other: &Self) {
        self.posts += other.posts;
        self.payload += other.payload;
        self.there += other.there;
        self.within += other.within;
        self.six_hops = self.six_hops.max(other.six_hops);
        self.doubles += other.doubles;
        self.rejected += other.rejected;
        self.forged += other.forged;
        for (ours, theirs) in [
            (&mut self.hops, &other.hops),
            (&mut self.spread, &other.spread),
            (&mut self.back, &other.back),
            (&mut self.gossip, &other.gossip),
            (&mut self.received, &other.received),
            (&mut self.direct, &other.direct),
            (&mut self.peers, &other.peers),
            (&mut self.parts, &other.parts),
            (&mut self.cut_off, &other.cut_off),
        ] {
            ours.merge(theirs);
        }
    }

    /// Of those who were there, how many had a post within six hops' latency, in hundredths of a percent.
    pub fn share_within(&self) -> u64 {
        (self.within * 10_000).checked_div(self.there).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_pairs_of_all_worlds() {
        let of = |within, there| ChannelCounts {
            within,
            there,
            ..ChannelCounts::default()
        };
        assert_eq!(of(0, 0).share_within(), 0);
        assert_eq!(of(99, 100).share_within(), 9_900);
        let mut all = of(99, 100);
        all.merge(&of(0, 100));
        assert_eq!(all.share_within(), 4_950);
    }
}
