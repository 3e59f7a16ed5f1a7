//! What somebody sees who gets the folder without the passphrase.

use std::fs;
use std::path::Path;

use proto::{Key, RecordKind};

use super::support::*;
use crate::Store;

/// A profile with some life in it.
fn lived_in(folder: &Path) {
    let vault = create(folder);
    for number in 0..60 {
        let size = if number % 10 == 0 { 60_000 } else { 100 };
        vault
            .persist(&put([(message(number), text(number, size))]))
            .unwrap();
    }
    let named = Key::new(RecordKind::Cell, BOB, b"bobs secret cell name");
    vault
        .persist(&put([(named, b"the river house".to_vec())]))
        .unwrap();
    vault
        .persist(&put([(piece(1), text(1, 57_000)), (piece(2), text(2, 90))]))
        .unwrap();
    let mut deleted = proto::Changes::default();
    (0..20).for_each(|number| deleted.delete(message(number)));
    vault.persist(&deleted).unwrap();
    vault.close().unwrap();
    let vault = open(folder).unwrap();
    vault
        .persist(&put([(message(100), text(100, 2_000))]))
        .unwrap();
}

#[test]
fn no_file_and_no_name_says_what_it_is_about() {
    let home = folder();
    lived_in(home.path());
    let found = files(home.path());
    for name in found.keys() {
        let name = name.to_str().unwrap();
        let is_known = ["a", "b/conf", "b/db", "d"].contains(&name)
            || name.starts_with("b/snap.")
            || name.starts_with("g/");
        assert!(is_known, "{name}");
    }
    let mut needles: Vec<Vec<u8>> = [
        "meet at the",
        "fountain",
        "river house",
        "bobs secret",
        "vigil",
        "passphrase",
    ]
    .map(|needle| needle.as_bytes().to_vec())
    .to_vec();
    needles.extend([
        message(100).to_bytes(),
        ALICE[..16].to_vec(),
        BOB[..16].to_vec(),
    ]);
    for (name, bytes) in &found {
        for needle in &needles {
            let shown = String::from_utf8_lossy(needle);
            let is_there = bytes
                .windows(needle.len())
                .any(|part| part.eq_ignore_ascii_case(needle));
            assert!(!is_there, "{shown} is readable in {}", name.display());
        }
    }
    // The scan can find things: the engine's own tree is called so.
    let db = &found[Path::new("b/db")];
    assert!(db.windows(8).any(|part| part == b"__sled__"));
}

#[test]
fn no_value_leaves_the_synced_file() {
    let home = folder();
    lived_in(home.path());
    assert_eq!(
        fs::read_dir(home.path().join("b/blobs")).unwrap().count(),
        0
    );
}

#[test]
fn every_byte_of_the_header_but_its_cost_looks_random() {
    let home = folder();
    lived_in(home.path());
    let header = fs::read(home.path().join("a")).unwrap();
    assert_eq!(header.len(), 8192);
    let (copy, other) = header.split_at(4096);
    // Used and unused slots look alike: in every 320 bytes about as many bits are set as not, and none repeats.
    for slot in copy[64..].chunks_exact(320) {
        let ones: u32 = slot.iter().map(|byte| byte.count_ones()).sum();
        assert!((1_080..1_480).contains(&ones), "{ones} of 2560 bits");
    }
    assert!(
        copy[64..]
            .chunks_exact(16)
            .all(|part| part.iter().any(|byte| *byte != part[0]))
    );
    // Unused slots differ between the copies, so that "the same in both" is all that marks ours.
    let same =
        (0..8).filter(|slot| copy[64 + slot * 320..][..320] == other[64 + slot * 320..][..320]);
    assert_eq!(same.count(), 8, "all slots are the same in both copies");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look() {
    use std::os::unix::fs::PermissionsExt as _;

    fn check(path: &Path) {
        let metadata = fs::metadata(path).unwrap();
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(
            metadata.permissions().mode() & 0o777,
            expected,
            "{}",
            path.display()
        );
        if metadata.is_dir() {
            fs::read_dir(path)
                .unwrap()
                .for_each(|entry| check(&entry.unwrap().path()));
        }
    }

    let home = folder();
    let profile = home.path().join("profile");
    fs::create_dir(&profile).unwrap();
    fs::set_permissions(&profile, fs::Permissions::from_mode(0o755)).unwrap();
    let vault = create(&profile);
    check(&profile);
    vault.persist(&put([(message(1), text(1, 100))])).unwrap();
    vault.close().unwrap();
    check(&profile);
    fs::set_permissions(profile.join("a"), fs::Permissions::from_mode(0o644)).unwrap();
    let vault = open(&profile).unwrap();
    check(&profile);
    vault.close().unwrap();
    check(&profile);
}
