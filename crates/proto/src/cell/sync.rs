//! Anti-entropy between members who meet (PROTOCOL §5).
//!
//! ```text
//!  alice                                  bob
//!    │ cards, acks, frontier               │     on connect, both ways
//!    │ ──────────────────────────────────► │
//!    │                  frontier, pull     │     bob lacks something: one member at a time is asked
//!    │ ◄────────────────────────────────── │
//!    │ operations, envelopes …, pull end   │     bounded; "more" lets bob pull again
//!    │ ──────────────────────────────────► │
//!    │ envelope                            │     new ones are pushed to whoever is level
//!    │ ──────────────────────────────────► │
//! ```
//! Pushes are for latency. Certainty comes from frontiers: on connect, shortly after something new, and every half
//! minute. Delivery never depends on a push arriving.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{Instant, LogId, MemberId, MessageId, OpId, PeerId};

use super::Cell;
use crate::config::{
    FIRSTS_PER_PULL, LOGS_PER_CELL, PULL_BYTES, PULL_ENVELOPES, PULL_REST, PULL_TIME,
    SESSIONS_PER_CELL, SYNC_INTERVAL,
};
use crate::envelope::{Envelope, LogTag, truncated};
use crate::event::Notice;
use crate::input::Link;
use crate::node::Now;
use crate::out::Out;
use crate::output::{DisconnectReason, Output};
use crate::wire::{Assembly, Frontier, FrontierEntry, Item, Malformed, Packer, unpack};

/// A connection to a member.
pub(super) struct Session {
    pub(super) member: MemberId,
    /// Since when.
    pub(super) since: Instant,
    /// How far they said they reach, once they have.
    pub(super) reach: Option<BTreeMap<LogTag, u64>>,
    /// How far they reach if all that we sent arrives.
    pub(super) sent: BTreeMap<LogTag, u64>,
    /// The last frontier we sent, so that none goes out twice without need.
    told: Option<Frontier>,
    pub(super) cards: BTreeMap<MemberId, u64>,
    pub(super) acks: BTreeMap<MemberId, u64>,
    assembly: Assembly,
    pub(super) packer: Packer,
    pub(super) transfer: u32,
    /// The last pull of the frame that is being read: however many a frame holds, one is answered.
    asked: Option<Frontier>,
    pub(super) closing: Option<DisconnectReason>,
}

impl Session {
    fn new(member: MemberId, now: Now) -> Self {
        Self {
            member,
            since: now.instant,
            reach: None,
            sent: BTreeMap::new(),
            told: None,
            cards: BTreeMap::new(),
            acks: BTreeMap::new(),
            assembly: Assembly::default(),
            packer: Packer::default(),
            transfer: 0,
            asked: None,
            closing: None,
        }
    }

    pub(super) fn send(&mut self, item: &Item) {
        self.packer.push(item, &mut self.transfer);
    }
}

/// Whom we ask for what we lack: one member at a time.
#[derive(Default)]
pub(super) struct Pull {
    queue: BTreeSet<PeerId>,
    state: PullState,
    /// Members whose last answer brought nothing are not asked again before this moment: two who claim more than they
    /// give cannot keep each other busy.
    rests: BTreeMap<PeerId, Rest>,
    /// Something was pulled since the person was last told that we are level.
    news: bool,
}

#[derive(Default)]
enum PullState {
    #[default]
    Idle,
    Waiting {
        peer: PeerId,
        until: Instant,
        new: u32,
    },
}

#[derive(Clone, Copy)]
struct Rest {
    until: Instant,
    length: Duration,
}

impl Pull {
    /// Asks these members when their turn comes.
    pub(super) fn want(&mut self, peers: impl IntoIterator<Item = PeerId>) {
        self.queue.extend(peers);
    }

    pub(super) fn due(&self) -> Option<Instant> {
        match self.state {
            PullState::Idle => self
                .queue
                .iter()
                .filter_map(|peer| Some(self.rests.get(peer)?.until))
                .min(),
            PullState::Waiting { until, .. } => Some(until),
        }
    }

    /// Takes the next member out of the queue who does not rest.
    fn next(&mut self, now: Now) -> Option<PeerId> {
        let rests = |peer: &PeerId| {
            self.rests
                .get(peer)
                .is_some_and(|rest| now.instant < rest.until)
        };
        let peer = self.queue.iter().find(|peer| !rests(peer)).copied()?;
        self.queue.remove(&peer);
        Some(peer)
    }

    fn note_answer(&mut self, peer: PeerId, new: u32, now: Now) {
        if new > 0 {
            self.rests.remove(&peer);
            return;
        }
        let length = self
            .rests
            .get(&peer)
            .map_or(PULL_REST, |rest| (rest.length * 2).min(SYNC_INTERVAL));
        self.rests.insert(
            peer,
            Rest {
                until: now.instant + length,
                length,
            },
        );
    }
}

impl Cell {
    /// A connection to a member is ready.
    pub(super) fn open_session(&mut self, peer: PeerId, member: MemberId, now: Now, out: &mut Out) {
        if self.sessions.contains_key(&peer) {
            return;
        }
        if self.sessions.len() >= SESSIONS_PER_CELL {
            out.push(Output::Disconnect(
                self.link(peer),
                DisconnectReason::TooMuch,
            ));
            return;
        }
        self.sessions.insert(peer, Session::new(member, now));
        self.tell_verdict(peer, &member, out);
        self.forward_objects(None);
        self.tell_frontier(Some(peer));
        self.pull.want([peer]);
        self.pull.news = true;
        self.settle_dial(member, now);
        self.ask_again(member, now);
        self.stir_fetches(peer, false);
        out.notice(Notice::MemberConnected(self.id, member));
    }

    pub(super) fn drop_session(&mut self, peer: PeerId, out: &mut Out) {
        self.pull.queue.remove(&peer);
        self.pull.rests.remove(&peer);
        self.stir_fetches(peer, true);
        if matches!(self.pull.state, PullState::Waiting { peer: asked, .. } if asked == peer) {
            self.pull.state = PullState::Idle;
        }
        if let Some(session) = self.sessions.remove(&peer) {
            out.notice(Notice::MemberDisconnected(self.id, session.member));
        }
    }

    /// Takes a frame from a member. What cannot be decoded, or breaks a rule, ends the connection.
    pub(super) fn take_frame(&mut self, link: Link, frame: &[u8], now: Now, out: &mut Out) {
        let taken = unpack(frame).and_then(|items| {
            items
                .into_iter()
                .try_for_each(|item| self.take_item(link.peer, item, now, out))
        });
        if taken.is_err()
            && let Some(session) = self.sessions.get_mut(&link.peer)
        {
            session.closing = Some(DisconnectReason::BadFrame);
        }
        let session = self.sessions.get_mut(&link.peer);
        if let Some(frontier) = session.and_then(|session| session.asked.take()) {
            self.answer_pull(link.peer, &frontier);
        }
        self.draw_consequences(now, out);
        self.speak_if_heard(now, out);
    }

    fn take_item(
        &mut self,
        peer: PeerId,
        item: Item,
        now: Now,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        let Some(session) = self.sessions.get_mut(&peer) else {
            return Ok(());
        };
        match item {
            Item::Fragment {
                transfer,
                index,
                count,
                bytes,
            } => {
                match session
                    .assembly
                    .push(transfer, index, count, bytes.as_slice())?
                {
                    Some(whole) => self.take_item(peer, whole, now, out),
                    None => Ok(()),
                }
            }
            Item::Frontier(frontier) => {
                let member = session.member;
                self.drop_verdict(&member, out);
                self.take_frontier(peer, frontier, now, out)
            }
            Item::Envelope(bytes) => {
                let new = self.take_envelope(Some(peer), bytes.as_slice(), now, out)?;
                self.note_pulled(peer, new, now);
                Ok(())
            }
            Item::Operation(bytes) => {
                let new = self.take_operation(Some(peer), bytes.as_slice(), now, out)?;
                self.note_pulled(peer, new, now);
                Ok(())
            }
            Item::Card(bytes) => self.take_card(Some(peer), bytes.as_slice(), now, out),
            Item::Ack(bytes) => self.take_ack(Some(peer), bytes.as_slice(), now, out),
            Item::PullEnd { more } => {
                self.on_pull_end(peer, more == 1, now, out);
                Ok(())
            }
            // Our acceptance once more: its sender has not heard yet that we have it.
            Item::Handshake(_) => Ok(()),
            Item::Rewelcome { incarnation } => {
                let member = session.member;
                self.on_rewelcome(member, incarnation, now);
                Ok(())
            }
            Item::Want { message, index } => {
                self.take_want(peer, MessageId::from_bytes(message), index);
                Ok(())
            }
            Item::Piece {
                message,
                index,
                bytes,
            } => {
                let message = MessageId::from_bytes(message);
                self.take_piece(peer, message, index, bytes.as_slice(), now, out)
            }
        }
    }

    /// Adds a pull to the queue, for the member from whom we learned that something is missing.
    pub(super) fn want_pull(&mut self, from: Option<PeerId>) {
        self.pull.want(from);
    }

    fn note_pulled(&mut self, from: PeerId, was_new: bool, now: Now) {
        if let PullState::Waiting { peer, until, new } = &mut self.pull.state
            && *peer == from
        {
            // Only what is new buys more time: nobody keeps the one place by repeating themselves.
            if was_new {
                *until = now.instant + PULL_TIME;
            }
            *new += u32::from(was_new);
            self.pull.news |= was_new;
        }
    }

    fn on_pull_end(&mut self, from: PeerId, more: bool, now: Now, out: &mut Out) {
        let PullState::Waiting { peer, new, .. } = self.pull.state else {
            return;
        };
        if peer != from {
            return;
        }
        self.pull.state = PullState::Idle;
        self.pull.note_answer(peer, new, now);
        if more {
            self.pull.queue.insert(peer);
        }
        self.pump_pull(now, out);
        if matches!(self.pull.state, PullState::Idle) && std::mem::take(&mut self.pull.news) {
            out.notice(Notice::CellSynced(self.id));
        }
    }

    /// Asks the next member, if nobody is being asked.
    pub(super) fn pump_pull(&mut self, now: Now, _out: &mut Out) {
        if let PullState::Waiting { peer, until, .. } = self.pull.state {
            if now.instant < until {
                return;
            }
            self.pull.state = PullState::Idle;
            self.pull.note_answer(peer, 0, now);
        }
        while let Some(peer) = self.pull.next(now) {
            let frontier = self.frontier(true);
            if let Some(session) = self.sessions.get_mut(&peer) {
                session.told = Some(Frontier {
                    pull: 0,
                    ..frontier.clone()
                });
                session.send(&Item::Frontier(frontier));
                self.pull.state = PullState::Waiting {
                    peer,
                    until: now.instant + PULL_TIME,
                    new: 0,
                };
                return;
            }
        }
    }

    fn frontier(&self, pull: bool) -> Frontier {
        Frontier {
            pull: u8::from(pull),
            entries: self
                .logs
                .values()
                .map(super::Log::frontier)
                .take(LOGS_PER_CELL)
                .collect(),
            heads: self
                .membership
                .heads()
                .iter()
                .map(|head| *head.as_bytes())
                .collect(),
        }
    }

    /// Tells one member, or all, how far we reach, unless they have been told just that.
    pub(super) fn tell_frontier(&mut self, to: Option<PeerId>) {
        let frontier = self.frontier(false);
        for (peer, session) in &mut self.sessions {
            let meant = to.is_none_or(|to| to == *peer);
            if meant && session.told.as_ref() != Some(&frontier) {
                session.send(&Item::Frontier(frontier.clone()));
                session.told = Some(frontier.clone());
            }
        }
    }

    fn take_frontier(
        &mut self,
        peer: PeerId,
        frontier: Frontier,
        now: Now,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        if frontier.entries.len() > LOGS_PER_CELL
            || frontier.heads.len() > LOGS_PER_CELL
            || frontier.pull > 1
        {
            return Err(Malformed);
        }
        let tags: BTreeSet<LogTag> = frontier.entries.iter().map(|entry| entry.tag).collect();
        if tags.len() != frontier.entries.len() {
            return Err(Malformed);
        }
        let Some(session) = self.sessions.get_mut(&peer) else {
            return Ok(());
        };
        let member = session.member;
        let known = |entry: &&FrontierEntry| self.tags.contains_key(&entry.tag);
        for entry in frontier.entries.iter().filter(known) {
            let sent = session.sent.entry(entry.tag).or_default();
            // A frontier that asks is what they have; one that tells may have crossed with what we sent.
            *sent = if frontier.pull == 1 {
                entry.next
            } else {
                (*sent).max(entry.next)
            };
        }
        let before: Vec<u64> = frontier
            .entries
            .iter()
            .map(|entry| self.known_next(&member, &entry.tag))
            .collect();
        let reach = frontier
            .entries
            .iter()
            .map(|entry| (entry.tag, entry.next))
            .collect();
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.reach = Some(reach);
        }
        for (entry, before) in frontier.entries.iter().zip(before) {
            self.note_reach(member, entry.tag, before, entry.next, now, out);
        }
        self.compare(peer, &frontier, now);
        self.confirm_own_head(peer, &frontier, now);
        if let (1, Some(session)) = (frontier.pull, self.sessions.get_mut(&peer)) {
            session.asked = Some(frontier);
        }
        self.prune(out);
        Ok(())
    }

    /// Finds what they have and we lack, and where the two of us hold different envelopes in one place.
    fn compare(&mut self, peer: PeerId, frontier: &Frontier, now: Now) {
        let unknown = frontier
            .heads
            .iter()
            .any(|head| !self.membership.knows(&OpId::from_bytes(*head)));
        let mut ahead = unknown;
        let mut behind = self
            .membership
            .heads()
            .iter()
            .any(|head| !frontier.heads.contains(head.as_bytes()));
        let member = self.sessions.get(&peer).map(|session| session.member);
        let mut forks = Vec::new();
        for entry in &frontier.entries {
            let Some(log) = self.tags.get(&entry.tag).and_then(|log| self.logs.get(log)) else {
                ahead |= entry.next > 0 && self.takes_tag(&entry.tag);
                continue;
            };
            let position = log.position();
            ahead |= entry.next.min(position.limit) > position.next;
            behind |= entry.next < position.next;
            if Some(log.id().member) == member && entry.next < position.next {
                // They lack what they signed themselves: they are shown that at once, before they sign it anew.
                forks.extend(log.last().map(Envelope::to_bytes));
            }
            let ours = entry.next.checked_sub(1).and_then(|seq| log.get(seq));
            forks.extend(
                ours.filter(|ours| truncated(ours.id().as_bytes()) != entry.head)
                    .map(Envelope::to_bytes),
            );
        }
        if ahead {
            self.pull.want([peer]);
        }
        if behind {
            // Once they hear how far we reach, they pull.
            self.schedule_frontier(now);
        }
        if let Some(session) = self.sessions.get_mut(&peer) {
            for bytes in forks {
                session.send(&Item::Envelope(bytes.into()));
            }
        }
    }

    /// Gives what they lack: membership, objects, then envelopes in the one order that is causal everywhere.
    fn answer_pull(&mut self, peer: PeerId, frontier: &Frontier) {
        let heads: Vec<OpId> = frontier
            .heads
            .iter()
            .map(|head| OpId::from_bytes(*head))
            .collect();
        let lacking = self.membership.after(&heads);
        let mut size = 0;
        let fits = |operation: &&&crate::membership::Operation| {
            size += operation.as_bytes().len();
            size <= PULL_BYTES
        };
        let operations: Vec<Item> = lacking
            .iter()
            .take_while(fits)
            .map(|operation| Item::Operation(operation.as_bytes().into()))
            .collect();
        // Envelopes stand on the membership: none before they have all of that.
        let (envelopes, more) = if operations.len() < lacking.len() {
            (Vec::new(), true)
        } else {
            self.missing(frontier)
        };
        let begun = self.first_kept(frontier);
        self.forward_objects(None);
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        for item in &operations {
            session.send(item);
        }
        for bytes in begun {
            session.send(&Item::Envelope(bytes.into()));
        }
        for (tag, next, bytes) in envelopes {
            session.send(&Item::Envelope(bytes.into()));
            session.sent.insert(tag, next);
        }
        session.send(&Item::PullEnd {
            more: u8::from(more),
        });
    }

    /// Of logs of which nothing is kept that would follow on what they have: where ours begin now. Whoever finds nobody
    /// who has what is between goes on from there.
    fn first_kept(&self, frontier: &Frontier) -> Vec<Vec<u8>> {
        let entries = frontier.entries.iter();
        let begun = entries.filter_map(|entry| {
            let log = self.logs.get(self.tags.get(&entry.tag)?)?;
            let pruned = entry.next < log.position().next && !log.serves(entry.next);
            log.first().filter(|_| pruned)
        });
        begun
            .map(Envelope::to_bytes)
            .take(FIRSTS_PER_PULL)
            .collect()
    }

    /// What somebody with this frontier lacks, bounded, with the reach they then have per log.
    fn missing(&self, frontier: &Frontier) -> (Vec<(LogTag, u64, Vec<u8>)>, bool) {
        let next = |tag: &LogTag| {
            frontier
                .entries
                .iter()
                .find(|entry| entry.tag == *tag)
                .map_or(0, |entry| entry.next)
        };
        let served = self
            .logs
            .values()
            .filter(|log| log.serves(next(&log.tag())));
        let mut lacking: Vec<(&LogTag, &Envelope)> = Vec::new();
        let tags: Vec<(LogTag, LogId)> = served.map(|log| (log.tag(), log.id())).collect();
        for (tag, id) in &tags {
            let Some(log) = self.logs.get(id) else {
                continue;
            };
            // No more of one log than one answer holds: a log is in order of `order`, so nothing before is skipped.
            lacking.extend(
                log.from(next(tag))
                    .take(PULL_ENVELOPES + 1)
                    .map(|envelope| (tag, envelope)),
            );
        }
        lacking.sort_by_key(|(_, envelope)| {
            (
                envelope.header().order,
                envelope.log(),
                envelope.header().seq,
            )
        });
        let (mut size, mut answer) = (0, Vec::new());
        let all = lacking.len();
        for (tag, envelope) in lacking {
            let bytes = envelope.to_bytes();
            size += bytes.len();
            if !answer.is_empty() && (size > PULL_BYTES || answer.len() >= PULL_ENVELOPES) {
                break;
            }
            answer.push((*tag, envelope.header().seq + 1, bytes));
        }
        let more = answer.len() < all;
        (answer, more)
    }
}

impl super::Log {
    /// The order of the envelope that a frontier entry names, if we know it.
    pub(super) fn order_at(&self, entry: &FrontierEntry) -> Option<u64> {
        let position = self.position();
        if entry.next == position.next {
            return (truncated(&position.head) == entry.head).then_some(position.order);
        }
        let envelope = self.get(entry.next.checked_sub(1)?)?;
        (truncated(envelope.id().as_bytes()) == entry.head).then(|| envelope.header().order)
    }
}
