//! A model of membership and delivery, written from docs/PROTOCOL.md with sets and logs and nothing of the core.
//!
//! ```text
//!   steps ──► play.rs ──► World (real nodes)  ──► what each device shows ─┐
//!                │                                                        ├─► equal?
//!                └──────► Reference (facts)   ──► what it has to show ────┘
//! ```
//! A **fact** is something that somebody did, with the facts they knew. People on one side of a wall who take each other
//! for members know the same after a while; that is all there is to delivery. Who is in follows from a set of facts:
//! of all ways to say who is removed, those that explain themselves are looked for by trying each.
//!
//! What it leaves open: a removal that rests on what counts only without it; how far somebody reads on who is out and was
//! not told; whether a text that waited was sealed before or after its author heard something at the same meeting. It knows
//! no disks that are put back, no forged signatures and no two things signed in one place: those have stories.

pub(crate) mod cases;
mod facts;
mod play;

use facts::{Reference, Standing, What};
