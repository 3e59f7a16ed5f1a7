//! The folder of a profile: its files, its lock, and the order in which they come and go.
//!
//! ```text
//! <folder>/a   the header; its absence, and nothing else, means that there is no profile
//! <folder>/b/  sled
//! <folder>/c/  a profile being built; left over only by a crash
//! <folder>/d   empty; locked by whoever uses the profile
//! <folder>/g/  pieces of attachments, see `pieces.rs`; made with the first of them
//! e, f         are those of the window (`src-tauri/src/folder.rs`)
//! ```
//!
//! Other files in the folder are not ours and are left alone.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crypto::Rng;

use crate::header::{COPY_LEN, HEADER_LEN, Header};
use crate::pieces::{self, Pieces};
use crate::step::{Step, Steps};

const HEADER: &str = "a";
const RECORDS: &str = "b";
const BUILDING: &str = "c";
const LOCK: &str = "d";

/// Why a folder could not be had.
#[derive(Debug)]
pub(crate) enum ClaimError {
    /// Somebody else has it.
    Locked,
    /// The system refused.
    Io(io::Error),
}

impl From<io::Error> for ClaimError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A profile's folder, held by us alone until this is dropped.
pub(crate) struct Place {
    folder: PathBuf,
    steps: Steps,
    // Held for its lock.
    _lock: File,
}

/// Whether there is a header file.
pub(crate) fn has_header(folder: &Path) -> bool {
    // A header that cannot be looked at is still a header: a first start must never be guessed.
    folder.join(HEADER).try_exists().unwrap_or(true)
}

impl Place {
    /// Takes the folder, which exists.
    pub(crate) fn claim(folder: &Path, steps: &Steps) -> Result<Self, ClaimError> {
        let lock = private_file()
            .create(true)
            .truncate(false)
            .open(folder.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ClaimError::Locked),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        Ok(Self {
            folder: folder.to_owned(),
            steps: steps.clone(),
            _lock: lock,
        })
    }

    /// Makes the folder if need be, then takes it.
    pub(crate) fn claim_new(folder: &Path, steps: &Steps) -> Result<Self, ClaimError> {
        private_folder(folder)?;
        Self::claim(folder, steps)
    }

    /// Where sled's files are.
    pub(crate) fn records(&self) -> PathBuf {
        self.folder.join(RECORDS)
    }

    /// Where pieces of attachments are.
    pub(crate) fn pieces(&self) -> Pieces {
        Pieces::below(&self.folder, &self.steps)
    }

    /// Whether sled's files are there: sled would make new ones without a word.
    pub(crate) fn has_records(&self) -> bool {
        self.records().join("db").is_file()
    }

    /// Makes the empty folder in which a new profile is built, without what crashes left behind. There is no header, so
    /// nothing that lies here can be opened.
    pub(crate) fn prepare(&self) -> io::Result<PathBuf> {
        let building = self.folder.join(BUILDING);
        self.steps.run(Step::Prepare, || {
            remove_folder(&building)?;
            remove_folder(&self.records())?;
            remove_folder(&pieces::folder_below(&self.folder))?;
            private_folder(&building)
        })?;
        Ok(building.join(RECORDS))
    }

    /// Makes what was built durable and moves it into place, the header last.
    pub(crate) fn publish(&self, header: &Header) -> io::Result<()> {
        let building = self.folder.join(BUILDING);
        self.steps.run(Step::SyncBuilt, || {
            let mut file = private_file()
                .create_new(true)
                .open(building.join(HEADER))?;
            file.write_all(header.copy(0))?;
            file.write_all(header.copy(1))?;
            file.sync_all()?;
            tighten_folder(&building)?;
            sync_tree(&building)
        })?;
        self.steps.run(Step::PlaceRecords, || {
            fs::rename(building.join(RECORDS), self.records())?;
            sync_folder(&self.folder)
        })?;
        self.steps.run(Step::PlaceHeader, || {
            fs::rename(building.join(HEADER), self.folder.join(HEADER))?;
            sync_folder(&self.folder)?;
            self.folder.parent().map_or(Ok(()), sync_folder)
        })?;
        remove_folder(&building)
    }

    /// Opens the header file, which is then only ever overwritten in place.
    pub(crate) fn header(&self) -> io::Result<HeaderFile> {
        let file = private_file().open(self.folder.join(HEADER))?;
        Ok(HeaderFile {
            file,
            steps: self.steps.clone(),
        })
    }

    /// Removes all our files. The keys are gone already.
    pub(crate) fn remove(self) -> io::Result<()> {
        remove_file(&self.folder.join(HEADER))?;
        sync_folder(&self.folder)?;
        remove_folder(&self.records())?;
        remove_folder(&pieces::folder_below(&self.folder))?;
        remove_folder(&self.folder.join(BUILDING))?;
        remove_file(&self.folder.join(LOCK))?;
        sync_folder(&self.folder)?;
        // Gone if nothing else was in it; a folder with other people's files stays.
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }

    /// Takes away every right of others: sled makes its files with the system's default.
    pub(crate) fn tighten(&self) -> io::Result<()> {
        tighten_one(&self.folder)?;
        for ours in [HEADER, LOCK] {
            tighten_one(&self.folder.join(ours))?;
        }
        tighten_folder(&pieces::folder_below(&self.folder))?;
        tighten_folder(&self.records())
    }
}

/// The header's file. In place, because a file written anew and renamed leaves the old keys on the disk.
pub(crate) struct HeaderFile {
    file: File,
    steps: Steps,
}

impl HeaderFile {
    /// Everything in it, and no more than a header has.
    pub(crate) fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(HEADER_LEN);
        self.file.seek(SeekFrom::Start(0))?;
        (&self.file)
            .take(HEADER_LEN as u64)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Overwrites both copies, one after the other, each durable before the next.
    pub(crate) fn write(&mut self, header: &Header) -> io::Result<()> {
        for copy in 0..2 {
            self.overwrite(copy, header.copy(copy))?;
        }
        Ok(())
    }

    /// Overwrites everything with noise.
    pub(crate) fn destroy(&mut self, rng: &mut Rng) -> io::Result<()> {
        for copy in 0..2 {
            self.overwrite(copy, &rng.array::<COPY_LEN>())?;
        }
        Ok(())
    }

    fn overwrite(&mut self, copy: usize, bytes: &[u8]) -> io::Result<()> {
        self.steps.run(Step::WriteHeader, || {
            self.file.seek(SeekFrom::Start((copy * COPY_LEN) as u64))?;
            self.file.write_all(bytes)
        })?;
        self.steps.run(Step::SyncHeader, || self.file.sync_all())
    }
}

pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub(crate) fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    ignore_absence(fs::remove_dir_all(folder))
}

fn remove_file(file: &Path) -> io::Result<()> {
    ignore_absence(fs::remove_file(file))
}

fn ignore_absence(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Syncs all files and folders below, then the folder itself.
fn sync_tree(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        } else {
            OpenOptions::new()
                .read(true)
                .write(true)
                .open(entry.path())?
                .sync_all()?;
        }
    }
    sync_folder(folder)
}

#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    File::open(folder)?.sync_all()
}

/// Windows has no way to sync a folder; NTFS journals names.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn tighten_folder(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            tighten_folder(&entry.path())?;
        } else {
            tighten_one(&entry.path())?;
        }
    }
    tighten_one(folder)
}

#[cfg(unix)]
fn tighten_one(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata?,
    };
    let mode = if metadata.is_dir() { 0o700 } else { 0o600 };
    if metadata.permissions().mode() & 0o777 == mode {
        return Ok(());
    }
    // sled removes old snapshots whenever it likes.
    ignore_absence(fs::set_permissions(path, fs::Permissions::from_mode(mode)))
}

#[cfg(not(unix))]
fn tighten_one(_: &Path) -> io::Result<()> {
    Ok(())
}
