//! Who is out is missed, whatever somebody hostile does to the call: other times, call-offs, buddies who are gone.

use std::time::Duration;

use model::{CallId, CellId, MessageText, Suite, Timestamp};
use proto::{Answer, CallDeed, CheckInState, Command, ErrorKind, MissedStage, Notice};

use crate::calls::{act, gathered, missed, off, presume, refused, seen, share, state_of, vigil};
use crate::world::World;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Carol is the one who does not come home; bob, her buddy, and alice do.
fn only_carol_is_out() -> (World, (CellId, CallId), Timestamp) {
    let (mut world, at, begins) = gathered();
    world.start("dave");
    world.pass(2 * MINUTE);
    let bob = world.member("carol", at.0, "bob");
    act(&mut world, "carol", at, CallDeed::SetBuddy(Some(bob)));
    world.pass(HOUR);
    for name in ["alice", "bob"] {
        act(&mut world, name, at, CallDeed::CheckIn);
    }
    (world, at, begins)
}

fn pass_until(world: &mut World, moment: Timestamp) {
    let left = moment.as_millis() - world.now().timestamp.as_millis();
    world.pass(Duration::from_millis(left));
}

#[test]
fn nobody_puts_off_when_somebody_is_missed() {
    let (mut world, at, begins) = only_carol_is_out();
    // Dave, who is not there, sets another time, and alice changes and calls off what has begun.
    let later = begins + 20 * HOUR;
    act(&mut world, "dave", at, CallDeed::SetTime(Some(later)));
    let mut longer = vigil(&world).into_draft();
    longer.duration_min = 240;
    longer.check_in = None;
    let longer = Box::new(longer.check(None).unwrap());
    act(&mut world, "alice", at, CallDeed::Update(longer));
    act(&mut world, "dave", at, CallDeed::SetTime(None));
    act(&mut world, "alice", at, off("it never was"));
    world.pass(5 * MINUTE);
    // Who starts anew still knows.
    world.stop("bob");
    world.start("bob");
    for name in ["alice", "bob", "carol", "dave"] {
        assert!(seen(&world, name, at).cancelled.is_some(), "{name}");
        let due = seen(&world, name, at).check_in_due_at;
        assert_eq!(due, Some(begins + 50 * MINUTE), "{name}");
    }
    pass_until(&mut world, begins + 49 * MINUTE);
    assert_eq!(missed(&world, "bob"), []);
    world.pass(2 * MINUTE);
    assert_eq!(missed(&world, "carol"), [MissedStage::Ourselves]);
    assert_eq!(missed(&world, "bob"), [MissedStage::Buddy]);
    world.pass(30 * MINUTE);
    for name in ["alice", "dave"] {
        assert_eq!(missed(&world, name), [MissedStage::Cell], "{name}");
    }
    // She comes home, whatever time is set.
    act(&mut world, "carol", at, CallDeed::CheckIn);
    world.pass(MINUTE);
    let carol = world.member("bob", at.0, "carol");
    assert_eq!(state_of(&world, "bob", at, carol), CheckInState::Home);
}

#[test]
fn whoever_is_out_comes_home_although_another_time_was_set() {
    let (mut world, at, begins) = only_carol_is_out();
    let later = Some(begins + 3 * HOUR);
    act(&mut world, "dave", at, CallDeed::SetTime(later));
    world.pass(10 * MINUTE);
    let carol = world.member("bob", at.0, "carol");
    let out = |world: &World| {
        let mut check_ins = seen(world, "carol", at).check_ins.into_iter();
        check_ins.any(|check_in| check_in.member == carol && check_in.out)
    };
    assert!(out(&world), "she is told that she can say it");
    act(&mut world, "carol", at, CallDeed::CheckIn);
    assert!(!out(&world));
    world.pass(80 * MINUTE);
    for name in ["alice", "bob", "carol", "dave"] {
        assert_eq!(missed(&world, name), [], "{name}");
    }
    // Nobody has left for the later time yet.
    let early = Some(ErrorKind::NotExpected);
    refused(&mut world, "carol", at, CallDeed::CheckIn, early);
}

#[test]
fn who_slept_while_it_was_called_off_waits_for_nobody() {
    let (mut world, at, _) = gathered();
    // Dave has heard of it, and sleeps when it is called off, before it begins.
    world.start("dave");
    world.pass(2 * MINUTE);
    world.stop("dave");
    act(&mut world, "alice", at, off("it rains"));
    world.pass(100 * MINUTE);
    world.start("dave");
    world.pass(30 * MINUTE);
    assert!(seen(&world, "dave", at).cancelled.is_some());
    assert_eq!(missed(&world, "dave"), []);
}

#[test]
fn who_was_home_before_another_date_is_waited_for_at_it() {
    let (mut world, at, begins) = only_carol_is_out();
    let (cell, _) = at;
    world.pass(MINUTE);
    act(&mut world, "carol", at, CallDeed::CheckIn);
    let again = begins + 2 * HOUR;
    act(&mut world, "dave", at, CallDeed::SetTime(Some(again)));
    world.pass(MINUTE);
    let bob = world.member("alice", cell, "bob");
    for name in ["alice", "bob", "carol", "dave"] {
        let state = state_of(&world, name, at, bob);
        assert_eq!(state, CheckInState::Expected, "{name}");
    }
    pass_until(&mut world, again + 51 * MINUTE);
    assert!(missed(&world, "bob").contains(&MissedStage::Ourselves));
    assert!(missed(&world, "alice").contains(&MissedStage::Cell));
}

#[test]
fn a_buddy_who_has_left_is_not_asked_first() {
    let (mut world, at, begins) = only_carol_is_out();
    let (cell, _) = at;
    world.command("bob", Command::Leave(cell)).unwrap();
    pass_until(&mut world, begins + 51 * MINUTE);
    assert!(seen(&world, "alice", at).buddies.is_empty());
    for name in ["alice", "dave"] {
        assert_eq!(missed(&world, name), [MissedStage::Cell], "{name}");
    }
}

#[test]
fn a_presumption_is_taken_back_and_counts_only_once_somebody_is_missed() {
    let (mut world, at, begins) = only_carol_is_out();
    let (cell, call) = at;
    let carol = world.member("alice", cell, "carol");
    let early = world.command("alice", Command::PresumeArrest(cell, call, carol));
    assert_eq!(early.err(), Some(ErrorKind::NotExpected));
    pass_until(&mut world, begins + 51 * MINUTE);
    assert_eq!(presume(&mut world, "alice", at, "carol"), (1, 2));
    world.pass(MINUTE);
    assert_eq!(seen(&world, "bob", at).presumed.len(), 1);
    let back = || CallDeed::TakeBackPresumption(carol);
    act(&mut world, "alice", at, back());
    // There is nothing more to take back.
    act(&mut world, "alice", at, back());
    world.pass(MINUTE);
    assert!(seen(&world, "bob", at).presumed.is_empty());
    assert_eq!(presume(&mut world, "bob", at, "carol"), (1, 2));
    world.pass(10 * MINUTE);
    assert!(!world.heard("carol", &Notice::RemovedFromCell(cell)));
    // And she may presume it anew.
    assert_eq!(presume(&mut world, "alice", at, "carol"), (2, 2));
    world.pass(2 * MINUTE);
    assert!(world.heard("carol", &Notice::RemovedFromCell(cell)));
}

#[test]
fn presumptions_count_again_when_fewer_votes_remove() {
    let names = [
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy",
    ];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let call = vigil(&world);
    let at = (cell, share(&mut world, "alice", cell, call));
    let begins = (world.now().timestamp + HOUR).rounded_down(MINUTE);
    act(&mut world, "alice", at, CallDeed::SetTime(Some(begins)));
    act(&mut world, "carol", at, CallDeed::Answer(proto::Coming::In));
    world.pass(2 * HOUR);
    assert_eq!(presume(&mut world, "alice", at, "carol"), (1, 3));
    world.pass(MINUTE);
    assert_eq!(presume(&mut world, "bob", at, "carol"), (2, 3));
    world.pass(MINUTE);
    world.stop("alice");
    assert!(!world.heard("carol", &Notice::RemovedFromCell(cell)));
    world.command("judy", Command::Leave(cell)).unwrap();
    world.pass(MINUTE);
    // Bob votes as soon as two are enough, and alice when she is back.
    world.start("alice");
    world.pass(2 * MINUTE);
    assert!(world.heard("carol", &Notice::RemovedFromCell(cell)));
}

#[test]
fn a_check_in_and_a_call_off_pass_however_much_waits() {
    let (mut world, at, _) = gathered();
    let (cell, _) = at;
    world.pass(HOUR);
    world.part(&["alice"], &["bob", "carol"]);
    let say = |text: &str| Command::SendMessage {
        cell,
        text: MessageText::parse(text.to_owned()).unwrap(),
        reply_to: None,
    };
    let mut said = 0;
    while let Ok(Answer::MessageAccepted(_)) = world.command("alice", say("and on")) {
        said += 1;
    }
    assert_eq!(said, 8192);
    let answer = CallDeed::Answer(proto::Coming::Maybe);
    refused(&mut world, "alice", at, answer, Some(ErrorKind::TooMany));
    act(&mut world, "alice", at, CallDeed::CheckIn);
    act(&mut world, "alice", at, off("enough"));
    let alice = world.member("alice", cell, "alice");
    assert_eq!(state_of(&world, "alice", at, alice), CheckInState::Home);
    assert!(seen(&world, "alice", at).cancelled.is_some());
}
