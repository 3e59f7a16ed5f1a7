//! Channels between real processes: a link is all that a reader needs, and any reader can give it to the next.

use serde_json::{Value, json};

use crate::cell::World;
use crate::vigil::{Vigil, text};

impl Vigil {
    fn post_texts(&mut self, channel: &str) -> Vec<String> {
        let page = self.ask("channel.posts", json!({ "channel": channel }));
        let posts = page["posts"].as_array().unwrap().clone();
        posts.iter().map(|post| text(&post["text"])).collect()
    }

    fn posts(&mut self, channel: &str, words: &str) -> Value {
        self.ask("channel.post", json!({ "channel": channel, "text": words }))
    }

    fn row(&mut self, channel: &str) -> Value {
        let rows = self.ask("channel.list", json!({}));
        let rows = rows.as_array().unwrap();
        let found = rows.iter().find(|row| row["channel"] == channel);
        found.expect("they have the channel").clone()
    }

    /// Waits until exactly these texts are there.
    fn reads_posts(&mut self, channel: &str, expected: &[&str]) {
        self.until("the posts are there", |person| {
            let read = person.post_texts(channel);
            if read == expected {
                Ok(())
            } else {
                Err(format!("{read:?}"))
            }
        });
    }

    fn subscribes(&mut self, link: &Value) -> String {
        text(&self.ask("channel.subscribe", json!({ "link": link }))["channel"])
    }

    fn row_like(&mut self, channel: &str, what: &str, like: impl Fn(&Value) -> bool) {
        self.until(what, |person| {
            let row = person.row(channel);
            if like(&row) {
                Ok(())
            } else {
                Err(row.to_string())
            }
        });
    }
}

#[test]
fn a_channel_is_read_by_whoever_has_a_link_and_caught_up_with_from_any_reader() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let founded = alice.ask("channel.create", json!({ "name": "Quiet Square" }));
    let channel = text(&founded["channel"]);
    assert!(text(&founded["link"]).starts_with("vigil-channel:"));
    assert_eq!(bob.subscribes(&founded["link"]), channel);
    bob.row_like(&channel, "the charters are there", |row| {
        row["name"] == "Quiet Square" && row["peers"] == 1
    });
    let posted = alice.posts(&channel, "we meet on Sunday");
    assert_eq!(posted["needs"], 0);
    let heard = bob.event("channel.post_received", |event| event["channel"] == channel);
    assert_eq!(heard["post"], posted["post"]);
    assert_eq!(bob.row(&channel)["unread"], 1);
    bob.reads_posts(&channel, &["we meet on Sunday"]);
    assert_eq!(bob.row(&channel)["unread"], 0);

    // Alice's process is killed. Carol has her link, and then bob's.
    alice.kill();
    let from_bob = bob.ask("channel.link", json!({ "channel": channel }));
    assert_eq!(carol.subscribes(&founded["link"]), channel);
    assert_eq!(carol.row(&channel)["state"], "waiting");
    carol.subscribes(&from_bob["link"]);
    carol.reads_posts(&channel, &["we meet on Sunday"]);

    // Whatever was posted is there after a start, and posting goes on once a reader was met.
    bob.stop();
    bob.restart();
    alice.restart();
    alice.row_like(&channel, "a reader was met", |row| row["confirmed"] == true);
    alice.posts(&channel, "bring a candle");
    for person in [&mut alice, &mut bob, &mut carol] {
        person.reads_posts(&channel, &["we meet on Sunday", "bring a candle"]);
    }

    let refused = bob.refusal("channel.post", json!({ "channel": channel, "text": "no" }));
    assert_eq!(refused, "not_a_publisher");
    assert_eq!(
        bob.ask("channel.unsubscribe", json!({ "channel": channel })),
        json!({})
    );
    assert_eq!(bob.ask("channel.list", json!({})), json!([]));
    let refused = bob.refusal("channel.posts", json!({ "channel": channel }));
    assert_eq!(refused, "no_such_channel");
}

#[test]
fn posts_are_paged_and_a_call_is_posted_like_a_text() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let founded = alice.ask(
        "channel.create",
        json!({ "name": "Quiet Square", "fresh_days": 7 }),
    );
    let channel = text(&founded["channel"]);
    for number in 0..5 {
        alice.posts(&channel, &format!("post {number}"));
    }
    let call = alice.ask("call.presets", json!({ "language": "en" }))[0].clone();
    alice.ask("channel.post", json!({ "channel": channel, "call": call }));
    let newest = alice.ask("channel.posts", json!({ "channel": channel, "limit": 2 }));
    assert_eq!(newest["more"], true);
    assert_eq!(newest["posts"][0]["text"], "post 4");
    assert_eq!(newest["posts"][1]["call"]["texts"], call["texts"]);
    let before = json!({ "channel": channel, "before": newest["posts"][0]["post"], "limit": 3 });
    let older = alice.ask("channel.posts", before);
    let texts: Vec<String> = older["posts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|post| text(&post["text"]))
        .collect();
    assert_eq!(texts, ["post 1", "post 2", "post 3"]);
    for params in [
        json!({ "channel": channel }),
        json!({ "channel": channel, "text": "a", "call": call }),
    ] {
        assert_eq!(alice.refusal("channel.post", params), "invalid_params");
    }
    let refused = alice.refusal("channel.subscribe", json!({ "link": "vigil-channel:abc" }));
    assert_eq!(refused, "link_malformed");
    let refused = alice.refusal("channel.post", json!({ "channel": channel, "text": "" }));
    assert_eq!(refused, "text_empty");
}

#[test]
fn offline_a_channel_has_no_connection_and_what_was_posted_comes_with_the_next_one() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let founded = alice.ask("channel.create", json!({ "name": "Quiet Square" }));
    let channel = text(&founded["channel"]);
    bob.subscribes(&founded["link"]);
    bob.row_like(&channel, "alice is met", |row| row["peers"] == 1);

    alice.ask("net.offline", json!({}));
    bob.row_like(&channel, "alice is gone", |row| row["peers"] == 0);
    alice.posts(&channel, "said offline");
    alice.ask("net.online", json!({}));
    bob.reads_posts(&channel, &["said offline"]);
}

#[test]
fn a_link_under_a_passphrase_opens_with_that_passphrase_only() {
    const WORDS: &str = "vex quartz jumbo lyric nymph";
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let founded = alice.ask("channel.create", json!({ "name": "Quiet Square" }));
    let channel = text(&founded["channel"]);
    let guard = |passphrase: &str| json!({ "channel": channel, "passphrase": passphrase });
    for weak in ["", "1234", "correct horse"] {
        assert_eq!(
            alice.refusal("channel.link", guard(weak)),
            "weak_passphrase"
        );
    }
    let link = alice.ask("channel.link", guard(WORDS))["link"].clone();
    assert!(text(&link).starts_with("vigil-channel:"));
    assert_ne!(alice.ask("channel.link", guard(WORDS))["link"], link);

    let with = |passphrase: &str| json!({ "link": link, "passphrase": passphrase });
    let refused = bob.refusal("channel.subscribe", json!({ "link": link }));
    assert_eq!(refused, "link_guarded");
    for wrong in ["", "vex quartz jumbo lyric nymphs"] {
        let refused = bob.refusal("channel.subscribe", with(wrong));
        assert_eq!(refused, "wrong_passphrase");
    }
    assert_eq!(bob.ask("channel.list", json!({})), json!([]));
    // White space around it and other forms of one letter are what keyboards differ in.
    let subscribed = bob.ask("channel.subscribe", with(&format!(" {WORDS} ")));
    assert_eq!(subscribed["channel"], channel);
    bob.row_like(&channel, "the charters are there", |row| {
        row["name"] == "Quiet Square"
    });
    // A link that takes none does not mind one.
    let plain = json!({ "link": founded["link"], "passphrase": WORDS });
    assert_eq!(bob.ask("channel.subscribe", plain)["channel"], channel);
    let none = json!({ "link": "vigil-channel:AAAA", "passphrase": WORDS });
    assert_eq!(bob.refusal("channel.subscribe", none), "link_malformed");
    bob.ask("profile.lock", json!({}));
    assert_eq!(bob.refusal("channel.subscribe", with(WORDS)), "locked");
}

/// Three people of a cell become the publishers of a channel, which somebody else reads too: cell and channel.
fn three_publish([alice, bob, carol]: [&mut Vigil; 3], dave: &mut Vigil) -> (String, String) {
    let cell = crate::cell::gather(&mut [&mut *alice, &mut *bob, &mut *carol]);
    let founded = alice.ask("channel.create", json!({ "name": "Quiet Square" }));
    let channel = text(&founded["channel"]);
    for person in [&mut *bob, &mut *carol, dave] {
        person.subscribes(&founded["link"]);
        person.row_like(&channel, "the charters are there", |row| {
            row["state"] == "reading"
        });
    }
    for person in [&mut *bob, &mut *carol] {
        person.ask("channel.offer", json!({ "channel": channel, "cell": cell }));
    }
    alice.until("both offers are there", |alice| {
        let view = alice.ask("channel.publishers", json!({ "channel": channel }));
        match view["offers"].as_array().map(Vec::len) {
            Some(2) => Ok(()),
            _ => Err(view.to_string()),
        }
    });
    let add = [bob.id(&cell), carol.id(&cell)];
    let change = json!({ "channel": channel, "cell": cell, "add": add });
    let changed = alice.ask("channel.set_publishers", change);
    assert_eq!(changed, json!({ "needs": 0 }), "alice was alone until now");
    for person in [alice, bob, carol] {
        person.row_like(&channel, "there are three", |row| {
            row["publisher"] == true && row["publishers"] == 3 && row["threshold"] == 2
        });
    }
    (cell, channel)
}

#[test]
fn three_publish_together_and_a_post_needs_two_of_them() {
    let world = World::new();
    let [mut alice, mut bob, mut carol, mut dave] =
        ["Alice", "Bob", "Carol", "Dave"].map(|name| world.person(name));
    let (cell, channel) = three_publish([&mut alice, &mut bob, &mut carol], &mut dave);
    let me = json!({ "channel": channel });
    let posted = alice.posts(&channel, "we meet on Sunday");
    assert_eq!(posted["needs"], 1);
    let asked = bob.event("channel.draft_received", |event| {
        event["channel"] == channel
    });
    let draft = json!({ "channel": channel, "post": asked["post"] });
    let waits = bob.ask("channel.pending", me);
    assert_eq!(waits[0]["text"], "we meet on Sunday");
    assert_eq!(waits[0]["author"]["member"], alice.id(&cell));
    assert_eq!(bob.row(&channel)["to_sign"], 1);
    let refused = dave.refusal("channel.countersign", draft.clone());
    assert_eq!(refused, "not_a_publisher");
    bob.ask("channel.countersign", draft);
    let is_there = |person: &mut Vigil| {
        person.until("the post is there", |person| {
            let read = person.ask("channel.posts", json!({ "channel": channel }));
            let posts = read["posts"].as_array().unwrap();
            let last = posts.last().map(|post| post["text"] == "we meet on Sunday");
            match last {
                Some(true) => Ok(()),
                Some(false) | None => Err(read.to_string()),
            }
        });
    };
    for person in [&mut alice, &mut carol, &mut dave] {
        is_there(person);
    }
    // Bob's process is killed. He goes on as a publisher once he has met somebody.
    bob.kill();
    bob.restart();
    is_there(&mut bob);
    bob.row_like(&channel, "somebody was met", |row| {
        row["publisher"] == true && row["confirmed"] == true
    });
    // What nobody has signed is taken back.
    let second = alice.posts(&channel, "no, on Monday");
    assert_eq!(second["needs"], 1);
    let draft = json!({ "channel": channel, "post": second["post"] });
    assert_eq!(alice.ask("channel.withdraw", draft.clone()), json!({}));
    assert_eq!(alice.refusal("channel.withdraw", draft), "no_such_post");
    let half = json!({ "channel": channel, "threshold": 1 });
    assert_eq!(alice.refusal("channel.set_publishers", half), "threshold");
}
