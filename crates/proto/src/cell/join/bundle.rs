//! What an inviter hands over to whom it lets in.

use std::collections::BTreeMap;

use crypto::Secret;
use model::{CellName, LogId, MemberId, OpId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::carrier::CarrierKey;
use crate::cell::{Carrier, Cell, records};
use crate::config::LOGS_PER_CELL;
use crate::log::Position;
use crate::membership::Standing;
use crate::node::Now;
use crate::objects::Ack;
use crate::out::Out;
use crate::wire::{Bytes, Malformed, encode};

/// The greatest order or seq that a log can have reached by honest means, with all the room in the world.
const FLOOR_MAX: u64 = 1 << 62;

/// What the inviter hands over: all that a member needs to take part from here on, and nothing from before.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct JoinBundle {
    /// What the inviter calls the cell; the newcomer begins with it.
    name: Bytes,
    pub(super) operations: Vec<Bytes>,
    pub(super) floors: Vec<Floor>,
    cards: Vec<Bytes>,
    acks: Vec<Bytes>,
    pub(super) carriers: Vec<CarrierPart>,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Floor {
    log: [u8; LogId::LEN],
    next: u64,
    head: [u8; 32],
    order: u64,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct CarrierPart {
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
pub(in crate::cell) fn decode_only(bytes: &[u8]) {
    if let Ok(bundle) = crate::wire::decode::<JoinBundle>(bytes) {
        assert!(encode(&bundle) == bytes);
    }
}

impl JoinBundle {
    /// What this cell hands over now.
    pub(in crate::cell) fn of(cell: &Cell) -> Self {
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

    pub(in crate::cell) fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// What the inviter calls the cell, if that can be a name.
    pub(super) fn called(&self) -> Option<CellName> {
        let name = std::str::from_utf8(self.name.as_slice()).ok()?;
        CellName::parse(name).ok()
    }
}

impl Cell {
    pub(super) fn take_bundle(
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
