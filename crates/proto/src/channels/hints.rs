//! Where a reader is, as a link says it: the address of a port and, behind it, whose port it is.
//!
//! ```text
//! hint    /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…
//! peer    base58 of 0x00 0x24 ‖ 0x08 0x01 0x12 0x20 ‖ Ed25519 key 32, as libp2p writes it
//! ```
//! Every hint comes from a stranger. It says where to knock, and nothing that is believed.

use model::{Address, PeerId};

const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
const LEN: usize = PREFIX.len() + PeerId::LEN;
const SEPARATOR: &str = "/p2p/";

/// One hint, if it fits in an address.
pub(super) fn hint(peer: &PeerId, address: &Address) -> Option<Address> {
    let peer = base58(&[&PREFIX[..], peer.as_bytes()].concat());
    Address::parse(&[address.expose(), SEPARATOR, &peer].concat()).ok()
}

/// Takes a hint apart; none if it is not one of ours.
pub(super) fn read(hint: &Address) -> Option<(PeerId, Address)> {
    let (address, peer) = hint.expose().split_once(SEPARATOR)?;
    let bytes = from_base58(peer)?;
    let key: [u8; PeerId::LEN] = bytes.strip_prefix(&PREFIX)?.try_into().ok()?;
    Some((PeerId::from_bytes(key), Address::parse(address).ok()?))
}

fn base58(bytes: &[u8]) -> String {
    // Digits from the lowest on.
    let mut digits: Vec<u8> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = u8::try_from(carry % 58).unwrap_or(0);
            carry /= 58;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 58).unwrap_or(0));
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let leading = std::iter::repeat_n('1', zeros);
    let letters = digits.iter().rev();
    leading
        .chain(letters.map(|digit| char::from(DIGITS[usize::from(*digit)])))
        .collect()
}

/// What [`base58`] wrote of as many bytes as a peer's name has, and nothing else.
fn from_base58(text: &str) -> Option<[u8; LEN]> {
    let mut bytes = [0_u8; LEN];
    for letter in text.bytes() {
        let digit = DIGITS.iter().position(|known| *known == letter)?;
        let mut carry = u32::try_from(digit).ok()?;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = u8::try_from(carry & 0xff).ok()?;
            carry >>= 8;
        }
        if carry > 0 {
            return None;
        }
    }
    (base58(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_peer_is_written_as_libp2p_writes_it() {
        // The key of RFC 8032 §7.1, test 1.
        let key = [
            0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64,
            0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68,
            0xf7, 0x07, 0x51, 0x1a,
        ];
        let address = Address::parse("/ip4/192.0.2.1/tcp/4001").unwrap();
        let written = hint(&PeerId::from_bytes(key), &address).unwrap();
        let peer = written
            .expose()
            .strip_prefix("/ip4/192.0.2.1/tcp/4001/p2p/");
        assert!(peer.unwrap().starts_with("12D3KooW"));
        assert_eq!(peer.unwrap().len(), 52);
        assert_eq!(read(&written), Some((PeerId::from_bytes(key), address)));
    }

    #[test]
    fn what_names_no_peer_is_no_hint() {
        for text in [
            "/ip4/192.0.2.1/tcp/4001",
            "/ip4/192.0.2.1/tcp/4001/p2p/",
            "/ip4/192.0.2.1/tcp/4001/p2p/12D3",
            "/ip4/192.0.2.1/tcp/4001/p2p/0000000000000000000000000000000000000000000000000000",
        ] {
            assert_eq!(read(&Address::parse(text).unwrap()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_hint_comes_back(key in any::<[u8; 32]>(), port in any::<u16>()) {
            let address = Address::parse(&format!("/ip6/2001:db8::1/tcp/{port}")).unwrap();
            let peer = PeerId::from_bytes(key);
            let written = hint(&peer, &address).unwrap();
            prop_assert_eq!(read(&written), Some((peer, address)));
        }

        #[test]
        fn no_text_is_read_in_two_ways(peer in "[1-9A-HJ-NP-Za-km-z]{40,60}") {
            let text = format!("/ip4/192.0.2.1/tcp/1/p2p/{peer}");
            let text = Address::parse(&text).unwrap();
            if let Some((peer, address)) = read(&text) {
                prop_assert_eq!(hint(&peer, &address), Some(text));
            }
        }
    }
}
