//! Where posts of an epoch are spread, and how they look there.
//!
//! ```text
//! topic     PRF(topic secret; "vigil channel topic v1", channel, epoch)
//! pack      nonce 24 ‖ XChaCha20-Poly1305(carrier key, nonce, u32 length ‖ items ‖ zeros, to whole KiB)
//! door key  PRF(topic secret; "vigil channel door v1", channel, epoch)
//! bundle    PRF(topic secret; "vigil channel bundle v1", channel, epoch): seals a file of packs
//! nonce     PRF(topic secret; "vigil channel carrier nonce v1", what is sealed)
//! ```
//! What it is: what keeps whoever has no link from telling which channel a topic is, and from reading headers. What it is
//! not: protection from a reader; every reader of the epoch has the same secret. The nonce is made of what is sealed, so
//! that whoever passes on the same post passes on the same bytes, and nobody can make others of it: gossip drops doubles.

use std::fmt;

use crypto::{Context, PrfKey, Secret, aead};
use tls_codec::{DeserializeBytes as _, TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::config::{ITEMS_PER_PACK, PACK_LIMIT};
use crate::id::ChannelId;
use crate::keys::EpochKeys;
use crate::sync::{Request, Summary};
use crate::wire::{Bytes, Malformed, encode};

const TOPIC: Context = Context::new("vigil channel topic v1");
const CARRIER: Context = Context::new("vigil channel carrier v1");
const DOOR: Context = Context::new("vigil channel door v1");
const BUNDLE: Context = Context::new("vigil channel bundle v1");
const NONCE: Context = Context::new("vigil channel carrier nonce v1");
const NAME: Context = Context::new("vigil channel pack v1");
const STEP: usize = 1024;

/// The name of a pack among neighbours on a topic: a hash of it, so that doubles are told apart from what only looks like
/// them. Readers are not named in it.
pub fn pack_name(topic: &[u8], pack: &[u8]) -> [u8; 32] {
    crypto::hash(NAME, &[topic, pack])
}

/// One thing that readers of a channel tell each other, on the topic, on a stream, or in a bundle.
#[derive(Clone, Debug, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Item {
    /// A post.
    #[tls_codec(discriminant = 1)]
    Post(Carried),
    /// The charters.
    Lineage(Carried),
    /// What somebody has.
    Summary(Summary),
    /// What somebody asks for.
    Request(Request),
    /// Two posts in one place.
    Equivocation(Carried),
}

/// Bytes of something that is checked by what reads it.
#[derive(Clone, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub struct Carried(Bytes);

impl Carried {
    /// Takes bytes as they are.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// The bytes. Nothing in them is to be believed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Carried({} bytes)", self.as_bytes().len())
    }
}

/// The topic of one epoch.
#[derive(Clone)]
pub struct Topic {
    id: [u8; 32],
    carrier: Secret<32>,
    door: Secret<32>,
    bundle: Secret<32>,
    nonce: PrfKey,
}

impl Topic {
    /// The topic of an epoch.
    pub fn of(channel: &ChannelId, keys: &EpochKeys) -> Self {
        let epoch = keys.epoch().to_be_bytes();
        let parts: [&[u8]; 2] = [channel.as_bytes(), &epoch];
        Self {
            id: PrfKey::derive(keys.topic(), TOPIC).evaluate(&parts),
            carrier: PrfKey::derive(keys.topic(), CARRIER).secret(&parts),
            door: PrfKey::derive(keys.topic(), DOOR).secret(&parts),
            bundle: PrfKey::derive(keys.topic(), BUNDLE).secret(&parts),
            nonce: PrfKey::derive(keys.topic(), NONCE),
        }
    }

    /// The pre-shared key of doors of this epoch's readers: a port answers nobody who has no link.
    pub const fn door(&self) -> &Secret<32> {
        &self.door
    }

    /// Seals what is carried by hand to whoever has a link of this epoch.
    pub const fn bundle(&self) -> &Secret<32> {
        &self.bundle
    }

    /// The name under which it is subscribed to. It tells nothing to who has no link.
    pub const fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// Packs items for others of this epoch.
    pub fn seal(&self, items: &[Item]) -> Vec<u8> {
        let mut plain = Zeroizing::new(vec![0; 4]);
        for item in items {
            plain.extend_from_slice(&encode(item));
        }
        let length = u32::try_from(plain.len() - 4).unwrap_or(u32::MAX);
        plain[..4].copy_from_slice(&length.to_be_bytes());
        let whole = plain.len().next_multiple_of(STEP);
        plain.resize(whole, 0);
        let nonce = self.nonce_of(&plain);
        let sealed = aead::seal(&self.carrier, &nonce, &self.id, &plain);
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens a pack.
    ///
    /// # Errors
    ///
    /// Fails if it was not made for this topic, or is not the one pack of what is in it.
    pub fn open(&self, pack: &[u8]) -> Result<Vec<Item>, Malformed> {
        if pack.len() > PACK_LIMIT {
            return Err(Malformed);
        }
        let (nonce, sealed) = pack
            .split_first_chunk::<{ aead::NONCE_LEN }>()
            .ok_or(Malformed)?;
        let plain = aead::open(&self.carrier, nonce, &self.id, sealed).map_err(|_| Malformed)?;
        if self.nonce_of(&plain) != *nonce {
            return Err(Malformed);
        }
        let (length, rest) = plain.split_first_chunk::<4>().ok_or(Malformed)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Malformed)?;
        let (mut items, padding) = rest.split_at_checked(length).ok_or(Malformed)?;
        let whole = (length + 4).next_multiple_of(STEP);
        if plain.len() != whole || padding.iter().any(|byte| *byte != 0) {
            return Err(Malformed);
        }
        let mut read = Vec::new();
        while !items.is_empty() {
            let (item, rest) = Item::tls_deserialize_bytes(items).map_err(|_| Malformed)?;
            if read.len() >= ITEMS_PER_PACK || !item.is_bounded() {
                return Err(Malformed);
            }
            read.push(item);
            items = rest;
        }
        Ok(read)
    }

    fn nonce_of(&self, plain: &[u8]) -> [u8; aead::NONCE_LEN] {
        let mut nonce = [0; aead::NONCE_LEN];
        nonce.copy_from_slice(&self.nonce.evaluate(&[plain])[..aead::NONCE_LEN]);
        nonce
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Topic(..)")
    }
}

impl Item {
    fn is_bounded(&self) -> bool {
        match self {
            Self::Summary(summary) => summary.is_bounded(),
            Self::Request(request) => request.is_bounded(),
            Self::Post(_) | Self::Lineage(_) | Self::Equivocation(_) => true,
        }
    }
}
