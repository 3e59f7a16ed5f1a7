//! The newcomer's side of joining (PROTOCOL §6): from a link to a cell.

use std::collections::{BTreeMap, BTreeSet};

use crypto::{Rng, Secret, SigningKey};
use group::Groups;
use model::{
    CellId, CellName, DisplayName, DoorId, Incarnation, Instant, JoinId, LogId, MemberId, OpId,
    PeerId,
};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::doors::Door;
use super::{Carrier, Cell, OwnHead, Parts, Settings, frames, records, seed};
use crate::carrier::CarrierKey;
use crate::command::ErrorKind;
use crate::config::{CARRIER_KEYS, DIAL_BACKOFF, JOIN_DIAL_TIME, JOIN_TIME, LOGS_PER_CELL};
use crate::envelope::equivocation;
use crate::event::{JoinFailure, Notice};
use crate::input::{Entrance, Link};
use crate::invite::{Identity, InviteLink, Newcomer, NewcomerStep};
use crate::log::Position;
use crate::membership::{Action, Membership, OperationIn, Standing};
use crate::node::Now;
use crate::objects::{Ack, CardDraft, PeerCard};
use crate::out::Out;
use crate::output::{DisconnectReason, ListenOn, Output};
use crate::wire::{Assembly, Bytes, Item, Malformed, decode, encode, unpack};

/// What the inviter hands over: all that a member needs to take part from here on, and nothing from before.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct JoinBundle {
    /// What the inviter calls the cell; the newcomer begins with it.
    name: Bytes,
    operations: Vec<Bytes>,
    floors: Vec<Floor>,
    cards: Vec<Bytes>,
    acks: Vec<Bytes>,
    carriers: Vec<CarrierPart>,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct Floor {
    log: [u8; LogId::LEN],
    next: u64,
    head: [u8; 32],
    order: u64,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct CarrierPart {
    key: [u8; 32],
    heads: Vec<[u8; 32]>,
}

impl std::fmt::Debug for CarrierPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CarrierPart(..)")
    }
}

/// Decodes and encodes again: one bundle has one encoding.
#[cfg(any(test, fuzzing))]
pub(super) fn decode_only(bytes: &[u8]) {
    if let Ok(bundle) = decode::<JoinBundle>(bytes) {
        assert!(crate::wire::encode(&bundle) == bytes);
    }
}

impl JoinBundle {
    /// What this cell hands over now.
    pub(super) fn of(cell: &Cell) -> Self {
        // Those of current lives first, and room for the newcomer's own.
        let mut logs: Vec<_> = cell.logs.values().collect();
        logs.sort_by_key(|log| !cell.is_current(&log.id()));
        let floors = logs.into_iter().take(LOGS_PER_CELL - 1).map(|log| {
            let position = log.position();
            Floor {
                log: log.id().to_bytes(),
                next: position.next,
                head: position.head,
                order: position.order,
            }
        });
        let members = |member: &MemberId| cell.is_member(member);
        Self {
            name: cell.settings.name.expose().as_bytes().to_vec().into(),
            operations: cell
                .membership
                .operations()
                .map(|operation| operation.as_bytes().into())
                .collect(),
            floors: floors.collect(),
            cards: cell
                .cards
                .values()
                .filter(|card| members(&card.member))
                .map(|card| card.as_bytes().into())
                .collect(),
            acks: cell
                .acks
                .values()
                .map(|ack| ack.as_bytes().into())
                .collect(),
            carriers: cell
                .newest_carrier()
                .and_then(|id| cell.carriers.get(&id))
                .map(|carrier| CarrierPart {
                    key: *carrier.key.secret().expose(),
                    heads: carrier.heads.iter().map(|head| *head.as_bytes()).collect(),
                })
                .into_iter()
                .collect(),
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// What the inviter calls the cell, if that can be a name.
    fn called(&self) -> Option<CellName> {
        let name = std::str::from_utf8(self.name.as_slice()).ok()?;
        CellName::parse(name).ok()
    }
}

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

/// The greatest order or seq that a log can have reached by honest means, with all the room in the world.
const FLOOR_MAX: u64 = 1 << 62;

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
        if link != self.inviter() || matches!(self.state, JoinState::Talking(_)) {
            return JoinOutcome::Going;
        }
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
        match &mut self.state {
            JoinState::Opening => JoinOutcome::Going,
            JoinState::Dialling { at, .. } => {
                *at = now.instant + DIAL_BACKOFF;
                JoinOutcome::Going
            }
            JoinState::Talking(_) => {
                tracing::debug!("the inviter hung up during the handshake");
                JoinOutcome::Failed(JoinFailure::HandshakeFailed)
            }
        }
    }

    /// When something is due.
    pub(crate) fn due(&self) -> Instant {
        match &self.state {
            JoinState::Dialling { at, give_up } => self.until.min(*at).min(*give_up),
            JoinState::Opening | JoinState::Talking(_) => self.until,
        }
    }

    /// Does what is due.
    pub(crate) fn handle_timeout(&mut self, now: Now, out: &mut Out) -> JoinOutcome {
        if now.instant >= self.until {
            return JoinOutcome::Failed(JoinFailure::Unreachable);
        }
        let JoinState::Dialling { at, give_up } = &mut self.state else {
            return JoinOutcome::Going;
        };
        if now.instant >= *give_up {
            return JoinOutcome::Failed(JoinFailure::Unreachable);
        }
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
                JoinOutcome::Joined(cell) => joined = Some(cell),
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
            | Item::Piece { .. } => return failed,
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

impl Cell {
    fn take_bundle(
        &mut self,
        bundle: &JoinBundle,
        now: Now,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        let floors: BTreeMap<LogId, Position> = bundle
            .floors
            .iter()
            .map(|floor| {
                let log = LogId::from_slice(&floor.log).ok_or(Malformed)?;
                // What an inviter makes up here must leave room to count on.
                if floor.next > FLOOR_MAX || floor.order > FLOOR_MAX {
                    return Err(Malformed);
                }
                let position = Position {
                    next: floor.next,
                    head: floor.head,
                    order: floor.order,
                    opened: floor.next,
                    limit: u64::MAX,
                    shown: 0,
                };
                Ok((log, position))
            })
            .collect::<Result<_, Malformed>>()?;
        let own = self.log;
        for (log, mut position) in floors.into_iter().filter(|(log, _)| *log != own) {
            let Some(info) = self.known.members.get(&log.member) else {
                return Err(Malformed);
            };
            // A life that nobody confirmed has no log, whatever the inviter says.
            if !info.incarnations().any(|life| life == log.incarnation) {
                continue;
            }
            if info.standing != Standing::Member {
                position.limit = position.next;
            }
            out.changes
                .put(records::log_key(self.id, &log), position.to_bytes());
            self.insert_log(log, position);
            self.speech.changed.insert(log);
        }
        for card in &bundle.cards {
            self.take_card(None, card.as_slice(), now, out)?;
        }
        for ack in &bundle.acks {
            if Ack::check(&self.id, ack.as_slice())?.log.member != self.me {
                self.take_ack(None, ack.as_slice(), now, out)?;
            }
        }
        for part in &bundle.carriers {
            let heads: Vec<OpId> = part
                .heads
                .iter()
                .map(|head| OpId::from_bytes(*head))
                .collect();
            let key = CarrierKey::from_secret(Secret::from_bytes(part.key));
            self.keep_carrier(Carrier { key, heads }, out);
        }
        Ok(())
    }
}
