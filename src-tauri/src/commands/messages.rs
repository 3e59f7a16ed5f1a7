//! Messages and drafts.

use model::MessageText;

use crate::commands::{Answer, Desk};
use crate::dto::{self, At, Message, Page, Reader};

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
pub(crate) async fn message_list(
    desk: Desk<'_>,
    cell: String,
    at: At,
    limit: u16,
) -> Answer<Page> {
    let (cell, at) = (dto::cell(&cell)?, at.try_into()?);
    Ok(desk.client.messages(cell, at, Some(limit.into())).await?.into())
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
