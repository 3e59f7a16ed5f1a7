//! A member's own program: it signs with a member's keys whatever a story wants, written from docs/PROTOCOL.md and not
//! with the core's code.

use crypto::{Context, Label, Secret, SigningKey, hash};
use model::CellId;
use proto::{Input, Link, RecordKind};

use crate::world::{Name, World};

const OPERATION: Label = Label::new("vigil/membership/v1");
const OPERATION_ID: Context = Context::new("vigil membership operation v1");
const HEADER: Label = Label::new("vigil/header/v1");
const ENVELOPE_ID: Context = Context::new("vigil envelope id v1");
const PAYLOAD: Context = Context::new("vigil envelope payload v1");
const TAG: Context = Context::new("vigil log tag v1");
const ACK: Label = Label::new("vigil/ack/v1");

pub(crate) type Id = [u8; 32];
pub(crate) type Tag = [u8; 16];
/// How far a copy of a log reaches: tag, next, head.
pub(crate) type Reach = (Tag, u64, Tag);

/// What a member holds in one cell.
pub(crate) struct Mallory {
    pub(crate) cell: CellId,
    key: SigningKey,
    pub(crate) life: [u8; 16],
    pub(crate) link: Link,
}

/// What an envelope says apart from its payload.
pub(crate) struct Header {
    pub(crate) life: [u8; 16],
    pub(crate) seq: u64,
    pub(crate) previous: Id,
    pub(crate) order: u64,
    pub(crate) seen: Vec<Reach>,
    pub(crate) heads: Vec<Id>,
    pub(crate) kind: u8,
}

impl Mallory {
    /// Takes the keys from somebody's disk.
    pub(crate) fn of(world: &World, name: Name, cell: CellId) -> Self {
        let record = world.people[name]
            .disk
            .iter()
            .find(|(key, _)| key.kind() == RecordKind::Cell && key.scope() == cell.as_bytes())
            .expect("a member has a record of the cell")
            .1;
        let seed: [u8; 32] = record[1..33].try_into().unwrap();
        Self {
            cell,
            key: SigningKey::from_seed(&Secret::from_bytes(seed)),
            life: record[65..81].try_into().unwrap(),
            link: world.end(name, cell).expect("they are online"),
        }
    }

    /// Somebody who exists only on this device, and speaks through it.
    pub(crate) fn puppet(&self, number: u8) -> Self {
        Self {
            cell: self.cell,
            key: SigningKey::from_seed(&Secret::from_bytes([number; 32])),
            life: [0; 16],
            link: self.link,
        }
    }

    pub(crate) fn id(&self) -> Id {
        self.key.verifying_key().to_bytes()
    }

    /// Sends items to somebody in one frame, over the connection that there is.
    pub(crate) fn send(&self, world: &mut World, to: Name, items: &[Vec<u8>]) {
        world.feed(to, Input::Frame(self.link, items.concat()), usize::MAX);
        world.settle();
    }

    /// An operation: its id, and the item.
    pub(crate) fn operation(&self, life: [u8; 16], parents: &[Id], action: &[u8]) -> (Id, Vec<u8>) {
        let mut parents = parents.to_vec();
        parents.sort_unstable();
        let body = [
            self.cell.as_bytes().as_slice(),
            &self.id(),
            &life,
            &vector(&parents.concat()),
            action,
        ]
        .concat();
        let signature = self.key.sign(OPERATION, &body);
        let item = item(3, &vector(&[body.as_slice(), &signature].concat()));
        (hash(OPERATION_ID, &[&body]), item)
    }

    /// An envelope: its id, and the item.
    pub(crate) fn envelope(&self, header: &Header, payload: &[u8]) -> (Id, Vec<u8>) {
        let header = [
            &[1],
            self.cell.as_bytes().as_slice(),
            &self.id(),
            &header.life,
            &header.seq.to_be_bytes(),
            &header.previous,
            &header.order.to_be_bytes(),
            &reaches(&header.seen),
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

    /// An ack: far in the future, so that no honest one replaces it.
    pub(crate) fn ack(&self, entries: &[(Tag, u64)]) -> Vec<u8> {
        let entries: Vec<u8> = entries
            .iter()
            .flat_map(|(tag, next)| [tag.as_slice(), &next.to_be_bytes()].concat())
            .collect();
        let body = [
            self.cell.as_bytes().as_slice(),
            &self.id(),
            &self.life,
            &(1_u64 << 60).to_be_bytes(),
            // One start, and no answer to anybody's.
            &[0; 16],
            &vector(&entries),
            &vector(&[]),
        ]
        .concat();
        let signature = self.key.sign(ACK, &body);
        let signed = [vector(&body).as_slice(), &signature, &[0]].concat();
        item(5, &vector(&signed))
    }

    pub(crate) fn frontier(&self, pull: u8, entries: &[Reach], heads: &[Id]) -> Vec<u8> {
        item(
            1,
            &[
                &[pull],
                reaches(entries).as_slice(),
                &vector(&heads.concat()),
            ]
            .concat(),
        )
    }
}

/// The tag of a log.
pub(crate) fn tag(cell: CellId, member: &Id, life: &[u8; 16]) -> Tag {
    let log = [member.as_slice(), life].concat();
    hash(TAG, &[cell.as_bytes(), &log])[..16]
        .try_into()
        .unwrap()
}

/// Where somebody's own log stands: the next number, the last envelope, and its order.
pub(crate) fn position(world: &World, name: Name, author: &Mallory) -> (u64, Id, u64) {
    let log = [author.id().as_slice(), &author.life].concat();
    let record = world.people[name]
        .disk
        .iter()
        .find(|(key, _)| key.kind() == RecordKind::Log && key.name() == log)
        .expect("a log has a position")
        .1;
    let number = |at: usize| u64::from_be_bytes(record[at..at + 8].try_into().unwrap());
    (number(0), record[8..40].try_into().unwrap(), number(40))
}

/// The newest operations that somebody has.
pub(crate) fn heads(world: &World, name: Name, cell: CellId) -> Vec<Id> {
    let records = world.people[name]
        .disk
        .iter()
        .filter(|(key, _)| key.kind() == RecordKind::Membership && key.scope() == cell.as_bytes());
    let operations: Vec<(Id, Vec<Id>)> = records
        .map(|(key, bytes)| {
            let (len, from) = length(&bytes[80..]);
            let parents = bytes[80 + from..80 + from + len].chunks(32);
            let parents = parents.map(|parent| parent.try_into().unwrap()).collect();
            (key.name().try_into().unwrap(), parents)
        })
        .collect();
    let named = |id: &Id| operations.iter().any(|(_, parents)| parents.contains(id));
    let ids = operations.iter().map(|(id, _)| *id);
    ids.filter(|id| !named(id)).collect()
}

/// The newest envelope of a log that somebody holds, as an item.
pub(crate) fn newest(world: &World, name: Name, author: &Mallory) -> Vec<u8> {
    let log = [author.id().as_slice(), &author.life].concat();
    let of_log =
        |key: &proto::Key| key.kind() == RecordKind::Envelope && key.name().starts_with(&log);
    let mut records = world.people[name].disk.iter();
    let (_, bytes) = records.rfind(|(key, _)| of_log(key)).expect("it is held");
    item(2, &vector(bytes))
}

/// Action 6: a new life, with a key package that nobody can use.
pub(crate) fn reset(life: [u8; 16]) -> Vec<u8> {
    reset_with(life, b"none")
}

pub(crate) fn reset_with(life: [u8; 16], key_package: &[u8]) -> Vec<u8> {
    [&[6], life.as_slice(), &vector(key_package)].concat()
}

/// Action 2: lets a puppet in.
pub(crate) fn add(puppet: &Mallory, name: &str) -> Vec<u8> {
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

/// An item of something that is stored as it is sent: 2 an envelope, 4 a card.
pub(crate) fn stored_item(kind: u8, bytes: &[u8]) -> Vec<u8> {
    item(kind, &vector(bytes))
}

/// Action 4.
pub(crate) fn vote(against: &Id) -> Vec<u8> {
    [&[4], against.as_slice()].concat()
}

fn item(kind: u8, fields: &[u8]) -> Vec<u8> {
    [&[kind], fields].concat()
}

fn reaches(entries: &[Reach]) -> Vec<u8> {
    let entries = entries
        .iter()
        .flat_map(|(tag, next, head)| [tag.as_slice(), &next.to_be_bytes(), head].concat());
    vector(&entries.collect::<Vec<u8>>())
}

/// Bytes behind their length (RFC 9420 §2.1.2).
fn vector(bytes: &[u8]) -> Vec<u8> {
    let len = u32::try_from(bytes.len()).unwrap();
    let mut encoded = match len {
        0..=63 => vec![u8::try_from(len).unwrap()],
        64..=16_383 => (u16::try_from(len).unwrap() | 0x4000)
            .to_be_bytes()
            .to_vec(),
        _ => (len | 0x8000_0000).to_be_bytes().to_vec(),
    };
    encoded.extend_from_slice(bytes);
    encoded
}

/// A length and how many bytes it takes.
pub(crate) fn length(bytes: &[u8]) -> (usize, usize) {
    match bytes[0] >> 6 {
        0 => (bytes[0].into(), 1),
        1 => (
            (u16::from_be_bytes([bytes[0], bytes[1]]) & 0x3fff).into(),
            2,
        ),
        _ => {
            let long = u32::from_be_bytes(bytes[..4].try_into().unwrap()) & 0x3fff_ffff;
            (usize::try_from(long).unwrap(), 4)
        }
    }
}

/// Item 16: asks for a piece of an attachment.
pub(crate) fn want(message: &Id, index: u32) -> Vec<u8> {
    item(16, &[message.as_slice(), &index.to_be_bytes()].concat())
}

/// Item 17: gives a piece of an attachment.
pub(crate) fn piece(message: &Id, index: u32, bytes: &[u8]) -> Vec<u8> {
    let bytes = vector(bytes);
    item(
        17,
        &[message.as_slice(), &index.to_be_bytes(), &bytes].concat(),
    )
}
