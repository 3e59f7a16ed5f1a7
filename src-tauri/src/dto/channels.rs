//! Channels and their posts, as the page shows them.

use client::ChannelState;
use serde::Serialize;
use specta::Type;

use super::Call;
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
    /// Posts of ours that wait until a reader has shown how far the channel goes.
    unsigned: u32,
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
