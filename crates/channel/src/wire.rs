//! Bytes on the wire and in records: the TLS presentation language (RFC 8446 §3) with the variable-length vectors of
//! RFC 9420 §2.1.2 in minimal encoding, so that every value has exactly one encoding.
//!
//! What it is: plain structs that decode bounded bytes without judging them. What it is not: checked data.

use tls_codec::{DeserializeBytes, Serialize};
use zeroize::Zeroizing;

/// Bytes with their length before them.
pub(crate) type Bytes = tls_codec::VLBytes;

/// The same for what people write and for keys: zeroed when dropped.
pub(crate) type SecretBytes = tls_codec::SecretVLBytes;

/// The bytes are not an encoding of what was expected.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the bytes are malformed")]
pub struct Malformed;

impl Malformed {
    /// The stable kind.
    pub const fn kind(self) -> &'static str {
        "malformed"
    }
}

/// Encodes a value.
pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Encoding fails only over 2^30 bytes, which no bounded value of ours reaches.
    value.tls_serialize_detached().unwrap_or_default()
}

/// Encodes a value that holds secrets.
pub(crate) fn encode_secret<T: Serialize>(value: &T) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(encode(value))
}

/// Decodes a value that takes up all of `bytes`.
pub(crate) fn decode<T: DeserializeBytes>(bytes: &[u8]) -> Result<T, Malformed> {
    T::tls_deserialize_exact_bytes(bytes).map_err(|_| Malformed)
}
