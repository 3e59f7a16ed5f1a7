//! Key packages: what somebody gives so that others can add them.

use crypto::hpke::{self, Kem};
use crypto::{Rng, Secret};
use model::{LogId, MemberId, Suite};
use openmls::prelude::{
    BasicCredential, Credential, CredentialWithKey, KeyPackageIn, LeafNode, ProtocolVersion,
};
use tls_codec::{DeserializeBytes, Serialize, VLBytes};

use crate::PackageError;
use crate::provider::Algorithms;
use crate::suite::{capabilities, ciphersuite, lifetime};

/// A checked key package: signed by the member it names, of the cell's suite, with keys that can be sealed to.
#[derive(Clone, Debug)]
pub struct KeyPackage {
    pub(crate) inner: openmls::prelude::KeyPackage,
    log: LogId,
}

impl KeyPackage {
    /// Reads and checks a package from anywhere. One that passes can always be added to a group that does not hold its
    /// member.
    pub fn parse(suite: Suite, bytes: &[u8]) -> Result<Self, PackageError> {
        let package = KeyPackageIn::tls_deserialize_exact_bytes(bytes).map_err(|_| PackageError)?;
        let inner = package
            .validate(&Algorithms::without_randomness(), ProtocolVersion::Mls10)
            .map_err(|_| PackageError)?;
        let leaf = inner.leaf_node();
        let log = leaf_log(leaf).ok_or(PackageError)?;
        let as_fixed = inner.ciphersuite() == ciphersuite(suite)
            && inner.last_resort()
            && inner.extensions().iter().count() == 1
            && leaf.extensions().iter().next().is_none()
            && *leaf.capabilities() == capabilities(suite)
            && *inner.life_time() == lifetime();
        let leaf_key = leaf
            .encryption_key()
            .tls_serialize_detached()
            .map_err(|_| PackageError)?;
        let leaf_key = VLBytes::tls_deserialize_exact_bytes(&leaf_key).map_err(|_| PackageError)?;
        let sealable = can_seal(suite, inner.hpke_init_key().as_slice())
            && can_seal(suite, leaf_key.as_slice());
        if as_fixed && sealable {
            Ok(Self { inner, log })
        } else {
            Err(PackageError)
        }
    }

    /// Whose leaf it makes.
    pub const fn log(&self) -> LogId {
        self.log
    }
}

/// Whom a leaf names, if the key that signs for it is that member's own.
pub(crate) fn leaf_log(leaf: &LeafNode) -> Option<LogId> {
    let log = credential_log(leaf.credential())?;
    (leaf.signature_key().as_slice() == log.member.as_bytes()).then_some(log)
}

/// The same for a member of a tree.
pub(crate) fn member_log(member: &openmls::prelude::Member) -> Option<LogId> {
    let log = credential_log(&member.credential)?;
    (member.signature_key == log.member.as_bytes()).then_some(log)
}

fn credential_log(credential: &Credential) -> Option<LogId> {
    let basic = BasicCredential::try_from(credential.clone()).ok()?;
    LogId::from_slice(basic.identity())
}

/// The leaf credential of one life of a member: who they are and which life, under the member's own key.
pub(crate) fn credential(log: &LogId, identity: &MemberId) -> CredentialWithKey {
    CredentialWithKey {
        credential: BasicCredential::new(log.to_bytes().to_vec()).into(),
        signature_key: identity.as_bytes().to_vec().into(),
    }
}

/// Whether a commit could encrypt to this key. Somebody who gave a useless one could otherwise stop everybody's commits.
fn can_seal(suite: Suite, key: &[u8]) -> bool {
    let kem = match suite {
        Suite::XWing => Kem::XWing,
        Suite::X25519 => Kem::X25519,
    };
    // A key that refuses does so whatever the randomness is, and what is sealed here is nothing.
    let mut rng = Rng::from_seed(&Secret::from_bytes([0; 32]));
    hpke::seal(kem, &mut rng, key, &[], &[], &[]).is_ok()
}
