//! What others say: envelopes into logs, logs into send groups, signed objects into their places.
//!
//! An envelope goes through three gates, each with its own way to fail: its own check (`envelope`), its place in the log
//! (`log`), and opening (`group` and the roster rule, PROTOCOL §3). A log that cannot be opened yet waits; it blocks
//! nothing else.

use std::collections::BTreeSet;

use group::{OpenError, Staged};
use model::{Instant, LogId, MemberId, PeerId};
use zeroize::Zeroizing;

use super::{Carrier, Cell, Presence, records};
use crate::config::{CARRIER_KEYS, ORDER_LEAP, SECRET_PATIENCE};
use crate::content::unpad;
use crate::envelope::{CommitPayload, Envelope, EnvelopeIn, Kind};
use crate::event::WarningKind;
use crate::log::Place as LogPlace;
use crate::membership::{Action, Standing};
use crate::node::Now;
use crate::objects::{Ack, PeerCard};
use crate::out::Out;
use crate::wire::{Malformed, decode};

/// What became of the next envelope of a log.
enum Opened {
    /// Opened, or there is nothing in it for us.
    Done,
    /// It cannot be opened before something else arrives.
    Blocked,
}

impl Cell {
    /// Takes an envelope from a member or a bundle. Says whether it was new.
    pub(super) fn take_envelope(
        &mut self,
        from: Option<PeerId>,
        bytes: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<bool, Malformed> {
        let received = EnvelopeIn::decode(bytes)?;
        if received
            .claimed_place()
            .is_some_and(|(log, seq)| self.holds(&log, seq, &received))
        {
            return Ok(false);
        }
        let envelope = received.check(&self.id)?;
        let id = envelope.log();
        if id == self.log {
            return Ok(self.on_own_envelope(&envelope, now, out));
        }
        let Some(log) = self.log_mut(id, out) else {
            // Its author is nobody we know of: the membership comes first.
            self.want_pull(from);
            return Ok(false);
        };
        match log.place(&envelope) {
            LogPlace::Known | LogPlace::Refused => Ok(false),
            LogPlace::Full => {
                self.pause(id, out);
                Ok(false)
            }
            LogPlace::Early => {
                let end = envelope.header().seq + 1;
                log.park(envelope);
                self.note_gap(id, end, now);
                self.want_pull(from);
                Ok(false)
            }
            LogPlace::Fork(ours) => {
                if let Some(ours) = ours {
                    self.on_equivocation(&ours, &envelope, now, out);
                } else {
                    self.tell_frontier(from);
                }
                Ok(false)
            }
            LogPlace::Next => {
                // What order is right depends on what we hold. Whoever passes it on may hold less, and is not to blame.
                if self.append_others(envelope, now, out).is_err() {
                    tracing::warn!("an author put an envelope out of order; their log waits");
                    return Ok(false);
                }
                self.unpark(id, now, out);
                self.open_log(id, now, out);
                self.trim(id, out);
                Ok(true)
            }
        }
    }

    fn holds(&self, log: &LogId, seq: u64, received: &EnvelopeIn) -> bool {
        let held = self.logs.get(log).and_then(|log| log.get(seq));
        held.is_some_and(|held| held.id() == received.id())
    }

    pub(super) fn unpark(&mut self, id: LogId, now: Now, out: &mut Out) {
        while let Some(envelope) = self.logs.get_mut(&id).and_then(|log| log.unpark()) {
            let next = self
                .logs
                .get(&id)
                .is_some_and(|log| matches!(log.place(&envelope), LogPlace::Next));
            if !next || self.append_others(envelope, now, out).is_err() {
                return;
            }
        }
    }

    pub(super) fn append_others(
        &mut self,
        envelope: Envelope,
        now: Now,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        self.check_order(&envelope)?;
        let (id, seq) = (envelope.log(), envelope.header().seq);
        out.changes.put(
            records::envelope_key(self.id, &id, seq),
            envelope.to_bytes(),
        );
        self.note_seen(&envelope, now, out);
        let knew_more = self
            .logs
            .get(&id)
            .and_then(|log| log.knew_more(envelope.header()).cloned());
        if let Some(earlier) = knew_more {
            self.on_equivocation(&earlier, &envelope, now, out);
        }
        if let Some(log) = self.logs.get_mut(&id) {
            log.note_named(envelope.header(), |tag| self.tags.contains_key(tag));
            log.append(envelope);
            out.changes
                .put(records::log_key(self.id, &id), log.position().to_bytes());
        }
        self.close_gap(&id);
        self.speech.changed.insert(id);
        self.schedule_frontier(now);
        self.schedule_ack(now);
        Ok(())
    }

    /// The order is one more than that of everything the envelope stands on. Where we do not hold all of that, it may
    /// not leap.
    fn check_order(&self, envelope: &Envelope) -> Result<(), Malformed> {
        let header = envelope.header();
        let mut least = self
            .logs
            .get(&envelope.log())
            .map_or(0, |log| log.position().order);
        let mut complete = true;
        for entry in &header.seen {
            let log = self.tags.get(&entry.tag).and_then(|log| self.logs.get(log));
            match log.and_then(|log| log.order_at(entry)) {
                Some(order) => least = least.max(order),
                None => complete = false,
            }
        }
        let newest = self
            .logs
            .values()
            .map(|log| log.position().order)
            .max()
            .unwrap_or(0);
        let good = if complete {
            header.order == least + 1
        } else {
            header.order > least
        };
        let unchecked = mutant!(AnyOrder, SkipGap);
        if good && header.order <= newest.saturating_add(ORDER_LEAP) || unchecked {
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// A current member shows which other logs it holds: that is what a removed author's log may still grow to.
    fn note_seen(&mut self, envelope: &Envelope, now: Now, out: &mut Out) {
        if !self.is_member(&envelope.log().member) {
            return;
        }
        for entry in &envelope.header().seen {
            let Some(id) = self.tags.get(&entry.tag).copied() else {
                continue;
            };
            let id = &id;
            self.note_gap(*id, entry.next, now);
            let Some(log) = self.logs.get_mut(id) else {
                continue;
            };
            if !log.note_shown(entry.next) {
                continue;
            }
            if !log.is_open() && entry.next > log.position().limit {
                log.close_at(entry.next);
                self.pull.want(self.sessions.keys().copied());
            }
            out.changes
                .put(records::log_key(self.id, id), log.position().to_bytes());
        }
    }

    /// Opens what can be opened, in every log. After membership, secrets or confirmations arrived.
    pub(super) fn open_all(&mut self, now: Now, out: &mut Out) {
        let logs: Vec<LogId> = self.logs.keys().copied().collect();
        loop {
            // A secret that one log brings may be what another waits for.
            let mut merged = false;
            for log in &logs {
                merged |= self.open_one(*log, now, out);
            }
            if !merged {
                return;
            }
        }
    }

    pub(super) fn open_log(&mut self, id: LogId, now: Now, out: &mut Out) {
        if self.open_one(id, now, out) {
            self.open_all(now, out);
        }
    }

    /// Opens what can be opened in one log. Says whether that brought a secret.
    fn open_one(&mut self, id: LogId, now: Now, out: &mut Out) -> bool {
        if id == self.log {
            return false;
        }
        let mut merged = false;
        while let Some(envelope) = self.logs.get(&id).and_then(|log| log.unopened()).cloned() {
            match self.open_envelope(&envelope, &mut merged, now, out) {
                Opened::Blocked => break,
                Opened::Done => {
                    self.stuck.remove(&id);
                    if let Some(log) = self.logs.get_mut(&id) {
                        log.set_opened(envelope.header().seq + 1);
                        out.changes
                            .put(records::log_key(self.id, &id), log.position().to_bytes());
                    }
                }
            }
        }
        merged
    }

    fn open_envelope(
        &mut self,
        envelope: &Envelope,
        merged: &mut bool,
        now: Now,
        out: &mut Out,
    ) -> Opened {
        let id = envelope.log();
        let header = envelope.header();
        let Some(state) = self.membership.state_at(&header.heads()) else {
            self.pull.want(self.sessions.keys().copied());
            return Opened::Blocked;
        };
        if id.member == self.me {
            return Opened::Done;
        }
        let author = self.known.members.get(&id.member);
        if author.is_some_and(|info| info.pending == Some(id.incarnation)) {
            return Opened::Blocked;
        }
        let in_its_eyes = state.members.get(&id.member);
        if !in_its_eyes.is_some_and(|info| info.standing == Standing::Member) {
            return Opened::Done;
        }
        match header.kind {
            Kind::Application => self.open_application(envelope, now, out),
            Kind::Commit => {
                let allowed = |leaf: &LogId| {
                    let member = state.members.get(&leaf.member);
                    member.is_some_and(|info| {
                        info.standing == Standing::Member
                            && info.incarnations().any(|life| life == leaf.incarnation)
                    })
                };
                self.open_commit(envelope, &allowed, merged, now, out)
            }
        }
    }

    fn open_commit(
        &mut self,
        envelope: &Envelope,
        allowed: &dyn Fn(&LogId) -> bool,
        merged: &mut bool,
        now: Now,
        out: &mut Out,
    ) -> Opened {
        let id = envelope.log();
        let Ok(payload) = decode::<CommitPayload>(envelope.payload()) else {
            return self.refuse_log(id, now, out);
        };
        if self.groups.follows(&id) {
            return match self.groups.stage(
                &id,
                payload.commit.as_slice(),
                &envelope.associated_data(),
            ) {
                Ok(staged) => self.merge_commit(id, staged, allowed, merged, now, out),
                Err(OpenError::MissingPsk(_)) => self.wait_for_secret(id, now, out),
                Err(_) => self.refuse_log(id, now, out),
            };
        }
        if payload.welcome.as_slice().is_empty() {
            return Opened::Done;
        }
        // Whether the welcome is for us shows only by trying.
        if let Ok(roster) = self.groups.join(id, payload.welcome.as_slice()) {
            if !roster.iter().all(allowed) {
                out.warn(self.id, WarningKind::UnexpectedReader);
                return self.refuse_log(id, now, out);
            }
            self.find_track(&id, out);
            *merged = true;
            self.speech.stale = true;
        }
        Opened::Done
    }

    /// Another log may still bring the secret. If it does not, there is nothing to be had here but a new welcome.
    fn wait_for_secret(&mut self, id: LogId, now: Now, out: &mut Out) -> Opened {
        let since = *self.stuck.entry(id).or_insert(now.instant);
        if now.instant.since(since) < SECRET_PATIENCE {
            Opened::Blocked
        } else {
            self.refuse_log(id, now, out)
        }
    }

    pub(super) fn tick_stuck(&mut self, now: Now, out: &mut Out) {
        if self.stuck_due().is_some_and(|at| now.instant >= at) {
            self.open_all(now, out);
            // What is still there waits for something else by now, and will ask again.
            self.stuck
                .retain(|_, since| now.instant.since(*since) < SECRET_PATIENCE);
        }
    }

    pub(super) fn stuck_due(&self) -> Option<Instant> {
        self.stuck
            .values()
            .min()
            .map(|since| *since + SECRET_PATIENCE)
    }

    /// The roster rule (PROTOCOL §3): nobody may be in the group who is not a member by the heads that the envelope
    /// names.
    fn merge_commit(
        &mut self,
        id: LogId,
        staged: Staged,
        allowed: &dyn Fn(&LogId) -> bool,
        merged: &mut bool,
        now: Now,
        out: &mut Out,
    ) -> Opened {
        if !mutant!(NoRosterRule) && !staged.roster_after().iter().all(allowed) {
            out.warn(self.id, WarningKind::UnexpectedReader);
            return self.refuse_log(id, now, out);
        }
        if staged.removes_us() {
            self.groups.forget(&id);
            return Opened::Done;
        }
        let path = staged.has_path();
        if self.groups.merge(staged).is_err() {
            return self.refuse_log(id, now, out);
        }
        if path {
            *merged = true;
            self.speech.stale = true;
        }
        Opened::Done
    }

    /// Closes a send group for us and asks its owner to add us again.
    fn refuse_log(&mut self, id: LogId, now: Now, out: &mut Out) -> Opened {
        tracing::warn!(
            "a send group was closed for us: its owner broke a rule or we lost its state"
        );
        self.lose_track(id, now, out);
        Opened::Done
    }

    fn open_application(&mut self, envelope: &Envelope, now: Now, out: &mut Out) -> Opened {
        let id = envelope.log();
        if !self.groups.follows(&id) {
            return Opened::Done;
        }
        let opened = self
            .groups
            .open(&id, envelope.payload(), &envelope.associated_data());
        let Ok(plaintext) = opened else {
            return self.refuse_log(id, now, out);
        };
        // Content that we cannot read is of a later version, or its author's mistake. It is skipped: the group's state
        // has moved on and stays.
        if let Ok(content) = unpad(&Zeroizing::new(plaintext.to_vec())) {
            self.take_content(envelope, content, now, out);
        }
        Opened::Done
    }

    /// Keeps a carrier key. The oldest names go first when there are too many; a bundle under one of them is then
    /// foreign.
    pub(super) fn keep_carrier(&mut self, carrier: Carrier, out: &mut Out) {
        let id = carrier.key.id();
        if self.carriers.contains_key(&id) {
            return;
        }
        if self.carriers.len() >= CARRIER_KEYS {
            let usable = self.newest_carrier();
            let oldest = self
                .carriers
                .keys()
                .copied()
                .find(|known| Some(*known) != usable);
            if let Some(oldest) = oldest {
                self.carriers.remove(&oldest);
                out.changes.delete(records::carrier_key(self.id, &oldest));
            }
        }
        out.changes.put(
            records::carrier_key(self.id, &id),
            records::carrier_record(&carrier),
        );
        self.carriers.insert(id, carrier);
    }

    /// Interns the set of members who could open an envelope: the roster and the owner.
    pub(super) fn audience_of(
        &mut self,
        roster: &BTreeSet<LogId>,
        owner: MemberId,
        out: &mut Out,
    ) -> u32 {
        let members: BTreeSet<MemberId> = roster
            .iter()
            .map(|leaf| leaf.member)
            .chain([owner])
            .collect();
        let known = self
            .audiences
            .iter()
            .rposition(|audience| *audience == members);
        let index = known.unwrap_or_else(|| {
            let index = self.audiences.len();
            out.changes.put(
                records::audience_key(self.id, index),
                records::audience_record(&members),
            );
            self.audiences.push(members);
            index
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// Two signed envelopes in one place: proven, told to everybody, and the author is out of every send group.
    fn on_equivocation(&mut self, ours: &Envelope, theirs: &Envelope, now: Now, out: &mut Out) {
        let culprit = ours.log().member;
        if self.presence != Presence::In || !self.is_member(&culprit) || mutant!(EvidenceUnused) {
            return;
        }
        let action = Action::Evidence {
            first: ours.signed_header(),
            second: theirs.signed_header(),
        };
        self.make_operation(action, now, out);
        out.warn(self.id, WarningKind::Equivocation);
    }

    /// Takes a peer card. The newest of each member wins.
    pub(super) fn take_card(
        &mut self,
        from: Option<PeerId>,
        bytes: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        if self.cards.values().any(|card| card.as_bytes() == bytes) {
            return Ok(());
        }
        let card = PeerCard::check(&self.id, bytes)?;
        let newer = self
            .cards
            .get(&card.member)
            .is_none_or(|known| known.version < card.version || mutant!(StaleCard));
        let claimed = self
            .cards
            .values()
            .any(|known| known.peer == card.peer && known.member != card.member);
        if card.member == self.me
            || !newer
            || claimed
            || !self.known.members.contains_key(&card.member)
        {
            return Ok(());
        }
        out.changes
            .put(records::card_key(self.id, &card.member), bytes.to_vec());
        let member = card.member;
        self.cards.insert(member, card);
        self.forward_objects(from);
        self.renew_dial(member, now);
        self.allow(out);
        Ok(())
    }

    /// Takes an ack. The newest of each member wins.
    pub(super) fn take_ack(
        &mut self,
        from: Option<PeerId>,
        bytes: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        if self.acks.values().any(|ack| ack.as_bytes() == bytes) {
            return Ok(());
        }
        let ack = Ack::check(&self.id, bytes)?;
        let member = ack.log.member;
        let newer = self
            .acks
            .get(&member)
            .is_none_or(|known| known.version < ack.version);
        if member == self.me || !newer || !self.is_member(&member) || self.is_false_claim(&ack) {
            return Ok(());
        }
        out.changes
            .put(records::ack_key(self.id, &member), bytes.to_vec());
        let reaches = ack.entries.clone();
        let before: Vec<u64> = reaches
            .iter()
            .map(|(tag, _)| self.known_next(&member, tag))
            .collect();
        self.acks.insert(member, ack);
        for ((tag, next), before) in reaches.into_iter().zip(before) {
            self.note_reach(member, tag, before, next, now, out);
        }
        self.forward_objects(from);
        Ok(())
    }
}
