//! Joining over networks that break, and with devices that stop, at the worst moment.

use std::time::Duration;

use model::{CellId, JoinId, Suite};
use proto::{Command, Input, JoinFailure, Notice, RequestId};

use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);

/// Alice's cell, and bob at its door with both looking at the words.
fn comparing() -> (World, CellId, JoinId, JoinId) {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.found("alice");
    let link = world.invite("alice", cell);
    let (bobs, hers, ..) = world.knock("bob", &link, "alice");
    (world, cell, bobs, hers)
}

fn confirm(cell: CellId, join: JoinId, accept: bool) -> Command {
    Command::ConfirmJoin { cell, join, accept }
}

fn they_talk(world: &mut World, cell: CellId) {
    world.say("alice", cell, "welcome");
    world.say("bob", cell, "thank you");
    world.pass(MINUTE);
    for name in ["alice", "bob"] {
        let heard = world.conversation(name, cell);
        assert_eq!(heard.len(), 2, "{name} has {heard:?}");
    }
    assert!(
        !kept(world, "alice"),
        "what bob has heard is stored no longer"
    );
}

/// Whether an acceptance is stored.
fn kept(world: &World, name: Name) -> bool {
    let mut keys = world.people[name].disk.keys();
    keys.any(|key| key.kind() == proto::RecordKind::Object && key.name().first() == Some(&b'v'))
}

#[test]
fn a_connection_that_breaks_while_they_compare_costs_nothing() {
    let (mut world, cell, _, join) = comparing();
    world.wall("alice", "bob");
    world.pass(MINUTE);
    world.heal_network();
    world.pass(MINUTE);
    world.command("alice", confirm(cell, join, true)).unwrap();
    world.pass(MINUTE);
    they_talk(&mut world, cell);
}

#[test]
fn whoever_is_let_in_while_the_network_is_down_hears_it_afterwards() {
    let (mut world, cell, _, join) = comparing();
    world.wall("alice", "bob");
    world.command("alice", confirm(cell, join, true)).unwrap();
    world.pass(5 * MINUTE);
    assert!(world.node("bob").cells().is_empty());
    assert_eq!(world.node("alice").members(cell).unwrap().len(), 1);
    world.heal_network();
    world.pass(MINUTE);
    they_talk(&mut world, cell);
}

#[test]
fn an_invite_that_expires_while_they_compare_keeps_its_door() {
    for decided_first in [false, true] {
        let mut world = World::new(Suite::X25519, &["alice", "bob"]);
        let cell = world.found("alice");
        let link = world.invite_for("alice", cell, 5 * MINUTE);
        world.pass(4 * MINUTE);
        let (_, join, ..) = world.knock("bob", &link, "alice");
        if decided_first {
            // He is in, and has not heard it.
            let input = Input::Command(RequestId(1 << 40), confirm(cell, join, true));
            world.feed("alice", input, usize::MAX);
        }
        world.wall("alice", "bob");
        world.pass(3 * MINUTE);
        if decided_first {
            world.stop("alice");
            world.start("alice");
        } else {
            world.command("alice", confirm(cell, join, true)).unwrap();
        }
        world.heal_network();
        world.pass(MINUTE);
        they_talk(&mut world, cell);
        // Nobody waits any more: the door is closed.
        world.pass(15 * MINUTE);
        assert_eq!(world.invite_doors("alice", cell), 0, "{decided_first}");
    }
}

#[test]
fn whoever_is_refused_while_the_network_is_down_hears_it_afterwards() {
    let (mut world, cell, bobs, join) = comparing();
    world.wall("alice", "bob");
    world.command("alice", confirm(cell, join, false)).unwrap();
    world.pass(MINUTE);
    world.heal_network();
    world.pass(MINUTE);
    let notices = &world.people["bob"].notices;
    let told = |notice: &Notice| matches!(notice, Notice::JoinFailed(join, JoinFailure::Refused) if *join == bobs);
    assert!(notices.iter().any(told));
}

#[test]
fn a_stop_anywhere_between_the_add_and_the_answer_leaves_no_half_a_member() {
    for outputs in 0..8 {
        let (mut world, cell, bobs, join) = comparing();
        let input = Input::Command(RequestId(1 << 40), confirm(cell, join, true));
        world.feed("alice", input, outputs);
        let added = kept(&world, "alice");
        world.stop("alice");
        world.pass(MINUTE);
        world.start("alice");
        world.pass(5 * MINUTE);
        if added {
            they_talk(&mut world, cell);
        } else {
            // Nothing was stored: the attempt is over, nobody was added, and bob can try again.
            world.pass(15 * MINUTE);
            let notices = &world.people["bob"].notices;
            let over =
                |notice: &Notice| matches!(notice, Notice::JoinFailed(join, _) if *join == bobs);
            assert!(notices.iter().any(over), "after {outputs} outputs");
            world.join("bob", cell, "alice");
            they_talk(&mut world, cell);
        }
    }
}

#[test]
fn an_answer_that_is_lost_is_given_again_and_changes_nothing() {
    let (mut world, cell, _, join) = comparing();
    let input = Input::Command(RequestId(1 << 40), confirm(cell, join, true));
    world.feed("alice", input, usize::MAX);
    // Bob hears it, and alice hears nothing of him.
    for _ in 0..1000 {
        if !world.node("bob").cells().is_empty() {
            break;
        }
        world.deliver_to("bob");
    }
    assert!(!world.node("bob").cells().is_empty() && kept(&world, "alice"));
    world.stop("alice");
    world.pass(MINUTE);
    world.start("alice");
    assert!(kept(&world, "alice"));
    world.pass(5 * MINUTE);
    they_talk(&mut world, cell);
}

#[test]
fn frames_that_overtake_the_acceptance_do_not_keep_anybody_out() {
    for overtaking in 1..4 {
        let (mut world, cell, _, join) = comparing();
        let input = Input::Command(RequestId(1 << 40), confirm(cell, join, true));
        world.feed("alice", input, usize::MAX);
        for _ in 0..overtaking {
            world.overtake("bob");
        }
        world.settle();
        world.pass(MINUTE);
        they_talk(&mut world, cell);
    }
}

#[test]
fn nobody_waits_for_ever_and_nobody_is_added_who_is_gone() {
    let (mut world, cell, bobs, join) = comparing();
    world.wall("alice", "bob");
    world.command("alice", confirm(cell, join, true)).unwrap();
    world.pass(20 * MINUTE);
    let notices = &world.people["bob"].notices;
    let over = |notice: &Notice| matches!(notice, Notice::JoinFailed(join, JoinFailure::Unreachable) if *join == bobs);
    assert!(notices.iter().any(over));
    let members = world.node("alice").members(cell).unwrap();
    assert_eq!(members.len(), 1, "nobody is added who is not there");
    world.heal_network();
    world.join("bob", cell, "alice");
    they_talk(&mut world, cell);
}

#[test]
fn an_acceptance_that_nobody_comes_for_is_kept_no_longer_than_they_wait() {
    let (mut world, cell, _, join) = comparing();
    let input = Input::Command(RequestId(1 << 40), confirm(cell, join, true));
    world.feed("alice", input, usize::MAX);
    world.stop("bob");
    world.pass(MINUTE);
    assert!(kept(&world, "alice"));
    world.pass(20 * MINUTE);
    assert!(!kept(&world, "alice"));
}
