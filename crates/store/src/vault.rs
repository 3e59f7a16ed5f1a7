//! The store that people use: sled under a header, everything sealed, everything durable.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;

use crypto::kdf::KdfParams;
use crypto::{Context, Rng, Secret, hash};
use proto::{Changes, Key, Persist, PersistError, RecordKind};
use zeroize::Zeroizing;

use crate::engine::{Engine, EngineError};
use crate::error::{ChangePassphraseError, CreateError, EraseError, OpenError, ReadError, is_full};
use crate::header::{Header, Keys, Opened};
use crate::pieces::{Pieces, Pointer};
use crate::place::{ClaimError, HeaderFile, Place, has_header};
use crate::record::{Commit, Records};
use crate::step::Steps;
use crate::writer::{QUEUE_LIMIT, Reply, Request, Tuning, Writer, stopped};
use crate::{Passphrase, Store};
use crate::{cost, read};

/// Whether a folder holds a profile. An open one looks locked to everybody but the vault that opened it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProfileState {
    /// No header file: a first start.
    None,
    /// There is one.
    Locked,
}

/// Looks for a profile.
pub fn profile_state(folder: &Path) -> ProfileState {
    if has_header(folder) {
        ProfileState::Locked
    } else {
        ProfileState::None
    }
}

/// What to do when the records are older than the header says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rollback {
    /// Do not open.
    Refuse,
    /// The person said to go on. The owner opens a new incarnation (PROTOCOL §2).
    Accept,
}

/// Draws a generator from the system. For headers and sealed records here, and for the shell, which seeds the core.
///
/// # Errors
///
/// Fails if the system has no randomness to give.
pub fn system_rng() -> io::Result<Rng> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(io::Error::other)?;
    Ok(Rng::from_seed(&Secret::from_bytes(*seed)))
}

/// An open profile. Cloning gives another handle; the profile closes with [`Vault::close`] or with the last handle.
#[derive(Clone)]
pub struct Vault(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    // None only while dropping.
    requests: Option<SyncSender<Request>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    rolled_back: Option<u64>,
    /// To read pieces with.
    files: Pieces,
}

/// What readers and the writer share.
pub(crate) struct Shared {
    /// None once closed. Readers read under the lock, the writer writes under it.
    pub(crate) engine: RwLock<Option<Engine>>,
    pub(crate) records: Records,
    /// Held while files of pieces are written or swept. Taken before the engine.
    pub(crate) pieces: Mutex<Pieces>,
}

impl Vault {
    /// Makes a profile in `folder` and opens it. `rng` adds to the system's randomness.
    ///
    /// # Errors
    ///
    /// See [`CreateError`]; after any of them there is no profile that was not there before.
    pub fn create(
        folder: &Path,
        passphrase: &Passphrase,
        params: KdfParams,
        rng: &mut Rng,
    ) -> Result<Self, CreateError> {
        Self::create_tuned(folder, passphrase, params, rng, Tuning::default())
    }

    pub(crate) fn create_tuned(
        folder: &Path,
        passphrase: &Passphrase,
        params: KdfParams,
        rng: &mut Rng,
        tuning: Tuning,
    ) -> Result<Self, CreateError> {
        if !passphrase.is_strong() {
            return Err(CreateError::WeakPassphrase);
        }
        if !cost::is_allowed(params) {
            return Err(CreateError::KdfParams);
        }
        let place = Place::claim_new(folder, &tuning.steps)?;
        if has_header(folder) {
            return Err(CreateError::ProfileExists);
        }
        let mut rng = mix(rng)?;
        let keys = Keys::generate(&mut rng);
        let commit = Commit {
            counter: 1,
            ..Commit::default()
        };
        let header = Header::create(passphrase, params, &keys, commit.counter, &mut rng)
            .map_err(|_| CreateError::KdfParams)?;
        build(
            &place,
            &header,
            &Records::new(&keys),
            &commit,
            &mut rng,
            &tuning.steps,
        )?;
        let opened = Opened {
            header,
            keys,
            anchor: Some(commit.counter),
        };
        Ok(Self::start(place, opened, Rollback::Refuse, rng, tuning)?)
    }

    /// Opens the profile in `folder`: one Argon2, every slot, then a check that the records are exactly those of the
    /// newest commit and that no commit is missing.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub fn open(
        folder: &Path,
        passphrase: &Passphrase,
        rollback: Rollback,
    ) -> Result<Self, OpenError> {
        Self::open_tuned(folder, passphrase, rollback, Tuning::default())
    }

    pub(crate) fn open_tuned(
        folder: &Path,
        passphrase: &Passphrase,
        rollback: Rollback,
        tuning: Tuning,
    ) -> Result<Self, OpenError> {
        if !has_header(folder) {
            return Err(OpenError::NoProfile);
        }
        // The lock comes first: two programs must never both write the header.
        let place = Place::claim(folder, &tuning.steps)?;
        place.tighten()?;
        let file = place.header()?.read()?;
        let opened = Header::open(&file, passphrase).ok_or(OpenError::WrongPassphrase)?;
        Self::start(place, opened, rollback, system_rng()?, tuning)
    }

    fn start(
        place: Place,
        mut opened: Opened,
        rollback: Rollback,
        mut rng: Rng,
        tuning: Tuning,
    ) -> Result<Self, OpenError> {
        if !place.has_records() {
            return Err(OpenError::Damaged);
        }
        let engine = Engine::open(&place.records(), &tuning.steps)?;
        let records = Records::new(&opened.keys);
        let admitted = admit(&place, &engine, &records, &mut opened, rollback, &mut rng);
        let Admitted {
            file,
            commit,
            missing,
        } = match admitted {
            Ok(admitted) => admitted,
            Err(error) => {
                // Not by dropping it: sled may panic over damaged files, and holds on to them for a while.
                engine.close();
                return Err(error);
            }
        };
        let files = place.pieces();
        let shared = Arc::new(Shared {
            engine: RwLock::new(Some(engine)),
            records,
            pieces: Mutex::new(place.pieces()),
        });
        let Opened {
            header,
            keys,
            anchor: _,
        } = opened;
        let writer = Writer {
            shared: Arc::clone(&shared),
            place,
            file,
            header,
            keys,
            commit,
            anchored: commit.counter,
            rng,
            tuning,
            behind_since: None,
            is_failed: false,
        };
        let (requests, received): (_, Receiver<Request>) = sync_channel(QUEUE_LIMIT);
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.run(&received))?;
        let rolled_back = (missing > 0).then_some(missing);
        let thread = Mutex::new(Some(thread));
        Ok(Self(Arc::new(Handle {
            shared,
            requests: Some(requests),
            thread,
            rolled_back,
            files,
        })))
    }

    /// How many acknowledged commits are missing, if opening went on without them. Said again at every open until the
    /// owner persists something.
    pub fn rolled_back(&self) -> Option<u64> {
        self.0.rolled_back
    }

    /// Writes the commit counter to the header, so that a rollback behind this point is noticed. Called after erasures
    /// and at lock; happens by itself 30 s or 64 commits after the last time.
    ///
    /// # Errors
    ///
    /// See [`PersistError`]; after any of them the vault stops.
    pub fn anchor(&self) -> Result<(), PersistError> {
        self.ask(Request::Anchor, stopped)
    }

    /// Whether this is the passphrase of this profile. Costs as much as opening it; writes wait meanwhile.
    ///
    /// # Errors
    ///
    /// [`OpenError::WrongPassphrase`] if it is not, and [`OpenError::Io`] if the vault has stopped.
    pub fn check_passphrase(&self, passphrase: &Passphrase) -> Result<(), OpenError> {
        let passphrase = Box::new(passphrase.clone());
        self.ask(
            |reply| Request::CheckPassphrase(passphrase, reply),
            || OpenError::Io(io::Error::other("the profile is closed")),
        )
    }

    /// Replaces the passphrase of this profile.
    ///
    /// # Errors
    ///
    /// See [`ChangePassphraseError`].
    pub fn change_passphrase(
        &self,
        old: &Passphrase,
        new: &Passphrase,
    ) -> Result<(), ChangePassphraseError> {
        if !new.is_strong() {
            return Err(ChangePassphraseError::WeakPassphrase);
        }
        let pair = Box::new((old.clone(), new.clone()));
        self.ask(
            |reply| Request::ChangePassphrase(pair, reply),
            || ChangePassphraseError::Stopped,
        )
    }

    /// Anchors and closes. Other handles are told that the vault stopped.
    ///
    /// # Errors
    ///
    /// Fails if the anchor could not be written; the profile is closed all the same.
    pub fn close(self) -> Result<(), PersistError> {
        let closed = self.ask(Request::Close, stopped);
        self.0.join();
        closed
    }

    /// Destroys the keys in the header, then removes the files.
    ///
    /// # Errors
    ///
    /// See [`EraseError`]: which of the two failed matters.
    pub fn erase(self) -> Result<(), EraseError> {
        let gone = || EraseError::KeysRemain(io::Error::other("the profile is closed"));
        let erased = self.ask(Request::Erase, gone);
        self.0.join();
        erased
    }

    fn ask<E>(
        &self,
        request: impl FnOnce(Reply<E>) -> Request,
        stopped: impl Fn() -> E,
    ) -> Result<(), E> {
        let (reply, answer) = sync_channel(1);
        let requests = self.0.requests.as_ref().ok_or_else(&stopped)?;
        requests.send(request(reply)).map_err(|_| stopped())?;
        answer.recv().map_err(|_| stopped())?
    }

    /// The writer's queue, to fill it while the writer is held up.
    #[cfg(test)]
    pub(crate) fn requests(&self) -> &SyncSender<Request> {
        self.0.requests.as_ref().unwrap()
    }

    fn pieces(&self) -> MutexGuard<'_, Pieces> {
        self.0.shared.pieces()
    }

    fn read<T>(
        &self,
        action: impl FnOnce(&Engine, &Records) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let engine = self
            .0
            .shared
            .engine
            .read()
            .map_err(|_| ReadError::Stopped)?;
        action(
            engine.as_ref().ok_or(ReadError::Stopped)?,
            &self.0.shared.records,
        )
    }
}

impl Store for Vault {
    fn load(&self, each: &mut dyn FnMut(Key, Zeroizing<Vec<u8>>)) -> Result<(), ReadError> {
        let pieces = self.pieces();
        let mut named = BTreeSet::new();
        let mut show = |key: Key, value: Zeroizing<Vec<u8>>| {
            if key.kind() == RecordKind::Piece {
                named.extend(Pointer::from_bytes(&value).map(|pointer| pointer.name()));
            } else {
                each(key, value);
            }
        };
        self.read(|engine, records| read::load(engine, records, &mut show))?;
        pieces.sweep(&named).map_err(ReadError::Io)
    }

    fn get(&self, key: &Key) -> Result<Option<Zeroizing<Vec<u8>>>, ReadError> {
        let found = self.read(|engine, records| read::get(engine, records, key))?;
        match found {
            Some(record) if key.kind() == RecordKind::Piece => {
                let pointer = Pointer::from_bytes(&record).ok_or(ReadError::Damaged)?;
                // Without the lock: a file that is replaced meanwhile is damaged for this reader, and for no other.
                Ok(Some(self.0.files.read(&pointer)?))
            }
            found => Ok(found),
        }
    }

    fn persist(&self, changes: &Changes) -> Result<(), PersistError> {
        crate::assert_bounded(changes);
        if changes.is_empty() {
            return Ok(());
        }
        let changes = changes.clone();
        self.ask(|reply| Request::Persist(changes, reply), stopped)
    }

    fn persister(&self) -> Box<dyn Persist> {
        Box::new(crate::Persister(self.clone()))
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(..)")
    }
}

impl Shared {
    /// The files of pieces, for whoever writes or sweeps them.
    pub(crate) fn pieces(&self) -> MutexGuard<'_, Pieces> {
        // It guards files, which a panic leaves no worse than a crash does.
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handle {
    /// Waits until the writer has let go of the folder.
    fn join(&self) {
        let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the storage thread ended in a panic");
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.requests = None;
        self.join();
    }
}

/// Erases the profile in `folder` without opening it: the header's keys are overwritten in place and synced, then the
/// files are removed. An open vault of ours is erased with [`Vault::erase`].
///
/// # Errors
///
/// See [`EraseError`]: which of the two failed matters.
pub fn erase(folder: &Path) -> Result<(), EraseError> {
    erase_watched(folder, &Steps::default())
}

pub(crate) fn erase_watched(folder: &Path, steps: &Steps) -> Result<(), EraseError> {
    if !has_header(folder) {
        return Err(EraseError::NoProfile);
    }
    let place = Place::claim(folder, steps).map_err(|error| match error {
        ClaimError::Locked => EraseError::AlreadyRunning,
        ClaimError::Io(error) => EraseError::KeysRemain(error),
    })?;
    let destroy = || place.header()?.destroy(&mut system_rng()?);
    destroy().map_err(EraseError::KeysRemain)?;
    place.remove().map_err(EraseError::FilesRemain)
}

/// Builds a profile beside its place, with a first commit in it, and moves it there.
fn build(
    place: &Place,
    header: &Header,
    records: &Records,
    commit: &Commit,
    rng: &mut Rng,
    steps: &Steps,
) -> Result<(), CreateError> {
    let engine = Engine::open(&place.prepare()?, steps)?;
    let mut batch = sled::Batch::default();
    batch.insert(&records.commit_name(), records.seal_commit(commit, rng));
    let committed = engine.commit(batch);
    engine.close();
    committed?;
    place.publish(header)?;
    Ok(())
}

/// A database that may be used, with a header that vouches for it.
struct Admitted {
    file: HeaderFile,
    commit: Commit,
    missing: u64,
}

/// Checks that the records are whole and no older than the header says, and brings the anchor up to date.
fn admit(
    place: &Place,
    engine: &Engine,
    records: &Records,
    opened: &mut Opened,
    rollback: Rollback,
    rng: &mut Rng,
) -> Result<Admitted, OpenError> {
    let anchor = opened.anchor.ok_or(OpenError::Damaged)?;
    let mut commit = read::check(engine, records)?;
    let missing = anchor.saturating_sub(commit.counter);
    if missing > 0 && rollback == Rollback::Refuse {
        return Err(OpenError::RolledBack { missing });
    }
    // Numbers of lost commits are not given twice. Until the first persist the loss stays visible to another open.
    commit.counter = commit.counter.max(anchor);
    // What a killed process left in the system's cache must be on the disk before the header vouches for it.
    engine.sync()?;
    opened.header.set_anchor(&opened.keys, commit.counter, rng);
    let mut file = place.header()?;
    file.write(&opened.header)?;
    place.tighten()?;
    Ok(Admitted {
        file,
        commit,
        missing,
    })
}

/// The caller's randomness and the system's: it takes both to fail before keys can be guessed.
fn mix(rng: &mut Rng) -> io::Result<Rng> {
    const MIX: Context = Context::new("vigil store entropy v1");
    let (ours, systems): (Secret<32>, Secret<32>) = (rng.secret(), system_rng()?.secret());
    let seed = hash(MIX, &[ours.expose(), systems.expose()]);
    Ok(Rng::from_seed(&Secret::from_bytes(seed)))
}

impl From<io::Error> for CreateError {
    fn from(error: io::Error) -> Self {
        if is_full(&error) {
            Self::DiskFull
        } else {
            Self::Io(error)
        }
    }
}

impl From<ClaimError> for CreateError {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::Locked => Self::AlreadyRunning,
            ClaimError::Io(error) => error.into(),
        }
    }
}

impl From<EngineError> for CreateError {
    fn from(error: EngineError) -> Self {
        OpenError::from(error).into()
    }
}

impl From<OpenError> for CreateError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::AlreadyRunning => Self::AlreadyRunning,
            OpenError::DiskFull => Self::DiskFull,
            OpenError::Io(error) => Self::Io(error),
            OpenError::NoProfile
            | OpenError::WrongPassphrase
            | OpenError::Damaged
            | OpenError::RolledBack { .. } => Self::Damaged,
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        if is_full(&error) {
            Self::DiskFull
        } else {
            Self::Io(error)
        }
    }
}

impl From<ClaimError> for OpenError {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::Locked => Self::AlreadyRunning,
            ClaimError::Io(error) => error.into(),
        }
    }
}

impl From<EngineError> for OpenError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Locked => Self::AlreadyRunning,
            EngineError::Full => Self::DiskFull,
            EngineError::Damaged => Self::Damaged,
            EngineError::Io(error) => error.into(),
        }
    }
}
