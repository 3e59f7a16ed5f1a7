//! Who is in the cell: operations made and taken, and what follows from them (PROTOCOL §4).
//!
//! The membership record is the truth; `known` is the state of which the consequences have been drawn. They are drawn
//! once per input, however many operations it brought.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Incarnation, LogId, MemberId, OpId, PeerId};

use super::{Carrier, Cell, OwnHead, Presence, records};
use crate::carrier::CarrierKey;
use crate::command::ErrorKind;
use crate::content::Content;
use crate::event::{Answer, Notice, WarningKind};
use crate::membership::{Action, Inserted, OperationIn, Standing, State, confusable_pairs};
use crate::node::Now;
use crate::out::Out;
use crate::output::DisconnectReason;
use crate::wire::{Item, Malformed};

impl Cell {
    /// Makes a member full.
    pub(crate) fn vouch(
        &mut self,
        member: MemberId,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        self.known_member(member)?;
        self.membership.can_vouch(&self.me, &member)?;
        self.make_operation(Action::Vouch { member }, now, out);
        self.draw_consequences(now, out);
        Ok(())
    }

    /// Votes for a removal. Our own send group drops the target before anything else is said.
    pub(crate) fn vote(
        &mut self,
        member: MemberId,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        self.known_member(member)?;
        self.membership.can_vote(&self.me, &member)?;
        self.make_operation(Action::RemoveVote { member }, now, out);
        let (votes, needed) = self
            .membership
            .state()
            .members
            .get(&member)
            .map_or((0, 0), |info| {
                (
                    u8::try_from(info.votes_against.len()).unwrap_or(u8::MAX),
                    info.needed,
                )
            });
        self.draw_consequences(now, out);
        Ok(Answer::RemovalVoted { votes, needed })
    }

    /// Confirms that a member who came back with a new incarnation is who they were.
    pub(crate) fn confirm_restored(
        &mut self,
        member: MemberId,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        self.known_member(member)?;
        if member == self.me
            || !self
                .known
                .members
                .get(&self.me)
                .is_some_and(|info| info.full)
        {
            return Err(ErrorKind::NotAFullMember);
        }
        let pending = self
            .known
            .members
            .get(&member)
            .and_then(|info| info.pending);
        let incarnation = pending.ok_or(ErrorKind::InvalidParams)?;
        self.make_operation(
            Action::ConfirmReset {
                member,
                incarnation,
            },
            now,
            out,
        );
        self.draw_consequences(now, out);
        Ok(())
    }

    /// Leaves the cell. The others hear it from whomever we reach first.
    pub(crate) fn leave(&mut self, now: Now, out: &mut Out) -> Result<(), ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        out.changes.delete(records::draft_key(self.id));
        self.make_operation(Action::Leave, now, out);
        self.draw_consequences(now, out);
        Ok(())
    }

    /// Marks the safety number of a member as compared.
    pub(crate) fn verify(&mut self, member: MemberId, out: &mut Out) -> Result<(), ErrorKind> {
        if member == self.me || !self.known.members.contains_key(&member) {
            return Err(ErrorKind::NotAMember);
        }
        self.settings.verified.insert(member);
        self.store_settings(out);
        Ok(())
    }

    fn known_member(&self, member: MemberId) -> Result<(), ErrorKind> {
        let ours = self.presence == Presence::In;
        if ours && self.is_member(&member) {
            Ok(())
        } else {
            Err(ErrorKind::NotAMember)
        }
    }

    /// Signs an operation, stores it and tells everybody connected.
    pub(super) fn make_operation(&mut self, action: Action, _now: Now, out: &mut Out) {
        let operation = self
            .membership
            .make(&self.identity, self.log.incarnation, action);
        let (id, bytes) = (operation.id(), operation.as_bytes().to_vec());
        match self.membership.insert(operation) {
            Inserted::New(_) => self.store_and_forward(&id, bytes, None, out),
            Inserted::Known | Inserted::Parked | Inserted::Aside | Inserted::Refused(_) => {
                tracing::warn!("a membership operation of ours is not allowed and was dropped");
            }
        }
    }

    /// Takes an operation from a member or a bundle. Says whether it was new.
    pub(super) fn take_operation(
        &mut self,
        from: Option<PeerId>,
        bytes: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<bool, Malformed> {
        let operation = OperationIn::decode(bytes).map_err(|_| Malformed)?;
        let operation = operation.check(&self.id).map_err(|_| Malformed)?;
        if mutant!(IgnoreVote) && matches!(operation.action(), Action::RemoveVote { .. }) {
            return Ok(false);
        }
        match self.membership.insert(operation) {
            Inserted::New(ids) => {
                let ours = |id: &OpId| {
                    self.membership.get(id).is_some_and(|operation| {
                        operation.author() == self.me
                            && operation.incarnation() == self.log.incarnation
                    })
                };
                let set_back = ids.iter().any(ours);
                for id in ids {
                    let known = self.membership.get(&id);
                    let Some(bytes) = known.map(|known| known.as_bytes().to_vec()) else {
                        continue;
                    };
                    self.store_and_forward(&id, bytes, from, out);
                }
                if set_back {
                    // We signed it, and do not know it: this disk was put back.
                    self.reset(now, out);
                }
                return Ok(true);
            }
            Inserted::Parked => self.want_pull(from),
            Inserted::Known | Inserted::Aside | Inserted::Refused(_) => {}
        }
        Ok(false)
    }

    fn store_and_forward(
        &mut self,
        id: &OpId,
        bytes: Vec<u8>,
        from: Option<PeerId>,
        out: &mut Out,
    ) {
        let item = Item::Operation(bytes.as_slice().into());
        for (peer, session) in &mut self.sessions {
            if from != Some(*peer) {
                session.send(&item);
            }
        }
        out.changes.put(records::operation_key(self.id, id), bytes);
    }

    /// Compares the membership with what we last drew consequences from, and draws them.
    pub(super) fn draw_consequences(&mut self, now: Now, out: &mut Out) {
        if self.presence == Presence::In && self.membership.should_anchor(&self.me) {
            // Before anything follows from it: what a forked life did counts again once we have it in our past.
            self.make_operation(Action::Seen, now, out);
        }
        let state = self.membership.state();
        if Arc::ptr_eq(&state, &self.known) || self.presence == Presence::Removed {
            return;
        }
        let before = std::mem::replace(&mut self.known, state.clone());
        self.speech.stale = true;
        self.speech.presumptions = true;
        let (mut gone, mut back) = (Vec::new(), Vec::new());
        let mut restored = false;
        for (member, info) in &state.members {
            let was = before.members.get(member);
            let was_member = was.is_some_and(|was| was.standing == Standing::Member);
            let is_member = info.standing == Standing::Member;
            match (was_member, is_member) {
                (false, true) if *member != self.me => {
                    out.notice(Notice::MemberJoined(self.id, *member));
                    // Perhaps again: a removal that lost its votes before anybody recorded it.
                    back.push(*member);
                }
                (true, false) => gone.push(*member),
                (true | false, true | false) => {}
            }
            let forked = was.is_some_and(|was| was.incarnation.is_some())
                && info.incarnation.is_none()
                && info.pending.is_none();
            if is_member && forked {
                out.warn(self.id, WarningKind::Equivocation);
            }
            restored |= was.is_some_and(|was| {
                was.incarnation != info.incarnation || was.pending != info.pending
            });
            if is_member
                && *member != self.me
                && info.pending.is_some()
                && was.is_some_and(|was| was.pending != info.pending)
            {
                out.warn(self.id, WarningKind::DeviceRestored);
            }
        }
        self.warn_about(&before, &state, out);
        for member in back {
            self.reopen_logs(member, out);
        }
        for member in gone {
            self.on_member_gone(member, &state, now, out);
        }
        if restored {
            self.schedule_reconcile(now);
            // Others may hold what a life said before it was confirmed.
            self.pull.want(self.sessions.keys().copied());
        }
        let unrecorded = self.membership.should_record(&self.me) && !mutant!(RemovalUnrecorded);
        if self.presence == Presence::In && unrecorded {
            // A witness to the removal: from here on nobody can date back a vote that turns it into a conflict.
            self.make_operation(Action::Seen, now, out);
        }
        if self.presence == Presence::Removed {
            return;
        }
        self.allow(out);
        self.plan_dials(now);
        self.open_all(now, out);
    }

    fn warn_about(&self, before: &State, state: &State, out: &mut Out) {
        if confusable_pairs(state).len() > confusable_pairs(before).len() {
            out.warn(self.id, WarningKind::NameConfusable);
        }
        if state.conflicts.len() > before.conflicts.len() {
            out.warn(self.id, WarningKind::RemovalConflict);
        }
    }

    fn on_member_gone(&mut self, member: MemberId, state: &State, now: Now, out: &mut Out) {
        let standing = state.members.get(&member).map(|info| info.standing);
        if member == self.me {
            match standing {
                Some(Standing::Left) => {
                    self.presence = Presence::Left {
                        told: !self.sessions.is_empty(),
                    };
                    self.store_settings(out);
                    if !self.sessions.is_empty() {
                        self.close_network(DisconnectReason::Closing, out);
                    }
                }
                Some(Standing::Removed | Standing::Suspended | Standing::Member) | None => {
                    self.on_own_removal(out)
                }
            }
            return;
        }
        if standing == Some(Standing::Suspended) {
            out.warn(self.id, WarningKind::Equivocation);
        }
        out.notice(Notice::MemberRemoved(self.id, member));
        let logs: Vec<LogId> = self
            .logs
            .keys()
            .filter(|log| log.member == member)
            .copied()
            .collect();
        for id in logs {
            if let Some(log) = self.logs.get_mut(&id).filter(|_| !mutant!(RemovedGoOn)) {
                log.close_at(0);
                out.changes
                    .put(records::log_key(self.id, &id), log.position().to_bytes());
            }
        }
        self.acks.remove(&member);
        out.changes.delete(records::ack_key(self.id, &member));
        self.dials.remove(&member);
        self.dismiss(member, state);
        self.withdraw_all_invites(out);
        self.schedule_reconcile(now);
        self.watch_removal(member, now);
        if standing == Some(Standing::Removed) {
            self.renew_door(now, out);
        }
    }

    /// The removed member is handed the votes as signed objects and nothing else, and is disconnected.
    fn dismiss(&mut self, member: MemberId, state: &State) {
        let votes: BTreeSet<OpId> = state
            .members
            .get(&member)
            .map(|info| info.removed_by.clone())
            .unwrap_or_default();
        let operations = self.membership.with_ancestors(&votes);
        let items: Vec<Item> = operations
            .iter()
            .map(|operation| Item::Operation(operation.as_bytes().into()))
            .collect();
        for session in self
            .sessions
            .values_mut()
            .filter(|session| session.member == member)
        {
            for item in &items {
                session.send(item);
            }
            session.closing = Some(DisconnectReason::NotAMember);
        }
    }

    /// We are out: every key of the cell leaves this device in the same persist. What was opened stays (PROTOCOL §4).
    fn on_own_removal(&mut self, out: &mut Out) {
        self.presence = Presence::Removed;
        self.close_network(DisconnectReason::NotAMember, out);
        if !mutant!(KeepKeysWhenOut) {
            self.forget_keys(out);
        }
        self.store_settings(out);
        out.notice(Notice::RemovedFromCell(self.id));
    }

    /// This device was set back to an earlier state: what it said since is lost to it, so it speaks only in a new
    /// incarnation from here on.
    pub(super) fn reset(&mut self, now: Now, out: &mut Out) {
        if self.presence != Presence::In {
            return;
        }
        self.log = LogId {
            member: self.me,
            incarnation: Incarnation::from_bytes(self.rng.array()),
        };
        let key_package = self.groups.create_key_package(self.log);
        if self.groups.create_own(self.log).is_err() {
            tracing::error!("a new send group could not be made");
            return;
        }
        self.start_own_log(out);
        self.speech.head = OwnHead::Confirmed;
        self.speech.fresh = false;
        self.speech.stale = true;
        self.make_operation(
            Action::Reset {
                incarnation: self.log.incarnation,
                key_package,
            },
            now,
            out,
        );
        self.store_settings(out);
        out.warn(self.id, WarningKind::DeviceRestored);
        self.draw_consequences(now, out);
    }

    /// Makes a carrier key, if there is none that was made after every removal we know of (PROTOCOL §2).
    pub(super) fn renew_carrier(&mut self, now: Now, out: &mut Out) {
        if self.newest_carrier().is_none() {
            self.add_carrier(now, out);
        }
    }

    pub(super) fn add_carrier(&mut self, _now: Now, out: &mut Out) {
        let carrier = Carrier {
            key: CarrierKey::generate(&mut self.rng),
            heads: self.membership.named_heads(&self.me),
        };
        self.speech.carriers.push(*carrier.key.secret().expose());
        self.keep_carrier(carrier, out);
    }

    /// Tells the cell about carrier keys that we made.
    pub(super) fn say_carriers(&mut self, now: Now, out: &mut Out) {
        if self.groups.own_roster().is_empty() {
            return;
        }
        for key in std::mem::take(&mut self.speech.carriers) {
            self.say_content(&Content::Carrier { key }, now, out);
        }
    }

    /// The carrier key to seal under: made by somebody who knew that everybody who is out now is out, for whoever was in
    /// meanwhile got it. Of several, the one with the smallest name, so that members choose alike.
    pub(super) fn newest_carrier(&self) -> Option<[u8; 16]> {
        let members = self.known.members.iter();
        let out: Vec<MemberId> = members
            .filter(|(_, info)| info.standing != Standing::Member)
            .map(|(member, _)| *member)
            .collect();
        let fits = |carrier: &Carrier| {
            let Some(then) = self.membership.state_at(&carrier.heads) else {
                return false;
            };
            out.iter().all(|member| {
                let info = then.members.get(member);
                info.is_some_and(|info| info.standing != Standing::Member) || mutant!(OldCarrierKey)
            })
        };
        self.carriers
            .iter()
            .find(|(_, carrier)| fits(carrier))
            .map(|(id, _)| *id)
    }
}
