//! One group whose members use our primitives and those of libcrux by turns: an error in ours would have to be in theirs.

use openmls::group::MlsGroup;
use openmls::prelude::{
    KeyPackage, KeyPackageIn, LeafNodeIndex, LeafNodeParameters, MlsMessageBodyIn, MlsMessageIn,
    MlsMessageOut, ProcessedMessageContent, ProtocolVersion, StagedWelcome,
};
use openmls_traits::OpenMlsProvider;
use tls_codec::{DeserializeBytes, Serialize};

use super::*;
use crate::package::credential;
use crate::provider::{Algorithms, Provider, Signer, Storage};
use crate::suite::{capabilities, ciphersuite, create_config, join_config, lifetime};

const SUITE: Suite = Suite::XWing;

/// A member with some primitives.
trait Member {
    fn package(&self) -> Vec<u8>;
    fn found(&mut self);
    fn add(&mut self, packages: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>);
    fn join(&mut self, welcome: &[u8]);
    fn heal(&mut self) -> Vec<u8>;
    fn remove(&mut self, leaf: u32) -> Vec<u8>;
    fn say(&mut self, text: &[u8]) -> Vec<u8>;
    fn receive(&mut self, message: &[u8]) -> Option<Vec<u8>>;
    fn state(&self) -> (u64, Vec<u8>, Vec<u8>);
}

struct With<P> {
    provider: P,
    identity: SigningKey,
    log: LogId,
    group: Option<MlsGroup>,
}

impl<P: OpenMlsProvider> With<P> {
    fn new(provider: P, number: u8) -> Self {
        let identity = SigningKey::from_seed(&secret(number));
        let log = LogId {
            member: MemberId::from_bytes(identity.verifying_key().to_bytes()),
            incarnation: Incarnation::from_bytes([0; 16]),
        };
        Self {
            provider,
            identity,
            log,
            group: None,
        }
    }

    fn act<T>(&mut self, act: impl FnOnce(&mut MlsGroup, &P, &Signer<'_>) -> T) -> T {
        let group = self.group.as_mut().unwrap();
        act(group, &self.provider, &Signer(&self.identity))
    }
}

fn bytes(message: &MlsMessageOut) -> Vec<u8> {
    message.to_bytes().unwrap()
}

impl<P: OpenMlsProvider> Member for With<P> {
    fn package(&self) -> Vec<u8> {
        let bundle = KeyPackage::builder()
            .key_package_lifetime(lifetime())
            .leaf_node_capabilities(capabilities(SUITE))
            .mark_as_last_resort()
            .build(
                ciphersuite(SUITE),
                &self.provider,
                &Signer(&self.identity),
                credential(&self.log, &self.log.member),
            )
            .unwrap();
        bundle.key_package().tls_serialize_detached().unwrap()
    }

    fn found(&mut self) {
        let group = MlsGroup::new(
            &self.provider,
            &Signer(&self.identity),
            &create_config(SUITE),
            credential(&self.log, &self.log.member),
        );
        self.group = Some(group.unwrap());
    }

    fn add(&mut self, packages: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
        let crypto = self.provider.crypto();
        let packages: Vec<KeyPackage> = packages
            .iter()
            .map(|package| {
                let package = KeyPackageIn::tls_deserialize_exact_bytes(package).unwrap();
                package.validate(crypto, ProtocolVersion::Mls10).unwrap()
            })
            .collect();
        self.act(|group, provider, signer| {
            let (commit, welcome, _) = group.add_members(provider, signer, &packages).unwrap();
            group.merge_pending_commit(provider).unwrap();
            (bytes(&commit), bytes(&welcome))
        })
    }

    fn join(&mut self, welcome: &[u8]) {
        let welcome = MlsMessageIn::tls_deserialize_exact_bytes(welcome).unwrap();
        let MlsMessageBodyIn::Welcome(welcome) = welcome.extract() else {
            panic!("it is a welcome");
        };
        let staged =
            StagedWelcome::new_from_welcome(&self.provider, &join_config(), welcome, None).unwrap();
        self.group = Some(staged.into_group(&self.provider).unwrap());
    }

    fn heal(&mut self) -> Vec<u8> {
        self.act(|group, provider, signer| {
            let leaf = LeafNodeParameters::default();
            let bundle = group.self_update(provider, signer, leaf).unwrap();
            group.merge_pending_commit(provider).unwrap();
            bytes(bundle.commit())
        })
    }

    fn remove(&mut self, leaf: u32) -> Vec<u8> {
        self.act(|group, provider, signer| {
            let leaf = LeafNodeIndex::new(leaf);
            let (commit, ..) = group.remove_members(provider, signer, &[leaf]).unwrap();
            group.merge_pending_commit(provider).unwrap();
            bytes(&commit)
        })
    }

    fn say(&mut self, text: &[u8]) -> Vec<u8> {
        self.act(|group, provider, signer| {
            bytes(&group.create_message(provider, signer, text).unwrap())
        })
    }

    /// Gives the text, or nothing for a commit.
    fn receive(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        let message = MlsMessageIn::tls_deserialize_exact_bytes(message).unwrap();
        let message = message.try_into_protocol_message().unwrap();
        self.act(|group, provider, _| {
            let processed = group.process_message(provider, message).unwrap();
            let content = processed.into_content();
            if let ProcessedMessageContent::ApplicationMessage(text) = content {
                return Some(text.into_bytes());
            }
            let ProcessedMessageContent::StagedCommitMessage(commit) = content else {
                panic!("there are only messages and commits");
            };
            group.merge_staged_commit(provider, *commit).unwrap();
            None
        })
    }

    fn state(&self) -> (u64, Vec<u8>, Vec<u8>) {
        let group = self.group.as_ref().unwrap();
        let exported = group.export_secret(self.provider.crypto(), "label", b"context", 32);
        (
            group.epoch().as_u64(),
            group.epoch_authenticator().as_slice().to_vec(),
            exported.unwrap(),
        )
    }
}

/// The members of leaves 0 to 3, ours and theirs by turns.
fn members(ours_first: bool) -> Vec<Box<dyn Member>> {
    (0..4u8)
        .map(|number| -> Box<dyn Member> {
            if (number % 2 == 0) == ours_first {
                let provider = Provider {
                    algorithms: Algorithms::new(rng(number, 1)),
                    storage: Storage::default(),
                };
                Box::new(With::new(provider, number))
            } else {
                let provider = openmls_libcrux_crypto::Provider::new().unwrap();
                Box::new(With::new(provider, number))
            }
        })
        .collect()
}

fn tell_others(members: &mut [Box<dyn Member>], from: usize, message: &[u8], text: Option<&[u8]>) {
    for (number, member) in members.iter_mut().enumerate() {
        if number != from {
            assert_eq!(member.receive(message).as_deref(), text);
        }
    }
    let states: BTreeSet<_> = members.iter().map(|member| member.state()).collect();
    assert_eq!(states.len(), 1);
}

fn everybody_speaks_and_heals(members: &mut [Box<dyn Member>]) {
    for from in 0..members.len() {
        let text = format!("message of {from}").into_bytes();
        let message = members[from].say(&text);
        tell_others(members, from, &message, Some(&text));
        let commit = members[from].heal();
        tell_others(members, from, &commit, None);
    }
}

#[test]
fn members_with_our_primitives_and_those_of_libcrux_understand_each_other() {
    for ours_first in [true, false] {
        let mut members = members(ours_first);
        members[0].found();
        let packages: Vec<_> = members.iter().map(|member| member.package()).collect();
        let (_, welcome) = members[0].add(&packages[1..3]);
        members[1].join(&welcome);
        members[2].join(&welcome);
        everybody_speaks_and_heals(&mut members[..3]);
        let (commit, welcome) = members[1].add(&packages[3..]);
        members[3].join(&welcome);
        tell_others(&mut members[..3], 1, &commit, None);
        everybody_speaks_and_heals(&mut members);
        let commit = members[1].remove(3);
        tell_others(&mut members[..3], 1, &commit, None);
        let commit = members[0].remove(2);
        tell_others(&mut members[..2], 0, &commit, None);
        everybody_speaks_and_heals(&mut members[..2]);
    }
}
