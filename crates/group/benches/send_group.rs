//! What a send group costs beside bare OpenMLS: `cargo xtask bench`. A cell of eight, 256-byte messages, one thread.
//!
//! Both sides seal and open the same number of messages in turns, so that whatever else the machine does meets both.
#![expect(clippy::print_stdout, reason = "figures are what this program is for")]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "time is what is measured"
)]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that fails ends, which is all it can do"
)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crypto::{Rng, Secret, SigningKey, aead};
use group::{Groups, KeyPackage};
use model::{CellId, Incarnation, LogId, MemberId, Suite};
use openmls::group::{
    MlsGroup, MlsGroupCreateConfig, MlsGroupJoinConfig, PURE_CIPHERTEXT_WIRE_FORMAT_POLICY,
    StagedWelcome,
};
use openmls::prelude::{
    BasicCredential, Capabilities, Ciphersuite, CredentialWithKey, MlsMessageBodyIn, MlsMessageIn,
    ProcessedMessageContent,
};
use openmls_libcrux_crypto::Provider;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;
use tls_codec::DeserializeBytes;

const MEMBERS: u8 = 8;
const ROUNDS: usize = 2_000;
const TEXT: [u8; 256] = [0x2a; 256];
/// What sealing and opening may cost beside bare OpenMLS with the same suite.
const AIM: f64 = 1.3;
const AAD: &[u8] = &[7; 32];

fn main() {
    println!("cell of {MEMBERS}, 256-byte messages, median of {ROUNDS}, microseconds");
    println!(
        "{:<34}{:>10}{:>10}{:>8}   aim {AIM}",
        "", "ours", "bare", "ratio"
    );
    for (suite, bare_suite, name) in [
        (
            Suite::XWing,
            Ciphersuite::MLS_256_XWING_CHACHA20POLY1305_SHA256_Ed25519,
            "X-Wing",
        ),
        (
            Suite::X25519,
            Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519,
            "X25519",
        ),
    ] {
        let mut ours = Ours::new(suite);
        let mut bare = Bare::new(bare_suite);
        let mut times: [Vec<Duration>; 4] = Default::default();
        for _ in 0..ROUNDS {
            let (seal, open) = ours.round();
            let (bare_seal, bare_open) = bare.round();
            for (all, one) in times.iter_mut().zip([seal, bare_seal, open, bare_open]) {
                all.push(one);
            }
        }
        let [seal, bare_seal, open, bare_open] = times.map(median);
        row(&format!("{name}, seal"), seal, bare_seal);
        row(&format!("{name}, open"), open, bare_open);
    }
    println!(
        "reference: XChaCha20-Poly1305 alone seals in {:.1}",
        micros(raw())
    );
}

fn row(name: &str, ours: Duration, bare: Duration) {
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    let verdict = if ratio <= AIM { "met" } else { "missed" };
    println!(
        "{name:<34}{:>10.1}{:>10.1}{ratio:>8.2}   {verdict}",
        micros(ours),
        micros(bare)
    );
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn raw() -> Duration {
    let key = Secret::from_bytes([1; 32]);
    let times = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        std::hint::black_box(aead::seal(&key, &[2; 24], AAD, &TEXT));
        started.elapsed()
    });
    median(times.collect())
}

fn identity(number: u8) -> (SigningKey, LogId) {
    let key = SigningKey::from_seed(&Secret::from_bytes([number; 32]));
    let log = LogId {
        member: MemberId::from_bytes(key.verifying_key().to_bytes()),
        incarnation: Incarnation::from_bytes([0; 16]),
    };
    (key, log)
}

/// The first speaks, the last of the others reads. Their records are taken after each message, as a node does.
struct Ours {
    owner: Groups,
    reader: Groups,
    log: LogId,
}

impl Ours {
    fn new(suite: Suite) -> Self {
        let mut people: Vec<(LogId, Groups, KeyPackage)> = (1..=MEMBERS)
            .map(|number| {
                let (key, log) = identity(number);
                let rng = Rng::from_seed(&Secret::from_bytes([number; 32]));
                let mut groups = Groups::new(CellId::from_bytes([0; 32]), suite, key, rng);
                let package = groups.create_key_package(log);
                (log, groups, KeyPackage::parse(suite, &package).unwrap())
            })
            .collect();
        let others: BTreeMap<_, _> = people[1..]
            .iter()
            .map(|(log, _, package)| (*log, package.clone()))
            .collect();
        let (log, mut owner, _) = people.swap_remove(0);
        owner.create_own(log).unwrap();
        let welcome = owner.add(&others, AAD).unwrap().welcome.unwrap();
        let (_, mut reader, _) = people.pop().unwrap();
        reader.join(log, &welcome).unwrap();
        Self { owner, reader, log }
    }

    fn round(&mut self) -> (Duration, Duration) {
        let started = Instant::now();
        let sealed = self.owner.seal(&TEXT, AAD).unwrap();
        self.owner.take_changes();
        let seal = started.elapsed();
        let started = Instant::now();
        let opened = self.reader.open(&self.log, &sealed, AAD).unwrap();
        self.reader.take_changes();
        let open = started.elapsed();
        assert_eq!(opened.as_slice(), TEXT);
        (seal, open)
    }
}

struct BareSigner(SigningKey);

impl Signer for BareSigner {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.0.sign_mls(payload).to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

/// OpenMLS as its own examples use it, with the provider that speaks both suites.
struct Bare {
    owner: (Provider, BareSigner, MlsGroup),
    reader: (Provider, MlsGroup),
}

impl Bare {
    fn new(suite: Ciphersuite) -> Self {
        let capabilities = Capabilities::new(None, Some(&[suite]), None, None, None);
        let named = |number: u8| {
            let (key, log) = identity(number);
            let credential = CredentialWithKey {
                credential: BasicCredential::new(log.to_bytes().to_vec()).into(),
                signature_key: key.verifying_key().to_bytes().to_vec().into(),
            };
            (Provider::new().unwrap(), BareSigner(key), credential)
        };
        let mut packages = Vec::new();
        let mut last = None;
        for number in 2..=MEMBERS {
            let (provider, signer, credential) = named(number);
            let package = openmls::prelude::KeyPackage::builder()
                .leaf_node_capabilities(capabilities.clone())
                .build(suite, &provider, &signer, credential)
                .unwrap();
            packages.push(package.key_package().clone());
            last = Some(provider);
        }
        let (provider, signer, credential) = named(1);
        let config = MlsGroupCreateConfig::builder()
            .ciphersuite(suite)
            .capabilities(capabilities)
            .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(true)
            .build();
        let mut group = MlsGroup::new(&provider, &signer, &config, credential).unwrap();
        let (_, welcome, _) = group.add_members(&provider, &signer, &packages).unwrap();
        group.merge_pending_commit(&provider).unwrap();
        let welcome = MlsMessageIn::tls_deserialize_exact_bytes(&welcome.to_bytes().unwrap());
        let MlsMessageBodyIn::Welcome(welcome) = welcome.unwrap().extract() else {
            unreachable!("it was made as a welcome")
        };
        let reader = last.unwrap();
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
            .build();
        let staged = StagedWelcome::new_from_welcome(&reader, &config, welcome, None).unwrap();
        let joined = staged.into_group(&reader).unwrap();
        Self {
            owner: (provider, signer, group),
            reader: (reader, joined),
        }
    }

    fn round(&mut self) -> (Duration, Duration) {
        let (provider, signer, group) = &mut self.owner;
        let started = Instant::now();
        group.set_aad(AAD.to_vec());
        let sealed = group.create_message(provider, signer, &TEXT).unwrap();
        let sealed = sealed.to_bytes().unwrap();
        let seal = started.elapsed();
        let (provider, group) = &mut self.reader;
        let started = Instant::now();
        let message = MlsMessageIn::tls_deserialize_exact_bytes(&sealed).unwrap();
        let message = message.try_into_protocol_message().unwrap();
        let opened = group.process_message(provider, message).unwrap();
        let ProcessedMessageContent::ApplicationMessage(text) = opened.into_content() else {
            unreachable!("it was made as a text")
        };
        let open = started.elapsed();
        assert_eq!(text.into_bytes(), TEXT);
        (seal, open)
    }
}
