//! The keys of a channel: one chain per epoch, one message key per post.
//!
//! ```text
//! CK₀ ─► CK₁ ─► CK₂ ─► …          CKᵢ₊₁ = HKDF-Expand(CKᵢ, "vigil channel chain v1")
//!  │      │      │
//! MK₀    MK₁    MK₂               MKᵢ   = HKDF-Expand(CKᵢ, "vigil channel message v1")
//! ```
//! What it is: the read keys that a link brings. What it is not: proof of who wrote anything. Invariants: a key that was
//! taken is gone · keys that were passed over are bounded · nothing here is computed by a reader before the signatures
//! of a post held.

use std::collections::BTreeMap;
use std::fmt;

use crypto::{Context, Rng, Secret, hash, hkdf};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::config::{SKIPPED_MAX, WINDOW};
use crate::id::ChannelId;
use crate::wire::Malformed;

const CHAIN: &[u8] = b"vigil channel chain v1";
const MESSAGE: &[u8] = b"vigil channel message v1";
const COMMITMENT: Context = Context::new("vigil channel key commitment v1");
const EPOCH: Context = Context::new("vigil channel epoch commitment v1");

/// Why there is no key for a post.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// It was used, or lies before what the link opens.
    #[error("the key of this post is gone, or was never given to us")]
    Gone,
    /// The ratchet would have to be turned too far.
    #[error("this post is too far ahead of those that are here")]
    TooFar,
}

/// Opens one post and nothing else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MessageKey(Secret<32>);

impl MessageKey {
    /// Wraps key bytes, from a record or from whoever forwarded a post.
    pub const fn from_secret(key: Secret<32>) -> Self {
        Self(key)
    }

    /// The key, for the cipher and for sealed storage.
    pub const fn secret(&self) -> &Secret<32> {
        &self.0
    }

    /// What the header of the post says of its key, so that one body cannot be opened into two texts by two keys.
    pub fn commitment(&self) -> [u8; 32] {
        hash(COMMITMENT, &[self.0.expose()])
    }
}

/// The keys of one epoch as one device holds them.
#[derive(Clone, Eq, PartialEq)]
pub struct EpochKeys {
    epoch: u32,
    /// For the topic and what travels on it. The same for all of the epoch.
    topic: Secret<32>,
    /// The post whose key the chain gives next.
    next: u32,
    chain: Secret<32>,
    skipped: BTreeMap<u32, Secret<32>>,
}

impl EpochKeys {
    /// The keys with which an epoch begins.
    pub fn begin(epoch: u32, rng: &mut Rng) -> Self {
        Self::at(epoch, 0, rng.secret(), rng.secret())
    }

    /// The keys from a post of the epoch on.
    pub const fn at(epoch: u32, next: u32, chain: Secret<32>, topic: Secret<32>) -> Self {
        Self {
            epoch,
            topic,
            next,
            chain,
            skipped: BTreeMap::new(),
        }
    }

    /// Which epoch.
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The first post that the chain opens.
    pub const fn next(&self) -> u32 {
        self.next
    }

    /// The chain key for [`Self::next`].
    pub const fn chain(&self) -> &Secret<32> {
        &self.chain
    }

    /// The secret of the topic.
    pub const fn topic(&self) -> &Secret<32> {
        &self.topic
    }

    /// What the post that closes the epoch before says of this one: a link to another one is found out.
    pub fn commitment(&self, channel: &ChannelId) -> [u8; 32] {
        let epoch = self.epoch.to_be_bytes();
        hash(EPOCH, &[channel.as_bytes(), &epoch, self.topic.expose()])
    }

    /// The key of a post, without giving anything up: for whoever writes it and whoever is to countersign it.
    ///
    /// # Errors
    ///
    /// Fails if it is gone or too far ahead.
    pub fn look(&self, index: u32) -> Result<MessageKey, KeyError> {
        if let Some(key) = self.skipped.get(&index) {
            return Ok(MessageKey(key.clone()));
        }
        let chain = self.turned_to(index)?;
        Ok(MessageKey(step(&chain, MESSAGE)))
    }

    /// The key of a post. From here on it is not in these keys, and no key that gives it is.
    ///
    /// # Errors
    ///
    /// Fails if it is gone or too far ahead.
    pub fn take(&mut self, index: u32) -> Result<MessageKey, KeyError> {
        if let Some(key) = self.skipped.remove(&index) {
            return Ok(MessageKey(key));
        }
        self.turned_to(index)?;
        while self.next < index {
            self.skipped.insert(self.next, step(&self.chain, MESSAGE));
            self.turn();
        }
        while self.skipped.len() > SKIPPED_MAX {
            self.skipped.pop_first();
        }
        let key = MessageKey(step(&self.chain, MESSAGE));
        self.turn();
        Ok(key)
    }

    /// Gives up the chain: the epoch is closed, and no post of it is beyond those that are known.
    pub fn close(&mut self) {
        self.chain = Secret::from_bytes([0; 32]);
        self.next = u32::MAX;
    }

    /// Gives up the keys of posts that will not be waited for.
    pub fn forget_below(&mut self, index: u32) {
        self.skipped = self.skipped.split_off(&index);
    }

    /// Keys that are kept for posts that were passed over.
    pub fn skipped(&self) -> usize {
        self.skipped.len()
    }

    fn turned_to(&self, index: u32) -> Result<Secret<32>, KeyError> {
        let Some(distance) = index.checked_sub(self.next) else {
            return Err(KeyError::Gone);
        };
        // Closed: there is no chain behind this number.
        if self.next == u32::MAX {
            return Err(KeyError::Gone);
        }
        if u64::from(distance) > WINDOW {
            return Err(KeyError::TooFar);
        }
        let mut chain = self.chain.clone();
        for _ in 0..distance {
            chain = step(&chain, CHAIN);
        }
        Ok(chain)
    }

    fn turn(&mut self) {
        self.chain = step(&self.chain, CHAIN);
        self.next = self.next.saturating_add(1);
    }

    pub(crate) fn to_wire(&self) -> KeysWire {
        KeysWire {
            epoch: self.epoch,
            topic: *self.topic.expose(),
            next: self.next,
            chain: *self.chain.expose(),
            skipped: self
                .skipped
                .iter()
                .map(|(index, key)| SkippedWire {
                    index: *index,
                    key: *key.expose(),
                })
                .collect(),
        }
    }

    pub(crate) fn from_wire(wire: &KeysWire) -> Result<Self, Malformed> {
        let ascending = wire
            .skipped
            .windows(2)
            .all(|pair| pair[0].index < pair[1].index);
        if !ascending || wire.skipped.len() > SKIPPED_MAX {
            return Err(Malformed);
        }
        let skipped = wire.skipped.iter();
        Ok(Self {
            epoch: wire.epoch,
            topic: Secret::from_bytes(wire.topic),
            next: wire.next,
            chain: Secret::from_bytes(wire.chain),
            skipped: skipped
                .map(|one| (one.index, Secret::from_bytes(one.key)))
                .collect(),
        })
    }
}

impl fmt::Debug for EpochKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EpochKeys(epoch {})", self.epoch)
    }
}

/// Keys in a record: starred in `Debug`, and wiped when dropped.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct KeysWire {
    epoch: u32,
    topic: [u8; 32],
    next: u32,
    chain: [u8; 32],
    skipped: Vec<SkippedWire>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize, Zeroize, ZeroizeOnDrop)]
struct SkippedWire {
    index: u32,
    key: [u8; 32],
}

impl fmt::Debug for KeysWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeysWire(..)")
    }
}

impl fmt::Debug for SkippedWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SkippedWire(..)")
    }
}

fn step(chain: &Secret<32>, what: &[u8]) -> Secret<32> {
    let mut key = zeroize::Zeroizing::new([0; 32]);
    // One block is always within what HKDF gives.
    let whole = hkdf::expand(chain.expose(), &[what], key.as_mut());
    debug_assert!(whole.is_ok(), "one block is within what HKDF gives");
    Secret::from_bytes(*key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> EpochKeys {
        EpochKeys::at(
            1,
            0,
            Secret::from_bytes([1; 32]),
            Secret::from_bytes([2; 32]),
        )
    }

    #[test]
    fn keys_come_in_any_order_and_once() {
        let (mut forwards, mut backwards) = (keys(), keys());
        let there: Vec<MessageKey> = (0..50).map(|at| forwards.take(at).unwrap()).collect();
        let back: Vec<MessageKey> = (0..50)
            .rev()
            .map(|at| backwards.take(at).unwrap())
            .collect();
        assert!(there.iter().eq(back.iter().rev()));
        assert_eq!(backwards.take(7), Err(KeyError::Gone));
        assert_eq!(backwards.look(7), Err(KeyError::Gone));
        assert_eq!((forwards.skipped(), backwards.skipped()), (0, 0));
        assert_eq!(forwards, backwards);
    }

    #[test]
    fn looking_gives_nothing_up_and_nobody_turns_the_ratchet_far() {
        let mut keys = keys();
        let seen = keys.look(3).unwrap();
        assert_eq!((keys.next(), keys.skipped()), (0, 0));
        assert_eq!(keys.take(3).unwrap(), seen);
        let far = 5 + u32::try_from(WINDOW).unwrap();
        assert_eq!(keys.take(far), Err(KeyError::TooFar));
        assert_eq!(keys.skipped(), 3);
        assert!(keys.take(far - 1).is_ok());
        assert!(keys.skipped() <= SKIPPED_MAX);
    }

    #[test]
    fn what_was_taken_is_in_no_record() {
        let mut keys = keys();
        let used = keys.take(0).unwrap();
        let record = crate::wire::encode(&keys.to_wire());
        let has = |wanted: &[u8]| record.windows(32).any(|window| window == wanted);
        assert!(!has(used.secret().expose()) && !has(&[1; 32]));
        let wire: KeysWire = crate::wire::decode(&record).unwrap();
        assert_eq!(EpochKeys::from_wire(&wire).unwrap(), keys);
    }
}
