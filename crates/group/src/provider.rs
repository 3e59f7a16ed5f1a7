//! What OpenMLS stands on: our primitives, our randomness, our records.
//!
//! OpenMLS calls all three through shared references, hence the lock around the generator and the cell around the
//! records. Nothing here outlives a call into [`crate::Groups`].

mod algorithms;
mod storage;

pub(crate) use algorithms::{Algorithms, Signer};
pub(crate) use storage::{Storage, StorageError};

use openmls_traits::OpenMlsProvider;

/// The three together, as OpenMLS wants them.
pub(crate) struct Provider {
    pub(crate) algorithms: Algorithms,
    pub(crate) storage: Storage,
}

impl OpenMlsProvider for Provider {
    type CryptoProvider = Algorithms;
    type RandProvider = Algorithms;
    type StorageProvider = Storage;

    fn storage(&self) -> &Storage {
        &self.storage
    }

    fn crypto(&self) -> &Algorithms {
        &self.algorithms
    }

    fn rand(&self) -> &Algorithms {
        &self.algorithms
    }
}
