//! What the store promises, tested on both stores and against crashes, power cuts, damage and other processes.

mod conformance;
mod damage;
mod folder;
mod model;
mod power;
mod process;
pub(crate) mod support;
mod vault;
