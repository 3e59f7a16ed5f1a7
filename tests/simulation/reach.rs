//! Who dials whom, and who holds a place at the door.

use std::time::Duration;

use model::{Address, PeerId, Suite};
use proto::{Answer, Command, Entrance, INVITE_LIFE, Input, Link};

use crate::world::World;

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

#[test]
fn a_recorded_beacon_makes_nobody_dial_again_and_again() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    for name in ["alice", "bob"] {
        world
            .command(name, Command::SetLan(cell, true))
            .expect("the beacon can be switched on");
    }
    world.pass(minutes(1));
    let (_, recorded) = world
        .beacons
        .iter()
        .rfind(|(name, _)| *name == "bob")
        .cloned()
        .expect("bob calls");
    world.wall("alice", "bob");
    world.pass(minutes(10));

    // Mallory has heard bob's datagram and sends it from her own place, hundreds of times.
    world.dials.clear();
    let from = Address::parse("/ip4/10.0.0.99").expect("an address");
    for _ in 0..300 {
        let bytes = recorded.clone();
        let from = from.clone();
        world.feed("alice", Input::Beacon { cell, from, bytes }, usize::MAX);
        world.settle();
    }
    assert!(
        world.dials.len() <= 1,
        "{} dials for one recording",
        world.dials.len()
    );
    let bobs = "/ip4/10.0.0.2/";
    for (_, _, addresses) in &world.dials {
        let known = |address: &Address| address.expose().starts_with(bobs);
        assert!(
            addresses.iter().any(known),
            "a dial that a beacon caused goes to where bob was as well"
        );
    }

    // Who does not want beacons does not hear them either.
    world
        .command("alice", Command::SetLan(cell, false))
        .expect("the beacon can be switched off");
    world.pass(minutes(1));
    world.dials.clear();
    let bytes = recorded;
    world.feed("alice", Input::Beacon { cell, from, bytes }, usize::MAX);
    world.settle();
    assert!(world.dials.is_empty(), "{:?}", world.dials.len());
}

#[test]
fn whom_we_sent_away_for_a_bad_frame_is_dialled_again() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let bob = world.end("bob", cell).expect("bob is online");
    world.feed("alice", Input::Frame(bob, vec![0xff; 64]), usize::MAX);
    // Bob does not come back by himself.
    world.wall("alice", "bob");
    world.dials.clear();
    world.pass(minutes(10));
    assert!(
        world
            .dials
            .iter()
            .any(|(name, link, _)| *name == "alice" && *link == bob),
        "alice never looks for bob again"
    );
}

#[test]
fn strangers_who_say_nothing_do_not_hold_the_places_of_newcomers() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.found("alice");
    let invite = Command::Invite {
        cell,
        expires_in: INVITE_LIFE,
    };
    let Ok(Answer::InviteMade(invite, link)) = world.command("alice", invite) else {
        panic!("no invite");
    };
    for number in 0..20 {
        let peer = PeerId::from_bytes([number; 32]);
        let stranger = Link { cell, peer };
        let came = Input::PeerConnected(stranger, Entrance::Invite(invite));
        world.feed("alice", came, usize::MAX);
    }
    world.settle();
    world.pass(Duration::from_secs(30));

    let (_, _, phrase, theirs) = world.knock("bob", &link, "alice");
    assert_eq!(phrase, theirs);
}

#[test]
fn a_beacon_that_was_recorded_yesterday_or_before_makes_nobody_dial() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    for name in ["alice", "bob"] {
        world.command(name, Command::SetLan(cell, true)).unwrap();
    }
    world.pass(minutes(1));
    let (_, recorded) = world
        .beacons
        .iter()
        .rfind(|(name, _)| *name == "bob")
        .cloned()
        .unwrap();
    world.wall("alice", "bob");
    for (later, dials) in [(minutes(60), 1), (minutes(26 * 60), 0)] {
        world.pass(later);
        world.dials.clear();
        let beacon = Input::Beacon {
            cell,
            from: Address::parse("/ip4/10.0.0.99").unwrap(),
            bytes: recorded.clone(),
        };
        world.feed("alice", beacon, usize::MAX);
        world.settle();
        assert_eq!(world.dials.len(), dials);
    }
}

#[test]
fn catching_up_costs_little_more_than_what_is_missing() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.pass(Duration::from_secs(120));
    // Bob keeps for carol what he gets.
    world.stop("carol");
    world.wall("alice", "bob");
    let kept = |world: &World| -> usize {
        let envelopes = world.people["bob"].disk.iter();
        let envelopes = envelopes.filter(|(key, _)| key.kind() == proto::RecordKind::Envelope);
        envelopes.map(|(_, value)| value.len()).sum()
    };
    for number in 0..600 {
        world.say("alice", cell, &format!("{number}{}", "x".repeat(250)));
    }
    let before = kept(&world);
    world.traffic.clear();
    world.heal_network();
    world.pass(Duration::from_secs(130));
    // As the driver sends it: four bytes of length, and zeros to a multiple of a KiB.
    let sent = world.traffic.iter().filter(|(from, ..)| *from == "alice");
    let sent: usize = sent
        .map(|(_, _, length)| (length + 4).div_ceil(1024) * 1024)
        .sum();
    let missing = kept(&world) - before;
    assert!(missing > 600 * 256, "bob has caught up");
    let ratio = sent as f64 / missing as f64;
    assert!(ratio <= 1.35, "{ratio}");
}
