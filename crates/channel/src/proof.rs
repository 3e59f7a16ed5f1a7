//! What can be shown to somebody who has no link: that the publishers said two things in one place, and one post with the
//! key of that post alone.
//!
//! ```text
//! equivocation   lineage<V> ‖ post<V> ‖ post<V>, the smaller id first
//! forwarded      lineage<V> ‖ post<V> ‖ optional message key 32
//! ```
//! Invariants: whoever checks one needs the name of the channel and nothing else · a forwarded post opens no other.

use std::fmt;

use crypto::Secret;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::charter::ChannelName;
use crate::config::PACK_LIMIT;
use crate::content::Content;
use crate::error::ProofError;
use crate::id::{ChannelId, PostId};
use crate::keys::MessageKey;
use crate::lineage::Lineage;
use crate::post::{Checks, Place, Post, PostIn};
use crate::wire::{Bytes, decode, encode, encode_secret};

/// Two posts, both signed by enough publishers, in one place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Equivocation {
    lineage: Lineage,
    first: Post,
    second: Post,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct EquivocationWire {
    lineage: Bytes,
    first: Bytes,
    second: Bytes,
}

impl Equivocation {
    /// Puts two posts beside each other. None if they do not contradict each other.
    pub(crate) fn of(lineage: &Lineage, one: Post, other: Post) -> Option<Self> {
        let (a, b) = (one.place(), other.place());
        let contradict = a.seq == b.seq && a.charter == b.charter && one.id() != other.id();
        if !contradict {
            return None;
        }
        let (first, second) = if one.id() < other.id() {
            (one, other)
        } else {
            (other, one)
        };
        Some(Self {
            lineage: lineage.up_to(&first.place().charter),
            first,
            second,
        })
    }

    /// Checks a proof, whoever gives it.
    ///
    /// # Errors
    ///
    /// Fails if it proves nothing about this channel.
    pub fn check(
        channel: ChannelId,
        bytes: &[u8],
        checks: &mut Checks,
    ) -> Result<Self, ProofError> {
        if bytes.len() > PACK_LIMIT {
            return Err(ProofError::Malformed);
        }
        let wire: EquivocationWire = decode(bytes).map_err(|_| ProofError::Malformed)?;
        let lineage = Lineage::check(channel, None, wire.lineage.as_slice(), checks)?;
        let [first, second] = [wire.first, wire.second]
            .map(|post| post_of(&lineage, channel, post.as_slice(), checks));
        let read = Self::of(&lineage, first?, second?).ok_or(ProofError::NoContradiction)?;
        if read.to_bytes() != bytes {
            return Err(ProofError::Malformed);
        }
        Ok(read)
    }

    /// As [`Self::check`], for whoever has the charters: theirs are not checked, which would cost more than the posts.
    pub(crate) fn check_known(
        lineage: &Lineage,
        bytes: &[u8],
        checks: &mut Checks,
    ) -> Result<Self, ProofError> {
        if bytes.len() > PACK_LIMIT {
            return Err(ProofError::Malformed);
        }
        let wire: EquivocationWire = decode(bytes).map_err(|_| ProofError::Malformed)?;
        let channel = lineage.channel();
        let first = post_of(lineage, channel, wire.first.as_slice(), checks)?;
        let second = post_of(lineage, channel, wire.second.as_slice(), checks)?;
        Self::of(lineage, first, second).ok_or(ProofError::NoContradiction)
    }

    /// As it is handed on.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(&EquivocationWire {
            lineage: self.lineage.to_bytes().into(),
            first: self.first.to_bytes().into(),
            second: self.second.to_bytes().into(),
        })
    }

    /// Where.
    pub const fn seq(&self) -> u64 {
        self.first.place().seq
    }

    /// The two posts.
    pub const fn posts(&self) -> [&Post; 2] {
        [&self.first, &self.second]
    }

    /// Publishers who signed both in one round, which no device does that follows the rules. Empty if the posts were
    /// signed in different rounds: then somebody lied about what they had signed, and this does not show who.
    pub fn culprits(&self) -> Vec<[u8; 32]> {
        let roster = self.lineage.by_id(&self.first.place().charter);
        let Some(charter) = roster.filter(|_| self.first.round() == self.second.round()) else {
            return Vec::new();
        };
        let both = self
            .first
            .signers()
            .filter(|one| self.second.signers().any(|other| other == *one));
        both.filter_map(|one| Some(charter.roster().key(one)?.to_bytes()))
            .collect()
    }
}

fn post_of(
    lineage: &Lineage,
    channel: ChannelId,
    bytes: &[u8],
    checks: &mut Checks,
) -> Result<Post, ProofError> {
    let post = PostIn::parse(bytes).map_err(ProofError::Post)?;
    let place = *post.sheet().place();
    let charter = lineage
        .by_id(&place.charter)
        .ok_or(ProofError::WrongLineage)?;
    let reign = lineage.reign_of(&place.charter);
    let in_force = reign.is_some_and(|(from, until)| {
        place.seq >= from && until.is_none_or(|until| place.seq <= until)
    });
    if place.channel != channel || !in_force {
        return Err(ProofError::WrongLineage);
    }
    post.check(charter, checks).map_err(ProofError::Post)
}

/// A post as somebody hands it on who read it. It can be opened by whoever gets it.
#[derive(Clone, Eq, PartialEq)]
pub struct Forward {
    lineage: Lineage,
    post: Post,
    key: Option<MessageKey>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct ForwardWire {
    lineage: Bytes,
    post: Bytes,
    key: Option<[u8; 32]>,
}

/// What a forwarded post says, once it is proven.
#[derive(Clone, Debug, PartialEq)]
pub struct Forwarded {
    /// From which channel.
    pub channel: ChannelId,
    /// What the channel was called under the charter of the post.
    pub name: ChannelName,
    /// Where the post stands.
    pub place: Place,
    /// The post.
    pub id: PostId,
    /// What it says.
    pub content: Content,
}

impl Forward {
    pub(crate) fn of(lineage: &Lineage, post: Post, key: Option<MessageKey>) -> Self {
        let lineage = lineage.up_to(&post.place().charter);
        Self { lineage, post, key }
    }

    /// As it is handed on, inside a message of a cell. It holds a key.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        encode_secret(&ForwardWire {
            lineage: self.lineage.to_bytes().into(),
            post: self.post.to_bytes().into(),
            key: self.key.as_ref().map(|key| *key.secret().expose()),
        })
    }

    /// Checks what somebody forwarded: that the charters lead from a channel to the post, that enough publishers signed
    /// it, and that the key opens it. Which channel it is comes out; whether to trust that one is for the person.
    ///
    /// # Errors
    ///
    /// Fails if any of it does not hold.
    pub fn check(bytes: &[u8], checks: &mut Checks) -> Result<Forwarded, ProofError> {
        if bytes.len() > PACK_LIMIT {
            return Err(ProofError::Malformed);
        }
        let wire: ForwardWire = decode(bytes).map_err(|_| ProofError::Malformed)?;
        let channel = *PostIn::parse(wire.post.as_slice())
            .map_err(ProofError::Post)?
            .sheet()
            .place();
        let lineage = Lineage::check(channel.channel, None, wire.lineage.as_slice(), checks)?;
        let post = post_of(&lineage, channel.channel, wire.post.as_slice(), checks)?;
        let key = wire
            .key
            .map(|key| MessageKey::from_secret(Secret::from_bytes(key)));
        if key.is_some() != post.sheet().is_sealed() {
            return Err(ProofError::WrongKey);
        }
        let content = post
            .sheet()
            .open(key.as_ref())
            .map_err(|_| ProofError::WrongKey)?;
        let charter = lineage
            .by_id(&post.place().charter)
            .ok_or(ProofError::WrongLineage)?;
        let name = charter.name().clone();
        let read = Self::of(&lineage, post, key);
        if read.to_bytes().as_slice() != bytes {
            return Err(ProofError::Malformed);
        }
        Ok(Forwarded {
            channel: channel.channel,
            name,
            place: *read.post.place(),
            id: read.post.id(),
            content,
        })
    }
}

impl fmt::Debug for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Forward(..)")
    }
}
