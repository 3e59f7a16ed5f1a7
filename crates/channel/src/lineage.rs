//! The charters of a channel, from the first on: each after the first is a post that enough publishers of the one before
//! have signed.
//!
//! ```text
//! lineage   charter 0<V> ‖ posts<V> of (post<V>)
//! ```
//! Invariants: charter 0 hashes to the channel · each charter names the one before by hash · a charter is in force from
//! the post behind the one that brought it.

use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::charter::Charter;
use crate::config::{CHARTERS_MAX, PACK_LIMIT};
use crate::content::Content;
use crate::error::ProofError;
use crate::id::{ChannelId, CharterId, PostId};
use crate::post::{Checks, Post, PostIn};
use crate::wire::{Bytes, decode, encode};

/// One charter and from where it is in force.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Reign {
    charter: Charter,
    /// The seq of the first post under it.
    from: u64,
    /// The post that brought it, none for the first.
    post: Option<Vec<u8>>,
    /// Its id.
    id: PostId,
}

/// The charters of one channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lineage {
    channel: ChannelId,
    first: Reign,
    later: Vec<Reign>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct LineageWire {
    founding: Bytes,
    posts: Vec<Bytes>,
}

impl Lineage {
    /// The lineage of a channel that has but its first charter. None if it is no first one.
    pub fn founded(charter: Charter) -> Option<Self> {
        Some(Self {
            channel: charter.channel()?,
            first: Reign {
                charter,
                from: 0,
                post: None,
                id: PostId::NONE,
            },
            later: Vec::new(),
        })
    }

    /// Checks a lineage, whoever gives it. `pinned` is a charter that must be in it: that of a link.
    ///
    /// # Errors
    ///
    /// Fails if it is not the lineage of `channel`, or ends before `pinned`.
    pub fn check(
        channel: ChannelId,
        pinned: Option<CharterId>,
        bytes: &[u8],
        checks: &mut Checks,
    ) -> Result<Self, ProofError> {
        if bytes.len() > PACK_LIMIT {
            return Err(ProofError::Malformed);
        }
        let wire: LineageWire = decode(bytes).map_err(|_| ProofError::Malformed)?;
        if wire.posts.len() >= CHARTERS_MAX {
            return Err(ProofError::Malformed);
        }
        let founding =
            Charter::parse(wire.founding.as_slice()).map_err(|_| ProofError::Malformed)?;
        let mut lineage = Self::founded(founding).ok_or(ProofError::WrongLineage)?;
        if lineage.channel != channel {
            return Err(ProofError::WrongLineage);
        }
        for post in &wire.posts {
            let post = PostIn::parse(post.as_slice()).map_err(ProofError::Post)?;
            let post = post
                .check(lineage.newest(), checks)
                .map_err(ProofError::Post)?;
            if !lineage.extend(&post) {
                return Err(ProofError::WrongLineage);
            }
        }
        if pinned.is_some_and(|pinned| lineage.by_id(&pinned).is_none()) {
            return Err(ProofError::WrongLineage);
        }
        Ok(lineage)
    }

    /// What another lineage of the same channel has beyond this one. Posts that are here already are not checked again,
    /// so that showing us what we know costs nothing.
    ///
    /// # Errors
    ///
    /// Fails if it parts from this one, or what is new in it does not hold.
    pub fn grown(&self, bytes: &[u8], checks: &mut Checks) -> Result<Self, ProofError> {
        if bytes.len() > PACK_LIMIT {
            return Err(ProofError::Malformed);
        }
        let wire: LineageWire = decode(bytes).map_err(|_| ProofError::Malformed)?;
        let same = wire.founding.as_slice() == self.first.charter.to_bytes();
        if !same || wire.posts.len() < self.later.len() || wire.posts.len() >= CHARTERS_MAX {
            return Err(ProofError::WrongLineage);
        }
        let mut grown = self.clone();
        for (at, post) in wire.posts.iter().enumerate() {
            let post = PostIn::parse(post.as_slice()).map_err(ProofError::Post)?;
            if let Some(known) = self.later.get(at) {
                if known.id != post.sheet().id() {
                    return Err(ProofError::WrongLineage);
                }
                continue;
            }
            let post = post
                .check(grown.newest(), checks)
                .map_err(ProofError::Post)?;
            if !grown.extend(&post) {
                return Err(ProofError::WrongLineage);
            }
        }
        Ok(grown)
    }

    /// Takes the charter that a post brings, if it follows the newest one.
    pub fn extend(&mut self, post: &Post) -> bool {
        let Ok(Content::Charter(charter)) = post.sheet().open(None) else {
            return false;
        };
        let place = post.place();
        let newest = self.newest();
        let follows = charter.previous() == newest.id()
            && charter.number() == newest.number().saturating_add(1)
            && place.charter == newest.id()
            && place.channel == self.channel
            && place.seq >= self.last().from;
        if !follows || self.later.len() + 1 >= CHARTERS_MAX {
            return false;
        }
        self.later.push(Reign {
            charter: *charter,
            from: place.seq.saturating_add(1),
            post: Some(post.to_bytes()),
            id: post.id(),
        });
        true
    }

    /// As it is handed on and stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let posts = self.later.iter().filter_map(|reign| reign.post.as_deref());
        encode(&LineageWire {
            founding: self.first.charter.to_bytes().into(),
            posts: posts.map(Bytes::from).collect(),
        })
    }

    /// As far as a charter, for whoever needs no more.
    #[must_use]
    pub fn up_to(&self, id: &CharterId) -> Self {
        let mut short = self.clone();
        let keep = self
            .later
            .iter()
            .position(|reign| reign.charter.id() == *id);
        short.later.truncate(keep.map_or(0, |at| at + 1));
        short
    }

    /// The channel.
    pub const fn channel(&self) -> ChannelId {
        self.channel
    }

    /// The charter that nothing has followed yet.
    pub fn newest(&self) -> &Charter {
        &self.last().charter
    }

    /// From which seq on the newest charter is in force.
    pub fn newest_from(&self) -> u64 {
        self.last().from
    }

    /// A charter by its hash.
    pub fn by_id(&self, id: &CharterId) -> Option<&Charter> {
        self.reigns()
            .map(|reign| &reign.charter)
            .find(|charter| charter.id() == *id)
    }

    /// Whether this post brought one of the charters.
    pub(crate) fn has(&self, post: &PostId) -> bool {
        self.later.iter().any(|reign| reign.id == *post)
    }

    /// From which seq to which a charter is in force; the last only if another followed.
    pub fn reign_of(&self, id: &CharterId) -> Option<(u64, Option<u64>)> {
        let at = self.reigns().position(|reign| reign.charter.id() == *id)?;
        let from = self.reigns().nth(at)?.from;
        let until = self
            .reigns()
            .nth(at + 1)
            .map(|next| next.from.saturating_sub(1));
        Some((from, until))
    }

    /// How many charters there are.
    pub fn len(&self) -> usize {
        1 + self.later.len()
    }

    /// Never: there is always the first.
    pub const fn is_empty(&self) -> bool {
        false
    }

    fn reigns(&self) -> impl Iterator<Item = &Reign> {
        std::iter::once(&self.first).chain(&self.later)
    }

    fn last(&self) -> &Reign {
        self.later.last().unwrap_or(&self.first)
    }
}
