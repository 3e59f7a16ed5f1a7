//! Messages and drafts.

use model::{Emoji, MessageText, SearchWords};

use crate::commands::{Answer, Desk};
use crate::dto::{self, At, Hit, Message, Page, Reader};

/// Sends a text. When this answers it is durable.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message_send(
    desk: Desk<'_>,
    cell: String,
    text: String,
    reply_to: Option<String>,
) -> Answer<String> {
    let text = MessageText::parse(text)?;
    let reply_to = reply_to.as_deref().map(dto::message).transpose()?;
    Ok(desk
        .client
        .send(dto::cell(&cell)?, text, reply_to)
        .await?
        .to_hex())
}

/// One message.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message_get(desk: Desk<'_>, cell: String, message: String) -> Answer<Message> {
    let (cell, message) = (dto::cell(&cell)?, dto::message(&message)?);
    Ok(desk.client.message(cell, message).await?.into())
}

/// A stretch of a conversation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message_list(desk: Desk<'_>, cell: String, at: At, limit: u16) -> Answer<Page> {
    let (cell, at) = (dto::cell(&cell)?, at.try_into()?);
    Ok(desk
        .client
        .messages(cell, at, Some(limit.into()))
        .await?
        .into())
}

/// Who could read a message, and who of them is known to have it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message_readers(
    desk: Desk<'_>,
    cell: String,
    message: String,
) -> Answer<Vec<Reader>> {
    let (cell, message) = (dto::cell(&cell)?, dto::message(&message)?);
    let readers = desk.client.message_readers(cell, message).await?;
    Ok(readers.into_iter().map(Reader::from).collect())
}

/// Reacts to a message; without an emoji, takes our reaction back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message_react(
    desk: Desk<'_>,
    cell: String,
    message: String,
    emoji: Option<String>,
) -> Answer {
    let (cell, message) = (dto::cell(&cell)?, dto::message(&message)?);
    let emoji = emoji.as_deref().map(Emoji::parse).transpose()?;
    Ok(desk.client.react(cell, message, emoji).await?)
}

/// Changes a text of ours.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message_edit(
    desk: Desk<'_>,
    cell: String,
    message: String,
    text: String,
) -> Answer {
    let (cell, message) = (dto::cell(&cell)?, dto::message(&message)?);
    let text = MessageText::parse(text)?;
    Ok(desk.client.edit_message(cell, message, text).await?)
}

/// Deletes a message: one of ours for everybody, or any from this device.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message_delete(
    desk: Desk<'_>,
    cell: String,
    message: String,
    everywhere: bool,
) -> Answer {
    let (cell, message) = (dto::cell(&cell)?, dto::message(&message)?);
    Ok(desk
        .client
        .delete_message(cell, message, everywhere)
        .await?)
}

/// The text that the person has begun in a cell.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_get(desk: Desk<'_>, cell: String) -> Answer<String> {
    Ok(desk.client.draft(dto::cell(&cell)?).await?.to_string())
}

/// Keeps the text that the person has begun in a cell.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_set(desk: Desk<'_>, cell: String, text: String) -> Answer {
    Ok(desk.client.set_draft(dto::cell(&cell)?, text).await?)
}

/// Messages in which every word stands, newest first, in one cell or in all.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message_search(
    desk: Desk<'_>,
    cell: Option<String>,
    text: String,
    limit: u16,
) -> Answer<Vec<Hit>> {
    let cell = cell.as_deref().map(dto::cell).transpose()?;
    let words = SearchWords::parse(&text)?;
    let hits = desk.client.search(cell, words, Some(limit.into())).await?;
    Ok(hits.into_iter().map(Hit::from).collect())
}
