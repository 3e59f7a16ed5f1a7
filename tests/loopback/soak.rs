//! Long campaigns of real processes: `cargo xtask soak SECONDS`.

#![allow(clippy::print_stdout, reason = "a campaign says where it is")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::cell::{World, agree, gather};
use crate::vigil::Vigil;

/// Messages before anything is compared: caches fill, the database preallocates.
const WARM: usize = 600;

/// What a message may cost a node in memory for as long as it runs: its place in the order and who has it, no text.
const MEMORY: f64 = 4096.0;

/// What a message may cost a node on the disk: record, envelope while somebody lacks it, and what sled leaves behind.
const DISK: f64 = 32.0 * 1024.0;

#[test]
#[ignore = "a campaign: cargo xtask soak"]
fn soak_nodes_that_talk_for_long_stay_small() {
    let seconds = std::env::var("VIGIL_SOAK")
        .ok()
        .and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(60));
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);
    let started = Instant::now();
    let (mut round, mut said, mut before) = (0_usize, 0_usize, None);
    while started.elapsed() < time || said < 2 * WARM {
        round += 1;
        for person in [&mut alice, &mut bob, &mut carol] {
            let about = format!("round {round}");
            person.say_many(&cell, &about, 20);
            said += 20;
        }
        // Somebody is away, or dies, and comes back.
        match round % 10 {
            4 => {
                carol.kill();
                bob.say_many(&cell, &format!("while she is away {round}"), 20);
                said += 20;
                carol.restart();
            }
            8 => {
                bob.stop();
                bob.restart();
            }
            _ => {}
        }
        agree(&mut [&mut alice, &mut bob, &mut carol], &cell, said);
        if before.is_none() && said >= WARM {
            before = Some((said, size(&alice)));
        }
    }
    let (then, (memory, disk)) = before.expect("it went on for long enough");
    let (now_memory, now_disk) = size(&alice);
    let messages = (said - then) as f64;
    let grown = |now: u64, then: u64| now.saturating_sub(then) as f64 / messages;
    println!(
        "{said} messages; a message costs {:.0} bytes in memory and {:.0} on the disk",
        grown(now_memory, memory),
        grown(now_disk, disk)
    );
    assert!(
        grown(now_memory, memory) < MEMORY,
        "memory: {memory} to {now_memory}"
    );
    assert!(grown(now_disk, disk) < DISK, "disk: {disk} to {now_disk}");
}

/// Resident memory and files of a node, in bytes.
fn size(node: &Vigil) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{}/status", node.pid())).expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    (kib.unwrap_or(0) * 1024, folder_size(node.folder()))
}

fn folder_size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => folder_size(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}
