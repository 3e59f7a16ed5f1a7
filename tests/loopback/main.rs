//! The core as people meet it: real `vigil rpc` processes with real folders, talking over 127.0.0.1.
//!
//! Few and honest: what can be shown on a virtual clock is shown there. Nothing here looks inside a process; what a story
//! knows it learnt through the scripting interface, from the files, or from the port, like anybody else.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "these are tests, their helpers included"
)]

mod absence;
mod adapted;
mod attachments;
mod binary;
mod bundle;
mod calls;
mod cell;
mod channels;
mod conversation;
mod crash;
mod full_cell;
mod invite;
mod marks;
mod pipes;
mod privacy;
mod profile;
mod refusal;
mod restore;
mod sim;
mod soak;
mod stranger;
mod vigil;
