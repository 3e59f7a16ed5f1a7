use proptest::prelude::*;

use super::*;

const MESSAGE: MessageId = MessageId::from_bytes([7; 32]);

fn key() -> Secret<32> {
    Secret::from_bytes([9; 32])
}

fn about(size: usize) -> About {
    About {
        name: FileName::sanitise("plan.pdf"),
        media: Media::File,
        size: size as u64,
    }
}

/// A file, sealed: the attachment and its pieces.
fn sealed(file: &[u8]) -> (Attachment, Vec<Vec<u8>>) {
    let size = file.len() as u64;
    let sealed: Vec<Vec<u8>> = (0..pieces(size))
        .map(|index| {
            let from = start(index).min(file.len());
            let to = from + file_len(size, index);
            seal(&key(), &MESSAGE, size, index, &file[from..to])
        })
        .collect();
    let hashes = (0..).zip(&sealed);
    let attachment = Attachment {
        key: key(),
        about: about(file.len()),
        hashes: hashes
            .map(|(index, piece)| piece_hash(&MESSAGE, index, piece))
            .collect(),
    };
    (attachment, sealed)
}

fn opened(attachment: &Attachment, pieces: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    for (index, piece) in (0..).zip(pieces) {
        file.extend_from_slice(&attachment.open(&MESSAGE, index, piece)?);
    }
    Some(file)
}

fn noise(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 31 % 251) as u8).collect()
}

#[test]
fn a_file_comes_out_as_it_went_in_whatever_its_size() {
    for len in [
        1,
        4095,
        4096,
        PIECE_LEN - 1,
        PIECE_LEN,
        PIECE_LEN + 1,
        3 * PIECE_LEN,
        1_000_003,
    ] {
        let file = noise(len);
        let (attachment, pieces) = sealed(&file);
        assert_eq!(opened(&attachment, &pieces), Some(file), "{len}");
        for (index, piece) in (0..).zip(&pieces) {
            assert_eq!(piece.len(), sealed_len(len as u64, index));
        }
    }
}

#[test]
fn pieces_that_are_moved_missing_or_of_another_message_do_not_open() {
    let (attachment, mut pieces) = sealed(&noise(3 * PIECE_LEN));
    assert!(attachment.open(&MESSAGE, 0, &pieces[1]).is_none());
    let other = MessageId::from_bytes([8; 32]);
    assert!(attachment.open(&other, 0, &pieces[0]).is_none());
    // A file that was cut at a piece does not pass for a whole one: its last piece is not marked as such.
    let cut = Attachment {
        about: about(2 * PIECE_LEN),
        ..attachment.clone()
    };
    assert!(cut.open(&MESSAGE, 1, &pieces[1]).is_none());
    pieces[0][5] ^= 1;
    assert!(attachment.open(&MESSAGE, 0, &pieces[0]).is_none());
}

#[test]
fn each_piece_is_sealed_as_stream_says() {
    // STREAM (CRYPTO 2015, §7) with a counter and a last-flag in the nonce: the same by the bare primitive.
    let file = noise(PIECE_LEN + 10);
    let (_, pieces) = sealed(&file);
    let mut nonce = [0; 24];
    let first = aead::seal(&key(), &nonce, MESSAGE.as_bytes(), &file[..PIECE_LEN]);
    assert_eq!(pieces[0], first);
    nonce[7] = 1;
    nonce[8] = 1;
    let mut rest = file[PIECE_LEN..].to_vec();
    rest.resize(padded(file.len() as u64) - PIECE_LEN, 0);
    assert_eq!(
        pieces[1],
        aead::seal(&key(), &nonce, MESSAGE.as_bytes(), &rest)
    );
}

#[test]
fn sizes_are_told_apart_only_roughly() {
    let lens = |from: u64, to: u64| {
        let all: std::collections::BTreeSet<usize> = (from..to).map(padded).collect();
        all.len()
    };
    assert_eq!(lens(1, 4097), 1);
    assert!(lens(1_000_000, 1_100_000) <= 5);
    assert!(padded(ATTACHMENT_LIMIT) <= usize::try_from(ATTACHMENT_LIMIT).unwrap() * 112 / 100);
}

#[test]
fn what_claims_too_much_or_is_named_wrongly_is_refused() {
    let (good, _) = sealed(&noise(100_000));
    let wire = AttachmentIn::from(&good);
    assert!(wire.check().is_ok());
    let wrong: [&dyn Fn(&mut AttachmentIn); 10] = [
        &|it| it.size = 0,
        &|it| it.size = u64::MAX,
        &|it| it.size = 25 * 1024 * 1024 + 1,
        &|it| it.hashes.truncate(1),
        &|it| it.hashes.push([0; 32]),
        &|it| it.media = 2,
        &|it| it.media = IMAGE,
        &|it| it.width = 1,
        &|it| it.name = b"../x".as_slice().into(),
        &|it| it.key = vec![1; 31].into(),
    ];
    for (number, spoil) in wrong.iter().enumerate() {
        let mut spoiled = wire.clone();
        spoil(&mut spoiled);
        assert!(spoiled.check().is_err(), "{number}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_stored_is_read_back(len in 1usize..200_000, width in 0u32..5, name in "[a-zа-я]{1,20}") {
        let (mut attachment, _) = sealed(&noise(len));
        attachment.about.name = FileName::sanitise(&name);
        if width > 0 {
            attachment.about.media = Media::Image { width, height: 2 * width };
        }
        prop_assert!(Attachment::from_bytes(&attachment.to_bytes()).unwrap() == attachment);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(attachment) = Attachment::from_bytes(&bytes) {
            prop_assert_eq!(attachment.to_bytes(), bytes);
        }
    }

    #[test]
    fn any_piece_is_opened_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), index in any::<u32>()) {
        let (attachment, _) = sealed(&noise(10));
        prop_assert!(attachment.open(&MESSAGE, index, &bytes).is_none());
        prop_assert!(file_len(u64::MAX, index) <= PIECE_LEN);
        prop_assert!(pieces(u64::from(index)) >= 1);
    }
}
