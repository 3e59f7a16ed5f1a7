//! The text that makes somebody a reader: `vigil-channel:` and base64url.
//!
//! ```text
//! text      "vigil-channel:" base64url(u8 version ‖ u8 form ‖ inside ‖ checksum 4)
//! form 1    inside = link
//! form 2    inside = salt 32 ‖ u32 memory ‖ u32 passes ‖ u32 lanes ‖ nonce 24 ‖ sealed link<V>, under Argon2id
//! link      channel 32 ‖ charter 32 ‖ u64 seq ‖ u32 epoch ‖ u32 index ‖ chain key 32 ‖ topic secret 32 ‖ hints<V>
//! ```
//! What it is: the read keys from one post on, the charter that was in force, and where to find a reader. What it is not:
//! an account. Nobody learns who uses it, and whoever has it reads, until the channel is closed to it by a new epoch.
//! The checksum finds accidents; it stops nobody who wants to change a link.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::kdf::{KdfParams, argon2id};
use crypto::{Context, Rng, Secret, aead, hash};
use model::Address;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::config::{HINTS_MAX, LINK_KDF_CEILING, LINK_TEXT_LIMIT};
use crate::id::{ChannelId, CharterId};
use crate::keys::EpochKeys;
use crate::wire::{Bytes, decode, encode, encode_secret};

const SCHEME: &str = "vigil-channel:";
const VERSION: u8 = 1;
const BARE: u8 = 1;
const GUARDED: u8 = 2;
const CHECKSUM_LEN: usize = 4;
const CHECKSUM: Context = Context::new("vigil channel link checksum v1");
const ASSOCIATED: &[u8] = b"vigil channel link v1";

/// Why some text is no link.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LinkError {
    /// It is no link, or a damaged one.
    #[error("this is not a link to a channel, or a part of it is missing; copy all of it")]
    Malformed,
    /// It is whole, but of another version.
    #[error("this link was made by another version of Vigil; update Vigil")]
    OtherVersion,
    /// It can be opened with a passphrase only.
    #[error("this link is guarded by a passphrase; ask whoever gave it to you")]
    NeedsPassphrase,
    /// It is not the passphrase.
    #[error("this passphrase does not open the link")]
    WrongPassphrase,
    /// To open it would cost more than we are willing to try.
    #[error("opening this link would take too much memory or time")]
    TooCostly,
}

impl LinkError {
    /// The stable kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Malformed => "link_malformed",
            Self::OtherVersion => "link_other_version",
            Self::NeedsPassphrase => "link_needs_passphrase",
            Self::WrongPassphrase => "link_wrong_passphrase",
            Self::TooCostly => "link_too_costly",
        }
    }
}

/// Everything that a reader begins with.
#[derive(Clone, Eq, PartialEq)]
pub struct Link {
    /// To which channel.
    pub channel: ChannelId,
    /// The charter in force when it was made: a lineage that does not lead to it is not believed.
    pub charter: CharterId,
    /// The first post that it opens.
    pub seq: u64,
    /// The keys from that post on.
    pub keys: EpochKeys,
    /// Where a reader may be found. Only the first three are written.
    pub hints: Vec<Address>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize, Zeroize, ZeroizeOnDrop)]
struct LinkWire {
    channel: [u8; 32],
    charter: [u8; 32],
    seq: u64,
    epoch: u32,
    index: u32,
    chain: [u8; 32],
    topic: [u8; 32],
    hints: Vec<Vec<u8>>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct GuardedWire {
    salt: [u8; 32],
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    nonce: [u8; aead::NONCE_LEN],
    sealed: Bytes,
}

impl Link {
    /// The text to hand over.
    pub fn to_text(&self) -> Zeroizing<String> {
        text(BARE, &self.to_bytes())
    }

    /// The text to hand over, for whoever also has the passphrase, which goes another way.
    ///
    /// # Errors
    ///
    /// Fails if the cost is beyond what readers try.
    pub fn to_guarded_text(
        &self,
        passphrase: &[u8],
        cost: KdfParams,
        rng: &mut Rng,
    ) -> Result<Zeroizing<String>, LinkError> {
        if !is_affordable(cost) {
            return Err(LinkError::TooCostly);
        }
        let salt = rng.array();
        let key = argon2id(passphrase, &salt, cost).map_err(|_| LinkError::TooCostly)?;
        let nonce = rng.array();
        let sealed = aead::seal(&key, &nonce, ASSOCIATED, &self.to_bytes());
        let wire = GuardedWire {
            salt,
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: cost.lanes,
            nonce,
            sealed: sealed.into(),
        };
        Ok(text(GUARDED, &encode(&wire)))
    }

    /// Reads a link. White space is ignored wherever it stands: mail programs and terminals break long lines.
    ///
    /// # Errors
    ///
    /// Fails if `text` is not a whole link of this version, or if `passphrase` is missing or wrong.
    pub fn parse(text: &str, passphrase: Option<&[u8]>) -> Result<Self, LinkError> {
        if text.len() > LINK_TEXT_LIMIT {
            return Err(LinkError::Malformed);
        }
        let text: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
        let body = text.strip_prefix(SCHEME).ok_or(LinkError::Malformed)?;
        let bytes = Base64UrlUnpadded::decode_vec(body)
            .map(Zeroizing::new)
            .map_err(|_| LinkError::Malformed)?;
        let (content, sum) = bytes
            .split_last_chunk::<CHECKSUM_LEN>()
            .ok_or(LinkError::Malformed)?;
        if checksum(content) != *sum {
            return Err(LinkError::Malformed);
        }
        match content {
            [VERSION, BARE, inside @ ..] => Self::read(inside).ok_or(LinkError::Malformed),
            [VERSION, GUARDED, inside @ ..] => Self::unlock(inside, passphrase),
            [VERSION, ..] | [] => Err(LinkError::Malformed),
            [_, ..] => Err(LinkError::OtherVersion),
        }
    }

    fn unlock(inside: &[u8], passphrase: Option<&[u8]>) -> Result<Self, LinkError> {
        let wire: GuardedWire = decode(inside).map_err(|_| LinkError::Malformed)?;
        let cost = KdfParams {
            memory_kib: wire.memory_kib,
            passes: wire.passes,
            lanes: wire.lanes,
        };
        if !is_affordable(cost) {
            return Err(LinkError::TooCostly);
        }
        let passphrase = passphrase.ok_or(LinkError::NeedsPassphrase)?;
        let key = argon2id(passphrase, &wire.salt, cost).map_err(|_| LinkError::TooCostly)?;
        let link = aead::open(&key, &wire.nonce, ASSOCIATED, wire.sealed.as_slice())
            .map_err(|_| LinkError::WrongPassphrase)?;
        Self::read(&link).ok_or(LinkError::Malformed)
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let hints = self.hints.iter().take(HINTS_MAX);
        encode_secret(&LinkWire {
            channel: *self.channel.as_bytes(),
            charter: *self.charter.as_bytes(),
            seq: self.seq,
            epoch: self.keys.epoch(),
            index: self.keys.next(),
            chain: *self.keys.chain().expose(),
            topic: *self.keys.topic().expose(),
            hints: hints
                .map(|hint| hint.expose().as_bytes().to_vec())
                .collect(),
        })
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let wire: LinkWire = decode(bytes).ok()?;
        if wire.hints.len() > HINTS_MAX
            || wire.index == u32::MAX
            || wire.seq < u64::from(wire.index)
        {
            return None;
        }
        let hint = |bytes: &Vec<u8>| Address::parse(std::str::from_utf8(bytes).ok()?).ok();
        Some(Self {
            channel: ChannelId::from_bytes(wire.channel),
            charter: CharterId::from_bytes(wire.charter),
            seq: wire.seq,
            keys: EpochKeys::at(
                wire.epoch,
                wire.index,
                Secret::from_bytes(wire.chain),
                Secret::from_bytes(wire.topic),
            ),
            hints: wire.hints.iter().map(hint).collect::<Option<_>>()?,
        })
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(..)")
    }
}

const fn is_affordable(cost: KdfParams) -> bool {
    cost.is_bounded()
        && cost.memory_kib <= LINK_KDF_CEILING.memory_kib
        && cost.passes <= LINK_KDF_CEILING.passes
        && cost.lanes <= LINK_KDF_CEILING.lanes
}

fn text(form: u8, inside: &[u8]) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LINK_TEXT_LIMIT));
    bytes.extend_from_slice(&[VERSION, form]);
    bytes.extend_from_slice(inside);
    let sum = checksum(&bytes);
    bytes.extend_from_slice(&sum);
    let body = Zeroizing::new(Base64UrlUnpadded::encode_string(&bytes));
    Zeroizing::new([SCHEME, &body].concat())
}

fn checksum(content: &[u8]) -> [u8; CHECKSUM_LEN] {
    let [a, b, c, d, ..] = hash(CHECKSUM, &[content]);
    [a, b, c, d]
}
