//! Key packages: one serves everybody, and one that is not as it must be is refused.

use openmls::prelude::{Capabilities, CredentialType, ExtensionType, Lifetime};
use tls_codec::Serialize;

use super::*;

/// A signature with its length: 64 in the two bytes that it takes.
const SIGNATURE: usize = 2 + 64;

/// The extensions of a package with their length: the mark of a last resort and nothing else.
const EXTENSIONS: usize = 1 + 3;

fn refuses(bytes: &[u8]) -> bool {
    KeyPackage::parse(Suite::X25519, bytes).is_err()
}

/// Where in the bytes of a package the init key and the leaf lie, without and with the length before them.
struct Places {
    init_key: std::ops::Range<usize>,
    leaf_key: std::ops::Range<usize>,
    leaf: usize,
}

fn places(suite: Suite) -> Places {
    let (prefix, len) = match suite {
        Suite::X25519 => (1, 32),
        Suite::XWing => (2, 1216),
    };
    let init_key = 4 + prefix..4 + prefix + len;
    let leaf = init_key.end;
    Places {
        init_key,
        leaf_key: leaf + prefix..leaf + prefix + len,
        leaf,
    }
}

/// Signs anew what somebody made of their package, leaf and all: only the signatures differ.
fn signed_anew(player: &Player, mut bytes: Vec<u8>) -> Vec<u8> {
    let sign = |label: &[u8], content: &[u8]| {
        let mut signed = Vec::new();
        for part in [label, content] {
            let part = tls_codec::VLBytes::new(part.to_vec());
            signed.extend(part.tls_serialize_detached().unwrap());
        }
        player.identity().sign_mls(&signed)
    };
    let leaf_end = bytes.len() - SIGNATURE - EXTENSIONS - SIGNATURE;
    let leaf = &bytes[places(player.suite).leaf..leaf_end];
    let signature = sign(b"MLS 1.0 LeafNodeTBS", leaf);
    bytes[leaf_end + 2..leaf_end + SIGNATURE].copy_from_slice(&signature);
    let end = bytes.len() - SIGNATURE;
    let signature = sign(b"MLS 1.0 KeyPackageTBS", &bytes[..end]);
    bytes[end + 2..].copy_from_slice(&signature);
    bytes
}

#[test]
fn one_package_serves_every_owner_any_number_of_times() {
    for suite in [Suite::XWing, Suite::X25519] {
        let World {
            mut alice,
            mut bob,
            mut carol,
        } = World::apart(suite);
        for owner in [&mut alice, &mut carol] {
            for _ in 0..2 {
                let commit = owner.add(&[&bob]);
                bob.go_along(owner.log, &commit).unwrap();
                assert_still_follows(owner, &mut bob);
                bob.reload();
                let commit = owner.remove(&[bob.log]);
                bob.go_along(owner.log, &commit).unwrap();
                assert!(!bob.groups.follows(&owner.log));
            }
        }
    }
}

#[test]
fn a_package_says_whose_it_is() {
    for suite in [Suite::XWing, Suite::X25519] {
        let bob = Player::new(suite, 2);
        assert_eq!(bob.parsed_package().log(), bob.log);
    }
}

#[test]
fn a_package_that_names_another_member_is_refused() {
    let World { alice, bob, .. } = World::apart(Suite::X25519);
    let own = package_naming(&bob, bob.log);
    let own = own.tls_serialize_detached().unwrap();
    assert!(!refuses(&own));
    let named = package_naming(&bob, alice.log);
    assert!(refuses(&named.tls_serialize_detached().unwrap()));
}

#[test]
fn a_package_of_another_suite_is_refused() {
    for (suite, other) in [(Suite::XWing, Suite::X25519), (Suite::X25519, Suite::XWing)] {
        let bob = Player::new(suite, 2);
        assert!(KeyPackage::parse(suite, &bob.package).is_ok());
        assert!(KeyPackage::parse(other, &bob.package).is_err());
    }
}

#[test]
fn a_package_whose_keys_nobody_can_seal_to_is_refused() {
    for suite in [Suite::XWing, Suite::X25519] {
        let bob = Player::new(suite, 2);
        let unchanged = signed_anew(&bob, bob.package.clone());
        assert!(KeyPackage::parse(suite, &unchanged).is_ok());
        let Places {
            init_key, leaf_key, ..
        } = places(suite);
        for key in [init_key, leaf_key] {
            // An X25519 key of zeros agrees with every other on zeros. X-Wing still stands on its other half, which
            // comes first, and where every twelve bits are a number below 3329.
            let mut useless = bob.package.clone();
            let part = match suite {
                Suite::X25519 => key.clone(),
                Suite::XWing => key.start..key.start + 3,
            };
            useless[part].fill(if suite == Suite::XWing { 0xff } else { 0 });
            let useless = signed_anew(&bob, useless);
            assert!(KeyPackage::parse(suite, &useless).is_err());
            let mut other = bob.package.clone();
            other[key.end - 1] ^= 1;
            let other = signed_anew(&bob, other);
            assert!(KeyPackage::parse(suite, &other).is_ok());
        }
    }
}

#[test]
fn a_package_with_one_key_for_both_purposes_is_refused() {
    let bob = Player::new(Suite::X25519, 2);
    let Places {
        init_key, leaf_key, ..
    } = places(Suite::X25519);
    let mut same = bob.package.clone();
    same.copy_within(init_key, leaf_key.start);
    assert!(refuses(&signed_anew(&bob, same)));
}

#[test]
fn a_package_that_is_not_made_as_we_make_them_is_refused() {
    let bob = Player::new(Suite::X25519, 2);
    let build = |change: &dyn Fn(
        openmls::prelude::KeyPackageBuilder,
    ) -> openmls::prelude::KeyPackageBuilder| {
        let builder = openmls::prelude::KeyPackage::builder()
            .key_package_lifetime(lifetime())
            .leaf_node_capabilities(capabilities(bob.suite));
        let built = change(builder).build(
            ciphersuite(bob.suite),
            &provider(&bob),
            &Signer(&bob.identity()),
            credential(&bob.log, &bob.log.member),
        );
        let package = built.unwrap().into_key_package();
        package.tls_serialize_detached().unwrap()
    };
    let more = Capabilities::new(
        Some(&[ProtocolVersion::Mls10]),
        Some(&crate::suite::SUITES),
        Some(&[ExtensionType::LastResort]),
        Some(&[]),
        Some(&[CredentialType::Basic]),
    );
    assert!(!refuses(&build(&|as_we| as_we.mark_as_last_resort())));
    assert!(refuses(&build(&|for_one_use| for_one_use)));
    assert!(refuses(&build(&|short_lived| {
        short_lived
            .mark_as_last_resort()
            .key_package_lifetime(Lifetime::default())
    })));
    assert!(refuses(&build(&|able_to_do_more| {
        able_to_do_more
            .mark_as_last_resort()
            .leaf_node_capabilities(more.clone())
    })));
}

#[test]
fn a_package_that_was_changed_cut_or_lengthened_is_refused() {
    let bob = Player::new(Suite::X25519, 2);
    for at in 0..bob.package.len() {
        let mut changed = bob.package.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(refuses(&changed), "changed at {at}");
        assert!(refuses(&bob.package[..at]), "cut at {at}");
    }
    assert!(refuses(&[bob.package.as_slice(), &[0]].concat()));
}
