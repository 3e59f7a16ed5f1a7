//! Healing secrets: everybody keeps the same, injects it once, and only where everybody has it.

use super::*;
use crate::{OwnGroupError, PskId};

/// OpenMLS's record of a healing secret: see the labels in `provider/storage/engine.rs`.
const PSK: u8 = 18;

/// What OpenMLS puts there.
#[derive(serde::Serialize)]
struct PreSharedSecret {
    secret: Value,
}

#[derive(serde::Serialize)]
struct Value {
    value: tls_codec::SecretVLBytes,
}

fn anybody(_: &LogId) -> bool {
    true
}

/// The secrets themselves, as records.
fn kept(player: &mut Player) -> Disk {
    player.persist();
    let records = player.disk.iter();
    records
        .filter(|(key, _)| key.first() == Some(&PSK))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[test]
fn owner_and_followers_keep_the_same_secret_of_every_path_commit_and_of_no_other() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice,
            mut bob,
            mut carol,
        } = World::together(suite);
        assert_eq!(kept(&mut alice), Disk::new());
        let commit = alice.heal();
        tell(alice.log, &commit, &mut [&mut bob, &mut carol]);
        let id = PskId {
            log: alice.log,
            epoch: 2,
        };
        for player in [&alice, &bob, &carol] {
            assert!(player.groups.healing.has(&id));
        }
        let secrets = kept(&mut alice);
        assert_eq!(secrets.len(), 1);
        assert_eq!(secrets, kept(&mut bob));
        assert_eq!(secrets, kept(&mut carol));
        let commit = alice.remove(&[carol.log]);
        tell(alice.log, &commit, &mut [&mut bob, &mut carol]);
        assert_eq!(kept(&mut alice).len(), 2);
        assert_eq!(kept(&mut alice), kept(&mut bob));
        assert_eq!(
            kept(&mut carol),
            secrets,
            "a removal gives nothing to whom it removes"
        );
        let commit = alice.add(&[&carol]);
        tell(alice.log, &commit, &mut [&mut bob, &mut carol]);
        assert_eq!(kept(&mut alice).len(), 2, "an addition has no path");
    }
}

#[test]
fn a_secret_is_what_the_group_exports_for_its_epoch_and_its_own_name() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let commit = alice.heal();
    bob.go_along(alice.log, &commit).unwrap();
    let group = bob.groups.load(&alice.log).unwrap();
    let id = bob.groups.group_id(&alice.log);
    let context = [&2u64.to_be_bytes(), id.as_slice()].concat();
    let algorithms = &bob.groups.provider.algorithms;
    let secret = group.export_secret(algorithms, "dmls-psk", &context, 32);
    let expected = ciborium::Value::serialized(&PreSharedSecret {
        secret: Value {
            value: tls_codec::SecretVLBytes::new(secret.unwrap()),
        },
    });
    let secrets = kept(&mut bob);
    let record = secrets.values().next().unwrap();
    let record: ciborium::Value = ciborium::from_reader(record.as_slice()).unwrap();
    assert_eq!(record, expected.unwrap());
}

#[test]
fn a_secret_can_be_injected_once() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let commit = alice.heal();
    tell(alice.log, &commit, &mut [&mut bob, &mut carol]);
    let id = PskId {
        log: alice.log,
        epoch: 2,
    };
    assert_eq!(
        alice.groups.injectable(&anybody),
        [],
        "not into its own group"
    );
    assert_eq!(bob.groups.injectable(&anybody), [id]);
    assert_eq!(bob.groups.injectable(&|log| *log != alice.log), []);
    let commit = bob.inject();
    assert_eq!(bob.groups.injectable(&anybody), []);
    bob.reload();
    assert_eq!(bob.groups.injectable(&anybody), []);
    tell(bob.log, &commit, &mut [&mut alice, &mut carol]);
    assert_eq!(
        carol.groups.injectable(&anybody),
        [id],
        "into another group, though"
    );
    let commit = alice.heal();
    bob.go_along(alice.log, &commit).unwrap();
    assert_eq!(bob.groups.injectable(&anybody), [PskId { epoch: 3, ..id }]);
    assert_still_follows(&mut bob, &mut carol);
}

#[test]
pub(crate) fn a_secret_is_injectable_only_if_everybody_in_the_own_group_has_it() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let commit = alice.remove(&[carol.log]);
    tell(alice.log, &commit, &mut [&mut bob, &mut carol]);
    assert_eq!(
        bob.groups.injectable(&anybody),
        [],
        "carol does not have it"
    );
    assert_eq!(carol.groups.injectable(&anybody), []);
    let commit = bob.remove(&[carol.log]);
    tell(bob.log, &commit, &mut [&mut alice, &mut carol]);
    let id = PskId {
        log: alice.log,
        epoch: 2,
    };
    assert_eq!(
        bob.groups.injectable(&anybody),
        [id],
        "only its owner is left"
    );
    let commit = alice.add(&[&carol]);
    tell(alice.log, &commit, &mut [&mut bob, &mut carol]);
    let commit = bob.add(&[&carol]);
    tell(bob.log, &commit, &mut [&mut alice, &mut carol]);
    assert_eq!(bob.groups.injectable(&anybody), [], "carol came after it");
}

#[test]
fn a_secret_that_is_not_kept_cannot_be_injected() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    bob.persist();
    let id = PskId {
        log: alice.log,
        epoch: 2,
    };
    for secrets in [vec![], vec![id]] {
        let error = bob.groups.inject(&secrets, AAD).unwrap_err();
        assert!(matches!(error, OwnGroupError::Secret));
    }
    assert_eq!(bob.groups.take_changes(), []);
    assert_still_follows(&mut bob, &mut alice);
}

#[test]
fn a_missing_secret_is_named_and_the_commit_works_once_it_came() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice,
            mut bob,
            mut carol,
        } = World::together(suite);
        let healing = alice.heal();
        bob.go_along(alice.log, &healing).unwrap();
        let before = bob.say("before");
        let injection = bob.inject();
        let after = bob.say("after");
        let missing = OpenError::MissingPsk(PskId {
            log: alice.log,
            epoch: 2,
        });
        assert_not_staged(&mut carol, bob.log, &injection.commit, missing);
        assert_eq!(carol.hear(bob.log, &before).as_deref(), Ok("before"));
        assert_not_staged(&mut carol, bob.log, &injection.commit, missing);
        carol.reload();
        assert_not_staged(&mut carol, bob.log, &injection.commit, missing);
        assert_not_heard(&mut carol, bob.log, &after, OpenError::Invalid);
        carol.go_along(alice.log, &healing).unwrap();
        carol.go_along(bob.log, &injection).unwrap();
        assert_eq!(carol.hear(bob.log, &after).as_deref(), Ok("after"));
        // The owner of the secret has it all along.
        assert_eq!(alice.hear(bob.log, &before).as_deref(), Ok("before"));
        alice.go_along(bob.log, &injection).unwrap();
        assert_eq!(alice.hear(bob.log, &after).as_deref(), Ok("after"));
    }
}

#[test]
fn of_several_missing_secrets_each_is_named_in_turn() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let mut dave = Player::new(Suite::X25519, 4);
    let commit = alice.add(&[&dave]);
    tell(alice.log, &commit, &mut [&mut bob, &mut carol, &mut dave]);
    let commit = bob.add(&[&dave]);
    tell(bob.log, &commit, &mut [&mut alice, &mut carol, &mut dave]);
    let commit = carol.add(&[&dave]);
    tell(carol.log, &commit, &mut [&mut alice, &mut bob, &mut dave]);
    let (by_alice, by_bob) = (alice.heal(), bob.heal());
    carol.go_along(alice.log, &by_alice).unwrap();
    carol.go_along(bob.log, &by_bob).unwrap();
    let injection = carol.inject();
    let healings = [(alice.log, by_alice), (bob.log, by_bob)];
    for _ in 0..2 {
        let error = dave.groups.stage(&carol.log, &injection.commit, AAD);
        let Err(OpenError::MissingPsk(id)) = error else {
            panic!("a secret is missing");
        };
        let (log, healing) = healings.iter().find(|(log, _)| *log == id.log).unwrap();
        dave.go_along(*log, healing).unwrap();
        assert!(dave.groups.healing.has(&id));
    }
    dave.go_along(carol.log, &injection).unwrap();
    assert_still_follows(&mut carol, &mut dave);
}

#[test]
fn removals_come_first_then_additions_then_injections() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice,
            mut bob,
            mut carol,
        } = World::together(suite);
        let mut dave = Player::new(suite, 4);
        let commit = bob.add(&[&dave]);
        tell(bob.log, &commit, &mut [&mut alice, &mut carol, &mut dave]);
        let commit = bob.heal();
        tell(bob.log, &commit, &mut [&mut alice, &mut carol, &mut dave]);

        let removal = alice.remove(&[carol.log]);
        assert_eq!(removal.roster, set(&[bob.log]));
        assert!(removal.welcome.is_none());
        let addition = alice.add(&[&dave]);
        assert_eq!(addition.roster, set(&[bob.log, dave.log]));
        assert!(addition.welcome.is_some());
        let injection = alice.inject();
        assert_eq!(injection.roster, addition.roster);
        assert!(injection.welcome.is_none());
        let message = alice.say("without carol");

        let paths = [(&removal, true), (&addition, false), (&injection, false)];
        for (commit, has_path) in paths {
            if bob.groups.follows(&alice.log) {
                let staged = bob.copy().groups.stage(&alice.log, &commit.commit, AAD);
                assert_eq!(staged.unwrap().has_path(), has_path);
            }
            tell(alice.log, commit, &mut [&mut bob, &mut carol, &mut dave]);
        }
        for reader in [&mut bob, &mut dave] {
            assert_eq!(reader.hear(alice.log, &message).unwrap(), "without carol");
        }
        assert!(!carol.groups.follows(&alice.log));
        assert_eq!(alice.groups.own_roster(), set(&[bob.log, dave.log]));
    }
}

#[test]
fn of_the_secrets_of_a_log_the_oldest_go_when_there_are_too_many() {
    let World {
        mut alice, mut bob, ..
    } = World::apart(Suite::X25519);
    let commit = alice.add(&[&bob]);
    bob.go_along(alice.log, &commit).unwrap();
    for _ in 0..260 {
        let commit = alice.heal();
        bob.go_along(alice.log, &commit).unwrap();
    }
    bob.reload();
    let has = |epoch| {
        let id = PskId {
            log: alice.log,
            epoch,
        };
        bob.groups.healing.has(&id)
    };
    assert!(has(261) && has(6));
    assert!(!has(5) && !has(2));
    assert_eq!(kept(&mut bob).len(), 256);
    assert_eq!(kept(&mut bob), kept(&mut alice));
}

#[test]
fn what_is_forgotten_leaves_only_healing_secrets_behind_and_everything_leaves_nothing() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let commit = alice.heal();
    tell(alice.log, &commit, &mut [&mut bob, &mut carol]);
    bob.groups.forget(&alice.log);
    bob.groups.forget(&alice.log);
    assert!(!bob.groups.follows(&alice.log));
    assert_eq!(bob.groups.roster(&alice.log), None);
    bob.reload();
    assert!(!bob.groups.follows(&alice.log));
    assert!(bob.groups.follows(&carol.log));
    assert_eq!(kept(&mut bob).len(), 1);
    let message = alice.say("no more");
    assert_not_heard(&mut bob, alice.log, &message, OpenError::NotFollowed);
    let commit = bob.inject();
    tell(bob.log, &commit, &mut [&mut carol]);
    assert_still_follows(&mut bob, &mut carol);
    bob.groups.forget_all();
    bob.persist();
    assert_eq!(bob.disk, Disk::new());
    assert_eq!(bob.groups.own_roster(), set(&[]));
    assert!(matches!(
        bob.groups.seal(b"", AAD),
        Err(OwnGroupError::Missing)
    ));
}
