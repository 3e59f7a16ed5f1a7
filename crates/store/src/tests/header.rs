use proptest::prelude::*;

use super::*;
use crate::tests::support::{passphrase, rng};

fn header(anchor: u64) -> (Header, Keys) {
    let mut rng = rng(3);
    let keys = Keys::generate(&mut rng);
    let header = Header::create(&passphrase(), KdfParams::TEST, &keys, anchor, &mut rng).unwrap();
    (header, keys)
}

fn open(bytes: &[u8]) -> Option<(Keys, Option<u64>)> {
    Header::open(bytes, &passphrase()).map(|opened| (opened.keys, opened.anchor))
}

#[test]
fn a_header_opens_with_its_keys_and_anchor() {
    let (header, keys) = header(7);
    assert_eq!(open(header.bytes.as_slice()), Some((keys, Some(7))));
    assert!(Header::open(header.bytes.as_slice(), &Passphrase::new("other")).is_none());
}

#[test]
fn either_copy_alone_opens_and_repairs_the_other() {
    let (header, keys) = header(7);
    for copy in 0..2 {
        let mut bytes = header.bytes.clone();
        bytes[copy * COPY_LEN..][..COPY_LEN].fill(0);
        let opened = Header::open(bytes.as_slice(), &passphrase()).unwrap();
        assert_eq!((opened.keys, opened.anchor), (keys.clone(), Some(7)));
        assert_eq!(opened.header.bytes, header.bytes, "repaired");
    }
    let first_only = &header.bytes[..COPY_LEN];
    assert_eq!(open(first_only), Some((keys, Some(7))));
}

#[test]
fn a_torn_overwrite_leaves_the_old_or_the_new_anchor() {
    let (mut header, keys) = header(7);
    let old = header.bytes.clone();
    header.set_anchor(&keys, 8, &mut rng(4));
    for copy in 0..2 {
        for sector in 0..COPY_LEN / 512 {
            for is_head_written in [true, false] {
                // Copy 0 is synced before copy 1 is touched.
                let mut bytes = if copy == 0 {
                    old.clone()
                } else {
                    header.bytes.clone()
                };
                let (from, to) = (copy * COPY_LEN, copy * COPY_LEN + sector * 512);
                bytes[from..from + COPY_LEN].copy_from_slice(&old[from..from + COPY_LEN]);
                let written = if is_head_written {
                    from..to
                } else {
                    to..from + COPY_LEN
                };
                bytes[written.clone()].copy_from_slice(&header.bytes[written]);
                let (found, anchor) = open(bytes.as_slice()).unwrap();
                assert_eq!(found, keys);
                let least = if copy == 0 { 7 } else { 8 };
                assert!((least..=8).contains(&anchor.unwrap()));
            }
        }
    }
}

#[test]
fn newer_keys_win_over_older_ones() {
    let (mut header, keys) = header(7);
    let old = header.bytes.clone();
    let kek = argon2id(
        passphrase().expose().as_bytes(),
        &salt(&old[..BOUND_LEN]),
        KdfParams::TEST,
    )
    .unwrap();
    let newer = Keys {
        generation: 2,
        ..Keys::generate(&mut rng(5))
    };
    header.set_keys(&kek, &newer, &mut rng(6));
    header.set_anchor(&newer, 1, &mut rng(6));
    for copy in 0..2 {
        let mut bytes = header.bytes.clone();
        bytes[copy * COPY_LEN..][..COPY_LEN].copy_from_slice(&old[..COPY_LEN]);
        let (found, anchor) = open(bytes.as_slice()).unwrap();
        assert!(found == newer && found != keys);
        assert_eq!(anchor, Some(1));
    }
}

#[test]
fn a_header_cannot_ask_for_more_than_the_ceiling() {
    let (header, _) = header(7);
    for at in [4, 8, 12] {
        let mut bytes = header.bytes.clone();
        for copy in 0..2 {
            bytes[copy * COPY_LEN + at..][..4].fill(0xff);
        }
        assert_eq!(stretch(&bytes, &passphrase()), [None, None]);
        assert!(open(bytes.as_slice()).is_none());
    }
}

#[test]
fn parameters_and_salt_are_bound_to_the_slot() {
    let (header, keys) = header(7);
    let mut bytes = header.bytes.clone();
    let other = KdfParams {
        passes: 2,
        ..KdfParams::TEST
    };
    let clear = encode_clear(other, &salt(&bytes[..BOUND_LEN]));
    let kek = argon2id(
        passphrase().expose().as_bytes(),
        &salt(&clear),
        KdfParams::TEST,
    )
    .unwrap();
    assert!(open_slot(&bytes, 0, header.slot, Some(&kek)).is_some_and(|(found, _)| found == keys));
    bytes[..BOUND_LEN].copy_from_slice(&clear);
    assert!(open_slot(&bytes, 0, header.slot, Some(&kek)).is_none());
}

#[test]
fn a_slot_opens_only_in_its_place() {
    let (header, _) = header(7);
    let mut bytes = header.bytes.clone();
    let (from, to) = (
        slot_start(header.slot),
        slot_start((header.slot + 1) % SLOTS),
    );
    for copy in [0, COPY_LEN] {
        bytes.copy_within(copy + from..copy + from + SLOT_LEN, copy + to);
        bytes[copy + from..copy + from + SLOT_LEN].fill(0);
    }
    assert!(open(bytes.as_slice()).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_parser_fail_or_open(bytes in proptest::collection::vec(any::<u8>(), 0..10_000)) {
        prop_assert!(open(&bytes).is_none());
    }

    #[test]
    fn damage_gives_the_same_keys_or_none(
        spots in proptest::collection::vec((0..HEADER_LEN, 1..=255u8), 1..40),
        length in 0..=HEADER_LEN,
    ) {
        let (header, keys) = header(7);
        let mut bytes = header.bytes.to_vec();
        spots.into_iter().for_each(|(at, flip)| bytes[at] ^= flip);
        bytes.truncate(length);
        if let Some((found, anchor)) = open(&bytes) {
            prop_assert_eq!(found, keys);
            prop_assert!(anchor.is_none_or(|anchor| anchor == 7));
        }
    }
}
