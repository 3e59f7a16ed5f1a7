//! Founding, joining and talking.

use std::time::Duration;

use model::Suite;
use proto::{Command, ErrorKind, Notice};

use crate::world::World;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
pub(crate) fn three_people_talk_and_see_the_same_in_one_order() {
    for suite in [Suite::X25519, Suite::XWing] {
        let mut world = World::new(suite, &["alice", "bob", "carol"]);
        let cell = world.cell_of(&["alice", "bob", "carol"]);
        for round in 0..20 {
            for name in ["alice", "bob", "carol"] {
                world.say(name, cell, &format!("{round}"));
            }
        }
        world.pass(MINUTE);
        let seen = world.conversation("alice", cell);
        assert_eq!(seen.len(), 60);
        assert_eq!(seen, world.conversation("bob", cell));
        assert_eq!(seen, world.conversation("carol", cell));
    }
}

#[test]
fn a_newcomer_begins_with_the_name_that_the_inviter_gave_the_cell() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let called = |name| world.node(name).cells()[0].name.expose().to_owned();
    assert_eq!(called("alice"), "Sunday");
    assert_eq!(called("bob"), "Sunday");
    assert_eq!(world.node("bob").cells()[0].cell, cell);
}

#[test]
fn two_connections_at_once_are_one_link() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    world.doubled = true;
    let cell = world.cell_of(&["alice", "bob", "carol"]);
    for name in ["alice", "bob", "carol"] {
        world.say(name, cell, "heard once");
    }
    world.pass(MINUTE);
    for name in ["alice", "bob", "carol"] {
        assert_eq!(world.conversation(name, cell).len(), 3, "{name}");
    }
}

#[test]
fn a_newcomer_reads_nothing_from_before_and_everything_after() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    let cell = world.cell_of(&["alice", "bob"]);
    world.say("alice", cell, "before");
    world.join("carol", cell, "bob");
    world.say("alice", cell, "after");
    world.say("carol", cell, "hello");
    world.pass(MINUTE);
    assert_eq!(
        world.conversation("carol", cell),
        ["alice: after", "carol: hello"]
    );
    assert_eq!(
        world.conversation("alice", cell),
        ["alice: before", "alice: after", "carol: hello"]
    );
    assert_eq!(
        world.conversation("bob", cell),
        world.conversation("alice", cell)
    );
}

#[test]
pub(crate) fn a_message_reaches_somebody_through_a_third_when_its_author_is_gone() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    let cell = world.cell_of(&["alice", "bob", "carol"]);
    world.stop("carol");
    world.say("alice", cell, "tomorrow at noon");
    world.pass(MINUTE);
    world.stop("alice");
    world.start("carol");
    world.pass(3 * MINUTE);
    assert_eq!(
        world.conversation("carol", cell),
        ["alice: tomorrow at noon"]
    );
}

#[test]
fn a_text_waits_while_nobody_is_there_and_its_delivery_is_told() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    let cell = world.cell_of(&["alice", "bob", "carol"]);
    world.stop("bob");
    world.stop("carol");
    let message = world.say("alice", cell, "anybody?");
    let waiting = world.node("alice").message(cell, message).unwrap();
    assert_eq!(
        (waiting.delivery.have, waiting.delivery.of, waiting.audience),
        (0, 2, 0)
    );
    world.start("bob");
    world.pass(3 * MINUTE);
    let sent = world.node("alice").message(cell, message).unwrap();
    assert_eq!(
        (sent.delivery.have, sent.delivery.of, sent.audience),
        (1, 2, 3)
    );
    world.start("carol");
    world.pass(3 * MINUTE);
    assert!(world.heard(
        "alice",
        &Notice::MessageDelivered {
            cell,
            message,
            have: 2,
            of: 2
        }
    ));
    assert_eq!(world.conversation("carol", cell), ["alice: anybody?"]);
}

#[test]
fn people_on_two_sides_of_a_wall_agree_when_it_falls() {
    let names = ["alice", "bob", "carol", "dave"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.part(&["alice", "bob"], &["carol", "dave"]);
    for round in 0..10 {
        for name in names {
            world.say(name, cell, &format!("{round}"));
        }
        world.pass(MINUTE);
    }
    world.heal_network();
    world.pass(10 * MINUTE);
    let seen = world.conversation("alice", cell);
    assert_eq!(seen.len(), 40);
    for name in names {
        assert_eq!(world.conversation(name, cell), seen);
    }
}

#[test]
pub(crate) fn an_invite_gives_one_attempt() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    let cell = world.found("alice");
    let link = world.invite("alice", cell);
    let (ours, join, ..) = world.knock("bob", &link, "alice");
    world
        .command(
            "alice",
            Command::ConfirmJoin {
                cell,
                join,
                accept: false,
            },
        )
        .unwrap();
    assert!(world.heard(
        "bob",
        &Notice::JoinFailed(ours, proto::JoinFailure::Refused)
    ));
    let display_name = model::DisplayName::parse("carol").unwrap();
    world
        .command("carol", Command::Join { link, display_name })
        .unwrap();
    let used = world.people["carol"]
        .notices
        .iter()
        .any(|notice| matches!(notice, Notice::JoinFailed(_, proto::JoinFailure::Used)));
    assert!(used);
}

#[test]
fn a_name_that_looks_like_a_members_is_refused() {
    let mut world = World::new(Suite::X25519, &["alice", "Аlice"]);
    let cell = world.found("alice");
    let link = world.invite("alice", cell);
    let display_name = model::DisplayName::parse("Аlice").unwrap();
    world
        .command("Аlice", Command::Join { link, display_name })
        .unwrap();
    let refused = world.people["Аlice"].notices.iter().any(|notice| {
        matches!(
            notice,
            Notice::JoinFailed(_, proto::JoinFailure::NameConfusable)
        )
    });
    assert!(refused);
    assert_eq!(world.node("alice").members(cell).unwrap().len(), 1);
}

#[test]
fn a_bundle_carries_a_conversation_between_people_who_never_connect() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "mallory"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let other = world.found("mallory");
    world.wall("alice", "bob");
    world.say("alice", cell, "by hand");
    let Ok(proto::Answer::BundleExported(bytes, _)) =
        world.command("alice", Command::ExportBundle(cell))
    else {
        panic!("no bundle")
    };
    let Ok(proto::Answer::BundleImported(new, into)) =
        world.command("bob", Command::ImportBundle(bytes.to_vec()))
    else {
        panic!("not imported")
    };
    assert_eq!(into, cell);
    assert!(new > 0);
    assert_eq!(world.conversation("bob", cell), ["alice: by hand"]);
    let again = world.command("bob", Command::ImportBundle(bytes.to_vec()));
    assert!(matches!(again, Ok(proto::Answer::BundleImported(0, _))));
    let foreign = world.command("mallory", Command::ImportBundle(bytes.to_vec()));
    assert!(matches!(foreign, Err(ErrorKind::BundleForeign)));
    assert!(world.conversation("mallory", other).is_empty());
}

#[test]
fn whoever_gives_up_joining_is_rid_of_it_and_may_begin_anew() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.found("alice");
    let link = world.invite("alice", cell);
    let (ours, theirs, ..) = world.knock("bob", &link, "alice");
    world.command("bob", Command::CancelJoin(ours)).unwrap();
    assert_eq!(
        world.command("bob", Command::CancelJoin(ours)).err(),
        Some(ErrorKind::NoSuchJoin)
    );
    let confirm = Command::ConfirmJoin {
        cell,
        join: theirs,
        accept: true,
    };
    assert_eq!(
        world.command("alice", confirm).err(),
        Some(ErrorKind::NoSuchJoin),
        "alice is not left waiting for somebody who is gone"
    );
    world.join("bob", cell, "alice");
    assert_eq!(world.node("alice").members(cell).unwrap().len(), 2);
}
