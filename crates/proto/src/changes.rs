//! What the core asks to be stored. A flat map of keys to bytes: the store knows no cells, only records.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

/// What a record holds. The store uses it only to tell records that are needed at start from those read on demand.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub enum RecordKind {
    /// One cell: identity, names, settings, own incarnation.
    Cell = 1,
    /// One membership operation.
    Membership = 2,
    /// One key and value of the group engine.
    Group = 3,
    /// One envelope that some member may still lack.
    Envelope = 4,
    /// How far one log reaches.
    Log = 5,
    /// One message as it was opened or written.
    Message = 6,
    /// The newest signed object of one member: peer card, ack, key package.
    Object = 7,
    /// One invite that we made.
    Invite = 8,
    /// One reaction, change or deletion that waits to become an envelope.
    Waiting = 9,
    /// One secret shared by the cell or kept for healing.
    Secret = 10,
    /// What a member did to a message: a reaction, or something early.
    Mark = 11,
    /// The text that the person has begun in a cell.
    Draft = 12,
    /// What the person chose for this device. The shell's, not the core's.
    Settings = 13,
    /// A call in a cell, a part of one, or that one was erased.
    Call = 16,
    /// What a message says of its attachment, and how much of it is here.
    Attachment = 20,
    /// One sealed piece of an attachment. Large and many: a store keeps each in a file of its own and shows it only when
    /// it is asked for by its key.
    Piece = 21,
    /// One channel: what its reader knows, what its publisher knows, where others are. Its scope is the channel.
    Channel = 24,
    /// One post of a channel, with the key that opens it.
    Post = 25,
}

impl RecordKind {
    /// Every kind, in order.
    pub const ALL: [Self; 18] = [
        Self::Cell,
        Self::Membership,
        Self::Group,
        Self::Envelope,
        Self::Log,
        Self::Message,
        Self::Object,
        Self::Invite,
        Self::Waiting,
        Self::Secret,
        Self::Mark,
        Self::Draft,
        Self::Settings,
        Self::Call,
        Self::Attachment,
        Self::Piece,
        Self::Channel,
        Self::Post,
    ];
}

/// Names one record: its kind, the scope it belongs to (the id of a cell or a channel, or zeros) and a name unique in that scope.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
pub struct Key {
    kind: RecordKind,
    scope: [u8; 32],
    name: Vec<u8>,
}

impl Key {
    /// The longest name in bytes: a log id (48) and a sequence number (8), with room.
    pub const NAME_LIMIT: usize = 80;

    /// Makes a key. A name over [`Self::NAME_LIMIT`] is our own mistake.
    ///
    /// # Panics
    ///
    /// Panics in debug builds if `name` is over the limit.
    pub fn new(kind: RecordKind, scope: [u8; 32], name: &[u8]) -> Self {
        debug_assert!(
            name.len() <= Self::NAME_LIMIT,
            "record names are built by us and short"
        );
        Self {
            kind,
            scope,
            name: name.to_vec(),
        }
    }

    /// What the record holds.
    pub const fn kind(&self) -> RecordKind {
        self.kind
    }

    /// The cell or the channel it belongs to, or zeros.
    pub const fn scope(&self) -> &[u8; 32] {
        &self.scope
    }

    /// Its name in the scope.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Kind (1 byte), scope (32 bytes), name (the rest).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.kind as u8];
        bytes.extend_from_slice(&self.scope);
        bytes.extend_from_slice(&self.name);
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; nothing if it cannot have been.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        let kind = RecordKind::ALL
            .into_iter()
            .find(|known| *known as u8 == *kind)?;
        let (scope, name) = rest.split_at_checked(32)?;
        if name.len() > Self::NAME_LIMIT {
            return None;
        }
        Some(Self {
            kind,
            scope: scope.try_into().ok()?,
            name: name.to_vec(),
        })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Key({:?}, {:02x}{:02x}..)",
            self.kind, self.scope[0], self.scope[1]
        )
    }
}

/// Writes to be applied together or not at all: each key with its new value, or none to delete it.
#[derive(Clone, Default, PartialEq)]
pub struct Changes(BTreeMap<Key, Option<Zeroizing<Vec<u8>>>>);

impl Changes {
    /// Sets a record.
    pub fn put(&mut self, key: Key, value: Vec<u8>) {
        self.0.insert(key, Some(Zeroizing::new(value)));
    }

    /// Deletes a record, if it is there.
    pub fn delete(&mut self, key: Key) {
        self.0.insert(key, None);
    }

    /// Adds later changes, which win over earlier ones to the same key.
    pub fn merge(&mut self, later: Self) {
        self.0.extend(later.0);
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of records written or deleted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The writes, in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, Option<&[u8]>)> {
        self.0
            .iter()
            .map(|(key, value)| (key, value.as_ref().map(|value| value.as_slice())))
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Changes({} writes)", self.0.len())
    }
}

/// Somewhere to write [`Changes`]. Owned by the core, implemented by the store.
pub trait Persist: Send {
    /// Applies `changes` in one transaction. When it returns `Ok`, they survive a crash and a power cut.
    ///
    /// # Errors
    ///
    /// Fails without having applied anything, or with the profile marked unusable: after an error the driver stops.
    fn persist(&mut self, changes: &Changes) -> Result<(), PersistError>;

    /// Reads one record, as [`crate::Output::Read`] asks: none if it is not there, or not what was written.
    fn read(&mut self, key: &Key) -> Option<Zeroizing<Vec<u8>>>;
}

/// Why changes could not be stored.
#[derive(Debug, thiserror::Error)]
pub enum PersistError {
    /// No room is left.
    #[error("the disk is full; free some space and try again")]
    DiskFull,
    /// What is stored can no longer be trusted.
    #[error("the storage is damaged; restore a backup")]
    Damaged,
    /// The system refused.
    #[error("writing to the profile failed")]
    Io(#[source] std::io::Error),
}
