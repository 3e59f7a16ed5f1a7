//! What this reader says that it has, asks for, and gives.

use super::{Kept, Reader, What};
use crate::config::{BYTES_PER_ANSWER, GAPS_PER_SUMMARY, POSTS_PER_ANSWER, PROBES_PER_SUMMARY};
use crate::sync::{Probe, Range, Request, Summary};

/// How far one looks back at once for the place where two logs parted.
const LOOK_BACK: u64 = 32;

impl Reader {
    /// What we have. It names nobody.
    pub fn summary(&self) -> Summary {
        let end = self
            .kept
            .last_key_value()
            .map_or(self.next, |(seq, _)| seq.saturating_add(1));
        let has = |kept: &Kept| kept.len > 0;
        let oldest = self.kept.iter().find(|(_, kept)| has(kept));
        let oldest = oldest.map_or(end, |(seq, _)| *seq);
        let mut gaps: Vec<Range> = Vec::new();
        let mut expected = oldest;
        for seq in self
            .kept
            .range(oldest..)
            .filter(|(_, kept)| has(kept))
            .map(|(seq, _)| *seq)
        {
            if seq > expected && gaps.len() < GAPS_PER_SUMMARY {
                let until = seq - 1;
                gaps.push(Range {
                    from: expected,
                    until,
                });
            }
            expected = seq.saturating_add(1);
        }
        let mut probes = Vec::new();
        let (mut back, mut distance) = (end.checked_sub(1), 1_u64);
        while let Some(seq) = back.filter(|_| probes.len() < PROBES_PER_SUMMARY) {
            if let Some(kept) = self.kept.get(&seq) {
                probes.push(Probe::of(seq, &kept.id));
            }
            back = seq.checked_sub(distance);
            distance = distance.saturating_mul(2);
        }
        Summary {
            oldest,
            end,
            gaps,
            probes,
            charters: u16::try_from(self.lineage.len()).unwrap_or(u16::MAX),
        }
    }

    /// What to ask of whoever has this. Empty if they have nothing for us.
    pub fn request(&self, theirs: &Summary) -> Request {
        let mut request = Request {
            lineage: u8::from(usize::from(theirs.charters) > self.lineage.len()),
            ..Request::default()
        };
        // Where we differ first, then where two logs parted, then what is missing: a contradiction is told soon.
        let differs = |probe: &&Probe| {
            let ours = self.kept.get(&probe.seq);
            ours.is_some_and(|kept| Probe::of(probe.seq, &kept.id) != **probe)
        };
        let lowest = theirs
            .probes
            .iter()
            .filter(differs)
            .map(|probe| probe.seq)
            .min();
        let known = self.live_fork().map(|fork| fork.seq);
        if let Some(seq) = lowest.filter(|seq| known.is_none_or(|known| *seq < known)) {
            request.ask(seq);
        }
        for seq in self.suspects.iter().filter(|seq| theirs.has(**seq)) {
            request.ask(*seq);
        }
        if let Some(fork) = self.live_fork().filter(|fork| !fork.is_first) {
            let from = fork.seq.saturating_sub(LOOK_BACK).max(self.low);
            if from < fork.seq {
                request.ranges.push(Range {
                    from,
                    until: fork.seq - 1,
                });
            }
        }
        let until = theirs.end.min(self.horizon());
        let mut left = POSTS_PER_ANSWER;
        for seq in self.low.max(theirs.oldest)..until {
            if left == 0 {
                break;
            }
            if !self.kept.contains_key(&seq) && theirs.has(seq) {
                request.ask(seq);
                left -= 1;
            }
        }
        request
    }

    /// Which of our posts answer a request, in order: few enough for any queue. The caller has their records.
    pub fn answer(&self, request: &Request) -> Vec<u64> {
        let mut given = Vec::new();
        let mut bytes = 0;
        if !request.is_bounded() {
            return given;
        }
        for range in &request.ranges {
            for (seq, kept) in self.kept.range(range.from..=range.until) {
                if given.len() >= POSTS_PER_ANSWER || bytes + kept.len > BYTES_PER_ANSWER {
                    return given;
                }
                if kept.len > 0 && !given.contains(seq) {
                    bytes += kept.len;
                    given.push(*seq);
                }
            }
        }
        given
    }

    /// Which posts go along in a file for somebody without a network, in order, within about so many bytes. If there is
    /// no room for all: first what says how the others are to be read, then calls, then words, of each the newest.
    pub fn to_carry(&self, room: usize) -> Vec<u64> {
        let mut ranked: Vec<(u8, u64, usize)> = Vec::new();
        for (seq, kept) in self.kept.iter().rev() {
            let rank = match kept.what {
                What::Charter | What::Closed | What::Checkpoint | What::Cancel => 0,
                What::Call { .. } => 1,
                What::Text | What::Fresh | What::Unreadable => 2,
                What::Over => continue,
            };
            ranked.push((rank, *seq, kept.len));
        }
        // Stable: the newest stay in front.
        ranked.sort_by_key(|(rank, ..)| *rank);
        let mut left = room;
        let mut chosen = Vec::new();
        for (_, seq, len) in ranked {
            let Some(rest) = left.checked_sub(len) else {
                break;
            };
            left = rest;
            chosen.push(seq);
        }
        chosen.sort_unstable();
        chosen
    }
}
