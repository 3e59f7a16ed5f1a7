//! What a reader writes down, and how it comes back.
//!
//! Invariants: a message key is written only beside the post that it opens, and goes with it · what was erased leaves its
//! place in the chain and nothing of what it said.

use crypto::Secret;
use model::Timestamp;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use super::{Epoch, Fork, Kept, Reader, What};
use crate::config::{CANCELLED_MAX, EPOCHS_KEPT};
use crate::content::Content;
use crate::id::{CallRef, CharterId, PostDay, PostId};
use crate::keys::{EpochKeys, KeysWire, MessageKey};
use crate::lineage::Lineage;
use crate::post::{Checks, Post, PostIn};
use crate::wire::{Bytes, Malformed, decode, encode_secret};

const VERSION: u8 = 1;

/// A post as it is stored.
#[derive(Clone)]
pub struct PostRecord(Record);

#[derive(Clone)]
enum Record {
    Whole { post: Post, key: Option<MessageKey> },
    Spent { seq: u64, kept: Kept },
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
enum RecordWire {
    #[tls_codec(discriminant = 1)]
    Whole { post: Bytes, key: Option<[u8; 32]> },
    Spent {
        seq: u64,
        id: [u8; 32],
        previous: [u8; 32],
        charter: [u8; 32],
        day: u32,
        author: u8,
    },
}

impl PostRecord {
    pub(super) fn whole(post: &Post, key: Option<MessageKey>) -> Self {
        let post = post.clone();
        Self(Record::Whole { post, key })
    }

    pub(super) fn spent(seq: u64, kept: &Kept) -> Self {
        let kept = kept.clone();
        Self(Record::Spent { seq, kept })
    }

    /// Reads a record of our own.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not one. The signatures are not checked again.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        Ok(Self(match decode(bytes)? {
            RecordWire::Whole { post, key } => Record::Whole {
                post: PostIn::parse(post.as_slice())
                    .map_err(|_| Malformed)?
                    .trust(),
                key: key.map(|key| MessageKey::from_secret(Secret::from_bytes(key))),
            },
            RecordWire::Spent {
                seq,
                id,
                previous,
                charter,
                day,
                author,
            } => Record::Spent {
                seq,
                kept: Kept {
                    id: PostId::from_bytes(id),
                    previous: PostId::from_bytes(previous),
                    charter: CharterId::from_bytes(charter),
                    day: PostDay::from_number(day),
                    author,
                    what: What::Over,
                    len: 0,
                },
            },
        }))
    }

    /// As it is stored.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        encode_secret(&match &self.0 {
            Record::Whole { post, key } => RecordWire::Whole {
                post: post.to_bytes().into(),
                key: key.as_ref().map(|key| *key.secret().expose()),
            },
            Record::Spent { seq, kept } => RecordWire::Spent {
                seq: *seq,
                id: *kept.id.as_bytes(),
                previous: *kept.previous.as_bytes(),
                charter: *kept.charter.as_bytes(),
                day: kept.day.number(),
                author: kept.author,
            },
        })
    }

    /// What the post says; none if it cannot be read or was erased.
    pub fn content(&self) -> Option<Content> {
        match &self.0 {
            Record::Whole { post, key } => post.sheet().open(key.as_ref()).ok(),
            Record::Spent { .. } => None,
        }
    }

    /// The post as it is given to other readers; none if it was erased.
    pub fn post(&self) -> Option<Post> {
        match &self.0 {
            Record::Whole { post, .. } => Some(post.clone()),
            Record::Spent { .. } => None,
        }
    }

    /// The key of this post.
    pub const fn key(&self) -> Option<&MessageKey> {
        match &self.0 {
            Record::Whole { key, .. } => key.as_ref(),
            Record::Spent { .. } => None,
        }
    }

    fn kept(&self) -> (u64, Kept) {
        match &self.0 {
            Record::Whole { post, .. } => {
                let what = self.content().as_ref().map_or(What::Unreadable, What::of);
                let kept = Kept::of(post.place(), post.id(), what, post.to_bytes().len());
                (post.place().seq, kept)
            }
            Record::Spent { seq, kept } => (*seq, kept.clone()),
        }
    }
}

impl std::fmt::Debug for PostRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostRecord(..)")
    }
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct StateWire {
    version: u8,
    lineage: Bytes,
    low: u64,
    floor: u64,
    since: u32,
    epochs: Vec<EpochWire>,
    announced: Vec<AnnouncedWire>,
    off: Vec<OffWire>,
    fork: Option<ForkWire>,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct EpochWire {
    keys: KeysWire,
    start: u64,
    end: Option<u64>,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct AnnouncedWire {
    epoch: u32,
    commitment: [u8; 32],
    start: u64,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct OffWire {
    call: [u8; 16],
    seq: u64,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct ForkWire {
    seq: u64,
    is_first: u8,
}

impl Reader {
    /// What this reader knows besides its posts, for sealed storage. It holds keys.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        encode_secret(&StateWire {
            version: VERSION,
            lineage: self.lineage.to_bytes().into(),
            low: self.low,
            floor: self.floor,
            since: self.since.number(),
            epochs: self
                .epochs
                .values()
                .map(|epoch| EpochWire {
                    keys: epoch.keys.to_wire(),
                    start: epoch.start,
                    end: epoch.end,
                })
                .collect(),
            announced: self
                .announced
                .iter()
                .map(|(epoch, (commitment, start))| AnnouncedWire {
                    epoch: *epoch,
                    commitment: *commitment,
                    start: *start,
                })
                .collect(),
            off: self
                .off
                .iter()
                .map(|(call, seq)| OffWire {
                    call: *call.as_bytes(),
                    seq: *seq,
                })
                .collect(),
            fork: self.fork.map(|fork| ForkWire {
                seq: fork.seq,
                is_first: u8::from(fork.is_first),
            }),
        })
    }

    /// Brings a reader back from what it asked to be stored. Calls that ended meanwhile are erased by the next
    /// [`Reader::expire`].
    ///
    /// # Errors
    ///
    /// Fails if the records are damaged.
    pub fn restore<'a>(
        channel: crate::ChannelId,
        state: &[u8],
        posts: impl Iterator<Item = &'a [u8]>,
        now: Timestamp,
    ) -> Result<(Self, Vec<super::Change>), Malformed> {
        let wire: StateWire = decode(state)?;
        let bounded = wire.epochs.len() <= EPOCHS_KEPT
            && wire.announced.len() <= EPOCHS_KEPT
            && wire.off.len() <= CANCELLED_MAX;
        if wire.version != VERSION || !bounded {
            return Err(Malformed);
        }
        let mut unused = Checks::default();
        let lineage = Lineage::check(channel, None, wire.lineage.as_slice(), &mut unused);
        let mut reader = Self {
            lineage: lineage.map_err(|_| Malformed)?,
            low: wire.low,
            floor: wire.floor,
            since: PostDay::from_number(wire.since),
            epochs: std::collections::BTreeMap::new(),
            announced: std::collections::BTreeMap::new(),
            kept: std::collections::BTreeMap::new(),
            next: wire.low,
            off: std::collections::BTreeMap::new(),
            fork: wire.fork.map(|fork| Fork {
                seq: fork.seq,
                is_first: fork.is_first == 1,
            }),
            suspects: std::collections::BTreeSet::new(),
            checks: Checks::default(),
        };
        for epoch in &wire.epochs {
            let keys = EpochKeys::from_wire(&epoch.keys)?;
            let (start, end) = (epoch.start, epoch.end);
            reader
                .epochs
                .insert(keys.epoch(), Epoch { keys, start, end });
        }
        for one in wire.announced {
            let announced = (one.commitment, one.start);
            reader.announced.insert(one.epoch, announced);
        }
        for one in wire.off {
            reader.off.insert(CallRef::from_bytes(one.call), one.seq);
        }
        if reader.to_bytes().as_slice() != state {
            return Err(Malformed);
        }
        for bytes in posts {
            let (seq, kept) = PostRecord::parse(bytes)?.kept();
            reader.kept.insert(seq, kept);
        }
        reader.advance();
        let has_due = reader.kept.values().any(|kept| kept.is_over(now));
        let changes = if has_due {
            reader.expire(now)
        } else {
            Vec::new()
        };
        Ok((reader, changes))
    }
}
