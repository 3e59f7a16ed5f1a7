//! Channels: one-way logs that a few people publish and any number read, without a server and without a list of readers.
//!
//! What it is: the wire formats, and state machines that take bytes and moments and give back what to persist and what to
//! send. What it is not: a network, a store or a clock; which cell carries what to whom is for whoever drives it.
//! Construction, tables and what is not promised: `docs/CHANNELS.md`.
//!
//! ```text
//!  link ──► Reader ◄── posts, summaries, requests (sealed for the topic)
//!             ▲ │
//!             │ └──► changes to persist, posts to show, what is missing
//!  Publisher ─┘ ──► drafts and countersignatures for the other publishers ──► complete posts
//! ```
//! Invariants: nothing is shown that fewer publishers signed than the charter asks for · what is returned to be persisted
//! is persisted before anything that came with it is sent or shown · every limit is in [`config`].

mod charter;
pub mod config;
mod content;
mod error;
mod id;
mod keys;
mod lineage;
mod link;
mod post;
mod proof;
mod publisher;
mod reader;
mod sync;
mod topic;
mod wire;

pub use charter::{ChannelName, Charter, Roster, RosterError};
pub use content::{Checkpoint, Content, NextKeys};
pub use error::{ProofError, Refusal};
pub use id::{CallRef, ChannelId, CharterId, PostDay, PostId};
pub use keys::{EpochKeys, KeyError, MessageKey};
pub use lineage::Lineage;
pub use link::{Link, LinkError};
pub use post::{Checks, Countersignature, Place, Post, PostIn, Sheet};
pub use proof::{Equivocation, Forward, Forwarded};
pub use publisher::{Origin, Pending, PublishError, Publisher, Standing, Step};
pub use reader::{
    Accepted, CallState, Change, Notice, PostRecord, Reader, Refused, Shown, Silence,
};
pub use sync::{Probe, Range, Request, Summary};
pub use topic::{Carried, Item, Topic, pack_name};
pub use wire::Malformed;
