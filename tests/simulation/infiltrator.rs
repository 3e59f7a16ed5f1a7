//! What a member can do to a cell with a program of their own, and what it does not bring them.

use std::time::Duration;

use model::Suite;
use proto::{Command, Entrance, ErrorKind, Input, WarningKind};

use crate::mallory::{Header, Mallory, add, heads, newest, position, reset, reset_with, tag};
use crate::world::World;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn many_lives_of_one_member_take_no_room_from_the_others() {
    let names = ["alice", "bob", "mallory", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names[..3]);
    let mallory = Mallory::of(&world, "mallory", cell);
    let mut parents = heads(&world, "alice", cell);
    for number in 1..=12 {
        let puppet = mallory.puppet(number);
        let name = format!("{number}{number}{number}");
        let (id, operation) = mallory.operation(mallory.life, &parents, &add(&puppet, &name));
        mallory.send(&mut world, "alice", &[operation]);
        parents = vec![id];
        for number in 1..=15 {
            let life = [number; 16];
            let (id, operation) = puppet.operation(life, &parents, &reset(life));
            let header = Header {
                life,
                seq: 0,
                previous: [0; 32],
                order: 1,
                seen: Vec::new(),
                heads: vec![id],
                kind: 1,
            };
            let (_, envelope) = puppet.envelope(&header, b"nothing");
            mallory.send(&mut world, "alice", &[operation]);
            mallory.send(&mut world, "alice", &[envelope]);
            parents = vec![id];
        }
    }
    world.pass(MINUTE);
    world.join("carol", cell, "alice");
    world.say("carol", cell, "hello");
    world.pass(5 * MINUTE);
    for name in ["alice", "bob"] {
        assert_eq!(world.conversation(name, cell), ["carol: hello"], "{name}");
    }
}

#[test]
fn who_only_says_that_they_have_more_of_our_log_is_not_believed() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    let alice = Mallory::of(&world, "alice", cell);
    let log = tag(cell, &alice.id(), &alice.life);
    let mallory = Mallory::of(&world, "mallory", cell);
    let heads = heads(&world, "alice", cell);
    world.stop("mallory");
    world.stop("alice");
    world.wall("alice", "bob");
    world.start("alice");
    let connected = Input::PeerConnected(mallory.link, Entrance::Door);
    world.feed("alice", connected, usize::MAX);
    let lies = [
        mallory.ack(&[(log, u64::MAX)]),
        mallory.frontier(0, &[(log, u64::MAX, [7; 16])], &heads),
    ];
    mallory.send(&mut world, "alice", &lies);
    world.say("alice", cell, "tuesday");
    world.pass(2 * MINUTE);
    assert!(!world.warned("alice", cell, WarningKind::DeviceRestored));
    world.heal_network();
    world.pass(5 * MINUTE);
    assert_eq!(
        world.conversation("bob", cell),
        ["alice: monday", "alice: tuesday"]
    );
}

#[test]
fn what_a_member_refers_to_and_nobody_shows_is_told() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    for name in names {
        world.say(name, cell, "here");
    }
    world.pass(10 * MINUTE);
    let alice = Mallory::of(&world, "alice", cell);
    let log = tag(cell, &alice.id(), &alice.life);
    let mallory = Mallory::of(&world, "mallory", cell);
    let (seq, previous, order) = position(&world, "mallory", &mallory);
    let header = Header {
        life: mallory.life,
        seq,
        previous,
        order: order + 100,
        seen: vec![(log, 1000, [3; 16])],
        heads: heads(&world, "mallory", cell),
        kind: 1,
    };
    let (_, envelope) = mallory.envelope(&header, b"nothing");
    mallory.send(&mut world, "bob", &[envelope]);
    world.stop("mallory");
    world.pass(9 * MINUTE);
    assert!(!world.warned("bob", cell, WarningKind::Withheld));
    world.pass(2 * MINUTE);
    assert!(world.warned("bob", cell, WarningKind::Withheld));
    world.say("alice", cell, "and nothing is lost");
    world.pass(MINUTE);
    assert_eq!(world.conversation("bob", cell).len(), 4);
}

#[test]
fn a_flood_that_nobody_acknowledges_is_told_and_stops_nobody() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("mallory", cell, "hello");
    world.pass(10 * MINUTE);
    let mallory = Mallory::of(&world, "mallory", cell);
    let (mut seq, mut previous, mut order) = position(&world, "mallory", &mallory);
    let heads = heads(&world, "mallory", cell);
    world.stop("alice");
    world.stop("mallory");
    let connected = Input::PeerConnected(mallory.link, Entrance::Door);
    world.feed("bob", connected, usize::MAX);
    let payload = vec![0; 1_000_000];
    for _ in 0..80 {
        order += 1;
        let header = Header {
            life: mallory.life,
            seq,
            previous,
            order,
            seen: Vec::new(),
            heads: heads.clone(),
            kind: 1,
        };
        let (id, envelope) = mallory.envelope(&header, &payload);
        mallory.send(&mut world, "bob", &[envelope]);
        (seq, previous) = (seq + 1, id);
    }
    assert!(world.warned("bob", cell, WarningKind::BacklogPaused));
    let (next, ..) = position(&world, "bob", &mallory);
    assert_eq!(next, seq, "nothing that is new is refused");
    let held = world.people["bob"]
        .disk
        .values()
        .map(Vec::len)
        .sum::<usize>();
    assert!(held < 70_000_000, "{held} bytes");
    world.start("alice");
    world.pass(2 * MINUTE);
    world.say("bob", cell, "still here");
    world.pass(5 * MINUTE);
    let seen = world.conversation("alice", cell);
    assert_eq!(seen.last().unwrap(), "bob: still here");
}

#[test]
pub(crate) fn a_member_who_takes_back_what_they_had_seen_is_found_out() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    for name in names {
        world.say(name, cell, "here");
        world.say(name, cell, "and there");
    }
    world.pass(10 * MINUTE);
    let alice = Mallory::of(&world, "alice", cell);
    let log = tag(cell, &alice.id(), &alice.life);
    let mallory = Mallory::of(&world, "mallory", cell);
    let heads = heads(&world, "mallory", cell);
    let (mut seq, mut previous, mut order) = position(&world, "mallory", &mallory);
    let (next, ..) = position(&world, "alice", &alice);
    for next in [next, next - 1] {
        order += 1;
        let header = Header {
            life: mallory.life,
            seq,
            previous,
            order,
            seen: vec![(log, next, [9; 16])],
            heads: heads.clone(),
            kind: 1,
        };
        assert!(!world.warned("bob", cell, WarningKind::Equivocation));
        let (id, envelope) = mallory.envelope(&header, b"nothing");
        mallory.send(&mut world, "bob", &[envelope]);
        (seq, previous) = (seq + 1, id);
    }
    world.pass(MINUTE);
    for name in ["alice", "bob"] {
        assert!(
            world.warned(name, cell, WarningKind::Equivocation),
            "{name}"
        );
        let members = world.node(name).members(cell).unwrap();
        let states = members.iter().map(|member| member.state.name());
        assert_eq!(states.filter(|state| *state == "suspended").count(), 1);
    }
}

#[test]
fn nobody_is_added_who_cannot_be_told_of_the_cell() {
    let names = ["alice", "bob", "mallory", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names[..3]);
    let link = world.invite("alice", cell);
    let (_, join, ..) = world.knock("carol", &link, "alice");
    let before = world.node("alice").members(cell).unwrap().len();
    // Two infiltrators and their puppets blow the record up to what no newcomer takes.
    let mut parents = heads(&world, "alice", cell);
    let infiltrators = ["mallory", "bob"].map(|name| Mallory::of(&world, name, cell));
    world.stop("mallory");
    world.stop("bob");
    for (round, infiltrator) in [0, 16].into_iter().zip(infiltrators) {
        let connected = Input::PeerConnected(infiltrator.link, Entrance::Door);
        world.feed("alice", connected, usize::MAX);
        let life = infiltrator.life;
        let mut puppets = Vec::new();
        for number in 1..=16 {
            let puppet = infiltrator.puppet(round + number);
            let name = format!("{0}{0}{0}", round + number);
            let (id, add) = infiltrator.operation(life, &parents, &add(&puppet, &name));
            infiltrator.send(&mut world, "alice", &[add]);
            parents = vec![id];
            puppets.push(puppet);
        }
        for puppet in &puppets {
            for number in 1..=16 {
                let life = [number; 16];
                let action = reset_with(life, &[7; 8192]);
                let (id, reset) = puppet.operation(life, &parents, &action);
                infiltrator.send(&mut world, "alice", &[reset]);
                parents = vec![id];
            }
        }
    }
    let confirm = Command::ConfirmJoin {
        cell,
        join,
        accept: true,
    };
    assert!(matches!(
        world.command("alice", confirm),
        Err(ErrorKind::TooMany)
    ));
    let after = world.node("alice").members(cell).unwrap().len();
    assert_eq!(after, before + 32, "carol is not half in");
}

#[test]
fn a_long_record_comes_in_parts() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let mallory = Mallory::of(&world, "mallory", cell);
    let mut parents = heads(&world, "alice", cell);
    world.stop("mallory");
    world.stop("bob");
    let connected = Input::PeerConnected(mallory.link, Entrance::Door);
    world.feed("alice", connected, usize::MAX);
    for number in 1..=10 {
        let puppet = mallory.puppet(number);
        let name = format!("{number}{number}{number}");
        let (id, add) = mallory.operation(mallory.life, &parents, &add(&puppet, &name));
        mallory.send(&mut world, "alice", &[add]);
        parents = vec![id];
        for number in 1..=16 {
            let life = [number; 16];
            let action = reset_with(life, &[7; 8192]);
            let (id, reset) = puppet.operation(life, &parents, &action);
            mallory.send(&mut world, "alice", &[reset]);
            parents = vec![id];
        }
    }
    world.traffic.clear();
    world.start("bob");
    world.pass(5 * MINUTE);
    assert_eq!(heads(&world, "bob", cell), heads(&world, "alice", cell));
    // What is given at once stays well below what a driver queues for one peer.
    let (mut burst, mut most) = (0, 0);
    for (from, to, len) in &world.traffic {
        match (*from, *to) {
            ("alice", "bob") => burst += len,
            ("bob", "alice") => burst = 0,
            _ => {}
        }
        most = most.max(burst);
    }
    assert!((500_000..1_200_000).contains(&most), "{most} bytes at once");
}

#[test]
fn who_withholds_a_part_of_a_log_does_not_make_it_lost() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "one");
    world.pass(2 * MINUTE);
    let alice = Mallory::of(&world, "alice", cell);
    let mallory = Mallory::of(&world, "mallory", cell);
    world.stop("bob");
    for text in ["two", "three", "four"] {
        world.say("alice", cell, text);
    }
    world.pass(2 * MINUTE);
    let last = newest(&world, "mallory", &alice);
    world.stop("alice");
    world.stop("mallory");
    world.start("bob");
    let connected = Input::PeerConnected(mallory.link, Entrance::Door);
    world.feed("bob", connected, usize::MAX);
    mallory.send(&mut world, "bob", &[last]);
    world.pass(60 * MINUTE);
    assert!(world.warned("bob", cell, WarningKind::Withheld));
    // Alice has it all, and bob has not gone on without.
    world.start("alice");
    world.pass(5 * MINUTE);
    let seen = world.conversation("bob", cell);
    assert_eq!(
        seen,
        ["alice: one", "alice: two", "alice: three", "alice: four"]
    );
}
