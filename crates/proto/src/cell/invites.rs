//! The inviter's side of joining (PROTOCOL §6): invites we made, strangers who knock with one, and letting them in.
//!
//! Invariant: an invite is stored as used before the first answer to a stranger goes out, so that it gives one attempt.

use std::time::Duration;

use crypto::Secret;
use model::{
    DisplayName, DoorId, Incarnation, Instant, InviteId, JoinId, MemberId, PeerId, Timestamp,
};

use super::doors::Door;
use super::{Cell, JoinBundle, Presence, frames, records};
use crate::command::{ErrorKind, RequestId};
use crate::config::{
    INVITE_LIFE_MAX, INVITE_LISTEN_WAIT, INVITES_PER_CELL, JOIN_TIME, NEWCOMER_ROOM,
    OPEN_INVITES_PER_CELL, STRANGER_FRAME_LIMIT, STRANGER_SILENCE,
};
use crate::event::{Answer, JoinFailure, Notice};
use crate::input::Entrance;
use crate::invite::{BUNDLE_LIMIT, Host, InviteLink, Inviter, InviterStep};
use crate::membership::Action;
use crate::node::Now;
use crate::objects::PeerCard;
use crate::out::Out;
use crate::output::{DisconnectReason, Output};
use crate::view::InviteState;
use crate::wire::{Item, Malformed, unpack};

/// One invite that we made.
pub(super) struct Invite {
    pub(super) id: InviteId,
    pub(super) door: Door,
    pub(super) secret: Secret<32>,
    pub(super) expires_at: Timestamp,
    pub(super) state: InviteState,
    /// The person waits for the link until the door is open, at most until this moment.
    pub(super) asked: Option<(RequestId, Instant)>,
}

/// Somebody who came through the door of an invite.
pub(super) struct Stranger {
    join: JoinId,
    invite: InviteId,
    inviter: Inviter,
    /// Whether the first message has come.
    knocked: bool,
    request: Option<Request>,
    /// Their connection broke after all was said: the person may still decide, and they come back to hear it.
    away: bool,
    /// What the person decided meanwhile.
    decided: Option<Decided>,
    until: Instant,
}

/// What is carried out when a newcomer comes back. Nobody is added before: an add that nobody comes for would take a name
/// and a place for ever.
enum Decided {
    Accepted,
    Refused(Vec<u8>),
}

/// Who they say they are, proven as far as it can be.
struct Request {
    member: MemberId,
    incarnation: Incarnation,
    name: DisplayName,
    key_package: Vec<u8>,
    card: PeerCard,
}

impl Cell {
    /// Makes an invite. The answer comes when its door is open.
    pub(crate) fn make_invite(
        &mut self,
        request: RequestId,
        expires_in: Duration,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        self.membership.can_add(&self.me)?;
        if !self.fits_newcomer() {
            return Err(ErrorKind::TooMany);
        }
        if expires_in > INVITE_LIFE_MAX || expires_in.is_zero() {
            return Err(ErrorKind::InvalidParams);
        }
        let open = self
            .invites
            .values()
            .filter(|invite| invite.state == InviteState::Open)
            .count();
        if open >= OPEN_INVITES_PER_CELL {
            return Err(ErrorKind::TooMany);
        }
        if !self.online {
            return Err(ErrorKind::Unreachable);
        }
        self.forget_oldest_invite(out);
        let invite = Invite {
            id: InviteId::from_bytes(self.rng.array()),
            door: Door::new(&mut self.rng),
            secret: self.rng.secret(),
            expires_at: now.timestamp + expires_in,
            state: InviteState::Open,
            asked: Some((request, now.instant + INVITE_LISTEN_WAIT)),
        };
        self.listen(&invite.door, Entrance::Invite(invite.id), out);
        self.store_invite(&invite, out);
        self.invites.insert(invite.id, invite);
        Ok(())
    }

    fn forget_oldest_invite(&mut self, out: &mut Out) {
        if self.invites.len() < INVITES_PER_CELL {
            return;
        }
        let over = self
            .invites
            .values()
            .filter(|invite| invite.state != InviteState::Open);
        if let Some(id) = over
            .min_by_key(|invite| invite.expires_at)
            .map(|invite| invite.id)
        {
            self.invites.remove(&id);
            out.changes.delete(records::invite_key(self.id, &id));
        }
    }

    pub(super) fn on_invite_listening(
        &mut self,
        door: DoorId,
        addresses: Vec<model::Address>,
        out: &mut Out,
    ) {
        let Some(id) = self.invite_of_door(door) else {
            return;
        };
        let (cell, peer, suite) = (self.id, self.peer(), self.known.suite);
        let Some(invite) = self.invites.get_mut(&id) else {
            return;
        };
        invite.door.note(addresses);
        if let Some((request, _)) = invite.asked.take() {
            let link = InviteLink {
                cell,
                invite: id,
                peer,
                addresses: invite.door.addresses.clone(),
                door: invite.door.key.clone(),
                secret: invite.secret.clone(),
                suite,
                expires_at: invite.expires_at,
            };
            out.answer(request, Ok(Answer::InviteMade(id, link.to_text())));
        }
        if let Some(invite) = self.invites.get(&id) {
            self.store_invite(invite, out);
        }
    }

    /// Takes an invite back.
    pub(crate) fn withdraw_invite(&mut self, id: InviteId, out: &mut Out) -> Result<(), ErrorKind> {
        let invite = self.invites.get(&id).ok_or(ErrorKind::NoSuchInvite)?;
        if invite.state == InviteState::Open {
            self.end_invite(id, InviteState::Withdrawn, out);
        }
        Ok(())
    }

    pub(super) fn withdraw_all_invites(&mut self, out: &mut Out) {
        let open = self
            .invites
            .values()
            .filter(|invite| invite.state == InviteState::Open);
        for id in open.map(|invite| invite.id).collect::<Vec<_>>() {
            self.end_invite(id, InviteState::Withdrawn, out);
        }
    }

    /// An invite that is over keeps its door until it expires: who comes late is told why, if they hold the secret. Whoever
    /// came before that finds it as long as they wait.
    fn end_invite(&mut self, id: InviteId, state: InviteState, out: &mut Out) {
        let Some(invite) = self.invites.get_mut(&id) else {
            return;
        };
        invite.state = state;
        if let Some((request, _)) = invite.asked.take() {
            out.answer(request, Err(ErrorKind::Unreachable));
        }
        if let Some(invite) = self.invites.get(&id) {
            self.store_invite(invite, out);
        }
    }

    pub(super) fn open_invite_doors(&mut self, now: Now, out: &mut Out) {
        let live = self
            .invites
            .values()
            .filter(|invite| now.timestamp < invite.expires_at || self.is_awaited(invite, now));
        for (door, id) in live
            .map(|invite| (invite.door.clone(), invite.id))
            .collect::<Vec<_>>()
        {
            self.listen(&door, Entrance::Invite(id), out);
        }
    }

    /// Whether somebody who came in time may come back through this door: to hear what the person decides, or that they are
    /// in.
    fn is_awaited(&self, invite: &Invite, now: Now) -> bool {
        let mut strangers = self.strangers.values();
        let asked =
            |stranger: &Stranger| stranger.invite == invite.id && stranger.request.is_some();
        let decided =
            |stranger: &Stranger| stranger.invite == invite.id && stranger.decided.is_some();
        now.timestamp < invite.expires_at + JOIN_TIME
            && (!self.verdicts.is_empty()
                || strangers.any(|stranger| asked(stranger) || decided(stranger)))
    }

    /// Ends what has taken too long: invites, links the person waits for, conversations.
    pub(super) fn expire_invites(&mut self, now: Now, out: &mut Out) {
        for invite in self.invites.values_mut() {
            if let Some((request, until)) = invite.asked
                && now.instant >= until
            {
                invite.asked = None;
                out.answer(request, Err(ErrorKind::Unreachable));
            }
        }
        let over = |invite: &&Invite| {
            now.timestamp >= invite.expires_at
                && invite.door.port != 0
                && !self.is_awaited(invite, now)
        };
        let over: Vec<InviteId> = self
            .invites
            .values()
            .filter(over)
            .map(|invite| invite.id)
            .collect();
        for id in over {
            let Some(invite) = self.invites.get_mut(&id) else {
                continue;
            };
            invite.door.port = 0;
            out.push(Output::StopListen {
                cell: self.id,
                door: invite.door.id,
            });
            if invite.state == InviteState::Open {
                self.end_invite(id, InviteState::Expired, out);
            }
        }
        let late: Vec<PeerId> = self
            .strangers
            .iter()
            .filter(|(_, stranger)| now.instant >= stranger.until)
            .map(|(peer, _)| *peer)
            .collect();
        for peer in late {
            let away = self.strangers.remove(&peer);
            if away.is_some_and(|stranger| stranger.away) {
                continue;
            }
            out.push(Output::Disconnect(
                self.link(peer),
                DisconnectReason::InviteOver,
            ));
        }
    }

    pub(super) fn invites_due(&self) -> impl Iterator<Item = Instant> {
        let asked = self
            .invites
            .values()
            .filter_map(|invite| invite.asked.map(|(_, until)| until));
        asked.chain(self.strangers.values().map(|stranger| stranger.until))
    }

    pub(super) fn on_stranger(&mut self, peer: PeerId, id: InviteId, now: Now, out: &mut Out) {
        // One more connection of somebody whom we are talking to: the link is the same.
        if let Some(stranger) = self.strangers.get_mut(&peer) {
            stranger.away = false;
            match stranger.decided.take() {
                Some(Decided::Accepted) => {
                    // If that cannot be any more, they are told why.
                    let _ = self.let_in(peer, now, out);
                }
                Some(Decided::Refused(answer)) => self.send_last(peer, answer, out),
                None => {}
            }
            return;
        }
        let Some(invite) = self
            .invites
            .get(&id)
            .filter(|_| self.strangers.len() < OPEN_INVITES_PER_CELL)
        else {
            out.push(Output::Disconnect(
                self.link(peer),
                DisconnectReason::InviteOver,
            ));
            return;
        };
        let members = u16::try_from(self.others().count() + 1).unwrap_or(u16::MAX);
        let our_peer = self.peer();
        let host = Host {
            cell: self.id,
            invite: id,
            secret: &invite.secret,
            peer: our_peer,
            key: &self.identity,
            members,
        };
        let inviter = Inviter::new(host, peer, &mut self.rng);
        let stranger = Stranger {
            join: JoinId::from_bytes(self.rng.array()),
            invite: id,
            inviter,
            knocked: false,
            request: None,
            away: false,
            decided: None,
            until: now.instant + STRANGER_SILENCE,
        };
        self.strangers.insert(peer, stranger);
    }

    /// Whose request the person can see keeps their place until the time is over: networks break, and the invite is used.
    pub(super) fn on_stranger_gone(&mut self, peer: PeerId) {
        match self.strangers.get_mut(&peer) {
            Some(stranger) if stranger.request.is_some() => stranger.away = true,
            Some(_) | None => {
                self.strangers.remove(&peer);
            }
        }
    }

    pub(super) fn on_stranger_frame(
        &mut self,
        peer: PeerId,
        frame: &[u8],
        now: Now,
        out: &mut Out,
    ) {
        if self.converse(peer, frame, now, out).is_err() {
            self.strangers.remove(&peer);
            out.push(Output::Disconnect(
                self.link(peer),
                DisconnectReason::InviteOver,
            ));
        }
    }

    fn converse(
        &mut self,
        peer: PeerId,
        frame: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        if frame.len() > STRANGER_FRAME_LIMIT {
            return Err(Malformed);
        }
        for item in unpack(frame)? {
            let Item::Handshake(bytes) = item else {
                return Err(Malformed);
            };
            let stranger = self.strangers.get_mut(&peer).ok_or(Malformed)?;
            let (id, first) = (
                stranger.invite,
                !std::mem::replace(&mut stranger.knocked, true),
            );
            if let Some(reason) = self.turned_away(id, now).filter(|_| first) {
                return self.turn_away(peer, bytes.as_slice(), reason, out);
            }
            let stranger = self.strangers.get_mut(&peer).ok_or(Malformed)?;
            stranger.until = now.instant + JOIN_TIME;
            let step = stranger.inviter.handle(bytes.as_slice());
            match step.map_err(|error| {
                tracing::debug!(%error, "a newcomer broke the handshake");
                Malformed
            })? {
                InviterStep::Send(bytes) => {
                    if !mutant!(InviteAgain) {
                        self.end_invite(id, InviteState::Used, out);
                    }
                    self.send_handshake(peer, bytes, out);
                }
                InviterStep::Requested {
                    name,
                    phrase,
                    member,
                    incarnation,
                    key_package,
                    card,
                    proof,
                } => {
                    let card = PeerCard::check(&self.id, &card)?;
                    if card.member != member || card.peer != peer {
                        return Err(Malformed);
                    }
                    let join = stranger.join;
                    stranger.request = Some(Request {
                        member,
                        incarnation,
                        name: name.clone(),
                        key_package,
                        card,
                    });
                    self.send_handshake(peer, proof, out);
                    if let Some(reason) = self.unsuitable(peer) {
                        return self.refuse(peer, reason, out);
                    }
                    out.notice(Notice::JoinRequested {
                        cell: self.id,
                        join,
                        name,
                        phrase,
                    });
                }
            }
        }
        Ok(())
    }

    /// Why nobody may use this invite now.
    fn turned_away(&self, id: InviteId, now: Now) -> Option<JoinFailure> {
        let invite = self.invites.get(&id)?;
        match invite.state {
            InviteState::Used => Some(JoinFailure::Used),
            InviteState::Withdrawn => Some(JoinFailure::Withdrawn),
            InviteState::Expired => Some(JoinFailure::Expired),
            InviteState::Open if now.timestamp >= invite.expires_at => Some(JoinFailure::Expired),
            InviteState::Open => self
                .membership
                .can_add(&self.me)
                .err()
                .map(|_| JoinFailure::CellFull),
        }
    }

    /// Whether what a newcomer has to be given can be handed over, with their own add, card and log.
    fn fits_newcomer(&self) -> bool {
        JoinBundle::of(self).to_bytes().len() + NEWCOMER_ROOM <= BUNDLE_LIMIT
    }

    /// Why this person cannot be let in, as far as we can see before anybody compares anything.
    fn unsuitable(&self, peer: PeerId) -> Option<JoinFailure> {
        let request = self.strangers.get(&peer)?.request.as_ref()?;
        if self.membership.can_be_called(&request.name).is_err() {
            return Some(JoinFailure::NameConfusable);
        }
        let package = group::KeyPackage::parse(self.known.suite, &request.key_package);
        let fits = package.is_ok_and(|package| {
            package.log().member == request.member
                && package.log().incarnation == request.incarnation
        });
        let known = self.known.members.contains_key(&request.member);
        (!fits || known).then_some(JoinFailure::HandshakeFailed)
    }

    fn turn_away(
        &mut self,
        peer: PeerId,
        hello: &[u8],
        reason: JoinFailure,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        let stranger = self.strangers.remove(&peer).ok_or(Malformed)?;
        let bytes = stranger
            .inviter
            .turn_away(hello, reason)
            .map_err(|_| Malformed)?;
        self.send_last(peer, bytes, out);
        Ok(())
    }

    fn refuse(
        &mut self,
        peer: PeerId,
        reason: JoinFailure,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        let mut stranger = self.strangers.remove(&peer).ok_or(Malformed)?;
        let bytes = stranger.inviter.refuse(reason).map_err(|_| Malformed)?;
        if stranger.away {
            stranger.request = None;
            stranger.decided = Some(Decided::Refused(bytes));
            self.strangers.insert(peer, stranger);
        } else {
            self.send_last(peer, bytes, out);
        }
        Ok(())
    }

    /// Says something to a stranger, and nothing more.
    fn send_last(&mut self, peer: PeerId, bytes: Vec<u8>, out: &mut Out) {
        self.strangers.remove(&peer);
        self.send_handshake(peer, bytes, out);
        out.push(Output::Disconnect(
            self.link(peer),
            DisconnectReason::InviteOver,
        ));
    }

    pub(super) fn send_handshake(&self, peer: PeerId, bytes: Vec<u8>, out: &mut Out) {
        for frame in frames(&Item::Handshake(bytes.into())) {
            out.push(Output::Transmit(self.link(peer), frame));
        }
    }

    /// The person compared the phrase, or says no.
    pub(crate) fn confirm_join(
        &mut self,
        join: JoinId,
        accept: bool,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        let waiting = self
            .strangers
            .iter_mut()
            .find(|(_, stranger)| stranger.join == join && stranger.request.is_some());
        let (peer, stranger) = waiting.ok_or(ErrorKind::NoSuchJoin)?;
        let peer = *peer;
        if accept && stranger.away {
            stranger.decided = Some(Decided::Accepted);
            return Ok(());
        }
        if !accept {
            return self
                .refuse(peer, JoinFailure::Refused, out)
                .map_err(|_| ErrorKind::NoSuchJoin);
        }
        self.let_in(peer, now, out)
    }

    /// Adds the newcomer at this link.
    fn let_in(&mut self, peer: PeerId, now: Now, out: &mut Out) -> Result<(), ErrorKind> {
        let full = self
            .membership
            .can_add(&self.me)
            .err()
            .map(|_| (ErrorKind::CellFull, JoinFailure::CellFull));
        let alike = self
            .unsuitable(peer)
            .map(|reason| (ErrorKind::NameConfusable, reason));
        // Before anything is done: an add that nobody can be told of would stand for ever.
        let large = (!self.fits_newcomer()).then_some((ErrorKind::TooMany, JoinFailure::CellFull));
        if let Some((kind, reason)) = full.or(alike).or(large) {
            self.refuse(peer, reason, out)
                .map_err(|_| ErrorKind::NoSuchJoin)?;
            return Err(kind);
        }
        self.speak_before_company(now, out);
        let mut stranger = self.strangers.remove(&peer).ok_or(ErrorKind::NoSuchJoin)?;
        let request = stranger.request.take().ok_or(ErrorKind::NoSuchJoin)?;
        let add = Action::Add {
            member: request.member,
            incarnation: request.incarnation,
            name: request.name,
            key_package: request.key_package,
            compared: true,
        };
        self.make_operation(add, now, out);
        out.changes.put(
            records::card_key(self.id, &request.member),
            request.card.as_bytes().to_vec(),
        );
        self.cards.insert(request.member, request.card);
        let bundle = JoinBundle::of(self);
        let bytes = stranger
            .inviter
            .accept(bundle.to_bytes())
            .map_err(|_| ErrorKind::Internal)?;
        self.keep_verdict(request.member, bytes, now, out);
        self.draw_consequences(now, out);
        self.open_session(peer, request.member, now, out);
        Ok(())
    }
}
