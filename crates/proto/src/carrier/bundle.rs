//! Bundles: many envelopes as one run of bytes that looks like noise.
//!
//! What it is: sealing and opening. What it is not: it does not know what is inside, and does not hide that a file of
//! noise exists. A bundle has no magic number, no key name and no length in the clear: who lacks the key cannot tell it
//! from random bytes, and so neither from any other file of random bytes.
//!
//! ```text
//!   salt (32) │ sealed header (4 + 16) │ sealed chunk (65,536 + 16) │ … │ sealed last chunk (1…65,536 + 16)
//! ```
//!
//! - The **salt** is random. Header key and body key are derived from it and the carrier key, so each seals one bundle.
//! - The **header** holds the length of the content. It is sealed by itself, so that finding the right key among several
//!   costs 20 bytes each. How many chunks there are follows from the length.
//! - The **content** is padded with zeros and cut into chunks in the STREAM construction (Hoang, Reyhanitabar, Rogaway,
//!   Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015, §7): the nonce of each
//!   chunk is its number and whether it is the last. A chunk that is missing, moved, repeated or added does not open,
//!   and neither does a bundle whose last chunk was cut off.
//! - The **padding** is Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
//!   PURBs", PoPETs 2019, §4): at most 12 % more, and the size tells O(log log) bits about the content.

use crypto::aead::{self, NONCE_LEN, TAG_LEN};
use crypto::{Context, PrfKey, Rng, Secret};
use zeroize::Zeroizing;

use super::CarrierKey;
use crate::stream::{chunk_nonce, padme};

/// Most content in one bundle: the backlog that is kept for one author (PROTOCOL §5), and small enough to be held in
/// memory twice.
pub(crate) const CONTENT_LIMIT: usize = 64 * 1024 * 1024;

/// Long enough that 16 bytes of tag do not count, short enough for a buffer.
const CHUNK_LEN: usize = 64 * 1024;
/// The least that content is padded to: a bundle with one short message is no smaller than one with ten.
const CONTENT_FLOOR: usize = 4096;
/// As long as a key: two bundles never share one.
const SALT_LEN: usize = 32;
/// Length of the content, big endian.
const HEADER_LEN: usize = size_of::<u32>();
const SEALED_HEADER_LEN: usize = HEADER_LEN + TAG_LEN;

const KEYS: Context = Context::new("vigil bundle keys v1");

/// Why content was not sealed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum SealError {
    /// It is over [`CONTENT_LIMIT`].
    #[error("this is too much for one bundle; export in parts")]
    TooLarge,
}

/// Why a bundle was not opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum BundleError {
    /// No key opens its beginning: it is not for us, or not a bundle, or damaged right there.
    #[error("the bundle is not for any cell or channel on this device")]
    Foreign,
    /// It is for us, and not whole.
    #[error("the bundle is damaged; copy it again")]
    Damaged,
}

impl From<BundleError> for crate::ErrorKind {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Foreign => Self::BundleForeign,
            BundleError::Damaged => Self::BundleDamaged,
        }
    }
}

/// Seals `content`. The result looks random, and no two are alike.
///
/// # Errors
///
/// Fails if `content` is over [`CONTENT_LIMIT`].
pub(crate) fn seal(key: &CarrierKey, content: &[u8], rng: &mut Rng) -> Result<Vec<u8>, SealError> {
    if content.len() > CONTENT_LIMIT {
        return Err(SealError::TooLarge);
    }
    let header = u32::try_from(content.len()).map_err(|_| SealError::TooLarge)?;
    let salt: [u8; SALT_LEN] = rng.array();
    let keys = Keys::derive(key, &salt);
    let padded = padded_len(content.len());

    let mut bundle = Vec::with_capacity(SALT_LEN + SEALED_HEADER_LEN + sealed_body_len(padded));
    bundle.extend_from_slice(&salt);
    let sealed_header = aead::seal(&keys.header, &[0; NONCE_LEN], &[], &header.to_be_bytes());
    bundle.extend_from_slice(&sealed_header);

    let mut chunk = Zeroizing::new(Vec::with_capacity(CHUNK_LEN));
    for start in (0..padded).step_by(CHUNK_LEN) {
        let end = padded.min(start + CHUNK_LEN);
        chunk.clear();
        chunk.extend_from_slice(&content[start.min(content.len())..end.min(content.len())]);
        chunk.resize(end - start, 0);
        let nonce = chunk_nonce(start / CHUNK_LEN, end == padded);
        bundle.extend_from_slice(&aead::seal(&keys.body, &nonce, &[], &chunk));
    }
    Ok(bundle)
}

/// Opens a bundle with the first of `keys` that fits, and says which by its tag.
///
/// # Errors
///
/// Fails if no key fits, or if one fits and the bundle is not whole.
pub(crate) fn open<'a, T>(
    keys: impl Iterator<Item = (T, &'a CarrierKey)>,
    bundle: &[u8],
) -> Result<(T, Zeroizing<Vec<u8>>), BundleError> {
    let (salt, rest) = bundle.split_first_chunk().ok_or(BundleError::Foreign)?;
    let (header, body) = rest
        .split_at_checked(SEALED_HEADER_LEN)
        .ok_or(BundleError::Foreign)?;
    for (tag, key) in keys {
        let keys = Keys::derive(key, salt);
        if let Some(len) = open_header(&keys.header, header) {
            let content = open_body(&keys.body, len, body).ok_or(BundleError::Damaged)?;
            return Ok((tag, content));
        }
    }
    Err(BundleError::Foreign)
}

/// The length of the content, if this is the key.
fn open_header(key: &Secret<32>, sealed: &[u8]) -> Option<u32> {
    let header = aead::open(key, &[0; NONCE_LEN], &[], sealed).ok()?;
    Some(u32::from_be_bytes(header.as_slice().try_into().ok()?))
}

/// The content, if the body is whole. A member may have sealed anything, so the length is checked against the bytes that
/// are there before any memory is taken.
fn open_body(key: &Secret<32>, len: u32, body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let len = usize::try_from(len)
        .ok()
        .filter(|len| *len <= CONTENT_LIMIT)?;
    let padded = padded_len(len);
    if body.len() != sealed_body_len(padded) {
        return None;
    }
    let chunks = body.chunks(CHUNK_LEN + TAG_LEN);
    let last = chunks.len() - 1;
    // Full capacity at once: a vector that grows leaves copies behind that nobody wipes.
    let mut content = Zeroizing::new(Vec::with_capacity(padded));
    for (number, sealed) in chunks.enumerate() {
        let nonce = chunk_nonce(number, number == last);
        content.extend_from_slice(&aead::open(key, &nonce, &[], sealed).ok()?);
    }
    // One content, one bundle: nothing hides behind the content.
    if content[len..].iter().any(|byte| *byte != 0) {
        return None;
    }
    content.truncate(len);
    Some(content)
}

struct Keys {
    header: Secret<32>,
    body: Secret<32>,
}

impl Keys {
    fn derive(key: &CarrierKey, salt: &[u8; SALT_LEN]) -> Self {
        let prf = PrfKey::derive(key.secret(), KEYS);
        Self {
            header: prf.secret(&[b"header", salt]),
            body: prf.secret(&[b"body", salt]),
        }
    }
}

fn padded_len(len: usize) -> usize {
    padme(len.max(CONTENT_FLOOR))
}

fn sealed_body_len(padded: usize) -> usize {
    padded + padded.div_ceil(CHUNK_LEN) * TAG_LEN
}

#[cfg(test)]
mod tests;
