//! Files of pieces: what somebody sees who gets the folder, and what is left of them.

use std::fs;
use std::path::Path;

use super::*;
use crate::Store as _;
use crate::tests::support::*;

fn held(folder: &Path) -> Vec<(String, u64)> {
    let Ok(entries) = fs::read_dir(folder.join(FOLDER)) else {
        return Vec::new();
    };
    let entries = entries.map(|entry| entry.unwrap());
    let mut held: Vec<_> = entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, entry.metadata().unwrap().len())
        })
        .collect();
    held.sort();
    held
}

#[test]
fn files_of_pieces_are_alike_whatever_is_in_them() {
    let home = folder();
    let vault = create(home.path());
    // The same bytes twice, as two devices of one cell hold them.
    let entries = [
        (piece(0), text(0, 57_360)),
        (piece(1), text(0, 57_360)),
        (piece(2), vec![1]),
    ];
    vault.persist(&put(entries)).unwrap();
    let files = held(home.path());
    assert_eq!(files.len(), 3);
    assert!(files.iter().all(|(name, len)| {
        name.len() == 32 && name.bytes().all(|c| c.is_ascii_hexdigit()) && *len == 61_440
    }));
    let bytes: BTreeSet<Vec<u8>> = files
        .iter()
        .map(|(name, _)| fs::read(home.path().join(FOLDER).join(name)).unwrap())
        .collect();
    assert_eq!(bytes.len(), 3, "equal pieces look different");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&home.path().join(FOLDER)), 0o700);
        assert_eq!(mode(&home.path().join(FOLDER).join(&files[0].0)), 0o600);
    }
}

#[test]
fn deleted_pieces_leave_no_file_and_orphans_are_swept() {
    let home = folder();
    let vault = create(home.path());
    vault
        .persist(&put((0..3).map(|number| (piece(number), text(number, 100)))))
        .unwrap();
    let mut changes = put([(piece(0), text(9, 100))]);
    changes.delete(piece(1));
    changes.delete(piece(77));
    vault.persist(&changes).unwrap();
    assert_eq!(held(home.path()).len(), 2);
    vault.close().unwrap();

    // What a crash between file and record leaves.
    fs::write(home.path().join(FOLDER).join("0".repeat(32)), b"half").unwrap();
    fs::write(home.path().join(FOLDER).join("x"), b"").unwrap();
    let vault = open(home.path()).unwrap();
    assert_eq!(contents(&vault).len(), 0);
    assert_eq!(held(home.path()).len(), 2);
    assert_eq!(
        vault.get(&piece(0)).unwrap().unwrap().to_vec(),
        text(9, 100)
    );
    assert_eq!(vault.get(&piece(1)).unwrap(), None);
    vault.erase().unwrap();
    assert!(!home.path().join(FOLDER).exists());
}

#[test]
fn a_crash_at_any_step_leaves_no_file_without_a_record() {
    for step in 0.. {
        let home = folder();
        let vault = create(home.path());
        vault
            .persist(&put([(piece(0), text(0, 100)), (piece(1), text(1, 100))]))
            .unwrap();
        vault.close().unwrap();
        let disk = DiesAt::step(step);
        if let Ok(vault) = open_tuned(home.path(), watched(&disk)) {
            let mut changes = put([(piece(2), text(2, 100)), (piece(0), text(3, 100))]);
            changes.delete(piece(1));
            let _may_fail = vault.persist(&changes);
        }
        let vault = open(home.path()).unwrap();
        contents(&vault);
        let there = (0..3).filter(|number| vault.get(&piece(*number)).unwrap().is_some());
        assert_eq!(held(home.path()).len(), there.count(), "step {step}");
        if !disk.is_dead() {
            return;
        }
    }
}

#[test]
fn a_file_that_was_changed_swapped_or_lost_is_no_piece() {
    let home = folder();
    let vault = create(home.path());
    vault
        .persist(&put([(piece(0), text(0, 100)), (piece(1), text(1, 100))]))
        .unwrap();
    let path = |at: usize| home.path().join(FOLDER).join(&held(home.path())[at].0);
    let (first, second) = (fs::read(path(0)).unwrap(), fs::read(path(1)).unwrap());
    let read = || [0, 1].map(|number| vault.get(&piece(number)).is_ok());
    fs::write(path(0), &second).unwrap();
    fs::write(path(1), &first).unwrap();
    assert_eq!(read(), [false, false]);
    let mut spoiled = first.clone();
    spoiled[30_000] ^= 1;
    fs::write(path(0), &spoiled).unwrap();
    fs::write(path(1), &second).unwrap();
    assert_eq!(read().iter().filter(|sound| **sound).count(), 1);
    fs::write(path(0), &first).unwrap();
    assert_eq!(read(), [true, true]);
    fs::remove_file(path(0)).unwrap();
    assert_eq!(read().iter().filter(|sound| **sound).count(), 1);
}
