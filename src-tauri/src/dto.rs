//! What the page is given and gives: the views of `client` as plain records, from which the page's types are generated.

use client::MissedStage;
use model::{
    Address, CallId, CellId, DisplayName, JoinId, MemberId, MessageId, Suite as ModelSuite,
};
use serde::{Deserialize, Serialize};
use specta::Type;

mod attachments;
mod call;
mod calls;
mod channels;
mod ids;
mod messages;
mod settings;

pub(crate) use attachments::{Attachment, Picked, Picture, SentAttachment};
pub(crate) use call::Call;
pub(crate) use calls::{CallAnswer, CallPaper, CellCall, Presumption, Preview};
pub(crate) use channels::{
    ChannelPosts, ChannelRow, NewChannel, PendingPost, Publishers, Rekeyed, channel, key, post,
};
use channels::{changed, drafted, posted};
pub(crate) use ids::{call, cell, invite, join, member, message};
pub(crate) use messages::{At, Hit, Message, Page, Reader};
pub(crate) use settings::{Language, Settings};

/// Whether there is a profile, and whether it is open.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ProfileState {
    None,
    Locked,
    Open,
}

impl From<client::ProfileState> for ProfileState {
    fn from(state: client::ProfileState) -> Self {
        match state {
            client::ProfileState::None => Self::None,
            client::ProfileState::Locked => Self::Locked,
            client::ProfileState::Open => Self::Open,
        }
    }
}

/// How hard a chosen passphrase is to guess.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Strength {
    /// From 0, guessed at once, to 4.
    pub(crate) score: u8,
    /// Whether a profile may be protected with it.
    pub(crate) acceptable: bool,
}

/// What this program is and what protects it here.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    pub(crate) version: &'static str,
    /// Whether the process that draws the page has no network and no files of its own.
    pub(crate) sandboxed: bool,
    /// Whether the page's scripts may become machine code.
    pub(crate) jit: bool,
    /// Swap is on and not encrypted: what is shown may be written to the disk.
    pub(crate) plain_swap: bool,
    pub(crate) profile_folder: String,
}

/// The algorithms of a cell.
#[derive(Clone, Copy, Deserialize, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Suite {
    XWing,
    X25519,
}

impl From<ModelSuite> for Suite {
    fn from(suite: ModelSuite) -> Self {
        match suite {
            ModelSuite::XWing => Self::XWing,
            ModelSuite::X25519 => Self::X25519,
        }
    }
}

impl From<Suite> for ModelSuite {
    fn from(suite: Suite) -> Self {
        match suite {
            Suite::XWing => Self::XWing,
            Suite::X25519 => Self::X25519,
        }
    }
}

/// How somebody stands in a cell.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum MemberState {
    Member,
    Suspended,
    Removed,
    Left,
    /// Only of a cell: what is stored of it cannot be read.
    Damaged,
}

impl From<client::MemberState> for MemberState {
    fn from(state: client::MemberState) -> Self {
        match state {
            client::MemberState::Member => Self::Member,
            client::MemberState::Suspended => Self::Suspended,
            client::MemberState::Removed => Self::Removed,
            client::MemberState::Left => Self::Left,
            client::MemberState::Damaged => Self::Damaged,
        }
    }
}

/// One cell in the list.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cell {
    pub(crate) cell: String,
    pub(crate) name: String,
    /// What we are called in it.
    pub(crate) display_name: String,
    pub(crate) members: u32,
    /// Other members that we are connected to now.
    pub(crate) reachable: u32,
    pub(crate) unread: u32,
    pub(crate) state: MemberState,
    pub(crate) suite: Suite,
    /// How long messages last, in seconds; 0 if for ever.
    pub(crate) lifetime_s: u32,
    pub(crate) lan: bool,
    /// The newest message.
    pub(crate) last: Option<Message>,
}

impl From<client::Cell> for Cell {
    fn from(cell: client::Cell) -> Self {
        Self {
            cell: cell.cell.to_hex(),
            name: cell.name.expose().to_owned(),
            display_name: cell.display_name.expose().to_owned(),
            members: count(cell.members),
            reachable: count(cell.reachable),
            unread: count(cell.unread),
            state: cell.state.into(),
            suite: cell.suite.into(),
            lifetime_s: cell.lifetime_s,
            lan: cell.lan,
            last: cell.last.map(Into::into),
        }
    }
}

/// How far a removal is.
#[derive(Serialize, Type)]
pub(crate) struct Removal {
    votes: u8,
    needed: u8,
    /// Remaining members who are known to speak without the removed one.
    applied: u16,
    of: u16,
}

/// One member.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    member: String,
    name: String,
    is_self: bool,
    full: bool,
    verified: bool,
    reachable: bool,
    silent_days: u32,
    state: MemberState,
    introduced_by: Option<String>,
    compared: Option<bool>,
    removal: Option<Removal>,
}

impl From<client::MemberSummary> for Member {
    fn from(member: client::MemberSummary) -> Self {
        Self {
            member: member.member.to_hex(),
            name: member.name.expose().to_owned(),
            is_self: member.is_self,
            full: member.full,
            verified: member.verified,
            reachable: member.reachable,
            silent_days: member.silent_days,
            state: member.state.into(),
            introduced_by: member.introduced_by.map(|inviter| inviter.to_hex()),
            compared: member.compared,
            removal: member.removal.map(|removal| Removal {
                votes: removal.votes,
                needed: removal.needed,
                applied: removal.applied,
                of: removal.of,
            }),
        }
    }
}

/// How many votes there are for a removal, and how many it takes.
#[derive(Serialize, Type)]
pub(crate) struct Votes {
    pub(crate) votes: u8,
    pub(crate) needed: u8,
}

/// Whether an invite can be used.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum InviteState {
    Open,
    Used,
    Expired,
    Withdrawn,
}

/// One invite that we made.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invite {
    invite: String,
    /// RFC 3339, UTC.
    expires_at: String,
    state: InviteState,
}

impl From<client::InviteSummary> for Invite {
    fn from(invite: client::InviteSummary) -> Self {
        Self {
            invite: invite.invite.to_hex(),
            expires_at: client::rfc3339(invite.expires_at),
            state: match invite.state {
                client::InviteState::Open => InviteState::Open,
                client::InviteState::Used => InviteState::Used,
                client::InviteState::Expired => InviteState::Expired,
                client::InviteState::Withdrawn => InviteState::Withdrawn,
            },
        }
    }
}

/// A new invite, with the link to hand over.
#[derive(Serialize, Type)]
pub(crate) struct NewInvite {
    pub(crate) invite: String,
    pub(crate) link: String,
}

/// A safety number in the forms that people compare.
#[derive(Serialize, Type)]
pub(crate) struct SafetyNumber {
    digits: String,
    words: String,
}

impl From<client::SafetyNumber> for SafetyNumber {
    fn from(number: client::SafetyNumber) -> Self {
        let client::SafetyNumber { digits, words } = number;
        Self { digits, words }
    }
}

/// The network side of one cell.
#[derive(Serialize, Type)]
pub(crate) struct CellNet {
    cell: String,
    peer: String,
    /// Where our open ports can be reached.
    listen: Vec<String>,
    /// Members that we are connected to.
    connected: Vec<String>,
}

impl From<client::NetSummary> for CellNet {
    fn from(net: client::NetSummary) -> Self {
        Self {
            cell: net.cell.to_hex(),
            peer: net.peer.to_hex(),
            listen: addresses(&net.listen),
            connected: net.connected.iter().map(MemberId::to_hex).collect(),
        }
    }
}

/// The network side of one channel.
#[derive(Serialize, Type)]
pub(crate) struct ChannelNet {
    channel: String,
    peer: String,
    /// Where our open ports can be reached.
    listen: Vec<String>,
    /// How many readers we are connected to.
    connected: u32,
}

impl From<client::ChannelNet> for ChannelNet {
    fn from(net: client::ChannelNet) -> Self {
        Self {
            channel: net.channel.to_hex(),
            peer: net.peer.to_hex(),
            listen: addresses(&net.listen),
            connected: u32::try_from(net.connected).unwrap_or(u32::MAX),
        }
    }
}

fn addresses(addresses: &[Address]) -> Vec<String> {
    let addresses = addresses.iter();
    addresses.map(|at| at.expose().to_owned()).collect()
}

/// The network side of everything.
#[derive(Serialize, Type)]
pub(crate) struct NetStatus {
    online: bool,
    cells: Vec<CellNet>,
    channels: Vec<ChannelNet>,
}

impl From<client::NetStatus> for NetStatus {
    fn from(net: client::NetStatus) -> Self {
        Self {
            online: net.online,
            cells: net.cells.into_iter().map(CellNet::from).collect(),
            channels: net.channels.into_iter().map(ChannelNet::from).collect(),
        }
    }
}

/// What came out of a bundle.
#[derive(Serialize, Type)]
pub(crate) struct BundleImport {
    /// The cell that it was of; null if it was of a channel.
    pub(crate) cell: Option<String>,
    /// The channel that it was of; null if it was of a cell.
    pub(crate) channel: Option<String>,
    /// How many envelopes or posts were new.
    pub(crate) envelopes: u32,
}

impl From<client::Imported> for BundleImport {
    fn from(imported: client::Imported) -> Self {
        let (cell, channel) = match imported.into {
            client::BundleOf::Cell(cell) => (Some(cell.to_hex()), None),
            client::BundleOf::Channel(channel) => (None, Some(channel.to_hex())),
        };
        Self {
            cell,
            channel,
            envelopes: imported.new,
        }
    }
}

/// Something happened. The names are those of the scripting interface.
#[derive(Clone, Deserialize, Serialize, Type, tauri_specta::Event)]
#[serde(tag = "type")]
pub(crate) enum Notice {
    #[serde(rename = "channel.post_received")]
    PostReceived { channel: String, post: String },
    #[serde(rename = "channel.draft_received")]
    DraftReceived { channel: String, post: String },
    #[serde(rename = "channel.changed")]
    ChannelChanged { channel: String },
    #[serde(rename = "message.received")]
    MessageReceived { cell: String, message: String },
    #[serde(rename = "message.changed")]
    MessageChanged { cell: String, message: String },
    #[serde(rename = "message.delivered")]
    MessageDelivered {
        cell: String,
        message: String,
        have: u16,
        of: u16,
    },
    #[serde(rename = "attachment.progress")]
    AttachmentProgress {
        cell: String,
        attachment: String,
        have: u32,
        of: u32,
    },
    #[serde(rename = "call.received")]
    CallReceived { cell: String, call: String },
    #[serde(rename = "call.changed")]
    CallChanged { cell: String, call: String },
    #[serde(rename = "call.erased")]
    CallErased { cell: String, call: String },
    #[serde(rename = "call.missed_check_in")]
    MissedCheckIn {
        cell: String,
        call: String,
        member: String,
        stage: String,
    },
    #[serde(rename = "cell.synced")]
    CellSynced { cell: String },
    #[serde(rename = "cell.removed_us")]
    CellRemovedUs { cell: String },
    #[serde(rename = "cell.member_joined")]
    MemberJoined { cell: String, member: String },
    #[serde(rename = "cell.member_removed")]
    MemberRemoved { cell: String, member: String },
    #[serde(rename = "cell.warning")]
    Warning { cell: String, kind: String },
    #[serde(rename = "peer.connected")]
    PeerConnected { cell: String, member: String },
    #[serde(rename = "peer.disconnected")]
    PeerDisconnected { cell: String, member: String },
    #[serde(rename = "join.requested")]
    JoinRequested {
        cell: String,
        request: String,
        name: String,
        phrase: String,
    },
    #[serde(rename = "join.phrase")]
    JoinPhrase { request: String, phrase: String },
    #[serde(rename = "cell.joined")]
    CellJoined { cell: String, request: String },
    #[serde(rename = "join.failed")]
    JoinFailed { request: String, kind: String },
    /// Notices were lost: read every list again.
    #[serde(rename = "events.missed")]
    Missed,
    /// The profile was locked: forget everything that is shown.
    #[serde(rename = "profile.locked")]
    Locked,
}

impl From<client::Notice> for Notice {
    fn from(notice: client::Notice) -> Self {
        use client::Notice as From;

        match notice {
            From::MessageReceived(c, m) => at(c, m, |cell, message| Self::MessageReceived {
                cell,
                message,
            }),
            From::MessageChanged(c, m) => {
                at(c, m, |cell, message| Self::MessageChanged { cell, message })
            }
            From::MessageDelivered {
                cell,
                message,
                have,
                of,
            } => delivered(cell, message, (have, of)),
            From::AttachmentProgress {
                cell,
                message,
                have,
                of,
            } => progress(cell, message, (have, of)),
            From::CallReceived(c, k) => on(c, k, |cell, call| Self::CallReceived { cell, call }),
            From::CallChanged(c, k) => on(c, k, |cell, call| Self::CallChanged { cell, call }),
            From::CallErased(c, k) => on(c, k, |cell, call| Self::CallErased { cell, call }),
            From::MissedCheckIn {
                cell,
                call,
                member,
                stage,
            } => missed(cell, call, member, stage),
            From::PostReceived(channel, post) => posted(&channel, &post),
            From::DraftReceived(channel, post) => drafted(&channel, &post),
            From::ChannelChanged(channel) => changed(&channel),
            From::CellSynced(cell) => Self::CellSynced {
                cell: cell.to_hex(),
            },
            From::RemovedFromCell(cell) => Self::CellRemovedUs {
                cell: cell.to_hex(),
            },
            From::MemberJoined(c, m) => {
                of(c, m, |cell, member| Self::MemberJoined { cell, member })
            }
            From::MemberRemoved(c, m) => {
                of(c, m, |cell, member| Self::MemberRemoved { cell, member })
            }
            From::MemberConnected(c, m) => {
                of(c, m, |cell, member| Self::PeerConnected { cell, member })
            }
            From::MemberDisconnected(c, m) => {
                of(c, m, |cell, member| Self::PeerDisconnected { cell, member })
            }
            From::Warning(cell, kind) => warned(cell, kind),
            From::JoinRequested {
                cell,
                join,
                name,
                phrase,
            } => knock(cell, join, &name, phrase),
            From::JoinPhrase(join, phrase) => Self::JoinPhrase {
                request: join.to_hex(),
                phrase,
            },
            From::CellJoined(cell, join) => entered(cell, join),
            From::JoinFailed(join, why) => Self::JoinFailed {
                request: join.to_hex(),
                kind: why.name().to_owned(),
            },
        }
    }
}

fn delivered(cell: CellId, message: MessageId, (have, of): (u16, u16)) -> Notice {
    let (cell, message) = (cell.to_hex(), message.to_hex());
    Notice::MessageDelivered {
        cell,
        message,
        have,
        of,
    }
}

fn progress(cell: CellId, message: MessageId, (have, of): (u32, u32)) -> Notice {
    Notice::AttachmentProgress {
        cell: cell.to_hex(),
        attachment: message.to_hex(),
        have,
        of,
    }
}

fn warned(cell: CellId, kind: client::WarningKind) -> Notice {
    Notice::Warning {
        cell: cell.to_hex(),
        kind: kind.name().to_owned(),
    }
}

fn knock(cell: CellId, join: JoinId, name: &DisplayName, phrase: String) -> Notice {
    Notice::JoinRequested {
        cell: cell.to_hex(),
        request: join.to_hex(),
        name: name.expose().to_owned(),
        phrase,
    }
}

/// A notice about a call in a cell.
fn on(cell: CellId, call: CallId, make: fn(String, String) -> Notice) -> Notice {
    make(cell.to_hex(), call.to_hex())
}

fn missed(cell: CellId, call: CallId, member: MemberId, stage: MissedStage) -> Notice {
    Notice::MissedCheckIn {
        cell: cell.to_hex(),
        call: call.to_hex(),
        member: member.to_hex(),
        stage: stage.name().to_owned(),
    }
}

/// A notice about a member of a cell.
fn of(cell: CellId, member: MemberId, make: fn(String, String) -> Notice) -> Notice {
    make(cell.to_hex(), member.to_hex())
}

/// We are in.
fn entered(cell: CellId, join: model::JoinId) -> Notice {
    let (cell, request) = (cell.to_hex(), join.to_hex());
    Notice::CellJoined { cell, request }
}

/// A notice about a message in a cell.
fn at(cell: CellId, message: MessageId, make: fn(String, String) -> Notice) -> Notice {
    make(cell.to_hex(), message.to_hex())
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
