//! The one thread that writes. Callers wait for it, and those who wait at the same time share one durable write.
//!
//! ```text
//! persist ─┐            ┌► batch ► flush ► sync ─► every waiting caller is answered
//! persist ─┼► requests ─┤
//! anchor ──┘            └► header copy 0 ► sync ► header copy 1 ► sync
//! ```
//!
//! Invariants: a caller is answered `Ok` only after the sync · the anchor never names a commit that is not synced ·
//! after the first error nothing is written or read any more, because nobody knows what the disk holds; a new start does.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError};
use std::time::{Duration, Instant};

use crypto::Rng;
use proto::{Changes, Key, PersistError, RecordKind};

use crate::Passphrase;
use crate::engine::{Engine, EngineError};
use crate::error::{ChangePassphraseError, EraseError, OpenError, is_full};
use crate::header::{Header, Keys};
use crate::pieces::{Pieces, Pointer};
use crate::place::{HeaderFile, Place};
use crate::read;
use crate::record::{Commit, Mark, Name, Piece};
use crate::step::Steps;
use crate::vault::Shared;

/// Requests that may wait: more callers than the program has threads.
pub(crate) const QUEUE_LIMIT: usize = 64;
/// Records in one durable write, so that no caller waits long for the others.
const GROUP_LIMIT: usize = 4096;

/// How the writer behaves; only tests change it.
#[derive(Clone)]
pub(crate) struct Tuning {
    /// Commits after which the anchor follows.
    pub(crate) anchor_commits: u64,
    /// Time after which it follows.
    pub(crate) anchor_after: Duration,
    /// The way to the disk.
    pub(crate) steps: Steps,
}

impl Default for Tuning {
    /// The design's figures (STORAGE rule 7).
    fn default() -> Self {
        let steps = Steps::default();
        Self {
            anchor_commits: 64,
            anchor_after: Duration::from_secs(30),
            steps,
        }
    }
}

/// How a caller hears the outcome.
pub(crate) type Reply<E> = SyncSender<Result<(), E>>;

/// What can be asked of the writer.
pub(crate) enum Request {
    /// Write these, durably.
    Persist(Changes, Reply<PersistError>),
    /// Bring the anchor up to date.
    Anchor(Reply<PersistError>),
    /// Say whether this is the passphrase.
    CheckPassphrase(Box<Passphrase>, Reply<OpenError>),
    /// Seal our slot under another passphrase: old, new.
    ChangePassphrase(Box<(Passphrase, Passphrase)>, Reply<ChangePassphraseError>),
    /// Anchor, close, end.
    Close(Reply<PersistError>),
    /// Destroy the keys, remove the files, end.
    Erase(Reply<EraseError>),
}

/// The writer and everything it alone may touch.
pub(crate) struct Writer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) place: Place,
    pub(crate) file: HeaderFile,
    pub(crate) header: Header,
    pub(crate) keys: Keys,
    pub(crate) commit: Commit,
    pub(crate) anchored: u64,
    pub(crate) rng: Rng,
    pub(crate) tuning: Tuning,
    pub(crate) behind_since: Option<Instant>,
    pub(crate) is_failed: bool,
}

impl Writer {
    /// Serves requests until it is closed or nobody is left to ask.
    pub(crate) fn run(mut self, requests: &Receiver<Request>) {
        let mut pending = None;
        loop {
            let request = match pending.take() {
                Some(request) => request,
                None => match self.wait(requests) {
                    Ok(request) => request,
                    Err(RecvTimeoutError::Timeout) => {
                        self.anchor_in_passing();
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => {
                        if self.close().is_err() {
                            tracing::warn!("the profile could not be anchored when it was closed");
                        }
                        return;
                    }
                },
            };
            match request {
                Request::Persist(changes, reply) => {
                    pending = self.on_persist(changes, reply, requests);
                }
                Request::Anchor(reply) => answer(&reply, self.anchor()),
                Request::CheckPassphrase(passphrase, reply) => {
                    let right = self.header.is_opened_by(&passphrase);
                    let checked = right.then_some(()).ok_or(OpenError::WrongPassphrase);
                    answer(&reply, checked);
                }
                Request::ChangePassphrase(pair, reply) => {
                    answer(&reply, self.change_passphrase(&pair.0, &pair.1));
                }
                Request::Close(reply) => return answer(&reply, self.close()),
                Request::Erase(reply) => return answer(&reply, self.erase()),
            }
        }
    }

    fn wait(&self, requests: &Receiver<Request>) -> Result<Request, RecvTimeoutError> {
        match self.behind_since {
            Some(since) => {
                requests.recv_timeout(self.tuning.anchor_after.saturating_sub(since.elapsed()))
            }
            None => requests.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Writes these changes together with those that wait behind them; gives back a request of another sort.
    fn on_persist(
        &mut self,
        mut changes: Changes,
        reply: Reply<PersistError>,
        requests: &Receiver<Request>,
    ) -> Option<Request> {
        let mut replies = vec![reply];
        let mut other = None;
        while changes.len() < GROUP_LIMIT {
            match requests.try_recv() {
                Ok(Request::Persist(later, reply)) => {
                    changes.merge(later);
                    replies.push(reply);
                }
                Ok(request) => {
                    other = Some(request);
                    break;
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        // An error is not `Clone`: the first caller gets it, the others that the writer stopped, as all later ones do.
        let mut written = self.persist(&changes);
        for reply in replies {
            let outcome = std::mem::replace(&mut written, self.check());
            answer(&reply, outcome);
        }
        if self.commit.counter - self.anchored >= self.tuning.anchor_commits {
            self.anchor_in_passing();
        }
        other
    }

    fn persist(&mut self, changes: &Changes) -> Result<(), PersistError> {
        self.check()?;
        if changes.is_empty() {
            return Ok(());
        }
        let result = self.write(changes);
        self.stop_after(result).map_err(into_persist_error)
    }

    fn write(&mut self, changes: &Changes) -> Result<(), EngineError> {
        let shared = Arc::clone(&self.shared);
        let holds_pieces = changes.iter().any(|(key, _)| is_piece(key));
        if !holds_pieces {
            return self.write_records(&shared, changes);
        }
        let pieces = shared.pieces();
        let old = self.old_files(changes)?;
        let changes = self.place_pieces(&pieces, changes)?;
        self.write_records(&shared, &changes)?;
        pieces.remove(&old);
        Ok(())
    }

    /// Files that these changes make needless.
    fn old_files(&self, changes: &Changes) -> Result<Vec<Pointer>, EngineError> {
        let engine = self
            .shared
            .engine
            .read()
            .map_err(|_| EngineError::Damaged)?;
        let engine = engine.as_ref().ok_or(EngineError::Damaged)?;
        let mut old = Vec::new();
        for (key, _) in changes.iter().filter(|(key, _)| is_piece(key)) {
            let record = read::get(engine, &self.shared.records, key);
            let record = record.map_err(|_| EngineError::Damaged)?;
            old.extend(record.and_then(|record| Pointer::from_bytes(&record)));
        }
        Ok(old)
    }

    /// Writes the files of new pieces, and names them in the place of what is in them.
    fn place_pieces(&mut self, pieces: &Pieces, changes: &Changes) -> Result<Changes, EngineError> {
        let mut placed = Changes::default();
        let mut any = false;
        for (key, value) in changes.iter() {
            match value {
                Some(value) if is_piece(key) => {
                    let pointer = pieces.write(value, &mut self.rng)?;
                    placed.put(key.clone(), pointer.to_bytes().to_vec());
                    any = true;
                }
                Some(value) => placed.put(key.clone(), value.to_vec()),
                None => placed.delete(key.clone()),
            }
        }
        if any {
            pieces.sync()?;
        }
        Ok(placed)
    }

    fn write_records(&mut self, shared: &Shared, changes: &Changes) -> Result<(), EngineError> {
        // Readers wait: they must not see half of a batch, nor what a power cut could still undo.
        let engine = shared.engine.write().map_err(|_| EngineError::Damaged)?;
        let engine = engine.as_ref().ok_or(EngineError::Damaged)?;
        let records = &shared.records;
        let mut commit = self.commit;
        commit.counter += 1;
        let mut batch = sled::Batch::default();
        for (key, value) in changes.iter() {
            let sealed = value
                .map(|value| records.seal(key, value, commit.counter, &mut self.rng))
                .unwrap_or_default();
            let old = old_pieces(shared, engine, key)?;
            for (piece, (name, mark)) in old.iter().enumerate() {
                commit.toggle(mark);
                commit.pieces = commit.pieces.checked_sub(1).ok_or(EngineError::Damaged)?;
                if piece >= sealed.len() {
                    batch.remove(name);
                }
            }
            for (name, stored) in sealed {
                commit.toggle(&records.mark(&name, &stored));
                commit.pieces += 1;
                batch.insert(&name, stored);
            }
        }
        batch.insert(
            &records.commit_name(),
            records.seal_commit(&commit, &mut self.rng),
        );
        engine.commit(batch)?;
        self.commit = commit;
        self.behind_since.get_or_insert_with(Instant::now);
        Ok(())
    }

    fn anchor(&mut self) -> Result<(), PersistError> {
        self.check()?;
        if self.anchored == self.commit.counter {
            return Ok(());
        }
        self.header
            .set_anchor(&self.keys, self.commit.counter, &mut self.rng);
        let result = self.file.write(&self.header);
        self.stop_after(result)
            .map_err(|error| into_persist_error(error.into()))?;
        self.anchored = self.commit.counter;
        self.behind_since = None;
        Ok(())
    }

    /// Anchors with nobody to answer to. A failure stops the writer, so that the next caller hears of it.
    fn anchor_in_passing(&mut self) {
        self.behind_since = None;
        if self.anchor().is_err() {
            tracing::warn!("the profile could not be anchored");
        }
    }

    fn change_passphrase(
        &mut self,
        old: &Passphrase,
        new: &Passphrase,
    ) -> Result<(), ChangePassphraseError> {
        if self.is_failed {
            return Err(ChangePassphraseError::Stopped);
        }
        if !self.header.is_opened_by(old) {
            return Err(ChangePassphraseError::WrongPassphrase);
        }
        self.header
            .set_passphrase(new, &self.keys, &mut self.rng)
            .map_err(|error| ChangePassphraseError::Io(io::Error::other(error)))?;
        let result = self.file.write(&self.header);
        self.stop_after(result).map_err(ChangePassphraseError::Io)
    }

    fn close(&mut self) -> Result<(), PersistError> {
        let anchored = if self.is_failed {
            Ok(())
        } else {
            self.anchor()
        };
        self.close_engine();
        anchored.and(self.place.tighten().map_err(PersistError::Io))
    }

    fn erase(mut self) -> Result<(), EraseError> {
        let destroyed = self.file.destroy(&mut self.rng);
        self.close_engine();
        destroyed.map_err(EraseError::KeysRemain)?;
        self.place.remove().map_err(EraseError::FilesRemain)
    }

    fn close_engine(&self) {
        let engine = match self.shared.engine.write() {
            Ok(mut engine) => engine.take(),
            Err(poisoned) => poisoned.into_inner().take(),
        };
        if let Some(engine) = engine {
            engine.close();
        }
    }

    /// After an error nobody knows what the disk holds: nothing is written any more, and nothing shown.
    fn stop_after<E>(&mut self, result: Result<(), E>) -> Result<(), E> {
        if result.is_err() {
            self.is_failed = true;
            self.close_engine();
        }
        result
    }

    fn check(&self) -> Result<(), PersistError> {
        if self.is_failed {
            Err(stopped())
        } else {
            Ok(())
        }
    }
}

fn is_piece(key: &Key) -> bool {
    key.kind() == RecordKind::Piece
}

/// Names and marks of the pieces that a record has now.
fn old_pieces(
    shared: &Shared,
    engine: &Engine,
    key: &Key,
) -> Result<Vec<(Name, Mark)>, EngineError> {
    let records = &shared.records;
    let head_name = records.name(key, 0);
    let Some(stored) = engine.get(&head_name)? else {
        return Ok(Vec::new());
    };
    let Piece::Head { pieces, .. } = records.open(&head_name, &stored)? else {
        return Err(EngineError::Damaged);
    };
    let mut old = vec![(head_name, records.mark(&head_name, &stored))];
    for piece in 1..pieces {
        let name = records.name(key, piece);
        let stored = engine.get(&name)?.ok_or(EngineError::Damaged)?;
        old.push((name, records.mark(&name, &stored)));
    }
    Ok(old)
}

/// What callers hear after the writer failed or ended.
pub(crate) fn stopped() -> PersistError {
    PersistError::Io(io::Error::other(
        "the profile is closed, or an earlier write failed",
    ))
}

/// A caller that no longer waits needs no answer.
fn answer<E>(reply: &Reply<E>, outcome: Result<(), E>) {
    let _ = reply.send(outcome);
}

fn into_persist_error(error: EngineError) -> PersistError {
    match error {
        EngineError::Full => PersistError::DiskFull,
        EngineError::Damaged => PersistError::Damaged,
        EngineError::Io(error) if is_full(&error) => PersistError::DiskFull,
        EngineError::Io(error) => PersistError::Io(error),
        EngineError::Locked => PersistError::Io(io::Error::other(error)),
    }
}
