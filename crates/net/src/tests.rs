//! The framing, addresses and keys; what goes over real sockets is told in `tests/loopback`.

#![allow(
    clippy::expect_used,
    reason = "a test fails by panicking, its helpers included"
)]

use futures::executor::block_on;
use futures::io::Cursor;
use proptest::prelude::*;
use proto::FRAME_LIMIT;

use crate::address::{announced, from_libp2p, to_libp2p, to_socket};
use crate::codec;

fn read_all(bytes: &[u8]) -> (Vec<Option<Vec<u8>>>, std::io::ErrorKind) {
    let mut stream = Cursor::new(bytes);
    let mut frames = Vec::new();
    loop {
        match block_on(codec::read(&mut stream, FRAME_LIMIT)) {
            Ok(frame) => frames.push(frame),
            Err(error) => return (frames, error.kind()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn frames_are_read_back_and_the_wire_carries_whole_cells(
        lengths in proptest::collection::vec(prop_oneof![0..3000_usize, 250_000..=FRAME_LIMIT], 1..6),
    ) {
        let frames: Vec<Vec<u8>> = lengths.iter().map(|length| vec![7; *length]).collect();
        let mut wire = Vec::new();
        for frame in &frames {
            codec::encode(frame, FRAME_LIMIT, &mut wire);
            prop_assert!(wire.len().is_multiple_of(codec::CELL));
        }
        let (read, end) = read_all(&wire);
        let expected: Vec<_> = frames.into_iter().map(|frame| (!frame.is_empty()).then_some(frame)).collect();
        prop_assert_eq!(read, expected);
        prop_assert_eq!(end, std::io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn any_bytes_are_frames_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..5000)) {
        let (frames, _) = read_all(&bytes);
        prop_assert!(frames.iter().flatten().all(|frame| frame.len() <= FRAME_LIMIT));
    }
}

#[test]
fn a_frame_over_the_limit_or_padded_with_something_ends_the_stream() {
    let mut too_long = vec![0; codec::CELL];
    too_long[..4].copy_from_slice(&(FRAME_LIMIT as u32 + 1).to_be_bytes());
    assert_eq!(
        read_all(&too_long),
        (vec![], std::io::ErrorKind::InvalidData)
    );

    let mut smuggled = codec::keepalive();
    smuggled[codec::CELL - 1] = 1;
    assert_eq!(
        read_all(&smuggled),
        (vec![], std::io::ErrorKind::InvalidData)
    );
    assert_eq!(read_all(&codec::keepalive()).0, [None]);
}

#[test]
fn peers_are_named_by_their_key_both_ways() {
    let keypair = libp2p::identity::Keypair::generate_ed25519();
    let peer = keypair.public().to_peer_id();
    let ours = from_libp2p(&peer).expect("an Ed25519 peer");
    assert_eq!(to_libp2p(&ours), Some(peer));
    assert_eq!(
        from_libp2p(&libp2p::PeerId::random()),
        None,
        "a hash is no key"
    );
}

#[test]
fn only_plain_addresses_are_dialled() {
    let socket = |text: &str| to_socket(&model::Address::parse(text).expect("an address"));
    assert_eq!(
        socket("/ip4/192.0.2.1/tcp/4001"),
        "192.0.2.1:4001".parse().ok()
    );
    assert_eq!(socket("/ip6/::1/tcp/1"), "[::1]:1".parse().ok());
    for wrong in [
        "/dns/example.org/tcp/1",
        "/ip4/192.0.2.1/udp/1",
        "/ip4/192.0.2.1",
        "/ip4/192.0.2.1/tcp/1/ws",
        "/unix/tmp",
    ] {
        assert_eq!(socket(wrong), None, "{wrong}");
    }
}

#[test]
fn a_door_on_all_interfaces_is_not_announced_on_the_loopback_one() {
    let parse = |text: &str| text.parse().expect("a socket address");
    let (local, outside) = (parse("127.0.0.1:1"), parse("192.0.2.1:1"));
    assert_eq!(announced(vec![local, outside, outside]), [outside]);
    assert_eq!(announced(vec![local]), [local]);
}
