//! Stories about alice, bob and carol, who publish, and dave, erin and frank, who read; on a clock that is moved by hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a story that cannot go on has failed"
)]

mod attacks;
mod codecs;
mod model;
mod publishing;
mod reading;
mod rekeying;
mod world;
