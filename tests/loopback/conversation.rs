//! People in a cell write to each other.

use std::collections::BTreeSet;

use serde_json::json;

use crate::cell::{World, agree, gather, join, together};

#[test]
fn three_people_see_the_same_conversation() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let mut people = [&mut alice, &mut bob, &mut carol];
    let cell = gather(&mut people);

    together(&mut people, |person| person.say_many(&cell, "bread", 200));

    let history = agree(&mut people, &cell, 3 + 3 * 200);
    for name in ["Alice", "Bob", "Carol"] {
        let said: Vec<&str> = history
            .iter()
            .filter(|line| line.name == name)
            .map(|line| line.text.as_str())
            .collect();
        let mut meant = vec![format!("{name} is here")];
        meant.extend((0..200).map(|number| format!("{name} on bread, {number}")));
        assert_eq!(said, meant, "{name} is heard in the order they spoke");
    }
    for person in people {
        assert_eq!(person.warnings(), Vec::<String>::new());
    }
}

#[test]
fn an_author_learns_that_everybody_has_the_message() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);

    let message = alice.say(&cell, "has everybody got this?");

    alice.event("message.delivered", |event| {
        event["message"] == message.as_str() && event["have"] == 2 && event["of"] == 2
    });
    let listed = alice.ask("message.get", json!({ "cell": cell, "message": message }));
    assert_eq!(listed["delivery"], json!({ "have": 2, "of": 2 }));
    assert_eq!(listed["audience"], 3);
}

#[test]
fn a_late_joiner_reads_nothing_from_before_and_everything_after() {
    let world = World::new();
    let [mut alice, mut bob, mut dave] = ["Alice", "Bob", "Dave"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    alice.say_many(&cell, "old plans", 20);
    bob.say_many(&cell, "old plans", 20);
    agree(&mut [&mut alice, &mut bob], &cell, 42);

    join(&mut alice, &mut dave, &cell);
    let mut people = [&mut alice, &mut bob, &mut dave];
    for person in &mut people {
        person.counts_members(&cell, 3);
    }
    together(&mut people, |person| {
        person.say_many(&cell, "new plans", 20)
    });

    let [alice, bob, dave] = people;
    let old = agree(&mut [alice, bob], &cell, 42 + 60);
    let new = agree(&mut [dave], &cell, 60);
    assert_eq!(old[42..], new[..], "the same messages in the same order");

    // Neither a restart nor another sync brings the past.
    dave.stop();
    dave.restart();
    dave.event("cell.synced", |_| true);
    assert_eq!(dave.history(&cell), new);
}

#[test]
fn a_person_in_two_cells_has_nothing_in_common_between_them() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let kitchen = gather(&mut [&mut alice, &mut bob]);
    let garden = gather(&mut [&mut alice, &mut carol]);
    assert_ne!(kitchen, garden);

    alice.say(&kitchen, "for the kitchen");
    alice.say(&garden, "for the garden");
    bob.reads(&kitchen, &["for the kitchen"]);
    carol.reads(&garden, &["for the garden"]);

    assert_ne!(
        alice.id(&kitchen),
        alice.id(&garden),
        "one identity for each cell"
    );
    let status = alice.ask("net.status", json!({}));
    let cells = status["cells"].as_array().unwrap();
    let peers: BTreeSet<String> = cells.iter().map(|cell| cell["peer"].to_string()).collect();
    assert_eq!(peers.len(), 2, "one peer id for each cell: {status}");
    let ports: BTreeSet<String> = cells
        .iter()
        .flat_map(|cell| cell["listen"].as_array().unwrap())
        .map(ToString::to_string)
        .collect();
    assert!(ports.len() >= 2, "one port for each cell: {status}");
    assert!(!bob.texts(&kitchen).contains(&"for the garden".to_owned()));
}
