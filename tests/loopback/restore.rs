//! A profile folder put back from yesterday.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::cell::{World, agree, gather};

#[test]
fn a_folder_from_yesterday_speaks_only_as_a_new_incarnation() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);
    alice.say_many(&cell, "the day before", 5);
    agree(&mut [&mut alice, &mut bob, &mut carol], &cell, 8);
    let yesterday = world.path("yesterday");
    alice.stop();
    copy(alice.folder(), &yesterday);

    alice.restart();
    alice.say_many(&cell, "today", 10);
    let before = agree(&mut [&mut alice, &mut bob, &mut carol], &cell, 18);
    alice.stop();
    fs::remove_dir_all(alice.folder()).unwrap();
    copy(&yesterday, alice.folder());
    alice.restart();
    // She does not know yet that a day is missing, and writes at once.
    alice.say(&cell, "good morning");

    for person in [&mut bob, &mut carol] {
        person.event("cell.warning", |event| event["kind"] == "device_restored");
    }
    let restored = json!({ "cell": cell, "member": alice.id(&cell) });
    bob.ask("cell.confirm_restored", restored);
    for person in [&mut bob, &mut carol] {
        person.reads(&cell, &["good morning"]);
    }
    bob.say(&cell, "welcome back");
    carol.say(&cell, "welcome back, alice");
    alice.reads(&cell, &["welcome back", "welcome back, alice"]);
    alice.say(&cell, "what did I miss?");
    bob.reads(&cell, &["what did I miss?"]);

    let after = agree(&mut [&mut bob, &mut carol], &cell, 22);
    let kept: Vec<_> = after
        .iter()
        .filter(|line| before.contains(line))
        .cloned()
        .collect();
    assert_eq!(kept, before, "what was said today stays");
    for person in [&mut alice, &mut bob, &mut carol] {
        let warnings = person.warnings();
        assert!(
            !warnings.contains(&"equivocation".to_owned()),
            "{warnings:?}"
        );
        person.counts_members(&cell, 3);
    }
}

#[test]
fn a_folder_that_is_merely_moved_is_the_same_device() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);

    alice.stop();
    let stick = world.path("stick");
    copy(alice.folder(), &stick);
    fs::remove_dir_all(alice.folder()).unwrap();
    copy(&stick, alice.folder());
    alice.restart();
    alice.say(&cell, "moved");

    bob.reads(&cell, &["moved"]);
    assert_eq!(bob.warnings(), Vec::<String>::new());
}

/// Copies a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
