//! What a person can ask of the node, and why it may say no.

use std::net::IpAddr;
use std::time::Duration;

use action::Call;
use channel::{ChannelId, ChannelName, PostId};
use model::{
    CallId, CancelReason, CellId, CellName, DisplayName, Emoji, InviteId, JoinId, MemberId,
    MessageId, MessageText, PlanPlace, Suite, Timestamp,
};
use zeroize::Zeroizing;

use crate::calls::view::Coming;
use crate::view::About;

use crate::event::WarningKind;

/// Correlates a [`Command`] with the `Event::Answer` that answers it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct RequestId(pub u64);

/// A request from the person. Names in it are already parsed.
#[derive(Clone, Debug)]
pub enum Command {
    /// Founds a cell.
    CreateCell {
        /// What we call it.
        name: CellName,
        /// What we are called in it.
        display_name: DisplayName,
        /// Its suite, for ever.
        suite: Suite,
        /// Votes needed to remove a member; by size if absent.
        removal_quorum: Option<u8>,
    },
    /// Changes what we call a cell on this device.
    RenameCell(CellId, CellName),
    /// Marks everything up to this message as read.
    MarkRead(CellId, MessageId),
    /// Switches the LAN beacon.
    SetLan(CellId, bool),
    /// Makes an invite.
    Invite {
        /// To which cell.
        cell: CellId,
        /// How long it lasts.
        expires_in: Duration,
    },
    /// Withdraws an invite.
    WithdrawInvite(CellId, InviteId),
    /// Joins by an invite link.
    Join {
        /// The link as it was pasted. Untrusted.
        link: String,
        /// What we want to be called.
        display_name: DisplayName,
    },
    /// Gives up joining. The invite is used all the same, if the inviter was reached.
    CancelJoin(JoinId),
    /// The person has looked at what a cell warned of.
    DismissWarning(CellId, WarningKind),
    /// The inviter has compared the phrase, or not.
    ConfirmJoin {
        /// To which cell.
        cell: CellId,
        /// Which attempt.
        join: JoinId,
        /// Whether to let them in.
        accept: bool,
    },
    /// Makes a member full.
    Vouch(CellId, MemberId),
    /// Votes for a removal.
    Remove(CellId, MemberId),
    /// Confirms that a member who came back with a new incarnation is who they were.
    ConfirmRestored(CellId, MemberId),
    /// Leaves a cell.
    Leave(CellId),
    /// Renews the keys of our own send group.
    Heal(CellId),
    /// Marks a member's safety number as compared.
    Verify(CellId, MemberId),
    /// Sends text to every member of a cell.
    SendMessage {
        /// To which cell.
        cell: CellId,
        /// What.
        text: MessageText,
        /// The message it answers.
        reply_to: Option<MessageId>,
    },
    /// Does something with the attachment of a message.
    Attach(CellId, Attach),
    /// Reacts to a message, or takes the reaction back.
    React(CellId, MessageId, Option<Emoji>),
    /// Changes a text of ours.
    EditMessage(CellId, MessageId, MessageText),
    /// Deletes a message.
    DeleteMessage {
        /// In which cell.
        cell: CellId,
        /// Which message.
        message: MessageId,
        /// For everybody, which only its author may, or from this device.
        everywhere: bool,
    },
    /// Shares a call.
    ShareCall(CellId, Box<Call>),
    /// Does something about a call.
    OnCall(CellId, CallId, CallDeed),
    /// Presumes that a member who takes part in a call is held.
    PresumeArrest(CellId, CallId, MemberId),
    /// Sets how long messages last in a cell, in seconds.
    SetLifetime(CellId, u32),
    /// Keeps the text that the person has begun, or forgets it.
    SetDraft(CellId, Option<MessageText>),
    /// Closes every connection and port until `Online`.
    Offline,
    /// Opens ports and connects again.
    Online,
    /// Changes where a cell's door listens. Absent parts stay as they are.
    SetListen {
        /// Which cell.
        cell: CellId,
        /// On which interface.
        ip: Option<IpAddr>,
        /// On which port.
        port: Option<u16>,
    },
    /// Seals what members may lack into a bundle.
    ExportBundle(CellId),
    /// Opens a bundle. Untrusted.
    ImportBundle(Vec<u8>),
    /// Does something about channels.
    Channel(ChannelDeed),
}

/// What a person does about channels.
#[derive(Clone, Debug)]
pub enum ChannelDeed {
    /// Founds a channel with one publisher: this device. The number is within how many days the next post is promised; 0
    /// promises nothing.
    Create(ChannelName, u16),
    /// Makes a link from the next post on.
    Link(ChannelId),
    /// Seals what other readers may lack into a bundle.
    Export(ChannelId),
    /// Reads a channel from here on, or adds what a fresh link brings. The link is untrusted.
    Subscribe(Zeroizing<String>),
    /// Forgets a channel, and everything of it.
    Unsubscribe(ChannelId),
    /// Posts words.
    PostText(ChannelId, MessageText),
    /// Posts a call.
    PostCall(ChannelId, Box<Call>),
    /// Posts another version of a call, which any post of it names.
    UpdateCall(ChannelId, PostId, Box<Call>),
    /// Calls off a call, which any post of it names, with all its versions.
    CancelCall(ChannelId, PostId, Option<MessageText>),
    /// Shows a post to a cell, with the signatures of the channel. Of a call the newest version.
    Forward(ChannelId, PostId, CellId),
    /// The person has seen everything up to this place.
    MarkRead(ChannelId, u64),
    /// Offers in a cell to publish in a channel.
    Offer(ChannelId, CellId),
    /// Proposes another set of publishers.
    SetPublishers(ChannelId, PublishersChange),
    /// Signs a draft that the person has read.
    Countersign(ChannelId, PostId),
    /// Takes back what was written here: this draft, or what is first in line.
    Withdraw(ChannelId, Option<PostId>),
    /// Proposes to end the epoch; `true` closes the channel to old links.
    Rekey(ChannelId, bool),
}

/// Who is to publish in a channel, and how many of them must sign.
#[derive(Clone, Debug, Default)]
pub struct PublishersChange {
    /// In which cell the publishers speak from here on.
    pub cell: Option<CellId>,
    /// Members who have offered a key.
    pub add: Vec<MemberId>,
    /// Keys that are to go.
    pub remove: Vec<[u8; 32]>,
    /// How many must sign; if absent as many as now, if that is more than half and not more than all.
    pub threshold: Option<u8>,
}

/// What a person can do with the attachment of a message.
#[derive(Clone, Debug)]
pub enum Attach {
    /// Begins to take in a file as the attachment of a new message. Its pieces follow.
    Begin {
        /// What it is.
        about: About,
        /// What is written beside it.
        text: Option<MessageText>,
        /// The message it answers.
        reply_to: Option<MessageId>,
    },
    /// The next [`crate::PIECE_LEN`] bytes of a file that was begun, or what is left of it. With the last ones the message
    /// is sent.
    Piece(MessageId, Zeroizing<Vec<u8>>),
    /// Forgets a file that was begun.
    Abandon(MessageId),
    /// Fetches the attachment of a message from whoever has it, or goes on with that.
    Fetch(MessageId),
    /// Fetches it no longer, and forgets the pieces that have come; also a file that was begun. Nothing happens to one that is whole.
    Cancel(MessageId),
    /// This piece was here and cannot be read any more: it and those behind it are fetched again.
    Lost(MessageId, u32),
}

/// What a member does about a call.
#[derive(Clone, Debug)]
pub enum CallDeed {
    /// Says whether they come.
    Answer(Coming),
    /// Takes a role.
    TakeRole(String),
    /// Leaves a role.
    LeaveRole(String),
    /// Chooses the place, or takes it back.
    SetPlace(Option<PlanPlace>),
    /// Chooses when it begins, or takes it back.
    SetTime(Option<Timestamp>),
    /// Ticks an item, or takes the tick back.
    Tick {
        /// Which list, in the order of `action::Checklists::NAMES`.
        list: u8,
        /// Which item of it.
        item: u8,
        /// Whether it is done.
        done: bool,
    },
    /// Chooses who looks after them.
    SetBuddy(Option<MemberId>),
    /// Says that they are home.
    CheckIn,
    /// Presumes no more that a member is held. Votes that were cast stand.
    TakeBackPresumption(MemberId),
    /// Says something else from here on; by its author.
    Update(Box<Call>),
    /// Calls it off; by its author.
    Cancel(CancelReason),
}

/// Why a command was not carried out. Nothing was changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind}")]
pub struct CommandError {
    /// One per thing that the person can do about it.
    pub kind: ErrorKind,
}

impl From<ErrorKind> for CommandError {
    fn from(kind: ErrorKind) -> Self {
        Self { kind }
    }
}

/// The stable kinds of [`CommandError`]. `Display` is one sentence for the person.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, thiserror::Error)]
pub enum ErrorKind {
    /// `no_such_cell`
    #[error("there is no such cell on this device")]
    NoSuchCell,
    /// `cell_damaged`
    #[error(
        "the records of this cell are damaged; put back a copy of the profile, or join another cell"
    )]
    CellDamaged,
    /// `no_such_message`
    #[error("there is no such message in this cell")]
    NoSuchMessage,
    /// `no_such_call`
    #[error("there is no such call in this cell")]
    NoSuchCall,
    /// `call_expired`
    #[error("this call is over; nothing of it is kept")]
    CallExpired,
    /// `call_cancelled`
    #[error("this call was called off")]
    CallCancelled,
    /// `no_such_role`
    #[error("there is no such role in this call")]
    NoSuchRole,
    /// `role_full`
    #[error("all places of this role are taken; choose another, or ask who has it")]
    RoleFull,
    /// `no_such_item`
    #[error("there is no such item in the checklists of this call")]
    NoSuchItem,
    /// `not_expected`
    #[error("this person did not say that they come, is home, or it has not begun")]
    NotExpected,
    /// `no_such_invite`
    #[error("there is no such invite in this cell")]
    NoSuchInvite,
    /// `no_such_join`
    #[error("nobody is waiting to join with this request; ask them to try again")]
    NoSuchJoin,
    /// `not_a_member`
    #[error("this person is not a member of the cell")]
    NotAMember,
    /// `not_a_full_member`
    #[error("only full members can do this; ask a full member to vouch for you")]
    NotAFullMember,
    /// `not_the_author`
    #[error("only its author can do this")]
    NotTheAuthor,
    /// `already_voted`
    #[error("you have already voted for this")]
    AlreadyVoted,
    /// `too_small_to_remove`
    #[error("a cell of two cannot remove anybody; leave it and found a new one")]
    TooSmallToRemove,
    /// `invite_malformed`
    #[error("this is not an invite, or a part of it is missing; copy all of it")]
    InviteMalformed,
    /// `invite_expired`
    #[error("this invite has expired; ask for a new one")]
    InviteExpired,
    /// `already_joined`
    #[error("you are already in this cell")]
    AlreadyJoined,
    /// `name_confusable`
    #[error("this name looks like the name of another member; choose a different one")]
    NameConfusable,
    /// `cell_full`
    #[error("the cell is full")]
    CellFull,
    /// `bundle_damaged`
    #[error("the bundle is damaged; copy it again")]
    BundleDamaged,
    /// `bundle_foreign`
    #[error("the bundle is not for any cell or channel on this device")]
    BundleForeign,
    /// `attachment_too_large`
    #[error(
        "this file is too large; an attachment has at most 5 MiB, or 25 MiB where the cell uses the LAN"
    )]
    AttachmentTooLarge,
    /// `no_such_channel`
    #[error("there is no such channel on this device")]
    NoSuchChannel,
    /// `channel_damaged`
    #[error("the records of this channel are damaged; forget it, and subscribe with a fresh link")]
    ChannelDamaged,
    /// `not_a_publisher`
    #[error("only a publisher of this channel can do this")]
    NotAPublisher,
    /// `channel_parted`
    #[error(
        "the publishers of this channel said two things in one place; nothing is posted here any more"
    )]
    ChannelParted,
    /// `no_such_post`
    #[error("there is no such post in this channel")]
    NoSuchPost,
    /// `publisher_restored`
    #[error(
        "this device was put back to an earlier day, and may not sign for this channel any more"
    )]
    PublisherRestored,
    /// `no_offer`
    #[error("this member has not offered to publish in this channel; ask them to")]
    NoOffer,
    /// `threshold`
    #[error("more than half of the publishers must sign, and no more than all")]
    Threshold,
    /// `already_signed`
    #[error("another post was signed in this place, or somebody else has the turn; wait")]
    AlreadySigned,
    /// `epoch_keys_missing`
    #[error("the keys of the next epoch have not come yet; wait until another publisher was met")]
    EpochKeysMissing,
    /// `text_too_long`
    #[error("this does not fit in one post; shorten it")]
    PostTooLong,
    /// `link_malformed`
    #[error("this is not a link to a channel, or a part of it is missing; copy all of it")]
    LinkMalformed,
    /// `link_other_version`
    #[error("this link was made by another version of Vigil; update Vigil")]
    LinkOtherVersion,
    /// `link_guarded`
    #[error("this link is guarded by a passphrase; ask whoever gave it to you")]
    LinkGuarded,
    /// `link_too_costly`
    #[error("opening this link would take too much memory or time; ask for another one")]
    LinkTooCostly,
    /// `unreachable`
    #[error("nobody could be reached; check the network and try again")]
    Unreachable,
    /// `too_many`
    #[error("there are too many of these already; finish or withdraw some first")]
    TooMany,
    /// `invalid_params`
    #[error("a value is outside what is allowed")]
    InvalidParams,
    /// `internal`
    #[error("something went wrong inside; nothing was changed")]
    Internal,
}

impl ErrorKind {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoSuchCell => "no_such_cell",
            Self::CellDamaged => "cell_damaged",
            Self::NoSuchMessage => "no_such_message",
            Self::NoSuchCall => "no_such_call",
            Self::CallExpired => "call_expired",
            Self::CallCancelled => "call_cancelled",
            Self::NoSuchRole => "no_such_role",
            Self::RoleFull => "role_full",
            Self::NoSuchItem => "no_such_item",
            Self::NotExpected => "not_expected",
            Self::NoSuchInvite => "no_such_invite",
            Self::NoSuchJoin => "no_such_join",
            Self::NotAMember => "not_a_member",
            Self::NotAFullMember => "not_a_full_member",
            Self::NotTheAuthor => "not_the_author",
            Self::AlreadyVoted => "already_voted",
            Self::TooSmallToRemove => "too_small_to_remove",
            Self::InviteMalformed => "invite_malformed",
            Self::InviteExpired => "invite_expired",
            Self::AlreadyJoined => "already_joined",
            Self::NameConfusable => "name_confusable",
            Self::CellFull => "cell_full",
            Self::BundleDamaged => "bundle_damaged",
            Self::BundleForeign => "bundle_foreign",
            Self::AttachmentTooLarge => "attachment_too_large",
            Self::NoSuchChannel => "no_such_channel",
            Self::ChannelDamaged => "channel_damaged",
            Self::NotAPublisher => "not_a_publisher",
            Self::ChannelParted => "channel_parted",
            Self::NoSuchPost => "no_such_post",
            Self::PublisherRestored => "publisher_restored",
            Self::NoOffer => "no_offer",
            Self::Threshold => "threshold",
            Self::AlreadySigned => "already_signed",
            Self::EpochKeysMissing => "epoch_keys_missing",
            Self::PostTooLong => "text_too_long",
            Self::LinkMalformed => "link_malformed",
            Self::LinkOtherVersion => "link_other_version",
            Self::LinkGuarded => "link_guarded",
            Self::LinkTooCostly => "link_too_costly",
            Self::Unreachable => "unreachable",
            Self::TooMany => "too_many",
            Self::InvalidParams => "invalid_params",
            Self::Internal => "internal",
        }
    }
}

impl From<channel::LinkError> for ErrorKind {
    fn from(error: channel::LinkError) -> Self {
        use channel::LinkError;
        match error {
            LinkError::Malformed | LinkError::WrongPassphrase => Self::LinkMalformed,
            LinkError::OtherVersion => Self::LinkOtherVersion,
            LinkError::NeedsPassphrase => Self::LinkGuarded,
            LinkError::TooCostly => Self::LinkTooCostly,
        }
    }
}
