//! Secrets of path commits, which others inject so that a thief of one member's state falls behind (PROTOCOL §3).
//!
//! Each is exported at the moment its commit is merged, because it cannot be derived later, and kept by everybody in
//! that group, its owner included: any of them may inject it, and then all of them need it.

use std::collections::{BTreeMap, BTreeSet};

use crypto::Secret;
use model::LogId;
use openmls::group::MlsGroup;
use openmls::schedule::{ExternalPsk, PreSharedKeyId, Psk};
use openmls_traits::storage::StorageProvider;

use crate::provider::{Algorithms, Provider, Storage, StorageError};

/// How many secrets of one log are kept. A member far behind may still meet an injection of one this old; at a path
/// commit per hundred messages, that is 25,000 messages of its owner.
const KEPT_PER_LOG: usize = 256;

/// First byte of the records here. OpenMLS's own begin with small numbers.
const RECORD: u8 = 0x82;

const EXPORT_LABEL: &str = "dmls-psk";

/// Names the healing secret that one path commit brought.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PskId {
    /// The log whose owner made the path commit.
    pub log: LogId,
    /// The epoch that it began.
    pub epoch: u64,
}

impl PskId {
    const LEN: usize = LogId::LEN + 8;

    fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        let (log, epoch) = bytes.split_at_mut(LogId::LEN);
        log.copy_from_slice(&self.log.to_bytes());
        epoch.copy_from_slice(&self.epoch.to_be_bytes());
        bytes
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let (log, epoch) = bytes.split_at_checked(LogId::LEN)?;
        Some(Self {
            log: LogId::from_slice(log)?,
            epoch: u64::from_be_bytes(epoch.try_into().ok()?),
        })
    }

    fn psk(self) -> Psk {
        Psk::External(ExternalPsk::new(self.to_bytes().to_vec()))
    }

    /// What a commit names it by. The nonce, fresh each time, is the caller's.
    pub(crate) fn to_proposal(self, nonce: Vec<u8>) -> PreSharedKeyId {
        PreSharedKeyId::external(self.to_bytes().to_vec(), nonce)
    }

    fn record_key(self) -> Vec<u8> {
        let mut key = vec![RECORD];
        key.extend_from_slice(&self.to_bytes());
        key
    }
}

/// What is known of a kept secret besides the secret itself, which lies where OpenMLS looks for it.
struct Kept {
    injected: bool,
    /// Who has it besides its owner. Only the newest of a log is ever injected, so older ones forget it.
    holders: BTreeSet<LogId>,
}

/// Which secrets are kept, in order of log and epoch.
#[derive(Default)]
pub(crate) struct HealingSecrets(BTreeMap<PskId, Kept>);

impl HealingSecrets {
    /// Takes in a stored record. `None` if it is not one of these or is damaged.
    pub(crate) fn restore(&mut self, key: &[u8], value: &[u8]) -> Option<()> {
        let (&RECORD, id) = key.split_first()? else {
            return None;
        };
        let (&injected, mut rest) = value.split_first()?;
        let mut holders = BTreeSet::new();
        while !rest.is_empty() {
            let (holder, more) = rest.split_at_checked(LogId::LEN)?;
            holders.insert(LogId::from_slice(holder)?);
            rest = more;
        }
        self.0.insert(
            PskId::from_slice(id)?,
            Kept {
                injected: injected == 1,
                holders,
            },
        );
        Some(())
    }

    /// Keeps the secret of the epoch that a path commit of `log` just began.
    pub(crate) fn keep(
        &mut self,
        log: LogId,
        group: &MlsGroup,
        holders: BTreeSet<LogId>,
        provider: &Provider,
    ) -> Result<(), StorageError> {
        let id = PskId {
            log,
            epoch: group.epoch().as_u64(),
        };
        let secret = export(group, &provider.algorithms).ok_or(StorageError::Encode)?;
        let name = id.to_proposal(Vec::new());
        name.store(provider, secret.expose())
            .map_err(|_| StorageError::Encode)?;
        if let Some((older, kept)) = self.of_log_mut(&log).next_back() {
            kept.holders.clear();
            write(&provider.storage, *older, kept);
        }
        let kept = Kept {
            injected: false,
            holders,
        };
        write(&provider.storage, id, &kept);
        self.0.insert(id, kept);
        let surplus = self.of_log_mut(&log).count().saturating_sub(KEPT_PER_LOG);
        let oldest: Vec<PskId> = self
            .of_log_mut(&log)
            .take(surplus)
            .map(|(id, _)| *id)
            .collect();
        for id in oldest {
            provider.storage.delete_psk(&id.psk())?;
            provider.storage.delete(id.record_key());
            self.0.remove(&id);
        }
        Ok(())
    }

    pub(crate) fn has(&self, id: &PskId) -> bool {
        self.0.contains_key(id)
    }

    /// The newest secret of each log that `wanted` names, if everybody in `roster` has it and it was not injected yet.
    pub(crate) fn injectable(
        &self,
        roster: &BTreeSet<LogId>,
        wanted: &dyn Fn(&LogId) -> bool,
    ) -> Vec<PskId> {
        let mut newest: BTreeMap<LogId, (PskId, &Kept)> = BTreeMap::new();
        for (id, kept) in &self.0 {
            newest.insert(id.log, (*id, kept));
        }
        let has = |owner: &LogId, kept: &Kept, reader: &LogId| {
            reader == owner || kept.holders.contains(reader) || mutant!(InjectUnheld)
        };
        newest
            .into_values()
            .filter(|(id, kept)| {
                !kept.injected
                    && wanted(&id.log)
                    && roster.iter().all(|reader| has(&id.log, kept, reader))
            })
            .map(|(id, _)| id)
            .collect()
    }

    pub(crate) fn mark_injected(&mut self, ids: &[PskId], storage: &Storage) {
        for id in ids {
            if let Some(kept) = self.0.get_mut(id) {
                kept.injected = true;
                write(storage, *id, kept);
            }
        }
    }

    fn of_log_mut(&mut self, log: &LogId) -> impl DoubleEndedIterator<Item = (&PskId, &mut Kept)> {
        self.0.range_mut(
            PskId {
                log: *log,
                epoch: 0,
            }..=PskId {
                log: *log,
                epoch: u64::MAX,
            },
        )
    }
}

/// The secret of the group's present epoch, bound to the group and the epoch.
fn export(group: &MlsGroup, algorithms: &Algorithms) -> Option<Secret<32>> {
    let mut context = group.epoch().as_u64().to_be_bytes().to_vec();
    context.extend_from_slice(group.group_id().as_slice());
    let secret = zeroize::Zeroizing::new(
        group
            .export_secret(algorithms, EXPORT_LABEL, &context, 32)
            .ok()?,
    );
    Some(Secret::from_bytes(secret.as_slice().try_into().ok()?))
}

fn write(storage: &Storage, id: PskId, kept: &Kept) {
    let mut value = vec![u8::from(kept.injected)];
    for holder in &kept.holders {
        value.extend_from_slice(&holder.to_bytes());
    }
    storage.put_bytes(id.record_key(), value);
}
