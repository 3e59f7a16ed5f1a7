//! Invites: what they are good for, and what they are not.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cell::{World, all_that_is_shown, answer, gather, join, knock};
use crate::refusal::{case, refuse_all};
use crate::vigil::{Vigil, text};

#[test]
fn an_invite_is_good_once_and_for_its_time() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = alice.found("the night kitchen");
    for link in [
        "",
        "hello",
        "vigil:",
        "vigil:garbage",
        "https://example.org/",
    ] {
        let params = json!({ "link": link, "display_name": "Bob" });
        refuse_all(
            &mut bob,
            vec![case("invite_malformed", "cell.join", params)],
        );
    }

    let used = alice.ask("cell.invite", json!({ "cell": cell }))["link"].clone();
    let cut = text(&used);
    let params = json!({ "link": cut[..cut.len() - 3], "display_name": "Bob" });
    refuse_all(
        &mut bob,
        vec![case("invite_malformed", "cell.join", params)],
    );
    let withdrawn = alice.ask("cell.invite", json!({ "cell": cell }));
    let short =
        alice.ask("cell.invite", json!({ "cell": cell, "expires_in_s": 1 }))["link"].clone();
    let params = json!({ "cell": cell, "invite": withdrawn["invite"] });
    alice.ask("cell.invite_withdraw", params);
    // The invite runs out on the wall clock of two processes, which nobody here can move.
    thread::sleep(Duration::from_secs(3));

    knock(&mut bob, &used);
    let asked = alice.event("join.requested", |_| true);
    answer(&mut alice, &cell, &asked["request"], true);
    bob.event("cell.joined", |_| true);
    for (link, kind) in [
        (&used, "invite_used"),
        (&withdrawn["link"], "invite_withdrawn"),
        (&short, "invite_expired"),
    ] {
        let before = all_that_is_shown(&mut alice);
        assert_eq!(failure(&mut carol, link, "Carol"), kind);
        assert_eq!(carol.ask("cell.list", json!({})), json!([]));
        assert_eq!(all_that_is_shown(&mut alice), before);
    }
    let fresh = alice.ask("cell.invite", json!({ "cell": cell }))["link"].clone();
    assert_eq!(failure(&mut bob, &fresh, "Bob"), "already_joined");
}

#[test]
fn a_phrase_that_differs_burns_the_invite() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = alice.found("the night kitchen");
    let link = alice.ask("cell.invite", json!({ "cell": cell }))["link"].clone();

    knock(&mut bob, &link);
    let asked = alice.event("join.requested", |_| true);
    answer(&mut alice, &cell, &asked["request"], false);
    bob.event("join.failed", |_| true);

    assert_eq!(bob.ask("cell.list", json!({})), json!([]));
    alice.counts_members(&cell, 1);
    assert_eq!(failure(&mut carol, &link, "Carol"), "invite_used");
}

#[test]
fn a_name_that_looks_like_another_is_refused() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let mut mallory = world.person("Mallory");

    // Cyrillic А, small l for capital I, plain repetition.
    for name in ["\u{410}lice", "AIice", "Bob", "bob"] {
        let link = alice.ask("cell.invite", json!({ "cell": cell }))["link"].clone();
        assert_eq!(
            failure(&mut mallory, &link, name),
            "name_confusable",
            "{name}"
        );
        alice.counts_members(&cell, 2);
        assert_eq!(mallory.ask("cell.list", json!({})), json!([]));
    }
}

#[test]
fn an_inviter_who_is_away_is_unreachable() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = alice.found("the night kitchen");
    let link = alice.ask("cell.invite", json!({ "cell": cell }))["link"].clone();
    alice.ask("net.offline", json!({}));

    assert_eq!(failure(&mut bob, &link, "Bob"), "unreachable");
    assert_eq!(bob.ask("cell.list", json!({})), json!([]));

    // Nothing is used up by that.
    alice.ask("net.online", json!({}));
    bob.until("Alice can be reached again", |bob| {
        knock(bob, &link);
        let answer = bob.event_of(&["join.failed", "join.phrase"], |_| true);
        if answer["type"] == "join.phrase" {
            Ok(())
        } else {
            Err(answer.to_string())
        }
    });
    let asked = alice.event("join.requested", |_| true);
    answer(&mut alice, &cell, &asked["request"], true);
    bob.event("cell.joined", |_| true);
}

/// Why somebody cannot join: the call is refused, or an event says so later.
fn failure(newcomer: &mut Vigil, link: &Value, name: &str) -> String {
    match newcomer.call("cell.join", json!({ "link": link, "display_name": name })) {
        Err(error) => error.kind,
        Ok(_) => text(&newcomer.event("join.failed", |_| true)["kind"]),
    }
}

#[test]
fn one_member_after_another_comes_in_through_invites_of_the_same_person() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("Sunday");
    // More than there are places for strangers at once. All stay.
    let mut others: Vec<Vigil> = (0..10)
        .map(|number| world.person(&format!("Guest {number}")))
        .collect();
    for newcomer in &mut others {
        join(&mut alice, newcomer, &cell);
    }
    alice.counts_members(&cell, 11);
}
