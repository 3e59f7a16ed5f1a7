//! Bundles between people who never connect, over restarts and disks that are put back.

use std::time::Duration;

use model::{CellId, Suite};
use proto::{Answer, Command, WarningKind};

use crate::mallory::{Mallory, position, tag};
use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);

/// What somebody would put on a stick now.
fn export(world: &mut World, from: Name, cell: CellId) -> Vec<u8> {
    match world.command(from, Command::ExportBundle(cell)) {
        Ok(Answer::BundleExported(bytes, _)) => bytes.to_vec(),
        other => panic!("{from} exports no bundle: {other:?}"),
    }
}

/// How many envelopes in it are new to somebody.
fn import(world: &mut World, to: Name, bundle: &[u8]) -> u32 {
    match world.command(to, Command::ImportBundle(bundle.to_vec())) {
        Ok(Answer::BundleImported(new, _)) => new,
        other => panic!("{to} imports no bundle: {other:?}"),
    }
}

fn carry(world: &mut World, cell: CellId, from: Name, to: Name) {
    let bundle = export(world, from, cell);
    import(world, to, &bundle);
}

fn restart(world: &mut World, name: Name) {
    world.stop(name);
    world.start(name);
}

#[test]
pub(crate) fn two_who_never_connect_and_both_restarted_get_going_again_by_bundles() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    world.wall("alice", "bob");
    restart(&mut world, "alice");
    restart(&mut world, "bob");
    world.say("alice", cell, "alice, after");
    world.say("bob", cell, "bob, after");
    world.pass(MINUTE);

    // One round: hers brings him her start, his brings her his answer.
    carry(&mut world, cell, "alice", "bob");
    assert_eq!(world.conversation("bob", cell).len(), 2, "hers waits");
    carry(&mut world, cell, "bob", "alice");
    assert_eq!(world.conversation("alice", cell).len(), 2, "his waits");
    // From here on she writes, and her next one answers him.
    carry(&mut world, cell, "alice", "bob");
    assert_eq!(
        world.conversation("bob", cell),
        ["alice: monday", "alice: alice, after", "bob: bob, after"]
    );
    carry(&mut world, cell, "bob", "alice");
    world.say("alice", cell, "tuesday");
    carry(&mut world, cell, "alice", "bob");

    let seen = world.conversation("alice", cell);
    assert_eq!(seen.len(), 4);
    assert_eq!(seen.last().unwrap(), "alice: tuesday");
    assert_eq!(world.conversation("bob", cell), seen);
    for name in ["alice", "bob"] {
        assert!(!world.warned(name, cell, WarningKind::DeviceRestored));
        assert!(!world.warned(name, cell, WarningKind::Equivocation));
    }
}

#[test]
fn a_start_that_was_heard_of_is_answered_after_a_restart_too() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    world.pass(2 * MINUTE);
    world.wall("alice", "bob");
    restart(&mut world, "alice");
    world.say("alice", cell, "after");
    carry(&mut world, cell, "alice", "bob");
    restart(&mut world, "bob");
    carry(&mut world, cell, "bob", "alice");
    carry(&mut world, cell, "alice", "bob");
    assert_eq!(world.conversation("bob", cell), ["alice: after"]);
}

#[test]
pub(crate) fn an_answer_to_an_earlier_start_confirms_nothing() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let log = Mallory::of(&world, "alice", cell);
    world.pass(2 * MINUTE);
    world.wall("alice", "bob");
    restart(&mut world, "alice");
    carry(&mut world, cell, "alice", "bob");
    // It names her head as it is, and answers the start before.
    let late = export(&mut world, "bob", cell);
    restart(&mut world, "alice");
    let before = position(&world, "alice", &log);
    world.say("alice", cell, "after");
    import(&mut world, "alice", &late);
    world.pass(5 * MINUTE);
    carry(&mut world, cell, "alice", "bob");
    assert_eq!(position(&world, "alice", &log), before);
    // What he says now answers the start that she is in.
    carry(&mut world, cell, "bob", "alice");
    carry(&mut world, cell, "alice", "bob");
    assert_eq!(world.conversation("bob", cell), ["alice: after"]);
}

#[test]
fn a_bundle_from_before_a_disk_was_put_back_confirms_nothing_when_it_is_replayed() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let log = Mallory::of(&world, "alice", cell);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    world.wall("alice", "bob");
    restart(&mut world, "alice");
    carry(&mut world, cell, "alice", "bob");
    let yesterday = world.people["alice"].disk.clone();
    // A thief keeps a copy of what confirmed her head then.
    let copy = export(&mut world, "bob", cell);
    import(&mut world, "alice", &copy);
    world.say("alice", cell, "tuesday");
    let tuesday = export(&mut world, "alice", cell);
    import(&mut world, "bob", &tuesday);
    assert_eq!(world.conversation("bob", cell).len(), 2);

    world.stop("alice");
    world.person("alice").disk = yesterday;
    world.start("alice");
    let before = position(&world, "alice", &log);
    world.say("alice", cell, "where am I?");
    import(&mut world, "alice", &copy);
    world.pass(5 * MINUTE);
    let nothing = export(&mut world, "alice", cell);
    assert_eq!(position(&world, "alice", &log), before);
    assert_eq!(import(&mut world, "bob", &nothing), 0);
    assert!(!world.warned("bob", cell, WarningKind::Equivocation));

    // His next one holds what she said on tuesday.
    carry(&mut world, cell, "bob", "alice");
    assert!(world.warned("alice", cell, WarningKind::DeviceRestored));
    carry(&mut world, cell, "alice", "bob");
    assert!(world.warned("bob", cell, WarningKind::DeviceRestored));
    assert!(!world.warned("bob", cell, WarningKind::Equivocation));
    assert_eq!(
        world.conversation("bob", cell),
        ["alice: monday", "alice: tuesday"]
    );
}

#[test]
fn whoever_only_says_in_a_bundle_that_they_have_more_of_our_log_is_not_believed() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.pass(2 * MINUTE);
    let alice = Mallory::of(&world, "alice", cell);
    let mallory = Mallory::of(&world, "mallory", cell);
    let log = tag(cell, &alice.id(), &alice.life);
    world.part(&["alice"], &["bob", "mallory"]);
    let lie = mallory.ack(&[(log, u64::MAX)]);
    mallory.send(&mut world, "bob", &[lie]);
    restart(&mut world, "alice");
    let before = position(&world, "alice", &alice);
    world.say("alice", cell, "after");
    carry(&mut world, cell, "alice", "bob");
    carry(&mut world, cell, "bob", "alice");

    // It could be true: whoever has it may still show it.
    carry(&mut world, cell, "alice", "bob");
    assert_eq!(position(&world, "alice", &alice), before);
    world.pass(MINUTE);
    carry(&mut world, cell, "alice", "bob");
    assert_eq!(world.conversation("bob", cell), ["alice: after"]);
    assert!(!world.warned("alice", cell, WarningKind::DeviceRestored));
}
