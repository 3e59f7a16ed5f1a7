//! Stories about alice, bob and carol, on a clock that moves when told.

mod chat;
mod removal;
mod restart;
mod world;
