//! The charter of a channel: what it is called, who publishes in it, and how many of them must sign.
//!
//! ```text
//! charter    u8 version ‖ u32 number ‖ previous 32 ‖ nonce 16 ‖ name<V> ‖ u16 fresh-days ‖ u8 threshold
//!            ‖ publishers<V> of 32, ascending
//! channel    = H("vigil channel id v1", charter 0)        charter id = H("vigil channel charter v1", charter)
//! ```
//! What it is: the one place where names, publishers and threshold stand. What it is not: signed by itself; a charter
//! after the first travels as a post, signed as every post by enough publishers of the charter before (`lineage`).
//! Invariants: any two sets of signers that suffice have a publisher in common · one set of publishers has one encoding.

use std::fmt;

use crypto::{Context, VerifyingKey, hash};
use model::DisplayName;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::config::{FRESH_DAYS_MAX, PUBLISHERS_MAX};
use crate::id::{ChannelId, CharterId};
use crate::wire::{Bytes, Malformed, decode, encode};

const CHANNEL: Context = Context::new("vigil channel id v1");
const CHARTER: Context = Context::new("vigil channel charter v1");
const VERSION: u8 = 1;

/// What a channel is called, the same for everybody.
#[derive(Clone, Eq, PartialEq)]
pub struct ChannelName(DisplayName);

impl ChannelName {
    /// Checks and normalises a name, by the rules for names of people.
    ///
    /// # Errors
    ///
    /// As [`DisplayName::parse`].
    pub fn parse(text: &str) -> Result<Self, model::ParseTextError> {
        DisplayName::parse(text).map(Self)
    }

    /// The name, for display.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Whether a person could take one channel for the other.
    pub fn is_confusable_with(&self, other: &Self) -> bool {
        self.0.is_confusable_with(&other.0)
    }
}

impl fmt::Debug for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChannelName({} bytes)", self.expose().len())
    }
}

/// Why some keys and a number are no roster.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RosterError {
    /// Nobody would publish.
    #[error("a channel needs at least one publisher")]
    Empty,
    /// There are too many.
    #[error("a channel has at most {PUBLISHERS_MAX} publishers")]
    TooMany,
    /// Somebody is there twice.
    #[error("a publisher is named twice")]
    Duplicate,
    /// Two sets of signers could say two things, or there are fewer publishers than signatures.
    #[error("more than half of the publishers must sign, and no more than all")]
    Threshold,
}

impl RosterError {
    /// The stable kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Empty => "no_publishers",
            Self::TooMany => "too_many_publishers",
            Self::Duplicate => "publisher_twice",
            Self::Threshold => "threshold",
        }
    }
}

/// The publishers of a channel, and how many of them must sign.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Roster {
    publishers: Vec<VerifyingKey>,
    threshold: u8,
}

impl Roster {
    /// Puts publishers in their order. `threshold` is more than half of them.
    ///
    /// # Errors
    ///
    /// Fails if that is no roster.
    pub fn new(mut publishers: Vec<VerifyingKey>, threshold: u8) -> Result<Self, RosterError> {
        if publishers.is_empty() {
            return Err(RosterError::Empty);
        }
        if publishers.len() > PUBLISHERS_MAX {
            return Err(RosterError::TooMany);
        }
        publishers.sort_by_key(VerifyingKey::to_bytes);
        if publishers.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(RosterError::Duplicate);
        }
        let needed = usize::from(threshold);
        if 2 * needed <= publishers.len() || needed > publishers.len() {
            return Err(RosterError::Threshold);
        }
        Ok(Self {
            publishers,
            threshold,
        })
    }

    /// The publishers, in the order in which signatures name them.
    pub fn publishers(&self) -> &[VerifyingKey] {
        &self.publishers
    }

    /// How many there are. At least one, at most sixteen.
    pub fn size(&self) -> u8 {
        u8::try_from(self.publishers.len()).unwrap_or(u8::MAX)
    }

    /// How many must sign.
    pub const fn threshold(&self) -> u8 {
        self.threshold
    }

    /// The key of a publisher.
    pub fn key(&self, publisher: u8) -> Option<&VerifyingKey> {
        self.publishers.get(usize::from(publisher))
    }

    /// The place of a key.
    pub fn index_of(&self, key: &VerifyingKey) -> Option<u8> {
        let at = self.publishers.iter().position(|known| known == key)?;
        u8::try_from(at).ok()
    }

    /// Whether one key alone can neither post nor keep the others from posting.
    pub fn survives_an_arrest(&self) -> bool {
        self.threshold >= 2 && self.threshold < self.size()
    }
}

/// A charter that has passed every check but that of its signers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Charter {
    number: u32,
    previous: CharterId,
    nonce: [u8; 16],
    name: ChannelName,
    fresh_days: u16,
    roster: Roster,
    id: CharterId,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct CharterWire {
    version: u8,
    number: u32,
    previous: [u8; 32],
    nonce: [u8; 16],
    name: Bytes,
    fresh_days: u16,
    threshold: u8,
    publishers: Vec<[u8; 32]>,
}

impl Charter {
    /// The charter with which a channel begins. The channel is its hash: another name or publisher is another channel.
    /// `nonce` was never used before. `fresh_days` 0 promises no sign of life.
    pub fn founding(nonce: [u8; 16], name: ChannelName, fresh_days: u16, roster: Roster) -> Self {
        Self::assemble(
            0,
            CharterId::from_bytes([0; 32]),
            nonce,
            name,
            fresh_days,
            roster,
        )
    }

    /// The charter after this one.
    #[must_use]
    pub fn next(
        &self,
        nonce: [u8; 16],
        name: ChannelName,
        fresh_days: u16,
        roster: Roster,
    ) -> Self {
        Self::assemble(
            self.number.saturating_add(1),
            self.id,
            nonce,
            name,
            fresh_days,
            roster,
        )
    }

    fn assemble(
        number: u32,
        previous: CharterId,
        nonce: [u8; 16],
        name: ChannelName,
        fresh_days: u16,
        roster: Roster,
    ) -> Self {
        let mut charter = Self {
            number,
            previous,
            nonce,
            name,
            fresh_days: fresh_days.min(FRESH_DAYS_MAX),
            roster,
            id: previous,
        };
        charter.id = CharterId::from_bytes(hash(CHARTER, &[&charter.to_bytes()]));
        charter
    }

    /// Reads a charter, whoever gives it.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not the one encoding of a charter of this version.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let wire: CharterWire = decode(bytes)?;
        if wire.version != VERSION
            || wire.fresh_days > FRESH_DAYS_MAX
            || wire.publishers.len() > PUBLISHERS_MAX
        {
            return Err(Malformed);
        }
        let text = std::str::from_utf8(wire.name.as_slice()).map_err(|_| Malformed)?;
        let name = ChannelName::parse(text).map_err(|_| Malformed)?;
        let keys = wire.publishers.iter().map(VerifyingKey::parse);
        let keys: Vec<VerifyingKey> = keys.collect::<Result<_, _>>().map_err(|_| Malformed)?;
        let roster = Roster::new(keys, wire.threshold).map_err(|_| Malformed)?;
        let previous = CharterId::from_bytes(wire.previous);
        let read = Self::assemble(
            wire.number,
            previous,
            wire.nonce,
            name,
            wire.fresh_days,
            roster,
        );
        // A name that is not normalised, or publishers out of order, would be a second encoding.
        if read.to_bytes() != bytes {
            return Err(Malformed);
        }
        Ok(read)
    }

    /// As it is hashed, sent and stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(&CharterWire {
            version: VERSION,
            number: self.number,
            previous: *self.previous.as_bytes(),
            nonce: self.nonce,
            name: self.name.expose().as_bytes().into(),
            fresh_days: self.fresh_days,
            threshold: self.roster.threshold,
            publishers: self
                .roster
                .publishers
                .iter()
                .map(VerifyingKey::to_bytes)
                .collect(),
        })
    }

    /// The channel that this charter founds; none if it is not a first one.
    pub fn channel(&self) -> Option<ChannelId> {
        let first = self.number == 0 && self.previous == CharterId::from_bytes([0; 32]);
        first.then(|| ChannelId::from_bytes(hash(CHANNEL, &[&self.to_bytes()])))
    }

    /// Its hash.
    pub const fn id(&self) -> CharterId {
        self.id
    }

    /// How many came before.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The one before.
    pub const fn previous(&self) -> CharterId {
        self.previous
    }

    /// What the channel is called.
    pub const fn name(&self) -> &ChannelName {
        &self.name
    }

    /// Within how many days the next post is promised; 0 promises nothing.
    pub const fn fresh_days(&self) -> u16 {
        self.fresh_days
    }

    /// Who publishes.
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }
}
