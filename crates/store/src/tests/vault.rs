//! The vault's life: created, opened, anchored, rolled back, closed, erased.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crypto::kdf::KdfParams;

use super::support::*;
use crate::step::{Step, Verdict, Watch};
use crate::vault::erase_watched;
use crate::writer::{Request, Tuning};
use crate::{
    ChangePassphraseError, CreateError, EraseError, ErrorKind, OpenError, Passphrase, ProfileState,
    Rollback, Store, Vault, erase, profile_state,
};

#[test]
fn a_first_start_is_the_absence_of_the_header() {
    let home = folder();
    let profile = home.path().join("new/profile");
    assert_eq!(profile_state(&profile), ProfileState::None);
    assert!(matches!(open(&profile), Err(OpenError::NoProfile)));
    assert!(!profile.exists(), "looking made nothing");

    create(&profile).close().unwrap();
    assert_eq!(profile_state(&profile), ProfileState::Locked);
    let again = create_tuned(&profile, Tuning::default());
    assert!(matches!(again, Err(CreateError::ProfileExists)));
    assert!(contents(&open(&profile).unwrap()).is_empty());
}

#[test]
fn records_gone_from_under_a_header_are_damage_and_no_first_start() {
    for leave in [&[][..], &["conf"][..]] {
        let home = folder();
        create(home.path()).close().unwrap();
        for (name, _) in files(&home.path().join("b")) {
            if !leave.contains(&name.to_str().unwrap()) {
                fs::remove_file(home.path().join("b").join(name)).unwrap();
            }
        }
        for rollback in [Rollback::Refuse, Rollback::Accept] {
            let opened = Vault::open(home.path(), &passphrase(), rollback);
            assert!(matches!(opened, Err(OpenError::Damaged)));
        }
        assert!(matches!(
            create_tuned(home.path(), Tuning::default()),
            Err(CreateError::ProfileExists)
        ));
    }
}

#[test]
fn an_empty_database_under_a_header_is_damage() {
    let home = folder();
    create(home.path()).close().unwrap();
    let records = home.path().join("b");
    fs::remove_dir_all(&records).unwrap();
    drop(crate::engine::Engine::open(&records, &crate::step::Steps::default()).unwrap());
    assert!(matches!(open(home.path()), Err(OpenError::Damaged)));
}

#[test]
fn only_the_right_passphrase_opens() {
    let home = folder();
    create(home.path()).close().unwrap();
    for wrong in ["", "abacus", "abacus clutch velvet zoology marigold unbend"] {
        let error =
            Vault::open(home.path(), &Passphrase::new(wrong), Rollback::Refuse).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongPassphrase);
        assert_eq!(
            error.to_string(),
            "Wrong passphrase, or the header is damaged"
        );
    }
    let spaced = Passphrase::new("  abacus clutch velvet zoology marigold unbent\n");
    assert!(Vault::open(home.path(), &spaced, Rollback::Refuse).is_ok());
}

#[test]
fn weak_passphrases_and_costs_beyond_the_bounds_make_no_profile() {
    let home = folder();
    let make = |passphrase: &str, params| {
        Vault::create(
            home.path(),
            &Passphrase::new(passphrase),
            params,
            &mut rng(1),
        )
        .unwrap_err()
    };
    assert_eq!(
        make("password1", KdfParams::TEST).kind(),
        ErrorKind::WeakPassphrase
    );
    let beyond = KdfParams {
        memory_kib: KdfParams::CEILING.memory_kib + 1,
        ..KdfParams::TEST
    };
    assert!(matches!(
        make(passphrase().expose(), beyond),
        CreateError::KdfParams
    ));
    assert_eq!(profile_state(home.path()), ProfileState::None);
}

#[test]
fn a_profile_is_open_once() {
    let home = folder();
    let vault = create(home.path());
    assert_eq!(
        open(home.path()).unwrap_err().kind(),
        ErrorKind::AlreadyRunning
    );
    assert_eq!(
        erase(home.path()).unwrap_err().kind(),
        ErrorKind::AlreadyRunning
    );
    let again = create_tuned(home.path(), Tuning::default()).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::AlreadyRunning);
    let other = vault.clone();
    vault.close().unwrap();
    assert!(other.persist(&put([(message(1), vec![])])).is_err());
    assert_eq!(
        other.get(&message(1)).unwrap_err().kind(),
        ErrorKind::Stopped
    );
    assert!(open(home.path()).is_ok());
}

#[test]
fn a_restored_older_database_is_refused_until_accepted() {
    let home = folder();
    let vault = create(home.path());
    vault.persist(&put([(message(1), text(1, 100))])).unwrap();
    vault.close().unwrap();
    let old = files(&home.path().join("b"));
    let vault = open(home.path()).unwrap();
    for number in 2..7 {
        vault
            .persist(&put([(message(number), text(number, 100))]))
            .unwrap();
    }
    vault.close().unwrap();
    fs::remove_dir_all(home.path().join("b")).unwrap();
    lay_out(&home.path().join("b"), &old);

    let accept = || Vault::open(home.path(), &passphrase(), Rollback::Accept).unwrap();
    assert!(matches!(
        open(home.path()),
        Err(OpenError::RolledBack { missing: 5 })
    ));
    let vault = accept();
    assert_eq!(vault.rolled_back(), Some(5));
    assert_eq!(contents(&vault).len(), 1);
    vault.close().unwrap();
    // The owner crashed before it could act on it: it is told again.
    let vault = accept();
    assert_eq!(vault.rolled_back(), Some(5));
    vault.persist(&put([(message(9), text(9, 100))])).unwrap();
    vault.close().unwrap();
    let vault = open(home.path()).unwrap();
    assert_eq!(vault.rolled_back(), None);
    assert_eq!(contents(&vault).len(), 2);
}

#[test]
fn records_of_two_moments_do_not_make_one_database() {
    // Every seal is sound and the counter is the newest, but one record is from before: what sled's recovery can do.
    let home = folder();
    let vault = create(home.path());
    let steps = crate::step::Steps::default();
    vault
        .persist(&put([
            (message(1), text(1, 100)),
            (message(2), text(2, 100)),
        ]))
        .unwrap();
    vault.close().unwrap();
    let all = |home: &std::path::Path| {
        let engine = crate::engine::Engine::open(&home.join("b"), &steps).unwrap();
        let mut stored = Vec::new();
        let collect = |name: &[u8; 16], bytes: &[u8]| {
            stored.push((*name, bytes.to_vec()));
            Ok::<_, crate::engine::EngineError>(())
        };
        engine.scan(collect).unwrap();
        engine.close();
        stored
    };
    let old = all(home.path());
    let vault = open(home.path()).unwrap();
    vault
        .persist(&put([
            (message(1), text(3, 100)),
            (message(2), text(4, 100)),
        ]))
        .unwrap();
    vault.close().unwrap();
    let sound = files(home.path());
    let mut found = Vec::new();
    for (name, bytes) in &old {
        let home = folder();
        lay_out(home.path(), &sound);
        let engine = crate::engine::Engine::open(&home.path().join("b"), &steps).unwrap();
        let mut batch = sled::Batch::default();
        batch.insert(name, bytes.as_slice());
        engine.commit(batch).unwrap();
        engine.close();
        found.push(open(home.path()).unwrap_err().kind());
    }
    assert_eq!(found, [ErrorKind::StorageDamaged; 3]);
}

/// Counts synced header copies and tells when one is done.
struct Anchors(AtomicUsize, Option<Sender<()>>);

impl Watch for Anchors {
    fn before(&self, _: Step) -> Verdict {
        Verdict::Go
    }

    fn after(&self, step: Step) {
        if step == Step::SyncHeader {
            self.0.fetch_add(1, Ordering::SeqCst);
            if let Some(sender) = &self.1 {
                let _ = sender.send(());
            }
        }
    }
}

/// Holds the first sync up until it is let go, and counts all of them.
struct Gate {
    syncs: AtomicUsize,
    reached: Sender<()>,
    go: Mutex<Receiver<()>>,
}

impl Watch for Gate {
    fn before(&self, step: Step) -> Verdict {
        // The sync at opening is the one before.
        if step == Step::Sync && self.syncs.fetch_add(1, Ordering::SeqCst) == 1 {
            self.reached.send(()).unwrap();
            self.go.lock().unwrap().recv().unwrap();
        }
        Verdict::Go
    }

    fn after(&self, _: Step) {}
}

#[test]
fn callers_that_wait_together_share_one_durable_write() {
    let home = folder();
    create(home.path()).close().unwrap();
    let (reached, is_reached) = channel();
    let (let_go, go) = channel();
    let gate = Arc::new(Gate {
        syncs: AtomicUsize::new(0),
        reached,
        go: Mutex::new(go),
    });
    let vault = open_tuned(home.path(), watched(&gate)).unwrap();
    let ask = |number| {
        let (reply, answer) = sync_channel(1);
        let changes = put([(message(number), vec![])]);
        vault
            .requests()
            .send(Request::Persist(changes, reply))
            .unwrap();
        answer
    };
    let mut answers = vec![ask(0)];
    is_reached.recv_timeout(Duration::from_secs(60)).unwrap();
    answers.extend((1..20).map(ask));
    assert!(
        answers[0].try_recv().is_err(),
        "nobody is answered before the sync"
    );
    let_go.send(()).unwrap();
    answers
        .iter()
        .for_each(|answer| answer.recv().unwrap().unwrap());
    assert_eq!(
        gate.syncs.load(Ordering::SeqCst),
        3,
        "opening, the first, the nineteen others"
    );
    assert_eq!(contents(&vault).len(), 20);
}

#[test]
fn after_a_failed_write_nothing_is_shown_that_may_not_be_there() {
    let home = folder();
    create(home.path()).close().unwrap();
    // Sync and four header steps at opening; the batch is applied and flushed, its sync fails.
    let disk = DiesAt::step(7);
    let vault = open_tuned(home.path(), watched(&disk)).unwrap();
    assert!(vault.persist(&put([(message(1), vec![1])])).is_err());
    assert_eq!(
        vault.get(&message(1)).unwrap_err().kind(),
        ErrorKind::Stopped
    );
    assert!(vault.anchor().is_err());
    vault.close().unwrap();
    assert!(open(home.path()).is_ok());
}

#[test]
fn the_anchor_follows_after_64_commits() {
    let home = folder();
    create(home.path()).close().unwrap();
    let anchors = Arc::new(Anchors(AtomicUsize::new(0), None));
    let vault = open_tuned(home.path(), watched(&anchors)).unwrap();
    assert_eq!(
        anchors.0.load(Ordering::SeqCst),
        2,
        "both copies at every unlock"
    );
    for number in 0..63 {
        vault.persist(&put([(message(number), vec![])])).unwrap();
    }
    assert_eq!(anchors.0.load(Ordering::SeqCst), 2);
    vault.persist(&put([(message(63), vec![])])).unwrap();
    // It follows the answer: the next request waits for it.
    vault.anchor().unwrap();
    assert_eq!(anchors.0.load(Ordering::SeqCst), 4);
    vault.persist(&put([(message(64), vec![])])).unwrap();
    vault.anchor().unwrap();
    assert_eq!(anchors.0.load(Ordering::SeqCst), 6);
    vault.close().unwrap();
    assert_eq!(anchors.0.load(Ordering::SeqCst), 6, "nothing new to anchor");
}

#[test]
fn the_anchor_follows_after_a_while() {
    let home = folder();
    create(home.path()).close().unwrap();
    let (sender, synced) = channel();
    let anchors = Arc::new(Anchors(AtomicUsize::new(0), Some(sender)));
    let tuning = Tuning {
        anchor_after: Duration::from_millis(1),
        ..watched(&anchors)
    };
    let vault = open_tuned(home.path(), tuning).unwrap();
    let wait =
        |copies| (0..copies).for_each(|_| synced.recv_timeout(Duration::from_secs(60)).unwrap());
    wait(2);
    vault.persist(&put([(message(1), vec![])])).unwrap();
    wait(2);
}

#[test]
fn a_crash_while_creating_leaves_no_profile_or_a_whole_one() {
    for step in 0.. {
        let home = folder();
        let disk = DiesAt::step(step);
        let created = create_tuned(home.path(), watched(&disk));
        let is_created = created.is_ok();
        drop(created);
        match profile_state(home.path()) {
            ProfileState::None => {
                assert!(!is_created);
                create(home.path()).close().unwrap();
            }
            ProfileState::Locked => {}
        }
        assert!(
            contents(&open(home.path()).unwrap()).is_empty(),
            "step {step}"
        );
        if !disk.is_dead() {
            assert!(step > 10, "every step was watched");
            return;
        }
    }
}

#[test]
fn a_changed_passphrase_replaces_the_old_one() {
    let home = folder();
    let vault = create(home.path());
    vault.persist(&put([(message(1), text(1, 100))])).unwrap();
    let new = Passphrase::generate(&mut rng(9));
    let refused = vault.change_passphrase(&new, &new).unwrap_err();
    assert!(matches!(refused, ChangePassphraseError::WrongPassphrase));
    let weak = vault
        .change_passphrase(&passphrase(), &Passphrase::new("weak"))
        .unwrap_err();
    assert_eq!(weak.kind(), ErrorKind::WeakPassphrase);
    assert!(vault.check_passphrase(&passphrase()).is_ok());
    vault.change_passphrase(&passphrase(), &new).unwrap();
    assert!(vault.check_passphrase(&new).is_ok());
    let old = vault.check_passphrase(&passphrase());
    assert!(matches!(old, Err(OpenError::WrongPassphrase)));
    vault.close().unwrap();
    assert_eq!(
        open(home.path()).unwrap_err().kind(),
        ErrorKind::WrongPassphrase
    );
    let vault = Vault::open(home.path(), &new, Rollback::Refuse).unwrap();
    assert_eq!(contents(&vault).len(), 1);
}

#[test]
fn erasing_overwrites_the_keys_before_it_removes_anything() {
    // Every step of the erasure fails in turn; once both copies are written, no file left behind opens any more.
    for step in 0..4 {
        let home = folder();
        create(home.path()).close().unwrap();
        let kept = files(home.path());
        let error = erase_watched(home.path(), &steps(&DiesAt::step(step))).unwrap_err();
        assert!(matches!(error, EraseError::KeysRemain(_)));
        let opened = open(home.path());
        assert_eq!(
            opened.is_ok(),
            step < 3,
            "step {step}: one sound copy is enough to open"
        );
        assert_eq!(
            files(&home.path().join("b")).len(),
            kept.len() - 2,
            "no file went before the keys"
        );
    }
    let home = folder();
    let profile = home.path().join("profile");
    create(&profile).close().unwrap();
    erase(&profile).unwrap();
    assert!(!profile.exists());
    assert!(matches!(erase(&profile), Err(EraseError::NoProfile)));
}

#[test]
fn an_open_vault_is_erased_and_strangers_files_stay() {
    let home = folder();
    fs::write(home.path().join("notes"), b"not ours").unwrap();
    let vault = create(home.path());
    let header = fs::read(home.path().join("a")).unwrap();
    // A second name for the header's bytes on the disk shows what became of them.
    fs::hard_link(home.path().join("a"), home.path().join("link")).unwrap();
    vault.erase().unwrap();
    let left: Vec<_> = files(home.path()).into_keys().collect();
    assert_eq!(
        left,
        [std::path::Path::new("link"), std::path::Path::new("notes")]
    );
    let overwritten = fs::read(home.path().join("link")).unwrap();
    assert!(
        header
            .chunks(64)
            .zip(overwritten.chunks(64))
            .all(|(old, new)| old != new)
    );
    assert_eq!(profile_state(home.path()), ProfileState::None);
    create(home.path()).close().unwrap();
}

#[test]
fn an_unfinished_snapshot_does_not_lock_the_owner_out() {
    let home = folder();
    let vault = create(home.path());
    vault.persist(&put([(message(1), text(1, 100))])).unwrap();
    vault.close().unwrap();
    let torn = home.path().join("b/snap.00000000000F0000.generating");
    fs::write(&torn, b"half").unwrap();
    let vault = open(home.path()).unwrap();
    assert_eq!(contents(&vault).len(), 1);
    assert!(!torn.exists());
}

#[test]
fn debug_shows_nothing() {
    let home = folder();
    assert_eq!(format!("{:?}", create(home.path())), "Vault(..)");
}
