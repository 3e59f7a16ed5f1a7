//! Argon2id (RFC 9106): from a passphrase to a key, slowly.

use crate::Secret;

/// What one attempt costs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfParams {
    /// About one second on the laptops we have: 256 MiB, three passes, four lanes.
    pub const DEFAULT: Self = Self {
        memory_kib: 256 * 1024,
        passes: 3,
        lanes: 4,
    };

    /// The least that a real profile may use.
    pub const FLOOR: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };

    /// The most we are willing to try when a header asks for it.
    pub const CEILING: Self = Self {
        memory_kib: 1024 * 1024,
        passes: 16,
        lanes: 8,
    };

    /// Cheap, for tests only; `store` refuses it in builds without the `testing` feature.
    pub const TEST: Self = Self {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };

    /// Whether no figure is above [`Self::CEILING`] and all are usable.
    pub const fn is_bounded(self) -> bool {
        self.memory_kib <= Self::CEILING.memory_kib
            && self.passes <= Self::CEILING.passes
            && self.lanes <= Self::CEILING.lanes
            && self.passes >= 1
            && self.lanes >= 1
            && self.memory_kib >= 8 * self.lanes
    }
}

/// The parameters are outside what Argon2 takes, or there is not enough memory.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the passphrase cannot be stretched with these parameters")]
pub struct KdfError;

/// Stretches `passphrase` with `salt`.
///
/// # Errors
///
/// Fails if `params` are not bounded.
pub fn argon2id(
    passphrase: &[u8],
    salt: &[u8; 32],
    params: KdfParams,
) -> Result<Secret<32>, KdfError> {
    if !params.is_bounded() {
        return Err(KdfError);
    }
    let params = argon2::Params::new(params.memory_kib, params.passes, params.lanes, Some(32))
        .map_err(|_| KdfError)?;
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut key = zeroize::Zeroizing::new([0; 32]);
    argon
        .hash_password_into(passphrase, salt, key.as_mut())
        .map_err(|_| KdfError)?;
    Ok(Secret::from_bytes(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_input_matters() {
        let key = |passphrase: &[u8], salt: u8, passes| {
            argon2id(
                passphrase,
                &[salt; 32],
                KdfParams {
                    passes,
                    ..KdfParams::TEST
                },
            )
            .unwrap()
        };
        let one = key(b"one", 1, 1);
        assert_eq!(one, key(b"one", 1, 1));
        assert_ne!(one, key(b"two", 1, 1));
        assert_ne!(one, key(b"one", 2, 1));
        assert_ne!(one, key(b"one", 1, 2));
    }

    #[test]
    fn parameters_beyond_the_ceiling_are_refused() {
        let params = KdfParams {
            memory_kib: u32::MAX,
            ..KdfParams::TEST
        };
        assert_eq!(argon2id(b"", &[0; 32], params), Err(KdfError));
    }
}
