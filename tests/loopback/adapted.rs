//! A call from its publisher into two cells and back: five people, of whom those of one cell know nothing of the other.

use serde_json::{Value, json};

use crate::cell::{World, gather};
use crate::vigil::{Vigil, text};

impl Vigil {
    fn waits_for_call(
        &mut self,
        (cell, call): (&str, &str),
        what: &str,
        like: impl Fn(&Value) -> bool,
    ) {
        self.until(what, |person| {
            match person.call("call.get", json!({ "cell": cell, "call": call })) {
                Ok(shown) if like(&shown) => Ok(()),
                Ok(shown) => Err(shown.to_string()),
                Err(error) => Err(format!("{error:?}")),
            }
        });
    }

    fn reads_forwarded(&mut self, cell: &str, message: &Value) {
        self.until("the text of the post is here", |person| {
            let list = person.ask("message.list", json!({ "cell": cell }));
            let list = list["messages"].as_array().unwrap().clone();
            let found = list.iter().find(|one| one["message"] == *message);
            match found.map(|one| one["forwarded"]["name"] == "Quiet Square") {
                Some(true) => Ok(()),
                Some(false) | None => Err(format!("{list:?}")),
            }
        });
    }

    fn waits_for_posts(&mut self, channel: &str, count: usize) -> Vec<Value> {
        let mut read = Vec::new();
        self.until("the posts are there", |person| {
            let page = person.ask("channel.posts", json!({ "channel": channel }));
            read = page["posts"].as_array().unwrap().clone();
            (read.len() == count)
                .then_some(())
                .ok_or_else(|| format!("{read:?}"))
        });
        read
    }
}

#[test]
fn what_a_channel_calls_off_is_on_in_no_cell_that_took_it_and_nothing_of_a_cell_gets_out() {
    let world = World::new();
    let [mut alice, mut bob, mut carol, mut dave, mut erin] =
        ["Alice", "Bob", "Carol", "Dave", "Erin"].map(|name| world.person(name));
    let cells = [
        gather(&mut [&mut bob, &mut carol]),
        gather(&mut [&mut dave, &mut erin]),
    ];
    let founded = alice.ask("channel.create", json!({ "name": "Quiet Square" }));
    let channel = text(&founded["channel"]);
    for reader in [&mut bob, &mut dave] {
        reader.ask("channel.subscribe", json!({ "link": founded["link"] }));
    }
    let preset = alice.ask("call.presets", json!({ "language": "en" }))[0].clone();
    let post = |call: &Value| json!({ "channel": channel, "call": call });
    let first = alice.ask("channel.post", post(&preset))["post"].clone();
    let words = alice.ask(
        "channel.post",
        json!({ "channel": channel, "text": "you are not alone" }),
    );

    // Each of the two takes it into a cell of which the other knows nothing.
    let mut calls = Vec::new();
    for (cell, reader) in cells.iter().zip([&mut bob, &mut dave]) {
        reader.waits_for_posts(&channel, 2);
        let from = json!({ "cell": cell, "channel": channel, "post": first });
        calls.push(text(&reader.ask("call.share", from)["call"]));
    }
    for (at, reader) in [(0, &mut carol), (1, &mut erin)] {
        let at = (cells[at].as_str(), calls[at].as_str());
        reader.waits_for_call(at, "it is here, with where it is from", |call| {
            call["source"]["name"] == "Quiet Square" && call["source"]["same"] == true
        });
        let answer = json!({ "cell": at.0, "call": at.1, "answer": "in" });
        reader.ask("call.answer", answer);
    }
    let forwarded = json!({ "channel": channel, "post": words["post"], "cell": cells[0] });
    let message = bob.ask("channel.forward", forwarded)["message"].clone();
    carol.reads_forwarded(&cells[0], &message);

    // It changes, and is called off by the post of its first version.
    let changes = json!({ "channel": channel, "call": first, "changes": { "duration_min": 25 } });
    alice.ask("call.update", changes);
    bob.waits_for_posts(&channel, 3);
    bob.waits_for_call((&cells[0], &calls[0]), "it is another there", |call| {
        call["source"]["there"] == "changed"
    });
    let off = json!({ "channel": channel, "call": first, "reason": "police are there" });
    alice.ask("call.cancel", off.clone());
    for (at, reader) in [
        (0, &mut bob),
        (0, &mut carol),
        (1, &mut dave),
        (1, &mut erin),
    ] {
        let at = (cells[at].as_str(), calls[at].as_str());
        reader.waits_for_call(at, "it is off in the cell", |call| {
            call["cancelled"]["reason"] == "police are there"
        });
    }
    for post in bob.waits_for_posts(&channel, 4) {
        assert!(post["call"].is_null() || !post["cancelled"].is_null());
    }
    assert_eq!(alice.refusal("call.cancel", off), "call_cancelled");
    let again = json!({ "cell": cells[0], "channel": channel, "post": first });
    assert_eq!(bob.refusal("call.share", again), "call_cancelled");

    // Nobody's answer is anywhere but in their cell.
    assert_eq!(alice.ask("cell.list", json!({})), json!([]));
    let elsewhere = json!({ "cell": cells[1], "call": calls[1] });
    assert_eq!(bob.refusal("call.get", elsewhere), "no_such_cell");
    let published = alice.ask("channel.posts", json!({ "channel": channel }));
    assert!(!published.to_string().contains(&carol.id(&cells[0])));
}

#[test]
fn what_can_not_be_said_about_a_call_of_a_channel_is_refused_and_says_why() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let founded = alice.ask("channel.create", json!({ "name": "Quiet Square" }));
    let channel = text(&founded["channel"]);
    bob.ask("channel.subscribe", json!({ "link": founded["link"] }));
    let preset = alice.ask("call.presets", json!({ "language": "en" }))[0].clone();
    let posted = alice.ask(
        "channel.post",
        json!({ "channel": channel, "call": preset }),
    );
    let words = alice.ask(
        "channel.post",
        json!({ "channel": channel, "text": "you are not alone" }),
    );
    bob.waits_for_posts(&channel, 2);
    let nothing = "00".repeat(32);
    let in_channel = |call: &Value| json!({ "channel": channel, "call": call, "reason": "rain" });
    let refused = [
        (in_channel(&posted["post"]), "not_a_publisher"),
        (in_channel(&words["post"]), "no_such_call"),
        (in_channel(&json!(nothing)), "no_such_post"),
        (
            json!({ "call": posted["post"], "reason": "rain" }),
            "invalid_params",
        ),
        (
            json!({ "cell": cell, "channel": channel, "call": posted["post"], "reason": "rain" }),
            "invalid_params",
        ),
    ];
    for (params, why) in refused {
        assert_eq!(bob.refusal("call.cancel", params), why);
    }
    let shares = [
        (json!({ "cell": cell }), "invalid_params"),
        (
            json!({ "cell": cell, "channel": channel, "post": words["post"] }),
            "no_such_call",
        ),
        (
            json!({ "cell": cell, "channel": channel, "post": posted["post"], "call": preset }),
            "invalid_params",
        ),
    ];
    for (params, why) in shares {
        assert_eq!(bob.refusal("call.share", params), why);
    }
    let other = json!({ "channel": channel, "post": words["post"], "cell": nothing });
    assert_eq!(bob.refusal("channel.forward", other), "no_such_cell");
    assert_eq!(
        bob.ask("call.list", json!({ "cell": cell })),
        json!([]),
        "nothing is half done"
    );
}
