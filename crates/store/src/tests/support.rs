//! What the tests share: keys of alice, bob and carol, folders, and watches on the way to the disk.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crypto::kdf::KdfParams;
use crypto::{Rng, Secret};
use proto::{Changes, Key, RecordKind};
use tempfile::TempDir;

use crate::step::{Step, Steps, Verdict, Watch};
use crate::writer::Tuning;
use crate::{CreateError, OpenError, Passphrase, Rollback, Store, Vault};

/// Everything that a store holds.
pub(crate) type Contents = BTreeMap<Key, Vec<u8>>;

pub(crate) const ALICE: [u8; 32] = [0xa1; 32];
pub(crate) const BOB: [u8; 32] = [0xb0; 32];

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new("abacus clutch velvet zoology marigold unbent")
}

pub(crate) fn rng(seed: u8) -> Rng {
    Rng::from_seed(&Secret::from_bytes([seed; 32]))
}

pub(crate) fn message(number: u64) -> Key {
    Key::new(RecordKind::Message, ALICE, &number.to_be_bytes())
}

pub(crate) fn piece(number: u64) -> Key {
    Key::new(RecordKind::Piece, ALICE, &number.to_be_bytes())
}

/// Text that is easily found again if it lies around readably.
pub(crate) fn text(number: u64, length: usize) -> Vec<u8> {
    format!("meet at the fountain, number {number}. ")
        .into_bytes()
        .into_iter()
        .cycle()
        .take(length)
        .collect()
}

pub(crate) fn put(entries: impl IntoIterator<Item = (Key, Vec<u8>)>) -> Changes {
    let mut changes = Changes::default();
    entries
        .into_iter()
        .for_each(|(key, value)| changes.put(key, value));
    changes
}

pub(crate) fn contents(store: &impl Store) -> Contents {
    let mut contents = Contents::new();
    store
        .load(&mut |key, value| {
            assert!(
                contents.insert(key, value.to_vec()).is_none(),
                "a record was shown twice"
            );
        })
        .unwrap();
    contents
}

/// Applies changes as the contract says.
pub(crate) fn apply(contents: &mut Contents, changes: &Changes) {
    for (key, value) in changes.iter() {
        match value {
            Some(value) => contents.insert(key.clone(), value.to_vec()),
            None => contents.remove(key),
        };
    }
}

/// A folder in memory where there is one: tests of logic need no disk.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

pub(crate) fn create(folder: &Path) -> Vault {
    create_tuned(folder, Tuning::default()).unwrap()
}

pub(crate) fn create_tuned(folder: &Path, tuning: Tuning) -> Result<Vault, CreateError> {
    Vault::create_tuned(folder, &passphrase(), KdfParams::TEST, &mut rng(1), tuning)
}

pub(crate) fn open(folder: &Path) -> Result<Vault, OpenError> {
    Vault::open(folder, &passphrase(), Rollback::Refuse)
}

pub(crate) fn open_tuned(folder: &Path, tuning: Tuning) -> Result<Vault, OpenError> {
    Vault::open_tuned(folder, &passphrase(), Rollback::Refuse, tuning)
}

pub(crate) fn watched(watch: &Arc<impl Watch + 'static>) -> Tuning {
    Tuning {
        steps: steps(watch),
        ..Tuning::default()
    }
}

pub(crate) fn steps(watch: &Arc<impl Watch + 'static>) -> Steps {
    Steps::watched(watch.clone())
}

/// A disk that dies at one step: that step and all later ones fail.
pub(crate) struct DiesAt {
    step: usize,
    done: AtomicUsize,
}

impl DiesAt {
    pub(crate) fn step(step: usize) -> Arc<Self> {
        Arc::new(Self {
            step,
            done: AtomicUsize::new(0),
        })
    }

    /// Whether it ever came to that.
    pub(crate) fn is_dead(&self) -> bool {
        self.done.load(Ordering::SeqCst) > self.step
    }
}

impl Watch for DiesAt {
    fn before(&self, _: Step) -> Verdict {
        if self.done.fetch_add(1, Ordering::SeqCst) >= self.step {
            return Verdict::Fail(io::Error::other("the disk died"));
        }
        Verdict::Go
    }

    fn after(&self, _: Step) {}
}

/// Every file below a folder, by its path from there.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                // sled removes old snapshots when it likes.
                if let Ok(bytes) = fs::read(&path) {
                    found.insert(name, bytes);
                }
            }
        }
    }
    found
}

/// Lays out files as [`files`] found them.
pub(crate) fn lay_out(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
