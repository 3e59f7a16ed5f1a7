//! Cells and their members.

use client::{NewCell, WarningKind};
use model::{CellName, DisplayName};

use crate::commands::{Answer, Desk};
use crate::dto::{self, Cell, Member, SafetyNumber, Suite, Votes};
use crate::error::CommandError;

/// Every cell on this device.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_list(desk: Desk<'_>) -> Answer<Vec<Cell>> {
    Ok(desk
        .client
        .cells()
        .await?
        .into_iter()
        .map(Cell::from)
        .collect())
}

/// Founds a cell.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_create(
    desk: Desk<'_>,
    name: String,
    display_name: String,
    suite: Suite,
    removal_quorum: Option<u8>,
) -> Answer<String> {
    let new = NewCell {
        name: CellName::parse(&name)?,
        display_name: DisplayName::parse(&display_name)?,
        suite: suite.into(),
        removal_quorum,
    };
    Ok(desk.client.create_cell(new).await?.to_hex())
}

/// Changes what we call a cell.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_rename(desk: Desk<'_>, cell: String, name: String) -> Answer {
    let name = CellName::parse(&name)?;
    Ok(desk.client.rename_cell(dto::cell(&cell)?, name).await?)
}

/// Marks everything up to a message as read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_mark_read(desk: Desk<'_>, cell: String, message: String) -> Answer {
    let (cell, message) = (dto::cell(&cell)?, dto::message(&message)?);
    Ok(desk.client.mark_read(cell, message).await?)
}

/// Switches the LAN beacon.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_set_lan(desk: Desk<'_>, cell: String, on: bool) -> Answer {
    Ok(desk.client.set_lan(dto::cell(&cell)?, on).await?)
}

/// Agrees for everybody on how long messages last from here on, in seconds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_set_lifetime(desk: Desk<'_>, cell: String, seconds: u32) -> Answer {
    Ok(desk.client.set_lifetime(dto::cell(&cell)?, seconds).await?)
}

/// Everybody who is or was in a cell, ourselves first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_members(desk: Desk<'_>, cell: String) -> Answer<Vec<Member>> {
    let members = desk.client.members(dto::cell(&cell)?).await?;
    Ok(members.into_iter().map(Member::from).collect())
}

/// Makes a member full.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_vouch(desk: Desk<'_>, cell: String, member: String) -> Answer {
    let (cell, member) = (dto::cell(&cell)?, dto::member(&member)?);
    Ok(desk.client.vouch(cell, member).await?)
}

/// Votes to remove a member.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_remove(desk: Desk<'_>, cell: String, member: String) -> Answer<Votes> {
    let (cell, member) = (dto::cell(&cell)?, dto::member(&member)?);
    let (votes, needed) = desk.client.remove(cell, member).await?;
    Ok(Votes { votes, needed })
}

/// Confirms that a member with a restored device is who they were.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_confirm_restored(desk: Desk<'_>, cell: String, member: String) -> Answer {
    let (cell, member) = (dto::cell(&cell)?, dto::member(&member)?);
    Ok(desk.client.confirm_restored(cell, member).await?)
}

/// Leaves a cell.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_leave(desk: Desk<'_>, cell: String) -> Answer {
    Ok(desk.client.leave(dto::cell(&cell)?).await?)
}

/// Renews the keys of our send group.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_heal(desk: Desk<'_>, cell: String) -> Answer {
    Ok(desk.client.heal(dto::cell(&cell)?).await?)
}

/// The safety number between us and a member.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_safety_number(
    desk: Desk<'_>,
    cell: String,
    member: String,
) -> Answer<SafetyNumber> {
    let (cell, member) = (dto::cell(&cell)?, dto::member(&member)?);
    Ok(desk.client.safety_number(cell, member).await?.into())
}

/// Notes that the safety number was compared.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_verify(desk: Desk<'_>, cell: String, member: String) -> Answer {
    let (cell, member) = (dto::cell(&cell)?, dto::member(&member)?);
    Ok(desk.client.verify(cell, member).await?)
}

/// What the person was warned of in a cell and has not dismissed, oldest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_warnings(desk: Desk<'_>, cell: String) -> Answer<Vec<String>> {
    let warnings = desk.client.warnings(dto::cell(&cell)?).await?;
    let kinds = warnings.into_iter().map(|warning| warning.kind.name());
    Ok(kinds.map(str::to_owned).collect())
}

/// The person has looked at a warning.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_dismiss_warning(desk: Desk<'_>, cell: String, kind: String) -> Answer {
    let kind = WarningKind::from_name(&kind)
        .ok_or_else(|| CommandError::new("invalid_params", "there is no such kind of warning"))?;
    Ok(desk.client.dismiss_warning(dto::cell(&cell)?, kind).await?)
}
