//! The two key encapsulations: DHKEM(X25519, HKDF-SHA256) of RFC 9180 §4.1 and X-Wing of draft-connolly-cfrg-xwing-kem-06.

use shake::{ExtendableOutput, Shake256, Update, XofReader};
use x_wing::{
    DecapsulationKeyRejectNonContrib, Decapsulator, EncapsulationKey, KeyExport, TryDecapsulate,
};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::{HpkeError, labeled_expand, labeled_extract};
use crate::{Rng, Secret};

/// `"KEM"` and the number of DHKEM(X25519, HKDF-SHA256).
const DHKEM: &[u8] = b"KEM\x00\x20";

/// How a shared secret reaches the holder of a public key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kem {
    /// DHKEM(X25519, HKDF-SHA256).
    X25519,
    /// X-Wing: X25519 and ML-KEM-768 together; safe while either holds.
    XWing,
}

/// A private key and its public half, encoded.
#[derive(Clone)]
pub struct KeyPair {
    /// 32 bytes for either kind: an X25519 scalar, or the seed of an X-Wing key.
    pub private: Secret<32>,
    /// 32 bytes for X25519, 1,216 for X-Wing.
    pub public: Vec<u8>,
}

impl Kem {
    /// The number in the HPKE registry.
    pub const fn number(self) -> u16 {
        match self {
            Self::X25519 => 0x0020,
            Self::XWing => 0x647a,
        }
    }

    /// `DeriveKeyPair`: the key pair that belongs to this key material.
    ///
    /// # Errors
    ///
    /// Never in practice: the lengths are fixed.
    pub fn derive_key_pair(self, material: &[u8]) -> Result<KeyPair, HpkeError> {
        let private = match self {
            Self::X25519 => {
                let key = labeled_extract(&[], DHKEM, b"dkp_prk", material);
                labeled_expand(&key, DHKEM, b"sk", &[])?
            }
            // draft-connolly-cfrg-xwing-kem-06 §5.6
            Self::XWing => {
                let mut seed = Zeroizing::new([0; 32]);
                let mut shake = Shake256::default();
                shake.update(material);
                shake.finalize_xof().read(seed.as_mut());
                Secret::from_bytes(*seed)
            }
        };
        let public = match self {
            Self::X25519 => PublicKey::from(&StaticSecret::from(*private.expose()))
                .to_bytes()
                .to_vec(),
            Self::XWing => {
                let key = DecapsulationKeyRejectNonContrib::from(*private.expose());
                key.encapsulation_key().to_bytes().to_vec()
            }
        };
        Ok(KeyPair { private, public })
    }

    /// A shared secret, and what carries it to the holder of `public`.
    pub(super) fn encapsulate(
        self,
        rng: &mut Rng,
        public: &[u8],
    ) -> Result<(Secret<32>, Vec<u8>), HpkeError> {
        self.encapsulate_from(&rng.secret(), public)
    }

    /// As [`Self::encapsulate`], from given randomness: 32 bytes for X25519 (the rest is not used), 64 for X-Wing.
    pub(crate) fn encapsulate_from(
        self,
        randomness: &Secret<64>,
        public: &[u8],
    ) -> Result<(Secret<32>, Vec<u8>), HpkeError> {
        match self {
            Self::X25519 => {
                let ephemeral = self.derive_key_pair(&randomness.expose()[..32])?;
                let theirs: [u8; 32] = public.try_into().map_err(|_| HpkeError::BadKey)?;
                let shared = agree(&ephemeral.private, &theirs)?;
                let context = [ephemeral.public.as_slice(), public].concat();
                Ok((extract_and_expand(&shared, &context)?, ephemeral.public))
            }
            Self::XWing => {
                let key = EncapsulationKey::try_from(public).map_err(|_| HpkeError::BadKey)?;
                let randomness = Zeroizing::new(*randomness.expose());
                let (carrier, shared) = key.encapsulate_deterministic(&(*randomness).into());
                Ok((Secret::from_bytes(shared.into()), carrier.to_vec()))
            }
        }
    }

    pub(crate) fn decapsulate(
        self,
        encapsulated: &[u8],
        private: &[u8],
    ) -> Result<Secret<32>, HpkeError> {
        let private: [u8; 32] = private.try_into().map_err(|_| HpkeError::BadKey)?;
        match self {
            Self::X25519 => {
                let private = Secret::from_bytes(private);
                let theirs: [u8; 32] = encapsulated.try_into().map_err(|_| HpkeError::BadKey)?;
                let shared = agree(&private, &theirs)?;
                let public = PublicKey::from(&StaticSecret::from(*private.expose()));
                extract_and_expand(&shared, &[encapsulated, public.as_bytes()].concat())
            }
            Self::XWing => {
                let key = DecapsulationKeyRejectNonContrib::from(private);
                let carrier = encapsulated.try_into().map_err(|_| HpkeError::BadKey)?;
                let shared = key
                    .try_decapsulate(&carrier)
                    .map_err(|_| HpkeError::BadKey)?;
                Ok(Secret::from_bytes(shared.into()))
            }
        }
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyPair(..)")
    }
}

/// X25519 (RFC 7748). A result of all zeros is refused, as RFC 9180 §7.1.4 asks: their key was then none.
pub(crate) fn agree(private: &Secret<32>, public: &[u8; 32]) -> Result<Secret<32>, HpkeError> {
    let shared = StaticSecret::from(*private.expose()).diffie_hellman(&PublicKey::from(*public));
    if !shared.was_contributory() {
        return Err(HpkeError::BadKey);
    }
    Ok(Secret::from_bytes(shared.to_bytes()))
}

/// `ExtractAndExpand` (RFC 9180 §4.1).
fn extract_and_expand(shared: &Secret<32>, context: &[u8]) -> Result<Secret<32>, HpkeError> {
    let key = labeled_extract(&[], DHKEM, b"eae_prk", shared.expose());
    labeled_expand(&key, DHKEM, b"shared_secret", context)
}
