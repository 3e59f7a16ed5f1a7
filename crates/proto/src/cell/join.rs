//! The newcomer's side of joining (PROTOCOL §6): from a link to a cell.

use std::collections::BTreeSet;

use crypto::{Rng, SigningKey};
use group::Groups;
use model::{CellId, DisplayName, DoorId, Incarnation, Instant, JoinId, LogId, MemberId, PeerId};

use super::doors::Door;
use super::{Cell, OwnHead, Parts, Settings, frames, records, seed};
use crate::command::ErrorKind;
use crate::config::{
    CARRIER_KEYS, DIAL_BACKOFF, EARLY_LIMIT, JOIN_DIAL_TIME, JOIN_RETURN, JOIN_TIME, LOGS_PER_CELL,
};
use crate::envelope::equivocation;
use crate::event::{JoinFailure, Notice};
use crate::input::{Entrance, Link};
use crate::invite::{Identity, InviteLink, Newcomer, NewcomerStep};
use crate::membership::{Action, Membership, OperationIn, Standing};
use crate::node::Now;
use crate::objects::{CardDraft, PeerCard};
use crate::out::Out;
use crate::output::{DisconnectReason, ListenOn, Output};
use crate::wire::{Assembly, Bytes, Item, Malformed, decode, encode, unpack};

mod bundle;

pub(crate) use bundle::JoinBundle;
#[cfg(any(test, fuzzing))]
pub(super) use bundle::decode_only;

/// An attempt to join. Not stored: after a restart the person asks for a new invite.
pub(crate) struct Joining {
    pub(crate) join: JoinId,
    link: InviteLink,
    name: DisplayName,
    listen: ListenOn,
    identity: SigningKey,
    peer_key: SigningKey,
    log: LogId,
    groups: Groups,
    door: Door,
    state: JoinState,
    assembly: Assembly,
    early: Early,
    until: Instant,
    rng: Rng,
}

enum JoinState {
    /// Our door opens first, so that our card can say where it is.
    Opening,
    /// At this moment we dial (again).
    Dialling { at: Instant, give_up: Instant },
    /// The two sides talk.
    Talking(Box<Newcomer>),
    /// The connection broke while the inviter decides. At this moment we dial (again) to hear what it decided.
    Returning {
        newcomer: Box<Newcomer>,
        at: Instant,
    },
}

/// Items for the member that we are about to be, which overtook the acceptance.
#[derive(Default)]
struct Early {
    items: Vec<Vec<u8>>,
    bytes: usize,
}

impl Early {
    /// What does not fit is left out: sync brings it again.
    fn keep(&mut self, item: &Item) {
        let item = encode(item);
        if self.bytes + item.len() <= EARLY_LIMIT {
            self.bytes += item.len();
            self.items.push(item);
        }
    }
}

/// What became of an attempt.
pub(crate) enum JoinOutcome {
    /// It goes on.
    Going,
    /// It is over.
    Failed(JoinFailure),
    /// We are in.
    Joined(Box<Cell>),
}

impl Joining {
    /// Begins with a link.
    pub(crate) fn start(
        link: InviteLink,
        name: DisplayName,
        listen: ListenOn,
        mut rng: Rng,
        now: Now,
        out: &mut Out,
    ) -> Result<Self, ErrorKind> {
        if now.timestamp >= link.expires_at {
            return Err(ErrorKind::InviteExpired);
        }
        let identity = SigningKey::from_seed(&rng.secret());
        let member = MemberId::from_bytes(identity.verifying_key().to_bytes());
        let joining = Self {
            join: JoinId::from_bytes(rng.array()),
            groups: Groups::new(link.cell, link.suite, identity.clone(), rng.fork()),
            log: LogId {
                member,
                incarnation: Incarnation::from_bytes(rng.array()),
            },
            peer_key: SigningKey::from_seed(&rng.secret()),
            door: Door::new(&mut rng),
            state: JoinState::Opening,
            assembly: Assembly::default(),
            early: Early::default(),
            until: now.instant + JOIN_TIME,
            link,
            name,
            listen,
            identity,
            rng,
        };
        let cell = joining.link.cell;
        out.push(Output::Open {
            cell,
            peer_key: seed(&joining.peer_key),
        });
        out.push(Output::Listen {
            cell,
            door: joining.door.id,
            key: joining.door.key.clone(),
            entrance: Entrance::Door,
            on: listen,
        });
        Ok(joining)
    }

    pub(crate) fn cell(&self) -> CellId {
        self.link.cell
    }

    fn inviter(&self) -> Link {
        Link {
            cell: self.link.cell,
            peer: self.link.peer,
        }
    }

    /// Our door is open: now the inviter can be dialled.
    pub(crate) fn on_listening(
        &mut self,
        door: DoorId,
        addresses: Vec<model::Address>,
        now: Now,
        out: &mut Out,
    ) {
        if door != self.door.id {
            return;
        }
        self.door.note(addresses);
        if matches!(self.state, JoinState::Opening) {
            self.state = JoinState::Dialling {
                at: now.instant + crate::config::DIAL_TIME,
                give_up: now.instant + JOIN_DIAL_TIME,
            };
            self.dial(out);
        }
    }

    fn dial(&self, out: &mut Out) {
        out.push(Output::Connect {
            link: self.inviter(),
            addresses: self.link.addresses.clone(),
            key: self.link.door.clone(),
            entrance: Entrance::Invite(self.link.invite),
        });
    }

    /// The inviter can be talked to.
    pub(crate) fn on_connected(&mut self, link: Link, out: &mut Out) -> JoinOutcome {
        if link != self.inviter() {
            return JoinOutcome::Going;
        }
        match std::mem::replace(&mut self.state, JoinState::Opening) {
            JoinState::Opening | JoinState::Dialling { .. } => self.say_hello(out),
            // Nothing is said twice: what we wait for is the verdict.
            JoinState::Talking(newcomer) | JoinState::Returning { newcomer, .. } => {
                self.state = JoinState::Talking(newcomer);
                JoinOutcome::Going
            }
        }
    }

    fn say_hello(&mut self, out: &mut Out) -> JoinOutcome {
        let draft = CardDraft {
            cell: self.link.cell,
            version: 1,
            door: &self.door.key,
            addresses: &self.door.addresses,
        };
        let card = PeerCard::sign(&draft, &self.identity, &self.peer_key);
        let me = Identity {
            key: self.identity.clone(),
            peer: PeerId::from_bytes(self.peer_key.verifying_key().to_bytes()),
            incarnation: self.log.incarnation,
            name: self.name.clone(),
            key_package: self.groups.create_key_package(self.log),
            card: card.as_bytes().to_vec(),
        };
        match Newcomer::start(&self.link, me, &mut self.rng) {
            Ok((newcomer, hello)) => {
                self.state = JoinState::Talking(Box::new(newcomer));
                self.send(hello, out);
                JoinOutcome::Going
            }
            Err(_) => JoinOutcome::Failed(JoinFailure::HandshakeFailed),
        }
    }

    /// The person gives up: an empty message, out of turn, ends the conversation, so that nobody is let in who is gone.
    pub(crate) fn give_up(&self, out: &mut Out) {
        if matches!(self.state, JoinState::Talking(_)) {
            self.send(Vec::new(), out);
        }
    }

    fn send(&self, bytes: Vec<u8>, out: &mut Out) {
        for frame in frames(&Item::Handshake(bytes.into())) {
            out.push(Output::Transmit(self.inviter(), frame));
        }
    }

    /// The connection closed, or could not be made.
    pub(crate) fn on_disconnected(&mut self, link: Link, now: Now) -> JoinOutcome {
        if link != self.inviter() {
            return JoinOutcome::Going;
        }
        match std::mem::replace(&mut self.state, JoinState::Opening) {
            JoinState::Opening => {}
            JoinState::Dialling { give_up, .. } => {
                let at = now.instant + DIAL_BACKOFF;
                self.state = JoinState::Dialling { at, give_up };
            }
            JoinState::Talking(newcomer) | JoinState::Returning { newcomer, .. } => {
                if !newcomer.awaits_verdict() {
                    tracing::debug!("the inviter hung up during the handshake");
                    return JoinOutcome::Failed(JoinFailure::HandshakeFailed);
                }
                self.assembly = Assembly::default();
                self.early = Early::default();
                let at = now.instant + JOIN_RETURN;
                self.state = JoinState::Returning { newcomer, at };
            }
        }
        JoinOutcome::Going
    }

    /// When something is due.
    pub(crate) fn due(&self) -> Instant {
        match &self.state {
            JoinState::Dialling { at, give_up } => self.until.min(*at).min(*give_up),
            JoinState::Returning { at, .. } => self.until.min(*at),
            JoinState::Opening | JoinState::Talking(_) => self.until,
        }
    }

    /// Does what is due.
    pub(crate) fn handle_timeout(&mut self, now: Now, out: &mut Out) -> JoinOutcome {
        if now.instant >= self.until {
            return JoinOutcome::Failed(JoinFailure::Unreachable);
        }
        let at = match &mut self.state {
            JoinState::Opening | JoinState::Talking(_) => return JoinOutcome::Going,
            JoinState::Dialling { give_up, .. } if now.instant >= *give_up => {
                return JoinOutcome::Failed(JoinFailure::Unreachable);
            }
            JoinState::Dialling { at, .. } | JoinState::Returning { at, .. } => at,
        };
        if now.instant >= *at {
            *at = now.instant + crate::config::DIAL_TIME;
            self.dial(out);
        }
        JoinOutcome::Going
    }

    /// A frame from the inviter.
    pub(crate) fn on_frame(
        &mut self,
        link: Link,
        frame: &[u8],
        now: Now,
        out: &mut Out,
    ) -> JoinOutcome {
        if link != self.inviter() {
            out.push(Output::Disconnect(link, DisconnectReason::NotAMember));
            return JoinOutcome::Going;
        }
        let failed = JoinOutcome::Failed(JoinFailure::HandshakeFailed);
        let Ok(items) = unpack(frame) else {
            return failed;
        };
        let mut joined: Option<Box<Cell>> = None;
        for item in items {
            // What stands behind the acceptance in the same frame is for the member that we are by then.
            if let Some(cell) = &mut joined {
                cell.on_frame(link, &encode(&item), now, out);
                continue;
            }
            match self.on_item(item, now, out) {
                JoinOutcome::Going => {}
                JoinOutcome::Joined(mut cell) => {
                    for item in std::mem::take(&mut self.early).items {
                        cell.on_frame(link, &item, now, out);
                    }
                    joined = Some(cell);
                }
                failed @ JoinOutcome::Failed(_) => return failed,
            }
        }
        joined.map_or(JoinOutcome::Going, JoinOutcome::Joined)
    }

    fn on_item(&mut self, item: Item, now: Now, out: &mut Out) -> JoinOutcome {
        let failed = JoinOutcome::Failed(JoinFailure::HandshakeFailed);
        let bytes = match item {
            Item::Handshake(bytes) => bytes,
            Item::Fragment {
                transfer,
                index,
                count,
                bytes,
            } => {
                return match self.assembly.push(transfer, index, count, bytes.as_slice()) {
                    Ok(Some(whole)) => self.on_item(whole, now, out),
                    Ok(None) => JoinOutcome::Going,
                    Err(_) => failed,
                };
            }
            Item::Frontier(_)
            | Item::Envelope(_)
            | Item::Operation(_)
            | Item::Card(_)
            | Item::Ack(_)
            | Item::PullEnd { .. }
            | Item::Rewelcome { .. }
            | Item::Want { .. }
            | Item::Piece { .. } => {
                return match &self.state {
                    JoinState::Talking(newcomer) if newcomer.awaits_verdict() => {
                        self.early.keep(&item);
                        JoinOutcome::Going
                    }
                    JoinState::Talking(_)
                    | JoinState::Opening
                    | JoinState::Dialling { .. }
                    | JoinState::Returning { .. } => failed,
                };
            }
        };
        let JoinState::Talking(newcomer) = &mut self.state else {
            return failed;
        };
        match newcomer.handle(bytes.as_slice()) {
            Ok(NewcomerStep::Send(bytes)) => {
                self.send(bytes, out);
                JoinOutcome::Going
            }
            Ok(NewcomerStep::Phrase { phrase, .. }) => {
                out.notice(Notice::JoinPhrase(self.join, phrase));
                JoinOutcome::Going
            }
            Ok(NewcomerStep::Accepted(bundle)) => {
                // Tried apart: of a cell that we cannot enter nothing may be stored.
                let mut theirs = Out::default();
                match self.enter(&bundle, now, &mut theirs) {
                    Ok(cell) => {
                        out.absorb(theirs);
                        JoinOutcome::Joined(Box::new(cell))
                    }
                    Err(Malformed) => failed,
                }
            }
            Ok(NewcomerStep::Refused(reason)) => JoinOutcome::Failed(reason),
            Err(error) => {
                tracing::debug!(%error, "the inviter broke the handshake");
                failed
            }
        }
    }

    /// Verifies everything from genesis on and makes the cell.
    fn enter(&mut self, bundle: &[u8], now: Now, out: &mut Out) -> Result<Cell, Malformed> {
        let bundle: JoinBundle = decode(bundle)?;
        if bundle.floors.len() >= LOGS_PER_CELL || bundle.carriers.len() > CARRIER_KEYS {
            return Err(Malformed);
        }
        let membership = self.replay(&bundle)?;
        let mut groups = self.take_groups();
        groups.create_own(self.log).map_err(|_| Malformed)?;
        let parts = Parts {
            identity: self.identity.clone(),
            log: self.log,
            peer_key: self.peer_key.clone(),
            settings: Settings {
                name: bundle
                    .called()
                    .or_else(|| records::unnamed(&self.link.cell))
                    .ok_or(Malformed)?,
                listen: self.listen,
                lan: false,
                verified: BTreeSet::new(),
            },
            membership,
            groups,
            door: self.door.clone(),
            head: OwnHead::Confirmed,
            rng: self.rng.fork(),
        };
        let mut cell = Cell::assemble(parts, now);
        for operation in cell.membership.operations() {
            out.changes.put(
                records::operation_key(cell.id, &operation.id()),
                operation.as_bytes().to_vec(),
            );
        }
        cell.start_own_log(out);
        cell.take_bundle(&bundle, now, out)?;
        cell.store_settings(out);
        // The swarm, the door and the inviter's connection are there already.
        cell.online = true;
        cell.sign_card(now, out);
        cell.allow(out);
        // From here on nobody who signed something else beside it can undo what brought us in (PROTOCOL §4).
        cell.make_operation(Action::Seen, now, out);
        cell.known = cell.membership.state();
        let inviter = cell.member_of(&self.link.peer).ok_or(Malformed)?;
        cell.open_session(self.link.peer, inviter, now, out);
        cell.plan_dials(now);
        out.notice(Notice::CellJoined(cell.id, self.join));
        Ok(cell)
    }

    fn take_groups(&mut self) -> Groups {
        let empty = Groups::new(
            self.link.cell,
            self.link.suite,
            self.identity.clone(),
            self.rng.fork(),
        );
        std::mem::replace(&mut self.groups, empty)
    }

    fn replay(&self, bundle: &JoinBundle) -> Result<Membership, Malformed> {
        let check = |bytes: &Bytes| {
            let operation = OperationIn::decode(bytes.as_slice()).map_err(|_| Malformed)?;
            operation.check(&self.link.cell).map_err(|_| Malformed)
        };
        let operations = bundle
            .operations
            .iter()
            .map(check)
            .collect::<Result<Vec<_>, _>>()?;
        let membership =
            Membership::replay(operations, Some(equivocation)).map_err(|_| Malformed)?;
        let state = membership.state();
        let us = state.members.get(&self.log.member).ok_or(Malformed)?;
        let in_it = us.standing == Standing::Member && us.incarnation == Some(self.log.incarnation);
        let right = membership.cell() == self.link.cell && state.suite == self.link.suite && in_it;
        if right {
            Ok(membership)
        } else {
            Err(Malformed)
        }
    }
}
