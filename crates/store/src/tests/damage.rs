//! Damage to any file gives the same records or a clear error: never others, never a panic.

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::PathBuf;

use crypto::Rng;

use super::support::*;
use crate::engine::Engine;
use crate::header::Header;
use crate::read;
use crate::record::Records;
use crate::step::Steps;
use crate::{ErrorKind, OpenError, ReadError, Store, Vault};

const TRIALS: u64 = 360;

/// Several sessions, overwritten and deleted records, long and short values.
fn sample() -> (BTreeMap<PathBuf, Vec<u8>>, Contents) {
    let home = folder();
    create(home.path()).close().unwrap();
    let mut expected = Contents::new();
    for session in 0..4 {
        let vault = open(home.path()).unwrap();
        for round in 0..12 {
            let moment = session * 12 + round;
            let mut changes =
                put((0..6).map(|n| (message((moment * 5 + n) % 80), text(moment, 300))));
            changes.put(message(1_000 + moment % 3), text(moment, 30_000));
            changes.delete(message((moment * 7) % 80));
            vault.persist(&changes).unwrap();
            apply(&mut expected, &changes);
        }
        vault.close().unwrap();
    }
    (files(home.path()), expected)
}

fn hurt(bytes: &mut Vec<u8>, rng: &mut Rng) -> &'static str {
    let length = bytes.len() as u64;
    let at = rng.below(length) as usize;
    match rng.below(3) {
        0 => {
            bytes[at] ^= 1 << rng.below(8);
            "flipped"
        }
        1 => {
            let end = (at + 1 + rng.below(5_000) as usize).min(bytes.len());
            bytes[at..end].fill(0);
            "zeroed"
        }
        _ => {
            bytes.truncate(at);
            "truncated"
        }
    }
}

/// Opens and reads everything, as a start of the program does.
fn read(folder: &std::path::Path) -> Result<Contents, ErrorKind> {
    let vault: Vault = open(folder).map_err(|error| error.kind())?;
    let mut found = Contents::new();
    let loaded = vault.load(&mut |key, value| {
        found.insert(key, value.to_vec());
    });
    loaded.map_err(|error: ReadError| error.kind())?;
    Ok(found)
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figures belong into the test's report"
)]
fn damage_gives_the_same_records_or_a_clear_error() {
    let (sound, expected) = sample();
    let mut rng = rng(11);
    let names: Vec<&PathBuf> = sound
        .keys()
        .filter(|name| !sound[*name].is_empty())
        .collect();
    assert!(names.len() >= 3, "header, log, settings");
    let (mut harmless, mut clear) = (0, BTreeMap::new());
    for trial in 0..TRIALS {
        // The log is the largest and the most interesting: every other trial.
        let log = PathBuf::from("b/db");
        let name = if trial % 2 == 0 {
            &log
        } else {
            names[rng.below(names.len() as u64) as usize]
        };
        let mut files = sound.clone();
        let how = hurt(files.get_mut(name).unwrap(), &mut rng);
        let home = folder();
        lay_out(home.path(), &files);
        let outcome = catch_unwind(|| read(home.path()));
        match outcome {
            Ok(Ok(found)) => {
                assert!(
                    found == expected,
                    "silent: {} {how} in trial {trial}",
                    name.display()
                );
                harmless += 1;
            }
            Ok(Err(kind)) => *clear.entry(kind.as_str()).or_insert(0) += 1,
            Err(_) => panic!("panic: {} {how} in trial {trial}", name.display()),
        }
    }
    println!("{TRIALS} trials: {harmless} harmless, 0 silent, 0 panics, clear errors {clear:?}");
    let known = ["storage_damaged", "rolled_back", "wrong_passphrase"];
    assert!(clear.keys().all(|kind| known.contains(kind)), "{clear:?}");
    assert!(
        harmless > 0 && clear.len() > 1,
        "the trials reach both outcomes"
    );
}

#[test]
fn a_damaged_record_is_an_error_where_it_is_read() {
    // The file is changed under an open vault: checks at opening cannot see that, seals do.
    let home = folder();
    let vault = create(home.path());
    vault
        .persist(&put([(message(1), text(1, 20_000))]))
        .unwrap();
    vault.close().unwrap();
    let engine = Engine::open(&home.path().join("b"), &Steps::default()).unwrap();
    let mut batch = sled::Batch::default();
    engine
        .scan(|name, stored| {
            // Same nonce, same tag, hence the same mark; other content.
            let mut changed = stored.to_vec();
            changed[60] ^= 1;
            if stored.len() > 3_000 {
                batch.insert(name, changed);
            }
            Ok::<_, crate::engine::EngineError>(())
        })
        .unwrap();
    engine.commit(batch).unwrap();
    engine.close();
    let vault = open(home.path()).unwrap();
    assert!(matches!(vault.get(&message(1)), Err(ReadError::Damaged)));
    assert!(matches!(
        vault.load(&mut |_, _| {}),
        Err(ReadError::Damaged)
    ));
    let again = vault.persist(&put([(message(1), vec![])])).unwrap_err();
    assert_eq!(crate::persist_error_kind(&again), ErrorKind::StorageDamaged);
}

#[test]
fn the_start_of_one_write_and_the_end_of_another_are_no_value() {
    let home = folder();
    create(home.path()).close().unwrap();
    let header = std::fs::read(home.path().join("a")).unwrap();
    let records = Records::new(&Header::open(&header, &passphrase()).unwrap().keys);
    let engine = Engine::open(&home.path().join("b"), &Steps::default()).unwrap();
    let read_mixed = |end_of: u64| {
        let mut batch = sled::Batch::default();
        let start = records.seal(&message(1), &text(1, 20_000), 7, &mut rng(1));
        let end = records.seal(&message(1), &text(2, 20_000), end_of, &mut rng(2));
        for (name, stored) in start.iter().take(2).chain(end.iter().skip(2)) {
            batch.insert(name, stored.as_slice());
        }
        engine.commit(batch).unwrap();
        read::get(&engine, &records, &message(1))
    };
    assert!(matches!(read_mixed(8), Err(ReadError::Damaged)));
    assert!(
        read_mixed(7).is_ok(),
        "the number of the write is what tells"
    );
}

#[test]
fn errors_say_what_to_do() {
    assert_eq!(
        OpenError::Damaged.to_string(),
        "Passphrase correct, storage damaged; restore a backup"
    );
    let missing = OpenError::RolledBack { missing: 3 }.to_string();
    assert!(missing.contains("3 acknowledged commits are missing"));
}
