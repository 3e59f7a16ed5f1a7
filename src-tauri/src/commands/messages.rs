//! Messages and drafts.

use model::MessageText;

use crate::commands::{Answer, Desk};
use crate::dto::{self, Message};

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
