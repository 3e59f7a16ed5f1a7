//! kill -9 at any moment: nothing acknowledged is lost, nothing is there twice, and nobody is accused.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::cell::{World, agree, gather, join};
use crate::vigil::{Vigil, text};

/// Rounds of kill and restart. Every round dies at another moment.
const ROUNDS: u64 = 24;

/// Texts written in one round, without waiting for answers in between.
const BURST: usize = 12;

#[test]
fn a_sender_killed_at_any_moment_loses_nothing_and_repeats_nothing() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);

    let mut acknowledged: Vec<(String, String)> = Vec::new();
    for round in 0..ROUNDS {
        acknowledged.extend(burst_and_die(&mut alice, &cell, round));
        alice.restart();
    }
    alice.say(&cell, "still here");

    let words: Vec<&str> = acknowledged
        .iter()
        .map(|(_, words)| words.as_str())
        .collect();
    assert!(
        words.len() > 50,
        "most rounds got something acknowledged: {}",
        words.len()
    );
    let mut people = [&mut alice, &mut bob, &mut carol];
    for person in &mut people {
        person.reads(&cell, &words);
        person.reads(&cell, &["still here"]);
    }
    let count = people[0].history(&cell).len();
    let history = agree(&mut people, &cell, count);
    for (message, words) in &acknowledged {
        let line = history.iter().find(|line| line.message == *message);
        assert_eq!(
            line.map(|line| &line.text),
            Some(words),
            "an acknowledged id keeps its text"
        );
    }
    let texts: BTreeSet<&String> = history.iter().map(|line| &line.text).collect();
    assert_eq!(texts.len(), history.len(), "no text is there twice");
    for person in people {
        assert_eq!(person.warnings(), Vec::<String>::new());
    }
}

/// Writes a burst and dies in the middle. Returns ids and texts of what was acknowledged.
fn burst_and_die(alice: &mut Vigil, cell: &str, round: u64) -> Vec<(String, String)> {
    let words = |number| format!("round {round}, text {number}");
    let requests: Vec<(u64, String)> = (0..BURST)
        .map(|number| {
            let params = json!({ "cell": cell, "text": words(number) });
            (alice.begin("message.send", params), words(number))
        })
        .collect();
    // Another number of answers each time, then another fraction of what one answer takes.
    let wait_for = (round as usize * 5) % BURST;
    let mut answered = Vec::new();
    for (id, words) in requests.iter().take(wait_for) {
        let result = alice.finish(*id).expect("a text is accepted");
        answered.push((text(&result["message"]), words.clone()));
    }
    thread::sleep(Duration::from_micros(round * 173));
    let dying = alice.pid();
    kill_but_listen(dying);
    for (id, words) in requests.into_iter().skip(wait_for) {
        // What was answered before death was acknowledged, even if nobody had read the answer yet.
        if let Some(result) = alice.finish_if_alive(id, Duration::from_secs(5)) {
            answered.push((text(&result["message"]), words));
        }
    }
    alice.kill();
    answered
}

/// Kills a process without taking its last words away.
fn kill_but_listen(pid: u32) {
    let status = std::process::Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status();
    assert!(status.expect("kill runs").success());
}

#[test]
fn a_receiver_killed_at_any_moment_misses_nothing() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);

    for round in 0..ROUNDS {
        alice.say_many(&cell, &format!("round {round}"), BURST);
        thread::sleep(Duration::from_micros(round * 331));
        bob.kill();
        bob.restart();
    }

    agree(
        &mut [&mut alice, &mut bob],
        &cell,
        2 + ROUNDS as usize * BURST,
    );
    for person in [&mut alice, &mut bob] {
        assert_eq!(person.warnings(), Vec::<String>::new());
    }
}

#[test]
fn a_newcomer_killed_right_after_joining_is_in() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);

    join(&mut alice, &mut carol, &cell);
    carol.kill();
    alice.say(&cell, "where is carol?");
    carol.restart();

    carol.reads(&cell, &["where is carol?"]);
    carol.say(&cell, "here");
    alice.reads(&cell, &["here"]);
    bob.reads(&cell, &["here"]);
}

#[test]
fn an_inviter_killed_right_after_a_join_keeps_the_member() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = alice.found("the night kitchen");
    join(&mut alice, &mut bob, &cell);
    // `cell.joined` was said to Bob, so Alice's side of it is durable.
    alice.kill();
    alice.restart();

    alice.counts_members(&cell, 2);
    bob.say(&cell, "are you there?");
    alice.reads(&cell, &["are you there?"]);
    alice.say(&cell, "yes");
    bob.reads(&cell, &["yes"]);
}
