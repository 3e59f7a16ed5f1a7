//! Every kind of refusal, and that nothing is half done after it.

use serde_json::{Value, json};

use crate::cell::{World, all_that_is_shown, gather, join};
use crate::vigil::{Start, Vigil, text};

/// Every method of this part that takes a cell.
const IN_A_CELL: [&str; 19] = [
    "cell.rename",
    "cell.mark_read",
    "cell.set_lan",
    "cell.members",
    "cell.invite",
    "cell.invites",
    "cell.invite_withdraw",
    "cell.vouch",
    "cell.remove",
    "cell.confirm_restored",
    "cell.leave",
    "cell.heal",
    "cell.safety_number",
    "cell.verify",
    "message.send",
    "message.list",
    "message.get",
    "net.set_listen",
    "bundle.export",
];

/// One call that has to be refused, and how.
pub(crate) struct Case {
    method: &'static str,
    params: Value,
    kind: &'static str,
}

pub(crate) fn case(kind: &'static str, method: &'static str, params: Value) -> Case {
    Case {
        method,
        params,
        kind,
    }
}

/// Makes every call, and looks at everything before and after.
pub(crate) fn refuse_all(person: &mut Vigil, cases: Vec<Case>) {
    let before = all_that_is_shown(person);
    for Case {
        method,
        params,
        kind,
    } in cases
    {
        assert_eq!(
            person.refusal(method, params.clone()),
            kind,
            "{method} {params}"
        );
        assert_eq!(all_that_is_shown(person), before, "after {method} {params}");
    }
}

#[test]
fn a_method_that_is_not_there_and_a_line_that_is_none_are_refused_and_work_goes_on() {
    let world = World::new();
    let mut alice = world.stranger("Alice", Start::default());
    let unknown = alice.call("cell.destroy", json!({})).unwrap_err();
    assert_eq!(unknown.code, -32_601);
    for line in [
        "",
        "{",
        "not json",
        "[]]",
        "\u{0}",
        "{\"jsonrpc\": \"2.0\", \"id\": 1, ",
    ] {
        if line.is_empty() {
            continue;
        }
        let answer = alice.answer_to_raw(line);
        assert_eq!(answer["error"]["code"], -32_700, "{line:?}: {answer}");
    }
    let long = format!("\"{}", "x".repeat(4 << 20));
    assert_eq!(
        alice.answer_to_raw(&long)["error"]["code"],
        -32_700,
        "four megabytes without an end"
    );
    assert_eq!(
        alice.ask("profile.status", json!({})),
        json!({ "state": "none" })
    );
}

#[test]
fn what_is_not_there_is_named() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let message = alice.say(&cell, "here");
    let member = bob.id(&cell);
    let invite = text(&alice.ask("cell.invite", json!({ "cell": cell }))["invite"]);
    let file = world.path("file");

    let right = json!({
        "cell": another(&cell), "message": message, "member": member, "invite": invite, "path": file,
        "name": "x", "text": "x", "on": true, "port": 0,
    });
    let no_cell = IN_A_CELL
        .iter()
        .map(|method| case("no_such_cell", method, needed(method, &right)));
    refuse_all(&mut alice, no_cell.collect());
    assert!(!file.exists());

    let [nobody, nothing, none] = [&member, &message, &invite].map(|id| another(id));
    let person = json!({ "cell": cell, "member": nobody });
    let cases = vec![
        case(
            "no_such_message",
            "message.get",
            json!({ "cell": cell, "message": nothing }),
        ),
        case(
            "no_such_message",
            "cell.mark_read",
            json!({ "cell": cell, "message": nothing }),
        ),
        case(
            "no_such_message",
            "message.send",
            json!({ "cell": cell, "text": "x", "reply_to": nothing }),
        ),
        case(
            "no_such_invite",
            "cell.invite_withdraw",
            json!({ "cell": cell, "invite": none }),
        ),
        case(
            "no_such_join",
            "cell.cancel_join",
            json!({ "request": none }),
        ),
        case(
            "invalid_params",
            "cell.dismiss_warning",
            json!({ "cell": cell, "kind": "withheld" }),
        ),
        case(
            "no_such_join",
            "cell.confirm_join",
            json!({ "cell": cell, "request": none, "accept": true }),
        ),
        case("not_a_member", "cell.vouch", person.clone()),
        case("not_a_member", "cell.confirm_restored", person.clone()),
        case("not_a_member", "cell.safety_number", person.clone()),
        case("not_a_member", "cell.verify", person),
    ];
    refuse_all(&mut alice, cases);
}

/// The parameters that a method takes, out of those that would be right.
fn needed(method: &str, right: &Value) -> Value {
    let names: &[&str] = match method {
        "cell.rename" => &["name"],
        "cell.mark_read" | "message.get" => &["message"],
        "cell.set_lan" => &["on"],
        "cell.invite_withdraw" => &["invite"],
        "cell.vouch"
        | "cell.remove"
        | "cell.confirm_restored"
        | "cell.safety_number"
        | "cell.verify" => &["member"],
        "message.send" => &["text"],
        "net.set_listen" => &["port"],
        "bundle.export" => &["path"],
        _ => &[],
    };
    let names = names.iter().chain(&["cell"]);
    names
        .map(|name| ((*name).to_owned(), right[*name].clone()))
        .collect()
}

#[test]
fn text_that_is_empty_or_too_long_is_refused() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let long = "x".repeat(16 * 1024 + 1);

    for (kind, wrong) in [
        ("text_empty", ""),
        ("text_empty", " \n\t"),
        ("text_too_long", &long),
    ] {
        let cases = vec![
            case(kind, "message.send", json!({ "cell": cell, "text": wrong })),
            case(
                kind,
                "cell.create",
                json!({ "name": wrong, "display_name": "Alice" }),
            ),
            case(
                kind,
                "cell.create",
                json!({ "name": "x", "display_name": wrong }),
            ),
            case(kind, "cell.rename", json!({ "cell": cell, "name": wrong })),
        ];
        refuse_all(&mut alice, cases);
    }
    // The longest that is allowed is allowed.
    let longest = &long[1..];
    alice.say(&cell, longest);
    bob.reads(&cell, &[longest]);
}

#[test]
fn parameters_of_the_wrong_form_are_refused() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("the night kitchen");

    let wrong = [
        ("message.send", json!({ "cell": cell })),
        ("message.send", json!({ "cell": cell, "text": 5 })),
        ("message.send", json!({ "cell": "not hex", "text": "x" })),
        ("message.send", json!({ "cell": &cell[2..], "text": "x" })),
        ("message.send", json!([cell, "x"])),
        ("message.list", json!({ "cell": cell, "limit": -1 })),
        ("message.list", json!({ "cell": cell, "limit": "all" })),
        (
            "cell.create",
            json!({ "name": "x", "display_name": "x", "suite": "rot13" }),
        ),
        (
            "cell.create",
            json!({ "name": "x", "display_name": "x", "removal_quorum": 300 }),
        ),
        (
            "cell.create",
            json!({ "name": "x", "display_name": "x", "removal_quorum": 1 }),
        ),
        (
            "cell.create",
            json!({ "name": "x", "display_name": "x", "removal_quorum": 25 }),
        ),
        ("cell.invite", json!({ "cell": cell, "expires_in_s": -5 })),
        ("cell.members", json!({})),
        ("net.set_listen", json!({ "cell": cell, "port": 70_000 })),
        (
            "net.set_listen",
            json!({ "cell": cell, "ip": "localhost?" }),
        ),
        ("bundle.export", json!({ "cell": cell })),
        ("profile.unlock", json!({})),
    ];
    let wrong = wrong.map(|(method, params)| case("invalid_params", method, params));
    refuse_all(&mut alice, wrong.into());
}

#[test]
fn a_cell_of_two_cannot_remove_anybody() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let vote = json!({ "cell": cell, "member": bob.id(&cell) });
    refuse_all(
        &mut alice,
        vec![case("too_small_to_remove", "cell.remove", vote)],
    );
    bob.say(&cell, "still here");
    alice.reads(&cell, &["still here"]);
}

#[test]
fn only_a_full_member_decides() {
    let world = World::new();
    let names = ["Alice", "Bob", "Carol", "Dave"];
    let [mut alice, mut bob, mut carol, mut dave] = names.map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol, &mut dave]);
    let carols = json!({ "cell": cell, "member": carol.id(&cell) });
    let daves = json!({ "cell": cell, "member": dave.id(&cell) });
    assert!(!is_full(&mut dave, &cell), "the fourth is not full at once");
    let cases = vec![
        case("not_a_full_member", "cell.remove", carols.clone()),
        case("not_a_full_member", "cell.vouch", carols.clone()),
        case("not_a_full_member", "cell.invite", json!({ "cell": cell })),
    ];
    refuse_all(&mut dave, cases);

    // The inviter's word is not enough; a second member's is.
    bob.ask("cell.vouch", daves);
    dave.until("Dave is full", |dave| {
        let full = is_full(dave, &cell);
        if full {
            Ok(())
        } else {
            Err("he is not".to_owned())
        }
    });
    assert_eq!(
        dave.ask("cell.remove", carols),
        json!({ "votes": 1, "needed": 2 })
    );
}

fn is_full(person: &mut Vigil, cell: &str) -> bool {
    person
        .members(cell)
        .iter()
        .any(|one| one["self"] == true && one["full"] == true)
}

#[test]
fn one_member_has_one_vote_and_a_removed_one_has_none() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);
    let bobs = json!({ "cell": cell, "member": bob.id(&cell) });
    let carols = carol.id(&cell);
    let vote = json!({ "cell": cell, "member": carols });

    assert_eq!(
        alice.ask("cell.remove", vote.clone()),
        json!({ "votes": 1, "needed": 2 })
    );
    refuse_all(
        &mut alice,
        vec![case("already_voted", "cell.remove", vote.clone())],
    );
    bob.until("Bob has heard of the vote", |bob| {
        let members = bob.members(&cell);
        let carol = members.iter().find(|one| one["member"] == carols.as_str());
        match carol.and_then(|carol| carol["removal"]["votes"].as_u64()) {
            Some(1) => Ok(()),
            _ => Err(format!("{carol:?}")),
        }
    });
    assert_eq!(
        bob.ask("cell.remove", vote.clone()),
        json!({ "votes": 2, "needed": 2 })
    );

    carol.event("cell.removed_us", |event| event["cell"] == cell.as_str());
    refuse_all(&mut bob, vec![case("not_a_member", "cell.remove", vote)]);
    let cases = vec![
        case(
            "not_a_member",
            "message.send",
            json!({ "cell": cell, "text": "x" }),
        ),
        case("not_a_member", "cell.invite", json!({ "cell": cell })),
        case("not_a_member", "cell.remove", bobs.clone()),
        case("not_a_member", "cell.vouch", bobs),
        case("not_a_member", "cell.heal", json!({ "cell": cell })),
    ];
    refuse_all(&mut carol, cases);
}

#[test]
fn who_has_left_can_read_and_nothing_else() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);
    let before = carol.history(&cell);

    carol.ask("cell.leave", json!({ "cell": cell }));
    alice.counts_members(&cell, 2);
    bob.counts_members(&cell, 2);
    alice.say(&cell, "carol has left us");
    bob.reads(&cell, &["carol has left us"]);

    assert_eq!(carol.summary(&cell)["state"], "left");
    assert_eq!(carol.history(&cell), before);
    let cases = vec![
        case(
            "not_a_member",
            "message.send",
            json!({ "cell": cell, "text": "x" }),
        ),
        case("not_a_member", "cell.invite", json!({ "cell": cell })),
        case("not_a_member", "cell.leave", json!({ "cell": cell })),
    ];
    refuse_all(&mut carol, cases);
}

#[test]
fn a_bundle_that_cannot_be_written_says_so() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let before = all_that_is_shown(&mut alice);

    let nowhere = world.path("no/such/folder/file");
    assert!(
        alice
            .call("bundle.export", json!({ "cell": cell, "path": nowhere }))
            .is_err()
    );
    assert!(
        alice
            .call("bundle.import", json!({ "path": world.path("absent") }))
            .is_err()
    );
    assert!(
        alice
            .call("bundle.import", json!({ "path": world.path("") }))
            .is_err(),
        "a folder"
    );

    assert_eq!(all_that_is_shown(&mut alice), before);
    join_after_all(&world, &mut alice, &cell);
}

/// The cell works as before.
fn join_after_all(world: &World, alice: &mut Vigil, cell: &str) {
    let mut carol = world.person("Carol");
    join(alice, &mut carol, cell);
    alice.say(cell, "all is well");
    carol.reads(cell, &["all is well"]);
}

/// Another identifier of the same form.
fn another(id: &str) -> String {
    id.chars()
        .map(|c| if c == '0' { '1' } else { '0' })
        .collect()
}
