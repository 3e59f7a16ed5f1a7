use std::collections::BTreeSet;

use crypto::Rng;
use proptest::prelude::*;

use super::*;

fn rng(seed: u8) -> Rng {
    Rng::from_seed(&Secret::from_bytes([seed; 32]))
}

fn key(seed: u8) -> CarrierKey {
    CarrierKey::generate(&mut rng(seed))
}

fn sealed(content: &[u8]) -> Vec<u8> {
    seal(&key(1), content, &mut rng(9)).unwrap()
}

fn opened(bundle: &[u8]) -> Result<Vec<u8>, BundleError> {
    let key = key(1);
    open([((), &key)].into_iter(), bundle).map(|((), content)| content.to_vec())
}

/// Content whose bytes differ from place to place.
fn content(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    rng(5).fill(&mut bytes);
    bytes
}

/// Where each sealed chunk begins, and where the last ends.
fn chunk_bounds(bundle: &[u8]) -> Vec<usize> {
    let mut bounds: Vec<usize> = (SALT_LEN + SEALED_HEADER_LEN..bundle.len())
        .step_by(CHUNK_LEN + TAG_LEN)
        .collect();
    bounds.push(bundle.len());
    bounds
}

#[test]
fn content_of_every_shape_is_read_back() {
    for len in [
        0,
        1,
        4095,
        4096,
        4097,
        CHUNK_LEN - 1,
        CHUNK_LEN,
        CHUNK_LEN + 1,
        3 * CHUNK_LEN + 5,
    ] {
        let content = content(len);
        assert_eq!(
            opened(&sealed(&content)).as_ref(),
            Ok(&content),
            "{len} bytes"
        );
    }
}

#[test]
fn content_over_the_limit_is_refused() {
    let content = vec![7; CONTENT_LIMIT + 1];
    assert_eq!(
        seal(&key(1), &content, &mut rng(9)),
        Err(SealError::TooLarge)
    );
}

#[test]
fn the_key_that_fits_is_named_and_others_find_nothing() {
    let bundle = sealed(b"to the cell of alice and bob");
    let (alice, bob, carol) = (key(1), key(2), key(3));
    let keys = [("bob", &bob), ("alice", &alice), ("carol", &carol)];
    let (tag, content) = open(keys.into_iter(), &bundle).unwrap();
    assert_eq!(
        (tag, content.as_slice()),
        ("alice", &b"to the cell of alice and bob"[..])
    );
    assert_eq!(
        open([((), &carol)].into_iter(), &bundle),
        Err(BundleError::Foreign)
    );
    assert_eq!(
        open(std::iter::empty::<((), _)>(), &bundle),
        Err(BundleError::Foreign)
    );
}

#[test]
fn chunks_that_are_moved_missing_repeated_or_added_are_noticed() {
    let bundle = sealed(&content(4 * CHUNK_LEN));
    let bounds = chunk_bounds(&bundle);
    let chunk = |n: usize| &bundle[bounds[n]..bounds[n + 1]];
    let head = &bundle[..bounds[0]];
    assert_eq!(bounds.len(), 5);
    assert!(opened(&[head, chunk(0), chunk(1), chunk(2), chunk(3)].concat()).is_ok());
    for wrong in [
        [head, chunk(1), chunk(0), chunk(2), chunk(3)].concat(),
        [head, chunk(0), chunk(0), chunk(2), chunk(3)].concat(),
        [head, chunk(0), chunk(1), chunk(3), chunk(2)].concat(),
        [head, chunk(0), chunk(1), chunk(2)].concat(),
        [head, chunk(1), chunk(2), chunk(3)].concat(),
        [head, chunk(0), chunk(1), chunk(2), chunk(3), chunk(3)].concat(),
        head.to_vec(),
    ] {
        assert_eq!(opened(&wrong), Err(BundleError::Damaged));
    }
}

#[test]
fn a_stream_cut_at_a_chunk_does_not_open_even_under_a_header_that_agrees() {
    // The length check would catch this first; the last-flag of STREAM has to catch it alone.
    let keys = Keys::derive(&key(1), &[3; SALT_LEN]);
    let chunk =
        |number, last| aead::seal(&keys.body, &chunk_nonce(number, last), &[], &[1; CHUNK_LEN]);
    let len = u32::try_from(CHUNK_LEN).unwrap();
    assert!(open_body(&keys.body, len, &chunk(0, true)).is_some());
    assert!(open_body(&keys.body, len, &chunk(0, false)).is_none());
    assert!(open_body(&keys.body, len, &chunk(1, true)).is_none());
}

#[test]
fn a_member_who_lies_about_the_length_makes_us_take_no_memory_for_it() {
    let bundle = sealed(b"short");
    let (salt, rest) = bundle.split_first_chunk::<SALT_LEN>().unwrap();
    let keys = Keys::derive(&key(1), salt);
    for len in [
        6,
        4097,
        CONTENT_LIMIT as u32,
        CONTENT_LIMIT as u32 + 1,
        u32::MAX,
    ] {
        let header = aead::seal(&keys.header, &[0; NONCE_LEN], &[], &len.to_be_bytes());
        let lie = [salt.as_slice(), &header, &rest[SEALED_HEADER_LEN..]].concat();
        // Six bytes pad to the same length, so that lie opens: to the five bytes and one of the padding.
        let expected = if len == 6 {
            Ok(b"short\0".to_vec())
        } else {
            Err(BundleError::Damaged)
        };
        assert_eq!(opened(&lie), expected, "{len}");
    }
    let header = aead::seal(&keys.header, &[0; NONCE_LEN], &[], &4_u32.to_be_bytes());
    let lie = [salt.as_slice(), &header, &rest[SEALED_HEADER_LEN..]].concat();
    assert_eq!(
        opened(&lie),
        Err(BundleError::Damaged),
        "something behind the content"
    );
}

#[test]
fn padme_rounds_as_in_the_paper() {
    for (len, padded) in [
        (2, 2),
        (8, 8),
        (9, 10),
        (10, 10),
        (11, 12),
        (100, 104),
        (1000, 1024),
        (1025, 1088),
    ] {
        assert_eq!(padme(len), padded, "{len}");
    }
    assert_eq!(padded_len(0), CONTENT_FLOOR);
    assert_eq!(padded_len(CONTENT_LIMIT), CONTENT_LIMIT);
}

#[test]
fn contents_of_similar_size_give_bundles_of_the_same_size() {
    let sizes = |lens: &[usize]| {
        lens.iter()
            .map(|len| sealed(&vec![1; *len]).len())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(sizes(&[0, 1, 100, 4096]).len(), 1);
    assert_eq!(sizes(&[129_025, 130_000, 131_072]).len(), 1);
    // All that a size can tell in a whole range: 32 steps from 64 KiB to 128 KiB.
    let steps: BTreeSet<usize> = (1 << 16..1 << 17).map(padded_len).collect();
    assert_eq!(steps.len(), 33);
}

#[test]
fn every_byte_value_is_as_likely_as_in_noise() {
    let bundle = sealed(&vec![0; 1 << 20]);
    let mut counts = [0_u32; 256];
    for byte in &bundle {
        counts[usize::from(*byte)] += 1;
    }
    let expected = bundle.len() as f64 / 256.0;
    let chi_square: f64 = counts
        .iter()
        .map(|count| (f64::from(*count) - expected).powi(2) / expected)
        .sum();
    // 255 degrees of freedom: mean 255, deviation 22.6. Five deviations either way; text is beyond 100,000.
    assert!(
        (142.0..368.0).contains(&chi_square),
        "chi square {chi_square}"
    );
}

#[test]
fn the_beginning_is_as_random_as_the_rest() {
    let (key, mut rng) = (key(1), rng(9));
    let mut seen = vec![BTreeSet::new(); SALT_LEN + SEALED_HEADER_LEN];
    for _ in 0..1000 {
        let bundle = seal(&key, b"", &mut rng).unwrap();
        for (values, byte) in seen.iter_mut().zip(bundle) {
            values.insert(byte);
        }
    }
    // A thousand draws of 256 values leave about five out. A fixed or counting byte would leave out almost all.
    assert!(seen.iter().all(|values| values.len() > 230));
}

#[test]
fn nothing_of_the_content_can_be_read_and_no_two_bundles_are_alike() {
    let text = b"meet at dawn by the old mill; ".repeat(4000);
    let (key, mut rng) = (key(1), rng(9));
    let one = seal(&key, &text, &mut rng).unwrap();
    let two = seal(&key, &text, &mut rng).unwrap();
    let windows = |bytes: &[u8]| {
        bytes
            .windows(8)
            .map(<[u8]>::to_vec)
            .collect::<BTreeSet<_>>()
    };
    let (text, one, two) = (windows(&text), windows(&one), windows(&two));
    assert!(text.is_disjoint(&one));
    assert!(one.is_disjoint(&two));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_content_is_read_back(content in prop::collection::vec(any::<u8>(), 0..150_000)) {
        let bundle = sealed(&content);
        prop_assert_eq!(opened(&bundle), Ok(content));
    }

    #[test]
    fn padding_costs_at_most_an_eighth(len in 2_usize..=CONTENT_LIMIT) {
        let padded = padme(len);
        prop_assert!(padded >= len && (padded - len) * 100 <= len * 12);
        prop_assert_eq!(padme(padded), padded);
    }

    #[test]
    fn one_flipped_bit_is_noticed(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut bundle = sealed(&content(100_000));
        let at = at.index(bundle.len());
        bundle[at] ^= 1 << bit;
        let expected = if at < SALT_LEN + SEALED_HEADER_LEN { BundleError::Foreign } else { BundleError::Damaged };
        prop_assert_eq!(opened(&bundle), Err(expected));
    }

    #[test]
    fn a_cut_or_lengthened_bundle_is_noticed(at in any::<prop::sample::Index>(), more in prop::collection::vec(any::<u8>(), 1..100)) {
        let mut bundle = sealed(&content(70_000));
        let at = at.index(bundle.len());
        let expected = if at < SALT_LEN + SEALED_HEADER_LEN { BundleError::Foreign } else { BundleError::Damaged };
        prop_assert_eq!(opened(&bundle[..at]), Err(expected));
        bundle.extend(more);
        prop_assert_eq!(opened(&bundle), Err(BundleError::Damaged));
    }

    #[test]
    fn noise_is_foreign(noise in prop::collection::vec(any::<u8>(), 0..10_000)) {
        prop_assert_eq!(opened(&noise), Err(BundleError::Foreign));
    }
}
