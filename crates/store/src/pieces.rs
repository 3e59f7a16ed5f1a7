//! Pieces of attachments, each in a file of its own (STORAGE rule 5), because sled moves long values to files that it never
//! syncs.
//!
//! ```text
//! g/<32 random hex digits>   nonce (24) ‖ sealed ‖ tag (16), a multiple of 61,440 bytes
//!                            sealed: value length u32 ‖ value ‖ zeros         AAD: the 16 bytes of the name
//! record of the piece        name (16) ‖ key (32) of its file
//! ```
//! Order of things: file ► sync ► folder ► sync ► batch that names it ► file that it replaces is removed. Invariants: a
//! file that a record names is whole · a file that no record names is removed when the records are loaded · a file's key
//! seals one file, once, and is gone with its record.
//!
//! A piece is sealed here although its sender sealed it: two devices of one cell hold the same sealed pieces, and whoever
//! finds both must not see that.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crypto::aead::{self, NONCE_LEN, TAG_LEN};
use crypto::{Rng, Secret};
use zeroize::Zeroizing;

use crate::error::ReadError;
use crate::place::{private_file, private_folder, sync_folder};
use crate::step::{Step, Steps};

const FOLDER: &str = "g";

/// Files are multiples of this: whole pages, one piece of an attachment each, so that no size says anything.
const FILE_LEN: usize = 60 * 1024;
const PLAIN_LEN: usize = FILE_LEN - NONCE_LEN - TAG_LEN;
const LENGTH_LEN: usize = size_of::<u32>();
/// No file of ours is longer: what the longest value takes.
const FILE_LEN_MAX: u64 = 2 << 20;

const NAME_LEN: usize = 16;

/// Where a piece lies, and what opens it.
#[derive(Clone)]
pub(crate) struct Pointer {
    name: [u8; NAME_LEN],
    key: Secret<32>,
}

impl Pointer {
    /// The record of a piece.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([&self.name[..], self.key.expose()].concat())
    }

    /// The name of the file.
    pub(crate) const fn name(&self) -> [u8; NAME_LEN] {
        self.name
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (name, key) = bytes.split_first_chunk()?;
        Some(Self {
            name: *name,
            key: Secret::from_bytes(key.try_into().ok()?),
        })
    }
}

/// The folder of the files.
pub(crate) struct Pieces {
    folder: PathBuf,
    steps: Steps,
}

impl Pieces {
    /// Below the folder of a profile. It is made when the first piece comes.
    pub(crate) fn below(profile: &Path, steps: &Steps) -> Self {
        Self {
            folder: profile.join(FOLDER),
            steps: steps.clone(),
        }
    }

    /// Writes one file, synced; the folder is synced by [`Self::sync`].
    pub(crate) fn write(&self, value: &[u8], rng: &mut Rng) -> io::Result<Pointer> {
        let pointer = Pointer {
            name: rng.array(),
            key: rng.secret(),
        };
        let length = u32::try_from(value.len()).map_err(io::Error::other)?;
        let padded = (LENGTH_LEN + value.len()).div_ceil(PLAIN_LEN).max(1);
        // A second block has no nonce and tag of its own.
        let padded = PLAIN_LEN + (padded - 1) * FILE_LEN;
        let mut plain = Zeroizing::new(Vec::with_capacity(padded));
        plain.extend_from_slice(&length.to_be_bytes());
        plain.extend_from_slice(value);
        plain.resize(padded, 0);
        let nonce = rng.array();
        let sealed = aead::seal(&pointer.key, &nonce, &pointer.name, &plain);
        self.steps.run(Step::WritePiece, || {
            if !self.folder.is_dir() {
                private_folder(&self.folder)?;
                self.folder.parent().map_or(Ok(()), sync_folder)?;
            }
            let path = self.path(&pointer.name);
            let mut file = private_file().create_new(true).open(path)?;
            file.write_all(&nonce)?;
            file.write_all(&sealed)?;
            file.sync_all()
        })?;
        Ok(pointer)
    }

    /// Makes the names of new files durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.steps
            .run(Step::SyncPieces, || sync_folder(&self.folder))
    }

    /// Reads one file.
    pub(crate) fn read(&self, pointer: &Pointer) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        let mut bytes = Vec::with_capacity(FILE_LEN);
        let file = fs::File::open(self.path(&pointer.name)).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                ReadError::Damaged
            } else {
                // The system may let us the next time: nothing is known about the file.
                ReadError::Io(error)
            }
        })?;
        file.take(FILE_LEN_MAX)
            .read_to_end(&mut bytes)
            .map_err(ReadError::Io)?;
        let (nonce, sealed) = bytes.split_first_chunk().ok_or(ReadError::Damaged)?;
        let plain = aead::open(&pointer.key, nonce, &pointer.name, sealed)
            .map_err(|_| ReadError::Damaged)?;
        let (length, rest) = plain.split_first_chunk().ok_or(ReadError::Damaged)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok();
        let value = length.and_then(|length| rest.get(..length));
        Ok(Zeroizing::new(value.ok_or(ReadError::Damaged)?.to_vec()))
    }

    /// Removes files that no record names any more. What cannot be removed now is, at the next start.
    pub(crate) fn remove(&self, pointers: &[Pointer]) {
        for pointer in pointers {
            let path = self.path(&pointer.name);
            let removed: io::Result<()> =
                self.steps.run(Step::RemovePiece, || fs::remove_file(&path));
            if removed.is_err() {
                tracing::warn!("a file of an attachment could not be removed yet");
            }
        }
    }

    /// Removes every file that is not named here: what crashes left.
    pub(crate) fn sweep(&self, named: &BTreeSet<[u8; NAME_LEN]>) -> io::Result<()> {
        let names: BTreeSet<String> = named.iter().map(hex).collect();
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let known = entry
                .file_name()
                .to_str()
                .is_some_and(|name| names.contains(name));
            if !known {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn path(&self, name: &[u8; NAME_LEN]) -> PathBuf {
        self.folder.join(hex(name))
    }
}

/// The folder of the files of a profile, to be removed with it.
pub(crate) fn folder_below(profile: &Path) -> PathBuf {
    profile.join(FOLDER)
}

fn hex(name: &[u8; NAME_LEN]) -> String {
    name.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "tests/pieces.rs"]
mod tests;
