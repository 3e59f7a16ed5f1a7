//! Attachments: chosen, pasted or dropped; sent, fetched, shown and saved.

use std::sync::Arc;

use base64ct::{Base64, Encoding as _};
use client::{NewAttachment, Source};
use model::MessageText;
use zeroize::Zeroizing;

use crate::commands::{Answer, Desk};
use crate::dto::{self, Picked, Picture, SentAttachment};
use crate::error::CommandError;
use crate::files::Wanted;
use crate::words;

/// Lets the person choose a file; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_pick(desk: Desk<'_>, cell: String) -> Answer<Option<Picked>> {
    let cell = dto::cell(&cell)?;
    let title = words::say("attachment-open-title");
    let Some(path) = desk.ask_for_file(Wanted::Open { title }).await else {
        return Ok(None);
    };
    let source = Source::Path(path);
    let offer = desk.client.look_at(Some(cell), &source).await?;
    Ok(Some(Picked::new(desk.offers.keep(source), &offer)))
}

/// Takes what was pasted or dropped, in base64.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_offer(
    desk: Desk<'_>,
    name: String,
    bytes: String,
) -> Answer<Picked> {
    if bytes.len() > client::PASTE_LIMIT / 3 * 4 + 4 {
        return Err(CommandError::new(
            "attachment_too_large",
            "this is too large",
        ));
    }
    let unreadable = |_| CommandError::new("file_unsafe", "this cannot be read");
    let bytes = Zeroizing::new(Base64::decode_vec(&bytes).map_err(unreadable)?);
    let source = Source::Bytes(name, Arc::new(bytes));
    let offer = desk.client.look_at(None, &source).await?;
    Ok(Picked::new(desk.offers.keep(source), &offer))
}

/// Forgets a file that was chosen and not sent. One that is being sent is stopped, unless all of it was taken in already.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_drop(desk: Desk<'_>, token: String) -> Answer {
    let Some(message) = desk.offers.forget(&token) else {
        return Ok(());
    };
    let _nothing_to_stop_any_more = desk.client.cancel_attachment(message).await;
    Ok(())
}

/// Sends a file that was chosen. When this answers it is durable; `cancelled` if it was dropped meanwhile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_send(
    desk: Desk<'_>,
    cell: String,
    token: String,
    text: Option<String>,
    reply_to: Option<String>,
    as_file: bool,
) -> Answer<SentAttachment> {
    let source = desk.offers.get(&token);
    let gone = || CommandError::new("file_unsafe", "this file was forgotten; choose it again");
    let new = NewAttachment {
        source: source.ok_or_else(gone)?,
        text: text.map(MessageText::parse).transpose()?,
        reply_to: reply_to.as_deref().map(dto::message).transpose()?,
        as_file,
    };
    let client = &desk.client;
    let sending = client.begin_attachment(dto::cell(&cell)?, new).await?;
    let message = sending.message();
    if !desk.offers.sending(&token, Some(message)) {
        // It was dropped while it was being read.
        client.cancel_attachment(message).await?;
    }
    match client.finish_attachment(sending).await {
        Ok((message, offer)) => {
            desk.offers.forget(&token);
            Ok(SentAttachment::new(message, &offer))
        }
        Err(error) => {
            // It may have to go in another way.
            desk.offers.sending(&token, None);
            Err(error.into())
        }
    }
}

/// Fetches an attachment, or goes on with that.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_fetch(desk: Desk<'_>, attachment: String) -> Answer {
    let attachment = dto::message(&attachment)?;
    Ok(desk.client.fetch_attachment(attachment).await?)
}

/// Fetches it no longer, and forgets what has come of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_cancel(desk: Desk<'_>, attachment: String) -> Answer {
    let attachment = dto::message(&attachment)?;
    Ok(desk.client.cancel_attachment(attachment).await?)
}

/// Saves an attachment in a file that the person chooses; false if they changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_save(desk: Desk<'_>, attachment: String) -> Answer<bool> {
    let attachment = dto::message(&attachment)?;
    let name = desk.client.attachment_name(attachment).await?;
    let wanted = Wanted::Save {
        title: words::say("attachment-save-title"),
        name: name.expose().to_owned(),
    };
    let Some(path) = desk.ask_for_file(wanted).await else {
        return Ok(false);
    };
    desk.client.save_attachment(attachment, &path).await?;
    Ok(true)
}

/// A picture to be shown: written anew here, at most this long.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_image(
    desk: Desk<'_>,
    attachment: String,
    longest: Option<u32>,
) -> Answer<Picture> {
    let attachment = dto::message(&attachment)?;
    Ok(desk.client.picture(attachment, longest).await?.into())
}
