//! Our own log: reconcile the roster, then say what waits (PROTOCOL §3).
//!
//! Order of one turn: removals (a path commit), or a path commit if one is due; additions; injections; then the texts.
//! Each stands in its own envelope, and all of them are in one persist.

use std::collections::{BTreeMap, BTreeSet};

use group::{Groups, KeyPackage, OwnGroupError, reconcile};
use model::{Instant, LogId, MemberId, MessageId, MessageText};

use super::{Cell, OwnHead, Presence, Rewelcome, records};
use crate::command::ErrorKind;
use crate::config::{
    HEAL_INTERVAL, HEAL_MESSAGES, REWELCOME_INTERVAL, SEEN_PER_ENVELOPE, SENT_AT_UNIT,
    SILENT_RECONCILE, WAITING_PER_CELL, WHISPERS_WAITING,
};
use crate::content::{Content, message_id, pad};
use crate::envelope::{CommitPayload, Draft, Kind};
use crate::membership::Standing;
use crate::messages::{Place, Written};
use crate::node::Now;
use crate::out::{Out, Whisper};
use crate::wire::{SecretBytes, encode};

impl Cell {
    /// Takes a text from the person. It is durable with this input's persist, and becomes an envelope at once if
    /// somebody is there to take it.
    pub(crate) fn write(
        &mut self,
        text: &MessageText,
        reply_to: Option<MessageId>,
        now: Now,
        out: &mut Out,
    ) -> Result<MessageId, ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        if reply_to.is_some_and(|message| !self.messages.contains(&message)) {
            return Err(ErrorKind::NoSuchMessage);
        }
        let none = SecretBytes::from(Vec::new());
        self.write_text(text, reply_to, none, now, out)
    }

    /// With `proof` it is the text of a post.
    pub(super) fn write_text(
        &mut self,
        text: &MessageText,
        reply_to: Option<MessageId>,
        proof: SecretBytes,
        now: Now,
        out: &mut Out,
    ) -> Result<MessageId, ErrorKind> {
        if self.waiting() >= WAITING_PER_CELL {
            return Err(ErrorKind::TooMany);
        }
        let nonce = self.rng.array();
        let message = message_id(&self.id, &self.me, &nonce);
        let written_at = now.timestamp.rounded_down(SENT_AT_UNIT).as_millis();
        let written = Written {
            message,
            author: self.me,
            nonce,
            written_at,
            ends_at: self.end_of_ours(written_at),
            text: text.expose().as_bytes().into(),
            reply_to: reply_to.map(|message| *message.as_bytes()),
            attachment: None,
            proof,
        };
        let mut writes = Vec::new();
        self.messages.wait(written, &mut writes);
        self.store_writes(writes, out);
        self.speak_if_heard(now, out);
        Ok(message)
    }

    /// Everything of ours that waits to become an envelope.
    pub(super) fn waiting(&self) -> usize {
        self.messages.waiting() + self.calls.waiting() + self.speech.whispers.len()
    }

    /// Takes something that is for the publishers of a channel. It waits in memory only: whoever says it says it again.
    pub(crate) fn whisper(&mut self, whisper: Whisper, now: Now, out: &mut Out) {
        if self.presence != Presence::In {
            return;
        }
        self.speech.whispers.push_back(Content::Whisper {
            channel: whisper.channel,
            said: whisper.said,
        });
        while self.speech.whispers.len() > WHISPERS_WAITING {
            self.speech.whispers.pop_front();
        }
        self.speak_if_heard(now, out);
    }

    fn say_whispers(&mut self, now: Now, out: &mut Out) {
        while let Some(content) = self.speech.whispers.pop_front() {
            if self.say_in_turn(&content, now, out).is_none() {
                tracing::error!("something for publishers could not be sealed and waits");
                self.speech.whispers.push_front(content);
                return;
            }
        }
    }

    /// Who we are, while we are in the cell.
    pub(crate) fn present(&self) -> Result<MemberId, ErrorKind> {
        (self.presence == Presence::In)
            .then_some(self.me)
            .ok_or(ErrorKind::NotAMember)
    }

    /// Renews the keys of our own send group, at once if somebody hears it.
    pub(crate) fn heal(&mut self, now: Now, out: &mut Out) -> Result<(), ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        self.speech.heal = true;
        self.speak_if_heard(now, out);
        Ok(())
    }

    /// Says what waits if our head is confirmed and a member is connected, or if there is nobody else in the cell. Whoever
    /// is alone after a start waits too: a disk that was put back may have forgotten who came in since.
    pub(super) fn speak_if_heard(&mut self, now: Now, out: &mut Out) {
        let alone = self.others().next().is_none();
        if self.presence == Presence::In
            && self.speech.head == OwnHead::Confirmed
            && (alone || !self.sessions.is_empty())
            && (self.waiting() > 0 || self.speech.heal)
        {
            self.speak(now, out);
        }
    }

    /// Seals what waits before the first newcomer comes in, who is to read nothing from before. Until then nobody was there
    /// who could have confirmed our head, and nobody whom we know could hold another.
    pub(super) fn speak_before_company(&mut self, now: Now, out: &mut Out) {
        if self.others().next().is_none() && !mutant!(WelcomeBeforeWaiting) {
            self.speech.head = OwnHead::Confirmed;
            self.speak_if_heard(now, out);
        }
    }

    /// One turn. The caller has made sure that our head is confirmed.
    pub(super) fn speak(&mut self, now: Now, out: &mut Out) {
        self.renew_carrier(now, out);
        let mut path = self.speech.fresh
            || std::mem::take(&mut self.speech.heal)
            || self.speech.messages_since_path >= HEAL_MESSAGES
            || now.instant.since(self.speech.path_at) >= HEAL_INTERVAL;
        let desired = if self.speech.stale {
            self.desired(now)
        } else {
            BTreeMap::new()
        };
        if self.speech.stale {
            path = !self.remove_leaves(&desired, now, out) && path;
        }
        if path && self.say_commit(now, out, |groups, aad| groups.heal(aad)) {
            self.note_path(now);
        }
        if self.speech.stale {
            self.add_leaves(&desired, now, out);
            self.inject(now, out);
            self.speech.stale = false;
        }
        self.timers.reconcile = None;
        self.say_carriers(now, out);
        // First, so that nothing keeps a call-off or a check-in waiting.
        self.say_calls(now, out);
        self.say_whispers(now, out);
        while let Some(mut written) = self.messages.take_waiting() {
            // What holds now, which the envelope says too.
            written.ends_at = self.end_of_ours(written.written_at);
            if !self.say_text(&written, now, out) {
                let mut writes = Vec::new();
                self.messages.wait(written, &mut writes);
                tracing::error!("a text could not be sealed and waits");
                self.store_writes(writes, out);
                return;
            }
        }
        self.say_marks(now, out);
    }

    /// Whom our group should hold: current members in a confirmed life, but nobody we voted against. A member whose
    /// key package is unusable is left out, which the audience shows.
    fn desired(&mut self, now: Now) -> BTreeMap<LogId, KeyPackage> {
        let state = self.known.clone();
        let mut desired = BTreeMap::new();
        for (member, info) in &state.members {
            let in_cell = info.standing == Standing::Member && *member != self.me;
            let (Some(incarnation), true) = (
                info.incarnation,
                in_cell && !info.votes_against.contains(&self.me),
            ) else {
                continue;
            };
            let log = LogId {
                member: *member,
                incarnation,
            };
            let parse = || {
                KeyPackage::parse(state.suite, &info.key_package)
                    .ok()
                    .filter(|package| package.log() == log)
            };
            if let Some(package) = self.speech.packages.entry(log).or_insert_with(parse) {
                desired.insert(log, package.clone());
            }
        }
        self.speech.rewelcome.retain(|_, state| match state {
            Rewelcome::Asked => true,
            Rewelcome::Done(at) => now.instant.since(*at) < REWELCOME_INTERVAL,
        });
        desired
    }

    /// Removes who should not be there, and who asked to be added again. Says whether there was anybody.
    fn remove_leaves(
        &mut self,
        desired: &BTreeMap<LogId, KeyPackage>,
        now: Now,
        out: &mut Out,
    ) -> bool {
        let current = self.groups.own_roster();
        let mut removals = reconcile(&desired.keys().copied().collect(), &current).removals;
        let again = |leaf: &&LogId| {
            matches!(
                self.speech.rewelcome.get(&leaf.member),
                Some(Rewelcome::Asked)
            )
        };
        if mutant!(KeepInRoster) {
            removals.clear();
        }
        removals.extend(current.iter().filter(again));
        for state in self.speech.rewelcome.values_mut() {
            *state = match state {
                Rewelcome::Asked => Rewelcome::Done(now.instant),
                Rewelcome::Done(at) => Rewelcome::Done(*at),
            };
        }
        if removals.is_empty()
            || !self.say_commit(now, out, |groups, aad| groups.remove(&removals, aad))
        {
            return false;
        }
        self.note_path(now);
        true
    }

    fn add_leaves(&mut self, desired: &BTreeMap<LogId, KeyPackage>, now: Now, out: &mut Out) {
        let plan = reconcile(
            &desired.keys().copied().collect(),
            &self.groups.own_roster(),
        );
        let packages: BTreeMap<LogId, KeyPackage> = plan
            .additions
            .iter()
            .filter_map(|log| Some((*log, desired.get(log)?.clone())))
            .collect();
        if !packages.is_empty() {
            self.say_commit(now, out, |groups, aad| groups.add(&packages, aad));
        }
    }

    /// Injects what other members' path commits brought (PROTOCOL §3, Healing).
    fn inject(&mut self, now: Now, out: &mut Out) {
        let members: BTreeSet<MemberId> = self.others().collect();
        let secrets = self.groups.injectable(&|log| members.contains(&log.member));
        if !secrets.is_empty() && !mutant!(SkipInjection) {
            self.say_commit(now, out, |groups, aad| groups.inject(&secrets, aad));
        }
    }

    fn note_path(&mut self, now: Now) {
        self.speech.fresh = false;
        self.speech.messages_since_path = 0;
        self.speech.path_at = now.instant;
    }

    fn say_commit(
        &mut self,
        now: Now,
        out: &mut Out,
        make: impl FnOnce(&mut Groups, &[u8]) -> Result<group::Commit, OwnGroupError>,
    ) -> bool {
        let said = self.say(Kind::Commit, now, out, |groups, aad| {
            let commit = make(groups, aad)?;
            let welcome = commit.welcome.unwrap_or_default();
            Ok(encode(&CommitPayload {
                commit: commit.commit.into(),
                welcome: welcome.into(),
            }))
        });
        said.is_some()
    }

    /// Seals content. Gives the order and seq of its envelope.
    pub(super) fn say_content(
        &mut self,
        content: &Content,
        now: Now,
        out: &mut Out,
    ) -> Option<(u64, u64)> {
        let padded = pad(content);
        self.say(Kind::Application, now, out, |groups, aad| {
            groups.seal(&padded, aad)
        })
    }

    /// Says one of the things that wait, and where it stands.
    pub(super) fn say_in_turn(
        &mut self,
        content: &Content,
        now: Now,
        out: &mut Out,
    ) -> Option<Place> {
        let (order, seq) = self.say_content(content, now, out)?;
        self.speech.messages_since_path += 1;
        Some(Place::Sealed {
            order,
            log: self.log,
            seq,
        })
    }

    fn say_text(&mut self, written: &Written, now: Now, out: &mut Out) -> bool {
        let (nonce, written_at) = (written.nonce, written.written_at);
        let (text, reply_to) = (written.text.clone(), written.reply_to);
        let content = match &written.attachment {
            None if !written.proof.as_slice().is_empty() => Content::Forward {
                nonce,
                written_at,
                about: None,
                proof: written.proof.clone(),
            },
            None => Content::Text {
                nonce,
                written_at,
                text,
                reply_to,
            },
            Some(attachment) => Content::Attachment {
                nonce,
                written_at,
                text,
                reply_to,
                attachment: attachment.into(),
            },
        };
        let Some((order, seq)) = self.say_content(&content, now, out) else {
            return false;
        };
        self.speech.messages_since_path += 1;
        let roster = self.groups.own_roster();
        let audience = self.audience_of(&roster, self.me, out);
        let place = Place::Sealed {
            order: order - u64::from(mutant!(OwnFirst)),
            log: self.log,
            seq,
        };
        let mut writes = Vec::new();
        self.messages.place(written, place, audience, &mut writes);
        self.store_writes(writes, out);
        true
    }

    /// Appends one envelope to our own log, stores it and pushes it. Gives its order and seq.
    fn say(
        &mut self,
        kind: Kind,
        now: Now,
        out: &mut Out,
        make: impl FnOnce(&mut Groups, &[u8]) -> Result<Vec<u8>, OwnGroupError>,
    ) -> Option<(u64, u64)> {
        let draft = self.draft(kind, now)?;
        let payload = match make(&mut self.groups, &draft.associated_data()) {
            Ok(payload) => payload,
            Err(error) => {
                tracing::error!(%error, "our own send group refused");
                return None;
            }
        };
        for entry in &draft.seen {
            if let Some(log) = self.tags.get(&entry.tag) {
                self.speech.changed.remove(log);
            }
        }
        let envelope = draft.sign(payload, &self.identity);
        let log = self.logs.get_mut(&self.log)?;
        log.note_named(envelope.header(), |tag| self.tags.contains_key(tag));
        log.append(envelope.clone());
        log.set_opened(draft.seq + 1);
        if !mutant!(SkipPersist) {
            out.changes.put(
                records::log_key(self.id, &self.log),
                log.position().to_bytes(),
            );
            out.changes.put(
                records::envelope_key(self.id, &self.log, draft.seq),
                envelope.to_bytes(),
            );
        }
        self.push_envelope(&envelope);
        self.trim(self.log, out);
        self.schedule_ack(now);
        Some((draft.order, draft.seq))
    }

    fn draft(&self, kind: Kind, now: Now) -> Option<Draft> {
        let own = self.logs.get(&self.log)?.position();
        let grown = self
            .speech
            .changed
            .iter()
            .filter_map(|log| self.logs.get(log));
        let own_log = self.logs.get(&self.log);
        let named =
            |log: &&crate::log::Log| own_log.is_some_and(|own| own.may_name(&log.frontier()));
        let grown: Vec<_> = grown
            .filter(|log| log.position().next > 0)
            .filter(named)
            .take(SEEN_PER_ENVELOPE)
            .collect();
        let order = grown
            .iter()
            .map(|log| log.position().order)
            .fold(own.order, u64::max)
            + 1;
        Some(Draft {
            cell: self.id,
            log: self.log,
            seq: own.next,
            previous: own.head,
            order,
            seen: grown.iter().map(|log| log.frontier()).collect(),
            heads: self.membership.named_heads(&self.me),
            kind,
            sent_at: now.timestamp.rounded_down(SENT_AT_UNIT),
            lifetime_s: self.lifetime_s(),
        })
    }

    /// Commits a pending removal although we have nothing to say, renews keys after a day online, and gives up waiting
    /// for somebody who says they have more of our log than we do.
    pub(super) fn tick_speech(&mut self, now: Now, out: &mut Out) {
        if let OwnHead::Doubted(until) = self.speech.head
            && now.instant >= until
            && self.presence == Presence::In
        {
            self.settle_doubt(now, out);
        }
        if self.speech_due().is_some_and(|at| now.instant >= at) {
            self.speak(now, out);
        }
    }

    pub(super) fn speech_due(&self) -> Option<Instant> {
        let heard = self.presence == Presence::In && !self.sessions.is_empty();
        match self.speech.head {
            OwnHead::Doubted(until) => (self.presence == Presence::In).then_some(until),
            OwnHead::Confirmed if heard => {
                let heal = self.speech.path_at + HEAL_INTERVAL;
                Some(self.timers.reconcile.map_or(heal, |at| at.min(heal)))
            }
            OwnHead::Unconfirmed | OwnHead::Confirmed => None,
        }
    }

    pub(super) fn schedule_reconcile(&mut self, now: Now) {
        let at = now.instant + SILENT_RECONCILE + self.jitter(SILENT_RECONCILE);
        self.timers.reconcile = Some(self.timers.reconcile.map_or(at, |due| due.min(at)));
    }
}
