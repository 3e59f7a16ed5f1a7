//! Why something of a channel is not taken. Each reason has a stable kind.

use crate::keys::KeyError;

/// Why a post was refused.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, thiserror::Error)]
pub enum Refusal {
    /// Longer than any post.
    #[error("longer than any post")]
    Oversized,
    /// Not the encoding of a post.
    #[error("not a post")]
    Malformed,
    /// Of a later version.
    #[error("a post of another version; update Vigil")]
    OtherVersion,
    /// Of another channel.
    #[error("a post of another channel")]
    OtherChannel,
    /// From before what the link opens, or so old that it was forgotten.
    #[error("a post from before what we hold")]
    TooOld,
    /// Further beyond the first missing post than we look.
    #[error("a post too far ahead of those that are here")]
    TooFar,
    /// It is here already.
    #[error("a post that is here already")]
    Replayed,
    /// Its day is before that of a post before it.
    #[error("a post dated before the one that it follows")]
    Backdated,
    /// Its day is after that of a post behind it, or lies in the future.
    #[error("a post dated ahead")]
    DatedAhead,
    /// Signed under a charter that we do not know.
    #[error("a post under a charter that is not here")]
    UnknownCharter,
    /// Signed under a charter that was not in force where it stands.
    #[error("a post under a charter that is not in force there")]
    WrongCharter,
    /// Of an epoch for which we have no keys.
    #[error("a post of an epoch for which there is no link here")]
    UnknownEpoch,
    /// Its epoch and index do not fit those beside it.
    #[error("a post whose place does not fit those beside it")]
    WrongPlace,
    /// Too few, too many, twice the same, or not publishers.
    #[error("a post that is not signed by the right number of publishers")]
    WrongSigners,
    /// A signature does not hold.
    #[error("a post with a signature that does not hold")]
    WrongSignature,
    /// Signed well, but it follows another post than the one that is here.
    #[error("a post of another branch of the channel")]
    OtherBranch,
    /// Signed well, but a second post in its place.
    #[error("a second post in one place")]
    Equivocation,
}

impl Refusal {
    /// The stable kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Oversized => "oversized",
            Self::Malformed => "malformed",
            Self::OtherVersion => "other_version",
            Self::OtherChannel => "other_channel",
            Self::TooOld => "too_old",
            Self::TooFar => "too_far",
            Self::Replayed => "replayed",
            Self::Backdated => "backdated",
            Self::DatedAhead => "dated_ahead",
            Self::UnknownCharter => "unknown_charter",
            Self::WrongCharter => "wrong_charter",
            Self::UnknownEpoch => "unknown_epoch",
            Self::WrongPlace => "wrong_place",
            Self::WrongSigners => "wrong_signers",
            Self::WrongSignature => "wrong_signature",
            Self::OtherBranch => "other_branch",
            Self::Equivocation => "equivocation",
        }
    }
}

/// Why a lineage, a proof or a forwarded post is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ProofError {
    /// Not the encoding of one.
    #[error("these bytes prove nothing")]
    Malformed,
    /// The charters do not lead from the channel to where they say.
    #[error("the charters do not follow from one another")]
    WrongLineage,
    /// A post in it is not what it has to be.
    #[error("a post in it does not hold")]
    Post(#[source] Refusal),
    /// The key does not open the post.
    #[error("the key does not open the post")]
    WrongKey,
    /// Two posts that do not contradict each other.
    #[error("the two posts do not contradict each other")]
    NoContradiction,
}

impl ProofError {
    /// The stable kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::WrongLineage => "wrong_lineage",
            Self::Post(refusal) => refusal.kind(),
            Self::WrongKey => "wrong_key",
            Self::NoContradiction => "no_contradiction",
        }
    }
}

impl KeyError {
    /// The stable kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Gone => "key_gone",
            Self::TooFar => "too_far",
        }
    }
}
