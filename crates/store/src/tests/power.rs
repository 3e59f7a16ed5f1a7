//! Power cuts, replayed: at every flush, what a disk could hold that got only some of the unsynced pages.
//!
//! Synced is what the last sync of ours covered; sled's own flush counts for nothing. Between that and what the system's
//! cache holds, each page of the log is old, new or zero; files that came or went meanwhile are there or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crypto::Rng;
use proto::Changes;
use tempfile::TempDir;

use super::support::*;
use crate::step::{Step, Verdict, Watch};
use crate::{Store, Vault};

const PAGE: usize = 4096;
const COMMITS: u64 = 24;

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Watches a vault and keeps what is durable and what is not yet.
struct Disk {
    folder: PathBuf,
    is_sync_forgotten: bool,
    durable: Mutex<Files>,
    cached: Mutex<Files>,
}

impl Disk {
    fn watch(folder: &Path, is_sync_forgotten: bool) -> Arc<Self> {
        let durable = files(folder);
        Arc::new(Self {
            folder: folder.to_owned(),
            is_sync_forgotten,
            cached: Mutex::new(durable.clone()),
            durable: Mutex::new(durable),
        })
    }
}

impl Watch for Disk {
    fn before(&self, step: Step) -> Verdict {
        if step == Step::Sync {
            *self.cached.lock().unwrap() = files(&self.folder);
            if self.is_sync_forgotten {
                return Verdict::Skip;
            }
        }
        Verdict::Go
    }

    fn after(&self, step: Step) {
        let now = files(&self.folder);
        let mut durable = self.durable.lock().unwrap();
        match step {
            Step::Sync => {
                // What sled wrote into other files it synced itself.
                let header = durable[Path::new("a")].clone();
                *durable = now;
                durable.insert("a".into(), header);
            }
            Step::SyncHeader => {
                durable.insert("a".into(), now[Path::new("a")].clone());
            }
            Step::Prepare
            | Step::SyncBuilt
            | Step::PlaceRecords
            | Step::PlaceHeader
            | Step::Apply
            | Step::Flush
            | Step::WritePiece
            | Step::SyncPieces
            | Step::RemovePiece
            | Step::WriteHeader => {}
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Policy {
    Drop,
    Keep,
    Pages,
    Prefix,
}

/// One state in which the cut may leave the disk.
fn cut(durable: &Files, cached: &Files, policy: Policy, rng: &mut Rng) -> Files {
    let log = PathBuf::from("b/db");
    let (old, new) = (&durable[&log], &cached[&log]);
    let mut left = if rng.below(2) == 0 {
        durable.clone()
    } else {
        cached.clone()
    };
    left.insert("a".into(), durable[Path::new("a")].clone());
    let pages = old.len().max(new.len()).div_ceil(PAGE);
    let kept = rng.below(pages as u64 + 1) as usize;
    let mut mixed = Vec::new();
    for page in 0..pages {
        let is_new = match policy {
            Policy::Drop => false,
            Policy::Keep => true,
            Policy::Pages => rng.below(2) == 0,
            Policy::Prefix => page < kept,
        };
        let from = if is_new { new } else { old };
        let range = (page * PAGE).min(from.len())..((page + 1) * PAGE).min(from.len());
        mixed.extend_from_slice(&from[range]);
        // The length grew, the page did not arrive.
        mixed.resize((page + 1) * PAGE, 0);
    }
    let lengths = [old.len(), new.len()];
    let length = match policy {
        Policy::Drop => old.len(),
        Policy::Keep => new.len(),
        Policy::Pages | Policy::Prefix => lengths[rng.below(2) as usize].max(old.len()),
    };
    mixed.truncate(length);
    left.insert(log, mixed);
    left
}

/// What went wrong in a run: how often something acknowledged was lost, or the vault did not open.
#[derive(Debug, Default, PartialEq)]
struct Losses {
    cuts: usize,
    unopened: usize,
    lost: usize,
}

fn replay(is_sync_forgotten: bool) -> Losses {
    let home: TempDir = folder();
    create(home.path()).close().unwrap();
    let disk = Disk::watch(home.path(), is_sync_forgotten);
    let vault: Vault = open_tuned(home.path(), watched(&disk)).unwrap();
    let mut rng = rng(21);
    let mut losses = Losses::default();
    let mut acknowledged = Contents::new();
    for number in 0..COMMITS {
        let size = if number % 5 == 0 { 60_000 } else { 500 };
        let mut changes: Changes = put([
            (message(number), text(number, size)),
            (message(1_000), text(number, 2_000)),
        ]);
        changes.delete(message(number / 2));
        let mut attempted = acknowledged.clone();
        apply(&mut attempted, &changes);
        let before = disk.durable.lock().unwrap().clone();
        vault.persist(&changes).unwrap();
        let cached = disk.cached.lock().unwrap().clone();
        let after = disk.durable.lock().unwrap().clone();
        // The power goes before the answer: old or new. It goes right after the answer: new.
        let mut states = vec![(after, vec![&attempted])];
        for policy in [
            Policy::Drop,
            Policy::Keep,
            Policy::Pages,
            Policy::Pages,
            Policy::Prefix,
        ] {
            states.push((
                cut(&before, &cached, policy, &mut rng),
                vec![&acknowledged, &attempted],
            ));
        }
        for (state, allowed) in states {
            losses.cuts += 1;
            let home = folder();
            lay_out(home.path(), &state);
            match open(home.path()) {
                Ok(vault) if allowed.contains(&&contents(&vault)) => {}
                Ok(_) => losses.lost += 1,
                Err(_) => losses.unopened += 1,
            }
        }
        if number % 10 == 9 {
            vault.anchor().unwrap();
        }
        acknowledged = attempted;
    }
    losses
}

#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    let losses = replay(false);
    assert_eq!(
        losses,
        Losses {
            cuts: 6 * COMMITS as usize,
            unopened: 0,
            lost: 0
        }
    );
}

#[test]
fn forgetting_the_sync_would_be_noticed() {
    let losses = replay(true);
    assert!(
        losses.lost + losses.unopened > COMMITS as usize / 2,
        "{losses:?}"
    );
}
