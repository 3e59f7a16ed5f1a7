//! Many real nodes with real cryptography on a virtual clock, from one seed.
//!
//! What it is: a [`World`] in which devices sleep, crash, lose their disks and are cut off from each other; people who
//! talk in it; adversaries; and a [`Watch`] that looks at every step for what must never happen. What it is not: a
//! network. Nothing here opens a socket, and nothing here is part of a node.
//!
//! Invariants
//! - One seed, one run: no clock of the system, no randomness of the system, no hash maps.
//! - A device is driven exactly as `net` drives it: inputs in rounds, one durable write, then what follows from it.

mod adversary;
mod batch;
mod calls;
mod clock;
mod disk;
mod link;
mod modelled;
mod people;
mod report;
mod run;
mod scenario;
mod stats;
#[cfg(test)]
mod tests;
mod trace;
mod watch;
mod wire;
mod world;

pub use batch::{Batch, Shrunk, Ticker, run_batch, shrink};
pub use clock::Time;
pub use disk::Disk;
pub use link::{Latency, Quality};
pub use report::{Report, WorldReport, chart, compare, page, summary};
pub use run::{Outcome, Progress, run};
pub use scenario::{Act, Attack, Moment, Planned, Scenario, ScenarioError, Share, Span, plan};
pub use stats::{ChannelCounts, Counts, Spread};
pub use trace::{Trace, TraceLine};
pub use watch::{Broken, Invariant, Lines, Seen, Watch};
pub use world::{CrashAt, Heard, Options, PowerState, Tap, Who, World};
