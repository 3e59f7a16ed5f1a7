//! A welcome comes from leaf 0 and leads into the send group of the log it came with.

use openmls::prelude::{MlsMessageBodyIn, MlsMessageIn, StagedWelcome};
use openmls_traits::random::OpenMlsRand;

use super::*;
use crate::suite::{create_config, join_config};

/// A welcome is refused, and nothing comes of it.
#[track_caller]
fn assert_not_joined(player: &mut Player, owner: LogId, welcome: &[u8], expected: &JoinError) {
    player.persist();
    let error = player.join(owner, welcome).unwrap_err();
    assert_eq!(error.to_string(), expected.to_string());
    assert!(!player.groups.follows(&owner));
    assert_eq!(player.groups.take_changes(), []);
}

/// A group with any id, founded by somebody whose leaf there says any name, with another member.
fn welcome_into(founder: &Player, of: LogId, named: LogId, guests: &[&Player]) -> Vec<u8> {
    let provider = provider(founder);
    let identity = founder.identity();
    let mut group = MlsGroup::new_with_group_id(
        &provider,
        &Signer(&identity),
        &create_config(founder.suite),
        founder.groups.group_id(&of),
        credential(&named, &founder.log.member),
    )
    .unwrap();
    let packages: Vec<_> = guests.iter().map(|guest| package_of(guest)).collect();
    let (_, welcome, _) = group
        .add_members_without_update(&provider, &Signer(&identity), &packages)
        .unwrap();
    welcome.to_bytes().unwrap()
}

#[test]
pub(crate) fn a_welcome_of_somebody_who_does_not_own_the_group_is_refused() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice, mut bob, ..
        } = World::together(suite);
        let mut dave = Player::new(suite, 4);
        let package = package_of(&dave);
        let welcome = forge(&mut bob, alice.log, |group, provider, signer| {
            let (_, welcome, _) = group.add_members(provider, signer, &[package]).unwrap();
            welcome.to_bytes().unwrap()
        });
        assert_not_joined(&mut dave, alice.log, &welcome, &JoinError::NotASendGroup);
        assert_not_joined(&mut dave, bob.log, &welcome, &JoinError::NotASendGroup);
        let commit = alice.add(&[&dave]);
        dave.go_along(alice.log, &commit).unwrap();
        assert_still_follows(&mut alice, &mut dave);
    }
}

#[test]
fn a_welcome_leads_into_the_group_of_the_log_that_it_came_with() {
    let World {
        mut alice,
        mut bob,
        carol,
    } = World::apart(Suite::X25519);
    let commit = alice.add(&[&bob]);
    let welcome = commit.welcome.clone().unwrap();
    assert_not_joined(&mut bob, carol.log, &welcome, &JoinError::NotASendGroup);
    let mut earlier = alice.log;
    earlier.incarnation = Incarnation::from_bytes([7; 16]);
    assert_not_joined(&mut bob, earlier, &welcome, &JoinError::NotASendGroup);
    bob.go_along(alice.log, &commit).unwrap();
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn a_welcome_reaches_into_nobodys_group_of_another_cell() {
    let World { alice, bob, .. } = World::apart(Suite::X25519);
    let mut elsewhere = Groups::new(
        CellId::from_bytes([0xab; 32]),
        Suite::X25519,
        alice.identity(),
        rng(1, 77),
    );
    elsewhere.create_own(alice.log).unwrap();
    let packages = BTreeMap::from([(bob.log, bob.parsed_package())]);
    let welcome = elsewhere.add(&packages, AAD).unwrap().welcome.unwrap();
    let mut bob = bob;
    assert_not_joined(&mut bob, alice.log, &welcome, &JoinError::NotASendGroup);
}

#[test]
fn a_group_that_somebody_founds_in_anothers_name_is_refused() {
    let World {
        alice,
        bob,
        mut carol,
    } = World::apart(Suite::X25519);
    for named in [bob.log, alice.log] {
        let welcome = welcome_into(&bob, alice.log, named, &[&carol]);
        assert_not_joined(&mut carol, alice.log, &welcome, &JoinError::NotASendGroup);
    }
    let mut other_life = bob.log;
    other_life.incarnation = Incarnation::from_bytes([7; 16]);
    let welcome = welcome_into(&bob, bob.log, other_life, &[&carol]);
    assert_not_joined(&mut carol, bob.log, &welcome, &JoinError::NotASendGroup);
    // The same made by the rules is followed, so what is refused above is what it says.
    let welcome = welcome_into(&bob, bob.log, bob.log, &[&carol]);
    assert_eq!(carol.join(bob.log, &welcome).unwrap(), set(&[carol.log]));
}

#[test]
fn a_welcome_of_the_owner_into_a_group_that_another_founded_is_refused() {
    let World {
        mut alice,
        bob,
        mut carol,
    } = World::apart(Suite::X25519);
    let welcome = welcome_into(&bob, alice.log, bob.log, &[&alice]);
    // Alice helps: she leaves her own group, which has the same id, for this one.
    let mut other_life = alice.log;
    other_life.incarnation = Incarnation::from_bytes([7; 16]);
    alice.groups.create_own(other_life).unwrap();
    let provider = &alice.groups.provider;
    let MlsMessageBodyIn::Welcome(welcome) = MlsMessageIn::tls_deserialize_exact_bytes(&welcome)
        .unwrap()
        .extract()
    else {
        panic!("it is a welcome");
    };
    let staged = StagedWelcome::new_from_welcome(provider, &join_config(), welcome, None);
    let mut group = staged.unwrap().into_group(provider).unwrap();
    let signer = Signer(&alice.identity());
    let packages = [package_of(&carol)];
    let (_, welcome, _) = group.add_members(provider, &signer, &packages).unwrap();
    let welcome = welcome.to_bytes().unwrap();
    assert_not_joined(&mut carol, alice.log, &welcome, &JoinError::NotASendGroup);
}

#[test]
fn a_welcome_into_a_group_with_a_leaf_that_names_nobody_is_refused() {
    let World {
        mut alice,
        mut bob,
        carol,
    } = World::apart(Suite::X25519);
    let dave = Player::new(Suite::X25519, 4);
    let packages = [package_naming(&dave, carol.log), package_of(&bob)];
    let owner = alice.log;
    let welcome = forge(&mut alice, owner, |group, provider, signer| {
        let (_, welcome, _) = group.add_members(provider, signer, &packages).unwrap();
        welcome.to_bytes().unwrap()
    });
    assert_not_joined(&mut bob, owner, &welcome, &JoinError::NotASendGroup);
    let commit = alice.add(&[&bob]);
    bob.go_along(owner, &commit).unwrap();
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn a_welcome_for_others_and_bytes_that_are_none_are_refused() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::apart(Suite::X25519);
    let commit = alice.add(&[&bob]);
    let welcome = commit.welcome.clone().unwrap();
    assert_not_joined(&mut carol, alice.log, &welcome, &JoinError::NotForUs);
    let malformed = &JoinError::Malformed;
    assert_not_joined(&mut bob, alice.log, &commit.commit, malformed);
    assert_not_joined(&mut bob, alice.log, &[], malformed);
    assert_not_joined(&mut bob, alice.log, &welcome[1..], malformed);
    let longer = [welcome.as_slice(), &[0]].concat();
    assert_not_joined(&mut bob, alice.log, &longer, malformed);
    bob.go_along(alice.log, &commit).unwrap();
    let error = bob.join(alice.log, &welcome).unwrap_err();
    assert!(matches!(error, JoinError::Known));
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn a_damaged_welcome_is_refused_and_the_whole_one_followed() {
    let World {
        mut alice, mut bob, ..
    } = World::apart(Suite::X25519);
    let commit = alice.add(&[&bob]);
    let welcome = commit.welcome.clone().unwrap();
    bob.persist();
    let chance = provider(&alice);
    for at in 0..welcome.len() {
        let mut damaged = welcome.clone();
        let [flip] = chance.algorithms.random_array().unwrap();
        damaged[at] ^= flip | 1;
        assert!(bob.join(alice.log, &damaged).is_err(), "at {at}");
        assert_eq!(bob.groups.take_changes(), []);
    }
    bob.go_along(alice.log, &commit).unwrap();
    assert_still_follows(&mut alice, &mut bob);
}
