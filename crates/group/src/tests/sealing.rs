//! Where the randomness of a sealing comes from: see `Algorithms` on why not from the generator.

use std::collections::BTreeSet;

use crypto::hpke::Kem;
use openmls_traits::crypto::OpenMlsCrypto;

use super::{Suite, rng};
use crate::provider::Algorithms;
use crate::suite::ciphersuite;

#[test]
fn every_sealing_has_randomness_of_its_own_that_only_the_seed_decides() {
    for (suite, kem) in [(Suite::XWing, Kem::XWing), (Suite::X25519, Kem::X25519)] {
        let public = |number| kem.derive_key_pair(&[number; 32]).unwrap().public;
        let (bob, carol) = (public(2), public(3));
        let seal = |seed: u8, to: &[u8], info: &[u8], aad: &[u8], text: &[u8]| {
            let algorithms = Algorithms::new(rng(seed, 0));
            let config = ciphersuite(suite).hpke_config();
            let sealed = algorithms.hpke_seal(config, to, info, aad, text).unwrap();
            sealed.kem_output.as_slice().to_vec()
        };
        let carriers = [
            seal(1, &bob, b"info", b"aad", b"text"),
            seal(2, &bob, b"info", b"aad", b"text"),
            seal(1, &carol, b"info", b"aad", b"text"),
            seal(1, &bob, b"infoaad", b"", b"text"),
            seal(1, &bob, b"info", b"aadtext", b""),
            seal(1, &bob, b"info", b"aad", b"other"),
        ];
        assert_eq!(carriers[0], seal(1, &bob, b"info", b"aad", b"text"));
        let different: BTreeSet<_> = carriers.iter().collect();
        assert_eq!(different.len(), carriers.len());
    }
}
