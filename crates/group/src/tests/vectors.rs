//! The passive-client vectors of the MLS working group, through our records and our algorithms.

use openmls::group::{
    JoinBuilder, MIXED_CIPHERTEXT_WIRE_FORMAT_POLICY, MlsGroup, MlsGroupJoinConfig,
    ProcessedWelcome,
};
use openmls::prelude::{
    GroupId, HpkePrivateKey, KeyPackage, KeyPackageBundle, MlsMessageBodyIn, MlsMessageIn,
    ProcessedMessageContent, RatchetTreeIn,
};
use openmls::schedule::PreSharedKeyId;
use openmls_traits::storage::StorageProvider;
use serde::Deserialize;
use tls_codec::DeserializeBytes;
use zeroize::Zeroizing;

use super::*;
use crate::provider::{Algorithms, Provider, Storage};

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/vectors/rfc9420"
);

/// Bytes that are written in hexadecimal digits.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Hex(Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = (0..text.len()).step_by(2);
        digits
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[derive(Deserialize)]
struct Vector {
    cipher_suite: u16,
    external_psks: Vec<Psk>,
    key_package: Hex,
    encryption_priv: Hex,
    init_priv: Hex,
    welcome: Hex,
    ratchet_tree: Option<Hex>,
    initial_epoch_authenticator: Hex,
    epochs: Vec<Epoch>,
}

#[derive(Deserialize)]
struct Psk {
    psk_id: Hex,
    psk: Hex,
}

#[derive(Deserialize)]
struct Epoch {
    proposals: Vec<Hex>,
    commit: Hex,
    epoch_authenticator: Hex,
}

fn message(bytes: &Hex) -> MlsMessageIn {
    MlsMessageIn::tls_deserialize_exact_bytes(&bytes.0).unwrap()
}

/// A private key as OpenMLS stores it.
fn private(key: &Hex) -> ciborium::Value {
    ciborium::Value::serialized(&HpkePrivateKey::from(key.0.clone())).unwrap()
}

fn map(entries: Vec<(&str, ciborium::Value)>) -> ciborium::Value {
    let entries = entries.into_iter();
    ciborium::Value::Map(
        entries
            .map(|(name, value)| (ciborium::Value::Text(name.to_owned()), value))
            .collect(),
    )
}

/// Somebody who only listens, and forgets everything but the disk between two messages.
struct Listener {
    provider: Provider,
    disk: Disk,
    group: GroupId,
}

impl Listener {
    fn join(vector: &Vector) -> Self {
        let provider = Provider {
            algorithms: Algorithms::new(rng(1, 1)),
            storage: Storage::default(),
        };
        for psk in &vector.external_psks {
            let id = PreSharedKeyId::external(psk.psk_id.0.clone(), Vec::new());
            id.store(&provider, &psk.psk.0).unwrap();
        }
        keep_package(&provider, vector);
        let MlsMessageBodyIn::Welcome(welcome) = message(&vector.welcome).extract() else {
            panic!("it is a welcome");
        };
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(MIXED_CIPHERTEXT_WIRE_FORMAT_POLICY)
            .number_of_resumption_psks(16)
            .use_ratchet_tree_extension(true)
            .build();
        let processed = ProcessedWelcome::new_from_welcome(&provider, &config, welcome).unwrap();
        let mut builder = JoinBuilder::new(&provider, processed).skip_lifetime_validation();
        if let Some(tree) = &vector.ratchet_tree {
            let tree = RatchetTreeIn::tls_deserialize_exact_bytes(&tree.0).unwrap();
            builder = builder.with_ratchet_tree(tree);
        }
        let group = builder.build().unwrap().into_group(&provider).unwrap();
        let group = group.group_id().clone();
        Self {
            provider,
            disk: Disk::new(),
            group,
        }
    }

    /// Stops, starts again and reads the group from the disk.
    fn reload(&mut self) -> MlsGroup {
        for (key, value) in self.provider.storage.take_changes() {
            match value {
                Some(value) => self.disk.insert(key, value.to_vec()),
                None => self.disk.remove(&key),
            };
        }
        let records = self.disk.clone().into_iter();
        self.provider.storage = Storage::restore(
            records
                .map(|(key, value)| (key, Zeroizing::new(value)))
                .collect(),
        );
        MlsGroup::load(&self.provider.storage, &self.group)
            .unwrap()
            .unwrap()
    }

    fn receive(&mut self, bytes: &Hex) {
        let mut group = self.reload();
        let received = message(bytes).try_into_protocol_message().unwrap();
        let processed = group.process_message(&self.provider, received).unwrap();
        let storage = &self.provider.storage;
        let content = processed.into_content();
        if let ProcessedMessageContent::ProposalMessage(proposal) = content {
            group.store_pending_proposal(storage, *proposal).unwrap();
        } else if let ProcessedMessageContent::StagedCommitMessage(commit) = content {
            group.merge_staged_commit(&self.provider, *commit).unwrap();
        } else {
            panic!("there are only proposals and commits");
        }
    }

    #[track_caller]
    fn assert_authenticator(&mut self, expected: &Hex) {
        let group = self.reload();
        assert_eq!(group.epoch_authenticator().as_slice(), expected.0);
    }
}

/// Stores the vector's key package with its private keys. It has expired, so OpenMLS would not take it as it comes.
fn keep_package(provider: &Provider, vector: &Vector) {
    let MlsMessageBodyIn::KeyPackage(package) = message(&vector.key_package).extract() else {
        panic!("it is a key package");
    };
    let package = ciborium::Value::serialized(&package).unwrap();
    let bundle = map(vec![
        ("key_package", package.clone()),
        ("private_init_key", private(&vector.init_priv)),
        (
            "private_encryption_key",
            map(vec![("key", private(&vector.encryption_priv))]),
        ),
    ]);
    let bundle: KeyPackageBundle = bundle.deserialized().unwrap();
    let package: KeyPackage = package.deserialized().unwrap();
    let name = package.hash_ref(&provider.algorithms).unwrap();
    provider.storage.write_key_package(&name, &bundle).unwrap();
}

/// Runs every vector of our suites. Gives how many there are, and how many epochs they have.
fn run(file: &str) -> Option<(usize, usize)> {
    let path = std::path::Path::new(FOLDER).join(file);
    let Ok(text) = std::fs::read(path) else {
        report_skipped(file);
        return None;
    };
    let vectors: Vec<Vector> = serde_json::from_slice(&text).unwrap();
    let supported = |vector: &&Vector| vector.cipher_suite == Suite::X25519.number();
    let (mut count, mut epochs) = (0, 0);
    for vector in vectors.iter().filter(supported) {
        let mut listener = Listener::join(vector);
        listener.assert_authenticator(&vector.initial_epoch_authenticator);
        for epoch in &vector.epochs {
            for proposal in &epoch.proposals {
                listener.receive(proposal);
            }
            listener.receive(&epoch.commit);
            listener.assert_authenticator(&epoch.epoch_authenticator);
        }
        count += 1;
        epochs += 1 + vector.epochs.len();
    }
    Some((count, epochs))
}

#[allow(clippy::print_stdout, reason = "xtask reads what was skipped here")]
fn report_skipped(file: &str) {
    println!("skipped: {file}, vectors not present");
}

#[test]
fn welcomes_of_the_working_group_lead_into_the_right_epoch() {
    if let Some(done) = run("passive-client-welcome.json") {
        assert_eq!(done, (8, 8));
    }
}

#[test]
fn commits_of_the_working_group_lead_into_the_right_epochs() {
    if let Some(done) = run("passive-client-handling-commit.json") {
        assert_eq!(done, (13, 39));
    }
}
