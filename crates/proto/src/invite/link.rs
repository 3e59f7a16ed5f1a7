//! The text of an invite: `vigil:` and base64url.
//!
//! What it is: everything that a newcomer needs in order to knock, in one line that survives being copied, put into a
//! QR picture or saved as a file. What it is not: proof of anything. Whoever reads it can knock, so it holds no name,
//! neither of a person nor of the cell, and it is a secret until it is used.
//!
//! Layout: one version byte, the TLS presentation language structure [`LinkWire`], the first four bytes of a hash over
//! both. Version byte and checksum stay where they are in every version, so that a damaged link and a link of another
//! version can be told apart. The checksum finds accidents; it stops nobody who wants to change a link.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{Context, Secret, hash};
use model::{Address, CellId, InviteId, PeerId, Suite, Timestamp};
use tls_codec::{DeserializeBytes, Serialize, TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::command::ErrorKind;

/// What every link begins with.
const SCHEME: &str = "vigil:";
const VERSION: u8 = 1;
/// Four bytes: one accident in four thousand million passes, and then the handshake fails.
const CHECKSUM_LEN: usize = 4;
const CHECKSUM: Context = Context::new("vigil invite link checksum v1");

/// What an invite says. Whoever holds it can knock.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct InviteLink {
    /// Which cell it leads to.
    pub(crate) cell: CellId,
    /// Its name on the device that made it.
    pub(crate) invite: InviteId,
    /// Whom to dial; Noise proves that it is them.
    pub(crate) peer: PeerId,
    /// Where to dial. Only the first [`Self::ADDRESS_LIMIT`] are written.
    pub(crate) addresses: Vec<Address>,
    /// The key of the door that was opened for this invite.
    pub(crate) door: Secret<32>,
    /// Keys the MACs of the handshake.
    pub(crate) secret: Secret<32>,
    /// For which suite the newcomer makes its keys. The caller compares it with the `genesis` operation, which the
    /// cell id binds.
    pub(crate) suite: Suite,
    /// Until when it can be used. Only the inviter's clock counts; here it spares a useless attempt.
    pub(crate) expires_at: Timestamp,
}

/// Why some text cannot be used as an invite.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum LinkError {
    /// It is no link, or a damaged one.
    #[error("this is not an invite, or a part of it is missing; copy all of it")]
    Malformed,
    /// It is a whole link, but of a version that we do not speak.
    #[error(
        "this invite was made by another version of Vigil; update Vigil on both sides, then ask for a new invite"
    )]
    OtherVersion,
}

impl LinkError {
    /// What the person can do about it, in the stable kinds.
    pub(crate) const fn kind(self) -> ErrorKind {
        match self {
            Self::Malformed | Self::OtherVersion => ErrorKind::InviteMalformed,
        }
    }
}

impl InviteLink {
    /// Most addresses in one link: LAN and onion address in both IP versions with room, and the text still fits a QR
    /// picture.
    pub(crate) const ADDRESS_LIMIT: usize = 8;

    /// Longest text that is looked at: eight addresses of full length make 1.7 KB, so everything real fits.
    pub(crate) const TEXT_LIMIT: usize = 2048;

    /// The text to hand over.
    pub(crate) fn to_text(&self) -> String {
        let addresses = self.addresses.iter().take(Self::ADDRESS_LIMIT);
        let wire = LinkWire {
            cell: *self.cell.as_bytes(),
            invite: *self.invite.as_bytes(),
            peer: *self.peer.as_bytes(),
            addresses: addresses
                .map(|address| address.expose().as_bytes().to_vec())
                .collect(),
            door: *self.door.expose(),
            secret: *self.secret.expose(),
            suite: self.suite.number(),
            expires_at: self.expires_at.as_millis(),
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(Self::TEXT_LIMIT));
        bytes.push(VERSION);
        // Writing bounded fields into memory cannot fail. If it did, the text would not parse and nobody would knock.
        if wire.tls_serialize(&mut *bytes).is_err() {
            bytes.clear();
        }
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        let body = Zeroizing::new(Base64UrlUnpadded::encode_string(&bytes));
        [SCHEME, &body].concat()
    }

    /// Reads what [`Self::to_text`] wrote. White space is ignored wherever it stands: mail programs and terminals
    /// break long lines.
    ///
    /// # Errors
    ///
    /// Fails if `text` is not a whole link of this version.
    pub(crate) fn parse(text: &str) -> Result<Self, LinkError> {
        if text.len() > Self::TEXT_LIMIT {
            return Err(LinkError::Malformed);
        }
        let text: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
        let body = text.strip_prefix(SCHEME).ok_or(LinkError::Malformed)?;
        let bytes = Base64UrlUnpadded::decode_vec(body)
            .map(Zeroizing::new)
            .map_err(|_| LinkError::Malformed)?;
        let Some((content, sum)) = bytes.split_last_chunk::<CHECKSUM_LEN>() else {
            return Err(LinkError::Malformed);
        };
        if checksum(content) != *sum {
            return Err(LinkError::Malformed);
        }
        match content.split_first() {
            Some((&VERSION, wire)) => Self::read(wire).ok_or(LinkError::Malformed),
            Some(_) => Err(LinkError::OtherVersion),
            None => Err(LinkError::Malformed),
        }
    }

    /// A link whose checksum is right, around anything.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn text_around(wire: &[u8]) -> String {
        let bytes = [&[VERSION], wire].concat();
        let bytes = [bytes.as_slice(), &checksum(&bytes)].concat();
        [SCHEME, &Base64UrlUnpadded::encode_string(&bytes)].concat()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let wire = LinkWire::tls_deserialize_exact_bytes(bytes).ok()?;
        if wire.addresses.len() > Self::ADDRESS_LIMIT {
            return None;
        }
        let address = |bytes: &Vec<u8>| Address::parse(std::str::from_utf8(bytes).ok()?).ok();
        Some(Self {
            cell: CellId::from_bytes(wire.cell),
            invite: InviteId::from_bytes(wire.invite),
            peer: PeerId::from_bytes(wire.peer),
            addresses: wire.addresses.iter().map(address).collect::<Option<_>>()?,
            door: Secret::from_bytes(wire.door),
            secret: Secret::from_bytes(wire.secret),
            suite: Suite::from_number(wire.suite)?,
            expires_at: Timestamp::from_millis(wire.expires_at),
        })
    }
}

impl fmt::Debug for InviteLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteLink(..)")
    }
}

/// The link between version byte and checksum. It has no `Debug`, and is wiped when dropped: it holds the secrets bare.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize, Zeroize, ZeroizeOnDrop)]
struct LinkWire {
    cell: [u8; 32],
    invite: [u8; 16],
    peer: [u8; 32],
    addresses: Vec<Vec<u8>>,
    door: [u8; 32],
    secret: [u8; 32],
    suite: u16,
    expires_at: u64,
}

fn checksum(content: &[u8]) -> [u8; CHECKSUM_LEN] {
    let [a, b, c, d, ..] = hash(CHECKSUM, &[content]);
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn link(addresses: Vec<Address>) -> InviteLink {
        InviteLink {
            cell: CellId::from_bytes([1; 32]),
            invite: InviteId::from_bytes([2; 16]),
            peer: PeerId::from_bytes([3; 32]),
            addresses,
            door: Secret::from_bytes([4; 32]),
            secret: Secret::from_bytes([5; 32]),
            suite: Suite::XWing,
            expires_at: Timestamp::from_millis(1_750_000_000_000),
        }
    }

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    fn sealed_by_hand(content: &[u8]) -> String {
        let bytes = [content, &checksum(content)].concat();
        format!("{SCHEME}{}", Base64UrlUnpadded::encode_string(&bytes))
    }

    #[test]
    fn a_link_is_read_back_also_when_a_mail_program_broke_it() {
        let link = link(vec![
            address("/ip4/192.0.2.1/tcp/4001"),
            address("/ip6/::1/tcp/1"),
        ]);
        let text = link.to_text();
        assert_eq!(InviteLink::parse(&text).unwrap(), link);
        let (start, end) = text.split_at(100);
        let broken = format!("\u{a0} {start}\r\n  {end}\n");
        assert_eq!(InviteLink::parse(&broken).unwrap(), link);
    }

    #[test]
    fn the_longest_link_is_within_the_limit_and_more_addresses_are_left_out() {
        let longest = address(&format!("/{}", "a".repeat(Address::LIMIT - 1)));
        let text = link(vec![longest.clone(); 20]).to_text();
        assert!(text.len() <= InviteLink::TEXT_LIMIT, "{} bytes", text.len());
        let read = InviteLink::parse(&text).unwrap();
        assert_eq!(read.addresses, vec![longest; InviteLink::ADDRESS_LIMIT]);
    }

    #[test]
    fn text_over_the_limit_is_not_looked_at() {
        let text = link(Vec::new()).to_text();
        let padded = |len| format!("{text}{}", " ".repeat(len - text.len()));
        assert!(InviteLink::parse(&padded(InviteLink::TEXT_LIMIT)).is_ok());
        let result = InviteLink::parse(&padded(InviteLink::TEXT_LIMIT + 1));
        assert_eq!(result, Err(LinkError::Malformed));
    }

    #[test]
    fn a_link_of_another_version_is_told_apart_from_a_damaged_one() {
        for version in [0, VERSION + 1, 255] {
            let text = sealed_by_hand(&[version, 1, 2, 3]);
            assert_eq!(InviteLink::parse(&text), Err(LinkError::OtherVersion));
        }
        for content in [&[][..], &[VERSION], &[VERSION, 1, 2, 3]] {
            assert_eq!(
                InviteLink::parse(&sealed_by_hand(content)),
                Err(LinkError::Malformed)
            );
        }
        assert_eq!(LinkError::OtherVersion.kind(), ErrorKind::InviteMalformed);
    }

    #[test]
    fn a_link_with_impossible_content_is_malformed() {
        let wire = |addresses: Vec<Vec<u8>>, suite| LinkWire {
            cell: [1; 32],
            invite: [2; 16],
            peer: [3; 32],
            addresses,
            door: [4; 32],
            secret: [5; 32],
            suite,
            expires_at: 0,
        };
        let parse = |wire: LinkWire| {
            let content = [
                &[VERSION],
                wire.tls_serialize_detached().unwrap().as_slice(),
            ]
            .concat();
            InviteLink::parse(&sealed_by_hand(&content))
        };
        let good = b"/ip4/192.0.2.1/tcp/1".to_vec();
        assert!(parse(wire(vec![good.clone()], Suite::X25519.number())).is_ok());
        for wrong in [
            wire(
                vec![good.clone(); InviteLink::ADDRESS_LIMIT + 1],
                Suite::X25519.number(),
            ),
            wire(vec![b"not an address".to_vec()], Suite::X25519.number()),
            wire(vec![vec![b'/', 0xff]], Suite::X25519.number()),
            wire(vec![good], 1),
        ] {
            assert_eq!(parse(wrong), Err(LinkError::Malformed));
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(
            format!("{:?}", link(vec![address("/ip4/192.0.2.1/tcp/1")])),
            "InviteLink(..)"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_parsing_fail_in_any_other_way(text in "(vigil:)?\\PC{0,400}") {
            prop_assert!(InviteLink::parse(&text).is_err());
        }

        #[test]
        fn no_bytes_under_a_good_checksum_make_parsing_panic(content in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = InviteLink::parse(&sealed_by_hand(&[&[VERSION], content.as_slice()].concat()));
        }

        #[test]
        fn a_changed_or_cut_link_is_refused(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]") {
            let text = link(vec![address("/ip4/192.0.2.1/tcp/4001")]).to_text();
            let at = at.index(text.len());
            prop_assert_eq!(InviteLink::parse(&text[..at]), Err(LinkError::Malformed));
            let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
            prop_assume!(changed != text);
            prop_assert_eq!(InviteLink::parse(&changed), Err(LinkError::Malformed));
        }
    }
}
