//! What can go wrong, one enum per operation, each with a [`ErrorKind`] for the program that has to react.

use std::io;

use proto::PersistError;

/// What a failed operation means for the person. Stable; one per thing that can be done about it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ErrorKind {
    /// Type it again.
    WrongPassphrase,
    /// Restore a backup.
    StorageDamaged,
    /// Use the window that is open.
    AlreadyRunning,
    /// Unlock it instead.
    ProfileExists,
    /// Create one first.
    NoProfile,
    /// Decide whether to go on without the newest changes.
    RolledBack,
    /// Free some space.
    DiskFull,
    /// Choose a longer one.
    WeakPassphrase,
    /// Start again; a write failed or the profile was locked.
    Stopped,
    /// The system refused: permissions, a read-only disk, no memory.
    Io,
}

impl ErrorKind {
    /// Its name at the boundary to other programs (RPC).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongPassphrase => "wrong_passphrase",
            Self::StorageDamaged => "storage_damaged",
            Self::AlreadyRunning => "already_running",
            Self::ProfileExists => "profile_exists",
            Self::NoProfile => "no_profile",
            Self::RolledBack => "rolled_back",
            Self::DiskFull => "disk_full",
            Self::WeakPassphrase => "weak_passphrase",
            Self::Stopped => "stopped",
            Self::Io => "io",
        }
    }
}

/// Why no profile was created. Nothing is left behind that a later attempt trips over.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// It could be guessed.
    #[error("this passphrase could be guessed; choose a longer one or let one be generated")]
    WeakPassphrase,
    /// Argon2id would be too cheap, or dearer than we accept when opening.
    #[error("the cost of stretching the passphrase is outside what a profile may use")]
    KdfParams,
    /// There is one.
    #[error("there is a profile in this folder already; unlock it")]
    ProfileExists,
    /// Another process uses the folder.
    #[error("this profile is in use by another running program")]
    AlreadyRunning,
    /// No room is left.
    #[error("the disk is full; free some space and try again")]
    DiskFull,
    /// The storage engine failed on files that it had just made.
    #[error("the new profile could not be read back; check the disk")]
    Damaged,
    /// The system refused.
    #[error("creating the profile failed")]
    Io(#[source] io::Error),
}

impl CreateError {
    /// What it means for the person.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::WeakPassphrase => ErrorKind::WeakPassphrase,
            Self::KdfParams | Self::Io(_) => ErrorKind::Io,
            Self::ProfileExists => ErrorKind::ProfileExists,
            Self::AlreadyRunning => ErrorKind::AlreadyRunning,
            Self::DiskFull => ErrorKind::DiskFull,
            Self::Damaged => ErrorKind::StorageDamaged,
        }
    }
}

/// Why a profile did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none: the header file is absent. Nothing else counts as a first start.
    #[error("there is no profile in this folder; create one")]
    NoProfile,
    /// No slot opened.
    #[error("Wrong passphrase, or the header is damaged")]
    WrongPassphrase,
    /// Another process, or another vault of this one, has it open.
    #[error("this profile is in use by another running program")]
    AlreadyRunning,
    /// A slot opened, the records are not what we wrote.
    #[error("Passphrase correct, storage damaged; restore a backup")]
    Damaged,
    /// The records are sound but older than the header says.
    #[error("the storage is older than it was: {missing} acknowledged commits are missing")]
    RolledBack {
        /// How many acknowledged commits are missing.
        missing: u64,
    },
    /// No room is left.
    #[error("the disk is full; free some space and try again")]
    DiskFull,
    /// The system refused.
    #[error("opening the profile failed; check that its folder can be written")]
    Io(#[source] io::Error),
}

impl OpenError {
    /// What it means for the person.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoProfile => ErrorKind::NoProfile,
            Self::WrongPassphrase => ErrorKind::WrongPassphrase,
            Self::AlreadyRunning => ErrorKind::AlreadyRunning,
            Self::Damaged => ErrorKind::StorageDamaged,
            Self::RolledBack { .. } => ErrorKind::RolledBack,
            Self::DiskFull => ErrorKind::DiskFull,
            Self::Io(_) => ErrorKind::Io,
        }
    }
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not what we wrote.
    #[error("the storage is damaged; restore a backup")]
    Damaged,
    /// The vault was closed, or a write failed before.
    #[error("the profile is closed; unlock it again")]
    Stopped,
    /// The system refused.
    #[error("reading the profile failed")]
    Io(#[source] io::Error),
}

impl ReadError {
    /// What it means for the person.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Damaged => ErrorKind::StorageDamaged,
            Self::Stopped => ErrorKind::Stopped,
            Self::Io(_) => ErrorKind::Io,
        }
    }
}

/// Why a passphrase was not changed. The old one still works.
#[derive(Debug, thiserror::Error)]
pub enum ChangePassphraseError {
    /// The old one is not the one that opened this vault.
    #[error("the old passphrase is wrong")]
    WrongPassphrase,
    /// The new one could be guessed.
    #[error("the new passphrase could be guessed; choose a longer one or let one be generated")]
    WeakPassphrase,
    /// The vault was closed, or a write failed before.
    #[error("the profile is closed; unlock it again")]
    Stopped,
    /// The system refused. Either passphrase may be the one that works now.
    #[error("writing the header failed; one of the two passphrases works")]
    Io(#[source] io::Error),
}

impl ChangePassphraseError {
    /// What it means for the person.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::WrongPassphrase => ErrorKind::WrongPassphrase,
            Self::WeakPassphrase => ErrorKind::WeakPassphrase,
            Self::Stopped => ErrorKind::Stopped,
            Self::Io(_) => ErrorKind::Io,
        }
    }
}

/// Why a profile was not erased, or not entirely.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// There is nothing to erase.
    #[error("there is no profile in this folder")]
    NoProfile,
    /// Another process has it open and would write its keys again.
    #[error("this profile is in use by another running program; close it or erase it from there")]
    AlreadyRunning,
    /// The keys could not be overwritten: what is stored can still be read with the passphrase.
    #[error("the keys could not be overwritten; destroy the disk if you must be sure")]
    KeysRemain(#[source] io::Error),
    /// The keys are gone for good, files that nobody can read are still there.
    #[error("the keys are erased, but some unreadable files could not be removed")]
    FilesRemain(#[source] io::Error),
}

impl EraseError {
    /// What it means for the person.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoProfile => ErrorKind::NoProfile,
            Self::AlreadyRunning => ErrorKind::AlreadyRunning,
            Self::KeysRemain(_) | Self::FilesRemain(_) => ErrorKind::Io,
        }
    }
}

/// The kind of a failed persist, whose type belongs to the core.
pub const fn persist_error_kind(error: &PersistError) -> ErrorKind {
    match error {
        PersistError::DiskFull => ErrorKind::DiskFull,
        PersistError::Damaged => ErrorKind::StorageDamaged,
        PersistError::Io(_) => ErrorKind::Io,
    }
}

/// Whether the system said that there is no room: disk, quota or file size limit.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}
