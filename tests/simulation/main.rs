//! Stories about alice, bob and carol, on a clock that moves when told.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "these are tests, their helpers included"
)]

mod alarms;
mod attachments;
mod bundle;
mod calls;
mod channel_bundles;
mod channels;
mod chat;
mod ether;
mod forwards;
mod fuzzed;
mod hostile;
mod infiltrator;
mod joining;
mod mallory;
mod marks;
#[cfg(feature = "mutants")]
mod mutants;
mod people;
mod posted_calls;
mod publishers;
mod reach;
mod readers;
mod reference;
mod removal;
mod restart;
mod soak;
mod thief;
mod world;
