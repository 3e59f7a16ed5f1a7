//! SHA-256, HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869), as MLS and HPKE use them.
//!
//! For the group engine and for what talks to the world in its terms. Everything of our own goes through
//! [`crate::hash`] and [`crate::PrfKey`], which keep contexts apart.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::Secret;

/// The most that one expansion gives: 255 blocks (RFC 5869 §2.3).
pub const EXPAND_LIMIT: usize = 255 * 32;

/// More output was asked for than HKDF gives from one key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("HKDF-SHA-256 gives at most {EXPAND_LIMIT} bytes from one key")]
pub struct ExpandError;

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// HMAC-SHA-256 over `parts`, one after the other. To verify, compare as [`Secret`]: that takes constant time.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Secret<32> {
    // A key of any length is good for HMAC: this arm is never taken, and an empty key would be refused by any verifier.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Secret::from_bytes([0; 32]);
    };
    for part in parts {
        mac.update(part);
    }
    Secret::from_bytes(mac.finalize().into_bytes().into())
}

/// HKDF-Extract: gathers `parts`, one after the other, into one key.
pub fn extract(salt: &[u8], parts: &[&[u8]]) -> Secret<32> {
    hmac_sha256(salt, parts)
}

/// HKDF-Expand: fills `out` from `key`, bound to `info`, one part after the other.
///
/// # Errors
///
/// Fails if `out` is longer than [`EXPAND_LIMIT`].
pub fn expand(key: &[u8], info: &[&[u8]], out: &mut [u8]) -> Result<(), ExpandError> {
    let hkdf = hkdf::Hkdf::<Sha256>::from_prk(key).map_err(|_| ExpandError)?;
    hkdf.expand_multi_info(info, out).map_err(|_| ExpandError)
}
