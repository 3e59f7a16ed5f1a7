//! Channels and their posts, as the page shows them.

use client::{ChannelId, ChannelState, PostId};
use serde::Serialize;
use specta::Type;

use super::{Call, Notice};
use crate::error::CommandError;

/// How far we are with a channel.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ChannelProgress {
    /// Nobody has told us yet what it is called and who publishes.
    Waiting,
    Reading,
    Damaged,
}

/// A channel.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChannelRow {
    channel: String,
    /// Null until somebody has told us.
    name: Option<String>,
    /// Whether another channel here has a name that looks the same.
    confusable: bool,
    state: ChannelProgress,
    /// Whether this device publishes in it.
    publisher: bool,
    /// Whether this device was put back to an earlier day, and may not sign any more.
    restored: bool,
    /// Posts of ours that wait until a reader has shown how far the channel goes, or for other publishers.
    unsigned: u32,
    /// Drafts of other publishers that wait for this person.
    to_sign: u32,
    publishers: u8,
    /// How many publishers sign each post.
    threshold: u8,
    unread: u32,
    /// Posts that are known to be missing.
    missing: u32,
    /// The day of the newest post, if the next one is overdue.
    silent_since: Option<String>,
    /// Whether its publishers said two things in one place.
    parted: bool,
    /// Readers that are connected.
    peers: u32,
}

/// A channel that was just founded.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewChannel {
    pub(crate) channel: String,
    pub(crate) link: String,
}

/// Where the text of a message was posted.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostOrigin {
    channel: String,
    name: String,
    post: String,
    posted_on: String,
}

impl From<&client::PostOrigin> for PostOrigin {
    fn from(origin: &client::PostOrigin) -> Self {
        Self {
            channel: origin.channel.to_hex(),
            name: origin.name.expose().to_owned(),
            post: origin.post.to_hex(),
            posted_on: client::day(origin.day).to_string(),
        }
    }
}

/// A post, as far as it is shown.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChannelPost {
    post: String,
    seq: u32,
    /// What it is: `text`, `call`, `version`, `cancel`, `over`, `unreadable`, or something about the channel itself.
    kind: String,
    text: Option<String>,
    call: Option<Call>,
    /// Why the call was called off.
    cancelled: Option<String>,
    /// Whether a newer version of its call is here.
    replaced: bool,
    posted_on: String,
    /// Whether posts before it are missing.
    after: bool,
    /// Whether it stands: its publishers did not contradict themselves here or before.
    stands: bool,
}

/// A stretch of a channel, newest first.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChannelPosts {
    posts: Vec<ChannelPost>,
    more: bool,
}

impl From<&client::ChannelRow> for ChannelRow {
    fn from(row: &client::ChannelRow) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            channel: row.channel.to_hex(),
            name: row.name.as_ref().map(|name| name.expose().to_owned()),
            confusable: row.confusable,
            state: match row.state {
                ChannelState::Waiting => ChannelProgress::Waiting,
                ChannelState::Reading => ChannelProgress::Reading,
                ChannelState::Damaged => ChannelProgress::Damaged,
            },
            publisher: row.publisher,
            restored: row.restored,
            unsigned: count(row.unsigned),
            to_sign: count(row.to_sign),
            publishers: row.publishers,
            threshold: row.threshold,
            unread: count(row.unread),
            missing: u32::try_from(row.missing).unwrap_or(u32::MAX),
            silent_since: row.silent_since.map(|day| day.to_string()),
            parted: row.parted,
            peers: count(row.peers),
        }
    }
}

impl TryFrom<client::PostPage> for ChannelPosts {
    type Error = CommandError;

    fn try_from(page: client::PostPage) -> Result<Self, CommandError> {
        let posts = page.posts.into_iter().map(|post| {
            Ok(ChannelPost {
                post: post.post.to_hex(),
                seq: u32::try_from(post.seq).map_err(CommandError::internal)?,
                kind: post.kind.to_owned(),
                text: post.text.map(|text| text.expose().to_owned()),
                call: post
                    .call
                    .as_deref()
                    .map(|call| Call::of(call))
                    .transpose()?,
                cancelled: post.cancelled.map(|reason| reason.to_string()),
                replaced: post.replaced,
                posted_on: post.posted_on.to_string(),
                after: post.after,
                stands: post.stands,
            })
        });
        Ok(Self {
            posts: posts.collect::<Result<_, CommandError>>()?,
            more: page.more,
        })
    }
}

/// A publisher of a channel, or a member who offers to be one.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Publisher {
    /// Their key for this channel.
    publisher: String,
    /// The cell in which they offered, if they are none yet.
    cell: Option<String>,
    /// Who says that it is theirs.
    member: Option<String>,
    ours: bool,
}

/// Who publishes in a channel, and who offers to.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Publishers {
    /// The cell in which they speak, as far as this device knows.
    cell: Option<String>,
    threshold: u8,
    publishers: Vec<Publisher>,
    offers: Vec<Publisher>,
}

/// What a draft would change about who publishes.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishersChange {
    add: Vec<Publisher>,
    remove: Vec<Publisher>,
    publishers: u8,
    threshold: u8,
}

/// A draft that waits for signatures.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PendingPost {
    post: String,
    author: Publisher,
    kind: String,
    /// What it says; of a cancellation, why.
    text: Option<String>,
    call: Option<Call>,
    /// Which call it calls off or replaces.
    about: Option<String>,
    change: Option<PublishersChange>,
    /// Whether it closes the channel to whoever has an old link.
    closes: bool,
    /// How many others have to sign it.
    needs: u8,
    signed: bool,
    /// Whether this device may sign it now.
    may_sign: bool,
    ours: bool,
}

/// What came of ending an epoch.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rekeyed {
    /// The link into the next epoch; null while others have to sign.
    pub(crate) link: Option<String>,
    pub(crate) needs: u8,
}

/// Reads the name of a post.
pub(crate) fn post(text: &str) -> Result<client::PostId, CommandError> {
    let unknown = || CommandError::new("no_such_post", "there is no such post");
    client::PostId::from_hex(text).ok_or_else(unknown)
}

/// Reads a publisher's key, which is written like the name of a post.
pub(crate) fn key(text: &str) -> Result<[u8; 32], CommandError> {
    let unknown = || CommandError::new("invalid_params", "there is no such publisher");
    let key = client::PostId::from_hex(text).ok_or_else(unknown)?;
    Ok(*key.as_bytes())
}

impl Publisher {
    fn of(one: &client::PublisherSummary, cell: Option<model::CellId>) -> Self {
        Self {
            publisher: client::PostId::from_bytes(one.publisher).to_hex(),
            cell: cell.map(|cell| cell.to_hex()),
            member: one.member.map(|member| member.to_hex()),
            ours: one.ours,
        }
    }

    fn all(of: &[client::PublisherSummary]) -> Vec<Self> {
        of.iter().map(|one| Self::of(one, None)).collect()
    }
}

impl From<&client::PublishersView> for Publishers {
    fn from(view: &client::PublishersView) -> Self {
        let offers = view.offers.iter();
        Self {
            cell: view.cell.map(|cell| cell.to_hex()),
            threshold: view.threshold,
            publishers: Publisher::all(&view.publishers),
            offers: offers
                .map(|(cell, one)| Publisher::of(one, Some(*cell)))
                .collect(),
        }
    }
}

impl TryFrom<client::PendingPost> for PendingPost {
    type Error = CommandError;

    fn try_from(post: client::PendingPost) -> Result<Self, CommandError> {
        let call = post
            .call
            .as_deref()
            .map(|call| Call::of(call))
            .transpose()?;
        Ok(Self {
            post: post.post.to_hex(),
            author: Publisher::of(&post.author, None),
            kind: post.kind.to_owned(),
            text: post.text.map(|text| text.expose().to_owned()),
            call,
            about: post.about.map(|call| call.to_hex()),
            change: post.change.map(|change| PublishersChange {
                add: Publisher::all(&change.added),
                remove: Publisher::all(&change.removed),
                publishers: change.publishers,
                threshold: change.threshold,
            }),
            closes: post.closes,
            needs: post.needs,
            signed: post.signed,
            may_sign: post.may_sign,
            ours: post.ours,
        })
    }
}

pub(crate) fn channel(text: &str) -> Result<ChannelId, CommandError> {
    let unknown = || CommandError::new("no_such_channel", "there is no such channel");
    ChannelId::from_hex(text).ok_or_else(unknown)
}

/// Somebody else posted.
pub(super) fn posted(channel: &ChannelId, post: &PostId) -> Notice {
    let (channel, post) = (channel.to_hex(), post.to_hex());
    Notice::PostReceived { channel, post }
}

/// Somebody else's draft waits.
pub(super) fn drafted(channel: &ChannelId, post: &PostId) -> Notice {
    let (channel, post) = (channel.to_hex(), post.to_hex());
    Notice::DraftReceived { channel, post }
}

/// A channel looks different.
pub(super) fn changed(channel: &ChannelId) -> Notice {
    let channel = channel.to_hex();
    Notice::ChannelChanged { channel }
}
