//! What the person may look at: snapshots of the node's state, taken on demand. Nothing here changes anything.

use channel::{ChannelId, ChannelName, Checks, Forward, PostId};
use std::fmt;

use model::{
    Address, CellId, CellName, DisplayName, Emoji, FileName, InviteId, MemberId, MessageId,
    MessageText, PeerId, Suite, Timestamp,
};
use zeroize::Zeroizing;

use crate::attachment::Attachment;

use crate::channels::view::ChannelNet;
use crate::event::WarningKind;

/// One cell in the list of cells.
#[derive(Clone, Debug)]
pub struct CellSummary {
    /// Its id.
    pub cell: CellId,
    /// What we call it.
    pub name: CellName,
    /// What we are called in it.
    pub display_name: DisplayName,
    /// Current members, ourselves included.
    pub members: usize,
    /// Other current members we are connected to.
    pub reachable: usize,
    /// Messages of others after the last one marked as read.
    pub unread: usize,
    /// Whether we are in it: `Member`, or how we ceased to be.
    pub state: MemberState,
    /// Its suite.
    pub suite: Suite,
    /// How long messages last, in seconds; 0 if for ever.
    pub lifetime_s: u32,
    /// Whether the LAN beacon is on.
    pub lan: bool,
    /// The last message of the one display order.
    pub last: Option<MessageRef>,
}

/// Which stretch of a conversation to show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum At {
    /// What stands right before a message.
    Before(MessageId),
    /// What stands right after a message.
    After(MessageId),
    /// A message in the middle of what is around it.
    Around(MessageId),
    /// The end.
    Newest,
    /// The first unread message in the middle of what is around it, or the end if everything is read.
    FirstUnread,
}

/// A stretch of a conversation, oldest first.
#[derive(Clone, Debug)]
pub struct MessagePage {
    /// The messages.
    pub messages: Vec<MessageRef>,
    /// Whether there are others before them.
    pub more_before: bool,
    /// Whether there are others after them.
    pub more_after: bool,
}

/// Somebody who could read a message, or should be able to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reader {
    /// Who.
    pub member: MemberId,
    /// Whether they are known to have it.
    pub has: bool,
}

/// How somebody stands in a cell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MemberState {
    /// In it.
    Member,
    /// Proven to have signed two different things in one place; in no send group.
    Suspended,
    /// Removed by vote.
    Removed,
    /// Left.
    Left,
    /// Only of a cell: its records cannot be read.
    Damaged,
}

impl MemberState {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Suspended => "suspended",
            Self::Removed => "removed",
            Self::Left => "left",
            Self::Damaged => "damaged",
        }
    }
}

/// One member.
#[derive(Clone, Debug)]
pub struct MemberSummary {
    /// Who.
    pub member: MemberId,
    /// What they are called.
    pub name: DisplayName,
    /// Whether it is us.
    pub is_self: bool,
    /// Whether they may vote, add and vouch.
    pub full: bool,
    /// Whether we compared the safety number.
    pub verified: bool,
    /// Whether we are connected now.
    pub reachable: bool,
    /// Days since their acks last moved, if we ever saw one.
    pub silent_days: u32,
    /// How they stand.
    pub state: MemberState,
    /// Whether they came back with a restored device that no full member has confirmed yet.
    pub unconfirmed: bool,
    /// Who added them; nobody added the founder.
    pub introduced_by: Option<MemberId>,
    /// Whether the inviter compared the phrase.
    pub compared: Option<bool>,
    /// Votes against them, if there are any.
    pub removal: Option<RemovalSummary>,
}

/// How far a removal is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RemovalSummary {
    /// Votes that count.
    pub votes: u8,
    /// Votes that it takes.
    pub needed: u8,
    /// Remaining members whose send group is known to be without the removed one.
    pub applied: u16,
    /// Remaining members.
    pub of: u16,
}

/// Something that the person was warned of and has not dismissed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WarningSummary {
    /// What.
    pub kind: WarningKind,
    /// When it was last told, cut to the minute.
    pub at: Timestamp,
}

/// One invite that we made.
#[derive(Clone, Copy, Debug)]
pub struct InviteSummary {
    /// Its id.
    pub invite: InviteId,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// Whether it can be used.
    pub state: InviteState,
}

/// Whether an invite can be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InviteState {
    /// Somebody may use it.
    Open,
    /// Somebody has used it, or tried and failed.
    Used,
    /// Its time has passed.
    Expired,
    /// We took it back.
    Withdrawn,
}

impl InviteState {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Where a message stands in the one display order, and who has it. The text is in the store, under
/// `Node::message_key`.
#[derive(Clone, Debug)]
pub struct MessageRef {
    /// Which message.
    pub message: MessageId,
    /// Who wrote it.
    pub author: MemberId,
    /// How far it got.
    pub delivery: Delivery,
    /// Members who could open it when it was sent, its author included; 0 while it waits.
    pub audience: u16,
    /// Whether somebody else wrote it and the person has not read it.
    pub unread: bool,
    /// How members reacted to it.
    pub reactions: Vec<Reaction>,
    /// How much of its attachment is here; what it is, is in the store under `Node::attachment_key`.
    pub attachment: Option<AttachmentSummary>,
}

/// How much of an attachment is on this device.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AttachmentSummary {
    /// Whether it is here, or on its way.
    pub state: AttachmentState,
    /// Pieces that are here.
    pub have: u32,
    /// Pieces in all.
    pub of: u32,
}

/// Whether an attachment is here, or on its way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AttachmentState {
    /// All of it is here.
    Here,
    /// A member is giving it to us.
    Coming,
    /// Nobody who has it can be reached. It goes on by itself.
    Waiting,
    /// Nobody has asked for it on this device.
    Offered,
}

impl AttachmentState {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Coming => "coming",
            Self::Waiting => "waiting",
            Self::Offered => "offered",
        }
    }
}

/// What an attachment is, as its author says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct About {
    /// What it is called.
    pub name: FileName,
    /// What sort of thing it is.
    pub media: Media,
    /// How long it is, in bytes.
    pub size: u64,
}

/// What sort of thing an attachment is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Media {
    /// Anything.
    File,
    /// A picture that was written anew before it was sent.
    Image {
        /// How wide it is.
        width: u32,
        /// How high it is.
        height: u32,
    },
}

/// What is stored of an attachment: enough to open its pieces.
#[derive(Clone)]
pub struct AttachmentBody(pub(crate) Attachment);

impl AttachmentBody {
    /// What it is.
    pub const fn about(&self) -> &About {
        &self.0.about
    }

    /// How many pieces it has.
    pub fn pieces(&self) -> u32 {
        u32::try_from(self.0.hashes.len()).unwrap_or(u32::MAX)
    }

    /// The bytes of the file that are in a piece, stored under `Node::piece_key`; none if its author made it wrongly.
    pub fn open(
        &self,
        message: &MessageId,
        index: u32,
        piece: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        self.0.open(message, index, piece)
    }
}

impl fmt::Debug for AttachmentBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttachmentBody({} pieces)", self.pieces())
    }
}

/// One emoji under a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: Emoji,
    /// Who reacted with it, in the order in which they did.
    pub members: Vec<MemberId>,
}

/// How far a message got: `have` of `of` members other than its author.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// Members other than the author known to have it.
    pub have: u16,
    /// Members other than the author who should have it.
    pub of: u16,
}

/// A message as it was opened or written.
#[derive(Clone)]
pub struct MessageBody {
    /// Who wrote it.
    pub author: MemberId,
    /// What they wrote; none if it is only an attachment, and once they deleted it for everybody.
    pub text: Option<MessageText>,
    /// Whether they deleted it for everybody.
    pub deleted: bool,
    /// The message it answers.
    pub reply_to: Option<MessageId>,
    /// When the author says they wrote it.
    pub sent_at: Timestamp,
    /// When the author says they changed it last.
    pub edited_at: Option<Timestamp>,
    /// Of a text that a channel has posted: where. Its signatures were checked.
    pub forwarded: Option<PostOrigin>,
}

/// Where a text was posted.
#[derive(Clone, Debug)]
pub struct PostOrigin {
    /// In which channel.
    pub channel: ChannelId,
    /// What the channel was called then. Another channel can be called the same.
    pub name: ChannelName,
    /// Which post.
    pub post: PostId,
    /// The first moment of its day.
    pub day: Timestamp,
}

impl PostOrigin {
    /// Out of what proves it; none if that does not hold.
    pub(crate) fn read(proof: &[u8]) -> Option<Self> {
        let post = Forward::check(proof, &mut Checks::default()).ok()?;
        Some(Self {
            channel: post.channel,
            name: post.name,
            post: post.id,
            day: post.place.day.start(),
        })
    }
}

impl fmt::Debug for MessageBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageBody({:?})", self.text)
    }
}

/// A record cannot have been written by us.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a stored record is damaged")]
pub struct DamagedRecord;

/// The network side of everything.
#[derive(Clone, Debug)]
pub struct NetStatus {
    /// Whether there is any: offline no port is open.
    pub online: bool,
    /// Every cell.
    pub cells: Vec<NetSummary>,
    /// Every channel.
    pub channels: Vec<ChannelNet>,
}

/// The network side of one cell.
#[derive(Clone, Debug)]
pub struct NetSummary {
    /// Which cell.
    pub cell: CellId,
    /// Our own peer id in it.
    pub peer: PeerId,
    /// Where our open ports can be reached: the members' door first, then the old one and those of invites.
    pub listen: Vec<Address>,
    /// Members we are connected to.
    pub connected: Vec<MemberId>,
}

/// A safety number in the forms that people compare.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SafetyNumber {
    /// Twelve groups of five digits.
    pub digits: String,
    /// The same as words.
    pub words: String,
}

/// Checks text that came from somebody else as strictly as text that we write.
pub(crate) fn parse_text(bytes: &[u8]) -> Option<MessageText> {
    MessageText::parse(String::from_utf8(bytes.to_vec()).ok()?).ok()
}
