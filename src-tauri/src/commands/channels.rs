//! Channels: what a few publish and any number read.

use client::ChannelName;
use model::CancelReason;
use zeroize::Zeroizing;

use crate::commands::{Answer, Desk};
use crate::dto::{
    self, Call, ChannelPosts, ChannelRow, NewChannel, PendingPost, Publishers, Rekeyed,
};
use crate::error::CommandError;
use crate::files::Wanted;
use crate::{picture, words};

/// How a link begins. The core judges the rest.
const LINK: &str = "vigil-channel:";

/// Every channel that is read or published here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_list(desk: Desk<'_>) -> Answer<Vec<ChannelRow>> {
    let channels = desk.client.channels().await?;
    Ok(channels.iter().map(ChannelRow::from).collect())
}

/// Founds a channel in which this device publishes. When this answers it is durable. With `fresh_days` the next post is
/// promised within so many days, and readers are told if none comes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_create(
    desk: Desk<'_>,
    name: String,
    fresh_days: Option<u16>,
) -> Answer<NewChannel> {
    let name = ChannelName::parse(&name).map_err(client::ClientError::from)?;
    let (channel, link) = desk.client.create_channel(name, fresh_days).await?;
    Ok(NewChannel {
        channel: channel.to_hex(),
        link: link.to_string(),
    })
}

/// Reads the channel of a link, which may take a passphrase.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_subscribe(
    desk: Desk<'_>,
    link: String,
    passphrase: Option<String>,
) -> Answer<String> {
    let passphrase = passphrase.map(Zeroizing::new);
    let passphrase = passphrase.as_ref().map(|given| given.as_str());
    let channel = desk.client.subscribe_channel(link, passphrase).await?;
    Ok(channel.to_hex())
}

/// The link in a text file or picture that the person chooses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_link_open(desk: Desk<'_>) -> Answer<Option<String>> {
    let title = words::say("channel-file-title");
    let Some(path) = desk.ask_for_file(Wanted::Open { title }).await else {
        return Ok(None);
    };
    let bytes = client::read_file(path, picture::FILE_LIMIT).await?;
    read(bytes).await.map(Some)
}

/// The link in a picture that was pasted or dropped, in base64.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_link_from_picture(picture: String) -> Answer<String> {
    read(picture::decode(&picture).ok_or_else(no_link)?).await
}

async fn read(bytes: Vec<u8>) -> Answer<String> {
    let found = picture::link_in(bytes).await;
    let link = found.filter(|link| link.starts_with(LINK));
    link.ok_or_else(no_link)
}

fn no_link() -> CommandError {
    CommandError::new("link_malformed", "there is no link in this")
}

/// Forgets a channel and every post of it; if it is ours, also the key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_unsubscribe(desk: Desk<'_>, channel: String) -> Answer {
    let channel = dto::channel(&channel)?;
    Ok(desk.client.unsubscribe_channel(channel).await?)
}

/// A link for somebody else, from the next post on, with this device as the one to ask. With a passphrase it takes that
/// one to use it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_link(
    desk: Desk<'_>,
    channel: String,
    passphrase: Option<String>,
) -> Answer<String> {
    let channel = dto::channel(&channel)?;
    let link = match passphrase.map(Zeroizing::new) {
        None => desk.client.channel_link(channel).await?,
        Some(given) => desk.client.guarded_channel_link(channel, &given).await?,
    };
    Ok(link.to_string())
}

/// Writes what other readers may lack to a file that the person chooses: how many posts; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_export(desk: Desk<'_>, channel: String) -> Answer<Option<u32>> {
    let channel = dto::channel(&channel)?;
    let Some(path) = desk.ask_for_file(Wanted::bundle()).await else {
        return Ok(None);
    };
    Ok(Some(desk.client.export_channel(channel, &path).await?))
}

/// Posts a text. Null if it waits until a reader has shown how far the channel goes, or for other publishers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_post(
    desk: Desk<'_>,
    channel: String,
    text: String,
) -> Answer<Option<String>> {
    let (post, needs) = desk.client.post_text(dto::channel(&channel)?, text).await?;
    Ok(post.filter(|_| needs == 0).map(|post| post.to_hex()))
}

/// Posts a call. Null if it waits until a reader has shown how far the channel goes, or for other publishers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_post_call(
    desk: Desk<'_>,
    channel: String,
    call: Call,
) -> Answer<Option<String>> {
    let (channel, call) = (dto::channel(&channel)?, call.read()?);
    let (post, needs) = desk.client.post_call(channel, call).await?;
    Ok(post.filter(|_| needs == 0).map(|post| post.to_hex()))
}

/// Posts before a place in the channel, or the newest, which are then seen: newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_posts(
    desk: Desk<'_>,
    channel: String,
    before: Option<u32>,
    limit: u32,
) -> Answer<ChannelPosts> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let before = before.map(u64::from);
    let page = desk
        .client
        .posts(dto::channel(&channel)?, before, Some(limit));
    ChannelPosts::try_from(page.await?)
}

/// Posts the next version of a call. Null if it waits until a reader has shown how far the channel goes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_update_call(
    desk: Desk<'_>,
    channel: String,
    post: String,
    call: Call,
) -> Answer<Option<String>> {
    let (channel, post, call) = (dto::channel(&channel)?, dto::post(&post)?, call.read()?);
    let posted = desk.client.update_posted_call(channel, post, |_| Ok(call));
    Ok(posted.await?.0.map(|post| post.to_hex()))
}

/// Calls off a call with all its versions. Null if that waits until a reader has shown how far the channel goes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_cancel_call(
    desk: Desk<'_>,
    channel: String,
    post: String,
    reason: String,
) -> Answer<Option<String>> {
    let (channel, post) = (dto::channel(&channel)?, dto::post(&post)?);
    let reason = CancelReason::parse(&reason)?;
    let posted = desk.client.cancel_posted_call(channel, post, &reason);
    Ok(posted.await?.0.map(|post| post.to_hex()))
}

/// Shows a post to a cell, with the signatures of its channel.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_forward(
    desk: Desk<'_>,
    channel: String,
    post: String,
    cell: String,
) -> Answer {
    let (channel, post) = (dto::channel(&channel)?, dto::post(&post)?);
    desk.client
        .forward_post(channel, post, dto::cell(&cell)?)
        .await?;
    Ok(())
}

/// Shows a cell that a call was called off which it has from a channel.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_show_call_off(desk: Desk<'_>, cell: String, call: String) -> Answer {
    let (cell, call) = (dto::cell(&cell)?, dto::call(&call)?);
    Ok(desk.client.show_call_off(cell, call).await?)
}

/// Offers in a cell to publish in a channel that is read here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_offer(desk: Desk<'_>, channel: String, cell: String) -> Answer {
    let (channel, cell) = (dto::channel(&channel)?, dto::cell(&cell)?);
    Ok(desk.client.offer_to_publish(channel, cell).await?)
}

/// Who publishes in a channel, and who offers to.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_publishers(desk: Desk<'_>, channel: String) -> Answer<Publishers> {
    let view = desk.client.publishers(dto::channel(&channel)?).await?;
    Ok(Publishers::from(&view))
}

/// Proposes another set of publishers: members who offered, keys that are to go. Answers how many others have to sign.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_set_publishers(
    desk: Desk<'_>,
    channel: String,
    cell: Option<String>,
    add: Vec<String>,
    remove: Vec<String>,
    threshold: Option<u8>,
) -> Answer<u8> {
    let channel = dto::channel(&channel)?;
    let cell = cell.as_deref().map(dto::cell).transpose()?;
    let add = add.iter().map(|member| dto::member(member));
    let remove = remove.iter().map(|one| dto::key(one));
    let who = (
        add.collect::<Result<_, _>>()?,
        remove.collect::<Result<_, _>>()?,
    );
    Ok(desk
        .client
        .set_publishers(channel, cell, who, threshold)
        .await?)
}

/// What waits for signatures in a channel.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_pending(desk: Desk<'_>, channel: String) -> Answer<Vec<PendingPost>> {
    let pending = desk.client.pending(dto::channel(&channel)?).await?;
    pending.into_iter().map(PendingPost::try_from).collect()
}

/// Signs a draft that the person has read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_countersign(desk: Desk<'_>, channel: String, post: String) -> Answer {
    let (channel, post) = (dto::channel(&channel)?, dto::post(&post)?);
    Ok(desk.client.countersign(channel, post).await?)
}

/// Takes back what was written here: this draft, or what is first in line.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_withdraw(
    desk: Desk<'_>,
    channel: String,
    post: Option<String>,
) -> Answer {
    let channel = dto::channel(&channel)?;
    let post = post.as_deref().map(dto::post).transpose()?;
    Ok(desk.client.withdraw_post(channel, post).await?)
}

/// Ends the epoch of a channel; a hard end closes it to whoever has an old link.
#[tauri::command]
#[specta::specta]
pub(crate) async fn channel_rekey(desk: Desk<'_>, channel: String, hard: bool) -> Answer<Rekeyed> {
    let rekeyed = desk
        .client
        .rekey_channel(dto::channel(&channel)?, hard)
        .await?;
    Ok(Rekeyed {
        link: rekeyed.0.map(|link| link.to_string()),
        needs: rekeyed.1,
    })
}
