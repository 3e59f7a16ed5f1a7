//! What a device has written durably.

use std::collections::BTreeMap;

use proto::{Changes, Key, RecordKind};

/// The records of one device.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    records: BTreeMap<Key, Vec<u8>>,
    /// Whether the next write fails.
    pub full: bool,
}

impl Disk {
    /// Writes all of it or nothing; false if there is no room.
    pub(crate) fn persist(&mut self, changes: &Changes) -> bool {
        if self.full {
            return false;
        }
        for (key, value) in changes.iter() {
            match value {
                Some(value) => self.records.insert(key.clone(), value.to_vec()),
                None => self.records.remove(key),
            };
        }
        true
    }

    /// Everything, in key order.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = (&Key, &Vec<u8>)> {
        self.records.iter()
    }

    /// What is there of one kind in one scope.
    pub fn of_kind<'a>(
        &'a self,
        kind: RecordKind,
        scope: &'a [u8; 32],
    ) -> impl DoubleEndedIterator<Item = (&'a Key, &'a Vec<u8>)> {
        let first = Key::new(kind, *scope, &[]);
        let ours = move |key: &Key| key.kind() == kind && key.scope() == scope;
        self.records
            .range(first..)
            .take_while(move |(key, _)| ours(key))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// One record.
    pub fn get(&self, key: &Key) -> Option<&Vec<u8>> {
        self.records.get(key)
    }

    /// Whether nothing was ever written.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Bytes of all keys and values.
    pub fn bytes(&self) -> usize {
        let size = |(key, value): (&Key, &Vec<u8>)| key.name().len() + 33 + value.len();
        self.records.iter().map(size).sum()
    }
}
