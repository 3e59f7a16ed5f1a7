//! A member's own program: it signs with a member's keys whatever is wanted, written from docs/PROTOCOL.md and not with
//! the core's code.

use crypto::{Context, Label, Secret, SigningKey, hash};
use model::CellId;
use proto::RecordKind;

use crate::wire;
use crate::world::{Who, World};

const OPERATION: Label = Label::new("vigil/membership/v1");
const OPERATION_ID: Context = Context::new("vigil membership operation v1");
const HEADER: Label = Label::new("vigil/header/v1");
const ENVELOPE_ID: Context = Context::new("vigil envelope id v1");
const PAYLOAD: Context = Context::new("vigil envelope payload v1");

pub(crate) type Id = [u8; 32];
/// How far a copy of a log reaches: tag, next, head.
pub(crate) type Reach = ([u8; 16], u64, [u8; 16]);

/// What a member holds in one cell.
pub(crate) struct Forger {
    pub(crate) who: Who,
    cell: CellId,
    key: SigningKey,
    life: [u8; 16],
}

/// What an envelope says apart from its author and payload.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) seq: u64,
    pub(crate) previous: Id,
    pub(crate) order: u64,
    pub(crate) seen: Vec<Reach>,
    pub(crate) heads: Vec<Id>,
    pub(crate) kind: u8,
}

impl Forger {
    /// Takes the keys from somebody's disk.
    pub(crate) fn of(world: &World, who: Who, cell: CellId) -> Option<Self> {
        let (_, record) = world
            .disk(who)?
            .of_kind(RecordKind::Cell, cell.as_bytes())
            .next()?;
        let seed: [u8; 32] = record.get(1..33)?.try_into().ok()?;
        let life = record.get(65..81)?.try_into().ok()?;
        let key = SigningKey::from_seed(&Secret::from_bytes(seed));
        Some(Self {
            who,
            cell,
            key,
            life,
        })
    }

    /// Somebody who exists only in this program.
    pub(crate) fn puppet(&self, number: u8) -> Self {
        let mut seed = [number; 32];
        seed[..4].copy_from_slice(&self.who.0.to_be_bytes());
        let key = SigningKey::from_seed(&Secret::from_bytes(seed));
        Self {
            who: self.who,
            cell: self.cell,
            key,
            life: [0; 16],
        }
    }

    pub(crate) fn id(&self) -> Id {
        self.key.verifying_key().to_bytes()
    }

    /// An operation of our own: its id, and the item.
    pub(crate) fn operation(&self, parents: &[Id], action: &[u8]) -> (Id, Vec<u8>) {
        self.operation_as(&self.id(), &self.life, parents, action)
    }

    /// An operation that names somebody as its author.
    pub(crate) fn operation_as(
        &self,
        author: &Id,
        life: &[u8; 16],
        parents: &[Id],
        action: &[u8],
    ) -> (Id, Vec<u8>) {
        let mut parents = parents.to_vec();
        parents.sort_unstable();
        let body = [
            self.cell.as_bytes().as_slice(),
            author,
            life,
            &vector(&parents.concat()),
            action,
        ]
        .concat();
        let signature = self.key.sign(OPERATION, &body);
        let item = item(3, &vector(&[body.as_slice(), &signature].concat()));
        (hash(OPERATION_ID, &[&body]), item)
    }

    /// An envelope of our own log: its id, and the item.
    pub(crate) fn envelope(&self, header: &Header, payload: &[u8]) -> (Id, Vec<u8>) {
        self.envelope_as(&self.id(), &self.life, header, payload)
    }

    /// An envelope that names somebody as its author.
    pub(crate) fn envelope_as(
        &self,
        author: &Id,
        life: &[u8; 16],
        header: &Header,
        payload: &[u8],
    ) -> (Id, Vec<u8>) {
        let seen = header.seen.iter();
        let seen: Vec<u8> = seen
            .flat_map(|(tag, next, head)| [tag.as_slice(), &next.to_be_bytes(), head].concat())
            .collect();
        let header = [
            &[1],
            self.cell.as_bytes().as_slice(),
            author,
            life,
            &header.seq.to_be_bytes(),
            &header.previous,
            &header.order.to_be_bytes(),
            &vector(&seen),
            &vector(&header.heads.concat()),
            &[header.kind],
            &[0; 8],
            &[0; 4],
            &hash(PAYLOAD, &[payload]),
        ]
        .concat();
        let signature = self.key.sign(HEADER, &header);
        let envelope = [
            vector(&header).as_slice(),
            &signature,
            vector(payload).as_slice(),
        ]
        .concat();
        (hash(ENVELOPE_ID, &[&header]), item(2, &vector(&envelope)))
    }

    /// Where our own log stands on our disk: the next number, the last envelope, and its order.
    pub(crate) fn position(&self, world: &World) -> Option<(u64, Id, u64)> {
        let log = [self.id().as_slice(), &self.life].concat();
        let disk = world.disk(self.who)?;
        let mut logs = disk.of_kind(RecordKind::Log, self.cell.as_bytes());
        let (_, record) = logs.find(|(key, _)| key.name() == log)?;
        let number = |at: usize| Some(u64::from_be_bytes(record.get(at..at + 8)?.try_into().ok()?));
        Some((number(0)?, record.get(8..40)?.try_into().ok()?, number(40)?))
    }

    /// Logs of others that are on our disk: whose, and which life.
    pub(crate) fn logs(&self, world: &World) -> Vec<(Id, [u8; 16])> {
        let Some(disk) = world.disk(self.who) else {
            return Vec::new();
        };
        let logs = disk.of_kind(RecordKind::Log, self.cell.as_bytes());
        let names = logs.filter_map(|(key, _)| {
            let (member, life) = key.name().split_at_checked(32)?;
            Some((member.try_into().ok()?, life.try_into().ok()?))
        });
        names.filter(|(member, _)| *member != self.id()).collect()
    }

    /// The others.
    pub(crate) fn members(&self, world: &World) -> Vec<Id> {
        let members = world
            .node(self.who)
            .and_then(|node| node.members(self.cell))
            .unwrap_or_default();
        members
            .iter()
            .filter(|member| !member.is_self)
            .map(|member| *member.member.as_bytes())
            .collect()
    }

    /// The newest operations on our disk.
    pub(crate) fn heads(&self, world: &World) -> Vec<Id> {
        let operations = self.operations(world);
        let named = |id: &Id| operations.iter().any(|(_, parents)| parents.contains(id));
        operations
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| !named(id))
            .collect()
    }

    /// The first operation of all.
    pub(crate) fn genesis(&self, world: &World) -> Option<Id> {
        let operations = self.operations(world);
        operations
            .iter()
            .find(|(_, parents)| parents.is_empty())
            .map(|(id, _)| *id)
    }

    fn operations(&self, world: &World) -> Vec<(Id, Vec<Id>)> {
        let Some(disk) = world.disk(self.who) else {
            return Vec::new();
        };
        let records = disk.of_kind(RecordKind::Membership, self.cell.as_bytes());
        let read = |(key, bytes): (&proto::Key, &Vec<u8>)| {
            let (parents, _) = wire::vector(bytes.get(80..)?)?;
            let parents = parents
                .chunks_exact(32)
                .filter_map(|parent| parent.try_into().ok());
            Some((key.name().try_into().ok()?, parents.collect()))
        };
        records.filter_map(read).collect()
    }
}

/// Action 2: lets a puppet in, with a key package that nobody can use.
pub(crate) fn add(puppet: &Forger, name: &str) -> Vec<u8> {
    [
        &[2],
        puppet.id().as_slice(),
        &puppet.life,
        &vector(name.as_bytes()),
        &vector(b"none"),
        &[1],
    ]
    .concat()
}

fn item(kind: u8, fields: &[u8]) -> Vec<u8> {
    [&[kind], fields].concat()
}

/// Bytes behind their length (RFC 9420 §2.1.2).
fn vector(bytes: &[u8]) -> Vec<u8> {
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let [a, b, c, d] = len.to_be_bytes();
    let mut encoded = match len {
        0..=63 => vec![d],
        64..=16_383 => vec![c | 0x40, d],
        _ => vec![a | 0x80, b, c, d],
    };
    encoded.extend_from_slice(bytes);
    encoded
}
