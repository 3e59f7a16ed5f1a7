//! Messages and commits: each opens once, in its epoch, bound to its envelope, and is no longer than it must be.

use super::*;
use crate::OwnGroupError;
use crate::suite::FORWARD_LIMIT;

#[test]
pub(crate) fn a_message_of_an_epoch_that_is_over_does_not_open() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice, mut bob, ..
        } = World::together(suite);
        let late = alice.say("late");
        let commit = alice.heal();
        bob.go_along(alice.log, &commit).unwrap();
        assert_not_heard(&mut bob, alice.log, &late, OpenError::Invalid);
        assert_still_follows(&mut alice, &mut bob);
    }
}

#[test]
fn a_message_of_an_epoch_that_has_not_begun_does_not_open_yet() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let commit = alice.heal();
    let early = alice.say("early");
    assert_not_heard(&mut bob, alice.log, &early, OpenError::Invalid);
    bob.go_along(alice.log, &commit).unwrap();
    assert_eq!(bob.hear(alice.log, &early).as_deref(), Ok("early"));
}

#[test]
fn as_many_messages_may_be_missing_as_the_limit_says_and_no_more() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    for _ in 0..FORWARD_LIMIT {
        alice.say("lost");
    }
    let last = alice.say("last");
    let too_far = alice.say("too far");
    assert_not_heard(&mut bob, alice.log, &too_far, OpenError::Invalid);
    assert_eq!(bob.hear(alice.log, &last).as_deref(), Ok("last"));
    assert_eq!(bob.hear(alice.log, &too_far).as_deref(), Ok("too far"));
    assert_not_heard(&mut carol, alice.log, &too_far, OpenError::Invalid);
    carol.reload();
    assert_eq!(carol.hear(alice.log, &last).as_deref(), Ok("last"));
    assert_still_follows(&mut alice, &mut carol);
}

#[test]
fn what_was_skipped_does_not_open_any_more() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let (skipped, next) = (alice.say("skipped"), alice.say("next"));
    assert_eq!(bob.hear(alice.log, &next).as_deref(), Ok("next"));
    assert_not_heard(&mut bob, alice.log, &skipped, OpenError::Invalid);
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn nothing_is_opened_or_merged_twice() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice, mut bob, ..
        } = World::together(suite);
        let message = alice.say("once");
        assert_eq!(bob.hear(alice.log, &message).as_deref(), Ok("once"));
        assert_not_heard(&mut bob, alice.log, &message, OpenError::Invalid);
        bob.reload();
        assert_not_heard(&mut bob, alice.log, &message, OpenError::Invalid);
        let commit = alice.heal();
        bob.go_along(alice.log, &commit).unwrap();
        assert_not_staged(&mut bob, alice.log, &commit.commit, OpenError::Invalid);
        bob.reload();
        assert_not_staged(&mut bob, alice.log, &commit.commit, OpenError::Invalid);
        assert_still_follows(&mut alice, &mut bob);
    }
}

#[test]
fn staging_a_commit_uses_it_up_but_not_the_epoch() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let message = alice.say("before");
    let commit = alice.heal();
    let roster = bob.groups.roster(&alice.log);
    let staged = bob.groups.stage(&alice.log, &commit.commit, AAD).unwrap();
    assert_eq!(Some(staged.roster_after()), roster.as_ref());
    assert!(staged.has_path() && !staged.removes_us());
    assert_not_staged(&mut bob, alice.log, &commit.commit, OpenError::Invalid);
    assert_eq!(bob.hear(alice.log, &message).as_deref(), Ok("before"));
    bob.groups.merge(staged).unwrap();
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn a_staged_commit_whose_group_moved_on_is_not_merged() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let commit = alice.heal();
    let mut ahead = bob.copy();
    let staged = bob.groups.stage(&alice.log, &commit.commit, AAD).unwrap();
    ahead.go_along(alice.log, &commit).unwrap();
    ahead.persist();
    let error = ahead.groups.merge(staged).unwrap_err();
    assert_eq!(error, OpenError::Invalid);
    assert_eq!(ahead.groups.take_changes(), []);
    assert_still_follows(&mut alice, &mut ahead);
}

#[test]
pub(crate) fn what_is_bound_to_another_envelope_is_refused_and_uses_up_nothing() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice, mut bob, ..
        } = World::together(suite);
        bob.persist();
        let message = alice.say("here");
        let commit = alice.heal();
        for other in [b"another".as_slice(), b"", b"envelope "] {
            let opened = bob.groups.open(&alice.log, &message, other);
            assert_eq!(opened.unwrap_err(), OpenError::WrongAad);
            let staged = bob.groups.stage(&alice.log, &commit.commit, other);
            assert_eq!(staged.unwrap_err(), OpenError::WrongAad);
            assert_eq!(bob.groups.take_changes(), []);
        }
        assert_eq!(bob.hear(alice.log, &message).as_deref(), Ok("here"));
        bob.go_along(alice.log, &commit).unwrap();
        assert_still_follows(&mut alice, &mut bob);
    }
}

#[test]
fn a_changed_envelope_inside_the_message_does_not_help() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let message = alice.say("here");
    let at = message
        .windows(AAD.len())
        .position(|window| window == AAD)
        .unwrap();
    let mut moved = message.clone();
    moved[at..at + AAD.len()].copy_from_slice(b"ENVELOPE");
    bob.persist();
    let opened = bob.groups.open(&alice.log, &moved, b"ENVELOPE");
    assert_eq!(opened.unwrap_err(), OpenError::Invalid);
    assert_eq!(bob.groups.take_changes(), []);
    assert_eq!(bob.hear(alice.log, &message).as_deref(), Ok("here"));
}

#[test]
fn damage_anywhere_is_refused_and_uses_up_nothing() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let message = alice.say("whole");
    let commit = alice.heal();
    for at in 0..message.len() {
        let mut damaged = message.clone();
        damaged[at] ^= 1 << (at % 8);
        bob.hear(alice.log, &damaged).unwrap_err();
        bob.hear(alice.log, &message[..at]).unwrap_err();
    }
    for at in 0..commit.commit.len() {
        let mut damaged = commit.commit.clone();
        damaged[at] ^= 1 << (at % 8);
        bob.groups.stage(&alice.log, &damaged, AAD).unwrap_err();
    }
    assert_eq!(bob.hear(alice.log, &message).as_deref(), Ok("whole"));
    bob.go_along(alice.log, &commit).unwrap();
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn a_message_is_no_commit_and_a_commit_no_message() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let message = alice.say("text");
    let commit = alice.heal();
    assert_not_staged(&mut bob, alice.log, &message, OpenError::Invalid);
    assert_not_heard(&mut bob, alice.log, &commit.commit, OpenError::Invalid);
    assert_eq!(bob.hear(alice.log, &message).as_deref(), Ok("text"));
    bob.go_along(alice.log, &commit).unwrap();
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn a_message_grows_by_what_is_said_and_nothing_else() {
    let World { mut alice, .. } = World::together(Suite::XWing);
    let shortest = alice.say(&"x".repeat(300)).len();
    for more in [0, 1, 2, 7, 64, 255, 256, 1000, 15_000] {
        let sealed = alice.say(&"x".repeat(300 + more));
        assert_eq!(sealed.len(), shortest + more);
    }
    let empty = alice.say("").len();
    assert!(empty < shortest - 300 + 8);
}

#[test]
fn leaves_are_removed_and_added_only_as_the_roster_allows() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::apart(Suite::X25519);
    let commit = alice.add(&[&bob]);
    bob.go_along(alice.log, &commit).unwrap();
    alice.persist();
    let refused = |alice: &mut Player, packages: &[(LogId, KeyPackage)]| {
        let packages = packages.iter().cloned().collect();
        let error = alice.groups.add(&packages, AAD).unwrap_err();
        assert!(matches!(error, OwnGroupError::Roster));
    };
    let old_bob = bob.parsed_package();
    let (old_carol, old_log) = (carol.parsed_package(), carol.log);
    bob.begin_life(1);
    carol.begin_life(1);
    refused(&mut alice, &[]);
    refused(&mut alice, &[(old_bob.log(), old_bob)]);
    refused(&mut alice, &[(bob.log, bob.parsed_package())]);
    refused(&mut alice, &[(old_log, carol.parsed_package())]);
    let twice = [(carol.log, carol.parsed_package()), (old_log, old_carol)];
    refused(&mut alice, &twice);
    let myself = (alice.log, alice.parsed_package());
    refused(&mut alice, &[myself]);
    for wrong in [
        set(&[]),
        set(&[carol.log]),
        set(&[bob.log]),
        set(&[alice.log]),
    ] {
        let error = alice.groups.remove(&wrong, AAD).unwrap_err();
        assert!(matches!(error, OwnGroupError::Roster));
    }
    assert_eq!(alice.groups.take_changes(), []);
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn a_member_in_a_new_life_is_a_removal_and_an_addition() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let old = bob.log;
    bob.begin_life(1);
    assert_eq!(bob.groups.own_roster(), set(&[]));
    let plan = crate::reconcile(&set(&[bob.log, carol.log]), &alice.groups.own_roster());
    assert_eq!(plan.removals, set(&[old]));
    assert_eq!(plan.additions, set(&[bob.log]));
    let removal = alice.remove(&[old]);
    let addition = alice.add(&[&bob]);
    for commit in [removal, addition] {
        tell(alice.log, &commit, &mut [&mut bob, &mut carol]);
    }
    assert_eq!(
        bob.groups.roster(&alice.log),
        Some(set(&[bob.log, carol.log]))
    );
    let commit = bob.add(&[&alice, &carol]);
    for reader in [&mut alice, &mut carol] {
        reader.groups.forget(&old);
        reader.go_along(bob.log, &commit).unwrap();
        assert_still_follows(&mut bob.copy(), reader);
    }
    bob.reload();
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn one_who_goes_along_with_their_own_removal_hears_nothing_more_and_can_start_again() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let late = alice.say("late");
    let commit = alice.remove(&[bob.log]);
    let staged = bob.groups.stage(&alice.log, &commit.commit, AAD).unwrap();
    assert!(staged.removes_us());
    assert_eq!(*staged.roster_after(), set(&[carol.log]));
    bob.groups.merge(staged).unwrap();
    carol.go_along(alice.log, &commit).unwrap();
    let message = alice.say("without bob");
    let later = alice.heal();
    for _ in 0..2 {
        assert!(bob.hear(alice.log, &late).is_err());
        assert!(bob.hear(alice.log, &message).is_err());
        assert!(bob.groups.stage(&alice.log, &later.commit, AAD).is_err());
        bob.reload();
    }
    bob.groups.forget(&alice.log);
    let commit = alice.add(&[&bob]);
    bob.go_along(alice.log, &commit).unwrap();
    assert_still_follows(&mut alice, &mut bob);
}
