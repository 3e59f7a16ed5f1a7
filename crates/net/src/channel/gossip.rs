//! How packs are spread, and how much of what neighbours pass on we listen to.
//!
//! Gossip keeps nothing for who is late or alone: that is what catching up is for, and sending never depends on this.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libp2p::PeerId;
use libp2p::gossipsub::{
    self, AllowAllSubscriptionFilter, ConfigBuilder, IdentTopic, IdentityTransform,
    MaxCountSubscriptionFilter, MessageAuthenticity, MessageId, ValidationMode,
};
use proto::{GOSSIP_LIMIT, pack_name};
use tokio::sync::Semaphore;

use crate::driver::Permit;

/// What a message takes around its pack: the name of the topic and some lengths.
const AROUND: usize = 1024;

/// How long the core may take for a verdict. After it the pack counts as ignored.
pub(super) const VERDICT_TIME: Duration = Duration::from_secs(8);

/// Heartbeats, of one second, for which gossip keeps what it was given: longer than a verdict may take.
const HISTORY: usize = 10;

/// Packs that wait to be sent to one neighbour. More are dropped, and caught up on.
const QUEUE: usize = 32;

/// After leaving the mesh of a neighbour, or a topic, one may come back after this: who starts again is to be heard soon.
const BACKOFF: Duration = Duration::from_secs(10);

/// Topics of one neighbour: those of two epochs, and of those whom we have not followed yet.
const TOPICS: usize = 8;

/// Packs that wait for the core, over all neighbours: 9 MiB of the largest.
const WAITING: usize = 64;

/// What a neighbour may pass on at once, and per second after that: everything that a busy channel says in a day, and a
/// large post every two seconds. Nobody catches up by gossip, so nobody honest comes near.
const BURST: usize = 4 << 20;
const PER_SECOND: usize = 64 << 10;

/// The least that a pack counts, since it may cost a signature check: so 256 at once and 4 per second.
const LEAST: usize = 16 << 10;

/// Packs over what a neighbour may pass on that are dropped before its connection is.
const OVER_MAX: u32 = 32;

/// Packs that no honest reader passes on before the connection is closed: more than one, since readers who follow two
/// sides of a parted log can wrong each other.
const REJECTED_MAX: u32 = 3;

/// Gossip as we use it: nobody signs, nothing is passed on before its verdict, nobody is told of other peers.
pub(super) type Gossip =
    gossipsub::Behaviour<IdentityTransform, MaxCountSubscriptionFilter<AllowAllSubscriptionFilter>>;

pub(super) fn build() -> Option<Gossip> {
    let config = ConfigBuilder::default()
        .validation_mode(ValidationMode::Anonymous)
        .validate_messages()
        // The default is made of the author and a number; without them all messages would be doubles of the first.
        .message_id_fn(|message| {
            let name = pack_name(message.topic.as_str().as_bytes(), &message.data);
            MessageId(name.to_vec())
        })
        .max_transmit_size(GOSSIP_LIMIT + AROUND)
        .heartbeat_initial_delay(Duration::from_secs(1))
        .history_length(HISTORY)
        .prune_backoff(BACKOFF)
        .unsubscribe_backoff(BACKOFF)
        .connection_handler_queue_len(QUEUE)
        .build()
        .ok()?;
    // Topics that are not ours are let pass: whoever is an epoch ahead is to be found on it once we follow.
    let filter = MaxCountSubscriptionFilter {
        filter: AllowAllSubscriptionFilter {},
        max_subscribed_topics: TOPICS,
        max_subscriptions_per_request: TOPICS,
    };
    Gossip::new_with_subscription_filter(MessageAuthenticity::Anonymous, config, filter).ok()
}

/// The name of a topic as gossip wants it.
pub(super) fn topic_name(id: &[u8; 32]) -> IdentTopic {
    IdentTopic::new(
        id.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>(),
    )
}

/// What is done with a pack that a neighbour passed on.
pub(super) enum Hearing {
    /// The core is to judge it.
    Tell(u64, Permit),
    /// There is no room for it. It is passed on by nobody through us.
    Drop,
    /// The neighbour goes.
    Cut,
}

/// A pack that waits for its verdict.
pub(super) struct Waiting {
    pub(super) message: MessageId,
    pub(super) from: PeerId,
    since: Instant,
}

/// What neighbours passed on, and how they behave. Forgotten with the connection: a new peer id costs nothing.
pub(super) struct Ears {
    waiting: BTreeMap<u64, Waiting>,
    next: u64,
    places: Arc<Semaphore>,
    neighbours: BTreeMap<PeerId, Neighbour>,
}

struct Neighbour {
    left: usize,
    at: Instant,
    over: u32,
    rejected: u32,
}

impl Neighbour {
    /// Whether it may pass on so much now. If not it is counted.
    fn may(&mut self, bytes: usize, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.at);
        let millis = usize::try_from(since.as_millis()).unwrap_or(usize::MAX);
        self.left = millis
            .saturating_mul(PER_SECOND)
            .saturating_div(1000)
            .saturating_add(self.left)
            .min(BURST);
        self.at = now;
        if self.left == BURST {
            self.over = 0;
        }
        let cost = bytes.max(LEAST);
        if let Some(left) = self.left.checked_sub(cost) {
            self.left = left;
            return true;
        }
        self.over += 1;
        false
    }
}

impl Ears {
    pub(super) fn new() -> Self {
        Self {
            waiting: BTreeMap::new(),
            next: 0,
            places: Arc::new(Semaphore::new(WAITING)),
            neighbours: BTreeMap::new(),
        }
    }

    pub(super) fn hear(
        &mut self,
        from: PeerId,
        message: MessageId,
        bytes: usize,
        now: Instant,
    ) -> Hearing {
        let neighbour = self.neighbour(from, now);
        if !neighbour.may(bytes, now) {
            return if neighbour.over > OVER_MAX {
                Hearing::Cut
            } else {
                Hearing::Drop
            };
        }
        // A place is free again when the core has seen the pack; the ticket lives until the verdict.
        let place = Arc::clone(&self.places).try_acquire_owned();
        let Some(place) = place.ok().filter(|_| self.waiting.len() < WAITING) else {
            return Hearing::Drop;
        };
        self.next += 1;
        let waiting = Waiting {
            message,
            from,
            since: now,
        };
        self.waiting.insert(self.next, waiting);
        Hearing::Tell(self.next, Permit::new(place))
    }

    /// What waited under a ticket. None if it waits no longer.
    pub(super) fn answered(&mut self, ticket: u64) -> Option<Waiting> {
        self.waiting.remove(&ticket)
    }

    /// Whether the neighbour has passed on too much that no honest reader does, this included.
    pub(super) fn rejected(&mut self, from: PeerId, now: Instant) -> bool {
        let neighbour = self.neighbour(from, now);
        neighbour.rejected += 1;
        neighbour.rejected >= REJECTED_MAX
    }

    /// Takes what has waited too long.
    pub(super) fn expired(&mut self, now: Instant) -> Vec<Waiting> {
        let old = |waiting: &Waiting| now.saturating_duration_since(waiting.since) >= VERDICT_TIME;
        let (gone, kept): (BTreeMap<u64, Waiting>, _) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|(_, waiting)| old(waiting));
        self.waiting = kept;
        gone.into_values().collect()
    }

    pub(super) fn forget(&mut self, peer: &PeerId) {
        self.neighbours.remove(peer);
    }

    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    fn neighbour(&mut self, peer: PeerId, now: Instant) -> &mut Neighbour {
        self.neighbours.entry(peer).or_insert(Neighbour {
            left: BURST,
            at: now,
            over: 0,
            rejected: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: u32) -> MessageId {
        MessageId(number.to_be_bytes().to_vec())
    }

    #[test]
    fn a_neighbour_who_passes_on_too_much_is_dropped_and_then_cut_and_others_are_heard() {
        let (bob, carol, now) = (PeerId::random(), PeerId::random(), Instant::now());
        let mut ears = Ears::new();
        let (mut told, mut dropped) = (0, 0);
        for number in 0..10_000 {
            match ears.hear(bob, name(number), 1024, now) {
                // The core is quick.
                Hearing::Tell(ticket, _) => {
                    assert!(ears.answered(ticket).is_some());
                    told += 1;
                }
                Hearing::Drop => dropped += 1,
                Hearing::Cut => break,
            }
        }
        assert_eq!((told, dropped), (256, OVER_MAX));
        let heard = ears.hear(carol, name(0), GOSSIP_LIMIT, now);
        assert!(matches!(heard, Hearing::Tell(..)));

        let later = now + Duration::from_secs(10);
        let again = (0..100)
            .filter(|number| matches!(ears.hear(bob, name(*number), 1, later), Hearing::Tell(..)))
            .count();
        assert_eq!(again, 40, "after a rest some are heard again");
    }

    #[test]
    fn verdicts_that_do_not_come_are_bounded_in_number_and_time() {
        let now = Instant::now();
        let mut ears = Ears::new();
        let heard: Vec<Hearing> = (0..200)
            .map(|number| ears.hear(PeerId::random(), name(number), 1024, now))
            .collect();
        let told = heard
            .iter()
            .filter(|heard| matches!(heard, Hearing::Tell(..)));
        assert_eq!(told.count(), WAITING);
        assert!(ears.expired(now + VERDICT_TIME / 2).is_empty());
        assert_eq!(ears.expired(now + VERDICT_TIME).len(), WAITING);
        assert!(ears.is_idle() && ears.answered(1).is_none());
        // The core still holds all of them: more would only fill its queue.
        let more = ears.hear(PeerId::random(), name(500), 1024, now + VERDICT_TIME);
        assert!(matches!(more, Hearing::Drop));
        drop(heard);
        let more = ears.hear(PeerId::random(), name(500), 1024, now + VERDICT_TIME);
        assert!(matches!(more, Hearing::Tell(..)));
    }
}
