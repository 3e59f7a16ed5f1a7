//! Somebody copied the disk of a member. What they can read, and from when on they cannot.

use super::*;

fn assert_opens_nothing(thief: &mut Player, owner: LogId, message: &[u8]) {
    assert_eq!(thief.hear(owner, message), Err(OpenError::Invalid));
}

#[test]
fn a_thief_of_bobs_state_falls_behind_after_an_injection() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice,
            mut bob,
            mut carol,
        } = World::together(suite);
        let mut thief = bob.copy();
        let stolen = alice.say("stolen");
        assert_eq!(thief.hear(alice.log, &stolen).as_deref(), Ok("stolen"));
        let healing = bob.heal();
        assert!(thief.groups.stage(&bob.log, &healing.commit, AAD).is_err());
        tell(bob.log, &healing, &mut [&mut alice, &mut carol]);

        let injection = alice.inject();
        let error = thief.groups.stage(&alice.log, &injection.commit, AAD);
        assert!(matches!(error, Err(OpenError::MissingPsk(id)) if id.log == bob.log));
        let hidden = alice.say("hidden");
        assert_opens_nothing(&mut thief, alice.log, &hidden);
        for reader in [&mut bob, &mut carol] {
            assert_eq!(reader.hear(alice.log, &stolen).as_deref(), Ok("stolen"));
            reader.go_along(alice.log, &injection).unwrap();
            assert_eq!(reader.hear(alice.log, &hidden).as_deref(), Ok("hidden"));
        }

        let renewed = alice.heal();
        assert!(thief.go_along(alice.log, &renewed).is_err());
        let later = alice.say("later");
        assert_opens_nothing(&mut thief, alice.log, &later);
        bob.go_along(alice.log, &renewed).unwrap();
        assert_eq!(bob.hear(alice.log, &later).as_deref(), Ok("later"));
    }
}

#[test]
fn a_thief_of_bobs_state_keeps_up_as_long_as_nothing_is_injected() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice,
            mut bob,
            mut carol,
        } = World::together(suite);
        let mut thief = bob.copy();
        let healing = bob.heal();
        tell(bob.log, &healing, &mut [&mut alice, &mut carol]);
        for _ in 0..2 {
            let stolen = alice.say("stolen");
            assert_eq!(thief.hear(alice.log, &stolen).as_deref(), Ok("stolen"));
            let renewed = alice.heal();
            thief.go_along(alice.log, &renewed).unwrap();
        }
        // Bob's own group is out of the thief's reach in any case, but carol's is not yet.
        let stolen = carol.say("stolen as well");
        assert_eq!(
            thief.hear(carol.log, &stolen).as_deref(),
            Ok("stolen as well")
        );
    }
}

#[test]
fn a_thief_of_an_owners_state_cannot_follow_their_group_beyond_a_path_commit() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let mut thief = alice.copy();
    let forged = thief.say("in her name");
    assert_eq!(
        bob.copy().hear(alice.log, &forged).as_deref(),
        Ok("in her name")
    );
    let healing = alice.heal();
    bob.go_along(alice.log, &healing).unwrap();
    let forged = thief.say("in her name again");
    assert_eq!(
        bob.hear(alice.log, &forged),
        Err(OpenError::Invalid),
        "the epoch that was copied is over"
    );
}

#[test]
fn a_thief_who_steals_again_reads_again() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let healing = bob.heal();
    tell(bob.log, &healing, &mut [&mut alice, &mut carol]);
    let mut thief = bob.copy();
    let injection = alice.inject();
    thief.go_along(alice.log, &injection).unwrap();
    let stolen = alice.say("stolen");
    assert_eq!(thief.hear(alice.log, &stolen).as_deref(), Ok("stolen"));
}

#[test]
fn what_was_said_before_a_theft_is_not_in_what_was_stolen() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let earlier = alice.say("earlier");
    let healing = alice.heal();
    let read = alice.say("read");
    bob.hear(alice.log, &earlier).unwrap();
    bob.go_along(alice.log, &healing).unwrap();
    bob.hear(alice.log, &read).unwrap();
    let mut thief = bob.copy();
    assert_opens_nothing(&mut thief, alice.log, &earlier);
    assert_opens_nothing(&mut thief, alice.log, &read);
}
