//! In a send group only its owner, at leaf 0, speaks and commits, and does only what the rules know.

use openmls::extensions::Extensions;
use openmls::group::{
    MIXED_CIPHERTEXT_WIRE_FORMAT_POLICY, MIXED_PLAINTEXT_WIRE_FORMAT_POLICY, MlsGroupJoinConfig,
    PURE_PLAINTEXT_WIRE_FORMAT_POLICY,
};
use openmls::prelude::{LeafNodeIndex, LeafNodeParameters, MlsMessageIn, ProcessedMessageContent};

use super::*;

#[test]
fn nobody_but_the_owner_speaks_in_a_send_group() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice,
            mut bob,
            mut carol,
        } = World::together(suite);
        let message = forge(&mut bob, alice.log, |group, provider, signer| {
            group.create_message(provider, signer, b"I am alice")
        });
        let message = message.unwrap().to_bytes().unwrap();
        assert_not_heard(&mut carol, alice.log, &message, OpenError::NotTheOwner);
        assert_not_heard(&mut carol, alice.log, &message, OpenError::NotTheOwner);
        assert_still_follows(&mut alice, &mut carol);
    }
}

#[test]
pub(crate) fn nobody_but_the_owner_commits_in_a_send_group() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice,
            mut bob,
            mut carol,
        } = World::together(suite);
        let dave = package_of(&Player::new(suite, 4));
        let owner = alice.log;
        let healing = forge(&mut bob, owner, |group, provider, signer| {
            let leaf = LeafNodeParameters::default();
            commit_bytes(group.self_update(provider, signer, leaf).unwrap())
        });
        let removal = forge(&mut bob, owner, |group, provider, signer| {
            let leaf = LeafNodeIndex::new(0);
            let (commit, ..) = group.remove_members(provider, signer, &[leaf]).unwrap();
            commit.to_bytes().unwrap()
        });
        let addition = forge(&mut bob, owner, |group, provider, signer| {
            let (commit, ..) = group
                .add_members_without_update(provider, signer, &[dave])
                .unwrap();
            commit.to_bytes().unwrap()
        });
        for commit in [healing, removal, addition] {
            assert_not_staged(&mut carol, owner, &commit, OpenError::NotTheOwner);
        }
        assert_still_follows(&mut alice, &mut carol);
    }
}

#[test]
fn a_proposal_is_nothing_in_a_send_group() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let owner = alice.log;
    let leaving = forge(&mut bob, owner, |group, provider, signer| {
        let leaving = group.leave_group(provider, signer).unwrap();
        leaving.to_bytes().unwrap()
    });
    let removal = forge(&mut alice, owner, |group, provider, signer| {
        let leaf = LeafNodeIndex::new(1);
        let (proposal, _) = group.propose_remove_member(provider, signer, leaf).unwrap();
        proposal.to_bytes().unwrap()
    });
    for proposal in [leaving, removal] {
        assert_not_staged(&mut carol, owner, &proposal, OpenError::Invalid);
        assert_not_heard(&mut carol, owner, &proposal, OpenError::Invalid);
    }
    assert_still_follows(&mut alice, &mut carol);
}

#[test]
fn a_commit_in_the_clear_is_nothing_even_from_the_owner() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let owner = alice.log;
    let commit = forge(&mut alice, owner, |group, provider, signer| {
        let plain = MlsGroupJoinConfig::builder()
            .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .build();
        group.set_configuration(&provider.storage, &plain).unwrap();
        let leaf = LeafNodeParameters::default();
        commit_bytes(group.self_update(provider, signer, leaf).unwrap())
    });
    assert_not_staged(&mut bob, owner, &commit, OpenError::Invalid);
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn a_commit_to_somebodys_proposal_is_refused() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let owner = alice.log;
    let leaving = forge(&mut bob, owner, |group, provider, signer| {
        let plain = MlsGroupJoinConfig::builder()
            .wire_format_policy(MIXED_PLAINTEXT_WIRE_FORMAT_POLICY)
            .build();
        group.set_configuration(&provider.storage, &plain).unwrap();
        let leaving = group.leave_group(provider, signer).unwrap();
        leaving.to_bytes().unwrap()
    });
    let leaving = MlsMessageIn::tls_deserialize_exact_bytes(&leaving).unwrap();
    let leaving = leaving.try_into_protocol_message().unwrap();
    let commit = forge(&mut alice, owner, |group, provider, signer| {
        let mixed = MlsGroupJoinConfig::builder()
            .wire_format_policy(MIXED_CIPHERTEXT_WIRE_FORMAT_POLICY)
            .build();
        group.set_configuration(&provider.storage, &mixed).unwrap();
        let processed = group.process_message(provider, leaving).unwrap();
        let ProcessedMessageContent::ProposalMessage(proposal) = processed.into_content() else {
            panic!("it is a proposal");
        };
        group
            .store_pending_proposal(&provider.storage, *proposal)
            .unwrap();
        group.set_aad(AAD.to_vec());
        let (commit, ..) = group.commit_to_pending_proposals(provider, signer).unwrap();
        commit.to_bytes().unwrap()
    });
    assert_not_staged(&mut carol, owner, &commit, OpenError::Invalid);
    assert_still_follows(&mut alice, &mut carol);
}

#[test]
fn an_owner_cannot_change_what_the_group_is() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let owner = alice.log;
    let commit = forge(&mut alice, owner, |group, provider, signer| {
        let (commit, ..) = group
            .update_group_context_extensions(provider, Extensions::empty(), signer)
            .unwrap();
        commit.to_bytes().unwrap()
    });
    assert_not_staged(&mut bob, owner, &commit, OpenError::Invalid);
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn an_owner_cannot_become_somebody_else() {
    let World {
        mut alice,
        mut bob,
        carol,
    } = World::together(Suite::X25519);
    let owner = alice.log;
    let mut other_life = owner;
    other_life.incarnation = Incarnation::from_bytes([9; 16]);
    for named in [other_life, carol.log] {
        let commit = forge(&mut alice, owner, |group, provider, signer| {
            let leaf = LeafNodeParameters::builder()
                .with_credential_with_key(credential(&named, &owner.member))
                .build();
            commit_bytes(group.self_update(provider, signer, leaf).unwrap())
        });
        assert_not_staged(&mut bob, owner, &commit, OpenError::BadLeaf);
    }
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn an_owner_cannot_add_a_leaf_that_names_another_than_it_belongs_to() {
    let World {
        mut alice, mut bob, ..
    } = World::together(Suite::X25519);
    let owner = alice.log;
    let (dave, erin) = (Player::new(Suite::X25519, 4), Player::new(Suite::X25519, 5));
    let named_erin = package_naming(&dave, erin.log);
    let commit = forge(&mut alice, owner, |group, provider, signer| {
        let (commit, ..) = group
            .add_members_without_update(provider, signer, &[named_erin])
            .unwrap();
        commit.to_bytes().unwrap()
    });
    assert_not_staged(&mut bob, owner, &commit, OpenError::BadLeaf);
    assert_still_follows(&mut alice, &mut bob);
}

#[test]
fn what_belongs_to_another_group_is_refused() {
    let World {
        mut alice,
        mut bob,
        mut carol,
    } = World::together(Suite::X25519);
    let message = bob.say("in my own group");
    assert_not_heard(&mut carol, alice.log, &message, OpenError::Invalid);
    let commit = bob.heal();
    assert_not_staged(&mut carol, alice.log, &commit.commit, OpenError::Invalid);
    let stranger = Player::new(Suite::X25519, 4);
    assert_not_heard(&mut carol, stranger.log, &message, OpenError::NotFollowed);
    assert_eq!(carol.hear(bob.log, &message).unwrap(), "in my own group");
    carol.go_along(bob.log, &commit).unwrap();
    assert_still_follows(&mut alice, &mut carol);
}
