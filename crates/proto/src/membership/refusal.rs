//! Why an operation may not be made or taken.

use crate::command::ErrorKind;

/// Why an operation may not be made or taken. What each says holds in the operation's own causal past.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The author or the target is no current member.
    #[error("this person is not a member of the cell")]
    NotAMember,
    /// The author may read and speak, not decide.
    #[error("only full members can do this")]
    NotAFullMember,
    /// The author has voted for this removal.
    #[error("this vote was cast before")]
    AlreadyVoted,
    /// There is nobody to agree with.
    #[error("a cell of two cannot remove anybody")]
    TooSmallToRemove,
    /// The cap is reached.
    #[error("the cell is full")]
    CellFull,
    /// The name could be taken for a member's.
    #[error("this name looks like the name of another member")]
    NameConfusable,
    /// The key was a member before: nobody comes back with the same key.
    #[error("this key is or was a member")]
    KnownKey,
    /// The author has added as many as one member may.
    #[error("this member has added as many people as one member may")]
    TooManyAdds,
    /// The author has made as many operations as one member may.
    #[error("this member has changed the membership too often")]
    TooManyOperations,
    /// The record holds as many operations as it may.
    #[error("the membership record is full; found a new cell")]
    RecordFull,
    /// There is nothing to vouch for.
    #[error("this member is a full member")]
    AlreadyFull,
    /// Whoever added somebody cannot vouch for them too.
    #[error("another full member than the inviter must vouch")]
    Inviter,
    /// Nobody votes or vouches for themselves.
    #[error("this cannot be done to oneself")]
    Oneself,
    /// The author's or target's incarnation is not the one that it takes.
    #[error("the incarnation is not current, not new, or not waiting to be confirmed")]
    Incarnation,
    /// The evidence proves nothing, or nothing new.
    #[error("the evidence proves nothing new")]
    NoProof,
    /// An operation names more of what somebody signed beside their other operations than shows that they did.
    #[error("the operation names more of a forked history than it may")]
    Forked,
    /// The founder has made two first adds in one place.
    #[error("the founder has signed two histories")]
    FounderForked,
    /// A genesis that is not the first operation, or a first one that is no genesis.
    #[error("a membership record has one genesis, at its start")]
    Genesis,
}

impl From<Refusal> for ErrorKind {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAMember => Self::NotAMember,
            Refusal::NotAFullMember => Self::NotAFullMember,
            Refusal::AlreadyVoted | Refusal::AlreadyFull => Self::AlreadyVoted,
            Refusal::TooSmallToRemove => Self::TooSmallToRemove,
            Refusal::CellFull => Self::CellFull,
            Refusal::NameConfusable => Self::NameConfusable,
            Refusal::TooManyAdds | Refusal::TooManyOperations | Refusal::RecordFull => {
                Self::TooMany
            }
            Refusal::KnownKey
            | Refusal::Inviter
            | Refusal::Oneself
            | Refusal::Incarnation
            | Refusal::NoProof
            | Refusal::Forked
            | Refusal::FounderForked
            | Refusal::Genesis => Self::InvalidParams,
        }
    }
}
