//! Misuse-resistant wrappers over the primitives.

mod secret;

pub use secret::Secret;
