//! Files that a person names: bundles, invites.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::life::blocking;
use crate::{ClientError, Kind};

/// Writes a file that the person named, all at once.
///
/// # Errors
/// `file_unsafe` if it cannot be written there.
pub async fn write_file(path: PathBuf, bytes: Vec<u8>) -> Result<(), ClientError> {
    blocking(move || write(&path, &bytes)).await
}

/// Reads a file that the person named, of at most `limit` bytes.
///
/// # Errors
/// `file_unsafe` if it cannot be read, `file_too_large` beyond the limit.
pub async fn read_file(path: PathBuf, limit: usize) -> Result<Vec<u8>, ClientError> {
    blocking(move || {
        read_bounded(&path, limit)?.ok_or(ClientError::new(
            Kind::FileTooLarge,
            "this file is too large",
        ))
    })
    .await
}

/// Writes a file all at once: under another name first, so that a crash leaves no half of it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), ClientError> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same for what is not in memory as a whole.
pub(crate) fn write_with(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), ClientError> {
    let part = part_name(path).ok_or_else(|| unsafe_file("this is not the name of a file"))?;
    let written = write_part(&part, fill).and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        let _may_not_be_there = fs::remove_file(&part);
        unsafe_file(&format!("the file could not be written: {error}"))
    })
}

/// Reads a bundle of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, ClientError> {
    read_bounded(path, limit)?.ok_or(ClientError::core(proto::ErrorKind::BundleDamaged))
}

/// Everything in a file; none if it is more than `limit` bytes.
fn read_bounded(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, ClientError> {
    let read = || {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut bytes = Vec::new();
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes =
        read().map_err(|error| unsafe_file(&format!("the file could not be read: {error}")))?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

fn write_part(part: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(part)?;
    fill(&mut file)?;
    file.sync_all()
}

fn part_name(path: &Path) -> Option<PathBuf> {
    let mut name = path.file_name()?.to_owned();
    name.push(".part");
    Some(path.with_file_name(name))
}

fn unsafe_file(message: &str) -> ClientError {
    ClientError::new(Kind::FileUnsafe, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_absent() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("bundle");
        write(&path, b"one").expect("it can be written");
        write(&path, b"two").expect("it can be written over");
        assert_eq!(read(&path, 3).expect("it can be read"), b"two");
        assert_eq!(
            read(&path, 2).map_err(|error| error.kind().name()),
            Err("bundle_damaged")
        );
        let nowhere = folder.path().join("no/such/file");
        assert_eq!(
            write(&nowhere, b"x").map_err(|error| error.kind().name()),
            Err("file_unsafe")
        );
        assert_eq!(
            read(folder.path(), 3).map_err(|error| error.kind().name()),
            Err("file_unsafe")
        );
        let left: Vec<_> = fs::read_dir(folder.path())
            .expect("the folder can be read")
            .collect();
        assert_eq!(left.len(), 1, "no part stays behind");
    }
}
