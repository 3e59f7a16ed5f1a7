//! XChaCha20-Poly1305 for everything that we seal ourselves, ChaCha20-Poly1305 (RFC 8439) for MLS.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use crate::Secret;

/// Length of an XChaCha20-Poly1305 nonce: long enough to be drawn at random for ever.
pub const NONCE_LEN: usize = 24;

/// How much longer the sealed bytes are.
pub const TAG_LEN: usize = 16;

/// The bytes were not sealed with this key, nonce and associated data.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the sealed bytes do not open")]
pub struct OpenError;

/// Seals `plaintext` with XChaCha20-Poly1305. The nonce is used once with this key.
pub fn seal(
    key: &Secret<32>,
    nonce: &[u8; NONCE_LEN],
    associated: &[u8],
    plaintext: &[u8],
) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    let payload = Payload {
        msg: plaintext,
        aad: associated,
    };
    // The only failure is a plaintext of over 256 GiB, which no bounded type of ours can hold.
    cipher.encrypt(nonce.into(), payload).unwrap_or_default()
}

/// Opens what [`seal`] sealed.
///
/// # Errors
///
/// Fails if key, nonce, associated data or sealed bytes are not the same.
pub fn open(
    key: &Secret<32>,
    nonce: &[u8; NONCE_LEN],
    associated: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    let payload = Payload {
        msg: sealed,
        aad: associated,
    };
    cipher
        .decrypt(nonce.into(), payload)
        .map(Zeroizing::new)
        .map_err(|_| OpenError)
}

/// ChaCha20-Poly1305 with a 12-byte nonce, as MLS uses it. For the group engine only: 12 bytes are too short to draw.
pub fn seal_mls(
    key: &Secret<32>,
    nonce: &[u8; 12],
    associated: &[u8],
    plaintext: &[u8],
) -> Vec<u8> {
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    cipher
        .encrypt(
            nonce.into(),
            Payload {
                msg: plaintext,
                aad: associated,
            },
        )
        .unwrap_or_default()
}

/// Opens what [`seal_mls`] sealed.
///
/// # Errors
///
/// Fails if key, nonce, associated data or sealed bytes are not the same.
pub fn open_mls(
    key: &Secret<32>,
    nonce: &[u8; 12],
    associated: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, OpenError> {
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    cipher
        .decrypt(
            nonce.into(),
            Payload {
                msg: sealed,
                aad: associated,
            },
        )
        .map_err(|_| OpenError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_open_only_as_they_were_sealed() {
        let key = Secret::from_bytes([3; 32]);
        let nonce = [4; NONCE_LEN];
        let mut sealed = seal(&key, &nonce, b"where", b"what");
        assert_eq!(
            open(&key, &nonce, b"where", &sealed).unwrap().as_slice(),
            b"what"
        );
        assert_eq!(open(&key, &nonce, b"elsewhere", &sealed), Err(OpenError));
        sealed[0] ^= 1;
        assert_eq!(open(&key, &nonce, b"where", &sealed), Err(OpenError));
    }
}
