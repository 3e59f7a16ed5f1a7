//! Dialling readers that links named, each in its own time.

use std::time::Duration;

use model::{Instant, PeerId};

use crate::channels::held::Held;
use crate::config::{READER_BACKOFF, READER_BACKOFF_MAX};
use crate::node::Now;
use crate::out::Out;
use crate::output::ChannelOutput;

pub(super) struct Dial {
    pub(super) wait: Duration,
    pub(super) due: Instant,
    tries: usize,
}

impl Held {
    /// Every reader that we know of and are not connected to is dialled in its own time.
    pub(in crate::channels) fn plan_dials(&mut self, now: Now) {
        if !self.meeting.online {
            return;
        }
        let known: Vec<PeerId> = self.own.known.iter().map(|known| known.peer).collect();
        self.meeting.dials.retain(|peer, _| known.contains(peer));
        for peer in known {
            self.meeting.dials.entry(peer).or_insert(Dial {
                wait: READER_BACKOFF,
                due: now.instant,
                tries: 0,
            });
        }
    }

    pub(super) fn dial(&mut self, now: Now, out: &mut Out) {
        let topics = self.topics();
        let due = self.meeting.dials.iter().filter(|(peer, dial)| {
            dial.due <= now.instant && !self.meeting.peers.contains_key(*peer)
        });
        let due: Vec<PeerId> = due.map(|(peer, _)| *peer).collect();
        for peer in due {
            let known = self.own.known.iter().find(|known| known.peer == peer);
            let addresses = known.map(|known| known.addresses.clone());
            let Some(dial) = self.meeting.dials.get_mut(&peer) else {
                continue;
            };
            // They may be in an earlier epoch than we are: each in its turn.
            let topic = topics.get(dial.tries % topics.len().max(1));
            let wait = dial.wait;
            dial.tries = dial.tries.wrapping_add(1);
            dial.wait = (wait * 2).min(READER_BACKOFF_MAX);
            let due = now.instant + self.jittered(wait);
            if let Some(dial) = self.meeting.dials.get_mut(&peer) {
                dial.due = due;
            }
            if let (Some(topic), Some(addresses)) = (topic, addresses) {
                let key = topic.door().clone();
                self.tell_swarm(
                    ChannelOutput::Dial {
                        peer,
                        addresses,
                        key,
                    },
                    out,
                );
            }
        }
    }
}
