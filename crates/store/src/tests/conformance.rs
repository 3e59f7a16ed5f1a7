//! One suite, both stores: what `Store` promises.

use std::sync::Arc;
use std::thread;

use proto::{Changes, Key, RecordKind};
use tempfile::TempDir;

use super::support::*;
use crate::step::Steps;
use crate::writer::Tuning;
use crate::{MemoryStore, Store, Vault};

/// Something that keeps its records while the store on it is closed and opened again.
trait Medium {
    type Store: Store + Clone + 'static;

    fn new() -> Self;
    /// Opens the store; none if it could not be opened because a step failed.
    fn open(&self, steps: Steps) -> Option<Self::Store>;
}

impl Medium for TempDir {
    type Store = Vault;

    fn new() -> Self {
        let folder = folder();
        create(folder.path()).close().unwrap();
        folder
    }

    fn open(&self, steps: Steps) -> Option<Vault> {
        open_tuned(
            self.path(),
            Tuning {
                steps,
                ..Tuning::default()
            },
        )
        .ok()
    }
}

impl Medium for MemoryStore {
    type Store = Self;

    fn new() -> Self {
        Self::default()
    }

    fn open(&self, steps: Steps) -> Option<Self> {
        Some(self.watched(steps))
    }
}

fn sound<M: Medium>(medium: &M) -> M::Store {
    medium.open(Steps::default()).unwrap()
}

fn what_is_written_is_read_after_reopening<M: Medium>() {
    let medium = M::new();
    let mut expected = Contents::new();
    let sizes = [
        0,
        1,
        200,
        3_900,
        3_960,
        4_045,
        4_046,
        4_096,
        8_092,
        8_192,
        36_000,
        470_000,
        1 << 20,
    ];
    let entries = (0u64..)
        .zip(sizes)
        .map(|(number, size)| (message(number), text(number, size)));
    let changes = put(entries);
    sound(&medium).persist(&changes).unwrap();
    apply(&mut expected, &changes);

    let store = sound(&medium);
    assert!(contents(&store) == expected);
    for (key, value) in &expected {
        assert!(store.get(key).unwrap().unwrap().as_slice() == value);
    }
    assert_eq!(store.get(&message(99)).unwrap(), None);
}

fn later_values_replace_earlier_ones<M: Medium>() {
    let medium = M::new();
    let store = sound(&medium);
    let mut expected = Contents::new();
    // Longer and shorter in turn: pieces come and go.
    for (number, size) in [10, 100_000, 4_000, 9_000, 0, 50_000]
        .into_iter()
        .enumerate()
    {
        let changes = put([
            (message(1), text(number as u64, size)),
            (message(2), vec![7; size / 2]),
        ]);
        store.persist(&changes).unwrap();
        apply(&mut expected, &changes);
        assert!(contents(&store) == expected);
    }
    drop(store);
    assert!(contents(&sound(&medium)) == expected);
}

fn deleted_records_are_gone<M: Medium>() {
    let medium = M::new();
    let store = sound(&medium);
    store
        .persist(&put(
            (0..5).map(|n| (message(n), text(n, 9_000 * n as usize)))
        ))
        .unwrap();
    let mut changes = Changes::default();
    (0..4).for_each(|number| changes.delete(message(number)));
    changes.delete(message(77));
    store.persist(&changes).unwrap();
    store.persist(&changes).unwrap();
    assert_eq!(store.get(&message(3)).unwrap(), None);
    drop(store);
    let kept: Vec<Key> = contents(&sound(&medium)).into_keys().collect();
    assert_eq!(kept, [message(4)]);
}

fn records_of_another_kind_or_scope_are_other_records<M: Medium>() {
    let medium = M::new();
    let store = sound(&medium);
    let kinds = RecordKind::ALL.into_iter();
    let keys: Vec<Key> = kinds
        .flat_map(|kind| [ALICE, BOB].map(|scope| Key::new(kind, scope, b"1")))
        .chain([
            Key::new(RecordKind::Cell, ALICE, b""),
            Key::new(RecordKind::Cell, ALICE, &[0; 80]),
        ])
        .collect();
    let changes = put((0u64..)
        .zip(keys)
        .map(|(number, key)| (key, text(number, 50))));
    store.persist(&changes).unwrap();
    let mut expected = Contents::new();
    apply(&mut expected, &changes);
    // Pieces of attachments are shown only to whoever asks for one.
    assert!(
        expected.iter().all(|(key, value)| {
            store.get(key).unwrap().unwrap().as_slice() == value.as_slice()
        })
    );
    expected.retain(|key, _| key.kind() != RecordKind::Piece);
    assert!(contents(&store) == expected);
    assert_eq!(expected.len(), 2 * RecordKind::ALL.len());
}

fn every_handle_writes_to_the_same_store<M: Medium>() {
    let medium = M::new();
    let store = sound(&medium);
    let mut persister = store.persister();
    persister.persist(&put([(message(1), vec![1])])).unwrap();
    store
        .clone()
        .persist(&put([(message(2), vec![2])]))
        .unwrap();
    persister.persist(&Changes::default()).unwrap();
    assert_eq!(
        contents(&store),
        Contents::from([(message(1), vec![1]), (message(2), vec![2])])
    );
}

fn callers_at_the_same_time_all_get_their_records_in<M: Medium>() {
    let medium = M::new();
    let store = sound(&medium);
    thread::scope(|scope| {
        for caller in 0..8 {
            let store = store.clone();
            scope.spawn(move || {
                for number in 0..20 {
                    let key = message(caller * 100 + number);
                    // One key is shared by all: no caller's write may tear another's.
                    let shared = (message(9_999), text(caller, 10_000));
                    store
                        .persist(&put([(key.clone(), text(number, 40)), shared]))
                        .unwrap();
                    assert!(store.get(&key).unwrap().is_some());
                    let shared = store.get(&message(9_999)).unwrap().unwrap();
                    assert!((0..8).any(|caller| *shared == text(caller, 10_000)));
                }
            });
        }
    });
    drop(store);
    assert_eq!(contents(&sound(&medium)).len(), 161);
}

/// Lets the disk die at every step in turn. What was acknowledged must be there, what was not all or nothing.
fn a_crash_at_any_step_leaves_old_or_new<M: Medium>() {
    for step in 0.. {
        let medium = M::new();
        let mut before = Contents::new();
        let first = put([(message(0), text(0, 5_000)), (message(1), text(1, 10))]);
        sound(&medium).persist(&first).unwrap();
        apply(&mut before, &first);

        let disk = DiesAt::step(step);
        let mut after = before.clone();
        if let Some(store) = medium.open(steps(&disk)) {
            for number in 0..3 {
                let mut changes = put([
                    (message(0), text(number, 12_000 >> number)),
                    (message(10 + number), text(number, 300)),
                ]);
                changes.delete(message(9 + number));
                changes.delete(message(1));
                apply(&mut after, &changes);
                if store.persist(&changes).is_err() {
                    assert!(
                        store.persist(&changes).is_err(),
                        "a failed store took more changes"
                    );
                    break;
                }
                before.clone_from(&after);
            }
        }
        let found = contents(&sound(&medium));
        assert!(found == before || found == after, "step {step}");
        if !disk.is_dead() {
            assert_eq!(found.len(), 2);
            return;
        }
    }
}

/// The same for pieces of attachments, which are not shown but asked for.
fn a_crash_leaves_no_half_piece<M: Medium>() {
    for step in 0.. {
        let medium = M::new();
        let first = put([(piece(0), text(0, 57_360)), (message(0), text(0, 40))]);
        sound(&medium).persist(&first).unwrap();
        let disk = DiesAt::step(step);
        let mut acknowledged = false;
        if let Some(store) = medium.open(steps(&disk)) {
            let mut changes = put([
                (piece(1), text(1, 57_360)),
                (piece(2), text(2, 20)),
                (message(0), text(1, 40)),
            ]);
            changes.delete(piece(0));
            acknowledged = store.persist(&changes).is_ok();
        }
        let store = sound(&medium);
        let shown = contents(&store);
        let found = |number| {
            store
                .get(&piece(number))
                .unwrap()
                .map(|value| value.to_vec())
        };
        let found = [found(0), found(1), found(2)];
        let new = shown[&message(0)] == text(1, 40);
        assert!(new || !acknowledged, "step {step}");
        let expected = if new {
            [None, Some(text(1, 57_360)), Some(text(2, 20))]
        } else {
            [Some(text(0, 57_360)), None, None]
        };
        assert!(found == expected, "step {step}");
        if !disk.is_dead() {
            return;
        }
    }
}

macro_rules! conforms {
    ($($claim:ident),+ $(,)?) => {
        mod vault {
            $(#[test] fn $claim() { super::$claim::<tempfile::TempDir>(); })+
        }
        mod memory {
            $(#[test] fn $claim() { super::$claim::<crate::MemoryStore>(); })+
        }
    };
}

conforms!(
    what_is_written_is_read_after_reopening,
    later_values_replace_earlier_ones,
    deleted_records_are_gone,
    records_of_another_kind_or_scope_are_other_records,
    every_handle_writes_to_the_same_store,
    callers_at_the_same_time_all_get_their_records_in,
    a_crash_at_any_step_leaves_old_or_new,
    a_crash_leaves_no_half_piece,
);

#[test]
#[cfg(debug_assertions)]
fn values_over_the_limit_are_our_own_mistake() {
    let store = Arc::new(MemoryStore::new());
    let too_long = put([(message(0), vec![0; crate::record::VALUE_LIMIT + 1])]);
    let outcome = thread::spawn(move || store.persist(&too_long).is_ok()).join();
    assert!(outcome.is_err(), "it panicked");
}
