//! The store that simulations use: same contract, no disk, no keys.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use proto::{Changes, Key, Persist, PersistError, RecordKind};
use zeroize::Zeroizing;

use crate::error::ReadError;
use crate::step::{Step, Steps};
use crate::{Persister, Store};

type Records = BTreeMap<Key, Zeroizing<Vec<u8>>>;

/// Records in memory. Cloning gives another handle on the same ones: keep one to "restart" with after a simulated crash.
#[derive(Clone, Default)]
pub struct MemoryStore {
    records: Arc<Mutex<Records>>,
    steps: Steps,
}

impl MemoryStore {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    #[cfg(test)]
    pub(crate) fn watched(&self, steps: Steps) -> Self {
        Self {
            records: Arc::clone(&self.records),
            steps,
        }
    }

    fn with<T>(&self, action: impl FnOnce(&mut Records) -> T) -> T {
        action(&mut self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store for MemoryStore {
    /// Shows the records in key order, so that simulations repeat.
    fn load(&self, each: &mut dyn FnMut(Key, Zeroizing<Vec<u8>>)) -> Result<(), ReadError> {
        let records = self.with(|records| records.clone());
        records
            .into_iter()
            .filter(|(key, _)| key.kind() != RecordKind::Piece)
            .for_each(|(key, value)| each(key, value));
        Ok(())
    }

    fn get(&self, key: &Key) -> Result<Option<Zeroizing<Vec<u8>>>, ReadError> {
        Ok(self.with(|records| records.get(key).cloned()))
    }

    fn persist(&self, changes: &Changes) -> Result<(), PersistError> {
        crate::assert_bounded(changes);
        let apply = || {
            self.with(|records| {
                for (key, value) in changes.iter() {
                    match value {
                        Some(value) => {
                            records.insert(key.clone(), Zeroizing::new(value.to_vec()));
                        }
                        None => {
                            records.remove(key);
                        }
                    }
                }
            });
            Ok(())
        };
        self.steps.run(Step::Apply, apply).map_err(PersistError::Io)
    }

    fn persister(&self) -> Box<dyn Persist> {
        Box::new(Persister(self.clone()))
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryStore(..)")
    }
}
