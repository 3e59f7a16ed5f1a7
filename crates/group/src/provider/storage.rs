//! The records of the engine: a flat map in memory that knows what changed, and can go back.
//!
//! What it is: OpenMLS's `StorageProvider` and the few records of our own. What it is not: durable; the caller takes the
//! changes and stores them with the envelope they belong to, in one transaction. Invariants: between two calls into
//! [`crate::Groups`] no journal is open; keys are at most 64 bytes; no record depends on the clock.

mod engine;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use crypto::{Context, hash};

use openmls::schedule::Psk;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::PskId;

/// Names OpenMLS records by the hash of their key.
const RECORD: Context = Context::new("vigil group record v1");

/// How OpenMLS writes down when it made the secrets of an epoch: the key `added_at` and a map of two.
const ADDED_AT: &[u8] = b"\x68added_at\xa2";

/// That key with nothing in it.
const ADDED_NEVER: &[u8] = b"\x68added_at\xf6";

/// The longest form of the map after [`ADDED_AT`]: two names of 17 letters, a long and a short number.
const MOMENT: usize = 2 * 18 + 9 + 5;

pub(crate) type Value = Zeroizing<Vec<u8>>;

/// A record could not be written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StorageError {
    /// A value has no form in CBOR.
    #[error("a record of the group engine could not be written")]
    Encode,
    /// The bytes are no such record.
    #[error("a record of the group engine could not be read")]
    Decode,
}

/// The records.
#[derive(Default)]
pub(crate) struct Storage {
    records: RefCell<Records>,
    /// The last healing secret that OpenMLS asked for in vain. It reports only that one was missing.
    missing: Cell<Option<PskId>>,
}

#[derive(Default)]
struct Records {
    values: BTreeMap<Vec<u8>, Value>,
    changed: BTreeSet<Vec<u8>>,
    /// What was there before the open attempt, for each record that it touched.
    journal: Option<BTreeMap<Vec<u8>, Option<Value>>>,
}

impl Storage {
    /// Starts from records that were stored. They count as unchanged.
    pub(crate) fn restore(values: BTreeMap<Vec<u8>, Value>) -> Self {
        Self {
            records: RefCell::new(Records {
                values,
                ..Records::default()
            }),
            missing: Cell::new(None),
        }
    }

    /// Whether two records are the same as before is for the caller to say: this gives each that was touched, once.
    pub(crate) fn take_changes(&self) -> Vec<(Vec<u8>, Option<Value>)> {
        let mut records = self.records.borrow_mut();
        let changed = std::mem::take(&mut records.changed);
        changed
            .into_iter()
            .map(|key| {
                let value = records.values.get(&key).cloned();
                (key, value)
            })
            .collect()
    }

    /// Runs `attempt`; if it fails, every record is as it was.
    pub(crate) fn attempt<T, E>(&self, attempt: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.records.borrow_mut().journal = Some(BTreeMap::new());
        let result = attempt();
        let mut records = self.records.borrow_mut();
        let journal = records.journal.take().unwrap_or_default();
        if result.is_ok() {
            records.changed.extend(journal.into_keys());
        } else {
            records.undo(journal);
        }
        result
    }

    pub(crate) fn put_bytes(&self, key: Vec<u8>, value: Vec<u8>) {
        self.records
            .borrow_mut()
            .set(key, Some(Zeroizing::new(value)));
    }

    pub(crate) fn delete(&self, key: Vec<u8>) {
        self.records.borrow_mut().set(key, None);
    }

    /// Deletes everything.
    pub(crate) fn clear(&self) {
        let mut records = self.records.borrow_mut();
        let keys: Vec<Vec<u8>> = records.values.keys().cloned().collect();
        for key in keys {
            records.set(key, None);
        }
    }

    pub(crate) fn missing(&self) -> Option<PskId> {
        self.missing.get()
    }

    pub(crate) fn clear_missing(&self) {
        self.missing.set(None);
    }

    fn note_missing(&self, psk: &impl Serialize) {
        let name = ciborium::Value::serialized(psk)
            .ok()
            .and_then(|value| value.deserialized::<Psk>().ok());
        if let Some(Psk::External(external)) = name {
            self.missing.set(PskId::from_slice(external.psk_id()));
        }
    }

    fn put(&self, key: Vec<u8>, value: &impl Serialize) -> Result<(), StorageError> {
        let old = self
            .records
            .borrow()
            .values
            .get(&key)
            .map_or(0, |value| value.len());
        // Room for what is likely written, so that growing leaves no copies of keys behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(old + old / 4 + 512));
        ciborium::into_writer(value, &mut *bytes).map_err(|_| StorageError::Encode)?;
        forget_moment(&mut bytes);
        self.records.borrow_mut().set(key, Some(bytes));
        Ok(())
    }

    fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StorageError> {
        let records = self.records.borrow();
        let value = records.values.get(key);
        value
            .map(|value| ciborium::from_reader(value.as_slice()).map_err(|_| StorageError::Decode))
            .transpose()
    }
}

impl Records {
    fn set(&mut self, key: Vec<u8>, value: Option<Value>) {
        if self.values.get(&key) == value.as_ref() {
            return;
        }
        let old = match value {
            Some(value) => self.values.insert(key.clone(), value),
            None => self.values.remove(&key),
        };
        match &mut self.journal {
            Some(journal) => {
                journal.entry(key).or_insert(old);
            }
            None => {
                self.changed.insert(key);
            }
        }
    }

    fn undo(&mut self, journal: BTreeMap<Vec<u8>, Option<Value>>) {
        for (key, old) in journal {
            match old {
                Some(value) => self.values.insert(key, value),
                None => self.values.remove(&key),
            };
        }
    }
}

/// The key of an OpenMLS record: what it is, and a hash over what names it.
fn record_key(label: u8, name: &impl Serialize) -> Result<Vec<u8>, StorageError> {
    let mut bytes = Vec::with_capacity(128);
    ciborium::into_writer(name, &mut bytes).map_err(|_| StorageError::Encode)?;
    let mut key = vec![label];
    key.extend_from_slice(&hash(RECORD, &[&[label], &bytes]));
    Ok(key)
}

/// OpenMLS reads the clock when an epoch begins and keeps the moment at the very end of the epoch's secrets, for a rule
/// about past epochs that we do not use. A record that says when somebody was active, and differs from run to run, is
/// worth cutting off.
fn forget_moment(bytes: &mut Vec<u8>) {
    let from = bytes.len().saturating_sub(ADDED_AT.len() + MOMENT);
    let tail = bytes.get(from..).unwrap_or_default();
    if let Some(at) = tail
        .windows(ADDED_AT.len())
        .rposition(|window| window == ADDED_AT)
    {
        bytes.truncate(from + at);
        bytes.extend_from_slice(ADDED_NEVER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_attempt_leaves_every_record_and_change_as_it_was() {
        let storage = Storage::default();
        storage.put_bytes(b"kept".to_vec(), b"one".to_vec());
        storage.take_changes();
        let failed: Result<(), ()> = storage.attempt(|| {
            storage.put_bytes(b"kept".to_vec(), b"two".to_vec());
            storage.put_bytes(b"kept".to_vec(), b"three".to_vec());
            storage.put_bytes(b"new".to_vec(), b"four".to_vec());
            storage.delete(b"kept".to_vec());
            Err(())
        });
        assert_eq!(failed, Err(()));
        assert_eq!(storage.take_changes(), []);
        assert_eq!(storage.records.borrow().values.len(), 1);
        assert_eq!(
            storage.records.borrow().values[&b"kept".to_vec()].as_slice(),
            b"one"
        );
    }

    #[test]
    fn changes_are_given_once_and_only_if_they_are_any() {
        let storage = Storage::default();
        storage.put_bytes(b"a".to_vec(), b"one".to_vec());
        storage.put_bytes(b"a".to_vec(), b"two".to_vec());
        let changes = storage.take_changes();
        assert_eq!(
            changes,
            [(b"a".to_vec(), Some(Zeroizing::new(b"two".to_vec())))]
        );
        storage.put_bytes(b"a".to_vec(), b"two".to_vec());
        storage.delete(b"b".to_vec());
        assert_eq!(storage.take_changes(), []);
        storage.clear();
        assert_eq!(storage.take_changes(), [(b"a".to_vec(), None)]);
    }
}
