//! What the vault costs on this machine's disk: `cargo bench -p store`. Figures for STORAGE's budgets, no comparison.
#![expect(clippy::print_stdout, reason = "figures are what this program is for")]

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use proto::{Changes, Key, RecordKind};
use store::{KdfParams, Passphrase, Rollback, Store, Vault, system_rng};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let home = tempfile::tempdir()?;
    let mut rng = system_rng()?;
    let passphrase = Passphrase::generate(&mut rng);
    let started = Instant::now();
    let vault = Vault::create(home.path(), &passphrase, KdfParams::FLOOR, &mut rng)?;
    report("create, with Argon2id at its floor", started.elapsed());

    small(&vault)?;
    bulk(&vault)?;
    for kib in [36, 128, 470] {
        group_state(&vault, kib)?;
    }
    newest(&vault)?;
    vault.close()?;
    reopen(home.path(), &passphrase)
}

fn small(vault: &Vault) -> Outcome<()> {
    let mut times = Vec::new();
    for number in 0..500 {
        let changes = batch(RecordKind::Message, number..number + 1, 300);
        let started = Instant::now();
        vault.persist(&changes)?;
        times.push(started.elapsed());
    }
    times.sort();
    report("durable small persist, p50", times[times.len() / 2]);
    report("durable small persist, p99", times[times.len() * 99 / 100]);
    Ok(())
}

fn bulk(vault: &Vault) -> Outcome<()> {
    const RECORDS: u64 = 50_000;
    const BATCH: u64 = 500;
    let started = Instant::now();
    for first in (0..RECORDS).step_by(BATCH as usize) {
        vault.persist(&batch(RecordKind::Envelope, first..first + BATCH, 300))?;
    }
    println!(
        "bulk, {BATCH} a persist: {:.0} records/s",
        RECORDS as f64 / started.elapsed().as_secs_f64()
    );
    Ok(())
}

fn group_state(vault: &Vault, kib: usize) -> Outcome<()> {
    let mut times = Vec::new();
    for round in 0..60u8 {
        let mut changes = Changes::default();
        changes.put(
            Key::new(RecordKind::Group, [1; 32], b"state"),
            vec![round; kib << 10],
        );
        let started = Instant::now();
        vault.persist(&changes)?;
        times.push(started.elapsed());
    }
    times.sort();
    report(
        &format!("rewrite a value of {kib} KiB, p50"),
        times[times.len() / 2],
    );
    Ok(())
}

fn newest(vault: &Vault) -> Outcome<()> {
    let started = Instant::now();
    for number in 49_950..50_000u64 {
        let key = Key::new(RecordKind::Envelope, [1; 32], &number.to_be_bytes());
        assert!(vault.get(&key)?.is_some());
    }
    report("newest 50 by name", started.elapsed());
    Ok(())
}

fn reopen(folder: &Path, passphrase: &Passphrase) -> Outcome<()> {
    let started = Instant::now();
    let vault = Vault::open(folder, passphrase, Rollback::Refuse)?;
    report(
        "open 50,000 records, with Argon2id at its floor",
        started.elapsed(),
    );
    let started = Instant::now();
    let mut records = 0;
    vault.load(&mut |_, _| records += 1)?;
    report("load them all", started.elapsed());
    let size = std::fs::metadata(folder.join("b/db"))?.len() >> 20;
    println!("{records} records, {size} MiB on disk");
    Ok(())
}

fn batch(kind: RecordKind, numbers: std::ops::Range<u64>, size: usize) -> Changes {
    let mut changes = Changes::default();
    for number in numbers {
        changes.put(
            Key::new(kind, [1; 32], &number.to_be_bytes()),
            vec![7; size],
        );
    }
    changes
}

fn report(what: &str, time: Duration) {
    println!("{what}: {:.2} ms", time.as_secs_f64() * 1_000.0);
}
