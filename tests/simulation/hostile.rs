//! Frames in another order, old objects sent again, and members who do what the rules forbid.

use std::time::Duration;

use model::Suite;
use proto::{Command, Entrance, Input, MemberState, RecordKind};

use crate::mallory::{Header, Mallory, heads, position, stored_item, vote};
use crate::world::World;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
pub(crate) fn frames_that_come_in_another_order_lose_nothing() {
    let names = ["alice", "bob"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "zero");
    world.pass(2 * MINUTE);
    world.slow.insert(("alice", "bob"));
    for text in ["one", "two", "three"] {
        world.say("alice", cell, text);
    }
    world.deliver_backwards();
    world.pass(2 * MINUTE);
    let expected = ["alice: zero", "alice: one", "alice: two", "alice: three"];
    assert_eq!(world.conversation("bob", cell), expected);
}

#[test]
pub(crate) fn an_old_card_sent_again_does_not_replace_a_newer_one() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let mallory = Mallory::of(&world, "mallory", cell);
    let alice = world.member("bob", cell, "alice");
    let name = [b"c", alice.as_bytes().as_slice()].concat();
    let card = |world: &World| {
        let records = world.people["bob"].disk.iter();
        let mut cards =
            records.filter(|(key, _)| key.kind() == RecordKind::Object && key.name() == name);
        cards.next().expect("bob has alice's card").1.clone()
    };
    let old = card(&world);
    let (ip, port) = (None, Some(4444));
    world
        .command("alice", Command::SetListen { cell, ip, port })
        .unwrap();
    world.pass(MINUTE);
    let new = card(&world);
    assert_ne!(old, new);
    mallory.send(&mut world, "bob", &[stored_item(4, &old)]);
    assert!(card(&world) == new);
}

#[test]
pub(crate) fn what_a_removed_member_seals_later_is_taken_from_nobody() {
    let names = ["alice", "bob", "carol", "dave", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("mallory", cell, "hello");
    world.pass(2 * MINUTE);
    let bob = Mallory::of(&world, "bob", cell);
    world.part(&["alice", "bob", "carol"], &["dave", "mallory"]);
    let target = world.member("alice", cell, "mallory");
    for voter in ["alice", "bob"] {
        world.command(voter, Command::Remove(cell, target)).unwrap();
    }
    world.pass(MINUTE);
    let before = world.sealed.len();
    world.say("mallory", cell, "late");
    world.pass(MINUTE);
    assert_eq!(world.conversation("dave", cell).len(), 2);
    let late: Vec<_> = world.sealed[before..]
        .iter()
        .map(|bytes| stored_item(2, bytes))
        .collect();
    world.stop("dave");
    world.stop("mallory");
    bob.send(&mut world, "alice", &late);
    world.pass(MINUTE);
    world.say("alice", cell, "she is out");
    world.pass(MINUTE);
    for name in ["alice", "bob", "carol"] {
        let expected = ["mallory: hello", "alice: she is out"];
        assert_eq!(world.conversation(name, cell), expected, "{name}");
    }
}

#[test]
pub(crate) fn nobody_leaps_to_the_end_of_the_order() {
    for order in [u64::MAX - 1, u64::MAX] {
        let names = ["alice", "bob", "mallory"];
        let mut world = World::new(Suite::X25519, &names);
        let cell = world.cell_of(&names);
        world.say("mallory", cell, "hello");
        world.pass(2 * MINUTE);
        let mallory = Mallory::of(&world, "mallory", cell);
        let (seq, previous, _) = position(&world, "mallory", &mallory);
        let header = Header {
            life: mallory.life,
            seq,
            previous,
            order,
            seen: Vec::new(),
            heads: heads(&world, "mallory", cell),
            kind: 1,
        };
        let (_, envelope) = mallory.envelope(&header, b"nothing");
        mallory.send(&mut world, "alice", &[envelope]);
        for name in ["alice", "bob"] {
            world.say(name, cell, "we go on");
        }
        world.pass(2 * MINUTE);
        let seen = world.conversation("alice", cell);
        assert_eq!(seen.len(), 3);
        assert_eq!(world.conversation("bob", cell), seen);
    }
}

#[test]
pub(crate) fn votes_dated_back_to_before_a_removal_put_nobody_out() {
    let names = ["alice", "bob", "carol", "mallory", "trudy"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    for name in ["mallory", "trudy"] {
        let member = world.member("bob", cell, name);
        world.command("bob", Command::Vouch(cell, member)).unwrap();
    }
    world.pass(2 * MINUTE);
    let alice = Mallory::of(&world, "alice", cell);
    let accomplices = ["mallory", "trudy"].map(|name| Mallory::of(&world, name, cell));
    let before = heads(&world, "carol", cell);
    // Their own programs would stand by what they know.
    world.stop("mallory");
    world.stop("trudy");
    let target = world.member("alice", cell, "mallory");
    for voter in ["alice", "bob"] {
        world.command(voter, Command::Remove(cell, target)).unwrap();
    }
    world.pass(MINUTE);
    let connected = Input::PeerConnected(accomplices[1].link, Entrance::Door);
    world.feed("carol", connected, usize::MAX);
    for by in &accomplices {
        let (_, operation) = by.operation(by.life, &before, &vote(&alice.id()));
        accomplices[1].send(&mut world, "carol", &[operation]);
    }
    world.pass(2 * MINUTE);
    for name in ["alice", "bob", "carol"] {
        let members = world.node(name).members(cell).unwrap();
        let states: Vec<_> = members
            .iter()
            .map(|member| (member.name.expose(), member.state))
            .collect();
        assert!(
            states.contains(&("alice", MemberState::Member)),
            "{states:?}"
        );
        assert!(
            states.contains(&("mallory", MemberState::Removed)),
            "{states:?}"
        );
    }
}

#[test]
pub(crate) fn a_text_that_waits_is_there_after_a_power_cut() {
    let names = ["alice", "bob"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.pass(MINUTE);
    world.stop("bob");
    world.say("alice", cell, "are you there?");
    world.stop("alice");
    world.start("alice");
    assert_eq!(world.conversation("alice", cell), ["alice: are you there?"]);
    world.start("bob");
    world.pass(3 * MINUTE);
    assert_eq!(world.conversation("bob", cell), ["alice: are you there?"]);
}
