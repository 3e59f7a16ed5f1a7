//! How every send group is set up. All of it is fixed: a leaf or package that differs is refused.

use model::Suite;
use openmls::group::{
    MlsGroupCreateConfig, MlsGroupJoinConfig, PURE_CIPHERTEXT_WIRE_FORMAT_POLICY,
};
use openmls::key_packages::Lifetime;
use openmls::prelude::{
    Capabilities, CredentialType, ExtensionType, ProtocolVersion, SenderRatchetConfiguration,
};
use openmls_traits::types::Ciphersuite;

/// The suites we speak.
pub(crate) const SUITES: [Ciphersuite; 2] = [
    Ciphersuite::MLS_256_XWING_CHACHA20POLY1305_SHA256_Ed25519,
    Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519,
];

/// How many messages of one epoch may be missing: only those expire unread (PROTOCOL §2), and a log pauses long before.
pub(crate) const FORWARD_LIMIT: u32 = 4096;

/// Message keys kept for late messages: none, because a log arrives in order.
const OUT_OF_ORDER: u32 = 0;

pub(crate) const fn ciphersuite(suite: Suite) -> Ciphersuite {
    match suite {
        Suite::XWing => SUITES[0],
        Suite::X25519 => SUITES[1],
    }
}

/// MLS 1.0, the cell's suite, basic credentials, and the mark of a key package that may be used more than once.
pub(crate) fn capabilities(suite: Suite) -> Capabilities {
    Capabilities::new(
        Some(&[ProtocolVersion::Mls10]),
        Some(&[ciphersuite(suite)]),
        Some(&[ExtensionType::LastResort]),
        Some(&[]),
        Some(&[CredentialType::Basic]),
    )
}

/// All of time. Whether a key package is fresh is for the membership to say; OpenMLS would ask the clock of the machine.
pub(crate) fn lifetime() -> Lifetime {
    Lifetime::init(0, u64::MAX)
}

pub(crate) fn join_config() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
        .padding_size(0)
        .max_past_epochs(if mutant!(KeepPastEpochs) { 5 } else { 0 })
        .number_of_resumption_psks(0)
        .use_ratchet_tree_extension(true)
        .sender_ratchet_configuration(ratchets())
        .build()
}

pub(crate) fn create_config(suite: Suite) -> MlsGroupCreateConfig {
    MlsGroupCreateConfig::builder()
        .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
        .padding_size(0)
        .max_past_epochs(0)
        .number_of_resumption_psks(0)
        .use_ratchet_tree_extension(true)
        .sender_ratchet_configuration(ratchets())
        .capabilities(capabilities(suite))
        .lifetime(lifetime())
        .ciphersuite(ciphersuite(suite))
        .build()
}

fn ratchets() -> SenderRatchetConfiguration {
    SenderRatchetConfiguration::new(OUT_OF_ORDER, FORWARD_LIMIT)
}
