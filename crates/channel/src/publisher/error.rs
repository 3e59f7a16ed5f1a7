//! Why something cannot be published, countersigned, or taken from another publisher.

/// Each reason has a stable kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PublishError {
    /// The key is not in the charter.
    #[error("this device is no publisher of the channel")]
    NotAPublisher,
    /// Nobody has confirmed since the start how far the channel goes.
    #[error("a reader of the channel has to be met once before anything is signed")]
    Unconfirmed,
    /// The device was put back to an earlier day.
    #[error("this device was restored; the other publishers have to give it a new key")]
    RolledBack,
    /// It fits in no post, or no reader would take it.
    #[error("this cannot be posted; shorten it")]
    TooLong,
    /// The publishers said two things in one place.
    #[error("the publishers said two things in one place; only another charter leads on")]
    Parted,
    /// Too much is waiting.
    #[error("too much waits to be countersigned; wait, or take something back")]
    TooMany,
    /// There is no key for the next post.
    #[error("the epoch is closed and its successor's link is not here")]
    NoKeys,
    /// The charter does not follow the present one.
    #[error("the charter has changed meanwhile; look at it again")]
    StaleCharter,
    /// Not the encoding of anything that publishers say.
    #[error("not a message of a publisher")]
    Malformed,
    /// It speaks of another place in the log than the one that is next here.
    #[error("about another place in the log than the next")]
    OtherPlace,
    /// It was not signed by whom it names.
    #[error("not signed by the publisher whom it names")]
    WrongSignature,
    /// It is not their turn.
    #[error("not the turn of this publisher")]
    NotTheirTurn,
    /// Somebody else has the turn, or an earlier one was given up.
    #[error("another publisher has the turn")]
    Busy,
    /// The promises do not allow this post.
    #[error("the promises that came with it do not allow this post")]
    WrongCertificate,
    /// Its day is not near today, or before the post before.
    #[error("the draft is dated wrongly")]
    WrongDay,
    /// It cannot be opened, so nobody can say what would be signed.
    #[error("the draft cannot be read")]
    Unreadable,
    /// There is no such draft.
    #[error("no such draft waits here")]
    UnknownDraft,
    /// Another post was signed in this turn.
    #[error("another post was signed in this place")]
    AlreadySigned,
}

impl PublishError {
    /// The stable kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::NotAPublisher => "not_a_publisher",
            Self::Unconfirmed => "unconfirmed",
            Self::RolledBack => "rolled_back",
            Self::TooLong => "text_too_long",
            Self::Parted => "parted",
            Self::TooMany => "too_many_drafts",
            Self::NoKeys => "epoch_closed",
            Self::StaleCharter => "stale_charter",
            Self::Malformed => "malformed",
            Self::OtherPlace => "other_place",
            Self::WrongSignature => "wrong_signature",
            Self::NotTheirTurn => "not_their_turn",
            Self::Busy => "busy",
            Self::WrongCertificate => "wrong_certificate",
            Self::WrongDay => "wrong_day",
            Self::Unreadable => "unreadable",
            Self::UnknownDraft => "no_such_draft",
            Self::AlreadySigned => "already_signed",
        }
    }
}
