//! What a cell stores and how it comes back. Every record is versioned by its kind and read only by us; the store has
//! authenticated it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use crypto::{Rng, Secret, SigningKey};
use group::Groups;
use model::{CellId, CellName, DoorId, InviteId, LogId, MemberId, MessageId, OpId, Timestamp};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use super::doors::Door;
use super::invites::Invite;
use super::verdicts::{self, Verdict};
use super::{Carrier, Cell, OwnHead, Parts, Presence, Settings, warnings};
use crate::carrier::CarrierKey;
use crate::changes::{Key, RecordKind};
use crate::command::ErrorKind;
use crate::envelope::{EnvelopeIn, equivocation};
use crate::event::WarningKind;
use crate::log::Position;
use crate::membership::{Membership, Operation, OperationIn, Standing};
use crate::messages::{MessageRecord, ReadMark, StoredMessage};
use crate::node::Now;
use crate::objects::{Ack, PeerCard};
use crate::out::Out;
use crate::output::ListenOn;
use crate::view::InviteState;
use crate::wire::{Bytes, Malformed, decode, encode};

mod attachments;
mod keys;

use attachments::AttachmentRecords;
pub(super) use attachments::{forget_unfinished, progress_record};

use keys::{ACK, AUDIENCE, CARD, EARLY, LOST, REACTION, VERDICT, WARNING, key};
pub(super) use keys::{
    ack_key, attachment_of, audience_key, call_key, card_key, carrier_key, early_key, envelope_key,
    group_key, invite_key, log_key, lost_key, operation_key, outgoing_key, piece_of, progress_key,
    reaction_key, unfinished_key, verdict_key, warning_key,
};
pub(crate) use keys::{attachment_key, draft_key, message_key, piece_key};

pub(super) fn audience_record(members: &BTreeSet<MemberId>) -> Vec<u8> {
    encode(
        &members
            .iter()
            .map(|member| *member.as_bytes())
            .collect::<Vec<_>>(),
    )
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct CarrierRecord {
    key: [u8; 32],
    heads: Vec<[u8; 32]>,
}

pub(super) fn carrier_record(carrier: &Carrier) -> Vec<u8> {
    encode(&CarrierRecord {
        key: *carrier.key.secret().expose(),
        heads: carrier.heads.iter().map(|head| *head.as_bytes()).collect(),
    })
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct DoorRecord {
    id: [u8; 16],
    key: [u8; 32],
    port: u16,
}

impl DoorRecord {
    fn of(door: &Door) -> Self {
        Self {
            id: *door.id.as_bytes(),
            key: *door.key.expose(),
            port: door.port,
        }
    }

    fn door(&self) -> Door {
        Door {
            id: DoorId::from_bytes(self.id),
            key: Secret::from_bytes(self.key),
            port: self.port,
            addresses: Vec::new(),
        }
    }
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct InviteRecord {
    door: DoorRecord,
    secret: [u8; 32],
    expires_at: u64,
    state: u8,
}

/// The record of the cell itself. After a removal its keys are zeros.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct CellRecord {
    presence: u8,
    identity: [u8; 32],
    log: [u8; LogId::LEN],
    peer_key: [u8; 32],
    name: Bytes,
    listen_ip: [u8; 16],
    lan: u8,
    verified: Vec<[u8; 32]>,
    read: ReadMark,
    door: DoorRecord,
    old_door: Option<OldDoorRecord>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct OldDoorRecord {
    door: DoorRecord,
    until: u64,
}

impl Cell {
    /// Stores the cell's own record.
    pub(super) fn store_settings(&self, out: &mut Out) {
        let removed = self.presence == Presence::Removed;
        let secret = |key: &SigningKey| {
            if removed {
                [0; 32]
            } else {
                *key.seed().expose()
            }
        };
        let listen_ip = match self.settings.listen.ip {
            IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
            IpAddr::V6(ip) => ip.octets(),
        };
        let door = if removed {
            DoorRecord {
                id: [0; 16],
                key: [0; 32],
                port: 0,
            }
        } else {
            DoorRecord::of(&self.door)
        };
        let record = CellRecord {
            presence: match self.presence {
                Presence::In => 0,
                Presence::Left { told: false } => 1,
                Presence::Left { told: true } => 2,
                Presence::Removed => 3,
            },
            identity: secret(&self.identity),
            log: self.log.to_bytes(),
            peer_key: secret(&self.peer_key),
            name: self.settings.name.expose().as_bytes().into(),
            listen_ip,
            lan: u8::from(self.settings.lan),
            verified: self
                .settings
                .verified
                .iter()
                .map(|member| *member.as_bytes())
                .collect(),
            read: self.messages.read_mark(),
            door,
            old_door: self
                .old_door()
                .filter(|_| !removed)
                .map(|(door, until)| OldDoorRecord {
                    door: DoorRecord::of(door),
                    until: until.as_millis(),
                }),
        };
        out.changes
            .put(key(RecordKind::Cell, self.id, &[]), encode(&record));
    }

    pub(super) fn store_invite(&self, invite: &Invite, out: &mut Out) {
        let record = InviteRecord {
            door: DoorRecord::of(&invite.door),
            secret: *invite.secret.expose(),
            expires_at: invite.expires_at.as_millis(),
            state: match invite.state {
                InviteState::Open => 0,
                InviteState::Used => 1,
                InviteState::Expired => 2,
                InviteState::Withdrawn => 3,
            },
        };
        out.changes
            .put(invite_key(self.id, &invite.id), encode(&record));
    }

    /// Deletes every record that holds a key or an envelope: we are no member any more.
    pub(super) fn forget_keys(&mut self, out: &mut Out) {
        out.changes.delete(draft_key(self.id));
        for id in std::mem::take(&mut self.carriers).into_keys() {
            out.changes.delete(carrier_key(self.id, &id));
        }
        for id in std::mem::take(&mut self.invites).into_keys() {
            out.changes.delete(invite_key(self.id, &id));
        }
        for member in std::mem::take(&mut self.cards).into_keys() {
            out.changes.delete(card_key(self.id, &member));
        }
        for member in std::mem::take(&mut self.acks).into_keys() {
            out.changes.delete(ack_key(self.id, &member));
        }
        for member in std::mem::take(&mut self.verdicts).into_keys() {
            out.changes.delete(verdict_key(self.id, &member));
        }
        for log in std::mem::take(&mut self.lost).into_keys() {
            out.changes.delete(lost_key(self.id, &log));
        }
        for log in self.logs.values_mut() {
            log.set_opened(log.position().next);
            let id = log.id();
            for seq in log.clear() {
                out.changes.delete(envelope_key(self.id, &id, seq));
            }
        }
        self.groups.forget_all();
        self.close_attachments(out);
        self.door = Door::new(&mut self.rng);
        self.old_door = None;
        let nobody = SigningKey::from_seed(&Secret::from_bytes([0; 32]));
        self.identity = nobody.clone();
        self.peer_key = nobody;
    }

    /// Marks everything up to a message as read.
    pub(crate) fn mark_read(
        &mut self,
        message: &MessageId,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        let marked = self.messages.mark_read(message);
        marked.ok_or(ErrorKind::NoSuchMessage)?;
        self.store_settings(out);
        Ok(())
    }

    /// Changes what we call the cell.
    pub(crate) fn rename(&mut self, name: CellName, out: &mut Out) {
        self.settings.name = name;
        self.store_settings(out);
    }
}

/// The records of one cell, on their way back to being one.
#[derive(Default)]
pub(crate) struct CellRecords {
    /// A record was none that we write.
    malformed: bool,
    cell: Option<CellRecord>,
    operations: Vec<Operation>,
    groups: Vec<(Vec<u8>, Vec<u8>)>,
    envelopes: Vec<crate::envelope::Envelope>,
    positions: BTreeMap<LogId, Position>,
    messages: Vec<MessageRecord>,
    hidden: Vec<MessageId>,
    /// What they are, message, member, value.
    marks: Vec<(u8, MessageId, MemberId, Vec<u8>)>,
    outgoing: Vec<(u64, Vec<u8>)>,
    calls: Vec<(Vec<u8>, Zeroizing<Vec<u8>>)>,
    cards: Vec<PeerCard>,
    acks: Vec<Ack>,
    audiences: BTreeMap<u64, BTreeSet<MemberId>>,
    lost: Vec<LogId>,
    warnings: BTreeMap<WarningKind, Timestamp>,
    verdicts: BTreeMap<MemberId, Verdict>,
    invites: Vec<(InviteId, InviteRecord)>,
    carriers: Vec<Carrier>,
    attachments: AttachmentRecords,
}

impl CellRecords {
    /// Takes one record. If it is malformed, so is the cell.
    pub(crate) fn push(&mut self, key: &Key, value: Vec<u8>) {
        self.malformed |= self.take(key, value).is_err();
    }

    /// What we call the cell, as far as that can be read.
    pub(crate) fn name(&self, id: &CellId) -> Option<CellName> {
        let record = self.cell.as_ref();
        let text = record.and_then(|record| std::str::from_utf8(record.name.as_slice()).ok());
        text.and_then(|text| CellName::parse(text).ok())
            .or_else(|| unnamed(id))
    }

    fn take(&mut self, key: &Key, value: Vec<u8>) -> Result<(), Malformed> {
        let cell = CellId::from_bytes(*key.scope());
        match key.kind() {
            RecordKind::Cell => self.cell = Some(decode(&value)?),
            RecordKind::Membership => {
                let operation = OperationIn::decode(&value).map_err(|_| Malformed)?;
                self.operations
                    .push(operation.check(&cell).map_err(|_| Malformed)?);
            }
            RecordKind::Group => self.groups.push((key.name().to_vec(), value)),
            RecordKind::Envelope => self.envelopes.push(EnvelopeIn::decode(&value)?.trust()?),
            RecordKind::Log => {
                let log = LogId::from_slice(key.name()).ok_or(Malformed)?;
                self.positions.insert(log, Position::from_bytes(&value)?);
            }
            RecordKind::Message => match StoredMessage::from_bytes(&Zeroizing::new(value))? {
                StoredMessage::Shown(record) => self.messages.push(*record),
                StoredMessage::Hidden => {
                    let id = key.name().try_into().map_err(|_| Malformed)?;
                    self.hidden.push(MessageId::from_bytes(id));
                }
            },
            RecordKind::Mark => self.push_mark(key.name(), value)?,
            RecordKind::Object => self.push_object(cell, key.name(), &value)?,
            RecordKind::Invite => {
                let id = key.name().try_into().map_err(|_| Malformed)?;
                self.invites
                    .push((InviteId::from_bytes(id), decode(&value)?));
            }
            RecordKind::Secret => {
                let record: CarrierRecord = decode(&value)?;
                self.carriers.push(Carrier {
                    key: CarrierKey::from_secret(Secret::from_bytes(record.key)),
                    heads: record.heads.into_iter().map(OpId::from_bytes).collect(),
                });
            }
            RecordKind::Waiting => {
                let number = key.name().try_into().map_err(|_| Malformed)?;
                self.outgoing.push((u64::from_be_bytes(number), value));
            }
            RecordKind::Attachment => self.attachments.push(key.name(), &value)?,
            RecordKind::Call => self
                .calls
                .push((key.name().to_vec(), Zeroizing::new(value))),
            // Read when they are asked for.
            RecordKind::Draft | RecordKind::Piece => {}
            RecordKind::Settings | RecordKind::Channel | RecordKind::Post => {
                return Err(Malformed);
            }
        }
        Ok(())
    }

    fn push_mark(&mut self, name: &[u8], value: Vec<u8>) -> Result<(), Malformed> {
        let (what, ids) = name.split_first().ok_or(Malformed)?;
        let (message, member) = ids.split_first_chunk::<32>().ok_or(Malformed)?;
        let member = member.try_into().map_err(|_| Malformed)?;
        self.marks.push((
            *what,
            MessageId::from_bytes(*message),
            MemberId::from_bytes(member),
            value,
        ));
        Ok(())
    }

    fn push_object(&mut self, cell: CellId, name: &[u8], value: &[u8]) -> Result<(), Malformed> {
        match name.split_first() {
            Some((&CARD, _)) => self.cards.push(PeerCard::check(&cell, value)?),
            Some((&ACK, _)) => self.acks.push(Ack::check(&cell, value)?),
            Some((&AUDIENCE, index)) => {
                let index = u64::from_be_bytes(index.try_into().map_err(|_| Malformed)?);
                let members: Vec<[u8; 32]> = decode(value)?;
                self.audiences.insert(
                    index,
                    members.into_iter().map(MemberId::from_bytes).collect(),
                );
            }
            Some((&LOST, log)) => {
                self.lost.push(LogId::from_slice(log).ok_or(Malformed)?);
            }
            Some((&VERDICT, member)) => self.verdicts.extend([verdicts::restore(member, value)?]),
            Some((&WARNING, kind)) => self.warnings.extend(warnings::restore(kind, value)?),
            Some(_) | None => return Err(Malformed),
        }
        Ok(())
    }

    /// Makes the cell.
    pub(crate) fn restore(
        mut self,
        id: CellId,
        mut rng: Rng,
        rolled_back: bool,
        now: Now,
        out: &mut Out,
    ) -> Result<Cell, Malformed> {
        if self.malformed {
            return Err(Malformed);
        }
        let record = self.cell.take().ok_or(Malformed)?;
        let membership = restore_membership(id, std::mem::take(&mut self.operations))?;
        let log = LogId::from_slice(&record.log).ok_or(Malformed)?;
        let identity = SigningKey::from_seed(&Secret::from_bytes(record.identity));
        let suite = membership.state().suite;
        let groups = std::mem::take(&mut self.groups);
        let groups = Groups::restore(id, suite, identity.clone(), rng.fork(), groups)
            .map_err(|_| Malformed)?;
        let name = std::str::from_utf8(record.name.as_slice()).map_err(|_| Malformed)?;
        let ip = Ipv6Addr::from(record.listen_ip);
        let ip = ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4);
        let parts = Parts {
            identity,
            log,
            peer_key: SigningKey::from_seed(&Secret::from_bytes(record.peer_key)),
            settings: Settings {
                name: CellName::parse(name).map_err(|_| Malformed)?,
                listen: ListenOn { ip, port: 0 },
                lan: record.lan == 1,
                verified: record
                    .verified
                    .into_iter()
                    .map(MemberId::from_bytes)
                    .collect(),
            },
            membership,
            groups,
            door: record.door.door(),
            head: if mutant!(SpeakUnconfirmed) {
                OwnHead::Confirmed
            } else {
                OwnHead::Unconfirmed
            },
            rng,
        };
        let mut cell = Cell::assemble(parts, now);
        cell.presence = match record.presence {
            0 => Presence::In,
            1 => Presence::Left { told: false },
            2 => Presence::Left { told: true },
            3 => Presence::Removed,
            _ => return Err(Malformed),
        };
        cell.old_door = record
            .old_door
            .map(|old| (old.door.door(), Timestamp::from_millis(old.until)));
        let attachments = std::mem::take(&mut self.attachments);
        self.fill(&mut cell, now)?;
        attachments.fill(&mut cell, out);
        cell.messages.restore_read_mark(record.read);
        if rolled_back {
            cell.reset(now, out);
        }
        Ok(cell)
    }

    fn fill(self, cell: &mut Cell, now: Now) -> Result<(), Malformed> {
        for (log, position) in self.positions {
            cell.insert_log(log, position);
            cell.speech.changed.insert(log);
        }
        cell.speech.changed.remove(&cell.log);
        for envelope in self.envelopes {
            let log = cell.logs.get_mut(&envelope.log()).ok_or(Malformed)?;
            log.note_named(envelope.header(), |tag| cell.tags.contains_key(tag));
            log.restore(envelope);
        }
        for message in self.messages {
            cell.messages.restore(message)?;
        }
        for message in self.hidden {
            cell.messages.restore_hidden(message);
        }
        for (what, message, member, value) in self.marks {
            match what {
                REACTION => cell.messages.restore_reaction(message, member, &value)?,
                EARLY => cell.messages.restore_early(message, member, &value)?,
                _ => return Err(Malformed),
            }
        }
        for (number, value) in self.outgoing {
            cell.messages.restore_outgoing(number, &value)?;
        }
        for (name, value) in self.calls {
            cell.calls.restore(&name, &value)?;
        }
        cell.cards = self
            .cards
            .into_iter()
            .map(|card| (card.member, card))
            .collect();
        cell.acks = self
            .acks
            .into_iter()
            .map(|ack| (ack.log.member, ack))
            .collect();
        cell.carriers = self
            .carriers
            .into_iter()
            .map(|carrier| (carrier.key.id(), carrier))
            .collect();
        cell.warnings = self.warnings;
        cell.verdicts = self.verdicts;
        cell.lost = self.lost.into_iter().map(|log| (log, None)).collect();
        for (index, (expected, audience)) in (0_u64..).zip(self.audiences) {
            if index != expected {
                return Err(Malformed);
            }
            cell.audiences.push(audience);
        }
        for (id, record) in self.invites {
            let invite = record.invite(id).ok_or(Malformed)?;
            cell.invites.insert(id, invite);
        }
        cell.known = Arc::clone(&cell.membership.state());
        let known = Arc::clone(&cell.known);
        let out = known.members.iter();
        for (member, _) in out.filter(|(_, info)| info.standing != Standing::Member) {
            cell.watch_removal(*member, now);
        }
        Ok(())
    }
}

impl InviteRecord {
    fn invite(self, id: InviteId) -> Option<Invite> {
        let state = match self.state {
            0 => InviteState::Open,
            1 => InviteState::Used,
            2 => InviteState::Expired,
            3 => InviteState::Withdrawn,
            _ => return None,
        };
        Some(Invite {
            id,
            door: self.door.door(),
            secret: Secret::from_bytes(self.secret),
            expires_at: Timestamp::from_millis(self.expires_at),
            state,
            asked: None,
        })
    }
}

/// What a cell is called before somebody has given it a name.
pub(super) fn unnamed(id: &CellId) -> Option<CellName> {
    let short: String = id.to_hex().chars().take(4).collect();
    CellName::parse(&format!("Cell {short}")).ok()
}

/// Puts the record back together. All of it was in the record when it was stored, so all of it must fit.
fn restore_membership(cell: CellId, operations: Vec<Operation>) -> Result<Membership, Malformed> {
    let count = operations.len();
    let membership = Membership::replay(operations, Some(equivocation)).map_err(|_| Malformed)?;
    let whole = membership.cell() == cell && membership.operations().count() == count;
    if whole {
        Ok(membership)
    } else {
        Err(Malformed)
    }
}
