//! Envelopes carried by hand, in a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::cell::{World, agree, all_that_is_shown, gather, join};
use crate::vigil::Vigil;

#[test]
fn a_bundle_each_way_brings_two_who_never_connect_to_the_same_history() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    offline(&mut [&mut alice, &mut bob]);
    alice.say_many(&cell, "the courier", 30);
    bob.say_many(&cell, "the courier", 30);

    let [there, back] = ["there", "back"].map(|name| world.path(name));
    assert!(export(&mut alice, &cell, &there) >= 30);
    assert!(import(&mut bob, &there) >= 30);
    assert!(export(&mut bob, &cell, &back) >= 30);
    assert!(import(&mut alice, &back) >= 30);

    agree(&mut [&mut alice, &mut bob], &cell, 62);
    assert_eq!(
        import(&mut bob, &there),
        0,
        "the second time nothing in it is new"
    );
    agree(&mut [&mut alice, &mut bob], &cell, 62);
    for person in [&mut alice, &mut bob] {
        assert_eq!(connected(person), 0, "they are not connected");
        assert_eq!(person.warnings(), Vec::<String>::new());
    }
}

#[test]
fn two_members_who_have_never_met_meet_by_bundle() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut carol]);
    offline(&mut [&mut alice]);
    join(&mut carol, &mut bob, &cell);
    carol.say(&cell, "bob is one of us");
    bob.reads(&cell, &["bob is one of us"]);
    offline(&mut [&mut bob, &mut carol]);
    alice.say(&cell, "alice, alone");
    bob.say(&cell, "bob, alone");

    // Each hears of the other and of what the other needs to be heard: three trips of one stick.
    let stick = world.path("stick");
    for _ in 0..3 {
        export(&mut bob, &cell, &stick);
        import(&mut alice, &stick);
        export(&mut alice, &cell, &stick);
        import(&mut bob, &stick);
    }
    alice.counts_members(&cell, 3);
    alice.say(&cell, "nice to meet you");
    export(&mut alice, &cell, &stick);
    import(&mut bob, &stick);

    alice.reads(&cell, &["bob, alone", "bob is one of us"]);
    bob.reads(&cell, &["nice to meet you"]);
    let bobs = bob.history(&cell);
    let alices = alice.history(&cell);
    let shared: Vec<_> = alices
        .iter()
        .filter(|line| bobs.contains(line))
        .cloned()
        .collect();
    assert_eq!(bobs, shared, "what both can read stands in one order");
    assert!(!bob.texts(&cell).contains(&"Alice is here".to_owned()));
}

#[test]
fn a_bundle_shows_nothing_to_who_carries_it() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    offline(&mut [&mut alice, &mut bob]);
    alice.say_many(&cell, "the courier", 30);

    let file = world.path("stick");
    export(&mut alice, &cell, &file);

    let bytes = fs::read(&file).unwrap();
    for words in [
        "the courier",
        "Alice",
        "night kitchen",
        "vigil",
        &cell,
        &alice.id(&cell),
    ] {
        let found = bytes
            .windows(words.len())
            .any(|window| window == words.as_bytes());
        assert!(!found, "{words} stands in the file");
    }
    // Uniform bytes: every value about as often as every other. 4 KiB pieces of text or records would be far off.
    let mut counts = [0_u32; 256];
    for byte in &bytes {
        counts[usize::from(*byte)] += 1;
    }
    let mean = bytes.len() as f64 / 256.0;
    let chi_square: f64 = counts
        .iter()
        .map(|count| (f64::from(*count) - mean).powi(2) / mean)
        .sum();
    assert!(
        bytes.len() > 8_192,
        "{} bytes are too few to judge",
        bytes.len()
    );
    assert!(
        chi_square < 400.0,
        "the bytes are not uniform: {chi_square}"
    );
}

#[test]
fn a_bundle_of_another_cell_reveals_and_changes_nothing() {
    let world = World::new();
    let [mut alice, mut bob, mut carol, mut dave] =
        ["Alice", "Bob", "Carol", "Dave"].map(|name| world.person(name));
    gather(&mut [&mut alice, &mut bob]);
    let theirs = gather(&mut [&mut carol, &mut dave]);
    carol.say(&theirs, "not for alice");
    let file = world.path("stick");
    export(&mut carol, &theirs, &file);

    let before = all_that_is_shown(&mut alice);
    assert_eq!(
        alice.refusal("bundle.import", json!({ "path": file })),
        "bundle_foreign"
    );
    assert_eq!(all_that_is_shown(&mut alice), before);
}

#[test]
fn a_removed_member_cannot_open_a_later_bundle() {
    let world = World::new();
    let names = ["Alice", "Bob", "Carol", "Mallory"];
    let [mut alice, mut bob, mut carol, mut mallory] = names.map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol, &mut mallory]);
    let vote = json!({ "cell": cell, "member": mallory.id(&cell) });
    offline(&mut [&mut mallory]);
    alice.ask("cell.remove", vote.clone());
    bob.ask("cell.remove", vote);
    for person in [&mut alice, &mut bob, &mut carol] {
        person.counts_members(&cell, 3);
        person.say(&cell, "without her");
    }
    let file = world.path("stick");
    export(&mut alice, &cell, &file);

    // She is told by the refusal at most that she is out, and reads nothing.
    let before = mallory.history(&cell);
    mallory.call("bundle.import", json!({ "path": file })).ok();
    assert_eq!(mallory.history(&cell), before);
}

#[test]
fn a_damaged_bundle_changes_nothing() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    offline(&mut [&mut alice, &mut bob]);
    alice.say_many(&cell, "the courier", 30);
    let whole = world.path("whole");
    export(&mut alice, &cell, &whole);
    let bytes = fs::read(&whole).unwrap();

    let before = all_that_is_shown(&mut bob);
    let mut kinds = BTreeSet::new();
    let broken = world.path("broken");
    for damaged in damages(&bytes) {
        fs::write(&broken, &damaged).unwrap();
        let kind = bob.refusal("bundle.import", json!({ "path": broken }));
        assert!(
            ["bundle_damaged", "bundle_foreign"].contains(&kind.as_str()),
            "{kind}"
        );
        kinds.insert(kind);
    }
    assert!(
        kinds.contains("bundle_damaged"),
        "some damage is recognised as damage"
    );
    assert_eq!(all_that_is_shown(&mut bob), before);
    let nowhere = json!({ "path": world.path("nowhere") });
    assert!(
        bob.call("bundle.import", nowhere).is_err(),
        "a file that is not there"
    );

    // The whole one still works after all that.
    assert!(import(&mut bob, &whole) >= 30);
    agree(&mut [&mut alice, &mut bob], &cell, 32);
}

/// The same bytes cut off, turned over, put in another order, or made longer.
fn damages(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for sixteenth in 0..16 {
        let at = bytes.len() * sixteenth / 16;
        all.push(bytes[..at].to_vec());
        for bit in [0, 7] {
            let mut flipped = bytes.to_vec();
            flipped[at] ^= 1 << bit;
            all.push(flipped);
        }
    }
    let last = bytes.len() - 1;
    all.push(bytes[..last].to_vec());
    all.push([bytes, b"x"].concat());
    let (left, right) = bytes.split_at(bytes.len() / 2);
    all.push([right, left].concat());
    all.push([left, left].concat());
    all
}

fn offline(people: &mut [&mut Vigil]) {
    for person in people {
        person.ask("net.offline", json!({}));
    }
}

fn export(person: &mut Vigil, cell: &str, path: &Path) -> u64 {
    let exported = person.ask("bundle.export", json!({ "cell": cell, "path": path }));
    exported["envelopes"]
        .as_u64()
        .expect("a count of envelopes")
}

fn import(person: &mut Vigil, path: &Path) -> u64 {
    let imported = person.ask("bundle.import", json!({ "path": path }));
    imported["envelopes"]
        .as_u64()
        .expect("a count of envelopes")
}

/// How many members one is connected to, in all cells.
fn connected(person: &mut Vigil) -> usize {
    let status = person.ask("net.status", json!({}));
    let cells = status["cells"].as_array().expect("a list of cells");
    let connected = |cell: &Value| cell["connected"].as_array().map_or(0, Vec::len);
    cells.iter().map(connected).sum()
}
