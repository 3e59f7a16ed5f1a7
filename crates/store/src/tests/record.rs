use proptest::prelude::*;
use proto::RecordKind;

use super::*;
use crate::tests::support::{ALICE, message, rng};

fn records(seed: u8) -> Records {
    Records::new(&Keys::generate(&mut rng(seed)))
}

#[test]
fn lengths_are_padded_and_bounded() {
    let lengths = |size: usize| -> Vec<usize> {
        let pieces = cut(&message(1), &vec![9; size], 1);
        pieces.iter().map(|plain| plain.len() + OVERHEAD).collect()
    };
    assert_eq!(lengths(0), [256]);
    assert_eq!(lengths(150), [256]);
    assert_eq!(lengths(200), [304]);
    let sizes = (0..13_000).chain((13_000..200_000).step_by(371));
    for size in sizes {
        let lengths = lengths(size);
        assert!(
            lengths
                .iter()
                .all(|length| (256..=PIECE_LEN).contains(length)),
            "{size}"
        );
        let waste = lengths.iter().sum::<usize>() - size;
        assert!(
            waste <= 512 + size / 8 + lengths.len() * OVERHEAD,
            "{size} wastes {waste}"
        );
        if let [one] = lengths[..] {
            assert_eq!(one, padme(one), "{size}");
        }
    }
}

#[test]
fn what_is_stored_has_the_padded_length() {
    let sealed = records(1).seal(&message(1), &[9; 5_000], 1, &mut rng(2));
    let plain = cut(&message(1), &[9; 5_000], 1);
    assert_eq!(sealed.len(), 2);
    assert!(
        sealed
            .iter()
            .zip(plain)
            .all(|((_, stored), plain)| stored.len() == plain.len() + OVERHEAD)
    );
}

#[test]
fn few_lengths_can_be_told_apart() {
    // 16 lengths for each doubling from 256 to 4096, and 4096 itself.
    let lengths: std::collections::BTreeSet<usize> = (0..3_900)
        .map(|size| cut(&message(1), &vec![0; size], 1)[0].len())
        .collect();
    assert_eq!(lengths.len(), 65);
}

#[test]
fn a_piece_opens_only_under_its_name_and_generation() {
    let keys = Keys::generate(&mut rng(1));
    let records = Records::new(&keys);
    let (name, stored) = records.seal(&message(1), b"text", 1, &mut rng(2)).remove(0);
    assert!(matches!(
        records.open(&name, &stored),
        Ok(Piece::Head {
            commit: 1,
            pieces: 1,
            ..
        })
    ));
    assert!(
        records
            .open(&records.name(&message(2), 0), &stored)
            .is_err()
    );
    assert!(
        records
            .open(&records.name(&message(1), 1), &stored)
            .is_err()
    );
    let next = Records::new(&Keys {
        generation: 2,
        ..keys
    });
    assert_eq!(
        next.name(&message(1), 0),
        name,
        "names outlive a generation"
    );
    assert!(next.open(&name, &stored).is_err());
}

#[test]
fn names_tell_nothing_without_the_index_key() {
    let (one, other) = (records(1), records(2));
    let near = Key::new(RecordKind::Message, ALICE, b"");
    let names = [
        one.name(&message(1), 0),
        one.name(&message(1), 1),
        other.name(&message(1), 0),
    ];
    let names = [
        &names[..],
        &[one.name(&near, 0), one.commit_name(), other.commit_name()],
    ]
    .concat();
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
}

#[test]
fn the_mark_changes_with_every_write_and_leaves_with_the_piece() {
    let records = records(1);
    let mut rng = rng(2);
    let mut piece = |text: &[u8]| records.seal(&message(1), text, 1, &mut rng).remove(0);
    let (one, same) = (piece(b"text"), piece(b"text"));
    assert_ne!(records.mark(&one.0, &one.1), records.mark(&same.0, &same.1));
    let mut commit = Commit::default();
    commit.toggle(&records.mark(&one.0, &one.1));
    commit.toggle(&records.mark(&same.0, &same.1));
    commit.toggle(&records.mark(&one.0, &one.1));
    assert_eq!(commit.set, records.mark(&same.0, &same.1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pieces_put_together_are_the_record(
        name in proptest::collection::vec(any::<u8>(), 0..=80),
        size in prop_oneof![0..5_000usize, 0..70_000usize],
    ) {
        let key = Key::new(RecordKind::Group, ALICE, &name);
        let value: Vec<u8> = (0..size).map(|at| (at * 7 % 251) as u8).collect();
        let records = records(1);
        let mut whole = Vec::new();
        for (name, stored) in records.seal(&key, &value, 5, &mut rng(2)) {
            match records.open(&name, &stored) {
                Ok(Piece::Head { commit: 5, body, .. } | Piece::Tail { commit: 5, body }) => {
                    whole.extend_from_slice(&body);
                }
                _ => prop_assert!(false),
            }
        }
        let (found, read) = parse_body(&whole).unwrap();
        prop_assert_eq!(found, key);
        prop_assert!(*read == value);
    }

    #[test]
    fn no_bytes_make_the_parsers_fail(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = parse_piece(&bytes);
        let _ = parse_body(&bytes);
        prop_assert!(records(1).open(&[0; 16], &bytes).is_err());
    }

    #[test]
    fn a_changed_piece_does_not_open(at in 0..256usize, flip in 1..=255u8) {
        let records = records(1);
        let (name, mut stored) = records.seal(&message(1), b"text", 1, &mut rng(2)).remove(0);
        stored[at] ^= flip;
        prop_assert!(records.open(&name, &stored).is_err());
    }
}
