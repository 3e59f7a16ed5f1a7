//! What is left of what was said: in memory after a lock, on the disk after the end, anywhere after an erasure.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use thirtyfour::prelude::*;

use crate::people::Person;

/// A text that nothing else in a process contains. Put together here, so that it is not in the binary of this test's
/// child processes either.
fn canary() -> String {
    ["heliotrope", "quandary", "sassafras"].join(" ")
}

/// A lock that only hides the page leaves the text in memory; ours replaces the processes that had it.
#[tokio::test(flavor = "multi_thread")]
async fn locking_leaves_nothing_that_was_said_in_memory() {
    let alice = Person::begin().await;
    alice.found("Sunday vigil", "Alice").await;
    alice.say(&canary()).await;
    alice.window.read(&canary()).await;
    let program = alice.window.process();
    if File::open(format!("/proc/{program}/mem")).is_err() {
        println!("skipped: the memory of a process can be read as root only");
        return;
    }
    let drawing = alice.window.drawing_process();
    assert!(
        copies(&alice.window.processes(), &canary()) > 0,
        "it is on the screen"
    );

    let page = alice.window.driver.find(By::Tag("body")).await.unwrap();
    // The page is gone before the key press is answered.
    let _ = page.send_keys(Key::Control + "l").await;
    alice.window.gone(drawing).await;
    let start = Instant::now();
    while alice.window.processes().len() < 3 {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "no new window came"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let after = alice.window.processes();
    assert_eq!(copies(&after, &canary()), 0);
    assert_eq!(copies(&after, &alice.passphrase), 0);
}

/// Somebody walks away from an open window.
#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_nobody_touches_locks_itself() {
    let alice = Person::begin().await;
    let drawing = alice.window.drawing_process();
    let shortest = r#"
        const { invoke } = window.__TAURI_INTERNALS__;
        const done = arguments[0];
        invoke("settings_get")
            .then((settings) => invoke("settings_set", { settings: { ...settings, lockAfterS: 15 } }))
            .then(() => done("set"), done);
    "#;
    let set = alice.window.driver.execute_async(shortest, vec![]).await;
    assert_eq!(set.unwrap().json(), "set");
    alice.window.gone(drawing).await;
}

/// How often a text is in the memory of processes, as UTF-8 or UTF-16.
fn copies(processes: &BTreeSet<u32>, text: &str) -> usize {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut found = 0;
    for process in processes {
        each_stretch(*process, |memory| {
            found += count(memory, text.as_bytes()) + count(memory, &wide);
        });
    }
    found
}

fn count(memory: &[u8], wanted: &[u8]) -> usize {
    let first = wanted[0];
    let mut found = 0;
    let mut rest = memory;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        rest = &rest[at..];
        found += usize::from(rest.starts_with(wanted));
        rest = &rest[1..];
    }
    found
}

const PAGE: u64 = 4096;

/// Every stretch of memory of a process that can be written and is there. WebKit reserves far more than it uses, so
/// that the kernel is asked which pages exist.
fn each_stretch(process: u32, mut look: impl FnMut(&[u8])) {
    let open = |name: &str| File::open(format!("/proc/{process}/{name}"));
    let (Ok(memory), Ok(pages)) = (open("mem"), open("pagemap")) else {
        return;
    };
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
    for (from, to) in maps
        .lines()
        .filter(|line| line.contains(" rw"))
        .filter_map(range)
    {
        let count = usize::try_from((to - from) / PAGE).unwrap();
        let mut entries = vec![0; count * 8];
        if pages.read_exact_at(&mut entries, from / PAGE * 8).is_err() {
            continue;
        }
        let there = entries.chunks_exact(8).map(|entry| {
            let entry = u64::from_le_bytes(entry.try_into().unwrap());
            // In memory, or in swap.
            entry >> 62 != 0
        });
        let there: Vec<bool> = there.collect();
        let mut at = 0;
        for run in there.chunk_by(|one, next| one == next) {
            if run[0] {
                let mut bytes = vec![0; run.len() * usize::try_from(PAGE).unwrap()];
                if memory.read_exact_at(&mut bytes, from + at * PAGE).is_ok() {
                    look(&bytes);
                }
            }
            at += run.len() as u64;
        }
    }
}

fn range(line: &str) -> Option<(u64, u64)> {
    let (from, to) = line.split_whitespace().next()?.split_once('-')?;
    let parse = |text| u64::from_str_radix(text, 16).ok();
    Some((parse(from)?, parse(to)?))
}

/// After a conversation and a closed window nothing readable is on the disk, and nothing outside the profile at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_leaves_nothing_readable_and_nothing_elsewhere() {
    let alice = Person::begin().await;
    alice.found("Sunday vigil", "Alice").await;
    alice.say(&canary()).await;
    alice.window.read(&canary()).await;
    alice.leave().await;
    let mut files = Vec::new();
    walk(&alice.computer.profile(), &mut files);
    assert!(files.len() > 2, "there is a profile");
    walk(&alice.computer.path().join("home"), &mut files);
    let wanted = [
        canary(),
        "Sunday vigil".to_owned(),
        "Alice".to_owned(),
        alice.passphrase.clone(),
    ];
    for file in &files {
        let bytes = fs::read(file).unwrap();
        for text in &wanted {
            let found = bytes.windows(text.len()).any(|at| at == text.as_bytes());
            assert!(!found, "{text} is in {}", file.display());
        }
    }
    let home = alice.computer.path().join("home");
    let ours: Vec<_> = files
        .iter()
        .filter(|file| file.starts_with(&home))
        .filter(|file| !file.to_string_lossy().contains("/.cache/"))
        .collect();
    assert!(ours.is_empty(), "left in the person's home: {ours:?}");
    let view = alice.computer.profile().join("f");
    assert!(!view.exists(), "what the page needed is still there");
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.is_file() {
            files.push(path);
        }
    }
}

/// Two deliberate steps, an outcome that is seen, and no profile any more.
#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_takes_two_steps_and_is_seen_to_be_done() {
    let alice = Person::begin().await;
    alice.found("Sunday vigil", "Alice").await;
    let header = alice.computer.profile().join("a");
    assert!(header.exists());
    let page = alice.window.driver.find(By::Tag("body")).await.unwrap();
    page.send_keys(Key::Control + Key::Shift + Key::Delete)
        .await
        .unwrap();
    alice.window.read("Erase everything?").await;
    assert!(header.exists(), "opening it erases nothing");
    alice.window.press("Go on to the last step").await;
    assert!(header.exists(), "the first step erases nothing");
    let hold = By::XPath("//button[normalize-space(.)='Hold to erase']");
    let hold = alice.window.find(hold, "Hold to erase").await;
    hold.send_keys(Key::Enter + "").await.unwrap();
    alice.window.read("Press Enter once more to erase").await;
    assert!(header.exists(), "one press erases nothing");
    hold.send_keys(Key::Enter + "").await.unwrap();
    alice
        .window
        .read("The keys and files on this computer are gone.")
        .await;
    assert!(!header.exists());
}
