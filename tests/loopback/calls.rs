//! Calls through the scripting interface: from a preset to nothing, and every way to be refused.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use action::Day;
use model::Timestamp;
use serde_json::{Value, json};

use crate::cell::{World, gather};
use crate::refusal::{Case, case, refuse_all};
use crate::vigil::{Start, Vigil, text};

/// A moment so many seconds from now, as the contract writes it.
fn moment(seconds: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let at = i64::try_from(now.as_secs()).unwrap() + seconds;
    let at = Timestamp::from_millis(u64::try_from(at).unwrap() * 1000);
    let second = at.since(Day::of(at).start()).as_secs();
    format!(
        "{}T{:02}:{:02}:{:02}Z",
        Day::of(at),
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

fn preset(person: &mut Vigil, name: &str) -> Value {
    let presets = person.ask("call.presets", json!({}));
    let presets = presets.as_array().unwrap();
    assert_eq!(presets.len(), 6);
    let found = presets.iter().find(|call| call["preset"] == name);
    found.unwrap().clone()
}

/// One that is over soon after it was.
fn brief(person: &mut Vigil) -> Value {
    let mut call = preset(person, "vigil");
    call["duration_min"] = json!(1);
    call["check_in"] = Value::Null;
    call["retain_after_end_s"] = json!(0);
    call
}

impl Vigil {
    fn shares(&mut self, cell: &str, call: &Value) -> String {
        text(&self.ask("call.share", json!({ "cell": cell, "call": call }))["call"])
    }

    fn on(&mut self, method: &str, cell: &str, call: &str, more: Value) -> Value {
        self.ask(method, about(cell, call, &more))
    }

    /// Waits until a call looks like this here.
    fn sees_call(&mut self, cell: &str, call: &str, what: &str, like: impl Fn(&Value) -> bool) {
        self.until(what, |person| {
            let shown = person.call("call.get", json!({ "cell": cell, "call": call }));
            match shown {
                Ok(shown) if like(&shown) => Ok(()),
                Ok(shown) => Err(shown.to_string()),
                Err(error) => Err(format!("{error:?}")),
            }
        });
    }
}

/// A vigil without errors, of which nobody outside sees anything.
fn looked_over(alice: &mut Vigil) -> Value {
    let call = preset(alice, "vigil");
    let preview = alice.ask("call.preview", json!({ "call": call }));
    let problems = preview["problems"].as_array().unwrap();
    assert!(
        problems
            .iter()
            .all(|problem| problem["severity"] == "advice"),
        "{preview}"
    );
    assert_eq!(preview["who_sees_what"]["outside"], json!([]));
    call
}

/// Bob comes with a role, carol looks after him and settles the plan. Gives bob's id.
fn answered(bob: &mut Vigil, carol: &mut Vigil, cell: &str, id: &str) -> String {
    let bobs = bob.id(cell);
    bob.on("call.answer", cell, id, json!({ "answer": "in" }));
    bob.on("call.take_role", cell, id, json!({ "role": "speaker" }));
    bob.on("call.tick", cell, id, json!({ "item": "before.0" }));
    carol.on("call.answer", cell, id, json!({ "answer": "maybe" }));
    carol.on("call.set_buddy", cell, id, json!({ "member": bobs }));
    // It has begun: before that nobody is home again.
    let plan = json!({ "place": "by the old bridge", "time": moment(-60) });
    carol.on("call.set_plan", cell, id, plan);
    bob.on("call.check_in", cell, id, json!({}));
    bobs
}

/// The card and the calendar entry, as files that alice saves.
fn saved(world: &World, alice: &mut Vigil, cell: &str, id: &str) {
    let (card, entry) = (world.path("card.txt"), world.path("entry.ics"));
    alice.on(
        "call.legal_card",
        cell,
        id,
        json!({ "path": card, "language": "ru" }),
    );
    alice.on(
        "call.export_ics",
        cell,
        id,
        json!({ "path": entry, "language": "en" }),
    );
    let written = [card, entry].map(|path| std::fs::read_to_string(path).unwrap());
    assert!(written[0].contains("ЕСЛИ ВАС ОСТАНОВИЛИ"));
    assert!(written[1].contains("second copy") && !written[1].contains("bridge"));
}

/// What alice called off stands first with carol, before one that bob shared.
fn changed_and_off([alice, bob, carol]: [&mut Vigil; 3], cell: &str, (id, second): (&str, &str)) {
    alice.on(
        "call.update",
        cell,
        id,
        json!({ "changes": { "duration_min": 30 } }),
    );
    bob.sees_call(cell, id, "it takes longer", |shown| {
        shown["object"]["duration_min"] == 30
    });
    alice.on("call.cancel", cell, id, json!({ "reason": "the weather" }));
    carol.sees_call(cell, id, "it is off", |shown| {
        shown["cancelled"]["reason"] == "the weather"
    });
    carol.sees_call(cell, second, "another one is there", |_| true);
    let listed = carol.ask("call.list", json!({ "cell": cell }));
    assert_eq!(listed[0]["call"], id, "what is off stands first");
}

#[test]
fn three_share_a_vigil_and_nothing_of_it_is_left() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);
    let call = looked_over(&mut alice);
    let id = alice.shares(&cell, &call);
    for person in [&mut bob, &mut carol] {
        person.event("call.received", |event| event["call"] == id.as_str());
    }
    let bobs = answered(&mut bob, &mut carol, &cell, &id);
    for person in [&mut alice, &mut bob, &mut carol] {
        person.sees_call(&cell, &id, "everything has come", |shown| {
            shown["answers"]["in"] == json!([bobs])
                && shown["answers"]["maybe"].as_array().unwrap().len() == 1
                && shown["plan"]["place"] == "by the old bridge"
                && shown["plan"]["time"].is_string()
                && shown["check_ins"][0]["state"] == "home"
                && shown["roles"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|role| role["taken_by"] == json!([bobs]))
                && shown["ticks"][0]["item"] == "before.0"
                && shown["buddies"][0]["buddy"] == bobs.as_str()
        });
    }
    saved(&world, &mut alice, &cell, &id);
    let second = brief(&mut bob);
    let second = bob.shares(&cell, &second);
    let people = [&mut alice, &mut bob, &mut carol];
    changed_and_off(people, &cell, (&id, &second));

    // The second one ends in a moment, and goes everywhere.
    let plan = json!({ "place": "the third bench", "time": moment(-50) });
    bob.on("call.set_plan", &cell, &second, plan);
    for person in [&mut alice, &mut bob, &mut carol] {
        person.event("call.erased", |event| event["call"] == second.as_str());
        let gone = json!({ "cell": cell, "call": second });
        assert_eq!(person.refusal("call.get", gone.clone()), "call_expired");
        assert_eq!(person.refusal("call.check_in", gone), "call_expired");
        let listed = person.ask("call.list", json!({ "cell": cell }));
        assert_eq!(listed.as_array().unwrap().len(), 1);
    }
}

/// Bob's program runs in other surroundings than alice's, and he prints before anything was planned.
#[test]
fn what_two_people_print_of_a_call_is_the_same_file_whatever_was_planned() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let elsewhere = [
        "env",
        "HOME=/nowhere",
        "USER=bob",
        "TZ=Asia/Tokyo",
        "LANG=ru_RU.UTF-8",
    ];
    let start = Start {
        through: elsewhere.map(str::to_owned).to_vec(),
        ..Start::default()
    };
    let mut bob = world.stranger("Bob", start);
    bob.create_profile();
    let cell = gather(&mut [&mut alice, &mut bob]);
    let call = preset(&mut alice, "memorial");
    let id = alice.shares(&cell, &call);
    bob.event("call.received", |event| event["call"] == id.as_str());
    let kinds = [
        json!({}),
        json!({ "language": "ru", "paper": "a6" }),
        json!({ "language": "en", "paper": "a4", "parts": ["legal_card", "checklists"] }),
    ];
    let print = |person: &mut Vigil| {
        kinds.clone().map(|mut more| {
            let path = world.path(&format!("{} {}.pdf", person.name(), more["paper"]));
            more["path"] = json!(path);
            person.on("call.print", &cell, &id, more);
            std::fs::read(path).unwrap()
        })
    };
    let first = print(&mut bob);
    assert!(first.iter().all(|pdf| pdf.starts_with(b"%PDF-")));
    bob.on("call.answer", &cell, &id, json!({ "answer": "in" }));
    bob.on("call.take_role", &cell, &id, json!({ "role": "carrier" }));
    bob.on("call.tick", &cell, &id, json!({ "item": "before.0" }));
    let plan = json!({ "place": "by the old bridge", "time": moment(3600) });
    bob.on("call.set_plan", &cell, &id, plan);
    alice.sees_call(&cell, &id, "the plan has come", |shown| {
        shown["plan"]["place"] == "by the old bridge" && shown["plan"]["time"].is_string()
    });
    assert!(print(&mut alice) == first && print(&mut bob) == first);
}

/// The parameters of something about one call.
fn about(cell: &str, call: &str, more: &Value) -> Value {
    let mut params = json!({ "cell": cell, "call": call });
    for (name, value) in more.as_object().unwrap() {
        params[name] = value.clone();
    }
    params
}

/// Of things that no member but its author, or nobody, can do to a call.
fn deeds_refused(cell: &str, id: &str, bobs: &str, file: &Path) -> Vec<Case> {
    let refused = [
        ("no_such_role", "call.take_role", json!({ "role": "king" })),
        ("no_such_role", "call.leave_role", json!({ "role": "king" })),
        ("no_such_item", "call.tick", json!({ "item": "before.15" })),
        ("invalid_params", "call.tick", json!({ "item": "never.0" })),
        ("invalid_params", "call.answer", json!({ "answer": "yes" })),
        ("not_a_member", "call.set_buddy", json!({ "member": bobs })),
        (
            "not_a_member",
            "call.set_buddy",
            json!({ "member": "00".repeat(32) }),
        ),
        ("invalid_params", "call.set_plan", json!({ "time": "noon" })),
        (
            "invalid_params",
            "call.set_plan",
            json!({ "time": moment(-7200) }),
        ),
        (
            "invalid_params",
            "call.set_plan",
            json!({ "time": moment(100 * 24 * 3600) }),
        ),
        (
            "text_too_long",
            "call.set_plan",
            json!({ "place": "x".repeat(181) }),
        ),
        ("not_the_author", "call.cancel", json!({ "reason": "no" })),
        ("not_the_author", "call.update", json!({ "changes": {} })),
        ("text_empty", "call.cancel", json!({ "reason": " " })),
        (
            "text_too_long",
            "call.cancel",
            json!({ "reason": "x".repeat(1121) }),
        ),
        (
            "invalid_params",
            "call.update",
            json!({ "changes": { "where": "here" } }),
        ),
        (
            "unprintable",
            "call.print",
            json!({ "path": file, "parts": [] }),
        ),
        (
            "invalid_params",
            "call.print",
            json!({ "path": file, "parts": ["plan"] }),
        ),
        (
            "invalid_params",
            "call.print",
            json!({ "path": file, "paper": "a5" }),
        ),
        ("no_such_plan", "call.export_ics", json!({ "path": file })),
        (
            "not_expected",
            "call.presume_arrest",
            json!({ "member": bobs }),
        ),
    ];
    refused
        .into_iter()
        .map(|(kind, method, more)| case(kind, method, about(cell, id, &more)))
        .collect()
}

/// Of calls and cells that are not there, and of calls that are none.
fn calls_refused(cell: &str, id: &str, call: &Value) -> Vec<Case> {
    let nothing = json!({ "cell": cell, "call": "00".repeat(32) });
    let nowhere = json!({ "cell": "00".repeat(32), "call": id });
    let changed = |field: &str, value: Value| {
        let mut call = call.clone();
        call[field] = value;
        json!({ "cell": cell, "call": call })
    };
    vec![
        case("no_such_call", "call.get", nothing.clone()),
        case("no_such_call", "call.check_in", nothing),
        case("no_such_cell", "call.get", nowhere.clone()),
        case("no_such_cell", "call.check_in", nowhere),
        case(
            "no_such_cell",
            "call.list",
            json!({ "cell": "00".repeat(32) }),
        ),
        case(
            "call_invalid",
            "call.share",
            changed("duration_min", json!(0)),
        ),
        case(
            "call_invalid",
            "call.share",
            changed("expires", json!("2026-01-01")),
        ),
        case(
            "invalid_params",
            "call.share",
            changed("where", json!("here")),
        ),
        case(
            "invalid_params",
            "cell.set_lifetime",
            json!({ "cell": cell, "seconds": 3599 }),
        ),
    ]
}

#[test]
fn what_cannot_be_done_to_a_call_is_refused_by_name() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let call = preset(&mut alice, "leafleting");
    let id = alice.shares(&cell, &call);
    bob.event("call.received", |event| event["call"] == id.as_str());
    let bobs = bob.id(&cell);
    let file = world.path("x");
    refuse_all(&mut bob, deeds_refused(&cell, &id, &bobs, &file));
    refuse_all(&mut bob, calls_refused(&cell, &id, &call));
    let of = |more: Value| about(&cell, &id, &more);

    // Of a role with one place, only one.
    alice.on("call.take_role", &cell, &id, json!({ "role": "printer" }));
    let alices = alice.id(&cell);
    bob.sees_call(&cell, &id, "alice prints", |shown| {
        shown["roles"][0]["taken_by"] == json!([alices])
    });
    let role = of(json!({ "role": "printer" }));
    refuse_all(&mut bob, vec![case("role_full", "call.take_role", role)]);
    // In a cell of two nobody removes anybody, whatever they presume.
    alice.on("call.answer", &cell, &id, json!({ "answer": "in" }));
    bob.sees_call(&cell, &id, "alice comes", |shown| {
        shown["answers"]["in"] == json!([alices])
    });
    let held = of(json!({ "member": alices }));
    refuse_all(
        &mut bob,
        vec![case("too_small_to_remove", "call.presume_arrest", held)],
    );

    alice.on("call.cancel", &cell, &id, json!({ "reason": "no" }));
    let answer = of(json!({ "answer": "in" }));
    let update = of(json!({ "changes": { "duration_min": 20 } }));
    let cases = vec![
        case("call_cancelled", "call.answer", answer),
        case("call_cancelled", "call.update", update),
    ];
    refuse_all(&mut alice, cases);
    // Sixteen at once are enough for anybody.
    for _ in 0..15 {
        alice.shares(&cell, &call);
    }
    let more = json!({ "cell": cell, "call": call });
    refuse_all(&mut alice, vec![case("too_many", "call.share", more)]);
}

#[test]
fn members_agree_how_long_messages_last_and_keep_it_over_a_start() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    assert_eq!(bob.summary(&cell)["lifetime_s"], 604_800);
    alice.ask(
        "cell.set_lifetime",
        json!({ "cell": cell, "seconds": 86_400 }),
    );
    bob.until("bob has heard of it", |bob| {
        let lifetime = bob.summary(&cell)["lifetime_s"].clone();
        if lifetime == 86_400 {
            Ok(())
        } else {
            Err(lifetime.to_string())
        }
    });
    bob.stop();
    bob.restart();
    assert_eq!(bob.summary(&cell)["lifetime_s"], 86_400);
}
