//! What both sides of the handshake share: its limits and its one error.

/// Longest message other than an acceptance: it has to fit one frame (PROTOCOL §9).
pub(super) const MESSAGE_LIMIT: usize = 256 * 1024;

/// Longest key packages: one for each of 50 members at 2.8 KB (hybrid suite) are 140 KB, and [`MESSAGE_LIMIT`] holds
/// them together with card and name.
pub(super) const KEY_PACKAGE_LIMIT: usize = 192 * 1024;

/// Longest peer card: eight addresses, keys and a signature are below 2 KB.
pub(super) const CARD_LIMIT: usize = 8 * 1024;

/// Longest join bundle: 64 members' membership record, floors and welcomes are below 1 MB; four times that for long
/// histories. Its carrier cuts it into frames.
pub(crate) const BUNDLE_LIMIT: usize = 4 * 1024 * 1024;

/// Longest acceptance: the bundle, its length prefix, tag byte and MAC.
pub(super) const ACCEPT_LIMIT: usize = BUNDLE_LIMIT + 64;

/// Why the handshake came to nothing. Whichever it is: the caller disconnects, and the invite stays used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum HandshakeError {
    /// The bytes are no message of this version, or over a limit.
    #[error(
        "the other side sent something that is no part of joining; update Vigil on both sides and use a new invite"
    )]
    Malformed,
    /// A message that has no place here: repeated, out of order, or after the end.
    #[error("the other side sent something twice or out of order; use a new invite")]
    OutOfTurn,
    /// The MAC does not hold: they lack the secret, or somebody changed what was said.
    #[error("the other side does not hold this invite; use a new invite")]
    WrongMac,
    /// The newcomer opened the commitment to something else.
    #[error(
        "the other side went back on what it had committed to; somebody may be in the middle: use a new invite"
    )]
    NotAsCommitted,
    /// The identity key is none, or its holder did not sign.
    #[error("the other side could not prove its identity key; use a new invite")]
    NotProven,
    /// What we were to send is over a limit. Our own mistake.
    #[error("what is to be handed over is too large to join with")]
    TooLarge,
}
