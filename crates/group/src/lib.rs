//! Send groups: one MLS group per member, in which only that member commits and speaks (PROTOCOL §3).
//!
//! What it is: for one cell on one device, the group we own, the groups of others that we follow, and the secrets that
//! heal one group through another. What it is not: it does not decide who should be in ([`reconcile`] only compares), it
//! stores nothing durable and it never meets the network, the clock or the system's randomness. Invariants: what leaf 0
//! did not send changes nothing · a call that fails changes nothing · every change is in [`Groups::take_changes`] until it
//! is taken · [`Groups::restore`] from the changes gives the same groups · equal seeds and calls give equal bytes.

/// Whether a mistake that tests plant is made now. Where nothing is planted this is the constant `false`.
#[cfg(feature = "mutants")]
macro_rules! mutant {
    ($name:ident) => {
        crate::mutants::Mutant::$name.is_made()
    };
}
#[cfg(not(feature = "mutants"))]
macro_rules! mutant {
    ($name:ident) => {
        false
    };
}

mod error;
mod groups;
mod healing;
#[cfg(feature = "mutants")]
mod mutants;
mod package;
mod provider;
mod receive;
mod reconcile;
mod suite;

#[cfg(test)]
mod tests;

pub use error::{JoinError, OpenError, OwnGroupError, PackageError, RestoreError};
pub use groups::{Commit, Groups, RecordChange};
pub use healing::PskId;
#[cfg(feature = "mutants")]
pub use mutants::{Made, Mutant, Place};
pub use package::KeyPackage;
pub use receive::Staged;
pub use reconcile::{Plan, reconcile};
