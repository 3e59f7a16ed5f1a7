//! What is counted of a channel: into how many parts its readers have fallen, and what each of them received.

use std::collections::BTreeSet;

use crate::world::{PowerState, Who, World};

impl World {
    /// Into how many parts those who are on have fallen, and who is not in the largest.
    pub(super) fn count_parts(&mut self) {
        let readers: BTreeSet<Who> = self.honest_readers().iter().map(|(who, _)| *who).collect();
        let all = readers.len();
        // Ways through the publisher and through adversaries are ways too.
        let mut left: BTreeSet<Who> = self
            .everybody()
            .filter(|who| self.power(*who) == PowerState::On)
            .collect();
        let (mut parts, mut largest) = (0, 0);
        while let Some(first) = left.pop_first() {
            let (mut size, mut next) = (usize::from(readers.contains(&first)), vec![first]);
            while let Some(who) = next.pop() {
                for other in self.channel_neighbours(who) {
                    if left.remove(&other) {
                        size += usize::from(readers.contains(&other));
                        next.push(other);
                    }
                }
            }
            parts += u64::from(size > 0);
            largest = largest.max(size);
        }
        self.counts.channel.parts.add(parts);
        self.counts.channel.cut_off.add((all - largest) as u64);
    }

    /// Sums up what each reader received.
    pub(crate) fn count_received(&mut self) {
        let readers = self.watch.channels.readers.clone();
        self.counts.channel.payload = self.watch.channels.payload;
        for (who, reading) in readers {
            if !self.watch.honest(who) {
                continue;
            }
            let heard = self.ether.heard.get(&who).copied().unwrap_or_default();
            let payload = self.watch.channels.payload - reading.before;
            let percent = |bytes: u64| (bytes * 100).checked_div(payload).unwrap_or(0);
            let channel = &mut self.counts.channel;
            channel.gossip.add(percent(heard.gossip));
            let all = heard.gossip + heard.direct + heard.control;
            channel.received.add(percent(all));
            channel.direct.add(heard.direct + heard.control);
            channel.doubles += heard.doubles;
            let peers = self.channel_neighbours(who).len() as u64;
            self.counts.channel.peers.add(peers);
        }
    }
}
