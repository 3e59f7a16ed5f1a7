//! HPKE (RFC 9180) in base mode with HKDF-SHA-256 and ChaCha20-Poly1305, over X25519 or X-Wing.
//!
//! What it is: the single-shot sealing, opening and exporting that MLS needs, with our own randomness, so that a run can
//! be repeated from its seed. What it is not: a general HPKE; there are no PSK or authenticated modes and no streams.
//! It composes primitives of others by the letter of the RFC and is held to published vectors (`vectors/hpke`).

mod kem;

#[cfg(test)]
pub(crate) use kem::agree;
pub use kem::{Kem, KeyPair};

use zeroize::Zeroizing;

use crate::{Rng, Secret, aead, hkdf};

/// Prefix of every label (RFC 9180 §4).
const VERSION: &[u8] = b"HPKE-v1";

/// Why something could not be sealed or opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HpkeError {
    /// A public or private key, or the encapsulated one, has the wrong length or is none that is safe to use.
    #[error("not a key of this kind")]
    BadKey,
    /// The sealed bytes were not made for this key, this purpose and this associated data.
    #[error("the sealed bytes do not open")]
    DoesNotOpen,
    /// A secret was asked for that is longer than HKDF gives.
    #[error("no secret of this length can be exported")]
    TooLong,
}

/// Bytes sealed to a public key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sealed {
    /// The encapsulated key.
    pub encapsulated: Vec<u8>,
    /// The sealed bytes.
    pub ciphertext: Vec<u8>,
}

/// Seals `plaintext` to `public`.
///
/// # Errors
///
/// Fails if `public` is no public key of `kem`.
pub fn seal(
    kem: Kem,
    rng: &mut Rng,
    public: &[u8],
    info: &[u8],
    associated: &[u8],
    plaintext: &[u8],
) -> Result<Sealed, HpkeError> {
    let (shared, encapsulated) = kem.encapsulate(rng, public)?;
    let context = Context::schedule(kem, &shared, info)?;
    let ciphertext = aead::seal_mls(&context.key, context.nonce.expose(), associated, plaintext);
    Ok(Sealed {
        encapsulated,
        ciphertext,
    })
}

/// Opens what [`seal`] sealed.
///
/// # Errors
///
/// Fails if a key is malformed, or if anything is not as it was when it was sealed.
pub fn open(
    kem: Kem,
    encapsulated: &[u8],
    private: &[u8],
    info: &[u8],
    associated: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, HpkeError> {
    let shared = kem.decapsulate(encapsulated, private)?;
    let context = Context::schedule(kem, &shared, info)?;
    aead::open_mls(&context.key, context.nonce.expose(), associated, ciphertext)
        .map(Zeroizing::new)
        .map_err(|_| HpkeError::DoesNotOpen)
}

/// Agrees on a secret with the holder of `public`: the encapsulated key to send, and the secret.
///
/// # Errors
///
/// Fails if `public` is no public key of `kem`, or if `length` is over [`hkdf::EXPAND_LIMIT`].
pub fn send_export(
    kem: Kem,
    rng: &mut Rng,
    public: &[u8],
    info: &[u8],
    exporter_context: &[u8],
    length: usize,
) -> Result<(Vec<u8>, Zeroizing<Vec<u8>>), HpkeError> {
    let (shared, encapsulated) = kem.encapsulate(rng, public)?;
    let secret = Context::schedule(kem, &shared, info)?.export(exporter_context, length)?;
    Ok((encapsulated, secret))
}

/// The other side of [`send_export`].
///
/// # Errors
///
/// Fails if a key is malformed, or if `length` is over [`hkdf::EXPAND_LIMIT`].
pub fn receive_export(
    kem: Kem,
    encapsulated: &[u8],
    private: &[u8],
    info: &[u8],
    exporter_context: &[u8],
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, HpkeError> {
    let shared = kem.decapsulate(encapsulated, private)?;
    Context::schedule(kem, &shared, info)?.export(exporter_context, length)
}

/// What the key schedule gives (RFC 9180 §5.1).
pub(crate) struct Context {
    suite: Vec<u8>,
    pub(crate) key: Secret<32>,
    pub(crate) nonce: Secret<12>,
    pub(crate) exporter: Secret<32>,
}

impl Context {
    /// `KeySchedule` in base mode: no PSK, so its identifier and itself are empty.
    pub(crate) fn schedule(kem: Kem, shared: &Secret<32>, info: &[u8]) -> Result<Self, HpkeError> {
        // HPKE, KEM, KDF HKDF-SHA-256, AEAD ChaCha20-Poly1305 (RFC 9180 §7).
        let suite = [
            b"HPKE".as_slice(),
            &kem.number().to_be_bytes(),
            &[0, 1],
            &[0, 3],
        ]
        .concat();
        let psk_id_hash = labeled_extract(&[], &suite, b"psk_id_hash", &[]);
        let info_hash = labeled_extract(&[], &suite, b"info_hash", info);
        let context = [&[0], psk_id_hash.expose().as_slice(), info_hash.expose()].concat();
        let secret = labeled_extract(shared.expose(), &suite, b"secret", &[]);
        Ok(Self {
            key: labeled_expand(&secret, &suite, b"key", &context)?,
            nonce: labeled_expand(&secret, &suite, b"base_nonce", &context)?,
            exporter: labeled_expand(&secret, &suite, b"exp", &context)?,
            suite,
        })
    }

    /// `Export` (RFC 9180 §5.3).
    pub(crate) fn export(
        &self,
        context: &[u8],
        length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, HpkeError> {
        let mut out = Zeroizing::new(vec![0; length]);
        let len = u16::try_from(length)
            .map_err(|_| HpkeError::TooLong)?
            .to_be_bytes();
        let info: [&[u8]; 5] = [&len, VERSION, &self.suite, b"sec", context];
        hkdf::expand(self.exporter.expose(), &info, &mut out).map_err(|_| HpkeError::TooLong)?;
        Ok(out)
    }
}

/// `LabeledExtract` (RFC 9180 §4).
fn labeled_extract(salt: &[u8], suite: &[u8], label: &[u8], material: &[u8]) -> Secret<32> {
    hkdf::extract(salt, &[VERSION, suite, label, material])
}

/// `LabeledExpand` (RFC 9180 §4).
fn labeled_expand<const N: usize>(
    key: &Secret<32>,
    suite: &[u8],
    label: &[u8],
    info: &[u8],
) -> Result<Secret<N>, HpkeError> {
    let mut out = Zeroizing::new([0; N]);
    let len = u16::try_from(N)
        .map_err(|_| HpkeError::TooLong)?
        .to_be_bytes();
    let info: [&[u8]; 5] = [&len, VERSION, suite, label, info];
    hkdf::expand(key.expose(), &info, out.as_mut()).map_err(|_| HpkeError::TooLong)?;
    Ok(Secret::from_bytes(*out))
}
