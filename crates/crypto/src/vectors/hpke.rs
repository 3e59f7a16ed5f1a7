//! `rfc9180.json`: RFC 9180 appendix A.2.1, from the `hpke` crate. `xwing.json`: draft-connolly-cfrg-xwing-kem, from the
//! `x-wing` crate.

use serde_json::Value;

use super::{array, hex};
use crate::hpke::{Context, HpkeError, Kem, open, receive_export, seal, send_export};
use crate::{Rng, Secret, aead};

fn field(value: &Value, name: &str) -> Vec<u8> {
    hex(value[name].as_str().unwrap())
}

#[test]
fn hpke_over_x25519_gives_what_the_rfc_prints() {
    let vector: Value = serde_json::from_str(include_str!("rfc9180.json")).unwrap();
    let ours = Kem::X25519
        .derive_key_pair(&field(&vector, "ikmR"))
        .unwrap();
    assert_eq!(ours.private.expose().as_slice(), field(&vector, "skRm"));
    assert_eq!(ours.public, field(&vector, "pkRm"));

    let mut randomness = [0; 64];
    randomness[..32].copy_from_slice(&field(&vector, "ikmE"));
    let sent = Kem::X25519
        .encapsulate_from(&Secret::from_bytes(randomness), &ours.public)
        .unwrap();
    assert_eq!(sent.1, field(&vector, "enc"));
    let shared = Kem::X25519
        .decapsulate(&sent.1, ours.private.expose())
        .unwrap();
    assert_eq!(shared, sent.0);
    assert_eq!(shared.expose().as_slice(), field(&vector, "shared_secret"));

    let context = Context::schedule(Kem::X25519, &shared, &field(&vector, "info")).unwrap();
    assert_eq!(context.key.expose().as_slice(), field(&vector, "key"));
    assert_eq!(
        context.nonce.expose().as_slice(),
        field(&vector, "base_nonce")
    );
    assert_eq!(
        context.exporter.expose().as_slice(),
        field(&vector, "exporter_secret")
    );

    let first = &vector["encryption"];
    let (aad, plaintext) = (field(first, "aad"), field(first, "pt"));
    let sealed = aead::seal_mls(&context.key, context.nonce.expose(), &aad, &plaintext);
    assert_eq!(sealed, field(first, "ct"));
    let info = field(&vector, "info");
    let opened = open(
        Kem::X25519,
        &sent.1,
        ours.private.expose(),
        &info,
        &aad,
        &sealed,
    )
    .unwrap();
    assert_eq!(*opened, plaintext);

    let exports = vector["exports"].as_array().unwrap();
    assert_eq!(exports.len(), 3);
    for export in exports {
        let length = usize::try_from(export["L"].as_u64().unwrap()).unwrap();
        let secret = context
            .export(&field(export, "exporter_context"), length)
            .unwrap();
        assert_eq!(*secret, field(export, "exported_value"));
    }
}

#[test]
fn x_wing_gives_what_the_draft_prints() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("xwing.json")).unwrap();
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        let randomness = Secret::from_bytes(array(&field(&vector, "eseed")));
        let (shared, carrier) = Kem::XWing
            .encapsulate_from(&randomness, &field(&vector, "pk"))
            .unwrap();
        assert_eq!(carrier, field(&vector, "ct"));
        assert_eq!(shared.expose().as_slice(), field(&vector, "ss"));
        let received = Kem::XWing
            .decapsulate(&carrier, &field(&vector, "seed"))
            .unwrap();
        assert_eq!(received, shared);
    }
}

#[test]
fn sealed_bytes_open_only_for_their_key_purpose_and_data() {
    for kem in [Kem::X25519, Kem::XWing] {
        let mut rng = Rng::from_seed(&Secret::from_bytes([5; 32]));
        let alice = kem.derive_key_pair(b"alice").unwrap();
        let bob = kem.derive_key_pair(b"bob").unwrap();
        let sealed = seal(kem, &mut rng, &alice.public, b"for", b"with", b"what").unwrap();
        let open = |private: &crate::hpke::KeyPair, info: &[u8], aad: &[u8], ciphertext: &[u8]| {
            open(
                kem,
                &sealed.encapsulated,
                private.private.expose(),
                info,
                aad,
                ciphertext,
            )
            .map(|opened| opened.to_vec())
        };
        assert_eq!(
            open(&alice, b"for", b"with", &sealed.ciphertext),
            Ok(b"what".to_vec())
        );
        let mut other = sealed.ciphertext.clone();
        other[0] ^= 1;
        for wrong in [
            open(&bob, b"for", b"with", &sealed.ciphertext),
            open(&alice, b"four", b"with", &sealed.ciphertext),
            open(&alice, b"for", b"without", &sealed.ciphertext),
            open(&alice, b"for", b"with", &other),
            open(&alice, b"for", b"with", &[]),
        ] {
            assert_eq!(wrong, Err(HpkeError::DoesNotOpen));
        }
        for key in [&[][..], &[7; 31], &[7; 1217]] {
            assert_eq!(
                seal(kem, &mut rng, key, b"", b"", b""),
                Err(HpkeError::BadKey)
            );
        }
    }
}

#[test]
fn both_sides_export_the_same_secret() {
    for kem in [Kem::X25519, Kem::XWing] {
        let mut rng = Rng::from_seed(&Secret::from_bytes([6; 32]));
        let alice = kem.derive_key_pair(b"alice").unwrap();
        let (carrier, sent) =
            send_export(kem, &mut rng, &alice.public, b"info", b"context", 40).unwrap();
        let received = |context: &[u8]| {
            receive_export(kem, &carrier, alice.private.expose(), b"info", context, 40)
        };
        assert_eq!(received(b"context").unwrap(), sent);
        assert_ne!(received(b"contest").unwrap(), sent);
        let long = receive_export(
            kem,
            &carrier,
            alice.private.expose(),
            b"",
            b"",
            255 * 32 + 1,
        );
        assert_eq!(long, Err(HpkeError::TooLong));
    }
}

#[test]
fn a_point_of_small_order_is_no_key() {
    let mut rng = Rng::from_seed(&Secret::from_bytes([7; 32]));
    let sealed = seal(Kem::X25519, &mut rng, &[0; 32], b"", b"", b"");
    assert_eq!(sealed, Err(HpkeError::BadKey));

    // The X25519 half of an X-Wing carrier set to zero: ML-KEM would hide it, so it is looked for.
    let alice = Kem::XWing.derive_key_pair(b"alice").unwrap();
    let mut sealed = seal(Kem::XWing, &mut rng, &alice.public, b"", b"", b"").unwrap();
    sealed.encapsulated[1088..].fill(0);
    let opened = open(
        Kem::XWing,
        &sealed.encapsulated,
        alice.private.expose(),
        b"",
        b"",
        &sealed.ciphertext,
    );
    assert_eq!(opened, Err(HpkeError::BadKey));
}
