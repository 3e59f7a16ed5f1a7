//! The profile's folder as the window uses it: one process at a time, and what WebKit leaves behind is cleared away.
//!
//! The names say nothing; `store` uses a, b, c, d and g in the same folder (`crates/store/src/place.rs`).

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

const LOCK: &str = "e";
const VIEW: &str = "f";

/// Why the folder could not be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClaimError {
    /// Another window has it.
    #[error("this profile is open in another window")]
    AlreadyRunning,
    /// The system refused.
    #[error("the folder cannot be used")]
    Io(#[source] io::Error),
}

/// The folder, ours alone until this is dropped or the process is replaced.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Whether it was there before us.
    lock: Option<File>,
}

impl Folder {
    /// Makes the folder if need be and takes it. What an earlier process left of its pages is removed.
    pub(crate) fn claim(path: &Path) -> Result<Self, ClaimError> {
        private_folder(path).map_err(ClaimError::Io)?;
        let mut options = OpenOptions::new();
        let lock = options.create(true).write(true).truncate(false).mode(0o600);
        let lock = lock.open(path.join(LOCK)).map_err(ClaimError::Io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ClaimError::AlreadyRunning),
            Err(TryLockError::Error(error)) => return Err(ClaimError::Io(error)),
        }
        let folder = Self {
            path: path.to_owned(),
            lock: Some(lock),
        };
        folder.clear().map_err(ClaimError::Io)?;
        private_folder(&folder.view()).map_err(ClaimError::Io)?;
        Ok(folder)
    }

    /// Where WebKit may put files.
    pub(crate) fn view(&self) -> PathBuf {
        self.path.join(VIEW)
    }

    fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.view()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is removed at the next start.
        let _ = self.clear();
        let _ = fs::remove_file(self.path.join(LOCK));
        self.lock = None;
        // Gone if there is no profile in it.
        let _ = fs::remove_dir(&self.path);
    }
}

fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_window_at_a_time_and_nothing_is_left_without_a_profile() {
        let home = tempfile::tempdir().expect("a folder can be made");
        let path = home.path().join("profile");
        let folder = Folder::claim(&path).expect("nobody has it");
        fs::write(folder.view().join("left"), "x").expect("a file can be written");
        assert!(matches!(
            Folder::claim(&path),
            Err(ClaimError::AlreadyRunning)
        ));
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn what_a_killed_process_left_is_cleared_and_a_profile_stays() {
        let home = tempfile::tempdir().expect("a folder can be made");
        let path = home.path().to_owned();
        fs::create_dir(path.join(VIEW)).expect("a folder can be made");
        fs::write(path.join(VIEW).join("left"), "x").expect("a file can be written");
        fs::write(path.join("a"), "a profile").expect("a file can be written");
        let folder = Folder::claim(&path).expect("nobody has it");
        assert_eq!(fs::read_dir(folder.view()).expect("it is there").count(), 0);
        drop(folder);
        assert_eq!(fs::read(path.join("a")).expect("it is there"), b"a profile");
        assert!(!path.join(VIEW).exists());
    }
}
