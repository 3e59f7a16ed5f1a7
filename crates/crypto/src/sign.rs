//! Ed25519 (RFC 8032) with a label per kind of object, verified strictly.

use std::fmt;

use ed25519_dalek::Signer as _;
use subtle::ConstantTimeEq;

use crate::Secret;

/// An Ed25519 signature.
pub type Signature = [u8; 64];

/// What is signed. The label stands before the signed bytes, so that no signature can be taken for another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Label(&'static str);

impl Label {
    /// A label is a constant in the source: `"vigil/<object>/v1"`. It must not contain a zero byte.
    pub const fn new(label: &'static str) -> Self {
        Self(label)
    }

    /// Label, a zero byte, bytes.
    fn message(self, bytes: &[u8]) -> Vec<u8> {
        [self.0.as_bytes(), &[0], bytes].concat()
    }
}

/// A key that can sign.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key with this seed (RFC 8032 private key).
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed.expose()))
    }

    /// The seed, for sealed storage.
    pub fn seed(&self) -> Secret<32> {
        Secret::from_bytes(self.0.to_bytes())
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs `bytes` under `label`.
    pub fn sign(&self, label: Label, bytes: &[u8]) -> Signature {
        self.0.sign(&label.message(bytes)).to_bytes()
    }

    /// Signs bytes that already carry a label of their own: MLS content (RFC 9420 §5.1.2). For the group engine only.
    pub fn sign_mls(&self, bytes: &[u8]) -> Signature {
        self.0.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

impl PartialEq for SigningKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SigningKey {}

/// A key that can verify.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// Reads a public key.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are no point of the curve or one of small order, under which anybody can sign.
    pub fn parse(bytes: &[u8; 32]) -> Result<Self, ParseKeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| ParseKeyError)?;
        if key.is_weak() {
            return Err(ParseKeyError);
        }
        Ok(Self(key))
    }

    /// The encoded key.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Checks a signature over `bytes` under `label`, strictly (no small-order keys, no malleability).
    ///
    /// # Errors
    ///
    /// Fails if it was not made by this key for these bytes and this label.
    pub fn verify(
        &self,
        label: Label,
        bytes: &[u8],
        signature: &Signature,
    ) -> Result<(), BadSignature> {
        self.verify_mls(&label.message(bytes), signature)
    }

    /// As [`Self::verify`], for bytes that carry a label of their own: MLS content. For the group engine only.
    ///
    /// # Errors
    ///
    /// Fails if it was not made by this key for these bytes.
    pub fn verify_mls(&self, bytes: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0
            .verify_strict(bytes, &signature)
            .map_err(|_| BadSignature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.as_bytes();
        write!(f, "VerifyingKey({:02x}{:02x}..)", bytes[0], bytes[1])
    }
}

/// The bytes are no public key that we accept.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a public key")]
pub struct ParseKeyError;

/// The signature does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Label = Label::new("vigil/header/v1");
    const CARD: Label = Label::new("vigil/card/v1");

    #[test]
    fn a_signature_holds_only_for_its_label_and_bytes() {
        let alice = SigningKey::from_seed(&Secret::from_bytes([1; 32]));
        let signature = alice.sign(HEADER, b"bytes");
        let key = VerifyingKey::parse(&alice.verifying_key().to_bytes()).unwrap();
        assert_eq!(key.verify(HEADER, b"bytes", &signature), Ok(()));
        assert_eq!(key.verify(CARD, b"bytes", &signature), Err(BadSignature));
        assert_eq!(key.verify(HEADER, b"other", &signature), Err(BadSignature));
    }

    #[test]
    fn keys_of_small_order_are_refused() {
        let mut one = [0; 32];
        one[0] = 1;
        assert_eq!(VerifyingKey::parse(&one), Err(ParseKeyError));
        assert_eq!(VerifyingKey::parse(&[0; 32]), Err(ParseKeyError));
    }

    #[test]
    fn debug_shows_no_key() {
        let alice = SigningKey::from_seed(&Secret::from_bytes([0xab; 32]));
        assert_eq!(
            format!("{alice:?} {:?}", alice.seed()),
            "SigningKey(..) Secret(32 bytes)"
        );
    }
}
