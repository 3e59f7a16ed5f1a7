//! The rules of CRYPTO.md that concern send groups.

pub(super) mod messages;
pub(super) mod ownership;
mod packages;
pub(super) mod secrets;
pub(super) mod welcomes;

use ::model::LogId;
use openmls::group::{CommitMessageBundle, MlsGroup};
use openmls::prelude::{KeyPackageIn, ProtocolVersion};
use openmls_traits::OpenMlsProvider;
use tls_codec::DeserializeBytes;

use super::*;
use crate::package::credential;
use crate::provider::{Algorithms, Provider, Signer, Storage};
use crate::suite::{capabilities, ciphersuite, lifetime};

/// What somebody makes of their state of a group when no rule of ours binds them. Their state is a copy.
fn forge<T>(
    forger: &mut Player,
    owner: LogId,
    act: impl FnOnce(&mut MlsGroup, &Provider, &Signer<'_>) -> T,
) -> T {
    let copy = forger.copy();
    let mut group = copy.groups.load(&owner).unwrap();
    group.set_aad(AAD.to_vec());
    act(&mut group, &copy.groups.provider, &Signer(&copy.identity()))
}

fn commit_bytes(bundle: CommitMessageBundle) -> Vec<u8> {
    bundle.into_commit().to_bytes().unwrap()
}

/// Somebody's algorithms with an empty store.
fn provider(of: &Player) -> Provider {
    Provider {
        algorithms: Algorithms::new(rng(of.number, 255)),
        storage: Storage::default(),
    }
}

/// A signed package, as OpenMLS takes it, whose credential is `named` and whose key is that of `by`.
fn package_naming(by: &Player, named: LogId) -> openmls::prelude::KeyPackage {
    let identity = by.identity();
    let provider = provider(by);
    openmls::prelude::KeyPackage::builder()
        .key_package_lifetime(lifetime())
        .leaf_node_capabilities(capabilities(by.suite))
        .mark_as_last_resort()
        .build(
            ciphersuite(by.suite),
            &provider,
            &Signer(&identity),
            credential(&named, &by.log.member),
        )
        .unwrap()
        .into_key_package()
}

/// What OpenMLS makes of somebody's package.
fn package_of(player: &Player) -> openmls::prelude::KeyPackage {
    KeyPackageIn::tls_deserialize_exact_bytes(&player.package)
        .unwrap()
        .validate(provider(player).crypto(), ProtocolVersion::Mls10)
        .unwrap()
}

/// A commit is refused, and nothing comes of it.
#[track_caller]
fn assert_not_staged(player: &mut Player, owner: LogId, commit: &[u8], expected: OpenError) {
    player.persist();
    let error = player.groups.stage(&owner, commit, AAD).unwrap_err();
    assert_eq!(error, expected);
    assert_eq!(player.groups.take_changes(), []);
}

/// A message is refused, and nothing comes of it.
#[track_caller]
fn assert_not_heard(player: &mut Player, owner: LogId, message: &[u8], expected: OpenError) {
    player.persist();
    assert_eq!(player.hear(owner, message), Err(expected));
    assert_eq!(player.groups.take_changes(), []);
}

/// What the owner says and does next still arrives.
#[track_caller]
fn assert_still_follows(owner: &mut Player, reader: &mut Player) {
    let message = owner.say("and yet it moves");
    assert_eq!(
        reader.hear(owner.log, &message).as_deref(),
        Ok("and yet it moves")
    );
    let commit = owner.heal();
    reader.go_along(owner.log, &commit).unwrap();
    let message = owner.say("still");
    assert_eq!(reader.hear(owner.log, &message).as_deref(), Ok("still"));
}
