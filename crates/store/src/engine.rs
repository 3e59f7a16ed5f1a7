//! sled, as it may be used here (STORAGE, Rules 1, 2, 4 and 6), and nothing about what is in it.
//!
//! Invariants: a batch that [`Engine::commit`] accepted survives a power cut · no panic of sled leaves this file · the
//! configuration never writes by itself (`flush_every_ms` none) · there is one tree with a constant name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::is_full;
use crate::record::Name;
use crate::step::{Step, Steps};

const CACHE: u64 = 32 << 20;
const TREE: &[u8] = b"0";

/// How long sled's own threads may hold on to files that were closed. The profile's lock is ours meanwhile, so nobody
/// else can hold them.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(5);
const RELEASE_POLL: Duration = Duration::from_millis(2);

/// Why the engine did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineError {
    /// Another engine holds the files.
    #[error("the files are locked")]
    Locked,
    /// No room is left.
    #[error("the disk is full")]
    Full,
    /// The files are not what sled wrote, or it panicked over them.
    #[error("the files are damaged")]
    Damaged,
    /// The system refused.
    #[error("reading or writing the files failed")]
    Io(#[source] io::Error),
}

impl From<io::Error> for EngineError {
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        if is_full(&error) {
            Self::Full
        } else if matches!(
            kind,
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        ) {
            Self::Damaged
        } else if error.to_string().contains("could not acquire lock") {
            // sled gives the lock's refusal as a text (config.rs, try_lock).
            Self::Locked
        } else {
            Self::Io(error)
        }
    }
}

impl From<sled::Error> for EngineError {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Io(error) => error.into(),
            sled::Error::CollectionNotFound(_)
            | sled::Error::Unsupported(_)
            | sled::Error::ReportableBug(_)
            | sled::Error::Corruption { .. } => Self::Damaged,
        }
    }
}

impl From<crate::record::Damaged> for EngineError {
    fn from(_: crate::record::Damaged) -> Self {
        Self::Damaged
    }
}

/// An open database. One writer; readers and the writer are kept apart by the owner.
pub(crate) struct Engine {
    tree: sled::Tree,
    db: sled::Db,
    file: File,
    steps: Steps,
}

impl Engine {
    /// Opens the database in `folder`, making an empty one if there is none.
    pub(crate) fn open(folder: &Path, steps: &Steps) -> Result<Self, EngineError> {
        remove_unfinished_snapshots(folder)?;
        let started = Instant::now();
        loop {
            match contain(|| Self::try_open(folder, steps)) {
                Err(EngineError::Locked) if started.elapsed() < RELEASE_TIMEOUT => {
                    thread::sleep(RELEASE_POLL);
                }
                opened => return opened,
            }
        }
    }

    fn try_open(folder: &Path, steps: &Steps) -> Result<Self, EngineError> {
        let db = sled::Config::new()
            .path(folder)
            .cache_capacity(CACHE)
            .flush_every_ms(None)
            .use_compression(false)
            .open()?;
        let tree = db.open_tree(TREE)?;
        // Windows syncs only through a handle that may write.
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(folder.join("db"))?;
        Ok(Self {
            tree,
            db,
            file,
            steps: steps.clone(),
        })
    }

    /// What is stored under a name.
    pub(crate) fn get(&self, name: &Name) -> Result<Option<sled::IVec>, EngineError> {
        contain(|| Ok(self.tree.get(name)?))
    }

    /// Shows everything that is stored.
    pub(crate) fn scan<E: From<EngineError>>(
        &self,
        mut each: impl FnMut(&Name, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let records = contain(|| Ok(self.tree.iter()))?;
        Self::show(records, &mut each)
    }

    fn show<E: From<EngineError>>(
        mut records: sled::Iter,
        each: &mut impl FnMut(&Name, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some((name, stored)) = contain(|| Ok(records.next().transpose()?))? {
            let name = name.as_ref().try_into().map_err(|_| EngineError::Damaged)?;
            each(name, &stored)?;
        }
        Ok(())
    }

    /// Writes a batch, all or nothing, and returns when a power cut cannot undo it. After an error the engine is done.
    pub(crate) fn commit(&self, batch: sled::Batch) -> Result<(), EngineError> {
        self.steps.run(Step::Apply, || {
            contain(|| Ok(self.tree.apply_batch(batch)?))
        })?;
        // sled's flush is sync_file_range on Linux, which leaves the disk's cache and the file's length out.
        self.steps
            .run(Step::Flush, || contain(|| Ok(self.db.flush().map(drop)?)))?;
        self.sync()
    }

    /// Makes durable whatever an earlier process left in the system's cache.
    pub(crate) fn sync(&self) -> Result<(), EngineError> {
        self.steps.run(Step::Sync, || Ok(self.file.sync_all()?))
    }

    /// Closes the files, and waits for sled's own threads to be done with them.
    pub(crate) fn close(self) {
        let Self {
            tree,
            db,
            file,
            steps: _,
        } = self;
        let closed = contain(|| {
            drop(tree);
            drop(db);
            Ok(())
        });
        if closed.is_err() {
            tracing::warn!("the storage engine failed while it was closed");
        }
        // sled's lock on this file goes with the last of its threads.
        let started = Instant::now();
        while matches!(file.try_lock(), Err(TryLockError::WouldBlock))
            && started.elapsed() < RELEASE_TIMEOUT
        {
            thread::sleep(RELEASE_POLL);
        }
    }
}

/// Turns a panic of sled into damage: it panics over files that it cannot read (measured: inside `open`).
fn contain<T>(action: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    catch_unwind(AssertUnwindSafe(action)).unwrap_or(Err(EngineError::Damaged))
}

/// A crash while sled wrote a snapshot leaves a file over which every later open fails.
fn remove_unfinished_snapshots(folder: &Path) -> Result<(), EngineError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
