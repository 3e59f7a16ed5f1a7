//! Removing, leaving, and what those who are out can read.

use std::time::Duration;

use model::Suite;
use proto::{At, Command, Entrance, ErrorKind, Input, MemberState, Notice, WarningKind};

use crate::mallory::{Mallory, heads, vote};
use crate::world::World;

const MINUTE: Duration = Duration::from_secs(60);

/// The action of an operation that only says what its author has seen.
const SEEN: [u8; 1] = [10];

fn states(world: &World, name: &'static str, cell: model::CellId) -> Vec<(String, &'static str)> {
    let mut states: Vec<_> = world
        .node(name)
        .members(cell)
        .unwrap()
        .iter()
        .map(|member| (member.name.expose().to_owned(), member.state.name()))
        .collect();
    states.sort();
    states
}

#[test]
pub(crate) fn removed_member_reads_nothing_that_is_said_by_who_knew() {
    let names = ["alice", "bob", "carol", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "all of us");
    let mallory = world.member("alice", cell, "mallory");
    world
        .command("alice", Command::Remove(cell, mallory))
        .unwrap();
    world
        .command("bob", Command::Remove(cell, mallory))
        .unwrap();
    for name in ["alice", "bob", "carol"] {
        world.say(name, cell, "without mallory");
    }
    world.pass(5 * MINUTE);
    assert!(world.heard("mallory", &Notice::RemovedFromCell(cell)));
    assert_eq!(world.conversation("mallory", cell), ["alice: all of us"]);
    for name in ["alice", "bob", "carol"] {
        assert_eq!(world.conversation(name, cell).len(), 4);
        assert_eq!(world.connected(name, cell), 2);
    }
    let refused = world.command("mallory", Command::Heal(cell));
    assert!(matches!(refused, Err(ErrorKind::NotAMember)));
}

#[test]
fn a_member_removed_from_two_sides_at_once_is_out_and_all_agree() {
    let names = ["alice", "bob", "carol", "dave", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let mallory = world.member("alice", cell, "mallory");
    world
        .command(
            "alice",
            Command::Vouch(cell, world.member("alice", cell, "dave")),
        )
        .ok();
    world
        .command(
            "bob",
            Command::Vouch(cell, world.member("bob", cell, "dave")),
        )
        .unwrap();
    world.part(&["alice", "bob"], &["carol", "dave", "mallory"]);
    world
        .command("alice", Command::Remove(cell, mallory))
        .unwrap();
    world
        .command("carol", Command::Remove(cell, mallory))
        .unwrap();
    world.say("alice", cell, "left");
    world.say("dave", cell, "right");
    world.pass(MINUTE);
    world.heal_network();
    world.pass(10 * MINUTE);
    world.say("carol", cell, "together");
    world.pass(MINUTE);
    let seen = world.conversation("alice", cell);
    for name in ["alice", "bob", "carol", "dave"] {
        assert_eq!(world.conversation(name, cell), seen, "{name}");
        assert_eq!(
            states(&world, name, cell),
            states(&world, "alice", cell),
            "{name}"
        );
    }
    assert!(states(&world, "alice", cell).contains(&("mallory".to_owned(), "removed")));
    assert!(
        !world
            .conversation("mallory", cell)
            .contains(&"carol: together".to_owned())
    );
}

#[test]
fn who_leaves_is_gone_and_the_others_go_on() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.command("bob", Command::Leave(cell)).unwrap();
    world.pass(MINUTE);
    world.say("alice", cell, "two of us");
    world.pass(MINUTE);
    assert_eq!(world.conversation("carol", cell), ["alice: two of us"]);
    assert!(world.conversation("bob", cell).is_empty());
    assert_eq!(world.node("bob").cells()[0].state, MemberState::Left);
    let sent = world
        .node("alice")
        .messages(cell, At::Newest, 1)
        .unwrap()
        .messages;
    assert_eq!((sent[0].delivery.of, sent[0].audience), (1, 2));
}

#[test]
pub(crate) fn who_left_cannot_open_a_later_bundle() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.command("bob", Command::Leave(cell)).unwrap();
    world.pass(MINUTE);
    world.say("alice", cell, "two of us");
    let exported = world.command("alice", Command::ExportBundle(cell));
    let Ok(proto::Answer::BundleExported(bytes, _)) = exported else {
        panic!("alice exports a bundle");
    };
    world.pass(MINUTE);
    let import = || Command::ImportBundle(bytes.to_vec());
    let opened = world.command("carol", import());
    assert!(matches!(opened, Ok(proto::Answer::BundleImported(..))));
    let refused = world.command("bob", import());
    assert!(matches!(refused, Err(proto::ErrorKind::BundleForeign)));
}

#[test]
pub(crate) fn the_removed_members_keys_leave_their_disk() {
    let names = ["alice", "bob", "carol", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let mallory = world.member("alice", cell, "mallory");
    world
        .command("alice", Command::Remove(cell, mallory))
        .unwrap();
    world
        .command("bob", Command::Remove(cell, mallory))
        .unwrap();
    world.pass(MINUTE);
    let kinds: std::collections::BTreeSet<_> = world.people["mallory"]
        .disk
        .keys()
        .map(|key| key.kind())
        .collect();
    for kind in [
        proto::RecordKind::Group,
        proto::RecordKind::Secret,
        proto::RecordKind::Envelope,
        proto::RecordKind::Invite,
    ] {
        assert!(!kinds.contains(&kind), "{kind:?} is still on the disk");
    }
    world.stop("mallory");
    world.start("mallory");
    assert_eq!(world.node("mallory").cells()[0].state, MemberState::Removed);
}

#[test]
fn a_member_who_has_not_applied_a_removal_is_told_of() {
    let names = ["alice", "bob", "carol", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("carol", cell, "I am off");
    world.pass(2 * MINUTE);
    world.stop("carol");
    let mallory = world.member("alice", cell, "mallory");
    for name in ["alice", "bob"] {
        world.command(name, Command::Remove(cell, mallory)).unwrap();
    }
    world.pass(50 * MINUTE);
    let told = |world: &World, name| world.warned(name, cell, WarningKind::RemovalNotApplied);
    assert!(!told(&world, "alice"));
    world.pass(15 * MINUTE);
    assert!(told(&world, "alice") && told(&world, "bob"));
    // Where everybody has applied it, nothing is said.
    world.start("carol");
    world.pass(10 * MINUTE);
    world.stop("bob");
    world.person("bob").notices.clear();
    world.start("bob");
    world.pass(70 * MINUTE);
    assert!(!told(&world, "bob"));
}

#[test]
fn a_voter_who_signs_something_else_beside_their_vote_does_not_undo_a_removal() {
    let names = ["alice", "mallory", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    for name in names {
        world.say(name, cell, "here");
    }
    world.pass(Duration::from_secs(600));
    let mallory = Mallory::of(&world, "mallory", cell);
    let heads = heads(&world, "mallory", cell);
    let carol = world.member("alice", cell, "carol");
    let standing = |world: &World| {
        let members = world.node("alice").members(cell).unwrap();
        let found = members.iter().find(|member| member.member == carol);
        found.unwrap().state
    };
    world.wall("alice", "carol");
    world.stop("mallory");
    world
        .command("alice", Command::Remove(cell, carol))
        .unwrap();
    let connected = Input::PeerConnected(mallory.link, Entrance::Door);
    world.feed("alice", connected, usize::MAX);
    let (_, first) = mallory.operation(mallory.life, &heads, &vote(carol.as_bytes()));
    mallory.send(&mut world, "alice", &[first]);
    assert_eq!(standing(&world), MemberState::Removed);

    // Signed beside the vote, not after it. Of two ends of one life neither counts, unless somebody has built upon it: so
    // whoever hears of the second end builds upon both, before anything follows from it.
    let (_, second) = mallory.operation(mallory.life, &heads, &SEEN);
    mallory.send(&mut world, "alice", &[second]);
    assert_eq!(standing(&world), MemberState::Removed);
    world.feed("alice", Input::PeerDisconnected(mallory.link), usize::MAX);

    world.say("carol", cell, "what was that?");
    world.heal_network();
    world.pass(30 * MINUTE);
    assert_eq!(standing(&world), MemberState::Removed);
    assert_eq!(world.conversation("alice", cell).len(), 3);
    assert_eq!(world.connected("alice", cell), 0);
}
