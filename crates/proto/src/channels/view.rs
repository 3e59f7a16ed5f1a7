//! What there is to see of channels.

use std::fmt;

use action::Call;
use channel::{CallRef, ChannelId, ChannelName, Content, PostDay, PostId, PostRecord};
use model::{Address, CellId, MemberId, MessageText, PeerId, Timestamp};

use crate::view::DamagedRecord;

/// How far we are with a channel.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum ChannelState {
    /// There is a link, and nobody has given us the charters yet.
    Waiting,
    /// It can be read.
    Reading,
    /// What is stored of it cannot be read.
    Damaged,
}

impl ChannelState {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reading => "reading",
            Self::Damaged => "damaged",
        }
    }
}

/// One channel in the list of channels.
#[derive(Clone, Debug)]
pub struct ChannelSummary {
    /// Its id.
    pub channel: ChannelId,
    /// What it is called; none before its charters are here.
    pub name: Option<ChannelName>,
    /// Whether another channel here has a name that looks the same.
    pub confusable: bool,
    /// How far we are.
    pub state: ChannelState,
    /// Whether this device publishes in it.
    pub publisher: bool,
    /// Whether this device may sign: a reader has shown since the start how far the channel goes.
    pub confirmed: bool,
    /// Whether this device was put back to an earlier day and may not sign any more.
    pub restored: bool,
    /// What we wrote and could not sign yet.
    pub unsigned: usize,
    /// Drafts of others that wait for this person.
    pub to_sign: usize,
    /// Posts that the person has not seen.
    pub unread: usize,
    /// Posts that are missing between those that are here.
    pub gaps: u64,
    /// The first moment of the last day of which there is a post, if the next one is overdue.
    pub silent_since: Option<Timestamp>,
    /// From which post on nothing stands: its publishers said two things there.
    pub parted: Option<u64>,
    /// How many publish in it, and how many of them must sign.
    pub publishers: u8,
    /// See [`Self::publishers`].
    pub threshold: u8,
    /// Readers that we are connected to.
    pub peers: usize,
}

impl ChannelSummary {
    /// A row of which nothing is known.
    pub(super) const fn empty(state: ChannelState) -> Self {
        Self {
            channel: ChannelId::from_bytes([0; 32]),
            name: None,
            confusable: false,
            state,
            publisher: false,
            confirmed: false,
            restored: false,
            unsigned: 0,
            to_sign: 0,
            unread: 0,
            gaps: 0,
            silent_since: None,
            parted: None,
            publishers: 0,
            threshold: 0,
            peers: 0,
        }
    }
}

/// The network side of one channel.
#[derive(Clone, Debug)]
pub struct ChannelNet {
    /// Which channel.
    pub channel: ChannelId,
    /// Our own peer id in it.
    pub peer: PeerId,
    /// Where our open ports can be reached, that of the newest epoch first.
    pub listen: Vec<Address>,
    /// How many readers we are connected to. Nobody knows who they are.
    pub connected: usize,
}

/// A publisher of a channel, or somebody who offers to be one.
#[derive(Clone, Debug)]
pub struct PublisherSummary {
    /// Their key for this channel.
    pub publisher: [u8; 32],
    /// Which member of the publishers' cell said that it is theirs.
    pub member: Option<MemberId>,
    /// Whether it is ours.
    pub ours: bool,
}

/// Who publishes in a channel.
#[derive(Clone, Debug, Default)]
pub struct PublishersView {
    /// The cell in which they speak, as far as this device knows.
    pub cell: Option<CellId>,
    /// How many must sign.
    pub threshold: u8,
    /// Those of the present charter, in its order.
    pub publishers: Vec<PublisherSummary>,
    /// Members who have offered a key, and in which cell.
    pub offers: Vec<(CellId, PublisherSummary)>,
}

/// What a charter that waits would change.
#[derive(Clone, Debug)]
pub struct CharterChange {
    /// Who would publish from then on.
    pub added: Vec<PublisherSummary>,
    /// Who would not.
    pub removed: Vec<PublisherSummary>,
    /// How many there would be.
    pub publishers: u8,
    /// How many would have to sign.
    pub threshold: u8,
}

/// A draft that waits for signatures.
#[derive(Clone, Debug)]
pub struct DraftSummary {
    /// Its name.
    pub post: PostId,
    /// Who wrote it.
    pub author: PublisherSummary,
    /// What it says.
    pub content: Content,
    /// What would change, if it is a charter.
    pub change: Option<CharterChange>,
    /// How many others have to sign it.
    pub needs: u8,
    /// Whether this device has signed it.
    pub signed: bool,
    /// Whether this device may sign it now.
    pub may_sign: bool,
    /// Whether it was written here.
    pub ours: bool,
}

/// A stretch of a channel, oldest first.
#[derive(Clone, Debug)]
pub struct PostPage {
    /// The posts.
    pub posts: Vec<PostSummary>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A post without its content, which is a record.
#[derive(Clone, Copy, Debug)]
pub struct PostSummary {
    /// Its name.
    pub post: PostId,
    /// Where it stands.
    pub seq: u64,
    /// The first moment of its day.
    pub day: Timestamp,
    /// The kind of its content.
    pub kind: &'static str,
    /// Whether it stands: its publishers did not contradict themselves here or before.
    pub stands: bool,
    /// How many posts are missing right before it.
    pub missing_before: u64,
    /// Of a call: by the name of its first version, and in which place it was called off.
    pub call: Option<(CallRef, Option<u64>)>,
    /// Whether a newer version of its call is here.
    pub replaced: bool,
}

/// What a post says.
#[derive(Clone)]
pub enum PostBody {
    /// Words.
    Text(MessageText),
    /// A call, or another version of one.
    Call(Box<Call>),
    /// A call is off.
    Cancelled(CallRef, Option<MessageText>),
    /// Nothing for a person: it is about the channel itself, cannot be read, or is over.
    Nothing,
}

impl fmt::Debug for PostBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Call(_) => "Call",
            Self::Cancelled(..) => "Cancelled",
            Self::Nothing => "Nothing",
        })
    }
}

/// Reads the record of a post.
pub(crate) fn body(record: &[u8]) -> Result<PostBody, DamagedRecord> {
    let record = PostRecord::parse(record).map_err(|_| DamagedRecord)?;
    Ok(match record.content() {
        Some(Content::Text(text)) => PostBody::Text(text),
        Some(Content::Call { call, .. } | Content::Version { call, .. }) => PostBody::Call(call),
        Some(Content::Cancel { call, reason }) => PostBody::Cancelled(call, reason),
        Some(
            Content::Fresh | Content::Charter(_) | Content::Closed { .. } | Content::Checkpoint(_),
        )
        | None => PostBody::Nothing,
    })
}

/// Whether a post of this kind is something that a person reads.
pub(super) fn is_read(kind: &str) -> bool {
    ["text", "call", "version", "cancel"].contains(&kind)
}

/// The first moment of a day.
pub(super) const fn moment(day: PostDay) -> Timestamp {
    day.start()
}
