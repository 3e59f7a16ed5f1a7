//! Invites: how somebody comes into a cell (PROTOCOL §6).
//!
//! What it is: the text of an invite ([`link`]), the conversation between the person who made it ([`Inviter`]) and the
//! person who uses it ([`Newcomer`]), and the words that the two compare ([`phrase`]). What it is not: it appends
//! nothing to the membership record, keeps no list of invites, measures no time and stores nothing. Its caller does.
//!
//! ```text
//!  newcomer                                                        inviter
//!     │ 1 hello    commitment to everything in 3, MAC                 │  checks the MAC, says nothing before that
//!     │ ─────────────────────────────────────────────────────────────►│  persists: the invite is used
//!     │ 2 reveal   nonce, identity key, number of members, MAC        │
//!     │ ◄─────────────────────────────────────────────────────────────│
//!     │ 3 open     nonce, identity key, incarnation, name,            │
//!     │            key package, card, MAC, signature                  │
//!     │ ─────────────────────────────────────────────────────────────►│  checks all against 1, shows the phrase
//!     │ 4 proof    MAC, signature                                     │
//!     │ ◄─────────────────────────────────────────────────────────────│
//!     │ shows the phrase      … two people compare …                  │  the person decides
//!     │ 5 accept   join bundle, MAC        or     refuse   reason, MAC│
//!     │ ◄─────────────────────────────────────────────────────────────│
//! ```
//!
//! # What protects whom
//!
//! - Each MAC is a pseudo-random function, keyed with the invite's secret, of what is being stated and of a hash over
//!   everything said so far: cell, invite, both peer ids (Noise has proven them), both nonces, both identity keys. Who
//!   does not hold the secret gets no answer to the first message and so learns nothing about the cell.
//! - Each signature proves that its maker holds the identity key, for this conversation and this role only.
//! - The phrase protects against somebody who *does* hold the link, because it was read on its way, and who stands in
//!   the middle. They have to fix all they say to the inviter (message 1) before they learn the inviter's nonce, and all
//!   they say to the newcomer (message 2) before they learn the newcomer's, so the two phrases are two independent draws
//!   and agree with a chance of 2^-32 (as in ZRTP, RFC 6189 §4.4.1.1). The commitment covers *everything* that the
//!   newcomer may choose: a name or a key package that could still be varied after message 2 would be a knob for
//!   searching until the phrases agree.
//!
//! # Invariants
//!
//! - Every step consumes the state it was in. After an error, an acceptance or a refusal nothing more is accepted.
//! - One attempt per invite: that is what makes 32 bits enough. **The invite must be durably used before the answer to
//!   the first message is transmitted**, or somebody in the middle could break off and try again until the phrases agree.
//! - Nothing here waits: a conversation that stalls is ended by the caller.

mod handshake;
mod inviter;
pub(crate) mod link;
mod newcomer;
pub(crate) mod phrase;
#[cfg(test)]
mod tests;
mod transcript;
mod wire;

pub(crate) use handshake::BUNDLE_LIMIT;
pub(crate) use inviter::{Host, Inviter, InviterStep};
pub(crate) use link::InviteLink;
pub(crate) use newcomer::{Identity, Newcomer, NewcomerStep};
