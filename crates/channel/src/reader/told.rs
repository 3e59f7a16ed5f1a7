//! What a reader gives back: what to persist, what to show, and why something was not taken.

use zeroize::Zeroizing;

use crate::content::Content;
use crate::error::Refusal;
use crate::id::{CallRef, PostDay, PostId};
use crate::post::{Place, Post};
use crate::sync::Range;

/// Something to be written before anything that came with it is sent or shown. All changes that come together are
/// written in one transaction.
#[derive(Clone, Eq, PartialEq)]
pub enum Change {
    /// What the reader itself knows: keys, charters, what is called off.
    State(Zeroizing<Vec<u8>>),
    /// A post ([`crate::PostRecord`]).
    Post {
        /// Where it stands.
        seq: u64,
        /// The record.
        bytes: Zeroizing<Vec<u8>>,
    },
    /// A post that is not kept any longer.
    Forget {
        /// Where it stood.
        seq: u64,
    },
    /// A proof that the publishers contradicted themselves. The newest replaces any earlier one.
    Equivocation(Vec<u8>),
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::State(bytes) => write!(f, "State({} bytes)", bytes.len()),
            Self::Post { seq, bytes } => write!(f, "Post({seq}, {} bytes)", bytes.len()),
            Self::Forget { seq } => write!(f, "Forget({seq})"),
            Self::Equivocation(bytes) => write!(f, "Equivocation({} bytes)", bytes.len()),
        }
    }
}

/// What the person should see.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Notice {
    /// A call is off.
    CalledOff {
        /// Which.
        call: CallRef,
    },
    /// The channel has another charter.
    Charter {
        /// Its number.
        number: u32,
    },
    /// An epoch is over.
    EpochClosed {
        /// Which.
        epoch: u32,
        /// Whether reading on takes a fresh link.
        needs_link: bool,
    },
    /// The keys that we hold for an epoch are not those that the publishers announced: somebody gave us a false link.
    FalseLink {
        /// Which epoch.
        epoch: u32,
    },
    /// A post is signed well and cannot be read, also by nobody else with this version.
    Unreadable {
        /// Which.
        seq: u64,
    },
    /// The publishers said two things in one place.
    Equivocation {
        /// Where.
        seq: u64,
    },
    /// Somebody shows posts that follow another post than ours; the other one is asked for.
    OtherBranch {
        /// Where it must be.
        seq: u64,
    },
}

/// A post that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub id: PostId,
    /// Who signed it, by their places in its charter.
    pub signers: Vec<u8>,
    /// What it says; none if it cannot be read, or is over.
    pub content: Option<Content>,
    /// What to show.
    pub notices: Vec<Notice>,
    /// What to persist first.
    pub changes: Vec<Change>,
}

/// A post that was not taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// Why.
    pub why: Refusal,
    /// With [`Refusal::Equivocation`]: the post that stands against ours, for [`crate::Reader::prove`].
    pub against: Option<Box<Post>>,
    /// What to show.
    pub notices: Vec<Notice>,
    /// What to persist first.
    pub changes: Vec<Change>,
}

impl From<Refusal> for Refused {
    fn from(why: Refusal) -> Self {
        Self {
            why,
            against: None,
            notices: Vec::new(),
            changes: Vec::new(),
        }
    }
}

/// A line of the list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shown {
    /// A post.
    Post {
        /// Where it stands.
        seq: u64,
        /// Its name.
        id: PostId,
        /// Its day.
        day: PostDay,
        /// The kind of its content; `unreadable`, or `over` for a call that was erased.
        kind: &'static str,
        /// Whether it stands: the publishers did not contradict themselves here or before.
        stands: bool,
    },
    /// Posts that are missing.
    Gap(Range),
}

/// The sign of life that did not come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Silence {
    /// The last day of which there is a post.
    pub since: PostDay,
    /// How many days longer than promised.
    pub overdue: u32,
}
