//! The signed unit of a channel.
//!
//! ```text
//! header    u8 version ‖ channel 32 ‖ charter 32 ‖ u32 epoch ‖ u32 index ‖ u64 seq ‖ previous 32 ‖ u8 author ‖ u32 day
//!           ‖ u8 kind ‖ u8 bucket ‖ nonce 24 ‖ commitment 32                                         176 bytes
//! body      kind 1: XChaCha20-Poly1305(MK, nonce, header, padded content)
//!           kind 2: padded charter ‖ 16 zeros; nonce and commitment are zeros
//! id        H("vigil channel post v1", header, body)
//! post      header ‖ body<V> ‖ u64 round ‖ signatures<V> of (u8 publisher ‖ signature 64), ascending by publisher
//! signature Ed25519 over "vigil/channel-post/v1" 0 ‖ id ‖ u64 round
//! ```
//! A [`PostIn`] is what somebody gave us; the one way to a [`Post`] is [`PostIn::check`]. A [`Sheet`] is a post that
//! nobody has signed yet. Invariants: a [`Post`] has exactly as many good signatures of one round as its charter asks for.

use std::collections::VecDeque;

use crypto::{Context, Label, Signature, SigningKey, aead, hash};
use tls_codec::{DeserializeBytes as _, TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::charter::Charter;
use crate::config::{PARTLY_MAX, POST_LIMIT, PUBLISHERS_MAX};
use crate::content::{Content, bucket_len, pad, unpad};
use crate::error::Refusal;
use crate::id::{ChannelId, CharterId, PostDay, PostId};
use crate::keys::MessageKey;
use crate::wire::{Bytes, Malformed, decode, encode};

const POST: Label = Label::new("vigil/channel-post/v1");
const ID: Context = Context::new("vigil channel post v1");
const VERSION: u8 = 1;
const SEALED: u8 = 1;
const OPEN: u8 = 2;

/// Where a post stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// In which channel.
    pub channel: ChannelId,
    /// Under which charter it is signed.
    pub charter: CharterId,
    /// In which epoch.
    pub epoch: u32,
    /// The how manieth of the epoch, from 0.
    pub index: u32,
    /// The how manieth of the channel, from 0.
    pub seq: u64,
    /// The post before.
    pub previous: PostId,
    /// Which publisher wrote it, by their place in the charter.
    pub author: u8,
    /// When, by the day.
    pub day: PostDay,
}

#[derive(Clone, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct HeaderWire {
    version: u8,
    channel: [u8; 32],
    charter: [u8; 32],
    epoch: u32,
    index: u32,
    seq: u64,
    previous: [u8; 32],
    author: u8,
    day: u32,
    kind: u8,
    bucket: u8,
    nonce: [u8; aead::NONCE_LEN],
    commitment: [u8; 32],
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct SheetWire {
    header: HeaderWire,
    body: Bytes,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct SignatureWire {
    publisher: u8,
    signature: [u8; 64],
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct TailWire {
    round: u64,
    signatures: Vec<SignatureWire>,
}

/// A post before it is signed: header and body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sheet {
    place: Place,
    is_sealed: bool,
    nonce: [u8; aead::NONCE_LEN],
    /// Header and body as they are hashed and sent.
    bytes: Vec<u8>,
    body: std::ops::Range<usize>,
    header: Vec<u8>,
    commitment: [u8; 32],
    id: PostId,
}

impl Sheet {
    /// Seals content for its place. `nonce` was drawn for this sheet: a place may be drafted for more than once.
    /// None if the content fits in no post.
    pub fn seal(
        place: &Place,
        content: &Content,
        key: &MessageKey,
        nonce: [u8; aead::NONCE_LEN],
    ) -> Option<Self> {
        let (bucket, mut padded) = pad(content)?;
        if let Content::Charter(_) = content {
            padded.extend_from_slice(&[0; aead::TAG_LEN]);
            let header = header(place, OPEN, bucket, [0; aead::NONCE_LEN], [0; 32]);
            return Self::assemble(header, padded.to_vec());
        }
        let header = header(place, SEALED, bucket, nonce, key.commitment());
        let body = aead::seal(key.secret(), &nonce, &encode(&header), &padded);
        Self::assemble(header, body)
    }

    /// Reads a sheet, whoever gives it.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are too long or not the encoding of a sheet of this version.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let (sheet, rest) = Self::read(bytes)?;
        if !rest.is_empty() {
            return Err(Refusal::Malformed);
        }
        Ok(sheet)
    }

    fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Refusal> {
        if bytes.len() > POST_LIMIT {
            return Err(Refusal::Oversized);
        }
        // The version stands first in every version.
        if bytes.first().is_some_and(|version| *version != VERSION) {
            return Err(Refusal::OtherVersion);
        }
        let (wire, rest) =
            SheetWire::tls_deserialize_bytes(bytes).map_err(|_| Refusal::Malformed)?;
        let sheet = Self::assemble(wire.header, wire.body.into()).ok_or(Refusal::Malformed)?;
        Ok((sheet, rest))
    }

    fn assemble(wire: HeaderWire, body: Vec<u8>) -> Option<Self> {
        let whole = bucket_len(wire.bucket)? + aead::TAG_LEN;
        let is_open = wire.kind == OPEN;
        let plain = wire.nonce == [0; aead::NONCE_LEN] && wire.commitment == [0; 32];
        if body.len() != whole || (wire.kind != SEALED && !is_open) || (is_open && !plain) {
            return None;
        }
        let header = encode(&wire);
        let id = PostId::from_bytes(hash(ID, &[&header, &body]));
        let mut bytes = Vec::with_capacity(header.len() + body.len() + 8 + 256);
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&encode(&Bytes::from(body)));
        let end = bytes.len();
        Some(Self {
            place: Place {
                channel: ChannelId::from_bytes(wire.channel),
                charter: CharterId::from_bytes(wire.charter),
                epoch: wire.epoch,
                index: wire.index,
                seq: wire.seq,
                previous: PostId::from_bytes(wire.previous),
                author: wire.author,
                day: PostDay::from_number(wire.day),
            },
            is_sealed: !is_open,
            nonce: wire.nonce,
            bytes,
            body: end - whole..end,
            header,
            commitment: wire.commitment,
            id,
        })
    }

    /// Opens it. A charter needs no key.
    ///
    /// # Errors
    ///
    /// Fails if this is not its key, or what is inside is nothing that this version reads.
    pub fn open(&self, key: Option<&MessageKey>) -> Result<Content, Malformed> {
        let body = self.bytes.get(self.body.clone()).ok_or(Malformed)?;
        if !self.is_sealed {
            let (padded, tail) = body
                .split_at_checked(body.len() - aead::TAG_LEN)
                .ok_or(Malformed)?;
            let content = unpad(padded)?;
            let is_charter = matches!(content, Content::Charter(_));
            if !is_charter || tail.iter().any(|byte| *byte != 0) {
                return Err(Malformed);
            }
            return Ok(content);
        }
        let key = key.ok_or(Malformed)?;
        if key.commitment() != self.commitment {
            return Err(Malformed);
        }
        let padded = aead::open(key.secret(), &self.nonce, &self.header, body);
        let content = unpad(&padded.map_err(|_| Malformed)?)?;
        // A charter that is sealed could not be checked by whoever subscribes later.
        if matches!(content, Content::Charter(_)) {
            return Err(Malformed);
        }
        Ok(content)
    }

    /// Where it stands.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Whether it needs a key.
    pub const fn is_sealed(&self) -> bool {
        self.is_sealed
    }

    /// Its name.
    pub const fn id(&self) -> PostId {
        self.id
    }

    /// As it is sent.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn header(
    place: &Place,
    kind: u8,
    bucket: u8,
    nonce: [u8; aead::NONCE_LEN],
    commitment: [u8; 32],
) -> HeaderWire {
    HeaderWire {
        version: VERSION,
        channel: *place.channel.as_bytes(),
        charter: *place.charter.as_bytes(),
        epoch: place.epoch,
        index: place.index,
        seq: place.seq,
        previous: *place.previous.as_bytes(),
        author: place.author,
        day: place.day.number(),
        kind,
        bucket,
        nonce,
        commitment,
    }
}

/// A publisher's signature on a post, for one round.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Countersignature {
    /// Whose, by their place in the charter.
    pub publisher: u8,
    /// The signature.
    pub signature: Signature,
}

impl Countersignature {
    /// Signs. Whoever calls this has persisted that this publisher signs this post in this round.
    pub(crate) fn sign(key: &SigningKey, publisher: u8, id: &PostId, round: u64) -> Self {
        Self {
            publisher,
            signature: key.sign(POST, &signed(id, round)),
        }
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, charter: &Charter, id: &PostId, round: u64) -> bool {
        let key = charter.roster().key(self.publisher);
        key.is_some_and(|key| {
            key.verify(POST, &signed(id, round), &self.signature)
                .is_ok()
        })
    }
}

fn signed(id: &PostId, round: u64) -> [u8; 40] {
    let mut bytes = [0; 40];
    bytes[..32].copy_from_slice(id.as_bytes());
    bytes[32..].copy_from_slice(&round.to_be_bytes());
    bytes
}

/// What checking signatures has cost, and which single ones held although their post was refused.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    count: u64,
    partly: VecDeque<(PostId, u64, Countersignature)>,
}

impl Checks {
    /// How many signatures were checked.
    pub const fn count(&self) -> u64 {
        self.count
    }

    fn remember(&mut self, id: PostId, round: u64, held: &[Countersignature]) {
        for one in held {
            if !self.knows(id, round, one) {
                self.partly.push_back((id, round, *one));
            }
        }
        while self.partly.len() > PARTLY_MAX {
            self.partly.pop_front();
        }
    }

    fn knows(&self, id: PostId, round: u64, one: &Countersignature) -> bool {
        self.partly.contains(&(id, round, *one))
    }
}

/// A post as somebody gave it. Nothing in it is to be believed.
#[derive(Clone, Debug)]
pub struct PostIn {
    sheet: Sheet,
    round: u64,
    signatures: Vec<Countersignature>,
}

impl PostIn {
    /// Takes the bytes apart.
    ///
    /// # Errors
    ///
    /// Fails if they are too long or not the encoding of a post of this version.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let (sheet, rest) = Sheet::read(bytes)?;
        let tail: TailWire = decode(rest).map_err(|_| Refusal::Malformed)?;
        if tail.signatures.len() > PUBLISHERS_MAX {
            return Err(Refusal::Malformed);
        }
        let signatures = tail.signatures.iter().map(|one| Countersignature {
            publisher: one.publisher,
            signature: one.signature,
        });
        Ok(Self {
            sheet,
            round: tail.round,
            signatures: signatures.collect(),
        })
    }

    /// Header and body.
    pub const fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Checks the signatures: first how many and whose, which costs nothing, then one after the other until one does
    /// not hold. One that held before, on the same post, is not checked again.
    ///
    /// # Errors
    ///
    /// Fails if it is not signed by exactly as many publishers of `charter` as it asks for.
    pub fn check(self, charter: &Charter, checks: &mut Checks) -> Result<Post, Refusal> {
        let (id, round) = (self.sheet.id, self.round);
        if self.sheet.place.charter != charter.id() {
            return Err(Refusal::UnknownCharter);
        }
        let roster = charter.roster();
        let ascending = |pair: &[Countersignature]| pair[0].publisher < pair[1].publisher;
        if self.signatures.len() != usize::from(roster.threshold())
            || !self.signatures.windows(2).all(ascending)
            || self
                .signatures
                .iter()
                .any(|one| one.publisher >= roster.size())
            || self.sheet.place.author >= roster.size()
        {
            return Err(Refusal::WrongSigners);
        }
        for (at, one) in self.signatures.iter().enumerate() {
            if checks.knows(id, round, one) {
                continue;
            }
            checks.count += 1;
            if !one.holds(charter, &id, round) {
                checks.remember(id, round, &self.signatures[..at]);
                return Err(Refusal::WrongSignature);
            }
        }
        checks.partly.retain(|(known, _, _)| *known != id);
        Ok(Post {
            sheet: self.sheet,
            round,
            signatures: self.signatures,
        })
    }
}

impl PostIn {
    /// As it came.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.clone().trust().to_bytes()
    }

    /// A post out of a record of our own, where it was written after it had been checked.
    pub(crate) fn trust(self) -> Post {
        Post {
            sheet: self.sheet,
            round: self.round,
            signatures: self.signatures,
        }
    }
}

/// A post that enough publishers have signed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Post {
    sheet: Sheet,
    round: u64,
    signatures: Vec<Countersignature>,
}

impl Post {
    /// Puts a post together from signatures that were checked one by one.
    pub(crate) fn complete(
        sheet: Sheet,
        round: u64,
        mut signatures: Vec<Countersignature>,
        charter: &Charter,
    ) -> Option<Self> {
        signatures.sort_by_key(|one| one.publisher);
        signatures.truncate(usize::from(charter.roster().threshold()));
        (signatures.len() == usize::from(charter.roster().threshold())).then_some(Self {
            sheet,
            round,
            signatures,
        })
    }

    /// Header and body.
    pub const fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Where it stands.
    pub const fn place(&self) -> &Place {
        &self.sheet.place
    }

    /// Its name.
    pub const fn id(&self) -> PostId {
        self.sheet.id
    }

    /// In which round it was signed.
    pub const fn round(&self) -> u64 {
        self.round
    }

    /// Whose signatures it has.
    pub fn signers(&self) -> impl Iterator<Item = u8> {
        self.signatures.iter().map(|one| one.publisher)
    }

    /// As it is sent and stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let tail = encode(&TailWire {
            round: self.round,
            signatures: self
                .signatures
                .iter()
                .map(|one| SignatureWire {
                    publisher: one.publisher,
                    signature: one.signature,
                })
                .collect(),
        });
        [self.sheet.as_bytes(), &tail].concat()
    }
}
