//! What people do to messages, and what they keep of what they have begun.

use serde_json::{Value, json};

use crate::cell::{World, gather};
use crate::vigil::Vigil;

impl Vigil {
    fn get(&mut self, cell: &str, message: &str) -> Value {
        self.ask("message.get", json!({ "cell": cell, "message": message }))
    }

    /// Waits until a message looks like this here.
    fn sees(&mut self, cell: &str, message: &str, what: &str, like: impl Fn(&Value) -> bool) {
        self.until(what, |person| {
            let shown = person.get(cell, message);
            if like(&shown) {
                Ok(())
            } else {
                Err(shown.to_string())
            }
        });
    }
}

#[test]
fn who_was_away_sees_reactions_changes_and_deletions_as_the_others_do() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);
    let plan = alice.say(&cell, "at noon");
    let slip = alice.say(&cell, "by the old bridge");
    carol.event("message.received", |event| {
        event["message"] == slip.as_str()
    });
    carol.stop();

    let of = |message: &str| json!({ "cell": cell, "message": message });
    let with = |message: &str, name: &str, value: &str| {
        let mut params = of(message);
        params[name] = json!(value);
        params
    };
    bob.event("message.received", |event| {
        event["message"] == slip.as_str()
    });
    bob.ask("message.react", with(&plan, "emoji", "👍"));
    assert_eq!(
        bob.refusal("message.edit", with(&plan, "text", "never")),
        "not_the_author"
    );
    assert_eq!(
        bob.refusal("message.react", with(&plan, "emoji", "ok")),
        "invalid_params"
    );
    alice.event("message.changed", |event| event["message"] == plan.as_str());
    alice.ask("message.edit", with(&plan, "text", "at two"));
    let mut everywhere = of(&slip);
    everywhere["everywhere"] = json!(true);
    assert_eq!(
        bob.refusal("message.delete", everywhere.clone()),
        "not_the_author"
    );
    alice.ask("message.delete", everywhere);
    let params = json!({ "cell": cell, "text": "good", "reply_to": plan });
    bob.sees(&cell, &slip, "bob hears of the deletion", |shown| {
        shown["deleted"] == true
    });
    let answer = bob.ask("message.send", params)["message"]
        .as_str()
        .unwrap()
        .to_owned();

    carol.restart();
    for person in [&mut alice, &mut bob, &mut carol] {
        person.sees(&cell, &slip, "the slip is gone", |shown| {
            shown["deleted"] == true && shown["text"].is_null()
        });
        person.sees(&cell, &plan, "the plan is changed and liked", |shown| {
            shown["text"] == "at two"
                && shown["edited_at"].is_string()
                && shown["reactions"][0]["emoji"] == "👍"
        });
    }
    carol.event("message.received", |event| {
        event["message"] == answer.as_str()
    });
    let shown = carol.get(&cell, &answer);
    assert_eq!(shown["reply_to"], plan.as_str());
    assert_eq!(shown["quote"]["text"], "at two");
    assert_eq!(shown["quote"]["name"], "Alice");
    assert_eq!(shown["mine"], false);
    let readers = bob.ask("message.readers", of(&answer));
    assert_eq!(readers.as_array().unwrap().len(), 2, "{readers}");
    assert_eq!(carol.summary(&cell)["last"]["text"], "good");
    assert_eq!(carol.summary(&cell)["display_name"], "Carol");

    carol.ask("message.delete", of(&answer));
    assert_eq!(carol.refusal("message.get", of(&answer)), "no_such_message");
    bob.get(&cell, &answer);
}

#[test]
fn a_conversation_is_read_from_any_place() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("Kitchen");
    let said: Vec<String> = (0..9)
        .map(|number| alice.say(&cell, &number.to_string()))
        .collect();
    let mut shown = |params: Value| {
        let mut all = json!({ "cell": cell, "limit": 3 });
        for (name, value) in params.as_object().unwrap() {
            all[name] = value.clone();
        }
        let page = alice.ask("message.list", all);
        let messages = page["messages"].as_array().unwrap().iter();
        let texts: String = messages
            .map(|one| one["text"].as_str().unwrap().to_owned())
            .collect();
        (
            texts,
            page["more_before"].clone(),
            page["more_after"].clone(),
        )
    };
    let is =
        |texts: &str, before: bool, after: bool| (texts.to_owned(), json!(before), json!(after));
    assert_eq!(shown(json!({})), is("678", true, false));
    assert_eq!(shown(json!({ "before": said[2] })), is("01", false, true));
    assert_eq!(shown(json!({ "after": said[2] })), is("345", true, true));
    assert_eq!(shown(json!({ "around": said[5] })), is("456", true, true));
    assert_eq!(
        shown(json!({ "first_unread": true })),
        is("678", true, false)
    );
    let both = json!({ "cell": cell, "before": said[2], "after": said[2] });
    assert_eq!(alice.refusal("message.list", both), "invalid_params");
}

#[test]
fn drafts_survive_a_kill_and_go_with_the_cell() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("Kitchen");
    let draft = |text: &str| json!({ "cell": cell, "text": text });
    let of = json!({ "cell": cell });
    assert_eq!(alice.ask("draft.get", of.clone())["text"], "");
    alice.ask("draft.set", draft("dear all, "));
    alice.kill();
    alice.restart();
    assert_eq!(alice.ask("draft.get", of.clone())["text"], "dear all, ");
    assert_eq!(
        alice.refusal("draft.set", draft(&"x".repeat(20_000))),
        "text_too_long"
    );
    alice.ask("draft.set", draft(" "));
    assert_eq!(alice.ask("draft.get", of.clone())["text"], "");
    alice.ask("draft.set", draft("farewell"));
    alice.ask("cell.leave", of.clone());
    assert_eq!(alice.ask("draft.get", of)["text"], "");
    assert_eq!(alice.refusal("draft.set", draft("more")), "not_a_member");
}

#[test]
fn settings_survive_a_kill_and_are_checked() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let default = alice.ask("settings.get", json!({}));
    assert_eq!(default["lock_after_s"], 120);
    assert_eq!(default["notifications"], "content_free");
    assert_eq!(default["theme"], "system");
    let chosen = json!({
        "language": "uk", "theme": "dark", "text_size": 150, "reduce_motion": true, "blur_previews": false,
        "lock_after_s": 0, "lock_on_suspend": false, "notifications": "none",
    });
    alice.ask("settings.set", chosen.clone());
    alice.kill();
    alice.restart();
    assert_eq!(alice.ask("settings.get", json!({})), chosen);
    for (name, wrong) in [
        ("theme", json!("pink")),
        ("text_size", json!(99)),
        ("lock_after_s", json!(1)),
        ("colour", json!("pink")),
    ] {
        let mut params = chosen.clone();
        params[name] = wrong;
        assert_eq!(
            alice.refusal("settings.set", params),
            "invalid_params",
            "{name}"
        );
    }
    assert_eq!(
        alice.refusal("settings.set", json!({ "theme": "dark" })),
        "invalid_params"
    );
    assert_eq!(alice.ask("settings.get", json!({})), chosen);
    alice.ask("profile.lock", json!({}));
    assert_eq!(alice.refusal("settings.get", json!({})), "locked");
}

#[test]
fn words_are_found_in_what_stands_there_now() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let kitchen = alice.found("Kitchen");
    let garden = alice.found("Garden");
    let tree = alice.say(&kitchen, "Ёлка стоит у моста");
    let slip = alice.say(&kitchen, "the bridge at noon");
    let later = alice.say(&garden, "No BRIDGE in the garden, елка neither");
    let find = |person: &mut Vigil, params: Value| -> Vec<String> {
        let hits = person.ask("message.search", params);
        let hits = hits.as_array().unwrap().iter();
        hits.map(|hit| hit["message"]["message"].as_str().unwrap().to_owned())
            .collect()
    };
    let ids = |all: &[&String]| all.iter().map(|id| (*id).clone()).collect::<Vec<_>>();
    assert_eq!(
        find(&mut alice, json!({ "text": "елка", "cell": kitchen })),
        ids(&[&tree])
    );
    assert_eq!(
        find(&mut alice, json!({ "text": "МОСТА ЁЛ" })),
        ids(&[&tree])
    );
    let mut both = find(&mut alice, json!({ "text": "bridge" }));
    both.sort();
    let mut expected = ids(&[&slip, &later]);
    expected.sort();
    assert_eq!(both, expected);
    assert_eq!(
        find(&mut alice, json!({ "text": "bridge", "limit": 1 })).len(),
        1
    );
    assert!(find(&mut alice, json!({ "text": "bridge dawn" })).is_empty());

    alice.ask(
        "message.edit",
        json!({ "cell": kitchen, "message": tree, "text": "the oak" }),
    );
    alice.ask(
        "message.delete",
        json!({ "cell": kitchen, "message": slip, "everywhere": true }),
    );
    alice.ask(
        "message.delete",
        json!({ "cell": garden, "message": later }),
    );
    for gone in ["елка", "noon", "garden"] {
        assert!(
            find(&mut alice, json!({ "text": gone })).is_empty(),
            "{gone}"
        );
    }
    assert_eq!(find(&mut alice, json!({ "text": "OAK" })), ids(&[&tree]));
    assert_eq!(
        alice.refusal("message.search", json!({ "text": " " })),
        "text_empty"
    );
    let elsewhere = json!({ "text": "oak", "cell": "0".repeat(64) });
    assert_eq!(alice.refusal("message.search", elsewhere), "no_such_cell");
}

#[test]
fn an_old_message_is_found_among_many() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("Kitchen");
    let long = format!("the long one about the bridge {}", "and so on ".repeat(900));
    let old = alice.say(&cell, &long);
    let slip = alice.say(&cell, "the bridge, by mistake");
    let changed = alice.say(&cell, "the bridge, at first");
    let sent: Vec<u64> = (0..400)
        .map(|number| {
            let text = format!("{number} about something else");
            alice.begin("message.send", json!({ "cell": cell, "text": text }))
        })
        .collect();
    for id in sent {
        alice.finish(id).unwrap();
    }
    alice.ask(
        "message.delete",
        json!({ "cell": cell, "message": slip, "everywhere": true }),
    );
    alice.ask(
        "message.edit",
        json!({ "cell": cell, "message": changed, "text": "the ford" }),
    );
    let hits = alice.ask("message.search", json!({ "text": "BRIDGE" }));
    assert_eq!(hits.as_array().unwrap().len(), 1, "{hits}");
    assert_eq!(hits[0]["message"]["message"], old.as_str());
    let hits = alice.ask("message.search", json!({ "text": "else", "limit": 300 }));
    let texts: Vec<&str> = hits
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["message"]["text"].as_str().unwrap())
        .collect();
    let expected: Vec<String> = (100..400)
        .rev()
        .map(|number| format!("{number} about something else"))
        .collect();
    assert_eq!(texts, expected, "the newest, newest first");
}
