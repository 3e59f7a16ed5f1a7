//! Attachments as bytes: what a message says of one, and the pieces that it travels in (PROTOCOL §2).
//!
//! ```text
//!   file     size bytes, then zeros up to a Padmé length of at least 4 KiB
//!   piece    57,344 bytes of that (the last one fewer), sealed: XChaCha20-Poly1305, nonce of STREAM, AAD the message id
//!   message  key, what it is, and the hash of every sealed piece
//! ```
//!
//! - The **key** is drawn for this attachment alone and travels only in the message, so whoever could not open the message
//!   opens no piece.
//! - The **hashes** let everybody who carries pieces tell a right one from a wrong one. The seal alone would not: every
//!   member who can read the message could make another piece that opens.
//! - An attachment is named by its message, whose id nobody but its author can make: nobody takes over another's.
//!
//! What it is not: it knows no file and no disk, and never holds more than one piece.

use crypto::aead::{self, TAG_LEN};
use crypto::{Context, Secret, hash};
use model::{FileName, MessageId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::config::{ATTACHMENT_LIMIT, IMAGE_SIDE_MAX};
use crate::stream::{chunk_nonce, padme};
use crate::view::{About, Media};
use crate::wire::{Malformed, SecretBytes, decode, encode};

/// Bytes of the file in one piece: sealed and in its item it fits in one frame that other items need not wait for.
pub const PIECE_LEN: usize = 56 * 1024;

/// The least that a file is padded to: a short note is no smaller than a long one.
const FLOOR: usize = 4096;

const PIECE: Context = Context::new("vigil attachment piece v1");

const FILE: u8 = 0;
const IMAGE: u8 = 1;

/// What a message says of its attachment, as it travels and as it is stored. Untrusted until [`Self::check`].
#[derive(Clone, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct AttachmentIn {
    key: SecretBytes,
    media: u8,
    size: u64,
    width: u32,
    height: u32,
    name: SecretBytes,
    hashes: Vec<[u8; 32]>,
}

/// A checked one.
#[derive(Clone, PartialEq)]
pub(crate) struct Attachment {
    pub(crate) key: Secret<32>,
    pub(crate) about: About,
    /// Of each sealed piece.
    pub(crate) hashes: Vec<[u8; 32]>,
}

impl AttachmentIn {
    /// The only way out.
    pub(crate) fn check(&self) -> Result<Attachment, Malformed> {
        let key: &[u8; 32] = self.key.as_slice().try_into().map_err(|_| Malformed)?;
        let name = std::str::from_utf8(self.name.as_slice()).map_err(|_| Malformed)?;
        let side = 1..=IMAGE_SIDE_MAX;
        let media = match self.media {
            FILE if (self.width, self.height) == (0, 0) => Media::File,
            IMAGE if side.contains(&self.width) && side.contains(&self.height) => Media::Image {
                width: self.width,
                height: self.height,
            },
            _ => return Err(Malformed),
        };
        let pieces = usize::try_from(pieces(self.size)).map_err(|_| Malformed)?;
        if !(1..=ATTACHMENT_LIMIT).contains(&self.size) || self.hashes.len() != pieces {
            return Err(Malformed);
        }
        Ok(Attachment {
            key: Secret::from_bytes(*key),
            about: About {
                name: FileName::parse(name).map_err(|_| Malformed)?,
                media,
                size: self.size,
            },
            hashes: self.hashes.clone(),
        })
    }
}

impl From<&Attachment> for AttachmentIn {
    fn from(attachment: &Attachment) -> Self {
        let (media, width, height) = match attachment.about.media {
            Media::File => (FILE, 0, 0),
            Media::Image { width, height } => (IMAGE, width, height),
        };
        Self {
            key: attachment.key.expose().as_slice().into(),
            media,
            size: attachment.about.size,
            width,
            height,
            name: attachment.about.name.expose().as_bytes().into(),
            hashes: attachment.hashes.clone(),
        }
    }
}

impl Attachment {
    /// What is stored of it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        encode(&AttachmentIn::from(self))
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        decode::<AttachmentIn>(bytes)?.check()
    }

    /// Opens one piece: the bytes of the file that are in it.
    pub(crate) fn open(
        &self,
        message: &MessageId,
        index: u32,
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let last = index.checked_add(1)? == pieces(self.about.size);
        let nonce = chunk_nonce(usize::try_from(index).ok()?, last);
        let mut piece = aead::open(&self.key, &nonce, message.as_bytes(), sealed).ok()?;
        if piece.len() != plain_len(self.about.size, index) {
            return None;
        }
        let inside = file_len(self.about.size, index);
        // One file, one encoding: nothing hides in the padding.
        if piece[inside..].iter().any(|byte| *byte != 0) {
            return None;
        }
        piece.truncate(inside);
        Some(piece)
    }
}

/// Seals one piece of a file of this size. `bytes` are those of the file that are in it.
pub(crate) fn seal(
    key: &Secret<32>,
    message: &MessageId,
    size: u64,
    index: u32,
    bytes: &[u8],
) -> Vec<u8> {
    let mut padded = Zeroizing::new(Vec::with_capacity(PIECE_LEN));
    padded.extend_from_slice(bytes);
    padded.resize(plain_len(size, index), 0);
    let last = index + 1 == pieces(size);
    let nonce = chunk_nonce(usize::try_from(index).unwrap_or(usize::MAX), last);
    aead::seal(key, &nonce, message.as_bytes(), &padded)
}

/// The hash of a sealed piece in its place.
pub(crate) fn piece_hash(message: &MessageId, index: u32, sealed: &[u8]) -> [u8; 32] {
    hash(PIECE, &[message.as_bytes(), &index.to_be_bytes(), sealed])
}

/// How long a file of this size is with its padding.
fn padded(size: u64) -> usize {
    // Sizes are bounded before they come here; one that is not gives a number of pieces that nothing matches.
    let size = size.min(2 * ATTACHMENT_LIMIT);
    padme(usize::try_from(size).unwrap_or(usize::MAX).max(FLOOR))
}

/// How many pieces a file of this size has.
pub(crate) fn pieces(size: u64) -> u32 {
    u32::try_from(padded(size).div_ceil(PIECE_LEN)).unwrap_or(u32::MAX)
}

fn start(index: u32) -> usize {
    usize::try_from(index)
        .unwrap_or(usize::MAX)
        .saturating_mul(PIECE_LEN)
}

/// How long a piece is before it is sealed.
fn plain_len(size: u64, index: u32) -> usize {
    padded(size).saturating_sub(start(index)).min(PIECE_LEN)
}

/// How many bytes of the file are in a piece: none in one that is all padding.
pub(crate) fn file_len(size: u64, index: u32) -> usize {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    size.saturating_sub(start(index)).min(PIECE_LEN)
}

/// How long a piece is once it is sealed.
pub(crate) fn sealed_len(size: u64, index: u32) -> usize {
    plain_len(size, index) + TAG_LEN
}

#[cfg(test)]
#[path = "attachment/tests.rs"]
mod tests;
