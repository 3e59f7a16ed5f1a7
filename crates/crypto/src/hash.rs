//! BLAKE3, always in a context and always over parts that cannot run into each other.

use crate::Secret;

/// What a hash or a derived key is for. Two contexts never give the same output (BLAKE3 `derive_key` mode).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Context(&'static str);

impl Context {
    /// A context is a constant in the source: globally unique, with the version in it, `"vigil <what> v1"`.
    pub const fn new(context: &'static str) -> Self {
        Self(context)
    }
}

/// Hashes `parts` in `context`. Each part is preceded by its length (8 bytes, big endian), so that no two lists of
/// parts hash alike.
pub fn hash(context: Context, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(context.0);
    update(&mut hasher, parts);
    hasher.finalize().into()
}

/// A key for a pseudo-random function (keyed BLAKE3): record names, beacons, derived keys.
#[derive(Clone, Debug)]
pub struct PrfKey(Secret<32>);

impl PrfKey {
    /// Takes over a key.
    pub const fn new(key: Secret<32>) -> Self {
        Self(key)
    }

    /// Derives the key for `context` from key material that is used for nothing else directly.
    pub fn derive(material: &Secret<32>, context: Context) -> Self {
        Self(Secret::from_bytes(blake3::derive_key(
            context.0,
            material.expose(),
        )))
    }

    /// The function's value for `parts`, each preceded by its length as in [`hash`].
    pub fn evaluate(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(self.0.expose());
        update(&mut hasher, parts);
        hasher.finalize().into()
    }

    /// As [`Self::evaluate`], for an output that is itself a key.
    pub fn secret(&self, parts: &[&[u8]]) -> Secret<32> {
        Secret::from_bytes(self.evaluate(parts))
    }
}

fn update(hasher: &mut blake3::Hasher, parts: &[&[u8]]) {
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let context = Context::new("vigil test v1");
        assert_ne!(hash(context, &[b"ab", b"c"]), hash(context, &[b"a", b"bc"]));
        assert_ne!(hash(context, &[b"a"]), hash(context, &[b"a", b""]));
        assert_ne!(
            hash(context, &[b"a"]),
            hash(Context::new("vigil test v2"), &[b"a"])
        );
    }
}
