//! What is inside a post, once it is opened.
//!
//! ```text
//! padded    u32 length ‖ content ‖ zeros, to one of few lengths (`config::BUCKETS`)
//! content   u8 kind, then its fields
//! ```
//! Invariants: one content has one encoding · a call has passed every check of `action` · nothing here prints itself.

use std::fmt;

use action::Call;
use crypto::Secret;
use model::MessageText;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::charter::Charter;
use crate::config::{BUCKETS, CANCELLED_PER_CHECKPOINT, REASON_CHARS};
use crate::id::{CallRef, PostId};
use crate::wire::{Malformed, SecretBytes, decode, encode_secret};

/// What publishers say.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// Words.
    Text(MessageText),
    /// A call that is new.
    Call {
        /// Its name, drawn when it was written.
        id: CallRef,
        /// The call.
        call: Box<Call>,
    },
    /// Another version of a call.
    Version {
        /// Its name.
        id: CallRef,
        /// The call that it replaces.
        of: CallRef,
        /// The call as it is from here on.
        call: Box<Call>,
    },
    /// A call is off, in every version.
    Cancel {
        /// Which, by the name of any version.
        call: CallRef,
        /// Why, in at most 280 characters.
        reason: Option<MessageText>,
    },
    /// Nothing but a sign that enough publishers are there and free to sign.
    Fresh,
    /// Another charter: who publishes, how many must sign, what the channel is called. Not sealed, so that whoever
    /// subscribes later can check it without the keys of that day.
    Charter(Box<Charter>),
    /// The epoch ends with this post.
    Closed {
        /// What the keys of the next epoch hash to.
        commitment: [u8; 32],
        /// The keys themselves, for hygiene. Without them whoever is to read on needs a fresh link.
        keys: Option<NextKeys>,
    },
    /// What whoever begins here should know of what came before.
    Checkpoint(Checkpoint),
}

/// The keys of an epoch, handed on within the epoch before.
#[derive(Clone, Eq, PartialEq)]
pub struct NextKeys {
    /// The first chain key.
    pub chain: Secret<32>,
    /// The secret of the topic.
    pub topic: Secret<32>,
}

/// A statement about the log up to a post.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Checkpoint {
    /// The seq of the post.
    pub upto: u64,
    /// The post.
    pub id: PostId,
    /// Posts below this may be forgotten.
    pub floor: u64,
    /// Calls that are off and may still be in somebody's hands, ascending.
    pub cancelled: Vec<CallRef>,
}

impl Content {
    /// The stable name of its kind in the scripting interface.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Call { .. } => "call",
            Self::Version { .. } => "version",
            Self::Cancel { .. } => "cancel",
            Self::Fresh => "fresh",
            Self::Charter(_) => "charter",
            Self::Closed { .. } => "closed",
            Self::Checkpoint(_) => "checkpoint",
        }
    }
}

impl Content {
    /// The charter that it brings.
    pub fn charter(&self) -> Option<&Charter> {
        match self {
            Self::Charter(charter) => Some(charter),
            Self::Text(_)
            | Self::Call { .. }
            | Self::Version { .. }
            | Self::Cancel { .. }
            | Self::Fresh
            | Self::Closed { .. }
            | Self::Checkpoint(_) => None,
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({})", self.kind())
    }
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
enum ContentWire {
    #[tls_codec(discriminant = 1)]
    Text {
        text: SecretBytes,
    },
    Call {
        id: [u8; 16],
        call: SecretBytes,
    },
    Version {
        id: [u8; 16],
        of: [u8; 16],
        call: SecretBytes,
    },
    Cancel {
        call: [u8; 16],
        reason: SecretBytes,
    },
    Fresh,
    Charter {
        charter: SecretBytes,
    },
    Closed {
        commitment: [u8; 32],
        keys: Option<NextKeysWire>,
    },
    Checkpoint {
        upto: u64,
        id: [u8; 32],
        floor: u64,
        cancelled: Vec<[u8; 16]>,
    },
}

/// No `Debug`, and wiped when dropped.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize, Zeroize, ZeroizeOnDrop)]
struct NextKeysWire {
    chain: [u8; 32],
    topic: [u8; 32],
}

impl Content {
    fn to_wire(&self) -> ContentWire {
        match self {
            Self::Text(text) => ContentWire::Text {
                text: text.expose().as_bytes().into(),
            },
            Self::Call { id, call } => ContentWire::Call {
                id: *id.as_bytes(),
                call: call.to_bytes().into(),
            },
            Self::Version { id, of, call } => ContentWire::Version {
                id: *id.as_bytes(),
                of: *of.as_bytes(),
                call: call.to_bytes().into(),
            },
            Self::Cancel { call, reason } => ContentWire::Cancel {
                call: *call.as_bytes(),
                reason: reason
                    .as_ref()
                    .map_or("", MessageText::expose)
                    .as_bytes()
                    .into(),
            },
            Self::Fresh => ContentWire::Fresh,
            Self::Charter(charter) => ContentWire::Charter {
                charter: charter.to_bytes().into(),
            },
            Self::Closed { commitment, keys } => ContentWire::Closed {
                commitment: *commitment,
                keys: keys.as_ref().map(|keys| NextKeysWire {
                    chain: *keys.chain.expose(),
                    topic: *keys.topic.expose(),
                }),
            },
            Self::Checkpoint(point) => ContentWire::Checkpoint {
                upto: point.upto,
                id: *point.id.as_bytes(),
                floor: point.floor,
                cancelled: point.cancelled.iter().map(|id| *id.as_bytes()).collect(),
            },
        }
    }

    fn from_wire(wire: ContentWire) -> Result<Self, Malformed> {
        Ok(match wire {
            ContentWire::Text { text } => Self::Text(words(text.as_slice())?),
            ContentWire::Call { id, call } => {
                let call = read_call(call.as_slice())?;
                if call.supersedes.is_some() {
                    return Err(Malformed);
                }
                let id = CallRef::from_bytes(id);
                Self::Call { id, call }
            }
            ContentWire::Version { id, of, call } => {
                let (id, of) = (CallRef::from_bytes(id), CallRef::from_bytes(of));
                let call = read_call(call.as_slice())?;
                if call.supersedes != Some(of.to_hex()) || id == of {
                    return Err(Malformed);
                }
                Self::Version { id, of, call }
            }
            ContentWire::Cancel { call, reason } => {
                let call = CallRef::from_bytes(call);
                let reason = reason.as_slice();
                let reason = (!reason.is_empty()).then(|| words(reason)).transpose()?;
                let long = |text: &MessageText| text.expose().chars().count() > REASON_CHARS;
                if reason.as_ref().is_some_and(long) {
                    return Err(Malformed);
                }
                Self::Cancel { call, reason }
            }
            ContentWire::Fresh => Self::Fresh,
            ContentWire::Charter { charter } => {
                Self::Charter(Box::new(Charter::parse(charter.as_slice())?))
            }
            ContentWire::Closed { commitment, keys } => {
                let keys = keys.map(|keys| NextKeys {
                    chain: Secret::from_bytes(keys.chain),
                    topic: Secret::from_bytes(keys.topic),
                });
                Self::Closed { commitment, keys }
            }
            ContentWire::Checkpoint {
                upto,
                id,
                floor,
                cancelled,
            } => {
                let ascending = cancelled.windows(2).all(|pair| pair[0] < pair[1]);
                if !ascending || cancelled.len() > CANCELLED_PER_CHECKPOINT || floor > upto {
                    return Err(Malformed);
                }
                Self::Checkpoint(Checkpoint {
                    upto,
                    id: PostId::from_bytes(id),
                    floor,
                    cancelled: cancelled.into_iter().map(CallRef::from_bytes).collect(),
                })
            }
        })
    }

    /// As it is padded, and as records keep it.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        encode_secret(&self.to_wire())
    }

    /// Reads what [`Self::to_bytes`] wrote, whoever gives it.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::from_wire(decode(bytes)?)
    }
}

fn words(bytes: &[u8]) -> Result<MessageText, Malformed> {
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| Malformed)?;
    MessageText::parse(text).map_err(|_| Malformed)
}

/// A call in the one form in which it is written.
fn read_call(bytes: &[u8]) -> Result<Box<Call>, Malformed> {
    let call = Call::from_bytes(bytes).map_err(|_| Malformed)?;
    if call.to_bytes() != bytes {
        return Err(Malformed);
    }
    Ok(Box::new(call))
}

/// The number of the bucket in which content of this length fits.
fn bucket_of(len: usize) -> Option<u8> {
    let at = BUCKETS.iter().position(|bucket| len + 4 <= *bucket)?;
    u8::try_from(at).ok()
}

/// The length of a bucket.
pub(crate) fn bucket_len(bucket: u8) -> Option<usize> {
    BUCKETS.get(usize::from(bucket)).copied()
}

/// Pads content so that its length tells little: the number of the bucket, and the bytes. None if it fits in no bucket.
/// Whether readers would take it is [`is_sayable`]'s to say.
pub(crate) fn pad(content: &Content) -> Option<(u8, Zeroizing<Vec<u8>>)> {
    let bytes = content.to_bytes();
    let bucket = bucket_of(bytes.len())?;
    let whole = bucket_len(bucket)?;
    // With room for the tag, so that sealing does not copy.
    let mut padded = Zeroizing::new(Vec::with_capacity(whole + crypto::aead::TAG_LEN));
    padded.extend_from_slice(&u32::try_from(bytes.len()).ok()?.to_be_bytes());
    padded.extend_from_slice(&bytes);
    padded.resize(whole, 0);
    Some((bucket, padded))
}

/// Whether every reader would take it: it fits, and what is written of it can be read.
pub(crate) fn is_sayable(content: &Content) -> bool {
    let bytes = content.to_bytes();
    bucket_of(bytes.len()).is_some() && Content::parse(&bytes).is_ok()
}

/// Reads what [`pad`] wrote.
pub(crate) fn unpad(padded: &[u8]) -> Result<Content, Malformed> {
    let (length, rest) = padded.split_first_chunk::<4>().ok_or(Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Malformed)?;
    let (content, padding) = rest.split_at_checked(length).ok_or(Malformed)?;
    let whole = bucket_of(length).and_then(bucket_len);
    if whole != Some(padded.len()) || padding.iter().any(|byte| *byte != 0) {
        return Err(Malformed);
    }
    Content::parse(content)
}
