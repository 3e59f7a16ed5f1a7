//! What the node tells the person.

use std::fmt;

use channel::{ChannelId, PostId};
use model::{CallId, CellId, DisplayName, InviteId, JoinId, MemberId, MessageId};
use zeroize::Zeroizing;

use crate::calls::view::MissedStage;
use crate::command::{CommandError, RequestId};

/// What the node tells the person.
#[derive(Debug)]
pub enum Event {
    /// Answers one command, exactly once.
    Answer(RequestId, Result<Answer, CommandError>),
    /// Something happened.
    Notice(Notice),
}

/// The good answers to commands.
pub enum Answer {
    /// It is done and durable.
    Done,
    /// `CreateCell`.
    CellCreated(CellId),
    /// `Invite`: its name and the link to hand over.
    InviteMade(InviteId, String),
    /// `Join`: the attempt has begun; notices follow.
    JoinStarted(JoinId),
    /// `SendMessage`: the text is durable.
    MessageAccepted(MessageId),
    /// `BeginAttachment`: the message that it will be of.
    AttachmentBegun(MessageId),
    /// `Remove`: how many votes there are and how many it takes.
    RemovalVoted {
        /// Votes that count.
        votes: u8,
        /// Votes that it takes.
        needed: u8,
    },
    /// `ShareCall`: the call is durable.
    CallShared(CallId),
    /// `PresumeArrest`: how many full members presume it, and how many it takes until votes are cast.
    ArrestPresumed {
        /// Full members who presume it.
        presumed: u8,
        /// How many it takes.
        needed: u8,
    },
    /// `ExportBundle` and `Export`: the bytes of the file, and how many envelopes or posts are in it.
    BundleExported(Zeroizing<Vec<u8>>, u32),
    /// `ImportBundle`: how many envelopes were new, and in which cell.
    BundleImported(u32, CellId),
    /// `ImportBundle`, of a channel: how many posts were new, and in which.
    ChannelImported(u32, ChannelId),
    /// `Create`: the channel, and the link from its first post on.
    ChannelCreated(ChannelId, Zeroizing<String>),
    /// `Link`: the link.
    LinkMade(Zeroizing<String>),
    /// `Subscribe`: the channel.
    Subscribed(ChannelId),
    /// `PostText` and `PostCall`: the post, if it is complete; else it waits here until it can be signed.
    Posted(Option<PostId>),
    /// The same, and `SetPublishers` and `Rekey`, while other publishers have to sign: the draft, and how many.
    Drafted(Option<PostId>, u8),
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "Done",
            Self::CellCreated(_) => "CellCreated",
            Self::InviteMade(..) => "InviteMade",
            Self::JoinStarted(_) => "JoinStarted",
            Self::MessageAccepted(_) => "MessageAccepted",
            Self::AttachmentBegun(_) => "AttachmentBegun",
            Self::RemovalVoted { .. } => "RemovalVoted",
            Self::CallShared(_) => "CallShared",
            Self::ArrestPresumed { .. } => "ArrestPresumed",
            Self::BundleExported(..) => "BundleExported",
            Self::BundleImported(..) => "BundleImported",
            Self::ChannelImported(..) => "ChannelImported",
            Self::ChannelCreated(..) => "ChannelCreated",
            Self::LinkMade(_) => "LinkMade",
            Self::Subscribed(_) => "Subscribed",
            Self::Posted(_) => "Posted",
            Self::Drafted(..) => "Drafted",
        })
    }
}

/// Something happened that the person may want to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// A message can be read.
    MessageReceived(CellId, MessageId),
    /// A message looks different: somebody reacted to it, or it was changed or deleted. Or it is gone from this device.
    MessageChanged(CellId, MessageId),
    /// One more member has a message of ours.
    MessageDelivered {
        /// In which cell.
        cell: CellId,
        /// Which message.
        message: MessageId,
        /// Members other than us who have it.
        have: u16,
        /// Members other than us who should.
        of: u16,
    },
    /// One more piece of the attachment of a message is here.
    AttachmentProgress {
        /// In which cell.
        cell: CellId,
        /// Which message.
        message: MessageId,
        /// Pieces that are here.
        have: u32,
        /// Pieces in all.
        of: u32,
    },
    /// Somebody shared a call.
    CallReceived(CellId, CallId),
    /// A call looks different.
    CallChanged(CellId, CallId),
    /// A call is over, and all of it is gone from this device.
    CallErased(CellId, CallId),
    /// A member has not said that they are home.
    MissedCheckIn {
        /// In which cell.
        cell: CellId,
        /// Of which call.
        call: CallId,
        /// Who.
        member: MemberId,
        /// Who is told.
        stage: MissedStage,
    },
    /// We and a member we are connected to have the same.
    CellSynced(CellId),
    /// Somebody joined.
    MemberJoined(CellId, MemberId),
    /// Somebody was removed or left.
    MemberRemoved(CellId, MemberId),
    /// We were removed.
    RemovedFromCell(CellId),
    /// Something that the person should look at.
    Warning(CellId, WarningKind),
    /// A member can be reached.
    MemberConnected(CellId, MemberId),
    /// A member can no longer be reached.
    MemberDisconnected(CellId, MemberId),
    /// Somebody knocks with an invite of ours: compare the phrase, then confirm.
    JoinRequested {
        /// To which cell.
        cell: CellId,
        /// Which attempt.
        join: JoinId,
        /// What they want to be called.
        name: DisplayName,
        /// The short phrase to compare.
        phrase: String,
    },
    /// The short phrase to compare, on the side of the newcomer.
    JoinPhrase(JoinId, String),
    /// We are in.
    CellJoined(CellId, JoinId),
    /// A post of a channel can be read.
    PostReceived(ChannelId, PostId),
    /// A draft of another publisher waits to be read and signed.
    DraftReceived(ChannelId, PostId),
    /// A channel looks different: its name is known, a call is off, its publishers contradicted themselves.
    ChannelChanged(ChannelId),
    /// We are not in.
    JoinFailed(JoinId, JoinFailure),
}

/// Why joining failed, as far as the newcomer is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JoinFailure {
    /// `unreachable`
    Unreachable,
    /// `invite_expired`
    Expired,
    /// `invite_used`
    Used,
    /// `invite_withdrawn`
    Withdrawn,
    /// `refused`: the inviter said no, or the phrases differ.
    Refused,
    /// `name_confusable`
    NameConfusable,
    /// `cell_full`
    CellFull,
    /// `handshake_failed`: the other side broke the protocol or is not who made the invite.
    HandshakeFailed,
}

impl JoinFailure {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Expired => "invite_expired",
            Self::Used => "invite_used",
            Self::Withdrawn => "invite_withdrawn",
            Self::Refused => "refused",
            Self::NameConfusable => "name_confusable",
            Self::CellFull => "cell_full",
            Self::HandshakeFailed => "handshake_failed",
        }
    }
}

/// What the person should look at.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum WarningKind {
    /// A member signed two different things in one place.
    Equivocation,
    /// A send group held somebody whom the membership does not.
    UnexpectedReader,
    /// Two members have names that look alike.
    NameConfusable,
    /// A member refers to an envelope that nobody shows us.
    Withheld,
    /// Two sides removed each other.
    RemovalConflict,
    /// A member came back with a new incarnation.
    DeviceRestored,
    /// A member has not applied a removal yet.
    RemovalNotApplied,
    /// A log grew beyond what we hold and waits.
    BacklogPaused,
    /// Part of what was stored could not be read.
    Damaged,
}

impl WarningKind {
    const ALL: [Self; 9] = [
        Self::Equivocation,
        Self::UnexpectedReader,
        Self::NameConfusable,
        Self::Withheld,
        Self::RemovalConflict,
        Self::DeviceRestored,
        Self::RemovalNotApplied,
        Self::BacklogPaused,
        Self::Damaged,
    ];

    /// How it is stored.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Equivocation => 1,
            Self::UnexpectedReader => 2,
            Self::NameConfusable => 3,
            Self::Withheld => 4,
            Self::RemovalConflict => 5,
            Self::DeviceRestored => 6,
            Self::RemovalNotApplied => 7,
            Self::BacklogPaused => 8,
            Self::Damaged => 9,
        }
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Reads [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equivocation => "equivocation",
            Self::UnexpectedReader => "unexpected_reader",
            Self::NameConfusable => "name_confusable",
            Self::Withheld => "withheld",
            Self::RemovalConflict => "removal_conflict",
            Self::DeviceRestored => "device_restored",
            Self::RemovalNotApplied => "removal_not_applied",
            Self::BacklogPaused => "backlog_paused",
            Self::Damaged => "damaged",
        }
    }
}
