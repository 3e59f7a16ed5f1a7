//! Why a call was refused. Each is one sentence; what OpenMLS said is for the trace only, because it may quote content.

use crate::PskId;

/// Our own send group did not do it. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum OwnGroupError {
    /// [`crate::Groups::create_own`] was not called.
    #[error("there is no send group of our own yet")]
    Missing,
    /// A leaf is to be removed that is not there, or to be added that is.
    #[error("the roster of the send group is not as expected")]
    Roster,
    /// A secret is to be injected that is not kept.
    #[error("a healing secret is not kept")]
    Secret,
    /// OpenMLS refused.
    #[error("the group engine refused")]
    Engine,
}

/// A welcome was not followed. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The bytes are no welcome of our suite.
    #[error("this is no welcome")]
    Malformed,
    /// It is for somebody else, or for a key package whose private part is gone.
    #[error("this welcome is not for us")]
    NotForUs,
    /// It leads into a group that is not the sender's send group, or its owner is not at leaf 0 and the welcomer.
    #[error("this welcome leads into a group that is not its owner's send group")]
    NotASendGroup,
    /// We follow this group already.
    #[error("the group is already followed")]
    Known,
}

/// A message or commit was not opened. Nothing has changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OpenError {
    /// We are not in this send group.
    #[error("this send group is not followed")]
    NotFollowed,
    /// A commit injects a healing secret that we do not have. It may come with the log that made it.
    #[error("a healing secret is missing")]
    MissingPsk(PskId),
    /// Somebody but the owner of the group sent it.
    #[error("somebody spoke in a send group that is not theirs")]
    NotTheOwner,
    /// The message belongs to another envelope.
    #[error("the message is bound to another envelope")]
    WrongAad,
    /// A leaf is not what its member's `add` or `reset` said.
    #[error("a leaf of the send group names nobody")]
    BadLeaf,
    /// Broken, replayed, forged or of another epoch.
    #[error("the message does not open")]
    Invalid,
}

/// A key package cannot be used. It names nobody, is of another suite, or its keys or signature are wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the key package cannot be used")]
pub struct PackageError;

/// Stored records are no state of send groups.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the stored state of the send groups is damaged")]
pub struct RestoreError;
