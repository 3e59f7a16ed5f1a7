//! The one source of randomness inside the core: ChaCha20 from a seed that the shell draws from the system.

use std::fmt;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng};

use crate::Secret;

/// A cryptographic random number generator (ChaCha20, 20 rounds). The same seed gives the same bytes.
pub struct Rng(ChaCha20Rng);

impl Rng {
    /// Starts from 32 bytes that were never used before.
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self(ChaCha20Rng::from_seed(*seed.expose()))
    }

    /// Fills `bytes`.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// Random bytes that need not be secret: nonces, identifiers.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A fresh key.
    pub fn secret<const N: usize>(&mut self) -> Secret<N> {
        Secret::from_bytes(self.array())
    }

    /// A number in `0..bound`, close enough to uniform for jitter and for picking peers. `bound` 0 gives 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(u64::from_be_bytes(self.array())) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// An independent generator.
    pub fn fork(&mut self) -> Self {
        Self::from_seed(&self.secret())
    }

    /// The generator itself, for crates that take one.
    pub fn inner(&mut self) -> &mut (impl rand_core::CryptoRng + use<>) {
        &mut self.0
    }
}

impl fmt::Debug for Rng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rng(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_forks_differ() {
        let seed = Secret::from_bytes([7; 32]);
        let (mut one, mut two) = (Rng::from_seed(&seed), Rng::from_seed(&seed));
        assert_eq!(one.array::<64>(), two.array::<64>());
        assert_ne!(one.fork().array::<32>(), one.fork().array::<32>());
    }

    #[test]
    fn numbers_stay_below_their_bound() {
        let mut rng = Rng::from_seed(&Secret::from_bytes([1; 32]));
        let drawn: Vec<u64> = (0..1000).map(|_| rng.below(10)).collect();
        assert!(drawn.iter().all(|number| *number < 10));
        assert!((0..10).all(|number| drawn.contains(&number)));
        assert_eq!(rng.below(0), 0);
    }
}
