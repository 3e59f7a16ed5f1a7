//! What a shell shows of channels, and what a person does about them.

use std::path::Path;

use action::{Call, CallIn, Day};
use model::{CallId, CancelReason, CellId, MessageId, MessageText, Timestamp};
use proto::{
    Answer, ChannelDeed, ChannelId, ChannelName, ChannelState, ChannelSummary, Command, ErrorKind,
    Node, PostBody, PostId, PostSummary,
};
use store::{Store, Vault};
use zeroize::Zeroizing;

use crate::calls::checked;
use crate::life::blocking;
use crate::{Client, ClientError, Kind, files};

/// One channel in the list of channels.
#[derive(Clone, Debug)]
pub struct ChannelRow {
    /// Which.
    pub channel: ChannelId,
    /// What it is called; none before a reader has given us its charters.
    pub name: Option<ChannelName>,
    /// Whether another channel here has a name that looks the same.
    pub confusable: bool,
    /// How far we are with it.
    pub state: ChannelState,
    /// Whether this device publishes in it.
    pub publisher: bool,
    /// Whether this device may sign now: a reader has shown since the start how far the channel goes.
    pub confirmed: bool,
    /// Whether this device was put back to an earlier day, and may not sign any more.
    pub restored: bool,
    /// What was written here and waits until it can be signed.
    pub unsigned: usize,
    /// How many publish in it.
    pub publishers: u8,
    /// How many of them must sign.
    pub threshold: u8,
    /// Drafts of other publishers that wait for this person.
    pub to_sign: usize,
    /// Posts that the person has not seen.
    pub unread: usize,
    /// Posts that are known to be missing.
    pub missing: u64,
    /// The day of the newest post, if the next one is overdue.
    pub silent_since: Option<Day>,
    /// Whether its publishers contradicted themselves.
    pub parted: bool,
    /// Readers that we are connected to.
    pub peers: usize,
}

/// A post as it is shown.
#[derive(Clone, Debug)]
pub struct ChannelPost {
    /// Which.
    pub post: PostId,
    /// Where it stands.
    pub seq: u64,
    /// `text`, `call`, `version`, `cancel`, or what is about the channel itself.
    pub kind: &'static str,
    /// Its words.
    pub text: Option<MessageText>,
    /// Its call.
    pub call: Option<Box<Call>>,
    /// Why the call of this post was called off, if it was; empty if no reason was given.
    pub cancelled: Option<Zeroizing<String>>,
    /// On which day.
    pub posted_on: Day,
    /// Whether a newer version of its call is here.
    pub replaced: bool,
    /// Whether posts before it are missing.
    pub after: bool,
    /// Whether it stands: its publishers did not contradict themselves here or before.
    pub stands: bool,
}

/// As what a post came into a cell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ForwardedAs {
    /// A text as a message.
    Message(MessageId),
    /// A call as one of ours.
    Call(CallId),
    /// That a call is off which was taken from the channel.
    CallOff,
}

/// A stretch of a channel, the newest first.
#[derive(Clone, Debug)]
pub struct PostPage {
    /// The posts.
    pub posts: Vec<ChannelPost>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Posts that are shown at once, if nobody asks for another number.
const PAGE: usize = 50;
/// The most that are shown at once: each may be 64 KiB.
const PAGE_MAX: usize = 200;

impl Client {
    /// Every channel on this device.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn channels(&self) -> Result<Vec<ChannelRow>, ClientError> {
        let rows = self.query(Node::channels).await?.0;
        Ok(rows.into_iter().map(row).collect())
    }

    /// Founds a channel in which this device publishes: its id, and the link from its first post on. With `fresh_days` the
    /// next post is promised within so many days, and readers see it if none comes.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `too_many`, `invalid_params`.
    pub async fn create_channel(
        &self,
        name: ChannelName,
        fresh_days: Option<u16>,
    ) -> Result<(ChannelId, Zeroizing<String>), ClientError> {
        let create = ChannelDeed::Create(name, fresh_days.unwrap_or(0));
        let Answer::ChannelCreated(channel, link) = self.command(Command::Channel(create)).await?
        else {
            return Err(ClientError::internal());
        };
        Ok((channel, link))
    }

    /// Writes what other readers may lack to a file, sealed: how many posts are in it.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`, `unreachable` while nobody has given us its charters, `too_many` while
    /// another one is made, `file_unsafe` if it cannot be written there.
    pub async fn export_channel(
        &self,
        channel: ChannelId,
        path: &Path,
    ) -> Result<u32, ClientError> {
        let export = Command::Channel(ChannelDeed::Export(channel));
        let Answer::BundleExported(bytes, posts) = self.command(export).await? else {
            return Err(ClientError::internal());
        };
        let path = path.to_owned();
        blocking(move || files::write(&path, &bytes)).await?;
        Ok(posts)
    }

    /// Forgets a channel and every post of it; if we publish in it, also the key.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`.
    pub async fn unsubscribe_channel(&self, channel: ChannelId) -> Result<(), ClientError> {
        self.order(Command::Channel(ChannelDeed::Unsubscribe(channel)))
            .await
    }

    /// Posts words. Gives the post and how many other publishers have to sign it first. No post: it waits here until a
    /// reader has shown how far the channel goes, or until it is its turn.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `not_a_publisher`, `channel_parted`, `publisher_restored`, `too_many`.
    pub async fn post_text(
        &self,
        channel: ChannelId,
        text: String,
    ) -> Result<(Option<PostId>, u8), ClientError> {
        let text = MessageText::parse(text)?;
        self.post(ChannelDeed::PostText(channel, text)).await
    }

    /// Posts a call. See [`Self::post_text`].
    ///
    /// # Errors
    /// See [`Self::post_text`]; `call_invalid`.
    pub async fn post_call(
        &self,
        channel: ChannelId,
        call: CallIn,
    ) -> Result<(Option<PostId>, u8), ClientError> {
        let call = Box::new(checked(call)?);
        self.post(ChannelDeed::PostCall(channel, call)).await
    }

    /// Posts another version of a call: what changes, by the names of the fields in JSON. Any post of the call names it.
    ///
    /// # Errors
    /// See [`Self::post_call`]; `no_such_post`, `no_such_call` if it is none, `call_expired`, `call_cancelled`, and
    /// `invalid_params` for a field that no call has.
    pub async fn update_posted_call(
        &self,
        channel: ChannelId,
        call: PostId,
        change: impl FnOnce(&CallIn) -> Result<CallIn, action::NoCall>,
    ) -> Result<(Option<PostId>, u8), ClientError> {
        let known = self.posted_call(channel, call).await?;
        let changed = change(&known)
            .map_err(|error| ClientError::new(Kind::Core(ErrorKind::InvalidParams), error))?;
        let call_now = Box::new(checked(changed)?);
        self.post(ChannelDeed::UpdateCall(channel, call, call_now))
            .await
    }

    /// Calls off a call with all its versions. Nothing brings it back.
    ///
    /// # Errors
    /// See [`Self::update_posted_call`].
    pub async fn cancel_posted_call(
        &self,
        channel: ChannelId,
        call: PostId,
        reason: &CancelReason,
    ) -> Result<(Option<PostId>, u8), ClientError> {
        let reason = MessageText::parse(reason.expose().to_owned())?;
        self.post(ChannelDeed::CancelCall(channel, call, Some(reason)))
            .await
    }

    /// Shows a post to a cell, with the signatures of its channel: a text as a message, of a call the newest version as a
    /// call of ours, and that a call is off to whoever took it from there. It tells the cell that we follow the channel.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`, `no_such_post`, `no_such_call`, `call_expired`, `call_cancelled`,
    /// `channel_parted`, `not_a_member`, `too_many`, `post_too_long`.
    pub async fn forward_post(
        &self,
        channel: ChannelId,
        post: PostId,
        cell: CellId,
    ) -> Result<ForwardedAs, ClientError> {
        let forward = ChannelDeed::Forward(channel, post, cell);
        let answer = self.command(Command::Channel(forward)).await?;
        if let Answer::MessageAccepted(message) = answer {
            return Ok(ForwardedAs::Message(message));
        }
        if let Answer::CallShared(call) = answer {
            return Ok(ForwardedAs::Call(call));
        }
        Ok(ForwardedAs::CallOff)
    }

    /// Shows a cell that a call was called off which it has from a channel that we follow. See [`Self::forward_post`].
    ///
    /// # Errors
    /// See [`Self::forward_post`]; `no_such_post` if this device does not see that it is off.
    pub async fn show_call_off(&self, cell: CellId, call: CallId) -> Result<(), ClientError> {
        let look = move |node: &Node| {
            let source = node.call(cell, call)?.source;
            let source = source.ok_or(ErrorKind::NoSuchPost)?;
            let post = node.call_off_of(source.channel, source.call);
            Ok((source.channel, post.ok_or(ErrorKind::NoSuchPost)?))
        };
        let (channel, post) = self.query(look).await?.0.map_err(ClientError::core)?;
        self.forward_post(channel, post, cell).await?;
        Ok(())
    }

    /// Shares a call of a channel with a cell. See [`Self::forward_post`].
    ///
    /// # Errors
    /// See [`Self::forward_post`].
    pub async fn share_posted_call(
        &self,
        channel: ChannelId,
        post: PostId,
        cell: CellId,
    ) -> Result<CallId, ClientError> {
        // What is no call is refused before anything is said.
        self.posted_call(channel, post).await?;
        match self.forward_post(channel, post, cell).await? {
            ForwardedAs::Call(call) => Ok(call),
            ForwardedAs::Message(_) | ForwardedAs::CallOff => Err(ClientError::internal()),
        }
    }

    /// The newest version of a call that one of its posts names.
    async fn posted_call(
        &self,
        channel: ChannelId,
        post: PostId,
    ) -> Result<Box<Call>, ClientError> {
        let look = move |node: &Node| node.newest_of_call(channel, post);
        let (seq, vault) = self.query(look).await?;
        let seq = seq.map_err(ClientError::core)?;
        blocking(move || match body(&vault, channel, seq)? {
            PostBody::Call(call) => Ok(call),
            PostBody::Text(_) | PostBody::Cancelled(..) | PostBody::Nothing => {
                Err(ClientError::core(ErrorKind::CallExpired))
            }
        })
        .await
    }

    /// A stretch of a channel: what stands before a place, or the newest, which is then marked as seen.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`.
    pub async fn posts(
        &self,
        channel: ChannelId,
        before: Option<u64>,
        limit: Option<usize>,
    ) -> Result<PostPage, ClientError> {
        let limit = limit.unwrap_or(PAGE).min(PAGE_MAX);
        let look = move |node: &Node| node.posts(channel, before, limit);
        let (seen, vault) = self.query(look).await?;
        let page = seen.map_err(ClientError::core)?;
        let newest = page.posts.last().filter(|_| before.is_none());
        if let Some(below) = newest.map(|post| post.seq.saturating_add(1)) {
            self.order(Command::Channel(ChannelDeed::MarkRead(channel, below)))
                .await?;
        }
        blocking(move || {
            let posts = page.posts.iter().rev();
            let posts = posts.map(|post| show(&vault, channel, post));
            Ok(PostPage {
                posts: posts.collect::<Result<_, _>>()?,
                more: page.more,
            })
        })
        .await
    }

    /// Where a post stands in its channel.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`, `no_such_post`.
    pub async fn place_of_post(
        &self,
        channel: ChannelId,
        post: PostId,
    ) -> Result<u64, ClientError> {
        let look = move |node: &Node| node.place_of(channel, post);
        let place = self.query(look).await?.0.map_err(ClientError::core)?;
        place.ok_or(ClientError::core(ErrorKind::NoSuchPost))
    }
}

fn row(row: ChannelSummary) -> ChannelRow {
    ChannelRow {
        channel: row.channel,
        name: row.name,
        confusable: row.confusable,
        state: row.state,
        publisher: row.publisher,
        confirmed: row.confirmed,
        restored: row.restored,
        unsigned: row.unsigned,
        to_sign: row.to_sign,
        publishers: row.publishers,
        threshold: row.threshold,
        unread: row.unread,
        missing: row.gaps,
        silent_since: row.silent_since.map(day),
        parted: row.parted.is_some(),
        peers: row.peers,
    }
}

/// The day of a moment.
pub fn day(at: Timestamp) -> Day {
    Day::of(at)
}

/// A post with what it says, which is gone if it was erased since the core named it.
fn show(vault: &Vault, channel: ChannelId, post: &PostSummary) -> Result<ChannelPost, ClientError> {
    let mut shown = ChannelPost {
        post: post.post,
        seq: post.seq,
        kind: post.kind,
        text: None,
        call: None,
        cancelled: None,
        posted_on: day(post.day),
        replaced: post.replaced,
        after: post.missing_before > 0,
        stands: post.stands,
    };
    match body(vault, channel, post.seq)? {
        PostBody::Text(text) => shown.text = Some(text),
        PostBody::Call(call) => shown.call = Some(call),
        PostBody::Cancelled(..) | PostBody::Nothing => {}
    }
    if let Some((_, Some(off))) = post.call {
        let reason = match body(vault, channel, off)? {
            PostBody::Cancelled(_, reason) => reason,
            PostBody::Text(_) | PostBody::Call(_) | PostBody::Nothing => None,
        };
        let reason = reason.map_or(String::new(), |reason| reason.expose().to_owned());
        shown.cancelled = Some(Zeroizing::new(reason));
    }
    Ok(shown)
}

fn body(vault: &Vault, channel: ChannelId, seq: u64) -> Result<PostBody, ClientError> {
    match vault.get(&Node::post_key(channel, seq))? {
        Some(record) => Node::read_post(&record).map_err(|_| store::ReadError::Damaged.into()),
        None => Ok(PostBody::Nothing),
    }
}
