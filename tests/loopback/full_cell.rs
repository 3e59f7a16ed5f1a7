//! A cell at its limit.

use serde_json::json;

use crate::cell::{World, join, knock};
use crate::vigil::{Vigil, text};

/// The most members of a cell with the hybrid suite (PROTOCOL §9).
const CAP: usize = 25;

/// The most adds of one member that count (PROTOCOL §4).
const ADDS: usize = 16;

#[test]
fn the_twenty_sixth_is_told_that_the_cell_is_full() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = alice.found("the night kitchen");
    join(&mut alice, &mut bob, &cell);
    for number in 2..CAP {
        let mut newcomer = world.person(NAMES[number - 2]);
        let inviter = if number < ADDS { &mut alice } else { &mut bob };
        join(inviter, &mut newcomer, &cell);
        newcomer.stop();
    }
    for person in [&mut alice, &mut bob] {
        person.counts_members(&cell, CAP);
    }

    let mut late = world.person("Zebulon");
    assert_eq!(refusal_to_join(&mut bob, &mut late, &cell), "cell_full");
    bob.counts_members(&cell, CAP);
    assert_eq!(late.ask("cell.list", json!({})), json!([]));

    // A full cell still talks.
    alice.say(&cell, "we are many");
    bob.reads(&cell, &["we are many"]);
}

/// Why somebody cannot join, wherever it is said.
fn refusal_to_join(inviter: &mut Vigil, newcomer: &mut Vigil, cell: &str) -> String {
    match inviter.call("cell.invite", json!({ "cell": cell })) {
        Err(error) => error.kind,
        Ok(invite) => {
            knock(newcomer, &invite["link"]);
            let failed = newcomer.event("join.failed", |_| true);
            text(&failed["kind"])
        }
    }
}

/// Names of which none looks like another.
const NAMES: [&str; CAP - 2] = [
    "Anton",
    "Bertha",
    "Cyprian",
    "Dolores",
    "Emil",
    "Flora",
    "Gustav",
    "Hedwig",
    "Ignaz",
    "Jolanda",
    "Konrad",
    "Ludmila",
    "Moritz",
    "Nadja",
    "Oskar",
    "Petra",
    "Quentin",
    "Rosa",
    "Siegfried",
    "Theodora",
    "Ulrich",
    "Veronika",
    "Wilhelm",
];
