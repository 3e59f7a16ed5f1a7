//! Misuse-resistant wrappers over the primitives, and the container for secrets.
//!
//! What it is: one obvious way to do each thing that Vigil needs (sign with a label, seal with associated data, hash in
//! a context, stretch a passphrase). What it is not: a protocol, or any primitive of our own. Randomness is handed in
//! as an [`Rng`], so that the core can be run again from its seed.

pub mod aead;
mod hash;
pub mod hkdf;
pub mod hpke;
pub mod kdf;
mod rng;
mod secret;
mod sign;
#[cfg(test)]
mod vectors;

pub use hash::{Context, PrfKey, hash};
pub use rng::Rng;
pub use secret::Secret;
pub use sign::{BadSignature, Label, ParseKeyError, Signature, SigningKey, VerifyingKey};
