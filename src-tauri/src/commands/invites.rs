//! Inviting and joining.

use std::time::Duration;

use model::DisplayName;

use crate::commands::{Answer, Desk};
use crate::dto::{self, Invite, NewInvite};
use crate::error::CommandError;
use crate::files::Wanted;
use crate::{picture, words};

/// Makes an invite.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_invite(
    desk: Desk<'_>,
    cell: String,
    expires_in_s: Option<u32>,
) -> Answer<NewInvite> {
    let expires_in = expires_in_s.map(|seconds| Duration::from_secs(seconds.into()));
    let (invite, link) = desk.client.invite(dto::cell(&cell)?, expires_in).await?;
    Ok(NewInvite {
        invite: invite.to_hex(),
        link,
    })
}

/// The invites that we made.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_invites(desk: Desk<'_>, cell: String) -> Answer<Vec<Invite>> {
    let invites = desk.client.invites(dto::cell(&cell)?).await?;
    Ok(invites.into_iter().map(Invite::from).collect())
}

/// Takes an invite back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_invite_withdraw(desk: Desk<'_>, cell: String, invite: String) -> Answer {
    let (cell, invite) = (dto::cell(&cell)?, dto::invite(&invite)?);
    Ok(desk.client.withdraw_invite(cell, invite).await?)
}

/// Begins to join. Notices follow.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_join(
    desk: Desk<'_>,
    link: String,
    display_name: String,
) -> Answer<String> {
    let display_name = DisplayName::parse(&display_name)?;
    Ok(desk.client.join(link, display_name).await?.to_hex())
}

/// Gives a join up.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_cancel_join(desk: Desk<'_>, request: String) -> Answer {
    Ok(desk.client.cancel_join(dto::join(&request)?).await?)
}

/// Lets somebody in whose phrase was compared, or not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_confirm_join(
    desk: Desk<'_>,
    cell: String,
    request: String,
    accept: bool,
) -> Answer {
    let (cell, request) = (dto::cell(&cell)?, dto::join(&request)?);
    Ok(desk.client.confirm_join(cell, request, accept).await?)
}

/// Saves an invite link in a file; false if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn invite_save(desk: Desk<'_>, link: String) -> Answer<bool> {
    let wanted = Wanted::Save {
        title: words::say("invite-save-title"),
        name: "invite.txt".to_owned(),
    };
    let Some(path) = desk.ask_for_file(wanted).await else {
        return Ok(false);
    };
    client::write_file(path, link.into_bytes()).await?;
    Ok(true)
}

/// The link in a text file or picture that the person chooses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn invite_open(desk: Desk<'_>) -> Answer<Option<String>> {
    let title = words::say("invite-file-title");
    let Some(path) = desk.ask_for_file(Wanted::Open { title }).await else {
        return Ok(None);
    };
    let bytes = client::read_file(path, picture::FILE_LIMIT).await?;
    read(bytes).await.map(Some)
}

/// The link in a picture that was pasted or dropped, in base64.
#[tauri::command]
#[specta::specta]
pub(crate) async fn invite_from_picture(picture: String) -> Answer<String> {
    read(picture::decode(&picture).ok_or_else(no_invite)?).await
}

async fn read(bytes: Vec<u8>) -> Answer<String> {
    picture::link_in(bytes).await.ok_or_else(no_invite)
}

fn no_invite() -> CommandError {
    CommandError::new("invite_malformed", "there is no invite in this file")
}
