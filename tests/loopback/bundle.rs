//! Envelopes carried by hand, in a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::cell::{World, agree, all_that_is_shown, gather, join};
use crate::vigil::{Vigil, text};

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
    is_uniform(&bytes);
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

#[test]
fn a_channel_is_carried_to_somebody_without_a_network_and_shows_nothing_on_the_way() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    offline(&mut [&mut bob, &mut carol]);
    let founded = alice.ask("channel.create", json!({ "name": "Quiet Square" }));
    let channel = text(&founded["channel"]);
    let subscribe = json!({ "link": founded["link"] });
    bob.ask("channel.subscribe", subscribe.clone());
    for number in 0..40 {
        let words = format!("bring a candle {number}");
        alice.ask("channel.post", json!({ "channel": channel, "text": words }));
    }
    let stick = world.path("stick");
    let export = json!({ "channel": channel, "path": stick });
    let exported = alice.ask("bundle.export", export.clone());
    assert_eq!(exported, json!({ "envelopes": 40 }));
    // Bob waits for the charters and has nothing to give; a file is of one thing.
    let file = world.path("file");
    let of_bobs = json!({ "channel": channel, "path": file });
    assert_eq!(bob.refusal("bundle.export", of_bobs), "unreachable");
    for params in [
        json!({ "path": file }),
        json!({ "path": file, "channel": channel, "cell": channel }),
    ] {
        assert_eq!(alice.refusal("bundle.export", params), "invalid_params");
    }

    let bytes = fs::read(&stick).unwrap();
    for words in ["bring a candle", "Quiet Square", "vigil", &channel] {
        let found = bytes
            .windows(words.len())
            .any(|window| window == words.as_bytes());
        assert!(!found, "{words} stands in the file");
    }
    is_uniform(&bytes);
    let path = json!({ "path": stick });
    assert_eq!(
        carol.refusal("bundle.import", path.clone()),
        "bundle_foreign"
    );
    assert_eq!(carol.ask("channel.list", json!({})), json!([]));
    let imported = json!({ "envelopes": 40, "cells": [], "channels": [channel] });
    assert_eq!(bob.ask("bundle.import", path.clone()), imported);
    let again = json!({ "envelopes": 0, "cells": [], "channels": [channel] });
    assert_eq!(bob.ask("bundle.import", path), again);

    // Bob's process ends; what he reads is there again, and he gives it on.
    bob.stop();
    bob.restart();
    offline(&mut [&mut bob]);
    bob.ask("bundle.export", export);
    carol.ask("channel.subscribe", subscribe);
    let imported = carol.ask("bundle.import", json!({ "path": stick }));
    assert_eq!(imported["envelopes"], 40);
    let page = carol.ask("channel.posts", json!({ "channel": channel }));
    assert_eq!(page["posts"].as_array().unwrap().len(), 40);
    assert_eq!(page["posts"][0]["text"], "bring a candle 0");
}

/// Uniform bytes: every value about as often as every other. 4 KiB pieces of text or records would be far off.
fn is_uniform(bytes: &[u8]) {
    let mut counts = [0_u32; 256];
    for byte in bytes {
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
