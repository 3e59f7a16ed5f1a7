//! Who has what: pushing to whom is level, acks, and forgetting what everybody has (PROTOCOL §5).

use model::{Instant, LogId, MemberId, PeerId};

use super::{Cell, Presence, records};
use crate::config::{
    ACK_DELAY, ACK_INTERVAL, ANSWERS_PER_ACK, FRONTIER_DELAY, LOGS_PER_CELL, SYNC_INTERVAL,
};
use crate::envelope::{Envelope, LogTag, log_tag, truncated};
use crate::event::Notice;
use crate::node::Now;
use crate::objects::{Ack, AckDraft, Answer};
use crate::out::Out;
use crate::wire::Item;

impl Cell {
    /// Sends a new envelope of ours to every member who has all that is before it.
    pub(super) fn push_envelope(&mut self, envelope: &Envelope) {
        let Some(log) = self.logs.get(&envelope.log()) else {
            return;
        };
        let (tag, seq) = (log.tag(), envelope.header().seq);
        for session in self
            .sessions
            .values_mut()
            .filter(|session| session.reach.is_some())
        {
            let sent = session.sent.entry(tag).or_default();
            if *sent == seq {
                *sent = seq + 1;
                session.send(&Item::Envelope(envelope.to_bytes().into()));
            }
        }
    }

    /// Sends cards and acks to every connected member who has not been sent them (or who gave them to us).
    pub(super) fn forward_objects(&mut self, from: Option<PeerId>) {
        let cards: Vec<_> = self
            .cards
            .values()
            .map(|card| (card.member, card.version, card.as_bytes()))
            .collect();
        let acks: Vec<_> = self
            .acks
            .values()
            .map(|ack| (ack.log.member, ack.version, ack.as_bytes()))
            .collect();
        for (peer, session) in &mut self.sessions {
            for (member, version, bytes) in &cards {
                let sent = session.cards.insert(*member, *version);
                if sent != Some(*version) && *member != session.member && from != Some(*peer) {
                    session
                        .packer
                        .push(&Item::Card((*bytes).into()), &mut session.transfer);
                }
            }
            for (member, version, bytes) in &acks {
                let sent = session.acks.insert(*member, *version);
                if sent != Some(*version) && *member != session.member && from != Some(*peer) {
                    session
                        .packer
                        .push(&Item::Ack((*bytes).into()), &mut session.transfer);
                }
            }
        }
    }

    /// How far a member is known to reach: by their ack, or by what they said on this connection.
    pub(super) fn known_next(&self, member: &MemberId, tag: &LogTag) -> u64 {
        let acked = self.acks.get(member).map_or(0, |ack| ack.next(tag));
        let live = self
            .session_of(member)
            .and_then(|session| session.reach.as_ref()?.get(tag))
            .copied()
            .unwrap_or(0);
        acked.max(live)
    }

    /// Tells the person which messages of ours a member has by now.
    pub(super) fn note_reach(
        &mut self,
        member: MemberId,
        tag: LogTag,
        before: u64,
        next: u64,
        now: Now,
        out: &mut Out,
    ) {
        let own = self
            .tags
            .get(&tag)
            .copied()
            .filter(|log| log.member == self.me);
        let Some(log) = own.filter(|_| next > before) else {
            return;
        };
        if let Presence::Left { .. } = self.presence {
            return;
        }
        let end = next.min(self.logs.get(&log).map_or(0, |log| log.position().next));
        for message in self.messages.sealed_in(log, before, end) {
            let Some((place, entry)) = self.messages.get(&message) else {
                continue;
            };
            let listening = self
                .audiences
                .get(entry.audience as usize)
                .is_some_and(|all| all.contains(&member));
            if listening {
                let delivery = self.delivery(place, entry);
                let (have, of) = (delivery.have, delivery.of);
                out.notice(Notice::MessageDelivered {
                    cell: self.id,
                    message,
                    have,
                    of,
                });
            }
        }
        let _ = now;
    }

    /// Our frontier goes out soon.
    pub(super) fn schedule_frontier(&mut self, now: Now) {
        self.timers
            .frontier
            .get_or_insert(now.instant + FRONTIER_DELAY);
    }

    /// Our ack goes out soon, but not sooner than an interval after the last.
    pub(super) fn schedule_ack(&mut self, now: Now) {
        let soonest = self
            .timers
            .acked_at
            .map_or(now.instant, |at| at + ACK_INTERVAL);
        self.timers
            .ack
            .get_or_insert(soonest.max(now.instant + ACK_DELAY));
    }

    pub(super) fn next_sync(&mut self, now: Now) -> Instant {
        now.instant + SYNC_INTERVAL + self.jitter(SYNC_INTERVAL / 2)
    }

    pub(super) fn tick_sync(&mut self, now: Now, out: &mut Out) {
        if self.timers.ack.is_some_and(|at| now.instant >= at) {
            self.sign_ack(now, out);
        }
        if self.timers.frontier.is_some_and(|at| now.instant >= at) {
            self.timers.frontier = None;
            self.tell_frontier(None);
        }
        if now.instant >= self.timers.sync {
            self.timers.sync = self.next_sync(now);
            self.ask_rewelcomes(now);
            let count = self.sessions.len() as u64;
            let chosen = usize::try_from(self.rng.below(count)).unwrap_or(0);
            let chosen = self.sessions.keys().nth(chosen).copied();
            self.pull.want(chosen);
            self.prune(out);
        }
        self.pump_pull(now, out);
    }

    /// Signs how far our copies reach, and what we heard of the starts of others.
    pub(super) fn sign_ack(&mut self, now: Now, out: &mut Out) {
        self.timers.ack = None;
        if self.presence != Presence::In || mutant!(DropAck) {
            return;
        }
        self.timers.acked_at = Some(now.instant);
        let last = self.acks.get(&self.me).map_or(0, |ack| ack.version);
        let version = now.timestamp.as_millis().max(last + 1);
        let entries = self
            .logs
            .values()
            .map(|log| (log.tag(), log.position().next))
            .take(LOGS_PER_CELL)
            .collect();
        let draft = AckDraft {
            cell: self.id,
            log: self.log,
            version,
            start: self.start,
            entries,
            answers: self.answers(),
        };
        let ack = Ack::sign(draft, &self.identity);
        out.changes
            .put(records::ack_key(self.id, &self.me), ack.as_bytes().to_vec());
        self.acks.insert(self.me, ack);
        self.forward_objects(None);
    }

    /// The newest start of each other member, and where our copy of their log ends.
    fn answers(&self) -> Vec<Answer> {
        let acks = self
            .acks
            .iter()
            .filter(|(member, _)| **member != self.me && self.is_member(member));
        let answers = acks.map(|(_, ack)| {
            let head = self.logs.get(&ack.log).map(|log| log.position().head);
            Answer {
                tag: log_tag(&self.id, &ack.log),
                start: ack.start,
                head: truncated(&head.unwrap_or_default()),
            }
        });
        answers.take(ANSWERS_PER_ACK).collect()
    }

    /// Forgets envelopes that every current member has.
    pub(super) fn prune(&mut self, out: &mut Out) {
        let members: Vec<MemberId> = self.others().collect();
        let mut floors: Vec<(LogId, u64)> = Vec::new();
        for log in self.logs.values() {
            let holders = members.iter().filter(|member| **member != log.id().member);
            let floor = holders
                .map(|member| self.known_next(member, &log.tag()))
                .min();
            let floor = floor.filter(|_| !mutant!(PruneUnacked));
            floors.push((log.id(), floor.unwrap_or(u64::MAX)));
        }
        for (id, floor) in floors {
            let Some(log) = self.logs.get_mut(&id) else {
                continue;
            };
            for seq in log.prune(floor) {
                out.changes.delete(records::envelope_key(self.id, &id, seq));
            }
        }
    }
}
